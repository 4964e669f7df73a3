"""A document in, its passages and its units of evidence out.

A unit is a sentence, a heading or a row of a table. A passage is a run of units, about as long as the
encoder reads best.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ingest.context import contextual_text as contextual_text
from ingest.document import Document, Page, Passage, Section, Span, Table
from ingest.language import sentence_spans

CountTokens = Callable[[Sequence[str]], list[int]]

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n")

# Where an overlong sentence is cut, best first: after a comma or its like, at white space, anywhere.
_CLAUSE = re.compile(r"(?<=[,;:.!?)\]،؛])\s+|(?<=[、，；：。！？])|(?<=\s)(?=[—–(])")
_CELL = re.compile(r"\t")
_SPACE = re.compile(r"\s+")
_MARK = re.compile("[\u0300-\u036f\u200d\ufe0f]")  # belongs to the character before it
_COARSE = 20  # characters for each token of the limit: no language packs more into one

# What beginning a passage here costs, where leaving a passage wholly empty would cost 1.
_AFTER_HEADING = 2.0  # a heading without its text
_AFTER_TABLE_HEAD = 1.0  # column heads, or a caption, without a row
_INSIDE_BLOCK = 0.1  # between two sentences of a paragraph, two rows of a table
_INSIDE_PAGE = 0.02
_CAPTION_CHARACTERS = 200  # a longer block before a table is prose, not its caption


@dataclass(frozen=True, slots=True)
class _Unit:
    """A span kept whole, and what tells whether a passage may well begin at it."""

    start: int
    end: int
    kind: str  # "heading", "sentence", "head" (a row of column heads), "row"
    opens_block: bool


def sentences(document: Document, start: int, end: int) -> tuple[Span, ...]:
    """The units of evidence in [start, end): sentences, headings, table rows; trimmed, in order.

    Together they hold every character of the range that is not white space.
    """
    return tuple(Span(unit.start, unit.end) for unit in _units(document, start, end))


def count_units(document: Document) -> int:
    """How many units of evidence a document has."""
    return sum(1 for _ in _units(document, 0, len(document.text)))


def split(document: Document, count_tokens: CountTokens, limit: int = 200) -> tuple[Passage, ...]:
    """The passages of a document: trimmed, in order, without overlap, holding all that is not blank.

    `count_tokens` gives the encoder's tokens of each text; it is called once for the whole document,
    and again only for sentences longer than `limit`. The tokens of a passage's units add up to at most
    `limit`, so that a tokenizer which joins across units may count a token or two more for the whole.
    A passage stays inside a section; whole sections share one as long as they fit.
    """
    if limit < 1:
        raise ValueError(f"limit is {limit}; a passage holds at least 1 token")
    sized = _fitting(document.text, list(_units(document, 0, len(document.text))), count_tokens, limit)
    units = [unit for unit, _ in sized]
    sizes = [size for _, size in sized]
    passages = []
    for first, last in _groups(document.sections, units, sizes, limit):
        for begin, stop in _balanced(document.pages, units[first:last], sizes[first:last], limit):
            start, end = units[first + begin].start, units[first + stop - 1].end
            passages.append(Passage(document.id, start, end))
    return tuple(passages)


# --- units -----------------------------------------------------------------------------------------


def _units(document: Document, start: int, end: int) -> Iterator[_Unit]:
    text = document.text
    for section in _tiles(document.sections, start, end):
        first, last = max(section.start, start), min(section.end, end)
        heading = _heading(text, section) if first == section.start else None
        if heading and heading.end <= last:
            yield _Unit(heading.start, heading.end, "heading", True)
            first = heading.end
        for table in _tables(document.tables, first, last):
            yield from _sentence_units(document, first, table.start)
            yield from _row_units(text, table, max(table.start, first), min(table.end, last))
            first = max(first, min(table.end, last))
        yield from _sentence_units(document, first, last)


def _sentence_units(document: Document, start: int, end: int) -> Iterator[_Unit]:
    for first, last in _between(_BLANK_LINE, document.text, start, end):
        opens_block = True
        for begin, stop in sentence_spans(document.text[first:last], document.language):
            yield _Unit(first + begin, first + stop, "sentence", opens_block)
            opens_block = False


def _row_units(text: str, table: Table, start: int, end: int) -> Iterator[_Unit]:
    heads = [cell.end for row in table.rows[: table.head_rows] for cell in row]
    body = max(heads, default=table.start)
    opens_block = True
    for first, last in _between(_LINE, text, start, end):
        row = _trimmed(text, first, last)
        if row.start < row.end:
            yield _Unit(row.start, row.end, "head" if row.start < body else "row", opens_block)
            opens_block = False


def _heading(text: str, section: Section) -> Span | None:
    """The section's heading, if that is its first block; its lines may be broken otherwise."""
    if section.level == 0 or not section.heading:
        return None
    start = _trimmed(text, section.start, section.end).start
    stop = min(section.end, start + 2 * len(section.heading) + 100)  # never read a long section through
    blank = _BLANK_LINE.search(text, start, stop)
    span = _trimmed(text, start, blank.start() if blank else stop)
    return span if span.of(text).split() == section.heading.split() else None


def _tiles(tiles: tuple[Section, ...], start: int, end: int) -> Iterator[Section]:
    """The sections that overlap [start, end)."""
    at = max(bisect_right(tiles, start, key=lambda tile: tile.start) - 1, 0)
    while at < len(tiles) and tiles[at].start < end:
        if tiles[at].end > start:
            yield tiles[at]
        at += 1


def _tables(tables: tuple[Table, ...], start: int, end: int) -> Iterator[Table]:
    """The tables that overlap [start, end)."""
    at = bisect_right(tables, start, key=lambda table: table.end)
    while at < len(tables) and tables[at].start < end:
        yield tables[at]
        at += 1


def _between(separator: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in separator.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    if start < end:
        yield start, end


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


# --- sizes -----------------------------------------------------------------------------------------


def _fitting(text: str, units: list[_Unit], count_tokens: CountTokens, limit: int) -> list[tuple[_Unit, int]]:
    """Each unit with its tokens, those longer than the limit cut in about equal parts."""
    fitting: list[tuple[_Unit, int]] = []
    coarse = limit * _COARSE  # so that the tokenizer never meets a line of 50 MB
    pending = [part for unit in units for part in _cut(text, unit, -(-(unit.end - unit.start) // coarse))]
    while pending:
        counts = count_tokens([text[unit.start : unit.end] for unit in pending])
        too_long = []
        for unit, count in zip(pending, counts, strict=True):
            if count <= limit or unit.end - unit.start == 1:
                fitting.append((unit, max(count, 1)))
            else:
                # An eighth more parts than even ones would need: parts are not exactly even.
                too_long += _cut(text, unit, max(2, -(-count * 9 // (limit * 8))))
        pending = too_long
    return sorted(fitting, key=lambda sized: sized[0].start)


def _cut(text: str, unit: _Unit, parts: int) -> list[_Unit]:
    """The unit in `parts` parts, fewer where it is too short for that."""
    length = unit.end - unit.start
    parts = min(parts, length)
    if parts < 2:
        return [unit]
    reach = max(length // parts // 3, 1)
    cuts = [unit.start]
    for part in range(1, parts):
        target = unit.start + length * part // parts
        low, high = max(target - reach, cuts[-1] + 1), min(target + reach, unit.end - 1)
        cut = _best_cut(text, low, target, high, unit)
        if cut > cuts[-1]:
            cuts.append(cut)
    spans = [_trimmed(text, start, end) for start, end in zip(cuts, [*cuts[1:], unit.end], strict=True)]
    return [
        _Unit(span.start, span.end, unit.kind, unit.opens_block and span.start == unit.start)
        for span in spans
        if span.start < span.end
    ]


def _best_cut(text: str, low: int, target: int, high: int, unit: _Unit) -> int:
    """The place in [low, high] nearest to the target where a reader would pause."""
    for pattern in (_CELL, _CLAUSE, _SPACE) if unit.kind in ("row", "head") else (_CLAUSE, _SPACE):
        # Two characters before let the pattern see what it stands after.
        places = [match.end() for match in pattern.finditer(text, max(low - 2, unit.start), high + 1)]
        near = [place for place in places if low <= place <= high]
        if near:
            return min(near, key=lambda place: abs(place - target))
    while target < high and _MARK.match(text, target):
        target += 1
    return max(target, low)


# --- passages --------------------------------------------------------------------------------------


def _groups(
    sections: tuple[Section, ...], units: list[_Unit], sizes: list[int], limit: int
) -> list[tuple[int, int]]:
    """Ranges of units that are split each for itself: a section, or neighbours that fit together."""
    starts = [section.start for section in sections]
    runs: list[tuple[int, int]] = []
    previous = -1
    for index, unit in enumerate(units):
        section = bisect_right(starts, unit.start)
        if section != previous:
            runs.append((index, index))
            previous = section
        runs[-1] = (runs[-1][0], index + 1)
    # A chapter's heading that has only sections below it goes with the first of them.
    joined: list[tuple[int, int]] = []  # the last first
    for first, last in reversed(runs):
        if joined and all(unit.kind == "heading" for unit in units[first:last]):
            joined[-1] = (first, joined[-1][1])
        else:
            joined.append((first, last))
    groups: list[tuple[int, int]] = []
    size = 0
    for first, last in reversed(joined):
        added = sum(sizes[first:last])
        if groups and size + added <= limit:
            groups[-1] = (groups[-1][0], last)
            size += added
        else:
            groups.append((first, last))
            size = added
    return groups


def _balanced(
    pages: tuple[Page, ...], units: list[_Unit], sizes: list[int], limit: int
) -> list[tuple[int, int]]:
    """Ranges of units, each within the limit, at the least cost.

    A range costs the square of what it leaves empty, which makes few and even ranges the cheapest, and
    what beginning there costs.
    """
    total = [0, *accumulate(sizes)]
    least = [0.0]
    begins = [0]
    opening = [_cost_of_beginning(pages, units, index) for index in range(len(units))]
    for stop in range(1, len(units) + 1):
        cost, begin = min(
            (least[begin] + opening[begin] + (1 - (total[stop] - total[begin]) / limit) ** 2, begin)
            for begin in range(min(bisect_left(total, total[stop] - limit), stop - 1), stop)
        )
        least.append(cost)
        begins.append(begin)
    ranges = []
    stop = len(units)
    while stop > 0:
        ranges.append((begins[stop], stop))
        stop = begins[stop]
    return ranges[::-1]


def _cost_of_beginning(pages: tuple[Page, ...], units: list[_Unit], index: int) -> float:
    if index == 0:
        return 0.0
    before, unit = units[index - 1], units[index]
    cost = 0.0 if unit.opens_block else _INSIDE_BLOCK
    opens_table = unit.opens_block and unit.kind in ("head", "row")
    may_be_caption = before.opens_block and before.end - before.start < _CAPTION_CHARACTERS
    if before.kind == "heading":
        cost += _AFTER_HEADING
    elif before.kind == "head" or (opens_table and may_be_caption):
        cost += _AFTER_TABLE_HEAD
    # The page of a unit is the number of pages that begin at or before it.
    begun = [bisect_right(pages, at.start, key=lambda page: page.start) for at in (before, unit)]
    return cost + (_INSIDE_PAGE if begun[0] == begun[1] else 0.0)
