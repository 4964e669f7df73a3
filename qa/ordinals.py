"""A text in, its ordinals out, in figures and in words: "15th", "пятнадцатый", "15-forum", "oltinchi", "제15차"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from index.letters import APOSTROPHES
from qa.values.cldr import flat
from qa.values.value_words import SMALL_NUMBERS

# With what makes the figures an ordinal: nothing else does.
_SURE = re.compile(
    r"(?<![\d.,])(\d{1,3})(?:st|nd|rd|th|-?(?:й|я|е|го|м|ом|му|ый|ая|ой|ую|inchi|nchi|chi|инчи|нчи|чи|ші|шы|чы|нчы"
    r"|нчү|нчу|nji|njy|unjy|ум|юм))(?!\w)|제\s?(\d{1,3})|(?<![\d.,])(\d{1,3})\s?(?:차(?!례)|회(?!의))",
    re.IGNORECASE,
)
# What _SURE leaves to the sense of the text: "15-forum", "15번째", "16-chisi".
_LOOSE = re.compile(r"(?<![\w.,-])(\d{1,3})(?:-[^\W\d_]+|\s?번째)")
_BARE = re.compile(r"(?<![\w.,%+-])(\d{1,3})(?![\w%+-]|[.,]\d)")
_COUNTER = re.compile(r"\s?(?:차|회|번째)")  # after 제15, which _SURE ends with
_ENGLISH_END = re.compile(r"st|nd|rd|th", re.IGNORECASE)
_IN_ORDER = {  # from the first on; of Russian words the stems
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    "ru": "перв втор трет четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат "
    "пятнадцат шестнадцат семнадцат восемнадцат девятнадцат двадцат",
    "ko": "첫 두 세 네 다섯 여섯 일곱 여덟 아홉 열 "
    "열한 열두 열세 열네 열다섯 열여섯 열일곱 열여덟 열아홉 스무",
    "tg": "якум дуюм сеюм чорум панҷум шашум ҳафтум ҳаштум нӯҳум даҳум ёздаҳум дувоздаҳум сездаҳум чордаҳум "
    "понздаҳум шонздаҳум ҳабдаҳум ҳаждаҳум нуздаҳум бистум",
}
_ENDS = {
    "en": "",
    "ru": "(?:ый|ий|ой|ая|ое|ого|ому|ом|ым|ую|ые|ых|ыми|(?<=трет)ь[а-я]{1,3})",
    "ko": r"\s?번째",
    "tg": "(?:и|ин|аш|ро)?",
}
_TURKIC = ("uz", "kk", "ky", "tk")
_TURKIC_END = r"(?:[iyuüыіиуү]?(?:nchi|nji|njy|нчи|ншы|нші|нчы|нчу|нчү))"
# "oltinchisi", its sixth: what stands for a noun gives way to one.
_POSSESSIVE = "(?P<its>s[iy]|с[іыиүу])?"
PHRASES = 3  # turns of phrase, as "first" may be: first, second, third
_FIRST = {"uz": "bir|бир", "kk": "бір", "ky": "бир", "tk": "bir"}


@dataclass(frozen=True, slots=True)
class Ordinal:
    """Its number, where it stands, and where its figures do; `figures` is None where it is written in words."""

    number: int
    span: tuple[int, int]
    figures: tuple[int, int] | None


def ordinals(text: str, language: str, *, bare: bool = False) -> list[Ordinal]:
    """Of a text in `language`, in order; with `bare` every short whole number is taken for one."""
    found: dict[int, Ordinal] = {}
    for pattern in (_SURE, _LOOSE, *((_BARE,) if bare else ())):
        for match in pattern.finditer(text):
            figures = match.span(match.lastindex or 0)
            counter = _COUNTER.match(text, match.end())
            span = match.start(), counter.end() if counter else match.end()
            found.setdefault(figures[0], Ordinal(int(text[slice(*figures)]), span, figures))
    for each in _written(text, language):
        found.setdefault(each.span[0], each)
    return [found[start] for start in sorted(found)]


def _written(text: str, language: str) -> Iterator[Ordinal]:
    """The ordinals in words."""
    folded = flat(text).translate(dict.fromkeys(map(ord, APOSTROPHES), "'")).replace("ё", "е")
    for pattern, numbers in _in_words(language):
        for match in pattern.finditer(folded):
            parts = match.groupdict()
            span = match.start(), match.start("its") if parts.get("its") else match.end()
            yield Ordinal(numbers[match["word"]] + 10 * bool(parts.get("tens")), span, None)


def told_ordinals(text: str, language: str) -> frozenset[str]:
    """The numbers of those that are no turn of phrase, as "first" may be: in figures, and in words from the fourth."""
    sure = {match[match.lastindex or 0] for match in _SURE.finditer(text)}
    return frozenset(sure | {str(each.number) for each in _written(text, language) if each.number > PHRASES})


def with_ordinal(text: str, old: Ordinal, new: Ordinal, typed: str) -> tuple[int, int, str]:
    """The edit (start, end, words) of `text` that puts `new`, of the text `typed`, in the place of `old`.

    Figures take the place of figures, so that what is written onto them stays: "15-forumda", "제15차".
    """
    if old.figures is None:
        return *old.span, typed[slice(*new.span)]
    start, end = old.figures
    if _ENGLISH_END.fullmatch(text, end, old.span[1]):
        return start, old.span[1], f"{new.number}{_english_end(new.number)}"
    return start, end, str(new.number)


def _english_end(number: int) -> str:
    return "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


@cache
def _in_words(language: str) -> list[tuple[re.Pattern[str], dict[str, int]]]:
    """Patterns of the ordinals in words, with the number of each `word`; `tens` is the ten before it."""
    if language in _IN_ORDER:
        numbers = {word: number for number, word in enumerate(_IN_ORDER[language].split(), 1)}
        # A particle of Korean is written onto its word. "열 다섯", spaced, is 15 and no 5.
        return [
            (
                re.compile(
                    rf"(?<!\w)(?<!열\s)(?<!스물\s)(?<!서른\s)(?P<word>{'|'.join(numbers)}){_ENDS[language]}(?![^\W가-힣])"
                ),
                numbers,
            )
        ]
    if language not in _TURKIC:
        return []
    numbers = dict.fromkeys(_FIRST[language].split("|"), 1) | SMALL_NUMBERS[language]
    tens = "|".join(word for word, number in numbers.items() if number == 10)
    words = "|".join(sorted(numbers, key=len, reverse=True))
    return [
        (
            re.compile(rf"(?<!\w)(?:(?P<tens>{tens})\s)?(?P<word>{words}){_TURKIC_END}{_POSSESSIVE}(?!\w)"),
            numbers,
        )
    ]
