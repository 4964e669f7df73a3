"""Marks of notes as they are printed, and titles without them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.note_marks import Numbering, before, raised, spelled, without_mark


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        *(("1", "¹"), ("120", "¹²⁰"), (" 3) ", "³⁾"), ("(4)", "⁽⁴⁾"), ("*", "*"), ("††", "††"), ("①", "①")),
        *(("iv", "[iv]"), ("ii)", "[ii]"), ("1a", "[1a]"), ("[7]", "[7]"), ("", "")),
    ],
)
def test_raised(mark: str, expected: str) -> None:
    assert raised(mark) == expected


@pytest.mark.parametrize(
    ("number", "style", "expected"),
    [
        *(
            (4, "lowerRoman", "iv"),
            (1994, "upperRoman", "MCMXCIV"),
            (27, "lowerLetter", "aa"),
            (2, "upperLetter", "B"),
        ),
        *((5, "chicago", "**"), (3, "chicago", "‡"), (12, "ganada", "12"), (0, "lowerRoman", "0")),
    ],
)
def test_spelled(number: int, style: str, expected: str) -> None:
    assert spelled(number, style) == expected


def test_numbering_by_sections() -> None:
    through, anew = Numbering(first=9), Numbering("lowerRoman", restarts=True)
    given_marks = []
    for _ in range(2):
        given_marks += [through.next(), anew.next(), anew.next()]
        through.end_section()
        anew.end_section()
    assert given_marks == ["⁹", "[i]", "[ii]", "¹⁰", "[i]", "[ii]"]


def test_before_a_note_stands_its_mark_once() -> None:
    assert before("¹", " Text.") == before("¹", "1 Text.", typed="1") == "¹ Text."
    assert before("", " Text.") == "Text."


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        *(("Trade*", "Trade"), ("Торговля¹", "Торговля"), ("What now?²⁾", "What now?"), ("Law[ii]", "Law")),
        *(("Area in km²", "Area in km²"), ("Forum 2012", "Forum 2012"), ("C*", "C*")),
    ],
)
def test_titles(title: str, expected: str) -> None:
    assert without_mark(title) == expected


@given(st.integers(1, 99_999))
def test_a_raised_number_is_read_back(number: int) -> None:
    mark = raised(str(number))
    assert int("".join(str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(digit)) for digit in mark)) == number
