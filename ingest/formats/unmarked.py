"""Rows of cells that nobody marked up: which of them name the columns, which are titles and notes.

In: rows of strings, from a sheet, a CSV file or a text. Out: blocks of a draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .draft import Draft, one_line

MOST_HEADS = 3  # rows of column heads

_NUMBER = re.compile(r"[-+−–(]?\s*[$€£¥₩₽]?\s*\d[\d\s.,%)]*|\d{4}-\d\d-\d\d.*")
_YEAR = re.compile(r"(?:19|20)\d\d[.*]?")

Row = Sequence[str]


def is_number(cell: str) -> bool:
    """A figure, with its signs of thousands, percent or currency; a date; a year too."""
    return bool(_NUMBER.fullmatch(cell.strip()))


def head_rows(rows: Sequence[Row], stated: int = 0) -> int:
    """How many of the first rows name the columns: as many as the file states, or more by what stands in them.

    A row of heads holds no figure but years, and figures stand below. A second one follows only where the
    first leaves places empty, as heads do that stand over several columns.
    """
    last = max((number for number, row in enumerate(rows) if any(map(is_number, row))), default=0)
    titles = 0  # first rows of a single cell: they belong to the heads below them
    while titles < last and _filled(rows[titles]) < 2:
        titles += 1
    count = titles
    while count < min(titles + MOST_HEADS, last):
        row = rows[count]
        if _filled(row) < 2 or any(is_number(cell) and not _YEAR.fullmatch(cell.strip()) for cell in row):
            break
        if count > titles and not _completes(rows[count - 1], row):
            break
        count += 1
    return max(count if count > titles else 0, min(stated, max(len(rows) - 1, 0)))


def _completes(above: Row, row: Row) -> bool:
    """Whether a row names what the one above, with its empty places, left open."""
    has_gap = any(cell.strip() and not (above[at : at + 1] or [""])[0].strip() for at, cell in enumerate(row))
    return has_gap and (not row[0].strip() or not above[0].strip())


def add_block(draft: Draft, rows: Sequence[Row], heads: int | None = None) -> None:
    """Appends rows without an empty one between them: titles above the table, the table, notes below it.

    `heads` is the number of head rows of all `rows`, where the file marks them.
    """
    first, last = 0, len(rows)
    while first < last and _filled(rows[first]) < 2:
        first += 1
    while last > first and _filled(rows[last - 1]) < 2:
        last -= 1
    # One block: all that stands above a table is its caption.
    draft.paragraph("\n".join(map(_line, rows[:first])))
    table = rows[first:last]
    if len(table) == 1:
        draft.paragraph(_line(table[0]))
    elif table:
        left = min(next(at for at, cell in enumerate(row) if cell.strip()) for row in table if _filled(row))
        table = [row[left:] for row in table]
        found = head_rows(table)
        draft.table(table, found if heads is None else max(heads - first, found))
    for row in rows[last:]:
        draft.paragraph(_line(row))


def blocks(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """The ranges of rows between empty ones."""
    first = 0
    for number, row in enumerate([*rows, ()]):
        if not _filled(row):
            if number > first:
                yield first, number
            first = number + 1


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _line(row: Row) -> str:
    return " ".join(one_line(cell) for cell in row if cell.strip())
