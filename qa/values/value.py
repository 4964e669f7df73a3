"""What a short answer amounts to, so that answers can be compared over documents, languages, notations.

A text becomes a Quantity, a Date or, where it is not understood wholly, a Text. Two values are the `same`,
or one `refines` the other (March 2017 and 2017), or they are two different answers of one kind (`differ`),
or nothing can be said. When in doubt nothing is said: values are neither merged nor set against each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.raised_figures import without_note_marks
from ingest.document import Document, Span
from qa.values import cldr
from qa.values.dates import Date, find_dates
from qa.values.quantities import Quantity, find_quantities
from qa.values.same_name import is_country, known, name_in, names_differ, same_name, words
from qa.values.same_quantity import quantities_differ, rounds_to, same_quantity, tells
from qa.values.value_words import OTHER_NUMBER_WORDS

_MOST_COUNTED_WORDS = 4  # of what a figure counts: "500,000 ethnic Koreans"
_SHORTEST_NOUN = 3  # letters, of scripts that spell in letters


@dataclass(frozen=True, slots=True)
class Text:
    """Words, in the language of their document."""

    text: str
    language: str


Value = Quantity | Date | Text


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity or a date and where it stands; `outer` holds its qualifiers too ("about", "이상")."""

    value: Quantity | Date
    start: int
    end: int
    outer_start: int
    outer_end: int

    def moved(self, places: Sequence[int]) -> Found:
        """The same in a text in which the character `at` stands at `places[at]`."""
        end, outer_end = places[self.end - 1] + 1, places[self.outer_end - 1] + 1
        return Found(self.value, places[self.start], end, places[self.outer_start], outer_end)


_LINE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")


@lru_cache(maxsize=1 << 12)
def values_in(text: str, language: str) -> tuple[Found, ...]:
    """The quantities and dates of a text, in order. A cell of a table ends at its tab."""
    text, places = without_note_marks(_LINE_BREAK.sub(" ", text).replace("\t", "\0"))
    dates = find_dates(text, language)
    blanked = list(text)
    for date in dates:  # digits of a date are no quantity
        blanked[date.start : date.end] = "\0" * (date.end - date.start)
    found = [Found(d.value, d.start, d.end, d.start, d.end) for d in dates if d.value is not None]
    found += [
        Found(q.value, q.start, q.end, q.outer_start, q.outer_end)
        for q in find_quantities("".join(blanked), language)
    ]
    return tuple(one.moved(places) for one in sorted(found, key=lambda one: one.start))


@lru_cache(maxsize=1 << 12)
def value_of(text: str, language: str) -> Value:
    """What the whole of a short text says. "In 2017" is a date, "2017 or so" a text."""
    plain, _ = without_note_marks(text)
    found = values_in(plain, language)
    if len(found) == 1:
        one = found[0]
        before, after = plain[: one.outer_start], plain[one.outer_end :]
        if _says_nothing(before) and _says_nothing(after):
            return one.value
        if isinstance(one.value, Quantity) and _says_nothing(before) and _is_counted(one.value, after):
            return replace(one.value, of=after.strip(_PUNCTUATION))
    return Text(text, language)


def value_at(document: Document, answer: Span, sentence: Span) -> Value:
    """What an answer says where it stands: its unit and qualifiers may lie just outside it.

    "500,000" in "Some 500,000 tonnes" is about 500,000 tonnes.
    """
    own = value_of(answer.of(document.text), document.language)
    if isinstance(own, Text):
        return own
    start, end = answer.start - sentence.start, answer.end - sentence.start
    around = [
        found
        for found in values_in(sentence.of(document.text), document.language)
        if found.start < end and start < found.end
    ]
    if len(around) != 1 or type(around[0].value) is not type(own):
        return own
    wider = around[0].value
    if isinstance(own, Quantity) and isinstance(wider, Quantity):
        return replace(wider, of=own.of)
    return wider


def same(first: Value, second: Value) -> bool:
    """Whether two values say the same, however they are written.

    See `same_quantity` and `same_name` for how far that goes.
    """
    match first, second:
        case Quantity(), Quantity():
            return same_quantity(first, second)
        case Date(), Date():
            return first == second
        case Text(), Text():
            return same_name(first.text, first.language, second.text, second.language)
    return False


def agree(first: Value, second: Value) -> bool:
    """Whether two values are the same, or one `refines` the other."""
    return same(first, second) or refines(first, second) or refines(second, first)


def refines(precise: Value, value: Value) -> bool:
    """Whether `precise` says what `value` says, and more: a day of the year, "Busan, South Korea", 7.31 for 7.3.

    A figure refines another that is it, rounded to the last digit written; that takes two digits that tell.
    """
    match precise, value:
        case Date(), Date():
            return precise != value and value.holds(precise)
        case Quantity(), Quantity():
            return rounds_to(precise, value)
        case Text(), Text():
            head, comma, rest = re.sub(r"\s*[(（]", ",", precise.text).partition(",")
            return (
                bool(comma)
                and bool(head.strip())
                and same_name(head, precise.language, value.text, value.language)
                and not _is_another(head, rest.strip(_PUNCTUATION), precise.language)
            )
    return False


def differ(first: Value, second: Value) -> bool:
    """Whether two values are different answers of one kind and dimension: people and people, a day and a day.

    Names differ only where both are known, or both are written in one script as names and share no word.
    """
    if agree(first, second):
        return False
    match first, second:
        case Quantity(), Quantity():
            return quantities_differ(first, second)
        case Date(), Date():
            return bool(first.year and second.year) and not first.last and not second.last
        case Text(), Text():
            return names_differ(first.text, first.language, second.text, second.language)
    return False


def _is_another(head: str, rest: str, language: str) -> bool:
    """Whether "head, rest" names something else than its head: "Korea, North", "Georgia, USA", "Seoul, Busan"."""
    whole, own, other = known(f"{rest} {head}", language), known(head, language), known(rest, language)
    if whole and not whole & own:
        return True
    return bool(own and other) and is_country(own) == is_country(other)


def equal_in(value: Value, document: Document, sentence: Span) -> Span | None:
    """Where a sentence of `document` holds a value that agrees with `value`; None where it does not.

    "7" does not stand in "2007", nor "Korea" in "North Korea".
    """
    text = sentence.of(document.text)
    if isinstance(value, Text):
        at = name_in(value.text, value.language, text, document.language)
        return at and Span(sentence.start + at.start, sentence.start + at.end)
    for found in values_in(text, document.language):
        unitless = isinstance(value, Quantity) and not (value.unit and getattr(found.value, "unit", ""))
        if unitless and isinstance(value, Quantity) and not tells(value):
            continue  # this sentence may speak of something else: a small number says nothing without its unit
        if same(value, found.value) or refines(found.value, value):
            return Span(sentence.start + found.start, sentence.start + found.end)
    return None


def _is_counted(quantity: Quantity, after: str) -> bool:
    """Whether the words after a figure are what it counts: letters, no other number, few of them."""
    own = words(after)
    if quantity.unit or not 0 < len(own) <= _MOST_COUNTED_WORDS or any(map(str.isdigit, after)):
        return False
    if not after[:1].isspace():
        return False
    if len(own[0]) < _SHORTEST_NOUN and own[0] < "ㄱ":
        return False  # "5 m": metres or millions
    return not _NUMBER_WORD.search(cldr.flat(after)) and not _CONNECTED.match(cldr.flat(after))


_NUMBER_WORD = re.compile(
    rf"(?<!\w)(?:{OTHER_NUMBER_WORDS}|\w*illi(?:on|ard)\w*|тыс\w*|\w*илли(?:он|ард)\w*)(?!\w)"
)
_CONNECTED = re.compile(
    r"\s?(?:or|and|to|by|или|и|до|yoki|va|out|of|per|из|в|in|on|at|по|на|或)(?!\w)|\s?[-–—/:+×x*=](?!\w*[^\W\d])"
)
_PUNCTUATION = " \t\n.,;:!?\"'«»“”‘’()[]"
# What may stand around a date or a figure without changing it, in lower case.
_NEUTRAL = re.compile(
    r"(?:[\s.,;:!?\"'«»“”‘’()\[\]]|\b(?:in|on|the|year|of|в|во|на|году|года|год|дар|соли|yilda|yili|йили|жылы|жылда)\b"
    r"|'[^\W\d_]{1,5}\b|(?:에서|에|으로|로|은|는|이|가|을|를|의|이다|이었다|였다)(?![가-힣])|[年年]|-)*"
)


def _says_nothing(text: str) -> bool:
    return _NEUTRAL.fullmatch(cldr.flat(text)) is not None
