"""Ask in the browser: the short answer, the quotation in its passage, the source opened at it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from index.library import Library
from tests.web.conftest import Server, ask, marked, span_of

IN_VIEW = """mark => {
  const box = mark.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= window.innerHeight && box.height > 0;
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
    example = page.locator(".examples button").first
    question = example.inner_text()
    example.click()
    expect(page.locator("#answer .turn.newest:not(.pending) .question")).to_have_text(question)
    expect(page.locator("#question textarea")).to_have_value("")
    expect(page.locator(".examples")).to_be_hidden()


def test_the_conversation_stays_and_a_follow_up_leans_on_it(page: Page) -> None:
    ask(page, "What were the exports of South Korea to Uzbekistan in 2022?")
    result = ask(page, "And to Kyrgyzstan?")
    expect(page.locator("#answer .turn .question")).to_have_text(
        ["What were the exports of South Korea to Uzbekistan in 2022?", "And to Kyrgyzstan?"]
    )
    expect(result.locator(".short")).to_have_text("372 854")
    expect(result.locator(".understood")).to_contain_text("Kyrgyzstan in 2022")


def test_a_link_asks_again(page: Page, server: Server) -> None:
    ask(page, "What were the exports of South Korea to Uzbekistan in 2022?")
    link = ask(page, "And to Kyrgyzstan?").locator("a.link").get_attribute("href")
    page.goto(f"{server.url}{link}")
    newest = page.locator("#answer .turn.newest:not(.pending)")
    expect(newest.locator(".short")).to_have_text("372 854")
    # The turn before is not part of it: the question stands by itself.
    expect(newest.locator(".question")).to_contain_text("Kyrgyzstan in 2022")


def test_a_refused_question_loses_neither_itself_nor_the_conversation(page: Page) -> None:
    ask(page, "When was the cooperation forum launched?")
    too_long = "forum " * 400
    page.locator("#question textarea").evaluate("box => box.removeAttribute('maxlength')")
    expect(ask(page, too_long)).to_contain_text("characters")
    expect(page.locator("#question textarea")).to_have_value(too_long)
    expect(page.locator("#answer .turn .question")).to_have_text(["When was the cooperation forum launched?"])


def test_what_is_typed_while_an_answer_is_awaited_stays(page: Page) -> None:
    box = page.locator("#question textarea")
    box.fill("When was the cooperation forum launched?")
    box.press("Enter")
    expect(box).to_have_value("")
    box.fill("And who came?")
    expect(page.locator("#answer .turn.newest:not(.pending) .short")).to_have_text("2007")
    expect(box).to_have_value("And who came?")


def test_examples_are_those_of_the_library_as_it_is_now(page: Page, stored: Library) -> None:
    shown = page.locator(".examples button")
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
