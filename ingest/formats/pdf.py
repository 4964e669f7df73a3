"""PDF: pdfium reads the characters and where they stand, pypdf the structure around them.

In: the bytes of a PDF. Out: its Content, a Page per page with its printed label. Running headers,
footers and page numbers are left out of the text; a paragraph that runs over a page's end stays one,
and the footnotes of the page where it begins stand before it.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from threading import Lock
from typing import Any, TypeVar

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from pypdf.errors import PyPdfError

from ..errors import DamagedFile, NoTextLayer, PasswordNeeded
from . import pdf_blocks as blocks_of
from .draft import Content, Draft, one_line
from .pdf_blocks import Block
from .pdf_lines import LINE_END_HYPHEN, Line, page_lines
from .pdf_running import printed_labels, split_running

PDFIUM = Lock()  # pdfium is not thread-safe: whoever calls it holds this

TAIL = 4096  # bytes at the end in which a whole PDF says where its cross-reference table is
MOST_TITLE_LINES = 5  # of an outline's title as it is set on its page

# What pypdf raises on structures that are missing or malformed. They only cost us the extras.
_BROKEN_STRUCTURE = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_JUNK_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint) - .*|untitled.*|document\d*|[\W\d_]*"
    r"|.*\.(?:docx?|indd|pdf|qxd|pptx?|rtf|tmp))$",
    re.IGNORECASE,
)
_PDF_DATE = re.compile(r"D:(\d{4})(?:(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?)?")
_WORD = re.compile(r"\w+(?:-\w+)*")
_LAST_WORD = re.compile(r"\w+$")
_FIRST_WORD = re.compile(r"\w+")

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns about every oddity of every file

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """An entry of the outline: its level from 1, its page from 0, its height there if it is given."""

    title: str
    level: int
    page: int
    top: float | None


@dataclass(frozen=True, slots=True)
class Structure:
    """What pypdf knows about a file."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    labels: tuple[str, ...] = ()  # empty when the file numbers its pages 1, 2, 3 or not at all
    outline: tuple[OutlineItem, ...] = field(default=())


def read(data: bytes, source: str) -> Content:
    """Raises DamagedFile, PasswordNeeded and NoTextLayer."""
    if b"startxref" not in data[-TAIL:]:
        raise DamagedFile(source, "the PDF is cut short: its end is missing. Fetch the file again.")
    with PDFIUM:
        pages, heights = _read_lines(data, source)
    if not any(pages):
        raise NoTextLayer(
            source,
            f"none of its {len(pages)} pages holds text: it is a scan. Run text recognition (OCR) first.",
        )
    structure = _structure(data)
    texts, margins = split_running(pages, heights)
    metrics = blocks_of.measure(texts)
    headings = _outline_headings(structure.outline, texts)
    blocks = blocks_of.mark_headings(
        [blocks_of.group(lines, headings.get(at, {}), metrics) for at, lines in enumerate(texts)], metrics
    )
    labels = structure.labels or printed_labels(margins) or [str(n) for n in range(1, len(pages) + 1)]
    draft = Draft()
    _write(draft, blocks, labels, _Words(texts))
    draft.state("file", title=structure.title, authors=structure.authors, published=structure.published)
    draft.state("text", title=_largest_text(blocks))
    return draft.finish()


def _read_lines(data: bytes, source: str) -> tuple[list[list[Line]], list[float]]:
    try:
        document = pypdfium2.PdfDocument(data)  # tries the empty password by itself
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise PasswordNeeded(
                source, "the PDF opens with a password only. Save a copy without it."
            ) from error
        raise DamagedFile(source, "this is no PDF that can be opened. Fetch the file again.") from error
    pages: list[list[Line]] = []
    heights: list[float] = []
    try:
        for index in range(len(document)):
            page = document[index]
            lines, height = page_lines(page)
            pages.append(lines)
            heights.append(height)
            page.close()
    except pypdfium2.PdfiumError as error:
        raise DamagedFile(source, f"page {len(pages) + 1} of the PDF cannot be read.") from error
    finally:
        document.close()
    if not pages:
        raise DamagedFile(source, "the PDF has no pages.")
    return pages, heights


def _write(draft: Draft, pages: Sequence[list[Block]], labels: Sequence[str], words: _Words) -> None:
    """Appends all blocks; a paragraph that goes on after a page's end is continued there."""
    running: Block | None = None  # the paragraph that the page before left open
    for index, blocks in enumerate(pages):
        draft.begin_page(labels[index])
        if running is not None:
            draft.continue_paragraph(words.joined(blocks[0].lines), words.joiner(running, blocks[0]))
        rest = blocks[1:] if running is not None else blocks
        alone = running is not None and not rest
        ahead = pages[index + 1] if index + 1 < len(pages) else []
        opened, rest = _left_open(blocks if alone else rest, ahead)
        running = opened
        for block in [] if alone else rest:
            if block.level:
                draft.heading(block.text.replace(LINE_END_HYPHEN, "-"), block.level)
            else:
                draft.paragraph(words.joined(block.lines))


def _left_open(blocks: list[Block], ahead: Sequence[Block]) -> tuple[Block | None, list[Block]]:
    """The paragraph that goes on with the first block of the next page, and the blocks in an order
    that ends with it: footnotes (smaller, at the foot) come before the paragraph they interrupt."""
    if not blocks or not ahead:
        return None, blocks
    last = len(blocks) - 1
    while last > 0 and blocks[last].size < 0.95 * ahead[0].size:
        last -= 1
    if not blocks_of.continues(blocks[last], ahead[0], blocks_of.right_edge(blocks)):
        return None, blocks
    return blocks[last], [*blocks[:last], *blocks[last + 1 :], blocks[last]]


class _Words:
    """Joins lines, and decides about the hyphen of a word broken at a line's end.

    The document itself is the dictionary: "adminis-trative" is joined when "administrative" occurs
    in it, "outcome-oriented" keeps its hyphen when it occurs in the middle of a line, or when both
    halves are words of the document and the whole is not.
    """

    def __init__(self, pages: Sequence[Sequence[Line]]) -> None:
        self.seen: Counter[str] = Counter()
        for lines in pages:
            for line in lines:
                found = _WORD.findall(line.text.casefold())
                self.seen.update(found[:-1] if line.text.endswith((LINE_END_HYPHEN, "-")) else found)

    def joined(self, lines: Sequence[Line]) -> str:
        """The text of some lines, broken words made whole; the last line may stay broken."""
        text = ""
        for line in lines:
            text = self._join(text, line.text) if text else line.text
        return text.removesuffix(LINE_END_HYPHEN)

    def joiner(self, before: Block, after: Block) -> str:
        """What stands between two parts of one paragraph: a line break, or a hyphen, or nothing."""
        last = before.lines[-1].text
        if not last.endswith(LINE_END_HYPHEN):
            return "\n"
        return self._hyphen(last.removesuffix(LINE_END_HYPHEN), after.lines[0].text)

    def _join(self, before: str, after: str) -> str:
        if before.endswith(LINE_END_HYPHEN):
            stem = before.removesuffix(LINE_END_HYPHEN)
        elif re.search(r"\w-$", before) and after[:1].islower():
            stem = before[:-1]  # pdfium keeps the hyphen where it sees a line's end in doubt
        else:
            return f"{before}\n{after}"
        return stem + self._hyphen(stem, after) + after

    def _hyphen(self, stem: str, after: str) -> str:
        head, tail = _LAST_WORD.search(stem), _FIRST_WORD.match(after)
        if head is None or tail is None or not tail.group()[0].islower() or head.group().isdigit():
            return "-"
        first, second = head.group().casefold(), tail.group().casefold()
        whole, hyphened = self.seen[first + second], self.seen[f"{first}-{second}"]
        if whole or hyphened:
            return "-" if hyphened > whole else ""
        return "-" if self.seen[first] and self.seen[second] else ""


def _outline_headings(
    outline: Sequence[OutlineItem], pages: Sequence[Sequence[Line]]
) -> dict[int, dict[int, tuple[int, int]]]:
    """Where the outline's titles stand: page → first line → (number of lines, level).

    A title that is not on its page is no heading: nothing is added to what the file shows.
    """
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for item in outline:
        wanted = _folded(item.title)
        if not wanted or item.page >= len(pages):
            continue
        lines = pages[item.page]
        taken = found.setdefault(item.page, {})
        places: list[tuple[float, int, int]] = []
        for start in range(len(lines)):
            together = ""
            for end in range(start, min(start + MOST_TITLE_LINES, len(lines))):
                together += _folded(lines[end].text)
                if together == wanted:
                    distance = abs(lines[start].top - item.top) if item.top is not None else 0.0
                    places.append((distance, start, end - start + 1))
                if not wanted.startswith(together):
                    break
        for _, start, count in sorted(places):
            if not any(start < at + n and at < start + count for at, (n, _) in taken.items()):
                taken[start] = (count, item.level)
                break
    return found


def _structure(data: bytes) -> Structure:
    reader = _attempt(lambda: _open(data), None)
    if reader is None:
        return Structure()
    info: Mapping[str, Any] = _attempt(lambda: dict(reader.metadata or {}), {})
    title = one_line(str(info.get("/Title", "")))
    author = one_line(str(info.get("/Author", "")))
    dated = _PDF_DATE.match(str(info.get("/CreationDate", "")))
    no_labels: tuple[str, ...] = ()
    labels = _attempt(lambda: tuple(reader.page_labels), no_labels)
    return Structure(
        title="" if _JUNK_TITLE.match(title) or title == author else title,
        authors=tuple(name.strip() for name in author.split(";") if name.strip()),
        published="-".join(part for part in dated.groups() if part) if dated else "",
        labels=labels if labels != tuple(str(n) for n in range(1, len(labels) + 1)) else (),
        outline=_attempt(lambda: tuple(_outline_items(reader, reader.outline, 1)), ()),
    )


def _open(data: bytes) -> pypdf.PdfReader | None:
    reader = pypdf.PdfReader(BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        return None
    return reader


def _outline_items(reader: pypdf.PdfReader, entries: Sequence[Any], level: int) -> list[OutlineItem]:
    items: list[OutlineItem] = []
    for entry in entries:
        if isinstance(entry, list):
            items += _outline_items(reader, entry, level + 1)
            continue
        page = _attempt(lambda entry=entry: reader.get_destination_page_number(entry), None)  # type: ignore[misc]
        if page is None or page < 0:
            continue
        top = _attempt(lambda entry=entry: float(entry.top), None)  # type: ignore[misc]
        items.append(OutlineItem(str(entry.title or ""), level, page, top))
    return items


def _attempt(step: Callable[[], T], otherwise: T) -> T:
    """`step`'s result, or `otherwise` where pypdf cannot make sense of the file."""
    try:
        return step()
    except _BROKEN_STRUCTURE:
        return otherwise


def _largest_text(pages: Sequence[list[Block]]) -> str:
    """The title of a file that states none: the largest heading of its first page with any text.

    One of three words or more is taken before a larger one of fewer: "DIRECTIVES" heads a series.
    """
    first = next((blocks for blocks in pages if blocks), [])
    found = [block for block in first if block.level] or first[:1]
    telling = [block for block in found if len(block.text.split()) >= 3] or found
    if not telling:
        return ""
    return one_line(max(telling, key=lambda block: block.size).text.replace(LINE_END_HYPHEN, "-"))[:300]


def _folded(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
