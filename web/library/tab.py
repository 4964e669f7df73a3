"""The Library view: documents listed, opened, added by upload and removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from index.intake import Outcome, add_bytes
from index.library import Library
from ingest.errors import Refused, VerbatimError
from ingest.reading import load
from web.cards import CLEAR_VIEWER, error_html, message_html
from web.interface import Interface
from web.library.documents_html import documents_html, outcomes_html
from web.sign_in.users import may_edit, require_editor
from web.words import tag

# A click on a row's button becomes an event that carries the document's id.
_REMOVE_SCRIPT = """element.addEventListener('click', (click) => {
  const button = click.target.closest('button.remove');
  if (button) trigger('click', {document_id: button.dataset.document});
})"""
_OPEN_SCRIPT = "watch('value', () => element.querySelector('a[data-open]')?.click())"
_TO_TOP = "() => document.querySelector('#confirm')?.scrollIntoView({block: 'nearest'})"


def build(say: Interface, library: Library) -> tuple[Callable[[Any], None], Any]:
    """Lay the view out; returns a function that has the table read anew at an event, and the event of a change."""
    with gr.Column() as adding:
        files = gr.File(
            file_count="multiple", label=say("Add documents"), show_label=False, height=124, elem_id="upload"
        )
        told = say("Add PDF, Word, Hangul, Excel, HTML, mail or text, up to 50 MB a file.")
        gr.HTML(tag("p", told, "summary"), apply_default_css=False)
    outcome = gr.HTML("", js_on_load=_OPEN_SCRIPT, elem_id="outcome", apply_default_css=False)
    chosen = gr.State("")
    with gr.Column(visible=False, elem_id="confirm") as confirm:
        warning = gr.HTML("", apply_default_css=False)
        with gr.Row():
            keep = gr.Button(say("Keep it"), size="sm")
            remove = gr.Button(say("Remove"), size="sm", variant="stop", elem_id="confirm-remove")
    table = gr.HTML("", js_on_load=_REMOVE_SCRIPT, elem_id="documents", apply_default_css=False)

    def listed(request: gr.Request) -> str:
        return documents_html(say, library.documents(), editable=may_edit(request))

    def add(
        paths: Sequence[str] | None, request: gr.Request, progress: gr.Progress = gr.Progress()
    ) -> tuple[str, str, None]:
        """Gradio finds the progress bar by this default, so it has to stand in the signature."""
        try:
            require_editor(request)
            return outcomes_html(say, _add_uploads(library, paths or (), progress)), listed(request), None
        except VerbatimError as error:
            return error_html(say, error), listed(request), None

    def ask_to_confirm(event: gr.EventData, request: gr.Request) -> tuple[str, str, Any]:
        document_id = str(event.document_id)
        try:
            require_editor(request)
            title = library.document(document_id).title
        except VerbatimError as error:
            return "", error_html(say, error), gr.Column(visible=True)
        question = tag("h2", say("Remove “{title}”?", title=title))
        text = tag(
            "p", say("Its passages, its place in the index and the stored copy of its file are deleted.")
        )
        return document_id, f'<div class="message">{question}{text}</div>', gr.Column(visible=True)

    def remove_chosen(document_id: str, request: gr.Request) -> tuple[str, str, Any]:
        try:
            require_editor(request)
            card = library.remove(document_id)
            told = message_html(say("Removed"), card.title) + CLEAR_VIEWER
        except VerbatimError as error:
            told = error_html(say, error)
        return told, listed(request), gr.Column(visible=False)

    private: dict[str, Any] = {"api_visibility": "private"}
    files.upload(add, files, [outcome, table, files], show_progress_on=outcome, **private)
    table.click(ask_to_confirm, None, [chosen, warning, confirm], show_progress="hidden", **private).then(
        fn=None, js=_TO_TOP, **private
    )
    keep.click(lambda: gr.Column(visible=False), None, confirm, show_progress="hidden", **private)
    remove.click(remove_chosen, chosen, [outcome, table, confirm], show_progress_on=outcome, **private)

    def shown(request: gr.Request) -> tuple[str, Any]:
        return listed(request), gr.Column(visible=may_edit(request))

    def refresh_at(event: Any) -> None:
        event(shown, outputs=[table, adding], show_progress="hidden", api_visibility="private")

    return refresh_at, table.change


def _add_uploads(library: Library, paths: Sequence[str], progress: gr.Progress) -> list[Outcome]:
    """Add each uploaded file under its own name, and delete the temporary copy that Gradio made."""
    outcomes = []
    for done, path in enumerate(map(Path, paths)):
        progress((done, len(paths)), desc=f"Reading {path.name}", unit="files")
        try:
            outcomes.append(add_bytes(library, load(path), path.name))
        except Refused as refusal:
            error, reason = type(refusal).__name__, refusal.reason
            outcomes.append(Outcome(path.name, "refused", error=error, reason=reason))
        finally:
            path.unlink(missing_ok=True)
    progress((len(paths), len(paths)), desc="Done", unit="files")
    return outcomes
