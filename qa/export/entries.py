"""Collected quotations, grouped by document: what every format writes.

In: Collected. Out: Entries, each with a citation key of its own and the work's fields on single lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Literal

from index.hit import DocumentCard
from ingest.document import Document, Metadata
from ingest.formats.draft import clean, one_line
from qa.answer import Citation

from .names import Name, parted

# What a work is to a bibliography: a document's type, else whether it stands on the web.
Kind = Literal["article", "paper", "report", "law", "statistics", "page", "other"]
_KINDS: dict[str, Kind] = {
    "article": "article",
    "paper": "paper",
    "report": "report",
    "law": "law",
    "statistics": "statistics",
}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Collected:
    """A quotation that a user kept: with what is known of its document, and the day it was last read there.

    `note` is the user's own, `question` what it answered.
    """

    citation: Citation
    work: Metadata
    accessed: date
    note: str = ""
    question: str = ""

    @property
    def quote(self) -> str:
        """The document's words, their line breaks kept."""
        return clean(self.citation.quote)

    @property
    def page(self) -> str:
        """The label printed on the page, else its number; "" in a format without pages, whose only page has none."""
        label = one_line(self.citation.page_label)
        return label or (str(self.citation.page) if self.citation.page > 1 else "")

    @property
    def line(self) -> str:
        """All there is to say of the quotation, on one line."""
        section = one_line(self.citation.section)
        place = ", ".join(filter(None, [f"p. {self.page}" if self.page else "", section]))
        quoted = f"“{one_line(self.quote)}”" + (f" ({place})" if place else "")
        remarks = (f"{label}: {text}" for label, text in self.remarks)
        return " · ".join([quoted, *remarks, f"Accessed: {self.accessed.isoformat()}"])

    @property
    def remarks(self) -> tuple[tuple[str, str], ...]:
        """The user's note and question, each on one line with its label; nothing for what is not there."""
        found = (("Note", one_line(self.note)), ("Question", one_line(self.question)))
        return tuple((label, text) for label, text in found if text)


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as a bibliography names it, and what was quoted from it. Every string is one line."""

    key: str
    kind: Kind
    title: str
    authors: tuple[Name, ...]
    publisher: str
    published: str  # ISO 8601: "2012", "2012-10", "2012-10-17", or ""
    language: str
    doi: str
    url: str
    quotations: tuple[Collected, ...]

    @property
    def accessed(self) -> date:
        """The last day on which one of its quotations was read."""
        return max(quotation.accessed for quotation in self.quotations)

    @property
    def container(self) -> str:
        """The newspaper or site that the work is part of; "" where the publisher only published it."""
        return self.publisher if self.kind in ("article", "page") else ""


def work_of(document: Document | DocumentCard) -> Metadata:
    """What a document says of itself, as a bibliography wants it."""
    return Metadata(
        title=document.title,
        authors=document.authors,
        publisher=document.publisher,
        published=document.published,
        language=document.language,
        type=document.type,
        doi=document.doi,
        url=document.url,
    )


def entries_of(quotations: Iterable[Collected]) -> tuple[Entry, ...]:
    """One entry for each document, in the order in which they first appear; the first quotation says what it is."""
    grouped: dict[str, list[Collected]] = {}
    for quotation in quotations:
        grouped.setdefault(quotation.citation.document_id, []).append(quotation)
    keys: set[str] = set()
    return tuple(_entry(found, keys) for found in grouped.values())


def _entry(quotations: list[Collected], keys: set[str]) -> Entry:
    first = quotations[0]
    work = first.work
    authors = tuple(parted(name) for name in map(one_line, work.authors) if name)
    published = work.published if _is_date(work.published) else ""
    url = one_line(work.url)
    key = next(key for key in _keys(first.citation.document_id, authors, published) if key not in keys)
    keys.add(key)
    return Entry(
        key=key,
        kind=_KINDS.get(work.type, "page" if url else "other"),
        title=one_line(work.title) or one_line(first.citation.title),
        authors=authors,
        publisher=one_line(work.publisher),
        published=published,
        language=one_line(work.language),
        doi=one_line(work.doi),
        url=url,
        quotations=tuple(quotations),
    )


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    try:
        return bool(match and date(int(match[1]), int(match[2] or 1), int(match[3] or 1)))
    except ValueError:
        return False


def _keys(document_id: str, authors: tuple[Name, ...], published: str) -> Iterator[str]:
    """Citation keys in the letters that BibTeX allows: "fumagalli2012", "fumagalli2012-2", …

    A name in another script than Latin has none of them: the key is then the document's, "doc-3f2a9c01-2012".
    """
    year = published[:4]
    family = (
        re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", authors[0].family).casefold()) if authors else ""
    )
    own = re.sub(r"[^a-z0-9]", "", document_id)[:8]
    base = f"{family[:20]}{year}" if family else "-".join(filter(None, ("doc", own, year)))
    yield base
    yield from (f"{base}-{number}" for number in count(2))
