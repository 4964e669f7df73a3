"""Tried against the running server: scripts in documents, files of the machine, other hosts and sites."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from index.library import Library
from tests.web.conftest import DOCUMENTS, HOSTILE_TITLE, Server, ask
from web.guard import Guard

SECRET = "root:"  # the first line of /etc/passwd


def request(
    server: Server, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """One request exactly as given: no client tidies the path up on the way."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port or 0, timeout=20)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read(200_000)
    finally:
        connection.close()


def test_scripts_in_title_and_text_stay_text(page: Page) -> None:
    result = ask(page, "When did the glassworks of Quillby open?")
    card = result.locator("article.card").first
    expect(card.locator("header h3")).to_have_text(HOSTILE_TITLE)
    expect(card).to_contain_text("window.stolen='text'")
    page.get_by_role("tab", name="Library").click()
    title = page.locator("#documents a.title", has_text="Glassworks")
    expect(title).to_have_text(HOSTILE_TITLE)
    page.wait_for_timeout(1_500)  # until the table's own script listens to its new buttons
    page.locator("#documents tr", has_text="Glassworks").get_by_role("button", name="Remove").click()
    expect(page.locator("#confirm")).to_contain_text(HOSTILE_TITLE)
    listed = page.locator("#source-list li", has_text="Glassworks").locator("a span")
    expect(listed).to_have_text(HOSTILE_TITLE)
    page.get_by_role("tab", name="Ask").click()
    card.locator("button.collect").click()
    expect(card.locator("button.collect")).to_have_class("collect collected")
    page.get_by_role("tab", name="Notebook").click()
    kept = page.locator("#notebook article.card", has_text="Glassworks")
    expect(kept.locator("h3")).to_have_text(HOSTILE_TITLE)
    kept.locator("textarea").fill("</textarea><script>window.stolen='note'</script>")
    kept.locator("textarea").blur()
    page.wait_for_timeout(700)  # until the note is kept
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("tab", name="Notebook").click()
    expect(kept.locator("textarea")).to_have_value("</textarea><script>window.stolen='note'</script>")
    kept.get_by_role("button", name="Remove").click()
    page.get_by_role("tab", name="Library").click()
    title.click()
    viewer = page.frame_locator("iframe[name=source]")
    expect(viewer.locator("h1")).to_have_text(HOSTILE_TITLE)
    expect(viewer.locator("main")).to_contain_text("javascript:window.stolen='link'")
    page.get_by_role("tab", name="Search").click()
    page.locator("#query textarea").fill("<img src=x onerror=\"window.stolen='query'\"> glassworks")
    page.locator("#search").click()
    expect(page.locator("#hits")).to_contain_text("No passage holds “window.stolen='query'” word for word")
    page.locator("#query textarea").fill("<img src=x onerror=window.stolen='query'> glassworks")
    page.locator("#search").click()
    expect(page.locator("#hits .lead")).to_contain_text("<img src=x")
    page.wait_for_timeout(300)
    assert [frame.evaluate("window.stolen") for frame in page.frames] == [None] * len(page.frames)
    assert viewer.locator("main :is(script, img, svg, iframe, a)").count() == 0
    for place in ("#answer", "#hits", "#documents", "#confirm", "#source-list", "#notebook"):
        assert page.locator(f"{place} :is(script, img, iframe)").count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../../../../../etc/passwd",
        "/gradio_api/file%3D/etc/passwd",
        "/gradio_api//file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/file=/etc/passwd",
        "/gradio_api/file=http://127.0.0.1:1/",
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/ko/gradio_api/file=/etc/passwd",
        "/ko/gradio_api/proxy=http://127.0.0.1:1/",
        "/ru/gradio_api//file=/etc/passwd",
        "/ko/ru/gradio_api/file=/etc/passwd",
        "/ko/monitoring",
        "/ko/login",
        "/ko/original/00000000000000000000000000000000",
        "/script/..%2fserver.py",
        "/script/app.css",
        "/notebook/quotations.exe",
        "/export/quotations.md?quote=..%2f..%2fetc%2fpasswd:0:5",
        "/export/quotations.md?quote=00000000000000000000000000000000:0:5",
        "/static/../../../../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static//etc/passwd",
        "/assets/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/assets//etc/passwd",
        "/style/..%2fserver.py",
        "/style//etc/passwd",
        "/style/server.py",
        "/original/..%2fcatalog.sqlite",
        "/original/%2e%2e%2fcatalog.sqlite",
        "/original/../catalog.sqlite",
        "/original//etc/passwd",
        "/source/..%2f..%2fetc%2fpasswd",
        "/original/00000000000000000000000000000000",
        "/source/00000000000000000000000000000000",
        "/monitoring",
        "/monitoring/summary",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/runs",
        "/gradio_api/deep_link",
        "/docs",
        "/openapi.json",
        "/svelte/x",
        "/custom_component/x",
        "/app.py",
    ],
)
def test_nothing_else_is_served(server: Server, path: str) -> None:
    status, _, body = request(server, path)
    assert status in {400, 403, 404, 405, 422}
    assert SECRET.encode() not in body
    assert b"SQLite" not in body


def test_originals_are_attachments(server: Server, stored: Library) -> None:
    for card in stored.documents():
        status, headers, body = request(server, f"/original/{card.id}")
        assert (status, body) == (200, stored.original(card.id).read_bytes())
        assert headers["content-type"] == "application/octet-stream"
        assert headers["content-disposition"] == f'attachment; filename="{card.source}"'
        assert headers["x-content-type-options"] == "nosniff"


def test_security_headers(server: Server, stored: Library) -> None:
    for path in ("/", "/source", f"/source/{stored.documents()[0].id}", "/theme.css", "/no-such-page"):
        _, headers, _ = request(server, path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "default-src 'self'" in headers["content-security-policy"] or path.startswith("/source")
        assert "http" not in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers
        assert "server" not in headers
    _, viewer, _ = request(server, "/source")
    assert "default-src 'none'" in viewer["content-security-policy"]
    assert "script-src" not in viewer["content-security-policy"]


def test_page_names_no_other_host_and_tells_nothing(server: Server) -> None:
    config = page_config(server)
    assert config["analytics_enabled"] is False
    assert all(dependency["api_visibility"] == "private" for dependency in config["dependencies"])
    _, _, theme = request(server, "/theme.css")
    assert b"@import" not in theme
    assert b"url(http" not in theme


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{port}", 200),
        ("localhost:{port}", 200),
        ("attacker.example", 400),
        ("127.0.0.1.attacker.example:{port}", 400),
        ("LOCALHOST:{port}", 200),
        ("", 400),
        ("[", 400),
    ],
)
def test_other_host_names_are_refused(server: Server, host: str, status: int) -> None:
    port = str(urlsplit(server.url).port)
    assert request(server, "/source", Host=host.format(port=port))[0] == status


def test_a_machine_answers_to_its_name_in_capitals() -> None:
    async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("here")(scope, receive, send)

    client = TestClient(Guard(nothing, frozenset({"Desk-7"})), base_url="http://desk-7:7860")
    assert client.get("/source").text == "here"
    assert client.get("/source", headers={"Host": "desk-8"}).status_code == 400


@pytest.mark.parametrize("origin", ["http://attacker.example", "null", "http://127.0.0.1:1", "http://["])
def test_other_sites_cannot_post(server: Server, origin: str) -> None:
    kinds = {"Content_Type": "application/json"}
    status, headers, _ = request(
        server, "/gradio_api/queue/join", "POST", b'{"fn_index":0,"data":[""]}', Origin=origin, **kinds
    )
    assert status == 403
    assert "access-control-allow-origin" not in headers
    assert request(server, "/gradio_api/upload", "POST", b"", Origin=origin)[0] == 403


def test_oversized_upload_is_refused(server: Server) -> None:
    boundary = "b"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="big.txt"\r\n\r\n'
    body = head.encode() + b"x" * (51 * 1024 * 1024) + f"\r\n--{boundary}--\r\n".encode()
    status, _, answer = request(
        server, "/gradio_api/upload", "POST", body, Content_Type=f"multipart/form-data; boundary={boundary}"
    )
    assert status == 413
    assert b"maximum" in answer


def call(server: Server, event: str, data: object) -> int:
    """The status of calling the page's own handler of `event`, as the page would."""
    config = page_config(server)
    index = next(d["id"] for d in config["dependencies"] if next(t[1] for t in d["targets"]) == event)
    body = json.dumps({"fn_index": index, "data": [data], "session_hash": "test"}).encode()
    headers = {"Content_Type": "application/json", "Origin": server.url}
    return request(server, "/gradio_api/queue/join", "POST", body, **headers)[0]


def page_config(server: Server) -> dict[str, Any]:
    _, _, body = request(server, "/")
    text = body.decode().split("window.gradio_config = ", 1)[1].split(";</script>", 1)[0]
    config: dict[str, Any] = json.loads(text)
    return config


@pytest.mark.parametrize("event", ["upload", "submit"])
@pytest.mark.parametrize(
    "path", ["{mine}", "/etc/passwd", "http://127.0.0.1:1/x", "../../etc/passwd", ["x"], "\0"]
)
def test_a_posted_path_is_neither_read_nor_fetched(
    server: Server, tmp_path: Path, stored: Library, event: str, path: object
) -> None:
    mine = tmp_path / "mine.md"
    mine.write_text("# Mine\n\nNobody asked for this file to be read.\n", encoding="utf-8")
    named = path.format(mine=mine) if isinstance(path, str) else path
    file = {"path": named, "meta": {"_type": "gradio.FileData"}, "orig_name": "mine.md"}
    assert call(server, event, [file]) == 403
    assert call(server, event, {"deep": [file]}) == 403
    assert mine.exists()
    assert {card.source for card in stored.documents()} == set(DOCUMENTS)


def test_malformed_calls_are_refused(server: Server) -> None:
    for body, status in ((b"not json", 400), (b"[" * 100_000, 400), (b" " * 1_100_000, 413)):
        headers = {"Content_Type": "application/json"}
        assert request(server, "/gradio_api/queue/join", "POST", body, **headers)[0] == status
