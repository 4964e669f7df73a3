"""The frame around every view of a document: its title and facts, the switch of views, and messages."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from html import escape

from ingest.document import Document
from web.interface import Interface
from web.source.address import Address, first_page, is_paged, quoted_pages
from web.words import file_name, is_web_address, language_query, tag


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


def shown(
    say: Interface, document: Document, address: Address, tools: str, main: str, style: str = ""
) -> Shown:
    """A view of a document in its frame; `tools` stand beside the switch of views."""
    bar = f'<div class="tools">{_views(say, document, address)}{tools}</div>'
    return _page(say, document.title, _about(say, document) + bar + main, address.theme, style)


def empty_page(say: Interface, theme: str = "") -> Shown:
    """What the viewer shows before anything was opened."""
    told = say("Every quotation opens here, at its exact place in the document it comes from.")
    main = f'<main class="empty">{tag("h1", say("The source"))}{tag("p", told)}</main>'
    return _page(say, say("The source"), main, theme)


def missing_page(say: Interface, theme: str = "") -> Shown:
    """For a document that is not, or no longer, in the library."""
    told = say("This document is not in the library. It may have been removed.")
    main = f'<main class="empty">{tag("h1", say("Not in the library"))}{tag("p", told)}</main>'
    return _page(say, say("Not in the library"), main, theme)


def language_of(document: Document) -> str:
    """The attributes of an element that holds words of a document."""
    return f'lang="{escape(document.language)}" dir="auto"'


def misplaced_note(say: Interface, address: Address) -> str:
    """Said where an address asked for a place that the text does not have."""
    if not address.misplaced:
        return ""
    return tag("p", say("The link names no place in this document, so nothing is marked."), "note")


def _about(say: Interface, document: Document) -> str:
    facts = [
        ", ".join(document.authors),
        document.published,
        say.language_of(document.language) if document.language else "",
        say.count("{n} page", "{n} pages", len(document.pages)) if document.pages[0].label else "",
        _format(say, document.format),
    ]
    name = escape(file_name(document.source))
    if is_web_address(document.source):
        address = escape(document.source)
        name = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{name}</a>'
    return (
        f"<header><h1 {language_of(document)}>{escape(document.title)}</h1>"
        f'<p class="facts">{" · ".join(escape(fact) for fact in facts if fact)}</p>'
        f'<p class="facts">{name} · <a href="/original/{document.id}{language_query(say)}">'
        f"{escape(say('Download original'))}</a></p></header>"
    )


def _format(say: Interface, name: str) -> str:
    """The initials that most formats are known by, or a word."""
    return {"markdown": "Markdown", "text": say("plain text")}.get(name, name.upper())


def _views(say: Interface, document: Document, address: Address) -> str:
    """Page | Text | Passages; each opens where this one stands."""
    views = {"page": say("Page"), "text": say("Text"), "passages": say("Passages")}
    links = []
    for view, called in views.items():
        if view == "page" and not is_paged(document):
            continue
        current = ' aria-current="page"' if view == address.view else ""
        links.append(f'<a href="{_same_place(document, address, view)}"{current}>{escape(called)}</a>')
    return f'<nav class="views" aria-label="{escape(say("Views"))}">{"".join(links)}</nav>'


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


def _page(say: Interface, title: str, body: str, theme: str, style: str = "") -> Shown:
    themed = f' data-theme="{theme}"' if theme else ""
    own = f"<style>{style}</style>" if style else ""
    html = (
        f'<!doctype html><html lang="{say.language}"{themed}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style/source.css">{own}</head>'
        f"<body>{body}</body></html>"
    )
    return Shown(html, style)
