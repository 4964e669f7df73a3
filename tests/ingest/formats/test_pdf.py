"""PDF: lines become paragraphs and headings, pages keep their printed labels, bad files are refused."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from pypdf.constants import PageLabelStyle
from pypdf.generic import DecodedStreamObject, NameObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import DamagedFile, NoTextLayer, PasswordNeeded, TooManyPages
from ingest.formats.pdf import read

DATA = Path(__file__).parents[4] / "shared/data/policy"
WIDTH, HEIGHT = A4
Text = tuple[float, float, str, int, str]  # x, y, font, size, text


def pdf(pages: list[list[Text]], **info: str) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(info.get("title", ""))
    canvas.setAuthor(info.get("author", ""))
    for page in pages:
        for x, y, font, size, text in page:
            canvas.setFont(font, size)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(y: float, *texts: str, x: float = 70, size: int = 11, font: str = "Times-Roman") -> list[Text]:
    return [(x, y - 13 * at, font, size, text) for at, text in enumerate(texts)]


FULL = "The ministers of the five countries met their Korean colleague and talked about trade"  # a full line

REPORT = pdf(
    [
        [
            *lines(800, "Annual Report 2023", size=9),
            *lines(750, "Trade and energy in the region", size=20, font="Times-Bold"),
            *lines(700, FULL, "and they agreed that coopera-", "tion should grow. It did."),
            *lines(
                640, FULL, FULL.replace("trade", "roads"), FULL.replace("trade", "a new pipeline that is")
            ),
            *lines(100, "1 See the minutes of the meeting.", size=8),
            *lines(40, "- 7 -", size=9, x=290),
        ],
        [
            *lines(800, "Annual Report 2023", size=9),
            *lines(750, "planned for the next decade, with a length of 2,000 km."),
            *lines(700, "Energy", size=14, font="Times-Bold"),
            *lines(670, "Short one."),
            *lines(40, "- 8 -", size=9, x=290),
        ],
        [
            *lines(800, "Annual Report 2023", size=9),
            *lines(750, "Article 15", "Coal is mined in Karaganda."),
            *lines(40, "- 9 -", size=9, x=290),
        ],
        [
            *lines(800, "Annual Report 2023", size=9),
            *lines(750, "The end."),
            *lines(40, "- 10 -", size=9, x=290),
        ],
    ],
    author="Kim; Pak",
)


def test_paragraphs_headings_and_running_lines() -> None:
    content = read(REPORT, "f.pdf")
    blocks = content.text.split("\n\n")
    assert blocks[0] == "Trade and energy in the region"
    assert blocks[1] == f"{FULL}\nand they agreed that cooperation should grow. It did."
    assert (
        blocks[2] == "1 See the minutes of the meeting."
    )  # before the paragraph that runs over the page's end
    assert blocks[3].startswith(FULL)
    assert blocks[3].endswith(
        "a new pipeline that is\nplanned for the next decade, with a length of 2,000 km."
    )
    assert blocks[4:6] == ["Energy", "Short one."]
    assert blocks[-1] == "The end."
    assert "Annual Report" not in content.text
    assert [(s.heading, s.level) for s in content.sections][:2] == [
        ("Trade and energy in the region", 1),
        ("Energy", 2),
    ]
    assert content.metadata.title == "Trade and energy in the region"
    assert content.metadata.authors == ("Kim", "Pak")


def test_pages_tile_the_text_and_carry_printed_numbers() -> None:
    content = read(REPORT, "f.pdf")
    assert [page.label for page in content.pages] == ["7", "8", "9", "10"]
    assert content.pages[0].start == 0
    assert content.pages[-1].end == len(content.text)
    assert all(one.end == other.start for one, other in zip(content.pages, content.pages[1:], strict=False))
    second = content.pages[1]
    assert content.text[second.start : second.end].startswith("planned for the next decade")


def test_pages_before_the_first_number_do_not_take_the_numbers_of_others() -> None:
    front = [lines(700, "Cover."), lines(700, "Contents.")]
    body = [[*lines(700, f"Part {name}."), *lines(40, str(n), x=290)] for n, name in enumerate("abcd", 1)]
    labels = [page.label for page in read(pdf([*front, *body, lines(700, "Back.")]), "f.pdf").pages]
    assert labels == ["[1]", "[2]", "1", "2", "3", "4", "5"]


def test_page_labels_of_the_file_win() -> None:
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf([lines(700, f"Text of page {n}.") for n in range(4)])))
    writer.set_page_label(0, 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(2, 3, style=PageLabelStyle.DECIMAL, prefix="A-")
    out = BytesIO()
    writer.write(out)
    assert [page.label for page in read(out.getvalue(), "f.pdf").pages] == ["i", "ii", "A-1", "A-2"]


def test_outline_titles_are_headings_where_they_stand() -> None:
    page = [*lines(700, "Scope of the law"), *lines(660, "This text follows."), *lines(600, "Other words.")]
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf([page])))
    parent = writer.add_outline_item(title="Scope  of the LAW", page_number=0)
    writer.add_outline_item(title="Not on the page", page_number=0, parent=parent)
    writer.add_outline_item(title="Other words.", page_number=0, parent=parent)
    out = BytesIO()
    writer.write(out)
    content = read(out.getvalue(), "f.pdf")
    assert [(s.heading, s.level) for s in content.sections] == [("Scope of the law", 1), ("Other words.", 2)]
    assert "Not on the page" not in content.text


@pytest.mark.parametrize("size", [7, 11, 17])
@pytest.mark.parametrize("bullet", ["•", "·"])
def test_a_bullet_of_another_size_with_a_hanging_indent_stays_with_its_lines(bullet: str, size: int) -> None:
    page = lines(700, FULL, "and they agreed on these points:")
    items = ("The trade of the region grows, and customs of the five countries", "Energy is shared among")
    for at, item in enumerate(items):
        y = 660 - 40 * at
        page += [(70, y, "Times-Roman", size, bullet), *lines(y, item, "all of them, in every season.", x=88)]
    assert read(pdf([page]), "f.pdf").text.split("\n\n")[1:] == [
        f"{bullet} {item}\nall of them, in every season." for item in items
    ]


@pytest.mark.parametrize(
    ("stated", "published"),
    [("D:20230501120000", "2023-05-01"), ("D:202305", "2023-05"), ("D:20231399", "2023"), ("May 2023", "")],
)
def test_the_date_of_a_file_is_one_of_the_calendar(stated: str, published: str) -> None:
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf([lines(700, "Text.")])))
    writer.add_metadata({"/CreationDate": stated})
    out = BytesIO()
    writer.write(out)
    assert read(out.getvalue(), "f.pdf").metadata.published == published


def test_hyphens_follow_the_documents_own_words() -> None:
    content = read(
        pdf(
            [
                lines(
                    700, "A long-term plan was made by the co-", "operation council, and a long-", "term one."
                )
            ]
        ),
        "f.pdf",
    )
    assert content.text == "A long-term plan was made by the cooperation council, and a long-term one."


@pytest.mark.parametrize("written", [0, 90, 180, 270])
@pytest.mark.parametrize("shown", [0, 90, 270])
def test_turned_pages_read_the_same(written: int, shown: int) -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(written)
    for y, text in ((100, "First line of a paragraph that goes"), (87, "on here."), (20, "Second.")):
        canvas.drawString(-150, y, text)
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=out)
    writer.pages[0].rotate(shown)
    out = BytesIO()
    writer.write(out)
    assert read(out.getvalue(), "f.pdf").text == "First line of a paragraph that goes\non here.\n\nSecond."


def encrypted(user: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf([lines(700, "Secret text.")], title="Plans")))
    writer.encrypt(user, "owner", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_passwords() -> None:
    with pytest.raises(PasswordNeeded, match="with a password only"):
        read(encrypted("open sesame"), "f.pdf")
    content = read(encrypted(""), "f.pdf")
    assert (content.text, content.metadata.title) == ("Secret text.", "Plans")


def test_broken_files() -> None:
    whole = REPORT
    for bad in (whole[: len(whole) // 2], whole[:-600], b"%PDF-1.7\ngarbage\nstartxref\n0\n%%EOF", b"%PDF-"):
        with pytest.raises(DamagedFile):
            read(bad, "f.pdf")


def test_pictures_only() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for _ in range(2):
        canvas.rect(100, 100, 200, 200, fill=1)
        canvas.showPage()
    canvas.save()
    with pytest.raises(NoTextLayer, match="none of its 2 pages holds text"):
        read(out.getvalue(), "f.pdf")


def test_some_pages_without_text_are_accepted() -> None:
    content = read(pdf([[], lines(700, "Text."), []]), "f.pdf")
    assert content.text == "Text."
    assert [(p.label, p.start, p.end) for p in content.pages] == [("1", 0, 0), ("2", 0, 5), ("3", 5, 5)]


def test_notes_say_which_pages_are_pictures_and_which_files_are_attached() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for content in ("text", "picture", "nothing", "picture"):
        if content == "text":
            canvas.drawString(70, 700, "A page of text.")
        elif content == "picture":
            canvas.rect(100, 100, 200, 200, fill=1)
        canvas.showPage()
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=out)
    writer.add_attachment("minutes.docx", b"never read")
    out = BytesIO()
    writer.write(out)
    notes = {note.kind: note for note in read(out.getvalue(), "f.pdf").notes}
    assert {kind: note.pages for kind, note in notes.items()} == {"no_text": (2, 4), "attachments": ()}
    assert notes["no_text"].message.startswith("Pictures without text")
    assert "minutes.docx" in notes["attachments"].message
    assert read(REPORT, "f.pdf").notes == ()


def test_a_font_that_hides_its_characters_is_noted() -> None:
    data = pdf([lines(700, FULL), lines(700, FULL, font="Courier")])
    writer = pypdf.PdfWriter(clone_from=BytesIO(data))
    private = DecodedStreamObject()
    private.set_data(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> "
        b"endcodespacerange 1 beginbfrange <21> <7E> <E021> endbfrange endcmap end end"
    )
    for font in writer.pages[1]["/Resources"]["/Font"].values():
        if font.get_object()["/BaseFont"] == "/Courier":
            font.get_object()[NameObject("/ToUnicode")] = writer._add_object(private)
    out = BytesIO()
    writer.write(out)
    assert [(note.kind, note.pages) for note in read(out.getvalue(), "f.pdf").notes] == [
        ("broken_font", (2,))
    ]


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.formats.pdf.MOST_PAGES", 3)
    with pytest.raises(TooManyPages, match="it has 4 pages; the limit is 3"):
        read(REPORT, "f.pdf")


def test_running_lines_are_in_the_page_map() -> None:
    asides = read(REPORT, "f.pdf").page_map.asides
    assert [(aside.page, aside.text) for aside in asides][:3] == [
        (1, "Annual Report 2023"),
        (1, "- 7 -"),
        (2, "Annual Report 2023"),
    ]
    assert all(aside.last - aside.first + 1 == len(aside.text) for aside in asides)


@pytest.mark.skipif(not DATA.exists(), reason="the policy documents are not part of this checkout")
def test_a_real_law() -> None:
    content = read((DATA / "CELEX_32016R0679_EN_TXT.pdf").read_bytes(), "f.pdf")
    headings = [section.heading for section in content.sections]
    for number in range(1, 100):
        assert sum(heading.startswith(f"Article {number} ") for heading in headings) == 1
    assert sum(heading.startswith("CHAPTER ") for heading in headings) == 11
    assert [page.label for page in content.pages] == [f"L 119/{n}" for n in range(1, 89)]
    assert "Official Journal of the European Union L 119" not in content.text


def test_a_bold_heading_set_close_below_a_full_line_is_one() -> None:
    body = [
        "This paragraph fills its lines to the very end, word for word, as justified text does.",
        FULL + " again.",
    ]
    page = [
        *lines(700, *body),
        *lines(674, "References", font="Times-Bold"),
        *lines(661, "[1] Kim, A. Trade. 2012."),
    ]
    content = read(pdf([page]), "f.pdf")
    assert "References" in [section.heading for section in content.sections]


def test_two_pages_with_their_numbers_alone_are_labelled_by_them() -> None:
    pages = [
        [*lines(700, FULL, FULL + "."), (290, 40, "Times-Roman", 9, f"- {number} -")] for number in (101, 102)
    ]
    assert [page.label for page in read(pdf(pages), "f.pdf").pages] == ["101", "102"]
    pages = [[*lines(700, FULL, FULL + "."), (290, 40, "Times-Roman", 9, f"Volume {n} of 9")] for n in (5, 6)]
    assert [page.label for page in read(pdf(pages), "f.pdf").pages] == ["1", "2"]
