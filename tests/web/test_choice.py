"""The language that somebody gets: by the browser at first, by the masthead once one is picked there."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from web.interface.choice import ChosenLanguage, preferred_language

OPENING = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Mode": "navigate"}


async def english(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that tells what it was asked for."""
    request = Request(scope)
    told = f"{request.method} {request.url.path}?{request.url.query}"
    await PlainTextResponse(told, headers={"Vary": "Accept"})(scope, receive, send)


@pytest.fixture
def client() -> TestClient:
    return TestClient(ChosenLanguage(english), "http://desk", follow_redirects=False)


def opening(accept: str) -> dict[str, str]:
    return {**OPENING, "Accept-Language": accept}


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("uz,ru;q=0.8,en;q=0.5", "ru"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("ko;q=0.2, ru;q=0.7", "ru"),
        ("ko;q=0, fr", "en"),
        ("ko;q=x,;;=,", "ko"),
        ("," * 5000 + "ko", "en"),
    ],
)
def test_a_first_visit_is_in_the_browsers_language(client: TestClient, accept: str, language: str) -> None:
    assert preferred_language(accept) == language
    for path, query in (("/", ""), ("/", "?q=%EB%AC%B4%EC%97%87+%26&b=")):
        answer = client.get(path + query, headers=opening(accept))
        assert "Accept-Language, Cookie" in answer.headers["vary"]
        assert "set-cookie" not in answer.headers
        if language == "en":
            assert answer.text == f"GET /?{query.removeprefix('?')}"
        else:
            assert (answer.status_code, answer.headers["location"]) == (303, f"/{language}/{query}")


@pytest.mark.parametrize("path", ["/ko/", "/ru/", "/source", "/config", "/login", "//"])
def test_other_addresses_are_in_the_language_that_they_name(client: TestClient, path: str) -> None:
    answer = client.get(f"http://desk{path}?lang=ru", headers=opening("ko"))
    assert answer.text == f"GET {path}?lang=ru"
    assert "set-cookie" not in answer.headers
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    "headers", [{"Accept": "*/*"}, {**OPENING, "Sec-Fetch-Mode": "cors"}, {"Accept": ""}]
)
def test_what_is_not_shown_is_not_redirected(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get("/", headers={**headers, "Accept-Language": "ko"}).text == "GET /?"
    assert client.post("/", headers=opening("ko")).text == "POST /?"


def test_who_picks_english_stays_there(client: TestClient) -> None:
    assert client.get("/", headers=opening("ko")).headers["location"] == "/ko/"
    picked = client.get("/?lang=en", headers=opening("ko"))
    assert picked.text == "GET /?lang=en"  # also in a browser that keeps no cookies
    cookie = picked.headers["set-cookie"]
    assert cookie.startswith("verbatim-language=en; ")
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert client.get("/", headers=opening("ko")).text == "GET /?"


def test_who_picks_another_language_gets_it_from_then_on(client: TestClient) -> None:
    picked = client.get("/?q=a%26b&lang=ru", headers=opening("ko"))
    assert (picked.status_code, picked.headers["location"]) == (303, "/ru/?q=a%26b")
    assert client.get("/?q=x", headers=opening("ko")).headers["location"] == "/ru/?q=x"
    assert client.get("/?lang=ko", headers=opening("en")).headers["location"] == "/ko/"
    assert client.get("/", headers=opening("en")).headers["location"] == "/ko/"


def test_behind_https_the_cookie_is_kept_to_it() -> None:
    client = TestClient(ChosenLanguage(english), "https://desk", follow_redirects=False)
    assert "Secure" in client.get("/?lang=ko", headers=opening("en")).headers["set-cookie"]


@pytest.mark.parametrize("language", ["", "xx", "KO", "//evil.example", "ko\r\nSet-Cookie: a=b"])
def test_a_language_that_is_none_of_ours_picks_nothing(client: TestClient, language: str) -> None:
    answer = client.get("/", params={"lang": language}, headers=opening("en"))
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    client.cookies.set("verbatim-language", "".join(filter(str.isalpha, language)))
    assert client.get("/", headers=opening("ru")).headers["location"] == "/ru/"
