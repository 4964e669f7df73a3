"""The lexical mirror ranks by BM25 over the terms of the analysis, checked against BM25 by hand."""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from pathlib import Path

import pytest

from index.analysis import terms
from index.catalog import Catalog
from index.lexical import LexicalMirror
from index.query import SearchWord
from tests.index.synthetic import document, store

# Titles equal the text's first word, so that the terms of each passage are easily counted by hand.
LINES = ["rail rail coal", "coal", "coal steel steel steel", "wheat"]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    yield catalog
    catalog.close()


@pytest.fixture
def mirror(tmp_path: Path) -> LexicalMirror:
    return LexicalMirror(tmp_path / "lexical")


def _word(*terms: str, translations: tuple[str, ...] = (), weight: int = 1) -> SearchWord:
    return SearchWord(terms, translations, weight, only_in="")


def _fill(catalog: Catalog, mirror: LexicalMirror) -> None:
    # The title has no letter, and so adds no term.
    store(catalog, *(document(line, f"/{n}", title="…") for n, line in enumerate(LINES)))
    mirror.catch_up(catalog)


def _bm25(counts: dict[str, int], length: int, frequencies: dict[str, int]) -> float:
    """k1 = 1.2, b = 0.75; four passages of 3, 1, 4 and 1 terms, 9/4 on average."""
    return sum(
        log(1 + (4 - frequencies[term] + 0.5) / (frequencies[term] + 0.5))
        * count
        * 2.2
        / (count + 1.2 * (0.25 + 0.75 * length / (9 / 4)))
        for term, count in counts.items()
    )


def test_scores_are_bm25(catalog: Catalog, mirror: LexicalMirror) -> None:
    assert [terms(line, "en") for line in LINES] == [line.split() for line in LINES]
    _fill(catalog, mirror)
    assert mirror.search([_word("coal")], 10) == pytest.approx(
        {
            2: _bm25({"coal": 1}, 1, {"coal": 3}),
            1: _bm25({"coal": 1}, 3, {"coal": 3}),
            3: _bm25({"coal": 1}, 4, {"coal": 3}),
        },
        rel=1e-5,
    )
    frequencies = {"coal": 3, "rail": 1, "steel": 1}
    both = mirror.search([_word("rail"), _word("coal"), _word("steel")], 10)
    assert list(both) == [3, 1, 2]
    assert both == pytest.approx(
        {
            3: _bm25({"coal": 1, "steel": 3}, 4, frequencies),
            1: _bm25({"rail": 2, "coal": 1}, 3, frequencies),
            2: _bm25({"coal": 1}, 1, frequencies),
        },
        rel=1e-5,
    )


def test_of_alternatives_the_best_counts_and_not_the_sum(catalog: Catalog, mirror: LexicalMirror) -> None:
    _fill(catalog, mirror)
    alone = mirror.search([_word("rail")], 10)
    assert mirror.search([_word("coal", "rail")], 10)[1] == alone[1]


def test_a_translation_counts_by_its_weight(catalog: Catalog, mirror: LexicalMirror) -> None:
    _fill(catalog, mirror)
    alone = mirror.search([_word("rail")], 10)
    found = mirror.search([_word("уголь", translations=("rail",), weight=3)], 10)
    assert found == pytest.approx({1: 3 * alone[1]})


def test_k_and_documents_restrict(catalog: Catalog, mirror: LexicalMirror) -> None:
    _fill(catalog, mirror)
    everything = mirror.search([_word("coal")], 10)
    assert list(mirror.search([_word("coal")], 2)) == list(everything)[:2]
    assert mirror.search([_word("coal")], 10, [1, 3]) == {key: everything[key] for key in (1, 3)}
    assert mirror.search([_word("coal")], 1, [3]) == {3: everything[3]}
    assert mirror.search([_word("coal")], 10, [4, 99]) == {}
    assert mirror.search([_word("coal")], 10, []) == {}


@pytest.mark.parametrize("word", ["co", "COAL", "coal*", "coal OR wheat", '"coal"', "", " ", "x" * 70_000])
def test_a_term_is_a_term_and_no_query_language(catalog: Catalog, mirror: LexicalMirror, word: str) -> None:
    _fill(catalog, mirror)
    assert mirror.search([_word(word)], 10) == {}
    assert not mirror.holds([word])


def test_nothing_asked_and_nothing_there(catalog: Catalog, mirror: LexicalMirror) -> None:
    assert mirror.search([_word("coal")], 10) == {}  # before any catching up
    assert (mirror.holds(["coal"]), mirror.rarity(["coal"]), mirror.count()) == (False, 0.0, 0)
    mirror.catch_up(catalog)
    assert mirror.search([_word("coal")], 10) == {}
    assert mirror.search([], 10) == {}


def test_what_is_held_and_how_rare_it_is(catalog: Catalog, mirror: LexicalMirror) -> None:
    _fill(catalog, mirror)
    assert [mirror.holds([term]) for term in ("coal", "rail", "gas")] == [True, True, False]
    assert mirror.holds(["gas", "rail"])
    assert mirror.rarity(["coal"]) == mirror.rarity(["rail", "coal"]) == pytest.approx(log(1 + 1.5 / 3.5))
    assert mirror.rarity(["gas"]) == pytest.approx(log(1 + 4.5 / 0.5))


def test_what_was_removed_is_held_no_more_and_makes_no_word_negative(
    catalog: Catalog, mirror: LexicalMirror
) -> None:
    _fill(catalog, mirror)
    for card in catalog.cards():
        if card.source in ("/0", "/1", "/3"):
            catalog.delete(card.id)
    mirror.catch_up(catalog)
    assert [mirror.holds([term]) for term in ("coal", "steel", "rail", "wheat")] == [True, True, False, False]
    assert mirror.count() == 1
    # tantivy may still count what was removed; a word is then taken for one that every passage holds.
    assert mirror.rarity(["coal"]) == pytest.approx(log(1 + 0.5 / 1.5))


def test_catching_up_follows_the_catalog_over_restarts(
    catalog: Catalog, mirror: LexicalMirror, tmp_path: Path
) -> None:
    _fill(catalog, mirror)
    catalog.delete(catalog.cards()[0].id)
    store(catalog, document("turbine", "/new", title="…"))
    again = LexicalMirror(tmp_path / "lexical")
    again.catch_up(catalog)
    assert again.revision == catalog.revision
    assert again.count() == len(catalog.passage_keys()) == 4
    assert list(again.search([_word("turbine")], 10)) == [5]
    # The first mirror, still open, sees it too once it catches up.
    mirror.catch_up(catalog)
    assert list(mirror.search([_word("turbine")], 10)) == [5]


def test_many_documents_at_once(catalog: Catalog, mirror: LexicalMirror) -> None:
    for number in range(60):
        store(catalog, document(f"common word{number}\ncommon", f"/{number}", title="…"))
    mirror.catch_up(catalog)
    assert mirror.count() == 120
    assert mirror.rarity(["common"]) == pytest.approx(log(1 + 0.5 / 120.5))
    assert mirror.rarity(["word7"]) == pytest.approx(log(1 + 119.5 / 1.5))
    for number in (0, 31, 59):
        assert list(mirror.search([_word(f"word{number}")], 10)) == [2 * number + 1]
