"""A middleware that keeps an event of the page from getting lost between two of its streams.

Gradio's page hears of all its events on one stream, which the server closes once none is left. What is
posted before the page has heard of the end is taken for one of that stream, and nobody fetches its
outcome: a question that is asked at the wrong moment would be searched for ever. So the receipt of what
is posted at that moment waits until the page has heard; after it, the page opens a new stream.
"""

from __future__ import annotations

import json
import time
from asyncio import sleep
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.interface import without_language

_HEARD_AFTER = 0.5  # seconds in which a page has surely heard that its stream is closed
_CLOSES = b'"msg":"close_stream"'


class ClosingStreams:
    """`heard_after` is in seconds."""

    def __init__(self, app: ASGIApp, heard_after: float = _HEARD_AFTER) -> None:
        self.app = app
        self.heard_after = heard_after
        self._closed: dict[str, float] = {}  # session: when its stream was closed, on the monotonic clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = without_language(scope["path"]) if scope["type"] == "http" else ""
        if path == "/gradio_api/queue/data":
            await self._stream(scope, receive, send)
        elif path == "/gradio_api/queue/join":
            await self._event(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[-1]

        async def send_watched(message: Message) -> None:
            if _CLOSES in message.get("body", b""):
                now = time.monotonic()
                self._closed = {each: at for each, at in self._closed.items() if now < at + self.heard_after}
                self._closed[session] = now
            await send(message)

        await self.app(scope, receive, send_watched)

    async def _event(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""

        async def receive_watched() -> Message:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        async def send_in_order(message: Message) -> None:
            if message["type"] == "http.response.start":
                closed = self._closed.get(_session(body), float("-inf"))
                await sleep(max(0.0, closed + self.heard_after - time.monotonic()))
            await send(message)

        await self.app(scope, receive_watched, send_in_order)


def _session(body: bytes) -> str:
    """The page that posted an event; "" where it is none of Gradio's."""
    try:
        return str(json.loads(body)["session_hash"])
    except (ValueError, LookupError, TypeError):
        return ""
