"""A source text in, the bytes of a PDF out: embedded fonts, outline, page labels, information dictionary."""

from __future__ import annotations

from functools import partial
from io import BytesIO
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
BODY = ParagraphStyle("Body", fontName="Text", fontSize=10, leading=14.5, spaceAfter=7)
HEADINGS = {
    1: ParagraphStyle("Title", fontName="Text-Bold", fontSize=17, leading=22, spaceAfter=14),
    2: ParagraphStyle("Heading", fontName="Text-Bold", fontSize=13, leading=17, spaceBefore=10, spaceAfter=6),
    3: ParagraphStyle("Subheading", fontName="Text-Bold", fontSize=10.5, leading=15, spaceBefore=6, spaceAfter=4),
}
CELL = ParagraphStyle("Cell", fontName="Text", fontSize=9, leading=12)
CELL_HEAD = ParagraphStyle("Cell head", parent=CELL, fontName="Text-Bold")
GRID = [("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]


class _Report(BaseDocTemplate):
    """Adds an entry to the outline for each heading it places."""

    def afterFlowable(self, flowable: Flowable) -> None:
        level = getattr(flowable, "outline_level", None)
        if level is not None:
            key = f"heading-{self.seq.nextf('heading')}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, level=level)


def pdf_bytes(text: SourceText) -> bytes:
    made = BytesIO()
    with TemporaryDirectory() as folder:
        register_fonts(text, folder)
        report = _Report(made, pagesize=A5, title=text.title)
        frame = Frame(18 * mm, 20 * mm, A5[0] - 36 * mm, A5[1] - 38 * mm, id="text")
        foot = partial(_print_label, front_pages=text.front_pages)
        report.addPageTemplates(PageTemplate(frames=[frame], onPage=foot))
        report.build([_flowable(block, frame.width) for block in text.blocks])
    return _with_metadata(made, text)


def _print_label(canvas: Canvas, report: BaseDocTemplate, front_pages: int) -> None:
    number = report.page
    label = ROMAN[number - 1] if number <= front_pages else str(number - front_pages)
    canvas.setFont("Text", 9)
    canvas.drawCentredString(A5[0] / 2, 11 * mm, label)


def _flowable(block: Block, width: float) -> Flowable:
    match block.kind:
        case "pagebreak":
            return PageBreak()
        case "heading":
            heading = Paragraph(escape(block.text), HEADINGS[block.level])
            heading.outline_level = block.level - 1
            return heading
        case "bullets" | "numbers":
            items = [Paragraph(escape(item), BODY) for (item,) in block.rows]
            bullets = {"bulletType": "bullet", "start": "•"} if block.kind == "bullets" else {"bulletType": "1"}
            return ListFlowable(items, leftIndent=14, bulletFontName="Text", **bullets)
        case "table":
            cells = [
                [Paragraph(escape(cell), CELL if number else CELL_HEAD) for cell in row]
                for number, row in enumerate(block.rows)
            ]
            # The column with the longest cell takes what the others leave.
            longest = [max(len(row[column]) for row in block.rows) for column in range(len(block.rows[0]))]
            widths = [width * max(size, 9) / sum(max(size, 9) for size in longest) for size in longest]
            return Table(cells, colWidths=widths, style=GRID, repeatRows=1, spaceBefore=4, spaceAfter=8)
        case _:
            return Paragraph(escape(block.text), BODY)


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
