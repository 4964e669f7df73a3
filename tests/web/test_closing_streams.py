"""An event that is posted while its page's stream is closing: its receipt comes after the end of the stream."""

from __future__ import annotations

import json

import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.web.event_loop import run
from web.closing_streams import ClosingStreams

CLOSE = b'data: {"event_id":null,"msg":"close_stream"}\n\n'


async def gradio(scope: Scope, receive: Receive, send: Send) -> None:
    """A stream says its last and is closed; anything else is read, then answered."""
    if scope["path"].endswith("/queue/data"):
        last = [b'data: {"msg":"process_completed"}\n\n', CLOSE]
    else:
        while (await receive()).get("more_body"):
            pass
        last = [b"{}"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for body in last:
        await send({"type": "http.response.body", "body": body, "more_body": body is not last[-1]})


def waits(monkeypatch: pytest.MonkeyPatch, *requests: tuple[str, str, bytes]) -> list[float]:
    """The seconds that each receipt waits, for requests of (path, query, body) one after the other."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("web.closing_streams.sleep", sleep)
    app = ClosingStreams(gradio, heard_after=1000.0)

    async def request(path: str, query: str, body: bytes) -> None:
        halves = [body[: len(body) // 2], body[len(body) // 2 :]]

        async def receive() -> Message:
            return {"type": "http.request", "body": halves.pop(0), "more_body": bool(halves)}

        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        await app({"type": "http", "path": path, "query_string": query.encode()}, receive, send)
        assert sent[0]["status"] == 200

    async def all_of_them() -> None:
        for each in requests:
            await request(*each)

    run(all_of_them())
    return waited


def event(session: object) -> bytes:
    return json.dumps({"data": ["When?"], "session_hash": session}).encode()


@pytest.mark.parametrize("root", ["", "/ko"])
def test_the_receipt_waits_until_the_page_has_heard_of_the_end(
    monkeypatch: pytest.MonkeyPatch, root: str
) -> None:
    (waited,) = waits(
        monkeypatch,
        (f"{root}/gradio_api/queue/data", "session_hash=abc", b""),
        (f"{root}/gradio_api/queue/join", "", event("abc")),
    )
    assert 990 < waited <= 1000


@pytest.mark.parametrize("body", [event("xyz"), event(None), b"[]", b"{", b"\xff", b""])
def test_events_of_other_pages_do_not_wait(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    assert waits(
        monkeypatch,
        ("/gradio_api/queue/data", "session_hash=abc", b""),
        ("/gradio_api/queue/join", "", body),
    ) == [0.0]


def test_other_requests_pass_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert waits(monkeypatch, ("/gradio_api/queue/data", "", b""), ("/source/1", "", event("abc"))) == []
