"""Notebooks on disk: for each user the places they collected, in their order, with their notes.

In: a place of a document. Out: Entries, which hold no word of the document but its title and a fingerprint of what
was quoted: so nothing else can be shown for it later, and a document that is removed leaves no text here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.document import Document, content_id
from ingest.formats.draft import clean, one_line
from ingest.told import LocalPath, Told, sentences
from qa.answer import Citation
from qa.citations import cite
from qa.errors import QUESTION_LIMIT
from web.notebook.errors import (
    NotebookFull,
    NotebooksBusy,
    NotebooksDamaged,
    NotebooksUnwritable,
    NoteTooLong,
    NotInNotebook,
    QuotationTooLong,
)
from web.notebook.place import Place

FILE = "notebooks.sqlite"
LONGEST_QUOTATION = 5_000  # characters: more than a page
LONGEST_NOTE = 4_000
MOST_ENTRIES = 1_000  # of one user: as many as a page shows at once without effort
_FORMAT = 1  # raised when the table changes
_PATIENCE = 10  # seconds that one change waits for others

_TABLE = """CREATE TABLE entries (
    user TEXT NOT NULL, document_id TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    position INTEGER NOT NULL, fingerprint TEXT NOT NULL, title TEXT NOT NULL,
    question TEXT NOT NULL, note TEXT NOT NULL, collected TEXT NOT NULL,
    PRIMARY KEY (user, document_id, start, end)
) STRICT"""
_COLUMNS = "document_id, start, end, fingerprint, title, question, note, collected"
_AT = "user = ? AND document_id = ? AND start = ? AND end = ?"


@dataclass(frozen=True, slots=True)
class Entry:
    """A place that a user collected. `title` is to recognise it by when its document has gone.

    `question` is what it answered, "" for none; `collected` has its time zone.
    """

    place: Place
    fingerprint: str
    title: str
    question: str
    note: str
    collected: datetime

    def quotation(self, document: Document) -> Citation | None:
        """The quotation in its document; None where other words stand at the place now."""
        quote = document.text[self.place.start : self.place.end]
        if document.id != self.place.document_id or fingerprint(quote) != self.fingerprint:
            return None
        return cite(document, self.place.start, self.place.end, 1.0)


@dataclass(frozen=True, slots=True)
class Removed:
    """An entry that was taken out, and where it stood: what undoing that needs."""

    entry: Entry
    index: int


def fingerprint(quote: str) -> str:
    """128 bits that stand for these very words."""
    return content_id(quote.encode(errors="surrogatepass"))


def quotation_at(document: Document, place: Place) -> Citation:
    """The quotation that can be collected there. Raises QuotationTooLong, QuoteNotFound."""
    if place.end - place.start > LONGEST_QUOTATION:
        raise QuotationTooLong(
            Told(
                "the quotation has {n} characters and the limit is {limit}; choose a shorter part of it",
                n=place.end - place.start,
                limit=LONGEST_QUOTATION,
            )
        )
    return cite(document, place.start, place.end, 1.0)


class Notebooks:
    """The notebooks of all users of a library, in one SQLite file of its folder; safe with threads and processes.

    A user is known by name, "" being the one user of an app without accounts. Every change is one transaction,
    flushed when it returns. All methods raise NotebooksBusy, NotebooksUnwritable and NotebooksDamaged.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def collect(self, user: str, document: Document, start: int, end: int, question: str = "") -> bool:
        """Add a place of the document at the end; False where the user has it already.

        Raises QuoteNotFound, QuotationTooLong, NotebookFull.
        """
        citation = quotation_at(document, Place(document.id, start, end))
        entry = Entry(
            place=Place(document.id, start, end),
            fingerprint=fingerprint(citation.quote),
            title=one_line(document.title),
            question=one_line(question)[:QUESTION_LIMIT],
            note="",
            collected=datetime.now(UTC).replace(microsecond=0),
        )
        with self._changing() as database:
            held = _places(database, user)
            if entry.place in held:
                return False
            _insert(database, user, entry, held)
        return True

    def entries(self, user: str) -> tuple[Entry, ...]:
        """The user's entries in their order."""
        if not self.path.exists():
            return ()
        with self._open() as database:
            rows = database.execute(
                f"SELECT {_COLUMNS} FROM entries WHERE user = ? ORDER BY position", (user,)
            )
            return tuple(map(_entry, rows))

    def annotate(self, user: str, place: Place, note: str) -> None:
        """Replace the note of an entry. Raises NotInNotebook, NoteTooLong."""
        note = clean(note).strip()
        if len(note) > LONGEST_NOTE:
            raise NoteTooLong(
                Told(
                    "the note has {n} characters and the limit is {limit}; shorten it",
                    n=len(note),
                    limit=LONGEST_NOTE,
                )
            )
        with self._changing() as database:
            changed = database.execute(f"UPDATE entries SET note = ? WHERE {_AT}", (note, user, *place))
            if not changed.rowcount:
                raise _missing(place)

    def move(self, user: str, place: Place, beside: Place) -> None:
        """Move an entry past another one: before it where it stood after it, else after it.

        Raises NotInNotebook.
        """
        with self._changing() as database:
            order = _places(database, user)
            for each in (place, beside):
                if each not in order:
                    raise _missing(each)
            to = order.index(beside)
            order.remove(place)
            order.insert(to, place)
            _renumber(database, user, order)

    def remove(self, user: str, place: Place) -> Removed:
        """Take an entry out. Raises NotInNotebook."""
        with self._changing() as database:
            index = _index(_places(database, user), place)
            row = database.execute(f"SELECT {_COLUMNS} FROM entries WHERE {_AT}", (user, *place)).fetchone()
            database.execute(f"DELETE FROM entries WHERE {_AT}", (user, *place))
        return Removed(_entry(row), index)

    def restore(self, user: str, removed: Removed) -> None:
        """Put an entry back where it stood; nothing where it is there again. Raises NotebookFull."""
        with self._changing() as database:
            order = _places(database, user)
            if removed.entry.place not in order:
                _insert(database, user, removed.entry, order)
                order.insert(removed.index, removed.entry.place)
                _renumber(database, user, order)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is committed at the end and undone by an exception."""
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:  # a full disk has rolled back already
                    database.execute("ROLLBACK")
                raise

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection of this call alone to the file, which is made where there is none."""
        try:
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)) as database:
                # A rollback journal, flushed: a commit that returned survives a power cut.
                database.execute("PRAGMA synchronous = FULL")
                database.execute("PRAGMA secure_delete = ON")  # a removed note leaves the file too
                self._check_format(database)
                yield database
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error

    def _check_format(self, database: sqlite3.Connection) -> None:
        found = _format(database)
        if not found:  # new: made in a transaction, in which nobody else makes it
            database.execute("BEGIN IMMEDIATE")
            found = _format(database)
            if not found and not database.execute("SELECT 1 FROM sqlite_schema").fetchone():
                database.execute(_TABLE)
                database.execute(f"PRAGMA user_version = {_FORMAT}")
                found = _FORMAT
            database.execute("COMMIT")
        if found != _FORMAT:
            told = Told(
                "{path} has format {found}; this version reads format {known}.",
                path=LocalPath(self.path),
                found=str(found),
                known=str(_FORMAT),
            )
            raise NotebooksDamaged(sentences(told, self._way_out()))

    def _explained(self, error: sqlite3.DatabaseError) -> Exception:
        """What SQLite's error means for the users; a mistake of this program stays what it is."""
        code = getattr(error, "sqlite_errorname", "")
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            return error
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return NotebooksBusy(
                Told(
                    "{path} has been busy for {seconds} seconds. Try again.",
                    path=LocalPath(self.path),
                    seconds=str(_PATIENCE),
                )
            )
        if code.startswith(
            ("SQLITE_READONLY", "SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM")
        ):
            return NotebooksUnwritable(
                Told(
                    "{path} cannot be written: {why}. Give the app's user the right to write to "
                    "{folder}, or make room there.",
                    path=LocalPath(self.path),
                    why=str(error),
                    folder=LocalPath(self.path.parent),
                )
            )
        return NotebooksDamaged(
            sentences(Told("{path}: {why}.", path=LocalPath(self.path), why=str(error)), self._way_out())
        )

    def _way_out(self) -> str:
        return Told("Put a copy of it from a backup there, or move it away to begin with empty notebooks.")


def _format(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _places(database: sqlite3.Connection, user: str) -> list[Place]:
    query = "SELECT document_id, start, end FROM entries WHERE user = ? ORDER BY position"
    return [Place(*row) for row in database.execute(query, (user,))]


def _insert(database: sqlite3.Connection, user: str, entry: Entry, held: Sequence[Place]) -> None:
    """Put the entry at the end. Raises NotebookFull."""
    if len(held) >= MOST_ENTRIES:
        raise NotebookFull(
            Told(
                "the notebook has {n} quotations, as many as it can hold; export and remove some", n=len(held)
            )
        )
    last = database.execute("SELECT max(position) FROM entries WHERE user = ?", (user,)).fetchone()[0]
    values = (
        *(user, *entry.place, (last or 0) + 1, entry.fingerprint, entry.title),
        *(entry.question, entry.note, entry.collected.isoformat()),
    )
    database.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


def _renumber(database: sqlite3.Connection, user: str, order: Sequence[Place]) -> None:
    rows = [(position, user, *place) for position, place in enumerate(order, start=1)]
    database.executemany(f"UPDATE entries SET position = ? WHERE {_AT}", rows)


def _index(order: Sequence[Place], place: Place) -> int:
    if place not in order:
        raise _missing(place)
    return order.index(place)


def _missing(place: Place) -> NotInNotebook:
    return NotInNotebook(
        Told(
            "the notebook has no quotation at {place}; it may have been removed in another window",
            place=str(place),
        )
    )


def _entry(row: Sequence[Any]) -> Entry:
    *place, print_, title, question, note, collected = row
    return Entry(Place(*place), print_, title, question, note, datetime.fromisoformat(collected))
