"""The lines of a PDF page as pdfium reads them: clean text, the characters it stands for, place, weight.

In: an open page. Out: one `Line` per visual line, in the order of the page's content, and a `PageText`
that answers where a character stands for as long as the page is open.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from .pdf_clean import BULLETS, LINE_END_HYPHEN, UNKNOWN, cleaned, melt
from .pdf_raised import Glyph, glyph_of, with_raised
from .pdf_turn import Rectangle, Turn, page_turn

ANGLE_SAMPLE = 20  # lines of a page that say how its text is turned
GARBLED = 0.1  # of a page's characters: more that cannot be told, and its font is broken
GARBLED_SAMPLE = 50  # characters of a page that say whether its font is


_LINE = re.compile(r"[^\r\n\ufffe]+\ufffe?|\ufffe")
_NO_PLACE = f" \t\r\n{LINE_END_HYPHEN}"  # pdfium puts these where it likes
_BOLD = re.compile(rb"bold|black|heavy|semibold|demi", re.IGNORECASE)
_NO_CHARACTER = re.compile(f"[{UNKNOWN}\ufffd\ue000-\uf8ff]")  # also replacement character, private use


class CharRun(NamedTuple):
    """Neighbours in a line that are neighbours on its page: `text[start + i]` is pdfium's character
    `first + i`."""

    start: int
    end: int
    first: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line; coordinates in points, y upwards from the page's foot, as the reader sees the page.

    A character of the text in no run is a space between two pieces that pdfium saw apart.
    """

    text: str  # clean and without line breaks; ends with LINE_END_HYPHEN when a word is broken there
    runs: tuple[CharRun, ...]  # in the order of the text
    left: float
    bottom: float
    right: float
    top: float
    bold: bool

    @property
    def size(self) -> float:
        """Ascent plus descent: proportional to the font size, and scaled as the page shows it."""
        return self.top - self.bottom

    @property
    def first(self) -> int:
        """pdfium's index of the first character."""
        return min(run.first for run in self.runs)

    @property
    def last(self) -> int:
        """pdfium's index of the last character, included."""
        return max(run.first + run.end - run.start for run in self.runs) - 1

    @property
    def last_char(self) -> int:
        """pdfium's index of the character at the end of the text."""
        return self.runs[-1].first + self.runs[-1].end - self.runs[-1].start - 1

    def char(self, offset: int) -> int | None:
        """pdfium's index of the character `text[offset]`; None for a space that the page does not have."""
        for run in self.runs:
            if run.start <= offset < run.end:
                return run.first + offset - run.start
        return None

    def part(self, start: int, end: int, box: Rectangle) -> Line:
        """The line `text[start:end]`, white space at its ends left out, which stands in `box`.

        Raises ValueError when nothing of it can be seen.
        """
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        text = text.strip()
        if not text:
            raise ValueError(f"line {self.text!r} has no text from {start} to {end}")
        return Line(text, cut_runs(self.runs, start, start + len(text)), *box, self.bold)


def cut_runs(runs: Sequence[CharRun], start: int, end: int) -> tuple[CharRun, ...]:
    """The runs of `text[start:end]`, counted from `start`."""
    return tuple(
        CharRun(
            max(run.start, start) - start, min(run.end, end) - start, run.first + max(start - run.start, 0)
        )
        for run in runs
        if run.start < end and run.end > start
    )


class PageText:
    """The text of one open page, turned so that most of it is upright.

    `lines` are its non-blank lines; pieces that pdfium split at a raised figure are joined again. `width`
    and `height` are the page's, in points, turned like the lines. Close it (or use `with`) before the page;
    what was read stays, the questions about characters and rectangles end.
    """

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.page = page
        self.textpage = page.get_textpage()
        self.text: str = self.textpage.get_text_range(errors="surrogatepass")
        self.characters: int = self.textpage.count_chars()
        self._raw = self.textpage.raw
        self._rectangle = pdfium.FS_RECTF()
        self._edges = tuple(ctypes.c_double() for _ in range(4))
        self._name, self._flags = ctypes.create_string_buffer(128), ctypes.c_int()
        self._places = self._uneven_places()
        self.text = self._without_unknown(self.text)
        self._turn = self._usual_turn()
        self._straight = self._turn.changes_nothing
        self.width, self.height = self._turn.width, self._turn.height
        self.lines: list[Line] = self._read_lines()

    def __enter__(self) -> PageText:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees pdfium's side."""
        self.textpage.close()

    def box(self, char: int) -> Rectangle:
        """Where pdfium's character `char` stands, in the coordinates of the lines.

        It spans the font's ascent and descent, so that all characters of a line agree; all zero when the
        character has no place.
        """
        rectangle = self._rectangle
        if not pdfium.FPDFText_GetLooseCharBox(self._raw, char, rectangle):
            return 0.0, 0.0, 0.0, 0.0
        if self._straight:
            return rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
        return self._turn.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)

    def ink(self, char: int) -> Rectangle:
        """What of the page pdfium's character `char` covers, in the coordinates of the lines."""
        left, right, bottom, top = self._edges
        if not pdfium.FPDFText_GetCharBox(self._raw, char, left, right, bottom, top):
            return 0.0, 0.0, 0.0, 0.0
        return self._turn.box(left.value, bottom.value, right.value, top.value)

    def extents(self, first: int, last: int) -> list[tuple[float, float]]:
        """From where to where each stretch of the characters from `first` to `last` reaches that was drawn
        by one command: far fewer than characters, and a cell or a column's line is drawn by its own."""
        count = pdfium.FPDFText_CountRects(self._raw, first, last - first + 1)
        left, right, bottom, top = self._edges
        of_side = [ctypes.byref(side) for side in (left, top, right, bottom)]
        found: list[tuple[float, float]] = []
        for index in range(count):
            pdfium.FPDFText_GetRect(self._raw, index, *of_side)
            if self._straight:
                found.append((left.value, right.value))
            else:
                box = self._turn.box(left.value, bottom.value, right.value, top.value)
                found.append((box[0], box[2]))
        return found

    def turned(self, left: float, bottom: float, right: float, top: float) -> Rectangle:
        """A rectangle of the page's content (a ruling line, a picture), in the coordinates of the lines."""
        return self._turn.box(left, bottom, right, top)

    def place(self, offset: int) -> int:
        """pdfium's index of the character `text[offset]`."""
        return offset if self._places is None else self._places[offset]

    def _chars(self, start: int, offsets: Sequence[int]) -> Sequence[int]:
        """pdfium's indices of the characters that stand at `offsets` from `start`."""
        if self._places is None and isinstance(offsets, range):
            return range(start + offsets.start, start + offsets.stop)
        return [self.place(start + offset) for offset in offsets]

    def garbled(self) -> bool:
        """Whether a good part of what is printed here has no character that could be told.

        Such a font draws glyphs without saying what they mean; copied from a viewer its text is nonsense too.
        """
        visible = len(self.text) - sum(map(self.text.count, " \r\n"))
        doubtful = len(_NO_CHARACTER.findall(self.text))
        silent = self.characters - len(self.text)
        if doubtful + silent > GARBLED * visible:
            doubtful += self._silent_glyphs() - self.text.count(UNKNOWN)  # which are silent glyphs themselves
            return doubtful > GARBLED * visible
        sample = range(0, self.characters, max(self.characters // GARBLED_SAMPLE, 1))
        wrong = pdfium.FPDFText_HasUnicodeMapError
        return sum(int(wrong(self._raw, char)) == 1 for char in sample) > GARBLED * len(sample)

    def _silent_glyphs(self) -> int:
        # Of the characters without text, those that show: many a font has a space that says nothing.
        return sum(
            pdfium.FPDFText_GetUnicode(self._raw, char) == 0 and _shows(self.ink(char))
            for char in range(self.characters)
        )

    def _uneven_places(self) -> list[int] | None:
        # One code point is one pdfium character on all but a few pages: a glyph that the font does not
        # map is a character without text, and pdfium's text counts UTF-16 units.
        if self.characters == len(self.text):
            return None
        index = pdfium.FPDFText_GetCharIndexFromTextIndex
        units = accumulate((1 + (char > "\uffff") for char in self.text), initial=0)
        return [int(index(self._raw, unit)) for unit in units][:-1]

    def _without_unknown(self, text: str) -> str:
        # pdfium writes U+FFFE for a glyph without a character too: that ends no line.
        before, *rest = text.split(LINE_END_HYPHEN)
        parts, at = [before], len(before)
        for part in rest:
            hyphen = pdfium.FPDFText_IsHyphen(self._raw, self.place(at)) == 1
            parts += LINE_END_HYPHEN if hyphen else UNKNOWN, part
            at += 1 + len(part)
        return "".join(parts)

    def _usual_turn(self) -> Turn:
        # The angle at which most lines begin. The page's own rotation does not matter: a landscape page
        # is as often drawn sideways and then rotated as it is drawn upright.
        starts = [match.start() for match in _LINE.finditer(self.text) if match.group().strip()]
        # pdfium measures clockwise.
        angles = Counter(
            -round(math.degrees(pdfium.FPDFText_GetCharAngle(self._raw, self.place(start))) / 90) % 4 * 90
            for start in starts[:: max(len(starts) // ANGLE_SAMPLE, 1)]
        )
        angle = angles.most_common(1)[0][0] if angles else 0
        return page_turn(self.page, angle)

    def _read_lines(self) -> list[Line]:
        lines: list[Line] = []
        places: dict[str, list[Line]] = {}
        for match in _LINE.finditer(self.text):
            for line in self._rows(match.group(), match.start()):
                # A shadow, or a chart drawn twice: the eye sees one.
                same = places.setdefault(line.text, [])
                if self._shows(line) and not any(_same_place(line, other) for other in same):
                    same.append(line)
                    lines.append(line)
        lines = [self._with_raised(line) for line in _join_pieces(lines)]
        return lines[::-1] if self._turn.upwards else lines

    def _with_raised(self, line: Line) -> Line:
        def glyph(offset: int) -> Glyph | None:
            char = line.char(offset)
            return None if char is None else glyph_of(self._raw, char, self._turn)

        text = with_raised(line.text, glyph)
        return line if text == line.text else replace(line, text=text)

    def _shows(self, line: Line) -> bool:
        """Whether a line stands on what is shown of the page: not so a printer's note beside it."""
        x, y = (line.left + line.right) / 2, (line.bottom + line.top) / 2
        return 0 <= x <= self.width and 0 <= y <= self.height

    def _rows(self, piece: str, start: int) -> Iterator[Line]:
        """The line that pdfium sees in a piece of text, or several, where it has missed the end of one."""
        while piece and not piece.isspace() and (found := self._line(piece, start)):
            line, falls = found
            end = self._row_end(piece, start) if falls else None
            if end is None:
                yield line
                return
            if above := self._line(piece[:end], start):
                yield above[0]
            piece, start = piece[end:], start + end

    def _row_end(self, piece: str, start: int) -> int | None:
        before: Rectangle | None = None
        for offset, char in enumerate(piece):
            if char not in _NO_PLACE:
                box = self.box(self.place(start + offset))
                if before and _below(before, box) and box[0] < before[0] - (before[3] - before[1]):
                    return offset
                before = box
        return None

    def _line(self, piece: str, start: int) -> tuple[Line, bool] | None:
        """The line that a piece of text is, and whether its end stands lower than its beginning."""
        hyphened = piece.endswith(LINE_END_HYPHEN)
        text, offsets = cleaned(piece[:-1] if hyphened else piece)
        if not text:
            return None
        if hyphened:
            text, offsets = text + LINE_END_HYPHEN, [*offsets, len(piece) - 1]
        runs = _runs(self._chars(start, offsets))
        first, last = runs[0].first, runs[-1].first + runs[-1].end - runs[-1].start - 1
        head, tail = self.box(first), self.box(last)
        falls = _below(head, tail)
        if hyphened and tail[1] < head[1] - 1:
            # pdfium may place the hyphen on the line below: the line ends with the letter before it.
            letter = cut_runs(runs, 0, len(text) - 1)[-1]
            tail = self.box(letter.first + letter.end - letter.start - 1)
        # A raised figure at either end has a smaller font than the line has; a bullet may have any.
        tall = tail if text[0] in BULLETS else max(head, tail, key=lambda box: box[3] - box[1])
        bold = self._is_bold(first) and self._is_bold(last)
        return Line(text, runs, head[0], tall[1], max(head[2], tail[2]), tall[3], bold), falls

    def _is_bold(self, char: int) -> bool:
        if pdfium.FPDFText_GetFontWeight(self._raw, char) >= 600:
            return True
        pdfium.FPDFText_GetFontInfo(self._raw, char, self._name, len(self._name), self._flags)
        return _named_bold(self._name.value)


@lru_cache(4096)
def _named_bold(font: bytes) -> bool:
    return _BOLD.search(font) is not None


def _below(box: Rectangle, other: Rectangle) -> bool:
    """Whether the other of two characters stands on a lower line."""
    return other[3] < box[1] + 0.3 * (box[3] - box[1])


def _same_place(line: Line, other: Line) -> bool:
    near = 0.2 * line.size
    return abs(line.left - other.left) < near and abs(line.bottom - other.bottom) < near


def _shows(ink: Rectangle) -> bool:
    left, bottom, right, top = ink
    return right > left and top > bottom


def _runs(chars: Sequence[int]) -> tuple[CharRun, ...]:
    """The runs of a text whose characters are pdfium's `chars`."""
    if isinstance(chars, range):
        return (CharRun(0, len(chars), chars.start),)
    runs: list[CharRun] = []
    for _, group in groupby(enumerate(chars), key=lambda pair: pair[1] - pair[0]):
        (start, first), *rest = group
        runs.append(CharRun(start, start + 1 + len(rest), first))
    return tuple(runs)


def _join_pieces(lines: list[Line]) -> list[Line]:
    # pdfium ends a line at each raised or lowered character: "(", "1", ") of the Treaty".
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before is not None and _same_row(before, line):
            joined[-1] = _joined(before, line)
        else:
            joined.append(line)
    return joined


def _joined(before: Line, line: Line) -> Line:
    gap = line.left - before.right
    tall = max(before, line, key=lambda piece: piece.size)
    # Two characters that would melt into one stay apart: each has its own place on the page.
    space = "" if gap < 0.15 * tall.size and not melt(before.text[-1], line.text[0]) else " "
    moved = len(before.text) + len(space)
    return Line(
        text=before.text + space + line.text,
        runs=(*before.runs, *(CharRun(run.start + moved, run.end + moved, run.first) for run in line.runs)),
        left=before.left,
        bottom=tall.bottom,
        right=line.right,
        top=tall.top,
        bold=before.bold and line.bold,
    )


def _same_row(before: Line, line: Line) -> bool:
    if before.text.endswith(LINE_END_HYPHEN):
        return False
    overlap = min(before.top, line.top) - max(before.bottom, line.bottom)
    gap = line.left - before.right
    size = max(before.size, line.size)
    return overlap > 0.5 * min(before.size, line.size) and -0.1 * size < gap < size
