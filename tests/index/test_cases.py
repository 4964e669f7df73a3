"""Short nouns with their endings, in languages that join them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from index.analysis import stem_term
from index.cases import inflected, other_forms
from index.query import search_words


@pytest.mark.parametrize(
    ("noun", "form", "language"),
    [
        ("gaz", "gazning", "uz"),
        ("gaz", "gazidan", "uz"),
        ("neft", "neftni", "uz"),
        ("азия", "Азиядағы", "kk"),
        ("газ", "газдың", "kk"),
        ("көл", "көлдері", "kk"),
        ("жол", "жолдору", "ky"),
        ("осиё", "Осиёи", "tg"),
        ("gaz", "gazyň", "tk"),
    ],
)
def test_a_form_of_a_short_noun_is_among_its_terms(noun: str, form: str, language: str) -> None:
    assert stem_term(form.lower(), language) in inflected(noun, language)
    assert stem_term(form.lower(), language) != stem_term(noun, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [("savdo", "uz"), ("su", "kk"), ("gas", "en"), ("газ", "ru"), ("c5+1", "uz"), ("2017", "kk"), ("", "uz")],
)
def test_other_words_have_no_forms(word: str, language: str) -> None:
    assert inflected(word, language) == ()


def test_an_ending_has_the_vowels_of_its_noun() -> None:
    assert "газда" in inflected("газ", "kk") and "газде" not in inflected("газ", "kk")
    assert "көлде" in inflected("көл", "kk") and "көлда" not in inflected("көл", "kk")


def test_forms_of_one_noun_are_found_from_each_other() -> None:
    assert {"gaz", "gazda"} <= set(other_forms("gazning", "uz", {"gaz"}.__contains__))
    assert "gazni" in other_forms("gaz", "uz", lambda _: False)
    assert "gazni" not in other_forms("gazning", "uz", {"gaz"}.__contains__)


def test_what_only_looks_like_a_form_has_no_others() -> None:
    assert other_forms("gazeta", "uz", {"gaz"}.__contains__) == ()
    assert other_forms("qoida", "uz", {"gaz"}.__contains__) == ()  # a rule, no "qoi" with an ending


class _Holds:
    """A library that holds these terms."""

    def __init__(self, *terms: str) -> None:
        self._terms = frozenset(terms)

    def holds(self, word: Iterable[str]) -> bool:
        return not self._terms.isdisjoint(word)

    def starting(self, field: str, start: str) -> list[str]:
        return []


@pytest.mark.parametrize(
    ("query", "language", "other"),
    [
        ("Орталық Азиядағы кен", "en", "asia"),
        ("O‘zbekistonda gazning narxi", "ru", "газ"),
        ("Сколько стоит газ?", "kk", "газды"),
        ("What gas is there in Asia?", "ky", "азияд"),
    ],
)
def test_the_glossary_knows_a_short_noun_in_its_forms(query: str, language: str, other: str) -> None:
    words = search_words(query, {language})
    assert any(other in word.translations for word in words)


def test_a_short_noun_is_looked_for_in_its_other_forms() -> None:
    asked = {"gaz": "gazda", "gazning": "gaz", "suvning": "suv"}
    for typed, other in asked.items():
        words = search_words(f"Oʻzbekistonda {typed} narxi qancha", {"uz"}, _Holds("suv"))
        assert any(other in word.terms for word in words), typed


def test_what_no_library_and_no_glossary_holds_gets_no_other_forms() -> None:
    words = search_words("Oʻzbekistonda qvkning narxi qancha", {"uz"}, _Holds("suv"))
    assert not any("qvk" in word.terms for word in words)
