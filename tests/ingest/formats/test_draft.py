"""Draft: blocks in, exact offsets out."""

from __future__ import annotations

from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.draft import Content, Draft, clean


def assert_tiled(content: Content) -> None:
    for tiles in (content.pages, content.sections):
        spans = [(tile.start, tile.end) for tile in tiles]
        assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
        assert spans[-1][1] == len(content.text)


def test_blocks_pages_and_sections_have_exact_offsets() -> None:
    draft = Draft()
    draft.begin_page("i")
    draft.paragraph("Preface.")
    draft.heading("One", 1)
    draft.begin_page("1")
    draft.paragraph("First line\nsecond line.")
    draft.state("file", title="  A \n title ")
    draft.state("text", title="Another", authors=["Kim", " "])
    content = draft.finish()
    assert content.text == "Preface.\n\nOne\n\nFirst line\nsecond line."
    assert [(p.number, p.label, p.start, p.end) for p in content.pages] == [(1, "i", 0, 15), (2, "1", 15, 38)]
    assert [(s.heading, s.level, s.start, s.end) for s in content.sections] == [
        ("", 0, 0, 10),
        ("One", 1, 10, 38),
    ]
    assert (content.metadata.title, content.metadata.authors) == ("A title", ("Kim",))
    assert content.metadata.origins == {"title": "file", "authors": "text"}


def test_a_paragraph_may_run_over_a_page_end() -> None:
    draft = Draft()
    draft.begin_page("1")
    draft.paragraph("The forum was held in")
    draft.begin_page("2")
    draft.continue_paragraph("Busan. It agreed on coopera")
    draft.begin_page("3")
    draft.continue_paragraph("tion.", joiner="")
    content = draft.finish()
    assert content.text == "The forum was held in\nBusan. It agreed on cooperation."
    assert [content.text[p.start : p.end] for p in content.pages] == [
        "The forum was held in\n",
        "Busan. It agreed on coopera",
        "tion.",
    ]


def test_blank_pages_are_empty_tiles() -> None:
    draft = Draft()
    for label in ("1", "2", "3", "4"):
        draft.begin_page(label)
        if label in "13":
            draft.paragraph(f"Page {label}.")
    content = draft.finish()
    assert [(p.start, p.end) for p in content.pages] == [(0, 9), (9, 9), (9, 16), (16, 16)]


def test_table_cells_are_slices() -> None:
    draft = Draft()
    draft.paragraph("Before.")
    draft.table([["Country", "2022"], ["", ""], ["Kyrgyz\nstan", "372\u00a0854", ""]], head_rows=1)
    content = draft.finish()
    (table,) = content.tables
    assert content.text[table.start : table.end] == "Country\t2022\nKyrgyzstan\t372 854".replace(
        "Kyrgyz", "Kyrgyz "
    )
    assert [[cell.of(content.text) for cell in row] for row in table.rows] == [
        ["Country", "2022"],
        ["Kyrgyz stan", "372 854"],
    ]
    assert table.head_rows == 1


def test_clean_removes_what_is_never_read() -> None:
    assert clean("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
    assert clean("co\u00adop\x00er\ud800at\ufeffion\u200b") == "cooperation"
    assert clean("2\u00a0183\u202f539") == "2 183 539"
    assert clean("\u1112\u1161\u11ab") == "한"
    assert clean("\u202bשלום\u202c") == "\u202bשלום\u202c"


def test_nothing_at_all() -> None:
    draft = Draft()
    draft.paragraph(" \u200d\uf245 ")
    draft.heading("\n", 2)
    draft.table([["", ""]])
    assert draft.blank
    content = draft.finish()
    assert (content.text, content.pages[0].end, content.sections[0].end) == ("", 0, 0)


def test_level_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1, not 0"):
        Draft().heading("x", 0)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["page", "heading", "paragraph", "more", "join", "table"]), st.text(max_size=12)
    ),
    max_size=20,
)


@given(STEPS)
def test_any_order_of_blocks_keeps_the_invariants(steps: list[tuple[str, str]]) -> None:
    draft = Draft()
    for kind, text in steps:
        if kind == "page":
            draft.begin_page(text)
        elif kind == "heading":
            draft.heading(text, 1 + len(text) % 6)
        elif kind == "paragraph":
            draft.paragraph(text)
        elif kind == "table":
            draft.table([[text, "x"], [text]], head_rows=1)
        else:
            draft.continue_paragraph(text, "" if kind == "join" else "\n")
    content = draft.finish()
    assert_tiled(content)
    assert is_normalized("NFC", content.text)
    assert not set("\r\0\u00ad") & set(content.text)
    assert "\n\n\n" not in content.text
    for section in content.sections:
        assert content.text.startswith(section.heading, section.start)
    for table in content.tables:
        lines = content.text[table.start : table.end].split("\n")
        assert lines == ["\t".join(cell.of(content.text) for cell in row) for row in table.rows]


def test_a_pile_of_marks_is_cut_to_what_text_may_hold() -> None:
    pile = "a" + "\u0316\u0301" * 100_000  # two classes in turns: to order them all would take minutes
    assert len(clean(pile)) <= 31
    assert clean("e\u0301" * 40) == "é" * 40


def test_nobody_is_no_author() -> None:
    draft = Draft()
    draft.state("file", authors=["Admin", "(anonymous)"])
    draft.state("text", authors=["Maria Ivanova"])
    content = draft.finish()
    assert content.metadata.authors == ("Maria Ivanova",)
    assert content.metadata.origins == {"authors": "text"}
