"""What the page calls of the notebook: a quotation is collected, a note kept, a file taken along.

Bodies are small JSON. Refusals are problem details (web.problems) with a short `message` in the page's language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, TypeVar

import gradio as gr
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, request_response

from index.errors import UnknownDocument
from index.library import Library
from ingest.errors import VerbatimError
from ingest.told import Told
from qa.errors import QUESTION_LIMIT, QuoteNotFound
from qa.export import FORMATS, Collected, export
from web.interface import ENGLISH, NAMES, Interface
from web.notebook.errors import (
    BadPlace,
    NotebookEmpty,
    NotebookFull,
    NotebooksBusy,
    NoteTooLong,
    NotInNotebook,
    QuotationTooLong,
    TooManyQuotations,
)
from web.notebook.place import LONGEST_PLACE, Place
from web.notebook.quotations import collected, quoted
from web.notebook.store import LONGEST_NOTE, LONGEST_QUOTATION, Notebooks
from web.problems import problem, told_in_english
from web.sign_in.users import user_of
from web.small_bodies import SmallBodies

LARGEST_BODY = 64 * 1024  # bytes: the longest note, each character escaped
_FILES = {f"quotations{each.suffix}": each for each in FORMATS.values()}
_STATUSES: dict[type[VerbatimError], int] = {
    UnknownDocument: 404,
    NotInNotebook: 404,
    NotebookEmpty: 404,
    NotebookFull: 409,
    BadPlace: 422,
    QuoteNotFound: 422,
    QuotationTooLong: 422,
    NoteTooLong: 422,
    TooManyQuotations: 422,
    NotebooksBusy: 503,
}


class _Posted(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    language: Annotated[str, Field(pattern=f"^({'|'.join(NAMES)})$")] = ENGLISH


class _Place(_Posted):
    document_id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    question: Annotated[str, Field(max_length=QUESTION_LIMIT)] = ""


class _Note(_Posted):
    place: Annotated[str, Field(max_length=LONGEST_PLACE)]
    note: str


P = TypeVar("P", bound=_Posted)


def notebook_routes(library: Library) -> list[BaseRoute]:
    """/notebook, /notebook/note, /notebook/quotations.* and /export/quotations.* of a library."""
    notebooks = Notebooks(library.folder)

    def collect(user: str, posted: _Place) -> str:
        say = Interface(posted.language)
        document = library.document(posted.document_id)
        new = notebooks.collect(user, document, posted.start, posted.end, posted.question)
        return say("Collected") if new else say("Already collected")

    def annotate(user: str, posted: _Note) -> str:
        notebooks.annotate(user, Place.parse(posted.place), posted.note)
        return Interface(posted.language)("Saved")

    def whole_notebook(request: Request) -> Response:
        def quotations() -> list[Collected]:
            found = collected(notebooks.entries(user_name(gr.Request(request))), library)
            if not found:
                raise NotebookEmpty(Told("the notebook holds no quotation to export; collect some first"))
            return found

        return _file(request.path_params["name"], "notebook", quotations)

    def of_an_answer(request: Request) -> Response:
        def quotations() -> list[Collected]:
            places = [Place.parse(text) for text in request.query_params.getlist("quote")]
            if not places:
                raise BadPlace(Told("no quotation is named; add quote=ID:START:END for each"))
            return quoted(places, library, datetime.now().date())

        return _file(request.path_params["name"], "quotations", quotations)

    return [
        _posting("/notebook", _Place, collect),
        _posting("/notebook/note", _Note, annotate),
        Route("/notebook/{name}", whole_notebook),
        Route("/export/{name}", of_an_answer),
    ]


def _posting(path: str, kind: type[P], act: Callable[[str, P], str]) -> BaseRoute:
    """A route that takes JSON of a kind from a user and answers with a message."""

    async def answer(request: Request) -> Response:
        # A form of another site cannot send this type, nor can its script without our consent.
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return problem(415, "send JSON, with Content-Type: application/json", "NotJson")
        try:
            posted = kind.model_validate_json(await request.body())
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False, include_context=False)
            told = "; ".join(": ".join([*map(str, each["loc"]), each["msg"]]) for each in found)
            return problem(422, told, "BadRequest", message=Interface()("That did not work"))
        try:
            message = await run_in_threadpool(act, user_name(gr.Request(request)), posted)
        except VerbatimError as error:
            return refusal(error, Interface(posted.language))
        return JSONResponse({"message": message}, headers={"Cache-Control": "no-store"})

    return Route(path, SmallBodies(request_response(answer), LARGEST_BODY), methods=["POST"])


def refusal(error: VerbatimError, say: Interface) -> JSONResponse:
    """What went wrong, in full and in the few words that fit on a button."""
    messages = {
        UnknownDocument: say("The document has gone"),
        QuoteNotFound: say("Not in the document"),
        QuotationTooLong: say("Too long: {n} characters at most", n=say.number(LONGEST_QUOTATION)),
        NotebookFull: say("The notebook is full"),
        NoteTooLong: say("Too long: {n} characters at most", n=say.number(LONGEST_NOTE)),
        NotInNotebook: say("No longer in the notebook"),
        NotebooksBusy: say("Busy: try again"),
    }
    message = messages.get(type(error), say("That did not work"))
    status = _STATUSES.get(type(error), 500)
    return problem(status, told_in_english(error), type(error).__name__, message=message)


def _file(name: str, stem: str, quotations: Callable[[], Sequence[Collected]]) -> Response:
    """The quotations as a file with today's date in its name."""
    wanted = _FILES.get(name)
    if wanted is None:
        return problem(404, f"there is no such file; take one of {', '.join(_FILES)}", "NotFound")
    try:
        text = export(quotations(), wanted.name)
    except VerbatimError as error:
        return refusal(error, Interface())
    headers = {
        "Content-Type": f"{wanted.media_type}; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{stem}-{datetime.now():%Y-%m-%d}{wanted.suffix}"',
        "Cache-Control": "no-store",
    }
    return Response(text, headers=headers)


def user_name(request: gr.Request) -> str:
    """The name of who asks; the middleware lets nobody through without a user."""
    user = user_of(request)
    if user is None:
        raise RuntimeError("web.sign_in.middleware did not run")
    return user.name
