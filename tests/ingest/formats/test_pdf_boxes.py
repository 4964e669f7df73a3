"""Boxes of a quotation: they are where it is printed, and nothing else is printed under them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from pypdf.generic import RectangleObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bench.boxes import box_fidelity
from ingest.document import Box, PageMap, RecognisedWord, Run
from ingest.errors import DamagedFile, NoSuchPage, PasswordNeeded
from ingest.formats import pdf_boxes
from ingest.formats.draft import Content
from ingest.formats.pdf import opened, read
from ingest.formats.pdf_boxes import boxes, characters_under, picture
from ingest.formats.superscripts import RAISED

DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
WIDTH, HEIGHT = A4
FULL = "The ministers of the five countries met their Korean colleague and talked about trade"


def drawn(draw: Callable[[Canvas], None], **options: object) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, **options)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def lines(*texts: str, y: float = 700, font: str = "Times-Roman", size: int = 11) -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for at, text in enumerate(texts):
            canvas.drawString(70, y - 13 * at, text)

    return drawn(draw)


def changed(data: bytes, change: Callable[[pypdf.PdfWriter], None]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(data))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def marked(data: bytes, quotation: str) -> list[Box]:
    content = read(data, "f.pdf")
    start = content.text.index(quotation)
    return boxes(data, content.page_map, start, start + len(quotation))


def folded(text: str) -> str:
    return "".join(char for char in text if char not in " \n\t-")


def check_map(data: bytes, content: Content) -> None:
    """Each run holds the page's characters; runs are in order, and do not overlap."""
    end = 0
    with opened(data, "f.pdf") as document:
        pages = [page.get_textpage() for page in document]
        for run in content.page_map.runs:
            assert end <= run.start < run.end
            end = run.end
            for at in range(run.start, run.end):
                printed = pages[run.page - 1].get_text_range(run.first + at - run.start, 1)
                assert same_character(content.text[at], printed), (run, content.text[at], printed)
        for page in pages:
            page.close()


def same_character(kept: str, printed: str) -> bool:
    return (
        kept in (printed, printed.translate(RAISED))
        or (kept == " " and printed.isspace())
        or (kept, printed) == ("-", "\ufffe")
        or (kept == "•" and "\uf020" <= printed <= "\uf0ff")
        or unicodedata.normalize("NFD", kept).startswith(unicodedata.normalize("NFD", printed))
    )


def test_one_box_for_each_line_exactly_where_it_is_printed() -> None:
    first, second = marked(lines(FULL, "and roads. It did."), "about trade\nand roads.")
    # The text begins at 70 points; its baseline is at 700, its font is 11 points high.
    assert first.page == second.page == 1
    assert first.left == pytest.approx(70 + pdfmetrics.stringWidth(FULL[:-11], "Times-Roman", 11), abs=0.5)
    assert first.right == pytest.approx(70 + pdfmetrics.stringWidth(FULL, "Times-Roman", 11), abs=0.5)
    assert 700 - 0.3 * 11 <= first.bottom < 700 - 0.15 * 11
    assert 700 + 0.65 * 11 < first.top <= 700 + 0.95 * 11
    assert second.left == pytest.approx(70, abs=0.5)
    assert second.top <= first.bottom + 0.01


def test_a_quotation_over_a_page_break_and_a_broken_word() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(70, 100, FULL)
        canvas.drawString(70, 87, FULL[:-5] + "the coop-")
        canvas.showPage()
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(70, 700, "eration of all of them. The end.")

    data = drawn(draw)
    found = marked(data, "the cooperation of all of them.")
    assert [box.page for box in found] == [1, 2]
    assert characters_under(data, found) == "the coop\neration of all of them."
    check_map(data, read(data, "f.pdf"))


def test_a_hyphen_that_stays_is_the_pages_own() -> None:
    data = lines("A long-term plan and a long-", "term aim were made there, for all of us.")
    found = marked(data, "a long-term aim")
    assert characters_under(data, found) == "a long-\nterm aim"
    content = read(data, "f.pdf")
    check_map(data, content)
    hyphen = content.text.index("long-term aim") + 4
    assert any(run.start <= hyphen < run.end for run in content.page_map.runs)


@pytest.mark.parametrize("shown", [0, 90, 180, 270])
@pytest.mark.parametrize("written", [0, 90, 180, 270])
@pytest.mark.parametrize("cropped", [False, True])
def test_turned_and_cropped_pages(written: int, shown: int, cropped: bool) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(written)
        for y, text in (
            (100, "First line of a paragraph that goes"),
            (87, "on here. Then it ends."),
            (20, "More."),
        ):
            canvas.drawString(-150, y, text)

    def turn(writer: pypdf.PdfWriter) -> None:
        if cropped:
            writer.pages[0].cropbox = RectangleObject((50, 70, 560, 790))
        writer.pages[0].rotate(shown)

    data = changed(drawn(draw), turn)
    found = marked(data, "paragraph that goes\non here.")
    assert characters_under(data, found).split("\n") == ["paragraph that goes", "on here."]
    # The picture of the page is dark under the boxes: they are where its reader sees the words.
    image = Image.open(BytesIO(picture(data, 1, 2))).convert("L")
    for box in found:
        part = image.crop(
            tuple(
                round(2 * edge)
                for edge in (box.left, image.height / 2 - box.top, box.right, image.height / 2 - box.bottom)
            )
        )
        dark = sum(part.histogram()[:128]) / (part.width * part.height)
        assert 0.08 < dark < 0.5
    outside = image.copy()
    for box in marked(data, read(data, "f.pdf").text):
        edges = (box.left, image.height / 2 - box.top, box.right, image.height / 2 - box.bottom)
        outside.paste(
            255, tuple(round(2 * edge) + pad for edge, pad in zip(edges, (-2, -2, 2, 2), strict=True))
        )
    assert sum(outside.histogram()[:128]) == 0


def test_two_fonts_and_a_raised_figure_in_a_line_are_one_box() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(70, 700)
        for font, size, rise, words in (
            ("Times-Roman", 11, 0, "The treaty"),
            ("Times-Roman", 6, 4, "12"),
            ("Times-Roman", 11, 0, " of "),
            ("Courier-Bold", 11, 0, "Almaty"),
            ("Times-Roman", 11, 0, " holds."),
        ):
            text.setFont(font, size)
            text.setRise(rise)
            text.textOut(words)
        canvas.drawText(text)

    data = drawn(draw)
    content = read(data, "f.pdf")
    check_map(data, content)
    found = boxes(data, content.page_map, 0, len(content.text))
    assert len(found) == 1
    assert content.text == "The treaty¹² of Almaty holds."
    assert characters_under(data, found) == "The treaty12 of Almaty holds."


@pytest.mark.skipif(not DEJAVU.exists(), reason=f"{DEJAVU} is not here")
def test_ligatures_accents_and_jamo_are_found_and_mapped() -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", DEJAVU))
    data = lines("The o\ufb03ce of the \ufb01nance ministry, e\u0301lite.", font="DejaVu")
    content = read(data, "f.pdf")
    assert content.text == "The office of the finance ministry, élite."
    check_map(data, content)
    found = marked(data, "office of the finance ministry, élite.")
    assert len(found) == 1
    assert characters_under(data, found) == "office of the finance ministry, élite."
    (accent,) = marked(data, "é")
    (letter,) = marked(data, "lite")
    assert accent.right <= letter.left + 0.5


@pytest.mark.skipif(not DEJAVU.exists(), reason=f"{DEJAVU} is not here")
@pytest.mark.parametrize(
    "text",
    ["Статья 5. Президент Республики Узбекистан", "Қазақстан Республикасының Үкіметі", "Тоҷикистон ва ҷаҳон"],
)
def test_cyrillic(text: str) -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", DEJAVU))
    data = lines(f"{text} va boshqalar.", font="DejaVu")
    assert characters_under(data, marked(data, text)) == text


def test_korean() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("HYSMyeongJo-Medium"))
    text = "대한민국과 우즈베키스탄은 협력을 강화한다."
    data = lines(f"{text} 끝.", font="HYSMyeongJo-Medium")
    content = read(data, "f.pdf")
    check_map(data, content)
    assert characters_under(data, marked(data, text)) == text


def test_words_read_from_a_picture_have_their_own_boxes() -> None:
    words = tuple(
        RecognisedWord(start, start + 4, 3, left, 500, left + 40, 512, 0.9)
        for start, left in ((0, 100), (5, 145), (10, 400))
    )
    assert boxes(b"", PageMap(words=words), 2, 20) == [Box(3, 100, 500, 185, 512), Box(3, 400, 500, 440, 512)]
    assert boxes(b"", PageMap(words=words), 4, 5) == []


def test_what_is_drawn_twice_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        for x in (70, 70, 70.6):
            canvas.drawString(x, 700, "A chart with a shadow")
            canvas.drawString(x, 680, "and more")

    assert read(drawn(draw), "f.pdf").text == "A chart with a shadow\nand more"


def test_what_stands_beside_the_page_is_not_its_text() -> None:
    data = changed(
        lines("Printed.", *[""] * 20, "Cut off."),
        lambda writer: setattr(writer.pages[0], "cropbox", RectangleObject((0, 600, 500, 800))),
    )
    assert read(data, "f.pdf").text == "Printed."


def test_pages_and_files_that_are_not_there() -> None:
    data = lines("Text.")
    for number in (0, -1, 2):
        with pytest.raises(NoSuchPage, match=f"no page {number}; it has 1 pages"):
            picture(data, number)
    with pytest.raises(NoSuchPage):
        boxes(data, PageMap(runs=(Run(0, 4, 9, 0),)), 0, 4)
    with pytest.raises(NoSuchPage):
        characters_under(data, [Box(2, 0, 0, 9, 9)])
    with pytest.raises(ValueError, match="scale is 0"):
        picture(data, 1, 0)
    for bad in (b"", b"%PDF-1.7 nothing"):
        with pytest.raises(DamagedFile):
            picture(bad, 1)
    locked = changed(data, lambda writer: writer.encrypt("open sesame", algorithm="AES-256"))
    with pytest.raises(PasswordNeeded):
        picture(locked, 1)


def test_a_box_outside_the_run_is_empty() -> None:
    data = lines("Text.")
    assert boxes(data, PageMap(runs=(Run(0, 5, 1, 900),)), 0, 5) == []


@pytest.mark.parametrize("size", [(14_400, 14_400), (2, 14_400), (10_000_000, 3)])
def test_a_huge_page_is_drawn_small(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_boxes, "MOST_PIXELS", 1_000_000)
    data = changed(
        lines("Text."), lambda writer: setattr(writer.pages[0], "mediabox", RectangleObject((0, 0, *size)))
    )
    image = Image.open(BytesIO(picture(data, 1, 3)))
    assert image.width * image.height <= 1_010_000
    assert max(image.size) <= pdf_boxes.LONGEST_SIDE


def test_a_picture_is_marked_and_letters_stay_black() -> None:
    data = lines("Words")
    (box,) = marked(data, "Words")
    plain = Image.open(BytesIO(picture(data, 1, 2)))
    image = Image.open(BytesIO(picture(data, 1, 2, [box, box._replace(page=2)])))
    assert image.size == (round(2 * WIDTH) + 1, round(2 * HEIGHT) + 1) or image.size == plain.size
    x, y = round(2 * box.left) + 1, image.height - round(2 * box.top) + 1
    assert (plain.getpixel((x, y)), image.getpixel((x, y))) == ((255, 255, 255), pdf_boxes.MARKED)
    assert min(image.convert("L").tobytes()) < 40
    assert image.getpixel((10, 10)) == (255, 255, 255)


def test_real_files_are_read_back(policy: Path) -> None:
    files = [policy / "CELEX_32016R0679_EN_TXT.pdf", policy / "us-agency-2019-annual-performance-report.pdf"]
    result = box_fidelity(files, 60, seed=3)
    assert result["sentences"] == 60
    assert result["failures"] == []


@pytest.mark.parametrize(
    "name", ["edpb_guidelines_202005_consent_en.pdf", "Napa_-CA-Adaptation-Plan-2024.pdf"]
)
def test_runs_of_real_files_hold_the_pages_characters(policy: Path, name: str) -> None:
    data = (policy / name).read_bytes()
    content = read(data, name)
    check_map(data, content)
    mapped = sum(run.end - run.start for run in content.page_map.runs)
    added = sum(char in " \n\t" for char in content.text)
    assert mapped >= len(content.text) - added  # what is not white space is all on a page
