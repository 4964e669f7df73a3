"""Tables typed as text: with tabs, as they are pasted from a spreadsheet; with pipes; aligned by spaces.

In: the lines of a paragraph. Out: its parts, each plain lines or a table with its caption and rows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from unicodedata import east_asian_width

from . import unmarked
from .draft import Draft

LEAST_ALIGNED = 3  # rows of a table that only spaces align

LONGEST_LINE = 2_000  # characters; no table is as wide

_RULES = "-=_─━═"
_CORNERS = "+|:│║┌├└╔╠╚┬┼┴╦╬╩┐┤┘╗╣╝ "
_GAP = re.compile(r"(?<=\S)[ \xa0\u3000]{2,}(?=\S)")
_PIPE = re.compile(r"(?<!\\)[|│║]")


@dataclass(frozen=True, slots=True)
class TabbedTable:
    """`captions` are first lines of a single cell: they span the table."""

    captions: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    head_rows: int


def add_lines(draft: Draft, lines: Sequence[str]) -> None:
    """Appends a paragraph, the runs of lines in it that make a table as tables."""
    plain: list[str] = []
    for run, table in _parts(lines):
        if table is None:
            plain += run
            continue
        draft.paragraph("\n".join(plain))
        plain = []
        for caption in table.captions:
            draft.paragraph(caption)
        draft.table(table.rows, table.head_rows)
    draft.paragraph("\n".join(plain))


def parse(lines: Sequence[str]) -> TabbedTable | None:
    """The table of some lines with tabs; None when fewer than two of them have two cells."""
    rows = [tuple(cell.strip() for cell in line.split("\t")) for line in lines]
    captions: list[str] = []
    while rows and sum(map(bool, rows[0])) <= 1:
        if text := "".join(rows.pop(0)):
            captions.append(text)
    if sum(sum(map(bool, row)) > 1 for row in rows) < 2:
        return None
    return TabbedTable(tuple(captions), tuple(rows), unmarked.head_rows(rows))


def _parts(lines: Sequence[str]) -> Iterator[tuple[list[str], TabbedTable | None]]:
    for kind, group in groupby(lines, key=_kind):
        run = list(group)
        if kind == "tabs":
            yield run, parse(run)
        elif kind == "pipes":
            yield run, _piped(run)
        elif kind == "gaps":
            yield from _aligned_parts(run)
        else:
            yield run, None


def _is_rule(line: str) -> bool:
    """A line drawn between rows: "-----  ---", "|---|--:|", "+----+"."""
    bare = line.strip()
    return len(bare) > 2 and not bare.strip(_RULES + _CORNERS) and any(rule in bare for rule in _RULES)


def _kind(line: str) -> str:
    """How the cells of a line, if it is one of a table, are parted."""
    if "\t" in line.strip("\n\r "):
        return "tabs"
    if len(line) > LONGEST_LINE:
        return ""
    bare = line.strip()
    if len(_PIPE.findall(bare)) >= 2 and (_PIPE.match(bare) or _PIPE.match(bare[-1])):
        return "pipes"
    if bare.startswith("+") and _is_rule(line):
        return "pipes"
    return "gaps" if _GAP.search(line) or _is_rule(line) else ""


# --- pipes ---


def _piped(lines: Sequence[str]) -> TabbedTable | None:
    """The table of some lines with pipes between cells; a rule parts its heads from its rows."""
    rows: list[tuple[str, ...]] = []
    heads = 0
    for line in lines:
        if _is_rule(line):
            heads = heads or len(rows)
        else:
            cells = _PIPE.split(line.strip())
            rows.append(tuple(cell.replace("\\|", "|").strip() for cell in cells[1:-1] or cells))
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return None
    if not 0 < heads <= unmarked.MOST_HEADS or heads == len(rows):
        heads = 0
    if sum(bool(_is_rule(line)) for line in lines) > 3:  # a rule after each row says nothing of heads
        heads = unmarked.head_rows(rows) or heads
    return TabbedTable((), tuple(rows), heads or unmarked.head_rows(rows))


# --- spaces ---


def _aligned_parts(lines: Sequence[str]) -> Iterator[tuple[list[str], TabbedTable | None]]:
    """The lines as one table; without its first lines if those are prose with a gap in it."""
    for first in range(min(3, max(len(lines) - LEAST_ALIGNED, 0)) + 1):
        table = _aligned(lines[first:])
        if table is not None:
            if first:
                yield list(lines[:first]), None
            yield list(lines[first:]), table
            return
    yield list(lines), None


def _aligned(lines: Sequence[str]) -> TabbedTable | None:
    """The table of lines whose cells stand under each other, two and more spaces apart.

    Fewer than three rows, or no column of figures, are taken for text: an address, a verse, a signature.
    """
    content = [line for line in lines if not _is_rule(line)]
    if len(content) < LEAST_ALIGNED:
        return None
    rows = _cut(content, wide=True) or _cut(content, wide=False) or _split(content)
    if rows is None or not _has_figures(rows):
        return None
    heads = unmarked.head_rows(rows)
    ruled = next((at for at, line in enumerate(lines) if at and _is_rule(line)), 0)
    before = sum(1 for line in lines[:ruled] if not _is_rule(line))
    if 0 < before <= unmarked.MOST_HEADS and before < len(rows):
        heads = before
    return TabbedTable((), tuple(rows), heads)


def _cut(lines: Sequence[str], *, wide: bool) -> list[tuple[str, ...]] | None:
    """The lines cut where all of them are blank, two places wide at least.

    In a terminal a Hangul syllable takes two places (`wide`), in some editors one. A head over several
    columns stands where the rows below are blank, so the first lines may be cut as the others are.
    """
    places = [_places(line) if wide else list(line) for line in lines]
    options = [(_cuts(places[heads:]), heads) for heads in range(max(min(3, len(places) - 1), 1))]
    cuts, heads = max(options, key=lambda option: (len(option[0]), -option[1]))
    if len(cuts) < 2:
        return None
    rows = [_under(line, cuts) for line in places[:heads]]
    ends = [*cuts[1:], None]
    rows += [
        tuple("".join(line[start:end]).strip() for start, end in zip(cuts, ends, strict=True))
        for line in places[heads:]
    ]
    return rows if sum(sum(map(bool, row)) > 1 for row in rows) >= LEAST_ALIGNED else None


def _cuts(lines: Sequence[Sequence[str]]) -> list[int]:
    """Where the columns begin."""
    width = max(map(len, lines))
    blank = [all(at >= len(line) or line[at] == " " for line in lines) for at in range(width)]
    cuts, at = [0], 0
    for is_blank, group in groupby(blank):
        length = len(list(group))
        if is_blank and length >= 2 and at and at + length < width:
            cuts.append(at + length)
        at += length
    return cuts


def _under(line: Sequence[str], cuts: Sequence[int]) -> tuple[str, ...]:
    """The cells of a line of heads, each in the first column that it stands over."""
    cells = [""] * len(cuts)
    at = 0
    for piece in re.split(r"( {2,})", "".join(char or "\0" for char in line)):
        if piece.strip():
            column = bisect_right(cuts, at + len(piece) - len(piece.lstrip())) - 1
            cells[column] = f"{cells[column]} {piece.replace(chr(0), '').strip()}".strip()
        at += len(piece)
    return tuple(cells)


def _places(line: str) -> list[str]:
    """The characters of a line, an empty string after each that takes two places."""
    return [place for char in line for place in ([char, ""] if east_asian_width(char) in "WF" else [char])]


def _split(lines: Sequence[str]) -> list[tuple[str, ...]] | None:
    """The lines split at their gaps, if each gives as many cells."""
    rows = [tuple(_GAP.split(line.strip())) for line in lines]
    return rows if len({len(row) for row in rows}) == 1 and len(rows[0]) > 1 else None


def _has_figures(rows: Sequence[unmarked.Row]) -> bool:
    """Whether a column after the first is mostly figures."""
    for column in range(1, max(map(len, rows))):
        cells = [row[column] for row in rows if column < len(row) and row[column]]
        if len(cells) > 1 and 2 * sum(map(unmarked.is_number, cells)) >= len(cells):
            return True
    return False
