"""What is known of how well a document could be read, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.console import page_ranges
from ingest.document import Note
from web.interface import Interface
from web.words import sentence


def note_words(say: Interface, note: Note) -> str:
    """ "Nothing stands on them. (pages 3, 5-7)"."""
    return message_words(say, note.kind, note.message, note.pages)


def message_words(say: Interface, kind: str, message: str, pages: Sequence[int]) -> str:
    """What is told, with its pages; where that advises a command, what is done here instead."""
    if kind == "language_unknown":
        message = say("Its language cannot be told. Give it under Edit.")
    return f"{sentence(say, message)}{_pages(say, pages)}"


def _pages(say: Interface, pages: Sequence[int]) -> str:
    if not pages:
        return ""
    return f" ({say.count('page {pages}', 'pages {pages}', len(pages), pages=page_ranges(pages))})"
