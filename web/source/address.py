"""What of a document is to be shown, and how: read from an address, written into links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any
from urllib.parse import urlencode

from ingest.document import Document, Page, Span
from ingest.errors import NoSuchPage
from ingest.told import Told
from web.interface import ENGLISH, NAMES, Interface

ZOOMS = ("fit", "100", "150", "200")  # the width that there is, or percent of the printed size
THEMES = ("light", "dark")
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Address:
    """One view of one document. `view` is "page", "text" or "passages"; `page` is physical, from 1.

    `quote` is the quotation to mark; `misplaced` says that one was asked for which the text does not hold.
    `theme` is "light", "dark", or "" for what the reader's system prefers; `language` is the interface's.
    """

    document_id: str
    view: str = "text"
    quote: Span | None = None
    page: int = 1
    zoom: str = "fit"
    theme: str = ""
    language: str = ENGLISH
    misplaced: bool = False

    def href(self, fragment: str = "", **changes: Any) -> str:
        """The link to this view, or to one that differs from it; safe inside an attribute."""
        to = replace(self, **changes)
        return escape(f"/source/{to.document_id}?{urlencode(to.query)}{'#' + fragment if fragment else ''}")

    @property
    def query(self) -> dict[str, str | int]:
        """What `asked` reads this view from."""
        query: dict[str, str | int] = {"view": self.view}
        if self.quote:
            query |= {"start": self.quote.start, "end": self.quote.end}
        if self.view == "page":
            query |= {"page": self.page}
        if self.zoom != "fit":
            query |= {"zoom": self.zoom}
        if self.theme:
            query |= {"theme": self.theme}
        if self.language != ENGLISH:
            query |= {"lang": self.language}
        return query


def is_paged(document: Document) -> bool:
    """Whether its pages can be shown as pictures."""
    return document.format == "pdf"


def asked(document: Document, query: Mapping[str, str]) -> Address:
    """What a query asks to see of a document; a PDF opens as its pages, at the quotation.

    Raises NoSuchPage where it names a page that the document does not have.
    """
    quote = _span(document, query)
    view = query.get("view", "")
    if view not in ("text", "passages"):
        view = "page" if is_paged(document) else "text"
    zoom = query.get("zoom", "")
    return Address(
        document.id,
        view,
        quote,
        _page(document, query, quote) if view == "page" else first_page(document, quote),
        zoom if zoom in ZOOMS else "fit",
        theme_of(query),
        interface_of(query).language,
        misplaced=quote is None and bool(query.get("start") or query.get("end")),
    )


def without_missing_page(document: Document, query: Mapping[str, str]) -> Address:
    """The same view at a page that there is: where the reader was, else where the document opens."""
    number = whole(query.get("page", "")) or 0
    left_out = {"label"} if 1 <= number <= len(document.pages) else {"label", "page"}
    return asked(document, {name: value for name, value in query.items() if name not in left_out})


def theme_of(query: Mapping[str, str]) -> str:
    """The theme that a query asks for, "" for none."""
    theme = query.get("theme", "")
    return theme if theme in THEMES else ""


def interface_of(query: Mapping[str, str]) -> Interface:
    """The words of the interface that a query asks for; English ones where it names no language of NAMES."""
    language = query.get("lang", "")
    return Interface(language if language in NAMES else ENGLISH)


def quoted_pages(document: Document, quote: Span | None) -> list[Page]:
    """The pages on which something of a quotation is printed, in order."""
    if quote is None:
        return []
    return [
        page
        for page in document.pages
        if page.start < quote.end
        and quote.start < page.end
        and document.text[max(page.start, quote.start) : min(page.end, quote.end)].strip()
    ]


def first_page(document: Document, quote: Span | None) -> int:
    """The number of the page where the quotation's first character is, 1 without one."""
    return next((page.number for page in quoted_pages(document, quote)), 1)


def label_of(page: Page) -> str:
    """What is printed on a page, or its number where nothing is."""
    return page.label or str(page.number)


def whole(text: str) -> int | None:
    """A number from 0 written in plain digits; None for everything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _span(document: Document, query: Mapping[str, str]) -> Span | None:
    start, end = whole(query.get("start", "")), whole(query.get("end", ""))
    if start is None or end is None or not start < end <= len(document.text):
        return None
    return Span(start, end)


def _page(document: Document, query: Mapping[str, str], quote: Span | None) -> int:
    if label := query.get("label", "").strip():
        return _labelled(document, label, whole(query.get("page", "")) or 0)
    if not (text := query.get("page", "")):
        return first_page(document, quote)
    number = whole(text)
    if number is None or not 1 <= number <= len(document.pages):
        raise NoSuchPage(
            document.source,
            Told(
                "There is no page {page}; the document has {extent}.",
                page=text[:40],
                extent=_extent(document),
            ),
        )
    return number


def _labelled(document: Document, label: str, current: int) -> int:
    """The next page after `current` with this printed label, since parts of a document may be counted anew;
    case does not count where no label has just that."""
    pages = document.pages[current:] + document.pages[:current]
    for same in (str, str.casefold):
        for page in pages:
            if same(label_of(page)) == same(label):
                return page.number
    first, last = label_of(document.pages[0]), label_of(document.pages[-1])
    raise NoSuchPage(
        document.source,
        Told(
            "No page is labelled “{label}”; the labels run from {first} to {last}, on {extent}.",
            label=label[:40],
            first=first,
            last=last,
            extent=_extent(document),
        ),
    )


def _extent(document: Document) -> str:
    count = len(document.pages)
    return Told.counted("{n} page", "{n} pages", count)
