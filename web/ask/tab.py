"""The Ask view: a question in, the answer with its quotations out, below those before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import gradio as gr

from index.hit import Filters
from index.library import Library
from ingest.errors import VerbatimError
from qa.ask import ask
from qa.errors import QUESTION_LIMIT
from qa.follow_up import standalone
from qa.question import checked_question
from qa.reader import Reader
from web.ask.answer_html import answer_html, first_quotation
from web.ask.conversation import Conversation, Turn, conversation_html, pending_html
from web.ask.examples import MOST, examples
from web.cards import citation_link, error_html, extent, message_html
from web.interface import Interface
from web.sources_panel import Chosen
from web.words import empty_viewer

# A fresh answer shows its source at once, where there is room beside it, and the newest question moves to the top.
_FRESH_SCRIPT = """watch('value', () => {
  if (matchMedia('(min-width: 901px)').matches) element.querySelector('a[data-open]')?.click();
  element.querySelector('.turn.newest')?.scrollIntoView({block: 'start'});
})"""
# A question that was refused goes back into the box, unless another is being typed there.
_BACK_SCRIPT = """() => {
  const refused = document.querySelector('#answer [data-refused]')?.dataset.refused;
  const box = document.querySelector('#question textarea');
  if (!refused || !box || box.value.trim()) return;
  box.value = refused;
  box.dispatchEvent(new Event('input', {bubbles: true}));
}"""
_AT_ONCE = 4  # questions that are answered at the same time


def build(
    say: Interface, library: Library, reader: Reader, chosen: gr.State, page: gr.Blocks
) -> Callable[[Any], None]:
    """Lay the view out inside the current Blocks; `chosen` holds the sources that are to be asked.

    A page that is opened with `?q=` asks that. Returns a function that has the examples read anew at an event.
    """
    welcome = message_html(
        say("Ask your documents"),
        say("The answer is a quotation: the exact words, the page they stand on, and the source beside it."),
    )
    asked = gr.State(Conversation())
    result = gr.HTML(welcome, js_on_load=_FRESH_SCRIPT, elem_id="answer", apply_default_css=False)
    with gr.Column(elem_id="ask-bar"):
        with gr.Row(elem_classes="examples"):
            offered = [gr.Button("", visible=False, size="sm", elem_classes="example") for _ in range(MOST)]
        with gr.Row(elem_classes="ask-row"):
            question = gr.Textbox(
                placeholder=say("Ask in English, Korean, Russian, Uzbek …"),
                label=say("Question"),
                show_label=False,
                max_length=QUESTION_LIMIT,
                autofocus=True,
                container=False,
                elem_id="question",
                scale=5,
            )
            button = gr.Button(say("Ask"), variant="primary", elem_id="ask", scale=0, min_width=96)

    def answer(text: str, asked: Conversation, chosen: Chosen) -> Iterator[tuple[str, Conversation, str]]:
        """The turns with a question that is being answered, then with its answer.

        The question leaves the box when it is taken; what is typed there after that is not touched.
        """
        filters = Filters(documents=chosen.among(library))
        searched = say("Searching {what}", what=extent(say, library.documents(filters)))
        yield (
            pending_html(say, asked, text, [searched, say("Reading the nearest passages")]),
            asked,
            "",
        )
        try:
            full = standalone(checked_question(text), asked.before)
            found = ask(text, library, before=asked.before, reader=reader, filters=filters)
            html = answer_html(say, found, library)
            quotation = first_quotation(found)
            opens = citation_link(say, quotation) if quotation else empty_viewer(say)
            asked = asked.with_turn(Turn(found.question, full, html))
            yield conversation_html(say, asked, opens=opens), asked, gr.skip()
        except VerbatimError as error:
            refused = f'<div data-refused="{escape(text)}" hidden></div>'
            yield conversation_html(say, asked) + error_html(say, error) + refused, asked, gr.skip()

    def answer_linked(
        asked: Conversation, chosen: Chosen, request: gr.Request
    ) -> Iterator[tuple[str, Conversation, str]]:
        """What the page's address asks; where it asks nothing, nothing is changed: a question may be under way."""
        text = request.query_params.get("q", "")
        if text.strip():
            yield from answer(text, asked, chosen)
        else:
            yield gr.skip(), gr.skip(), gr.skip()

    outputs = [result, asked, question]
    asking: dict[str, Any] = {
        "fn": answer,
        "inputs": [question, asked, chosen],
        "outputs": outputs,
        "show_progress": "hidden",
        "concurrency_limit": _AT_ONCE,
        "concurrency_id": "ask",
        "api_visibility": "private",
    }
    back: dict[str, Any] = {"fn": None, "js": _BACK_SCRIPT, "api_visibility": "private"}
    gr.on([question.submit, button.click], **asking).then(**back)
    page.load(**asking | {"fn": answer_linked, "inputs": [asked, chosen]}).then(**back)
    for example in offered:
        example.click(None, example, question, js="(text) => text", api_visibility="private").then(
            **asking
        ).then(**back)

    def offer() -> list[gr.Button]:
        """The questions for what the library holds now; a button that has none is hidden."""
        texts = examples(say, library)
        return [gr.Button(text, visible=bool(text)) for text in (*texts, *[""] * (MOST - len(texts)))]

    def refresh_at(event: Any) -> None:
        event(offer, None, offered, show_progress="hidden", api_visibility="private")

    return refresh_at
