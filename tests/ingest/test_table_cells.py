"""Gold cells over all formats that hold tables: each is found under its row's and its column's head.

For every (row head, column head) → value: one cell of one table holds the value exactly, `column_heads` names
its column, and the row's contextual text, which is what gets indexed, says all three.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table as Drawn

from ingest.context import column_heads, contextual_text
from ingest.document import Document, Span, Table
from ingest.reading import read
from tests.ingest.formats.test_odt import odt, row, table

SEED = Path(__file__).parents[3] / "shared/seeds/dushaeva-south-korean-foreign-policy.md"

# Two rows of heads: a year stands over two columns.
YEARS = ("", "2021", "", "2022", "")
HEADS = ("Country", "Export", "Import", "Export", "Import")
BODY = (
    ("Uzbekistan", "1 932 005", "26 104", "2 183 539", "27 932"),
    ("Кыргызстан", "98 406", "1 207", "372 854", "541"),
    ("타지키스탄", "67 018", "905", "92 676", "368"),
    ("Oʻzbekiston, jami", "45,7 %", "11,2 %", "54,3 %", "88,8 %"),
)
TWO_HEADS = (
    ("Uzbekistan", "2022 Export", "2 183 539"),
    ("Кыргызстан", "2021 Import", "1 207"),
    ("타지키스탄", "2022 Import", "368"),
    ("Oʻzbekiston, jami", "2021 Export", "45,7 %"),
)
# One row of heads: year and measure in one cell.
FLAT = ("Country", "2021 Export", "2021 Import", "2022 Export", "2022 Import")
LATIN = (
    BODY[0],
    ("Kyrgyzstan", *BODY[1][1:]),
    ("Tajikistan", *BODY[2][1:]),
    ("Kazakhstan", "5", "61", "7", "890"),
)
ONE_HEAD = (
    ("Uzbekistan", "2022 Export", "2 183 539"),
    ("Kyrgyzstan", "2021 Import", "1 207"),
    ("Tajikistan", "2022 Import", "368"),
    ("Kazakhstan", "2021 Export", "5"),
)


def _html() -> bytes:
    heads = "<tr><th rowspan=2>Country<th colspan=2>2021<th colspan=2>2022</tr>"
    heads += "<tr>" + "".join(f"<th>{head}" for head in HEADS[1:]) + "</tr>"
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>" for cells in BODY)
    text = "The ministers agreed to widen their cooperation in energy, transport and health. " * 3
    return f"<!DOCTYPE html><html><body><p>{text}</p><table>{heads}{body}</table></body></html>".encode()


def _html_row_heads() -> bytes:
    """Rows headed by <th>, one head over two rows, and no <thead>."""
    rows = "<tr><td>Country<td>Flow<td>2022</tr><tr><th rowspan=2>Kyrgyzstan<th>Export<td>372 854</tr>"
    rows += "<tr><th>Import<td>541</tr><tr><th rowspan=2>Tajikistan<th>Export<td>92 676</tr><tr><th>Import<td>368</tr>"
    return f"<!DOCTYPE html><html><body><p>Text.</p><table>{rows}</table></body></html>".encode()


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("Table 1. Trade")
    drawn = document.add_table(rows=0, cols=5)
    drawn.style = "Table Grid"
    for cells in (FLAT, *BODY):
        for cell, text in zip(drawn.add_row().cells, cells, strict=True):
            cell.text = text
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _markdown() -> bytes:
    lines = [FLAT, ("---",) * 5, *BODY]
    return ("# Trade\n\n" + "\n".join("| " + " | ".join(cells) + " |" for cells in lines)).encode()


def _text() -> bytes:
    lines = ["".join(f"{cell:<20}" for cell in cells).rstrip() for cells in (YEARS, HEADS, *LATIN)]
    return ("Trade of Korea\n\nAs the table shows, it grew.\n\n" + "\n".join(lines)).encode()


def _xlsx() -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    for line in (["Trade of Korea"], [], *map(list, (YEARS, HEADS))):
        sheet.append(line)
    for name, *figures in BODY[:3]:
        sheet.append([name, *(int(figure.replace(" ", "")) for figure in figures)])
    sheet.append([BODY[3][0], 0.457, 0.112, 0.543, 0.888])
    sheet.merge_cells("B3:C3")
    sheet.merge_cells("D3:E3")
    for line in sheet["B5:E7"]:
        for cell in line:
            cell.number_format = "# ##0"
    for cell in sheet["B8:E8"][0]:
        cell.number_format = "0.0%"
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def _csv() -> bytes:
    return "\n".join(";".join(cells) for cells in (FLAT, *BODY)).encode("utf-8-sig")


def _odt() -> bytes:
    return odt(table("".join(row(*cells) for cells in BODY), row(*FLAT)))


def _epub() -> bytes:
    from tests.ingest.formats.test_epub import _book, _page

    return _book(one=_page(_html().decode().partition("<body>")[2].partition("</body>")[0]))


def _eml() -> bytes:
    head = "Subject: Trade\nFrom: kim@example.org\nContent-Type: text/html; charset=utf-8\n\n"
    return head.encode() + _html()


def _pdf(ruled: bool) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, A4)
    canvas.drawString(60, 780, "Table 1. Trade of Korea with Central Asia, thousand US dollars")
    drawn = Drawn([FLAT, *LATIN], colWidths=[95] * 5)
    drawn.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)] if ruled else [])
    drawn.wrapOn(canvas, 500, 500)
    drawn.drawOn(canvas, 60, 660)
    canvas.drawString(60, 620, "All of them agreed to widen their cooperation in the next years.")
    canvas.save()
    return out.getvalue()


FILES: dict[str, tuple[Callable[[], bytes], tuple[tuple[str, str, str], ...]]] = {
    "two.html": (_html, TWO_HEADS),
    "rows.html": (
        _html_row_heads,
        (("Kyrgyzstan", "2022", "541"), ("Kyrgyzstan", "2022", "372 854"), ("Tajikistan", "2022", "368")),
    ),
    "f.docx": (_docx, TWO_HEADS),
    "f.md": (_markdown, TWO_HEADS),
    "f.txt": (_text, ONE_HEAD),
    "f.xlsx": (_xlsx, (*TWO_HEADS[:3], ("Oʻzbekiston, jami", "2021 Export", "45.7%"))),
    "f.csv": (_csv, TWO_HEADS),
    "f.odt": (_odt, TWO_HEADS),
    "f.epub": (_epub, TWO_HEADS),
    "f.eml": (_eml, TWO_HEADS),
    "ruled.pdf": (lambda: _pdf(True), ONE_HEAD),
    "unruled.pdf": (lambda: _pdf(False), ONE_HEAD),
    "seed.md": (
        SEED.read_bytes,
        (
            ("Tajikistan", "Import Value (2022)", "368"),
            ("Kyrgyzstan", "Export Value (2023, OCT)", "983 730"),
            ("Uzbekistan", "Export Value (2022)", "2 183 539"),
            ("Turkmenistan", "Import Value (2023, OCT)", "3"),
        ),
    ),
}
GOLD = [(name, *cell) for name, (_, cells) in FILES.items() for cell in cells]


@cache
def _document(name: str) -> Document:
    if name == "seed.md" and not SEED.exists():
        pytest.skip("the seed documents are not part of this checkout")
    return read(FILES[name][0](), name)


def test_there_are_enough() -> None:
    assert len(GOLD) >= 30
    assert len({name.rpartition(".")[2] for name, *_ in GOLD}) >= 5


@pytest.mark.parametrize(("name", "row_head", "column_head", "value"), GOLD)
def test_a_cell_is_found_by_its_heads(name: str, row_head: str, column_head: str, value: str) -> None:
    document = _document(name)
    found = [
        (cell, contextual)
        for candidate in document.tables
        for cell, contextual in _cells_under(document, candidate, column_head)
        if cell.of(document.text) == value and row_head in contextual
    ]
    assert len(found) == 1, [table_rows(document, candidate) for candidate in document.tables]
    (cell, contextual) = found[0]
    assert document.text[cell.start : cell.end] == value
    said = contextual.split("\n")[-1]
    assert row_head in said
    assert f"{column_head}: {value}" in said


def _cells_under(document: Document, candidate: Table, column_head: str) -> list[tuple[Span, str]]:
    """The cells of the columns with a head, each with its row's contextual text."""
    _, heads = column_heads(document.text, candidate)
    return [
        (line[column], contextual_text(document, line[0].start, line[-1].end))
        for line in candidate.rows[candidate.head_rows :]
        for column, head in enumerate(heads)
        if head == column_head and column < len(line)
    ]


def table_rows(document: Document, candidate: Table) -> list[list[str]]:
    return [[cell.of(document.text) for cell in line] for line in candidate.rows]
