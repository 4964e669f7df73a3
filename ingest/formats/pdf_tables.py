"""What all tables of a PDF page have in common: rows, column heads, and which texts are figures.

In: the rows of cells of lines that `pdf_ruled_tables` or `pdf_aligned_tables` found. Out: a `FoundTable`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .pdf_blocks import Block
from .pdf_lines import Line
from .pdf_turn import Rectangle

MOST_HEAD_ROWS = 4

_RAISED = "⁰¹²³⁴-⁹⁺⁻"  # a power, the mark of a note
_FIGURE = re.compile(
    rf"[\W_]*\d[\d\s.,:/()%+×x−–{_RAISED}-]*\s?[a-zA-Z%‰°]{{0,3}}[*†\]){_RAISED}]*"
    r"|[-–—…*•✓↑↓→↔↗↘]+|n/?a\.?|\.{1,3}",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:FY\s?)?(?:1[89]|20)\d\d(?:\s?[-–/]\s?(?:\d\d){1,2})?[⁰¹²³⁴-⁹]*")
_COUNTER = re.compile(
    r"\(?(?:\d{1,3}|[a-zа-я]|[ivxlc]{1,5})[.)]+|\[\d+\]|[•●▪■□◦‣⁃∙·–—-]|\d+(?:\.\d+)+\.?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table of a page: its box, its block, and where it stands in the order of the page's lines."""

    box: Rectangle
    block: Block
    source: int


def found_table(rows: tuple[tuple[tuple[Line, ...], ...], ...], box: Rectangle, source: int) -> FoundTable:
    lines = tuple(line for row in rows for cell in row for line in cell)
    return FoundTable(box, Block(lines, rows=rows, head_rows=head_rows(rows)), source)


def visual_rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand beside each other, row by row from the top, each row from its left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -line.top):
        beside = rows[-1] if rows else []
        overlap = min((min(o.top, line.top) - max(o.bottom, line.bottom) for o in beside), default=0.0)
        if beside and overlap > 0.5 * min(line.size, *(o.size for o in beside)):
            beside.append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def head_rows(rows: Sequence[Sequence[Sequence[Line]]]) -> int:
    """How many rows at the top are column heads: the bold ones, else those without figures above figures."""
    bold = 0
    for row in rows:
        lines = [line for cell in row for line in cell]
        if not all(line.bold for line in lines):
            break
        bold += 1
    if 0 < bold < len(rows):
        return min(bold, MOST_HEAD_ROWS)
    texts = [[" ".join(line.text for line in cell) for cell in row] for row in rows]
    for count, cells in enumerate(texts[: MOST_HEAD_ROWS + 1]):
        figures = [is_figure(cell) and not _YEAR.fullmatch(cell) for cell in cells[1:] if cell]
        if any(figures):
            return count if sum(figures) >= 0.5 * len(figures) else 0
    # Only words: short names over longer texts.
    lengths = [len(cell) for row in texts[1:] for cell in row if cell]
    short = all(texts[0]) and sum(map(len, texts[0])) / len(texts[0]) < 0.5 * sum(lengths) / max(
        len(lengths), 1
    )
    return int(short and len(rows) > 1)


def is_figure(text: str) -> bool:
    """A number with its signs and unit, a dash, or "n/a"."""
    return bool(_FIGURE.fullmatch(text.strip()))


def is_counter(text: str) -> bool:
    """The number or the bullet that a list, a law or a bibliography sets before its text."""
    return bool(_COUNTER.fullmatch(text.strip()))
