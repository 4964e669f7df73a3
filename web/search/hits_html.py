"""Passages that a search found as HTML, its terms marked, and what to do where there are none."""

from __future__ import annotations

from collections.abc import Sequence

from index.hit import Hit
from index.library import Library
from index.quotes import quoted
from ingest.document import Span
from web.cards import card_html, message_html
from web.interface import Interface
from web.search.facets import NEAREST
from web.text_html import Mark
from web.words import tag


def hits_html(
    say: Interface, query: str, hits: Sequence[Hit], library: Library, *, found: int, corrected: str = ""
) -> str:
    """The passages that are shown of those `found`, its terms marked; `corrected` is what was searched for instead."""
    if found == NEAREST:
        heading = say("The {n} nearest passages for “{query}”", n=say.number(found), query=query)
    else:
        heading = say.count("{n} passage for “{query}”", "{n} passages for “{query}”", found, query=query)
    told = say("Searched for “{question}”", question=corrected) if corrected else ""
    cards = []
    for rank, hit in enumerate(hits, start=1):
        document = library.document(hit.passage.document_id)
        span = Span(hit.passage.start, hit.passage.end)
        marks = [Mark(term.start, term.end, "term") for term in hit.highlights]
        cards.append(card_html(say, document, span, span, marks, rank=rank))
    head = f'<div role="status">{tag("h2", heading, "lead")}{tag("p", told, "understood")}</div>'
    return f'<div class="result">{head}{"".join(cards)}</div>'


def nothing_html(say: Interface, query: str, *, picked: bool, chosen: int) -> str:
    """Why no passage was found, and what to do: a phrase, `picked` facets, or the `chosen` sources keep all out."""
    told = []
    if phrases := quoted(query):
        told.append(
            say(
                "No passage holds {words} word for word. Leave the marks out for what is near.",
                words=", ".join(f"“{phrase}”" for phrase in phrases),
            )
        )
    if picked:
        told.append(say("No passage has all that is picked. Clear the picks to search everything."))
    if chosen:
        told.append(only_ticked(say, chosen))
    if not told:
        told.append(say("The library holds no passages. Add documents under Library."))
    return message_html(say("Nothing found"), " ".join(told))


def only_ticked(say: Interface, chosen: int) -> str:
    """That the ticks on the left narrowed the search."""
    return say.count(
        "Only the source ticked on the left was searched.",
        "Only the {n} sources ticked on the left were searched.",
        chosen,
    )
