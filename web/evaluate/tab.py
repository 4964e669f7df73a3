"""The Evaluate view: gold questions written or uploaded, asked one by one, graded, and the failures to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

import gradio as gr

from index.library import Library
from ingest.errors import VerbatimError
from qa.ask import ask
from qa.evaluation.gold import ask_gold
from qa.evaluation.grading import Asked
from qa.reader import Reader
from web.cards import error_html, message_html
from web.evaluate import form
from web.evaluate.one_run import OneRun
from web.evaluate.questions import WRITTEN, GoldSet, example_row, gold_lines, uploaded_set, written_set
from web.evaluate.results_html import refusal_html, results_html, running_html, saved_html
from web.interface import Interface
from web.words import tag

_ONE_RUN = OneRun()  # in all languages of the page together
_EVERY = 0.5  # seconds between two states of a run that are shown
_RUNS = count(1)  # numbers them: one refusal after another may have the same words
# A run that begins, and its result or refusal, are moved to the top of the view; rows that are wrong move there by
# themselves (form.js).
_SHOW_SCRIPT = """watch('value', () => {
  const shown = element.querySelector('section, .message:not(.in-rows)');
  if (shown && shown.className !== element.dataset.shown) shown.scrollIntoView({block: 'start'});
  element.dataset.shown = shown?.className || '';
})"""
_SAVE_SCRIPT = "watch('value', () => element.querySelector('button.download')?.click())"


def build(
    say: Interface, library: Library, reader: Reader
) -> tuple[Callable[[Any], None], Callable[[Any], None]]:
    """Lay the view out; returns a function that puts an example into the form at an event, and one that has the
    documents to choose from read anew."""
    gr.HTML(_introduction(say), elem_id="gold-introduction", apply_default_css=False)
    uploaded = gr.State(None)
    with gr.Column(elem_id="gold-written") as writing:
        offered, written = form.build(say)
        saved = gr.HTML("", js_on_load=_SAVE_SCRIPT, elem_id="gold-saved", apply_default_css=False)
    with gr.Column(visible=False, elem_id="gold-uploaded") as loaded:
        note = gr.HTML("", apply_default_css=False)
        with gr.Row(elem_classes="gold-buttons"):
            write = gr.Button(say("Write questions instead"), size="sm")
    with gr.Row(elem_classes="gold-buttons", elem_id="gold-bar"):
        run = gr.Button(say("Run"), variant="primary", size="sm", elem_id="gold-run")
        cancel = gr.Button(say("Cancel"), size="sm", visible=False, elem_id="gold-cancel")
        upload = gr.UploadButton(
            say("Upload .jsonl"), file_types=[".jsonl", ".json", ".txt"], size="sm", elem_id="gold-upload"
        )
    result = gr.HTML("", js_on_load=_SHOW_SCRIPT, elem_id="gold-result", apply_default_css=False)

    def evaluate(posted: object, given: GoldSet | None, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """The state of a run after its answers, and in the end its result; the rows that a refusal names are marked."""
        gold, asked, run = given, list[Asked](), next(_RUNS)
        try:
            gold = gold or written_set(form.checked_rows(posted))
            with _ONE_RUN.taken(_owner(request)) as stopped:
                stoppable = gr.Button(say("Cancel"), visible=True, interactive=True)
                yield running_html(say, gold, asked), stoppable, form.marks([], run)
                shown = monotonic()
                for item in ask_gold(gold.path, gold.questions, library, partial(ask, reader=reader)):
                    asked.append(item)
                    if stopped():
                        break
                    if monotonic() - shown >= _EVERY:
                        yield running_html(say, gold, asked), gr.skip(), gr.skip()
                        shown = monotonic()
            yield results_html(say, gold, asked, library), gr.Button(visible=False), gr.skip()
        except VerbatimError as error:
            wrong = [] if given else form.wrong_rows(say, error, gold.questions if gold else ())
            told = form.wrong_html(say, wrong) if wrong else refusal_html(say, error)
            done = results_html(say, gold, asked, library) if gold and asked else ""
            yield told + done, gr.Button(visible=False), form.marks(wrong, run)

    def load(path: str) -> tuple[Any, ...]:
        """A set takes the place of the form; of one that cannot be used only the reason is shown."""
        try:
            gold = uploaded_set(Path(path))
        except VerbatimError as error:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip(), refusal_html(say, error), None
        finally:
            Path(path).unlink(missing_ok=True)
        told = tag("p", _told(say, gold), "loaded")
        return gold, told, gr.Column(visible=False), gr.Column(visible=True), "", None

    def to_form() -> tuple[None, gr.Column, gr.Column]:
        return None, gr.Column(visible=True), gr.Column(visible=False)

    def save_rows(posted: object) -> Iterator[tuple[str, Any]]:
        """First nothing, so that the same rows can be saved again."""
        yield "", gr.skip()
        try:
            yield saved_html(WRITTEN, gold_lines(form.checked_rows(posted)), WRITTEN), gr.skip()
        except VerbatimError as error:
            yield "", error_html(say, error)

    def stop(request: gr.Request) -> gr.Button:
        """The question that is being asked is still answered."""
        _ONE_RUN.stop(_owner(request))
        return gr.Button(say("Stopping …"), interactive=False)

    private: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    # No limit of Gradio's: who comes second is to be told so, not to wait in silence.
    run.click(evaluate, [written, uploaded], [result, cancel, written], concurrency_limit=None, **private)
    cancel.click(stop, None, cancel, **private)
    upload.upload(load, upload, [uploaded, note, writing, loaded, result, upload], **private)
    write.click(to_form, None, [uploaded, writing, loaded], **private)
    written.save(save_rows, written, [saved, result], **private)

    def example_at(event: Any) -> None:
        event(lambda: [list(example_row(say, library))], None, written, **private)

    def offered_at(event: Any) -> None:
        event(lambda: form.documents_html(library), None, offered, **private)

    return example_at, offered_at


def _introduction(say: Interface) -> str:
    return message_html(
        say("Measure your library"),
        say(
            "Gold questions are questions whose answers you know, with the document that holds them. Asking "
            "them all shows how often this library is answered from rightly, and which questions to look into."
        ),
    )


def _told(say: Interface, gold: GoldSet) -> str:
    """ "gold.jsonl: 40 questions (20 English, 20 Korean)"."""
    languages = Counter(question.language for question in gold.questions)
    parts = [f"{say.number(number)} {say.language_of(code)}" for code, number in languages.most_common()]
    count = say.count("{n} question", "{n} questions", len(gold.questions))
    return f"{gold.name}: {count} ({', '.join(parts)})"


def _owner(request: gr.Request) -> str:
    return request.session_hash or ""
