"""Marks of notes are told from powers, and neither becomes a figure of what it stands at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.raised_figures import blanked, nfkc, without_note_marks


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("the fines⁴ are", "the fines are"),
        ("45%⁴ of it", "45% of it"),
        ("It “ended.”⁴ So", "It “ended.” So"),
        ("by 2018¹.", "by 2018."),
        ("1,204³ and 12 345¹²", "1,204 and 12 345"),
        ("Article 49⁴⁷, so", "Article 49, so"),
        ("협력포럼¹은 第一¹", "협력포럼은 第一"),
    ],
)
def test_marks_of_notes_go(text: str, plain: str) -> None:
    assert nfkc(text) == plain
    without, places = without_note_marks(text)
    assert without == plain
    assert "".join(text[at] for at in places[:-1]) == plain
    assert places[-1] == len(text)
    assert blanked(text).replace(" ", "") == plain.replace(" ", "")
    assert len(blanked(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("10² and 10²⁵", "10² and 10²⁵"),
        ("2⁶⁴", "2⁶⁴"),
        ("Article 4⁷", "Article 4⁷"),
        ("3.125²", "3.125²"),
        ("10⁻³", "10−3"),
        ("5 km², 7 м²", "5 km2, 7 м2"),
        ("sin² x²", "sin2 x2"),
        ("\U0002ebe1²", "\U0002ebe12"),  # no letter has this place among the Chinese ones
    ],
)
def test_powers_stay(text: str, folded: str) -> None:
    assert without_note_marks(text) == (text, [*range(len(text) + 1)])
    assert blanked(text) == text
    assert nfkc(text) == folded


@given(st.text(st.sampled_from("a1 ,.%²⁴⁷⁻ﬁ")))
def test_no_figure_comes_to_stand_at_another(text: str) -> None:
    assert len(blanked(text)) == len(text)
    plain = "".join(char for char in nfkc(text) if char in "0123456789")
    assert len(plain) <= sum(char in "1²⁴⁷" for char in text)
    assert "12" not in nfkc(text)
    assert "14" not in nfkc(text)
