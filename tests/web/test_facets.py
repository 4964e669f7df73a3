"""Facets by themselves: what is picked, what it filters, how often each value is counted; and order by date."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from index.hit import DocumentCard, Filters, Hit
from ingest.document import Passage
from web.interface import Interface
from web.search.facets import FACETS, NEAREST, Faceted, Picks, faceted, faceted_anew, filters_of
from web.search.facets_html import facets_html
from web.search.order import NEWEST, OLDEST, RELEVANCE, ordered


def card(id: str, language: str, published: str = "", type: str = "", title: str = "") -> DocumentCard:
    title = title or id.upper()
    return DocumentCard(id, f"{id}.md", "markdown", title, (), "", published, language, type, "", "", 1, 1, 9)


A = card("a", "ko", "2012-10-17", "law")
B = card("b", "ko", "2012", "report")
C = card("c", "ru", "2007", "report")
D = card("d", "en")  # says nothing of its date and type
CARDS = (A, B, C, D)
# The nearest passages of any query: of A three, of B two, of C and D one.
NEAR = (A, B, C, A, D, B, A)


def hit(card: DocumentCard, start: int = 0) -> Hit:
    return Hit(Passage(card.id, start, start + 9), "a passage", card, 0.5, 0.5, 0.0, 0.0, ())


class Index:
    """A search over made passages that obeys filters, and remembers them."""

    def __init__(self, near: Sequence[DocumentCard] = NEAR) -> None:
        self.hits = [hit(card, 9 * place) for place, card in enumerate(near)]
        self.asked: list[Filters] = []

    def __call__(self, filters: Filters) -> list[Hit]:
        self.asked.append(filters)
        return [hit for hit in self.hits if passes(hit.document, filters)][:NEAREST]


def passes(card: DocumentCard, filters: Filters) -> bool:
    return all(
        not wanted or value in wanted
        for wanted, value in (
            (filters.documents, card.id),
            (filters.languages, card.language),
            (filters.types, card.type),
        )
    )


def counts(found: Faceted, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in found.values[facet]}


def test_without_picks_one_search_counts_every_facet() -> None:
    index = Index()
    found = faceted(index, CARDS, Picks())
    assert index.asked == [Filters()]
    assert [hit.document.id for hit in found.hits] == ["a", "b", "c", "a", "d", "b", "a"]
    assert counts(found, "language") == {"ko": 5, "en": 1, "ru": 1}
    assert counts(found, "document") == {"a": 3, "b": 2, "c": 1, "d": 1}
    assert not found.partial


def test_values_are_ordered_and_what_says_nothing_is_last() -> None:
    found = faceted(Index((D, D, D, *NEAR)), CARDS, Picks())
    assert list(counts(found, "language")) == ["ko", "en", "ru"]  # by count, then by name
    assert list(counts(found, "year")) == ["2012", "2007", ""]  # the latest first
    assert list(counts(found, "type").items()) == [("law", 3), ("report", 3), ("", 4)]


def test_a_pick_leaves_its_alternatives_their_counts() -> None:
    found = faceted(Index(), CARDS, Picks(language=("ru",)))
    assert {hit.document.id for hit in found.hits} == {"c"}
    assert counts(found, "language") == {"ko": 5, "en": 1, "ru": 1}
    assert [value.value for value in found.values["language"] if value.picked] == ["ru"]
    # The other facets are counted among Russian passages alone.
    assert counts(found, "document") == {"c": 1}
    assert counts(found, "year") == {"2007": 1}


def test_any_value_of_a_facet_will_do_and_all_facets_must() -> None:
    picks = Picks(language=("ko", "ru"), type=("report",))
    found = faceted(Index(), CARDS, picks)
    assert [hit.document.id for hit in found.hits] == ["b", "c", "b"]
    assert counts(found, "language") == {"ko": 2, "ru": 1}  # of reports, English has none
    assert counts(found, "type") == {"law": 3, "report": 3}  # of Korean and Russian
    assert counts(found, "year") == {"2012": 2, "2007": 1}


def test_a_picked_value_without_passages_is_still_there_to_be_taken_back() -> None:
    found = faceted(Index(), CARDS, Picks(language=("ru",), type=("law",)))
    assert found.hits == ()
    assert counts(found, "language") == {"ko": 3, "ru": 0}
    assert counts(found, "type") == {"report": 1, "law": 0}


@pytest.mark.parametrize(
    ("picks", "chosen", "expected"),
    [
        (Picks(), (), Filters()),
        (Picks(language=("ko", "ru"), type=("",)), (), Filters(languages=("ko", "ru"), types=("",))),
        (Picks(year=("2012",)), (), Filters(documents=("a", "b"))),
        (Picks(year=("2007", "")), (), Filters(documents=("c", "d"))),
        (Picks(document=("d", "a")), (), Filters(documents=("a", "d"))),
        (Picks(), ("b", "c"), Filters(documents=("b", "c"))),
        (Picks(year=("2012",), language=("ko",)), ("b", "c"), Filters(documents=("b",), languages=("ko",))),
        # No document may never become no restriction.
        (Picks(year=("2007",), document=("a",)), (), None),
        (Picks(document=("a",)), ("b",), None),
        (Picks(year=("1066",)), (), None),
    ],
)
def test_picks_become_filters(picks: Picks, chosen: tuple[str, ...], expected: Filters | None) -> None:
    assert filters_of(picks, CARDS, chosen) == expected


def test_where_no_document_passes_nothing_is_searched() -> None:
    index = Index()
    found = faceted(index, CARDS, Picks(year=("2007",), document=("a",)))
    assert found.hits == ()
    assert Filters() not in index.asked


def test_more_passages_than_are_counted_is_told() -> None:
    assert faceted(Index((A,) * (NEAREST + 5)), CARDS, Picks()).partial
    assert not faceted(Index((A,) * (NEAREST - 1)), CARDS, Picks()).partial
    # Also when only the counts of a picked facet were cut off.
    assert faceted(Index((A,) * NEAREST), CARDS, Picks(language=("ru",))).partial


def test_picks_stay_with_a_new_query_while_they_find_something() -> None:
    picks = Picks(language=("ko",))
    assert faceted_anew(Index(), CARDS, picks).picks == picks
    without = faceted_anew(Index((C, D)), CARDS, picks)
    assert without.picks == Picks()
    assert [hit.document.id for hit in without.hits] == ["c", "d"]
    # Where the query finds nothing at all, they are not to blame.
    assert faceted_anew(Index(()), CARDS, picks).picks == picks


def test_a_pick_goes_with_its_last_document() -> None:
    picks = Picks(language=("ko", "ru"), document=("a",))
    assert faceted_anew(Index((C, D)), (C, D), picks).picks == Picks(language=("ru",))


def test_what_a_browser_sends_is_checked() -> None:
    sent = [["language", "ko"], ["language", "ko"], ["year", ""], ["document", "a"], ["type", "law"]]
    assert Picks.of(sent) == Picks(("ko",), ("",), ("law",), ("a",))
    bad = [
        ["language"],
        ["language", 7],
        ["language", ["ko"]],
        ["__class__", "x"],
        [["year"], "2012"],
        "year",
        None,
    ]
    assert Picks.of([*bad, ["year", "2012"]]) == Picks(year=("2012",))
    for nothing in (None, "language", 7, {"language": "ko"}):
        assert Picks.of(nothing) == Picks()


@pytest.mark.parametrize(
    ("order", "expected"),
    [(RELEVANCE, "cadbe"), (NEWEST, "aedbc"), (OLDEST, "dbeac"), ("?", "cadbe")],
)
def test_order_by_date_with_undated_last(order: str, expected: str) -> None:
    dates = {"a": "2023-05", "b": "2012-10", "c": "", "d": "2012-10", "e": "2013"}
    assert "".join(ordered("cadbe", dates.__getitem__, order)) == expected


def shown(found: Faceted) -> str:
    return facets_html(Interface(), found, {card.id: card for card in CARDS})


def test_facets_are_labelled_boxes_with_counts() -> None:
    html = shown(faceted(Index(), CARDS, Picks(language=("ko",))))
    boxes = re.findall(
        r'data-facet="language" value="(\w+)"( checked)?><span class="name">(\w+)</span><span class="number">(\d+)',
        html,
    )
    assert boxes == [
        ("ko", " checked", "Korean", "5"),
        ("en", "", "English", "1"),
        ("ru", "", "Russian", "1"),
    ]
    assert '<button type="button" class="pick" data-facet="language" data-value="ko">' in html
    assert html.count('class="clear"') == 1
    assert re.findall(r'class="facet" data-facet="(\w+)"', html) == [
        "language",
        "type",
        "document",
    ]  # one year
    assert "Counts are of" not in html


def test_nothing_to_narrow_shows_no_facets() -> None:
    assert shown(faceted(Index((A, A)), CARDS, Picks())) == ""
    assert shown(faceted(Index(()), CARDS, Picks())) == ""


def test_what_says_nothing_has_a_name() -> None:
    html = shown(faceted(Index(), CARDS, Picks()))
    assert "Without a date" in html and "Other types" in html
    assert "Clear" not in html


def test_partial_counts_say_so() -> None:
    found = faceted(Index((A, B) * NEAREST), CARDS, Picks())
    assert "Counts are of the 100 nearest passages" in shown(found)


def test_titles_and_values_are_escaped() -> None:
    bad = '"><script>x</script>'
    hostile = card("e", bad, bad, bad, title=bad)
    found = faceted(Index((hostile, A)), (hostile, A), Picks(**dict.fromkeys(FACETS[:3], (bad,))))
    html = facets_html(Interface(), found, {hostile.id: hostile, A.id: A})
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;x&lt;/script&gt;" in html
