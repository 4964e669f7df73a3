"""The cells of a table, each with its address, become rows in which equal places are one column.

In: row, column and text of each cell that is really there. Out: rows; a place that a merged cell
covers is empty, so that its text stands in the table once.
"""

from __future__ import annotations

from collections.abc import Iterable

MOST_COLUMNS = 1000  # a wider address is a mistake or an attack; its cell is put at the end of the row


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
