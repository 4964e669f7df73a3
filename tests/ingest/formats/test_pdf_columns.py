"""Reading order: columns, what stands above and between them, running heads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from bench.made_pdfs import cyrillic_columns, korean_columns, newspaper, two_column_paper
from ingest.formats.pdf import opened, read
from ingest.formats.pdf_columns import page_layout
from ingest.formats.pdf_lines import Line, PageText
from tests.ingest.formats.test_pdf import Text, lines, pdf

LEFT = [
    "The railway between the two capitals was opened",
    "in autumn and carries more goods every month",
    "than the road did in its best year, as customs",
    "figures show that were published in December and",
]
RIGHT = [
    "confirmed by the ministers of both countries at",
    "their last meeting. The next line is planned for",
    "the south, where no road crosses the mountains",
    "in winter, and will be built by both together.",
]
FLOWING = " ".join([*LEFT, *RIGHT])


def folded(text: str) -> str:
    return " ".join(text.split())


def columns(order: str) -> list[Text]:
    left, right = lines(600, *LEFT, x=70), lines(600, *RIGHT, x=320)
    if order == "columns":
        return [*left, *right]
    return [line for pair in zip(left, right, strict=True) for line in pair]


@pytest.mark.parametrize("order", ["columns", "rows"])
def test_two_columns_under_a_title_are_read_one_after_the_other(order: str) -> None:
    title = "A title that runs over both of the columns and is therefore read before either of them is"
    page = [*lines(700, title), *columns(order), *lines(500, title.replace("before", "after"))]
    text = read(pdf([page]), "f.pdf").text
    assert folded(text) == f"{title} {FLOWING} {title.replace('before', 'after')}"
    assert folded(text.split("\n\n")[1]) == FLOWING  # one paragraph, though it runs over a column's end


@pytest.mark.parametrize("drawn", ["columns", "rows"])
@pytest.mark.parametrize("make", [newspaper, cyrillic_columns, korean_columns])
def test_made_pages_give_their_text(make: object, drawn: str) -> None:
    data, expected = make(drawn)  # type: ignore[operator]
    assert folded(read(data, "f.pdf").text) == folded(expected)


def test_a_paper_with_notes_gives_its_text() -> None:
    data, expected = two_column_paper()
    assert folded(read(data, "f.pdf").text) == folded(expected)


WORDS = st.sampled_from([*" ".join(LEFT).split(), "1.", "•", "2 183 539", "n/a", "2022", "(a)"])
PLACED = st.tuples(
    st.integers(20, 540).map(lambda x: 5 * (x // 5)),  # so that columns and aligned cells come about
    st.integers(40, 800).map(lambda y: 10 * (y // 10)),
    st.just("Times-Roman"),
    st.sampled_from([7, 11, 11, 18]),
    st.lists(WORDS, min_size=1, max_size=6).map(" ".join),
)
RULES = st.tuples(*(st.integers(0, 40).map(lambda n: 20 * n) for _ in range(4)))


@settings(max_examples=60, deadline=None)
@given(st.lists(PLACED, min_size=1, max_size=40), st.lists(RULES, max_size=12))
def test_no_letter_is_lost_or_doubled(page: list[Text], rules: list[tuple[int, int, int, int]]) -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for x, y, font, size, text in page:
        canvas.setFont(font, size)
        canvas.drawString(x, y, text)
    for left, bottom, width, height in rules:
        canvas.rect(left, bottom, width, height)
    canvas.save()
    with opened(out.getvalue(), "f.pdf") as document, PageText(document[0]) as text:
        layout = page_layout(text)
        assert letters(layout.lines) == letters(text.lines)
        chars = [char for line in layout.lines for char in shown(line)]
        assert sorted(chars) == sorted(char for line in text.lines for char in shown(line))
        for start, block in layout.tables.items():
            assert layout.lines[start : start + len(block.lines)] == block.lines


def letters(found: Sequence[Line]) -> Counter[str]:
    return Counter(char for line in found for char in line.text if char != " ")


def shown(line: Line) -> list[int | None]:
    """pdfium's characters in a line, but for spaces."""
    return [line.char(at) for at, char in enumerate(line.text) if char != " "]


def test_a_footnote_at_a_columns_foot_does_not_cut_the_sentence() -> None:
    page = [
        *lines(600, *LEFT, x=70),
        *lines(540, "1 See the minutes.", x=70, size=8),
        *lines(600, *RIGHT, x=320),
    ]
    blocks = read(pdf([page]), "f.pdf").text.split("\n\n")
    assert [folded(block) for block in blocks] == [FLOWING, "1 See the minutes."]


def test_hanging_numbers_are_no_column() -> None:
    page: list[Text] = []
    expected = []
    for number, (one, other) in enumerate(zip(LEFT, RIGHT, strict=True), 1):
        y = 700 - 40 * number
        page += [*lines(y, f"{number}."), *lines(y, one, other + ";", x=110)]
        expected.append(f"{number}. {one} {other};")
    assert [folded(block) for block in read(pdf([page]), "f.pdf").text.split("\n\n")] == expected


@pytest.mark.parametrize(
    "foot",
    [
        lambda n: f"Page {n} of 12",
        lambda n: "– " + str(n) + " –",
        lambda n: ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii"][n],
    ],
)
def test_numbered_feet_are_left_out(foot: object) -> None:
    words = ["Coal", "Cotton", "Uranium", "Water", "Wheat", "Gas", "Labour", "Roads"]
    pages = [
        [*lines(700, f"{word} is found here.", "And nowhere else."), *lines(40, foot(number), x=290)]  # type: ignore[operator]
        for number, word in enumerate(words, 1)
    ]
    text = read(pdf(pages), "f.pdf").text
    assert folded(text) == " ".join(f"{word} is found here. And nowhere else." for word in words)


def test_heads_that_change_with_the_chapter_are_left_out() -> None:
    chapters = ["Coal and gas", "Cotton", "Water", "Roads"]
    pages = []
    for number in range(16):
        head = "Annual report" if number % 2 else chapters[number // 4]
        body = lines(740, f"Statement {chr(97 + number)} is made here.", "And it is repeated.")
        pages.append([*lines(800, head, size=9), *body])
    text = read(pdf(pages), "f.pdf").text
    assert not any(head in text for head in ("Annual report", *chapters))
    assert text.count("is made here.") == 16


def test_a_wide_space_in_one_line_cuts_nothing() -> None:
    wide = stringWidth("Signed by the minister", "Times-Roman", 11)
    page = [
        *lines(700, *LEFT),
        *lines(600, "Signed by the minister"),
        *lines(600, "in Bishkek", x=70 + wide + 60),
    ]
    assert folded(read(pdf([page]), "f.pdf").text) == f"{' '.join(LEFT)} Signed by the minister in Bishkek"
