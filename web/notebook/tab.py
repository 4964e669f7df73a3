"""The Notebook view: what a user collected, in their order, with notes; moved, removed, put back, taken along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from index.library import Library
from ingest.errors import VerbatimError
from web.cards import error_html
from web.interface import Interface
from web.notebook.entries_html import notebook_html
from web.notebook.place import Place
from web.notebook.routes import user_name
from web.notebook.store import Notebooks, Removed

_SCRIPT = Path(__file__).with_name("entries.js").read_text(encoding="utf-8")


def build(say: Interface, library: Library) -> Callable[[Any], None]:
    """Lay the view out; returns a function that has the notebook read anew at an event."""
    notebooks = Notebooks(library.folder)
    undoable = gr.State(None)
    view = gr.HTML("", js_on_load=_SCRIPT, elem_id="notebook", apply_default_css=False)

    def shown(user: str, removed: Removed | None = None) -> str:
        return notebook_html(say, notebooks.entries(user), library, removed)

    def act(removed: Removed | None, event: gr.EventData, request: gr.Request) -> tuple[str, Removed | None]:
        """Do what a button says, and show the notebook as it is then."""
        user = user_name(request)
        refused = ""
        try:
            action, place, beside = (str(getattr(event, key, "")) for key in ("action", "place", "beside"))
            if action == "undo" and removed:
                notebooks.restore(user, removed)
                removed = None
            elif action == "remove":
                removed = notebooks.remove(user, Place.parse(place))
            elif action in {"up", "down"}:
                notebooks.move(user, Place.parse(place), Place.parse(beside))
        except VerbatimError as error:
            refused = error_html(say, error)
        try:
            return refused + shown(user, removed), removed
        except VerbatimError as error:
            return error_html(say, error), removed

    def refreshed(request: gr.Request) -> tuple[str, None]:
        try:
            return shown(user_name(request)), None
        except VerbatimError as error:
            return error_html(say, error), None

    private: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    view.click(act, undoable, [view, undoable], **private)

    def refresh_at(event: Any) -> None:
        event(refreshed, outputs=[view, undoable], **private)

    return refresh_at
