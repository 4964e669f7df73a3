"""Quotations and messages as HTML: the pieces that every view of the page is made of.

Whatever comes from a document or a user is escaped here, by `tag`, or by `text_html`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from index.hit import DocumentCard
from index.library import Library
from ingest import sentences
from ingest.document import Document, Span
from ingest.errors import VerbatimError
from qa.answer import Citation
from web.interface import Interface
from web.text_html import Mark, text_html
from web.words import empty_viewer, file_name, sentence, source_link, tag


def clear_viewer(say: Interface) -> str:
    """Has the viewer show nothing: the page follows the link of a fresh result that is marked with data-open."""
    return f'<a data-open href="{empty_viewer(say)}" target="source" hidden></a>'


def message_html(title: str, text: str) -> str:
    """A note where a result would stand."""
    return f'<div class="message" role="status">{tag("h2", title)}{tag("p", text)}</div>'


def error_html(say: Interface, error: VerbatimError) -> str:
    """A refusal, in the page's language."""
    return message_html(say("That did not work"), sentence(say, error.told))


def citation_link(say: Interface, citation: Citation) -> str:
    """The address of a quotation in the viewer."""
    return source_link(say, citation.document_id, citation.start, citation.end)


def citation_card(say: Interface, citation: Citation, library: Library) -> str:
    """A quotation with the sentence before it and the one after."""
    document = library.document(citation.document_id)
    around = passage_around(citation, library)
    headings = {section.start for section in document.sections if section.heading}
    spans = [s for s in sentences(document, around.start, around.end) if s.start not in headings]
    before = [span.start for span in spans if span.end <= citation.start]
    after = [span.end for span in spans if span.start >= citation.end]
    near = Span(before[-1] if before else citation.start, after[0] if after else citation.end)
    mark = Mark(citation.start, citation.end, "quote")
    return card_html(say, document, Span(citation.start, citation.end), near, [mark])


def card_html(
    say: Interface,
    document: Document,
    target: Span,
    shown: Span,
    marks: Sequence[Mark],
    *,
    rank: int = 0,
) -> str:
    """The text `shown` of a document with where it stands; its link opens `target`, its button collects that."""
    link = source_link(say, document.id, target.start, target.end)
    language = f'lang="{escape(document.language)}" dir="auto"'
    title = escape(document.title)
    lead = f'<span class="rank">{rank}</span>' if rank else ""
    place = f'data-document="{document.id}" data-start="{target.start}" data-end="{target.end}"'
    return (
        f'<article class="card" tabindex="-1"><header>{lead}<h3 {language} title="{title}">{title}</h3></header>'
        f"{where_html(say, document, target.start)}"
        f'<div class="passage" {language}>{text_html(document, shown.start, shown.end, marks)}</div>'
        f'<footer><a class="open" href="{link}" target="source">{escape(say("Open source"))}</a>'
        f'<button type="button" class="collect" {place}>{escape(say("Collect"))}</button>'
        f'<span class="file">{escape(file_name(document.source))}</span></footer></article>'
    )


def where_html(say: Interface, document: Document, at: int) -> str:
    """What a reader finds the place by: page, section, date and language."""
    page = document.page_at(at)
    where = [
        say("page {label}", label=page.label) if page.label else "",
        (document.section_path(at) or ("",))[-1],
        document.published,
        say.language_of(document.language) if document.language else "",
    ]
    places = "".join(f"<li>{escape(place)}</li>" for place in where if place and place != document.title)
    return f'<ul class="where">{places}</ul>'


def passage_around(citation: Citation, library: Library) -> Span:
    """The passage that the quotation stands in, widened where the quotation runs beyond it."""
    passages = library.passages(citation.document_id)
    index = bisect_right(passages, citation.start, key=lambda passage: passage.start) - 1
    if index < 0 or passages[index].end <= citation.start:
        return Span(citation.start, citation.end)
    return Span(passages[index].start, max(passages[index].end, citation.end))


@dataclass(frozen=True, slots=True)
class Extent:
    """How much some documents are together; `languages` by their codes, in any order."""

    documents: int
    passages: int
    languages: tuple[str, ...]


def extent_of(cards: Iterable[DocumentCard]) -> Extent:
    """How much these documents are."""
    held = tuple(cards)
    languages = dict.fromkeys(card.language for card in held if card.language)
    return Extent(len(held), sum(card.passages for card in held), tuple(languages))


def extent_words(say: Interface, extent: Extent) -> str:
    """ "16 documents · 58 passages · English, Korean"."""
    languages = sorted({say.language_of(code) for code in extent.languages})
    counted = [
        say.count("{n} document", "{n} documents", extent.documents),
        say.count("{n} passage", "{n} passages", extent.passages),
    ]
    return " · ".join([*counted, ", ".join(languages)])
