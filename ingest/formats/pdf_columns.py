"""The order in which a PDF page is read: column by column, tables kept together.

In: the text of an open page. Out: its `Layout`: lines in reading order, the column of each, the tables.
The order of the page's content is kept wherever it does not jump back and forth between columns.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from .pdf_aligned_tables import aligned_table
from .pdf_blocks import Block, Layout
from .pdf_gaps import Piece, glued, line_pieces
from .pdf_lines import Line, PageText
from .pdf_ruled_tables import ruled_tables
from .pdf_rules import Rule, page_rules
from .pdf_tables import FoundTable, is_counter
from .pdf_turn import Rectangle

COLUMN_LINES = 4  # a column has at least so many
COLUMN_WIDTH = 6.0  # times the size of its lines, at least; what is narrower belongs to its neighbour
COLUMN_TEXT = 12  # letters of a usual line of a column; a word's worth is a cell of a table
FULL = 0.6  # of a column's width: how far most of its lines reach
DENSE = 2.2  # times a line's size: the usual distance of two lines of prose is smaller
CLOSE = 8.0  # times a line's size: two rows of one table or one pair of columns are no farther apart
GUTTER = 0.5  # of a line's size
MOST_GUTTERS = 6  # tried on a page
MOST_CUTS = 8  # levels of columns inside columns
NEAR = 40  # lines from the top down that may begin above a line and still reach its height
CAPTION_LINES = 3
MOVED_LINES = 6  # a title drawn after the page's text has at most so many
FOOTNOTE = 0.93  # of a column's usual size: what is smaller at its foot is a footnote

CAPTION = re.compile(
    r"(?:tables?|figures?|fig\.|chart|box|таблица|рис(?:унок|\.)|график|jadval|жадвал|кесте|сүрет|표|그림)\s*(?:№\s*)?\d"
    r"|\d+-?\s?(?:jadval|жадвал|кесте)",
    re.IGNORECASE,
)


def page_layout(page: PageText) -> Layout:
    """The reading order of a page. Lines that pdfium joined across columns or cells are cut."""
    pieces = line_pieces(page)
    if not _beside_each_other([piece.line for piece in pieces]):
        lines = _from_the_top(page.lines)
        return Layout.plain(lines, page.height)
    if not _share_a_gap([_Item(piece.line, piece.source, piece) for piece in pieces]):
        lines = _from_the_top(page.lines)
        return Layout.plain(lines, page.height)
    rules = page_rules(page)
    tables, rest = ruled_tables(page, rules, pieces)
    items = [*(_Item(piece.line, piece.source, piece) for piece in rest), *(_table_item(t) for t in tables)]
    items.sort(key=lambda item: (item.source, item.piece.start if item.piece else 0))
    order = _Order()
    order.read(items, 0)
    return _Writer(page, lambda column: _with_aligned_tables(column, rules)).write(order)


@dataclass(frozen=True, slots=True)
class _Item:
    """What is put in order: a piece of a line, or a whole table with its box."""

    line: Line  # of a table: its box, as one empty line
    source: int
    piece: Piece | None = None
    table: Block | None = None


def _table_item(table: FoundTable) -> _Item:
    left, bottom, right, top = table.box
    return _Item(Line("", (), left, bottom, right, top, False), table.source, table=table.block)


class _Order:
    """Reads items into runs of one column each: (column's number, items in their content order)."""

    def __init__(self) -> None:
        self.runs: list[tuple[int, list[_Item]]] = []
        self._columns = 0

    def read(self, items: Sequence[_Item], column: int, depth: int = 0) -> None:
        """Bands of columns are read column by column, what stands above, between and below them as it is."""
        bands = _bands(items) if depth < MOST_CUTS else []
        if not bands:
            if items:
                self.runs.append((column, list(items)))
            return
        taken = {id(item) for band in bands for part in band for item in part}
        rest = [item for item in items if id(item) not in taken]
        for band in bands:
            top = max(item.line.top for part in band for item in part)
            self.read([item for item in rest if item.line.bottom > top - 1], column, depth + 1)
            rest = [item for item in rest if item.line.bottom <= top - 1]
            self._read_band(band, depth)
        self.read(rest, column, depth + 1)

    def _read_band(self, band: Sequence[list[_Item]], depth: int) -> None:
        # Footnotes at a column's foot would cut the sentence that goes on in the next column.
        notes: list[tuple[int, list[_Item]]] = []
        for part in band:
            self._columns += 1
            column = self._columns
            text, small = _footnotes(part)
            self.read(text, column, depth + 1)
            notes.append((column, small))
        for column, small in notes:
            if small:
                self.runs.append((column, small))


def _bands(items: Sequence[_Item]) -> list[list[list[_Item]]]:
    """The stretches of the page, from the top, that are set in columns: for each, the items of each column.

    Gutters are looked for where many lines leave the same place free; the one that parts the most lines wins.
    """
    best: list[list[list[_Item]]] = []
    score = 0
    for x in _gutters(items):
        bands = [columns for band in _uncrossed(items, x) if (columns := _columns_of(band))]
        count = sum(len(column) for columns in bands for column in columns)
        if count > score:
            best, score = bands, count
    return best


def _gutters(items: Sequence[_Item]) -> list[float]:
    """Places that stand in the most gaps between two neighbours, the best first."""
    gaps: list[tuple[float, float]] = []
    for row in _rows(items):
        for one, other in pairwise(row):
            if other.line.left - one.line.right >= GUTTER * min(one.line.size, other.line.size):
                gaps.append((one.line.right, other.line.left))
    found: list[float] = []
    while gaps and len(found) < MOST_GUTTERS:
        starts, ends = sorted(start for start, _ in gaps), sorted(end for _, end in gaps)
        x = max(starts, key=lambda at: bisect_right(starts, at) - bisect_right(ends, at))
        holding = [gap for gap in gaps if gap[0] <= x < gap[1]]
        if len(holding) < 2 and found:
            break
        found.append((x + min(end for _, end in holding)) / 2)
        gaps = [gap for gap in gaps if not gap[0] <= x < gap[1]]
    return found


def _rows(items: Sequence[_Item]) -> list[list[_Item]]:
    """For each item, it and its nearest neighbour on the right that overlaps its height."""
    ordered = sorted(items, key=lambda item: -item.line.top)
    places = [(item.line.left, item.line.bottom, item.line.right, item.line.top) for item in ordered]
    nearest = [_nearest(places, at) for at in range(len(places))]
    return [[item, ordered[at]] for item, at in zip(ordered, nearest, strict=True) if at is not None]


def _share_a_gap(items: Sequence[_Item]) -> bool:
    """Whether two rows close to each other leave the same place free, other than after numbers and bullets."""
    rows = [(one.line, other.line) for one, other in _rows(items) if not is_counter(one.line.text)]
    rows.sort(key=lambda row: -row[0].top)
    for at, (left, right) in enumerate(rows):
        for under, beside in rows[at + 1 :]:
            if left.bottom - under.top > CLOSE * left.size:
                break
            if under is not left and max(left.right, under.right) < min(right.left, beside.left):
                return True
    return False


def _nearest(places: Sequence[Rectangle], at: int) -> int | None:
    # Ordered by their tops: those that overlap the height of one stand close to it.
    _, bottom, right, top = places[at]
    found, least = None, float("inf")
    for other in range(at + 1, len(places)):
        left, _, _, upper = places[other]
        if upper <= bottom:
            break
        if right - 1 <= left < least:
            found, least = other, left
    for other in range(at - 1, max(at - NEAR, 0) - 1, -1):
        left, lower, _, _ = places[other]
        if right - 1 <= left < least and lower < top:
            found, least = other, left
    return found


def _uncrossed(items: Sequence[_Item], x: float) -> list[list[_Item]]:
    """Runs of items, from the top, none of which stands across `x`, with some on either side."""
    bands: list[list[_Item]] = []
    current: list[_Item] = []
    for item in sorted(items, key=lambda item: -item.line.top):
        if item.line.left < x - 1 and item.line.right > x + 1:
            if item.table is not None:
                current = _without_caption(current)
            bands.append(current)
            current = []
        else:
            current.append(item)
    bands.append(current)
    return [
        band
        for band in bands
        if any(item.line.right <= x + 1 for item in band) and any(item.line.left >= x - 1 for item in band)
    ]


def _without_caption(band: list[_Item]) -> list[_Item]:
    # It may be as narrow as a column, and yet it belongs to the table below all of them.
    ordered = sorted(band, key=lambda item: item.line.bottom)
    for at, item in enumerate(ordered[:CAPTION_LINES]):
        if CAPTION.match(item.line.text):
            return [other for other in band if other not in ordered[: at + 1]]
    return band


def _columns_of(band: Sequence[_Item]) -> list[list[_Item]]:
    """The columns of a band, from the left; none when it is not prose that is set in columns."""
    size = median(item.line.size for item in band if item.table is None) if _texts(band) else 0.0
    columns: list[list[_Item]] = []
    right = float("-inf")
    for item in sorted(band, key=lambda item: item.line.left):
        if not columns or item.line.left - right >= GUTTER * size:
            columns.append([])
        columns[-1].append(item)
        right = max(right, item.line.right)
    columns = _wide_enough(columns, size)
    if len(columns) < 2 or not all(map(_is_prose, columns)):
        return []
    # Back into the order of the content, which is right inside a column.
    return [sorted(column, key=lambda item: item.source) for column in columns]


def _wide_enough(columns: list[list[_Item]], size: float) -> list[list[_Item]]:
    """Numbers and bullets in a hanging column belong to the text on their right."""
    wide: list[list[_Item]] = []
    narrow: list[_Item] = []
    for column in columns:
        left, right = min(i.line.left for i in column), max(i.line.right for i in column)
        if right - left < COLUMN_WIDTH * size:
            narrow += column
        else:
            wide.append([*narrow, *column])
            narrow = []
    if narrow and wide:
        wide[-1] += narrow
    return wide


def _is_prose(column: Sequence[_Item]) -> bool:
    lines = _column_lines(column)
    if len(lines) < COLUMN_LINES:
        return False
    edges = min(left for left, *_ in lines), max(right for _, right, *_ in lines)
    letters = [count for *_, count in lines]
    full = sum(count for left, right, _, count in lines if right - left >= FULL * (edges[1] - edges[0]))
    if full < FULL * sum(letters) or median(letters) < COLUMN_TEXT:
        return False
    tops = sorted((top for _, _, top, _ in lines), reverse=True)
    distances = [one - other for one, other in pairwise(tops)]
    return median(distances) < DENSE * median(line.size for line in _texts(column))


def _column_lines(column: Sequence[_Item]) -> list[tuple[float, float, float, int]]:
    """Left, right, top and letters of each line of a column; pieces of one line are taken together."""
    found: dict[int, tuple[float, float, float, int]] = {}
    for item in column:
        if item.table is None:
            line, count = item.line, _letters(item.line.text)
            left, right, top, letters = found.get(item.source, (line.left, line.right, line.top, 0))
            found[item.source] = (
                min(left, line.left),
                max(right, line.right),
                max(top, line.top),
                letters + count,
            )
    return list(found.values())


def _texts(items: Sequence[_Item]) -> list[Line]:
    return [item.line for item in items if item.table is None]


def _letters(text: str) -> int:
    """Its length; characters as wide as they are high count twice."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _footnotes(column: Sequence[_Item]) -> tuple[list[_Item], list[_Item]]:
    """The text of a column, and the smaller lines at its foot."""
    texts = _texts(column)
    usual = median(line.size for line in texts) if texts else 0.0
    ordered = sorted(column, key=lambda item: -item.line.bottom)
    cut = len(ordered)
    while cut and ordered[cut - 1].table is None and ordered[cut - 1].line.size < FOOTNOTE * usual:
        cut -= 1
    small = {id(item) for item in ordered[cut:]}
    return [item for item in column if id(item) not in small], [i for i in column if id(i) in small]


class _Writer:
    """Puts runs of items together to a Layout; pieces of a line that stayed neighbours are one line again."""

    def __init__(self, page: PageText, tables: Callable[[Sequence[_Item]], list[_Item]]) -> None:
        self._page = page
        self._tables = tables
        self._lines: list[Line] = []
        self._columns: list[int] = []
        self._found: dict[int, Block] = {}

    def write(self, order: _Order) -> Layout:
        for column, items in order.runs:
            for item in _settled(self._whole(self._tables(items))):
                if item.table is None:
                    self._append([item.line], column)
                else:
                    self._found[len(self._lines)] = item.table
                    self._append(item.table.lines, column)
        return Layout(tuple(self._lines), self._page.height, tuple(self._columns), self._found)

    def _append(self, lines: Sequence[Line], column: int) -> None:
        self._lines += lines
        self._columns += [column] * len(lines)

    def _whole(self, items: Sequence[_Item]) -> list[_Item]:
        whole: list[_Item] = []
        for source, group in groupby(items, key=lambda item: -1 if item.piece is None else item.source):
            if source < 0:
                whole += group
                continue
            pieces: list[Piece] = []
            for item in group:
                if item.piece is not None:
                    if pieces and item.piece.start != pieces[-1].end:
                        whole.append(_Item(glued(self._page, pieces), source))
                        pieces = []
                    pieces.append(item.piece)
            whole.append(_Item(glued(self._page, pieces), source))
        return whole


def _settled(items: Sequence[_Item]) -> list[_Item]:
    """Items of one column in reading order: a table stands before the first line below it."""
    texts = [item for item in items if item.table is None]
    lines = _from_the_top([item.line for item in texts])
    by_line = {id(item.line): item for item in texts}
    settled = [by_line[id(line)] for line in lines]
    for table in (item for item in items if item.table is not None):
        below = (
            at for at, item in enumerate(settled) if item.line.top <= (table.line.top + table.line.bottom) / 2
        )
        settled.insert(next(below, len(settled)), table)
    return settled


def _with_aligned_tables(items: Sequence[_Item], rules: Sequence[Rule]) -> list[_Item]:
    pieces = [item.piece for item in items if item.piece is not None]
    others = [item for item in items if item.piece is None]
    found: list[_Item] = []
    while (table := aligned_table(pieces, rules)) is not None:
        taken = {id(piece) for piece in table[1]}
        pieces = [piece for piece in pieces if id(piece) not in taken]
        found.append(_table_item(table[0]))
    return [*(_Item(piece.line, piece.source, piece) for piece in pieces), *others, *found]


def _from_the_top(lines: Sequence[Line]) -> list[Line]:
    """The lines of one column as they are, or from its top where the content jumps upwards.

    Lines that stand beside each other keep their order, but for a title above them all that was drawn last.
    """
    jumps = any(other.bottom > one.bottom + 0.5 * other.size for one, other in pairwise(lines))
    if not jumps:
        return list(lines)
    if not _beside_each_other(lines):
        return sorted(lines, key=lambda line: -line.bottom)
    for at in range(max(len(lines) - MOVED_LINES, 1), len(lines)):
        if min(line.bottom for line in lines[at:]) > max(line.top for line in lines[:at]) - 1:
            return [*lines[at:], *lines[:at]]
    return list(lines)


def _beside_each_other(lines: Sequence[Line]) -> bool:
    ordered = sorted(lines, key=lambda line: -line.top)
    for at, line in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if other.top <= line.bottom:
                break
            overlap = min(line.top, other.top) - max(line.bottom, other.bottom)
            if overlap > 0.5 * min(line.size, other.size):
                return True
    return False
