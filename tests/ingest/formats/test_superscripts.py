"""What is raised stays apart from what it stands at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.superscripts import is_gap_needed, written


@pytest.mark.parametrize(
    ("raised", "before", "is_mark", "expected"),
    [
        ("2", "10", False, "²"),
        ("-3", "10", False, "⁻³"),
        ("2", "12 km", False, "²"),
        ("2", "12 км", False, "²"),
        ("3", "the forum", False, " [3]"),
        ("3", "the forum.", False, "[3]"),
        ("3", "2023", True, " [3]"),
        ("[3]", "2023", False, " [3]"),
        ("[3]", "2023.", True, "[3]"),
        ("2", "processing. ", False, "2 "),
        ("2", "", False, "2 "),
        ("th", "19", False, "th"),
        ("a", "372 854", False, " a"),
        ("*", "372 854", True, " [*]"),
        ("  ", "x", False, ""),
        ("TM", "Windows", False, "TM"),
    ],
)
def test_written(raised: str, before: str, is_mark: bool, expected: str) -> None:
    assert written(raised, before, is_mark) == expected


@given(st.from_regex(r"\A[0-9]{1,3}\Z"), st.text(max_size=8), st.booleans())
def test_a_figure_never_grows(raised: str, before: str, is_mark: bool) -> None:
    text = written(raised, before, is_mark)
    assert not (before[-1:].isdecimal() and text[0].isdecimal())
    assert not is_gap_needed(text, " next")
