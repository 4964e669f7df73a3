"""Tables of a PDF: cells and heads of framed and of aligned ones; what only looks like a table is none."""

from __future__ import annotations

from io import BytesIO

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from bench.made_pdfs import MEASURES, TRADE, ruled_table, unruled_table
from ingest.formats.draft import Content
from ingest.formats.pdf import read
from tests.ingest.formats.test_pdf import DATA, Text, lines, pdf


def cells(content: Content) -> list[list[list[str]]]:
    return [[[cell.of(content.text) for cell in row] for row in table.rows] for table in content.tables]


def as_lists(*tables: tuple[tuple[str, ...], ...]) -> list[list[list[str]]]:
    return [[list(row) for row in table] for table in tables]


def test_framed_tables() -> None:
    content = read(ruled_table()[0], "f.pdf")
    assert cells(content) == as_lists(TRADE, MEASURES)
    assert [table.head_rows for table in content.tables] == [1, 1]
    first = content.tables[0]
    # The caption stands right before its table, and the text after it.
    assert content.text[: first.start].endswith("thousand US dollars\n\n")
    assert content.text[first.end :].startswith("\n\nAll of them agreed")


def test_aligned_tables() -> None:
    content = read(unruled_table()[0], "f.pdf")
    assert cells(content) == as_lists(TRADE, TRADE[:4])
    assert [table.head_rows for table in content.tables] == [1, 1]


def test_a_raised_figure_alone_in_a_cell_is_read() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.drawString(100, 760, "The figures below were collected by the customs services of the countries.")
    rows = [
        ("Country", "Offices"),
        ("Tajikistan", "4"),
        ("Uzbekistan", "5"),
        ("Kazakhstan", "²"),
        ("Kyrgyzstan", "7"),
        ("Turkmenistan", "8"),
        ("Korea", "9"),
        ("Japan", "12"),
    ]
    for number, (country, offices) in enumerate(rows):
        canvas.drawString(100, 730 - 16 * number, country)
        canvas.drawString(300, 730 - 16 * number, offices)
    canvas.save()
    assert "Kazakhstan" in read(out.getvalue(), "f.pdf").text


def test_cells_map_to_their_characters() -> None:
    content = read(ruled_table()[0], "f.pdf")
    covered = {at for run in content.page_map.runs for at in range(run.start, run.end)}
    for table in content.tables:
        for row in table.rows:
            for cell in row:
                assert all(at in covered or content.text[at] == " " for at in range(cell.start, cell.end))


def test_merged_cells_stand_in_their_first_column() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for y in (700, 680, 660, 640):
        canvas.line(100, y, 400, y)
    for x, top in ((100, 700), (200, 700), (300, 680), (400, 700)):
        canvas.line(x, top, x, 640)
    for x, y, text in (
        (105, 686, "Country"), (205, 686, "Trade in 2022"), (205, 666, "Export"), (305, 666, "Import"),
        (105, 646, "Tajikistan"), (205, 646, "48 190"), (305, 646, "12 507"),
    ):  # fmt: skip
        canvas.drawString(x, y, text)
    canvas.save()
    content = read(out.getvalue(), "f.pdf")
    assert cells(content) == [
        [["Country", "Trade in 2022"], ["", "Export", "Import"], ["Tajikistan", "48 190", "12 507"]]
    ]
    assert content.tables[0].head_rows == 2


def rows(*texts: tuple[str, ...], xs: tuple[float, ...]) -> list[Text]:
    return [
        (x, 700 - 16 * at, "Times-Roman", 11, text)
        for at, row in enumerate(texts)
        for x, text in zip(xs, row, strict=True)
    ]


@pytest.mark.parametrize(
    "page",
    [
        rows(
            ("1 Introduction", "3"),
            ("2 Data", "7"),
            ("3 Results", "12"),
            ("4 Discussion", "20"),
            xs=(70, 400),
        ),
        rows(("[1]", "Kim, A. Trade."), ("[2]", "Pak, B. Roads."), ("[3]", "Lee, C. Water."), xs=(70, 110)),
        rows(("Name:", "Kim"), ("Street:", "Main road"), ("Town:", "Seoul"), xs=(70, 200)),
        rows(
            ("a)", "to build", "a road"),
            ("b)", "to open", "a port"),
            ("c)", "to agree", "soon"),
            xs=(70, 110, 250),
        ),
    ],
    ids=["contents", "bibliography", "address", "list"],
)
def test_what_only_looks_like_a_table_is_none(page: list[Text]) -> None:
    assert read(pdf([page]), "f.pdf").tables == ()


def test_a_frame_around_a_paragraph_is_no_table() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.rect(60, 600, 400, 120)
    for at, line in enumerate(("A box with a remark", "of two lines, and a column", "of three.")):
        canvas.drawString(70, 700 - 14 * at, line)
    canvas.drawString(300, 700, "beside another text")
    canvas.save()
    assert read(out.getvalue(), "f.pdf").tables == ()


def test_figures_with_spaces_are_one_cell() -> None:
    table = (("Kazakhstan", "2 183 539", "61"), ("Tajikistan", "48 190", "9"), ("Kyrgyzstan", "372 854", "7"))
    page = [*rows(*table, xs=(70, 200, 300)), *lines(500, "The end.")]
    assert cells(read(pdf([page]), "f.pdf")) == as_lists(table)


@pytest.mark.skipif(not DATA.exists(), reason="the policy documents are not part of this checkout")
def test_tables_of_a_real_report() -> None:
    content = read((DATA / "Hartford_-CT-Mitigation-Plan-2014.pdf").read_bytes(), "f.pdf")
    assert len(content.tables) == 3
    found = cells(content)
    assert ["Electricity", "69,769.6 MWh", "238,124"] in found[0]
    assert ["Mowers, tractors, specialized", "339"] in found[1]
    assert content.tables[0].head_rows == 2
