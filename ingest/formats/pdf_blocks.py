"""Lines of a PDF page become paragraphs and headings.

In: the layout of every page, and the headings its outline names. Out: `Block`s in reading order.
All thresholds are ratios of the font size or of the usual distance between lines.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import quantiles

from .pdf_clean import BULLETS, LINE_END_HYPHEN
from .pdf_lines import Line

SIZE_TOLERANCE = 1.12  # fonts whose sizes differ less are the same
WIDE_GAP = 1.25  # of the usual line distance: more opens a paragraph
HEADING_LENGTH = 250  # characters; longer bold text is emphasis

_BULLET = re.compile(rf"[{BULLETS}–—-]\s")
_NUMBERED = re.compile(
    r"(?:\(?(?:\d{1,3}|[a-zа-я]|[ivxl]{1,5})\)|\d{1,3}(?:\.\d{1,3})*\.|\d{1,3}(?:\.\d{1,3})+)\s"
)
_DEPTH = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+\D")
_SUBNUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,4}\.?\s+(?=\D)[^\W_]\D{2,}$")  # "3.1.1 Imbalance of power"
_SENTENCE_END = re.compile(r"[.!?:;…。؟](?:[)\]»”’\"'\d]|[ ,]?[⁰¹²³⁴-⁹])*$")
_CLAUSE_END = re.compile(r"(?:[,–—]|\b(?:and|or|и|или|va|yoki|және|жана|ва))$", re.IGNORECASE)
# Words that head the parts of a law, outermost first. Only a line of its own counts.
_LEGAL = re.compile(
    r"(?P<one>part|title|chapter|annex|часть|раздел|глава|приложение|bob|боб|тарау)\s+[\dIVXLC]+[A-Z]?\b"
    r"|(?P<two>section|subchapter|параграф)\s+[\dIVXLC]+\b"
    r"|(?P<three>article|статья|modda|модда|мадда|бап|берене)\s+\d+[a-z]?\b(?!\s*\()(?!.*\barticle)"
    r"|(?P<four>\d+-(?:modda|модда|бап|берене|bob|боб)\b)"
    r"|(?P<five>제\s*\d+\s*[조장절편]\b)",
    re.IGNORECASE,
)
_LEGAL_LEVEL = {"one": 1, "two": 2, "three": 3, "four": 3, "five": 3}


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. `level` is 0 for text, 1 and more for a heading.

    A table has `rows` of cells of lines, its first `head_rows` column heads; its `lines` are all of them.
    """

    lines: tuple[Line, ...]
    level: int = 0
    rows: tuple[tuple[tuple[Line, ...], ...], ...] = ()
    head_rows: int = 0

    @property
    def size(self) -> float:
        return max(line.size for line in self.lines)

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a page in reading order, and the page's height in points.

    `columns` says of each line which column of the page it stands in, all 0 where there is but one; `tables`
    gives the tables by the place of their first line. The lines of a table follow each other.
    """

    lines: tuple[Line, ...]
    height: float
    columns: tuple[int, ...]
    tables: Mapping[int, Block] = field(default_factory=dict)

    @classmethod
    def plain(cls, lines: Sequence[Line], height: float) -> Layout:
        """Lines in one column, without tables."""
        return cls(tuple(lines), height, (0,) * len(lines))

    def without(self, running: Sequence[bool]) -> Layout:
        """The layout without the lines marked; lines of a table go only when all of them do."""
        marks = self.whole_tables(running)
        kept = [at for at, mark in enumerate(marks) if not mark]
        place = {old: new for new, old in enumerate(kept)}
        return Layout(
            tuple(self.lines[at] for at in kept),
            self.height,
            tuple(self.columns[at] for at in kept),
            {place[start]: block for start, block in self.tables.items() if start in place},
        )

    def whole_tables(self, marks: Sequence[bool]) -> list[bool]:
        """Marks of lines, those of a table's lines set only when all are."""
        marks = list(marks)
        for start, block in self.tables.items():
            end = start + len(block.lines)
            marks[start:end] = [all(marks[start:end])] * len(block.lines)
        return marks


@dataclass(frozen=True, slots=True)
class Metrics:
    """What is usual in this document."""

    body: float  # size of most characters
    leading: Mapping[int, float]  # usual distance of two lines, by rounded size

    def line_distance(self, size: float) -> float:
        return self.leading.get(round(size), 1.15 * size)


def measure(pages: Sequence[Sequence[Line]]) -> Metrics:
    """The size of most characters, and the distance at which lines of each size follow each other."""
    characters: Counter[float] = Counter()
    distances: dict[int, list[float]] = defaultdict(list)
    for lines in pages:
        before: Line | None = None
        for line in lines:
            characters[round(2 * line.size) / 2] += len(line.text)
            if before is not None and _alike(before.size, line.size):
                distance = before.bottom - line.bottom
                if 0.5 * line.size < distance < 3 * line.size:
                    distances[round(line.size)].append(distance)
            before = line
    # The lower quarter, because short paragraphs make the gap between paragraphs the commonest one.
    leading = {size: quantiles(seen)[0] for size, seen in distances.items() if len(seen) >= 8}
    body = characters.most_common(1)[0][0] if characters else 0.0
    return Metrics(body, leading)


def group(layout: Layout, headings: Mapping[int, tuple[int, int]], metrics: Metrics) -> list[Block]:
    """The blocks of one page. `headings` maps the index of a heading's first line to (lines, level)."""
    lines, edges = layout.lines, _column_edges(layout)
    blocks: list[Block] = []
    current: list[Line] = []
    index = 0
    while index < len(lines):
        block = layout.tables.get(index)
        if block is None and index in headings:
            count, level = headings[index]
            block = Block(lines[index : index + count], level)
        if block is not None:
            if current:
                blocks.append(Block(tuple(current)))
                current = []
            blocks.append(block)
            index += len(block.lines)
            continue
        line = lines[index]
        if current and _opens_block(current, line, edges[layout.columns[index - 1]], metrics):
            blocks.append(Block(tuple(current)))
            current = []
        current.append(line)
        index += 1
    if current:
        blocks.append(Block(tuple(current)))
    return blocks


def mark_headings(pages: Sequence[list[Block]], metrics: Metrics) -> list[list[Block]]:
    """Blocks that look like headings get a level; those that the outline gave one keep it.

    A heading is short, does not end like a sentence, and is larger than the body, or bold, or
    opens with a word such as "Article 12". Its level follows a law's own order, its numbering
    ("2.1" is 2), or the rank of its font size.
    """
    ranks = _size_ranks(pages, metrics)
    outlined = any(block.level for blocks in pages for block in blocks)
    floor = 0  # level of the outline's last heading: found ones stand below it
    marked: list[list[Block]] = []
    for blocks in pages:
        page: list[Block] = []
        for block in blocks:
            level = block.level
            if level:
                floor = level
            elif _looks_like_heading(block, metrics):
                level = _found_level(block, ranks)
                level = min(floor + level, 9) if outlined and floor else level
            heading = block if level == block.level else replace(block, level=level)
            if level and not block.level and page and _same_heading(page[-1], heading):
                page[-1] = Block(page[-1].lines + block.lines, page[-1].level)
            else:
                page.append(heading)
        marked.append(page)
    return marked


def continues(block: Block, following: Block, edge: float) -> bool:
    """Whether `following`, first on its page, goes on with `block`, last on the page before."""
    if block.level or following.level or not _alike(block.size, following.size):
        return False
    if block.rows or following.rows:
        return False
    last, first = block.lines[-1], following.lines[0]
    if last.text.endswith(LINE_END_HYPHEN):
        return True
    if _SENTENCE_END.search(last.text) or _is_item(first.text):
        return False
    return first.text[0].islower() or last.right > edge - 2 * last.size


def right_edge(blocks: Sequence[Block]) -> float:
    """Where full lines of these blocks end."""
    return _right_edge([line for block in blocks for line in block.lines])


def _opens_block(current: Sequence[Line], line: Line, edge: float, metrics: Metrics) -> bool:
    before = current[-1]
    if not _alike(before.size, line.size):
        return True
    if before.text.endswith(LINE_END_HYPHEN):
        return False
    distance = before.bottom - line.bottom
    ended = bool(_SENTENCE_END.search(before.text))
    short = before.right < edge - 4 * before.size
    if distance < -0.5 * line.size:  # upwards: the next column, or a block drawn later
        full = before.right > edge - 2 * before.size and before.bold == line.bold and not _is_item(line.text)
        return ended or not (line.text[0].islower() or full)
    if distance > WIDE_GAP * metrics.line_distance(line.size) + 0.5:
        return True
    if before.bold != line.bold and (short or (line.bold and ended)):
        return True
    if _BULLET.match(line.text):
        return True
    if _NUMBERED.match(line.text) and (ended or short or _CLAUSE_END.search(before.text)):
        return True
    if not ended:
        return False
    indented = line.left > before.left + 0.9 * line.size and not _is_item(before.text)
    outdented = line.left < before.left - 0.9 * line.size and len(current) > 1
    return short or indented or outdented


def _looks_like_heading(block: Block, metrics: Metrics) -> bool:
    text = " ".join(block.text.split())
    if block.rows or len(block.lines) > 4 or len(text) > HEADING_LENGTH or sum(map(str.isalpha, text)) < 3:
        return False
    if block.lines[-1].text.endswith((LINE_END_HYPHEN, ".", ";", ",", ":")) or "...." in text:
        return False
    if len(block.lines) == 1 and _LEGAL.match(text) and len(text) < 80:
        return True
    if block.size < 0.95 * metrics.body or text[0].islower():
        return False
    if len(block.lines) <= 2 and _SUBNUMBERED.match(text):
        return True
    if _BULLET.match(text):
        return False
    return block.bold or block.size > SIZE_TOLERANCE * metrics.body


def _size_ranks(pages: Sequence[list[Block]], metrics: Metrics) -> list[float]:
    sizes = sorted(
        {block.size for blocks in pages for block in blocks if _looks_like_heading(block, metrics)},
        reverse=True,
    )
    ranks: list[float] = []
    for size in sizes:
        if not ranks or not _alike(ranks[-1], size):
            ranks.append(size)
    return ranks


def _found_level(block: Block, ranks: Sequence[float]) -> int:
    if legal := _LEGAL.match(block.text):
        return _LEGAL_LEVEL[str(legal.lastgroup)]
    if numbered := _DEPTH.match(block.text):
        return numbered.group(1).count(".") + 1
    rank = next((place for place, size in enumerate(ranks, 1) if _alike(size, block.size)), 1)
    return min(rank, 6)


def _same_heading(before: Block, block: Block) -> bool:
    """Whether two headings in a row are one: "Article 4" and "Definitions", or a title set apart."""
    if not before.level or len(before.text) + len(block.text) > HEADING_LENGTH:
        return False
    if _LEGAL.match(block.text) or _DEPTH.match(block.text):
        return False
    if _LEGAL.match(before.text) and len(before.lines) == 1:
        return True
    near = before.lines[-1].bottom - block.lines[0].top < 1.5 * block.size
    return before.level == block.level and before.bold == block.bold and near


def _is_item(text: str) -> bool:
    return bool(_BULLET.match(text) or _NUMBERED.match(text))


def _alike(one: float, other: float) -> bool:
    return one <= SIZE_TOLERANCE * other and other <= SIZE_TOLERANCE * one


def _column_edges(layout: Layout) -> dict[int, float]:
    """Where the full lines of each column end; those of tables do not count."""
    texts: dict[int, list[Line]] = defaultdict(list)
    tabled = {at + n for at, block in layout.tables.items() for n in range(len(block.lines))}
    for at, (line, column) in enumerate(zip(layout.lines, layout.columns, strict=True)):
        if at not in tabled:
            texts[column].append(line)
    return {column: _right_edge(texts[column]) for column in set(layout.columns)}


def _right_edge(lines: Sequence[Line]) -> float:
    # The ninth tenth: a single line that sticks out does not make all others short.
    rights = sorted(line.right for line in lines)
    return rights[int(0.9 * (len(rights) - 1))] if rights else 0.0
