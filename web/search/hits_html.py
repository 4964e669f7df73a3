"""Passages that a search found as HTML, its terms marked."""

from __future__ import annotations

from collections.abc import Sequence

from index.hit import Hit
from index.library import Library
from index.quotes import quoted
from ingest.document import Span
from web.cards import card_html, message_html
from web.interface import Interface
from web.text_html import Mark
from web.words import tag


def hits_html(say: Interface, query: str, hits: Sequence[Hit], library: Library) -> str:
    """The passages that a search found, best first, its terms marked."""
    if not hits:
        if phrases := quoted(query):
            told = ", ".join(f"“{phrase}”" for phrase in phrases)
            return message_html(
                say("Nothing found"),
                say(
                    "No passage holds {words} word for word. Leave the marks out for what is near.",
                    words=told,
                ),
            )
        return message_html(
            say("Nothing found"), say("No passage passes the filters. Widen them, or add documents.")
        )
    heading = say.count("{n} passage for “{query}”", "{n} passages for “{query}”", len(hits), query=query)
    cards = []
    for rank, hit in enumerate(hits, start=1):
        document = library.document(hit.passage.document_id)
        span = Span(hit.passage.start, hit.passage.end)
        marks = [Mark(term.start, term.end, "term") for term in hit.highlights]
        cards.append(card_html(say, document, span, span, marks, rank=rank))
    return f'<div class="result">{tag("h2", heading, "lead")}{"".join(cards)}</div>'
