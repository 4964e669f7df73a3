"""A sentence in, the few words of it that answer out: rules, until a trained reader replaces them.

The question word tells what is wanted. Dates, quantities and names are looked for as such; what the
question itself says is no answer, and of the rest the one beside the question's rarest words wins.
In a table row it is the cell whose row and column the question names. Else the whole sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.analysis import term_spans
from index.hit import QueryWord
from ingest.document import Document, Span
from qa.answer_kind import Kind, kind_of
from qa.cells import cell_asked_for, table_at

_MONTHS = (
    r"january|february|march|april|may|june|july|august|september|october|november|december"
    r"|янв\w*|фев\w*|март\w*|апр\w*|ма[йя]|июн\w*|июл\w*|авг\w*|сен\w*|окт\w*|ноя\w*|дек\w*"
    r"|yanvar\w*|fevral\w*|mart\w*|aprel\w*|iyun\w*|iyul\w*|avgust\w*|sentabr\w*|oktabr\w*|noyabr\w*|dekabr\w*"
    r"|ocak|şubat|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık"
)
_YEAR = r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)"
_DATE = re.compile(
    rf"\d{{1,2}}\s+(?:{_MONTHS})\s+{_YEAR}|(?:{_MONTHS})\s+\d{{1,2}},?\s+{_YEAR}|(?:{_MONTHS}),?\s+{_YEAR}"
    rf"|(?<!\d)\d{{3,4}}[년年](?:\s?\d{{1,2}}[월月](?:\s?\d{{1,2}}[일日])?)?|{_YEAR}(?:[–-]{_YEAR})?",
    re.IGNORECASE,
)
_SCALE = (
    r"(?:trillion|billion|million|thousand|percent|per cent|трлн|млрд|млн|тыс|триллион\w*|миллиард\w*|миллион\w*"
    r"|тысяч\w*|процент\w*|milliard|ming|foiz|milyar|milyon|bin|조|억|만|천|万|亿|千|[%％])"
)
_UNIT = r"(?:tonnes?|tons?|barrels?|dollars?|долл\w*|тонн\w*|баррел\w*|달러|배럴|톤|명|tonna|barrel|dollar)"
_QUANTITY = re.compile(
    rf"(?:US\$|[$€£₩¥])?(?<!\w)(?:\d{{1,3}}(?:[ ,.]\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?!\w*th\b)"
    rf"(?:\s?{_SCALE})*(?:\s?{_UNIT})?",
    re.IGNORECASE,
)
_UPPER = r"(?:(?![a-zа-яёәғқңөұүһіўҳҷӣӯ])[^\W\d_])"
_NAME = re.compile(rf"{_UPPER}[\w’ʻʼ'.-]*\w(?:\s(?:of\s|the\s|de\s)?{_UPPER}[\w’ʻʼ'.-]*\w)*")
_KOREAN_PLACE = re.compile(r"[가-힣]{2,}(?=에서|으로|에 |에,)")
_AT = re.compile(r"\b(?:in|at|near|to|from|в|во|на|из)\s+(?:the\s)?$", re.IGNORECASE)

_HANGUL = re.compile("[가-힣]")
_FIGURE = re.compile(r"(?:US\$|[$€£₩¥])?[\d ,.]*\d")
_BARE_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_PATTERNS = {Kind.DATE: _DATE, Kind.QUANTITY: _QUANTITY, Kind.PERSON: _NAME, Kind.PLACE: _NAME}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a word of the question stands in the sentence."""

    start: int
    end: int
    rarity: float


def short_answer(question: str, document: Document, sentence: Span, words: Sequence[QueryWord]) -> Span:
    """The span inside `sentence` that most likely answers; never empty."""
    kind = kind_of(question)
    if table := table_at(document, sentence.start):
        return cell_asked_for(kind, document, table, sentence.start, words) or sentence
    text = sentence.of(document.text)
    asked = _places(text, document.language, words)
    candidates = [
        Span(start, end)
        for start, end in _candidates(kind, text)
        if not any(place.start < _core_end(text, start, end) and start < place.end for place in asked)
    ]
    if kind is Kind.PERSON:  # a capital alone is as often a sentence's first word, or a nationality
        candidates = [span for span in candidates if len(span.of(text).split()) > 1] or candidates
    if kind is Kind.PLACE:
        candidates = [span for span in candidates if _AT.search(text[: span.start])] or candidates
    if not candidates:
        return sentence
    best = min(candidates, key=lambda span: _distance(span, asked))
    return Span(sentence.start + best.start, sentence.start + best.end)


def is_of_kind(kind: Kind, text: str) -> bool:
    """Whether the text holds a thing of the kind asked for: a date, a figure, a name; any text is one of the rest."""
    return kind not in _PATTERNS or any(True for _ in _candidates(kind, text))


def _candidates(kind: Kind, text: str) -> Iterator[tuple[int, int]]:
    if kind is Kind.PLACE and _HANGUL.search(text):
        yield from (match.span() for match in _KOREAN_PLACE.finditer(text))
    if pattern := _PATTERNS.get(kind):
        for match in pattern.finditer(text):
            if kind is not Kind.QUANTITY or not _BARE_YEAR.fullmatch(match[0]):
                yield match.span()


def _core_end(text: str, start: int, end: int) -> int:
    """Where the figure of a quantity ends: "how many people" may name the unit of "100 people"."""
    figure = _FIGURE.match(text, start, end)
    return figure.end() if figure else end


def _places(text: str, language: str, words: Sequence[QueryWord]) -> list[_Place]:
    rarity = {term: word.rarity for word in words for term in word.terms}
    return [_Place(start, end, rarity[t]) for t, start, end in term_spans(text, language) if t in rarity]


def _distance(span: Span, places: Sequence[_Place]) -> float:
    """Characters to the nearest word of the question, a rare word counting as nearer."""
    return min(
        (max(place.start - span.end, span.start - place.end, 1) / (place.rarity or 0.1) for place in places),
        default=0.0,
    )
