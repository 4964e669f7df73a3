"""The desk as a whole: keyboard, languages, light and dark, a phone, and what a screen reader needs."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Server, ask

TABS = ("Ask", "Search", "Library", "Notebook", "Evaluate")
SERIOUS = {"serious", "critical"}


def test_slash_goes_to_the_question(page: Page) -> None:
    page.locator("#source-list a").first.focus()
    page.keyboard.press("/")
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type("a/b")  # inside the box it is a letter as any other
    expect(page.locator("#question textarea")).to_have_value("a/b")


def test_arrows_move_between_cards_and_o_opens_the_source(page: Page) -> None:
    result = ask(page, "When was the cooperation forum launched?")
    page.keyboard.press("Escape")  # leaves the box
    cards = result.locator("article.card")
    page.keyboard.press("ArrowDown")
    expect(cards.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("o")
    title = cards.nth(1).locator("h3").inner_text()
    expect(page.frame_locator("iframe[name=source]").locator("h1")).to_have_text(title)
    page.keyboard.press("ArrowUp")
    expect(cards.nth(0)).to_be_focused()


@pytest.mark.parametrize(
    ("language", "ask_label", "answer"), [("ko", "질문", "답"), ("ru", "Спросить", "Ответ")]
)
def test_the_interface_speaks_korean_and_russian(
    page: Page, server: Server, language: str, ask_label: str, answer: str
) -> None:
    page.locator(".languages a", has_text=language).click()
    page.wait_for_url(f"**/{language}/**")
    expect(page.get_by_role("tab").first).to_contain_text(ask_label)
    page.locator("#question textarea").fill("When was the cooperation forum launched?")
    page.locator("#question textarea").press("Enter")
    newest = page.locator("#answer .turn.newest:not(.pending)")
    expect(newest.locator(".label").first).to_contain_text(answer)
    expect(newest.locator(".short")).to_have_text("2007")
    assert page.locator("html").get_attribute("lang") == language


def test_dark_is_chosen_and_kept_in_the_viewer_too(page: Page) -> None:
    ask(page, "When was the cooperation forum launched?")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator("button.theme").click()
    assert page.evaluate(ground) != light
    viewer = page.frame_locator("iframe[name=source]").locator("html")
    expect(viewer).to_have_attribute("data-theme", "dark")
    page.reload()
    page.locator("#question textarea").wait_for()
    page.wait_for_function(f"{ground} !== {light!r}")


def test_a_phone_shows_everything_without_scrolling_sideways(server: Server, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.set_default_timeout(20_000)
    page.goto(server.url)
    page.locator("#question textarea").wait_for()
    ask(page, "When was the cooperation forum launched?")
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, tab
    page.close()


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_serious_violation_of_accessibility(page: Page, tab: str, dark: bool) -> None:
    if dark:
        page.locator("button.theme").click()
    if tab == "Ask":
        ask(page, "When was the cooperation forum launched?")
    page.get_by_role("tab", name=tab).click()
    page.wait_for_timeout(1_000)  # until what the tab shows first has come
    found = Axe().run(page, options={"iframes": False}).response["violations"]
    told = [
        (each["id"], [node["target"] for node in each["nodes"]])
        for each in found
        if each["impact"] in SERIOUS
    ]
    assert told == []
