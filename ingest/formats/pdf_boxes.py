"""Where a quotation stands on the pages of its PDF, and pictures of those pages.

In: the bytes of the PDF that a document was read from, and the document's PageMap. Out: boxes, computed
from the very characters the text was read from; the characters under a box; a page's size, and its PNG picture.
"""

from __future__ import annotations

import ctypes
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import groupby, pairwise
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageDraw

from ..document import Box, PageMap, RecognisedWord, Run
from ..errors import DamagedFile, NoSuchPage
from ..told import Told
from .pdf import opened
from .pdf_clean import LINE_END_HYPHEN, clean_line
from .pdf_turn import Rectangle, Turn, page_turn

# Of the font size: how far a box reaches above and below the line that the letters stand on. With less than
# that the highlight looks cut, with more it touches the next lines, whatever ascent the font states.
ABOVE, BELOW = 0.95, 0.3
SAME_LINE = 0.6  # of the lower of two heights: what overlaps by more is one line; a raised figure does
OVERLAP = 0.3  # of the lower height, at most, that two lines below each other share
WORD_SPACE = 1.5  # of a line's height: two lines of the text further apart are no stretch of one
WIDEST_SPACE = 4.0  # of a line's height, in a line of the text: another column may stand in a wider one
SAME = 0.5  # points: two equal characters nearer to each other are one, drawn twice
HIDDEN = 3  # characters between two neighbours of the text that the text leaves out: accents, soft hyphens

MOST_PIXELS = 25_000_000  # of a picture: 100 MB while it is drawn
LONGEST_SIDE = 20_000  # pixels
MARKED = (255, 236, 130)  # a text marker's yellow

_WHITE = frozenset(map(ord, " \t\r\n\u00a0"))
_HYPHEN = frozenset([2, ord(LINE_END_HYPHEN)])  # how pdfium writes the hyphen at a line's end


def boxes(data: bytes, page_map: PageMap, start: int, end: int, source: str = "the PDF") -> list[Box]:
    """The boxes of `text[start:end]` in the order of the text: one for each piece of a line.

    `data` are the bytes that `page_map` was made from. A box is as wide as what is printed, and as high as
    its line: it covers no other. The list is empty where nothing of the range is printed on a page.
    Raises DamagedFile, PasswordNeeded, and NoSuchPage when the map is another file's.
    """
    found = list(_word_boxes(page_map.words, start, end))
    if pieces := _pieces(page_map.runs, start, end):
        with opened(data, source) as document:
            for page, group in groupby(pieces, key=lambda piece: piece.page):
                with _characters(document, page, source) as characters:
                    found += characters.boxes(list(group))
    return [box for _, box in sorted(found)]


def characters_under(data: bytes, boxes: Sequence[Box], source: str = "the PDF") -> str:
    """What is printed in each box, a line for each: the characters whose middle lies in it, cleaned as a
    document's text is. Raised figures are the plain ones that the page has: it says only where they stand.

    Raises DamagedFile, PasswordNeeded and NoSuchPage.
    """
    lines: list[str] = []
    with opened(data, source) as document:
        for number, group in groupby(boxes, key=lambda box: box.page):
            with _characters(document, number, source) as characters:
                lines += [characters.under(box) for box in group]
    return "\n".join(lines)


def page_size(data: bytes, page_number: int, source: str = "the PDF") -> tuple[float, float]:
    """Width and height, in points, of page `page_number` (from 1) as its reader sees it; each at least 1.

    Raises DamagedFile, PasswordNeeded and NoSuchPage.
    """
    with opened(data, source) as document:
        return _size(_load(document, page_number, source))


def picture(
    data: bytes, page_number: int, scale: float = 2.0, boxes: Iterable[Box] = (), source: str = "the PDF"
) -> bytes:
    """Page `page_number` (from 1) as a PNG, `scale` pixels to the point, with boxes marked on it.

    A page too large for MOST_PIXELS is drawn smaller. Raises DamagedFile, PasswordNeeded and NoSuchPage, and
    ValueError for a scale that is not above 0.
    """
    if not scale > 0:
        raise ValueError(f"scale is {scale}; it must be above 0")
    with opened(data, source) as document:
        page = _load(document, page_number, source)
        width, height = _size(page)
        scale = min(scale, math.sqrt(MOST_PIXELS / (width * height)), LONGEST_SIDE / max(width, height))
        image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    marks = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(marks)
    for box in boxes:
        if box.page == page_number:
            left, right = box.left * scale, box.right * scale
            top, bottom = image.height - box.top * scale, image.height - box.bottom * scale
            draw.rectangle((left, top, right, bottom), MARKED)
    out = BytesIO()
    ImageChops.multiply(image, marks).save(out, "PNG")  # as a text marker does: black stays black
    return out.getvalue()


class _Piece(NamedTuple):
    """Characters of a page that follow each other; `closed` when the text between it and the piece before is
    closed too: no line end, no break."""

    start: int  # in the text
    page: int
    chars: range
    closed: bool


class _Stretch(NamedTuple):
    """A rectangle around part of a line, turned so that the writing goes from left to right."""

    start: int
    left: float
    bottom: float
    right: float
    top: float


class _Characters:
    """The characters of one open page."""

    def __init__(self, page: pypdfium2.PdfPage, number: int) -> None:
        self.page, self.number = page, number
        self.text = page.get_textpage()
        self.count: int = self.text.count_chars()
        self.shown = page_turn(page, page.get_rotation())  # as the reader sees the page
        self._loose, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self._edges = tuple(ctypes.c_double() for _ in range(4))

    def boxes(self, pieces: Sequence[_Piece]) -> Iterator[tuple[int, Box]]:
        """A box for each part of a line in some pieces, and the offset in the text where it begins."""
        for angle, group in groupby(pieces, key=self._angle):
            turn = page_turn(self.page, angle)
            for stretch in _parted(self._stretches(list(group), turn)):
                yield stretch.start, Box(self.number, *self.shown.box(*turn.back(*stretch[1:])))

    def under(self, box: Box) -> str:
        """The characters whose middle lies in a box, a space for what white space is between them."""
        found: list[str] = []
        seen: dict[int, list[tuple[float, float, int]]] = {}
        for char in range(self.count):
            code = pdfium.FPDFText_GetUnicode(self.text, char)
            if code in _WHITE:
                found.append(" ")
            elif code and (ink := self._ink(char)):
                x, y = _middle(self.shown.box(*ink))
                if not (box.left <= x <= box.right and box.bottom <= y <= box.top):
                    continue
                # What is drawn again in the same place is not seen twice; the letters of a ligature are.
                same = seen.setdefault(code, [])
                if any(abs(x - a) < SAME and abs(y - b) < SAME and char > at + 1 for a, b, at in same):
                    continue
                same.append((x, y, char))
                found.append("-" if code in _HYPHEN else chr(code))
        return clean_line("".join(found).encode("utf-16", "surrogatepass").decode("utf-16", "replace"))

    def _angle(self, piece: _Piece) -> int:
        # Counter-clockwise; pdfium measures clockwise.
        radians = pdfium.FPDFText_GetCharAngle(self.text, piece.chars[0])
        return -round(math.degrees(radians) / 90) % 4 * 90

    def _stretches(self, pieces: Sequence[_Piece], turn: Turn) -> list[_Stretch]:
        stretches: list[_Stretch] = []
        for piece in pieces:
            closed = piece.closed
            for at, char in enumerate(piece.chars):
                box = self._box(char, turn)
                if box is None:
                    continue
                if stretches and _same_line(stretches[-1], box, closed):
                    stretches[-1] = _Stretch(stretches[-1].start, *_union(stretches[-1][1:], box))
                else:
                    stretches.append(_Stretch(piece.start + at, *box))
                closed = True
        return stretches

    def _box(self, char: int, turn: Turn) -> Rectangle | None:
        """As wide as the character is printed and as high as its font is set; None when nothing shows."""
        ink = self._ink(char)
        if ink is None or not pdfium.FPDFText_GetLooseCharBox(self.text, char, self._loose):
            return None
        left, low, right, high = turn.box(*ink)
        loose = self._loose
        _, bottom, _, top = turn.box(loose.left, loose.bottom, loose.right, loose.top)
        x, y, *_ = self._edges
        if pdfium.FPDFText_GetCharOrigin(self.text, char, x, y) and (size := self._size(char)):
            line = turn.box(x.value, y.value, x.value, y.value)[1]
            bottom, top = max(bottom, line - BELOW * size), min(top, line + ABOVE * size)
        middle = (low + high) / 2  # a glyph drawn far from its line is marked all the same
        return left, min(bottom, middle), right, max(top, middle)

    def _ink(self, char: int) -> Rectangle | None:
        """What a character covers of the page, in the page's own coordinates; None when nothing shows."""
        if pdfium.FPDFText_IsGenerated(self.text, char) == 1:
            return None
        left, right, bottom, top = self._edges
        if not pdfium.FPDFText_GetCharBox(self.text, char, left, right, bottom, top):
            return None
        if right.value <= left.value or top.value <= bottom.value:
            return None
        return left.value, bottom.value, right.value, top.value

    def _size(self, char: int) -> float:
        """The font size in points, as the page shows it; 0 when it is not known."""
        matrix = self._matrix
        if not pdfium.FPDFText_GetMatrix(self.text, char, matrix):
            return 0.0
        return math.hypot(matrix.c, matrix.d) * abs(float(pdfium.FPDFText_GetFontSize(self.text, char)))


@contextmanager
def _characters(document: pypdfium2.PdfDocument, number: int, source: str) -> Iterator[_Characters]:
    page = _load(document, number, source)
    characters = _Characters(page, number)
    try:
        yield characters
    finally:
        characters.text.close()
        page.close()


def _load(document: pypdfium2.PdfDocument, number: int, source: str) -> pypdfium2.PdfPage:
    if not 1 <= number <= len(document):
        raise NoSuchPage(
            source,
            Told("there is no page {page}; it has {pages} pages.", page=str(number), pages=len(document)),
        )
    try:
        return document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise DamagedFile(source, Told("page {page} of the PDF cannot be read.", page=str(number))) from error


def _size(page: pypdfium2.PdfPage) -> tuple[float, float]:
    width, height = page.get_size()
    return max(width, 1.0), max(height, 1.0)


def _pieces(runs: Sequence[Run], start: int, end: int) -> list[_Piece]:
    """The characters of `text[start:end]`, and those between them that the text leaves out."""
    pieces: list[_Piece] = []
    first = max(bisect_right(runs, start, key=lambda run: run.end), 0)
    for at in range(first, len(runs)):
        run = runs[at]
        if run.start >= end:
            break
        before = runs[at - 1] if at > first else None
        begin, stop = max(start, run.start), min(end, run.end)
        chars = range(run.first + begin - run.start, run.first + stop - run.start)
        if stop == run.end and at + 1 < len(runs):
            chars = range(chars.start, chars.stop + _hidden(run, runs[at + 1]))
        closed = before is not None and before.end == run.start
        pieces.append(_Piece(begin, run.page, chars, closed))
    return pieces


def _hidden(run: Run, after: Run) -> int:
    """How many characters stand on the page between two runs that follow each other in the text."""
    between = after.first - (run.first + run.end - run.start)
    return between if run.page == after.page and run.end == after.start and 0 < between <= HIDDEN else 0


def _same_line(before: _Stretch, box: Rectangle, closed: bool) -> bool:
    left, bottom, _, top = box
    height = min(before.top - before.bottom, top - bottom)
    if min(before.top, top) - max(before.bottom, bottom) < SAME_LINE * height:
        return False
    # What the text does not part may have wide spaces, and run from right to left.
    gap = left - before.right
    return gap < WIDEST_SPACE * height if closed else -0.5 * height < gap < WORD_SPACE * height


def _parted(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """Lines that are set so close that they overlap a little are parted in the middle."""
    parted = list(stretches)
    for at, (above, below) in enumerate(pairwise(stretches)):
        overlap = below.top - above.bottom
        height = min(above.top - above.bottom, below.top - below.bottom)
        if 0 < overlap < OVERLAP * height and above.left < below.right and below.left < above.right:
            middle = above.bottom + overlap / 2
            parted[at] = parted[at]._replace(bottom=middle)
            parted[at + 1] = parted[at + 1]._replace(top=middle)
    return parted


def _word_boxes(words: Sequence[RecognisedWord], start: int, end: int) -> Iterator[tuple[int, Box]]:
    """The boxes of recognised words, those of a line as one."""
    first = bisect_right(words, start, key=lambda word: word.end)
    line: _Stretch | None = None
    page = 0
    for word in words[first:]:
        if word.start >= end:
            break
        box = (word.left, word.bottom, word.right, word.top)
        if line is not None and word.page == page and _same_line(line, box, closed=False):
            line = _Stretch(line.start, *_union(line[1:], box))
            continue
        if line is not None:
            yield line.start, Box(page, *line[1:])
        line, page = _Stretch(word.start, *box), word.page
    if line is not None:
        yield line.start, Box(page, *line[1:])


def _union(one: Rectangle, other: Rectangle) -> Rectangle:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _middle(rectangle: Rectangle) -> tuple[float, float]:
    left, bottom, right, top = rectangle
    return (left + right) / 2, (bottom + top) / 2
