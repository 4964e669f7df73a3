"""Tables of a PDF page whose columns are only aligned.

In: pieces that stand in one column of the page, and the page's rules. Out: a `FoundTable` with its pieces.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Sequence
from statistics import median

from .pdf_gaps import Piece
from .pdf_lines import Line
from .pdf_rules import Rule, merged_rules
from .pdf_tables import FoundTable, found_table, is_counter, is_figure, visual_rows
from .pdf_turn import Rectangle

SHORT_CELL = 40  # characters: a column of longer ones is prose
_LEADERS = re.compile(r"\.{4}|(?:\. ){4}|…{2}")


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
    return [[by_line[id(line)] for line in row] for row in visual_rows([piece.line for piece in pieces])]


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
    return found_table(merged, box, min(piece.source for row in rows for piece in row))


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
    numbers = [int(cell) for cell in column if cell.isdecimal() and len(cell) <= 4]
    return len(numbers) >= 0.8 * len(column) and numbers == sorted(numbers) and len(set(numbers)) > 1


def _rows_between(rules: Sequence[Rule], rows: Sequence[Sequence[Piece]], box: Rectangle) -> list[int]:
    """For each row, the number of wide level rules above it."""
    wide = [
        rule.at
        for rule in merged_rules(rules)
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
