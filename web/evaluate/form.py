"""The form in which gold questions are written: a group of fields for each, as HTML with a script of its own.

In: what its page posts, which anybody can post. Out: checked rows, and what is wrong with which of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import gradio as gr

from index.library import Library
from ingest.errors import VerbatimError
from ingest.told import Told
from qa.errors import QUESTION_LIMIT, BadQuestionSet, UnknownGoldDocument, UnknownName
from qa.evaluation.gold import GoldQuestion
from web.evaluate.questions import BLANK_ROW, MOST_QUESTIONS, Row, too_many
from web.interface import Interface
from web.words import capital, tag

MOST_OFFERED = 1_000  # documents in the list to choose from; any other can be named all the same
LONGEST = 4_000  # characters of a field
_SCRIPT = Path(__file__).with_name("form.js").read_text(encoding="utf-8")
_OFFERED_SCRIPT = """const told = () => document.dispatchEvent(new Event('gold-documents'));
watch('value', told);
told();"""
_KEYS = re.compile('"(question|document|page|answers)"')  # as files call them
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: it cannot be written to a file

Wrong = Sequence[tuple[int, str]]  # the number of a row, from 1, and what is wrong with it


class BadRows(VerbatimError):
    """Posted rows that no form of this page can have sent."""


def build(say: Interface) -> tuple[gr.HTML, gr.HTML]:
    """The form, and the list of documents that it offers (see `documents_html`).

    Its value are rows; it has an event `save`; its property `wrong` marks rows (see `marks`).
    """
    offered = gr.HTML("", js_on_load=_OFFERED_SCRIPT, elem_id="gold-offered", apply_default_css=False)
    return offered, gr.HTML(
        [list(BLANK_ROW)],
        html_template=form_html(say),
        js_on_load=_SCRIPT,
        elem_id="gold-form",
        apply_default_css=False,
        wrong={},
    )


def form_html(say: Interface) -> str:
    """The frame of the form, with a template that form.js makes the rows of."""
    question = (
        f'<label class="question"><span>{escape(say("Question"))}</span>'
        f'<textarea rows="2" maxlength="{QUESTION_LIMIT}" dir="auto"></textarea></label>'
    )
    find = escape(say("Find a document"))
    document = _field("document", say("Document"), f'list="gold-documents" placeholder="{find}"')
    numbered, remove = escape(say("Question {n}")), escape(say("Remove question {n}"))
    row = (
        f'<fieldset class="row"><legend data-told="{numbered}"></legend>'
        f'<button type="button" class="remove" data-told="{remove}">{escape(say("Remove"))}</button>'
        f'<p class="error" hidden></p>{question}{document}{_field("page", say("Page"))}'
        f'<p class="titles" dir="auto" hidden></p>{_field("answers", say("Answers"))}'
        f'<label class="answerable"><input type="checkbox" checked> <span>{escape(say("Answerable"))}</span></label>'
        f"</fieldset>"
    )
    return (
        f'<div class="rows" data-most="{MOST_QUESTIONS}"></div><template>{row}</template>'
        f'<datalist id="gold-more-documents"></datalist>{tag("p", _hint(say), "summary")}'
        f'<p class="acts"><button type="button" class="add">{escape(say("Add question"))}</button>'
        f'<button type="button" class="save">{escape(say("Save as .jsonl"))}</button></p>'
    )


def documents_html(library: Library) -> str:
    """What the form offers: each document by the name that a gold question calls it by, with its title."""
    cards = library.documents()
    bearers = Counter(Path(card.source).name for card in cards)
    options = []
    for card in cards[:MOST_OFFERED]:
        name = Path(card.source).name
        if bearers[name] > 1 or "|" in name:
            name = card.id
        options.append(f'<option value="{escape(name)}" label="{escape(card.title)}"></option>')
    return f'<datalist id="gold-documents">{"".join(options)}</datalist>'


def checked_rows(posted: object) -> list[Row]:
    """The rows that a browser sent. Raises TooManyQuestions, and BadRows for what is no list of rows."""
    if not isinstance(posted, list):
        raise _bad_rows()
    if len(posted) > MOST_QUESTIONS:
        raise too_many(len(posted))
    return [_checked_row(row) for row in posted]


def wrong_rows(say: Interface, error: VerbatimError, questions: Iterable[GoldQuestion]) -> Wrong:
    """The rows that a refusal is about; `questions` are those that were to be asked. None where it is about all."""
    if isinstance(error, UnknownGoldDocument):
        missing = {each.name: _missing(say, each) for each in error.unknown}
        refusal = say("The library holds no such document")
        named = (
            (each.line, [missing[name] for name in each.documents if name in missing]) for each in questions
        )
        return [(line, f"{refusal}: {', '.join(names)}") for line, names in named if names]
    if isinstance(error, BadQuestionSet) and error.line:
        return [(error.line, _with_labels(say, say.told(error.reason)))]
    if isinstance(error, BadQuestionSet):
        return [(1, say("Write a question first."))]
    return []


def wrong_html(say: Interface, wrong: Wrong) -> str:
    """The refusal of a run, row by row; the rows say it too."""
    rows = "".join(
        f"<li><b>{escape(say('Question {n}', n=row))}:</b> {tag('span', capital(told))}</li>"
        for row, told in wrong
    )
    title = tag("h2", say("That did not work"))
    return f'<div class="message in-rows" role="status">{title}<ul class="unknown">{rows}</ul></div>'


def marks(wrong: Wrong, run: int) -> gr.HTML:
    """Has the form mark these rows and no others. `run` tells one refusal from the next with the same words."""
    return gr.HTML(wrong={"run": run, "rows": [[row, capital(told)] for row, told in wrong]})


def _checked_row(row: object) -> Row:
    match row:
        case [str(question), str(document), str(page), str(answers), bool(answerable)]:
            texts = (question, document, page, answers)
            if all(len(text) <= LONGEST and not _SURROGATE.search(text) for text in texts):
                return (*texts, answerable)
    raise _bad_rows()


def _bad_rows() -> BadRows:
    return BadRows(Told("the questions did not arrive as this page sends them; load the page anew"))


def _field(name: str, label: str, attributes: str = "") -> str:
    return (
        f'<label class="{name}"><span>{escape(label)}</span>'
        f'<input type="text" maxlength="{LONGEST}" dir="auto" autocomplete="off" {attributes}></label>'
    )


def _hint(say: Interface) -> str:
    return say(
        "Several documents, pages or answers are separated by |. Take the tick away where the library does not say."
    )


def _missing(say: Interface, unknown: UnknownName) -> str:
    if not unknown.nearest:
        return unknown.name
    return f"{unknown.name} ({say('perhaps {names}', names=', '.join(unknown.nearest))})"


def _with_labels(say: Interface, text: str) -> str:
    """What is said of the keys of a file, said of the fields of the form."""
    labels = {
        "question": say("Question"),
        "document": say("Document"),
        "page": say("Page"),
        "answers": say("Answers"),
    }
    return _KEYS.sub(lambda key: f"“{labels[key[1]]}”", text)
