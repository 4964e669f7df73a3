"""A document as text, its quotation marked, and as the passages that the index holds."""

from __future__ import annotations

from html import escape

from index.library import Library
from ingest.document import Document, Span
from web.interface import Interface
from web.source.address import Address, is_paged
from web.source.frame import Shown, language_of, misplaced_note, shown
from web.source.outline import outline
from web.text_html import Mark, text_html

LONGEST_QUOTE = 500  # characters


def text_view(say: Interface, document: Document, address: Address) -> Shown:
    """The whole text; the quotation is marked and has the id "quote"."""
    marks = []
    quote = address.quote
    if quote:
        # A passage is no quotation: it is tinted, so that a page of it can still be read.
        kind = "quote" if quote.end - quote.start <= LONGEST_QUOTE else "quote passage"
        marks.append(Mark(quote.start, quote.end, kind))
    text = text_html(document, 0, len(document.text), marks, anchors=True, say=say)
    sections = outline(
        say, document, quote.start if quote else 0, lambda section: address.href(f"section-{section.start}")
    )
    back = f'<a class="back" href="#quote">{escape(say("Back to the quotation"))}</a>' if quote else ""
    main = (
        f"<main>{misplaced_note(say, address)}{sections}"
        f'<div class="text" {language_of(document)}>{text}</div></main>'
    )
    return shown(say, document, address, back, main)


def passages_view(say: Interface, document: Document, library: Library, address: Address) -> Shown:
    """The document's passages as the index holds them, each with a link to its place."""
    opened = "page" if is_paged(document) else "text"
    items = []
    for number, passage in enumerate(library.passages(document.id), start=1):
        page = document.page_at(passage.start)
        place = say("page {label}", label=page.label) if page.label else ""
        quote = Span(passage.start, passage.end)
        link = address.href("quote", view=opened, quote=quote, page=page.number)
        called = say("Passage {number}", number=say.number(number))
        items.append(
            f'<li><p class="place"><a href="{link}">{escape(called)}</a> {escape(place)}</p>'
            f'<div class="text" {language_of(document)}>'
            f"{text_html(document, passage.start, passage.end, say=say)}</div></li>"
        )
    main = f'<main>{misplaced_note(say, address)}<ol class="passages">{"".join(items)}</ol></main>'
    return shown(say, document, address, "", main)
