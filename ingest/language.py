"""A text in, its language or its sentences out.

`detect` names the language; `sentence_spans` gives the start and end of each sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from sentencex import get_sentence_boundaries

# The region's languages, and those its partners write in. Azerbaijani, Tatar and other close relatives
# are left out on purpose: with them, short questions in Turkish and Kazakh go astray.
_CODES = "ar de el en es fa fr hi hy it ja ka kk ko ky nl pl pt ru tg tk tr uk uz zh"
LANGUAGES = tuple(_CODES.split())

_WINDOW = 600  # characters: several sentences, and py3langid is sure of one
_WINDOWS = 9  # odd, so that two languages cannot tie

_NOT_LANGUAGE = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
# py3langid knows each of these languages in every script it is written in, but Turkmen only in Latin.
# It takes Turkmen in Cyrillic for a neighbour; ә and җ without any of the neighbours' own letters say so.
_TURKMEN_LETTERS = re.compile("[әҗ]", re.IGNORECASE)
_NEIGHBOURS_LETTERS = re.compile("[ғқұіһҳўӣӯҷ]", re.IGNORECASE)
_UKRAINIAN_LETTERS = re.compile("[іїєґІЇЄҐ]")  # no sentence of Ukrainian does without them
_NEIGHBOURS = frozenset(("kk", "ky", "tg", "uz"))


def detect(text: str) -> str:
    """The ISO 639-1 code, one of LANGUAGES, of most of the text; "" when the text holds no letter.

    A long text is judged by windows spread over it, each with one vote.
    """
    return votes(text).most_common(1)[0][0]


def votes(text: str) -> Counter[str]:
    """In how many of the windows spread over a text each language stands; one window for a short text."""
    if len(text) <= 2 * _WINDOW:
        return Counter([_language_of(text)])
    step = (len(text) - _WINDOW) // (_WINDOWS - 1)
    found = Counter(_language_of(text[i * step : i * step + _WINDOW]) for i in range(_WINDOWS))
    if len(found) > 1:
        del found[""]  # pages of figures do not vote
    return found


def _language_of(text: str) -> str:
    text = _NOT_LANGUAGE.sub(" ", text)
    if not any(map(str.isalpha, text)):
        return ""
    language = str(_identifier().classify(text)[0])
    if language in _NEIGHBOURS and _TURKMEN_LETTERS.search(text) and not _NEIGHBOURS_LETTERS.search(text):
        return "tk"
    if language == "uk" and not _UKRAINIAN_LETTERS.search(text):
        return "ru"
    return language


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(LANGUAGES)
    return identifier


# Abbreviations whose period ends no sentence. sentencex knows many of these, but each only in its own
# language; a Russian "т. е." or an English "Dr." stands in any text.
_BEFORE_ANYTHING = """
    dr mr mrs ms prof gen col lt capt rev hon sen gov amb st mt ed eds cf vs approx e.g i.e doç yrd sn
    т.е т.к т.н см ср им ул просп проф акад доц гор обл ред изд напр д-р
"""
_BEFORE_A_NUMBER = """
    no nos nr vol vols p pp art arts fig figs tab eq sec ch par
    стр с рис табл ст п пп гл вып т №
"""


def _abbreviation(words: str) -> re.Pattern[str]:
    any_of_them = "|".join(re.escape(word).replace(r"\.", r"\.\s?") for word in words.split())
    return re.compile(rf"(?:^|[\s(\[«“\"])(?:{any_of_them})\.$", re.IGNORECASE)


_ABBREVIATION = _abbreviation(_BEFORE_ANYTHING)
_NUMBER_TO_COME = _abbreviation(_BEFORE_A_NUMBER)
# A person's initial, also of two letters as in "Sh. Mirziyoyev", "Дж. Байден", "Ю. А."
_INITIAL = re.compile(r"(?:^|[\s(\[«“\".])([^\W\d_]|Sh|Ch|Yu|Ya|Yo|Ye|Zh|Kh|O[ʻ‘’']|G[ʻ‘’']|Дж)\.$")
_PLACE_NAME = re.compile(r"(?:^|[^\d\s])\s+г\.$")  # "в г. Москве", but not "в 2017 г."
# What numbers or names the sentence after it: "3.", "(b)", "Table 1.", "Статья 5."
_ENUMERATOR = re.compile(
    r"\(?(?:(?:[^\W\d_]{2,12}\s)?\d{1,3}(?:\.\d{1,3})*|[^\W\d_]|[ivxIVX]{1,5})[.)]",
)
# Before a digit these begin a date, a page or a number: "2017-yil. 16-fevral", "2017 ж. 5 мамыр"
_YEAR = re.compile(r"\d\s?-?\s?(?:yil|йил|ж|жыл|ý|ýyl|г|год|с|сол|ш|б|bet|бет)\.$")
_REFERENCE_MARK = re.compile(
    r"(?:\s*\[(?:\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*|\^[\w-]{1,20})\])+"
    # "¹⁾" is Hangul's, "[iv]" a note's; Korean and Chinese go on without a space.
    r"|(?:\s?⁽?[⁰¹²³⁴-⁹]{1,3}⁾?)+(?![^\W\u3040-\u9fff가-힣])\.?"
    r"|\[(?:[ivxlc]{1,8}|[a-z])\](?!\w)|[*†‡§]{1,4}(?=\s|\Z)"
)
_UNSPACED_KOREAN = re.compile(r"(?<=[다요까죠]\.)(?=[가-힣])")  # 시작되었다.이후
_LINE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")
_TAIL = 40  # characters before a period that decide whether it is an abbreviation


def sentence_spans(text: str, language: str) -> list[tuple[int, int]]:
    """The start and end of each sentence, trimmed of white space, in order.

    A single line break is a space; a blank line always ends a sentence. Together the spans hold every
    character that is not white space. A sentence may be of any length.
    """
    flat = _LINE_BREAK.sub(" ", text)
    ends = [sentence["end_index"] for sentence in get_sentence_boundaries(language or "en", flat)]
    if language == "ko":
        ends = sorted({*ends, *(match.start() for match in _UNSPACED_KOREAN.finditer(flat))})
    spans: list[tuple[int, int]] = []
    start = 0
    for end in ends:
        if end <= start:
            continue
        mark = _REFERENCE_MARK.match(flat, end)
        if mark and "\n" not in mark[0]:
            end = mark.end()  # "… Asia. [1] Several factors": the mark belongs to what it supports
        if end < len(flat) and _goes_on(flat, start, end):
            continue
        _append_trimmed(spans, text, start, end)
        start = end
    _append_trimmed(spans, text, start, len(text))
    return spans


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the sentence from `start` does not end at `end`, although sentencex says so."""
    stop = end
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    after = end
    while after < len(text) and text[after].isspace():
        after += 1
    if text[stop - 1 : stop] not in (".", ")") or after == len(text) or "\n" in text[stop:after]:
        return False
    first = start
    while text[first].isspace():
        first += 1
    if _ENUMERATOR.fullmatch(text, first, stop):
        return True
    if text[stop - 1] == ")":
        return False
    tail = text[max(first, stop - _TAIL) : stop]
    initial = _INITIAL.search(tail)
    return bool(
        text[after].islower()
        or _ABBREVIATION.search(tail)
        or (initial and initial[1][0].isupper())
        or _PLACE_NAME.search(tail)
        or (text[after].isdigit() and (_NUMBER_TO_COME.search(tail) or _YEAR.search(tail)))
    )


def _append_trimmed(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
