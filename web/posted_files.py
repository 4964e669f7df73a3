"""A middleware that reads what the page posts: the only files it may name are those just uploaded.

Gradio copies whatever file a posted value names, from a path of this machine or from an address on the
net, before any of our code sees it. Our page names its uploads and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web.interface import without_language
from web.small_bodies import SmallBodies

LARGEST_CALL = 1024 * 1024  # bytes; a question has at most 2,000 characters
_CALL = "/gradio_api/queue/join"


class PostedFiles:
    """`uploads` is the folder that Gradio keeps uploaded files in."""

    def __init__(self, app: ASGIApp, uploads: Path) -> None:
        self.app = app
        self.uploads = uploads.resolve()
        self._checked = SmallBodies(app, LARGEST_CALL, self._refusal)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        names_files = scope["type"] == "http" and scope["method"] == "POST"
        names_files = names_files and without_language(scope["path"]) == _CALL
        await (self._checked if names_files else self.app)(scope, receive, send)

    def _refusal(self, body: bytes) -> PlainTextResponse | None:
        if len(body) > LARGEST_CALL:
            return PlainTextResponse("The request is too large.", 413)
        try:
            paths = list(_paths(json.loads(body)))
        except (ValueError, RecursionError):
            return PlainTextResponse("The request is no JSON.", 400)
        if all(self._is_upload(path) for path in paths):
            return None
        return PlainTextResponse("The request names a file that was not uploaded.", 403)

    def _is_upload(self, path: object) -> bool:
        try:
            # A relative path, or an address, resolves to some place below the working directory.
            return isinstance(path, str) and Path(path).resolve().is_relative_to(self.uploads)
        except (OSError, ValueError):
            return False


def _paths(value: Any) -> Iterator[object]:
    """Every value named "path", at any depth: that is how Gradio recognises a file."""
    if isinstance(value, dict):
        if "path" in value:
            yield value["path"]
        for inner in value.values():
            yield from _paths(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner)
