"""Tables of a PDF page that are framed by rules, or by shades.

In: the rules of an open page, the pieces of its lines. Out: a `FoundTable` each, and the pieces in none.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from .pdf_gaps import Piece, cut
from .pdf_lines import Line, PageText
from .pdf_rules import TOUCH, Rule, merged_rules
from .pdf_tables import FoundTable, found_table, visual_rows
from .pdf_turn import Rectangle

BETWEEN_GROUPS = 20.0  # points: columns of one table may be set apart so much
MOST_CROSSINGS = 1_000_000  # pairs of rules looked at on one page
FILLED = 0.35  # of a frame's cells hold text, or it is a chart or a drawing
MOST_CELLS = 20_000


def ruled_tables(
    page: PageText, rules: Sequence[Rule], pieces: Sequence[Piece]
) -> tuple[list[FoundTable], list[Piece]]:
    """The tables framed by rules, and the pieces that stand in none."""
    tables: list[FoundTable] = []
    rest = list(pieces)
    # Drawn lines first: a shade may stand behind each line of a cell, and is no cell then.
    drawn = [rule for rule in rules if rule.drawn]
    shades = merged_rules([rule for rule in rules if not rule.drawn])
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
    merged = merged_rules(rules)
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
    return found_table(rows, frame.box, min(piece.source for piece in inside))


def _in_cell(pieces: Sequence[Piece]) -> tuple[Line, ...]:
    """The lines of a cell from its top; what stands on one line from its left."""
    rows = visual_rows([piece.line for piece in pieces])
    return tuple(line for row in rows for line in row)
