"""Tables of a PDF page: those framed by rules, and those whose columns are only aligned.

In: the rules of an open page, the pieces of its lines. Out: a `FoundTable` each, its block with rows of cells.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from .pdf_blocks import Block
from .pdf_gaps import Piece, cut
from .pdf_lines import Line, PageText, Rectangle
from .pdf_rules import Rule

TOUCH = 3.0  # points: two rules nearer than this meet, or are one
BETWEEN_GROUPS = 20.0  # points: columns of one table may be set apart so much
MOST_CROSSINGS = 1_000_000  # pairs of rules looked at on one page
FILLED = 0.35  # of a frame's cells hold text, or it is a chart or a drawing
MOST_CELLS = 20_000
MOST_HEAD_ROWS = 4
SHORT_CELL = 40  # characters: a column of longer ones is prose

_FIGURE = re.compile(
    r"[\W_]*\d[\d\s.,:/()%+×x−–-]*\s?[a-zA-Z%‰°]{0,3}[*†\])]*|[-–—…*•✓↑↓→↔↗↘]+|n/?a\.?|\.{1,3}", re.IGNORECASE
)
_YEAR = re.compile(r"(?:FY\s?)?(?:1[89]|20)\d\d(?:\s?[-–/]\s?(?:\d\d){1,2})?")
_COUNTER = re.compile(
    r"\(?(?:\d{1,3}|[a-zа-я]|[ivxlc]{1,5})[.)]+|\[\d+\]|[•●▪■□◦‣⁃∙·–—-]|\d+(?:\.\d+)+\.?", re.IGNORECASE
)
_LEADERS = re.compile(r"\.{4}|(?:\. ){4}|…{2}")


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table of a page: its box, its block, and where it stands in the order of the page's lines."""

    box: Rectangle
    block: Block
    source: int


# --- Tables framed by rules -------------------------------------------------------------------


def ruled_tables(
    page: PageText, rules: Sequence[Rule], pieces: Sequence[Piece]
) -> tuple[list[FoundTable], list[Piece]]:
    """The tables framed by rules, and the pieces that stand in none."""
    tables: list[FoundTable] = []
    rest = list(pieces)
    # Drawn lines first: a shade may stand behind each line of a cell, and is no cell then.
    drawn = [rule for rule in rules if rule.drawn]
    shades = _merged([rule for rule in rules if not rule.drawn])
    for grids in (
        [_with_shades(grid, shades) for grid in _grids(drawn)],
        [_without_stripes(grid, rest) for grid in _grids(rules)] if shades else [],
    ):
        for frame in sorted(map(_Frame, grids), key=lambda frame: (-frame.ys[0], frame.xs[0])):
            if not frame.is_table():
                continue
            inside, outside = _split(page, frame, rest)
            table = _framed_table(frame, inside)
            if table is not None:
                tables.append(table)
                rest = outside
    return tables, rest


class _Frame:
    """A grid of rules: `xs` ascending, `ys` descending (rows are counted from the top)."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        level = [rule for rule in rules if rule.level]
        upright = [rule for rule in rules if not rule.level]
        self.xs = _clustered([*(r.at for r in upright), *(x for r in level for x in (r.start, r.end))])
        self.ys = _clustered([*(r.at for r in level), *(y for r in upright for y in (r.start, r.end))])[::-1]
        self.rows, self.columns = len(self.ys) - 1, len(self.xs) - 1
        self._level, self._upright = _by_place(level, self.ys), _by_place(upright, self.xs)
        self.anchors = self._anchors()

    @property
    def box(self) -> Rectangle:
        return self.xs[0], self.ys[-1], self.xs[-1], self.ys[0]

    def row(self, y: float) -> int:
        return min(max(bisect_right(self.ys, -y, key=lambda at: -at) - 1, 0), self.rows - 1)

    def column(self, x: float) -> int:
        return min(max(bisect_right(self.xs, x) - 1, 0), self.columns - 1)

    def borders(self, row: int) -> list[float]:
        """Where the cells of a row end on their right."""
        middle = (self.ys[row] + self.ys[row + 1]) / 2
        return [self.xs[at] for at in range(1, self.columns) if _covers(self._upright[at], middle)]

    def is_table(self) -> bool:
        """Whether all cells are rectangles, and some border of columns goes through half of the rows.

        The bars of a chart, the boxes of an organisation and the shades behind words make other shapes.
        """
        if self.columns < 2 or self.rows < 2 or self.rows * self.columns > MOST_CELLS:
            return False
        squares: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for square, anchor in self.anchors.items():
            squares[anchor].append(square)
        for cell in squares.values():
            height = max(row for row, _ in cell) - min(row for row, _ in cell) + 1
            width = max(column for _, column in cell) - min(column for _, column in cell) + 1
            if height * width != len(cell):
                return False
        through = Counter(x for row in range(self.rows) for x in self.borders(row))
        return max(through.values(), default=0) >= max(2, 0.5 * self.rows)

    def _anchors(self) -> dict[tuple[int, int], tuple[int, int]]:
        # Grid squares with no rule between them are one cell, known by its upper left square.
        anchors: dict[tuple[int, int], tuple[int, int]] = {}
        for row in range(self.rows):
            middle = (self.ys[row] + self.ys[row + 1]) / 2
            for column in range(self.columns):
                across = (self.xs[column] + self.xs[column + 1]) / 2
                if column and not _covers(self._upright[column], middle):
                    anchors[row, column] = anchors[row, column - 1]
                elif row and not _covers(self._level[row], across):
                    anchors[row, column] = anchors[row - 1, column]
                else:
                    anchors[row, column] = row, column
        return anchors


def _grids(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that touch each other, directly or through others."""
    merged = _merged(rules)
    level = [rule for rule in merged if rule.level]
    upright = [rule for rule in merged if not rule.level]
    if not level or not upright or len(level) * len(upright) > MOST_CROSSINGS:
        return []
    groups = _Groups(len(merged))
    for one, flat in enumerate(level):
        for other, tall in enumerate(upright, len(level)):
            if (
                flat.start - TOUCH <= tall.at <= flat.end + TOUCH
                and tall.start - TOUCH <= flat.at <= tall.end + TOUCH
            ):
                groups.join(one, other)
    ordered = [*level, *upright]
    return _side_by_side([[ordered[at] for at in group] for group in groups.members() if len(group) >= 3])


def _with_shades(grid: list[Rule], shades: Sequence[Rule]) -> list[Rule]:
    """A grid of drawn lines, with the foot of a shaded head that reaches from one of its lines to another."""
    xs = [rule.at for rule in grid if not rule.level] + [x for r in grid if r.level for x in (r.start, r.end)]
    ys = [rule.at for rule in grid if rule.level] + [y for r in grid if not r.level for y in (r.start, r.end)]
    _, bottom, _, top = _extent(grid)
    return grid + [
        rule
        for rule in shades
        if rule.level
        and bottom <= rule.at <= top
        and all(abs(rule.at - y) > TOUCH for y in ys)
        and all(any(abs(end - x) <= TOUCH for x in xs) for end in (rule.start, rule.end))
    ]


def _without_stripes(grid: list[Rule], pieces: Sequence[Piece]) -> list[Rule]:
    """A grid of shades, where every other row has none: the borders go on through the rows between,
    unless text stands across them."""
    added: list[Rule] = []
    places = _clustered(rule.at for rule in grid if not rule.level)
    for at, rules in zip(places, _by_place([rule for rule in grid if not rule.level], places), strict=True):
        rules.sort(key=lambda rule: rule.start)
        for one, other in itertools.pairwise(rules):
            low, high = one.end, other.start
            if high - low > TOUCH and not any(
                low < (piece.line.bottom + piece.line.top) / 2 < high
                and piece.line.left < at - 1
                and piece.line.right > at + 1
                for piece in pieces
            ):
                added.append(Rule(False, at, low, high, False))
    return grid + added


class _Groups:
    """Disjoint sets of the numbers below `count`."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def join(self, one: int, other: int) -> None:
        self._above[self._top(one)] = self._top(other)

    def members(self) -> list[list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._above)):
            found[self._top(number)].append(number)
        return list(found.values())

    def _top(self, number: int) -> int:
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Rules on one line that touch, as one; the double strokes of a border too."""
    merged: list[Rule] = []
    for level in (True, False):
        mine = sorted((rule for rule in rules if rule.level is level), key=lambda rule: rule.at)
        line: list[Rule] = []
        for rule in mine:
            if line and rule.at - line[0].at > TOUCH:
                merged += _joined_up(line)
                line = []
            line.append(rule)
        merged += _joined_up(line)
    return merged


def _joined_up(line: Sequence[Rule]) -> Iterator[Rule]:
    if not line:
        return
    at = sum(rule.at for rule in line) / len(line)
    start, end = None, 0.0
    for rule in sorted(line, key=lambda rule: rule.start):
        if start is not None and rule.start > end + TOUCH:
            yield Rule(line[0].level, at, start, end, line[0].drawn)
            start = None
        start, end = (rule.start, rule.end) if start is None else (start, max(end, rule.end))
    if start is not None:
        yield Rule(line[0].level, at, start, end, line[0].drawn)


def _side_by_side(grids: Sequence[list[Rule]]) -> list[list[Rule]]:
    """Grids of one height with a small gap between them are one table."""
    joined: list[tuple[Rectangle, list[Rule]]] = []
    for box, grid in sorted(((_extent(grid), grid) for grid in grids), key=lambda pair: pair[0][0]):
        for at, (other, rules) in enumerate(joined):
            same = abs(other[1] - box[1]) <= TOUCH and abs(other[3] - box[3]) <= TOUCH
            if same and 0 <= box[0] - other[2] <= BETWEEN_GROUPS:
                joined[at] = (other[0], other[1], box[2], other[3]), rules + grid
                break
        else:
            joined.append((box, grid))
    return [rules for _, rules in joined]


def _extent(rules: Sequence[Rule]) -> Rectangle:
    xs = [x for rule in rules for x in ((rule.start, rule.end) if rule.level else (rule.at,))]
    ys = [y for rule in rules for y in ((rule.at,) if rule.level else (rule.start, rule.end))]
    return min(xs), min(ys), max(xs), max(ys)


def _clustered(places: Iterable[float]) -> list[float]:
    """The distinct places, ascending: those nearer than TOUCH to each other are one."""
    found: list[list[float]] = []
    for place in sorted(places):
        if found and place - found[-1][0] <= TOUCH:
            found[-1].append(place)
        else:
            found.append([place])
    return [sum(near) / len(near) for near in found]


def _by_place(rules: Sequence[Rule], places: Sequence[float]) -> list[list[Rule]]:
    return [[rule for rule in rules if abs(rule.at - place) <= TOUCH] for place in places]


def _covers(rules: Sequence[Rule], place: float) -> bool:
    return any(rule.start <= place <= rule.end for rule in rules)


def _split(page: PageText, frame: _Frame, pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """The pieces inside a frame, cut at its borders, and the others."""
    left, bottom, right, top = frame.box
    inside: list[Piece] = []
    outside: list[Piece] = []
    for piece in pieces:
        line = piece.line
        middle = (line.bottom + line.top) / 2
        if not bottom < middle < top or line.right <= left or line.left >= right:
            outside.append(piece)
            continue
        for part in cut(page, piece, [left, *frame.borders(frame.row(middle)), right]):
            centre = (part.line.left + part.line.right) / 2
            (inside if left < centre < right else outside).append(part)
    return inside, outside


def _framed_table(frame: _Frame, inside: Sequence[Piece]) -> FoundTable | None:
    cells: dict[tuple[int, int], list[Piece]] = defaultdict(list)
    straddling = 0
    for piece in inside:
        line = piece.line
        row, column = frame.row((line.bottom + line.top) / 2), frame.column((line.left + line.right) / 2)
        cells[frame.anchors[row, column]].append(piece)
        straddling += frame.anchors[row, column] != frame.anchors[row, frame.column(line.left + 1)]
    used_rows = sorted({row for row, _ in cells})
    used_columns = sorted({column for _, column in cells})
    filled = [sum((row, column) in cells for column in used_columns) for row in used_rows]
    several = sum(count > 1 for count in filled)
    shown = {
        anchor
        for (row, column), anchor in frame.anchors.items()
        if row in used_rows and column in used_columns
    }
    if several < 2 or len(cells) < FILLED * len(shown) or straddling > 0.2 * len(inside):
        return None
    rows = tuple(
        tuple(_in_cell(cells.get((row, column), ())) for column in used_columns) for row in used_rows
    )
    return _found(rows, frame.box, min(piece.source for piece in inside))


def _in_cell(pieces: Sequence[Piece]) -> tuple[Line, ...]:
    """The lines of a cell from its top; what stands on one line from its left."""
    rows = _visual_rows([piece.line for piece in pieces])
    return tuple(line for row in rows for line in row)


def _found(rows: tuple[tuple[tuple[Line, ...], ...], ...], box: Rectangle, source: int) -> FoundTable:
    lines = tuple(line for row in rows for cell in row for line in cell)
    return FoundTable(box, Block(lines, rows=rows, head_rows=head_rows(rows)), source)


def _visual_rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand beside each other, row by row from the top, each row from its left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -line.top):
        beside = rows[-1] if rows else []
        overlap = min((min(o.top, line.top) - max(o.bottom, line.bottom) for o in beside), default=0.0)
        if beside and overlap > 0.5 * min(line.size, *(o.size for o in beside)):
            beside.append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def head_rows(rows: Sequence[Sequence[Sequence[Line]]]) -> int:
    """How many rows at the top are column heads: the bold ones, else those without figures above figures."""
    bold = 0
    for row in rows:
        lines = [line for cell in row for line in cell]
        if not all(line.bold for line in lines):
            break
        bold += 1
    if 0 < bold < len(rows):
        return min(bold, MOST_HEAD_ROWS)
    texts = [[" ".join(line.text for line in cell) for cell in row] for row in rows]
    for count, cells in enumerate(texts[: MOST_HEAD_ROWS + 1]):
        figures = [is_figure(cell) and not _YEAR.fullmatch(cell) for cell in cells[1:] if cell]
        if any(figures):
            return count if sum(figures) >= 0.5 * len(figures) else 0
    # Only words: short names over longer texts.
    lengths = [len(cell) for row in texts[1:] for cell in row if cell]
    short = all(texts[0]) and sum(map(len, texts[0])) / len(texts[0]) < 0.5 * sum(lengths) / max(
        len(lengths), 1
    )
    return int(short and len(rows) > 1)


def is_figure(text: str) -> bool:
    """A number with its signs and unit, a dash, or "n/a"."""
    return bool(_FIGURE.fullmatch(text.strip()))


def is_counter(text: str) -> bool:
    """The number or the bullet that a list, a law or a bibliography sets before its text."""
    return bool(_COUNTER.fullmatch(text.strip()))


# --- Tables whose columns are only aligned ----------------------------------------------------


def aligned_table(pieces: Sequence[Piece], rules: Sequence[Rule]) -> tuple[FoundTable, list[Piece]] | None:
    """The first table among pieces that stand in one column of the page, and the pieces in it.

    Its rows are at least three in which the same gaps part at least two columns, and it must look like
    data: mostly figures, or three columns of short texts. Lists, contents, references and forms do not.
    """
    rows = _piece_rows(pieces)
    at = 0
    while at < len(rows):
        end = _run_end(rows, at) if len(rows[at]) > 1 else at
        if end - at >= 3:
            table = _aligned(rows[at:end], rules)
            if table is not None:
                return table, [piece for row in rows[at:end] for piece in row]
        at = max(end, at + 1)
    return None


def _piece_rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    by_line = {id(piece.line): piece for piece in pieces}
    return [[by_line[id(line)] for line in row] for row in _visual_rows([piece.line for piece in pieces])]


def _run_end(rows: Sequence[Sequence[Piece]], start: int) -> int:
    """Where the rows end that share a gap with the row at `start`; a row of one piece must stay in a column."""
    gaps = _gaps(rows[start])
    last = start + 1
    before = rows[start]
    for at in range(start + 1, len(rows)):
        row = rows[at]
        size = max(piece.line.size for piece in row)
        distance = before[0].line.bottom - row[0].line.bottom
        if distance > 3.2 * size or (len(row) == 1 and distance > 1.8 * size):
            break
        free = _free(gaps, row, 0.5 * size)
        if not free:
            break
        gaps, before = free, row
        if len(row) > 1 and _parted_by(row, gaps):
            last = at + 1
    return last


def _gaps(row: Sequence[Piece]) -> list[tuple[float, float]]:
    return [(one.line.right, other.line.left) for one, other in itertools.pairwise(row)]


def _free(
    gaps: Sequence[tuple[float, float]], row: Sequence[Piece], least: float
) -> list[tuple[float, float]]:
    """What the pieces of a row leave of some gaps."""
    for piece in row:
        left, right = piece.line.left, piece.line.right
        gaps = [
            part
            for start, end in gaps
            for part in ((start, min(end, left)), (max(start, right), end))
            if part[1] - part[0] >= least
        ]
    return list(gaps)


def _parted_by(row: Sequence[Piece], gaps: Sequence[tuple[float, float]]) -> bool:
    return any(row[0].line.right <= start + 0.1 and row[-1].line.left >= end - 0.1 for start, end in gaps)


def _aligned(rows: Sequence[Sequence[Piece]], rules: Sequence[Rule]) -> FoundTable | None:
    bounds = _bounds(rows)
    if not bounds:
        return None
    cells = [_cells(row, bounds) for row in rows]
    if not _is_data(cells):
        return None
    lines = [piece.line for row in rows for piece in row]
    box = (
        min(line.left for line in lines),
        min(line.bottom for line in lines),
        max(line.right for line in lines),
        max(line.top for line in lines),
    )
    merged = _with_wrapped(cells, _rows_between(rules, rows, box))
    return _found(merged, box, min(piece.source for row in rows for piece in row))


def _bounds(rows: Sequence[Sequence[Piece]]) -> list[float]:
    """The middles of the gaps that all rows leave free."""
    full = [row for row in rows if len(row) > 1]
    left = min(piece.line.left for row in rows for piece in row)
    right = max(piece.line.right for row in rows for piece in row)
    gaps = [(left, right)]
    for row in rows:
        gaps = _free(gaps, row, 0.4 * median(piece.line.size for piece in row))
    bounds = [
        (start + end) / 2
        for start, end in gaps
        if start > left
        and end < right
        and sum(_parted_by(row, [(start, end)]) for row in full) >= 0.5 * len(full)
    ]
    return _without_shifts(full, bounds)


def _without_shifts(rows: Sequence[Sequence[Piece]], bounds: list[float]) -> list[float]:
    """Heads on the left of a column and figures on its right are one column: no row has both."""
    at = 0
    while at < len(bounds):
        both = [_cells(row, bounds)[at : at + 2] for row in rows]
        if any(left and right for left, right in both):
            at += 1
        else:
            bounds = bounds[:at] + bounds[at + 1 :]
    return bounds


def _cells(row: Sequence[Piece], bounds: Sequence[float]) -> list[tuple[Line, ...]]:
    cells: list[list[Line]] = [[] for _ in range(len(bounds) + 1)]
    for piece in row:
        cells[bisect_right(bounds, piece.line.left)].append(piece.line)
    return [tuple(cell) for cell in cells]


def _is_data(rows: Sequence[Sequence[Sequence[Line]]]) -> bool:
    texts = [[" ".join(line.text for line in cell) for cell in row] for row in rows]
    full = [row for row in texts if sum(map(bool, row)) > 1]
    if len(full) < 3 or any(_LEADERS.search(cell) for row in full for cell in row):
        return False
    columns = [[cell for cell in column if cell] for column in zip(*full, strict=True)]
    if all(map(is_counter, columns[0])):
        return False  # a list, a bibliography, numbered paragraphs
    values = [cell for column in columns[1:] for cell in column]
    figures = sum(map(is_figure, values))
    if len(columns) == 2:
        return figures >= 0.7 * len(values) and len(values) >= 3 and not _page_numbers(columns[1])
    labels = sum(cell.endswith(":") for row in full for cell in row)
    if labels > 0.2 * len(values) or median(map(len, values)) > SHORT_CELL:
        return False
    regular = sum(sum(map(bool, row)) >= 0.6 * len(columns) for row in full)
    return regular >= 0.6 * len(full) and (figures >= 0.4 * len(values) or len(full) >= 4)


def _page_numbers(column: Sequence[str]) -> bool:
    """Whether these are whole numbers that grow: the page numbers of a table of contents."""
    numbers = [int(cell) for cell in column if cell.isdigit() and len(cell) <= 4]
    return len(numbers) >= 0.8 * len(column) and numbers == sorted(numbers) and len(set(numbers)) > 1


def _rows_between(rules: Sequence[Rule], rows: Sequence[Sequence[Piece]], box: Rectangle) -> list[int]:
    """For each row, the number of wide level rules above it."""
    wide = [
        rule.at
        for rule in _merged(rules)
        if rule.level
        and rule.start < box[0] + 20
        and rule.end > box[2] - 20
        and box[1] - 10 < rule.at < box[3] + 10
    ]
    return [sum(at > row[0].line.bottom + 0.3 * row[0].line.size for at in wide) for row in rows]


def _with_wrapped(
    rows: Sequence[Sequence[tuple[Line, ...]]], above: Sequence[int]
) -> tuple[tuple[tuple[Line, ...], ...], ...]:
    """Lines that go on a cell are put into it: those between two rules where every row has its rule,
    else those of a row without a first cell."""
    ruled = len(set(above)) >= 0.4 * len(rows) and len(set(above)) >= 4
    merged: list[list[tuple[Line, ...]]] = []
    for at, row in enumerate(rows):
        goes_on = above[at] == above[at - 1] if ruled else not row[0] and sum(map(bool, row)) == 1
        if merged and at and goes_on:
            merged[-1] = [one + other for one, other in zip(merged[-1], row, strict=True)]
        else:
            merged.append(list(row))
    return tuple(tuple(row) for row in merged)
