"""The Library view: documents added, listed, opened, edited, checked and removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from index.library import Library
from ingest.errors import VerbatimError
from web.cards import clear_viewer, error_html, message_html
from web.interface import Interface
from web.library import editing
from web.library.charts_html import charts_html
from web.library.documents_html import documents_html
from web.library.editing import Form
from web.library.editing_html import form_html
from web.library.health_html import health_html
from web.library.shelf import View, rows_of, stamp
from web.library.uploads import Upload, add_all, addresses_in
from web.library.uploads_html import uploads_html
from web.sign_in.users import may_edit, require_editor
from web.words import tag

# Clicks on the table's buttons become events; a head that was clicked keeps the focus in the table that follows.
_TABLE_SCRIPT = """let focused = '';
element.addEventListener('click', (click) => {
  const button = click.target.closest('button');
  if (!button) return;
  const document_id = button.dataset.document;
  focused = button.dataset.by || '';
  if (button.matches('.remove')) trigger('click', {document_id});
  if (button.matches('.edit')) trigger('edit', {document_id});
  if (button.matches('.sort')) trigger('select', {by: button.dataset.by});
  if (button.matches('.more')) trigger('expand', {});
});
watch('value', () => {
  if (focused) element.querySelector(`button.sort[data-by="${focused}"]`)?.focus({preventScroll: true});
  focused = '';
})"""
_FORM_SCRIPT = """element.addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  trigger('submit', {values: Object.fromEntries(new FormData(submitted.target))});
});
element.addEventListener('click', (click) => { if (click.target.closest('button.cancel')) trigger('clear', {}); });
watch('value', () => {
  const field = element.querySelector('[aria-invalid=true]') || element.querySelector('input, textarea');
  field?.focus();
  element.querySelector('.problem, form')?.scrollIntoView({block: 'nearest'});
})"""
_HEALTH_SCRIPT = """element.addEventListener('click', (click) => {
  const button = click.target.closest('button.forget');
  if (button) trigger('delete', {source: button.dataset.source});
})"""
_OPEN_SCRIPT = "watch('value', () => element.querySelector('a[data-open]')?.click())"
_TO_CONFIRM = "() => document.querySelector('#confirm')?.scrollIntoView({block: 'nearest'})"
_UPLOADS_AT_ONCE = 4  # people whose files are added at the same time


def build(say: Interface, library: Library) -> tuple[Callable[[Any], None], Any]:
    """Lay the view out; returns a function that has it read anew at an event, and the event of a change."""
    shown_as, chosen, form, version = gr.State(View()), gr.State(""), gr.State(Form()), gr.State("")
    with gr.Column(elem_id="adding") as adding:
        files = gr.File(
            file_count="multiple", label=say("Add documents"), show_label=False, height=124, elem_id="upload"
        )
        gr.HTML(_advice(say), apply_default_css=False)
        replaces = gr.Checkbox(
            False,
            label=say("Replace documents of the same name"),
            container=False,
            elem_id="replace-namesakes",
        )
        with gr.Row(elem_classes="ask-row"):
            addresses = gr.Textbox(
                placeholder="https://…",
                label=say("Add from the web"),
                show_label=False,
                container=False,
                elem_id="addresses",
                scale=5,
            )
            fetch = gr.Button(say("Add"), elem_id="fetch", scale=0, min_width=72)
    fetched = gr.HTML("", elem_id="fetched", apply_default_css=False)
    outcome = gr.HTML("", js_on_load=_OPEN_SCRIPT, elem_id="outcome", apply_default_css=False)
    with gr.Column(visible=False, elem_id="confirm") as confirm:
        warning = gr.HTML("", apply_default_css=False)
        with gr.Row():
            keep = gr.Button(say("Keep it"), size="sm")
            remove = gr.Button(say("Remove"), size="sm", variant="stop", elem_id="confirm-remove")
    edited = gr.HTML("", js_on_load=_FORM_SCRIPT, elem_id="edit-form", apply_default_css=False)
    charts = gr.HTML("", elem_id="charts", apply_default_css=False)
    with gr.Row(elem_id="shelf-bar"):
        words = gr.Textbox(
            placeholder=say("Find a document"),
            label=say("Find a document"),
            show_label=False,
            container=False,
            elem_id="narrow",
            scale=5,
        )
        check = gr.Button(say("Check the library"), elem_id="check", scale=0, min_width=132)
    health = gr.HTML("", js_on_load=_HEALTH_SCRIPT, elem_id="health", apply_default_css=False)
    table = gr.HTML("", js_on_load=_TABLE_SCRIPT, elem_id="documents", apply_default_css=False)

    def listed(view: View, request: gr.Request) -> str:
        return documents_html(say, rows_of(library), view, editable=may_edit(request))

    def whole(view: View, request: gr.Request) -> tuple[str, str, str]:
        """The table, the charts, and the version of the library that they show."""
        rows = rows_of(library)
        table = documents_html(say, rows, view, editable=may_edit(request))
        return table, charts_html(say, [row.card for row in rows]), stamp(rows)

    def adding_all(
        paths: Sequence[str], replaces: bool, typed: str, view: View, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """How far each is, then what became of it, with what is left to be typed again.

        The table is shown anew with each that is finished.
        """
        try:
            require_editor(request)
            asked = addresses_in(typed)
            uploads: tuple[Upload, ...] = ()
            finished = 0
            copies = [Path(path) for path in paths]
            for uploads in add_all(library, copies, asked, replace_namesakes=replaces):
                before, finished = finished, sum(each.finished for each in uploads)
                shelf = whole(view, request) if finished > before else _KEPT
                yield uploads_html(say, uploads), typed, *shelf
            yield uploads_html(say, uploads), _left_over(uploads, asked), *whole(view, request)
        except VerbatimError as error:
            yield error_html(say, error), typed, *whole(view, request)

    def upload(
        paths: list[str] | None, replaces: bool, view: View, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Until these are added no others are taken."""
        busy = gr.File(visible=False)
        for told, _, *rest in adding_all(paths or [], replaces is True, "", view, request):
            yield told, busy, *rest
        yield gr.skip(), gr.File(None, visible=True), *_KEPT

    def add_typed(typed: str, view: View, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        for told, left, *rest in adding_all([], False, typed, view, request):
            yield told, gr.Textbox(left, interactive=False), *rest
        yield gr.skip(), gr.Textbox(interactive=True), *_KEPT

    def ask_to_confirm(event: gr.EventData, request: gr.Request) -> tuple[str, str, Any]:
        document_id = _given(event, "document_id")
        try:
            require_editor(request)
            title = library.card(document_id).title
        except VerbatimError as error:
            return "", error_html(say, error), gr.Column(visible=True)
        question = tag("h2", say("Remove “{title}”?", title=title))
        text = tag(
            "p", say("Its passages, its place in the index and the stored copy of its file are deleted.")
        )
        return document_id, f'<div class="message">{question}{text}</div>', gr.Column(visible=True)

    def remove_chosen(document_id: str, view: View, request: gr.Request) -> tuple[Any, ...]:
        try:
            require_editor(request)
            card = library.remove(document_id)
            told = message_html(say("Removed"), card.title) + clear_viewer(say)
        except VerbatimError as error:
            told = error_html(say, error)
        return told, gr.Column(visible=False), *whole(view, request)

    def open_form(event: gr.EventData, request: gr.Request) -> tuple[str, Form, str]:
        try:
            require_editor(request)
            opened = editing.opened(library, _given(event, "document_id"))
        except VerbatimError as error:
            return "", Form(), error_html(say, error)
        return form_html(say, opened), opened, ""

    def save_form(event: gr.EventData, form: Form, view: View, request: gr.Request) -> tuple[Any, ...]:
        """The table with the change; or the form again, with what was typed and what is wrong with it."""
        try:
            require_editor(request)
            form = editing.filled_in(form, getattr(event, "values", None))
            if form.errors:
                return form_html(say, form), form, "", *_KEPT
            card = editing.save(library, form)
        except VerbatimError as error:
            return form_html(say, form, say.told(error.told)), form, "", *_KEPT
        return "", Form(), message_html(say("Saved"), card.title), *whole(view, request)

    def checked(request: gr.Request) -> str:
        try:
            require_editor(request)  # it reads every original: not for whoever only looks something up
            titles = {card.id: card.title for card in library.documents()}
            return health_html(say, library.verify(), titles)
        except VerbatimError as error:
            return error_html(say, error)

    def forget(event: gr.EventData, request: gr.Request) -> str:
        """Forget that a file was refused, and check again."""
        try:
            require_editor(request)
            library.clear_failure(_given(event, "source"))
        except VerbatimError as error:
            return error_html(say, error)
        return checked(request)

    def narrowed(words: str, view: View, request: gr.Request) -> tuple[View, str]:
        view = view.narrowed_to(words)
        return view, listed(view, request)

    def ordered(event: gr.EventData, view: View, request: gr.Request) -> tuple[View, str]:
        view = view.sorted_by(_given(event, "by"))
        return view, listed(view, request)

    def more(view: View, request: gr.Request) -> tuple[View, str]:
        view = view.with_more()
        return view, listed(view, request)

    changed = [table, charts, version]
    private: dict[str, Any] = {"api_visibility": "private"}
    quiet: dict[str, Any] = {"show_progress": "hidden", **private}
    adds: dict[str, Any] = {"concurrency_limit": _UPLOADS_AT_ONCE, "concurrency_id": "add", **quiet}
    files.upload(upload, [files, replaces, shown_as], [outcome, files, *changed], **adds)
    gr.on(
        [fetch.click, addresses.submit],
        add_typed,
        [addresses, shown_as],
        [fetched, addresses, *changed],
        **adds,
    )
    table.click(ask_to_confirm, None, [chosen, warning, confirm], **quiet).then(
        fn=None, js=_TO_CONFIRM, **private
    )
    keep.click(lambda: gr.Column(visible=False), None, confirm, **quiet)
    remove.click(
        remove_chosen, [chosen, shown_as], [outcome, confirm, *changed], show_progress_on=outcome, **private
    )
    table.edit(open_form, None, [edited, form, outcome], **quiet)
    edited.submit(
        save_form, [form, shown_as], [edited, form, outcome, *changed], show_progress_on=edited, **private
    )
    edited.clear(lambda: ("", Form()), None, [edited, form], **quiet)
    check.click(checked, None, health, **private)
    health.delete(forget, None, health, **private)
    table.select(ordered, shown_as, [shown_as, table], **quiet)
    table.expand(more, shown_as, [shown_as, table], **quiet)
    words.change(narrowed, [words, shown_as], [shown_as, table], trigger_mode="always_last", **quiet)

    def shown(view: View, request: gr.Request) -> tuple[Any, ...]:
        editor = may_edit(request)
        return *whole(view, request), gr.Column(visible=editor), gr.Button(visible=editor)

    def refresh_at(event: Any) -> None:
        event(shown, shown_as, [*changed, adding, check], **quiet)

    return refresh_at, version.change


_KEPT = (gr.skip(), gr.skip(), gr.skip())  # what a change would show, where nothing has changed


def _given(event: gr.EventData, name: str) -> str:
    """A text that the browser sent with an event; "" for anything else."""
    value = (getattr(event, "_data", None) or {}).get(name)
    return value if isinstance(value, str) else ""


def _left_over(uploads: Sequence[Upload], addresses: Sequence[str]) -> str:
    """The addresses that were refused, to be mended."""
    refused = {upload.name for upload in uploads if upload.state == "refused"}
    return " ".join(address for address in addresses if address in refused)


def _advice(say: Interface) -> str:
    """What can be added, and the place where library.js tells of files that are too large to be sent."""
    told = say("Add PDF, Word, Hangul, Excel, HTML, mail or text, up to 50 MB a file.")
    large = say("Refused: {reason}", reason=say("Too large: it has {size} MB; the limit is 50 MB."))
    refused = f'<ul id="too-large" class="outcomes" role="status" data-told="{escape(large)}"></ul>'
    return tag("p", told, "summary") + refused
