"""The middleware behind web.guard: who has not signed in gets the page to do so, and nothing else.

In: any request that the guard let through. Out: the answer of the app, which finds the user in `request.state`; a
page of ours; or a refusal. People sign in at /login and carry a cookie; programs, at the REST interface and MCP,
may send name and password with each call instead (HTTP Basic, RFC 7617).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from math import ceil
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from web.accounts.account_file import Account
from web.accounts.accounts import Accounts
from web.accounts.errors import AccountsUnreadable
from web.guard import is_for_programs
from web.interface import Interface, without_language
from web.interface.choice import visitors_language
from web.problems import problem
from web.sign_in.attempts import Attempts, TooManyAttempts
from web.sign_in.door import Door
from web.sign_in.pages import again_page, login_address, login_page, logout_page, own_address
from web.sign_in.sessions import Sessions
from web.sign_in.users import EditorNeeded, User, with_user
from web.small_bodies import SmallBodies

LARGEST_FORM = 64 * 1024  # bytes
_ADDRESSES = frozenset({"/login", "/logout"})
_OPEN = frozenset({"/style/sign_in.css"})  # to everybody
_OF_EDITORS = frozenset({"/gradio_api/upload", "/gradio_api/upload_progress"})
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Verbatim", charset="UTF-8"'}
_SESSION, _BROWSER = "verbatim-session", "verbatim-browser"
_BROWSER_SECONDS = 180 * 24 * 3600
_log = logging.getLogger(__name__)


class OneUser:
    """The middleware of an app without accounts: whoever reaches it is its editor."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif without_language(scope["path"]) in _ADDRESSES:  # Gradio has pages of its own there
            await PlainTextResponse("Not found.", 404)(scope, receive, send)
        else:
            await self.app(with_user(scope, User("", "editor")), receive, send)


class SignIn:
    """The middleware of an app with accounts."""

    def __init__(
        self,
        app: ASGIApp,
        accounts: Accounts,
        sessions: Sessions | None = None,
        attempts: Attempts | None = None,
    ) -> None:
        self.app = app
        self._sessions = sessions or Sessions(accounts)
        self._door = Door(accounts, attempts or Attempts())
        self._login_form = SmallBodies(_answering(self._login), LARGEST_FORM)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # none is spoken here
        else:
            try:
                answer, scope = await self._answer(scope, Request(scope))
            except TooManyAttempts as error:
                answer = _come_again(problem(429, str(error), "TooManyAttempts"), error)
            except AccountsUnreadable as error:
                answer = _out_of_order(error)
            await answer(scope, receive, send)

    async def _answer(self, scope: Scope, request: Request) -> tuple[ASGIApp, Scope]:
        """What answers the request, and the scope to answer it in."""
        path = without_language(scope["path"])
        if path in _OPEN:
            return self.app, scope
        if path == "/login":
            return self._login_form, scope
        account = await self._account(request)
        if account is None:
            return _refusal(request), scope
        user = User(account.name, account.role)
        if path == "/logout":
            return self._logout(request, user), scope
        if path in _OF_EDITORS and not user.may_edit:
            told = f"the account {user.name!r} may read this library and not add to it"
            return problem(403, told, EditorNeeded.__name__), scope
        return self.app, with_user(scope, user)

    async def _account(self, request: Request) -> Account | None:
        authorization = request.headers.get("authorization")
        if authorization is not None and is_for_programs(request.scope["path"]):
            return await self._door.check_basic(authorization, _client(request))
        return self._sessions.account(request.cookies.get(_named(_SESSION, request), ""))

    async def _login(self, request: Request) -> Response:
        say = Interface(visitors_language(request))
        cookie = request.cookies.get(_named(_SESSION, request), "")
        if request.method in {"GET", "HEAD"}:
            wanted = own_address(request.query_params.get("next", "/"))
            signed_in = self._sessions.account(cookie) is not None
            return RedirectResponse(wanted, 303) if signed_in else login_page(say, wanted)
        if request.method != "POST":
            return _only("GET, HEAD, POST")
        try:
            form = parse_qs((await request.body()).decode(), max_num_fields=10)
        except ValueError:
            return problem(400, "the request is no form", "NoForm")
        name, password, wanted = (form.get(field, [""])[0] for field in ("name", "password", "next"))
        browser = request.cookies.get(_named(_BROWSER, request), "")
        try:
            account = await self._door.check(name.strip(), password, _client(request), browser)
        except TooManyAttempts as error:
            said = say.count(
                "Too many attempts. Try again in {n} second.",
                "Too many attempts. Try again in {n} seconds.",
                ceil(error.seconds),
            )
            return _come_again(login_page(say, wanted, name, said, 429), error)
        if account is None:
            said = say("This name and this password do not belong together.")
            return login_page(say, wanted, name, said, 403)
        self._sessions.end(cookie)
        response = RedirectResponse(own_address(wanted), 303, {"Cache-Control": "no-store"})
        _set_cookie(response, request, _SESSION, self._sessions.begin(account))
        _set_cookie(response, request, _BROWSER, self._door.cookie_for_browser(account), _BROWSER_SECONDS)
        return response

    def _logout(self, request: Request, user: User) -> Response:
        if request.method in {"GET", "HEAD"}:
            return logout_page(Interface(visitors_language(request)), user)
        if request.method != "POST":
            return _only("GET, HEAD, POST")
        self._sessions.end(request.cookies.get(_named(_SESSION, request), ""))
        response = RedirectResponse("/login", 303, {"Cache-Control": "no-store"})
        _set_cookie(response, request, _SESSION, "", 0)
        return response


def _refusal(request: Request) -> Response:
    """For who has not signed in: the way to do so where a page is opened, else the status that says it."""
    say = Interface(visitors_language(request))
    path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
    if request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", ""):
        address = quote(path) + (f"?{query}" if query else "")
        if request.headers.get("sec-fetch-site") == "cross-site":
            return again_page(say, address)
        return RedirectResponse(login_address(address), 303, {"Cache-Control": "no-store"})
    if path == "/logout" and request.method in {"GET", "HEAD", "POST"}:
        return RedirectResponse("/login", 303, {"Cache-Control": "no-store"})
    told = say("You are not signed in, or no longer. Open the page again to sign in.")
    response = problem(401, told, "SignInNeeded")
    if is_for_programs(
        request.scope["path"]
    ):  # in a page a browser would ask for a password in a window of its own
        response.headers.update(_CHALLENGE)
    return response


def _come_again(response: Response, error: TooManyAttempts) -> Response:
    response.headers["Retry-After"] = str(ceil(error.seconds))
    return response


def _out_of_order(error: AccountsUnreadable) -> Response:
    _log.error("%s: %s", type(error).__name__, error)
    return problem(503, "nobody can sign in now; the server's log says why", "ServerError")


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def _named(cookie: str, request: Request) -> str:
    """Behind https the prefix has the browser refuse what another name of the domain would set."""
    return f"__Host-{cookie}" if request.scope["scheme"] == "https" else cookie


def _set_cookie(
    response: Response, request: Request, cookie: str, value: str, seconds: int | None = None
) -> None:
    response.set_cookie(
        _named(cookie, request),
        value,
        max_age=seconds,
        secure=request.scope["scheme"] == "https",
        httponly=True,
        samesite="strict",
    )


def _answering(answer: Callable[[Request], Awaitable[Response]]) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await answer(Request(scope, receive))
        except AccountsUnreadable as error:
            response = _out_of_order(error)
        await response(scope, receive, send)

    return app


def _only(methods: str) -> Response:
    return PlainTextResponse("Not allowed.", 405, {"Allow": methods})
