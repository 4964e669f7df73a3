"""A range of a document in, HTML out: headings, paragraphs, tables and page breaks, with spans marked.

Every character of the document is escaped here, and nowhere is its text put into a page without it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from ingest.document import Document, Span, Table
from web.interface import Interface

_BLOCK_BREAK = re.compile(r"\n{2,}")
_NUMBER = re.compile(r"[-+−–~≈<>$€₩]?\s*\d[\d\s.,%]*")
# Lines of these formats end where the page or the file was narrow, and mean nothing.
_FLOWING = frozenset({"pdf", "markdown"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to show as marked; `kind` is its CSS class: "quote", "quote passage", "answer" or "term"."""

    start: int
    end: int
    kind: str


def text_html(
    document: Document,
    start: int,
    end: int,
    marks: Sequence[Mark] = (),
    *,
    anchors: bool = False,
    say: Interface | None = None,
) -> str:
    """`document.text[start:end]` as HTML blocks.

    A table keeps its column heads even where the range begins below them. With `anchors` the first
    quote has the id "quote", page n begins at "page-n", and the heading at offset n has the id "section-n";
    only the viewer, a page of its own, has them. Pages are named in the words of `say`, without it in English.
    """
    writer = _Writer(document, start, end, marks, anchors, say or Interface())
    parts: list[str] = []
    at = start
    for table in document.tables:
        if table.start < end and start < table.end:
            parts += writer.blocks(at, max(table.start, start))
            parts.append(writer.table(table))
            at = min(table.end, end)
    parts += writer.blocks(at, end)
    return "".join(parts)


class _Writer:
    def __init__(
        self,
        document: Document,
        start: int,
        end: int,
        marks: Sequence[Mark],
        anchors: bool,
        say: Interface,
    ) -> None:
        self.document = document
        self.start, self.end = start, end
        self.marks = marks
        self.anchors = anchors
        self.say = say
        self.quote_anchored = not anchors
        self.headings = {section.start: section.level for section in document.sections if section.heading}
        paged = [page for page in document.pages if page.label and start <= page.start < end]
        self.breaks = sorted(paged, key=lambda page: page.number)
        self.next_break = 0
        edges = {edge for mark in marks for edge in (mark.start, mark.end)}
        self.cuts = sorted(edges | {page.start for page in self.breaks})

    def blocks(self, start: int, end: int) -> Iterator[str]:
        """Headings and paragraphs; a block is what stands between two blank lines."""
        text = self.document.text
        at = start
        for match in [*_BLOCK_BREAK.finditer(text, start, end), None]:
            stop = match.start() if match else end
            if text[at:stop].strip():
                yield self.block(at, stop)
            at = match.end() if match else end

    def block(self, start: int, end: int) -> str:
        before = self.page_breaks(start, "div")
        level = self.headings.get(start)
        if level is not None:
            name = f"h{min(level + 1, 6)}"
            anchor = f' id="section-{start}"' if self.anchors else ""
            return f"{before}<{name}{anchor}>{self.inline(start, end)}</{name}>"
        flowing = ' class="flowing"' if self.document.format in _FLOWING else ""
        return f"{before}<p{flowing}>{self.inline(start, end)}</p>"

    def table(self, table: Table) -> str:
        before = self.page_breaks(max(table.start, self.start), "div")
        head: list[str] = []
        body: list[str] = []
        for number, row in enumerate(table.rows):
            is_head = number < table.head_rows
            if row and (is_head or (row[0].start < self.end and self.start < row[-1].end)):
                (head if is_head else body).append(self.row(row, "th" if is_head else "td"))
        return (
            f'{before}<div class="table"><table>'
            + (f"<thead>{''.join(head)}</thead>" if head else "")
            + f"<tbody>{''.join(body)}</tbody></table></div>"
        )

    def row(self, row: Sequence[Span], name: str) -> str:
        cells = []
        for cell in row:
            number = _NUMBER.fullmatch(cell.of(self.document.text).strip())
            kind = ' class="number"' if number and name == "td" else ""
            cells.append(f"<{name}{kind}>{self.inline(cell.start, cell.end)}</{name}>")
        return f"<tr>{''.join(cells)}</tr>"

    def inline(self, start: int, end: int) -> str:
        """The characters themselves, cut where a mark or a page begins or ends."""
        first, last = bisect_right(self.cuts, start), bisect_left(self.cuts, end)
        edges = [start, *self.cuts[first:last], end]
        pieces = []
        for begin, stop in pairwise(edges):
            pieces.append(self.page_breaks(begin, "span"))
            text = escape(self.document.text[begin:stop])
            kinds = [mark.kind for mark in self.marks if mark.start <= begin and stop <= mark.end]
            if kinds and text:
                text = f'<mark{self.quote_id(kinds)} class="{" ".join(dict.fromkeys(kinds))}">{text}</mark>'
            pieces.append(text)
        return "".join(pieces)

    def quote_id(self, kinds: Sequence[str]) -> str:
        if self.quote_anchored or not any(kind.startswith("quote") for kind in kinds):
            return ""
        self.quote_anchored = True
        return ' id="quote"'

    def page_breaks(self, offset: int, name: str) -> str:
        """The breaks of the pages that begin at `offset`, or before it in the blank between two blocks."""
        written = []
        while self.next_break < len(self.breaks) and self.breaks[self.next_break].start <= offset:
            page = self.breaks[self.next_break]
            self.next_break += 1
            anchor = f' id="page-{page.number}"' if self.anchors else ""
            # The label is an attribute, drawn by the style sheet: what can be selected is the text alone.
            label = escape(self.say("page {label}", label=page.label))
            labels = f'role="separator" lang="{self.say.language}" aria-label="{label}"'
            written.append(f'<{name} class="page"{anchor} {labels}></{name}>')
        return "".join(written)
