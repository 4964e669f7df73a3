"""The Search view: a query in, passages with its terms marked out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from index.hit import Filters
from index.library import Library
from ingest.errors import VerbatimError
from qa.question import checked_question
from web.cards import error_html, message_html
from web.interface import Interface
from web.search.hits_html import hits_html
from web.sources_panel import Chosen


def build(say: Interface, library: Library, chosen: gr.State) -> Callable[[Any], None]:
    """Lay the view out; returns a function that has the language choices read anew at an event."""
    welcome = message_html(
        say("Search passages"),
        say("By meaning and by word, in every language of the library; each passage opens at its place."),
    )
    with gr.Row(elem_classes="ask-row"):
        query = gr.Textbox(
            placeholder=say("Words, a name, a number, a phrase …"),
            label=say("Search"),
            show_label=False,
            container=False,
            elem_id="query",
            scale=5,
        )
        button = gr.Button(say("Search"), variant="primary", elem_id="search", scale=0, min_width=96)
    with gr.Row(elem_classes="filters"):
        languages = gr.Dropdown(
            choices=_choices(say, library),
            multiselect=True,
            label=say("Only in these languages"),
            elem_id="languages",
            scale=3,
        )
        k = gr.Dropdown(choices=[5, 10, 20, 50], value=10, label=say("Passages"), elem_id="k", scale=1)
    result = gr.HTML(welcome, elem_id="hits", apply_default_css=False)

    def search(text: str, wanted: list[str] | None, limit: int, chosen: Chosen) -> str:
        try:
            checked = checked_question(text)
            filters = Filters(documents=chosen.among(library), languages=tuple(wanted or ()))
            return hits_html(say, checked, library.search(checked, limit, filters), library)
        except VerbatimError as error:
            return error_html(say, error)

    gr.on(
        [query.submit, button.click, languages.input, k.input],
        search,
        [query, languages, k, chosen],
        result,
        show_progress="minimal",
        concurrency_limit=4,
        api_visibility="private",
    )

    def refresh_at(event: Any) -> None:
        event(
            lambda: gr.Dropdown(choices=_choices(say, library)),
            outputs=languages,
            show_progress="hidden",
            api_visibility="private",
        )

    return refresh_at


def _choices(say: Interface, library: Library) -> list[tuple[str, str | int | float]]:
    codes = {card.language for card in library.documents() if card.language}
    return sorted((say.language_of(code), code) for code in codes)
