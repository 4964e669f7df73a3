"""A span of a document in, the text by which it is found out.

What `contextual_text` returns is embedded and indexed, never shown or quoted: a sentence that says
"it was signed in 2017" is found only if the title and the headings above it come along.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from ingest.document import Document, Span, Table

_PREFIX_WORDS = 40
_PREFIX_CHARACTERS = 240  # the same in scripts that do not part words by spaces
_HEADING_WORDS = 20  # of one title or heading, so that a long one leaves room for the others
_CAPTION_WORDS = 25  # a longer block before a table is prose, not its caption
_MOST_MERGED_ROWS = 50  # that one head stands beside
# Heads come again in each passage of their table: no file may make these many times longer than itself.
_MOST_HEAD_ROWS = 20
_HEAD_CHARACTERS = 400
_WORD = re.compile(r"\w+")


def contextual_text(document: Document, start: int, end: int) -> str:
    """Title, section path, then the text of [start, end), a line each.

    A heading that the span itself begins with is not repeated, nor one that the title already says.
    Rows of a table whose column heads lie before the span are given as "Kyrgyzstan; Export: 372 854".
    For many spans of one document see `Contexts`.
    """
    return Contexts(document).text(start, end)


class Contexts:
    """The contextual texts of one `document`.

    What they need to know of its headings and tables is found out once and kept, so that all passages
    of a document take time in proportion to its length.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._tables = _Tables(document)
        self._title = _Heading.of(document.title)
        self._headings: dict[int, _Heading] = {}
        self._parents: list[int] | None = None

    def text(self, start: int, end: int) -> str:
        """As `contextual_text`."""
        return "\n".join([*self.above(start, end), self.body(start, end)])

    def body(self, start: int, end: int) -> str:
        """What `text` gives of [start, end) itself: the rows of a table with their column heads."""
        found = self._tables.below_heads(start)
        return self.document.text[start:end] if found is None else found.with_heads(start, end)

    def above(self, start: int, end: int) -> list[str]:
        """The lines that `text` puts before [start, end): the title and the headings above it."""
        first_block = self.document.text[start : min(end, start + 500)].lstrip().partition("\n\n")[0]
        said = [_words(first_block)]
        kept: list[str] = []
        words, characters = 0, 0
        # The title first, then headings from the innermost outwards: what does not fit is the least telling.
        for heading in chain([self._title], self._headings_above(start)):
            own = heading.words
            if not own or own == said[0] or any(set(own) <= set(other) for other in said[1:]):
                continue
            words, characters = words + len(own), characters + len(heading.text)
            if kept and (words > _PREFIX_WORDS or characters > _PREFIX_CHARACTERS):
                break
            kept.append(heading.text)
            said.append(own)
        has_title = kept[:1] == [self._title.text]
        return kept[:1] + kept[:0:-1] if has_title else kept[::-1]

    def _headings_above(self, offset: int) -> Iterator[_Heading]:
        """The headings above `offset`, its own section's first."""
        if self._parents is None:
            self._parents = self.document.section_parents()
        index = self.document.section_index(offset)
        while index >= 0 and self.document.sections[index].level:
            if index not in self._headings:
                self._headings[index] = _Heading.of(self.document.sections[index].heading)
            yield self._headings[index]
            index = self._parents[index]


@dataclass(frozen=True, slots=True)
class _Heading:
    """A title or heading as a prefix has it, and its words."""

    text: str
    words: list[str]

    @classmethod
    def of(cls, heading: str) -> _Heading:
        text = " ".join(heading.split()[:_HEADING_WORDS])[:_PREFIX_CHARACTERS]
        return cls(text, _words(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


# --- tables ----------------------------------------------------------------------------------------


def with_heads(document: Document, table: Table) -> Table | None:
    """The table whose column heads name the columns of `table`: itself, or the one that it goes on with.

    A table goes on over pages when nothing stands between its parts, each begins a page, and all have as many
    columns. A part with heads of its own right below another begins no such table: it is not known to be
    a new one, and the first row of a part may only look like heads.
    """
    at = bisect_right(document.tables, table.start, key=lambda other: other.start) - 1
    headed = _Tables(document).headed(at)
    return None if headed is None else document.tables[headed]


class _Tables:
    """The tables of a document by their places in it; what is found out of each is kept."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._headed: dict[int, int | None] = {}
        self._widths: dict[int, int] = {}
        self._heads: dict[int, _Heads] = {}
        self._below: dict[int, _Rows] = {}

    def below_heads(self, offset: int) -> _Rows | None:
        """The rows of the table that holds `offset` below its column heads, which may be another table's."""
        tables = self._document.tables
        at = bisect_right(tables, offset, key=lambda table: table.start) - 1
        if at < 0 or offset >= tables[at].end:
            return None
        table = tables[at]
        headed = self.headed(at)
        first = table.rows[table.head_rows] if table.head_rows < len(table.rows) else ()
        if headed is None or not first or offset < first[0].start:
            return None
        if headed not in self._heads:
            self._heads[headed] = _Heads.of(self._document, tables[headed])
        if at not in self._below:
            self._below[at] = _Rows(self._document.text, table, self._heads[headed])
        return self._below[at]

    def headed(self, at: int) -> int | None:
        """The place of the table whose heads name the columns of the one at `at`; see `with_heads`."""
        tables = self._document.tables
        parts: list[int] = []  # without heads, from `at` backwards
        here: int | None = at
        while here is not None and here not in self._headed and not tables[here].head_rows:
            parts.append(here)
            before = self._part_before(here)
            here = before if before is not None and self._width(before) == self._width(here) else None
        if here is None:
            found = None
        elif not tables[here].head_rows:
            found = self._headed[here]
        else:
            found = here if not parts or self._part_before(here) is None else None
        self._headed.update(dict.fromkeys(parts, found))
        return found

    def _part_before(self, at: int) -> int | None:
        """The table that ends the page before the one that the table at `at` begins."""
        if at == 0:
            return None
        before, table = self._document.tables[at - 1], self._document.tables[at]
        if self._document.text[before.end : table.start].strip():
            return None
        pages = [self._document.page_at(offset).number for offset in (before.end - 1, table.start)]
        return at - 1 if pages[0] + 1 == pages[1] else None

    def _width(self, at: int) -> int:
        if at not in self._widths:
            self._widths[at] = _width(self._document.tables[at])
        return self._widths[at]


def _width(table: Table) -> int:
    return max(map(len, table.rows))


def column_heads(text: str, table: Table) -> tuple[list[str], list[str]]:
    """What the head rows say of the whole table, and of each column; "" for a column without a head."""
    width = _width(table)
    over_all: list[str] = []
    heads = [""] * width
    for number, row in enumerate(table.rows[: min(table.head_rows, _MOST_HEAD_ROWS)], start=1):
        cells = [" ".join(cell.of(text).split())[:_HEAD_CHARACTERS] for cell in row]
        if width > 1 and sum(map(bool, cells)) == 1:
            over_all.append("".join(cells))
            continue
        cells += [""] * (width - len(cells))
        for column in range(2, width):
            if number < table.head_rows:  # a head over several columns stands in the first of them
                cells[column] = cells[column] or cells[column - 1]
        # One that stands in both rows was merged downwards.
        heads = [
            cell if cell == above else f"{above} {cell}".strip()[:_HEAD_CHARACTERS]
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
    found = _Tables(document).below_heads(offset)
    return None if found is None else found.cell_name(offset)


@dataclass(frozen=True, slots=True)
class _Heads:
    """What stands above the rows of a table: its caption and the heads over all columns, and each column's."""

    above: list[str]
    columns: list[str]

    @classmethod
    def of(cls, document: Document, table: Table) -> _Heads:
        over_all, columns = column_heads(document.text, table)
        return cls([each for each in (_caption(document, table), *over_all) if each], columns)


class _Rows:
    """The rows of a table below its heads."""

    def __init__(self, text: str, table: Table, heads: _Heads) -> None:
        self._text = text
        self._end = table.end
        self._heads = heads
        self._rows = [row for row in table.rows[table.head_rows :] if row]

    def with_heads(self, start: int, end: int) -> str:
        """What [start, end) holds of the rows, each cell with its column's head, and what follows the table."""
        lines = list(self._heads.above)
        for at in self._between(start, end):
            lines.append("; ".join([*self._merged_head(at), *self._labelled(self._rows[at], start, end)]))
        if end > self._end:
            lines.append(self._text[self._end : end].strip())
        return "\n".join(lines)

    def cell_name(self, offset: int) -> CellName | None:
        for at in self._between(offset, offset + 1):
            row = self._rows[at]
            column = bisect_right(row, offset, key=lambda cell: cell.end)
            if 0 < column < len(row) and row[column].start <= offset:
                name = [*self._merged_head(at), row[0].of(self._text)][0]
                return CellName(" ".join(name.split()), self._heads.columns[column])
        return None

    def _between(self, start: int, end: int) -> Iterator[int]:
        """The places of the rows that overlap [start, end)."""
        at = max(bisect_right(self._rows, start, key=lambda row: row[0].start) - 1, 0)
        while at < len(self._rows) and self._rows[at][0].start < end:
            if self._rows[at][-1].end > start:
                yield at
            at += 1

    def _merged_head(self, at: int) -> list[str]:
        """The head of a row whose first cell is empty, merged with the one above: "Kyrgyzstan" over two rows."""
        if self._rows[at][0].start < self._rows[at][0].end:
            return []
        for above in range(at - 1, max(at - _MOST_MERGED_ROWS, 0) - 1, -1):
            head = self._rows[above][0]
            if head.start < head.end:
                return [head.of(self._text)[:_HEAD_CHARACTERS]]
        return []

    def _labelled(self, row: tuple[Span, ...], start: int, end: int) -> list[str]:
        """The cells of a row that overlap the span, each after the first with its column's head."""
        labelled = []
        heads = self._heads.columns
        for column in range(bisect_right(row, start, key=lambda cell: cell.end), len(row)):
            cell = row[column]
            if cell.start >= end:
                break
            value = self._text[max(cell.start, start) : min(cell.end, end)].strip()
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
