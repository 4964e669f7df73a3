"""Refusals as problem details (RFC 9457): what was raised goes in, a response with the right status comes out.

Programs read them, so that they are in English, whatever language the page is in.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Match

from index.errors import LibraryLocked, UnknownDocument
from ingest.errors import VerbatimError
from ingest.told import LocalPath, Told
from qa.errors import EmptyQuestion, QuestionTooLong
from web.tools import BadRequest
from web.turns import Busy

MEDIA_TYPE = "application/problem+json"
SECONDS_TO_WAIT = "5"
_STATUSES: tuple[tuple[type[VerbatimError], int], ...] = (
    (UnknownDocument, 404),
    (EmptyQuestion, 422),
    (QuestionTooLong, 422),
    (BadRequest, 422),
    (LibraryLocked, 503),
    (Busy, 503),
    (VerbatimError, 500),  # the library or its model is broken; the message says how
)


def problem(status: int, detail: str, error: str, **more: Any) -> JSONResponse:
    """A response that says what went wrong; 503 says when to come again."""
    record = {
        "type": "about:blank",  # the status says what kind of problem it is, `error` which one
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "error": error,
        **more,
    }
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": SECONDS_TO_WAIT} if status == 503 else {})
    return JSONResponse(record, status, headers, media_type=MEDIA_TYPE)


def told_in_english(error: VerbatimError) -> str:
    """What went wrong, without where things lie on this machine."""
    told = error.told
    if not isinstance(told, Told):
        return told
    return told.with_texts(lambda text: text.name if isinstance(text, LocalPath) else text)


def too_large(limit: int) -> JSONResponse:
    return problem(413, f"the request's body has more than {limit:,} bytes", "BodyTooLarge")


def handle_problems(app: FastAPI) -> None:
    """Let every refusal of the app be a problem, and no traceback leave it."""
    app.add_exception_handler(VerbatimError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)  # logged by the server as well


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, VerbatimError)
    status = next(status for kind, status in _STATUSES if isinstance(error, kind))
    return problem(status, told_in_english(error), type(error).__name__)


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return problem(400, "the body is not JSON", "NotJson")
    # What was sent is not repeated: it may be anything.
    fields = [
        {"field": ".".join(map(str, each["loc"][1:] or each["loc"])), "message": each["msg"]}
        for each in found
    ]
    detail = "; ".join(": ".join(field.values()) for field in fields)
    return problem(422, detail, "BadRequest", fields=fields)


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    said = {
        400: "the body cannot be read",
        404: "there is nothing at this address",
        405: "this address takes no such method",
    }
    response = problem(
        error.status_code, said.get(error.status_code, phrase), phrase.title().replace(" ", "")
    )
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return response


def _methods(request: Request) -> set[str]:
    """The methods that the routes of this address take together; Starlette names those of the first alone."""
    at = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    return {method for route in at for method in route.methods}


def _failed(_: Request, error: Exception) -> JSONResponse:
    return problem(500, "the server failed on this request; its log says why", "ServerError")
