"""Made documents for the source viewer's tests: labelled pages, turned and cropped pages, a scan, a text."""

from __future__ import annotations

import re
from io import BytesIO

import pypdf
from PIL import Image, ImageDraw
from pypdf.generic import RectangleObject
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Box, Document, Page, PageMap, RecognisedWord, Section, content_id

BROKEN = "The agreement on transport was signed in Tashkent and goes on over the page to its end."
SCANNED = "Recognised words stand here"
SCAN_BOXES = ((100, 150), (260, 90), (360, 90), (460, 70))  # left edge and width of each word, in points
MARKDOWN = """# Roads of the Valley

Before the mountains.

## Bridges `<b>& tunnels</b>`

The longest bridge has a length of 1,340 metres.

### Costs

Nobody knows.

## Ferries

There are two.
"""


def labelled() -> bytes:
    """Four pages with the labels i, ii, 1 and 2; BROKEN runs from the third to the fourth."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle("Roads to Tashkent")
    canvas.addPageLabel(0, style="ROMAN_LOWER", start=1)
    canvas.addPageLabel(2, style="ARABIC", start=1)
    begun, ended = BROKEN[:42].rstrip(), BROKEN[42:].lstrip()
    for number, (heading, lines) in enumerate(
        (
            ("Preface", ["This report was made for the ministry. It has four pages in all of them."]),
            ("Contents", ["What follows is told in the order of the years. Nothing is left out here."]),
            ("Agreements", ["Trade grew in every year that was looked at by the authors of this.", begun]),
            ("", [ended, "Another sentence follows it. And one more closes the report for good."]),
        )
    ):
        canvas.setFont("Helvetica-Bold", 18)
        canvas.bookmarkPage(f"p{number}")
        if heading:
            canvas.drawString(72, 760, heading)
            canvas.addOutlineEntry(heading, f"p{number}", level=0)
        canvas.setFont("Times-Roman", 11)
        for at, line in enumerate(lines):
            # The last line of the third page stands at its foot, as what goes on does.
            low = number == 2 and at == len(lines) - 1
            canvas.drawString(72, 90 if low else 720 - 13 * at, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def turned() -> bytes:
    """Four pages, each cropped and turned by another angle, each with a sentence that ends on it."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for angle in (0, 90, 180, 270):
        canvas.setFont("Helvetica", 12)
        canvas.translate(300, 420)
        canvas.rotate(angle)  # what the page's rotation turns back: the reader sees upright lines
        canvas.drawString(-150, 40, f"The page was turned by {angle} degrees and then")
        canvas.drawString(-150, 26, f"cropped at its edges, number {angle}. It is read all the same.")
        canvas.showPage()
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=BytesIO(out.getvalue()))
    for page, angle in zip(writer.pages, (0, 90, 180, 270), strict=True):
        page.cropbox = RectangleObject((40, 90, 560, 800))
        page.rotate(angle)
    changed = BytesIO()
    writer.write(changed)
    return changed.getvalue()


def scan() -> tuple[bytes, Document]:
    """A page that is one picture, and the document that recognition makes of it: black bars for words."""
    image = Image.new("L", (595, 842), 255)
    draw = ImageDraw.Draw(image)
    for left, width in SCAN_BOXES:
        draw.rectangle((left, 842 - 512, left + width, 842 - 500), 0)
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.drawImage(ImageReader(image), 0, 0, 595, 842)
    canvas.save()
    data = out.getvalue()
    words = []
    for match, (left, width) in zip(re.finditer(r"\S+", SCANNED), SCAN_BOXES, strict=True):
        words.append(RecognisedWord(*match.span(), 1, left, 500, left + width, 512, 0.9))
    size = len(SCANNED)
    document = Document(
        id=content_id(data),
        source="scan.pdf",
        format="pdf",
        title="A scan",
        authors=(),
        published="",
        language="en",
        type="",
        text=SCANNED,
        pages=(Page(1, "", 0, size),),
        sections=(Section("", 0, 0, size),),
        tables=(),
        page_map=PageMap(words=tuple(words)),
    )
    return data, document


def boxes_of(html: str, width: float, height: float, page: int) -> list[Box]:
    """The boxes that a viewer's page draws, in points of a page of this size."""
    number = r"([\d.]+)%"
    rule = rf"\.box-\d+\{{left:{number};top:{number};width:{number};height:{number}\}}"
    found = []
    for match in re.finditer(rule, html):
        left, top, wide, high = (float(share) / 100 for share in match.groups())
        found.append(
            Box(page, left * width, (1 - top - high) * height, (left + wide) * width, (1 - top) * height)
        )
    return found


def made(text: str, **parts: object) -> Document:
    """A document of one section and one page, but for `parts`."""
    fields: dict[str, object] = {
        "id": "0" * 32,
        "source": "a.md",
        "format": "text",
        "title": "A",
        "authors": (),
        "published": "",
        "language": "en",
        "type": "",
        "text": text,
        "pages": (Page(1, "", 0, len(text)),),
        "sections": (Section("", 0, 0, len(text)),),
        "tables": (),
    }
    return Document(**{**fields, **parts})  # type: ignore[arg-type]
