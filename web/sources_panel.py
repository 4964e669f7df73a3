"""The column of sources: every document by title, to be opened, or ticked so that it alone is asked and searched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr
from gradio.events import Dependency

from index.library import Library
from web.interface import Interface
from web.words import source_link, tag

MOST_LISTED = 500  # beyond that a list is no help; Search narrows by document too

# Ticks become an event that carries the ids of what is ticked; Gradio's own "change" is that of the list.
# On a phone the list is folded until it is opened; a tab of the browser keeps which, and what is ticked.
_SCRIPT = """const KEPT = 'verbatim-sources';
const fold = () => {
  const open = sessionStorage.getItem(KEPT) === 'open';
  element.querySelector('.fold')?.setAttribute('aria-expanded', String(open));
  element.querySelector('#source-rows')?.classList.toggle('folded', !open);
};
element.addEventListener('click', (click) => {
  const button = click.target.closest('.fold');
  if (!button) return;
  sessionStorage.setItem(KEPT, button.getAttribute('aria-expanded') === 'true' ? 'folded' : 'open');
  fold();
});
element.addEventListener('change', (change) => {
  if (!change.target.matches('input[name=source]')) return;
  const ticked = [...element.querySelectorAll('input[name=source]:checked')].map((box) => box.value);
  sessionStorage.setItem('verbatim-ticked', ticked.join(' '));
  trigger('click', {ticked});
});
watch('value', fold);
fold();"""
_KEPT_SCRIPT = "() => [sessionStorage.getItem('verbatim-ticked') || '']"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The documents that a reader ticked; none of them means all."""

    ids: tuple[str, ...] = ()

    def among(self, library: Library) -> tuple[str, ...]:
        """Those that the library still holds: what was removed since narrows nothing."""
        held = {card.id for card in library.documents()} if self.ids else set()
        return tuple(id for id in self.ids if id in held)


def build(
    say: Interface, library: Library, page: gr.Blocks
) -> tuple[gr.State, Dependency, Callable[[Any], None]]:
    """Lay the panel out; returns what is ticked, the event after which that is as this tab of the browser left it,
    and a function that has the list read anew at an event."""
    chosen, kept = gr.State(Chosen()), gr.Textbox(visible=False)
    panel = gr.HTML("", js_on_load=_SCRIPT, elem_id="source-list", apply_default_css=False)

    def ticked(event: gr.EventData) -> Chosen:
        return Chosen(tuple(id for id in event.ticked if isinstance(id, str)))

    def ticked_again(kept: str) -> tuple[Chosen, str]:
        ids = Chosen(tuple(kept.split()) if isinstance(kept, str) else ()).among(library)
        return Chosen(ids), panel_html(say, library, Chosen(ids))

    private: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    panel.click(ticked, None, chosen, **private)
    opened = page.load(ticked_again, kept, [chosen, panel], js=_KEPT_SCRIPT, **private)

    def refresh_at(event: Any) -> None:
        event(lambda chosen: panel_html(say, library, chosen), chosen, panel, **private)

    return chosen, opened, refresh_at


def panel_html(say: Interface, library: Library, chosen: Chosen) -> str:
    """The list, with a box that narrows it by words of the titles (desk.js).

    Its head is a button on a phone, where it folds the list, and plain text beside the views.
    """
    cards = library.documents()
    rows = []
    for card in cards[:MOST_LISTED]:
        ticked = " checked" if card.id in chosen.ids else ""
        title, language = escape(card.title), escape(card.language)
        details = " · ".join(filter(None, [card.published[:4], say.language_of(card.language)]))
        rows.append(
            f'<li><input type="checkbox" name="source" value="{card.id}"{ticked} '
            f'aria-label="{escape(say("Ask only"))}: {title}">'
            f'<a href="{source_link(say, card.id)}" target="source" title="{title}"><span lang="{language}" dir="auto">'
            f"{title}</span>{tag('small', details)}</a></li>"
        )
    more = len(cards) - len(rows)
    told = say.count("{n} more document", "{n} more documents", more) if more else ""
    empty = tag("p", say("No documents yet: add some under Library."), "hint") if not cards else ""
    head = f'{escape(say("Sources"))} <span class="number">{say.number(len(cards))}</span>'
    return (
        f'<h2><span>{head}</span><button type="button" class="fold" aria-expanded="false" '
        f'aria-controls="source-rows">{head}</button></h2><div id="source-rows" class="folded">'
        f'<input type="search" class="narrow" placeholder="{escape(say("Find a source"))}" '
        f'aria-label="{escape(say("Find a source"))}">'
        f'<p class="hint">{escape(say("Tick some to ask only these."))}</p>'
        f"<ul>{''.join(rows)}</ul>{tag('p', told, 'hint')}{empty}</div>"
    )
