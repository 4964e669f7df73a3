"""Tables typed with tabs, as they are pasted from a spreadsheet or a word processor.

In: the lines of a paragraph. Out: its parts, each plain lines or a table with its caption and rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from .draft import Draft

_NUMBER = re.compile(r"[-+−(]?[$€£₩]?\d[\d\s.,%)]*")

_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class TabbedTable:
    """`captions` are first lines of a single cell: they span the table."""

    captions: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    head_rows: int


def add_lines(draft: Draft, lines: Sequence[str]) -> None:
    """Appends a paragraph, its runs of two and more lines with tabs as tables."""
    for tabbed, run in groupby(lines, key=lambda line: "\t" in line.strip("\n\r ")):
        part = list(run)
        table = parse(part) if tabbed else None
        if table is None:
            draft.paragraph("\n".join(part))
            continue
        for caption in table.captions:
            draft.paragraph(caption)
        draft.table(table.rows, table.head_rows)


def parse(lines: Sequence[str]) -> TabbedTable | None:
    """The table of some lines with tabs; None when fewer than two of them have two cells."""
    rows = [tuple(cell.strip() for cell in line.split("\t")) for line in lines]
    captions: list[str] = []
    while rows and sum(map(bool, rows[0])) <= 1:
        if text := "".join(rows.pop(0)):
            captions.append(text)
    if sum(sum(map(bool, row)) > 1 for row in rows) < 2:
        return None
    return TabbedTable(tuple(captions), tuple(rows), head_rows=1 if _is_head(rows) else 0)


def _is_head(rows: Sequence[Sequence[str]]) -> bool:
    """The first row names the columns when no cell of it is a number but a year, and one below is."""
    first = [cell for cell in rows[0] if cell and not _YEAR.fullmatch(cell)]
    below = [cell for row in rows[1:] for cell in row if cell]
    return not any(map(_NUMBER.fullmatch, first)) and any(map(_NUMBER.fullmatch, below))
