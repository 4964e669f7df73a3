"""The quantities of a text: number, unit, how exact; whatever language, separators and scale it is written in.

Exact or nothing: a number that is not understood wholly ("2 and a half", "5 and 7 million", "1.234" where
the point may be either separator, "15th", "No. 5") is passed over, never read as another number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from qa.values import cldr
from qa.values.figures import han_number, last_step, numeral
from qa.values.grammar import GAP, Grammar, grammar_of
from qa.values.value_words import BASES, COUNTED


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, both as far as the text gives them.

    `unit` is a name that all languages share ("percent", "USD", "t", "person", "barrel/day"), "" for none.
    `bound` is "", "about", "more" (than), "at least", "less" (than) or "at most". `upper` is the end of a
    range. `step` is the least that the writing tells apart: 0.1 billion for "7.3 billion". `of` is what is
    counted, in the text's words, where no unit names it.
    """

    number: Decimal
    unit: str = ""
    bound: str = ""
    upper: Decimal | None = None
    step: Decimal = Decimal(1)
    of: str = ""

    def in_base(self) -> tuple[str, Decimal, Decimal | None]:
        """(unit, number, upper) in the base of the unit: tonnes and kilograms in grams."""
        name, slash, rate = self.unit.partition("/")
        base, factor = BASES.get(name, (name, "1"))
        times = Decimal(factor)
        return base + slash + rate, self.number * times, None if self.upper is None else self.upper * times


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """A quantity and where it stands; `outer` also holds the words that qualify it ("about", "이상")."""

    value: Quantity
    start: int
    end: int
    outer_start: int
    outer_end: int


@dataclass(frozen=True, slots=True)
class _Raw:
    """A number as it is met, before ranges are joined."""

    quantity: Quantity
    figure: Decimal  # without its scale
    scale: Decimal | None
    start: int
    end: int
    outer_start: int
    outer_end: int


def find_quantities(text: str, language: str) -> list[FoundQuantity]:
    """The quantities of `text`, in order. Dates must have been blanked out: see `values.values_in`."""
    flat = cldr.flat(text)
    grammar = grammar_of(language)
    raws: list[_Raw] = []
    position = 0
    for match in grammar.number.finditer(flat):
        if match.start() < position:
            continue  # inside the one before: 1억 2천만
        joined = raws[-1].end if raws else -1
        raw = _read(flat, match, language, grammar, joined)
        position = match.end() if raw is None else raw.end
        if raw is not None:
            raws.append(raw)
    return [
        FoundQuantity(raw.quantity, raw.start, raw.end, raw.outer_start, raw.outer_end)
        for raw in _joined(flat, raws)
    ]


def _read(flat: str, match: re.Match[str], language: str, grammar: Grammar, joined: int) -> _Raw | None:
    """The quantity whose number is `match`; `joined` is where the one before it ends."""
    start, end = match.span()
    is_word = match.lastgroup == "word"
    if _is_part_of_something(flat, start, end, joined, grammar):
        return None
    sign = grammar.sign_before.search(flat, max(start - 6, 0), start)
    currency = grammar.currency_of(sign["currency"]) if sign else ""
    first = sign.start("currency") if sign else start
    negative = bool(re.search(r"(?:^|[\s(])-$", flat[max(first - 2, 0) : first]))
    if negative:
        first -= 1

    han = None if is_word else han_number(flat, start)
    scale: Decimal | None = None
    if han is not None:
        figure, number, step, scale, end = han
    else:
        step = Decimal(1) if is_word else last_step(match[0], language)
        scaled = grammar.scale_after(flat, end, money=bool(currency))
        certain = bool(scaled or currency or grammar.unit_after(flat, end))
        read = Decimal(grammar.small[match[0]]) if is_word else numeral(match[0], language, certain)
        if read is None:
            return None
        figure = number = read
        if scaled:
            (factor, end), scale = scaled, Decimal(scaled[0])
            number, step = figure * factor, step * factor
            more = grammar.compound(flat, end, factor, language)
            if more:
                number, step, end = number + more[0], more[1], more[2]
    number_end = end

    odd = grammar.odd.match(flat, end)  # 30만여 명
    end = odd.end() if odd else end
    unit, unit_end = grammar.unit_after(flat, end) or ("", end)
    if currency and unit in COUNTED:
        unit, unit_end = "", end  # "a US$2 billion projects fund"
    end = unit_end
    if prefix := grammar.percent_before.search(flat, max(first - 7, 0), first):
        unit, first = unit or "percent", prefix.start()
    if currency and unit not in ("", currency):
        return None
    unit = currency or unit
    if is_word and not unit and scale is None and flat.strip(" .") != match[0]:
        return None  # "two sides", "the four": nothing is measured
    if unit in COUNTED and number != number.to_integral_value():
        return None
    if rate := grammar.rate.match(flat, end):
        unit, end = f"{unit}/{rate.lastgroup}", rate.end()
    if grammar.goes_on.match(flat, end) or (end == number_end and grammar.unknown_tail.match(flat, end)):
        return None

    bound, outer_end = grammar.bound_after(flat, end)
    before, outer_start = grammar.bound_before(flat, first)
    if odd:
        bound = bound or "more"
    bound = before if before and (before != "about" or not bound) else bound
    quantity = Quantity(-number if negative else number, unit, bound, None, step)
    return _Raw(quantity, figure, scale, first, end, outer_start, outer_end)


def _is_part_of_something(flat: str, start: int, end: int, joined: int, grammar: Grammar) -> bool:
    """Whether the digits are part of a name, a label, an ordinal, a fraction, a time of day."""
    before, after = flat[max(start - 2, 0) : start], flat[end : end + 2]
    last = before[-1:]
    if (
        last
        and last in "-–—"
        and start - 1 != joined
        and len(before) > 1
        and (before[0].isalnum() or last != "-")
    ):
        return True  # COVID-19; – 5 may be a dash or a minus
    if (last.isalnum() and not grammar.attaches_to(last)) or last == "_":
        return grammar.code_before.search(flat, max(start - 4, 0), start) is None
    if last and last in ".,:/" and len(before) > 1 and before[0].isdigit():
        return True
    if last and last in "/:^":
        return True
    if grammar.label_before.search(flat, max(start - 12, 0), start):
        return True
    return bool(grammar.broken_after.match(flat, end)) or (after[:1] in ("/", ":") and after[1:].isdigit())


_DASH = re.compile(rf"{GAP}[-–—~〜∼～]{GAP}")
_TO = re.compile(r"\s(?:to|до|dan|дан|ден|тан)\s|에서\s?|(?:[dtn][ae]n|[дтн][ае]н)?\s", re.IGNORECASE)
_LIST = re.compile(
    r"\s?,\s|\s?,?\s(?:and|or|to|и|или|до|va|yoki|ва|ёки|және|жана|же|немесе|ё|we|ve|und|by)\s|와 |과 |및 |에서 "
)
_FROM_WORD = re.compile(r"(?:\bfrom|\bс|\bсо)\s+$")
_UNTIL_WORD = re.compile(r"\s?(?:gacha|гача|ға дейін|ге дейін|га чейин|ге чейин)")
_BETWEEN = re.compile(r"\bbetween\s+$")


def _joined(flat: str, raws: list[_Raw]) -> list[_Raw]:
    """Ranges joined into one; a bare number that shares the scale of a later one is no number by itself."""
    kept: list[_Raw] = []
    for raw in raws:
        if not kept:
            kept.append(raw)
            continue
        last = kept[-1]
        between = flat[last.end : raw.start]
        if _is_range(flat, last, raw, between):
            kept.pop()
            if both := _range(last, raw):
                kept.append(both)
            continue
        if (
            _LIST.fullmatch(between)
            and last.scale is None
            and raw.scale is not None
            and not last.quantity.unit
        ):
            kept.pop()  # "5 and 7 million", "from 5 to 7 million": which five is not known
        kept.append(raw)
    return kept


def _is_range(flat: str, low: _Raw, high: _Raw, between: str) -> bool:
    if low.quantity.upper is not None:
        return False
    if _DASH.fullmatch(between):
        return True
    before = flat[max(low.start - 12, 0) : low.start]
    if between == " and ":
        return bool(_BETWEEN.search(before))
    if _FROM_WORD.search(before):
        return False  # "rose from 5 to 10" are two values
    if between == " to " or (between == " до " and before.rstrip().endswith("от")):
        return True
    return bool(_TO.fullmatch(between) and _UNTIL_WORD.match(flat, high.end))


def _range(low: _Raw, high: _Raw) -> _Raw | None:
    first, second = low.quantity, high.quantity
    if low.scale is None and high.scale is not None:
        if low.figure >= high.figure:
            return None  # "500–1 million": nobody can tell
        first = replace(first, number=first.number * high.scale, step=first.step * high.scale)
    if first.unit and second.unit and first.unit != second.unit:
        return None
    if first.number >= second.number:
        return None
    quantity = Quantity(
        first.number,
        first.unit or second.unit,
        "about" if "about" in (first.bound, second.bound) else "",
        second.number,
        min(first.step, second.step),
    )
    return _Raw(quantity, low.figure, high.scale, low.start, high.end, low.outer_start, high.outer_end)
