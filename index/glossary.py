"""The places of a query in, their translations out.

`glossary.tsv` holds the vocabulary of the desk in the eight languages of the region, a concept a row:
a Russian question about "уголь" also looks for "coal" and "석탄". What it lacks the encoder still finds.
A cell may hold several words, parted by a comma, and terms of several words: "Asian Development Bank".
A Korean word is told by its first two syllables, unless "=" says that all of it is wanted.
"""

from __future__ import annotations

import csv
from bisect import bisect
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files

from index.analysis import Slot, is_pair, terms
from index.cases import inflected
from index.letters import FUNCTION_WORDS

Phrase = tuple[str, ...]


def translations(
    slots: Sequence[Slot], asked_in: str, languages: Collection[str]
) -> list[tuple[tuple[str, ...], tuple[Phrase, ...]]]:
    """For each slot of a query the terms, and the phrases, that mean the same in each of `languages`.

    What a phrase of the query means is given with each of its slots: whoever says "diaspora" has said both words
    of "ethnic Koreans".
    """
    rows_of = _glossary().rows_of.get(asked_in, {})
    heads = [number for number, slot in enumerate(slots) if not is_pair(slot)]
    found: list[dict[int, None]] = [{} for _ in slots]
    for number, slot in enumerate(slots):
        meant = [each for term in slot for each in rows_of.get(term, ())]
        # Acronyms keep their letters in every language.
        meant = meant or [each for term in slot for each in _glossary().acronyms.get(term, ())]
        for phrase, row in meant:
            places = range(number, len(slots)) if is_pair(phrase) else heads[bisect(heads, number) - 1 :]
            following = list(places)[: len(phrase)]
            if len(following) == len(phrase) and all(
                term in slots[at] for term, at in zip(phrase, following, strict=True)
            ):
                for at in following:
                    # Of a Korean word the marked pair stands for it, which comes after the others.
                    found[next((head for head in heads[bisect(heads, at - 1) :] if head >= at), at)][row] = (
                        None
                    )
    return [_meanings(rows, slot, languages) for rows, slot in zip(found, slots, strict=True)]


def words_of(language: str) -> list[str]:
    """Every single word that the glossary has in a language, as it is written."""
    return [
        word for row in rows_of_words() for word in _cell(row.get(language, "")) if not set(" =") & set(word)
    ]


def is_word(term: str, language: str) -> bool:
    """Whether the glossary has a word of a language, given by its term."""
    return any(phrase == (term,) for phrase, _ in _glossary().rows_of.get(language, {}).get(term, ()))


def one_of(word: str, english: tuple[str, ...], languages: Collection[str] = ()) -> str:
    """Which of these English words a word, in any form, means in one of `languages` (none: any); "" for none of them.

    A stem of one language may be a word of another: "impor" of "importga" is how "important" begins.
    """
    for language, meant in _terms_of(english).items():
        for term in terms(word, language) if not languages or language in languages else ():
            if term in meant:
                return meant[term]
    return ""


@cache
def _terms_of(english: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Language → term → the one of these English words in whose row it stands."""
    rows = {each: row for row in rows_of_words() for each in _cell(row["en"]) if each in english}
    return {
        language: {
            form[0]: each
            for each, row in rows.items()
            for word in _cell(row[language])
            for form in _phrases(word, language)
            if len(form) == 1
        }
        for language in rows_of_words()[0]
    }


def _meanings(
    rows: Collection[int], slot: Slot, languages: Collection[str]
) -> tuple[tuple[str, ...], tuple[Phrase, ...]]:
    phrases = dict.fromkeys(
        phrase
        for row in sorted(rows)
        for language in languages
        for phrase in _glossary().phrases_of(row, language)
    )
    single = tuple(phrase[0] for phrase in phrases if len(phrase) == 1 and phrase[0] not in slot)
    return single, tuple(phrase for phrase in phrases if len(phrase) > 1)


class _Glossary:
    """The rows of `glossary.tsv`, by the first terms of their phrases."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self._rows = [
            {
                language: [form for phrase in _cell(cell) for form in _phrases(phrase, language)]
                for language, cell in row.items()
            }
            for row in rows
        ]
        self.rows_of: dict[str, dict[str, set[tuple[Phrase, int]]]] = defaultdict(lambda: defaultdict(set))
        self.acronyms: dict[str, set[tuple[Phrase, int]]] = defaultdict(set)
        for number, row in enumerate(rows):
            for language, cell in row.items():
                for word in _cell(cell):
                    if len(word) > 1 and " " not in word and word.isupper():
                        term = _term(word, language)
                        self.acronyms[term].add(((term,), number))
        for number, indexed in enumerate(self._rows):
            for language, phrases in indexed.items():
                for phrase in phrases:
                    self.rows_of[language][phrase[0]].add((phrase, number))

    def phrases_of(self, row: int, language: str) -> list[Phrase]:
        return self._rows[row].get(language, [])


def _cell(cell: str) -> list[str]:
    return [phrase for phrase in cell.split(", ") if phrase]


def _phrase(phrase: str, language: str) -> Phrase:
    """Its terms, all of which must be there; a Korean word with "=" must be there whole, not only its beginning."""
    if phrase.startswith("="):
        return tuple(terms(phrase[1:], language)[:-1])
    return tuple(_term(word, language) for word in phrase.split())


def _phrases(phrase: str, language: str) -> list[Phrase]:
    """The phrase by its stems, a Russian word also as it stands, a short word of some languages also as inflected.

    Snowball takes the end of the nominative off, Узбекиста|н, but of the other cases only theirs, Узбекистан|е. A stem
    that is a little word of the language, за|ём, stands for no other.
    """
    stems = _phrase(phrase, language)
    if language != "ru" or len(stems) > 1:
        return [stems, *((form,) for form in inflected(phrase.lower(), language))]
    whole = (terms(phrase, language)[-1],)
    return [whole] if stems[0] in FUNCTION_WORDS["ru"] else list(dict.fromkeys((stems, whole)))


def _term(word: str, language: str) -> str:
    """The term that stands for a word: its stem; for Hangul the marked first pair, which particles leave alone."""
    found = terms(word, language)
    return next((term for term in found if term.startswith("^")), found[0])


@cache
def rows_of_words() -> list[dict[str, str]]:
    """The glossary as it is written, a concept each: language → its words, parted by ", "; "" where it has none."""
    lines = files("index").joinpath("glossary.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def _glossary() -> _Glossary:
    return _Glossary(rows_of_words())
