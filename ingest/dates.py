"""The dates that stand in a text, in the languages of the region.

In: text. Out: each date with its place, in ISO 8601, as precise as it is written.

Small tables instead of a general parser: such a parser guesses, and takes "May" or "10.12" for a date.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

EARLIEST = 1900


class Dated(NamedTuple):
    """A date of a text: `text[start:end]` says `iso`, which is "2012-10" or "2012-10-17"."""

    start: int
    end: int
    iso: str


# Of each month, as it begins in English, Russian, Uzbek (both scripts), Kazakh, Kyrgyz, Tajik and Turkmen.
# A short ending may follow in all but English: "октября", "oktyabrda", "майы".
_MONTHS = (
    "jan yanvar ýanwar январ янв қаңтар",
    "feb fevral fewral феврал фев ақпан",
    "mar mart март мар наурыз",
    "apr aprel апрел апр сәуір",
    "may maý май мая мае мамыр",
    "jun iyun iýun июн маусым",
    "jul iyul iýul июл шілде",
    "aug avgust awgust август авг тамыз",
    "sep sentabr sentyabr sentýabr сентябр сент сен қыркүйек",
    "oct oktabr oktyabr oktýabr октябр окт қазан",
    "nov noyabr noýabr ноябр ноя қараша",
    "dec dekabr декабр дек желтоқсан",
)
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_ENGLISH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
# The longest first: "сентябр" before "сен", which stands for a month only when it is shortened.
_OTHERS = "|".join(
    rf"{name}\b\.?"
    if len(name) <= 4 and name in "янв фев мар апр авг сент сен окт ноя дек"
    else rf"{name}\w{{,3}}\b"
    for name in sorted(_NUMBER_OF, key=len, reverse=True)
    if not name.isascii() or len(name) > 3
)
_MONTH = rf"(?P<month>\b(?:{_ENGLISH}|{_OTHERS}))"
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
_YEAR_WORD = r"(?:\s?(?:-?\s?(?:yil\w*|йил\w*|жыл\w*|ж\.?|ýyl\w*|сол\w*|г(?:\.|од[а-я]*)?)))?"
_FORMS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 2012-10-17, 2012.10.17, 2012/10/17, 2012. 10. 17.
        rf"(?<![\d.,/-]){_YEAR}(?P<sep>-|/|\.\s?)(?P<number>1[0-2]|0?[1-9])(?P=sep){_DAY}(?!\d|[,-]\d|\.\d)",
        # 17.10.2012
        rf"(?<![\d.,/-]){_DAY}\.(?P<number>1[0-2]|0?[1-9])\.{_YEAR}(?!\d|[.,]\d)",
        # 2012년 10월 17일
        rf"(?<!\d){_YEAR}\s?년\s?(?P<number>1[0-2]|0?[1-9])\s?월(?:\s?{_DAY}\s?일)?",
        # 17 October 2012, 17-oktyabr 2012, 17 октября 2012 г., «17» октября 2012
        rf"(?<!\d)[«“\"]?{_DAY}(?:st|nd|rd|th)?[»”\"]?(?:\s?-\s?|\s+(?:of\s+)?){_MONTH},?\s+(?:соли\s+)?{_YEAR}(?!\d)",
        # October 17, 2012; Oct. 17, 2012
        rf"{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,\s*{_YEAR}(?!\d)",
        # 2012-yil 17-oktyabr, 2012 жылғы 17 қазан, 2012-жылдын 17-октябры, 2012-nji ýylyň 17-nji oktýabry
        rf"(?<!\d){_YEAR}\s?-?\s?(?:nji\s)?{_YEAR_WORD}\s+{_DAY}\s?-?\s?(?:nji\s)?\s?{_MONTH}",
        # October 2012, октябрь 2012
        rf"{_MONTH},?\s+{_YEAR}(?!\d|[-–—/]\d)",
    )
]


def dates_in(text: str, today: date | None = None) -> list[Dated]:
    """Every date with a month, in the text's order, none before 1900 and none to come."""
    limit = (today or date.today()).isoformat()
    found: list[Dated] = []
    for form in _FORMS:
        for match in form.finditer(text):
            # The forms before this one say more, also where what they say is no date: "31 February 2012".
            if all(match.end() <= other.start or other.end <= match.start() for other in found):
                found.append(Dated(match.start(), match.end(), _iso(match)))
    return sorted(dated for dated in found if dated.iso and dated.iso <= limit)


def _iso(match: re.Match[str]) -> str:
    """The date that the match says; "" where the calendar has no such day."""
    parts = match.groupdict()
    year = int(parts["year"])
    month = int(parts["number"]) if parts.get("number") else _month(parts["month"].casefold())
    if year < EARLIEST:
        return ""
    if not parts.get("day"):
        return f"{year:04}-{month:02}"
    try:
        return date(year, month, int(parts["day"])).isoformat()
    except ValueError:
        return ""


def _month(name: str) -> int:
    return next(
        _NUMBER_OF[name[:length]] for length in range(len(name), 2, -1) if name[:length] in _NUMBER_OF
    )
