"""The desk as a whole: keyboard, languages, light and dark, a phone, and what a screen reader needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, TimeoutError, expect

from index.intake import add_bytes
from index.library import Library
from tests.web.conftest import Server, ask

TABS = ("Ask", "Search", "Library", "Notebook", "Evaluate")
SERIOUS = {"serious", "critical"}


def test_slash_goes_to_the_question(page: Page) -> None:
    page.locator("#source-list a").first.focus()
    page.keyboard.press("/")
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type("a/b")  # inside the box it is a letter as any other
    expect(page.locator("#question textarea")).to_have_value("a/b")


def test_slash_leaves_the_viewer(page: Page) -> None:
    page.locator("#source-list a", has_text="A Short History").click()
    page.frame_locator("iframe[name=source]").locator("h1").click()
    page.keyboard.press("/")
    box = page.locator("#question textarea")
    expect(box).to_be_focused()
    expect(box).to_have_value("")


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


@pytest.fixture(params=["en", "ru"])
def phone(server: Server, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page on a phone, with the list of sources in it."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, locale=request.param)
    page.set_default_timeout(20_000)
    page.goto(server.url)
    page.locator("#source-list li").first.wait_for(state="attached")
    page.locator(".examples button").first.wait_for()
    yield page
    page.close()


# Words that do not fit into what holds them, but for texts that are typed.
CUT = """() => [...document.querySelectorAll('#desk :is(button, label, summary, h2, input[role=listbox])')]
  .filter((each) => each.clientWidth > 2 && getComputedStyle(each).display !== 'inline')
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.innerText || each.value)"""


def test_a_phone_opens_at_the_question_and_shows_every_view_whole(phone: Page) -> None:
    box = phone.locator("#question textarea")
    expect(box).to_be_in_viewport(ratio=1)
    assert phone.evaluate("scrollY") == 0
    assert phone.locator("#work").evaluate("work => getComputedStyle(work).overflowY") == "visible"
    box.fill("When was the cooperation forum launched?")
    box.press("Enter")
    phone.locator("#answer .turn.newest:not(.pending)").wait_for()
    expect(box).to_be_in_viewport(ratio=1)
    for tab in phone.get_by_role("tab").all():
        tab.click()
        phone.wait_for_timeout(500)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, tab.inner_text()
        assert phone.evaluate(CUT) == [], tab.inner_text()


def test_sources_unfold_on_a_phone_and_what_is_opened_comes_into_view(phone: Page) -> None:
    button, rows = phone.locator("#source-list button.fold"), phone.locator("#source-list li")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(rows.first).to_be_hidden()
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(rows.first).to_be_visible()
    phone.reload()
    expect(button).to_have_attribute("aria-expanded", "true")
    rows.first.locator("a").click()
    expect(phone.frame_locator("iframe[name=source]").locator("h1")).to_be_in_viewport()
    button.click()
    expect(rows.first).to_be_hidden()


def test_the_way_back_from_the_viewer_on_a_phone(phone: Page) -> None:
    box, tabs, viewer = (
        phone.locator("#question textarea"),
        phone.get_by_role("tab"),
        phone.locator("#viewer"),
    )
    box.fill("When was the cooperation forum launched?")
    box.press("Enter")
    link = phone.locator("#answer .turn.newest:not(.pending) a.open").last
    for way in (viewer.locator("button.back"), tabs.first):
        link.tap()
        expect(link).not_to_be_in_viewport()
        expect(viewer).to_be_in_viewport(ratio=0.99)
        way.tap()
        expect(link).to_be_in_viewport(ratio=1)
        expect(link).to_be_focused()
    link.tap()
    expect(viewer).to_be_in_viewport(ratio=0.99)
    tabs.nth(2).tap()
    expect(phone.locator("#upload")).to_be_in_viewport(ratio=1)


def test_the_box_holds_one_line_until_more_is_typed(phone: Page) -> None:
    box = phone.locator("#question textarea")
    size = "box => [box.clientHeight, box.scrollHeight, box.scrollWidth - box.clientWidth]"
    box.evaluate("box => { box.placeholder = 'Ask in many languages, one after the other. '.repeat(4); }")
    height, scrolled, beside = box.evaluate(size)
    assert (height, beside) == (scrolled, 0)
    box.fill("forum")
    assert box.evaluate(size) == [height, height, 0]
    box.fill("forum " * 20)
    assert box.evaluate(size)[0] > height


def test_nothing_shows_above_the_tabs_and_the_question_stays_where_it_is(page: Page) -> None:
    for question in ("When was the cooperation forum launched?", "Where was it held?"):
        ask(page, question)
        box = page.locator("#question").bounding_box()
        assert box and box["y"] + box["height"] == pytest.approx(900 - 16, abs=1)  # its bar's own padding
    page.locator("#work").evaluate("work => { work.scrollTop = 200; }")
    page.wait_for_timeout(200)
    strip = page.locator("#work .tab-wrapper").bounding_box()
    assert strip and strip["y"] == 0
    beside = page.locator("#work").bounding_box()
    assert beside
    for y in range(0, round(strip["height"]), 4):
        over = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.turn'))"
        assert not page.evaluate(over, [beside["x"] + 60, y])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ko", "여기에 파일을 끌어다 놓거나 클릭하여 선택하세요"),
        ("ru", "Перетащите файлы сюда или нажмите, чтобы выбрать"),
    ],
)
def test_the_place_for_files_is_called_in_the_page_s_language(
    page: Page, server: Server, language: str, words: str
) -> None:
    page.goto(f"{server.url}/?lang={language}")
    page.get_by_role("tab").nth(2).click()
    place = page.get_by_role("button", name=words)
    expect(place).to_be_visible()
    shown = "(place) => getComputedStyle(place.querySelector('.wrap'), '::after').content"
    assert place.evaluate(shown) == f'"{words}"'
    assert place.locator(".wrap").evaluate("words => getComputedStyle(words).fontSize") == "0px"
    page.locator("#documents table.documents").wait_for()  # until then Gradio may draw the view anew
    for last in (False, False, True):
        try:
            with page.expect_file_chooser(timeout=5_000):
                place.press("Enter")
        except TimeoutError:
            assert not last
        else:
            break


@pytest.mark.parametrize("way", ["click", "return"])
def test_a_source_removed_elsewhere_is_gone_from_the_viewer(
    server: Server, browser: Browser, stored: Library, way: str
) -> None:
    added = add_bytes(stored, b"# Passing by\n\nThe ferry of Aral stops here on Thursdays.\n", "passing.md")
    page = browser.new_page()
    page.set_default_timeout(20_000)
    page.goto(server.url)
    page.locator("#question textarea").wait_for()
    link = ask(page, "On which day does the ferry of Aral stop?").locator("a.open").first
    viewer = page.frame_locator("iframe[name=source]")
    expect(viewer.locator("h1")).to_have_text("Passing by")
    stored.remove(added.document_id)
    if way == "click":
        link.click()  # the address that is shown already, and a fragment of it: the browser asks for nothing
    else:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(viewer.locator("h1")).to_have_text("Not in the library")
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
