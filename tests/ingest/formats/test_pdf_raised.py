"""Figures that are printed raised and small are read as raised: no line gets figures that it does not have."""

from __future__ import annotations

import unicodedata

import pypdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest import references
from ingest.document import Document
from ingest.formats.pdf import read
from ingest.formats.pdf_boxes import boxes, characters_under
from ingest.formats.pdf_raised import (
    HEIGHT,
    HIGHEST,
    MOST_GLUED,
    MOST_SPACED,
    RISE,
    SMALLER,
    Glyph,
    with_raised,
)
from tests.ingest.formats.test_pdf_boxes import WIDTH, changed, check_map, drawn

Part = tuple[str, float, float]  # text, size, rise
BODY, SMALL = 11.0, 7.0


def on(text: str) -> Part:
    return text, BODY, 0


def up(text: str) -> Part:
    return text, SMALL, 4


def row(canvas: Canvas, x: float, y: float, *parts: Part) -> None:
    text = canvas.beginText(x, y)
    for words, size, rise in parts:
        text.setFont("Times-Roman", size)
        text.setRise(rise)
        text.textOut(words)
    canvas.drawText(text)


def line_of(*parts: Part) -> str:
    return read(drawn(lambda canvas: row(canvas, 70, 700, *parts)), "f.pdf").text


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((on("in Article 49"), up("47"), on(", and in Article 4")), "in Article 49⁴⁷, and in Article 4"),
        ((on("by 6 July 2018"), up("1"), on(". Then")), "by 6 July 2018¹. Then"),
        ((on("It costs €1,204"), up("3"), on(" more")), "It costs €1,204³ more"),
        ((on("a starting point "), up("20"), on(". This one")), "a starting point ²⁰. This one"),
        ((on("a child."), up("62"), on(", "), up("63")), "a child.⁶², ⁶³"),
        ((on("a purpose."), up("14 15 16"), on(" If so")), "a purpose.¹⁴ ¹⁵ ¹⁶ If so"),
        ((on("500 million"), up(".49"), on(". But")), "500 million.⁴⁹. But"),
        ((on("some 10"), up("-3"), on(" of it")), "some 10⁻³ of it"),
        ((on("some 10"), up("25"), on(" of it")), "some 10²⁵ of it"),
        ((on("an area of 5 km"), up("2"), on(" in all")), "an area of 5 km² in all"),
        ((on("40 km"), up("-2"), on(" in all")), "40 km⁻² in all"),
    ],
)
def test_marks_and_powers_are_raised(parts: tuple[Part, ...], text: str) -> None:
    assert line_of(*parts) == text


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((on("In 2017 some 1,204 people met; 3-4 of 10.5 left."),), None),
        ((up("47"), on(" See Article 49.")), None),  # the number before a footnote
        ((on("the Council ("), up("1"), on(") has")), None),
        ((on("the CO"), ("2", SMALL, -2), on(" of 2017")), None),
        ((on("the 3"), up("rd"), on(" of May")), None),
        ((on("a total of "), ("1,204", SMALL, 0), on(" people")), None),  # small, on the line
        ((("FORUM ", 30, 0), ("2017", 15, 8)), None),  # a year apart
        ((("A", 30, 0), ("3 percent rise", 11, 12)), None),  # a line beside a large initial
    ],
)
def test_other_figures_stay_as_they_are(parts: tuple[Part, ...], text: None) -> None:
    assert line_of(*parts) == "".join(words for words, *_ in parts)


@pytest.mark.parametrize("shown", [0, 90, 180, 270])
@pytest.mark.parametrize("written", [0, 90, 180, 270])
def test_turned_pages(written: int, shown: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(WIDTH / 2, 400)
        canvas.rotate(written)
        row(canvas, -150, 13, on("as in Article 49"), up("47"), on(" and in Article 4"))
        row(canvas, -150, 0, on("of 10"), up("-3"), on(" and 25 more."))

    data = changed(drawn(draw), lambda writer: rotate(writer, shown))
    assert read(data, "f.pdf").text == "as in Article 49⁴⁷ and in Article 4\nof 10⁻³ and 25 more."


def rotate(writer: pypdf.PdfWriter, angle: int) -> None:
    writer.pages[0].rotate(angle)


def test_writing_that_goes_up_among_level_lines_is_not_raised() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (700, 680, 660):
            row(canvas, 70, y, on("The ministers of the five countries met their Korean colleague."))
        canvas.translate(300, 300)
        canvas.rotate(35)
        row(canvas, 0, 0, on("Sep-12"))

    assert "²" not in read(drawn(draw), "f.pdf").text


def test_a_raised_figure_keeps_its_place_and_its_boxes() -> None:
    data = drawn(
        lambda canvas: row(canvas, 70, 700, on("in Article 49"), up("47"), on(", and in 10"), up("-3"))
    )
    content = read(data, "f.pdf")
    check_map(data, content)
    start = content.text.index("Article 49⁴⁷")
    (whole,) = boxes(data, content.page_map, start, start + len("Article 49⁴⁷"))
    (mark,) = boxes(data, content.page_map, start + len("Article 49"), start + len("Article 49⁴⁷"))
    assert characters_under(data, [whole]) == "Article 4947"
    assert characters_under(data, [mark]) == "47"
    assert whole.left < mark.left < mark.right == pytest.approx(whole.right, abs=0.1)
    assert whole.bottom <= mark.bottom < mark.top <= whole.top + 1


def test_a_mark_ends_a_sentence_and_a_paragraph() -> None:
    def draw(canvas: Canvas) -> None:
        full = "The ministers of the five countries met their Korean colleague and talked about trade"
        for at in range(3):
            row(canvas, 70, 700 - 13 * at, on(full))
        row(canvas, 70, 661, on("and so it began in 2017."), up("4"))
        for at in range(3):
            row(canvas, 70, 648 - 13 * at, on(full))

    first, second = read(drawn(draw), "f.pdf").text.split("\n\n")
    assert first.endswith("began in 2017.⁴")
    assert second.startswith("The ministers")


def test_a_heading_with_the_mark_of_a_note_is_the_outlines_and_no_part_of_the_title() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.bookmarkPage("one")
        canvas.addOutlineEntry("Transparency24", "one", 0)  # as Word writes it
        row(canvas, 70, 760, ("Guidelines on consent", 20, 0), ("1", 12, 8))
        row(canvas, 70, 720, on("Transparency"), up("24"))
        row(canvas, 70, 690, on("It is a duty of the controller in 2017."))

    content = read(drawn(draw), "f.pdf")
    assert content.metadata.title == "Guidelines on consent"
    assert [section.heading for section in content.sections if section.level] == [
        "Guidelines on consent¹",
        "Transparency²⁴",
    ]


def test_a_figure_of_a_table_with_the_mark_of_a_note() -> None:
    rows = (("Country", "2022"), ("Tajikistan", "1,204"), ("Uzbekistan", "5,310"), ("Kyrgyzstan", "907"))

    def draw(canvas: Canvas) -> None:
        row(canvas, 70, 760, on("The figures below were collected by the customs services of the countries."))
        for at, (country, figure) in enumerate(rows):
            row(canvas, 70, 720 - 16 * at, on(country))
            row(canvas, 300, 720 - 16 * at, on(figure), up("3"))

    content = read(drawn(draw), "f.pdf")
    (table,) = content.tables
    assert [cells[1].of(content.text) for cells in table.rows] == ["2022³", "1,204³", "5,310³", "907³"]
    assert table.head_rows == 1


def test_the_mark_points_to_the_note_at_the_foot_of_the_page() -> None:
    def draw(canvas: Canvas) -> None:
        row(
            canvas,
            70,
            700,
            on("The plan is that of Article 49"),
            up("47"),
            on(" and of 10"),
            up("2"),
            on(" piers."),
        )
        row(
            canvas,
            70,
            90,
            ("47", 5, 3),
            ("  Ann Beck, “Plans and Piers,” Caspian Studies 6, no. 1 (2014): 22.", 8, 0),
        )

    content = read(drawn(draw), "f.pdf")
    document = Document(
        *("id", "f.pdf", "pdf", "A paper", (), "", "en", ""),
        *(content.text, content.pages, content.sections, content.tables),
    )
    (work,), (mention,) = references.find(document)
    assert work.title == "Plans and Piers"
    assert document.text[mention.start : mention.end] == "⁴⁷"


def glyphs(text: str, raised: str, *, size: float, rise: float, height: float) -> list[Glyph]:
    """A line of letters of 10 points, each 5 wide, that ends in `raised`."""
    tall = Glyph(0, 0, 5, 7, 0, 10)
    small = Glyph(0, rise, 5, rise + height, rise, size)
    kinds = [tall] * (len(text) - len(raised)) + [small] * len(raised)
    return [kind._replace(left=5.0 * at, right=5.0 * at + 5) for at, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("size", "rise", "height", "is_raised"),
    [
        (6, 3.5, 4, True),
        (10 * SMALLER - 0.1, 3.5, 4, True),
        (10 * SMALLER + 0.1, 3.5, 4, False),
        (6, 10 * RISE + 0.1, 4, True),
        (6, 10 * RISE - 0.1, 4, False),
        (6, 10 * HIGHEST - 0.1, 4, True),
        (6, 10 * HIGHEST + 0.1, 4, False),
        (6, 3.5, 10 * HEIGHT - 0.1, True),
        (6, 3.5, 10 * HEIGHT + 0.1, False),
    ],
)
def test_sizes_at_the_thresholds(size: float, rise: float, height: float, is_raised: bool) -> None:
    line = glyphs("Article 4947", "47", size=size, rise=rise, height=height)
    assert with_raised("Article 4947", line.__getitem__) == ("Article 49⁴⁷" if is_raised else "Article 4947")


def test_a_font_that_draws_raised_figures_in_its_own_size() -> None:
    line = [glyph._replace(line=0) for glyph in glyphs("fines4", "4", size=10, rise=3.5, height=4)]
    assert with_raised("fines4", line.__getitem__) == "fines⁴"


def test_as_many_figures_as_marks_have() -> None:
    for gap, most in (("", MOST_GLUED), (" ", MOST_SPACED)):
        for count in (most, most + 1):
            text = f"fines{gap}{'1' * count}"
            line = glyphs(text, "1" * count, size=6, rise=3.5, height=4)
            raised = "¹" * count if count == most else "1" * count
            assert with_raised(text, line.__getitem__) == f"fines{gap}{raised}"


def test_what_stands_far_off_or_nowhere_is_no_mark() -> None:
    line = glyphs("fines 4", "4", size=6, rise=3.5, height=4)
    far = [*line[:-1], line[-1]._replace(left=line[-1].left + 9, right=line[-1].right + 9)]
    assert with_raised("fines 4", far.__getitem__) == "fines 4"
    assert with_raised("fines 4", lambda at: None) == "fines 4"
    assert with_raised("fines 4", line.__getitem__) == "fines ⁴"


def test_each_character_keeps_its_place() -> None:
    text = "It rose 4947 and 10-3, 5; 12*"
    line = [Glyph(5.0 * at, 3.5, 5.0 * at + 5, 7.5, 3.5, 6) for at in range(len(text))]
    line[:10] = [Glyph(5.0 * at, 0, 5.0 * at + 5, 7, 0, 10) for at in range(10)]
    found = with_raised(text, line.__getitem__)
    assert len(found) == len(text)
    assert unicodedata.normalize("NFKC", found).replace("−", "-") == text
