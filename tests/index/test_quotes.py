"""What stands in quotation marks, and which texts hold it."""

from __future__ import annotations

import time

import pytest

from index.quotes import holds, quoted, quoted_spans, without_quotes


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('who said "multi-vector policy"?', ("multi-vector policy",)),
        ("«форум сотрудничества» и “C5+1”", ("форум сотрудничества", "C5+1")),
        ("「협력포럼」 개최", ("협력포럼",)),
        ("『신북방정책』", ("신북방정책",)),
        ("„Seidenstraße“", ("Seidenstraße",)),
        ('"a" "a"', ("a",)),
        ("Korea's trade, the partners' view", ()),
        ("o‘zbek ʻoʻzbekʼ", ()),
        ('a lone " mark', ()),
        ('"" "  " "?!"', ()),
        ("", ()),
        ('"over\na line"', ()),
    ],
)
def test_quoted(query: str, expected: tuple[str, ...]) -> None:
    assert quoted(query) == expected


def test_spans_take_the_marks_in() -> None:
    query = "see «a b» now"
    assert [query[start:end] for start, end in quoted_spans(query)] == ["«a b»"]


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("The Cooperation\n  Forum met.", "cooperation forum", True),
        ("forum cooperation", "cooperation forum", False),
        ("a cooperation of the forum", "cooperation forum", False),
        ("cooperation forums", "cooperation forum", False),
        ("Oʻzbekiston yoʻli", "o'zbekiston yo‘li", True),
        ("협력포럼은 매년", "협력포럼", True),
        ("신협력포럼", "협력포럼", False),
        ("the C5+1 format", "C5+1", True),
        ("the forum.", "forum*", True),
        ("2 183 539", "2\u00a0183\u00a0539", True),
        ("anything", "a.*g", False),
        ("in Article 49⁴⁷, and", "Article 49, and", True),
        ("in Article 49⁴⁷, and", "Article 49⁴⁷", True),
        ("in Article 49⁴⁷, and", "Article 4947", False),
        ("in Article 4⁷ and", "Article 4", True),
        ("in Article 4⁷ and", "Article 47", False),
        ("10² of 5 km²", "102", False),
        ("10² of 5 km²", "5 km²", True),
        ("", "a", False),
    ],
)
def test_holds(text: str, phrase: str, expected: bool) -> None:
    assert holds(text, phrase) is expected


def test_junk_takes_linear_time() -> None:
    begin = time.process_time()
    quoted('"' * 50_000 + "«" * 50_000)
    quoted('"a ' * 50_000)
    assert time.process_time() - begin < 2


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        ('who said "multi-vector policy"?', "who said multi-vector policy ?"),
        ("«форум» и “C5+1”", "форум и C5+1"),
        ("Korea's trade, the partners' view", "Korea's trade, the partners' view"),
        ('an open " mark', 'an open " mark'),
    ],
)
def test_a_query_without_its_quotation_marks_keeps_their_words(query: str, plain: str) -> None:
    assert without_quotes(query) == plain
