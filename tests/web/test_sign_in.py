"""Signing in, tried against the whole app: who gets in, who stays out, and what a reader may not do."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio as gr
import pytest
from fastapi import FastAPI
from httpx import Response
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from index.encoder import OpenVinoEncoder
from index.library import Library
from tests.web.event_loop import run
from tests.web.machines import DOCUMENTS, id_of, opened
from tests.web.test_accounts import QUICK, CountingPasswords
from tests.web.test_attempts import Clock
from web.accounts.account_file import Account, changing
from web.accounts.accounts import Accounts
from web.guard import Guard
from web.interface import Interface
from web.library.documents_html import documents_html
from web.library.shelf import rows_of
from web.server import create_app
from web.sign_in.attempts import LIMITS
from web.sign_in.middleware import OneUser, SignIn
from web.sign_in.pages import account_html, login_page, logout_page, own_address
from web.sign_in.sessions import Limits, Sessions
from web.sign_in.users import EditorNeeded, User, require_editor, user_of, with_user

EDITOR, READER, HOSTILE = "anna", "보라", '<script>alert("1")</script>'
PASSWORDS = {
    EDITOR: "the heron stands still",
    READER: "열람만 할 수 있는 비밀번호",
    HOSTILE: "<img src=x onerror=alert(1)>",
}
ORIGIN = "http://127.0.0.1:7860"
BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "en"}
REPORT = b"# Bridges of Tashmere\n\nThe longest bridge of Tashmere measures 1,340 metres.\n"


def write_accounts(path: Path) -> None:
    roles = {EDITOR: "editor", READER: "reader", HOSTILE: "reader"}
    with changing(path) as accounts:
        for name, role in roles.items():
            accounts[name] = Account(name, role, QUICK.hash(PASSWORDS[name]))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: OpenVinoEncoder) -> Iterator[Library]:
    with opened(tmp_path_factory.mktemp("sign_in") / "library", encoder) as library:
        yield library


@pytest.fixture(scope="module")
def app(library: Library, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    path = tmp_path_factory.mktemp("auth") / "accounts.jsonl"
    write_accounts(path)
    return create_app(library, accounts=Accounts(path, QUICK))


@pytest.fixture(scope="module")
def started(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, ORIGIN, follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(started: TestClient) -> TestClient:
    """The running app, and a browser that knows nothing yet."""
    started.cookies.clear()
    return started


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.jsonl"
    write_accounts(path)
    return path


@pytest.fixture
def passwords() -> CountingPasswords:
    return CountingPasswords()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def small(path: Path, passwords: CountingPasswords, clock: Clock) -> TestClient:
    """Guard and SignIn before an app that tells who asks; nothing counted before."""
    accounts = Accounts(path, passwords)
    sessions = Sessions(accounts, Limits(idle=100, longest=1000), clock)
    guarded = Guard(SignIn(telling, accounts, sessions), frozenset({"127.0.0.1"}))
    return TestClient(guarded, ORIGIN, follow_redirects=False)


async def telling(scope: Scope, receive: Receive, send: Send) -> None:
    """Says who asks and what is posted."""
    request = Request(scope, receive)
    user = user_of(gr.Request(request))
    await PlainTextResponse(f"{user.name} {user.role}" if user else "nobody")(scope, receive, send)


def sign_in(client: TestClient, name: str, password: str | None = None, **more: str) -> Response:
    form = {"name": name, "password": PASSWORDS[name] if password is None else password, **more}
    return client.post("/login", data=form, headers={"Origin": ORIGIN, **BROWSER})


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


# Who has not signed in


@pytest.mark.parametrize("path", ["/", "/config", "/source", "/theme.css", "/assets/x.js", "/style/app.css"])
def test_a_page_leads_to_the_form_and_everything_else_is_refused(client: TestClient, path: str) -> None:
    opened = client.get(path, headers=BROWSER)
    assert opened.status_code == 303
    assert opened.headers["location"] == ("/login" if path == "/" else f"/login?next={quote(path)}")
    refused = client.get(path)
    assert refused.status_code == 401
    assert refused.json()["error"] == "SignInNeeded"
    assert "www-authenticate" not in refused.headers  # or a browser would ask in a window of its own


@pytest.mark.parametrize("path", ["/queue/join", "/upload", "/cancel", "/reset", "/startup-events"])
def test_no_call_of_the_page_is_answered_to_a_stranger(client: TestClient, path: str) -> None:
    refused = client.post(f"/gradio_api{path}", json={}, headers={"Origin": ORIGIN})
    assert refused.status_code == 401
    assert "not signed in" in refused.json()["detail"]  # which the page shows


def test_no_document_is_shown_to_a_stranger(client: TestClient, library: Library) -> None:
    document = id_of(library, "/desk/forum.md")
    for path in (f"/source/{document}", f"/original/{document}", f"/page/{document}/1.png"):
        assert client.get(path).status_code == 401
        assert b"Forum" not in client.get(path, headers=BROWSER).content


def test_the_form_and_its_style_are_open_to_everybody(client: TestClient) -> None:
    form = client.get("/login", headers=BROWSER)
    assert form.status_code == 200
    policy = form.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self'")
    assert "script" not in policy + form.text
    assert form.headers["cache-control"] == "no-store"
    assert form.headers["x-frame-options"] == "SAMEORIGIN"
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in form.text
    # Without it the browser would hide the form's origin, and Guard refuse what is posted.
    assert '<meta name="referrer" content="same-origin">' in form.text
    style = client.get("/style/sign_in.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert client.get("/style/sign_in.css/../app.css").status_code == 401


@pytest.mark.parametrize(
    ("accept", "language", "button"),
    [
        ("", "en", "Sign in"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko", "로그인"),
        ("uz,ru;q=0.8,en;q=0.5", "ru", "Войти"),
        ("ko;q=0.2, ru;q=0.7", "ru", "Войти"),
        ("ko;q=0, fr", "en", "Sign in"),
        ("ko;q=x,;;=,", "ko", "로그인"),
        ("," * 5000 + "ko", "en", "Sign in"),
    ],
)
def test_the_form_speaks_the_readers_language(
    client: TestClient, accept: str, language: str, button: str
) -> None:
    text = client.get("/login", headers={"Accept-Language": accept}).text
    assert f'<html lang="{language}">' in text
    assert f'<button type="submit">{button}</button>' in text


def test_the_form_speaks_the_language_that_was_picked(client: TestClient) -> None:
    client.cookies.set("verbatim-language", "ru")
    form = client.get("/login", headers={"Accept-Language": "ko"}).text
    assert '<html lang="ru">' in form
    assert "Точные цитаты из ваших документов" in form


def test_a_korean_is_brought_to_the_korean_page_and_back_to_it_after_signing_in(client: TestClient) -> None:
    korean = {**BROWSER, "Accept-Language": "ko"}
    assert client.get("/ko/?q=a", headers=korean).headers["location"] == "/login?next=/ko/%3Fq%3Da"
    done = sign_in(client, READER, next="/ko/?q=a")
    assert done.headers["location"] == "/ko/?q=a"
    opened = client.get("/", headers=korean)
    assert (opened.status_code, opened.headers["location"]) == (303, "/ko/")
    assert client.get("/?lang=en", headers=korean).status_code == 200
    assert client.get("/", headers=korean).status_code == 200
    assert client.get("/ko/", headers=korean).status_code == 200


def test_a_link_from_another_site_is_loaded_again_from_our_own(client: TestClient) -> None:
    headers = {**BROWSER, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    page = client.get("/?q=a%22b&x=<", headers=headers)
    assert page.status_code == 200
    assert 'http-equiv="refresh" content="0;url=/?q=a%22b&amp;x=' in page.text
    assert client.get("/?q=a", headers={**headers, "Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_a_websocket_is_closed(path: Path) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    run(SignIn(telling, Accounts(path, QUICK))({"type": "websocket", "path": "/"}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


# Signing in and out


def test_a_right_password_opens_the_page_asked_for(client: TestClient) -> None:
    asked = client.get("/source?view=text&start=1", headers=BROWSER).headers["location"]
    form = client.get(asked, headers=BROWSER).text
    wanted = re.search(r'name="next" value="([^"]*)"', form)
    assert wanted
    assert wanted[1] == "/source?view=text&amp;start=1"
    done = sign_in(client, READER, next="/source?view=text&start=1")
    assert (done.status_code, done.headers["location"]) == (303, "/source?view=text&start=1")
    assert client.get("/source").status_code == 200
    assert client.get("/", headers=BROWSER).status_code == 200
    again = client.get("/login?next=/source", headers=BROWSER)
    assert (again.status_code, again.headers["location"]) == (303, "/source")


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(client: TestClient) -> None:
    cookies = sign_in(client, EDITOR).headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("verbatim-session="))
    for part in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert part in session
    assert len(session.partition("=")[2].partition(";")[0]) == 43
    assert "Secure" not in session
    assert "Max-Age" not in session  # it goes with the browser
    secret = client.__class__(client.app, "https://127.0.0.1:7860", follow_redirects=False)
    cookies = secret.post(
        "/login",
        data={"name": EDITOR, "password": PASSWORDS[EDITOR]},
        headers={"Origin": "https://127.0.0.1:7860"},
    ).headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-verbatim-")
        assert "Secure" in cookie
    assert secret.get("/source").status_code == 200


def test_a_wrong_password_and_an_unknown_name_look_the_same(
    small: TestClient, passwords: CountingPasswords
) -> None:
    pages = []
    for name in (EDITOR, "nobody"):
        refused = sign_in(small, name, "wrong and long enough")
        assert refused.status_code == 403
        assert "set-cookie" not in refused.headers
        assert 'role="alert"' in refused.text
        pages.append(refused.text.replace(name, "NAME"))
    assert pages[0] == pages[1]
    assert len(passwords.verified) == 2  # a hash was computed for each
    assert small.get("/source").status_code == 401


@pytest.mark.parametrize(
    "form", ["", "name=anna", "password=x", "name=%ff%00&password=%ed%a0%80", "a" * 1000]
)
def test_half_a_form_is_a_wrong_password(small: TestClient, form: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    refused = small.post("/login", content=form, headers=headers)
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers


@pytest.mark.parametrize(
    ("form", "status"), [(b"\xff", 400), (b"&".join([b"a=b"] * 50), 400), (b"a" * 70_000, 413)]
)
def test_what_is_no_form_is_refused(
    small: TestClient, passwords: CountingPasswords, form: bytes, status: int
) -> None:
    assert small.post("/login", content=form).status_code == status
    assert passwords.verified == []


def test_another_sites_form_signs_nobody_in_or_out(client: TestClient) -> None:
    form = {"name": EDITOR, "password": PASSWORDS[EDITOR]}
    for origin in ("http://attacker.example", "null", "http://127.0.0.1:1"):
        assert client.post("/login", data=form, headers={"Origin": origin}).status_code == 403
    assert not client.cookies
    sign_in(client, EDITOR)
    for origin in ("http://attacker.example", "null"):
        assert client.post("/logout", headers={"Origin": origin}).status_code == 403
    assert client.get("/source").status_code == 200


def test_signing_out_is_posted_and_ends_the_session(client: TestClient) -> None:
    sign_in(client, READER)
    token = client.cookies["verbatim-session"]
    page = client.get("/logout", headers=BROWSER)
    assert page.status_code == 200
    assert READER in page.text
    assert '<form method="post" action="/logout">' in page.text
    assert client.get("/source").status_code == 200  # a link alone changes nothing
    done = client.post("/logout", headers={"Origin": ORIGIN})
    assert (done.status_code, done.headers["location"]) == (303, "/login")
    assert "verbatim-session" not in client.cookies
    client.cookies.set("verbatim-session", token)
    assert client.get("/source").status_code == 401


def test_signing_in_again_ends_the_session_before(client: TestClient) -> None:
    sign_in(client, READER)
    before = client.cookies["verbatim-session"]
    sign_in(client, EDITOR)
    assert client.cookies["verbatim-session"] != before
    client.cookies.clear()
    client.cookies.set("verbatim-session", before)
    assert client.get("/source").status_code == 401


@pytest.mark.parametrize("token", ["", "x" * 43, "anna", "é", '"; a=b'])
def test_a_forged_cookie_is_nobody(client: TestClient, token: str) -> None:
    cookie = f"verbatim-session={token}; __Host-verbatim-session={token}".encode()
    assert client.get("/source", headers={b"Cookie": cookie}).status_code == 401


def test_a_session_expires(small: TestClient, clock: Clock) -> None:
    sign_in(small, READER)
    clock.now += 99
    assert small.get("/source").text == f"{READER} reader"
    clock.now += 100
    assert small.get("/source").status_code == 401
    assert small.get("/source", headers=BROWSER).headers["location"] == "/login?next=/source"


def test_who_is_taken_out_is_out_at_once(small: TestClient, path: Path) -> None:
    sign_in(small, EDITOR)
    assert small.get("/source").text == "anna editor"
    with changing(path) as accounts:
        accounts[EDITOR] = Account(EDITOR, "reader", accounts[EDITOR].password_hash)
    assert small.get("/source").text == "anna reader"
    with changing(path) as accounts:
        del accounts[EDITOR]
    assert small.get("/source").status_code == 401


def test_a_damaged_file_lets_nobody_in_and_tells_strangers_nothing(
    small: TestClient, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(small, EDITOR)
    path.write_text("damaged", encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        answers = [
            small.get("/source"),
            sign_in(small, EDITOR),
            small.get("/api/v1/ask", headers=basic(EDITOR, "x")),
        ]
    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert all(str(path) not in answer.text for answer in answers)
    assert f"AccountsDamaged: {path}, line 1" in caplog.text


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
    " //evil.example",
    "/a\r\nSet-Cookie: x=y",
    "/" + "a" * 20_000,
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_sent_elsewhere(client: TestClient, wanted: str) -> None:
    assert own_address(wanted) == "/"
    assert sign_in(client, READER, next=wanted).headers["location"] == "/"
    again = client.get("/login", params={"next": wanted}, headers=BROWSER)
    assert (again.status_code, again.headers["location"]) == (303, "/")
    client.cookies.clear()
    form = client.get("/login", params={"next": wanted}, headers=BROWSER)
    assert 'name="next" value="/"' in form.text


@pytest.mark.parametrize("path", ["/logout", "/login"])
def test_other_methods_are_refused(client: TestClient, path: str) -> None:
    assert client.put(path, headers={"Origin": ORIGIN}).status_code == (401 if path == "/logout" else 405)
    sign_in(client, READER)
    assert client.delete(path, headers={"Origin": ORIGIN}).status_code == 405
    assert client.head(path).status_code in {200, 303}


def test_script_in_a_name_stays_text(client: TestClient) -> None:
    refused = sign_in(client, HOSTILE, "wrong and long enough", next='/"><script>alert(2)</script>')
    assert "<script" not in refused.text
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in refused.text
    assert sign_in(client, HOSTILE).status_code == 303
    shown = client.get("/logout", headers=BROWSER).text
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert HOSTILE not in client.get("/", headers=BROWSER).text
    corner = account_html(Interface(), User(HOSTILE, "reader"))
    assert "<script" not in corner
    assert "&lt;script&gt;" in corner


# Guessing


def test_guessing_is_slowed_down_without_more_work(small: TestClient, passwords: CountingPasswords) -> None:
    for _ in range(LIMITS["address"].at_once):
        assert sign_in(small, EDITOR, "a wrong password").status_code == 403
    assert len(passwords.verified) == LIMITS["address"].at_once
    refused = sign_in(small, EDITOR)  # the right one too
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "Try again in 60 seconds" in refused.text
    by_program = small.get("/api/v1/ask", headers=basic(EDITOR, PASSWORDS[EDITOR]))
    assert (by_program.status_code, by_program.headers["retry-after"]) == (429, "60")
    assert by_program.json()["error"] == "TooManyAttempts"
    assert len(passwords.verified) == LIMITS["address"].at_once


def test_a_stranger_does_not_shut_out_a_browser_that_is_known(small: TestClient) -> None:
    sign_in(small, EDITOR)
    small.post("/logout", headers={"Origin": ORIGIN})
    known = small.cookies.get("verbatim-browser")
    assert known
    small.cookies.clear()
    for _ in range(LIMITS["address"].at_once + 1):
        sign_in(small, EDITOR, "a wrong password")
    assert sign_in(small, EDITOR).status_code == 429
    small.cookies.set("verbatim-browser", known)
    assert sign_in(small, EDITOR).status_code == 303
    # It vouches for nobody else, and a made-up one for nobody.
    small.cookies.clear()
    for cookie, name in ((known, READER), (known[:-1] + "x", EDITOR), ("x.y", EDITOR), (".", "nobody")):
        small.cookies.set("verbatim-browser", cookie)
        assert sign_in(small, name, "a wrong password").status_code == 429
        small.cookies.clear()


def test_a_known_browser_may_not_guess_on_either(small: TestClient) -> None:
    sign_in(small, EDITOR)
    statuses = [sign_in(small, EDITOR, "a wrong password").status_code for _ in range(12)]
    assert statuses == [403] * LIMITS["browser"].at_once + [429] * 2


# Programs


def test_programs_send_name_and_password_with_each_call(client: TestClient, library: Library) -> None:
    refused = client.get("/api/v1/documents")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == 'Basic realm="Verbatim", charset="UTF-8"'
    assert refused.headers["content-type"] == "application/problem+json"
    listed = client.get("/api/v1/documents", headers=basic(READER, PASSWORDS[READER]))
    assert listed.json()["total"] == len(DOCUMENTS)
    assert "set-cookie" not in listed.headers
    sign_in(client, READER)
    assert client.get("/api/v1/documents").status_code == 200


def test_the_description_says_so(client: TestClient, library: Library) -> None:
    sign_in(client, READER)
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["security"] == [{"password": []}]
    assert schema["components"]["securitySchemes"] == {"password": {"type": "http", "scheme": "basic"}}
    for path in schema["paths"].values():
        for operation in path.values():
            assert {"401", "429"} < set(operation["responses"])
    page = client.get("/api/v1/docs", headers=BROWSER).text
    assert "(HTTP Basic)" in page
    with TestClient(create_app(library), ORIGIN) as unguarded:
        schema = unguarded.get("/api/v1/openapi.json").json()
        assert "security" not in schema
        assert "401" not in schema["paths"]["/ask"]["get"]["responses"]


def test_an_assistant_signs_in_the_same_way(client: TestClient) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"Accept": "application/json, text/event-stream"}
    for path in ("/gradio_api/mcp", "/gradio_api/mcp/"):
        refused = client.post(path, json=call, headers=headers)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Basic ")
        allowed = client.post(path, json=call, headers={**headers, **basic(READER, PASSWORDS[READER])})
        assert allowed.status_code == 200
        assert '"open_source"' in allowed.text


@pytest.mark.parametrize(
    "authorization",
    [
        basic(READER, "a wrong password")["Authorization"],
        basic("nobody", "a wrong password")["Authorization"],
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b"\xff:\xff").decode(),
        f"Bearer {PASSWORDS[EDITOR]}",
        "",
    ],
)
def test_wrong_credentials_are_refused_also_with_a_good_cookie(small: TestClient, authorization: str) -> None:
    sign_in(small, READER)
    refused = small.get("/api/v1/documents", headers={"Authorization": authorization})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic ")


def test_a_right_password_is_hashed_once_and_forgotten_when_it_changes(
    small: TestClient, passwords: CountingPasswords, path: Path
) -> None:
    headers = basic(EDITOR, PASSWORDS[EDITOR])
    for _ in range(5):
        assert small.get("/api/v1/ask", headers=headers).text == "anna editor"
    assert len(passwords.verified) == 1
    with changing(path) as accounts:
        accounts[EDITOR] = Account(EDITOR, "editor", QUICK.hash("a new password here"))
    assert small.get("/api/v1/ask", headers=headers).status_code == 401


def test_name_and_password_open_no_page(client: TestClient) -> None:
    assert client.get("/source", headers=basic(EDITOR, PASSWORDS[EDITOR])).status_code == 401
    posted = client.post("/gradio_api/upload", headers=basic(EDITOR, PASSWORDS[EDITOR]))
    assert posted.status_code == 401


# What a reader may not do


def function(client: TestClient, event: str, *, target: str = "") -> int:
    """The number of the page's own function at an event, of the component with an element id."""
    config: dict[str, Any] = client.get("/config").json()
    ids = {
        each["id"] for each in config["components"] if not target or each["props"].get("elem_id") == target
    }
    return next(
        each["id"]
        for each in config["dependencies"]
        if any(kind == event and component in ids for component, kind in each["targets"])
    )


def events_of(client: TestClient, number: int, data: list[Any], event_data: Any) -> list[dict[str, Any]]:
    """What the server sends when a function of the page is called as the page calls it."""
    session = f"test{number}"
    body = {"fn_index": number, "data": data, "session_hash": session, "event_data": event_data}
    joined = client.post("/gradio_api/queue/join", json=body, headers={"Origin": ORIGIN})
    assert joined.status_code == 200, joined.text
    stream = client.get("/gradio_api/queue/data", params={"session_hash": session}).text
    events = [json.loads(line[5:]) for line in stream.splitlines() if line.startswith("data:")]
    done = next(event for event in events if event["msg"] == "process_completed")
    assert done["success"], done
    return [event for event in events if "data" in event.get("output", {})]


def called(client: TestClient, number: int, data: list[Any], event_data: Any = None) -> list[Any]:
    """What a function of the page gives."""
    given: list[Any] = events_of(client, number, data, event_data)[-1]["output"]["data"]
    return given


def told_by(client: TestClient, number: int, data: list[Any], event_data: Any = None) -> str:
    """All text that a function of the page gives, the steps on the way to its result included."""
    found: list[str] = []
    waiting: list[Any] = [event["output"]["data"] for event in events_of(client, number, data, event_data)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            found.append(part)
        elif isinstance(part, list | dict):
            waiting += part.values() if isinstance(part, dict) else part
    return "\n".join(found)


def upload(client: TestClient) -> Response:
    files = {"files": ("bridges.md", REPORT, "text/markdown")}
    return client.post("/gradio_api/upload", files=files, headers={"Origin": ORIGIN})


def test_a_reader_uploads_nothing(client: TestClient) -> None:
    sign_in(client, READER)
    refused = upload(client)
    assert refused.status_code == 403
    assert refused.json()["error"] == "EditorNeeded"
    assert client.get("/gradio_api/upload_progress?upload_id=x").status_code == 403


def test_a_reader_adds_and_removes_nothing_by_the_raw_interface(client: TestClient, library: Library) -> None:
    sign_in(client, EDITOR)
    (uploaded,) = upload(client).json()
    named = [{"path": uploaded, "meta": {"_type": "gradio.FileData"}, "orig_name": "bridges.md"}]
    add, ask_to = function(client, "upload"), function(client, "click", target="documents")
    remove = function(client, "click", target="confirm-remove")
    client.cookies.clear()
    sign_in(client, READER)
    before = {card.id for card in library.documents()}
    victim = id_of(library, "/desk/trade.html")

    told = told_by(client, add, [named, False, None])
    assert "may read this library and not change it" in told
    assert "Trade by Country" in told
    assert 'class="remove"' not in told
    assert Path(uploaded).exists()  # nor does it take away what an editor uploads
    told = told_by(client, ask_to, [], {"document_id": victim})
    assert "may read this library and not change it" in told
    told = told_by(client, remove, [victim, None])
    assert "may read this library and not change it" in told
    assert {card.id for card in library.documents()} == before

    client.cookies.clear()
    sign_in(client, EDITOR)
    told = told_by(client, add, [named, False, None])
    assert "Added: it can be asked about now." in told
    assert 'aria-label="Remove Bridges of Tashmere"' in told
    added = {card.id for card in library.documents()} - before
    assert len(added) == 1
    told = told_by(client, ask_to, [], {"document_id": added.pop()})
    assert "Remove “Bridges of Tashmere”?" in told


def test_the_page_shows_a_reader_no_way_to_add(client: TestClient) -> None:
    config = client_config(client, READER)
    documents = next(
        each["id"] for each in config["components"] if each["props"].get("elem_id") == "documents"
    )
    load = next(
        each
        for each in config["dependencies"]
        if any(kind == "load" for _, kind in each["targets"]) and documents in each["outputs"]
    )
    for name, may in ((READER, False), (EDITOR, True)):
        client.cookies.clear()
        sign_in(client, name)
        given = called(client, load["id"], [None] * len(load["inputs"]))
        table = given[load["outputs"].index(documents)]
        assert "Trade by Country" in table
        assert ('class="remove"' in table) is may
        assert {each["visible"] for each in given if isinstance(each, dict) and "visible" in each} == {may}


def test_a_conversation_comes_back_to_who_had_it_alone(client: TestClient) -> None:
    question = "When did the cooperation forum begin?"
    config = client_config(client, EDITOR)
    answer = next(each["id"] for each in config["components"] if each["props"].get("elem_id") == "answer")
    recall = next(
        each["id"]
        for each in config["dependencies"]
        if answer in each["outputs"] and "getItem('verbatim-conversation')" in str(each["js"])
    )
    html, *_ = called(client, function(client, "submit", target="question"), [question, None, None])
    token = re.search(r'data-kept="([^"]{43})"', html)
    assert token
    shown, _ = called(client, recall, [token[1]])
    assert question in shown and '<p class="short"' in shown
    for unknown in ("", token[1][1:], None, 7, [token[1]]):
        assert question not in told_by(client, recall, [unknown])
    client.cookies.clear()
    sign_in(client, READER)
    assert question not in told_by(client, recall, [token[1]])


def test_the_page_says_who_is_signed_in(client: TestClient) -> None:
    config = client_config(client, READER)
    corner = next(each["id"] for each in config["components"] if each["props"].get("elem_id") == "account")
    load = next(each["id"] for each in config["dependencies"] if each["outputs"] == [corner])
    (html,) = called(client, load, [])
    assert READER in html
    assert "(reader)" in html
    assert '<a href="/logout">Sign out</a>' in html
    # The corner is in the language of its page, whatever the browser prefers.
    assert "Выйти" in account_html(Interface("ru"), User(READER, "reader"))
    assert account_html(Interface(), None) == ""


def client_config(client: TestClient, name: str) -> dict[str, Any]:
    sign_in(client, name)
    config: dict[str, Any] = client.get("/config").json()
    assert all(each["api_visibility"] == "private" for each in config["dependencies"])
    return config


def test_who_did_not_pass_the_middleware_may_change_nothing() -> None:
    for scope in ({"type": "http"}, {"type": "http", "state": {"user": "anna"}}):
        with pytest.raises(EditorNeeded, match="who has not signed in"):
            require_editor(gr.Request(Request(scope)))
    with pytest.raises(EditorNeeded, match="the account 'boris' may read"):
        require_editor(gr.Request(Request(with_user({"type": "http"}, User("boris", "reader")))))
    require_editor(gr.Request(Request(with_user({"type": "http"}, User("anna", "editor")))))


def test_a_table_that_is_not_editable_has_no_buttons(library: Library) -> None:
    rows = rows_of(library)
    for kind in ("edit", "remove"):
        assert documents_html(Interface(), rows).count(f'class="{kind}"') == len(rows)
        assert f'class="{kind}"' not in documents_html(Interface(), rows, editable=False)
    assert "Drop files" not in documents_html(Interface(), [], editable=False)


# Without accounts


def test_without_accounts_nobody_signs_in_and_everybody_edits() -> None:
    client = TestClient(OneUser(telling), ORIGIN)
    assert client.get("/source").text == " editor"
    assert client.get("/login").status_code == 404
    assert client.post("/logout").status_code == 404


def test_without_accounts_the_page_has_no_corner_for_one(library: Library) -> None:
    with TestClient(create_app(library), ORIGIN) as client:
        config = client.get("/config").json()
        assert all(each["props"].get("elem_id") != "account" for each in config["components"])
        (uploaded,) = upload(client).json()
        Path(uploaded).unlink()
        assert client.get("/login").status_code == 404


def test_pages_of_ours_hold_no_script_in_any_language() -> None:
    for language in ("en", "ko", "ru"):
        for page in (
            login_page(Interface(language), "/", HOSTILE, "said"),
            logout_page(Interface(language), User(HOSTILE, "editor")),
        ):
            assert b"<script" not in page.body
            assert f'lang="{language}"'.encode() in page.body
