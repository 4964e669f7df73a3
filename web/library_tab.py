"""The Library tab: documents listed, opened, added by upload and removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from index.intake import Outcome, add_bytes
from index.library import Library
from ingest.errors import Refused, VerbatimError
from ingest.reading import load
from web.ask_tab import OPEN_SOURCE_SCRIPT
from web.cards import CLEAR_VIEWER, documents_html, error_html, message_html, outcomes_html
from web.sign_in.users import may_edit, require_editor
from web.words import tag

# A click on a row's button becomes an event that carries the document's id.
_REMOVE_SCRIPT = """element.addEventListener('click', (click) => {
  const button = click.target.closest('button.remove');
  if (button) trigger('click', {document_id: button.dataset.document});
})"""
_WHAT_CAN_BE_ADDED = tag(
    "p",
    "Add PDF, Word, Hangul, Excel, HTML, mail or text, up to 50 MB a file.",
    "summary",
)
_TO_TOP = "() => document.querySelector('#confirm')?.scrollIntoView({block: 'nearest'})"


def build(library: Library) -> Callable[[Any], None]:
    """Lay the tab out; returns a function that has the table read anew at an event."""
    with gr.Column() as adding:
        files = gr.File(
            file_count="multiple", label="Add documents", show_label=False, height=124, elem_id="upload"
        )
        gr.HTML(_WHAT_CAN_BE_ADDED, apply_default_css=False)
    outcome = gr.HTML("", js_on_load=OPEN_SOURCE_SCRIPT, elem_id="outcome", apply_default_css=False)
    chosen = gr.State("")
    with gr.Column(visible=False, elem_id="confirm") as confirm:
        warning = gr.HTML("", apply_default_css=False)
        with gr.Row():
            keep = gr.Button("Keep it", size="sm")
            remove = gr.Button("Remove", size="sm", variant="stop", elem_id="confirm-remove")
    table = gr.HTML("", js_on_load=_REMOVE_SCRIPT, elem_id="documents", apply_default_css=False)

    def listed(request: gr.Request) -> str:
        return documents_html(library.documents(), editable=may_edit(request))

    def add(
        paths: Sequence[str] | None, request: gr.Request, progress: gr.Progress = gr.Progress()
    ) -> tuple[str, str, None]:
        """Gradio finds the progress bar by this default, so it has to stand in the signature."""
        try:
            require_editor(request)
            return outcomes_html(_add_uploads(library, paths or (), progress)), listed(request), None
        except VerbatimError as error:
            return error_html(error), listed(request), None

    def ask_to_confirm(event: gr.EventData, request: gr.Request) -> tuple[str, str, Any]:
        document_id = str(event.document_id)
        try:
            require_editor(request)
            title = library.document(document_id).title
        except VerbatimError as error:
            return "", error_html(error), gr.Column(visible=True)
        question = tag("h2", f"Remove “{title}”?")
        text = tag("p", "Its passages, its place in the index and the stored copy of its file are deleted.")
        return document_id, f'<div class="message">{question}{text}</div>', gr.Column(visible=True)

    def remove_chosen(document_id: str, request: gr.Request) -> tuple[str, str, Any]:
        try:
            require_editor(request)
            card = library.remove(document_id)
            told = message_html("Removed", card.title) + CLEAR_VIEWER
        except VerbatimError as error:
            told = error_html(error)
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

    return refresh_at


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
