"""The REST interface: the functions of web.tools at addresses, with an OpenAPI description of exactly what they give.

Mounted at PREFIX. Reading only; a question may be sent as a query string (GET) or as JSON (POST), with the
same fields.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Depends, FastAPI, Query
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from qa.errors import QUESTION_LIMIT
from qa.records import Record
from web import shapes
from web.api_page import CONTENT_SECURITY_POLICY, api_page
from web.problems import MEDIA_TYPE, handle_problems
from web.small_bodies import SmallBodies
from web.tools import DATE, MOST_CHARACTERS, MOST_HITS, Narrowing, Tools

PREFIX = "/api/v1"
LARGEST_BODY = 64 * 1024  # bytes; a question has at most 2,000 characters
_LARGEST_OFFSET = 2**53 - 1  # what every JSON reader takes exactly
_DESCRIPTION = (
    "Ask a library of documents and get the answer as a quotation that can be opened: "
    "the exact words, with document, page and section. Reading only; nothing here changes the library."
)
_PROBLEMS = {
    400: "The body is not JSON.",
    401: "The call bears no name and password, or not the right ones.",
    404: "No document has this id or name.",
    413: f"The body has more than {LARGEST_BODY:,} bytes.",
    422: "A field is missing, unknown, or has a value that it cannot take; the problem names it.",
    429: "Too many wrong passwords have been sent: wait.",
    500: "The server failed, or its library is damaged; the problem says which.",
    503: "The library is being written, or too many questions are being asked at once: try again.",
}

_Name = Annotated[str, Field(min_length=1, max_length=1000)]
_Word = Annotated[str, Field(min_length=1, max_length=40)]
_Question = Annotated[str, Field(min_length=1, max_length=QUESTION_LIMIT)]
# Described here and checked by web.tools, which says it better.
_Date = Annotated[str, Field(json_schema_extra={"pattern": f"^({DATE})?$"})]


class _Narrowed(BaseModel):
    """Which documents are looked at. All may be left out; the lists may name several."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    document: list[_Name] = Field(
        [],
        max_length=50,
        description="only these: ids, or sources as the records give them; several documents may bear one file name",
    )
    language: list[_Word] = Field([], max_length=50, description="only in these languages: en, ko, ru, …")
    type: list[_Word] = Field(
        [], max_length=50, description="only of these types: article, paper, report, law, …"
    )
    published_from: _Date = Field(
        "", alias="from", description="published then or later: 2012, 2012-10, 2012-10-17"
    )
    published_to: _Date = Field("", alias="to", description="published then or earlier")

    def narrowing(self) -> Narrowing:
        return Narrowing(self.document, self.language, self.type, self.published_from, self.published_to)


class AskRequest(_Narrowed):
    """A question."""

    q: _Question = Field(description="the question, in any of the languages")
    before: str = Field(
        "", max_length=QUESTION_LIMIT, description="the question before, on which this one leans"
    )


class SearchRequest(_Narrowed):
    """What to search for."""

    q: _Question = Field(description="a question or keywords")
    k: int = Field(10, ge=1, le=MOST_HITS, description="how many are wanted")


class AskBody(AskRequest):
    """A question, sent as JSON."""

    model_config = ConfigDict(strict=True)  # "10" is no number there, as it is in an address


class SearchBody(SearchRequest):
    """What to search for, sent as JSON."""

    model_config = ConfigDict(strict=True)


class DocumentsRequest(_Narrowed):
    """Which documents are listed."""

    offset: int = Field(0, ge=0, le=_LARGEST_OFFSET, description="how many are passed over")
    limit: int = Field(100, ge=1, le=1000, description="how many are wanted")


class TextRequest(BaseModel):
    """Which characters of a document's text."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    start: int = Field(0, ge=0, le=_LARGEST_OFFSET, description="the first character, counted from 0")
    end: int = Field(
        None,  # type: ignore[assignment]  # left out, and so in no schema
        ge=1,
        le=_LARGEST_OFFSET,
        description=f"the character after the last; at most {MOST_CHARACTERS:,} after the start",
    )


def create_api(tools: Tools, *, signed_in: bool = False) -> FastAPI:
    """The application to mount at PREFIX. `signed_in` has it described that web.sign_in stands before it."""
    api = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        dependencies=[Depends(_not_kept)],
    )
    api.add_middleware(SmallBodies, limit=LARGEST_BODY)
    handle_problems(api)
    _add_routes(api, tools, (401, 429) if signed_in else ())
    schema = openapi(api, signed_in=signed_in)
    page = api_page(schema)

    @api.get("/openapi.json", include_in_schema=False)
    def description() -> Response:
        return JSONResponse(schema)

    @api.get("/docs", include_in_schema=False)
    def documentation() -> Response:
        return HTMLResponse(page, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})

    @api.get("/", include_in_schema=False)
    def begin() -> Response:
        return RedirectResponse(f"{PREFIX}/docs")

    return api


def _add_routes(api: FastAPI, tools: Tools, refusals: tuple[int, ...]) -> None:
    """`refusals` are the statuses of what stands before the interface."""
    asked, sent = _problems(404, 422, 500, 503, *refusals), _problems(400, 404, 413, 422, 500, 503, *refusals)

    @api.get("/ask", tags=["Ask"], response_model=shapes.AskRecord, responses=asked)
    def ask(request: Annotated[AskRequest, Query()]) -> Record:
        """Ask a question. The answer is a quotation, or the reason why there is none."""
        return tools.ask(request.q, request.before, request.narrowing())

    @api.post("/ask", tags=["Ask"], response_model=shapes.AskRecord, responses=sent)
    def ask_by_post(request: Annotated[AskBody, Body()]) -> Record:
        """Ask a question, sent as JSON."""
        return ask(request)

    @api.get("/search", tags=["Search"], response_model=shapes.SearchRecord, responses=asked)
    def search(request: Annotated[SearchRequest, Query()]) -> Record:
        """List the passages nearest to a query."""
        return tools.search(request.q, request.k, request.narrowing())

    @api.post("/search", tags=["Search"], response_model=shapes.SearchRecord, responses=sent)
    def search_by_post(request: Annotated[SearchBody, Body()]) -> Record:
        """List the passages nearest to a query, sent as JSON."""
        return search(request)

    @api.get("/references", tags=["References"], response_model=shapes.ReferencesRecord, responses=asked)
    def references(request: Annotated[SearchRequest, Query()]) -> Record:
        """Find entries of bibliographies, and every sentence that cites them."""
        return tools.references(request.q, request.k, request.narrowing())

    @api.get("/documents", tags=["Documents"], response_model=shapes.DocumentsRecord, responses=asked)
    def documents(request: Annotated[DocumentsRequest, Query()]) -> Record:
        """List the documents by title."""
        return tools.documents(request.narrowing(), request.offset, request.limit)

    @api.get(
        "/documents/{document_id}", tags=["Documents"], response_model=shapes.DocumentRecord, responses=asked
    )
    def document(document_id: _Name) -> Record:
        """Say what is known of a document: its card, its pages and sections, how well it could be read."""
        return tools.document(document_id)

    @api.get(
        "/documents/{document_id}/text", tags=["Documents"], response_model=shapes.TextRecord, responses=asked
    )
    def text(document_id: _Name, request: Annotated[TextRequest, Query()]) -> Record:
        """Open a source: the document's own words between two offsets, such as a citation's."""
        return tools.open_source(document_id, request.start, request.end)


def openapi(api: FastAPI, *, signed_in: bool = False) -> dict[str, Any]:
    """The description of the interface, in which every refusal is a Problem.

    `signed_in`: it takes calls with a name and a password alone.
    """
    basic = " Each call sends the name and the password of an account (HTTP Basic)." if signed_in else ""
    schema = get_openapi(
        title="Verbatim",
        version="1.0.0",
        summary="Exact quotations from your documents",
        description=_DESCRIPTION + basic,
        routes=api.routes,
        servers=[{"url": PREFIX}],
        separate_input_output_schemas=False,
    )
    components = schema["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    described = TypeAdapter(shapes.Problem).json_schema(ref_template="#/components/schemas/{model}")
    components |= described.pop("$defs")
    components["Problem"] = described
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operation in (each for path in schema["paths"].values() for each in path.values()):
        operation["summary"] = operation["description"].partition(".")[0]
        for status, response in operation["responses"].items():
            if status == "200":
                response["description"] = "Done."
            else:
                response["content"] = content
    if signed_in:
        schema["components"]["securitySchemes"] = {"password": {"type": "http", "scheme": "basic"}}
        schema["security"] = [{"password": []}]
    return schema


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    waiting = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}
    return {
        status: {"description": _PROBLEMS[status]} | ({"headers": waiting} if status in {429, 503} else {})
        for status in sorted(statuses)
    }


def _not_kept(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"  # documents go and come
