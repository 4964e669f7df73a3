"""Running headers and footers of a PDF: which lines they are, and the page numbers printed in them.

In: the layout of every page. Out: the layout of the text alone, the running lines, a printed label per page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from .pdf_blocks import Layout
from .pdf_lines import Line

MARGIN = 0.12  # of the page's height, at its head and at its foot, where running lines stand
_ALONE = re.compile(r"\W*(?:(?:page|p|стр|с|bet|б|бет|саҳ)\.?\s*)?\d{1,5}\W*", re.IGNORECASE)
_STEP = 4.0  # points: two lines at "the same height" are at most about this far apart
NUMBERED = 0.2  # of the pages: so many lines with the page's number at an end are running, whatever they say
CHANGING = 0.6  # of the odd or the even pages have a running head, where its words change
APART = 0.6  # of its size: the least room between a running line and the text
HEAD_LENGTH = 120  # characters
_DIGITS = re.compile(r"\d{1,5}")
_LAST_DIGITS = re.compile(r"(?<![\d.,/-])\d{1,5}$")
_ROMAN_ENDS = re.compile(r"^[ivxlcdm]+\b|\b[ivxlcdm]+$")
_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def split_running(pages: Sequence[Layout]) -> tuple[list[Layout], list[list[Line]]]:
    """The text and the running lines of each page.

    A line is running when it stands in a margin and recurs at the same height on at least three
    pages (on two, in a document of two or three): word for word, or with one number that grows as
    the pages do. "Article 15" at the head of a page is therefore text. So are all lines at the height of a
    running head whose words change from chapter to chapter, and those with the page's number at an end.
    Running lines are left out of the document's text: they would cut the sentences that run over a page's
    end. A line of a table goes only with the whole of it.
    """
    seen: Counter[tuple[str, int]] = Counter()
    for index, page in enumerate(pages):
        lines = [line for line in page.lines if _in_margin(line, page)]
        seen.update({key for line in lines for key in (*_keys(line, index), *_ends(line, index))})
    needed = 3 if len(pages) > 3 else 2
    heads = _changing_heads(pages, seen)

    texts: list[Layout] = []
    margins: list[list[Line]] = []
    for index, page in enumerate(pages):
        alone = {id(line) for line in _outermost(page)}
        marks = page.whole_tables(
            [
                _in_margin(line, page)
                and (
                    any(_near(seen, key) >= needed for key in _keys(line, index))
                    or (id(line) in alone and (_step(line), index % 2) in heads)
                    or any(
                        _near(seen, key) >= max(needed, NUMBERED * len(pages)) for key in _ends(line, index)
                    )
                )
                for line in page.lines
            ]
        )
        texts.append(page.without(marks))
        margins.append([line for line, mark in zip(page.lines, marks, strict=True) if mark])
    return texts, margins


def _changing_heads(pages: Sequence[Layout], seen: Mapping[tuple[str, int], int]) -> set[tuple[int, int]]:
    """Where odd and even pages have a head or foot whose words change: (height, page modulo two).

    On most pages a line stands there apart from the text, and at least half of these lines recur.
    """
    found: Counter[tuple[int, int]] = Counter()
    again: Counter[tuple[int, int]] = Counter()
    for index, page in enumerate(pages):
        for line in _outermost(page):
            place = _step(line), index % 2
            found[place] += 1
            again[place] += any(_near(seen, key) > 1 for key in _keys(line, index))
    most = CHANGING * len(pages) / 2
    return {place for place, count in found.items() if count >= max(most, 3) and again[place] >= 0.5 * count}


def _outermost(page: Layout) -> list[Line]:
    """The first and the last line of a page where they stand in its margins, apart from all other lines."""
    lines = sorted(page.lines, key=lambda line: line.bottom)
    if len(lines) < 3:
        return []
    pairs = (
        (lines[0], lines[1].bottom - lines[0].top),
        (lines[-1], lines[-1].bottom - max(line.top for line in lines[:-1])),
    )
    return [
        line
        for line, gap in pairs
        if _in_margin(line, page) and gap > APART * line.size and len(line.text) <= HEAD_LENGTH
    ]


def printed_labels(margins: Sequence[Sequence[Line]]) -> list[str] | None:
    """The label printed on each page ("12", "iv", "L 119/33"), or None when no numbering is found.

    The numbers in the running lines that grow by one from page to page are the page numbers; a page
    without one (a blank page, the back cover) gets the number it would have had. What stands before
    page 1 without a number of its own is counted in brackets: "[2]" is not the page printed as 2.
    """
    votes: Counter[int] = Counter()
    for index, lines in enumerate(margins):
        votes.update({int(n) - index for line in lines for n in _DIGITS.findall(line.text)})
    if not votes:
        return None
    shift, count = votes.most_common(1)[0]
    if count < min(3, len(margins)) or count < 0.5 * sum(1 for lines in margins if lines):
        return None
    if count < 3 and not all(any(_ALONE.fullmatch(line.text) for line in lines) for lines in margins):
        return None  # on two pages any number may happen to grow by one; a page's number stands alone
    romans = Counter(
        _roman_value(numeral[0]) - index
        for index, lines in enumerate(margins)
        for line in lines
        for numeral in _numerals(line.text.casefold())
    )
    roman_shift = max(romans, key=lambda found: romans[found], default=None)
    return [_label(lines, index, shift, roman_shift) for index, lines in enumerate(margins)]


def _label(lines: Sequence[Line], index: int, shift: int, roman_shift: int | None) -> str:
    number = index + shift
    if number > 0:
        # The series and issue of an official journal belong to the number: "L 119/33".
        printed = re.compile(rf"(?<![\d/.])(?:[A-Z]{{1,2}} ?\d{{1,4}}/)?{number}(?!\d)")
        for line in lines:
            if match := printed.search(line.text):
                return match.group()
    for line in lines:
        for numeral in _numerals(line.text.casefold()):
            if numeral[0] == line.text.casefold() or _roman_value(numeral[0]) - index == roman_shift:
                return line.text[numeral.start() : numeral.end()]
    return str(number) if number > 0 else f"[{index + 1}]"


def _keys(line: Line, index: int) -> Iterator[tuple[str, int]]:
    """The forms under which a line may recur: as it is, and with each number counted from its page."""
    words, step = line.text.casefold(), _step(line)
    yield words, step
    for number in _DIGITS.finditer(words):
        yield f"{words[: number.start()]}\0{int(number.group()) - index}\0{words[number.end() :]}", step
    for numeral in _numerals(words):
        yield (
            f"{words[: numeral.start()]}\0{_roman_value(numeral[0]) - index}\0{words[numeral.end() :]}",
            step,
        )


def _ends(line: Line, index: int) -> Iterator[tuple[str, int]]:
    """The number at either end of a line, counted from its page, whatever the other words."""
    for number in (_DIGITS.match(line.text), _LAST_DIGITS.search(line.text)):
        if number:
            yield f"\0\0{int(number.group()) - index}", _step(line)


def _numerals(words: str) -> list[re.Match[str]]:
    # "iv", "Page iv", "iv | Report": elsewhere in a line, "i" and "mix" are words.
    return [match for match in _ROMAN_ENDS.finditer(words) if _ROMAN.fullmatch(match[0])]


def _step(line: Line) -> int:
    return round(line.bottom / _STEP)


def _near(seen: Mapping[tuple[str, int], int], key: tuple[str, int]) -> int:
    form, step = key
    return sum(seen.get((form, near), 0) for near in (step - 1, step, step + 1))


def _roman_value(numeral: str) -> int:
    values = [_ROMAN_VALUES[digit] for digit in numeral.casefold()]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))


def _in_margin(line: Line, page: Layout) -> bool:
    return line.bottom > (1 - MARGIN) * page.height or line.top < MARGIN * page.height
