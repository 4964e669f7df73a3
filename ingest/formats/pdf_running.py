"""Running headers and footers of a PDF: which lines they are, and the page numbers printed in them.

In: the lines of every page. Out: the lines that are text, and a printed label per page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from .pdf_lines import Line

MARGIN = 0.12  # of the page's height, at its head and at its foot, where running lines stand
_STEP = 4.0  # points: two lines at "the same height" are at most about this far apart
_DIGITS = re.compile(r"\d{1,5}")
_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def split_running(
    pages: Sequence[Sequence[Line]], heights: Sequence[float]
) -> tuple[list[list[Line]], list[list[Line]]]:
    """The text lines and the running lines of each page.

    A line is running when it stands in a margin and recurs at the same height on at least three
    pages (on two, in a document of two or three): word for word, or with one number that grows as
    the pages do. "Article 15" at the head of a page is therefore text. Running lines are left out
    of the document's text: they would cut the sentences that run over a page's end.
    """
    seen: Counter[tuple[str, int]] = Counter()
    for index, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        seen.update({key for line in lines if _in_margin(line, height) for key in _keys(line, index)})
    needed = 3 if len(pages) > 3 else 2

    text: list[list[Line]] = []
    margins: list[list[Line]] = []
    for index, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        marks = [
            _in_margin(line, height)
            and any(
                sum(seen[form, near] for near in (step - 1, step, step + 1)) >= needed
                for form, step in _keys(line, index)
            )
            for line in lines
        ]
        text.append([line for line, mark in zip(lines, marks, strict=True) if not mark])
        margins.append([line for line, mark in zip(lines, marks, strict=True) if mark])
    return text, margins


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
    if count < 3 or count < 0.5 * sum(1 for lines in margins if lines):
        return None
    return [_label(lines, index, shift) for index, lines in enumerate(margins)]


def _label(lines: Sequence[Line], index: int, shift: int) -> str:
    number = index + shift
    if number > 0:
        # The series and issue of an official journal belong to the number: "L 119/33".
        printed = re.compile(rf"(?<![\d/.])(?:[A-Z]{{1,2}} ?\d{{1,4}}/)?{number}(?!\d)")
        for line in lines:
            if match := printed.search(line.text):
                return match.group()
    for line in lines:
        if _ROMAN.fullmatch(line.text):
            return line.text
    return str(number) if number > 0 else f"[{index + 1}]"


def _keys(line: Line, index: int) -> Iterator[tuple[str, int]]:
    """The forms under which a line may recur: as it is, and with each number counted from its page."""
    words, step = line.text.casefold(), round(line.bottom / _STEP)
    yield words, step
    for number in _DIGITS.finditer(words):
        yield f"{words[: number.start()]}\0{int(number.group()) - index}\0{words[number.end() :]}", step
    if _ROMAN.fullmatch(words):
        yield f"\0{_roman_value(words) - index}\0", step


def _roman_value(numeral: str) -> int:
    values = [_ROMAN_VALUES[digit] for digit in numeral.casefold()]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))


def _in_margin(line: Line, height: float) -> bool:
    return line.bottom > (1 - MARGIN) * height or line.top < MARGIN * height
