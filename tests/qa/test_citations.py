from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Document, Page, Section
from qa.answer import Citation
from qa.citations import cite, verify
from qa.errors import QuoteNotFound

TEXT = "Preface.\n\nHistory\n\nIt began in 2007.\n\nPlaces\n\nThe 15th was held in Busan 부산."
HISTORY, PLACES = TEXT.index("History"), TEXT.index("Places")
DOCUMENT = Document(
    id="d" * 32,
    source="/library/forum.pdf",
    format="pdf",
    title="The forum",
    authors=(),
    published="2012",
    language="en",
    type="report",
    text=TEXT,
    pages=(Page(1, "iv", 0, PLACES), Page(2, "", PLACES, PLACES), Page(3, "1", PLACES, len(TEXT))),
    sections=(
        Section("", 0, 0, HISTORY),
        Section("History", 1, HISTORY, PLACES),
        Section("Places", 2, PLACES, len(TEXT)),
    ),
    tables=(),
)


def test_a_citation_says_exactly_where_its_quote_stands() -> None:
    start = TEXT.index("The 15th")
    assert cite(DOCUMENT, start, len(TEXT), 0.75) == Citation(
        document_id="d" * 32,
        title="The forum",
        source="/library/forum.pdf",
        page=3,
        page_label="1",
        section="Places",
        start=start,
        end=len(TEXT),
        quote="The 15th was held in Busan 부산.",
        score=0.75,
    )


def test_text_before_any_heading_has_no_section() -> None:
    citation = cite(DOCUMENT, 0, 8, 1.0)
    assert (citation.quote, citation.section, citation.page, citation.page_label) == ("Preface.", "", 1, "iv")


def test_a_quote_over_a_page_break_is_on_the_page_where_it_begins() -> None:
    citation = cite(DOCUMENT, TEXT.index("It began"), len(TEXT), 1.0)
    assert (citation.page, citation.section) == (1, "History")


@pytest.mark.parametrize(
    ("start", "end"),
    [(-1, 5), (0, len(TEXT) + 1), (5, 5), (6, 5), (len(TEXT), len(TEXT)), (len(TEXT) + 1, len(TEXT) + 2)],
)
def test_a_span_that_is_not_in_the_document_is_refused(start: int, end: int) -> None:
    with pytest.raises(QuoteNotFound, match=r"^/library/forum\.pdf: characters"):
        cite(DOCUMENT, start, end, 1.0)


def test_a_blank_quote_is_refused() -> None:
    blank = TEXT.index("\n\n")
    with pytest.raises(QuoteNotFound, match="characters 8 to 10 are blank"):
        cite(DOCUMENT, blank, blank + 2, 1.0)


@given(st.integers(-3, len(TEXT) + 3), st.integers(-3, len(TEXT) + 3))
def test_every_citation_that_can_be_made_is_a_slice_and_verifies(start: int, end: int) -> None:
    try:
        citation = cite(DOCUMENT, start, end, 0.5)
    except QuoteNotFound:
        assert start < 0 or end > len(TEXT) or not TEXT[max(start, 0) : max(end, 0)].strip()
    else:
        assert TEXT[citation.start : citation.end] == citation.quote
        assert verify(citation, DOCUMENT)


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "It began in 2008."},
        {"start": 0},
        {"end": 10_000},
        {"page": 2},
        {"page_label": "v"},
        {"section": "Places"},
        {"document_id": "e" * 32},
        {"title": "Another"},
    ],
)
def test_a_citation_that_was_tampered_with_does_not_verify(change: dict[str, str | int]) -> None:
    start = TEXT.index("It began")
    citation = cite(DOCUMENT, start, start + len("It began in 2007."), 1.0)
    assert verify(citation, DOCUMENT)
    assert not verify(replace(citation, **change), DOCUMENT)  # type: ignore[arg-type]


def test_a_citation_of_an_older_version_does_not_verify() -> None:
    citation = cite(DOCUMENT, TEXT.index("2007"), TEXT.index("2007") + 4, 1.0)
    assert not verify(citation, replace(DOCUMENT, text=TEXT.replace("2007", "2008")))
