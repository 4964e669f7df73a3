"""Why there is no answer, in plain words for the reader of the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

from index.hit import Filters
from index.library import Library
from ingest.context import Contexts
from ingest.told import Told, both, either
from qa.premises import Premises, facts_of, missing_names
from qa.reader import Reading

_NEAREST = 5  # readings that are spoken of as the nearest
_MOST_NAMED = 3  # years or numbers that are named as standing there instead
_ALL = Filters()
# What a user calls each filter, at the start of a sentence and within it; the dates are one.
_DATES = Told("The filter on dates"), Told("the filter on dates")
_NAMES = {
    "documents": (Told("The choice of documents"), Told("the choice of documents")),
    "excluded": (Told("The list of excluded documents"), Told("the list of excluded documents")),
    "languages": (Told("The filter on languages"), Told("the filter on languages")),
    "types": (Told("The filter on types"), Told("the filter on types")),
    "published_from": _DATES,
    "published_to": _DATES,
}


def reason(
    question: str,
    library: Library,
    readings: Sequence[Reading],
    filters: Filters,
    premises: Premises,
    elsewhere: Callable[[], Sequence[Reading]],
) -> Told:
    """What is missing: a library, documents that pass, words, a premise; or only the answer.

    `elsewhere` reads the question without filters and returns the readings that would answer, best first; it is
    called at most once, and only where filters are set.
    """
    if not filters and not readings:
        return Told("The library is empty.")
    if filters:
        passing = {card.id for card in library.documents(filters)}
        left_out = [found for found in elsewhere() if found.document.id not in passing]
        if left_out:
            return _left_out(library, filters, left_out)
        if not readings:
            return Told("No document passes the filters.")
    missing = library.missing_words(question)
    nearest = [_Nearest.of(reading) for reading in readings[:_NEAREST]]
    instead = _instead(premises, nearest)
    if missing and instead:
        return Told(
            "No passage of the library holds {words}; the nearest passages speak of {instead}, not of {asked}.",
            words=missing,
            instead=both(instead.there),
            asked=either(instead.asked),
        )
    if missing:
        return Told("No passage of the library holds {words}; the nearest passages are shown.", words=missing)
    if instead:
        return Told(
            "The nearest passages speak of {instead}, not of {asked}.",
            instead=both(instead.there),
            asked=either(instead.asked),
        )
    if unheard := _unheard(premises, nearest):
        return Told("The nearest passages do not speak of {names}.", names=either(unheard))
    return Told.counted(
        "The nearest passages, from {n} document, speak of related things but do not answer.",
        "The nearest passages, from {n} documents, speak of related things but do not answer.",
        len({reading.document.id for reading in readings}),
    )


def _left_out(library: Library, filters: Filters, found: Sequence[Reading]) -> Told:
    """Which filter leaves out the documents that answer, and how many these are."""
    ids = {reading.document.id for reading in found}
    guilty = []
    for field in fields(Filters):
        alone = replace(_ALL, **{field.name: getattr(filters, field.name)})
        if alone and ids - {card.id for card in library.documents(alone)}:
            guilty.append(_NAMES[field.name])
    if len(names := list(dict.fromkeys(guilty))) == 1:
        return Told.counted(
            "{filter} leaves out {n} document that may answer; what passes does not.",
            "{filter} leaves out {n} documents that may answer; what passes does not.",
            len(ids),
            filter=names[0][0],
        )
    # Together, where none does it alone.
    told = both([names[0][0], *(within for _, within in names[1:])]) if names else Told("The filters")
    return Told.counted(
        "{filters} leave out {n} document that may answer; what passes does not.",
        "{filters} leave out {n} documents that may answer; what passes does not.",
        len(ids),
        filters=told,
    )


def _instead(premises: Premises, nearest: Sequence[_Nearest]) -> _Instead | None:
    """What the nearest passages hold in place of the year or the number asked for; None where one holds that."""
    around = [facts_of(each.passage, each.language) for each in nearest]
    facts = [facts_of(each.sentence, each.language) for each in nearest] + around
    for asked, held, written, told in (
        (premises.years, [f.years for f in around], [f.years_alone for f in facts], str),
        (premises.ordinals, [f.ordinals for f in around], [f.ordinals for f in facts], _numbered),
    ):
        if not asked or any(asked & of_passage for of_passage in held):
            continue
        there = list(dict.fromkeys(each for of_text in written for each in sorted(of_text, key=int)))
        if there:
            instead = sorted(there[:_MOST_NAMED], key=int)
            return _Instead([*map(told, instead)], [*map(told, sorted(asked, key=int))])
    return None


def _numbered(ordinal: str) -> Told:
    return Told("number {number}", number=ordinal)


def _unheard(premises: Premises, nearest: Sequence[_Nearest]) -> list[str]:
    """The names that none of the nearest passages holds a word of."""
    lacking = [set(missing_names(premises, each.passage, each.language)) for each in nearest]
    return [name.text for name in premises.names if all(name.text in each for each in lacking)]


@dataclass(frozen=True, slots=True)
class _Instead:
    """The years or numbers that stand in the nearest passages, and those that were asked for."""

    there: Sequence[str]
    asked: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Nearest:
    """The texts of a reading: its sentence, and its passage with title and headings."""

    sentence: str
    passage: str
    language: str

    @classmethod
    def of(cls, reading: Reading) -> _Nearest:
        document, passage = reading.document, reading.hit.passage
        around = Contexts(document).text(passage.start, passage.end)
        return cls(reading.sentence.of(document.text), around, document.language)
