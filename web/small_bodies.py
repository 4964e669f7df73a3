"""A middleware for what takes small requests: a body is read, up to a limit, and looked at before the app sees it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problems import too_large


class SmallBodies:
    """`refusal` gives what to answer in the place of the app, None where a body may pass; without it only what is
    too large is refused.

    Of a body with more than `limit` bytes it gets the begin, which has more as well.
    """

    def __init__(
        self, app: ASGIApp, limit: int, refusal: Callable[[bytes], Response | None] | None = None
    ) -> None:
        self.app = app
        self.limit = limit
        self.refusal = refusal or self._too_large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        body = b""
        more = True
        while more and len(body) <= self.limit:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if refusal := self.refusal(body):
            await refusal(scope, receive, send)
            return
        replayed = False

        async def receive_again() -> Message:
            nonlocal replayed
            if replayed:
                return await receive()
            replayed = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, receive_again, send)

    def _too_large(self, body: bytes) -> Response | None:
        return too_large(self.limit) if len(body) > self.limit else None
