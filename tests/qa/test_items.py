"""The items of a list question: of a list, of a table's column, of a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

import ingest
from index.hit import QueryWord
from index.query import search_words
from ingest.document import Document, Span
from qa.items import items, listing, number_asked
from qa.reader import Reading

LISTS = """# The valley

## Goods

The valley sells these goods:

- raw wool;
- felt
- honey, from the hills

Prices are set in spring.

## Rules

1. Pay in time.
2. Leave no litter.

## Towns

The towns are listed below.

| Town | People | River |
|---|---|---|
| Osh | 300 | Ak-Buura |
| Talas | 40 | Talas |

The rivers Chuy, Naryn and Talas meet Osh, Bishkek, Tokmok and Karakol on their way.

Bread is cheap.
"""
PLAIN = """The office needs:

• pens
• two strong
  tables
• paper

Nothing else is missing.
"""


def _items(question: str, text: str, sentence: str, name: str = "valley.md") -> list[str] | None:
    document: Document = ingest.read(text.encode(), source=f"/lists/{name}")
    start = document.text.index(sentence)
    words = [QueryWord((*w.terms, *w.translations), 1.0) for w in search_words(question, {"en", "ru"})]
    found = items(question, document, Span(start, start + len(sentence)), words)
    return None if found is None else [span.of(document.text) for span in found]


@pytest.mark.parametrize(
    ("question", "sentence", "found"),
    [
        ("Which goods does it sell?", "The valley sells these goods:", ["raw wool", "felt", "honey, from the hills"]),
        ("Which goods does it sell?", "felt", ["raw wool", "felt", "honey, from the hills"]),
        ("Which towns are there?", "The towns are listed below.", ["Osh", "Talas"]),
        ("Which towns are there?", "Osh\t300\tAk-Buura", ["Osh", "Talas"]),
        ("List the rivers of the towns", "The towns are listed below.", ["Osh", "Talas"]),
        ("Which three rivers meet them?", "The rivers Chuy", None),
        ("Which goods are cheap?", "Bread is cheap.", None),
        ("Which goods are cheap?", "Prices are set in spring.", None),
        ("Which lakes are there?", "Osh\t300\tAk-Buura", None),
    ],
)  # fmt: skip
def test_items_of_lists_and_tables(question: str, sentence: str, found: list[str] | None) -> None:
    assert _items(question, LISTS, sentence) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Which three rivers do they meet?", ["Chuy", "Naryn", "Talas"]),
        ("Which four towns do they meet?", ["Osh", "Bishkek", "Tokmok", "Karakol"]),
        ("Какие четыре города они встречают?", ["Osh", "Bishkek", "Tokmok", "Karakol"]),
        ("Which rivers meet Osh, Bishkek, Tokmok and Karakol?", ["Chuy", "Naryn", "Talas"]),
    ],
)
def test_the_number_asked_for_chooses_the_enumeration(question: str, found: list[str]) -> None:
    text = "The rivers are Chuy, Naryn and Talas; the towns are Osh, Bishkek, Tokmok and Karakol."
    assert _items(question, text, text) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Which countries met?", ["Japan", "Mongolia", "China"]),
        ("Какие страны встретились?", ["Japan", "Mongolia", "China"]),
        ("What did they speak of?", ["wool", "milk", "honey", "salt"]),
    ],
)
def test_countries_are_told_from_other_things(question: str, found: list[str]) -> None:
    text = "Guests from Japan, Mongolia and China met; they spoke of wool, milk, honey and salt."
    assert _items(question, text, text) == found


@dataclass(frozen=True)
class FakeReading:
    """As much of a Reading as a listing looks at."""

    document: Document
    sentence: Span
    chance: float


def _listing(question: str, *said: tuple[str, float], at_least: float = 0.2) -> tuple[int, list[str]] | None:
    """Which of these sentences has the items, and what they are."""
    readings = []
    for at, (sentence, chance) in enumerate(said):
        document = ingest.read(f"# Guests {at}\n\n{sentence}\n".encode(), source=f"/lists/guests{at}.md")
        start = document.text.index(sentence)
        readings.append(FakeReading(document, Span(start, start + len(sentence)), chance))
    words = [QueryWord((*w.terms, *w.translations), 1.0) for w in search_words(question, {"en"})]
    found = listing(question, cast(list[Reading], readings), words, at_least)
    if found is None:
        return None
    reading, held = found
    return readings.index(cast(FakeReading, reading)), [span.of(reading.document.text) for span in held]


HOSTS = "All the guests sat in the front row."
THREE = "The guests were from Osh, Naryn and Talas."
TWO = "Guests from Osh and Naryn sang."


def test_the_list_of_a_reading_nearly_as_likely_as_the_best() -> None:
    asked = "Which towns were the guests from?"
    assert _listing(asked, (HOSTS, 0.8), (THREE, 0.5)) == (1, ["Osh", "Naryn", "Talas"])
    assert _listing(asked, (HOSTS, 0.8), (TWO, 0.7), (THREE, 0.6)) == (1, ["Osh", "Naryn"])
    assert _listing(asked, (TWO, 0.8), (THREE, 0.7)) == (0, ["Osh", "Naryn"])


def test_a_list_that_says_as_many_as_are_asked_for_comes_first() -> None:
    asked = "Which three towns were the guests from?"
    assert _listing(asked, (TWO, 0.8), (THREE, 0.7)) == (1, ["Osh", "Naryn", "Talas"])
    assert _listing(asked, (TWO, 0.8), (THREE, 0.3)) == (0, ["Osh", "Naryn"])


def test_a_list_of_a_reading_that_hardly_answers_is_none() -> None:
    asked = "Which towns were the guests from?"
    assert _listing(asked, (HOSTS, 0.8), (THREE, 0.39)) is None
    assert _listing(asked, (HOSTS, 0.3), (THREE, 0.19)) is None  # half as likely, but too little
    assert _listing(asked, (HOSTS, 0.3), (THREE, 0.19), at_least=0.1) is not None
    assert _listing(asked, (HOSTS, 0.9)) is None
    assert _listing(asked) is None


def test_items_of_a_list_with_bullets() -> None:
    assert _items("What does the office need?", PLAIN, "The office needs:", "office.txt") == [
        "pens", "two strong\ntables", "paper"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Which five countries took part?", 5),
        ("Which 12 countries took part?", 12),
        ("Назовите три реки", 3),
        ("참가한 5개국은 어디인가?", 5),
        ("다섯 나라는 어디인가?", 5),
        ("Qaysi toʻrt davlat qatnashdi?", 4),
        ("Қай үш ел қатысты?", 3),
        ("Кадом панҷ кишвар?", 5),
        ("Haýsy bäş ýurt gatnaşdy?", 5),
        ("Which countries took part in 2019?", 0),
        ("Which countries took part in the 15th forum?", 0),
        ("제15차 포럼에는 어떤 나라들이 참가했나?", 0),
        ("Which countries took part?", 0),
        ("Which countries are on the list of the forum?", 0),
        ("Какие страны он посетил весной?", 0),
    ],
)
def test_number_asked(question: str, number: int) -> None:
    assert number_asked(question) == number
