from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

import ingest
from index.hit import DocumentCard, Filters
from index.library import Library
from ingest.document import Document, Page, Passage
from ingest.errors import SourceMissing
from qa.answer import Answer, Claim, NoAnswer, Place
from qa.citations import cite
from qa.errors import BadQuestionSet, UnknownGoldDocument
from qa.evaluation.comparison import DifferentQuestions, compare_runs
from qa.evaluation.gold import evaluate_gold, read_gold
from qa.evaluation.grading import Ask, failures, faults_of, ranked_documents, spread
from qa.evaluation.run import DamagedRun, Outcome, Run, make_run, read_run, save_run
from qa.evaluation.squad import choose, evaluate_squad, read_squad
from qa.evaluation.text import comparison_text, failures_text, gold_table, squad_table


class WordLibrary:
    """Holds documents; it cannot search, for the evaluation sees nothing but what `ask` returns."""

    def __init__(self) -> None:
        self.held: dict[str, Document] = {}

    def writing(self) -> AbstractContextManager[None]:
        return nullcontext()

    def add(self, document: Document, original: bytes) -> str:
        assert original
        self.held[document.id] = document
        return "added"

    def document(self, document_id: str) -> Document:
        return self.held[document_id]

    def documents(self, filters: Filters | None = None) -> list[DocumentCard]:
        return [_card(document) for document in self.held.values()]

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        return (Passage(document_id, 0, len(self.held[document_id].text)),)


def _card(document: Document) -> DocumentCard:
    return DocumentCard(
        document.id, document.source, "text", "", (), "", "", document.language, "", "", "", 1, 1, 1
    )


def last_word(question: str, library: Any, *, filters: Filters) -> Answer | NoAnswer:
    """Answers with the last word of the document that holds most of the question's words; ties by age.

    Its confidence is the share of them; below a half it refuses. It reads from the last page to the first.
    """
    words = set(question.lower().strip("?").split())
    scored = [
        (len(words & set(document.text.lower().replace(".", "").split())) / len(words), document)
        for document in library.held.values()
        if document.id not in filters.excluded
    ]
    scored.sort(key=lambda pair: -pair[0])
    evidence = tuple(cite(document, 0, len(document.text), share) for share, document in scored)
    ranking = tuple(
        Place(document.id, page.number) for _, document in scored for page in reversed(document.pages)
    )
    confidence = evidence[0].score if evidence else 0.0
    if confidence < 0.5:
        return NoAnswer(question, "nothing near", confidence, evidence, ranking)
    word = evidence[0].quote.rstrip(".").split()[-1]
    start = evidence[0].start + evidence[0].quote.index(word)
    return Answer(question, Claim(word, start, evidence[:1], confidence), evidence, ranking=ranking)


def backwards(question: str, library: Any, *, filters: Filters) -> Answer | NoAnswer:
    """Answers like `last_word`, but says it read the documents in the opposite order, two pages of each."""
    result = last_word(question, library, filters=filters)
    places = tuple(Place(place.document_id, page) for place in reversed(result.ranking) for page in (1, 2))
    return replace(result, ranking=places)


ASK: Ask = last_word


def _library(*documents: Document) -> Library:
    library = WordLibrary()
    for document in documents:
        library.add(document, b"x")
    return cast(Library, library)


def _write(path: Path, paragraphs: list[tuple[str, list[tuple[str, list[str]]]]], **extra: Any) -> Path:
    """A SQuAD file of one article, a question without answers being impossible."""
    records = [
        {
            "context": context,
            "qas": [
                {
                    "id": question,
                    "question": question,
                    "answers": [{"text": answer, "answer_start": 0} for answer in answers],
                    "is_impossible": not answers,
                }
                for question, answers in questions
            ],
        }
        for context, questions in paragraphs
    ]
    path.write_text(json.dumps({"version": "2.0", "data": [{"title": "T", "paragraphs": records}]}), "utf-8")
    return path


FORUM = "The cooperation forum began in 2007."
HOST = "The fifteenth forum was held in the city of Busan."
COAL = "Kazakhstan holds 33.6 billion tons of coal."


def test_squad_report_has_the_values_counted_by_hand(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "squad.json",
        [
            (FORUM, [("when began the cooperation forum", ["2007"])]),  # right: rank 1, EM 1
            (HOST, [("where was the fifteenth forum held", ["the city of Busan"])]),  # rank 1, F1 2·1/(1+3)
            (COAL, [("how much anthracite lies underground", ["33.6 billion tons"])]),  # refused; rank 3
            (FORUM, [("who won the world cup", [])]),  # rightly refused; merged with the first
        ],
    )
    report, asked = evaluate_squad(read_squad(path), _library(), ASK)

    assert report["file"] == str(path)
    assert (report["n"], report["paragraphs"], report["passages"], report["language"]) == (4, 3, 3, "en")
    assert report["R@1"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["R@3"] == report["R@5"] == 1
    assert report["MRR@10"] == pytest.approx((1 + 1 + 1 / 3) / 3, abs=1e-4)
    assert report["sentence_hit@1"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["exact_match"] == pytest.approx((1 + 0 + 0 + 1) / 4)
    assert report["f1"] == pytest.approx((1 + 0.5 + 0 + 1) / 4)
    assert report["answered"] == 0.5
    assert report["refused_unanswerable"] == 1
    assert report["refused_answerable"] == pytest.approx(1 / 3, abs=1e-4)
    # Without their paragraphs the best shares are 2/5 ("the forum"), 2/6 and 0: all refused.
    assert report["refused_without_gold"] == 1
    # With: 5/5 … 4/5, 5/6, 0. Against: .4, .33, 0 and "the" of "who won the world cup", 1/5.
    assert report["abstention_auroc"] == pytest.approx((4 + 4 + 0.5) / 12, abs=1e-4)
    # One bin holds 4/5 and 5/6, both right; 0 and the 1/5 of the unanswerable are each alone, and wrong.
    assert report["expected_calibration_error"] == pytest.approx(
        (2 - 4 / 5 - 5 / 6 + 0 + 1 / 5) / 4, abs=1e-4
    )
    assert cast(float, report["passages_per_second"]) > 0
    assert cast(float, report["latency_p95_ms"]) >= cast(float, report["latency_p50_ms"]) > 0

    assert [record["faults"] for record in failures(asked)] == [
        ["another document ranked first", "no answer in the first quote", "refused though answerable"]
    ]
    assert failures(asked)[0]["question"] == "how much anthracite lies underground"


def test_paragraphs_rank_by_the_first_of_their_pages_that_was_read(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "squad.json",
        [
            (FORUM, [("when began the cooperation forum", ["2007"])]),  # read in the order coal, host, forum
            (HOST, [("where was the fifteenth forum held", ["the city of Busan"])]),  # coal, forum, host
            (COAL, [("how much anthracite lies underground", ["33.6 billion tons"])]),  # coal, host, forum
        ],
    )
    report, asked = evaluate_squad(read_squad(path), _library(), backwards)
    assert [len(item.result.ranking) for item in asked] == [6, 6, 6]
    assert [len(item.ranked) for item in asked] == [3, 3, 3]
    assert report["R@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert report["R@3"] == 1
    assert report["MRR@10"] == pytest.approx((1 / 3 + 1 / 3 + 1) / 3, abs=1e-4)
    assert report["sentence_hit@1"] == pytest.approx(2 / 3, abs=1e-4)  # of the evidence, not of the ranking


def test_documents_are_ranked_by_their_first_page() -> None:
    ranking = (Place("b", 7), Place("a", 1), Place("b", 2), Place("c", 1), Place("a", 3))
    assert ranked_documents(NoAnswer("q", "nothing near", 0.1, (), ranking)) == ("b", "a", "c")
    assert ranked_documents(NoAnswer("q", "empty", 0.0, ())) == ()


def test_squad_without_unanswerable_questions_still_measures_abstention(tmp_path: Path) -> None:
    path = _write(tmp_path / "squad.json", [(FORUM, [("when began the cooperation forum", ["2007"])])])
    report, _ = evaluate_squad(read_squad(path), _library(), ASK)
    assert report["refused_unanswerable"] is None
    assert report["abstention_auroc"] == 1
    assert report["exact_match"] == 1


def test_a_right_quote_from_another_paragraph_is_no_sentence_hit(tmp_path: Path) -> None:
    twin = "In 2007 began the forum."
    path = _write(
        tmp_path / "squad.json", [(FORUM, []), (twin, [("when began the cooperation forum", ["2007"])])]
    )
    report, _ = evaluate_squad(read_squad(path), _library(), ASK)
    assert (report["R@1"], report["R@3"], report["sentence_hit@1"], report["exact_match"]) == (0, 1, 0, 1)
    assert report["expected_calibration_error"] == 0.8  # the share of the other paragraph, and not right


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not a file in the format of SQuAD"),
        ("[1, 2]", "not a file in the format of SQuAD"),
        ("7", "not a file in the format of SQuAD"),
        ('{"Data": []}', 'the file has no "data"'),
        ('{"data": [{"paragraphs": []}, {"title": "T"}]}', 'article 2 has no "paragraphs"'),
        ('{"data": [{"paragraphs": [{"qas": []}]}]}', 'paragraph 1 of article 1 has no "context"'),
        ('{"data": [{"paragraphs": [{"context": "A."}]}]}', 'paragraph 1 of article 1 has no "qas"'),
        ('{"data": [{"paragraphs": [{"context": " ", "qas": []}]}]}', "paragraph 1 of article 1 is empty"),
        ('{"data": []}', "holds no question"),
        (r'{"data": [{"paragraphs": [{"context": "A \ud83d.", "qas": []}]}]}', "half a surrogate pair"),
        (
            '{"data": [{"paragraphs": [{"context": "A.", "qas": [{"question": " ", "answers": []}]}]}]}',
            "a question of paragraph 1 of article 1 has 0 characters",
        ),
        (
            '{"data": [{"paragraphs": [{"context": "A.", "qas": [{"answers": []}]}]}]}',
            'a question of paragraph 1 of article 1 has no "question"',
        ),
        (
            '{"data": [{"paragraphs": [{"context": "A.", "qas": [{"question": "Q?", "anwsers": []}]}]}]}',
            'a question of paragraph 1 of article 1 has no "answers"',
        ),
        (
            '{"data": [{"paragraphs": [{"context": "A.", "qas": [{"question": "Q?", "answers": [{}]}]}]}]}',
            'an answer to a question of paragraph 1 of article 1 has no "text"',
        ),
    ],
)
def test_a_file_that_is_not_squad_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content, "utf-8")
    with pytest.raises(BadQuestionSet, match=message) as caught:
        read_squad(path)
    assert str(caught.value).startswith(str(path))


def test_further_keys_of_a_squad_file_are_let_be(tmp_path: Path) -> None:
    asked = {
        "id": "1",
        "question": "What?",
        "answers": [{"text": "A", "lang": "en"}],
        "plausible_answers": [],
    }
    paragraph = {"context": "A.", "qas": [asked], "document_id": 7}
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"source": "x", "data": [{"url": "y", "paragraphs": [paragraph]}]}), "utf-8")
    squad = read_squad(path)
    assert [(question.text, question.answers) for question in squad.questions] == [("What?", ("A",))]


def test_a_missing_question_file_is_refused(tmp_path: Path) -> None:
    for read in (read_squad, read_gold):
        with pytest.raises(SourceMissing, match=r"nowhere\.json"):
            read(tmp_path / "nowhere.json")


def _document(name: str, text: str, pages: tuple[Page, ...] = ()) -> Document:
    document = ingest.read(text.encode(), source=f"/somewhere/{name}")
    return replace(document, pages=pages) if pages else document


def _gold(tmp_path: Path, *records: dict[str, Any]) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
    return path


def test_gold_report_has_the_values_counted_by_hand(tmp_path: Path) -> None:
    library = _library(
        _document("forum.txt", FORUM, (Page(1, "iv", 0, 10), Page(2, "5", 10, len(FORUM)))),
        _document("역사.txt", HOST),
        _document("coal.txt", COAL),
    )
    path = _gold(
        tmp_path,
        {
            "question": "when began the cooperation forum",
            "document": "forum.txt",
            "page": "5",
            "answers": ["2007"],
            "language": "en",
            "cross_lingual": False,
        },
        {
            "question": "where was the fifteenth forum held",
            "document": ["/somewhere/역사.txt", "forum.txt"],
            "page": ["7", "v"],
            "answers": "Seoul",
            "language": "ru",
            "cross_lingual": True,
        },
        {
            "question": "how much anthracite lies underground",
            "document": "coal.txt",
            "answers": ["33.6 billion tons"],
            "language": "ru",
        },
        {"question": "the forum in the city", "document": None, "answerable": False, "language": "en"},
        {"question": "who won a world cup", "answerable": False, "language": "en"},
    )
    report, asked = evaluate_gold(path, read_gold(path), library, ASK)

    assert (report["n"], report["n_answerable"]) == (5, 3)
    assert report["document_hit@1"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["document_hit@5"] == 1
    assert (report["page_hit@1"], report["page_hit@10"]) == (0.5, 0.5)  # over the two that name a page
    assert report["first_quote_right"] == pytest.approx(1 / 3, abs=1e-4)
    assert report["exact_match"] == report["f1"] == pytest.approx(1 / 3, abs=1e-4)
    assert report["answered"] == pytest.approx(3 / 5)
    assert report["refused_unanswerable"] == 0.5
    assert report["refused_answerable"] == pytest.approx(1 / 3, abs=1e-4)

    # 4/5 right and 5/6 wrong in one bin, 4/4 of an unanswerable in another; the other two are at 0, and wrong.
    assert report["expected_calibration_error"] == pytest.approx((4 / 5 + 5 / 6 - 1 + 1) / 5, abs=1e-4)

    languages = cast(dict[str, dict[str, Any]], report["by_language"])
    assert list(languages) == ["en", "ru"]
    assert (languages["en"]["n"], languages["en"]["exact_match"], languages["en"]["page_hit@1"]) == (3, 1, 1)
    assert (languages["ru"]["n"], languages["ru"]["exact_match"], languages["ru"]["page_hit@1"]) == (2, 0, 0)
    assert languages["ru"]["refused_unanswerable"] is None
    assert languages["en"]["expected_calibration_error"] == pytest.approx((1 / 5 + 1 + 0) / 3, abs=1e-4)
    assert languages["ru"]["expected_calibration_error"] == pytest.approx((5 / 6 + 0) / 2, abs=1e-4)
    crossings = cast(dict[str, dict[str, Any]], report["by_cross_lingual"])
    assert {name: part["n"] for name, part in crossings.items()} == {"false": 1, "true": 1}

    assert [record["faults"] for record in failures(asked)] == [
        ["no answer in the first quote", "wrong answer"],
        ["another document ranked first", "no answer in the first quote", "refused though answerable"],
        ["answered though unanswerable"],
    ]


@pytest.mark.parametrize(
    ("expected", "faults"),
    [("2017", []), ("2017-yil", []), ("2018", ["wrong answer"])],
)
def test_an_answer_that_says_the_same_in_another_writing_is_not_listed_as_wrong(
    tmp_path: Path, expected: str, faults: list[str]
) -> None:
    library = _library(_document("office.txt", "사무국의 설립 연도 2017년"))
    path = _gold(
        tmp_path,
        {"question": "사무국의 설립 연도", "document": "office.txt", "answers": [expected], "language": "ko"},
    )
    _, (asked,) = evaluate_gold(path, read_gold(path), library, ASK)
    assert (asked.result.answered, asked.f1) == (True, 0)  # the measure stays SQuAD's
    assert [fault for fault in faults_of(asked) if fault == "wrong answer"] == faults


# The pages are read in the order 2, 1: what stands on the first is found among five, not at once.
@pytest.mark.parametrize(
    ("page", "first", "among_five"),
    [
        (2, 1, 1),
        ("5", 1, 1),
        (5, 0, 0),
        ("2", 0, 0),
        (1, 0, 1),
        ([3, "iv"], 0, 1),
        ([1, "5"], 1, 1),
        (["v", 3], 0, 0),
    ],
)
def test_a_number_is_the_physical_page_and_a_text_the_printed_one(
    tmp_path: Path, page: object, first: int, among_five: int
) -> None:
    question = {"question": "when began the cooperation forum", "document": "forum.txt", "page": page}
    path = _gold(tmp_path, question)
    paged = _document("forum.txt", FORUM, (Page(1, "iv", 0, 10), Page(2, "5", 10, len(FORUM))))
    report, _ = evaluate_gold(path, read_gold(path), _library(paged), ASK)
    assert (report["page_hit@1"], report["page_hit@5"]) == (first, among_five)
    assert report["expected_calibration_error"] is None  # without answers, nothing says what is right


def test_the_same_page_of_another_document_is_no_hit(tmp_path: Path) -> None:
    question = {"question": "when began the cooperation forum", "document": "coal.txt", "page": ["1", 1]}
    path = _gold(tmp_path, question)
    forum = _document("forum.txt", FORUM, (Page(1, "1", 0, len(FORUM)),))
    coal = _document("coal.txt", COAL, (Page(1, "1", 0, len(COAL)),))
    report, _ = evaluate_gold(path, read_gold(path), _library(forum, coal), ASK)
    assert (report["page_hit@1"], report["page_hit@5"]) == (0, 1)


def test_answers_without_a_document_are_calibrated_by_the_quote_alone(tmp_path: Path) -> None:
    path = _gold(tmp_path, {"question": "when began the cooperation forum", "answers": ["2007"]})
    report, _ = evaluate_gold(path, read_gold(path), _library(_document("forum.txt", FORUM)), ASK)
    assert report["expected_calibration_error"] == pytest.approx(1 - 4 / 5)


def test_gold_without_the_cross_lingual_field_is_not_split_by_it(tmp_path: Path) -> None:
    path = _gold(tmp_path, {"question": "when began the cooperation forum", "answers": ["2007"]})
    report, _ = evaluate_gold(path, read_gold(path), _library(_document("forum.txt", FORUM)), ASK)
    assert "by_cross_lingual" not in report
    assert report["document_hit@1"] is None  # no question names a document
    assert report["first_quote_right"] == 1


def test_the_language_of_a_question_is_detected_where_it_is_not_given(tmp_path: Path) -> None:
    path = _gold(tmp_path, {"question": "제15차 협력 포럼은 어느 도시에서 열렸습니까?", "answers": ["부산"]})
    assert [question.language for question in read_gold(path)] == ["ko"]


def test_file_names_meet_in_either_spelling_of_unicode(tmp_path: Path) -> None:
    decomposed = "\u1112\u1161\u11ab\u1100\u116e\u11a8.txt"  # 한국.txt as macOS lists it
    path = _gold(tmp_path, {"question": "when began the cooperation forum", "document": "한국.txt"})
    report, _ = evaluate_gold(path, read_gold(path), _library(_document(decomposed, FORUM)), ASK)
    assert report["document_hit@1"] == 1


def test_unknown_documents_are_all_named_before_anything_is_asked(tmp_path: Path) -> None:
    path = _gold(
        tmp_path,
        {"question": "q", "document": "forum.txt"},
        {"question": "q", "document": ["forum.txt", "lost.pdf"]},
        {"question": "q", "document": "gone.pdf"},
    )

    def never(question: str, library: Any, *, filters: Filters) -> NoAnswer:
        raise AssertionError("asked")

    listed = r"'lost\.pdf' \(line 3\), 'gone\.pdf' \(line 5\)"
    with pytest.raises(UnknownGoldDocument, match=listed) as caught:
        evaluate_gold(path, read_gold(path), _library(_document("forum.txt", FORUM)), never)
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"line 2: not JSON"),
        ("[]", r"line 2: a line is a JSON object"),
        ('{"document": "a.pdf"}', r'line 2: "question" must be a text'),
        (
            '{"question": "q", "anwser": "a", "Page": 1}',
            r'line 2: unknown key "anwser", "Page"; the keys are "id", "question", .*"answers", .*"cross_lingual"$',
        ),
        ('{"question": " ", "document": "a.pdf"}', r'line 2: "question" must be a text of 1 to 2,000'),
        (json.dumps({"question": "q" * 2001}), r'line 2: "question" must be a text of 1 to 2,000'),
        (r'{"question": "q \ud83d", "document": "a"}', "line 2: half a surrogate pair"),
        ('{"question": "q", "document": 7}', r'line 2: "document" must be a text, or a list'),
        ('{"question": "q", "document": [""]}', r'line 2: "document" must be a text, or a list'),
        ('{"question": "q", "document": "a", "page": true}', r'line 2: "page" must be a number from 1'),
        ('{"question": "q", "document": "a", "page": 0}', r'line 2: "page" must be a number from 1'),
        ('{"question": "q", "page": 3}', r'line 2: "page" is given without'),
        ('{"question": "q", "document": "a", "answers": [7]}', r'line 2: "answers" must be a text, or'),
        ('{"question": "q", "answerable": "no"}', r'line 2: "answerable" must be true or false'),
        ('{"question": "q", "answerable": true}', r"line 2: an answerable question needs"),
        ('{"question": "q", "document": "a", "language": 1}', r'line 2: "language" must be a code'),
        ('{"question": "q", "document": "a", "cross_lingual": 1}', r'line 2: "cross_lingual" must be'),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(f'{{"question": "q", "document": "a.pdf"}}\n{line}\n', "utf-8")
    with pytest.raises(BadQuestionSet, match=message):
        read_gold(path)


def test_every_known_key_is_taken(tmp_path: Path) -> None:
    question = {
        "id": 7,
        "question": "q",
        "document": "a.pdf",
        "page": 1,
        "answers": ["a"],
        "answerable": True,
    }
    (read,) = read_gold(_gold(tmp_path, {**question, "language": "en", "cross_lingual": False}))
    assert (read.documents, read.pages, read.answers) == (("a.pdf",), (1,), ("a",))
    assert (read.answerable, read.language, read.cross_lingual) == (True, "en", False)


def test_a_gold_set_of_nothing_or_of_other_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n \n", "utf-8")
    with pytest.raises(BadQuestionSet, match="holds no question"):
        read_gold(path)
    path.write_bytes(b'{"question": "\xff"}')
    with pytest.raises(BadQuestionSet, match="not UTF-8 at byte 14"):
        read_gold(path)


def test_a_reliability_diagram_is_part_of_both_reports(tmp_path: Path) -> None:
    path = _write(tmp_path / "squad.json", [(FORUM, [("when began the cooperation forum", ["2007"])])])
    squad, _ = evaluate_squad(read_squad(path), _library(), ASK)
    gold, _ = evaluate_gold(
        path,
        read_gold(_gold(tmp_path, {"question": "when began the cooperation forum", "answers": "2007"})),
        _library(_document("forum.txt", FORUM)),
        ASK,
    )
    for report in (squad, gold):
        bins = cast(list[dict[str, Any]], report["reliability"])
        assert len(bins) == 10
        assert bins[8] == {"low": 0.8, "high": 0.9, "n": 1, "confidence": 0.8, "right": 1}
        assert bins[0] == {"low": 0, "high": 0.1, "n": 0, "confidence": None, "right": None}


def test_half_the_paragraphs_are_asked_about_and_all_are_searched(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "squad.json",
        [
            (FORUM, [("when began the cooperation forum", ["2007"]), ("which forum began in 2007", ["The"])]),
            (HOST, [("where was the fifteenth forum held", ["the city of Busan"])]),
            (FORUM, [("who began", ["The"])]),  # the first again: it is not a third
            (COAL, [("how much coal holds kazakhstan", ["33.6 billion tons"])]),
        ],
    )
    squad = read_squad(path)
    assert choose(squad) == squad
    even, odd = choose(squad, "even"), choose(squad, "odd")
    assert [question.paragraph for question in even.questions] == [0, 0, 0, 2]
    assert [question.paragraph for question in odd.questions] == [1]
    assert even.paragraphs == odd.paragraphs == squad.paragraphs
    assert (even.chosen, odd.chosen, squad.chosen) == ("even paragraphs", "odd paragraphs", "")
    limited = choose(squad, "even", 2)
    assert [question.text for question in limited.questions] == [
        "when began the cooperation forum",
        "who began",
    ]
    assert limited.chosen == "even paragraphs, 2 of 4 questions"
    assert choose(squad, limit=5) == squad

    report, asked = evaluate_squad(odd, _library(), ASK)
    assert (report["n"], report["paragraphs"], report["chosen"]) == (1, 3, "odd paragraphs")
    assert len(asked[0].ranked) == 3
    assert "chosen" not in evaluate_squad(squad, _library(), ASK)[0]

    only = _write(tmp_path / "one.json", [(FORUM, [("when", ["2007"])])])
    with pytest.raises(BadQuestionSet, match="holds no question on its odd paragraphs"):
        choose(read_squad(only), "odd")
    with pytest.raises(ValueError):
        choose(squad, "third")


def test_a_limit_is_taken_evenly() -> None:
    assert spread(range(10), 3) == [0, 3, 6]
    assert spread(range(3), 3) == spread(range(3), 9) == spread(range(3), None) == range(3)


def _outcome(question: str, **values: Any) -> Outcome:
    outcome = Outcome(
        set="squad.json",
        language="en",
        question=question,
        expected=("2007",),
        answerable=True,
        answered=True,
        answer="2007",
        confidence=0.9,
        confidence_without=0.1,
        right=True,
        first_quote=FORUM,
        first_source="forum.txt",
        latency_ms=10,
        measures={"R@1": 1, "f1": 1, "answered": 1, "refused_answerable": 0},
        faults=(),
    )
    return replace(outcome, **values)


def _wrong(question: str, **values: Any) -> Outcome:
    measures = {"R@1": 0, "f1": 0.25, "answered": 0, "refused_answerable": 1}
    lost: dict[str, Any] = {"answered": False, "answer": None, "right": False, "confidence": 0.1}
    return _outcome(question, measures=measures, **{"latency_ms": 30, **lost, **values})


def _kept(*outcomes: Outcome, kind: Any = "squad") -> Run:
    return Run(1, kind, "2026-01-01T00:00:00+00:00", "0.1.0", "words", "built-in", ({"n": 1},), outcomes)


def test_two_runs_are_compared_question_by_question() -> None:
    a = _kept(*(_wrong(f"q{n}") if n < 8 else _outcome(f"q{n}") for n in range(20)))
    b = _kept(*(_wrong(f"q{n}") if n >= 18 else _outcome(f"q{n}") for n in range(20)))
    comparison = compare_runs(a, b)
    assert list(comparison.parts) == ["all"]
    found = {each.name: each for each in comparison.parts["all"]}
    assert list(found) == [
        *("R@1", "f1", "answered", "refused_answerable", "abstention_auroc"),
        *("expected_calibration_error", "latency_p50_ms", "latency_p95_ms"),
    ]
    # Won: q0 to q7. Lost: q18 and q19. For a wrong refusal, less is better.
    rank, refused, words, answered = (found[n] for n in ("R@1", "refused_answerable", "f1", "answered"))
    for each in (rank, refused):
        assert (each.n, each.won, each.lost, each.p) == (20, 8, 2, pytest.approx(0.109375))
    assert (rank.a, rank.b, rank.difference) == (0.6, 0.9, pytest.approx(0.3))
    assert (refused.a, refused.b, refused.difference) == (0.4, 0.1, pytest.approx(-0.3))
    assert (answered.won, answered.lost, answered.p) == (None, None, pytest.approx(0.109375))
    assert (words.won, words.lost, words.a, words.b) == (8, 2, pytest.approx(0.7), pytest.approx(0.925))
    assert words.low is not None and words.high is not None and words.p is not None
    assert words.low < 0.225 < words.high and 0.001 <= words.p < 0.1
    # 12 of 20 above .1 without their document, 8 as high: a half each. Then 18 of 20.
    assert found["abstention_auroc"].a == pytest.approx((12 + 8 / 2) / 20)
    assert found["abstention_auroc"].b == pytest.approx((18 + 2 / 2) / 20)
    # Twelve at .9 and right, eight at .1 and wrong: all are off by .1.
    assert found["expected_calibration_error"].a == pytest.approx(0.1)
    assert (found["latency_p50_ms"].a, found["latency_p95_ms"].a) == (10, 30)
    assert found["latency_p50_ms"].p is None

    assert [change.a.question for change in comparison.changes[:2]] == ["q18", "q19"]  # the losses first
    assert comparison.changes[0].moved == (("R@1", 1, 0), ("f1", 1, 0.25), ("refused_answerable", 0, 1))
    assert comparison.changes[0].gain == pytest.approx(-2.75)
    assert len(comparison.changes) == 10


def test_several_sets_are_compared_each_and_together() -> None:
    one, other = _outcome("q1"), _outcome("q2", set="other.json", language="ru")
    squad = compare_runs(_kept(one, other), _kept(one, replace(other, confidence_without=None)))
    assert list(squad.parts) == ["all", "other.json", "squad.json"]
    assert [part[0].n for part in squad.parts.values()] == [2, 1, 1]
    gold = compare_runs(_kept(one, other, kind="gold"), _kept(one, other, kind="gold"))
    assert list(gold.parts) == ["all", "other.json, ru", "squad.json, en"]
    assert "abstention_auroc" not in {each.name for each in gold.parts["all"]}


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ([_outcome("q1")], "the first run asks 2 questions and the second 1"),
        ([_outcome("q1"), _outcome("q3")], "question 2 is 'q2'"),
        ([_outcome("q1"), _outcome("q2", expected=("2008",))], "question 2 is 'q2'"),
        ([_outcome("q1"), _outcome("q2", answerable=False)], "question 2 is 'q2'"),
    ],
)
def test_runs_over_other_questions_are_not_compared(other: list[Outcome], message: str) -> None:
    with pytest.raises(DifferentQuestions, match=message):
        compare_runs(_kept(_outcome("q1"), _outcome("q2")), _kept(*other))


def test_runs_of_other_kinds_are_not_compared() -> None:
    with pytest.raises(DifferentQuestions, match="a squad run and a gold run"):
        compare_runs(_kept(_outcome("q1")), _kept(_outcome("q1"), kind="gold"))


def test_a_run_is_read_as_it_was_kept(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "squad.json",
        [(FORUM, [("when began the cooperation forum", ["2007"]), ("who won the world cup", [])])],
    )
    report, asked = evaluate_squad(read_squad(path), _library(), ASK)
    run = make_run("squad", [(report, asked)], {"version": "0.1.0", "model": "words", "reader": "built-in"})
    save_run(run, tmp_path / "run.json")
    assert read_run(tmp_path / "run.json") == run
    first, second = run.outcomes
    assert (first.set, first.question, first.expected) == ("squad.json", asked[0].question, ("2007",))
    assert (first.answer, first.confidence, first.confidence_without) == ("2007", 0.8, 0)
    assert (first.right, first.first_quote, first.faults) == (True, FORUM, ())
    assert first.measures["sentence_hit@1"] == 1
    assert (second.answerable, second.confidence_without, second.right) == (False, None, False)
    # What the report says is the mean of what is kept.
    for name in ("R@1", "MRR@10", "f1", "exact_match", "answered", "refused_without_gold"):
        values = [each.measures[name] for each in run.outcomes if name in each.measures]
        assert report[name] == pytest.approx(sum(values) / len(values), abs=1e-4)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-20],
        lambda text: "",
        lambda text: "[]",
        lambda text: "\udcff" + text,
        lambda text: text.replace('"verbatim_run": 1', '"verbatim_run": 2'),
        lambda text: text.replace('"confidence": 0.9', '"confidence": 1.9'),
        lambda text: text.replace('"R@1": 1', '"R@1": "one"'),
        lambda text: text.replace('"question": "q1"', '"question": null'),
        lambda text: text.replace('"kind": "squad"', '"kind": "quiz"'),
        lambda text: text.replace('"n": 1', '"n": NaN'),
    ],
)
def test_a_damaged_run_is_refused(tmp_path: Path, damage: Any) -> None:
    path = tmp_path / "run.json"
    save_run(_kept(_outcome("q1")), path)
    text = path.read_text("utf-8")
    assert damage(text) != text
    path.write_bytes(damage(text).encode("utf-8", "surrogateescape"))
    with pytest.raises(DamagedRun, match=r"run\.json: not a run kept by"):
        read_run(path)


def test_a_run_without_questions_is_refused(tmp_path: Path) -> None:
    save_run(_kept(), tmp_path / "run.json")
    with pytest.raises(DamagedRun):
        read_run(tmp_path / "run.json")


def test_tables_are_aligned_whatever_the_names(tmp_path: Path) -> None:
    rows = [
        {
            "file": "/a/xquad.en.json",
            "language": "en",
            "n": 612,
            "R@1": 0.95,
            "f1": 0.5,
            "latency_p50_ms": 480.4,
        },
        {"file": "질문.json", "chosen": "odd paragraphs", "language": "ko", "n": 7, "R@1": None, "f1": 1.0},
    ]
    assert squad_table(rows).split("\n") == [
        "file                        language    n    R@1     F1  p50 ms",
        "xquad.en.json               en        612  0.950  0.500     480",
        "질문.json (odd paragraphs)  ko          7      -  1.000       -",
    ]
    part = {"n": 2, "document_hit@1": 1.0, "refused_unanswerable": None, "refused_answerable": 0.25}
    report = {**part, "by_language": {"en": part, "kk": part}, "by_cross_lingual": {"true": part}}
    assert gold_table(report).split("\n") == [
        "language       n  document_hit@1  wrongly refused",
        "en             2           1.000            0.250",
        "kk             2           1.000            0.250",
        "cross-lingual  2           1.000            0.250",
        "all            2           1.000            0.250",
    ]


def test_failures_and_comparisons_can_be_read() -> None:
    record: dict[str, Any] = {
        "faults": ["wrong answer"],
        "question": "when\ndid it \x1b[2J begin",
        "language": "en",
        "expected": ["2007", "in 2007"],
        "answer": "2008",
        "confidence": 0.62,
        "first_quote": "It began\nin 2008.",
        "first_source": "forum.txt",
    }
    text = failures_text([record, record], 1)
    assert text.split("\n") == [
        "2 questions went wrong, the first 1:",
        "",
        "when did it \ufffd[2J begin  [en]",
        "  fault     wrong answer",
        "  expected  2007 | in 2007",
        "  answer    2008  (confidence 62%)",
        "  quote     It began in 2008.",
        "  from      forum.txt",
    ]
    assert failures_text([], 3) == "0 questions went wrong."

    before = _kept(_outcome("q1"), _wrong("q2"), _wrong("q3"), _outcome("q4"))
    after = _kept(_wrong("q1"), _outcome("q2"), _outcome("q3"), _outcome("q4"))
    lines = comparison_text(compare_runs(before, after), 1).split("\n")
    assert lines[:2] == [
        "A  2026-01-01T00:00:00+00:00, version 0.1.0, words, reader built-in",
        "B  2026-01-01T00:00:00+00:00, version 0.1.0, words, reader built-in",
    ]
    assert lines[3] == "all"
    assert lines[4].split() == ["measure", "n", "A", "B", "B", "-", "A", "95", "%", "won", "lost", "p"]
    assert lines[5].split() == ["R@1", "4", "0.500", "0.750", "+0.250", "2", "1", "1.000"]
    at = lines.index("1 question lost:")
    assert lines[at + 2 : at + 8] == [
        "q1  [en]",
        "  R@1 1 → 0, f1 1 → 0.25, refused_answerable 0 → 1",
        "  expected  2007",
        "  A  2007  (confidence 90%)",
        f"     {FORUM}",
        "  B  no answer  (confidence 10%)",
    ]
    assert "2 questions won, the 1 most:" in lines
    assert "q2  [en]" in lines and "q3  [en]" not in lines
