"""Slips of the keys: how near words are, and which word of a vocabulary was meant."""

from __future__ import annotations

from random import Random

import pytest
from rapidfuzz.distance import OSA

from index.spelling import Correction, Spelled, Vocabulary, correct, other_layout, slips

WORDS = [("secretariat", 5), ("forum", 9), ("forms", 2), ("секретариат", 3), ("사무국", 4), ("нефть", 2)]


@pytest.mark.parametrize(
    ("word", "allowed"),
    [
        ("gas", 0),
        ("coal", 1),
        ("forum", 1),
        ("railway", 1),
        ("railroad", 2),
        ("форум", 1),
        ("수출", 0),
        ("사무국", 1),
        ("우즈베키스탄", 2),
        ("2017", 0),
        ("km2015x", 0),
        ("", 0),
        ("a" * 41, 0),
    ],
)
def test_slips(word: str, allowed: int) -> None:
    assert slips(word) == allowed


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("secretriat", [(1, "secretariat")]),
        ("sercetariat", [(1, "secretariat")]),
        ("sekretariot", [(2, "secretariat")]),
        ("ecretariat", [(1, "secretariat")]),
        ("sekretariotz", []),
        ("forun", [(1, "forum")]),
        ("forum", [(0, "forum")]),
        ("сикретариат", [(1, "секретариат")]),
        ("사무극", [(1, "사무국")]),
        ("нефьт", [(1, "нефть")]),
        ("gas", []),
        ("2017", []),
        ("", []),
    ],
)
def test_near(typed: str, nearest: list[tuple[int, str]]) -> None:
    assert Vocabulary(WORDS).near(typed) == nearest
    assert Vocabulary([]).near(typed) == []


def test_of_equally_near_words_the_same_first_letter_then_the_more_frequent() -> None:
    vocabulary = Vocabulary([("torum", 9), ("forus", 2), ("forut", 7)])
    assert vocabulary.near("forum") == [(1, "forut"), (1, "forus"), (1, "torum")]


def test_near_is_what_comparing_with_every_word_finds() -> None:
    random = Random(3)
    words = sorted({"".join(random.choices("abcde", k=random.randint(4, 10))) for _ in range(3000)})
    vocabulary = Vocabulary([(word, 1) for word in words])
    for typed in random.choices(words, k=40):
        typed = typed[:2] + random.choice("abcdefg") + typed[3:]
        expected = {(OSA.distance(typed, word), word) for word in words}
        assert set(vocabulary.near(typed)) == {each for each in expected if each[0] <= slips(typed)}


def test_few_words_of_a_large_vocabulary_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(4)
    letters = "eeaaiioonrtslldcumphgbfvyk"
    words = list({"".join(random.choices(letters, k=random.randint(4, 14))) for _ in range(20_000)})
    vocabulary = Vocabulary([(word, 1) for word in words])
    compared: list[int] = []

    def extract(letters: str, choices: list[str], **options: object) -> list[object]:
        compared.append(len(choices))
        return []

    monkeypatch.setattr("index.spelling.process.extract", extract)
    for typed in words[:50]:
        vocabulary.near(typed[:3] + "x" + typed[4:])
    assert max(compared) < len(words) / 4
    assert sum(compared) / len(compared) < len(words) / 20


@pytest.mark.parametrize(
    ("typed", "meant"), [("ghbdtn", "привет"), ("ajhev", "форум"), ("рудз", "help"), ("coal", "сщфд")]
)
def test_the_other_layout(typed: str, meant: str) -> None:
    assert other_layout(typed) == meant


def test_correct_keeps_the_rest_and_the_capital() -> None:
    nearest = {"Forun": "forum", "secretriat": "secretariat"}
    query = "Forun: who leads the secretriat?"
    assert correct(query, [(0, 5), (21, 31), (7, 10)][:2], lambda word: nearest.get(word, "")) == Spelled(
        query,
        "Forum: who leads the secretariat?",
        (Correction("Forun", "Forum"), Correction("secretriat", "secretariat")),
    )
    assert correct(query, [(7, 10)], lambda word: "") == Spelled(query, query)
    assert correct("", [], lambda word: "x") == Spelled("", "")
