"""The Evaluate view: the form and uploads as gold questions, the result as HTML, and a run in the browser."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Locator, Page, Route, expect

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
from web.evaluate.form import LONGEST, BadRows, checked_rows, documents_html, wrong_html, wrong_rows
from web.evaluate.one_run import OneRun
from web.evaluate.questions import (
    BLANK_ROW,
    MOST_QUESTIONS,
    GoldSet,
    QuestionFileTooLarge,
    Row,
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


ROWS: list[Row] = [
    ("When did the forum begin?", "forum.md", "", "2007", True),
    ("How much coal <i>is</i> there?", "forum.md", "", "33 | thirty", True),
    ("How high is the mountain?", "", "", "", False),
    ("Who won the cup?", "", "", "", False),
]


# --- what is written and uploaded -----------------------------------------------------------------------


def test_rows_become_checked_questions() -> None:
    gold = written_set(
        [
            ("When?", "a.pdf | b.pdf", "4|iv", " 2007 | in 2007 ", True),
            ("", " ", "", "", False),  # a row that was added and left blank
            ("Who?", "", "", "", False),
            ("Where?", "c.pdf", "", "", True),
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
        ([("", " ", "", "", True)], "holds no question"),
        ([("q", "a", "", "", True), ("", "a", "", "", True)], 'line 2: "question" must be a text'),
        ([("q", "", "", "", True)], "line 1: an answerable question needs"),
        ([("q", "", "3", "x", True)], 'line 1: "page" is given without'),
        ([("q", "a", "0", "", True)], 'line 1: "page" must be a number from 1'),
    ],
)
def test_rows_that_are_no_questions_are_named(rows: list[Row], message: str) -> None:
    with pytest.raises(BadQuestionSet, match=message):
        written_set(rows)


def test_rows_come_as_the_page_sends_them() -> None:
    assert checked_rows([["q", "", "", "", True], list(BLANK_ROW)]) == [("q", "", "", "", True), BLANK_ROW]
    assert checked_rows([]) == []
    assert checked_rows([["q" * LONGEST, *BLANK_ROW[1:]]])[0][0] == "q" * LONGEST


@pytest.mark.parametrize(
    "posted",
    [
        None,
        "q",
        {"rows": []},
        [None],
        ["abcde"],
        [["q", "", "", "", True, ""]],
        [["q", "", "", True]],
        [["q", None, "", "", True]],
        [["q", ["a.pdf"], "", "", True]],
        [["q", "", 3, "", True]],
        [["q", "", "", "", "true"]],
        [["q", "", "", "", 1]],
        [["q", "", "", "a" * (LONGEST + 1), True]],
        [["q \ud800", "", "", "", True]],
    ],
    ids=lambda posted: repr(posted)[:40].encode("ascii", "replace").decode(),
)
def test_what_no_form_of_the_page_sends_is_refused(posted: object) -> None:
    with pytest.raises(BadRows, match="load the page anew"):
        checked_rows(posted)


def test_a_refusal_points_to_its_rows() -> None:
    library = _shelf(FORUM, COAL)
    gold = written_set(
        [
            ("q", "forum.md", "", "", True),
            ("q", "Fourm.md | <zebra>.pdf", "", "", True),
            BLANK_ROW,
            ("q", "Fourm.md", "", "", True),
        ]
    )
    with pytest.raises(UnknownGoldDocument) as unknown:
        _asked(gold, library)
    wrong = wrong_rows(SAY, unknown.value, gold.questions)
    missing = "The library holds no such document: Fourm.md (perhaps forum.md)"
    assert wrong == [(2, f"{missing}, <zebra>.pdf"), (4, missing)]
    html = wrong_html(SAY, wrong)
    assert f"<li><b>Question 4:</b> <span>{missing}</span></li>" in html
    assert "&lt;zebra&gt;.pdf" in html
    with pytest.raises(BadQuestionSet) as pageless:
        written_set([BLANK_ROW, ("q", "", "3", "x", True)])
    assert wrong_rows(SAY, pageless.value, ()) == [(2, "“Page” is given without a “Document”")]
    with pytest.raises(BadQuestionSet) as blank:
        written_set([BLANK_ROW])
    assert wrong_rows(SAY, blank.value, ()) == [(1, "Write a question first.")]
    assert wrong_rows(SAY, Busy("come again"), gold.questions) == []


def test_documents_are_offered_by_a_name_that_finds_them() -> None:
    others = [
        replace(FORUM, id="2" * 32, source="/other/forum.md"),
        replace(COAL, id="d" * 32, source="/docs/a|b.md", title='"><script>1</script>'),
        replace(COAL, id="e" * 32, source="/docs/석탄.md", title="Уголь & сталь"),
    ]
    library = _shelf(FORUM, COAL, *others)
    html = documents_html(library)
    assert "<script>" not in html
    assert 'label="&quot;&gt;&lt;script&gt;1&lt;/script&gt;"' in html
    assert '<option value="coal.md" label="' in html
    names = [unescape(part.split('"')[0]) for part in html.split('value="')[1:]]
    rows: list[Row] = [(f"about {name}", name, "", "", True) for name in names]
    found = [item.documents for item in _asked(written_set(rows), library)]
    assert found == [{card.id} for card in library.documents()]


def test_more_questions_than_one_run_asks_are_refused() -> None:
    rows: list[Row] = [("q", "a.pdf", "", "", True)] * MOST_QUESTIONS
    assert len(written_set(rows).questions) == MOST_QUESTIONS
    refused = pytest.raises(TooManyQuestions, match="holds 501 questions and one run asks at most 500")
    with refused:
        written_set([*rows, rows[0]])
    with refused:
        checked_rows([list(BLANK_ROW)] * (MOST_QUESTIONS + 1))


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(gold_lines([*ROWS, BLANK_ROW]), "utf-8")
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
    gold = written_set([("q", "Fourm.md", "", "", True), ("q", "zebra.pdf|coal.md", "", "", True)])
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
            ("How much coal?", "forum.md", "", "33", True),
            ("How high is the mountain?", "forum.md", "", "900", True),
            ("Who?", "", "", "", False),
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
    result, form = page.locator("#gold-result"), page.locator("#gold-form")
    expect(form.locator("textarea")).to_have_value(f"What is {HOSTILE_TITLE} about?")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as .jsonl").click()
    assert saved.value.suggested_filename == "questions.jsonl"
    assert json.loads(saved.value.path().read_text("utf-8"))["document"] == ["hostile.md"]

    upload(page, broken)
    expect(result).to_contain_text("broken.jsonl, line 2: not JSON", timeout=60_000)
    expect(form.locator("textarea")).to_be_visible()  # what was written is still there
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


def test_questions_are_written_run_and_kept(page: Page) -> None:
    page.set_default_timeout(60_000)
    page.get_by_role("tab", name="Evaluate").click()
    rows, result = page.locator("#gold-form .row"), page.locator("#gold-result")
    first, run = row(page, 1), page.locator("#gold-run")
    expect(first.locator(".titles")).to_have_text(HOSTILE_TITLE)  # the example's, and inert
    assert page.evaluate("window.stolen") is None
    first.get_by_label("Question", exact=True).fill("When was the cooperation forum launched?")
    first.get_by_label("Document").fill("forum.md")
    first.get_by_label("Answers").fill("2007")
    first.get_by_label("Answers").press("Enter")
    expect(rows).to_have_count(1)

    page.get_by_role("button", name="Add question").press("Enter")
    second = row(page, 2)
    expect(second.get_by_label("Question", exact=True)).to_be_focused()
    page.keyboard.type("Where was the fifteenth forum held?")
    page.keyboard.press("Tab")
    page.keyboard.type("trade.html |")
    document = second.get_by_label("Document")
    offered = document.evaluate("box => [...box.list.options].map((each) => [each.value, each.label])")
    assert ["trade.html | forum.md", "A Short History of the Forum"] in offered
    document.fill("trade.html | forum.md")
    expect(second.locator(".titles")).to_have_text("Trade by Country · A Short History of the Forum")
    second.get_by_label("Answers").fill("Osaka")

    page.get_by_role("button", name="Add question").click()  # the third is left blank
    page.get_by_role("button", name="Add question").click()
    fourth = row(page, 4)
    fourth.get_by_label("Question", exact=True).fill("What is the population of Mongolia?")
    fourth.get_by_label("Document").fill("mongolia-statistics.pdf")
    run.click()
    expect(fourth.locator(".error")).to_have_text(
        "The library holds no such document: mongolia-statistics.pdf", timeout=60_000
    )
    fourth.get_by_label("Document").fill("")
    expect(fourth.locator(".error")).to_be_hidden()
    first.get_by_label("Question", exact=True).focus()
    refused = "An answerable question needs a “Document” or “Answers”"
    for _ in range(2):  # the same refusal again marks the row again
        run.click()
        expect(fourth.locator(".error")).to_have_text(refused, timeout=60_000)
        expect(fourth.get_by_label("Question", exact=True)).to_be_focused()
        expect(result).to_contain_text(f"Question 4: {refused}")
        expect(page.locator("#gold-form .wrong")).to_have_count(1)
        fourth.get_by_label("Answerable").set_checked(False)
        fourth.get_by_label("Answerable").set_checked(True)
        expect(page.locator("#gold-form .wrong")).to_have_count(0)
    fourth.get_by_label("Answerable").uncheck()
    page.get_by_role("button", name="Remove question 3").click()
    expect(rows).to_have_count(3)
    third = row(page, 3).get_by_label("Question", exact=True)
    expect(third).to_be_focused()
    expect(third).to_have_value("What is the population of Mongolia?")

    run.click()
    first.get_by_label("Answers").fill("2007 | the year 2007")  # while it runs
    expect(result.locator(".summary[role=status]")).to_have_text("3 questions, 1 went wrong.", timeout=90_000)
    expect(result.locator(".failure .question")).to_have_text("Where was the fifteenth forum held?")
    expect(first.get_by_label("Answers")).to_have_value("2007 | the year 2007")
    page.get_by_role("tab", name="Ask").click()
    page.get_by_role("tab", name="Evaluate").click()
    expect(first.get_by_label("Answers")).to_have_value("2007 | the year 2007")
    expect(document).to_have_value("trade.html | forum.md")

    page.route("**/queue/join*", forge)
    run.click()
    expect(result).to_contain_text("The questions did not arrive as this page sends them", timeout=60_000)
    expect(rows).to_have_count(3)
    page.unroute("**/queue/join*")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#gold-form").evaluate("form => form.scrollWidth - form.clientWidth") <= 0


def row(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Question {number}")


def forge(route: Route) -> None:
    """Send what no form of the page does in the place of its rows."""
    posted: Any = route.request.post_data_json
    posted["data"][0] = [["q", {"a": 1}, "", "", True]]
    route.continue_(post_data=posted)
