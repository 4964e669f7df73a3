"""The country that a word names, in any language and case."""

from __future__ import annotations

import pytest

from qa.values.countries import country_of, is_northern


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Kazakhstan Kazakh kazakhstan Казахстана Қазақстанда 카자흐스탄의", "KZ"),
        ("Қозоғистон Qozogʻistonning Қазоқистон Gazagystanyň", "KZ"),
        ("Kyrgyzstan Kyrgyz Киргизии Кыргызстандын Қырғызстан Qirgʻiziston 키르기스스탄은", "KG"),
        ("China Chinese Китая Қытай Xitoy 중국이", "CN"),
        ("Japan Japanese Японии 일본에서", "JP"),
        ("Turkey Turkish Турции Türkiye", "TR"),
        ("Turkmenistan Turkmen Туркменистана Türkmenistanda", "TM"),
        ("India Индии 인도의", "IN"),
        ("Indonesia Индонезии 인도네시아는", "ID"),
        ("Austria Австрии", "AT"),
        ("Australia Австралии", "AU"),
        ("Korea Korean Корее Koreyaga 한국은", "KR"),
        ("북한은", "KP"),
        ("USA США AQSH 미국", "US"),
    ],
)  # fmt: skip
def test_country_of(words: str, code: str) -> None:
    assert {word: country_of(word) for word in words.split()} == dict.fromkeys(words.split(), code)


@pytest.mark.parametrize(
    "word", ["", "a", "Osh", "forum", "포럼은", "Bank", "турист", "2019", "oil", "usage", "romance"]
)
def test_other_words_name_none(word: str) -> None:
    assert country_of(word) == ""


def test_the_other_korea() -> None:
    assert is_northern("what did North ")
    assert is_northern("Северной ")
    assert not is_northern("what did South ")
    assert not is_northern("")
