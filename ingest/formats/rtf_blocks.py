"""Paragraphs, rows and notes of a Rich Text file on their way into a draft.

In: text and the ends of paragraphs, cells and rows, in the order of the file. Out: blocks, then a draft.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from . import note_marks, unmarked
from .draft import Draft, one_line
from .grid import rows_of

LONGEST_HEADING = 150  # characters, of one known by its size alone
LARGER = 1.15  # times the size of most text makes a heading
SAME_EDGE = 30  # twips (1/1440 inch) by which the edges of a column may differ from row to row
WIDTH = 1000  # twips, of a cell whose edges are not stated


@dataclass(slots=True)
class Paragraph:
    """`level` is 0 for body text; `size` that of its smallest letters, in half points."""

    text: str
    level: int
    size: int


@dataclass(slots=True)
class Table:
    """Of each cell of each row its left edge, in twips, and its text."""

    rows: list[list[tuple[int, str]]] = field(default_factory=list)
    head_rows: int = 0


@dataclass(slots=True)
class Flow:
    """Text on its way into blocks: that of the body, of a footnote or of a text box."""

    blocks: list[Paragraph | Table] = field(default_factory=list)
    text: list[str] = field(default_factory=list)  # of the open paragraph
    sizes: list[int] = field(default_factory=list)  # of its letters
    cell: list[str] = field(default_factory=list)  # finished paragraphs of the open cell
    cells: list[str] = field(default_factory=list)  # finished cells of the open row
    asides: list[Paragraph | Table] = field(default_factory=list)  # notes and boxes of the open paragraph
    after_table: list[Paragraph | Table] = field(default_factory=list)
    in_table: bool = False
    level: int = 0
    is_endnote: bool = False
    is_numbered: bool = False  # a note that shows its number: its author chose no mark
    number_at: int = -1  # where in `text` the number of the note stands that follows; -1 for nowhere

    def cite(self, note: Flow, mark: str) -> None:
        """Takes in a finished note; `mark` is "" where its author typed one."""
        first = next((b for b in note.blocks if isinstance(b, Paragraph) and b.text.strip()), None)
        if mark:
            if self.number_at < 0:
                self.text.append(mark)
            else:
                self.text[self.number_at] = mark
            if first:
                first.text = note_marks.before(mark, first.text)
        self.number_at = -1
        self.asides += note.blocks

    def end_paragraph(self) -> None:
        size = min(self.sizes, default=0)
        text = self._taken()
        if self.in_table:
            self.cell.append(text)
            return
        self.blocks += [*self.after_table, Paragraph(text, self.level, size), *self.asides]
        self.asides, self.after_table = [], []

    def end_cell(self) -> None:
        self.cell.append(self._taken())
        self.cells.append("\n".join(self.cell))
        self.cell = []

    def end_row(self, edges: list[int], is_head: bool) -> None:
        """`edges` are the left edge of the first cell and the right edge of each, in twips."""
        missing = len(self.cells) - len(edges)
        lefts = edges + [edges[-1] + WIDTH * number for number in range(1, missing + 1)]
        if not self.blocks or not isinstance(self.blocks[-1], Table):
            self.blocks.append(Table())
        table = self.blocks[-1]
        assert isinstance(table, Table)
        table.head_rows += is_head and table.head_rows == len(table.rows)
        table.rows.append(list(zip(lefts, self.cells, strict=False)))
        self.after_table += self.asides
        self.asides, self.cells = [], []

    def finish(self) -> None:
        """Closes what is open at the end; a row that never ended becomes paragraphs."""
        self.in_table = False
        self.blocks += [Paragraph(text, 0, 0) for text in (*self.cells, *self.cell)]
        self.end_paragraph()

    def _taken(self) -> str:
        text = whole_characters("".join(self.text))
        self.text, self.sizes, self.number_at = [], [], -1
        return text


def whole_characters(text: str) -> str:
    """Halves of characters beyond the first 65,536 put together: Rich Text writes each half by itself."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def add_blocks(draft: Draft, blocks: list[Paragraph | Table]) -> str:
    """Feeds the draft; returns the first heading of level 1."""
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    if not any(paragraph.level for paragraph in paragraphs):
        _find_headings(paragraphs)
    title = ""
    for block in blocks:
        if isinstance(block, Table):
            _add_table(draft, block)
        elif block.level:
            draft.heading(block.text, block.level)
            title = title or (note_marks.without_mark(one_line(block.text)) if block.level == 1 else "")
        else:
            draft.paragraph(block.text)
    return title


def _find_headings(paragraphs: list[Paragraph]) -> None:
    """Where no style says so: short paragraphs in larger type than most text, the largest outermost."""
    sizes: Counter[int] = Counter()
    for paragraph in paragraphs:
        sizes[paragraph.size] += len(paragraph.text)
    body = sizes.most_common(1)[0][0] if sizes else 0
    large = [
        paragraph
        for paragraph in paragraphs
        if body
        and paragraph.size >= body * LARGER
        and 0 < len(paragraph.text.strip()) <= LONGEST_HEADING
        and not paragraph.text.rstrip().endswith((".", ",", ";", ":"))
    ]
    order = sorted({paragraph.size for paragraph in large}, reverse=True)
    for paragraph in large:
        paragraph.level = min(order.index(paragraph.size) + 1, 9)


def _add_table(draft: Draft, table: Table) -> None:
    if all(len(row) < 2 for row in table.rows):  # a box drawn around text
        for _, text in (cell for row in table.rows for cell in row):
            draft.paragraph(text)
        return
    columns: dict[int, int] = {}  # left edge → column; edges that differ by a hair are one
    number, last = -1, -SAME_EDGE - 1
    for left in sorted({left for row in table.rows for left, _ in row}):
        if left - last > SAME_EDGE:
            number += 1
            last = left
        columns[left] = number
    cells = [(place, columns[left], text) for place, row in enumerate(table.rows) for left, text in row]
    rows = rows_of(cells)
    draft.table(rows, unmarked.head_rows(rows, table.head_rows))
