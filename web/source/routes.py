"""The routes of the source viewer: documents as HTML, pages of PDFs as pictures."""

from __future__ import annotations

import math
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from index.errors import UnknownDocument
from index.library import Library
from ingest.errors import NoSuchPage, Refused, VerbatimError
from web.interface import Interface
from web.page_pictures import LARGEST_SCALE, SMALLEST_SCALE, NoPageToDraw, PagePictures
from web.source import frame
from web.source.address import asked, interface_of, theme_of, whole, without_missing_page
from web.source.page_view import no_such_page, page_view
from web.source.text_view import passages_view, text_view
from web.words import refusal

_DEFAULT_SCALE = "2"


def source_routes(library: Library, pictures: PagePictures | None = None) -> APIRouter:
    """/source, /source/DOCUMENT and /page/DOCUMENT/NUMBER.png of a library."""
    router = APIRouter()
    drawn = pictures or PagePictures(library)

    @router.get("/source")
    def nothing_open(request: Request) -> Response:
        query = request.query_params
        return answer(frame.empty_page(interface_of(query), theme_of(query)))

    @router.get("/source/{document_id}")
    def open_source(document_id: str, request: Request) -> Response:
        query = request.query_params
        say, theme = interface_of(query), theme_of(query)
        try:
            document = library.document(document_id)
            address = asked(document, query)
            if address.view == "page":
                return answer(page_view(say, document, address, drawn))
            if address.view == "passages":
                return answer(passages_view(say, document, library, address))
            return answer(text_view(say, document, address))
        except UnknownDocument:
            return missing(say, theme)
        except NoSuchPage as error:
            address = without_missing_page(document, query)
            return answer(no_such_page(say, document, address, error), 404)

    @router.get("/page/{document_id}/{name}.png")
    def page_picture(document_id: str, name: str, request: Request) -> Response:
        query = request.query_params
        say = interface_of(query)
        scale = _scale(query.get("scale", _DEFAULT_SCALE))
        if scale is None:
            told = say(
                "scale is a number from {least} to {most}, such as scale=2.",
                least=f"{SMALLEST_SCALE:g}",
                most=f"{LARGEST_SCALE:g}",
            )
            return PlainTextResponse(told, 400)
        try:
            number = whole(name) or 0
            card = drawn.card(document_id, number)
            # A document's id is the hash of its file: one address is one picture, as long as it is here.
            headers = {"ETag": f'"{card.id}-{number}-{scale:g}"', "Cache-Control": "private, no-cache"}
            if headers["ETag"] in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=headers)
            return Response(drawn.picture(card.id, number, scale), media_type="image/png", headers=headers)
        except UnknownDocument:
            return PlainTextResponse(
                say("This document is not in the library. It may have been removed."), 404
            )
        except (NoSuchPage, NoPageToDraw) as error:
            return PlainTextResponse(refusal(say, error), 404)
        except VerbatimError as error:
            return _placeholder(say, error)

    return router


def answer(shown: frame.Shown, status: int = 200) -> Response:
    """A page of the viewer as a response."""
    headers = {"Content-Security-Policy": shown.content_security_policy, "Cache-Control": "no-store"}
    return HTMLResponse(shown.html, status, headers=headers)


def missing(say: Interface, theme: str = "") -> Response:
    """For a document that is not in the library."""
    return answer(frame.missing_page(say, theme), 404)


def _scale(text: str) -> float | None:
    """Pixels to the point; None for what is no number, or out of bounds."""
    try:
        scale = float(text)
    except ValueError:
        return None
    return scale if math.isfinite(scale) and SMALLEST_SCALE <= scale <= LARGEST_SCALE else None


def _placeholder(say: Interface, error: VerbatimError) -> Response:
    """A picture of a blank page that says why there is nothing on it: browsers show it in the page's place."""
    refused = isinstance(error, Refused)
    words = escape(refusal(say, error))
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" lang="{say.language}" viewBox="0 0 595 842" width="595" height="842">'
        f'<title>{words}</title><rect width="595" height="842" fill="#fff"/>'
        '<text x="298" y="410" text-anchor="middle" font-family="sans-serif" font-size="16" fill="#333">'
        f"{escape(say('This page cannot be drawn.'))}</text></svg>"
    )
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'"}
    return Response(picture, 422 if refused else 503, media_type="image/svg+xml", headers=headers)
