"""The real server in a subprocess over a small library, and Debian's chromium to look at it."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from index.encoder import OpenVinoEncoder
from index.intake import add_bytes
from index.library import Library

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
# Nothing of the browser's own may reach out while the page is watched for foreign requests.
CHROMIUM_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

FORUM = """---
title: A Short History of the Forum
authors: [A. Writer]
date: 2023-05-04
language: en
---

# A Short History of the Forum

## Origins

South Korea opened diplomatic relations with the five states in 1992. Presidents began to visit one another.
The Korea–Central Asia Cooperation Forum was launched in 2007 and meets every year.

## Milestones

The fifteenth forum was held in Busan. The Secretariat was established in 2017.
"""
TRADE = """<!doctype html><html lang="en"><head><title>Trade by Country</title></head><body><article>
<h1>Trade by Country</h1>
<p>The table gives the exports of South Korea to its partners in thousands of dollars. It is meant
for readers who compare partners, and every figure in it comes from the customs office.</p>
<table><tr><th>Partner</th><th>Exports, 2022</th></tr><tr><td>Uzbekistan</td><td>2 183 539</td></tr>
<tr><td>Kyrgyzstan</td><td>372 854</td></tr></table>
<p>Uzbekistan was the largest buyer of South Korean goods, and Kyrgyzstan came third among the partners.</p>
</article></body></html>
"""
KOREAN = "# 협력 포럼\n\n제16차 포럼은 2023년 투르크메니스탄에서 열렸다. 청년 교류가 주요 의제였다.\n"
# Everything that a careless page would run. The words around it can be asked for.
HOSTILE_TITLE = '<script>window.stolen=1</script><img src=x onerror="window.stolen=1">Glassworks'
HOSTILE = f"""---
title: "{HOSTILE_TITLE.replace('"', chr(92) + '"')}"
language: en
---

`</p><script>window.stolen='text'</script>` The glassworks of Quillby opened in 1871
`<img src=x onerror="window.stolen='text'"><svg onload="window.stolen='svg'">` and made bottles.

`</mark></textarea><iframe srcdoc="<script>parent.stolen='frame'</script>"></iframe>` `{{{{7*7}}}}`
`${{window.stolen='template'}}` `<a href="javascript:window.stolen='link'">a link</a>`
"""
DOCUMENTS = {"forum.md": FORUM, "trade.html": TRADE, "forum-16.ko.md": KOREAN, "hostile.md": HOSTILE}


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    folder: Path  # of its library
    temporary: Path  # where it keeps uploads while it reads them
    startup_seconds: float  # of processor time: wall time depends on what else runs

    def uploads_left(self) -> list[Path]:
        """Temporary copies of uploads that the server has not deleted; Gradio leaves empty files too."""
        return [path for path in self.temporary.rglob("*") if path.is_file() and path.stat().st_size]


@pytest.fixture(scope="session")
def library_folder(tmp_path_factory: pytest.TempPathFactory, encoder: OpenVinoEncoder) -> Path:
    folder = tmp_path_factory.mktemp("web") / "library"
    with Library(folder, encoder) as library:
        for name, text in DOCUMENTS.items():
            outcome = add_bytes(library, text.encode(), name)
            assert outcome.status == "added", outcome
    return folder


@pytest.fixture(scope="session")
def server(library_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    temporary = tmp_path_factory.mktemp("temporary")
    process = subprocess.Popen(
        [sys.executable, "app.py", "--library", str(library_folder), "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    try:
        url = _printed_address(process, seconds=240)
        yield Server(url, library_folder, temporary, _processor_seconds(process.pid))
    finally:
        process.terminate()
        process.wait(20)
    assert list(temporary.iterdir()) == []  # the app took its folder with it


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _printed_address(process: subprocess.Popen[str], seconds: float) -> str:
    """The address that app.py prints when it is ready."""
    assert process.stdout
    lines: queue.Queue[str] = queue.Queue()
    Thread(target=lambda: [lines.put(line) for line in process.stdout or ()], daemon=True).start()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and process.poll() is None:
        try:
            line = lines.get(timeout=0.2)
        except queue.Empty:
            continue
        if "http://" in line:
            return next(word for word in line.split() if word.startswith("http://"))
    pytest.fail(f"app.py did not print its address within {seconds:.0f} s (exit code {process.poll()})")


@pytest.fixture
def stored(server: Server, encoder: OpenVinoEncoder) -> Iterator[Library]:
    """The server's library, opened beside it for reading: what the page should show."""
    with Library(server.folder, encoder) as library:
        yield library


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: run `make test`, which installs it (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """The app, loaded. Afterwards: no request went anywhere else, and no error was logged in the page."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(20_000)
    hosts: set[str | None] = set()
    errors: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(server.url)
    page.locator("#question textarea").wait_for()
    yield page
    page.close()
    assert hosts - {None, "127.0.0.1"} == set()
    # The viewer's frame runs no script, the test driver's own included; the browser notes each.
    # What was still under way when another page was opened is broken off, and Gradio's script says so.
    expected = ("Blocked script execution", "AbortError", "Unexpected error Connection errored out")
    assert [error for error in errors if not error.startswith(expected)] == []


def ask(page: Page, question: str) -> Locator:
    """Ask in the Ask view and wait for the result: the newest turn, or a message where there is none."""
    page.get_by_role("tab", name="Ask").click()
    # Marked as seen; what replaces it bears no such mark.
    page.evaluate("document.querySelector('#answer :is(.conversation, .message)').classList.add('seen')")
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator("#answer :is(.conversation, .message):not(.seen):not(:has(.pending))").last.wait_for()
    return page.locator("#answer :is(.turn.newest, .message)").last


def span_of(link: Locator) -> tuple[str, int, int]:
    """Where an "Open source" link points: document id, start, end."""
    address = urlsplit(link.get_attribute("href") or "")
    query = parse_qs(address.query)
    return address.path.removeprefix("/source/"), int(query["start"][0]), int(query["end"][0])


def marked(place: Locator, kind: str) -> str:
    """All marked text of a kind, in order."""
    return "".join(place.locator(f"mark.{kind}").all_text_contents())
