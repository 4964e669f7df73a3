"""The Ask tab: a question in, the answer with its quotations out."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from index.library import Library
from ingest.errors import VerbatimError
from qa.ask import ask
from qa.errors import QUESTION_LIMIT
from qa.readers import make_reader
from web.cards import answer_html, error_html, message_html

# One in each language of the starter documents.
EXAMPLES = (
    "When did the cooperation forum begin?",
    "제15차 포럼은 어디에서 열렸습니까?",
    "Сколько угля у Казахстана?",
    "Oʻzbekistonda qancha koreys yashaydi?",
)
# A fresh answer shows its source at once: what it marked with data-open is clicked for the reader.
OPEN_SOURCE_SCRIPT = "watch('value', () => element.querySelector('a[data-open]')?.click())"
_WELCOME = message_html(
    "Ask your documents",
    "The answer is a quotation: the exact words, the page they stand on, and the source opened beside it.",
)


def build(library: Library) -> None:
    """Lay the tab out inside the current Blocks."""
    with gr.Row(elem_classes="ask-row"):
        question = gr.Textbox(
            placeholder="Ask in English, Korean, Russian, Uzbek …",
            label="Question",
            show_label=False,
            max_length=QUESTION_LIMIT,
            autofocus=True,
            container=False,
            elem_id="question",
            scale=5,
        )
        button = gr.Button("Ask", variant="primary", elem_id="ask", scale=0, min_width=96)
    with gr.Row(elem_classes="examples"):
        examples = [gr.Button(text, size="sm", elem_classes="example") for text in EXAMPLES]
    result = gr.HTML(_WELCOME, js_on_load=OPEN_SOURCE_SCRIPT, elem_id="answer", apply_default_css=False)

    reader = make_reader(None, library)

    def answer(text: str) -> str:
        try:
            return answer_html(ask(text, library, reader=reader), library)
        except VerbatimError as error:
            return error_html(error)

    asking: dict[str, Any] = {
        "fn": answer,
        "inputs": question,
        "outputs": result,
        "show_progress": "minimal",
        "concurrency_limit": 4,
        "concurrency_id": "ask",
        "api_visibility": "private",
    }
    gr.on([question.submit, button.click], **asking)
    for example, text in zip(examples, EXAMPLES, strict=True):
        fill_in = f"() => {json.dumps(text)}"
        example.click(fn=None, js=fill_in, outputs=question, api_visibility="private").then(**asking)
