"""The two things that a question compares."""

from __future__ import annotations

import pytest

from index.hit import QueryWord
from index.query import search_words
from qa.sides import sides


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("What is the difference between a loan and a grant?", "loan", "grant"),
        ("How do the exports of Kazakhstan and Uzbekistan differ?", "Kazakhstan", "Uzbekistan"),
        ("Kazakhstan versus Uzbekistan coal", "Kazakhstan", "Uzbekistan"),
        ("Compare sour milk and fresh milk", "sour", "fresh"),
        ("How does wheat compare with cotton?", "wheat", "cotton"),
        ("Which is older, the canal or the road?", "canal", "road"),
        ("South Korea and Japan: what is the difference?", "South Korea", "Japan"),
        ("Чем отличается заём от гранта?", "заём", "гранта"),
        ("Сравните пшеницу и хлопок", "пшеницу", "хлопок"),
        ("한국과 일본의 차이는 무엇인가?", "한국", "일본"),
        ("면화와 밀의 수출을 비교하라", "면화", "밀"),
        ("Qarz va grant oʻrtasidagi farq nimada?", "Qarz", "grant"),
        ("Қарз ва грант ўртасидаги фарқ нимада?", "Қарз", "грант"),
        ("Несие мен гранттың айырмашылығы қандай?", "Несие", "гранттың"),
        ("Буудай менен пахтаны салыштырыңыз", "Буудай", "пахтаны"),
        ("Фарқи қарз аз грант дар чист?", "қарз", "грант"),
        ("Karz bilen grantyň tapawudy nämede?", "Karz", "grantyň"),
    ],
)
def test_the_two_sides(question: str, first: str, second: str) -> None:
    found = sides(question, [])
    assert found is not None
    assert (found[0].text, found[1].text) == (first, second)


@pytest.mark.parametrize(
    "question", ["How do the two differ?", "Compare them", "그 둘의 차이는?", "Сравните их", "", "and"]
)
def test_without_two_things_there_are_no_sides(question: str) -> None:
    assert sides(question, []) is None


def test_a_side_is_found_in_other_languages() -> None:
    question = "Чем уголь отличается от нефти?"
    words = [QueryWord((*w.terms, *w.translations), 1.0) for w in search_words(question, {"en", "ru"})]
    found = sides(question, words)
    assert found is not None
    coal, oil = found
    assert (coal.share_in(frozenset(["coal"])), coal.share_in(frozenset(["oil"]))) == (1.0, 0.0)
    assert (oil.share_in(frozenset(["coal"])), oil.share_in(frozenset(["oil"]))) == (0.0, 1.0)
