"""What a question holds fixed (years, figures, names), and how much of it a sentence and its passage hold.

The near misses share most words with the question: the right topic in another year, the right quantity of
another country. These numbers tell them apart; they are features of the ranking and of the confidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from index.analysis import terms
from index.glossary import rows_of_words
from index.hit import QueryWord
from index.letters import APOSTROPHES, FUNCTION_WORDS, QUESTION_WORDS
from index.query_language import query_language
from index.raised_figures import without_note_marks
from ingest.document import Document
from qa.ordinals import told_ordinals
from qa.values.cldr import flat, months
from qa.values.countries import LANGUAGES, country_of, is_northern
from qa.values.dates import find_dates

_TOKEN = re.compile(rf"[^\W_](?:[\w{APOSTROPHES}-]*[^\W_])?")
_QUOTED = re.compile(r"[\"“”„]([^\"“”„]{2,80})[\"“”]|«([^»]{2,80})»|「([^」]{2,80})」")
_YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d]|[.,]\d)")
_YEARS = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)\s?[-–—~]\s?((?:1[5-9]|20)\d\d)(?!\d)")
_HANGUL_NAME = re.compile(
    r"([가-힣]{2,4})(?= (?:장관|차관|대통령|총리|대사|교수|의원|위원장|회장|총장|박사|씨))"
)
_KOREAS = frozenset(("KP", "KR"))
# Rows of the glossary that are a name only with a capital, or no name at all.
_NO_NAME = frozenset(("December", "Kim", "Park"))
# Beside the name of a country these make no other name of it: "Republic of Korea", not "Bank of Korea".
_STATE = re.compile(
    r"(?:the|of|south|north|republic|respublika\w*|республик\w*|южн\w*|северн\w*|janubiy|shimoliy|жанубий|шимолий"
    r"|оңтүстік|солтүстік|түштүк|түндүк|günorta|demirgazyk)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name of the question: as typed, the terms that each of its words may stand under, its country."""

    text: str
    words: tuple[frozenset[str], ...]
    country: str = ""

    def share_in(self, facts: Facts) -> float:
        """The share of its words that a text holds, in [0, 1]."""
        if self.country and self.country in facts.countries:
            return 1.0
        if self.country in _KOREAS and facts.countries & _KOREAS:
            return 0.0
        return sum(not word.isdisjoint(facts.terms) for word in self.words) / len(self.words)


@dataclass(frozen=True, slots=True)
class Premises:
    """What a question holds fixed; all empty for "Why did interest decline?"."""

    years: frozenset[str] = frozenset()
    months: frozenset[tuple[int, int]] = frozenset()
    figures: tuple[frozenset[str], ...] = ()  # the terms of each
    ordinals: frozenset[str] = frozenset()
    names: tuple[Name, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.years or self.figures or self.ordinals or self.names)


@dataclass(frozen=True, slots=True)
class Met:
    """How far a sentence meets the premises, each in [0, 1]; shares are 1 where the question has none of the kind.

    `*_passage` looks in the passage with its title and headings, `*_document` anywhere in the document. A
    conflict: the sentence lacks what is asked for and holds another of the same kind instead.
    """

    years_sentence: float
    years_passage: float
    years_document: float
    figures_sentence: float
    figures_passage: float
    figures_document: float
    names_sentence: float
    names_passage: float
    names_document: float
    year_conflict: float
    figure_conflict: float
    name_conflict: float


def premises_of(question: str, words: Sequence[QueryWord]) -> Premises:
    """The premises of `question`, whose words `library.query_words` gave."""
    language = query_language(question)
    dates = [found.value for found in find_dates(question, language) if found.value and found.value.year]
    years = {str(date.year) for date in dates} | set(_YEAR.findall(question))
    figures = dict.fromkeys(
        frozenset(word.terms)
        for word in words
        if word.terms[0][:1].isdigit() and not any(term[:4] in years for term in word.terms)
    )
    return Premises(
        frozenset(years),
        frozenset((date.year, date.month) for date in dates if date.month),
        tuple(figures),
        told_ordinals(question, language),
        tuple(_names(question, language, words)),
    )


class PassageCheck:
    """A passage held against the premises: `met` tells of each of its sentences.

    Texts are given as they are read: `passage` with the document's title and its headings, a table row with its
    column heads (`ingest.context.Contexts.text`). Whatever a passage holds is found out once.
    """

    def __init__(self, premises: Premises, document: Document, passage: str) -> None:
        self._premises = premises
        self._document = document
        self._facts = facts_of(passage, document.language)
        self._years, self._figures, self._names = self._shares(self._facts, passage)
        if document.published[:4] in premises.years:  # "this year", in a report of that year
            self._years = max(self._years, 1 / len(premises.years))
        self._years_document, self._figures_document, self._names_document = (
            1.0 if self._years == 1 else _share([year in document.text for year in premises.years]),
            1.0 if self._figures == 1 else _share([_anywhere(each, document) for each in premises.figures]),
            1.0 if self._names == 1 else _share([_name_anywhere(name, document) for name in premises.names]),
        )

    def met(self, sentence: str) -> Met:
        """How far a sentence of the passage meets the premises."""
        premises = self._premises
        here = facts_of(sentence, self._document.language)
        years, figures, names = self._shares(here, sentence)
        other_year = premises.years and here.years_alone and not here.years & premises.years
        other_ordinal = premises.ordinals and here.ordinals and not here.ordinals & premises.ordinals
        return Met(
            years_sentence=years,
            years_passage=max(years, self._years),
            years_document=max(years, self._years, self._years_document),
            figures_sentence=figures,
            figures_passage=max(figures, self._figures),
            figures_document=max(figures, self._figures, self._figures_document),
            names_sentence=names,
            names_passage=max(names, self._names),
            names_document=max(names, self._names, self._names_document),
            year_conflict=float(bool(other_year)),
            figure_conflict=float(bool(other_ordinal)),
            name_conflict=_name_conflict(premises, here, self._facts),
        )

    def _shares(self, facts: Facts, text: str) -> tuple[float, float, float]:
        """Of the years, the figures and the names that a text holds."""
        premises = self._premises
        months = _months_held(premises, text, self._document)
        ordinals = [ordinal in facts.ordinals or ordinal in facts.terms for ordinal in premises.ordinals]
        return (
            _share([*(year in facts.years for year in premises.years), *months]),
            _share([*(not figure.isdisjoint(facts.terms) for figure in premises.figures), *ordinals]),
            _share([name.share_in(facts) for name in premises.names]),
        )


def missing_names(premises: Premises, text: str, language: str) -> tuple[str, ...]:
    """The names, as typed, of which a text holds no word."""
    facts = facts_of(text, language)
    return tuple(name.text for name in premises.names if name.share_in(facts) == 0)


# --- of the question -------------------------------------------------------------------------------


def _names(question: str, language: str, words: Sequence[QueryWord]) -> Iterator[Name]:
    little = FUNCTION_WORDS.get(language, frozenset()) | QUESTION_WORDS.get(language, frozenset())
    tokens = list(_TOKEN.finditer(question))
    quoted = [match.span() for match in _QUOTED.finditer(question)]
    titles = {match.start() for match in _HANGUL_NAME.finditer(question)}
    # A title in capitals says nothing of its words.
    capitals = sum(token[0][0].isupper() for token in tokens) <= max(3, 0.7 * len(tokens))
    found: list[tuple[int, int, str, frozenset[str]]] = []  # start, end, word, terms
    for number, token in enumerate(tokens):
        stands_under = terms(token[0], language)
        own = frozenset(stands_under)
        if (
            token[0][0].isdigit()
            or not stands_under
            or stands_under[-1] in little
            or _is_month(token[0], language)
        ):
            continue
        alternatives = own.union(
            *(word.terms for word in words if not own.isdisjoint(_whole_words(word.terms)))
        )
        alternatives = frozenset(_whole_words(tuple(alternatives)))
        is_known = bool(country_of(token[0]) or not alternatives.isdisjoint(_proper_terms()))
        next_is_name = number + 1 < len(tokens) and tokens[number + 1][0][0].isupper()
        is_capital = capitals and token[0][0].isupper() and (number > 0 or next_is_name)
        in_quotes = any(start <= token.start() < end for start, end in quoted)
        if alternatives and (is_capital or is_known or in_quotes or token.start() in titles):
            found.append((token.start(), token.end(), token[0], alternatives))
    while found:
        run = [found.pop(0)]
        while (
            found
            and question[run[-1][1] : found[0][0]].strip() in ("", "of", "of the")
            and not (country_of(run[-1][2]) and country_of(found[0][2]))
        ):
            run.append(found.pop(0))
        text = question[run[0][0] : run[-1][1]]
        countries = [country for *_, word, _ in run if (country := country_of(word))]
        others = [word for *_, word, _ in run if not country_of(word)]
        country = countries[0] if countries and all(map(_STATE.fullmatch, others)) else ""
        if country == "KR" and is_northern(question[: run[-1][0]]):
            country = "KP"
        yield Name(text, tuple(alternatives for *_, alternatives in run), country)


def _is_month(word: str, language: str) -> bool:
    return any(flat(word) in months(each) for each in {language, "en", "ru"})


def _whole_words(of: tuple[str, ...]) -> list[str]:
    """Without pairs of Korean syllables, which stand in many words; the marked first pair stays."""
    return [term for term in of if term.startswith("^") or not "가" <= term[:1] <= "힣"]


@cache
def _proper_terms() -> frozenset[str]:
    """The terms of the names in the glossary: of the rows whose English word has a capital ("Osh", not "GDP")."""
    found: set[str] = set()
    for row in rows_of_words():
        english = row["en"].partition(",")[0]
        if english.istitle() and english.isalpha() and english not in _NO_NAME:
            for language in LANGUAGES:
                for word in (row.get(language) or "").split(", "):
                    if word.isalpha():
                        found.update(_whole_words(tuple(terms(word, language))))
    return frozenset(found)


# --- of a text -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text holds: its terms, years (spans of years filled in), ordinals, countries, other names."""

    terms: frozenset[str]
    years: frozenset[str]
    years_alone: frozenset[str]  # as written
    ordinals: frozenset[str]
    countries: frozenset[str]
    names: frozenset[str]  # words with a capital inside a sentence, as their terms


@lru_cache(maxsize=1 << 13)
def facts_of(text: str, language: str) -> Facts:
    """What a text in `language` holds; kept."""
    written = frozenset(_YEAR.findall(text))
    years = set(written)
    for match in _YEARS.finditer(text):
        years.update(map(str, range(int(match[1]), min(int(match[2]), int(match[1]) + 100) + 1)))
    countries, names = set(), set()
    for match in _TOKEN.finditer(text):
        if not (match[0][0].isupper() or "가" <= match[0][0] <= "힣"):
            continue
        if country := country_of(match[0]):
            north = country == "KR" and is_northern(text[max(match.start() - 24, 0) : match.start()])
            countries.add("KP" if north else country)
        elif text[max(match.start() - 2, 0) : match.start()].strip()[-1:] not in ("", ".", "!", "?"):
            names.add(flat(match[0]))
    found = frozenset(terms(text, language))
    return Facts(
        found,
        frozenset(years),
        written,
        told_ordinals(text, language),
        frozenset(countries),
        frozenset(names),
    )


# --- one against the other -------------------------------------------------------------------------


def _share(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 1.0


def _months_held(premises: Premises, text: str, document: Document) -> list[bool]:
    if not premises.months:
        return []
    dates = [
        found.value for found in find_dates(without_note_marks(text)[0], document.language) if found.value
    ]
    return [any((date.year, date.month) == month for date in dates) for month in premises.months]


def _anywhere(alternatives: frozenset[str], document: Document) -> bool:
    return any(_holds(document.text, term.removeprefix("^")) for term in alternatives)


def _name_anywhere(name: Name, document: Document) -> float:
    return sum(_anywhere(word, document) for word in name.words) / len(name.words)


@lru_cache(maxsize=1 << 12)
def _holds(text: str, start: str) -> bool:
    """Whether a word of the text begins so."""
    return re.search(rf"(?<!\w){re.escape(start)}", _folded(text)) is not None


@lru_cache(maxsize=32)
def _folded(text: str) -> str:
    return flat(text).replace("'", "").replace("ё", "е")


def _name_conflict(premises: Premises, here: Facts, around: Facts) -> float:
    """The share of the names that the sentence lacks, while it holds another: a country for a country."""
    asked_countries = {name.country for name in premises.names if name.country}
    asked_words = {word for name in premises.names for word in flat(name.text).split()}
    conflicts = []
    for name in premises.names:
        if name.country:
            missing = name.country not in here.countries and name.share_in(here) == 0
            conflicts.append(float(missing and bool(here.countries - asked_countries)))
        else:
            missing = name.share_in(here) == 0 and name.share_in(around) == 0
            conflicts.append(0.5 * (missing and bool(here.names - asked_words)))
    return sum(conflicts) / len(conflicts) if conflicts else 0.0
