"""The dates of a text, as precise as it gives them: 2017, 2017-yil, 2017년, 12 March 2019, 12.03.2019.

A day that may be two days (05/03/2019) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from qa.values import cldr
from qa.values.grammar import grammar_of
from qa.values.value_words import ENDINGS


@dataclass(frozen=True, slots=True)
class Date:
    """A year, a month of it or a day; 0 where the text does not say. `last` is the year that a span ends with."""

    year: int
    month: int = 0
    day: int = 0
    last: int = 0

    def holds(self, other: Date) -> bool:
        """Whether `other` is this, or a part of it: a year holds its months and days."""
        if self.last or other.last:
            return self == other
        if not self.year:  # "12 March" of a year that is not said
            return bool(self.day) and (self.month, self.day) == (other.month, other.day)
        return (self.year, self.month or other.month, self.day or other.day) == (
            other.year,
            other.month,
            other.day,
        )

    def __str__(self) -> str:
        """ISO 8601, as precise as it is known."""
        if self.last:
            return f"{self.year}/{self.last}"
        parts = [f"{self.year:04}" if self.year else "-", f"{self.month:02}", f"{self.day:02}"]
        return "-".join(parts[: 3 if self.day else 2 if self.month else 1])


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and where it stands; `value` is None where digits are a date that is not understood."""

    value: Date | None
    start: int
    end: int


_Y = r"(?:1\d|20|21)\d\d"
# "2017-yil", "2017 г.", "2017 жыл", "2017-njy ýyl", with their cases.
_YEAR_WORD = (
    r"(?:[-\s]?(?:yil|йил)(?:i|и|da|да|ning|нинг|dan|дан|gi|ги|dagi|даги|ga|га|gacha|гача|ida|ида)?\b\.?"
    r"|\s?г(?:г)?\.|\s?год(?:у|а|ом|ы|ов|ам|ах)?\b"
    r"|[-\s]?жыл(?:ы|да|дың|дын|ғы|гы|дан|ға|га|ында|ындағы|дагы|дары)?\b\.?|[-\s]?ж\."
    r"|[-\s]?(?:nji|njy)?[-\s]?ýyl(?:y|da|yň|dan|ynda|daky)?\b|\s?yıl(?:ı|ında|ından|ının)?\b"
    r"|'?(?:de|da|te|ta|den|dan|ten|tan)\b|[-\s](?:да|дан|де|та|те|га|ga|dan|da)\b|\s?сол(?:и|ҳо)?\b)"
)
_PLURAL = (
    r"(?:[-\s]?(?:yil|йил)(?:lar|лар)\w*|\s?гг\.|\s?год(?:ы|ов|ах|ам)\b|[-\s]?жылдар\w*|[-\s]?ýyllar\w*|'?s\b"
    r"|-х(?:\s?год\w*|\s?гг\.)?|-?е\s?годы|년대|年代|[-\s]?жж\.|\s?yıllar\w*|'l[ae]r\w*)"
)
_EDGE = r"(?<![\w.,/:№#$€₩£¥+-])"
_STOP = r"(?![\w%/:]|[.,]\d|-\w)"
_APPROXIMATE = re.compile(
    r"(?:about|around|approximately|some|over|more than|less than|nearly|almost|at least|up to|около"
    r"|примерно|более|свыше|менее|почти|до|taxminan|тахминан|qariyb|шамамен|약|대략)\s*$"
)
_MASK = re.compile(rf"{_EDGE}\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}(?!\d)")


def find_dates(text: str, language: str) -> list[FoundDate]:
    """The dates of `text`, in order; none overlaps another."""
    flat = cldr.flat(text)
    taken: list[FoundDate] = []
    for found in _candidates(flat, language):
        if all(found.end <= other.start or other.end <= found.start for other in taken):
            taken.append(found)
    return sorted(taken, key=lambda found: found.start)


def _candidates(flat: str, language: str) -> Iterator[FoundDate]:
    """Longest forms first: what they take is not looked at again."""
    if not any(map(str.isdigit, flat)):
        return
    for pattern in _patterns(language):
        for match in pattern.finditer(flat):
            yield FoundDate(_date(match, language), match.start(), match.end())
    for match in _MASK.finditer(flat):
        yield FoundDate(_slashed(match[0]), match.start(), match.end())
    grammar = grammar_of(language)
    for match in _BARE.finditer(flat):
        before = flat[max(match.start() - 16, 0) : match.start()]
        counted = (
            grammar.unit_after(flat, match.end())
            or grammar.scale_after(flat, match.end(), money=False)
            or grammar.rate.match(flat, match.end())
        )
        recent = match[0] >= _RECENT or _is_year_alone(flat) or _SAYS_WHEN.search(before)
        if (
            recent
            and not counted
            and not _APPROXIMATE.search(before)
            and not grammar.label_before.search(before)
        ):
            yield FoundDate(Date(int(match[0])), match.start(), match.end())


def _is_year_alone(flat: str) -> bool:
    """Whether a text is four digits and nothing else: 1530 is a year then, 1500 as well a number."""
    figure = flat.strip(" .()")
    return figure.isdigit() and not figure.endswith("00")


_BARE = re.compile(rf"{_EDGE}(?:1\d|20)\d\d{_STOP}")
_RECENT = (
    "1800"  # four digits from here on are a year without more; older ones where a word or a bracket says so
)
_SAYS_WHEN = re.compile(
    r"(?:\b(?:in|since|until|till|by|from|before|after|year|circa|в|с|до|к|после|дар|от)\s|\()\Z"
)


def _date(match: re.Match[str], language: str) -> Date | None:
    groups = {name: text for name, text in match.groupdict().items() if text}
    year = int(groups.get("y", "0"))
    if "decade" in groups:
        return Date(year) if year % 10 else Date(year, last=year + 9)  # "2022- va 2023-yillarda" is no decade
    if "last" in groups:
        last = groups["last"]
        end = int(groups["y"][: -len(last)] + last)
        return Date(year, last=end) if end > year else None
    month = int(groups["m"]) if "m" in groups else _month(groups.get("name", ""), language)
    return _valid(year, month, int(groups.get("d", "0")))


def _valid(year: int, month: int, day: int) -> Date | None:
    days = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not 0 <= month <= 12 or (day and not (month and 1 <= day <= days[month - 1])):
        return None
    return Date(year, month, day)


def _slashed(text: str) -> Date | None:
    first, second, year = map(int, re.split("[./]", text))
    if "." in text or first > 12 or first == second:
        return _valid(year, second, first)
    return _valid(year, first, second) if second > 12 else None


@cache
def _month_names(language: str) -> tuple[str, dict[str, int]]:
    """An expression for the months' names with their endings, and the month of each bare name."""
    own = dict(cldr.months(language))
    if language not in ("uz", "tk", "tr"):
        own = {**cldr.months("en"), **own}
    if language == "uz":
        own |= {"sentyabr": 9, "oktyabr": 10, "сентябрь": 9, "октябрь": 10, "ноябрь": 11, "декабрь": 12, "январь": 1,
                "февраль": 2, "апрель": 4, "июнь": 6, "июль": 7}  # fmt: skip
    if language == "tg":  # as in Russian
        own |= {"январь": 1, "февраль": 2, "апрель": 4, "июнь": 6, "июль": 7, "сентябрь": 9, "октябрь": 10,
                "ноябрь": 11, "декабрь": 12}  # fmt: skip
    if language == "en":
        own |= {"sept": 9}
    stems: dict[str, int] = {}
    for name, month in own.items():
        stems[name] = month
        if language == "ru" and name[-1] in "ьй":
            for ending in "яею":
                stems[name[:-1] + ending] = month
    ending = (
        ENDINGS.get(language, "")
        if language not in ("en", "ru")
        else "(?:е|у|ом)?"
        if language == "ru"
        else ""
    )
    if language in ("uz", "kk", "ky", "tk"):  # a day or a year stands beside it: any ending will do
        ending = rf"(?:{ending}|[аеиіыaeiy]?[а-яёіңa-zň]{{0,5}})"
    names = "|".join(sorted(map(re.escape, stems), key=len, reverse=True))
    return rf"(?P<name>{names or '(?!)'}){ending}\b\.?", stems


def _month(name: str, language: str) -> int:
    return _month_names(language)[1].get(name, 0)


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    name, _ = _month_names(language)
    year = rf"(?P<y>{_Y})"
    day = r"(?<![\d.,])(?P<d>[0-3]?\d)"
    day_end = r"(?:st|nd|rd|th|\.|-?(?:го|е|и|ум|юм|nji|njy|нчи|inchi|ші|шы))?"
    ranges = (
        rf"{_EDGE}{year}(?:{_YEAR_WORD})?\s?[-–—~〜]\s?"
        rf"(?P<last>{_Y}|\d\d(?!\d))(?:{_PLURAL}|{_YEAR_WORD}|\s?[년年])?(?!\w|-\w|[.,]\d)"
    )
    return tuple(
        re.compile(form)
        for form in (
            rf"{_EDGE}(?P<y>\d{{4}})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)",
            rf"{_EDGE}{year}\.\s?(?P<m>\d{{1,2}})\.\s?(?P<d>\d{{1,2}})(?![\d])\.?",
            r"(?<!\d)(?P<y>\d{3,4})\s?[년年]\s?(?P<m>\d{1,2})\s?[월月](?:\s?(?P<d>\d{1,2})\s?[일日])?(?!간)",
            # 12 March 2019; 12-mart, 2019-yil; 12 марти соли 2019
            rf"{day}{day_end}[-\s]?(?:of )?{name},?(?:\s(?:of |соли |соли\s)?){year}(?:{_YEAR_WORD})?{_STOP}",
            # 2019-yil 12-mart; 2019 жылғы 12 наурыз
            rf"{_EDGE}{year}{_YEAR_WORD},?\s?{day}{day_end}[-\s]?{name}(?!\w)",
            rf"{_EDGE}{year},?\s{day}{day_end}[-\s]?{name}(?!\w)",
            rf"\b{name}\s{day}(?:st|nd|rd|th)?,?\s{year}{_STOP}",
            rf"\b{name},?\s(?:of |соли )?{year}(?:{_YEAR_WORD})?{_STOP}",
            rf"{_EDGE}{year}{_YEAR_WORD},?\s(?:the )?{name}(?!\w)",
            rf"соли {year},?\s(?:моҳи )?{name}(?!\w)",
            ranges,
            rf"{_EDGE}(?P<y>{_Y})(?P<decade>{_PLURAL})",
            rf"{day}{day_end}[-\s]?(?:of )?{name}(?!\w)",
            rf"\b{name}\s{day}(?:st|nd|rd|th)?(?![\w.,:%]|\s?[-–]\s?\d)",
            r"(?<!\d)(?P<m>\d{1,2})\s?[월月]\s?(?P<d>\d{1,2})\s?[일日]",
            r"(?<![\d,.])(?P<y>\d{3,4})\s?[년年](?![간대동]|\s?(?:동안|넘|이상|이하|만에|전|후|역사))",
            rf"соли {year}(?!\w)",
            rf"{_EDGE}{year}{_YEAR_WORD}",
        )
    )
