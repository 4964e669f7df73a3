"""The lines of a PDF page as pdfium reads them: text, position, size, weight.

In: an open pdfium document. Out: one `Line` per visual line, in the order of the page's content.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

# pdfium writes U+FFFE for a hyphen at a line's end and swallows the line break after it.
LINE_END_HYPHEN = "\ufffe"

ANGLE_SAMPLE = 20  # lines of a page that say how its text is turned

_Place = Callable[[int], int]  # from an offset in a page's text to pdfium's index of the character
_LINE = re.compile(r"[^\r\n\ufffe]*\ufffe?")
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)


BULLETS = "•●▪■□◦‣⁃∙·"


@dataclass(frozen=True, slots=True)
class Line:
    """One line; coordinates in points, y upwards from the page's foot, as the reader sees the page."""

    text: str  # no line break; ends with LINE_END_HYPHEN when a word is broken there
    first: int  # index of the first character in pdfium's page text: where a box can be found later
    last: int  # index of the last one, included
    left: float
    bottom: float
    right: float
    top: float
    bold: bool

    @property
    def size(self) -> float:
        """Ascent plus descent: proportional to the font size, and scaled as the page shows it."""
        return self.top - self.bottom


def page_lines(page: pypdfium2.PdfPage) -> tuple[list[Line], float]:
    """The non-blank lines of one page, and its height; both seen so that most of its text is upright.

    Pieces that pdfium split at a raised figure are joined again.
    """
    textpage = page.get_textpage()
    try:
        text = textpage.get_text_range()
        place = _char_indices(textpage, text)
        turn = _turn(page, textpage, text, place)
        lines: list[Line] = []
        for match in _LINE.finditer(text):
            piece = match.group()
            core = piece.strip()
            if not core or core == LINE_END_HYPHEN:
                continue
            if "\uf020" <= core[0] <= "\uf0ff":  # a bullet from a symbol font, which only that font can show
                core = "•" + core[1:]
            start = match.start() + len(piece) - len(piece.lstrip())
            lines.append(_line(textpage, core, place(start), place(start + len(core) - 1), turn))
        if turn.upwards:
            lines.reverse()
        return _join_pieces(lines), turn.height
    finally:
        textpage.close()


@dataclass(frozen=True, slots=True)
class _Turn:
    """Turns pdfium's coordinates so that text written at an angle lies on lines from left to right."""

    angle: int  # of the writing, counter-clockwise: 0, 90, 180 or 270 degrees
    width: float  # of the page once turned
    height: float
    upwards: bool  # pdfium lists the lines of this page from its foot

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        if self.angle == 90:
            return bottom, self.height - right, top, self.height - left
        if self.angle == 180:
            return self.width - right, self.height - top, self.width - left, self.height - bottom
        if self.angle == 270:
            return self.width - top, left, self.width - bottom, right
        return left, bottom, right, top


def _turn(page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage, text: str, place: _Place) -> _Turn:
    # The angle at which most lines begin. The page's own rotation does not matter: a landscape page
    # is as often drawn sideways and then rotated as it is drawn upright.
    starts = [match.start() for match in _LINE.finditer(text) if match.group().strip()]
    # pdfium measures clockwise.
    angles = Counter(
        -round(math.degrees(pdfium.FPDFText_GetCharAngle(textpage, place(start))) / 90) % 4 * 90
        for start in starts[:: max(len(starts) // ANGLE_SAMPLE, 1)]
    )
    angle = angles.most_common(1)[0][0] if angles else 0
    width, height = map(float, page.get_size())  # as shown
    rotation = page.get_rotation()
    if (angle - rotation) % 180 == 90:
        width, height = height, width
    return _Turn(angle, width, height, upwards=(angle - rotation) % 360 == 270)


def _char_indices(textpage: pypdfium2.PdfTextPage, text: str) -> _Place:
    # One code point is one pdfium character on all but a few pages (unmapped glyphs have no text).
    if textpage.count_chars() == len(text):
        return lambda offset: offset
    return lambda offset: int(pdfium.FPDFText_GetCharIndexFromTextIndex(textpage, offset))


def _line(textpage: pypdfium2.PdfTextPage, text: str, first: int, last: int, turn: _Turn) -> Line:
    head, tail = _char_box(textpage, first, turn), _char_box(textpage, last, turn)
    if text.endswith(LINE_END_HYPHEN) and tail[1] < head[1] - 1:
        tail = (tail[0], *head[1:])  # pdfium may place the hyphen on the line below
    # A raised figure at either end has a smaller font than the line has; a bullet may have any.
    tall = tail if text[0] in BULLETS else max(head, tail, key=lambda box: box[3] - box[1])
    return Line(
        text=text,
        first=first,
        last=last,
        left=head[0],
        bottom=tall[1],
        right=max(head[2], tail[2]),
        top=tall[3],
        bold=_is_bold(textpage, first) and _is_bold(textpage, last),
    )


def _join_pieces(lines: list[Line]) -> list[Line]:
    # pdfium ends a line at each raised or lowered character: "(", "1", ") of the Treaty".
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before is not None and _same_row(before, line):
            gap = line.left - before.right
            tall = max(before, line, key=lambda piece: piece.size)
            joined[-1] = Line(
                text=before.text + ("" if gap < 0.15 * tall.size else " ") + line.text,
                first=before.first,
                last=line.last,
                left=before.left,
                bottom=tall.bottom,
                right=line.right,
                top=tall.top,
                bold=before.bold and line.bold,
            )
        else:
            joined.append(line)
    return joined


def _same_row(before: Line, line: Line) -> bool:
    if before.text.endswith(LINE_END_HYPHEN):
        return False
    overlap = min(before.top, line.top) - max(before.bottom, line.bottom)
    gap = line.left - before.right
    size = max(before.size, line.size)
    return overlap > 0.5 * min(before.size, line.size) and -0.1 * size < gap < size


def _char_box(textpage: pypdfium2.PdfTextPage, index: int, turn: _Turn) -> tuple[float, float, float, float]:
    # The loose box spans the font's ascent and descent, so that all characters of a line agree.
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(textpage, index, rect):
        return 0.0, 0.0, 0.0, 0.0
    return turn.box(rect.left, rect.bottom, rect.right, rect.top)


def _is_bold(textpage: pypdfium2.PdfTextPage, index: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(textpage, index) >= 600:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(textpage, index, name, len(name), flags)
    return bool(_BOLD.search(name.value.decode("latin-1")))
