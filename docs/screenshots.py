"""Take the pictures of the app that the README and docs/README.md show: python docs/screenshots.py [--into docs].

Needs Debian's chromium. Starts the app over a library of the starter documents, and once more with accounts.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).parent.parent
CHROMIUM = "/usr/bin/chromium"
DESK: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}
SETTLED = 1_200  # milliseconds until fonts and the viewer have settled
WAIT = 120_000  # milliseconds; the models load at the first question
PASSWORD = "a-password-of-the-pictures"
GOLD = """{"question": "When did the cooperation forum begin?", "document": "forum-history.en.pdf", "answers": ["2007"]}
{"question": "제15차 포럼은 어디에서 열렸습니까?", "document": "priority-areas.ko.html", "answers": ["부산"]}
{"question": "Сколько угля у Казахстана?", "document": "energy-and-construction.ru.pdf", "answers": ["33,6 млрд тонн"]}
{"question": "What is the population of Mongolia?", "answerable": false}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, help="folder for the pictures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        library = Path(folder) / "library"
        accounts = Path(folder) / "accounts"
        with _served(library) as url:
            for name, show in VIEWS.items():
                _picture(browser, url, show, options.into / f"{name}.png")
            _picture(browser, f"{url}/?lang=ko", _answer, options.into / "korean.png")
            _picture(browser, f"{url}/?lang=ru", _library, options.into / "russian.png")
            _picture(browser, url, _answer, options.into / "dark.png", dark=True)
            _picture(browser, url, _answer, options.into / "phone.png", phone=True)
        add = [sys.executable, "-m", "web.accounts", "add", "aigul", "--role", "editor"]
        add += ["--auth", str(accounts)]
        subprocess.run(add, cwd=ROOT, check=True, input=f"{PASSWORD}\n", text=True)
        with _served(library, "--auth", str(accounts)) as url:
            _picture(browser, url, _sign_in, options.into / "sign-in.png")
        browser.close()


@contextmanager
def _served(library: Path, *more: str) -> Iterator[str]:
    command = [sys.executable, "app.py", "--library", str(library), "--port", "0", *more]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = next((line for line in process.stdout if "http://" in line), "")
        yield next(word for word in line.split() if word.startswith("http://"))
    finally:
        process.terminate()
        process.wait(30)


def _picture(
    browser: Browser,
    url: str,
    show: Callable[[Page], None],
    path: Path,
    *,
    dark: bool = False,
    phone: bool = False,
) -> None:
    """A fresh page, brought to what is to be seen."""
    page = browser.new_page(viewport=PHONE if phone else DESK, color_scheme="dark" if dark else "light")
    page.set_default_timeout(WAIT)
    page.goto(url)
    page.locator("#question textarea, input[type=password]").first.wait_for()
    show(page)
    page.wait_for_timeout(SETTLED)
    page.screenshot(path=path)
    print(path)
    page.close()


def _ask(page: Page, question: str) -> None:
    before = page.locator("#answer .turn").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator(
        f"#answer .turn.newest:not(.pending):nth-of-type({before + 1}) article.card"
    ).first.wait_for()


def _tab(page: Page, number: int) -> None:
    page.locator("#work button[role=tab]").nth(number).click()


def _sign_in(page: Page) -> None:
    page.locator("input[type=password]").wait_for()


def _welcome(page: Page) -> None:
    page.locator("#source-list li").first.wait_for()


def _answer(page: Page) -> None:
    _ask(page, "Which foreign policy initiative did South Korea adopt in 2009?")
    if page.viewport_size == DESK:  # a phone opens no source by itself
        page.frame_locator("iframe[name=source]").locator("#quote").wait_for()


def _conversation(page: Page) -> None:
    _ask(page, "What were South Korea's exports to Uzbekistan in 2022?")
    _ask(page, "And to Kyrgyzstan?")


def _differing(page: Page) -> None:
    _ask(page, "Какова численность корейской диаспоры в Центральной Азии?")


def _no_answer(page: Page) -> None:
    _ask(page, "What is the population of Mongolia?")


def _search(page: Page) -> None:
    _tab(page, 1)
    page.locator("#query textarea").fill("cooperation forum")
    page.locator("#search").click()
    page.locator("#hits a.open").first.click()
    page.locator("#facets button.facet").first.click()


def _references(page: Page) -> None:
    _tab(page, 1)
    page.locator("#search-mode label").nth(1).click()
    page.locator("#query textarea").fill("Korea Herald")
    page.locator("#search").click()
    page.locator("#hits a.open").first.click()


def _library(page: Page) -> None:
    _tab(page, 2)
    page.locator("#charts summary").click()
    page.locator("#documents a.title").first.click()


def _notebook(page: Page) -> None:
    _ask(page, "When did the cooperation forum begin?")
    for button in page.locator("#answer button.collect").all()[:2]:
        button.click()
        page.wait_for_timeout(500)
    _tab(page, 3)
    page.locator("#notebook article.card").first.wait_for()
    page.locator("#notebook textarea").first.fill("For the history chapter.")
    page.locator("#notebook textarea").first.blur()


def _evaluate(page: Page) -> None:
    _tab(page, 4)
    with page.expect_file_chooser() as chooser:
        page.locator("#gold-upload").click()
    chooser.value.set_files({"name": "gold.jsonl", "mimeType": "application/json", "buffer": GOLD.encode()})
    page.locator("#gold-uploaded").wait_for()
    page.locator("#gold-run").click()
    page.locator("#gold-result table").first.wait_for()
    page.locator("#gold-cancel").wait_for(state="hidden")


VIEWS: dict[str, Callable[[Page], None]] = {
    "welcome": _welcome,
    "answer": _answer,
    "conversation": _conversation,
    "differing": _differing,
    "no-answer": _no_answer,
    "search": _search,
    "references": _references,
    "library": _library,
    "notebook": _notebook,
    "evaluate": _evaluate,
}


if __name__ == "__main__":
    main()
