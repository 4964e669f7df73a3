"""Wide gaps inside the lines of a PDF page: where pdfium joined two columns or two cells into one line.

In: an open page's text. Out: its lines in the pieces they fall into; a piece keeps its characters.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from .pdf_clean import LINE_END_HYPHEN
from .pdf_lines import Line, PageText

WIDE = 0.6  # of a line's size: a gap that may part columns or cells; a word's gap is half as wide
SPARSE = 1.3  # times the page's usual width of a character: a line that must hold a gap
WORD_GAP = 0.15  # of a line's size: the least room between two words
HANGING = 4.0  # times a line's size: how far from its left a number's or a bullet's gap stands
SAMPLE = 10  # lines that say whether a page has gaps at all: most pages have none


class Piece(NamedTuple):
    """A part of a line of a page, or all of it: which line, and which slice of its text."""

    line: Line
    source: int  # the line's place among the page's lines
    start: int
    end: int


def line_pieces(page: PageText) -> list[Piece]:
    """The lines of the page in their order, cut at their wide gaps; most stay whole.

    Lines set much wider than the others, and a sample, are looked at first; all of them where the
    sample has gaps. So a page of plain prose costs next to nothing.
    """
    lines = page.lines
    pitches = [(line.right - line.left) / (len(line.text) * line.size or 1) for line in lines]
    usual = median(pitches) if pitches else 0.0
    sample = range(0, len(lines), max(len(lines) // SAMPLE, 1))
    looked_at = {at for at, pitch in enumerate(pitches) if pitch > SPARSE * usual}.union(sample)
    gaps = {at: _wide_gaps(page, lines[at]) for at in looked_at}
    # The gap after a number or a bullet says nothing of the rest of the page.
    if any(x > lines[at].left + HANGING * lines[at].size for at in sample for x in gaps[at]):
        gaps.update({at: _wide_gaps(page, line) for at, line in enumerate(lines) if at not in gaps})
    pieces: list[Piece] = []
    for at, line in enumerate(lines):
        whole = Piece(line, at, 0, len(line.text))
        pieces += cut(page, whole, gaps[at]) if gaps.get(at) else [whole]
    return pieces


def cut(page: PageText, piece: Piece, places: Sequence[float]) -> list[Piece]:
    """The piece, cut before the first character that stands right of each place (in points, ascending).

    A word is never cut: there has to be a space, or as much room as one.
    """
    line = piece.line
    bounds = [0]
    for x in places:
        if line.left < x < line.right:
            at = _first_right_of(page, line, x, bounds[-1])
            if at is not None and at > bounds[-1] and _parted(page, line, at):
                bounds.append(at)
    if len(bounds) == 1:
        return [piece]
    bounds.append(len(line.text))
    pieces: list[Piece] = []
    for start, end in itertools.pairwise(bounds):
        head, tail = _char_box(page, line, start), _char_box(page, line, _last_seen(line, end))
        left = line.left if start == 0 else head[0]
        right = line.right if end == len(line.text) else tail[2]
        # Cells that pdfium joined may differ in size and stand a little higher or lower.
        tall = max(head, tail, key=lambda box: box[3] - box[1])
        part = line.part(start, end, (left, tall[1], right, tall[3]))
        pieces.append(Piece(part, piece.source, piece.start + start, piece.start + end))
    return pieces


def glued(page: PageText, pieces: Sequence[Piece]) -> Line:
    """Neighbouring pieces of one line as one line again."""
    first, last = pieces[0], pieces[-1]
    whole = page.lines[first.source]
    if first.start == 0 and last.end == len(whole.text):
        return whole
    return whole.part(first.start, last.end, (first.line.left, whole.bottom, last.line.right, whole.top))


def _parted(page: PageText, line: Line, at: int) -> bool:
    if line.text[at - 1] == " ":
        return True
    return _char_box(page, line, at)[0] - _char_box(page, line, at - 1)[2] > WORD_GAP * line.size


def _first_right_of(page: PageText, line: Line, x: float, start: int) -> int | None:
    # Characters of a line stand from left to right: halve until the first whose middle is beyond x.
    text = line.text.removesuffix(LINE_END_HYPHEN)
    seen = [at for at in range(start, len(text)) if text[at] != " "]
    low, high = 0, len(seen)
    while low < high:
        middle = (low + high) // 2
        left, _, right, _ = _char_box(page, line, seen[middle])
        if (left + right) / 2 < x:
            low = middle + 1
        else:
            high = middle
    return seen[low] if low < len(seen) else None


def _last_seen(line: Line, end: int) -> int:
    return len(line.text[:end].removesuffix(LINE_END_HYPHEN).rstrip()) - 1


def _char_box(page: PageText, line: Line, offset: int) -> tuple[float, float, float, float]:
    char = line.char(offset)
    return page.box(char) if char is not None else (0.0, 0.0, 0.0, 0.0)


def _wide_gaps(page: PageText, line: Line) -> list[float]:
    """The middles of the wide gaps of a line, from left to right."""
    extents = page.extents(line.first, line.last)
    if len(extents) < 2 and " " in line.text:
        extents = _word_extents(page, line) if _loose(line) else extents
    gaps: list[float] = []
    right = line.left
    for left, end in sorted(extents):
        if right > line.left and left - right >= WIDE * line.size:
            gaps.append((left + right) / 2)
        right = max(right, end)
    return gaps


def _loose(line: Line) -> bool:
    # One command drew it all: only where there is room for a gap are its words looked at.
    return line.right - line.left > 0.7 * len(line.text) * line.size


def _word_extents(page: PageText, line: Line) -> list[tuple[float, float]]:
    extents: list[tuple[float, float]] = []
    at = 0
    for word in line.text.removesuffix(LINE_END_HYPHEN).split(" "):
        if word:
            last = _char_box(page, line, at + len(word) - 1)
            extents.append((_char_box(page, line, at)[0], last[2]))
        at += len(word) + 1
    return extents
