"""A name in one script finds the same name in the others, and little else."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import permutations
from pathlib import Path

import pytest

from index.korean import bare_forms, is_verb
from index.names import key, like, likeness, names, sounds, spelled_by

TRIPLES = [line.split("\t") for line in (Path(__file__).parent / "name_triples.tsv").read_text().splitlines()]
LANGUAGES = ("en", "ru", "ko")
# Words that are no names, a capital as at the beginning of a sentence; Korean ones with particles.
OTHERS = {
    "en": "Market Council Often Origins Group Gulf County South What Water Ages Report Table Section Results",
    "ru": "Слово Рынок Совет Отчёт Группа Таблица Вода Автор Шесть Результат Доклад Раздел Марка Кавычки Корень",
    "ko": "무엇이 사람은 보도는 명의 따라서 수준이 가스관 협력을 정부는 시장에서 문서는 교육과 보건은 대사는 바탕으로",
}


def _index() -> dict[str, set[tuple[str, str]]]:
    index = defaultdict(set)
    for column, language in enumerate(LANGUAGES):
        text = ". ".join([*(triple[column] for triple in TRIPLES), *OTHERS[language].split()])
        for name in names(text, language):
            index[name.key].add((language, name.entry))
    return index


def _found(typed: str, asked_in: str, wanted_in: str, index: dict[str, set[tuple[str, str]]]) -> list[str]:
    """The names of a language that a typed one finds, the likest first."""
    alike: dict[str, float] = {}
    for name in names(typed, asked_in):
        if name.end - name.start < len(typed):
            continue  # a part of it
        for language, entry in index.get(name.key, ()):
            near = like(name, entry)
            if language == wanted_in and near:
                form = entry.partition("/")[2]
                alike[form] = max(near, alike.get(form, 0.0))
    return sorted(alike, key=lambda form: -alike[form])


def test_names_are_found_in_the_other_scripts() -> None:
    index = _index()
    others = {name.words[0] for language in LANGUAGES for name in names(OTHERS[language], language)}
    right = first = false = 0
    pairs = [(triple, a, b) for triple in TRIPLES for a, b in permutations(range(3), 2)]
    for triple, a, b in pairs:
        goals = {
            name.entry.partition("/")[2]
            for other in TRIPLES
            if other[a] == triple[a] or other[2] == triple[2]
            for name in names(other[b], LANGUAGES[b])
            if name.end - name.start == len(other[b])
        }
        found = _found(triple[a], LANGUAGES[a], LANGUAGES[b], index)
        right += not goals.isdisjoint(found)
        first += bool(found) and found[0] in goals
        false += sum(form in others for form in found)
    assert len(TRIPLES) >= 150
    assert right / len(pairs) >= 0.93
    assert first / len(pairs) >= 0.9
    assert false / len(pairs) <= 0.05


@pytest.mark.parametrize(
    ("word", "consonants"),
    [
        ("Mirziyoyev", "MRSP"),
        ("Мирзиёев", "MRSP"),
        ("미르지요예프", "MRSP"),
        ("Tokayev", "TKP"),
        ("Тоқаев", "TKP"),
        ("토카예프", "TKP"),
        ("Жапаров", "SPRP"),
        ("Japarov", "SPRP"),
        ("Qozogʻiston", "KSKSTN"),
        ("Қазақстан", "KSKSTN"),
        ("카자흐스탄", "KSKSTN"),
        ("Oh", ""),
        ("가", ""),
        ("2017", ""),
        ("x" * 80, ""),
    ],
)
def test_keys(word: str, consonants: str) -> None:
    assert consonants in {key(sound) for sound in sounds(word)} | {""}
    assert bool(sounds(word)) == bool(consonants)


def test_a_letter_that_is_heard_in_two_ways_has_two_sounds() -> None:
    assert {key(sound) for sound in sounds("Washington")} == {"PSNTN", "SNTN"}
    assert {key(sound) for sound in sounds("Toxir")} == {"TKSR", "TKR"}


def test_a_korean_person_is_one_name_however_the_parts_are_written() -> None:
    for typed, language in (
        ("Kim Seong-hwan", "en"),
        ("Kim Sung-hwan", "en"),
        ("Seong-hwan Kim", "en"),
        ("Ким Сон Хван", "ru"),
        ("김성환", "ko"),
        ("김성환은", "ko"),
    ):
        assert "김SNKN" in {name.key for name in names(typed, language)}, typed
    assert "박KNK" in {name.key for name in names("Park Geun-hye", "en")}
    assert not {name.key for name in names("kim seong hwan", "en")}
    assert "김SNKN" in {name.key for name in names("kim seong hwan", "en", small=True)}
    assert all(re.match("[A-Z]", name.key) for name in names("Kim. Seong. Hwan.", "en"))


def test_vowels_tell_persons_apart() -> None:
    (name,) = (name for name in names("김성환", "ko") if name.key == "김SNKN")
    assert like(name, "김SNKN/kim_seong_hwan") == 1.0
    assert like(name, "김SNKN/kim_sang_hoon") == 0.0


def test_alphabets_tell_b_from_p() -> None:
    assert likeness("Baku", "Баку") > likeness("Paku", "Баку")
    assert likeness("", "Баку") == likeness("2017", "Баку") == 0.0


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Токаевым", ("токаев", "токаевым")),
        ("Мирзиёевнинг", ("мирзиеев", "мирзиеевнинг")),
        ("Toshkentda", ("toshkent", "toshkentda")),
        ("Osh", ("osh",)),
        ("부산에서의", ("부산", "부산에서의")),
        ("박지은", ("박지", "박지은")),
        ("서울", ("서울",)),
    ],
)
def test_endings_are_taken_off(word: str, expected: tuple[str, ...]) -> None:
    assert spelled_by(word) == expected


def test_korean_particles_and_verbs() -> None:
    assert bare_forms("은") == ("은",)
    assert bare_forms("") == ("",)
    assert [is_verb(word) for word in ("설립되었나요", "개최했다", "사무국", "포럼")] == [
        True,
        True,
        False,
        False,
    ]
