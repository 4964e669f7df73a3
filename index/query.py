"""A query in, the words it is searched by out: terms per word, its translations, where it counts.

`glossary.tsv` holds the vocabulary of the desk in the eight languages of the region, a concept a row:
a Russian question about "уголь" also looks for "coal" and "석탄". What it lacks the encoder still finds.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.analysis import Slot, query_terms, terms
from ingest.language import detect

# Prepositions, articles, auxiliaries, as `analysis` folds them. They say nothing of what is asked, and in
# a library where their language is rare BM25 would take them for rare words.
FUNCTION_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a an the of in on at by for to from with and or as is are was were be been being has have had "
        "its it their this that these those there between into about",
        "ru": "в во на у к ко с со о об от до из за по при для и или а но же не был была было были есть это "
        "этот эта эти между его ее их под над так",
        "uz": "va bilan uchun ham edi bolgan boyicha bu shu u ular ortasida ortasidagi dan ga da",
        "kk": "және мен бен пен үшін бойынша болды еді бұл ол осы арасында арасындағы туралы",
        "ky": "жана менен үчүн боюнча болгон эле бул ал ушул ортосунда ортосундагы жөнүндө",
        "tg": "ва дар ба аз бо барои ки буд аст шуд ин он байни оид",
        "tk": "we bilen ucin boyunca boldy bu ol sol arasynda arasyndaky barada",
    }.items()
}


@dataclass(frozen=True, slots=True)
class SearchWord:
    """A word to search by: its alternative terms, and those of its translations.

    `weight` is how many terms the word has in its own language: a Korean word of four syllables is looked
    for by its three pairs and the marked first pair, its one English translation must count as much.
    `only_in` names the one language whose passages could hold the word, "" for all: function words and
    pairs of Korean syllables mean nothing elsewhere.
    """

    terms: tuple[str, ...]
    translations: tuple[str, ...]
    weight: int
    only_in: str


_HANGUL = re.compile(
    "[가-힣]"
)  # a pair of syllables; the marked first pair, which stands for the word, is none


def search_words(query: str, languages: Collection[str]) -> list[SearchWord]:
    """The words of a query, for a library that holds `languages`."""
    asked_in = detect(query)
    little = FUNCTION_WORDS.get(asked_in, frozenset())
    words, pairs = [], 0
    for slot in query_terms(query, languages):
        marked = slot[0].startswith("^")
        if not little.isdisjoint(slot):
            only_in = asked_in
        elif all(_HANGUL.match(term) for term in slot):
            only_in = "ko"
        else:
            only_in = ""
        weight = 1 + pairs * marked
        words.append(SearchWord(slot, _translations(slot, asked_in, languages), weight, only_in))
        pairs = 0 if marked else pairs + 1
    return words


def telling_words(query: str, languages: Collection[str]) -> list[SearchWord]:
    """The words of a query without prepositions and their like, unless it holds nothing else."""
    little = FUNCTION_WORDS.get(detect(query), frozenset())
    words = search_words(query, languages)
    return [word for word in words if little.isdisjoint(word.terms)] or words


def _translations(slot: Slot, asked_in: str, languages: Collection[str]) -> tuple[str, ...]:
    """Terms, in each of `languages`, of the concepts that one of the slot's terms stands for in `asked_in`."""
    glossary = _glossary()
    rows = {row for term in slot for row in glossary.rows_of.get(asked_in, {}).get(term, ())}
    found = (
        term for row in sorted(rows) for language in languages for term in glossary.terms_of(row, language)
    )
    return tuple(dict.fromkeys(term for term in found if term not in slot))


class _Glossary:
    """The rows of `glossary.tsv`, by the terms of their words."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self._rows = [
            {
                language: [_term(word, language) for word in cell.split(", ") if word]
                for language, cell in row.items()
            }
            for row in rows
        ]
        self.rows_of: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for number, row in enumerate(self._rows):
            for language, row_terms in row.items():
                for term in row_terms:
                    self.rows_of[language][term].add(number)

    def terms_of(self, row: int, language: str) -> list[str]:
        return self._rows[row].get(language, [])


def _term(word: str, language: str) -> str:
    """The term that stands for a word: its stem; for Hangul the marked first pair, which particles leave alone."""
    found = terms(word, language)
    return next((term for term in found if term.startswith("^")), found[0])


@cache
def _glossary() -> _Glossary:
    lines = files("index").joinpath("glossary.tsv").read_text(encoding="utf-8").splitlines()
    return _Glossary(list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)))
