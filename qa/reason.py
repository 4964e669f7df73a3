"""Why there is no answer, in plain words for the reader of the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

from index.hit import Filters
from index.library import Library
from ingest.context import Contexts
from qa.premises import Premises, facts_of, missing_names
from qa.reader import Reading

_NEAREST = 5  # readings that are spoken of as the nearest
_MOST_NAMED = 3  # years or numbers that are named as standing there instead
_ALL = Filters()
# What a user calls each filter; the dates are one.
_NAMES = {
    "documents": "the choice of documents",
    "excluded": "the list of excluded documents",
    "languages": "the filter on languages",
    "types": "the filter on types",
    "published_from": "the filter on dates",
    "published_to": "the filter on dates",
}


def reason(
    question: str,
    library: Library,
    readings: Sequence[Reading],
    filters: Filters,
    premises: Premises,
    elsewhere: Callable[[], Sequence[Reading]],
) -> str:
    """What is missing: a library, documents that pass, words, a premise; or only the answer.

    `elsewhere` reads the question without filters and returns the readings that would answer, best first; it is
    called at most once, and only where filters are set.
    """
    if not filters and not readings:
        return "The library is empty."
    if filters:
        passing = {card.id for card in library.documents(filters)}
        left_out = [found for found in elsewhere() if found.document.id not in passing]
        if left_out:
            return _left_out(library, filters, left_out)
        if not readings:
            return "No document passes the filters."
    missing = library.missing_words(question)
    nearest = [_Nearest.of(reading) for reading in readings[:_NEAREST]]
    instead = _instead(premises, nearest)
    if missing:
        shown = instead or "the nearest passages are shown."
        return f"No passage of the library holds {', '.join(missing)}; {shown[0].lower()}{shown[1:]}"
    if instead:
        return instead
    if unheard := _unheard(premises, nearest):
        return f"The nearest passages do not speak of {_listed(unheard, 'or')}."
    documents = len({reading.document.id for reading in readings})
    return (
        f"The nearest passages, from {documents} document{'s' * (documents != 1)}, speak of related things "
        "but do not answer."
    )


def _left_out(library: Library, filters: Filters, found: Sequence[Reading]) -> str:
    """Which filter leaves out the documents that answer, and how many these are."""
    ids = {reading.document.id for reading in found}
    guilty = []
    for field in fields(Filters):
        alone = replace(_ALL, **{field.name: getattr(filters, field.name)})
        if alone and ids - {card.id for card in library.documents(alone)}:
            guilty.append(_NAMES[field.name])
    guilty = list(dict.fromkeys(guilty)) or ["the filters"]  # together, where none does it alone
    names = _listed(guilty, "and")
    leave = "leaves" if len(guilty) == 1 and guilty != ["the filters"] else "leave"
    return (
        f"{names[:1].upper()}{names[1:]} {leave} out {len(ids)} document{'s' * (len(ids) != 1)} that may answer; "
        "what passes does not."
    )


def _instead(premises: Premises, nearest: Sequence[_Nearest]) -> str:
    """What the nearest passages hold in place of the year or the number asked for; "" where one holds that."""
    around = [facts_of(each.passage, each.language) for each in nearest]
    facts = [facts_of(each.sentence, each.language) for each in nearest] + around
    for asked, held, written, word in (
        (premises.years, [f.years for f in around], [f.years_alone for f in facts], ""),
        (premises.ordinals, [f.ordinals for f in around], [f.ordinals for f in facts], "number "),
    ):
        if not asked or any(asked & of_passage for of_passage in held):
            continue
        there = list(dict.fromkeys(each for of_text in written for each in sorted(of_text, key=int)))
        if there:
            instead, wanted = (
                _listed([f"{word}{each}" for each in sorted(several, key=int)], joint)
                for several, joint in ((there[:_MOST_NAMED], "and"), (asked, "or"))
            )
            return f"The nearest passages speak of {instead}, not of {wanted}."
    return ""


def _unheard(premises: Premises, nearest: Sequence[_Nearest]) -> list[str]:
    """The names that none of the nearest passages holds a word of."""
    lacking = [set(missing_names(premises, each.passage, each.language)) for each in nearest]
    return [name.text for name in premises.names if all(name.text in each for each in lacking)]


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


def _listed(names: Sequence[str], joint: str) -> str:
    """ "a, b and c" """
    return f" {joint} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
