"""Cells by address become rows: each text once, in its column; and which row names the columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.grid import MOST_COLUMNS, heads_among, rows_of


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


def test_which_row_names_the_columns() -> None:
    assert heads_among([["Страна", "2022", "2023년"], ["a", "1", "2"]]) == 1
    assert heads_among([["", "Объём"], ["a", "1"]]) == 0  # one name is no row of names
    assert heads_among([["국가", "수출"], ["가", "나"]]) == 0  # nothing below is a number
    assert heads_among([["a", "1,5 %"], ["b", "2"]]) == 0
    assert heads_among([["a", "b"], ["c", "d"], ["e", "f"]], stated=2) == 2
    assert heads_among([["a", "b"], ["c", "d"]], stated=2) == 1  # something must stand below
    assert heads_among([]) == 0
