"""The Evaluate view: the grid and uploads as gold questions, the result as HTML, and a run in the browser."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Page, expect

from index.errors import UnknownDocument
from index.hit import DocumentCard
from index.library import Library
from ingest.document import Document
from ingest.errors import SourceMissing
from qa.answer import Answer, Claim, NoAnswer, Place
from qa.citations import cite
from qa.errors import BadQuestionSet, UnknownGoldDocument, UnknownName
from qa.evaluation.gold import ask_gold, gold_report
from qa.evaluation.grading import Asked, failures, faults_of
from tests.web.conftest import HOSTILE_TITLE, Server
from tests.web.shelf import made
from web.evaluate.one_run import OneRun
from web.evaluate.questions import (
    MOST_QUESTIONS,
    GoldSet,
    QuestionFileTooLarge,
    TooManyQuestions,
    example_row,
    gold_lines,
    uploaded_set,
    written_set,
)
from web.evaluate.results_html import (
    fault_told,
    measures,
    refusal_html,
    results_html,
    running_html,
    saved_html,
)
from web.interface import Interface
from web.turns import Busy

SAY = Interface()
FORUM = made("The forum began in 2007.", id="f" * 32, source="/docs/forum.md", title="Forum", language="en")
COAL = made("Coal is <b>plenty</b>.", id="c" * 32, source="/docs/coal.md", title="Coal", language="en")


class Shelf:
    """Holds documents, as a library does for whoever reads."""

    def __init__(self, *documents: Document) -> None:
        self.held = {document.id: document for document in documents}

    def documents(self) -> list[DocumentCard]:
        return [_card(document) for document in self.held.values()]

    def document(self, document_id: str) -> Document:
        if document_id not in self.held:
            raise UnknownDocument(f"the library holds no document {document_id}")
        return self.held[document_id]

    def passages(self, document_id: str) -> tuple[()]:
        return ()

    @property
    def encoder(self) -> Any:
        return self

    model = type("Model", (), {"name": "made-up"})


def _card(document: Document) -> DocumentCard:
    return DocumentCard(
        *(document.id, document.source, "text", document.title, (), "", "", document.language),
        *("", "", "", 1, 1, 1),
    )


def _shelf(*documents: Document) -> Library:
    return cast(Library, Shelf(*documents))


def _ask(question: str, library: Library, **_: Any) -> Answer | NoAnswer:
    """Answers with the last word of the document named in the question, from FORUM where none is."""
    if "mountain" in question:
        return NoAnswer(question, "nothing near", 0.1, ())
    document = COAL if "coal" in question else FORUM
    citation = cite(document, 0, len(document.text), 0.9)
    word = document.text.split()[-1].rstrip(".")
    claim = Claim(word, document.text.index(word), (citation,), 0.9)
    return Answer(question, claim, (citation,), ranking=(Place(document.id, 1),))


def _asked(gold: GoldSet, library: Library) -> list[Asked]:
    return list(ask_gold(gold.path, gold.questions, library, _ask))


ROWS: list[Sequence[object]] = [
    ["When did the forum begin?", "forum.md", "", "2007", True],
    ["How much coal <i>is</i> there?", "forum.md", "", "33 | thirty", True],
    ["How high is the mountain?", "", "", "", False],
    ["Who won the cup?", "", "", "", False],
]


# --- what is written and uploaded -----------------------------------------------------------------------


def test_rows_become_checked_questions() -> None:
    gold = written_set(
        [
            ["When?", "a.pdf | b.pdf", "4|iv", " 2007 | in 2007 ", True],
            [None, "", None, "", True],  # a row that was added and left blank
            ["Who?", "", "", "", "False"],  # pasted in
            ["Where?", "c.pdf", "", "", None],
        ]
    )
    first, second, third = gold.questions
    assert gold.name == "questions.jsonl"
    assert (first.documents, first.pages, first.answers) == (
        ("a.pdf", "b.pdf"),
        (4, "iv"),
        ("2007", "in 2007"),
    )
    assert (second.answerable, third.answerable, third.documents) == (False, True, ("c.pdf",))
    assert [question.line for question in gold.questions] == [1, 3, 4]  # the rows they stand in


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "questions.jsonl: holds no question"),
        ([["", " ", None, "", True]], "holds no question"),
        ([["q", "a", "", "", True], ["", "a", "", "", True]], 'line 2: "question" must be a text'),
        ([["q", "", "", "", True]], "line 1: an answerable question needs"),
        ([["q", "", "3", "x", True]], 'line 1: "page" is given without'),
        ([["q", "a", "0", "", True]], 'line 1: "page" must be a number from 1'),
        ([["q", "a", "", "", "perhaps"]], 'line 1: "answerable" must be true or false'),
    ],
)
def test_rows_that_are_no_questions_are_named(rows: list[Sequence[object]], message: str) -> None:
    with pytest.raises(BadQuestionSet, match=message):
        written_set(rows)


def test_more_questions_than_one_run_asks_are_refused() -> None:
    rows = [["q", "a.pdf", "", "", True]] * MOST_QUESTIONS
    assert len(written_set(rows).questions) == MOST_QUESTIONS
    with pytest.raises(TooManyQuestions, match="holds 501 questions and one run asks at most 500"):
        written_set([*rows, rows[0]])


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(gold_lines([*ROWS, ["", "", "", "", True]]), "utf-8")
    gold = uploaded_set(path)
    assert gold.name == "mine.jsonl"
    assert gold.questions == written_set(ROWS).questions


def test_bad_uploads_are_named_by_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(b'{"question": "q", "document": "a"}\r\n{"question": \r\n')
    with pytest.raises(BadQuestionSet, match=r"^gold\.jsonl, line 2: not JSON"):
        uploaded_set(path)
    path.write_bytes(b" " * (5 * 1024 * 1024 + 1))
    with pytest.raises(QuestionFileTooLarge, match="5,242,881 bytes and the limit is 5,242,880"):
        uploaded_set(path)
    path.unlink()
    with pytest.raises(SourceMissing, match=r"gold\.jsonl"):
        uploaded_set(path)


def test_the_example_names_a_document_that_is_there() -> None:
    korean = replace(COAL, id="k" * 32, source="/docs/k.md", title="석탄", language="ko")
    library = _shelf(korean, FORUM)
    assert example_row(SAY, library)[1] == "forum.md"
    assert example_row(Interface("ko"), library)[1] == "k.md"
    gold = written_set([example_row(SAY, library)])
    assert _asked(gold, library)[0].documents == {FORUM.id}
    assert not any(example_row(SAY, _shelf())[:4])


def test_unknown_documents_come_with_the_nearest_names() -> None:
    gold = written_set([["q", "Fourm.md", "", "", True], ["q", "zebra.pdf|coal.md", "", "", True]])
    with pytest.raises(UnknownGoldDocument, match=r"'Fourm.md' \(line 1; nearest: 'forum.md'\)") as caught:
        _asked(gold, _shelf(FORUM, COAL))
    assert caught.value.unknown == (UnknownName(1, "Fourm.md", ("forum.md",)), UnknownName(2, "zebra.pdf"))
    html = refusal_html(SAY, caught.value)
    assert '<li>Line 1: <b>Fourm.md</b> <span class="near">perhaps forum.md</span></li>' in html
    assert "<li>Line 2: <b>zebra.pdf</b> </li>" in html


def test_one_runs_and_only_its_owner_stops_it() -> None:
    one = OneRun()
    with one.taken("a") as stopped:
        with pytest.raises(Busy, match="one runs at a time"), one.taken("b"):
            pass
        one.stop("b")
        assert not stopped()
        one.stop("a")
        assert stopped()
    with one.taken("b") as stopped:
        assert not stopped()


# --- the result as HTML ---------------------------------------------------------------------------------


def test_numbers_and_failures_are_shown() -> None:
    library = _shelf(FORUM, COAL)
    gold = written_set(ROWS)
    html = results_html(SAY, gold, _asked(gold, library), library)
    assert "4 questions, 2 went wrong." in html
    for title, large, of in (
        ("Right document first", "50%", "1 of 2 questions"),
        ("Right quotation first", "50%", "1 of 2 questions"),
        ("Words of the answer (F1)", "50%", "2 questions"),
        ("Rightly refused", "50%", "1 of 2 questions"),
        ("Wrongly refused", "0%", "0 of 2 questions"),
    ):
        assert f'<dt>{title}</dt><dd class="large">{large}</dd><dd class="of">{of}</dd>' in html
    assert all(measure.meaning in html for measure in measures(SAY))
    assert html.count('<section class="turn failure">') == 2
    wrong, unanswerable = html.split('<section class="turn failure">')[1:]
    assert "How much coal &lt;i&gt;is&lt;/i&gt; there?" in wrong
    assert "Another document came first" in wrong
    assert '<span class="words">33 · thirty</span><span class="place">forum.md</span>' in wrong
    assert "plenty&lt;/b&gt; (90% sure)" in wrong
    assert f'href="/source/{COAL.id}?start=0' in wrong
    assert "<b>plenty" not in html
    assert "Answered, though there is no answer" in unanswerable
    assert 'href="/?q=Who%20won%20the%20cup%3F"' in unanswerable


def test_the_files_hold_what_the_command_line_gives() -> None:
    library = _shelf(FORUM, COAL)
    gold = written_set(ROWS)
    asked = _asked(gold, library)
    html = results_html(SAY, gold, asked, library)
    report = gold_report(gold.path, gold.questions, asked)
    saved = dict(part.split('">', 1) for part in html.split('data-name="')[1:])
    held = {name: _textarea(part) for name, part in saved.items()}
    found = json.loads(held["report.json"])
    assert found == {**report, "model": "made-up", "version": found["version"]}
    assert [json.loads(line) for line in held["failures.jsonl"].splitlines()] == failures(asked)


def _textarea(part: str) -> str:
    return unescape(part.split("readonly>\n", 1)[1].split("</textarea>", 1)[0])


def test_what_is_saved_cannot_leave_its_box() -> None:
    html = saved_html("a.jsonl", '{"q": "</textarea><script>1</script>"}', "Save")
    assert "<script>" not in html
    assert html.count("</textarea>") == 1


def test_a_run_that_was_stopped_says_so_and_keeps_what_it_has() -> None:
    library = _shelf(FORUM, COAL)
    gold = written_set(ROWS)
    html = results_html(SAY, gold, _asked(gold, library)[:1], library)
    assert "Stopped: 3 were not asked. 1 question, none went wrong." in html
    assert "failures.jsonl" not in html
    assert "failure" not in html


def test_a_run_shows_how_far_it_is() -> None:
    gold = written_set(ROWS)
    assert '<progress value="0" max="4"' in running_html(SAY, gold, [])
    html = running_html(SAY, gold, _asked(gold, _shelf(FORUM, COAL))[:1])
    assert '<progress value="1" max="4"' in html
    assert "1 of 4" in html
    row = '<tr><th scope="row">English</th><td class="number">1</td><td class="number">100%</td>'
    assert row in html
    assert '<th scope="row">All</th>' not in html  # one language is all


def test_a_failure_whose_document_was_removed_is_still_told() -> None:
    gold = written_set(ROWS[1:2])
    asked = _asked(gold, _shelf(FORUM, COAL))
    html = results_html(SAY, gold, asked, _shelf(FORUM))
    assert "The document has been removed since." in html
    assert "33 · thirty" in html


def test_every_fault_has_words() -> None:
    gold = written_set(
        [
            ["How much coal?", "forum.md", "", "33", True],
            ["How high is the mountain?", "forum.md", "", "900", True],
            ["Who?", "", "", "", False],
        ]
    )
    faults = {fault for item in _asked(gold, _shelf(FORUM, COAL)) for fault in faults_of(item)}
    assert len(faults) == 5
    assert all(fault_told(SAY, fault)[0].isupper() for fault in faults)


# --- in the browser -------------------------------------------------------------------------------------


def upload(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload .jsonl").click()
    chooser.value.set_files(path)


def test_a_set_is_uploaded_run_and_its_failures_read(page: Page, server: Server, tmp_path: Path) -> None:
    page.set_default_timeout(90_000)
    questions = tmp_path / "gold.jsonl"
    lines: list[dict[str, object]] = [
        {"question": "When was the cooperation forum launched?", "document": "forum.md", "answers": ["2007"]},
        {"question": "Where was the fifteenth forum held?", "document": "trade.html", "answers": ["Osaka"]},
        {"question": "What is the population of Mongolia?", "answerable": False},
    ]
    broken = tmp_path / "broken.jsonl"
    broken.write_text(f"{json.dumps(lines[0])}\n{{\n", "utf-8")
    unknown = tmp_path / "unknown.jsonl"
    unknown.write_text(json.dumps({**lines[0], "document": "fourm.md"}), "utf-8")
    questions.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")

    page.get_by_role("tab", name="Evaluate").click()
    result, grid = page.locator("#gold-result"), page.locator("#gold-grid")
    expect(grid).to_contain_text(f"What is {HOSTILE_TITLE} about?")  # the first of the library, and inert
    assert page.evaluate("window.stolen") is None
    page.get_by_role("button", name="Add row").click()
    expect(grid.locator("td.row-number-cell", has_text="2").first).to_be_attached()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as .jsonl").click()
    assert saved.value.suggested_filename == "questions.jsonl"
    assert json.loads(saved.value.path().read_text("utf-8"))["document"] == ["hostile.md"]

    upload(page, broken)
    expect(result).to_contain_text("Broken.jsonl, line 2: not JSON", timeout=60_000)
    expect(grid).to_be_visible()  # what was written is still there
    upload(page, unknown)
    expect(page.locator(".loaded")).to_have_text("unknown.jsonl: 1 question (1 English)", timeout=60_000)
    page.locator("#gold-run").click()
    expect(result.locator(".unknown li")).to_have_text(
        "Line 1: fourm.md perhaps forum.md, forum-16.ko.md", timeout=60_000
    )

    upload(page, questions)
    expect(page.locator(".loaded")).to_have_text("gold.jsonl: 3 questions (3 English)", timeout=60_000)
    page.locator("#gold-run").click()
    expect(result.locator(".summary[role=status]")).to_have_text("3 questions, 1 went wrong.", timeout=90_000)
    document, quotation, _, rightly, wrongly, _ = result.locator("dd.large").all_text_contents()
    assert (document, quotation, rightly, wrongly) == ("50%", "50%", "100%", "0%")
    failure = result.locator(".failure")
    expect(failure.locator(".question")).to_have_text("Where was the fifteenth forum held?")
    expect(failure).to_contain_text("Osaka")
    failure.locator("a.open").click()
    expect(page.frame_locator("iframe[name=source]").locator("#quote")).to_contain_text("Busan")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Report (JSON)").click()
    report = json.loads(saved.value.path().read_text("utf-8"))
    assert (report["n"], report["document_hit@1"], report["refused_unanswerable"]) == (3, 0.5, 1)
    assert server.uploads_left() == []
