"""The cell of a table that a question asks for, and the questions that no cell answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import ingest
from index.hit import QueryWord
from index.query import search_words
from ingest.document import Document, Span, Table
from qa.answer_kind import Kind
from qa.cells import CellFinder, cell_asked_for, table_at
from qa.short_answer import short_answer
from tests.growth import growth

TRADE = """# Trade of the valley

Trade of the valley with its neighbours, thousand dollars.

| Partner | Exports 2020 | Imports 2020 | Exports 2021 | Imports 2021 |
|---|---|---|---|---|
| Kazakhstan | 11 | 12 | 13 | 14 |
| Kyrgyzstan | 21 | 22 | 23 | — |
| North Korea | 31 | 32 | 33 | 34 |
| South Korea | 41 | 42 | 43 | 44 |
"""
CITIES = """# Cities

| City | Area 2019 | Mayor | Region |
|---|---|---|---|
| Bishkek | 127 | Aida Usenova | Chuy |
| Osh | 182 | Marat Asanov | Fergana |
"""
YEARS = """# Harvest

Wheat harvest by year.

| Year | Tons |
|---|---|
| 2018 | 510 |
| 2019 | 640 |
"""
KEYS = """# Visitors

| Country | Year | Visitors |
|---|---|---|
| Tajikistan | 2018 | 71 |
| Tajikistan | 2019 | 72 |
| Uzbekistan | 2018 | 81 |
"""


def _read(text: str) -> Document:
    return ingest.read(text.encode(), source="/tables/table.md")


def _answer(question: str, text: str, row: str) -> str:
    """What the row that begins with `row` answers; "" for the whole row."""
    document = _read(text)
    start = document.text.index("\n" + row) + 1
    sentence = Span(start, (document.text + "\n").index("\n", start))
    words = [
        QueryWord((*word.terms, *word.translations), float(word.weight), word.only_in)
        for word in search_words(question, {"en", "ru", "ko", "uz"})
    ]
    answer = short_answer(question, document, sentence, words).of(document.text)
    return "" if answer == sentence.of(document.text) else answer


@pytest.mark.parametrize(
    ("question", "row", "cell"),
    [
        ("What were the exports to Kyrgyzstan in 2020?", "Kyrgyzstan", "21"),
        ("What were the imports from Kyrgyzstan in 2020?", "Kyrgyzstan", "22"),
        ("exports to kyrgyzstan 2021", "Kyrgyzstan", "23"),
        ("What were the exports to South Korea in 2021?", "South Korea", "43"),
        ("Каков был импорт из Казахстана в 2021 году?", "Kazakhstan", "14"),
        ("2020년 카자흐스탄 수출액은 얼마인가?", "Kazakhstan", "11"),
        ("2020-yilda Qozogʻistonga eksport qancha edi?", "Kazakhstan", "11"),
        ("What were the exports to Kazakhstan?", "Kazakhstan", "13"),  # no year asked for: the latest
        # another row is named
        ("What were the exports to Kyrgyzstan in 2020?", "Kazakhstan", ""),
        ("What were the exports to South Korea in 2021?", "North Korea", ""),
        # no row is
        ("What were the exports to Mongolia in 2020?", "Kazakhstan", ""),
        ("What were the exports in 2020?", "Kazakhstan", ""),
        # no column of that year, or none that tells exports from imports
        ("What were the exports to Kyrgyzstan in 2019?", "Kyrgyzstan", ""),
        # two columns are asked for
        ("What were the exports to Kyrgyzstan in 2020 and 2021?", "Kyrgyzstan", ""),
        ("Сравните экспорт в Казахстан в 2020 и 2021 годах", "Kazakhstan", ""),
        ("What was the trade with Kyrgyzstan in 2020?", "Kyrgyzstan", ""),
        ("What is the population of Kyrgyzstan?", "Kyrgyzstan", ""),
        # a dash is no figure
        ("What were the imports from Kyrgyzstan in 2021?", "Kyrgyzstan", ""),
    ],
)
def test_row_and_column_must_both_be_named(question: str, row: str, cell: str) -> None:
    assert _answer(question, TRADE, row) == cell


@pytest.mark.parametrize(
    ("question", "row", "cell"),
    [
        ("What was the area of Bishkek in 2019?", "Bishkek", "127"),
        ("Who is the mayor of Osh?", "Osh", "Marat Asanov"),
        ("In which region is Osh?", "Osh", "Fergana"),
        ("Which city has Marat Asanov as mayor?", "Osh", "Osh"),
        ("What was the population of Bishkek in 2019?", "Bishkek", ""),
        ("What was the area of Bishkek in 2018?", "Bishkek", ""),
        ("Who is the mayor of Naryn?", "Osh", ""),
    ],
)
def test_a_year_alone_names_no_column(question: str, row: str, cell: str) -> None:
    assert _answer(question, CITIES, row) == cell


@pytest.mark.parametrize(
    ("question", "row", "cell"),
    [
        ("How many tons of wheat were there in 2019?", "2019", "640"),
        ("How many tons of wheat were there in 2019?", "2018", ""),
        ("How many tons of wheat were there in 2017?", "2018", ""),
    ],
)
def test_a_year_may_name_the_row(question: str, row: str, cell: str) -> None:
    assert _answer(question, YEARS, row) == cell


@pytest.mark.parametrize(
    ("question", "row", "cell"),
    [
        ("How many visitors came from Tajikistan in 2019?", "Tajikistan\t2019", "72"),
        ("How many visitors came from Tajikistan in 2019?", "Tajikistan\t2018", ""),
        ("How many visitors came from Uzbekistan in 2019?", "Uzbekistan", ""),
    ],
)
def test_a_row_may_have_two_names(question: str, row: str, cell: str) -> None:
    assert _answer(question, KEYS, row) == cell


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        (Kind.COMPARE, ["11", "", "", "41"]),
        (Kind.QUANTITY, ["", "", "", "41"]),
    ],
)
def test_of_two_rows_compared_the_rarer_name_does_not_hide_the_other(kind: Kind, cells: list[str]) -> None:
    document = _read(TRADE)
    table = document.tables[0]
    rarities = {"kazakhstan": 1.0, "south": 3.0}
    words = [
        QueryWord(word.terms, max(rarities.get(term, 0.5) for term in word.terms))
        for word in search_words("Compare exports to Kazakhstan and South Korea in 2020", {"en"})
    ]
    finder = CellFinder(kind, document, words)
    found = [finder.cell(table, row[0].start) for row in table.rows[table.head_rows :]]
    assert [cell.of(document.text) if cell else "" for cell in found] == cells


def test_the_table_at_an_offset() -> None:
    document = _read(TRADE + "\nNo table here.\n\n" + YEARS)
    first, second = document.tables
    assert table_at(document, first.start) is first
    assert table_at(document, first.end - 1) is first
    assert table_at(document, first.end) is None
    assert table_at(document, second.start + 1) is second
    assert table_at(document, 0) is None


def test_the_cell_of_one_row_of_a_long_table() -> None:
    rows = "".join(f"| Village {number} | {number * 7} |\n" for number in range(1_000))
    text = f"# Villages\n\n| Village | Households |\n|---|---|\n{rows}"
    assert _answer("How many households are in village 512?", text, "Village 512") == "3584"
    assert _answer("How many households are in village 512?", text, "Village 511") == ""


def test_the_work_grows_as_the_table_does() -> None:
    words = [  # all rows are named alike
        QueryWord(word.terms, 1.0) for word in search_words("households of a village, a valley", {"en"})
    ]

    def long_table(count: int) -> tuple[Document, Table]:
        rows = "".join(f"| Village {number} | Valley {number} | {number * 7} |\n" for number in range(count))
        document = _read(f"# Places\n\n| Place | Near | Households |\n|---|---|---|\n{rows}")
        return document, document.tables[0]

    def work(count: int) -> Callable[[], object]:
        document, table = long_table(count)

        def every_row() -> None:
            finder = CellFinder(Kind.QUANTITY, document, words)
            for row in table.rows[1:]:
                finder.cell(table, row[0].start)

        return every_row

    assert growth(work, 100) < 24
    document, table = long_table(20)
    finder = CellFinder(Kind.QUANTITY, document, words)
    found = [finder.cell(table, row[0].start) for row in table.rows[1:]]
    assert found[:9] == [
        cell_asked_for(Kind.QUANTITY, document, table, row[0].start, words) for row in table.rows[1:10]
    ]
    assert found[7] is not None and found[7].of(document.text) == "49"
