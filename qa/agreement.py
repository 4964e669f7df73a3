"""Readings that speak to one question in, what they say out: who agrees with the answer, who says otherwise.

The same answer from several documents is one claim with several readings; a different one is a claim of
its own, with its date, so that "500,000 (2012)" and "300,000" stand side by side. See `values` for what
is the same and what is different.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from index.query_language import query_language
from ingest.context import cell_name
from ingest.document import Document, Span
from qa.reader import Reading
from qa.values.dates import Date
from qa.values.quantities import Quantity
from qa.values.value import Found, Value, agree, differ, equal_in, value_at, values_in


@dataclass(frozen=True, slots=True)
class Claim:
    """One answer and the readings that give it, the one quoted first, then the likeliest, a document once.

    `date` is ISO 8601, as precise as it is known: the year that the sentence gives for its figure
    (`dated_by` is "sentence"), else when the document was published ("document"), else the one year in the
    name of its file ("name": herald-2012.txt), else "".
    """

    value: Value
    readings: tuple[Reading, ...]
    date: str = ""
    dated_by: str = ""

    @property
    def text(self) -> str:
        """The answer in the words of the reading that is quoted."""
        best = self.readings[0]
        return best.answer.of(best.document.text)

    @property
    def label(self) -> str:
        """The answer with its year: "500,000 (2012)"."""
        dated = self.date and not isinstance(self.value, Date)
        return f"{self.text} ({self.date[:4]})" if dated else self.text

    @property
    def chance(self) -> float:
        """That of the likeliest reading: another that says the same makes it no less likely."""
        return max(reading.chance for reading in self.readings)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The claim of the answer, and those that differ from it, by date (undated last), then by chance."""

    answer: Claim
    differing: tuple[Claim, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims in the same order, to be shown side by side."""
        return _ordered((self.answer, *self.differing))


def compare(
    answering: Reading,
    others: Sequence[Reading],
    *,
    question: str = "",
    at_least: float = 0.5,
    beside: float = 0.65,
) -> Agreement:
    """What `others`, as far as their chance is `at_least` that, say to the answer of `answering`.

    Where the question names a year, figures that their sentence or table gives for another year speak
    to another question, and are left out. So does another date or name of a document that gives the answer itself;
    another quantity there, of a chance of `beside` that, may be what somebody else counted.
    """
    asked = _years(values_in(question, query_language(question)))
    value = _value(answering)
    likely = sorted((r for r in others if r.chance >= at_least), key=lambda reading: -reading.chance)
    speaking = [r for r in likely if not _same_sentence(r, answering) and _speaks_of(r, asked)]
    said = [(reading, _value(reading)) for reading in speaking]

    agreeing = [answering, *(reading for reading, own in said if agree(value, own))]
    giving = {reading.document.id for reading in agreeing}

    def may_differ(reading: Reading, own: Value) -> bool:
        counts = isinstance(own, Quantity) and reading.chance >= beside
        return counts or reading.document.id not in giving

    rest: list[tuple[Value, list[Reading]]] = []
    for reading, own in said:
        if differ(value, own) and may_differ(reading, own):
            known = next((readings for claimed, readings in rest if agree(claimed, own)), None)
            if known is None:
                rest.append((own, [reading]))
            else:
                known.append(reading)
    return Agreement(_claim(value, agreeing), _ordered([_claim(own, readings) for own, readings in rest]))


def own_language_first(readings: list[Reading], language: str, *, at_least: float = 0.5) -> list[Reading]:
    """The readings; where the best is in another language, with the first at their head that gives the same answer
    in `language`, of a chance of `at_least` that."""
    if not readings or readings[0].document.language == language:
        return readings
    best, *others = readings
    value = _value(best)
    for reading in others:
        own = reading.document.language == language and reading.chance >= at_least
        if own and lacks_no_more(reading, best) and agree(value, _value(reading)):
            return [reading, *(each for each in readings if each is not reading)]
    return readings


def lacks_no_more(reading: Reading, best: Reading) -> bool:
    """Whether a reading lacks no year and no name of the question that the best one has."""
    own, theirs = reading.signals, best.signals
    return (
        own.names <= theirs.names and own.years <= theirs.years and own.name_conflict <= theirs.name_conflict
    )


def supported_by(answering: Reading, document: Document, sentence: Span) -> Span | None:
    """Where a sentence holds the answer of `answering`, in whatever language and notation; None if nowhere."""
    return equal_in(_value(answering), document, sentence)


def _claim(value: Value, readings: Sequence[Reading]) -> Claim:
    best_of: dict[str, Reading] = {}
    for reading in readings:
        best_of.setdefault(reading.document.id, reading)
    each = tuple(best_of.values())
    first = each[0]
    if year := _year_of_figure(first):
        return Claim(value, each, f"{year:04}", "sentence")
    if published := first.document.published:
        return Claim(value, each, published, "document")
    named = frozenset(_YEAR_IN_NAME.findall(PurePath(first.document.source).stem))
    return Claim(value, each, min(named), "name") if len(named) == 1 else Claim(value, each)


_YEAR_IN_NAME = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def _ordered(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    return tuple(sorted(claims, key=lambda claim: (not claim.date, claim.date, -claim.chance)))


def _value(reading: Reading) -> Value:
    return value_at(reading.document, reading.answer, reading.sentence)


def _same_sentence(reading: Reading, other: Reading) -> bool:
    return (reading.document.id, reading.sentence) == (other.document.id, other.sentence)


def _speaks_of(reading: Reading, asked: frozenset[int]) -> bool:
    """Whether a reading may be about a year that was asked for; one that names no year may be."""
    if not asked or isinstance(_value(reading), Date):
        return True
    year = _year_of_figure(reading)
    return year in asked if year else not (told := _years_around(reading)) or not told.isdisjoint(asked)


# A year after one of these is a limit of time, not the year of the figure. "с" and "до" are Russian.
_LIMIT = re.compile(
    r"(?:\b(?:since|until|till|from|to|by|before|after)|\b(?:с|до|после|к|по))\s+$", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"[^\n\t.;,\d()]{0,20}\((?:in |в )?", re.IGNORECASE)


def _year_of_figure(reading: Reading) -> int:
    """The year that the sentence, or the head of the cell's row or column, gives for its answer; 0 for none."""
    if isinstance(_value(reading), Date):
        return 0
    document, start = reading.document, reading.sentence.start
    cell = cell_name(document, reading.answer.start)
    if cell is not None:
        heads = {
            year for head in (cell.row, cell.column) for year in _years(values_in(head, document.language))
        }
        return heads.pop() if len(heads) == 1 else 0
    text = reading.sentence.of(document.text)
    answer = Span(reading.answer.start - start, reading.answer.end - start)
    dates = [
        found
        for found in values_in(text, document.language)
        if isinstance(found.value, Date)
        and found.value.year
        and not found.value.last
        and not (found.start < answer.end and answer.start < found.end)
        and not _LIMIT.search(text[: found.start])
    ]
    years = {found.value.year for found in dates if isinstance(found.value, Date)}
    if len(years) == 1:
        return years.pop()
    # Of several years, the one in brackets right after the figure: "500,000 (2012) and 300,000 (2020)".
    for found in dates:
        between = text[answer.end : found.start]
        if isinstance(found.value, Date) and _IN_BRACKETS.fullmatch(between):
            return found.value.year
    return 0


def _years_around(reading: Reading) -> frozenset[int]:
    cell = cell_name(reading.document, reading.answer.start)
    if cell is not None:
        return _years(values_in(f"{cell.row}\n{cell.column}", reading.document.language))
    return _years(values_in(reading.sentence.of(reading.document.text), reading.document.language))


def _years(found: Sequence[Found]) -> frozenset[int]:
    """The years of the dates found, each year of a span among them."""
    years: set[int] = set()
    for one in found:
        value = one.value
        if isinstance(value, Date) and value.year:
            years |= set(range(value.year, (value.last or value.year) + 1))
    return frozenset(years)
