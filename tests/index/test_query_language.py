"""The language of a few words, of which a detector of languages cannot be sure."""

from __future__ import annotations

import pytest

from index.query_language import query_language


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("diaspora of Koreans", "en"),
        ("trade with Uzbekistan", "en"),
        ("coal Kazakhstan", "en"),
        ("export to Kyrgyzstan 2022", "en"),
        ("экспорт угля", "ru"),
        ("ko'mir eksporti", "uz"),
        ("көмір экспорты", "kk"),
        ("한국 수출", "ko"),
        ("Handel mit Kasachstan", "de"),
        ("When did the cooperation forum begin?", "en"),
        ("Ким Сон Хван", "ru"),
        ("2022", ""),
        ("", ""),
    ],
)
def test_language_of_a_query(query: str, language: str) -> None:
    assert query_language(query) == language
