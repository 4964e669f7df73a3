"""Search in the browser and its HTML: terms marked, facets, order and sources obeyed, entries with what cites them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from index.encoder import OpenVinoEncoder
from index.intake import add_bytes
from index.library import Library
from tests.web.conftest import marked, span_of
from web.interface import Interface
from web.search.facets import Picks
from web.search.order import NEWEST, OLDEST, RELEVANCE
from web.search.results import FIRST, Asked, passages, references
from web.sources_panel import Chosen

SAY = Interface()
PAPER = """---
title: Steppe Diplomacy
date: 2019-03-01
language: en
---

# Steppe Diplomacy

## Introduction

Middle powers have long looked to the steppe [1]. Trade followed `<b>diplomacy</b>` late [2].

## Energy

Pipelines bind more than treaties [1, 3]. Customs data tell of slow growth [1]. The rest is told elsewhere [1].

## References

[1] Fumagalli, M. (2012). Growing inter-Asian connections. Eurasian Journal, 3. doi:10.1016/j.euras.2011.10.004

[2] Shin, H. (2015). Korea boosts ties. The Korea Herald. https://example.org/view?a=1&b=2

[3] Calder, K. (2006). Korean energy insecurities. Korea Economic Institute.
"""
LATER = """---
title: Later Steppe Notes
date: 2021
language: en
---

# Later Steppe Notes

Connections grew further on the steppe than anyone had thought [1].

## References

[1] Fumagalli, M. (2012). Growing inter-Asian connections. Journal of Eurasian Studies, 3(1), 39–48.

[2] Nobody, N. (2001). A steppe that is never cited. Some Journal.
"""
UNDATED = "# 초원의 외교\n\n초원의 나라들은 오래전부터 외교를 넓혀 왔다. 교역은 그 뒤를 따랐다.\n"


@pytest.fixture(scope="module")
def steppe(tmp_path_factory: pytest.TempPathFactory, encoder: OpenVinoEncoder) -> Iterator[Library]:
    """Two papers that cite the same work, and a page without a date."""
    with Library(tmp_path_factory.mktemp("steppe") / "library", encoder) as library:
        for name, text in {"paper.md": PAPER, "later.md": LATER, "undated.md": UNDATED}.items():
            outcome = add_bytes(library, text.encode(), name)
            assert outcome.status == "added", outcome
        yield library


def id_of(library: Library, source: str) -> str:
    return next(card.id for card in library.documents() if Path(card.source).name == source)


def titles(html: str) -> list[str]:
    return re.findall(r'<h3 [^>]*title="([^"]*)"', html)


def test_hits_come_in_the_order_asked_for(steppe: Library) -> None:
    asked = Asked("steppe")
    newest = titles(passages(SAY, steppe, asked, NEWEST, Chosen()).hits)
    dated = ["Later Steppe Notes", "Steppe Diplomacy"]
    assert list(dict.fromkeys(newest)) == [*dated, "초원의 외교"]
    oldest = titles(passages(SAY, steppe, asked, OLDEST, Chosen()).hits)
    assert list(dict.fromkeys(oldest)) == [*reversed(dated), "초원의 외교"]
    nearest = titles(passages(SAY, steppe, asked, RELEVANCE, Chosen()).hits)
    assert nearest == [hit.document.title for hit in steppe.search("steppe", FIRST)]


def test_picks_and_ticked_sources_narrow(steppe: Library) -> None:
    korean = passages(SAY, steppe, Asked("steppe", Picks(language=("ko",))), RELEVANCE, Chosen())
    assert set(titles(korean.hits)) == {"초원의 외교"}
    of_2021 = passages(SAY, steppe, Asked("steppe", Picks(year=("2021",))), RELEVANCE, Chosen())
    assert set(titles(of_2021.hits)) == {"Later Steppe Notes"}
    ticked = Chosen((id_of(steppe, "paper.md"), "removed since"))
    assert set(titles(passages(SAY, steppe, Asked("steppe"), RELEVANCE, ticked).hits)) == {"Steppe Diplomacy"}
    # A pick that no ticked source has is dropped, not obeyed unseen.
    outside = passages(SAY, steppe, Asked("steppe", Picks(language=("ko",))), RELEVANCE, ticked)
    assert outside.asked.picks == Picks()
    assert set(titles(outside.hits)) == {"Steppe Diplomacy"}


def test_more_hits_are_shown_step_by_step(steppe: Library) -> None:
    total = len(steppe.search("steppe", 100))
    first = passages(SAY, steppe, Asked("steppe", shown=2), RELEVANCE, Chosen())
    assert (len(titles(first.hits)), first.left) == (2, total - 2)
    assert f"{total} passages for “steppe”" in first.hits
    rest = passages(SAY, steppe, first.asked.more, RELEVANCE, Chosen())
    assert (len(titles(rest.hits)), rest.left) == (total, 0)
    asked = Asked("steppe")
    for _ in range(9):
        asked = asked.more
    assert asked.shown == 100


def test_nothing_found_says_why(steppe: Library, library: Library) -> None:
    phrase = passages(SAY, steppe, Asked('"no such words"'), RELEVANCE, Chosen()).hits
    assert "No passage holds “no such words” word for word." in phrase
    assert "ticked" not in phrase and "picked" not in phrase
    narrowed = Asked('"treaties"', Picks(language=("ko",)))
    assert "Clear the picks" in passages(SAY, steppe, narrowed, RELEVANCE, Chosen()).hits
    ticked = Chosen((id_of(steppe, "undated.md"),))
    told = passages(SAY, steppe, Asked('"treaties"'), RELEVANCE, ticked).hits
    assert "Only the source ticked on the left was searched." in told
    assert "Add documents under Library" in passages(SAY, library, Asked("x"), RELEVANCE, Chosen()).hits


def test_a_work_stands_once_with_every_place_that_cites_it(steppe: Library) -> None:
    html = references(SAY, steppe, Asked("Fumagalli"), RELEVANCE, Chosen()).hits
    assert "2 bibliography entries for “Fumagalli”" in html
    assert html.count("<h3>Growing inter-Asian connections</h3>") == 1
    assert "<li>Fumagalli, M.</li><li>2012</li>" in html
    assert (
        '<a href="https://doi.org/10.1016/j.euras.2011.10.004" target="_blank" rel="noopener noreferrer">'
        in html
    )
    assert sorted(titles(html)) == ["Later Steppe Notes", "Steppe Diplomacy"]
    assert "Cited in 4 places" in html and "Cited in 1 place<" in html
    assert "1 more place" in html
    document = steppe.document(id_of(steppe, "paper.md"))
    entry, *others = document.references
    cited = [mention for mention in document.mentions if mention.reference == 0]
    links = re.findall(
        rf'<a class="open" href="/source/{document.id}\?start=(\d+)&amp;end=(\d+)#quote"', html
    )
    places = [(entry.start, entry.end), *((mention.start, mention.end) for mention in cited)]
    assert [(int(start), int(end)) for start, end in links] == places
    assert [document.text[start:end] for start, end in places[1:]] == ["[1]", "[1, 3]", "[1]", "[1]"]
    assert re.findall(
        r"<p[^>]*>([^<]*)<mark class=\"term\">\[1\]</mark>\.</p></div><div class=\"at\">", html
    )[-1]
    assert others and "Shin" not in html


def test_addresses_of_a_work_and_its_text_are_escaped(steppe: Library) -> None:
    html = references(SAY, steppe, Asked("Shin"), RELEVANCE, Chosen()).hits
    assert 'href="https://example.org/view?a=1&amp;b=2" target="_blank" rel="noopener noreferrer"' in html
    assert "&lt;b&gt;diplomacy&lt;/b&gt;" in html and "<b>" not in html
    query = references(SAY, steppe, Asked("<img src=x> Shin"), RELEVANCE, Chosen()).hits
    assert "<img" not in query and "&lt;img src=x&gt;" in query


def test_references_by_year_of_the_work_and_of_ticked_sources(steppe: Library) -> None:
    def works(order: str) -> list[str]:
        html = references(SAY, steppe, Asked("Korea Korean Journal"), order, Chosen()).hits
        return re.findall(r"<h3>([^<]*)</h3>", html)

    by_year = [
        "A steppe that is never cited",
        "Korean energy insecurities",
        "Growing inter-Asian connections",
    ]
    assert works(OLDEST) == [*by_year, "Korea boosts ties"]
    assert works(NEWEST) == ["Korea boosts ties", *reversed(by_year)]
    ticked = Chosen((id_of(steppe, "later.md"),))
    narrowed = references(SAY, steppe, Asked("Fumagalli"), RELEVANCE, ticked)
    assert titles(narrowed.hits) == ["Later Steppe Notes"]
    uncited = references(SAY, steppe, Asked("Nobody"), RELEVANCE, Chosen()).hits
    assert "No citation of it was found in the text." in uncited


def test_no_reference_says_what_to_try(steppe: Library) -> None:
    none = references(SAY, steppe, Asked("Zyxwvut"), RELEVANCE, Chosen())
    assert "No bibliography entry holds any of these words." in none.hits
    assert (none.facets, none.left) == ("", 0)
    ticked = Chosen((id_of(steppe, "undated.md"),))
    told = references(SAY, steppe, Asked("Fumagalli"), RELEVANCE, ticked).hits
    assert "Only the source ticked on the left was searched." in told


def search(page: Page, query: str) -> Locator:
    page.get_by_role("tab", name="Search").click()
    page.wait_for_timeout(700)  # until the tab, shown for the first time, has its settings and listens
    page.locator("#query textarea").fill(query)
    page.locator("#search").click()
    page.locator("#hits article.card, #hits .message:has-text('did not work')").first.wait_for()
    return page.locator("#hits")


def test_terms_are_marked_as_the_index_found_them(page: Page, stored: Library) -> None:
    query = "exports to Kyrgyzstan 372854"
    hits = search(page, query).locator("article.card")
    expected = stored.search(query, 100)
    assert hits.count() == len(expected[:FIRST])
    for card, hit in zip(hits.all(), expected, strict=False):
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


def test_facets_narrow_and_are_taken_back(page: Page, stored: Library) -> None:
    hits = search(page, "forum")
    everything = min(len(stored.search("forum", 100)), FIRST)
    expect(hits.locator("article.card")).to_have_count(everything)
    page.get_by_role("button", name="Language").click()
    page.get_by_role("checkbox", name="Korean").check()
    expect(hits.locator("article.card")).to_have_count(1)
    expect(hits.locator("article.card .where")).to_contain_text("Korean")
    # The list stays open, with the focus on what was ticked and the other languages still counted.
    korean, english = (page.get_by_role("checkbox", name=name) for name in ("Korean", "English"))
    expect(korean).to_be_checked()
    expect(korean).to_be_focused()
    english.check()
    expect(hits.locator("article.card")).to_have_count(everything)
    page.get_by_role("button", name="English").click()  # the pick, not the box
    expect(hits.locator("article.card")).to_have_count(1)
    # A new query keeps the pick; so does a tick on the left, as long as something has it.
    page.locator("#query textarea").fill("교류")
    page.locator("#search").click()
    expect(hits.locator(".lead")).to_contain_text("교류")
    expect(hits.locator("article.card")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(hits.locator("article.card")).to_have_count(everything)
    page.locator("#source-list input[value='" + id_of(stored, "trade.html") + "']").check()
    expect(page.locator("#facets")).not_to_contain_text("Language")
    assert set(hits.locator("article.card h3").all_text_contents()) == {"Trade by Country"}


def test_references_mode_and_refusals(page: Page) -> None:
    hits = search(page, " ")
    expect(hits).to_contain_text("is empty")
    page.get_by_role("radio", name="References").check(force=True)
    expect(hits).to_contain_text("Search bibliographies")
    page.locator("#query textarea").fill("Zyxwvut")
    page.locator("#search").click()
    expect(hits).to_contain_text("No bibliography entry holds any of these words.")
    page.locator("#query textarea").fill("x" * 3_000)
    page.locator("#search").click()
    expect(hits).to_contain_text("did not work")
