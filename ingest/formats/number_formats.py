"""The values of a spreadsheet's cells as they are displayed: thousands, percent, currency, days.

In: a value and its number format in Excel's notation ("#,##0.0", "0%", "yyyy-mm"). Out: a string. Days are
written as in ISO 8601, as precise as the format shows them, whatever order it shows them in.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from math import isinf

Value = str | int | float | bool | datetime | date | time | timedelta

SIGNIFICANT = 11  # digits that the format "General" shows
LONGEST_FORMAT = 200  # characters; Excel allows 255

_SECTION = re.compile(r'(?:[^;"\\]|\\.|"[^"]*")+|(?<=;)(?=;)|\A(?=;)|(?<=;)\Z')
# A literal, an invisible width or filling, a bracketed condition or currency, or a digit's place.
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[([^\]]*)\]|([#0?.,]+)|([Ee][+-])|(%)|(.)', re.DOTALL)
_SPACED_THOUSANDS = re.compile(r"(?<=[#0])\\?[ \xa0\u202f](?=[#0])(?![#0?]*/)")  # "# ##0" groups by spaces
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")


def displayed(value: Value, number_format: str) -> str:
    """The value as its cell shows it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    if isinstance(value, (datetime, date, time, timedelta)):
        return _moment(value, number_format)
    if isinstance(value, float) and value != value:
        return ""
    sections = _sections(number_format)
    section, value = _section_of(value, sections)
    return _number(value, section)


def _sections(number_format: str) -> list[str]:
    if len(number_format) > LONGEST_FORMAT:
        return ["General"]
    return _SECTION.findall(number_format) or ["General"]


def _section_of(value: float, sections: list[str]) -> tuple[str, float]:
    """The section for a value, and the value that it displays: the negative one shows its own sign."""
    if condition := _CONDITION.search(sections[0]):
        limit = float(condition[2])
        holds = {
            "<": value < limit,
            ">": value > limit,
            "<=": value <= limit,
            ">=": value >= limit,
            "=": value == limit,
            "<>": value != limit,
        }[condition[1]]
        return (sections[0] if holds or len(sections) == 1 else sections[1]), value
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


def _number(value: float, section: str) -> str:
    section, spaced = _SPACED_THOUSANDS.subn(",", section)
    tokens = [match.groups() for match in _TOKEN.finditer(section)]
    if "general" in section.lower() or "@" in section or "/" in section or isinf(value):
        return _literal_around(_general(value), section)
    exponent = next((at for at, token in enumerate(tokens) if token[6]), None)
    places = "".join(token[5] or "" for token in tokens[:exponent])
    if not places:
        return "".join(map(_literal, tokens)).strip()
    whole, _, fraction = places.partition(".")
    digits = fraction.replace(",", "")
    if exponent is not None:
        mantissa, _, power = f"{value:.{len(digits)}E}".partition("E")
        figure = f"{mantissa}E{power[0]}{power[1:].zfill(2)}"
    else:
        # A comma after the last digit divides by a thousand; inside it groups.
        divided = len(whole) - len(whole.rstrip(",")) + fraction.count(",")
        scaled = Decimal(repr(value)) * 100 ** sum(bool(token[7]) for token in tokens)
        figure = _figure(scaled.scaleb(-3 * divided), whole.rstrip(","), digits)
    if spaced:
        figure = figure.replace(",", " ")
    return _with_literals(figure, tokens).strip()


def _figure(value: Decimal, whole: str, fraction: str) -> str:
    try:
        rounded = value.quantize(Decimal(1).scaleb(-len(fraction)), rounding=ROUND_HALF_UP)
    except InvalidOperation:  # more digits than a Decimal keeps
        return _general(float(value))
    sign = "-" if rounded < 0 else ""
    digits = f"{abs(rounded):f}"
    before, _, after = digits.partition(".")
    optional = len(fraction) - len(fraction.rstrip("#?"))
    while optional and after.endswith("0"):
        after, optional = after[:-1], optional - 1
    required = whole.count("0")
    before = before.lstrip("0").zfill(required) if required or before != "0" else ""
    if "," in whole:
        before = f"{int(before or 0):,}".zfill(len(before)) if before else before
    point = "." if after or (fraction and "0" in fraction) else ""
    return f"{sign}{before}{point}{after}" if before or after else f"{sign}0"


def _with_literals(figure: str, tokens: list[tuple[str, ...]]) -> str:
    """The figure in the place of the format's digits, with the literals before and after it."""
    parts: list[str] = []
    placed = False
    for token in tokens:
        if token[5] or token[6]:
            parts.append("" if placed else figure)
            placed = True
        else:
            parts.append(_literal(token))
    text = "".join(parts)
    # The sign stands before the currency: -$5, not $-5.
    return f"-{text.replace('-', '', 1)}" if figure.startswith("-") and not text.startswith("-") else text


def _literal(token: tuple[str, ...]) -> str:
    quoted, escaped, width, _, bracket, _, _, percent, other = token
    if bracket and bracket.startswith("$"):
        return bracket[1:].partition("-")[0]
    return quoted or escaped or (" " if width else "") or percent or other or ""


def _literal_around(text: str, section: str) -> str:
    """General and text formats with literals: 'General" %"' shows 5 %."""
    pieces = re.split(r"general|@|[#?0]*\s*[#?0]+/[#?0-9]+", section, flags=re.IGNORECASE)
    if len(pieces) != 2:
        return text
    before, after = (
        "".join(_literal(match.groups()) for match in _TOKEN.finditer(piece)) for piece in pieces
    )
    return f"{before}{text}{after}".strip()


def _general(value: float) -> str:
    if isinstance(value, int) or (value == value // 1 and abs(value) < 1e15):
        return str(int(value))
    text = f"{value:.{SIGNIFICANT - 1}g}"
    if "e" in text:
        mantissa, _, power = text.partition("e")
        return f"{mantissa}E{power}"
    return text


def _moment(value: datetime | date | time | timedelta, number_format: str) -> str:
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        sign = "-" if seconds < 0 else ""
        minutes, second = divmod(abs(seconds), 60)
        return f"{sign}{minutes // 60}:{minutes % 60:02}:{second:02}"
    if isinstance(value, time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format).lower()
    if "y" in shown and "d" not in shown and "h" not in shown:
        return f"{value.year:04}-{value.month:02}" if "m" in shown else f"{value.year:04}"
    day = f"{value.year:04}-{value.month:02}-{value.day:02}"
    if isinstance(value, datetime) and ("h" in shown or "s" in shown):
        return f"{day} {value:%H:%M:%S}" if value.second else f"{day} {value:%H:%M}"
    return day
