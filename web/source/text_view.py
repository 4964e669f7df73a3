"""A document as text, its quotation marked, and as the passages that the index holds."""

from __future__ import annotations

from html import escape

from index.library import Library
from ingest.document import Document
from web.interface import Interface
from web.source.address import Address
from web.source.frame import Shown, language_of, misplaced_note, shown
from web.source.outline import outline
from web.text_html import Mark, text_html
from web.words import source_link

LONGEST_QUOTE = 500  # characters


def text_view(document: Document, address: Address) -> Shown:
    """The whole text; the quotation is marked and has the id "quote"."""
    marks = []
    quote = address.quote
    if quote:
        # A passage is no quotation: it is tinted, so that a page of it can still be read.
        kind = "quote" if quote.end - quote.start <= LONGEST_QUOTE else "quote passage"
        marks.append(Mark(quote.start, quote.end, kind))
    text = text_html(document, 0, len(document.text), marks, anchors=True)
    sections = outline(
        document, quote.start if quote else 0, lambda section: address.href(f"section-{section.start}")
    )
    back = '<a class="back" href="#quote">Back to the quotation</a>' if quote else ""
    main = (
        f"<main>{misplaced_note(address)}{sections}"
        f'<div class="text" {language_of(document)}>{text}</div></main>'
    )
    return shown(document, address, back, main)


def passages_view(document: Document, library: Library, address: Address) -> Shown:
    """The document's passages as the index holds them, each with a link to its place."""
    theme = f"&amp;theme={address.theme}" if address.theme else ""
    items = []
    for number, passage in enumerate(library.passages(document.id), start=1):
        page = document.page_at(passage.start)
        place = f"page {page.label}" if page.label else ""
        link = source_link(Interface(), document.id, passage.start, passage.end).replace("#quote", f"{theme}#quote")
        items.append(
            f'<li><p class="place"><a href="{link}">Passage {number}</a> {escape(place)}</p>'
            f'<div class="text" {language_of(document)}>'
            f"{text_html(document, passage.start, passage.end)}</div></li>"
        )
    main = f'<main>{misplaced_note(address)}<ol class="passages">{"".join(items)}</ol></main>'
    return shown(document, address, "", main)
