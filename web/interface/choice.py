"""Which language somebody gets: the one picked in the masthead, else the one that the browser asks for.

The masthead's links lead to "/?lang=…". `ChosenLanguage` keeps what is picked there in a cookie, and sends who comes
to "/" on to the page of their language; every other address is in the language that it names.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.interface import ENGLISH, NAMES, Interface

_COOKIE = "verbatim-language"
_SECONDS = 365 * 24 * 3600
_VARY = "Accept-Language, Cookie"


class ChosenLanguage:
    """The middleware that answers "/" to browsers in the right language, and everything else as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or not _opens_a_page(scope):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        picked = request.query_params.get("lang", "")
        language = picked if picked in NAMES else visitors_language(request)
        extra = {"Vary": _VARY}
        if picked in NAMES:
            extra["Set-Cookie"] = _cookie(request, picked)
        if language != ENGLISH:
            response = RedirectResponse(_home(language, request.url.query), 303, extra)
            await response(scope, receive, send)
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in extra.items():
                    headers.append(name, value)
            await send(message)

        await self.app(scope, receive, send_marked)


def visitors_language(request: Request) -> str:
    """The language that was picked in this browser, else the one that it asks for."""
    picked = request.cookies.get(_COOKIE, "")
    return picked if picked in NAMES else preferred_language(request.headers.get("accept-language", ""))


def preferred_language(accept: str) -> str:
    """The language of an Accept-Language header that there are words in, the most wanted first; else English."""
    wanted = []
    for position, each in enumerate(accept[:1000].split(",")):
        language, _, parameters = each.strip().partition(";")
        code = language.partition("-")[0].lower()
        weight = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", parameters)
        quality = float(weight[1]) if weight else 1.0
        if code in NAMES and quality > 0:
            wanted.append((-quality, position, code))
    return min(wanted)[2] if wanted else ENGLISH


def _opens_a_page(scope: Scope) -> bool:
    """Whether a browser is about to show what is answered; not so what a program or a script fetches."""
    headers = Headers(scope=scope)
    return (
        scope["method"] in {"GET", "HEAD"}
        and "text/html" in headers.get("accept", "")
        and headers.get("sec-fetch-mode", "navigate") == "navigate"
    )


def _home(language: str, query: str) -> str:
    """The page of a language, with the query but for what picks one."""
    kept = urlencode([(name, value) for name, value in parse_qsl(query, True) if name != "lang"])
    return f"{Interface(language).home}{'?' if kept else ''}{kept}"


def _cookie(request: Request, language: str) -> str:
    response = Response()
    secure = request.scope["scheme"] == "https"
    response.set_cookie(_COOKIE, language, _SECONDS, secure=secure, httponly=True, samesite="lax")
    return response.headers["set-cookie"]
