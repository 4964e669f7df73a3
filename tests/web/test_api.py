"""The REST interface: it gives what --json prints, refuses with the right status, and its description is true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from pydantic import TypeAdapter, ValidationError
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance
from starlette.testclient import TestClient

from index.encoder import OpenVinoEncoder
from index.errors import LibraryDamaged, LibraryLocked
from index.hit import Filters, Hit, QueryWord
from index.library import Library
from ingest.context import CellName
from ingest.told import LocalPath, Told
from qa.answer import Answer, Claim, NoAnswer
from qa.ask import ask
from qa.citations import cite
from qa.reader import Reader, Reading
from qa.records import Record, answer_record, references_record, search_record
from tests.web.machines import DOCUMENTS, id_of, opened
from web import shapes
from web.api import PREFIX, create_api
from web.server import create_app
from web.tools import MOST_CHARACTERS, Tools, without_folders
from web.turns import Busy, Turns

QUESTION = "When did the cooperation forum begin?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: OpenVinoEncoder) -> Iterator[Library]:
    with opened(tmp_path_factory.mktemp("api") / "library", encoder) as library:
        yield library


@pytest.fixture(scope="module")
def app(library: Library) -> FastAPI:
    return create_app(library)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, "http://127.0.0.1:7860", raise_server_exceptions=False) as client:
        yield client


def get(client: TestClient, path: str, **parameters: Any) -> Any:
    response = client.get(f"/api/v1{path}", params=parameters)
    assert response.status_code == 200, response.text
    return response.json()


def untimed(record: dict[str, object]) -> Any:
    return over_the_web({**record, "timings_ms": None})


def over_the_web(record: dict[str, object]) -> Any:
    """What the command line prints, without the folder that all files of this library lie in."""
    return json.loads(json.dumps(record).replace('"/desk/', '"'))


# What is given


def test_ask_gives_what_the_command_line_prints(client: TestClient, library: Library) -> None:
    given = get(client, "/ask", q=QUESTION)
    assert untimed(given) == untimed(answer_record(ask(QUESTION, library)))
    assert given["answer"]["text"] == "2007"
    assert given["timings_ms"]["total"] > 0
    first = given["answer"]["citations"][0]
    text = library.document(first["document_id"]).text
    assert text[first["start"] : first["end"]] == first["quote"]


def test_keys_stand_in_the_order_of_the_command_line(client: TestClient, library: Library) -> None:
    given = get(client, "/ask", q="What were the exports to Kyrgyzstan in 2022?")
    printed = answer_record(ask("What were the exports to Kyrgyzstan in 2022?", library))
    assert given["answer"]["cell"] == {"row": "Kyrgyzstan", "column": "Exports, 2022"}
    assert list(given) == list(printed)
    assert list(given["answer"]) == list(TypeAdapter(dict[str, object]).validate_python(printed["answer"]))


def test_no_answer_says_why(client: TestClient) -> None:
    given = get(client, "/ask", q="What is the population of Mongolia?")
    assert (given["answered"], given["answer"]) == (False, None)
    assert "Mongolia" in given["reason"]
    assert given["evidence"]


def test_a_follow_up_leans_on_the_question_before(client: TestClient, library: Library) -> None:
    before, then = "What were the exports to Uzbekistan in 2022?", "And to Kyrgyzstan?"
    assert untimed(get(client, "/ask", q=then, before=before)) == untimed(
        answer_record(ask(then, library, before=before))
    )


def test_search_gives_what_the_command_line_prints(client: TestClient, library: Library) -> None:
    hits = library.search("cooperation forum", 2)
    assert get(client, "/search", q="cooperation forum", k=2) == over_the_web(
        search_record("cooperation forum", hits, library)
    )


def test_references_give_entries_with_what_cites_them(client: TestClient, library: Library) -> None:
    given = get(client, "/references", q="Beck guide")
    hits = library.references("Beck guide")
    assert given == over_the_web(references_record("Beck guide", hits, library))
    assert [mention["sentence"]["text"] for mention in given["references"][0]["mentions"]] == [
        "The forum of ports began late (Beck 2011).",
        "As Beck (2011) says, rail came first.",
    ]


@pytest.mark.parametrize("path", ["/ask", "/search"])
def test_a_question_may_be_posted(client: TestClient, path: str) -> None:
    fields: dict[str, Any] = {"q": QUESTION, "language": ["en", "ko"], "from": "2020", "to": "2023-12"}
    posted = client.post(f"/api/v1{path}", json=fields)
    assert posted.status_code == 200
    assert untimed(posted.json()) == untimed(get(client, path, **fields))


@pytest.mark.parametrize(
    ("narrowed", "filters"),
    [
        ({"language": ["ko"]}, Filters(languages=("ko",))),
        ({"language": ["ko", "en"], "type": "paper"}, Filters(languages=("ko", "en"), types=("paper",))),
        ({"from": "2015", "to": "2015-12-31"}, Filters(published_from="2015", published_to="2015-12-31")),
        ({"from": "", "to": "2016"}, Filters(published_to="2016")),
    ],
)
def test_documents_are_narrowed(
    client: TestClient, library: Library, narrowed: dict[str, Any], filters: Filters
) -> None:
    wanted = {card.id for card in library.documents(filters)}
    assert 0 < len(wanted) < len(DOCUMENTS)
    assert {hit["document_id"] for hit in get(client, "/search", q="forum", **narrowed)["hits"]} == wanted
    assert {card["id"] for card in get(client, "/documents", **narrowed)["documents"]} == wanted


@pytest.mark.parametrize("name", ["id", "/desk/ports.md", "ports.md"])
def test_a_document_is_named_by_id_source_or_file_name(
    client: TestClient, library: Library, name: str
) -> None:
    ports = id_of(library, "/desk/ports.md")
    hits = get(client, "/search", q="forum", document=ports if name == "id" else name)["hits"]
    assert {hit["document_id"] for hit in hits} == {ports}


def test_documents_come_page_by_page(client: TestClient, library: Library) -> None:
    titles = [card.title for card in library.documents()]
    found = [
        card["title"]
        for offset in (0, 3)
        for card in get(client, "/documents", offset=offset, limit=3)["documents"]
    ]
    assert found == titles
    assert get(client, "/documents", limit=1)["total"] == len(titles)
    assert get(client, "/documents", offset=100) == {"total": len(titles), "documents": []}


def test_a_document_is_told_with_pages_and_sections(client: TestClient, library: Library) -> None:
    document = library.document(id_of(library, "/desk/ports.md"))
    told = get(client, f"/documents/{document.id}")
    assert told["document"]["published"] == "2015"
    assert told["pages"] == [{"number": 1, "label": "", "start": 0, "end": len(document.text)}]
    assert [section["heading"] for section in told["sections"]] == [s.heading for s in document.sections]
    assert told["notes"] == []


def test_a_source_is_opened_at_a_quotation(client: TestClient, library: Library) -> None:
    citation = get(client, "/ask", q=QUESTION)["answer"]["citations"][0]
    opened = get(
        client, f"/documents/{citation['document_id']}/text", start=citation["start"], end=citation["end"]
    )
    assert opened["text"] == citation["quote"]
    assert [opened[key] for key in ("title", "page", "page_label", "section")] == [
        citation[key] for key in ("title", "page", "page_label", "section")
    ]
    whole = get(client, f"/documents/{citation['document_id']}/text")
    text = library.document(citation["document_id"]).text
    assert (whole["text"], whole["characters"]) == (text, len(text))


# Where files lie


def test_no_answer_tells_the_folders_that_files_lie_in(client: TestClient, library: Library) -> None:
    ports = id_of(library, "/desk/ports.md")
    for path in (
        f"/ask?q={QUESTION}",
        "/ask?q=What is the population of Mongolia?",
        "/search?q=forum&k=20",
        "/references?q=Beck",
        "/documents",
        f"/documents/{ports}",
        f"/documents/{ports}/text",
    ):
        told = client.get(f"/api/v1{path}").text
        assert '"source":"' in told
        assert "/desk" not in told, path


def test_a_source_that_is_told_narrows_to_its_document(client: TestClient) -> None:
    for card in get(client, "/documents")["documents"]:
        assert card["source"] in {"forum.md", "trade.html", "16.ko.md", "ports.md"}
        assert get(client, "/documents", document=card["source"])["documents"] == [card]


def test_a_web_address_is_told_whole_and_a_file_by_its_name() -> None:
    sources = ["https://desk.org/a/b.html?c=1", "/desk/b.pdf", "C:\\desk\\b.pdf", "b.pdf"]
    record: Record = {
        "query": "/desk/b.pdf",
        "source": "/desk/a.pdf",
        "hits": [{"text": "/desk/b.pdf", "source": each} for each in sources],
    }
    told = without_folders({"answer": {"differing": ({"citations": [record]},)}, "reason": None})
    assert told == {
        "answer": {
            "differing": [
                {
                    "citations": [
                        {
                            "query": "/desk/b.pdf",
                            "source": "a.pdf",
                            "hits": [
                                {"text": "/desk/b.pdf", "source": each}
                                for each in ("https://desk.org/a/b.html?c=1", "b.pdf", "b.pdf", "b.pdf")
                            ],
                        }
                    ]
                }
            ]
        },
        "reason": None,
    }


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/"])
def test_the_interface_s_own_address_opens_its_description(client: TestClient, path: str) -> None:
    answer = client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/api/v1/docs")


# What is refused


def refused(response: Any, status: int, error: str) -> dict[str, Any]:
    """The problem of a response, which has to be one of this kind."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    TypeAdapter(shapes.Problem).validate_python(problem)
    assert (problem["status"], problem["error"]) == (status, error)
    assert "Traceback" not in response.text
    return problem


@pytest.mark.parametrize(
    ("path", "status", "error", "said"),
    [
        ("/ask", 422, "BadRequest", "q: Field required"),
        ("/ask?q=", 422, "BadRequest", "q: "),
        ("/ask?q=%20%0A", 422, "EmptyQuestion", "empty"),
        ("/ask?q=x&before=" + "x" * 2001, 422, "BadRequest", "before: "),
        ("/search?q=" + "x" * 2001, 422, "BadRequest", "2000 characters"),
        ("/search?q=x&k=0", 422, "BadRequest", "k: "),
        ("/search?q=x&k=101", 422, "BadRequest", "100"),
        ("/search?q=x&k=many", 422, "BadRequest", "k: "),
        ("/search?q=x&langauge=ko", 422, "BadRequest", "langauge: "),
        ("/search?q=x&from=2012-13", 422, "BadDate", "'2012-13'"),
        ("/search?q=x&to=yesterday", 422, "BadDate", "'yesterday'"),
        ("/references?q=x&from=2012%0A", 422, "BadDate", "date"),
        ("/search?q=x&document=nowhere.pdf", 404, "UnknownDocument", "'nowhere.pdf'"),
        ("/ask?q=x&document=nowhere.pdf", 404, "UnknownDocument", "'nowhere.pdf'"),
        ("/documents?limit=1001", 422, "BadRequest", "limit: "),
        ("/documents?offset=-1", 422, "BadRequest", "offset: "),
        ("/documents/nowhere", 404, "UnknownDocument", "'nowhere'"),
        ("/documents/nowhere/text", 404, "UnknownDocument", "'nowhere'"),
        ("/documents/{ports}/text?start=9&end=9", 422, "BadBounds", "9 to 9"),
        ("/documents/{ports}/text?start=5&end=3", 422, "BadBounds", "5 to 3"),
        ("/documents/{ports}/text?end=90000", 422, "BadBounds", "90,000"),
        ("/documents/{ports}/text?start=90000", 422, "BadBounds", "90,000"),
        ("/documents/{ports}/text?start=-1", 422, "BadRequest", "start: "),
        ("/documents/..%2f..%2fetc%2fpasswd", 404, "NotFound", "nothing"),
        ("/nowhere", 404, "NotFound", "nothing"),
        ("/ask/", 404, "NotFound", "nothing"),
    ],
)
def test_bad_requests_are_refused(
    client: TestClient, library: Library, path: str, status: int, error: str, said: str
) -> None:
    response = client.get("/api/v1" + path.format(ports=id_of(library, "/desk/ports.md")))
    assert said in refused(response, status, error)["detail"]
    assert str(library.folder) not in response.text


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"no json", 400, "NotJson"),
        (b'{"q": "forum"', 400, "NotJson"),
        (b"[" * 60_000, 400, "BadRequest"),
        (b"[]", 422, "BadRequest"),
        (b'{"q": 7}', 422, "BadRequest"),
        (b'{"q": "forum", "k": "7"}', 422, "BadRequest"),
        (b'{"q": "forum", "language": "ko"}', 422, "BadRequest"),
        (b'{"q": "\\ud800"}', 422, "BadRequest"),
        (b'{"q": "' + b"x" * 2001 + b'"}', 422, "BadRequest"),
        (b'{"q": "' + b"x" * 70_000 + b'"}', 413, "BodyTooLarge"),
    ],
)
def test_bad_bodies_are_refused(client: TestClient, body: bytes, status: int, error: str) -> None:
    kind = {"Content-Type": "application/json"}
    refused(client.post("/api/v1/search", content=body, headers=kind), status, error)


def test_a_body_without_end_is_not_read_to_its_end(client: TestClient) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 200:
            sent += 1
            yield b" " * 10_000

    refused(client.post("/api/v1/ask", content=endless()), 413, "BodyTooLarge")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "/documents/x", "GET"), ("PUT", "/ask", "GET, POST"), ("POST", "/documents", "GET")],
)
def test_nothing_can_be_changed(client: TestClient, method: str, path: str, allowed: str) -> None:
    response = client.request(method, f"/api/v1{path}")
    refused(response, 405, "MethodNotAllowed")
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize(
    ("raised", "status", "error", "said"),
    [
        (LibraryLocked("is being written by process 7"), 503, "LibraryLocked", "process 7"),
        (Busy("ask again"), 503, "Busy", "again"),
        (LibraryDamaged("cannot be read"), 500, "LibraryDamaged", "cannot be read"),
        (
            LibraryLocked(Told("{folder} is busy", folder=LocalPath("/secret/desk"))),
            503,
            "LibraryLocked",
            "desk is busy",
        ),
        (RuntimeError("a secret"), 500, "ServerError", "log"),
    ],
)
def test_what_goes_wrong_inside_is_told_without_a_traceback(
    client: TestClient,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    raised: Exception,
    status: int,
    error: str,
    said: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(Library, "search", fail)
    response = client.get("/api/v1/search?q=forum")
    assert said in refused(response, status, error)["detail"]
    assert "secret" not in response.text
    assert response.headers.get("retry-after") == ("5" if status == 503 else None)


class Silent:
    """A Reader that finds nothing, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(
        self, question: str, hits: Sequence[Hit], library: Library, words: Sequence[QueryWord] | None = None
    ) -> list[Reading]:
        self.asked.append(question)
        return []


def test_the_reader_of_the_app_is_the_one_that_reads(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, made = Silent(), Silent()
    names: list[str | None] = []

    def make(name: str | None, library: Library) -> Reader:
        names.append(name)
        return made

    monkeypatch.setattr("web.server.make_reader", make)
    monkeypatch.setattr("qa.ask.make_reader", lambda *_: pytest.fail("another reader was made"))
    for reader, reads, names_asked_for in ((given, given, []), (None, made, [None])):
        with TestClient(create_app(library, reader=reader), "http://127.0.0.1:7860") as client:
            assert get(client, "/ask", q=QUESTION)["answered"] is False
        assert set(reads.asked) == {QUESTION}
        assert names == names_asked_for  # made once, for the page and for programs


def test_a_question_without_a_turn_is_refused(library: Library, reader: Reader) -> None:
    turns = Turns(working=1, waiting=0)
    tools = Tools(library, reader, turns)
    with turns.taken(), pytest.raises(Busy):
        tools.ask(QUESTION)
    assert tools.ask(QUESTION)["answered"]


def test_at_most_so_much_of_a_text_is_given(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.tools.MOST_CHARACTERS", 20)
    tools, ports = Tools(library, Silent()), id_of(library, "/desk/ports.md")
    with pytest.raises(Exception, match="21 characters are asked for and at most 20") as refusal:
        tools.open_source(ports, 3, 24)
    assert type(refusal.value).__name__ == "BadBounds"
    assert len(str(tools.open_source(ports, 3, 23)["text"])) == 20
    assert MOST_CHARACTERS == 20_000


@pytest.mark.parametrize("path", ["/documents", "/openapi.json", "/docs"])
@pytest.mark.parametrize("origin", ["http://attacker.example", "null", "http://127.0.0.1:1"])
def test_other_sites_may_not_even_read(client: TestClient, path: str, origin: str) -> None:
    response = client.get(f"/api/v1{path}", headers={"Origin": origin})
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers
    own = client.get(f"/api/v1{path}", headers={"Origin": "http://127.0.0.1:7860"})
    assert own.status_code == 200
    assert client.get(f"/api/v1{path}", headers={"Host": "attacker.example"}).status_code == 400


def test_headers_of_an_answer(client: TestClient) -> None:
    headers = client.get("/api/v1/documents").headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-type"] == "application/json"


# The description


def test_the_page_needs_no_script_and_no_other_host(client: TestClient) -> None:
    response = client.get("/api/v1/", follow_redirects=True)
    assert response.url.path == "/api/v1/docs"
    assert response.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    page = response.text
    assert "<script" not in page
    assert " on" not in re.sub(r">[^<]*<", "><", page)  # no handler in any tag
    links = re.findall(r'(?:href|src|action)="([^"]*)"', page)
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in links)
    anchors = {link[1:] for link in links if link.startswith("#")}
    assert anchors <= set(re.findall(r'id="([^"]*)"', page))
    for link in {link for link in links if link.startswith("/") and "{" not in link} - {"/"}:
        assert (
            client.get(link, params={"q": "forum"} if "documents" not in link else {}).status_code == 200
        ), link
    schema = get(client, "/openapi.json")
    for path in schema["paths"]:
        assert f"<code>/api/v1{path}</code>" in page
    for record in schema["components"]["schemas"]:
        assert f'<section id="{record}">' in page


def test_every_address_is_described_with_its_refusals(client: TestClient) -> None:
    schema = get(client, "/openapi.json")
    assert schema["openapi"].startswith("3.1")
    assert schema["servers"] == [{"url": "/api/v1"}]
    described = {(method, path) for path, methods in schema["paths"].items() for method in methods}
    assert described == {
        ("get", "/ask"),
        ("post", "/ask"),
        ("get", "/search"),
        ("post", "/search"),
        ("get", "/references"),
        ("get", "/documents"),
        ("get", "/documents/{document_id}"),
        ("get", "/documents/{document_id}/text"),
    }
    for method, path in described:
        responses = schema["paths"][path][method]["responses"]
        statuses = {"200", "404", "422", "500", "503"} | ({"400", "413"} if method == "post" else set())
        assert set(responses) == statuses
        for status in statuses - {"200"}:
            assert list(responses[status]["content"]) == ["application/problem+json"]
    assert "HTTPValidationError" not in json.dumps(schema)


def test_records_with_every_key_have_the_described_shape(library: Library) -> None:
    document = library.document(id_of(library, "/desk/forum.md"))
    quote = cite(document, 0, 28, 0.5)
    claim = Claim(document.text[2:9], 2, (quote,), 0.5, "2007")
    cell = CellName("row", "column")
    full = Answer("q", claim, (quote,), (claim,), (quote,), (quote,), (), {"total": 1.0}, cell, "q?")
    shape = TypeAdapter(shapes.AskRecord)
    for result in (full, NoAnswer("q", "nothing", 0.1, (quote,))):
        record = answer_record(result)
        assert shape.validate_python(record) == record
    answer = answer_record(full)["answer"]
    assert isinstance(answer, dict)
    assert set(answer) == set(TypeAdapter(shapes.Answer).json_schema()["properties"])
    with pytest.raises(ValidationError, match="Extra inputs"):
        shape.validate_python({**answer_record(full), "more": 1})
    with pytest.raises(ValidationError, match="Field required"):
        shape.validate_python({**answer_record(full), "answer": {"text": "no citation", "confidence": 1.0}})


@pytest.fixture(scope="module")
def described(library: Library, reader: Reader) -> Any:
    app = FastAPI(openapi_url=None)  # without the page, whose start takes a second, and each case starts it
    app.mount(PREFIX, create_api(Tools(library, reader)))
    return schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", app)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/ask"),
        ("POST", "/ask"),
        ("GET", "/search"),
        ("POST", "/search"),
        ("GET", "/references"),
        ("GET", "/documents"),
        ("GET", "/documents/{document_id}"),
        ("GET", "/documents/{document_id}/text"),
    ],
)
def test_generated_requests_are_answered_as_described(
    described: Any, library: Library, method: str, path: str, mode: GenerationMode
) -> None:
    """Requests as described, and such as are not: nothing breaks, what is wrong is refused, no answer is new."""

    # The same examples each time.
    @settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(described[path][method].as_strategy(generation_mode=mode))
    def answered(case: Any) -> None:
        # Two offsets, or a name, may be well formed and yet be refused; 413 refuses what is wrong as well.
        response = case.call()
        larger = [negative_data_rejection] if response.status_code == 413 else []
        case.validate_response(response, excluded_checks=[positive_data_acceptance, *larger])
        if "document_id" in case.path_parameters:
            case.path_parameters["document_id"] = id_of(library, "/desk/ports.md")
            case.call_and_validate(excluded_checks=[positive_data_acceptance, negative_data_rejection])

    answered()
