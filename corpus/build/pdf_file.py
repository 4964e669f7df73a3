"""A source text in, the bytes of a PDF out: embedded fonts, outline, page labels, information dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from io import BytesIO
from math import sqrt
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from pdf_fonts import register_fonts
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import NameObject, TextStringObject
from reportlab.lib import colors
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    ListFlowable,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
)
from source_text import Block, SourceText

ROMAN = ("i", "ii", "iii", "iv", "v")
GRID = [("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]


@dataclass(frozen=True, slots=True)
class _Look:
    """The styles of one document, and the width they are set to."""

    body: ParagraphStyle
    headings: dict[int, ParagraphStyle]
    cell: ParagraphStyle
    cell_head: ParagraphStyle
    width: float


def _look(regular: str, bold: str, width: float) -> _Look:
    style = partial(ParagraphStyle, fontName=bold)
    return _Look(
        body=ParagraphStyle("Body", fontName=regular, fontSize=10, leading=14.5, spaceAfter=7),
        headings={
            1: style("Title", fontSize=17, leading=22, spaceAfter=14),
            2: style("Heading", fontSize=13, leading=17, spaceBefore=10, spaceAfter=6),
            3: style("Subheading", fontSize=10.5, leading=15, spaceBefore=6, spaceAfter=4),
        },
        cell=ParagraphStyle("Cell", fontName=regular, fontSize=9, leading=12),
        cell_head=style("Cell head", fontSize=9, leading=12),
        width=width,
    )


class _Report(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no types
    """Adds an entry to the outline for each heading it places."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 (reportlab calls it)
        level = getattr(flowable, "outline_level", None)
        if level is not None:
            key = f"heading-{self.seq.nextf('heading')}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, level=level)


def pdf_bytes(text: SourceText) -> bytes:
    made = BytesIO()
    with TemporaryDirectory() as folder:
        regular, bold = register_fonts(text, folder)
        report = _Report(made, pagesize=A5, title=text.title, invariant=1)
        frame = Frame(18 * mm, 20 * mm, A5[0] - 36 * mm, A5[1] - 38 * mm, leftPadding=0, rightPadding=0)
        foot = partial(_print_label, face=regular, front_pages=text.front_pages)
        report.addPageTemplates(PageTemplate(frames=[frame], onPageEnd=foot))
        look = _look(regular, bold, A5[0] - 36 * mm)
        report.build([_flowable(block, look) for block in text.blocks])
    return _with_metadata(made, text)


def _print_label(canvas: Canvas, report: BaseDocTemplate, face: str, front_pages: int) -> None:
    number = report.page
    label = ROMAN[number - 1] if number <= front_pages else str(number - front_pages)
    canvas.setFont(face, 9)
    canvas.drawCentredString(A5[0] / 2, 11 * mm, label)


def _flowable(block: Block, look: _Look) -> Flowable:
    match block.kind:
        case "pagebreak":
            return PageBreak()
        case "heading":
            heading = Paragraph(escape(block.text), look.headings[block.level])
            heading.outline_level = block.level - 1
            return heading
        case "bullets" | "numbers":
            items = [Paragraph(escape(item), look.body) for (item,) in block.rows]
            start = "•" if block.kind == "bullets" else 1
            kind = "bullet" if block.kind == "bullets" else "1"
            return ListFlowable(
                items, bulletType=kind, start=start, leftIndent=14, bulletFontName=look.body.fontName
            )
        case "table":
            cells = [
                [Paragraph(escape(cell), look.cell if number else look.cell_head) for cell in row]
                for number, row in enumerate(block.rows)
            ]
            # Square roots: a column of long cells gets more room, and a short one keeps its words whole.
            sizes = [sqrt(max(map(len, column))) for column in zip(*block.rows, strict=True)]
            widths = [look.width * size / sum(sizes) for size in sizes]
            return Table(cells, colWidths=widths, style=GRID, repeatRows=1, spaceBefore=4, spaceAfter=8)
        case _:
            return Paragraph(escape(block.text), look.body)


def _with_metadata(made: BytesIO, text: SourceText) -> bytes:
    """The same pages with the dates of the text, its language and its page labels."""
    writer = PdfWriter(clone_from=PdfReader(made))
    moment = f"D:{text.date.replace('-', '')}000000Z"
    writer.metadata = {
        "/Title": text.title,
        "/Author": ", ".join(text.authors),
        "/Keywords": text.type,
        "/CreationDate": moment,
        "/ModDate": moment,
    }
    writer.root_object[NameObject("/Lang")] = TextStringObject(text.language)
    last = len(writer.pages) - 1
    if text.front_pages:
        writer.set_page_label(0, text.front_pages - 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(text.front_pages, last, style=PageLabelStyle.DECIMAL)
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    final = BytesIO()
    writer.write(final)
    return final.getvalue()
