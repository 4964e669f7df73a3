"""The few words of a sentence that answer."""

from __future__ import annotations

import pytest

from index.analysis import query_terms
from index.hit import QueryWord
from ingest.document import Document, Page, Section, Span, Table
from qa.short_answer import short_answer


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("When was it established?", "The office was established on 3 May 2017 in Seoul.", "3 May 2017"),
        ("When was the office opened?", "In 1998, after talks in 1995, the office was opened.", "1995"),
        ("How much coal is there?", "It has 40 billion barrels of oil, 33.6 billion tons of coal", "33.6 billion tons"),
        ("How big is the project?", "China is planning a $7.3 billion project.", "$7.3 billion"),
        ("Where was the 15th forum held?", "The 15th Forum of Asia, held in Busan, was large.", "Busan"),
        ("Who met Kim Sung-hwan?", "Minister Kim Sung-hwan met Abdulaziz Kamilov.", "Abdulaziz Kamilov"),
        ("Who signed it with Kim?", "Later Kim signed it with Kyrgyz friend Ruslan Kazakbayev.", "Ruslan Kazakbayev"),
        ("Who signed it?", "It was signed by Plato.", "Plato"),
        ("Когда открыли завод?", "Завод открыли в 2009 году.", "2009"),
        ("Сколько стоит проект?", "Проект стоит 7,3 млрд долларов.", "7,3 млрд долларов"),
        ("사무국은 언제 설립되었나?", "사무국은 2017년 6월에 설립되었다.", "2017년 6월"),
        ("Why did it fail?", "It failed because the money ran out.", "It failed because the money ran out."),
        ("When did it fail?", "It failed because the money ran out.", "It failed because the money ran out."),
    ],
)  # fmt: skip
def test_the_span_that_answers(question: str, sentence: str, answer: str) -> None:
    document = _document(sentence)
    span = short_answer(question, document, Span(0, len(sentence)), _words(question))
    assert span.of(sentence) == answer


def test_a_table_row_answers_with_the_cell_under_the_named_head() -> None:
    text = "Country\tExports 2022\tImports 2022\nKyrgyzstan\t372 854\t541"
    document = _document(text, _table(text, head_rows=1))
    row = Span(text.index("Kyrgyzstan"), len(text))

    exports = short_answer(
        "What were exports to Kyrgyzstan in 2022?", document, row, _words("exports Kyrgyzstan 2022")
    )
    imports = short_answer("imports from Kyrgyzstan", document, row, _words("imports Kyrgyzstan"))
    unknown = short_answer("population of Kyrgyzstan", document, row, _words("population Kyrgyzstan"))

    assert exports.of(text) == "372 854"
    assert imports.of(text) == "541"
    assert unknown.of(text) == "Kyrgyzstan\t372 854\t541"


def test_a_head_over_several_columns_names_each_of_them() -> None:
    text = "Country\t2021\t\t2022\n\tExports\tImports\tExports\tImports\nKyrgyzstan\t1\t2\t3\t4"
    document = _document(text, _table(text, head_rows=2))
    row = Span(text.index("Kyrgyzstan"), len(text))
    answers = {
        asked: short_answer(f"{asked} of Kyrgyzstan", document, row, _words(f"{asked} Kyrgyzstan")).of(text)
        for asked in ("exports 2021", "imports 2021", "exports 2022", "imports 2022")
    }
    assert list(answers.values()) == ["1", "2", "3", "4"]


def _table(text: str, head_rows: int) -> Table:
    """The whole text as a table."""
    rows, start = [], 0
    for line in text.split("\n"):
        cells = []
        for cell in line.split("\t"):
            cells.append(Span(start, start + len(cell)))
            start += len(cell) + 1
        rows.append(tuple(cells))
    return Table(0, len(text), tuple(rows), head_rows)


def _words(question: str) -> list[QueryWord]:
    """The question's words, all equally rare."""
    return [QueryWord(terms, 1.0) for terms in query_terms(question, "en", {"en"})]


def _document(text: str, *tables: Table) -> Document:
    return Document(
        "0" * 32, "x", "text", "", (), "", "en", "", text,
        (Page(1, "", 0, len(text)),), (Section("", 0, 0, len(text)),), tables,
    )  # fmt: skip
