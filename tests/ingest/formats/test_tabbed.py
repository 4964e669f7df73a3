"""Tables typed as text are found, and text is not taken for one."""

from __future__ import annotations

import pytest

from ingest.formats import unmarked
from ingest.formats.draft import Content, Draft
from ingest.formats.tabbed import add_lines


def _read(text: str) -> tuple[Content, list[list[str]]]:
    draft = Draft()
    add_lines(draft, text.strip("\n").split("\n"))
    content = draft.finish()
    return content, [
        [cell.of(content.text) for cell in row] for table in content.tables for row in table.rows
    ]


def test_tabs_with_a_caption() -> None:
    content, rows = _read("Savdo, ming AQSH dollari\t\t\nDavlat\tEksport\t2022\nOʻzbekiston\t2 183 539\t1\n")
    assert content.text.startswith("Savdo, ming AQSH dollari\n\nDavlat\t")
    assert rows == [["Davlat", "Eksport", "2022"], ["Oʻzbekiston", "2 183 539", "1"]]
    assert content.tables[0].head_rows == 1


def test_pipes() -> None:
    content, rows = _read("Trade:\n| Country | 2022 |\n|---|---:|\n| Korea | 1 |\n| Japan \\| Nippon | 2 |")
    assert rows == [["Country", "2022"], ["Korea", "1"], ["Japan | Nippon", "2"]]
    assert (content.text.partition("\n\n")[0], content.tables[0].head_rows) == ("Trade:", 1)


def test_a_drawn_grid() -> None:
    content, rows = _read(
        "+---------+------+\n| Country | City |\n+=========+======+\n| Korea   | Seoul |\n+---------+------+"
    )
    assert rows == [["Country", "City"], ["Korea", "Seoul"]]
    assert content.tables[0].head_rows == 1


def test_spaces() -> None:
    content, rows = _read(
        """
As the table shows:
                   Export              Import
Country           2021       2022     2021     2022
---------------------------------------------------
Uzbekistan   1 932 000  2 183 539   26 100   27 932
Tajikistan      90 000               1 100      368
"""
    )
    assert content.text.startswith("As the table shows:\n\n")
    assert rows[:2] == [["", "Export", "", "Import"], ["Country", "2021", "2022", "2021", "2022"]]
    assert rows[2:] == [
        ["Uzbekistan", "1 932 000", "2 183 539", "26 100", "27 932"],
        ["Tajikistan", "90 000", "", "1 100", "368"],
    ]
    assert content.tables[0].head_rows == 2


def test_hangul_takes_two_places() -> None:
    _, rows = _read(
        "국가            수출    수입\n우즈베키스탄     120      13\n"
        "키르기스스탄               5\nUSA               9       1"
    )
    assert rows[1:] == [["우즈베키스탄", "120", "13"], ["키르기스스탄", "", "5"], ["USA", "9", "1"]]


@pytest.mark.parametrize(
    "text",
    [
        "He said.  She said.  They left\nat once.  Nobody knew  why it\nwas so.  Then again  they came",
        "Ministry of Finance      Ministry of Trade\nSeoul      Tashkent\nKorea      Uzbekistan",
        "Export    12\nImport    13",
        "red, green, 1\nblue, white, 2\nblack, pink, 3",
        "a | b\nc | d\ne | f",
        "----\n====\n----",
        " " * 100_000 + "x",
        "-" * 100_000 + "x",
    ],
)
def test_what_is_no_table(text: str) -> None:
    content, _ = _read(text)
    assert content.tables == ()
    assert content.text.split() == text.split()


@pytest.mark.parametrize(
    ("rows", "heads"),
    [
        ([["Country", "2022"], ["Korea", "12"]], 1),
        ([["", "2022", ""], ["Country", "Export", "Import"], ["Korea", "12", "13"]], 2),
        ([["Country", "2022", ""], ["", "Export", "Import"], ["Korea", "12", "13"]], 2),
        ([["Country", "Joined"], ["Korea", "1991"], ["Japan", "1956"]], 1),
        ([["Korea", "12"], ["Japan", "13"]], 0),
        ([["Страна", "2022", "2023년"], ["a", "1", "2"]], 1),
        ([["", "Объём"], ["a", "1"]], 0),  # one name is no row of names
        ([["Trade, million"], ["Country", "Export"], ["Korea", "12"]], 2),  # a title over all columns
        ([["Country", "Capital"], ["Korea", "Seoul"]], 0),
        ([["Month", "Rate, %"], ["2022-10-01", "3,5 %"]], 1),
        ([], 0),
    ],
)
def test_heads(rows: list[list[str]], heads: int) -> None:
    assert unmarked.head_rows(rows) == heads


def test_heads_that_the_file_states() -> None:
    words = [["a", "b"], ["c", "d"], ["e", "f"]]
    assert unmarked.head_rows(words, stated=2) == 2
    assert unmarked.head_rows(words, stated=9) == 2  # something must stand below
    assert unmarked.head_rows([["2022", ""], ["", "Export"], ["Korea", "12"]][1:], stated=1) == 1
    assert (
        unmarked.head_rows([["Country", "2022", ""], ["", "Out", "In"], ["Korea", "1", "2"]], stated=1) == 2
    )
    assert unmarked.head_rows([], stated=1) == 0
