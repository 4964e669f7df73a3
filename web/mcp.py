"""The MCP server: three tools for assistants, which give the records of web.tools as JSON.

Gradio makes the server, from a Blocks of its own that holds these three and nothing of the page, so that the
page's functions stay private. Only streamable HTTP is served; every call is one POST.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import wraps
from typing import Any, ParamSpec

import gradio as gr
from gradio.events import api
from gradio.mcp import GradioMCPServer
from pydantic_core import from_json
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ingest.errors import VerbatimError
from qa.errors import QUESTION_LIMIT
from qa.records import Record
from web.problems import problem, told_in_english, too_large
from web.small_bodies import SmallBodies
from web.tools import DATE, MOST_HITS, Narrowing, Tools

PATHS = frozenset({"/gradio_api/mcp", "/gradio_api/mcp/"})
LARGEST_CALL = 64 * 1024  # bytes; a question has at most 2,000 characters
_EXPLAINED = "/api/v1/docs#mcp"  # for somebody who opens the address in a browser
_log = logging.getLogger(__name__)
_Parameters = ParamSpec("_Parameters")
_QUESTION: dict[str, object] = {"minLength": 1, "maxLength": QUESTION_LIMIT}
_DATE: dict[str, object] = {"pattern": f"^({DATE})?$"}
_LIMITS: dict[str, dict[str, object]] = {
    "question": _QUESTION,
    "query": _QUESTION,
    "before": {"maxLength": QUESTION_LIMIT},
    "k": {"minimum": 1, "maximum": MOST_HITS},
    "start": {"minimum": 0},
    "published_from": _DATE,
    "published_to": _DATE,
}


class ToolRefused(VerbatimError):
    """What an assistant is told in the place of a record."""


class McpServer:
    """An ASGI application to serve at PATHS; `lifespan` has to run around it."""

    def __init__(self, tools: Tools) -> None:
        with gr.Blocks(title="Verbatim", analytics_enabled=False) as blocks:
            for function in _functions(tools):
                # Called at once: what would wait in Gradio's queue is fetched from this server over HTTP.
                api(function, api_name=function.__name__, queue=False)
        blocks.has_launched = True  # until then Gradio takes any path of the machine for an uploaded file
        self._gradio = _ExactSchemas(blocks)
        self._calls: ASGIApp = SmallBodies(self._gradio.handle_streamable_http, LARGEST_CALL, _unfit)

    def lifespan(self, app: Starlette) -> AbstractAsyncContextManager[None]:
        """Runs the session manager; for one start and end of the server."""
        lifespan: AbstractAsyncContextManager[None] = self._gradio.lifespan(app)
        return lifespan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            await self._calls(scope, receive, send)
        elif scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", ""):
            await RedirectResponse(_EXPLAINED, 303)(scope, receive, send)
        else:  # the server never speaks first: there is no stream to open
            await PlainTextResponse("Calls are posted.", 405, {"Allow": "POST"})(scope, receive, send)


class _ExactSchemas(GradioMCPServer):
    """Gradio's server, whose schemas also say which values and which names are refused."""

    def get_input_schema(
        self, tool_name: str, parameters: dict[str, str] | None = None
    ) -> tuple[dict[str, Any], list[list[str | int]]]:
        schema, files = super().get_input_schema(tool_name, parameters)
        properties = {name: shape | _LIMITS.get(name, {}) for name, shape in schema["properties"].items()}
        return {**schema, "properties": properties, "additionalProperties": False}, files


def _functions(tools: Tools) -> list[Callable[..., str]]:
    """The tools. What an assistant is told of them is their text: Gradio reads "Parameters:" from it."""

    @_told
    def ask(
        question: str,
        before: str = "",
        documents: list[str] | None = None,
        languages: list[str] | None = None,
        types: list[str] | None = None,
        published_from: str = "",
        published_to: str = "",
    ) -> Record:
        """
        Ask the user's library of documents a question. The answer is a quotation: the exact words, with document,
        page and section, and what other documents say; or the reason why the library does not answer. Ask in any
        language; documents in all languages are searched. Quote the words as they are, with title and page_label.

        Parameters:
            question: one question, as a sentence, at most 2,000 characters
            before: the question before, if this one leans on it ("And in 2023?")
            documents: only in these documents: ids, or sources as the records give them; several may bear one file name
            languages: only in documents of these languages, by ISO 639-1 code: "en", "ko", "ru"
            types: only in documents of these types: "article", "paper", "report", "law", "statistics"
            published_from: only what was published then or later: "2012", "2012-10" or "2012-10-17"
            published_to: only what was published then or earlier
        """
        narrowing = Narrowing(documents or (), languages or (), types or (), published_from, published_to)
        return tools.ask(question, before, narrowing)

    @_told
    def search(
        query: str,
        k: int = 10,
        references: bool = False,
        documents: list[str] | None = None,
        languages: list[str] | None = None,
        types: list[str] | None = None,
        published_from: str = "",
        published_to: str = "",
    ) -> Record:
        """
        List the passages of the user's library that are nearest to a query, by meaning and by word, in every language;
        or entries of bibliographies, with every sentence that cites them.

        Parameters:
            query: a question or keywords, at most 2,000 characters; words in quotation marks have to stand as they are
            k: how many, from 1 to 100
            references: search the entries of bibliographies instead of the passages
            documents: only in these documents: ids, or sources as the records give them; several may bear one file name
            languages: only in documents of these languages, by ISO 639-1 code: "en", "ko", "ru"
            types: only in documents of these types: "article", "paper", "report", "law", "statistics"
            published_from: only what was published then or later: "2012", "2012-10" or "2012-10-17"
            published_to: only what was published then or earlier
        """
        narrowing = Narrowing(documents or (), languages or (), types or (), published_from, published_to)
        return (tools.references if references else tools.search)(query, int(k), narrowing)

    @_told
    def open_source(document_id: str, start: int = 0, end: int | None = None) -> Record:
        """
        Read a document of the user's library between two character offsets, to see what stands around a quotation:
        take document_id, start and end from a citation, and widen them.

        Parameters:
            document_id: as a citation or a hit gives it
            start: the first character, counted from 0
            end: the character after the last, at most 20,000 after the start; without it, 4,000 characters
        """
        return tools.open_source(
            document_id, int(start), None if end is None else int(end)
        )  # 20.0 is an integer too

    return [ask, search, open_source]


def _told(function: Callable[_Parameters, Record]) -> Callable[_Parameters, str]:
    """The function with its record as JSON; of an error that is no refusal nothing but its being there is told."""

    @wraps(function)
    def told(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> str:
        try:
            return json.dumps(function(*args, **kwargs), ensure_ascii=False)
        except VerbatimError as error:
            raise ToolRefused(f"{type(error).__name__}: {told_in_english(error)}") from None
        except Exception:
            _log.exception("the tool %s failed", function.__name__)
            raise ToolRefused("ServerError: the server failed on this call; its log says why") from None

    told.__annotations__ = {**function.__annotations__, "return": "str"}
    return told


def _unfit(body: bytes) -> Response | None:
    """A refusal of what `mcp` would choke on: JSON too deep, half a surrogate pair, which it could not send back."""
    if len(body) > LARGEST_CALL:
        return too_large(LARGEST_CALL)
    try:
        from_json(body, allow_inf_nan=False)
    except ValueError:
        return problem(400, "the body is not JSON", "NotJson")
    return None
