"""Ordinals are found in figures and in words, and give way to one another."""

from __future__ import annotations

import pytest

from qa.ordinals import ordinals, with_ordinal


@pytest.mark.parametrize(
    ("text", "language", "numbers"),
    [
        ("the 2nd, the Third and the 20th", "en", [2, 3, 20]),
        ("the twelfth of the twentieth", "en", [12, 20]),
        ("на 3-м, четвёртом и третьем", "ru", [3, 4, 3]),
        ("девятнадцатая, первого", "ru", [19, 1]),
        ("제15차 포럼과 16회, 3번째", "ko", [15, 16, 3]),
        ("첫 번째, 여섯 번째는, 열두번째, 여러 번째", "ko", [1, 6, 12]),
        ("열 다섯 번째, 열다섯 번째", "ko", [15]),
        ("15-forum, oʻn oltinchi, toʻrtinchisi", "uz", [15, 16, 4]),
        ("биринчи ва ўн иккинчи", "uz", [1, 12]),
        ("бірінші, он алтыншы, 15-ші", "kk", [1, 16, 15]),
        ("үчүнчү, он алтынчы", "ky", [3, 16]),
        ("чорум, шонздаҳум", "tg", [4, 16]),
        ("ikinji, on altynjy", "tk", [2, 16]),
        ("seconds, 15 members, 1,500 tons, 2012, 3.5, пятью", "en", []),
        ("пятью пятница, шести", "ru", []),
        ("", "en", []),
        ("first", "de", []),
    ],
)
def test_ordinals(text: str, language: str, numbers: list[int]) -> None:
    assert [each.number for each in ordinals(text, language)] == numbers


def test_a_bare_number_counts_only_where_it_is_asked_for() -> None:
    assert ordinals("and 16?", "en") == []
    assert [each.number for each in ordinals("and 16?", "en", bare=True)] == [16]
    assert ordinals("and 1,500 or 3.5 or 16%?", "en", bare=True) == []


@pytest.mark.parametrize(
    ("before", "asked", "language", "expected"),
    [
        ("the 15th forum", "the second", "en", "the 2nd forum"),
        ("the 10th forum", "11th", "en", "the 11th forum"),
        ("the sixth forum", "the seventh", "en", "the seventh forum"),
        ("제15차 포럼", "16차", "ko", "제16차 포럼"),
        ("beshinchi forum", "oltinchisi", "uz", "oltinchi forum"),
    ],
)
def test_with_ordinal(before: str, asked: str, language: str, expected: str) -> None:
    (old,), (new,) = ordinals(before, language), ordinals(asked, language)
    start, end, words = with_ordinal(before, old, new, asked)
    assert before[:start] + words + before[end:] == expected
