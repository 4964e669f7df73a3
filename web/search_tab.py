"""The Search tab: a query in, passages with its terms marked out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from index.hit import Filters
from index.library import Library
from ingest.errors import VerbatimError
from qa.errors import QUESTION_LIMIT, EmptyQuestion, QuestionTooLong
from web.cards import error_html, hits_html, message_html
from web.words import language_name

_WELCOME = message_html(
    "Search passages",
    "By meaning and by word, in every language of the library; each passage opens at its place.",
)


def build(library: Library) -> Callable[[Any], None]:
    """Lay the tab out; returns a function that has the language choices read anew at an event."""
    with gr.Row(elem_classes="ask-row"):
        query = gr.Textbox(
            placeholder="Words, a name, a number, a phrase …",
            label="Search",
            show_label=False,
            container=False,
            elem_id="query",
            scale=5,
        )
        button = gr.Button("Search", variant="primary", elem_id="search", scale=0, min_width=96)
    with gr.Row(elem_classes="filters"):
        languages = gr.Dropdown(
            choices=_choices(library),
            multiselect=True,
            label="Only in these languages",
            elem_id="languages",
            scale=3,
        )
        k = gr.Dropdown(choices=[5, 10, 20, 50], value=10, label="Passages", elem_id="k", scale=1)
    result = gr.HTML(_WELCOME, elem_id="hits", apply_default_css=False)

    def search(text: str, wanted: list[str] | None, limit: int) -> str:
        try:
            checked = _checked(text)
            hits = library.search(checked, limit, Filters(languages=tuple(wanted or ())))
            return hits_html(checked, hits, library)
        except VerbatimError as error:
            return error_html(error)

    gr.on(
        [query.submit, button.click, languages.input, k.input],
        search,
        [query, languages, k],
        result,
        show_progress="minimal",
        concurrency_limit=4,
        api_visibility="private",
    )

    def refresh_at(event: Any) -> None:
        event(
            lambda: gr.Dropdown(choices=_choices(library)),
            outputs=languages,
            show_progress="hidden",
            api_visibility="private",
        )

    return refresh_at


def _choices(library: Library) -> list[tuple[str, str | int | float]]:
    codes = {card.language for card in library.documents() if card.language}
    return sorted((language_name(code), code) for code in codes)


def _checked(query: str) -> str:
    query = query.strip()
    if not query:
        raise EmptyQuestion
    if len(query) > QUESTION_LIMIT:
        raise QuestionTooLong(len(query))
    return query
