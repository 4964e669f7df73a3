"""Take the pictures of the app that the README shows: python docs/screenshots.py [URL] [--into docs].

Needs Debian's chromium and a running app (python app.py) with the starter documents in its library.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUESTION = "How much coal does Kazakhstan hold?"
QUERY = "exports to Uzbekistan"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:7860")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, help="folder for the pictures")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(options.url)
        for name, show in (("answer", _answer), ("search", _search), ("library", _library)):
            show(page)
            page.wait_for_timeout(1_000)  # until fonts and the viewer have settled
            page.screenshot(path=options.into / f"{name}.png")
            print(options.into / f"{name}.png")
        browser.close()


def _answer(page: Page) -> None:
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#question textarea").press("Enter")
    page.locator("#answer article.card").first.wait_for()


def _search(page: Page) -> None:
    page.get_by_role("tab", name="Search").click()
    page.locator("#query textarea").fill(QUERY)
    page.locator("#search").click()
    page.locator("#hits a.open").first.click()


def _library(page: Page) -> None:
    page.get_by_role("tab", name="Library").click()
    page.locator("#documents a.title").first.click()


if __name__ == "__main__":
    main()
