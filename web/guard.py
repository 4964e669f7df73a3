"""Who may ask what of the server: a middleware that stands before everything else.

In: any request. Out: a refusal, or the answer with security headers on it. A page of another site
that the user happens to have open can reach 127.0.0.1 too; the checks of Host and Origin are for it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api import PREFIX
from web.interface import without_language
from web.mcp import PATHS

# What the page itself calls. Gradio has many more routes: some read files (`file=`), some fetch any
# address from the server (`proxy=`), some show who uses the app (`monitoring`). None is needed.
_PAGES = frozenset(
    {
        "/",
        "/login",
        "/logout",
        "/source",
        "/notebook",
        "/config",
        "/theme.css",
        "/favicon.ico",
        "/manifest.json",
    }
    | {f"/gradio_api/{name}" for name in ("queue/join", "queue/data", "upload", "upload_progress")}
    | {f"/gradio_api/{name}" for name in ("startup-events", "cancel", "reset", "theme.css")}
)
_FOLDERS = (
    *("/source/", "/page/", "/original/", "/export/", "/notebook/", "/style/", "/script/"),
    *("/assets/", "/static/", "/gradio_api/heartbeat/"),
)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# Gradio writes scripts and styles into its page and compiles its templates there, so inline code and
# eval have to be allowed; what they may reach is this server alone.
_CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


class Guard:
    """`hosts` are the names this server answers to, without port."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = frozenset(map(str.lower, hosts))  # as browsers write them

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("Content-Security-Policy", _CONTENT_SECURITY_POLICY)
            await send(message)

        path = without_language(scope["path"])
        refusal = self._refusal(scope["method"], path, Headers(scope=scope))
        await (refusal or self.app)(scope, receive, send_guarded)

    def _refusal(self, method: str, path: str, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "")
        if _name(host) not in self.hosts:
            return PlainTextResponse("This server does not answer to that name.", 400)
        # A browser names the page that a form or a script posts from; a foreign one is turned away.
        origin = headers.get("origin")
        programs = is_for_programs(path)
        guarded = programs or method not in {"GET", "HEAD"}
        if guarded and origin is not None and origin.partition("://")[2] != host:
            return PlainTextResponse("Requests from other sites are refused.", 403)
        if not programs and path not in _PAGES and not path.startswith(_FOLDERS):
            return PlainTextResponse("Not found.", 404)
        return None


def is_for_programs(path: str) -> bool:
    """Whether it is programs that call this: then it is no page of another site, whatever the method."""
    return path in PATHS or path == PREFIX or path.startswith(f"{PREFIX}/")


def _name(host: str) -> str:
    """The name in a Host header, without its port; "" where it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:  # a bracket that is not closed
        return ""
