"""The Ask view: a question in, the answer with its quotations out, below those before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from typing import Any

import gradio as gr
from gradio.events import Dependency

from index.hit import Filters
from index.library import Library
from ingest.errors import VerbatimError
from qa.ask import ask
from qa.errors import QUESTION_LIMIT
from qa.follow_up import standalone
from qa.question import checked_question
from qa.reader import Reader
from web.ask.answer_html import answer_html, earlier_answer_html, first_quotation
from web.ask.conversation import Conversation, Turn, conversation_html, pending_html
from web.ask.examples import MOST, examples
from web.ask.kept import KeptConversations
from web.cards import citation_link, error_html, extent_of, extent_words, message_html
from web.interface import Interface
from web.sign_in.users import user_of
from web.sources_panel import Chosen
from web.words import empty_viewer

# A fresh answer shows its source at once, where there is room beside it, and the newest question moves to the top;
# where it was refused, what is told of that comes into view.
_FRESH_SCRIPT = """watch('value', () => {
  if (matchMedia('(min-width: 901px)').matches) element.querySelector('a[data-open]')?.click();
  const refused = element.querySelector('.conversation + .message');
  if (refused) refused.scrollIntoView({block: 'center'});
  else element.querySelector('.turn.newest')?.scrollIntoView({block: 'start'});
  const token = element.querySelector('[data-kept]')?.dataset.kept;
  if (token) sessionStorage.setItem('verbatim-conversation', token);
  sessionStorage.setItem('verbatim-asking', element.querySelector('.pending .question')?.textContent || '');
})"""
# What this tab of the browser showed before it was loaded anew, or in another language. What was being asked then
# goes back into the box, unless the address asks it again.
_RECALL_SCRIPT = """() => {
  const asking = sessionStorage.getItem('verbatim-asking');
  const box = document.querySelector('#question textarea');
  if (asking && box && !box.value && asking !== new URLSearchParams(location.search).get('q')) {
    box.value = asking;
    box.dispatchEvent(new Event('input', {bubbles: true}));
  }
  return [sessionStorage.getItem('verbatim-conversation') || ''];
}"""
# An address that asks something would ask it again.
_BEGIN_SCRIPT = """() => {
  sessionStorage.removeItem('verbatim-conversation');
  history.replaceState(history.state, '', location.pathname);
}"""
# A question that was refused goes back into the box, unless another is being typed there.
_BACK_SCRIPT = """() => {
  const refused = document.querySelector('#answer [data-refused]')?.dataset.refused;
  const box = document.querySelector('#question textarea');
  if (!refused?.trim() || !box || box.value.trim()) return;
  box.value = refused;
  box.dispatchEvent(new Event('input', {bubbles: true}));
}"""
_AT_ONCE = 4  # questions that are answered at the same time


def build(
    say: Interface,
    library: Library,
    reader: Reader,
    kept: KeptConversations,
    chosen: gr.State,
    opened: Dependency,
) -> Callable[[Any], None]:
    """Lay the view out inside the current Blocks; `chosen` holds the sources that are to be asked.

    A page that is opened with `?q=` asks that; one that is loaded anew shows the conversation that `kept` has of
    it: both after `opened`, when `chosen` is as it was left. Returns a function that has the examples read anew at
    an event.
    """
    welcome = message_html(
        say("Ask your documents"),
        say("The answer is a quotation: the exact words, the page they stand on, and the source beside it."),
    )
    asked, token = gr.State(Conversation()), gr.Textbox(visible=False)
    result = gr.HTML(welcome, js_on_load=_FRESH_SCRIPT, elem_id="answer", apply_default_css=False)
    with gr.Column(elem_id="ask-bar"):
        with gr.Row(elem_classes="examples"):
            offered = [gr.Button("", visible=False, size="sm", elem_classes="example") for _ in range(MOST)]
            begin = gr.Button(say("New conversation"), size="sm", elem_id="begin")
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

    def answer(
        text: str, asked: Conversation, chosen: Chosen, request: gr.Request, *, by_itself: bool = False
    ) -> Iterator[tuple[str, Conversation, str]]:
        """The turns with a question that is being answered, then with its answer.

        The question leaves the box when it is taken; what is typed there after that is not touched. `by_itself`:
        it leans on nothing that was asked before.
        """
        before = "" if by_itself else asked.before
        filters = Filters(documents=chosen.among(library))
        searched = extent_of(library.documents(filters))
        searching = say("Searching {what}", what=extent_words(say, searched))
        yield (
            pending_html(say, asked, text, [searching, say("Reading the nearest passages")]),
            asked,
            "",
        )
        try:
            full = standalone(checked_question(text), before)
            found = ask(text, library, before=before, reader=reader, filters=filters)
            html = answer_html(say, found, library, searched)
            asked = asked.with_turn(Turn(found.question, full, found, searched, html))
            yield whole(asked, kept.keep(_user(request), asked)), asked, gr.skip()
        except VerbatimError as error:
            refused = f'<div data-refused="{escape(text)}" hidden></div>'
            yield conversation_html(say, asked) + error_html(say, error) + refused, asked, gr.skip()

    def whole(asked: Conversation, token: str) -> str:
        """All turns; the viewer shows what the last one quotes."""
        quotation = first_quotation(asked.turns[-1].result)
        opens = citation_link(say, quotation) if quotation else empty_viewer(say)
        return conversation_html(say, asked, opens=opens, token=token)

    def recall(token: str, request: gr.Request) -> tuple[str, Conversation]:
        """What stood here before, in this page's language; where that is nothing, nothing is changed: a question
        may be under way."""
        asked = kept.find(_user(request), token if isinstance(token, str) else "")
        if not asked.turns:
            return gr.skip(), gr.skip()
        shown = (earlier_answer_html(say, turn.result, library, turn.searched) for turn in asked.turns)
        asked = Conversation(
            tuple(replace(turn, html=html) for turn, html in zip(asked.turns, shown, strict=True))
        )
        return whole(asked, token), asked

    def answer_linked(
        asked: Conversation, chosen: Chosen, request: gr.Request
    ) -> Iterator[tuple[str, Conversation, str]]:
        """What the page's address asks, unless that stands there already."""
        text = request.query_params.get("q", "")
        if text.strip() and not asked.holds(text):
            yield from answer(text, asked, chosen, request, by_itself=True)
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
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    typed = gr.on([question.submit, button.click], **asking)
    recalled = opened.then(recall, token, [result, asked], js=_RECALL_SCRIPT, **quiet)
    linked = recalled.then(**asking | {"fn": answer_linked, "inputs": [asked, chosen]})
    asks = [typed, linked]
    for example in offered:
        taken = example.click(None, example, question, js="(text) => text", api_visibility="private")
        asks.append(taken.then(**asking))
    for event in asks:
        event.then(**back)
    begin.click(
        lambda: (welcome, Conversation()), None, [result, asked], js=_BEGIN_SCRIPT, cancels=asks, **quiet
    )

    def offer() -> list[gr.Button]:
        """The questions for what the library holds now; a button that has none is hidden."""
        texts = examples(say, library)
        return [gr.Button(text, visible=bool(text)) for text in (*texts, *[""] * (MOST - len(texts)))]

    def refresh_at(event: Any) -> None:
        event(offer, None, offered, **quiet)

    return refresh_at


def _user(request: gr.Request) -> str:
    """Whose conversations are asked for; "" where nobody signs in."""
    user = user_of(request)
    return user.name if user else ""
