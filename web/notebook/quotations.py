"""Entries of a notebook, and places of an answer, read in their documents: what may be shown and exported now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from index.errors import UnknownDocument
from index.library import Library
from ingest.document import Document
from ingest.told import Told
from qa.export import Collected, work_of
from web.notebook.errors import TooManyQuotations
from web.notebook.place import Place
from web.notebook.store import Entry, quotation_at

MOST_QUOTED = 100  # places in the address of one export: an answer has fewer
T = TypeVar("T")


def read_each(
    entries: Sequence[Entry], library: Library, use: Callable[[Entry, Document | None], T]
) -> list[T]:
    """What `use` makes of each entry and its document, None where that has gone; a document is read once."""
    made: dict[Place, T] = {}
    document: Document | None = None
    read = ""
    for entry in sorted(entries, key=lambda entry: entry.place):
        if entry.place.document_id != read:
            read = entry.place.document_id
            try:
                document = library.document(read)
            except UnknownDocument:
                document = None
        made[entry.place] = use(entry, document)
    return [made[entry.place] for entry in entries]


def collected(entries: Sequence[Entry], library: Library) -> list[Collected]:
    """The entries as they are exported; without those whose documents do not hold them any more."""
    return [each for each in read_each(entries, library, _collected) if each is not None]


def quoted(places: Sequence[Place], library: Library, today: date) -> list[Collected]:
    """The quotations at these places, a place once.

    Raises TooManyQuotations, UnknownDocument, QuoteNotFound, QuotationTooLong.
    """
    places = list(dict.fromkeys(places))
    if len(places) > MOST_QUOTED:
        raise TooManyQuotations(
            Told(
                "{n} quotations were asked for and the limit is {limit}; "
                "collect them in the notebook and export that",
                n=str(len(places)),
                limit=MOST_QUOTED,
            )
        )
    found = []
    for place in places:
        document = library.document(place.document_id)
        found.append(Collected(quotation_at(document, place), work_of(document), today))
    return found


def _collected(entry: Entry, document: Document | None) -> Collected | None:
    citation = entry.quotation(document) if document else None
    if not document or not citation:
        return None
    day = entry.collected.astimezone().date()  # as the calendar of this machine has it
    return Collected(citation, work_of(document), day, entry.note, entry.question)
