"""Tables of web pages and e-books: the grid that their merged cells make, and their head rows.

In: a table element. Out: its cells, place by place; whether it holds data or only arranges a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from . import unmarked

MOST_COLUMNS_MERGED = 50  # places that one cell may cover to its right
MOST_ROWS_MERGED = 2_000  # and below
LONGEST_DATUM = 500  # characters; a longer cell in a table without heads is a column of a page

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CELLS = ("td", "th")
_SPAN = re.compile(r"\s*(\d{1,5})")
# "(a)", "12.", "—": what stands before a point of a list that is set as a table, as in the Official Journal.
ENUMERATOR = re.compile(r"\(?(?:\w{1,5}|[ivxl]{1,7})[.)]|[-–—•·*]")

Grid = list[list[Any | None]]


def grid(table: Any) -> Grid:
    """Its cells, row by row; None in each place that a merged cell covers. Tables inside are not entered."""
    covered: dict[int, int] = {}  # column → rows that a cell above still covers, this one included
    found: Grid = []
    for row in _rows(table):
        line: list[Any | None] = []
        below = {column: rows - 1 for column, rows in covered.items() if rows > 1}
        for cell in row.iterchildren(*_CELLS):
            while len(line) in covered:
                line.append(None)
            width = _merged(cell, "colspan", MOST_COLUMNS_MERGED)
            height = _merged(cell, "rowspan", MOST_ROWS_MERGED)
            if height > 1:
                below.update(dict.fromkeys(range(len(line), len(line) + width), height - 1))
            line += [cell, *[None] * (width - 1)]
        while line and line[-1] is None:  # nothing stands right of the last cell
            line.pop()
        covered = below
        found.append(line)
    return found


def is_data(table: Any, cells: Grid) -> bool:
    """Whether equal places of its rows belong together; a table can also be a way to arrange a page."""
    if (table.get("role") or "").lower() in {"presentation", "none"} or table.find(".//table") is not None:
        return False
    if max((len(row) for row in cells), default=0) < 2:
        return False
    if any(row[0] is not None and is_list_item(row) for row in cells if row):
        return not all(is_list_item(row) for row in cells if row)
    marks = ("th", "thead", "caption")
    if any(table.find(f".//{mark}") is not None for mark in marks):
        return True
    if len(cells) < 2 or any(table.find(f".//{tag}") is not None for tag in (*_HEADINGS, "form")):
        return False
    texts = (cell for row in cells for cell in row if cell is not None)
    return all(len("".join(cell.itertext()).strip()) <= LONGEST_DATUM for cell in texts)


def is_list_item(row: Sequence[Any | None]) -> bool:
    """A row of two cells, the first no more than "(a)"."""
    own = [cell for cell in row if cell is not None]
    texts = ["".join(cell.itertext()).strip() for cell in own]
    return len(own) == 2 and bool(ENUMERATOR.fullmatch(texts[0])) and not unmarked.is_number(texts[1])


def head_rows(table: Any, cells: Grid, texts: Sequence[unmarked.Row]) -> int:
    """How many rows name the columns: as the markup says, else as their cells look."""
    marked = sum(1 for head in table.iterchildren("thead") for _ in head.iterchildren("tr"))
    if 0 < marked < len(cells):
        return marked
    count = 0
    while count < len(cells) and _are_heads(cells[count], texts[count], first=count == 0):
        count += 1
    if count:
        return max(count, unmarked.head_rows(texts))
    return unmarked.head_rows(texts) or (1 if _is_bold_above_plain(cells, texts) else 0)


def _are_heads(row: Sequence[Any | None], texts: unmarked.Row, *, first: bool) -> bool:
    """Every cell with text is a head; one alone stands over all columns, which only the first row does."""
    filled = [cell for cell, text in zip(row, texts, strict=True) if cell is not None and text.strip()]
    return all(cell.tag == "th" for cell in filled) and len(filled) >= (1 if first else 2)


def _is_bold_above_plain(cells: Grid, texts: Sequence[unmarked.Row]) -> bool:
    bold = [
        [_is_bold(cell) for cell, text in zip(row, line, strict=True) if cell is not None and text.strip()]
        for row, line in zip(cells[:2], texts[:2], strict=True)
    ]
    return len(bold) == 2 and len(bold[0]) > 1 and all(bold[0]) and not all(bold[1])


def _is_bold(cell: Any) -> bool:
    whole = "".join("".join(cell.itertext()).split())
    return any("".join("".join(part.itertext()).split()) == whole for part in cell.iter("b", "strong"))


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from child.iterchildren("tr")


def _merged(cell: Any, attribute: str, most: int) -> int:
    number = _SPAN.match(cell.get(attribute) or "")
    if number is None:
        return 1
    if attribute == "rowspan" and number[1] == "0":  # down to the end of the table
        return most
    return min(max(int(number[1]), 1), most)
