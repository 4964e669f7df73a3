"""Ask in the browser: the short answer, the quotation in its passage, the source opened at it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from index.intake import add_bytes
from index.library import Library
from tests.web.conftest import Server, ask, marked, span_of

IN_VIEW = """mark => {
  const box = mark.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= window.innerHeight && box.height > 0;
}"""
# What is written down as being asked, one after the other.
KEPT_ASKING = """() => {
  window.asking = [];
  const setItem = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, value) {
    if (key === 'verbatim-asking') window.asking.push(value);
    return setItem.call(this, key, value);
  };
}"""
# Too short a time to be met from outside.
ONCE_PENDING = """action => {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('#answer .pending')) return;
    observer.disconnect();
    eval(action);
  });
  observer.observe(document.querySelector('#answer'), {childList: true, subtree: true});
}"""


def test_second_start_is_quick(server: Server) -> None:
    assert server.startup_seconds < 10


def test_answer_is_a_marked_slice_of_the_document(page: Page, stored: Library) -> None:
    result = ask(page, "When was the cooperation forum launched?")
    expect(result.locator(".short")).to_have_text("2007")
    card = result.locator("section.answer article.card")
    document_id, start, end = span_of(card.locator("a.open"))
    document = stored.document(document_id)
    quote = document.text[start:end]
    assert "launched in 2007" in quote
    assert marked(card, "quote") == quote
    assert marked(card, "answer") == "2007"
    # The passage around it stands there too, and where it is from.
    expect(card.locator(".passage")).to_contain_text("South Korea opened diplomatic relations")
    expect(card.locator("header h3")).to_have_text("A Short History of the Forum")
    assert card.locator(".where li").all_text_contents() == ["Origins", "2023-05-04", "English"]


def test_source_opens_at_the_quotation(page: Page, stored: Library) -> None:
    result = ask(page, "When was the cooperation forum launched?")
    link = result.locator("section.answer a.open")
    document_id, start, end = span_of(link)
    viewer = page.frame_locator("iframe[name=source]")
    # It opened by itself; another source, then a click, brings it back.
    expect(viewer.locator("#quote")).to_be_visible()
    result.locator("article.card a.open").last.click()
    link.click()
    expect(viewer.locator("h1")).to_have_text("A Short History of the Forum")
    quote = viewer.locator("#quote")
    expect(quote).to_have_text(stored.document(document_id).text[start:end])
    assert quote.evaluate(IN_VIEW)


def test_other_evidence_opens_its_own_source(page: Page, stored: Library) -> None:
    result = ask(page, "When was the cooperation forum launched?")
    for card in result.locator("article.card").all():
        document_id, start, end = span_of(card.locator("a.open"))
        shown = "".join(marked(card, "quote").split())
        assert shown == "".join(stored.document(document_id).text[start:end].split())


def test_question_in_another_language(page: Page) -> None:
    result = ask(page, "Где прошёл 16-й форум?")
    expect(result.locator("article.card").first).to_contain_text("투르크메니스탄")


def test_no_answer_says_why_and_what_was_searched(page: Page) -> None:
    result = ask(page, "Who won the chess olympiad in Samarkand?")
    expect(result).to_contain_text("The library does not say.")
    expect(result.locator(".reason")).not_to_be_empty()
    expect(result.locator(".summary").first).to_contain_text("documents")
    assert result.locator("article.card").count() > 0


def test_refusals_are_messages(page: Page) -> None:
    expect(ask(page, "   ")).to_contain_text("The question is empty")


def test_example_question_is_asked_with_one_click(page: Page) -> None:
    example = page.locator(".examples .example").first
    question = example.inner_text()
    example.click()
    expect(page.locator("#answer .turn.newest:not(.pending) .question")).to_have_text(question)
    expect(page.locator("#question textarea")).to_have_value("")
    expect(page.locator(".examples .example").first).to_be_hidden()


def test_the_conversation_stays_and_a_follow_up_leans_on_it(page: Page) -> None:
    ask(page, "What were the exports of South Korea to Uzbekistan in 2022?")
    result = ask(page, "And to Kyrgyzstan?")
    expect(page.locator("#answer .turn .question")).to_have_text(
        ["What were the exports of South Korea to Uzbekistan in 2022?", "And to Kyrgyzstan?"]
    )
    expect(result.locator(".short")).to_have_text("372 854")
    expect(result.locator(".understood")).to_contain_text("Kyrgyzstan in 2022")


def test_a_link_asks_again(page: Page, server: Server, browser: Browser) -> None:
    ask(page, "What were the exports of South Korea to Uzbekistan in 2022?")
    link = ask(page, "And to Kyrgyzstan?").locator("a.link").get_attribute("href")
    elsewhere = browser.new_page()
    elsewhere.goto(f"{server.url}{link}")
    newest = elsewhere.locator("#answer .turn.newest:not(.pending)")
    expect(newest.locator(".short")).to_have_text("372 854", timeout=20_000)
    # The turn before is not part of it: the question stands by itself.
    expect(newest.locator(".question")).to_contain_text("Kyrgyzstan in 2022")
    elsewhere.close()
    # Where the answer stands already it is not asked for again.
    page.goto(f"{server.url}{link}")
    turns = page.locator("#answer .turn:not(.pending)")
    expect(turns).to_have_count(2)
    page.wait_for_timeout(2_000)
    expect(turns).to_have_count(2)
    # Another question of an address comes after them, and leans on none.
    page.goto(f"{server.url}/?q=And+to+Uzbekistan%3F")
    expect(turns).to_have_count(3)
    expect(turns.last.locator(".understood")).to_have_count(0)


def test_a_conversation_outlasts_a_reload_and_another_language_until_a_new_one_is_begun(
    page: Page, server: Server, browser: Browser
) -> None:
    questions = ["What were the exports of South Korea to Uzbekistan in 2022?", "And to Kyrgyzstan?"]
    for question in questions:
        ask(page, question)
    shown, newest = page.locator("#answer .turn .question"), page.locator("#answer .turn.newest")
    viewer = page.frame_locator("iframe[name=source]")
    page.reload()
    expect(shown).to_have_text(questions)
    expect(newest.locator(".short")).to_have_text("372 854")
    expect(viewer.locator("#quote")).to_be_visible()
    page.locator(".languages a", has_text="ko").click()
    page.wait_for_url("**/ko/**")
    expect(shown).to_have_text(questions)
    expect(newest.locator(".label").first).to_contain_text("답")
    # What is asked next leans on it, and stands below it.
    box = page.locator("#question textarea")
    box.fill("And to Uzbekistan?")
    box.press("Enter")
    expect(page.locator("#answer .turn.newest:not(.pending) .short")).to_have_text("2 183 539")
    page.locator(".languages a", has_text="en").click()
    expect(shown).to_have_text([*questions, "And to Uzbekistan?"])

    other = browser.new_page()  # of somebody else, who has the same server
    other.goto(server.url)
    other.locator(".examples .example:visible").first.wait_for()
    expect(other.locator("#answer .message")).to_be_visible()
    other.close()

    page.locator("#begin").click()
    expect(page.locator("#answer .message")).to_contain_text("Ask your documents")
    expect(page.locator("#begin")).to_be_hidden()
    page.reload()
    page.locator(".examples .example:visible").first.wait_for()
    page.wait_for_timeout(1_000)  # in which the conversation would come back
    expect(page.locator("#answer .message")).to_contain_text("Ask your documents")
    result = ask(page, "And to Kyrgyzstan?")  # leans on nothing
    expect(result.locator(".understood")).to_have_count(0)


def test_a_new_conversation_is_begun_while_an_answer_is_awaited(page: Page) -> None:
    ask(page, "When was the cooperation forum launched?")
    page.evaluate(ONCE_PENDING, "document.querySelector('#begin').click()")
    # Asked nowhere else: what was read before is remembered, and answered sooner than a click is heard.
    page.locator("#question textarea").fill("Which sights of the host city did the delegations visit?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#answer .message")).to_contain_text("Ask your documents")
    page.wait_for_timeout(3_000)  # in which the answer would have come
    expect(page.locator("#answer .turn")).to_have_count(0)
    result = ask(page, "When was the Secretariat established?")
    expect(result.locator(".short")).to_contain_text("2017")
    expect(page.locator("#answer .turn")).to_have_count(1)


def test_a_question_that_a_reload_cuts_off_is_in_the_box_again(page: Page) -> None:
    first, second = "When was the cooperation forum launched?", "Where was the fifteenth forum held?"
    page.evaluate(KEPT_ASKING)
    ask(page, first)
    page.wait_for_function("window.asking.at(-1) === ''")
    assert first in page.evaluate("window.asking")
    # As it stands while the second is being answered, which takes too short a time here.
    page.evaluate("question => sessionStorage.setItem('verbatim-asking', question)", second)
    page.reload()
    box, turns = page.locator("#question textarea"), page.locator("#answer .turn:not(.pending)")
    expect(box).to_have_value(second)
    expect(turns).to_have_count(1)
    box.press("Enter")
    expect(turns).to_have_count(2)
    expect(turns.last.locator(".short")).to_contain_text("Busan")
    page.reload()
    expect(turns).to_have_count(2)
    expect(box).to_have_value("")


def test_a_link_opens_beside_the_conversation_and_asks_once(page: Page) -> None:
    ask(page, "When was the cooperation forum launched?")
    with page.expect_popup() as opened:
        ask(page, "Where was the fifteenth forum held?").locator("a.link").click()
    linked = opened.value
    turns, newest = linked.locator("#answer .turn"), linked.locator("#answer .turn.newest:not(.pending)")
    expect(newest.locator(".short")).to_contain_text("Busan", timeout=20_000)
    expect(turns).to_have_count(1)
    expect(page.locator("#answer .turn")).to_have_count(2)
    linked.reload()
    expect(newest.locator(".short")).to_contain_text("Busan", timeout=20_000)
    linked.wait_for_timeout(2_000)  # in which it would be asked again
    expect(turns).to_have_count(1)
    linked.locator("#begin").click()
    expect(turns).to_have_count(0)
    assert "?" not in linked.url  # the next reload asks nothing
    linked.close()


def test_a_refused_question_loses_neither_itself_nor_the_conversation(page: Page) -> None:
    ask(page, "When was the cooperation forum launched?")
    too_long = "forum " * 400
    page.locator("#question textarea").evaluate("box => box.removeAttribute('maxlength')")
    expect(ask(page, too_long)).to_contain_text("characters")
    expect(page.locator("#question textarea")).to_have_value(too_long)
    expect(page.locator("#answer .turn .question")).to_have_text(["When was the cooperation forum launched?"])


@pytest.mark.parametrize("size", [(1280, 820), (390, 844)], ids=["desk", "phone"])
def test_why_a_question_is_refused_stands_in_sight(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    ask(page, "When was the cooperation forum launched?")
    told = ask(page, "   ")
    expect(told).to_contain_text("The question is empty")
    expect(told).to_be_in_viewport(ratio=1)
    bar, words = page.locator("#ask-bar").bounding_box(), told.bounding_box()
    assert bar and words and words["y"] + words["height"] <= bar["y"]
    expect(page.locator("#question textarea")).to_have_value("")


def test_ticked_sources_outlive_a_reload_and_another_language(page: Page, stored: Library) -> None:
    added = add_bytes(stored, b"# Passing by\n\nThe ferry of Aral stops here.\n", "passing.md")
    page.reload()
    ticked = page.locator("#source-list input[name=source]:checked")
    page.locator(f"#source-list input[value='{added.document_id}']").check()
    page.locator("#source-list li", has_text="Trade by Country").locator("input").check()
    expect(ticked).to_have_count(2)
    page.wait_for_timeout(1_000)  # until the server was told
    stored.remove(added.document_id)
    page.reload()
    expect(ticked).to_have_count(1)
    expect(page.locator("#source-list li:has(:checked)")).to_contain_text("Trade by Country")
    expect(ask(page, "When was the cooperation forum launched?")).to_contain_text("Searched: 1 document ")
    page.locator(".languages a", has_text="ko").click()
    page.wait_for_url("**/ko/**")
    expect(page.locator("#source-list li:has(:checked)")).to_contain_text("Trade by Country")
    expect(page.locator("#answer .turn.newest .summary").first).to_contain_text("문서 1개 · ")
    ticked.uncheck()
    page.wait_for_timeout(1_000)
    page.locator(".languages a", has_text="en").click()
    page.wait_for_url(lambda url: "/ko" not in url)
    expect(page.locator("#answer .turn.newest .summary").first).to_contain_text("1 document")
    result = ask(page, "Where was the fifteenth forum held?")
    expect(result.locator(".short")).to_contain_text("Busan")
    expect(ticked).to_have_count(0)


def test_what_is_typed_while_an_answer_is_awaited_stays(page: Page) -> None:
    box = page.locator("#question textarea")
    box.fill("When was the cooperation forum launched?")
    box.press("Enter")
    expect(box).to_have_value("")
    box.fill("And who came?")
    expect(page.locator("#answer .turn.newest:not(.pending) .short")).to_have_text("2007")
    expect(box).to_have_value("And who came?")


def test_examples_are_those_of_the_library_as_it_is_now(page: Page, stored: Library) -> None:
    shown = page.locator(".examples .example")
    expect(shown).to_have_count(3)  # the fourth title would be taken for markup
    first = shown.first.inner_text()
    card = next(card for card in stored.documents() if card.title in first)
    stored.edit(card.id, title="Aardvarks")
    try:
        page.reload()
        expect(shown.first).to_have_text("What is Aardvarks about?")
        expect(shown).to_have_count(3)
        shown.first.click()
        newest = page.locator("#answer .turn.newest:not(.pending) .question")
        expect(newest).to_have_text("What is Aardvarks about?")
    finally:
        stored.edit(card.id, title="")


def test_ticked_sources_alone_are_asked(page: Page) -> None:
    page.get_by_role("checkbox", name="Trade by Country").check()
    page.wait_for_timeout(500)  # until the page has told the server
    result = ask(page, "When was the cooperation forum launched?")
    titles = set(result.locator("article.card h3").all_text_contents())
    assert titles == {"Trade by Country"}
    page.get_by_role("checkbox", name="Trade by Country").uncheck()
    page.wait_for_timeout(500)
    expect(ask(page, "When was the cooperation forum launched?").locator(".short")).to_have_text("2007")


def test_sources_are_found_by_words_of_their_titles(page: Page) -> None:
    rows = page.locator("#source-list li")
    rows.first.wait_for()
    everything = rows.count()
    page.get_by_role("searchbox", name="Find a source").fill("trade")
    assert [row.inner_text().splitlines()[0] for row in rows.all() if row.is_visible()] == [
        "Trade by Country"
    ]
    page.get_by_role("searchbox", name="Find a source").fill("")
    assert all(row.is_visible() for row in rows.all())
    assert everything >= 4


def test_an_answer_is_exported(page: Page) -> None:
    result = ask(page, "When was the cooperation forum launched?")
    with page.expect_download() as download:
        result.locator(".exports a", has_text="RIS").click()
    text = download.value.path().read_text()
    assert text.startswith("TY  - ")
    assert "A Short History of the Forum" in text
