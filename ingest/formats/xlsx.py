"""Excel workbooks (.xlsx): each sheet a section, each block of its cells a table.

In: the bytes of a workbook. Out: its Content, with the figures as the sheets display them. Hidden sheets,
rows and columns stay out, and a note says so; formulas give the values they had when last saved.
"""

from __future__ import annotations

import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from io import BytesIO

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ..errors import DamagedFile, EmptyFile, PasswordNeeded, TooLarge
from ..told import Told
from . import unmarked
from .archive import Archive, open_archive
from .compound import SIGNATURE
from .draft import Content, Draft, stated_language
from .number_formats import displayed

MOST_CELLS = 1_000_000  # in a workbook; openpyxl takes about a kilobyte of memory for each
WIDEST = 16_384  # columns
MOST_PLACES = 10_000_000  # rows times columns of a sheet, empty places among them

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_DOCTYPE = re.compile(rb"<\0?!\0?D")  # in UTF-16 too
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_UNCOMPUTED = re.compile(
    rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def read(data: bytes, source: str) -> Content:
    """Raises DamagedFile, HostileFile, PasswordNeeded, TooLarge and EmptyFile."""
    if data.startswith(SIGNATURE) and _ENCRYPTED in data:
        raise PasswordNeeded(source, Told("the workbook opens with a password only. Save a copy without it."))
    uncomputed = _check(open_archive(data, source), source)
    workbook = _open(data, source)
    draft = Draft()
    hidden = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state != "visible"]
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible":
            _add_sheet(draft, sheet, source)
    if draft.blank:
        raise EmptyFile(source, Told("no sheet that is shown holds a text or a figure."))
    if hidden:
        draft.note("hidden", Told("Hidden sheets were left out: {sheets}.", sheets=hidden))
    if uncomputed:
        message = Told(
            "Some formulas have no values. Open the workbook in Excel and save it, to have them computed."
        )
        draft.note("no_values", message)
    _state_properties(draft, workbook)
    return draft.finish()


def _check(archive: Archive, source: str) -> bool:
    """Whether formulas lack values. Raises TooLarge before openpyxl makes an object of every cell, and
    HostileFile before it could replace an entity."""
    cells, uncomputed = 0, False
    for name in archive.names:
        if not name.lower().endswith((".xml", ".rels")):
            continue
        part = archive.read(name)
        if _DOCTYPE.search(part):
            archive.parse(name)
        if not _SHEET.fullmatch(name):
            continue
        cells += sum(1 for _ in _CELL.finditer(part)) + sum(map(_area, _MERGED.finditer(part)))
        if cells > MOST_CELLS:
            raise TooLarge(
                source,
                Told("it has more than {limit} cells. Save the sheets you need apart.", limit=MOST_CELLS),
            )
        uncomputed = uncomputed or _UNCOMPUTED.search(part) is not None
    return uncomputed


def _area(merged: re.Match[bytes]) -> int:
    """How many cells are merged into one: openpyxl makes an object of each."""
    left, right = (_column(name) for name in (merged[1], merged[3]))
    return (abs(right - left) + 1) * (abs(int(merged[4]) - int(merged[2])) + 1)


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number


def _open(data: bytes, source: str) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts that openpyxl leaves out: pictures, validation
            return openpyxl.load_workbook(BytesIO(data), data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever a part that it did not expect leads to
        raise DamagedFile(
            source, Told("the workbook is broken. Open it in Excel and save it again.")
        ) from error


def _add_sheet(draft: Draft, sheet: Worksheet, source: str) -> None:
    lines, has_hidden = _shown_cells(sheet, source)
    if not lines:
        return
    rows = [["" if cell is None else _displayed(cell) for cell in line] for line in lines]
    draft.heading(sheet.title, 1)
    for first, last in unmarked.blocks(rows):
        for left, right in _side_by_side(rows[first:last]):
            block = [line[left:right] for line in lines[first:last]]
            shown = [row[left:right] for row in rows[first:last]]
            for begin, end in unmarked.blocks(shown):
                unmarked.add_block(draft, shown[begin:end], _bold_heads(block[begin:end]))
    if has_hidden:
        draft.note(
            "hidden", Told("Hidden rows or columns of the sheet “{sheet}” were left out.", sheet=sheet.title)
        )


def _shown_cells(sheet: Worksheet, source: str) -> tuple[list[list[Cell | None]], bool]:
    """The cells that are shown, in rows of equal length, and whether others are hidden.

    Of neighbouring empty rows and columns one is kept. Not by `iter_rows`: that makes an object for each
    place up to the last, 17 billion in a sheet whose last corner is filled.
    """
    hidden_rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    hidden_columns = {
        number
        for column in sheet.column_dimensions.values()
        if column.hidden
        for number in range(column.min or 0, min(column.max or 0, WIDEST) + 1)
    }
    filled = {place: cell for place, cell in sheet._cells.items() if cell.value not in (None, "")}
    shown = [place for place in filled if place[0] not in hidden_rows and place[1] not in hidden_columns]
    rows = _places({row for row, _ in shown}, hidden_rows)
    columns = _places({column for _, column in shown}, hidden_columns)
    height, width = (max(places.values(), default=-1) + 1 for places in (rows, columns))
    if height * width > MOST_PLACES:
        raise TooLarge(
            source,
            Told(
                "the sheet “{sheet}” spans {rows} rows and {columns} columns.",
                sheet=sheet.title,
                rows=height,
                columns=width,
            ),
        )
    lines: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for row, column in shown:
        lines[rows[row]][columns[column]] = filled[row, column]
    return lines, len(shown) < len(filled)


def _places(numbers: set[int], hidden: set[int]) -> dict[int, int]:
    """Where each used row or column comes to stand: after a gap, if an empty one is shown before it."""
    passed = sorted(hidden)
    places: dict[int, int] = {}
    at, before = -1, 0
    for number in sorted(numbers):
        empty = number - before - 1 - (bisect_left(passed, number) - bisect_right(passed, before))
        at += 1 if empty == 0 or not places else 2
        places[number] = at
        before = number
    return places


def _side_by_side(rows: Sequence[unmarked.Row]) -> list[tuple[int, int]]:
    """The ranges of columns of tables that stand beside each other, each with row heads of its own."""
    width = len(rows[0])
    used = [any(row[column] for row in rows) for column in range(width)]
    ranges = [(0, width)]
    for column in (column for column in range(width) if not used[column]):
        left, right = ranges[-1]
        sides = (left, column), (column + 1, right)
        if all(sum(used[a:b]) >= 2 and _has_row_heads([row[a:b] for row in rows]) for a, b in sides):
            ranges[-1:] = sides
    return ranges


def _has_row_heads(rows: Sequence[unmarked.Row]) -> bool:
    """Whether the first column with anything in it names the rows."""
    left = min(next(at for at, cell in enumerate(row) if cell) for row in rows if any(row))
    texts = [row[left] for row in rows if row[left]]
    return len(texts) >= 3 and 2 * sum(map(unmarked.is_number, texts)) < len(texts)


def _bold_heads(lines: Sequence[Sequence[Cell | None]]) -> int | None:
    """The number of first rows set in bold, where the row after them is not."""
    for number, line in enumerate(lines):
        if not all(cell.font is not None and cell.font.b for cell in line if cell is not None):
            return number or None
    return None


def _displayed(cell: Cell) -> str:
    return displayed(cell.value, cell.number_format or "General")


def _state_properties(draft: Draft, workbook: Workbook) -> None:
    stated = workbook.properties
    author = stated.creator or ""
    draft.state(
        "file",
        title=stated.title or "",
        authors=author.split(";"),
        published=stated.created.date().isoformat() if stated.created else "",
        language=stated_language(stated.language or ""),
    )
