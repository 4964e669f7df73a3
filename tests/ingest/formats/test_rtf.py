"""RTF: charsets, headings, tables, notes; objects never opened; hostile nesting survived."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, EmptyFile, HostileFile, Refused
from ingest.formats import pick
from ingest.formats.rtf import read

FONTS = r"{\fonttbl{\f0\fcharset204{\*\panose 020b}Arial;}{\f1\fcharset129 Batang;}{\f2\fcharset0 Times;}}"
STYLES = r"{\stylesheet{\ql Normal;}{\s1\outlinelevel0 chapter;}{\s2 heading 2;}{\*\cs9 heading 3;}}"


def rtf(body: str, head: str = FONTS + STYLES, charset: int = 1251) -> bytes:
    return (rf"{{\rtf1\ansi\ansicpg{charset}\deff0{head}" + "\n" + body + "}").encode("latin-1")


def in_bytes(text: str, charset: str = "cp1251") -> str:
    """Text as old programs write it: each byte beyond ASCII in hexadecimal."""
    return "".join(rf"\'{byte:02x}" if byte > 127 else chr(byte) for byte in text.encode(charset))


def in_units(text: str, fallback: str = "?") -> str:
    """Text as new programs write it: each UTF-16 unit beyond ASCII as a signed number, and a stand-in."""
    units = text.encode("utf-16-le")
    parts: list[str] = []
    for place in range(0, len(units), 2):
        unit = int.from_bytes(units[place : place + 2], "little", signed=True)
        parts.append(chr(unit) if 0 <= unit < 128 else rf"\u{unit}{fallback}")
    return "".join(parts)


def test_headings_charsets_and_properties() -> None:
    info = (
        rf"{{\info{{\title {in_bytes('Отчёт')}}}{{\author {in_units('김민수; Олим')}}}{{\company X}}"
        r"{\creatim\yr2023\mo5\dy9\hr1}{\revtim\yr2024}}"
    )
    data = rtf(
        rf"\pard\plain\s1\f0 {in_bytes('Торговля')}\par"
        "\n"
        rf"\pard\plain\s2\f1 {in_bytes('수출 현황', 'cp949')}\par"
        "\n"
        rf"\pard\plain\f0 {in_bytes('Кириллица')}, \f1 {in_bytes('한국어', 'cp949')} "
        rf"\f2 {in_units('oʻzbekcha Ҳокимият 😀')}.\par"
        rf"\pard {{\uc2 {in_units('한글', in_bytes('한', 'cp949'))}}}\emdash\~\ldblquote x\rdblquote"
        r"\line y\-z\_w \{\}\par",
        FONTS + STYLES + info,
    )
    content = read(data, "f.rtf")
    assert content.text.split("\n\n") == [
        "Торговля",
        "수출 현황",
        "Кириллица, 한국어 oʻzbekcha Ҳокимият 😀.",
        "한글— “x”\nyz-w {}",
    ]
    assert [(s.heading, s.level) for s in content.sections] == [("Торговля", 1), ("수출 현황", 2)]
    stated = content.metadata
    assert (stated.title, stated.authors, stated.published) == ("Торговля", ("김민수", "Олим"), "2023-05-09")
    assert stated.origins == {"title": "markup", "authors": "file", "published": "file"}
    assert pick(data, "f.rtf").name == pick(data, "letter.doc").name == "rtf"


def test_headings_by_size_where_no_style_says_so() -> None:
    body = rf"\fs22 {in_bytes('Обычный текст абзаца. ' * 5)}\par"
    content = read(
        rtf(rf"\pard\fs36 {in_bytes('Доклад')}\par\pard{body}\pard\fs28 {in_bytes('Глава')}\par\pard{body}"),
        "f.rtf",
    )
    assert [(s.heading, s.level) for s in content.sections] == [("Доклад", 1), ("Глава", 2)]


def test_tables() -> None:
    def row(*cells: str, edges: tuple[int, ...], head: str = "") -> str:
        defined = rf"\trowd{head}" + "".join(rf"\cellx{edge}" for edge in edges)
        return defined + "".join(rf"\pard\intbl {cell}\cell" for cell in cells) + defined + r"\row" + "\n"

    content = read(
        rtf(
            r"\pard Before.\par "
            + row(in_bytes("Страна"), "2022", "2023", edges=(2000, 4000, 6000), head=r"\trhdr")
            + row(in_bytes("Таджикистан"), "1 000", r"2\par 000", edges=(2010, 3990, 6000))
            + row(in_bytes("Итого"), "3", edges=(4000, 6000))  # the first cell covers two columns
            + r"\pard Between.\par "
            + row("Year", "Sum", edges=(2000, 4000))
            + row("2022", r"5{\footnote\pard Estimate.\par}", edges=(2000, 4000))
            + r"\pard After.\par"
            + row("A box.", edges=(6000,))
        ),
        "f.rtf",
    )
    assert content.text.split("\n\n") == [
        "Before.",
        "Страна\t2022\t2023\nТаджикистан\t1 000\t2 000\nИтого\t\t3",
        "Between.",
        "Year\tSum\n2022\t5",
        "Estimate.",
        "After.",
        "A box.",
    ]
    assert [table.head_rows for table in content.tables] == [1, 1]


def test_notes_boxes_lists_and_links() -> None:
    content = read(
        rtf(
            r"{\header Running head\par}{\*\template http://evil.example/t.dot}"
            r"\pard One{\super\chftn}{\footnote\pard{\super\chftn} First note.\par Its end.} sentence.\par"
            r"{\listtext\pard 1.\tab}First{\v hidden}{\deleted gone} item\par"
            r"{\pntext\'b7\tab}Second\par"
            r"{\shp{\*\shpinst{\sp{\sn pib}{\sv x}}{\shptxt\pard Boxed.\par}}{\shprslt Boxed.}}"
            r'See {\field{\*\fldinst HYPERLINK "http://evil.example"}{\fldrslt the site}}.\par'
            r"{\object\objemb{\*\objdata 0105000002}{\result shown}}{\pict\wmetafile8 0102}{\*\annotation no}\par"
            r"\bin4 }}}} end\par"
        ),
        "f.rtf",
    )
    assert content.text.split("\n\n") == [
        *("One¹ sentence.", "¹ First note.", "Its end.", "1. First item", "Second"),
        *("See the site.", "Boxed.", "shown", "end"),
    ]


def test_notes_are_numbered_as_the_document_says() -> None:
    number = r"{\super\chftn}"
    content = read(
        rtf(
            r"\ftnstart3\ftnrestart\aftnnrlc\pard One"
            rf"{number}{{\footnote\pard {number} a\par}} two.{number}{{\footnote\ftnalt\pard {number} e\par}}\par "
            rf"Custom*{{\footnote\pard * by its author\par}}, starred{number}{{\*\footnote\pard b}}.\sect "
            rf"Not before{{\footnote {number}c}}.\par"
        ),
        "f.rtf",
    )
    assert content.text.split("\n\n") == [
        *(
            "One³ two.[i]",
            "³ a",
            "[i] e",
            "Custom*, starred⁴.",
            "* by its author",
            "⁴ b",
            "Not before³.",
            "³ c",
        ),
    ]


def test_no_text() -> None:
    with pytest.raises(EmptyFile):
        read(rtf(r"\par\par{\pict 00}"), "f.rtf")


def test_broken_files() -> None:
    good = rtf(r"\pard " + in_bytes("слово ") * 100 + r"\par")
    for bad in (b"garbage", b"", good[: len(good) // 2], good[:-1], b"{\\rtf1"):
        with pytest.raises(DamagedFile):
            read(bad, "f.rtf")


def test_charsets_that_do_not_exist_and_bytes_that_fit_none() -> None:
    content = read(rtf(r"\pard\f1 a\'b0 \f77 b\'cf\par", charset=99999), "f.rtf")
    assert content.text == "a� bÏ"
    assert [note.kind for note in content.notes] == ["replacement_characters"]


def test_deep_nesting() -> None:
    depth = 100_000
    assert read(rtf("{" * depth + "x" + "}" * depth), "f.rtf").text == "x"
    with pytest.raises(HostileFile, match="nested deeper"):
        read(rtf("{" * 300_000), "f.rtf")


def test_long_rows_and_strange_numbers_end() -> None:
    content = read(
        rtf(r"\uc999999999 \cellx-99999999 \s-5 \fs0 a\uc0 \cell" * 20_000 + r"\row\u99999 \par"), "f.rtf"
    )
    assert content.text.count("a") == 20_000


TOKENS = (
    r"{ } \par \cell \row \intbl \trowd \u1058 ? \'cf x \footnote \fonttbl \info \title \* \bin3 "
    r"\s1 \uc2 \v \listtext \pard \stylesheet \shptxt \cellx9 \ud ;"
)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(TOKENS.split())))
def test_any_order_of_tokens_is_read_or_refused(words: list[str]) -> None:
    try:
        content = read(rtf(" ".join(words)), "f.rtf")
    except Refused:
        return
    assert content.sections[-1].end == len(content.text)
    for table in content.tables:
        cells = [cell.of(content.text) for row in table.rows for cell in row]
        assert all("\n" not in cell and "\t" not in cell for cell in cells)
