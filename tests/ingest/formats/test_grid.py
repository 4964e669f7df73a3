"""Cells by address become rows: each text once, in its column."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.grid import MOST_COLUMNS, rows_of


def test_merged_cells_leave_empty_places() -> None:
    cells = [(0, 0, "a"), (0, 2, "c"), (5, 1, "e"), (5, 1, "f")]
    assert rows_of(cells) == [["a", "", "c"], ["", "e f"]]
    assert rows_of([]) == []


@given(
    st.lists(
        st.tuples(st.integers(-9, 10**9), st.integers(-9, 10**9), st.text("abc", min_size=1, max_size=3))
    )
)
def test_no_text_is_lost_and_no_row_is_endless(cells: list[tuple[int, int, str]]) -> None:
    rows = rows_of(cells)
    words = [word for row in rows for cell in row for word in cell.split()]
    assert sorted(words) == sorted(text for _, _, text in cells)
    assert all(len(row) <= MOST_COLUMNS + 1 for row in rows)
