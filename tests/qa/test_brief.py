"""A brief: verbatim sentences that speak to a question, each saying something else, in an order to be read."""

from __future__ import annotations

from dataclasses import dataclass

import ingest
from index.hit import QueryWord
from index.query import search_words
from ingest.document import Document, Span
from qa.brief import BriefSettings, Excerpt, brief

CANAL = """# The canal

The canal fell dry because its gates rusted. Nobody paid for new gates. The mayor is fond of music.

Farmers also drew too much water in June.
"""
DROUGHT = """# The drought

Snow in the mountains was thin for three winters. Since its gates rusted the canal fell dry.
"""
CROPS = """# Crops

## Wheat

Wheat needs little water. It is sold at home.

## Cotton

Cotton needs much water and is sold abroad.
"""


@dataclass(frozen=True)
class FakeReading:
    """As much of a Reading as a brief looks at."""

    document: Document
    sentence: Span
    score: float
    chance: float


def _document(name: str, text: str) -> Document:
    return ingest.read(text.encode(), source=f"/briefs/{name}.md")


def _readings(*said: tuple[Document, str, float]) -> list[FakeReading]:
    """Readings of these sentences with these chances, best first."""
    readings = []
    for document, sentence, chance in said:
        start = document.text.index(sentence)
        readings.append(FakeReading(document, Span(start, start + len(sentence)), chance, chance))
    return sorted(readings, key=lambda reading: -reading.score)


def _texts(excerpts: list[Excerpt]) -> list[str]:
    for excerpt in excerpts:
        assert excerpt.span.of(excerpt.document.text).strip() == excerpt.span.of(excerpt.document.text)
    return [excerpt.span.of(excerpt.document.text) for excerpt in excerpts]


def _brief(question: str, readings: list[FakeReading], **settings: float) -> list[str]:
    words = [QueryWord((*w.terms, *w.translations), 1.0) for w in search_words(question, {"en", "ru"})]
    return _texts(brief(question, readings, words, BriefSettings(**settings)))


CANAL_DOCUMENT, DROUGHT_DOCUMENT = _document("canal", CANAL), _document("drought", DROUGHT)
WHY_DRY = _readings(
    (CANAL_DOCUMENT, "The canal fell dry because its gates rusted.", 0.9),
    (DROUGHT_DOCUMENT, "Since its gates rusted the canal fell dry.", 0.8),
    (CANAL_DOCUMENT, "Farmers also drew too much water in June.", 0.6),
    (CANAL_DOCUMENT, "Nobody paid for new gates.", 0.5),
    (DROUGHT_DOCUMENT, "Snow in the mountains was thin for three winters.", 0.4),
    (CANAL_DOCUMENT, "The mayor is fond of music.", 0.05),
)  # fmt: skip


def test_each_sentence_says_something_else_and_neighbours_are_joined() -> None:
    assert _brief("Why did the canal fall dry?", WHY_DRY) == [
        "The canal fell dry because its gates rusted. Nobody paid for new gates.",
        "Farmers also drew too much water in June.",
        "Snow in the mountains was thin for three winters.",
    ]


def test_as_many_documents_as_speak_to_it() -> None:
    assert _brief("Why did the canal fall dry?", WHY_DRY, sentences=2) == [
        "The canal fell dry because its gates rusted.",
        "Snow in the mountains was thin for three winters.",
    ]
    assert _brief("Why did the canal fall dry?", WHY_DRY, sentences=2, floor=0.6) == [
        "The canal fell dry because its gates rusted.",
        "Farmers also drew too much water in June.",
    ]


def test_no_more_than_was_asked_for_and_nothing_of_nothing() -> None:
    assert _brief("Why did the canal fall dry?", WHY_DRY, sentences=1) == [
        "The canal fell dry because its gates rusted."
    ]
    assert _brief("Why did the canal fall dry?", []) == []


def test_documents_come_in_the_order_of_their_best_sentence() -> None:
    readings = _readings(
        (CANAL_DOCUMENT, "Farmers also drew too much water in June.", 0.6),
        (DROUGHT_DOCUMENT, "Snow in the mountains was thin for three winters.", 0.9),
        (CANAL_DOCUMENT, "Nobody paid for new gates.", 0.5),
    )
    assert _brief("Why was it dry?", readings) == [
        "Snow in the mountains was thin for three winters.",
        "Nobody paid for new gates.",
        "Farmers also drew too much water in June.",
    ]


def test_an_excerpt_knows_its_best_sentence() -> None:
    first = brief("Why did the canal fall dry?", WHY_DRY, [])[0]  # type: ignore[arg-type]
    assert (first.score, first.chance, len(first.readings)) == (0.9, 0.9, 2)


def test_both_things_compared_are_covered() -> None:
    crops = _document("crops", CROPS)
    readings = _readings(
        (crops, "Cotton needs much water and is sold abroad.", 0.9),
        (crops, "It is sold at home.", 0.2),
        (crops, "Wheat needs little water.", 0.15),
    )
    compared = "What is the difference between wheat and cotton?"
    assert _brief(compared, readings, sentences=2) == [
        "It is sold at home.",  # under the heading "Wheat"
        "Cotton needs much water and is sold abroad.",
    ]
    assert _brief("Why is cotton sold?", readings, sentences=2) == [
        "Cotton needs much water and is sold abroad."
    ]
    assert _brief("Чем отличается пшеница от хлопка?", readings, sentences=2)[-1:] == [
        "Cotton needs much water and is sold abroad."
    ]


SOURCES = """# Who opened the canal?

## Why the canal fell dry

Why did the canal fall dry? Its gates rusted.

## References

Akhmetov, A. (2014). Why the canal fell dry. Almaty: Steppe Press.
"""


def test_headings_questions_and_bibliographies_stand_in_no_brief() -> None:
    sources = _document("sources", SOURCES)
    naming = _readings(
        (sources, "Why the canal fell dry", 0.9),
        (sources, "Why did the canal fall dry?", 0.8),
        (sources, "Akhmetov, A. (2014). Why the canal fell dry.", 0.7),
    )
    assert _brief("Why did the canal fall dry?", naming) == []
    stating = _readings((sources, "Its gates rusted.", 0.5))
    assert _brief("Why did the canal fall dry?", naming + stating) == ["Its gates rusted."]


def test_what_two_documents_say_in_the_same_words_stands_once_unless_the_figures_differ() -> None:
    def counted(*figures: int) -> list[str]:
        said = "Some {} herders live in the high valleys above the old canal."
        readings = []
        for at, figure in enumerate(figures):
            sentence = said.format(figure)
            readings += _readings(
                (_document(f"count{at}", f"# Count {at}\n\n{sentence}\n"), sentence, 0.9 - at / 10)
            )
        return _brief("How do the herders live?", readings)

    assert counted(500, 500) == ["Some 500 herders live in the high valleys above the old canal."]
    assert counted(500, 300) == [
        "Some 500 herders live in the high valleys above the old canal.",
        "Some 300 herders live in the high valleys above the old canal.",
    ]


def test_a_sentence_found_in_two_passages_stands_once() -> None:
    twice = [WHY_DRY[0], WHY_DRY[0], WHY_DRY[2]]
    assert _brief("Why did the canal fall dry?", twice) == [
        "The canal fell dry because its gates rusted.",
        "Farmers also drew too much water in June.",
    ]
