"""A span of a document becomes a Citation: verified, with its page and section.

This is the only place where a Citation is made, so that every quotation shown is one.
"""

from __future__ import annotations

from ingest.document import Document
from ingest.told import Told
from qa.answer import Citation
from qa.errors import QuoteNotFound


def cite(document: Document, start: int, end: int, score: float) -> Citation:
    """The quotation `document.text[start:end]`, located: its page and section are those it begins in.

    Raises QuoteNotFound where the span is outside the document, empty, or white space alone.
    """
    if not 0 <= start < end <= len(document.text):
        raise QuoteNotFound(
            Told(
                "{source}: characters {start} to {end} are no part of a text of {length}",
                source=document.source,
                start=str(start),
                end=str(end),
                length=len(document.text),
            )
        )
    quote = document.text[start:end]
    if not quote.strip():
        raise QuoteNotFound(
            Told(
                "{source}: characters {start} to {end} are blank",
                source=document.source,
                start=str(start),
                end=str(end),
            )
        )
    page = document.page_at(start)
    return Citation(
        document_id=document.id,
        title=document.title,
        source=document.source,
        page=page.number,
        page_label=page.label,
        section=(document.section_path(start) or ("",))[-1],
        start=start,
        end=end,
        quote=quote,
        score=score,
    )


def verify(citation: Citation, document: Document) -> bool:
    """Whether the citation is what this document says, at that place, on that page, in that section."""
    try:
        return citation == cite(document, citation.start, citation.end, citation.score)
    except QuoteNotFound:
        return False
