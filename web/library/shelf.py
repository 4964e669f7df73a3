"""The documents as the table shows them: how well each could be read, which are looked for, in which order.

In: a library, and what the reader of the page asked for. Out: rows.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from index.health import severity
from index.hit import DocumentCard
from index.library import Library
from ingest.document import Note
from web.interface import Interface
from web.words import type_name

AT_ONCE = 50  # rows that are shown, and shown more of
Column = Literal["title", "published", "language", "type", "pages", "passages", "reading"]
COLUMNS: tuple[Column, ...] = get_args(Column)
Reading = Literal["fine", "noted", "partial"]


@dataclass(frozen=True, slots=True)
class Row:
    """A document, and what was noted when it was read."""

    card: DocumentCard
    notes: tuple[Note, ...] = ()

    @property
    def reading(self) -> Reading:
        """ "partial" where some of the text is missing or doubtful, "noted" where there is something to know."""
        if not self.card.passages or any(severity(note.kind) == "warning" for note in self.notes):
            return "partial"
        return "noted" if self.notes else "fine"

    @property
    def pages(self) -> int:
        """0 for a format without pages."""
        return self.card.pages if self.card.format == "pdf" else 0


@dataclass(frozen=True, slots=True)
class View:
    """What the reader of the page asked for: words that a row has to hold, an order, and how many."""

    words: str = ""
    by: Column = "title"
    descending: bool = False
    most: int = AT_ONCE

    def sorted_by(self, column: object) -> View:
        """The order by a column that was clicked: a second click turns it around. Another value changes nothing."""
        for known in COLUMNS:
            if known == column:
                return replace(self, by=known, descending=known == self.by and not self.descending)
        return self

    def narrowed_to(self, words: object) -> View:
        return replace(self, words=words if isinstance(words, str) else "", most=AT_ONCE)

    def with_more(self) -> View:
        return replace(self, most=self.most + AT_ONCE)


def rows_of(library: Library) -> list[Row]:
    """Every document, by title."""
    notes = library.all_notes()
    return [Row(card, _still_true(card, notes.get(card.id, ()))) for card in library.documents()]


def _still_true(card: DocumentCard, notes: Sequence[Note]) -> tuple[Note, ...]:
    """The notes, without the one that the language is unknown where an edit has given it."""
    return tuple(note for note in notes if not (note.kind == "language_unknown" and card.language))


def stamp(rows: Sequence[Row]) -> str:
    """Another string as soon as any document is another or is said to be another."""
    return hashlib.blake2b(repr([row.card for row in rows]).encode(), digest_size=16).hexdigest()


def arranged(say: Interface, rows: Sequence[Row], view: View) -> list[Row]:
    """The rows that hold every word, in the order asked for; what a row does not know comes last either way."""
    words = _folded(view.words).split()
    held = [row for row in rows if _holds(_text(say, row), words)] if words else rows
    by_title = sorted(held, key=lambda row: _folded(row.card.title), reverse=view.descending)
    if view.by == "title":
        return by_title
    valued = [(_value(say, row, view.by), row) for row in by_title]
    known = [(value, row) for value, row in valued if value is not None]
    known.sort(key=lambda each: each[0], reverse=view.descending)
    return [*(row for _, row in known), *(row for value, row in valued if value is None)]


def _value(say: Interface, row: Row, column: Column) -> tuple[int, str] | None:
    """What rows are ordered by: a number, then a text; None where there is neither."""
    card = row.card
    if column == "reading":  # what needs a look first
        return {"partial": 1, "noted": 2, "fine": 3}[row.reading], ""
    if column in ("pages", "passages"):
        number = row.pages if column == "pages" else card.passages
        return (number, "") if number else None
    texts = {"published": card.published, "type": type_name(say, card.type)}
    texts["language"] = say.language_of(card.language) if card.language else ""
    return (0, texts[column]) if texts.get(column) else None


def _holds(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _text(say: Interface, row: Row) -> str:
    """Everything that words are looked for in."""
    card = row.card
    language = say.language_of(card.language) if card.language else ""
    parts = (card.title, *card.authors, card.publisher, card.published, card.source)
    return _folded(" ".join([*parts, language, type_name(say, card.type)]))


def _folded(text: str) -> str:
    """Without what differs between keyboards: case, and letters composed in another way."""
    return unicodedata.normalize("NFKC", text).casefold()
