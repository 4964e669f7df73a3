"""Search in the browser: terms marked where the index found them, filters obeyed, hits opened."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from index.library import Library
from tests.web.conftest import marked, span_of


def search(page: Page, query: str) -> Locator:
    page.get_by_role("tab", name="Search").click()
    page.wait_for_timeout(700)  # until the tab, shown for the first time, has its filters and listens
    page.locator("#query textarea").fill(query)
    page.locator("#search").click()
    page.locator("#hits article.card, #hits .message:has-text('did not work')").first.wait_for()
    return page.locator("#hits")


def test_terms_are_marked_as_the_index_found_them(page: Page, stored: Library) -> None:
    query = "exports to Kyrgyzstan 372854"
    hits = search(page, query).locator("article.card")
    expected = stored.search(query, 10)
    assert hits.count() == len(expected)
    for card, hit in zip(hits.all(), expected, strict=True):
        document_id, start, end = span_of(card.locator("a.open"))
        assert (document_id, start, end) == (hit.passage.document_id, hit.passage.start, hit.passage.end)
        text = stored.document(document_id).text
        assert card.locator("mark.term").all_text_contents() == [span.of(text) for span in hit.highlights]
    first = hits.first
    assert "372 854" in marked(first, "term")
    assert first.locator("table th").all_text_contents() == ["Partner", "Exports, 2022"]


def test_hit_opens_in_the_viewer(page: Page) -> None:
    search(page, "exports to Kyrgyzstan").locator("a.open").first.click()
    viewer = page.frame_locator("iframe[name=source]")
    expect(viewer.locator("h1")).to_have_text("Trade by Country")
    expect(viewer.locator("#quote")).to_be_visible()
    expect(viewer.locator("table td.number").last).to_have_text("372 854")


def test_language_filter(page: Page) -> None:
    hits = search(page, "forum")
    page.locator("#languages input").click()
    page.get_by_role("option", name="Korean").click()
    expect(hits.locator("article.card")).to_have_count(1)
    expect(hits.locator("article.card .where")).to_contain_text("Korean")


def test_empty_query_is_a_message(page: Page) -> None:
    expect(search(page, " ")).to_contain_text("is empty")
