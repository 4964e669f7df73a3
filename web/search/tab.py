"""The Search view: a query in, passages narrowed by facets or bibliography entries with what cites them out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr

from index.library import Library
from ingest.errors import VerbatimError
from qa.question import checked_question
from web.cards import error_html, message_html
from web.interface import Interface
from web.search.facets import Picks
from web.search.facets_html import FACETS_SCRIPT
from web.search.order import NEWEST, OLDEST, RELEVANCE
from web.search.results import FIRST, PASSAGES, REFERENCES, Asked, passages, references
from web.sources_panel import Chosen

Shown = tuple[Asked, str, str, Any]  # what was asked, the facets, the hits, the button for more


def build(say: Interface, library: Library, chosen: gr.State) -> None:
    """Lay the view out inside the current Blocks; `chosen` holds the sources that are to be searched."""
    asked = gr.State(Asked())
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
    with gr.Row(elem_classes="search-settings"):
        mode = gr.Radio(
            choices=[(say("Passages"), PASSAGES), (say("References"), REFERENCES)],
            value=PASSAGES,
            label=say("What to search"),
            show_label=False,
            container=False,
            elem_id="search-mode",
            scale=3,
        )
        order = gr.Dropdown(
            choices=[
                (say("By relevance"), RELEVANCE),
                (say("Newest first"), NEWEST),
                (say("Oldest first"), OLDEST),
            ],
            value=RELEVANCE,
            label=say("Order"),
            show_label=False,
            container=False,
            filterable=False,
            elem_id="order",
            scale=2,
            min_width=150,
        )
    facets = gr.HTML("", js_on_load=FACETS_SCRIPT, elem_id="facets", apply_default_css=False)
    hits = gr.HTML(_welcome(say, PASSAGES), elem_id="hits", apply_default_css=False)
    more = gr.Button(say("Show more"), visible=False, elem_id="more-hits")

    def show(asked: Asked, mode: str, order: str, chosen: Chosen) -> Shown:
        if not asked.query:
            return asked, "", _welcome(say, mode), gr.Button(visible=False)
        find = references if mode == REFERENCES else passages
        try:
            found = find(say, library, asked, order, chosen)
        except VerbatimError as error:
            return asked, "", error_html(say, error), gr.Button(visible=False)
        told = say("Show more ({n} left)", n=say.number(found.left))
        return found.asked, found.facets, found.hits, gr.Button(told, visible=found.left > 0)

    def search(text: str, asked: Asked, mode: str, order: str, chosen: Chosen) -> Shown:
        try:
            checked = checked_question(text)
        except VerbatimError as error:
            return replace(asked, query=""), "", error_html(say, error), gr.Button(visible=False)
        return show(Asked(checked, asked.picks, anew=True), mode, order, chosen)

    def again(asked: Asked, mode: str, order: str, chosen: Chosen) -> Shown:
        return show(replace(asked, shown=FIRST), mode, order, chosen)

    def pick(asked: Asked, mode: str, order: str, chosen: Chosen, event: gr.EventData) -> Shown:
        return show(replace(asked, picks=Picks.of(event.picks), shown=FIRST), mode, order, chosen)

    def show_more(asked: Asked, mode: str, order: str, chosen: Chosen) -> Shown:
        return show(asked.more, mode, order, chosen)

    settings = [asked, mode, order, chosen]
    shared: dict[str, Any] = {
        "outputs": [asked, facets, hits, more],
        "show_progress": "minimal",
        "show_progress_on": hits,
        "concurrency_limit": 4,
        "concurrency_id": "search",
        "api_visibility": "private",
    }
    gr.on([query.submit, button.click], search, [query, *settings], **shared)
    # Of ticks in quick succession the last tells all.
    gr.on([mode.input, order.input, chosen.change], again, settings, trigger_mode="always_last", **shared)
    facets.click(pick, settings, trigger_mode="always_last", **shared)
    more.click(show_more, settings, **shared)


def _welcome(say: Interface, mode: str) -> str:
    """What can be searched, where nothing was yet."""
    if mode == REFERENCES:
        return message_html(
            say("Search bibliographies"),
            say("Find a work by author, year or title, and every sentence of your documents that cites it."),
        )
    return message_html(
        say("Search passages"),
        say("By meaning and by word, in every language of the library; each passage opens at its place."),
    )
