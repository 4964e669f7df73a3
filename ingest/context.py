"""A span of a document in, the text by which it is found out.

What `contextual_text` returns is embedded and indexed, never shown or quoted: a sentence that says
"it was signed in 2017" is found only if the title and the headings above it come along.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from ingest.document import Document, Span, Table

_PREFIX_WORDS = 40
_PREFIX_CHARACTERS = 240  # the same in scripts that do not part words by spaces
_HEADING_WORDS = 20  # of one title or heading, so that a long one leaves room for the others
_CAPTION_WORDS = 25  # a longer block before a table is prose, not its caption
_MOST_MERGED_ROWS = 50  # that one head stands beside
_WORD = re.compile(r"\w+")


def contextual_text(document: Document, start: int, end: int) -> str:
    """Title, section path, then the text of [start, end), a line each.

    A heading that the span itself begins with is not repeated, nor one that the title already says.
    Rows of a table whose column heads lie before the span are given as "Kyrgyzstan; Export: 372 854".
    """
    found = _table_at(document, start)
    body = document.text[start:end] if found is None else _rows_with_heads(document, *found, start, end)
    return "\n".join([*_prefix(document, start, end), body])


def _prefix(document: Document, start: int, end: int) -> list[str]:
    title = _shortened(document.title)
    first_block = document.text[start : min(end, start + 500)].lstrip().partition("\n\n")[0]
    said = [_words(first_block)]
    kept: list[str] = []
    words, characters = 0, 0
    # The title first, then headings from the innermost outwards: what does not fit is the least telling.
    for heading in (title, *map(_shortened, reversed(document.section_path(start)))):
        own = _words(heading)
        if not own or own == said[0] or any(set(own) <= set(other) for other in said[1:]):
            continue
        words, characters = words + len(own), characters + len(heading)
        if kept and (words > _PREFIX_WORDS or characters > _PREFIX_CHARACTERS):
            break
        kept.append(heading)
        said.append(own)
    has_title = kept[:1] == [title]
    return kept[:1] + kept[:0:-1] if has_title else kept[::-1]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shortened(heading: str) -> str:
    return " ".join(heading.split()[:_HEADING_WORDS])[:_PREFIX_CHARACTERS]


def _table_at(document: Document, start: int) -> tuple[Table, Table] | None:
    """The table that holds `start` below its column heads, and the table that has these heads: mostly itself."""
    at = bisect_right(document.tables, start, key=lambda table: table.start) - 1
    if at < 0 or start >= document.tables[at].end:
        return None
    table = document.tables[at]
    headed = with_heads(document, table)
    body = table.rows[table.head_rows :]
    if headed is None or not body or not body[0] or start < body[0][0].start:
        return None
    return table, headed


def with_heads(document: Document, table: Table) -> Table | None:
    """The table whose column heads name the columns of `table`: itself, or the one that it goes on with.

    A table goes on over pages when nothing stands between its parts, each begins a page, and all have as many
    columns. A part with heads of its own right below another begins no such table: it is not known to be
    a new one, and the first row of a part may only look like heads.
    """
    if table.head_rows:
        return table
    before = _part_before(document, table)
    while before is not None and _width(before) == _width(table):
        earlier = _part_before(document, before)
        if before.head_rows:
            return before if earlier is None else None
        before = earlier
    return None


def _part_before(document: Document, table: Table) -> Table | None:
    """The table that ends the page before the one that this table begins."""
    at = bisect_right(document.tables, table.start, key=lambda other: other.start) - 2
    if at < 0 or document.text[document.tables[at].end : table.start].strip():
        return None
    before = document.tables[at]
    pages = document.page_at(before.end - 1).number, document.page_at(table.start).number
    return before if pages[0] + 1 == pages[1] else None


def _width(table: Table) -> int:
    return max(map(len, table.rows))


def column_heads(text: str, table: Table) -> tuple[list[str], list[str]]:
    """What the head rows say of the whole table, and of each column; "" for a column without a head."""
    width = _width(table)
    over_all: list[str] = []
    heads = [""] * width
    for number, row in enumerate(table.rows[: table.head_rows], start=1):
        cells = [" ".join(cell.of(text).split()) for cell in row]
        if width > 1 and sum(map(bool, cells)) == 1:
            over_all.append("".join(cells))
            continue
        cells += [""] * (width - len(cells))
        for column in range(2, width):
            if number < table.head_rows:  # a head over several columns stands in the first of them
                cells[column] = cells[column] or cells[column - 1]
        # One that stands in both rows was merged downwards.
        heads = [
            cell if cell == above else f"{above} {cell}".strip()
            for above, cell in zip(heads, cells, strict=True)
        ]
    return over_all, heads


@dataclass(frozen=True, slots=True)
class CellName:
    """What a table calls a cell: its row's first cell, and the head of its column."""

    row: str
    column: str


def cell_name(document: Document, offset: int) -> CellName | None:
    """The name of the cell that holds `offset`; None outside of tables, in their heads and first columns."""
    found = _table_at(document, offset)
    if found is None:
        return None
    table, headed = found
    for row in _rows_between(table, offset, offset + 1):
        for column, cell in enumerate(row):
            if column and cell.start <= offset < cell.end:
                _, heads = column_heads(document.text, headed)
                name = [*_merged_head(document.text, table, row), row[0].of(document.text)][0]
                return CellName(" ".join(name.split()), heads[column])
    return None


def _rows_with_heads(document: Document, table: Table, headed: Table, start: int, end: int) -> str:
    text = document.text
    over_all, heads = column_heads(text, headed)
    captions = [_caption(document, headed), *over_all]
    lines = [caption for caption in captions if caption]
    for row in _rows_between(table, start, end):
        cells = _labelled(text, row, heads, start, end)
        lines.append("; ".join([*_merged_head(text, table, row), *cells]))
    if end > table.end:
        lines.append(text[table.end : end].strip())
    return "\n".join(lines)


def _rows_between(table: Table, start: int, end: int) -> list[tuple[Span, ...]]:
    body = [row for row in table.rows[table.head_rows :] if row]
    first = max(bisect_right(body, start, key=lambda row: row[0].start) - 1, 0)
    rows = []
    for row in body[first:]:
        if row[0].start >= end:
            break
        if row[-1].end > start:
            rows.append(row)
    return rows


def _merged_head(text: str, table: Table, row: tuple[Span, ...]) -> list[str]:
    """The head of a row whose first cell is empty, merged with the one above: "Kyrgyzstan" over two rows."""
    if row[0].start < row[0].end:
        return []
    body = table.rows[table.head_rows :]
    at = bisect_right(body, row[0].start, key=lambda other: other[0].start) - 1
    above = body[max(at - _MOST_MERGED_ROWS, 0) : at]
    return next(([other[0].of(text)] for other in reversed(above) if other[0].start < other[0].end), [])


def _labelled(text: str, row: tuple[Span, ...], heads: list[str], start: int, end: int) -> list[str]:
    """The cells of a row that overlap the span, each after the first with its column's head."""
    labelled = []
    for column, cell in enumerate(row):
        value = text[max(cell.start, start) : min(cell.end, end)].strip() if cell.start < end else ""
        if value:
            # The colon also keeps a figure in the head apart from the figure in the cell.
            labelled.append(f"{heads[column]}: {value}" if column and heads[column] else value)
    return labelled


def _caption(document: Document, table: Table) -> str:
    """The short block right before the table, if there is one."""
    above = document.text[max(table.start - 400, 0) : table.start].rstrip()
    block = above.rpartition("\n\n")[2] if "\n\n" in above or table.start <= 400 else ""
    heading = document.section_at(table.start).heading
    short = len(block.split()) <= _CAPTION_WORDS
    return " ".join(block.split()) if short and block.split() != heading.split() else ""
