"""The pipeline over a small real library: what it quotes, how it ranks, when and why it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import ingest
from index.encoder import OpenVinoEncoder
from index.hit import Filters
from index.library import Library
from ingest.document import Document, Page, Span
from qa.answer import Answer, NoAnswer, Place
from qa.ask import Settings, ask
from qa.citations import verify
from qa.errors import EmptyQuestion, QuestionTooLong
from qa.reader import Reader, Reading
from qa.signals import Signals

FORUM = """# The cooperation forum

## History

The cooperation forum began in 2007. The cooperation forum meets every year. The cooperation forum has
six members. Its Secretariat was established in 2017.

## Places

The 15th forum was held in Busan. The 16th forum was held in Turkmenistan.
"""
ENERGY = """# Energy and trade

## Coal

Kazakhstan holds 33.6 billion tons of coal. The cooperation forum spoke of it in Busan.

## Trade

| Country | Exports 2022 | Imports 2022 |
|---|---|---|
| Kyrgyzstan | 372 854 | 541 |
| Tajikistan | 45 210 | 1 027 |
"""
PIPELINE = """# When did the pipeline to Bishkek open?

## When the pipeline to Bishkek opened

When did the pipeline to Bishkek open? It carried gas for the first time in the spring of 2011.

## References

Akhmetov, A. (2014). When the pipeline to Bishkek opened. Almaty: Steppe Press.
"""
QUIZ = """When did the pipeline to Bishkek open? Who paid for the pipeline to Bishkek?"""

ANSWER_ALL = Settings(threshold=0.0)  # answers and reasons are looked at apart from how sure it is
ANSWER_NONE = Settings(threshold=1.1)


def _read(name: str, text: str) -> Document:
    return ingest.read(text.encode(), source=f"/papers/{name}")


def _forum() -> Document:
    """The forum's paper, its chapter on places on a second page."""
    document = _read("forum.md", FORUM)
    turn = document.text.index("Places")
    pages = (Page(1, "iv", 0, turn), Page(2, "1", turn, len(document.text)))
    return replace(document, pages=pages)


DOCUMENTS = {
    "forum": (_forum(), FORUM),
    "energy": (_read("energy.md", ENERGY), ENERGY),
    "pipeline": (_read("pipeline.md", PIPELINE), PIPELINE),
    "quiz": (_read("quiz.md", QUIZ), QUIZ),
}
IDS = {name: document.id for name, (document, _) in DOCUMENTS.items()}


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory, encoder: OpenVinoEncoder) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("papers"), encoder) as papers:
        for document, original in DOCUMENTS.values():
            papers.add(document, original.encode())
        yield papers


def _only(*names: str) -> Filters:
    return Filters(documents=tuple(IDS[name] for name in names))


def test_an_answer_is_a_slice_with_its_page_label_and_section(papers: Library, reader: Reader) -> None:
    result = ask("Where was the 15th forum held?", papers, reader=reader)
    assert isinstance(result, Answer)
    first = result.citations[0]
    assert first == result.evidence[0]
    assert (result.text, first.quote) == ("Busan", "The 15th forum was held in Busan.")
    assert (first.source, first.title) == ("/papers/forum.md", "The cooperation forum")
    assert (first.page, first.page_label, first.section) == (2, "1", "Places")
    for citation in (*result.citations, *result.evidence):
        document = papers.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote
        assert verify(citation, document)
    assert all(result.text in citation.quote for citation in result.citations)
    assert result.ranking[0] == Place(IDS["forum"], 2)
    assert 0.5 <= result.confidence <= 1
    assert list(result.timings_ms) == ["search", "total", "read", "cite"]


def test_the_question_is_given_back_with_single_spaces(papers: Library, reader: Reader) -> None:
    result = ask("  Where was the\n15th\tforum   held?\n", papers, reader=reader)
    assert result.question == "Where was the 15th forum held?"


def test_evidence_is_from_as_many_documents_as_have_one(papers: Library, reader: Reader) -> None:
    question = "When did the cooperation forum begin?"
    filters = _only("forum", "energy", "pipeline")
    both = ask(question, papers, reader=reader, filters=filters)
    assert len(both.evidence) == 5
    assert {citation.document_id for citation in both.evidence} == {
        IDS["forum"],
        IDS["energy"],
        IDS["pipeline"],
    }
    scores = [citation.score for citation in both.evidence]
    assert scores == sorted(scores, reverse=True)

    alone = ask(question, papers, reader=reader, filters=_only("forum"))
    assert [citation.document_id for citation in alone.evidence] == [IDS["forum"]] * 5
    assert len({citation.start for citation in alone.evidence}) == 5

    few = ask(question, papers, reader=reader, filters=filters, settings=Settings(evidence=3))
    assert len({citation.document_id for citation in few.evidence}) == 3


def test_the_answer_stands_where_it_says(papers: Library, reader: Reader) -> None:
    result = ask("When did the cooperation forum begin?", papers, reader=reader)
    assert isinstance(result, Answer)
    text = papers.document(result.citations[0].document_id).text
    assert text[result.start : result.start + len(result.text)] == result.text


@pytest.mark.parametrize("question", ["", " ", "\n\t \u00a0\u3000"])
def test_nothing_asked_is_refused(papers: Library, question: str) -> None:
    with pytest.raises(EmptyQuestion, match="the question is empty"):
        ask(question, papers)


def test_a_book_is_no_question(papers: Library) -> None:
    with pytest.raises(QuestionTooLong, match="100,000 characters and the limit is 2,000") as caught:
        ask("q" * 100_000, papers)
    assert (caught.value.length, caught.value.limit) == (100_000, 2_000)
    assert not ask("q" * 2_000, papers, settings=ANSWER_NONE).answered
    with pytest.raises(QuestionTooLong, match="100,000"):
        ask("And in 2023?", papers, before="q" * 100_000)
    # Two that may each be asked may also lean on each other.
    result = ask("And in 2023?", papers, before="q" * 1_999, settings=ANSWER_NONE)
    assert "2023" in result.understood and len(result.understood) > 2_000


def test_an_empty_library_says_that_it_is_empty(library: Library) -> None:
    result = ask("Where was the 15th forum held?", library)
    assert isinstance(result, NoAnswer)
    assert result.reason == "The library is empty."
    assert (result.confidence, result.evidence, result.ranking) == (0.0, (), ())
    assert not ask("Where was the 15th forum held?", library, settings=ANSWER_ALL).answered


@pytest.mark.parametrize(
    "filters",
    [
        Filters(languages=("ko",)),
        Filters(types=("law",)),
        Filters(published_from="2012"),
        Filters(documents=("0" * 32,)),
        Filters(excluded=tuple(IDS.values())),
    ],
)
def test_filters_that_leave_no_document_are_the_reason(
    papers: Library, reader: Reader, filters: Filters
) -> None:
    result = ask("Who won the World Cup in Mongolia?", papers, reader=reader, filters=filters)
    assert isinstance(result, NoAnswer)
    assert result.reason == "No document passes the filters."
    assert (result.confidence, result.evidence, result.ranking) == (0.0, (), ())


def test_the_ranking_lists_every_page_that_was_read_once(papers: Library, reader: Reader) -> None:
    # The library has fewer passages than are read, so that each page with a statement is.
    result = ask("Where was the 15th forum held?", papers, reader=reader)
    places = {
        Place(IDS["forum"], 1),
        Place(IDS["forum"], 2),
        Place(IDS["energy"], 1),
        Place(IDS["pipeline"], 1),
    }
    assert set(result.ranking) == places
    assert len(result.ranking) == len(places)

    alone = ask("When did the forum begin?", papers, reader=reader, filters=_only("forum"))
    assert alone.ranking == (Place(IDS["forum"], 1), Place(IDS["forum"], 2))


def test_words_that_the_library_does_not_hold_are_named(papers: Library, reader: Reader) -> None:
    result = ask("Who won the World Cup in Mongolia?", papers, reader=reader)
    assert isinstance(result, NoAnswer)
    assert result.reason == (
        "No passage of the library holds won, World, Cup, Mongolia; the nearest passages are shown."
    )
    assert len(result.evidence) == 5


def test_without_a_missing_word_the_reason_says_how_far_it_looked(papers: Library, reader: Reader) -> None:
    question = "Where was the forum held?"
    wide = ask(question, papers, reader=reader, settings=ANSWER_NONE, filters=_only("forum", "energy"))
    narrow = ask(question, papers, reader=reader, settings=ANSWER_NONE, filters=_only("forum"))
    assert isinstance(wide, NoAnswer) and isinstance(narrow, NoAnswer)
    assert wide.reason == (
        "The nearest passages, from 2 documents, speak of related things but do not answer."
    )
    assert "from 1 document, speak" in narrow.reason


def test_below_the_threshold_the_same_sentences_are_shown_but_not_as_an_answer(
    papers: Library, reader: Reader
) -> None:
    question = "Where was the 15th forum held?"
    yes = ask(question, papers, reader=reader, settings=ANSWER_ALL)
    no = ask(question, papers, reader=reader, settings=ANSWER_NONE)
    assert (yes.answered, no.answered) == (True, False)
    assert (yes.confidence, yes.evidence, yes.ranking) == (no.confidence, no.evidence, no.ranking)


@pytest.mark.parametrize(
    ("question", "cell", "row"),
    [
        ("What were the exports to Kyrgyzstan in 2022?", "372 854", "Kyrgyzstan\t372 854\t541"),
        ("What were the imports from Tajikistan in 2022?", "1 027", "Tajikistan\t45 210\t1 027"),
        ("Каков был экспорт в Кыргызстан в 2022 году?", "372 854", "Kyrgyzstan\t372 854\t541"),
    ],
)
def test_a_table_answers_with_the_cell(
    papers: Library, reader: Reader, question: str, cell: str, row: str
) -> None:
    result = ask(question, papers, reader=reader, settings=ANSWER_ALL)
    assert isinstance(result, Answer)
    assert (result.text, result.citations[0].quote) == (cell, row)
    assert result.citations[0].section == "Trade"


def test_headings_questions_and_bibliographies_do_not_stand_as_evidence(
    papers: Library, reader: Reader
) -> None:
    question = "When did the pipeline to Bishkek open?"
    result = ask(question, papers, reader=reader, filters=_only("pipeline", "quiz"), settings=ANSWER_ALL)
    assert [citation.quote for citation in result.evidence] == [
        "It carried gas for the first time in the spring of 2011."
    ]
    everywhere = ask(question, papers, reader=reader)
    assert everywhere.evidence[0].quote == result.evidence[0].quote
    assert not any("?" in c.quote or "Akhmetov" in c.quote for c in everywhere.evidence)
    assert all(c.quote != c.section for c in everywhere.evidence)


def test_where_nothing_is_stated_the_nearest_question_is_shown(papers: Library, reader: Reader) -> None:
    result = ask("Who paid for the pipeline?", papers, reader=reader, filters=_only("quiz"))
    assert "Who paid for the pipeline to Bishkek?" in {citation.quote for citation in result.evidence}


class Reads:
    """A Reader that finds these sentences, each with its signals and chance, best first."""

    def __init__(self, *said: tuple[str, Signals, float]) -> None:
        self.readings = []
        for at, (sentence, signals, chance) in enumerate(said):
            document = _read(f"said{at}.md", f"# Paper {at}\n\n{sentence}\n")
            start = document.text.index(sentence)
            span = Span(start, start + len(sentence))
            self.readings.append(Reading(cast(Any, None), document, span, span, signals, chance, chance))

    def read(self, question: str, hits: object, library: object, words: object = None) -> list[Reading]:
        return self.readings


NOTHING = Signals(*[0.0] * len(fields(Signals)))
HOSTS = ("All the guests of the fifth meeting sat in the front row.", NOTHING, 0.8)
GUESTS = "The guests were from Osh, Naryn and Talas."


@pytest.mark.parametrize(
    ("signals", "chance", "items"),
    [
        (NOTHING, 0.5, ["Osh", "Naryn", "Talas"]),
        (NOTHING, 0.3, []),  # too little likely
        (replace(NOTHING, figure_conflict=1.0), 0.5, []),  # of another meeting
        (replace(NOTHING, year_conflict=1.0), 0.5, []),
        (replace(NOTHING, names=1.0), 0.5, []),
    ],
)
def test_the_items_of_a_list_may_stand_in_another_document_than_the_answer(
    signals: Signals, chance: float, items: list[str]
) -> None:
    reader = Reads(HOSTS, (GUESTS, signals, chance))
    library = SimpleNamespace(
        search=lambda *_: [None],
        query_words=lambda question: (),
        spelled=lambda question: SimpleNamespace(searched=question),
    )
    question = "Which towns were the guests from?"
    result = ask(question, cast(Library, library), reader=cast(Reader, reader))
    assert isinstance(result, Answer)
    assert result.citations[0].quote == HOSTS[0]
    assert [item.quote for item in result.items] == items
    document = reader.readings[1].document
    for item in result.items:
        assert item.document_id == document.id and verify(item, document)
    asked = "Where were the guests from?"  # no list
    assert ask(asked, cast(Library, library), reader=cast(Reader, reader)).items == ()  # type: ignore[union-attr]


WORDS = [
    "When",
    "Где",
    "forum",
    "Бишкек",
    "카자흐스탄",
    "2022",
    "?",
    "$7.3",
    "Oʻzbekiston",
    "中国",
    "exports",
]
QUESTIONS = st.one_of(
    st.text(st.characters(), max_size=200),  # lone surrogates too, as JSON can carry them
    st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join),
)


@settings(max_examples=40, deadline=None)
@given(QUESTIONS)
@example("\x00")
@example('a AND (b OR "c) NOT -d:*~^[x TO y]')
@example("?" * 200)
@example("\ud800 forum")
@example("👩‍👩‍👧‍👦\u200f\u0301")
def test_whatever_is_asked_every_quotation_is_a_slice(papers: Library, reader: Reader, question: str) -> None:
    try:
        result = ask(question, papers, reader=reader, settings=ANSWER_ALL)
    except EmptyQuestion:
        assert not question.split()
        return
    assert isinstance(result, Answer)  # something is always nearest, and nothing is demanded of it here
    assert result.text in result.citations[0].quote
    assert 0 <= result.confidence <= 1
    for citation in (*result.citations, *result.evidence):
        document = papers.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote
        assert verify(citation, document)


def test_words_in_quotation_marks_are_held_by_what_answers(papers: Library, reader: Reader) -> None:
    result = ask('When did the "cooperation forum" begin?', papers, reader=reader, settings=ANSWER_ALL)
    assert result.understood == ""
    texts = {citation.document_id: papers.document(citation.document_id).text for citation in result.evidence}
    assert all("cooperation forum" in text.casefold() for text in texts.values())


def test_where_nothing_holds_the_quoted_words_the_question_is_asked_without_and_says_so(
    papers: Library, reader: Reader
) -> None:
    result = ask('Where was the "forum, fifteenth" held?', papers, reader=reader, settings=ANSWER_ALL)
    assert result.understood == "Where was the forum, fifteenth held?"
    assert result.evidence


def test_another_country_s_figure_is_no_other_answer(papers: Library, reader: Reader) -> None:
    question = "What were exports to Kyrgyzstan in 2022?"
    settings = Settings(threshold=0.0, speaks=0.0)  # whatever is found may differ
    result = ask(question, papers, reader=reader, settings=settings)
    assert isinstance(result, Answer)
    assert result.text == "372 854"
    assert "45 210" not in {claim.text for claim in result.differing}
