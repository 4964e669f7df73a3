"""Whether two quantities say the same, one rounds to the other, or they contradict each other.

A number without a unit and the same number with one are the same: both answer one question, and what a cell
of a table or "500,000" leaves out, the question has said. Percents always say that they are. What a figure
counts in words that no unit names ("500,000 ethnic Koreans") may be people; small numbers of such ("5
ministers", "5 стран") are never joined.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from qa.values.quantities import Quantity
from qa.values.same_name import words
from qa.values.value_words import BASES

_TELLING = 100  # a number from here on hardly stands in two texts by chance
_SAME_START = 5  # letters that two forms of a word share
_ROUNDED_DIGITS = 2  # a figure with fewer digits that tell is no rounding of another: 500,000 of 498,000


def same_quantity(first: Quantity, second: Quantity) -> bool:
    """The same number, in units that agree, both exact (or about) or with the same bound."""
    unit, number, upper = first.in_base()
    other_unit, other_number, other_upper = second.in_base()
    if "" in (unit, other_unit):  # without a unit there is none to convert
        number, upper, other_number, other_upper = first.number, first.upper, second.number, second.upper
    return (
        (number, upper) == (other_number, other_upper)
        and units_agree(first, second)
        and _bound(first) == _bound(second)
    )


def rounds_to(precise: Quantity, value: Quantity) -> bool:
    """Whether `precise`, rounded to the last digit that `value` writes, is `value`: 7.31 billion and 7.3 billion.

    That takes two digits that tell: half a million is no rounding of 498,000.
    """
    if value.upper is not None or precise.upper is not None or _bound(value) or _bound(precise):
        return False
    unit, number, _ = precise.in_base()
    other_unit, rounded, _ = value.in_base()
    if (
        unit != other_unit
        or not units_agree(precise, value)
        or precise.step >= value.step
        or number == rounded
    ):
        return False
    step = value.step * Decimal(BASES.get(value.unit.partition("/")[0], ("", "1"))[1])
    digits = abs(value.number / value.step).normalize()
    return len(digits.as_tuple().digits) >= _ROUNDED_DIGITS and abs(number - rounded) * 2 <= step


def quantities_differ(first: Quantity, second: Quantity) -> bool:
    """Whether two quantities of one dimension cannot both be the number that was asked for."""
    if not units_agree(first, second) or _overlap(first, second):
        return False
    return first.in_base()[1:] != second.in_base()[1:]


def units_agree(first: Quantity, second: Quantity) -> bool:
    """The same dimension, or one that is not said."""
    unit, other = first.in_base()[0], second.in_base()[0]
    if (unit and other) or "percent" in unit + other:  # 5 percent are not 5 of anything
        return unit == other
    return _counted_alike(first, second)


def tells(quantity: Quantity) -> bool:
    """Whether a number is such that two texts will hardly hold it by chance."""
    return abs(quantity.number) >= _TELLING or quantity.number != quantity.number.to_integral_value()


def _counted_alike(first: Quantity, second: Quantity) -> bool:
    """Whether what two figures count may be the same, where at most one of them has a unit.

    Words of one script must share the beginning of one; words of two cannot be compared.
    """
    if first.of and second.of:
        if _script(first.of) == _script(second.of):
            ours, theirs = words(first.of), words(second.of)
            return any(a[:_SAME_START] == b[:_SAME_START] for a in ours for b in theirs)
        return tells(first) and tells(second)
    unit = first.unit or second.unit
    if (first.of or second.of) and unit:
        return unit == "person" and tells(first) and tells(second)
    return True


def _script(text: str) -> str:
    return unicodedata.name(next(filter(str.isalpha, text), "?"), "?").split()[0]


def _bound(quantity: Quantity) -> str:
    return "" if quantity.bound == "about" else quantity.bound


def _overlap(first: Quantity, second: Quantity) -> bool:
    """Whether both may be true: a range holds the other, or an upper bound does; nothing is said then.

    A lower bound is passed over: "more than 300,000" and "500,000" are worth showing side by side.
    """
    _, low, low_end = first.in_base()
    _, other, other_end = second.in_base()
    if (low_end or other_end) and low <= (other_end or other) and other <= (low_end or low):
        return True
    return any(
        _bound(bounded) in ("less", "at most")
        and not _bound(free)
        and free.in_base()[1] <= bounded.in_base()[1]
        for bounded, free in ((first, second), (second, first))
    )
