"""Lines of a PDF page: their text is clean already, and each character says where it comes from."""

from __future__ import annotations

import unicodedata
from io import BytesIO
from itertools import pairwise

import pypdf
import pypdfium2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypdf.generic import DecodedStreamObject, NameObject
from reportlab.pdfgen.canvas import Canvas

from ingest.formats.draft import one_line
from ingest.formats.pdf import PDFIUM
from ingest.formats.pdf_clean import cleaned
from ingest.formats.pdf_lines import CharRun, Line, PageText, _runs, cut_runs
from ingest.formats.pdf_turn import Turn

# Letters, marks that compose, jamo, ligatures, spaces of all kinds, what is dropped, what symbol fonts hold.
ODD = "ab ́̆ ́ёйẹ각ㄱ각가개ﬁﬃﬆ\u00ad\u200b\u00a0\u2009\u3000\t\x85\u2028\x1c\x00\ufeff\uf0b7Å각𝐀क़ः"
TEXTS = st.text(st.sampled_from(ODD) | st.characters(exclude_characters="\r\n\ufffe"), max_size=20)
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


@given(TEXTS)
@example("o\ufb03ce  e\u00ad\u0301 \u1100\u1161\u11a8")
def test_the_text_of_a_line_is_clean_and_each_character_has_a_source(piece: str) -> None:
    text, offsets = cleaned(piece)
    expected = one_line("".join(LIGATURES.get(char, char) for char in piece))
    if "\uf020" <= expected[:1] <= "\uf0ff":
        expected = "•" + expected[1:]
    assert text == expected
    assert text == one_line(text)  # a Draft leaves it as it is
    assert len(offsets) == len(text)
    assert list(offsets) == sorted(offsets)
    for char, offset in zip(text, offsets, strict=True):
        source = piece[offset]
        assert (
            char == source
            or (char == " " and source.isspace())
            or char in LIGATURES.get(source, "")
            or (char == "•" and "\uf020" <= source <= "\uf0ff")
            or set(unicodedata.normalize("NFD", source)) & set(unicodedata.normalize("NFD", char))
        )


@given(st.lists(st.integers(0, 30), min_size=1, max_size=20))
def test_runs_say_what_they_were_made_of(chars: list[int]) -> None:
    runs = _runs(chars)
    assert [run.first + at for run in runs for at in range(run.end - run.start)] == chars
    assert [at for run in runs for at in range(run.start, run.end)] == list(range(len(chars)))
    for one, other in pairwise(runs):
        assert one.first + one.end - one.start != other.first  # neighbours are one run
    for start in range(len(chars)):
        part = cut_runs(runs, start, len(chars))
        assert [run.first + at for run in part for at in range(run.end - run.start)] == chars[start:]


def test_a_part_of_a_line() -> None:
    line = Line("Korea  12 Uz", (CharRun(0, 5, 10), CharRun(7, 12, 30)), 70, 500, 300, 512, False)
    part = line.part(5, 9, (150, 500, 200, 512))
    assert (part.text, part.runs, part.left, part.right) == ("12", (CharRun(0, 2, 30),), 150, 200)
    assert (part.first, part.last, part.size) == (30, 31, 12)
    assert [line.char(at) for at in (0, 4, 5, 7, 11)] == [10, 14, None, 30, 34]
    with pytest.raises(ValueError, match="no text"):
        line.part(5, 7, (150, 500, 200, 512))


@given(st.sampled_from([0, 90, 180, 270]), *(st.integers(-500, 500) for _ in range(4)))
def test_a_turn_can_be_turned_back(angle: int, left: int, bottom: int, width: int, height: int) -> None:
    turn = Turn(angle, 600, 800, 20, -30, upwards=False)
    box = (float(left), float(bottom), float(left + width), float(bottom + height))
    assert turn.back(*turn.box(*box)) == pytest.approx(box)


def test_glyphs_beyond_the_basic_plane_and_without_a_character_keep_the_count() -> None:
    out = BytesIO()
    canvas = Canvas(out, pageCompression=0, invariant=1)
    canvas.drawString(70, 700, "ab XY end")
    canvas.save()
    # A font map by hand: X is a bold A of mathematics, Y nothing at all.
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> "
        b"endcodespacerange 2 beginbfchar <58> <D835DC00> <59> <0000> endbfchar "
        b"1 beginbfrange <20> <57> <0020> endbfrange 1 beginbfrange <5A> <7E> <005A> endbfrange "
        b"endcmap end end"
    )
    data = with_font_map(out.getvalue(), cmap)
    with PDFIUM:
        document = pypdfium2.PdfDocument(data)
        page = document[0]
        with PageText(page) as text:
            (line,) = text.lines
            assert line.text == "ab 𝐀 end"
            # X is two of pdfium's characters, Y one that has no text.
            assert [line.char(at) for at in range(len(line.text))] == [0, 1, 2, 3, 6, 7, 8, 9]
        page.close()
        document.close()


def with_font_map(data: bytes, cmap: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(data))
    stream = DecodedStreamObject()
    stream.set_data(cmap)
    for font in writer.pages[0]["/Resources"]["/Font"].values():
        font.get_object()[NameObject("/ToUnicode")] = writer._add_object(stream)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
