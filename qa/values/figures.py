"""Digits in, a number out: separators by the language's convention, and the chains of 만, 억, 千, 万."""

from __future__ import annotations

import re
from decimal import Decimal

from qa.values.cldr import separators
from qa.values.value_words import HAN_LARGE, HAN_SMALL

SPACES = " \u00a0\u2007\u2009\u202f"
DIGITS = rf"\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*"

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\d{3})*")
# Texts in these follow their own comma and the English one in turn: "1,234" by itself tells neither.
_WAVERING = frozenset(("uz", "kk", "ky", "tg", "tk"))


def numeral(figure: str, language: str, certain: bool) -> Decimal | None:
    """The number that `figure` is in texts of `language`; None where it may be two numbers, or is none.

    `certain` says that a scale, a unit or a currency stands beside it: then a comma or point that cannot
    be grouping is the decimal one, whatever the language's own.
    """
    decimal, group = separators(language)
    spaced = any(space in figure for space in SPACES)
    plain = re.sub(f"[{SPACES}]", "", figure)
    marks = [c for c in plain if c in ".,"]
    whole, fraction = plain, ""
    if len(set(marks)) == 2:
        if spaced or marks.count(marks[-1]) > 1:
            return None
        whole, _, fraction = plain.rpartition(marks[-1])
        if not _groups(whole, marks[0]):
            return None
    elif len(marks) > 1:
        if spaced or not _groups(plain, marks[0]):
            return None
    elif marks:
        whole, _, fraction = plain.partition(marks[0])
        if not spaced and len(fraction) == 3:
            if marks[0] == group and _groups(plain, marks[0]):
                whole, fraction = plain, ""
            elif marks[0] != decimal and not (group != marks[0] and whole == "0"):
                return None
            elif marks[0] == "," and (fraction == "000" or language in _WAVERING) and whole != "0":
                return None  # "500,000" is no decimal number in any text
        elif marks[0] != decimal and not certain and (marks[0] == "," or _may_be_day(whole, fraction)):
            return None
    elif spaced and not _GROUPED.fullmatch(plain):
        return None
    whole = whole.replace(".", "").replace(",", "")
    if len(whole) > 1 and whole[0] == "0":
        return None  # a code
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def last_step(figure: str, language: str) -> Decimal:
    """What the last digit counts: 0.1 in "7.3"; 1 in whole numbers, grouped or not."""
    found = re.search(r"[.,](\d+)$", figure)
    if not found:
        return Decimal(1)
    grouped = len(found[1]) == 3 and (
        separators(language)[1] == found[0][0] or len(re.findall("[.,]", figure)) > 1
    )
    return Decimal(1) if grouped else Decimal(1).scaleb(-len(found[1]))


def _groups(whole: str, mark: str) -> bool:
    first, *rest = whole.split(mark)
    return 0 < len(first) <= 3 and first[0] != "0" and all(len(part) == 3 and part.isdigit() for part in rest)


def _may_be_day(whole: str, fraction: str) -> bool:
    return len(fraction) == 2 and fraction <= "12" and int(whole) <= 31  # 12.03 is a day in March


_SCALES = "".join(HAN_SMALL) + "".join(HAN_LARGE)
_LINK = re.compile(rf"(\d[\d,]*(?:\.\d+)?)(?P<gap>[ \u00a0]?)([{_SCALES}]+)")
_TAIL = re.compile(r"[ \u00a0]?(\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\s?[년월일年月日차회호장조항%％~–-])")


def han_number(flat: str, start: int) -> tuple[Decimal, Decimal, Decimal, Decimal, int] | None:
    """(first figure, number, step, last scale, end) of "1억 2천만" at `start`; None where no such scale follows."""
    total, section, position = Decimal(0), Decimal(0), start
    figure: Decimal | None = None
    step = scale = Decimal(1)
    lowest: Decimal | None = None  # of the large scales met
    while match := _LINK.match(flat, position):
        part = numeral(match[1], "ko", True)
        if part is None:
            return None
        value, large = part, Decimal(0)
        scale = Decimal(1)
        for character in match[3]:
            if character in HAN_SMALL:
                value *= HAN_SMALL[character]
                scale *= HAN_SMALL[character]
            else:
                large = Decimal(HAN_LARGE[character]) * (large or 1)
        if lowest is not None and ((large or value) >= lowest):
            break
        if figure is None:
            figure = part
        section += value
        if large:
            total, section, lowest = total + section * large, Decimal(0), large
            scale *= large
        step = last_step(match[1], "ko") * scale
        position = match.end()
        next_digit = re.compile(r"[ \u00a0]?(?=\d)").match(flat, position)
        if next_digit and _LINK.match(flat, next_digit.end()):
            position = next_digit.end()
        else:
            break
    if figure is None:
        return None
    position = len(flat[:position].rstrip(" \u00a0"))
    tail = _TAIL.match(flat, position)
    if tail:
        rest = numeral(tail[1], "ko", True)
        glued = flat[position].isdigit()
        if rest is not None and rest < scale and (glued or len(tail[1]) >= 3):
            section, step, position = section + rest, Decimal(1), tail.end()
        elif glued:
            return None
    return figure, total + section, step, scale, position
