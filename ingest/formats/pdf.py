"""PDF: pdfium reads the characters and where they stand, pypdf the structure around them.

In: the bytes of a PDF. Out: its Content, a Page per page with its printed label, and the map from its text
to the characters of its pages. Running headers, footers and page numbers are left out of the text; a
paragraph that runs over a page's end stays one, and the footnotes of the page where it begins stand before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import fmean
from threading import Lock
from unicodedata import normalize

import pypdfium2
import pypdfium2.raw as pdfium

from ..document import Aside, PageMap, Run, Table
from ..errors import DamagedFile, NoTextLayer, PasswordNeeded, TooManyPages
from ..language import detect
from ..page_progress import page_read
from ..told import Told, sentences
from . import pdf_blocks as blocks_of
from .draft import Content, Draft, one_line
from .note_marks import without_mark
from .pdf_blocks import Block, Layout
from .pdf_clean import LINE_END_HYPHEN
from .pdf_columns import page_layout
from .pdf_lines import CharRun, Line, PageText
from .pdf_running import printed_labels, split_running
from .pdf_scans import TELLING, Scans, read_scans
from .pdf_structure import OutlineItem, structure_of
from .pdf_words import Joined, Words

PDFIUM = Lock()  # pdfium is not thread-safe: whoever calls it holds this

MOST_PAGES = 20_000
TAIL = 4096  # bytes at the end in which a whole PDF says where its cross-reference table is
MOST_TITLE_LINES = 5  # of an outline's title as it is set on its page
LANGUAGE_LINES = 10  # of each page, by which the language of a file's text is told
NAMED = 5  # attached files that a note names


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What is kept of a page once it is closed."""

    layout: Layout
    marked: bool  # something is drawn on it: characters, a picture, a line
    garbled: bool  # its font does not say which characters its glyphs are


def read(data: bytes, source: str, languages: Sequence[str] = ()) -> Content:
    """`languages` (ISO 639-1) are those to expect in pictures of text, where the file's own text tells none.

    Raises DamagedFile, PasswordNeeded, TooManyPages and NoTextLayer.
    """
    if b"startxref" not in data[-TAIL:]:
        raise DamagedFile(source, Told("the PDF is cut short: its end is missing. Fetch the file again."))
    with opened(data, source) as document:
        pages = _read_pages(document, source)
        silent = [index for index, page in enumerate(pages) if page.marked and not page.layout.lines]
        scans = read_scans(document, silent, _languages(pages) or languages if silent else ())
    for index, scan in scans.pages.items():
        pages[index] = replace(pages[index], layout=Layout.plain(scan.lines, scan.height))
    if not any(page.layout.lines for page in pages):
        why = scans.problem or Told("No text was recognised in its pictures either.")
        raise NoTextLayer(
            source,
            sentences(
                Told("none of its {pages} pages holds text: it is a scan.", pages=str(len(pages))), why
            ),
        )
    structure = structure_of(data)
    texts, margins = split_running([page.layout for page in pages])
    lines = [layout.lines for layout in texts]
    metrics = blocks_of.measure(lines)
    headings = _outline_headings(structure.outline, lines)
    blocks = blocks_of.mark_headings(
        [blocks_of.group(layout, headings.get(at, {}), metrics) for at, layout in enumerate(texts)], metrics
    )
    labels = structure.labels if len(structure.labels) == len(pages) else printed_labels(margins)
    labels = labels or [str(number) for number in range(1, len(pages) + 1)]
    draft = Draft()
    runs = _Writer(draft, Words(lines)).write(blocks, labels)
    draft.state("file", title=structure.title, authors=structure.authors, published=structure.published)
    draft.state("text", title=_largest_text(blocks))
    _note(draft, pages, structure.attachments)
    _note_scans(draft, pages, scans)
    return draft.finish(_page_map(runs, margins, scans))


def _languages(pages: Sequence[ReadPage]) -> tuple[str, ...]:
    """The language of the pages that have text, if that is enough to tell, and English."""
    text = "\n".join(line.text for page in pages for line in page.layout.lines[:LANGUAGE_LINES])
    return tuple(dict.fromkeys((detect(text), "en"))) if len(text) >= TELLING else ()


def _page_map(runs: Sequence[Run], margins: Sequence[Sequence[Line]], scans: Scans) -> PageMap:
    """Runs on scanned pages count the characters of recognised words: these words take their place."""
    scanned = {index + 1: scan for index, scan in scans.pages.items()}
    words = [word for run in runs if run.page in scanned for word in scanned[run.page].placed([run])]
    return PageMap(
        runs=tuple(run for run in runs if run.page not in scanned),
        words=tuple(words),
        asides=tuple(aside for aside in _asides(margins) if aside.page not in scanned),
    )


@contextmanager
def opened(data: bytes, source: str) -> Iterator[pypdfium2.PdfDocument]:
    """The document as pdfium opens it; pdfium is this thread's alone until it is closed again.

    Raises DamagedFile and PasswordNeeded.
    """
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)  # tries the empty password by itself
        except pypdfium2.PdfiumError as error:
            if error.err_code == pdfium.FPDF_ERR_PASSWORD:
                raise PasswordNeeded(
                    source, Told("the PDF opens with a password only. Save a copy without it.")
                ) from error
            raise DamagedFile(
                source, Told("this is no PDF that can be opened. Fetch the file again.")
            ) from error
        try:
            yield document
        finally:
            document.close()


def _read_pages(document: pypdfium2.PdfDocument, source: str) -> list[ReadPage]:
    count = len(document)
    if count == 0:
        raise DamagedFile(source, Told("the PDF has no pages."))
    if count > MOST_PAGES:
        raise TooManyPages(
            source,
            Told(
                "it has {pages} pages; the limit is {limit}. Split it into parts.",
                pages=count,
                limit=MOST_PAGES,
            ),
        )
    pages: list[ReadPage] = []
    try:
        for index in range(count):
            page = document[index]
            with PageText(page) as text:
                marked = bool(text.lines) or pdfium.FPDFPage_CountObjects(page) > 0
                pages.append(ReadPage(page_layout(text), marked, text.garbled()))
            page.close()
            page_read(index + 1, count)
    except pypdfium2.PdfiumError as error:
        raise DamagedFile(
            source, Told("page {page} of the PDF cannot be read.", page=str(len(pages) + 1))
        ) from error
    return pages


def _note(draft: Draft, pages: Sequence[ReadPage], attachments: Sequence[str]) -> None:
    """What a reader of the text should know: pages that are pictures, text that is not what is seen."""
    garbled = [number for number, page in enumerate(pages, 1) if page.garbled]
    if garbled:
        draft.note(
            "broken_font", Told("A font does not say which characters it shows: the text is wrong."), garbled
        )
    if attachments:
        names = [*attachments[:NAMED], *(["…"] if len(attachments) > NAMED else [])]
        draft.note("attachments", Told("Files are attached, which were not read: {names}.", names=names))


def _note_scans(draft: Draft, pages: Sequence[ReadPage], scans: Scans) -> None:
    """Which pages were recognised and how surely, and which hold no text still."""
    if scans.pages:
        read = [index + 1 for index in scans.pages]
        sure = fmean(scan.confidence for scan in scans.pages.values())
        message = Told(
            "Text was recognised in pictures, with a confidence of {percent}% on average.",
            percent=f"{100 * sure:.0f}",
        )
        if scans.missing:
            packages = " ".join(scans.missing)
            hint = Told("For the languages expected, install {packages}.", packages=packages)
            draft.note("recognised", sentences(message, hint), read)
        else:
            draft.note("recognised", message, read)
    silent = [number for number, page in enumerate(pages, 1) if page.marked and not page.layout.lines]
    if silent:
        why = scans.problem or Told("No text was recognised in them.")
        draft.note("no_text", sentences(Told("Pictures without text, perhaps scans."), why), silent)


def _asides(margins: Sequence[Sequence[Line]]) -> tuple[Aside, ...]:
    return tuple(
        Aside(number, line.text.replace(LINE_END_HYPHEN, "-"), line.first, line.last)
        for number, lines in enumerate(margins, 1)
        for line in lines
    )


class _Writer:
    """Appends the blocks of all pages to a draft, and keeps where their characters went."""

    def __init__(self, draft: Draft, words: Words) -> None:
        self.draft, self.words = draft, words
        self.runs: list[Run] = []

    def write(self, pages: Sequence[list[Block]], labels: Sequence[str]) -> tuple[Run, ...]:
        """A paragraph that goes on after a page's end is continued there."""
        running: Block | None = None  # the paragraph that the page before left open
        for index, blocks in enumerate(pages):
            self.draft.begin_page(labels[index])
            ahead = pages[index + 1] if index + 1 < len(pages) else []
            going_on, rest = (blocks[0], blocks[1:]) if running is not None else (None, blocks)
            if going_on is not None and not rest:
                left_open, _ = _left_open([going_on], ahead)
            else:
                left_open, rest = _left_open(rest, ahead)
            follows = ahead[0].lines[0] if left_open is not None else None
            if running is not None and going_on is not None:
                self._continue(running, going_on, index + 1, follows if going_on is left_open else None)
            running = left_open
            for block in rest:
                if not self._block(block, index + 1, follows if block is left_open else None):
                    running = None if block is running else running  # nothing of it can be seen
        return tuple(self.runs)

    def _block(self, block: Block, page: int, follows: Line | None) -> bool:
        if block.rows:
            return self._table(block, page)
        if block.level:
            joined = self.words.joined(block.lines, " ")
            return self._map(self.draft.heading(joined.text, block.level), joined.runs, page)
        joined = self.words.joined(block.lines, follows=follows)
        return self._map(self.draft.paragraph(joined.text), joined.runs, page)

    def _continue(self, before: Block, block: Block, page: int, follows: Line | None) -> None:
        joined = self.words.joined(block.lines, follows=follows)
        joiner = self.words.joiner(before.lines[-1], block.lines[0])
        start = self.draft.continue_paragraph(joined.text, joiner)
        if start is not None and joiner == "-":
            self._map(start - 1, (CharRun(0, 1, before.lines[-1].last_char),), page - 1)
        self._map(start, joined.runs, page)

    def _table(self, block: Block, page: int) -> bool:
        rows = [[self.words.joined(cell, " ") for cell in row] for row in block.rows]
        table = self.draft.table([[cell.text for cell in row] for row in rows], block.head_rows)
        if table is not None:
            self._map_cells(table, rows, page)
        return table is not None

    def _map_cells(self, table: Table, rows: Sequence[Sequence[Joined]], page: int) -> None:
        written = [row for row in rows if any(cell.text for cell in row)]  # a Draft leaves blank rows out
        for spans, row in zip(table.rows, written, strict=True):
            for span, cell in zip(spans, row, strict=False):  # and empty cells at a row's end
                self._map(span.start, cell.runs, page)

    def _map(self, start: int | None, runs: Sequence[CharRun], page: int) -> bool:
        """Notes where runs of a text that begins at `start` went, if it went anywhere; neighbours become one."""
        if start is None:
            return False
        for run in runs:
            before = self.runs[-1] if self.runs else None
            if (
                before is not None
                and before.page == page
                and before.end == start + run.start
                and before.first + before.end - before.start == run.first
            ):
                self.runs[-1] = before._replace(end=start + run.end)
            else:
                self.runs.append(Run(start + run.start, start + run.end, page, run.first))
        return True


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


def _outline_headings(
    outline: Sequence[OutlineItem], pages: Sequence[Sequence[Line]]
) -> dict[int, dict[int, tuple[int, int]]]:
    """Where the outline's titles stand: page → first line → (number of lines, level).

    A title that is not on its page is no heading: nothing is added to what the file shows.
    """
    found: dict[int, dict[int, tuple[int, int]]] = {}
    folded: dict[int, list[str]] = {}
    for item in outline:
        wanted = _folded(item.title)
        if not wanted or item.page >= len(pages):
            continue
        lines = pages[item.page]
        if item.page not in folded:
            folded[item.page] = [_folded(line.text) for line in lines]
        forms = folded[item.page]
        taken = found.setdefault(item.page, {})
        places: list[tuple[float, int, int]] = []
        for start in range(len(lines)):
            together = ""
            for end in range(start, min(start + MOST_TITLE_LINES, len(lines))):
                together += forms[end]
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


def _largest_text(pages: Sequence[list[Block]]) -> str:
    """The title of a file that states none: the largest heading of its first page with any text.

    One of three words or more is taken before a larger one of fewer: "DIRECTIVES" heads a series.
    """
    first = next((blocks for blocks in pages if blocks), [])
    found = [block for block in first if block.level] or first[:1]
    telling = [block for block in found if len(block.text.split()) >= 3] or found
    if not telling:
        return ""
    largest = max(telling, key=lambda block: block.size)
    return without_mark(one_line(largest.text.replace(LINE_END_HYPHEN, "-")))[:300]


def _folded(text: str) -> str:
    # An outline has the mark of a heading's note as plain figures.
    return "".join(char for char in normalize("NFKC", text).casefold() if char.isalnum())
