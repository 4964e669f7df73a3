"""The cells of a table, each with its address, become rows in which equal places are one column.

In: row, column and text of each cell that is really there. Out: rows; a place that a merged cell
covers is empty, so that its text stands in the table once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MOST_COLUMNS = 1000  # a wider address is a mistake or an attack; its cell is put at the end of the row

_NUMBER = re.compile(r"[-+−(]?[$€£₩]?\d[\d\s.,%)]*")
_YEAR = re.compile(r"(?:19|20)\d\d년?")


def rows_of(cells: Iterable[tuple[int, int, str]]) -> list[list[str]]:
    """Rows without any cell are left out. Two cells at one address share it, as they would on paper."""
    places: dict[int, dict[int, list[str]]] = {}
    for row, column, text in cells:
        line = places.setdefault(row, {})
        line.setdefault(min(max(column, 0), MOST_COLUMNS), []).append(text)
    return [
        [" ".join(line.get(column, ())) for column in range(max(line) + 1)]
        for _, line in sorted(places.items())
    ]


def heads_among(rows: Sequence[Sequence[str]], stated: int = 0) -> int:
    """How many rows name the columns: what the file states, else the first row when its cells are words
    or years and a number stands below."""
    if stated or not rows:
        return min(stated, max(len(rows) - 1, 0))
    first = [cell.strip() for cell in rows[0] if cell.strip()]
    words = [cell for cell in first if not _YEAR.fullmatch(cell)]
    below = [cell.strip() for row in rows[1:] for cell in row if cell.strip()]
    named = len(first) > 1 and not any(map(_NUMBER.fullmatch, words))
    return int(named and any(map(_NUMBER.fullmatch, below)))
