"""CSV and TSV files as tables, in any charset, with any of the usual delimiters.

In: the bytes of a file. Out: its Content: a table for each block of rows between empty ones, the lines of a
single cell above it as its caption. Cells stay as they are written, decimal commas too.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence

from ..errors import DamagedFile, EmptyFile, TooLarge
from ..told import Told
from . import unmarked
from .charset import decode
from .draft import Content, Draft, clean

MOST_CELLS = 2_000_000
LONGEST_CELL = 1_000_000  # characters
SAMPLE = 200  # rows in which a delimiter shows itself

_DELIMITERS = ("\t", ";", ",", "|")  # in this order where two explain a file equally well
_STATED = re.compile(r"\Asep=(.)[^\S\n]*\n")  # Excel's own first line


def read(data: bytes, source: str) -> Content:
    """Raises UndecodableText, DamagedFile, TooLarge and EmptyFile."""
    text = clean(decode(data, source))
    if not text.strip():
        raise EmptyFile(source, Told("it holds no text, only white space."))
    stated = _STATED.match(text)
    if stated:
        text = text[stated.end() :]
    lines = text.split("\n")
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        rows = _rows(lines, stated[1] if stated else _delimiter(lines), source)
    finally:
        csv.field_size_limit(before)
    draft = Draft()
    for first, last in unmarked.blocks(rows):
        block = rows[first:last]
        unmarked.add_block(draft, block, _heads(block))
    if draft.blank:
        raise EmptyFile(source, Told("its cells hold no text."))
    return draft.finish()


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter that cuts most rows into the same number of cells, and into more than one."""
    best, found = (0.0, 0), ","
    for delimiter in _DELIMITERS:
        widths = Counter(_widths(lines[:SAMPLE], delimiter))
        wide = [(count, width) for width, count in widths.items() if width > 1]
        if wide:
            count, width = max(wide)
            score = (count / widths.total(), width)
            if score > best:
                best, found = score, delimiter
    return found


def _widths(lines: Sequence[str], delimiter: str) -> list[int]:
    """The cells in each row that has any text; none when quotes do not end where cells end."""
    widths = []
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                widths.append(len(row))
    except csv.Error:
        if reader.line_num < len(lines):  # the sample may end inside of quotes
            return []
    return widths


def _rows(lines: Sequence[str], delimiter: str, source: str) -> list[list[str]]:
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in csv.reader((f"{line}\n" for line in lines), delimiter=delimiter):
            cells += len(row)
            if cells > MOST_CELLS:
                raise TooLarge(
                    source,
                    Told("it has more than {limit} cells. Divide it into smaller files.", limit=MOST_CELLS),
                )
            rows.append([cell.strip() for cell in row])
    except csv.Error as error:
        raise DamagedFile(
            source, Told("it is no table of delimited cells: {why}.", why=str(error))
        ) from error
    return rows


def _heads(rows: Sequence[unmarked.Row]) -> int | None:
    """A file of rows without figures has a row of heads too, if all its cells are short and different."""
    table = [row for row in rows if sum(map(bool, row)) > 1]
    if len(table) < 2 or unmarked.head_rows(table):
        return None
    first = [cell for cell in table[0] if cell]
    names = len(set(first)) == len(table[0]) and max(map(len, first)) <= 60
    if names and not any(map(unmarked.is_number, first)):
        return rows.index(table[0]) + 1
    return None
