"""The frame around every view of a document: its title and facts, the switch of views, and messages."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from html import escape

from ingest.document import Document
from web.source.address import Address, first_page, is_paged, quoted_pages
from web.words import count, file_name, is_web_address, language_name, tag

_FORMATS = {"markdown": "Markdown", "text": "plain text"}  # others are known by their initials
_VIEWS = {"page": "Page", "text": "Text", "passages": "Passages"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A finished page. `style` is the one style element in it: where the boxes stand."""

    html: str
    style: str = ""

    @property
    def content_security_policy(self) -> str:
        """Text, pictures of pages and our own styles: even if escaping failed, no script would run."""
        styles = "'self'"
        if self.style:
            styles += f" 'sha256-{b64encode(sha256(self.style.encode()).digest()).decode()}'"
        return (
            f"default-src 'none'; style-src {styles}; img-src 'self'; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'self'"
        )


def shown(document: Document, address: Address, tools: str, main: str, style: str = "") -> Shown:
    """A view of a document in its frame; `tools` stand beside the switch of views."""
    bar = f'<div class="tools">{_views(document, address)}{tools}</div>'
    return _page(document.title, _about(document) + bar + main, address.theme, style)


def empty_page(theme: str = "") -> Shown:
    """What the viewer shows before anything was opened."""
    return _page(
        "Source",
        '<main class="empty"><h1>The source</h1>'
        "<p>Every quotation opens here, at its exact place in the document it comes from.</p></main>",
        theme,
    )


def missing_page(theme: str = "") -> Shown:
    """For a document that is not, or no longer, in the library."""
    message = "This document is not in the library. It may have been removed."
    return _page(
        "Not found", f'<main class="empty"><h1>Not in the library</h1>{tag("p", message)}</main>', theme
    )


def no_such_page(document: Document, reason: str, theme: str = "") -> Shown:
    """For a page that the document does not have."""
    address = Address(document.id, "page" if is_paged(document) else "text", theme=theme)
    main = (
        f'<main class="message"><h2>No such page</h2>{tag("p", reason)}'
        f'<p><a href="{address.href()}">Open the first page</a></p></main>'
    )
    return shown(document, address, "", main)


def language_of(document: Document) -> str:
    """The attributes of an element that holds words of a document."""
    return f'lang="{escape(document.language)}" dir="auto"'


def misplaced_note(address: Address) -> str:
    """Said where an address asked for a place that the text does not have."""
    message = "The link names no place in this document, so nothing is marked."
    return tag("p", message if address.misplaced else "", "note")


def _about(document: Document) -> str:
    facts = [
        ", ".join(document.authors),
        document.published,
        language_name(document.language) if document.language else "",
        count(len(document.pages), "page") if document.pages[0].label else "",
        _FORMATS.get(document.format, document.format.upper()),
    ]
    name = escape(file_name(document.source))
    if is_web_address(document.source):
        address = escape(document.source)
        name = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{name}</a>'
    return (
        f"<header><h1 {language_of(document)}>{escape(document.title)}</h1>"
        f'<p class="facts">{" · ".join(escape(fact) for fact in facts if fact)}</p>'
        f'<p class="facts">{name} · <a href="/original/{document.id}">Download original</a></p></header>'
    )


def _views(document: Document, address: Address) -> str:
    """Page | Text | Passages; each opens where this one stands."""
    links = []
    for view, called in _VIEWS.items():
        if view == "page" and not is_paged(document):
            continue
        current = ' aria-current="page"' if view == address.view else ""
        links.append(f'<a href="{_same_place(document, address, view)}"{current}>{called}</a>')
    return f'<nav class="views" aria-label="Views">{"".join(links)}</nav>'


def _same_place(document: Document, address: Address, view: str) -> str:
    on_page = {page.number for page in quoted_pages(document, address.quote)}
    at_quote = address.quote is not None and (address.view != "page" or address.page in on_page)
    if view == "passages":
        return address.href(view=view)
    if view == "page":
        page = first_page(document, address.quote) if address.view != "page" else address.page
        return address.href("quote" if at_quote else "", view=view, page=page)
    if at_quote:
        return address.href("quote", view=view)
    return address.href(f"page-{address.page}" if address.view == "page" else "", view=view)


def _page(title: str, body: str, theme: str, style: str = "") -> Shown:
    themed = f' data-theme="{theme}"' if theme else ""
    own = f"<style>{style}</style>" if style else ""
    html = (
        f'<!doctype html><html lang="en"{themed}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style/source.css">{own}</head>'
        f"<body>{body}</body></html>"
    )
    return Shown(html, style)
