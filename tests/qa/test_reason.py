"""Why there is no answer: what is missing is named, and only that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

import ingest
from index.encoder import OpenVinoEncoder
from index.hit import Filters, Hit
from index.library import Library
from ingest.document import Document, Span
from ingest.told import Told
from qa.premises import premises_of
from qa.reason import reason

MINES = """# Mines

The mines of Talas gave 40 tons of tin in 2017. The 16th congress of miners met in Osh.
"""
ORCHARDS = """# Orchards

Apples grow at the lake. The harvest of 2021 was poor.
"""
DOCUMENTS = {
    "mines": (replace(ingest.read(MINES.encode(), source="/r/mines.md"), published="2018"), MINES),
    "orchards": (replace(ingest.read(ORCHARDS.encode(), source="/r/orchards.md"), type="report"), ORCHARDS),
}
IDS = {name: document.id for name, (document, _) in DOCUMENTS.items()}
LEAVES_OUT = " leaves out 1 document that may answer; what passes does not."
RELATED = "The nearest passages, from {}, speak of related things but do not answer."


@dataclass(frozen=True)
class FakeReading:
    """As much of a Reading as a reason looks at."""

    hit: Hit
    document: Document
    sentence: Span


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, encoder: OpenVinoEncoder) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("small"), encoder) as small:
        for document, original in DOCUMENTS.values():
            small.add(document, original.encode())
        yield small


def _read(library: Library, question: str, filters: Filters = Filters()) -> list[FakeReading]:
    readings = []
    for hit in library.search(question, 5, filters):
        document = library.document(hit.document.id)
        readings.append(FakeReading(hit, document, Span(hit.passage.start, hit.passage.end)))
    return readings


def _reason(
    library: Library, question: str, filters: Filters = Filters(), answering: Sequence[str] = ()
) -> str:
    """The reason where, without filters, these documents would answer."""
    elsewhere = [
        each for each in _read(library, question) if each.document.id in {IDS[name] for name in answering}
    ]
    premises = premises_of(question, library.query_words(question))
    readings = _read(library, question, filters)
    return reason(question, library, readings, filters, premises, lambda: elsewhere)  # type: ignore[arg-type,return-value]


def test_an_empty_library(library: Library) -> None:
    assert _reason(library, "How much tin?") == "The library is empty."


def test_nothing_passes(small: Library) -> None:
    assert _reason(small, "How much tin?", Filters(languages=("ko",))) == "No document passes the filters."


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        (Filters(languages=("ko",)), "The filter on languages" + LEAVES_OUT),
        (Filters(published_from="2020"), "The filter on dates" + LEAVES_OUT),
        (
            Filters(types=("report",), excluded=(IDS["mines"],)),
            "The list of excluded documents and the filter on types leave out 1 document that may answer; what passes "
            "does not.",
        ),
        (
            Filters(documents=(IDS["orchards"],)),
            "The choice of documents leaves out 1 document that may answer; what passes does not.",
        ),
    ],
)  # fmt: skip
def test_a_filter_that_leaves_the_answer_out_is_named(small: Library, filters: Filters, reason: str) -> None:
    assert _reason(small, "Which mines of Talas gave tin?", filters, ["mines"]) == reason


def test_a_reason_knows_what_it_is_made_of(small: Library) -> None:
    filters = Filters(types=("report",), excluded=(IDS["mines"],))
    found = _reason(small, "Which mines of Talas gave tin?", filters, ["mines"])
    assert isinstance(found, Told)
    assert found.sentence == "{filters} leave out {n} document that may answer; what passes does not."
    assert found.number == 1
    told = found.values["filters"]
    assert isinstance(told, Told)
    assert told.values == {"others": ("The list of excluded documents",), "last": "the filter on types"}
    found = _reason(small, "Which miners met in the 15th congress?")
    assert isinstance(found, Told)
    assert found.values == {"words": ["15th"], "instead": "number 16", "asked": "number 15"}
    assert isinstance(found.values["asked"], Told)


def test_filters_that_let_the_best_document_pass_are_not_to_blame(small: Library) -> None:
    found = _reason(small, "Which mines of Talas gave tin?", Filters(published_from="2017"), ["mines"])
    assert found == RELATED.format("1 document")


def test_without_filters_there_is_no_second_search(small: Library) -> None:
    def never() -> list[FakeReading]:
        raise AssertionError

    question = "Which mines gave tin?"
    readings = _read(small, question)
    found = reason(question, small, readings, Filters(), premises_of(question, ()), never)  # type: ignore[arg-type]
    assert found == RELATED.format("2 documents")


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (
            "Which mines gave tin in 2021?",
            RELATED.format("2 documents"),
        ),  # one passage speaks of 2021
        ("Which mines gave tin in 2017?", RELATED.format("2 documents")),
        (
            "Which miners met in the 15th congress?",
            "No passage of the library holds 15th; the nearest passages speak of number 16, not of number 15.",
        ),
        ("Which miners met in the 16th congress?", RELATED.format("2 documents")),
        (
            "Who sang in the opera?",
            "No passage of the library holds sang, opera; the nearest passages are shown.",
        ),
        (
            "Please tell me, who sang last year?",
            "No passage of the library holds sang; the nearest passages are shown.",
        ),
    ],
)
def test_what_the_nearest_passages_lack(small: Library, question: str, reason: str) -> None:
    assert _reason(small, question) == reason


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Which opera was there in 2030?", "opera, 2030"),
        ("Какая опера была в 2030 году?", "опера, 2030"),
        ("2030년에 어떤 오페라가 있었나요?", "2030, 오페라"),
        ("2030-yilda qaysi opera boʻlgan?", "2030, opera"),
        ("2030 йилда қайси опера бўлган?", "2030, опера"),
        ("2030 жылы қандай опера болды?", "2030, опера"),
        ("2030-жылы кандай опера болгон?", "2030, опера"),
        ("Дар соли 2030 кадом опера буд?", "2030, опера"),
        ("2030-njy ýylda haýsy opera boldy?", "2030, opera"),
    ],
)
def test_only_content_words_are_named_as_missing(small: Library, question: str, missing: str) -> None:
    assert _reason(small, question).startswith(f"No passage of the library holds {missing}; ")


def test_a_year_that_no_passage_holds(small: Library) -> None:
    only_mines = Filters(documents=(IDS["mines"],))
    assert _reason(small, "Which mines gave tin in 2021?", only_mines) == (
        "The nearest passages speak of 2017, not of 2021."
    )
    assert _reason(small, "Сколько олова дали рудники в 2021 году?", only_mines).endswith(
        "he nearest passages speak of 2017, not of 2021."
    )


def test_a_name_that_no_passage_holds(small: Library) -> None:
    only_orchards = Filters(documents=(IDS["orchards"],))
    assert _reason(small, "How poor was the harvest of Talas?", only_orchards) == (
        "The nearest passages do not speak of Talas."
    )
