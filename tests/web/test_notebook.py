"""The notebook over HTTP and in the browser: collected, noted, moved, removed, and taken along as a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rispy
from httpx import Response
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.testclient import TestClient

from index.encoder import OpenVinoEncoder
from index.library import Library
from ingest.reading import read
from tests.web.conftest import FORUM, HOSTILE, HOSTILE_TITLE, KOREAN, Server, span_of
from tests.web.test_accounts import QUICK
from web.accounts.account_file import Account, changing
from web.accounts.accounts import Accounts
from web.guard import Guard
from web.interface import Interface
from web.notebook.entries_html import notebook_html
from web.notebook.place import Place
from web.notebook.quotations import MOST_QUOTED, collected
from web.notebook.routes import notebook_routes
from web.notebook.store import FILE, LONGEST_NOTE, Notebooks
from web.sign_in.middleware import OneUser, SignIn

ORIGIN = "http://127.0.0.1:7860"
HOSTS = frozenset({"127.0.0.1"})
SENTENCE = "The fifteenth forum was held in Busan."
PASSWORDS = {"anna": "the heron stands still", "보라": "열람만 할 수 있는 비밀번호"}
SAY = Interface()


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, encoder: OpenVinoEncoder) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("notebook") / "library", encoder) as library:
        for name, text in (("forum.md", FORUM), ("16.ko.md", KOREAN), ("hostile.md", HOSTILE)):
            library.add(read(text.encode(), name), text.encode())
        yield library


@pytest.fixture
def library(held: Library) -> Iterator[Library]:
    """A library in which nobody has collected anything."""
    yield held
    (held.folder / FILE).unlink(missing_ok=True)


@pytest.fixture
def client(library: Library) -> TestClient:
    """The routes behind what stands before them in the app."""
    return TestClient(Guard(OneUser(Starlette(routes=notebook_routes(library))), HOSTS), ORIGIN)


def place_of(library: Library, quote: str, source: str = "forum.md") -> Place:
    document = library.document(library.card(source).id)
    start = document.text.index(quote)
    return Place(document.id, start, start + len(quote))


def posted(client: TestClient, place: Place, **more: Any) -> Response:
    body = {**place._asdict(), "question": "Where?", "language": "en", **more}
    return client.post("/notebook", json=body, headers={"Origin": ORIGIN})


def noted(client: TestClient, place: Place, note: str, **more: Any) -> Response:
    return client.post("/notebook/note", json={"place": str(place), "note": note, **more})


# Collecting


def test_a_quotation_is_collected_once(client: TestClient, library: Library) -> None:
    place = place_of(library, SENTENCE)
    assert posted(client, place).json() == {"message": "Collected"}
    assert posted(client, place).json() == {"message": "Already collected"}
    (entry,) = Notebooks(library.folder).entries("")
    assert (entry.place, entry.question) == (place, "Where?")


def test_what_cannot_be_collected_says_why(client: TestClient, library: Library) -> None:
    place = place_of(library, SENTENCE)
    refused = {
        "UnknownDocument": (404, "The document has gone", place._replace(document_id="0" * 32)),
        "QuoteNotFound": (422, "Not in the document", place._replace(end=4_000)),
        "QuotationTooLong": (422, "Too long: 5,000 characters at most", place._replace(end=900_000)),
    }
    for error, (status, message, wrong) in refused.items():
        response = posted(client, wrong)
        assert (response.status_code, response.json()["error"]) == (status, error)
        assert response.json()["message"] == message
        assert str(library.folder) not in response.text
        assert response.headers["content-type"] == "application/problem+json"
    assert Notebooks(library.folder).entries("") == ()


@pytest.mark.parametrize(
    "change",
    [
        {"start": "0"},
        {"start": -1},
        {"end": 10**30},
        {"document_id": "/desk/forum.md"},
        {"quote": "words of the browser's own"},
        {"language": "xx"},
        {"question": "q" * 2001},
        {"start": None},
    ],
)
def test_half_a_place_is_refused(client: TestClient, library: Library, change: dict[str, Any]) -> None:
    response = posted(client, place_of(library, SENTENCE), **change)
    assert response.status_code == 422
    assert response.json()["message"]
    assert "browser's own" not in response.text
    assert Notebooks(library.folder).entries("") == ()


def test_another_site_cannot_fill_a_notebook(client: TestClient, library: Library) -> None:
    body = json.dumps(place_of(library, SENTENCE)._asdict())
    foreign = client.post("/notebook", content=body, headers={"Origin": "http://evil.example"})
    assert foreign.status_code == 403
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert client.post("/notebook", content=body, headers={"Content-Type": kind}).status_code == 415
    large = client.post("/notebook", content=b" " * 70_000, headers={"Content-Type": "application/json"})
    assert large.status_code == 413
    assert Notebooks(library.folder).entries("") == ()


def test_a_note_is_kept(client: TestClient, library: Library) -> None:
    place = place_of(library, SENTENCE)
    assert noted(client, place, "x").json()["error"] == "NotInNotebook"
    posted(client, place)
    assert noted(client, place, "for part 2").json() == {"message": "Saved"}
    long = noted(client, place, "n" * (LONGEST_NOTE + 1))
    assert (long.status_code, long.json()["error"]) == (422, "NoteTooLong")
    assert noted(client, place, "\x01" * LONGEST_NOTE + "x").status_code == 200  # the longest body, escaped
    assert client.post("/notebook/note", json={"place": "x", "note": ""}).json()["error"] == "BadPlace"
    assert Notebooks(library.folder).entries("")[0].note == "x"


def test_a_damaged_notebook_is_a_message(client: TestClient, library: Library) -> None:
    (library.folder / FILE).write_bytes(b"nothing of ours " * 100)
    response = posted(client, place_of(library, SENTENCE))
    assert (response.status_code, response.json()["error"]) == (500, "NotebooksDamaged")
    assert client.get("/notebook/quotations.ris").json()["error"] == "NotebooksDamaged"


# Taking along


def test_the_notebook_is_exported_in_four_formats(client: TestClient, library: Library) -> None:
    place = place_of(library, SENTENCE)
    posted(client, place)
    posted(client, place_of(library, "제16차 포럼은 2023년 투르크메니스탄에서 열렸다.", "16.ko.md"))
    noted(client, place, "for part 2")
    today = date.today().isoformat()
    texts = {}
    for suffix, kind in {
        "md": "text/markdown",
        "ris": "application/x-research-info-systems",
        "bib": "application/x-bibtex",
        "json": "application/vnd.citationstyles.csl+json",
    }.items():
        response = client.get(f"/notebook/quotations.{suffix}")
        assert response.status_code == 200
        assert response.headers["content-type"] == f"{kind}; charset=utf-8"
        named = f'attachment; filename="notebook-{today}.{suffix}"'
        assert response.headers["content-disposition"] == named
        assert response.headers["cache-control"] == "no-store"
        texts[suffix] = response.text
        assert SENTENCE in response.text
        assert "투르크메니스탄에서" in response.text
    first, second = rispy.loads(texts["ris"])
    assert first["title"] == "A Short History of the Forum"
    assert f"“{SENTENCE}” (Milestones) · Note: for part 2 · Question: Where?" in str(first)
    assert second["title"] == "협력 포럼"
    quotation = json.loads(texts["json"])[0]["custom"]["quotations"][0]
    assert quotation == {"quote": SENTENCE, "note": "for part 2", "question": "Where?", "accessed": today}


def test_an_empty_notebook_and_an_unknown_format(client: TestClient) -> None:
    assert client.get("/notebook/quotations.ris").json()["error"] == "NotebookEmpty"
    for path in ("/notebook/quotations.exe", "/export/quotations.exe", "/export/notebooks.sqlite"):
        assert client.get(path).status_code == 404


def test_the_quotations_of_an_answer_are_exported(client: TestClient, library: Library) -> None:
    places = [place_of(library, SENTENCE), place_of(library, "The Secretariat was established in 2017.")]
    query = [("quote", str(place)) for place in (*places, places[0])]
    response = client.get("/export/quotations.ris", params=query)
    (entry,) = rispy.loads(response.text)
    assert str(entry).count(SENTENCE) == 1
    assert "Secretariat" in str(entry)
    assert Notebooks(library.folder).entries("") == ()
    assert re.search(r'filename="quotations-\d{4}-\d\d-\d\d.ris"', response.headers["content-disposition"])


def test_bad_places_are_not_exported(client: TestClient, library: Library) -> None:
    place = place_of(library, SENTENCE)
    for query, status in (
        ([], 422),
        (["x"], 422),
        ([f"{place.document_id}:5:4"], 422),
        ([str(place), f"{'0' * 32}:0:9"], 404),
        ([f"{place.document_id}:0:{at}" for at in range(9, 10 + MOST_QUOTED)], 422),
    ):
        response = client.get("/export/quotations.md", params=[("quote", text) for text in query])
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        assert SENTENCE not in response.text


# What has gone


def test_what_left_the_library_is_neither_shown_nor_exported(client: TestClient, library: Library) -> None:
    for name, text in (("gone.md", FORUM), ("kept.md", KOREAN)):
        other = f"{text}\nOf another file.\n".encode()
        library.add(read(other, name), other)
    kept = place_of(library, "청년 교류가 주요 의제였다.", "kept.md")
    gone = place_of(library, SENTENCE, "gone.md")
    for place in (gone, kept):
        posted(client, place)
    noted(client, gone, "my own thought")
    entries = Notebooks(library.folder).entries("")
    before = notebook_html(SAY, entries, library)
    assert SENTENCE in before
    assert "2 quotations · 2 documents" in before
    library.remove(gone.document_id)
    after = notebook_html(SAY, entries, library)
    assert SENTENCE not in after
    assert "no longer in the library, and so its words cannot be shown" in after
    assert "1 entry is left out" in after
    assert "A Short History of the Forum" in after
    assert "my own thought" in after
    assert "청년 교류가 주요 의제였다." in after
    assert [each.citation.document_id for each in collected(entries, library)] == [kept.document_id]
    exported = client.get("/notebook/quotations.md").text
    assert SENTENCE not in exported
    assert "my own thought" not in exported
    library.remove(kept.document_id)
    assert "/notebook/quotations" not in notebook_html(SAY, entries, library)
    assert client.get("/notebook/quotations.md").status_code == 404


def test_an_entry_is_escaped(library: Library) -> None:
    notebooks = Notebooks(library.folder)
    document = library.document(library.card("hostile.md").id)
    notebooks.collect("", document, 0, len(document.text), "<b>bold?</b>")
    (entry,) = notebooks.entries("")
    notebooks.annotate("", entry.place, "</textarea><script>window.stolen='note'</script>")
    shown = notebook_html(SAY, notebooks.entries(""), library)
    removed = notebooks.remove("", entry.place)
    assert "glassworks of Quillby" in shown
    for html in (shown, notebook_html(SAY, (), library, removed)):
        assert "&lt;script&gt;" in html
        assert not re.search(r"<(script|img|svg|iframe|b)\b", html)


# Users


def test_users_do_not_see_each_others_notebooks(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "accounts.jsonl"
    with changing(path) as accounts:
        for name, password in PASSWORDS.items():
            role = "editor" if name == "anna" else "reader"
            accounts[name] = Account(name, role, QUICK.hash(password))  # type: ignore[arg-type]
    app = Guard(SignIn(Starlette(routes=notebook_routes(library)), Accounts(path, QUICK)), HOSTS)
    anna, bora = (TestClient(app, ORIGIN, follow_redirects=False) for _ in PASSWORDS)
    place = place_of(library, SENTENCE)
    assert posted(anna, place).status_code == 401
    assert anna.get("/notebook/quotations.md").status_code == 401
    assert anna.get("/export/quotations.md", params={"quote": str(place)}).status_code == 401
    for client, (name, password) in zip((anna, bora), PASSWORDS.items(), strict=True):
        form = {"name": name, "password": password}
        assert client.post("/login", data=form, headers={"Origin": ORIGIN}).status_code == 303
    assert posted(bora, place).json() == {"message": "Collected"}  # a reader has a notebook too
    assert noted(bora, place, "hers alone").status_code == 200
    assert "hers alone" in bora.get("/notebook/quotations.md").text
    assert anna.get("/notebook/quotations.md").status_code == 404
    assert noted(anna, place, "x").json()["error"] == "NotInNotebook"
    assert posted(anna, place).json() == {"message": "Collected"}
    assert "hers alone" not in anna.get("/notebook/quotations.md").text


# In the browser


def test_collect_note_move_export_remove(page: Page, server: Server, stored: Library) -> None:
    collect = "#answer .turn.newest button.collect"
    for question in ("When was the cooperation forum launched?", "Who opened the glassworks of Quillby?"):
        page.locator("#question textarea").fill(question)
        page.locator("#question textarea").press("Enter")
        page.locator(f".turn.newest:not(.pending):has-text('{question}') button.collect").first.wait_for()
        page.locator(collect).first.click()
        expect(page.locator(collect).first).to_have_text("Collected")
    page.locator(collect).first.click()
    expect(page.locator(collect).first).to_have_text("Already collected")

    page.get_by_role("tab", name="Notebook").click()
    entries = page.locator("#notebook .kept")
    expect(entries).to_have_count(2)
    document_id, start, end = span_of(entries.first.locator("a.open"))
    quote = stored.document(document_id).text[start:end]
    expect(entries.first.locator("blockquote")).to_have_text(quote)
    expect(entries.first.locator(".asked")).to_have_text("Asked: When was the cooperation forum launched?")
    expect(entries.nth(1).locator("h3")).to_have_text(HOSTILE_TITLE)
    assert page.evaluate("window.stolen") is None

    entries.first.get_by_label("Note").fill("For part 2 <b>")
    entries.first.get_by_role("button", name="Save").click()
    expect(entries.first.locator(".told")).to_have_text("Saved")
    entries.nth(1).get_by_label("Note").fill("Kept when it is left")
    entries.nth(1).get_by_role("button", name="Move up").click()
    expect(entries.first.locator("h3")).to_have_text(HOSTILE_TITLE)
    expect(entries.first.get_by_role("button", name="Move up")).to_be_disabled()
    page.reload()
    page.locator("#question textarea").wait_for()
    page.get_by_role("tab", name="Notebook").click()
    expect(entries).to_have_count(2)
    notes = [entries.nth(at).get_by_label("Note").input_value() for at in range(2)]
    assert notes == ["Kept when it is left", "For part 2 <b>"]

    page.get_by_label("Find in the notebook").fill("PART 2")
    expect(entries.first).to_be_hidden()
    expect(entries.nth(1)).to_be_visible()
    page.get_by_label("Find in the notebook").fill("")
    with page.expect_download() as download:
        page.locator("#notebook .files a", has_text="RIS").click()
    assert re.fullmatch(r"notebook-[\d-]{10}\.ris", download.value.suggested_filename)
    exported = rispy.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert len(exported) == 2
    assert "For part 2 &lt;b&gt;" in str(exported[1])  # which Zotero reads as HTML

    entries.nth(1).locator("a.open").click()
    expect(page.frame_locator("iframe[name=source]").locator("#quote")).to_be_visible()
    entries.first.get_by_role("button", name="Remove").click()
    expect(entries).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(entries).to_have_count(2)
    assert entries.first.get_by_label("Note").input_value() == "Kept when it is left"
    for left in (1, 0):
        entries.first.get_by_role("button", name="Remove").click()
        expect(entries).to_have_count(left)
    expect(page.locator("#notebook")).to_contain_text("Nothing collected yet")
    assert Notebooks(server.folder).entries("") == ()
