"""The source viewer: a document as a page of its own, opened at a quotation. No script runs in it."""

from __future__ import annotations

from html import escape

from index.library import Library
from ingest.document import Document
from web.text_html import Mark, text_html
from web.words import count, file_name, is_web_address, language_name, source_link, tag

# Nothing but text and our own style sheet: even if escaping failed, no script would run.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

LONGEST_QUOTE = 500  # characters
_FORMATS = {"markdown": "Markdown", "text": "plain text"}  # others are known by their initials


def document_page(document: Document, start: int | None = None, end: int | None = None) -> str:
    """The whole document; `[start, end)`, if it is a part of the text, is marked and has the id "quote"."""
    marks = []
    if start is not None and end is not None and 0 <= start < end <= len(document.text):
        # A passage is no quotation: it is tinted, so that a page of it can still be read.
        marks.append(Mark(start, end, "quote" if end - start <= LONGEST_QUOTE else "quote passage"))
    text = text_html(document, 0, len(document.text), marks, anchors=True)
    main = f'<main class="text" lang="{escape(document.language)}" dir="auto">{text}</main>'
    return _page(document.title, _head(document, "text", quoted=bool(marks)) + main)


def passages_page(document: Document, library: Library) -> str:
    """The document's passages as the index holds them, each with a link to its place in the text."""
    items = []
    for number, passage in enumerate(library.passages(document.id), start=1):
        page = document.page_at(passage.start)
        place = f"page {page.label}" if page.label else ""
        link = source_link(document.id, passage.start, passage.end)
        items.append(
            f'<li><p class="place"><a href="{link}">Passage {number}</a> {escape(place)}</p>'
            f'<div class="text">{text_html(document, passage.start, passage.end)}</div></li>'
        )
    passages = f'<ol class="passages">{"".join(items)}</ol>'
    main = f'<main lang="{escape(document.language)}" dir="auto">{passages}</main>'
    return _page(document.title, _head(document, "passages") + main)


def empty_page() -> str:
    """What the viewer shows before anything was opened."""
    return _page(
        "Source",
        '<main class="empty"><h1>The source</h1>'
        "<p>Every quotation opens here, at its exact place in the document it comes from.</p></main>",
    )


def missing_page(message: str) -> str:
    """For a document that is not, or no longer, in the library."""
    return _page("Not found", f'<main class="empty"><h1>Not in the library</h1>{tag("p", message)}</main>')


def _head(document: Document, view: str, *, quoted: bool = False) -> str:
    language = language_name(document.language) if document.language else ""
    pages = count(len(document.pages), "page") if document.pages[0].label else ""
    facts = [
        ", ".join(document.authors),
        document.published,
        language,
        pages,
        _FORMATS.get(document.format, document.format.upper()),
    ]
    name = escape(file_name(document.source))
    if is_web_address(document.source):
        address = escape(document.source)
        name = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{name}</a>'
    views = ""
    for this, label, query in (("text", "Text", ""), ("passages", "Passages", "?view=passages")):
        current = ' aria-current="page"' if view == this else ""
        views += f'<a href="{source_link(document.id)}{query}"{current}>{label}</a>'
    if quoted:
        views += '<a href="#quote">Back to the quotation</a>'
    return (
        f'<header><h1 lang="{escape(document.language)}" dir="auto">{escape(document.title)}</h1>'
        f'<p class="facts">{" · ".join(escape(fact) for fact in facts if fact)}</p>'
        f'<p class="facts">{name} · <a href="/original/{document.id}">Download original</a></p>'
        f"<nav>{views}</nav></header>"
    )


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style/source.css"></head>'
        f"<body>{body}</body></html>"
    )
