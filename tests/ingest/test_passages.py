"""Passages and units: what they hold, where they are cut, and what context goes with them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.context import CellName, Contexts, cell_name, with_heads
from ingest.document import Document, Page, Section, Span, Table
from ingest.passages import contextual_text, sentences, split
from tests.growth import growth


def words(texts: Sequence[str]) -> list[int]:
    """A tokenizer for tests: a token is a word."""
    return [len(text.split()) for text in texts]


def characters(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


def make(
    text: str,
    headings: Sequence[tuple[str, int]] = (),
    tables: tuple[Table, ...] = (),
    title: str = "",
    pages: Sequence[int] = (),
) -> Document:
    """A document whose sections begin at the given headings, each found in the text after the one before."""
    starts, at = [0], 0
    for heading, _ in headings:
        at = text.index(heading, at)
        starts.append(at)
    named = [("", 0), *headings]
    sections = [
        Section(heading, level, start, end)
        for (heading, level), start, end in zip(named, starts, [*starts[1:], len(text)], strict=True)
        if start < end or len(named) == 1
    ]
    breaks = [0, *pages, len(text)]
    numbered = tuple(Page(n, str(n), start, end) for n, (start, end) in enumerate(pairwise(breaks), 1))
    return Document(
        "d", "file.md", "markdown", title, (), "", "en", "", text, numbered, tuple(sections), tables
    )


def table_in(text: str, rows: Sequence[str], head_rows: int) -> Table:
    start = at = text.index("\n".join(rows))
    spans = []
    for row in rows:
        cells = []
        for cell in row.split("\t"):
            cells.append(Span(at, at + len(cell)))
            at += len(cell) + 1
        spans.append(tuple(cells))
    return Table(start, at - 1, tuple(spans), head_rows)


def slices(document: Document, spans: Sequence[Span]) -> list[str]:
    return [span.of(document.text) for span in spans]


ROWS = (
    "Country\tExport (2022)\tImport (2022)",
    "Uzbekistan\t2 183 539\t27 932",
    "Kyrgyzstan\t372 854\t541",
    "Tajikistan\t92 676\t368",
)
TRADE_TEXT = (
    "Trade\n\nIt grew.\nIt grew again.\n\nTable 1. Trade, USD\n\n" + "\n".join(ROWS) + "\n\nSource: KITA."
)
TRADE = make(TRADE_TEXT, [("Trade", 1)], (table_in(TRADE_TEXT, ROWS, 1),), title="Korea and its partners")


# A table over three pages, without heads on the second and third.
PARTS = (
    ("Country\tExport\tImport", "Uzbekistan\t2 183 539\t27 932"),
    ("Kazakhstan\t5\t61", "Kyrgyzstan\t372 854"),
    ("Tajikistan\t92 676\t368", "Turkmenistan\t3\t7"),
)


def at(piece: str, document: Document = TRADE) -> tuple[int, int]:
    start = document.text.index(piece)
    return start, start + len(piece)


# --- sentences -------------------------------------------------------------------------------------


def test_units_are_headings_sentences_and_rows() -> None:
    assert slices(TRADE, sentences(TRADE, 0, len(TRADE.text))) == [
        "Trade",
        "It grew.",
        "It grew again.",
        "Table 1. Trade, USD",
        *ROWS,
        "Source: KITA.",
    ]


def test_units_of_a_range_are_cut_to_it() -> None:
    start, end = at("grew again.\n\nTable 1. Trade, USD\n\nCountry\tExport")
    assert slices(TRADE, sentences(TRADE, start, end)) == [
        "grew again.",
        "Table 1. Trade, USD",
        "Country\tExport",
    ]
    assert sentences(TRADE, 5, 7) == ()
    assert sentences(make(""), 0, 0) == ()


def test_a_heading_is_one_unit_even_if_it_looks_like_sentences() -> None:
    text = "1. Scope. What\nis meant.\n\nText here."
    document = Document(
        "d", "f", "text", "", (), "", "en", "", text, (Page(1, "", 0, len(text)),),
        (Section("1. Scope. What is meant.", 1, 0, len(text)),), (),
    )  # fmt: skip
    assert slices(document, sentences(document, 0, len(text))) == ["1. Scope. What\nis meant.", "Text here."]


# --- split -----------------------------------------------------------------------------------------


def lengths(document: Document, limit: int = 200) -> list[int]:
    return words([document.text[p.start : p.end] for p in split(document, words, limit)])


def prose(count: int, length: int = 10) -> str:
    return " ".join("Word" + " word" * (length - 2) + " end." for _ in range(count))


def test_a_long_section_has_even_passages() -> None:
    assert sorted(lengths(make(prose(41)))) == [130, 140, 140]
    assert lengths(make(prose(20))) == [200]
    assert sorted(lengths(make(prose(21)))) == [100, 110]


def test_a_passage_begins_at_a_paragraph_rather_than_inside_one() -> None:
    assert lengths(make(prose(9) + "\n\n" + prose(13))) == [90, 130]


def test_short_sections_share_a_passage_only_while_they_fit() -> None:
    text = f"One\n\n{prose(5)}\n\nTwo\n\n{prose(9)}\n\nThree\n\n{prose(8)}"
    assert lengths(make(text, [("One", 1), ("Two", 1), ("Three", 1)])) == [142, 81]


def test_sections_that_do_not_fit_together_stay_apart() -> None:
    text = f"One\n\n{prose(15)}\n\nTwo\n\n{prose(15)}"
    document = make(text, [("One", 1), ("Two", 1)])
    assert [document.text[p.start : p.start + 3] for p in split(document, words)] == ["One", "Two"]


def test_a_heading_goes_with_what_follows_it() -> None:
    text = f"Part\n\n{prose(3)}\n\nChapter\n\nArticle\n\n{prose(30)}"
    document = make(text, [("Part", 1), ("Chapter", 1), ("Article", 2)])
    begins = [document.text[p.start :].split("\n")[0].split()[0] for p in split(document, words)]
    assert begins == ["Part", "Chapter", "Word"]


def test_a_table_is_cut_between_rows_and_its_head_stays_with_the_first() -> None:
    rows = ["Name\tValue", *(f"row{n}\t{n}" for n in range(30))]
    text = prose(2, 6) + "\n\nTable 1\n\n" + "\n".join(rows)
    document = make(text, tables=(table_in(text, rows, 1),))
    passages = [document.text[p.start : p.end] for p in split(document, words, 20)]
    assert all(count <= 20 for count in words(passages))
    assert any("Table 1\n\nName\tValue\nrow0\t0" in passage for passage in passages)
    assert {line for passage in passages for line in passage.split("\n")} >= set(rows)


def test_an_endless_sentence_is_cut_after_commas_or_at_spaces() -> None:
    clauses = ", ".join("and so it goes on and on" for _ in range(40))
    passages = split(make(clauses), words, 50)
    assert all(clauses[p.end - 1] in ",n" and clauses[p.start : p.start + 3] == "and" for p in passages)
    assert max(words([clauses[p.start : p.end] for p in passages])) <= 50
    assert min(words([clauses[p.start : p.end] for p in passages])) >= 25


def test_a_line_without_any_pause_is_cut_anywhere() -> None:
    sizes = [p.end - p.start for p in split(make("x" * 1000), characters, 100)]
    assert sum(sizes) == 1000
    assert set(sizes) <= {83, 84}


def test_a_character_is_not_parted_from_its_accent() -> None:
    text = "e\u0301" * 400
    assert all(text[p.start] == "e" for p in split(make(text), characters, 90))


def test_a_passage_does_not_cross_a_page_needlessly() -> None:
    text = f"{prose(10)}\n\n{prose(10)}\n\n{prose(10)}"
    second = text.index("\n\n", len(prose(10)) + 2)
    document = make(text, pages=[second])
    assert split(document, words)[0].end <= second


def test_blank_documents_and_bad_limits() -> None:
    assert split(make(""), words) == ()
    assert split(make(" \n\n \t\n"), words) == ()
    with pytest.raises(ValueError, match="limit is 0"):
        split(make("text"), words, 0)


def test_tokens_are_counted_in_one_call() -> None:
    calls = []

    def count(texts: Sequence[str]) -> list[int]:
        calls.append(len(texts))
        return words(texts)

    split(make(prose(500)), count)
    assert calls == [500]


@pytest.mark.parametrize("text", [prose(6000), "word " * 400_000, "x" * 2_000_000, "a\n\n" * 30_000])
def test_large_texts_take_linear_time(text: str) -> None:
    def quarter(texts: Sequence[str]) -> list[int]:
        return [len(text) // 4 + 1 for text in texts]

    begin = time.process_time()  # not the clock on the wall: other work may share the machine
    passages = split(make(text), quarter)
    assert time.process_time() - begin < 10
    assert max(quarter([text[p.start : p.end] for p in passages])) <= 200


# --- contextual_text -------------------------------------------------------------------------------


def test_context_is_title_section_path_text() -> None:
    text = "Title\n\nIntro.\n\nPart A\n\nChapter 1\n\nIt was signed in 2017."
    document = make(text, [("Title", 1), ("Part A", 2), ("Chapter 1", 3)], title="Title")
    sentence = at("It was signed in 2017.", document)
    assert contextual_text(document, *sentence) == "Title\nPart A\nChapter 1\nIt was signed in 2017."
    chapter = at("Chapter 1\n\nIt was signed in 2017.", document)
    assert contextual_text(document, *chapter) == "Title\nPart A\nChapter 1\n\nIt was signed in 2017."
    assert contextual_text(document, 0, 13) == "Title\n\nIntro."


def test_context_without_title_or_sections_is_the_text() -> None:
    assert contextual_text(make("Only this."), 0, 10) == "Only this."


def test_context_is_short() -> None:
    long = " ".join(f"w{n}" for n in range(100))
    text = f"{long}\n\nInner part\n\nText."
    document = make(text, [(long, 1), ("Inner part", 2)], title="A title " * 30)
    context = contextual_text(document, *at("Text.", document))
    assert context.endswith("\nInner part\nText.")
    assert len(context.split()) <= 45


def test_rows_come_with_their_column_heads() -> None:
    prefix = "Korea and its partners\nTrade\nTable 1. Trade, USD\n"
    assert contextual_text(TRADE, *at(ROWS[2])) == (
        prefix + "Kyrgyzstan; Export (2022): 372 854; Import (2022): 541"
    )
    start, end = at(ROWS[2] + "\n" + ROWS[3] + "\n\nSource: KITA.")
    assert contextual_text(TRADE, start, end) == (
        prefix + "Kyrgyzstan; Export (2022): 372 854; Import (2022): 541\n"
        "Tajikistan; Export (2022): 92 676; Import (2022): 368\nSource: KITA."
    )
    assert (
        contextual_text(TRADE, *at("372 854\t541")) == prefix + "Export (2022): 372 854; Import (2022): 541"
    )


def test_a_span_with_the_head_rows_is_given_as_it_stands() -> None:
    table = "\n".join(ROWS)
    assert contextual_text(TRADE, *at(table)) == "Korea and its partners\nTrade\n" + table


def test_a_head_cell_over_all_columns_is_a_caption() -> None:
    rows = ["Trade in USD", "Country\tExport", "\t2022", "Uzbekistan\t5"]
    text = "\n".join(rows)
    document = make(text, tables=(table_in(text, rows, 3),))
    assert (
        contextual_text(document, *at("Uzbekistan\t5", document))
        == "Trade in USD\n2022\nUzbekistan; Export: 5"
    )


def test_a_head_over_several_columns_belongs_to_each_and_one_merged_downwards_is_said_once() -> None:
    rows = [
        "Country\t2021\t\t2022\t\tNote",
        "Country\tExport\tImport\tExport\tImport\tNote",
        "Uzbekistan\t1\t2\t3\t4\tx",
    ]
    text = "\n".join(rows)
    document = make(text, tables=(table_in(text, rows, 2),))
    assert contextual_text(document, *at(rows[2], document)) == (
        "Uzbekistan; 2021 Export: 1; 2021 Import: 2; 2022 Export: 3; 2022 Import: 4; Note: x"
    )


# --- properties ------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "It grew. ",
        "Dr. Kim came. ",
        "a b, c; ",
        "\n",
        "\n\n",
        "\t",
        " ",
        "x" * 30,
        "다. ",
        "。",
        "e\u0301",
        "🙂",
        "\u200d",
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = "".join(draw(st.lists(PIECES, max_size=60)))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)) | {0, len(text)})
    sections = []
    for start, end in pairwise(cuts):
        heading = draw(st.sampled_from(["", "It grew.", text[start:end].split("\n\n")[0]]))
        sections.append(Section(" ".join(heading.split()), draw(st.integers(0, 3)), start, end))
    tables = []
    for start, end in list(pairwise(cuts))[:: draw(st.integers(1, 3))]:
        if draw(st.booleans()) and start < end:
            rows = tuple((Span(start, end),) for _ in range(1))
            tables.append(Table(start, end, rows, draw(st.integers(0, 1))))
    page = draw(st.integers(0, len(text)))
    return Document(
        "d", "f", "text", draw(st.sampled_from(["", "It grew.", "A title"])), (), "",
        draw(st.sampled_from(["en", "ko", ""])), "", text,
        (Page(1, "1", 0, page), Page(2, "2", page, len(text))),
        tuple(sections) or (Section("", 0, 0, 0),), tuple(tables),
    )  # fmt: skip


def assert_tiles(document: Document, spans: Sequence[tuple[int, int]], start: int, end: int) -> None:
    """In order, apart, trimmed, within the range, and holding all that is not blank."""
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(start <= first < last <= end for first, last in spans)
    pieces = [document.text[first:last] for first, last in spans]
    assert all(piece == piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(document.text[start:end].split())


@given(documents(), st.data())
def test_units_tile_any_range(document: Document, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(document.text)))
    end = data.draw(st.integers(start, len(document.text)))
    assert_tiles(document, [(unit.start, unit.end) for unit in sentences(document, start, end)], start, end)


@given(documents(), st.integers(1, 30))
def test_passages_tile_the_document_within_the_limit(document: Document, limit: int) -> None:
    passages = split(document, words, limit)
    assert_tiles(document, [(p.start, p.end) for p in passages], 0, len(document.text))
    assert all(count <= limit for count in words([document.text[p.start : p.end] for p in passages]))


@given(documents())
def test_a_limit_of_characters_holds_for_each_unit(document: Document) -> None:
    passages = split(document, characters, 7)
    assert_tiles(document, [(p.start, p.end) for p in passages], 0, len(document.text))
    # White space between units is not counted, so only the rest is held to the limit.
    assert all(sum(not c.isspace() for c in document.text[p.start : p.end]) <= 7 for p in passages)


@given(documents())
def test_a_passage_crosses_a_section_only_with_whole_sections(document: Document) -> None:
    passages = split(document, words, 12)
    for passage in passages:
        first = document.section_at(passage.start)
        if passage.end > first.end:
            before = document.text[first.start : passage.start]
            assert not before.strip()


@given(documents())
def test_context_takes_any_span(document: Document) -> None:
    for unit in sentences(document, 0, len(document.text)):
        assert contextual_text(document, unit.start, unit.end).strip()


def test_a_table_that_goes_on_over_pages_keeps_its_column_heads() -> None:
    document, rows = _over_pages(PARTS)
    for row in rows:
        name, export, *bought = row.split("\t")  # an empty last cell is left out
        told = [name, f"Export: {export}", *(f"Import: {figure}" for figure in bought)]
        context = contextual_text(document, *at(row, document))
        assert context == "Trade\nTable 1. Trade, USD\n" + "; ".join(told)
    assert cell_name(document, document.text.index("92 676")) == CellName("Tajikistan", "Export")


@pytest.mark.parametrize(
    ("between", "second", "page"),
    [
        ("\n\nOther text.\n\n", PARTS[1], 2),
        ("\n\n", PARTS[1], 1),  # on the same page: another table
        ("\n\n", PARTS[1], 3),
        ("\n\n", ["Kazakhstan\t7", "Kyrgyzstan\t9"], 2),  # fewer columns
    ],
)
def test_a_table_of_its_own_takes_no_heads(between: str, second: Sequence[str], page: int) -> None:
    first = "\n".join(PARTS[0])
    text = f"Trade\n\nTable 1. Trade, USD\n\n{first}{between}" + "\n".join(second)
    start = text.index(second[0])
    breaks = [start] * (page - 1)
    document = make(text, tables=(table_in(text, PARTS[0], 1), table_in(text, second, 0)), pages=breaks)
    assert with_heads(document, document.tables[0]) == document.tables[0]
    assert with_heads(document, document.tables[1]) is None
    assert contextual_text(document, start, start + len(second[0])) == second[0]


def test_a_row_that_looks_like_heads_inside_a_table_is_not_carried_on() -> None:
    document, _ = _over_pages(PARTS, heads=(1, 1, 0))
    assert with_heads(document, document.tables[2]) is None


def _over_pages(
    parts: Sequence[Sequence[str]], heads: Sequence[int] = (1, 0, 0)
) -> tuple[Document, list[str]]:
    """A document whose table has a part on each page, and the rows of the parts after the first."""
    text = "Trade\n\nTable 1. Trade, USD\n\n" + "\n\n".join("\n".join(part) for part in parts)
    tables = tuple(table_in(text, part, count) for part, count in zip(parts, heads, strict=True))
    document = make(text, [("Trade", 1)], tables, pages=[table.start for table in tables[1:]])
    return document, [row for part in parts[1:] for row in part]


# --- what a large document costs -------------------------------------------------------------------


def _sheet(rows: int, first: str = "Kazakhstan", head_rows: int = 1) -> Document:
    lines = ["Country\tExport\tImport", *(f"{first}\t{number}\t7" for number in range(rows))]
    text = "\n".join(lines)
    return make(text, tables=(table_in(text, lines, head_rows),))


def _headings(count: int, level: int) -> Document:
    text, sections = "", []
    for number in range(count):
        block = f"Heading {number}\n\nIt was signed.\n\n"
        sections.append(Section(f"Heading {number}", level, len(text), len(text) + len(block)))
        text += block
    page = (Page(1, "", 0, len(text)),)
    return Document("d", "f.md", "markdown", "", (), "", "en", "", text, page, tuple(sections), ())


def _parts(count: int) -> Document:
    """A table without heads that goes on over so many pages."""
    parts = [[f"Country {number}\t{number}"] for number in range(count)]
    return _over_pages(parts, heads=[0] * count)[0]


@pytest.mark.parametrize(
    "document",
    [
        lambda size: _sheet(size),
        lambda size: _sheet(size, first=""),
        lambda size: _sheet(size, head_rows=size // 2),
        lambda size: _headings(size, 1),
        lambda size: _headings(size, 2),  # nothing of level 1 above them ends the way upwards
        lambda size: _parts(size),
    ],
    ids=["rows", "empty first cells", "heads", "headings", "lower headings", "parts"],
)
def test_the_contexts_of_all_units_take_time_by_the_length(document: Callable[[int], Document]) -> None:
    def all_contexts(size: int) -> Callable[[], object]:
        made = document(size)
        spans = sentences(made, 0, len(made.text))

        def work() -> int:
            contexts = Contexts(made)
            return sum(len(contexts.text(span.start, span.end)) for span in spans)

        return work

    assert growth(all_contexts, 500) < 24


@given(documents())
def test_one_context_after_another_is_as_each_by_itself(document: Document) -> None:
    contexts = Contexts(document)
    for unit in sentences(document, 0, len(document.text)):
        assert contexts.text(unit.start, unit.end) == contextual_text(document, unit.start, unit.end)


def test_the_parents_of_sections_lead_along_their_paths() -> None:
    levels = [0, 2, 3, 1, 3, 2, 0, 2, 1, 1, 4]
    sections = tuple(Section(str(at), level, at, at + 1) for at, level in enumerate(levels))
    page = (Page(1, "", 0, len(levels)),)
    document = Document("d", "f.md", "markdown", "", (), "", "en", "", "x" * len(levels), page, sections, ())
    parents = document.section_parents()
    assert parents == [-1, -1, 1, -1, 3, 3, -1, 3, -1, -1, 9]
    for at, level in enumerate(levels):
        path, here = [], at if level else -1
        while here >= 0:
            path.append(str(here))
            here = parents[here]
        assert document.section_path(at) == tuple(reversed(path))


@pytest.mark.parametrize("level", [1, 2])
def test_many_headings_are_split_in_time_by_their_number(level: int) -> None:
    def work(size: int) -> Callable[[], object]:
        document = _headings(size, level)
        return lambda: split(document, words)

    assert growth(work, 500) < 24


def test_heads_longer_than_any_are_cut() -> None:
    text = "\n".join(["h" * 10_000 + "\tExport", *(["\t1"] * 5)])
    document = make(text, tables=(table_in(text, text.split("\n"), 1),))
    start = text.index("\t1")
    assert len(contextual_text(document, start, len(text))) < 1_000
