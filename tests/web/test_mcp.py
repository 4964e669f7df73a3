"""The MCP server, spoken to by the protocol's own client over HTTP: three tools, clear refusals, nobody else."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, ListToolsResult

from app import listen
from index.encoder import OpenVinoEncoder
from index.errors import LibraryLocked
from index.library import Library
from ingest.told import LocalPath, Told
from qa.ask import ask
from qa.records import answer_record, references_record, search_record
from tests.web.event_loop import run
from tests.web.machines import id_of, opened
from web.server import create_app

QUESTION = "When did the cooperation forum begin?"
HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
LIST = b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}'


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: OpenVinoEncoder) -> Iterator[Library]:
    with opened(tmp_path_factory.mktemp("mcp") / "library", encoder) as library:
        yield library


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    """A running server's, without a path."""
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(create_app(library), log_level="warning"))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


@asynccontextmanager
async def session_at(url: str) -> AsyncIterator[ClientSession]:
    async with streamable_http_client(url) as (read, write, _), ClientSession(read, write) as session:
        yield session


def call(address: str, tool: str, **arguments: Any) -> CallToolResult:
    async def called() -> CallToolResult:
        async with session_at(f"{address}/gradio_api/mcp/") as session:
            await session.initialize()
            return await session.call_tool(tool, arguments)

    return run(called())


def record(result: CallToolResult) -> Any:
    (content,) = result.content
    assert not result.isError, content
    assert content.type == "text"
    given = json.loads(content.text)
    return given | {"timings_ms": None} if "timings_ms" in given else given


def refusal(result: CallToolResult) -> str:
    (content,) = result.content
    assert result.isError
    assert content.type == "text"
    assert "Traceback" not in content.text
    return content.text


def same(record: dict[str, object]) -> Any:
    """As it is told over the web: without the folder that all files of this library lie in."""
    untimed = record | {"timings_ms": None} if "timings_ms" in record else record
    return json.loads(json.dumps(untimed).replace('"/desk/', '"'))


@pytest.mark.parametrize("path", ["/gradio_api/mcp", "/gradio_api/mcp/"])
def test_three_tools_are_offered_and_explained(address: str, path: str) -> None:
    async def listed() -> tuple[str, ListToolsResult]:
        async with session_at(address + path) as session:
            welcome = await session.initialize()
            return welcome.serverInfo.name, await session.list_tools()

    name, listing = run(listed())
    assert name == "Verbatim"
    tools = {tool.name: tool for tool in listing.tools}
    assert list(tools) == ["ask", "search", "open_source"]
    for tool in tools.values():
        assert len(tool.description or "") > 100
        assert "Parameters" not in (tool.description or "")
        assert tool.inputSchema["additionalProperties"] is False
        assert all(value["description"] for value in tool.inputSchema["properties"].values())
    assert tools["ask"].inputSchema["required"] == ["question"]
    assert tools["ask"].inputSchema["properties"]["question"]["maxLength"] == 2000
    assert tools["search"].inputSchema["required"] == ["query"]
    assert tools["search"].inputSchema["properties"]["k"]["maximum"] == 100
    assert tools["open_source"].inputSchema["required"] == ["document_id"]


def test_ask_gives_what_the_command_line_prints(address: str, library: Library) -> None:
    given = record(call(address, "ask", question=QUESTION))
    assert given == same(answer_record(ask(QUESTION, library)))
    assert given["answer"]["text"] == "2007"


def test_ask_takes_the_question_before_and_filters(address: str) -> None:
    before = "What were the exports to Uzbekistan in 2022?"
    given = record(call(address, "ask", question="And to Kyrgyzstan?", before=before))
    assert given["answer"]["text"] == "372 854"
    narrowed = record(call(address, "ask", question=QUESTION, languages=["ko"], published_from="1990"))
    assert (narrowed["answered"], narrowed["evidence"]) == (False, [])  # no Korean document has a date


def test_search_gives_passages_or_entries(address: str, library: Library) -> None:
    hits = library.search("cooperation forum", 2)
    assert record(call(address, "search", query="cooperation forum", k=2)) == same(
        search_record("cooperation forum", hits, library)
    )
    entries = library.references("Beck guide")
    assert record(call(address, "search", query="Beck guide", references=True)) == same(
        references_record("Beck guide", entries, library)
    )
    ports = record(call(address, "search", query="forum", documents=["ports.md"]))
    assert {hit["title"] for hit in ports["hits"]} == {"Ports of the Inner Sea"}


def test_a_source_is_opened_at_a_citation(address: str, library: Library) -> None:
    citation = record(call(address, "ask", question=QUESTION))["answer"]["citations"][0]
    start, end = citation["start"], citation["end"]
    opened = record(call(address, "open_source", document_id=citation["document_id"], start=start, end=end))
    assert opened["text"] == citation["quote"]
    assert (opened["source"], citation["source"]) == ("forum.md", "forum.md")
    whole = record(call(address, "open_source", document_id=citation["document_id"]))
    assert whole["text"] == library.document(citation["document_id"]).text


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {}, "'question' is a required property"),
        ("ask", {"question": ""}, "should be non-empty"),
        ("ask", {"question": " \n"}, "EmptyQuestion: the question is empty"),
        ("ask", {"question": "x" * 2001}, "is too long"),
        ("ask", {"question": 7}, "7 is not of type 'string'"),
        (
            "ask",
            {"question": "x", "documents": ["nowhere.pdf"]},
            "UnknownDocument: the library holds no document",
        ),
        ("ask", {"question": "x", "published_from": "yesterday"}, "'yesterday' does not match"),
        ("search", {"query": "x", "k": 101}, "101 is greater than the maximum of 100"),
        ("search", {"query": "x", "k": "many"}, "'many' is not of type 'integer'"),
        ("search", {"query": "x", "limit": 3}, "'limit' was unexpected"),
        ("search", {"query": "x", "documents": [{"path": "/etc/passwd"}]}, "is not of type 'string'"),
        (
            "open_source",
            {"document_id": "nowhere"},
            "UnknownDocument: the library holds no document 'nowhere'",
        ),
        ("open_source", {"document_id": "/etc/passwd"}, "UnknownDocument"),
        ("open_source", {"document_id": "{ports}", "start": 9, "end": 3}, "BadBounds: characters 9 to 3"),
        ("open_source", {"document_id": "{ports}", "end": 10**6}, "BadBounds: characters 0 to 1,000,000"),
        ("open_source", {"document_id": "{ports}", "start": -1}, "-1 is less than the minimum of 0"),
        ("answer", {"text": "x"}, "Unknown tool"),  # a function of the page
        ("remove", {}, "Unknown tool"),
    ],
)
def test_bad_input_is_a_clear_error_of_the_tool(
    address: str, library: Library, tool: str, arguments: dict[str, Any], said: str
) -> None:
    if arguments.get("document_id") == "{ports}":
        arguments = {**arguments, "document_id": id_of(library, "/desk/ports.md")}
    told = refusal(call(address, tool, **arguments))
    assert said in told
    assert str(library.folder) not in told


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (LibraryLocked("is being written by process 7"), "LibraryLocked: is being written by process 7"),
        (
            LibraryLocked(Told("{folder} is busy", folder=LocalPath("/secret/desk"))),
            "LibraryLocked: desk is busy",
        ),
        (RuntimeError("a secret"), "ServerError: the server failed on this call; its log says why"),
    ],
)
def test_what_goes_wrong_inside_is_told_without_its_insides(
    address: str, monkeypatch: pytest.MonkeyPatch, raised: Exception, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(Library, "search", fail)
    assert refusal(call(address, "search", query="forum")) == said
    monkeypatch.undo()
    assert record(call(address, "search", query="forum"))["hits"]


def test_calls_at_once_are_all_answered(address: str) -> None:
    async def called() -> list[CallToolResult]:
        async with session_at(f"{address}/gradio_api/mcp/") as session:
            await session.initialize()
            searches = [session.call_tool("search", {"query": f"forum {n}", "k": 1}) for n in range(8)]
            return await asyncio.gather(*searches)

    assert [record(each)["query"] for each in run(called())] == [f"forum {n}" for n in range(8)]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "{address}"}, 200),
        ({"Origin": "http://attacker.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Host": "attacker.example"}, 400),
        ({"Host": "attacker.example", "Origin": "http://attacker.example"}, 400),  # a name that was rebound
    ],
)
def test_other_sites_are_refused(address: str, headers: dict[str, str], status: int) -> None:
    named = {name: value.format(address=address) for name, value in headers.items()}
    for method in ("POST", "GET", "DELETE", "OPTIONS"):
        answer = httpx.request(method, f"{address}/gradio_api/mcp/", content=LIST, headers=HEADERS | named)
        # Calls are posted: there is no stream to open and no session to end.
        assert answer.status_code == (405 if status == 200 and method != "POST" else status)
        assert "access-control-allow-origin" not in answer.headers
        assert "Traceback" not in answer.text


def test_a_person_is_led_to_the_explanation(address: str) -> None:
    answer = httpx.get(f"{address}/gradio_api/mcp/", headers={"Accept": "text/html"}, follow_redirects=True)
    assert (answer.status_code, answer.url.path) == (200, "/api/v1/docs")
    assert '<section id="mcp">' in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no json", 400),
        (b'{"jsonrpc": "2.0"}', 400),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "\\ud800"}}', 400),
        (b"[" * 60_000, 400),
        (b" " * 70_000, 413),
    ],
)
def test_what_is_no_call_is_refused(address: str, body: bytes, status: int) -> None:
    answer = httpx.post(f"{address}/gradio_api/mcp/", content=body, headers=HEADERS)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["sse", "messages/", "schema", "http", "http/", "../info", "/"])
def test_no_other_road_leads_to_the_tools(address: str, path: str) -> None:
    for method in ("GET", "POST"):
        answer = httpx.request(method, f"{address}/gradio_api/mcp/{path}", content=LIST, headers=HEADERS)
        assert answer.status_code == 404
