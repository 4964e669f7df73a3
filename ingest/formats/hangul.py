"""What the two formats of Hangul, HWP and HWPX, have in common: paragraphs that hold tables and notes.

In: the paragraphs of a document. Out: the same in a draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..told import Told
from . import note_marks, unmarked
from .draft import Draft, one_line
from .grid import rows_of

LONGEST_HEADING = 150  # characters: ministries number whole paragraphs by outline level too
LOCKED = Told(
    "the document opens with a password or for display only. In Hangul, save a copy without protection."
)

_OUTLINE_STYLE = re.compile(r"(?:개요|Outline) ?([1-9]|10)\Z")


@dataclass(slots=True)
class Paragraph:
    """`level` is 0 for body text. `tables` stand in it; `asides` are its notes and text boxes."""

    text: str = ""
    level: int = 0
    tables: list[Table] = field(default_factory=list)
    asides: list[list[Paragraph]] = field(default_factory=list)


@dataclass(slots=True)
class Cell:
    row: int
    column: int
    is_head: bool
    paragraphs: list[Paragraph]


@dataclass(slots=True)
class Table:
    cells: list[Cell] = field(default_factory=list)
    caption: list[Paragraph] = field(default_factory=list)


@dataclass(slots=True)
class Notes:
    """Marks the notes of a document in their order; each kind, "foot" or "end", has its own numbers."""

    given: dict[str, int] = field(default_factory=dict)

    def mark(
        self, kind: str, paragraphs: list[Paragraph], number: int, style: str, around: tuple[str, str]
    ) -> str:
        """The mark for the text, put before the note's own words too. Number 0: it is not stated.

        `around` is what Hangul prints before and after the number, ("", ")") by default; `style` as in
        note_marks.
        """
        self.given[kind] = number or self.given.get(kind, 0) + 1
        mark = note_marks.raised(note_marks.spelled(self.given[kind], style).join(around))
        first = next((paragraph for paragraph in paragraphs if paragraph.text.strip()), None)
        if first:
            first.text = note_marks.before(mark, first.text)
        return mark


def style_level(name: str) -> int:
    """The level of a style by its name, as in "개요 2"; 0 for others."""
    match = _OUTLINE_STYLE.match(name)
    return int(match[1]) if match else 0


def add(draft: Draft, paragraphs: Iterable[Paragraph]) -> str:
    """Feeds the draft, notes after the paragraph that cites them; returns the first heading of level 1."""
    title = ""
    for paragraph in paragraphs:
        if paragraph.level and len(paragraph.text) <= LONGEST_HEADING:
            draft.heading(paragraph.text, paragraph.level)
            title = title or (
                note_marks.without_mark(one_line(paragraph.text)) if paragraph.level == 1 else ""
            )
        else:
            draft.paragraph(paragraph.text)
        for table in paragraph.tables:
            framed = _add_table(draft, table)
            title = title or framed
        for aside in paragraph.asides:
            add(draft, aside)
    return title


def _add_table(draft: Draft, table: Table) -> str:
    """Returns the first heading of level 1 in it, if it is a frame around text."""
    title = add(draft, table.caption)
    if all(cell.column == 0 for cell in table.cells):
        framed = add(draft, [inner for cell in table.cells for inner in cell.paragraphs])
        return title or framed
    rows = rows_of((cell.row, cell.column, _flat(cell.paragraphs)) for cell in table.cells)
    numbers = sorted({cell.row for cell in table.cells})
    stated = 0
    while stated < len(numbers) and all(cell.is_head for cell in table.cells if cell.row == numbers[stated]):
        stated += 1
    draft.table(rows, unmarked.head_rows(rows, stated))
    for note in _notes(table):
        add(draft, note)
    return title


def _flat(paragraphs: list[Paragraph]) -> str:
    """The text of a cell in a line, tables in it included."""
    parts: list[str] = []
    for paragraph in paragraphs:
        parts.append(paragraph.text)
        parts += [
            _flat([*table.caption, *(p for cell in table.cells for p in cell.paragraphs)])
            for table in paragraph.tables
        ]
    return " ".join(filter(None, parts))


def _notes(table: Table) -> Iterator[list[Paragraph]]:
    for cell in table.cells:
        for paragraph in cell.paragraphs:
            yield from paragraph.asides
            for inner in paragraph.tables:
                yield from _notes(inner)
