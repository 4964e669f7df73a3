"""Clauses that count a part of what their sentence counts."""

from __future__ import annotations

import pytest

from qa.parts import part_at


@pytest.mark.parametrize(
    ("sentence", "part", "clause"),
    [
        (
            "Some 5,000 herders live there, about 200 of which own land.",
            "200",
            ", about 200 of which own land",
        ),
        ("It has 50,000 cows, 20,000 of them white.", "20,000", ", 20,000 of them white"),
        ("The mine has 1,200 workers, including 300 women.", "300", ", including 300 women"),
        ("В долине 5 000 домов, из них 1 200 пустуют.", "1 200", ", из них 1 200 пустуют"),
        ("주민은 50만 명이며 이 중 20만 명이 농민이다.", "20만", "이 중 20만 명이 농민이다"),
        ("Vodiyda 5000 uy bor, shundan 1200 tasi boʻsh.", "1200", ", shundan 1200 tasi boʻsh"),
        ("Алқапта 5000 үй бар, оның ішінде 1200-і бос.", "1200", ", оның ішінде 1200-і бос"),
    ],
)
def test_the_clause_of_a_part(sentence: str, part: str, clause: str) -> None:
    found = part_at(sentence, sentence.index(part))
    assert found is not None
    assert found.of(sentence) == clause
    assert part_at(sentence, sentence.index("5" if "5" in sentence else "1")) is None


@pytest.mark.parametrize(
    ("sentence", "figure"),
    [
        ("Of them 200 own land.", "200"),  # no whole is counted before it
        ("The pass lies at 3,200 metres, 40 kilometres from the town.", "40"),
        ("", ""),
    ],
)
def test_other_clauses_are_none(sentence: str, figure: str) -> None:
    assert part_at(sentence, sentence.index(figure)) is None
