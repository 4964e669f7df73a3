"""Scanned pages: their words are read from the picture, keep their boxes, and are never passed off as text."""

from __future__ import annotations

from io import BytesIO

import pypdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import NoTextLayer
from ingest.formats import pdf_scans
from ingest.formats.draft import Content
from ingest.formats.pdf import read
from ingest.formats.pdf_boxes import boxes
from ingest.formats.recognition import Engine, RecognitionFailed

WIDTH, HEIGHT = A4
PROSE = (
    "The ministers of five countries met in Busan in 2022 and spoke about trade,",
    "energy and transport. They agreed that the secretariat should prepare the fif-",
    "teenth meeting, and that a fund of 12 million dollars be opened for it.",
)
SECOND = (
    "The second page says that the fund was opened in May 2023 by the deputy",
    "minister of Uzbekistan.",
)


def page_pdf(lines: tuple[str, ...], top: float = 700) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setFont("Times-Roman", 13)
    for number, line in enumerate(lines):
        canvas.drawString(72, top - 20 * number, line)
    canvas.save()
    return out.getvalue()


def scanned(*pages: bytes) -> bytes:
    """The pages as a scanner gives them: one picture a page, no character."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for page in pages:
        picture: Image.Image = pypdfium2.PdfDocument(page)[0].render(scale=200 / 72).to_pil()
        canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def joined(*files: bytes) -> bytes:
    writer = pypdf.PdfWriter()
    for file in files:
        writer.append(BytesIO(file))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def scan() -> tuple[bytes, Content]:
    data = scanned(page_pdf(PROSE), page_pdf(SECOND))
    return data, read(data, "scan.pdf")


def test_pictures_are_read_and_said_to_be(scan: tuple[bytes, Content]) -> None:
    _, content = scan
    flowing = content.text.replace("\n", " ")
    assert "should prepare the fifteenth meeting" in flowing  # broken at a line's end on the page
    assert "The second page says that the fund was opened in May 2023" in flowing
    assert [page.number for page in content.pages] == [1, 2]
    (note,) = content.notes
    assert (note.kind, note.pages) == ("recognised", (1, 2))
    assert note.message.startswith("Text was recognised in pictures, with a confidence of 9")


def test_each_word_of_the_text_has_its_box_and_confidence(scan: tuple[bytes, Content]) -> None:
    data, content = scan
    words = content.page_map.words
    covered = {at for word in words for at in range(word.start, word.end)}
    assert covered == {at for at, char in enumerate(content.text) if not char.isspace()}
    assert all(0 < word.confidence <= 1 for word in words)
    assert content.page_map.runs == ()
    start = content.text.index("12 million")
    (box,) = boxes(data, content.page_map, start, start + len("12 million"))
    # Drawn in Times 13 on the third line, whose baseline is at 660.
    left = 72 + text_width("teenth meeting, and that a fund of ")
    assert box.page == 1
    assert abs(box.left - left) < 3 and abs(box.right - left - text_width("12 million")) < 3
    assert 655 < box.bottom < 662 and 667 < box.top < 676


def text_width(text: str) -> float:
    return Canvas(BytesIO()).stringWidth(text, "Times-Roman", 13)


def test_a_scan_among_pages_with_text(scan: tuple[bytes, Content]) -> None:
    content = read(joined(page_pdf(SECOND), scanned(page_pdf(PROSE))), "mixed.pdf")
    assert [note.pages for note in content.notes] == [(2,)]
    assert {run.page for run in content.page_map.runs} == {1}
    assert {word.page for word in content.page_map.words} == {2}
    for word in content.page_map.words[:5]:
        assert PROSE[0].startswith("The") and content.text[word.start : word.end] in PROSE[0]


def test_without_tesseract_a_scan_is_refused_and_the_package_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_scans, "engine", lambda: None)
    with pytest.raises(NoTextLayer, match=r"none of its 1 pages holds text.*apt install tesseract-ocr"):
        read(scanned(page_pdf(PROSE)), "scan.pdf")
    content = read(joined(page_pdf(SECOND), scanned(page_pdf(PROSE))), "mixed.pdf")
    (note,) = content.notes
    assert (note.kind, note.pages) == ("no_text", (2,))
    assert "Pictures without text" in note.message and "apt install" in note.message
    assert content.text.startswith("The second page") and not content.page_map.words


def test_models_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_scans, "engine", lambda: Engine("tesseract", frozenset({"eng"})))
    content = read(scanned(page_pdf(PROSE)), "scan.pdf", languages=("ky",))
    assert "fund of 12 million" in content.text.replace("\n", " ")
    assert "install tesseract-ocr-kir" in content.notes[0].message


def test_what_was_not_reached_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    data = joined(page_pdf(SECOND), scanned(page_pdf(PROSE), page_pdf(PROSE)))
    monkeypatch.setattr(pdf_scans, "SECONDS", -1)
    (note,) = read(data, "long.pdf").notes
    assert (note.kind, note.pages) == ("no_text", (2, 3))
    assert "split the file" in note.message

    def fail(*_: object) -> None:
        raise RecognitionFailed("tesseract: out of luck")

    monkeypatch.setattr(pdf_scans, "SECONDS", 480)
    monkeypatch.setattr(Engine, "lines", fail)
    (note,) = read(data, "long.pdf").notes
    assert "stopped at page 2: tesseract: out of luck" in note.message


def test_a_picture_without_words_is_no_silent_success() -> None:
    with pytest.raises(NoTextLayer, match="No text was recognised"):
        read(scanned(page_pdf(())), "white.pdf")


def test_languages_that_were_expected_in_vain_are_given_up() -> None:
    content = read(scanned(page_pdf(PROSE)), "scan.pdf", languages=("ru",))
    assert "fund of 12 million dollars" in content.text.replace("\n", " ")
