"""CSV and TSV: any delimiter and charset, titles and notes around the table, broken files refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import DamagedFile, EmptyFile, TooLarge, UndecodableText
from ingest.formats import delimited
from ingest.formats.delimited import read


def _rows(data: bytes) -> list[list[str]]:
    content = read(data, "f.csv")
    return [[cell.of(content.text) for cell in row] for table in content.tables for row in table.rows]


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Country,2021,2022\nUzbekistan,12.5,13\n", "utf-8-sig"),
        ("Страна;2021;2022\nУзбекистан;12,5;13\nТаджикистан;1,5;2\n", "cp1251"),
        ("국가\t2021\t2022\n우즈베키스탄\t12.5\t13\n", "cp949"),
        ("Davlat|2021|2022\nOʻzbekiston|12,5|13\n", "utf-16"),
        ("sep=;\nDavlat;2021;2022\nOʻzbekiston;12,5;13\n", "utf-8"),
        ('"Country","2021","2022"\r\n"Korea, South","12,5","13"\r\n', "utf-8"),
    ],
)
def test_delimiters_and_charsets(text: str, charset: str) -> None:
    content = read(text.encode(charset), "f.csv")
    (table,) = content.tables
    assert table.head_rows == 1
    assert {len(row) for row in table.rows} == {3}
    assert table.rows[1][1].of(content.text) in {"12.5", "12,5"}
    assert table.rows[1][2].of(content.text) == "13"


def test_title_notes_and_a_second_table() -> None:
    content = read(
        b"Trade of Korea\nthousand USD\n\n,2022,\nCountry,Export,Import\nUzbekistan,12,13\nSource: KITA\n\nA,B\nx,1\n",
        "f.csv",
    )
    blocks = content.text.split("\n\n")
    assert [block for block in blocks if "\t" not in block] == [
        "Trade of Korea\nthousand USD",
        "2022",
        "Source: KITA",
    ]
    assert [table.head_rows for table in content.tables] == [1, 1]


def test_ragged_rows_and_quoted_line_breaks() -> None:
    assert _rows(b'Name,Text,N\nA,"two\nlines",1\nB\nC,"say ""yes""",2,more\n') == [
        ["Name", "Text", "N"],
        ["A", "two lines", "1"],
        ["B"],
        ["C", 'say "yes"', "2", "more"],
    ]


def test_rows_of_words_have_heads_too() -> None:
    assert read(b"country,capital\nKorea,Seoul\nJapan,Tokyo\n", "f.csv").tables[0].head_rows == 1


def test_one_column_is_text() -> None:
    content = read("Forum\nФорум\n포럼\n".encode(), "f.csv")
    assert (content.tables, content.text) == ((), "Forum\nФорум\n포럼")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b" \n\t\n", EmptyFile),
        (b",,,\n,,\n", EmptyFile),
        (b"\x89PNG\0\0\0\x01\0\0", UndecodableText),
        (b"a," + b"x" * (delimited.LONGEST_CELL + 1), DamagedFile),
        (b",,,,,,,,,\n" * (delimited.MOST_CELLS // 10 + 1), TooLarge),
    ],
)
def test_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(data, "f.csv")


_CELL = st.text("abcäж한 ,;|\"'", min_size=1, max_size=8).filter(lambda text: text.strip() == text != "")


@given(st.lists(st.tuples(_CELL, _CELL, _CELL), min_size=2, max_size=8))
def test_quoted_cells_come_back(rows: list[tuple[str, str, str]]) -> None:
    lines = ["\t".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    found = _rows("\n".join(lines).encode())
    assert found == [[" ".join(cell.split()) for cell in row] for row in rows]
