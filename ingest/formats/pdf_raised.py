"""Figures that a PDF prints raised and small, as raised characters: the mark of a note, a power.

In: the text of a line, and how each of its characters is printed. Out: the text, character for character, with
"Article 49⁴⁷" for what would read "Article 4947", and "10⁻³". The number that a line or a bracket begins with
stays plain, and so do letters.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from .pdf_turn import Turn
from .superscripts import RAISED

# Of the font size of what they stand at. Programs set raised figures at 58 to 83 %; a figure is .64 to .73 high.
RISE = 0.2  # from the line that letters stand on to a figure's foot, at least
HIGHEST = 1.0  # there, at most: higher up is another line
HEIGHT = 0.62  # of a figure, at most
SMALLER = 0.87  # of the font, unless a font of the same size draws its figures raised and small
NEAR = (-0.3, 0.8)  # from the end of the character before, over a space too
ALIKE = 0.1  # sizes and lines that differ by less are the same
MOST_GLUED, MOST_SPACED = 6, 3  # figures: two or three marks may stand side by side; a year may stand apart

_FIGURES = re.compile(r"[+\-−]?[0-9][0-9 ,;*–−+-]*")
_WORD_AFTER = re.compile(r"[0-9,; ]*[^\W\d_]")
_SIGNS = "+-−"
_OPENING = "([{<«“„‘"


class Glyph(NamedTuple):
    """How a character is printed: what it covers, the line it stands on, and the size of its font, in points,
    turned so that the writing goes from left to right."""

    left: float
    bottom: float
    right: float
    top: float
    line: float
    size: float

    def is_like(self, other: Glyph) -> bool:
        """Whether both stand on the same line in the same size."""
        near = ALIKE * other.size
        return abs(self.size - other.size) <= near and abs(self.line - other.line) <= near

    def is_raised(self, base: Glyph) -> bool:
        """Whether this stands small and raised at `base`."""
        is_small = self.size < SMALLER * base.size or self.is_like(base)
        rise = self.bottom - base.line
        is_low = self.top - self.bottom < HEIGHT * base.size
        return is_small and is_low and RISE * base.size < rise < HIGHEST * base.size

    def follows(self, before: Glyph, size: float) -> bool:
        """Whether this stands right after another: writing that goes up does not."""
        least, most = NEAR
        return least * size < self.left - before.right < most * size


GlyphAt = Callable[[int], Glyph | None]  # of the character at an offset; None where the page has none


def glyph_of(textpage: Any, char: int, turn: Turn) -> Glyph | None:
    """How pdfium's character `char` of an open page is printed; None where it has no place."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetCharBox(textpage, char, left, right, bottom, top):
        return None
    if not pdfium.FPDFText_GetMatrix(textpage, char, matrix):
        return None
    ink = turn.box(left.value, bottom.value, right.value, top.value)
    if not pdfium.FPDFText_GetCharOrigin(textpage, char, left, bottom):
        return None
    line = turn.box(left.value, bottom.value, left.value, bottom.value)[1]
    size = math.hypot(matrix.c, matrix.d) * abs(float(pdfium.FPDFText_GetFontSize(textpage, char)))
    return Glyph(*ink, line, size)


def with_raised(text: str, glyph_at: GlyphAt) -> str:
    """`text` with its raised figures as raised characters, each in its place."""
    chars = list(text)
    for figures in _FIGURES.finditer(text):
        for start, end in _raised_spans(text, figures, glyph_at):
            chars[start:end] = text[start:end].translate(RAISED)
    return "".join(chars)


def _raised_spans(text: str, figures: re.Match[str], glyph_at: GlyphAt) -> Iterator[tuple[int, int]]:
    """Where raised figures stand among some, each span with its signs."""
    bases = _bases(text, figures, glyph_at)
    for start in bases:
        if start - 1 in bases:
            continue
        end = start + 1
        while end in bases:
            end += 1
        base, mark = bases[start], glyph_at(start)
        most = MOST_SPACED if text[start - 1] == " " else MOST_GLUED
        if mark is None or end - start > most or _goes_on(text, end, mark, base, glyph_at):
            continue
        if mark.size < SMALLER * base.size:
            start -= _is_sign(text, start - 1, mark, glyph_at)
            end += _is_sign(text, end, mark, glyph_at)
        yield start, end


def _bases(text: str, figures: re.Match[str], glyph_at: GlyphAt) -> dict[int, Glyph]:
    """Of each raised one among some figures the offset, and the character on the line that it stands at."""
    start = figures.start()
    own = _stands_at(text, start)
    base = None if own is None else glyph_at(own)
    before = glyph_at(start - 1 - (text[start - 1] == " ")) if base else None
    bases: dict[int, Glyph] = {}
    for at in range(*figures.span()):
        here = None if text[at] == " " else glyph_at(at)
        if here is None:
            continue
        if text[at].isdecimal():
            if base and before and here.is_raised(base) and here.follows(before, base.size):
                bases[at] = base
            else:
                base = here
        before = here
    return bases


def _stands_at(text: str, start: int) -> int | None:
    """The offset of the letter or figure that figures stand at; None where a line or a bracket begins there."""
    for at in range(start - 1, -1, -1):
        if text[at] in _OPENING:
            return None
        if text[at].isalnum():  # a full stop may be raised with its mark
            return at
    return None


def _goes_on(text: str, end: int, mark: Glyph, base: Glyph, glyph_at: GlyphAt) -> bool:
    """Whether words go on as small and as high after a figure: a line that stands beside a large letter."""
    word = _WORD_AFTER.match(text, end)
    if word is None or mark.size >= SMALLER * base.size:
        return False
    after = glyph_at(word.end() - 1)
    return after is not None and after.is_like(mark)


def _is_sign(text: str, at: int, mark: Glyph, glyph_at: GlyphAt) -> bool:
    """Whether a sign stands at an offset, raised like the figure beside it."""
    if not 0 <= at < len(text) or text[at] not in _SIGNS:
        return False
    sign = glyph_at(at)
    return sign is not None and sign.is_like(mark)
