"""The catalog: one SQLite file that is the only truth about a library. Mirrors are derived from it.

Every change is one transaction that also raises the revision. Keys are never used again, and the
passages of a document have consecutive keys: a mirror can tell what it lacks by comparing keys.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from index import bibliography, edits, failures, near_duplicates, text_quality
from index.bibliography import Bibliography, FoundEntry
from index.database import Database
from index.edits import Edits, Value, edited
from index.hit import DocumentCard, Failure, Filters
from index.language_offsets import Vectors
from index.near_duplicates import NearDuplicate
from index.query import SearchWord
from ingest.document import Document, Note, Passage
from ingest.records import dump, load
from ingest.told import Told

_STORED_VECTOR = np.dtype("<f2")  # float16 moves a cosine by less than 0.0005 and halves the file

_TABLES = """
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL,
    title TEXT NOT NULL,
    authors TEXT NOT NULL,
    publisher TEXT NOT NULL,
    published TEXT NOT NULL,
    language TEXT NOT NULL,
    type TEXT NOT NULL,
    doi TEXT NOT NULL,
    url TEXT NOT NULL,
    page_count INTEGER NOT NULL,
    passage_count INTEGER NOT NULL,
    character_count INTEGER NOT NULL,
    structure BLOB NOT NULL,  -- the document without its text: pages, sections, tables, page map, references, …
    text TEXT NOT NULL  -- last: what stands before it is read without it
);
CREATE TABLE sources (
    source TEXT PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE
);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    vector BLOB NOT NULL
);
CREATE INDEX passages_of_document ON passages (document);
CREATE INDEX sources_of_document ON sources (document);
"""
_CARD = (
    "id, source, format, title, authors, publisher, published, language, type, doi, url,"
    " page_count, passage_count, character_count"
)


class Catalog:
    """The documents and passages of one library, safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        others = (bibliography, edits, failures, near_duplicates, text_quality)
        self._database = Database(path, "".join([_TABLES, *(module.TABLES for module in others)]))
        self._bibliography = Bibliography(self._database)

    def close(self) -> None:
        self._database.close()

    def get(self, name: str) -> str | None:
        """A property of the library."""
        return self._database.get(name)

    def set(self, name: str, value: str) -> None:
        self._database.set(name, value)

    @property
    def revision(self) -> int:
        """Raised by every change of the documents."""
        return self._database.revision

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside shows one revision, whatever another process commits meanwhile."""
        with self._database.snapshot():
            yield

    # Changes

    def add(
        self,
        document: Document,
        passages: Sequence[Passage],
        vectors: Vectors,
        user_edits: Edits = edits.NONE,
    ) -> None:
        """Add `document` with its passages; what its source held before goes in the same transaction.

        `document` is as its file says; `user_edits` stand above that.
        """
        notes = text_quality.notes_of(document)
        with self._database.transaction():
            self._release(document.source)
            key = self._insert(document, passages, vectors, user_edits, notes)
            self._database.execute("INSERT INTO sources VALUES (?, ?)", (document.source, key))
            failures.forget(self._database, document.source)
            self._database.raise_revision()

    def rewrite(
        self,
        document: Document,
        passages: Sequence[Passage],
        vectors: Vectors,
        user_edits: Edits,
        source: str = "",
    ) -> None:
        """Give a document that is here other passages, and new keys with them, so that the mirrors take them in.

        `source`: as `link`, in the same transaction.
        """
        notes = self.notes(document.id)
        with self._database.transaction():
            if source:
                self._link(source, document.id)
            sources = self._database.execute(
                "SELECT sources.source FROM sources JOIN documents ON documents.key = document WHERE id = ?",
                (document.id,),
            ).fetchall()
            self._database.execute("DELETE FROM documents WHERE id = ?", (document.id,))
            key = self._insert(document, passages, vectors, user_edits, notes)
            self._database.execute_many(
                "INSERT INTO sources VALUES (?, ?)", [(source, key) for (source,) in sources]
            )
            self._database.raise_revision()

    def _insert(
        self,
        document: Document,
        passages: Sequence[Passage],
        vectors: Vectors,
        user_edits: Edits,
        notes: tuple[Note, ...],
    ) -> int:
        """Write all that is kept of a document but its sources; returns its key."""
        values = (
            document.id,
            document.source,
            document.format,
            *_editable(edited(document, user_edits)),
            len(document.pages),
            len(passages),
            len(document.text),
            zlib.compress(dump(replace(document, text=""))),
            document.text,
        )
        key = self._database.execute(
            f"INSERT INTO documents ({_CARD}, structure, text) VALUES ({', '.join('?' * len(values))})",
            values,
        ).lastrowid
        assert key is not None  # an INSERT that did not raise
        self._database.execute_many(
            "INSERT INTO passages (document, start, end, vector) VALUES (?, ?, ?, ?)",
            [
                (key, passage.start, passage.end, vector.astype(_STORED_VECTOR).tobytes())
                for passage, vector in zip(passages, vectors, strict=True)
            ],
        )
        self._bibliography.add(key, document)
        edits.write(self._database, key, user_edits)
        near_duplicates.store(self._database, key, document.text)
        text_quality.store(self._database, key, notes)
        return key

    def set_edits(self, document: Document, user_edits: Edits, source: str = "") -> None:
        """Store a user's edits of a document that is here, given as its file says; its passages stay.

        `source`: as `link`, in the same transaction.
        """
        with self._database.transaction():
            if source:
                self._link(source, document.id)
            columns = ", ".join(f"{field} = ?" for field in edits.FIELDS)
            (key,) = self._database.execute(
                f"UPDATE documents SET {columns} WHERE id = ? RETURNING key",
                (*_editable(edited(document, user_edits)), document.id),
            ).fetchone()
            edits.write(self._database, key, user_edits)
            self._database.raise_revision()

    def link(self, source: str, document_id: str) -> None:
        """Note that `source` holds the same bytes as a document that is here; what it held before is released."""
        with self._database.transaction():
            self._link(source, document_id)
            self._database.raise_revision()

    def _link(self, source: str, document_id: str) -> None:
        self._release(source)
        self._database.execute(
            "INSERT INTO sources SELECT ?, key FROM documents WHERE id = ?", (source, document_id)
        )
        failures.forget(self._database, source)

    def release(self, source: str) -> None:
        """Take a source out; its document goes too, unless another source still holds it."""
        with self._database.transaction():
            self._release(source)
            failures.forget(self._database, source)
            self._database.raise_revision()

    def _release(self, source: str) -> None:
        """Take a source from the document that it names; a document that no source names any more goes."""
        found = self._database.execute("SELECT document FROM sources WHERE source = ?", (source,)).fetchone()
        if not found:
            return
        self._database.execute("DELETE FROM sources WHERE source = ?", (source,))
        left = self._database.execute("SELECT min(source) FROM sources WHERE document = ?", found).fetchone()[
            0
        ]
        if left is None:
            self._database.execute("DELETE FROM documents WHERE key = ?", found)
        else:
            self._database.execute("UPDATE documents SET source = ? WHERE key = ?", (left, *found))

    def delete(self, document_id: str) -> None:
        with self._database.transaction():
            failures.forget_of(self._database, document_id)
            self._database.execute("DELETE FROM documents WHERE id = ?", (document_id,))
            self._database.raise_revision()

    def note_failure(self, failure: Failure) -> None:
        """Remember that a file was refused, until it is added, removed or gone."""
        with self._database.transaction():
            failures.note(self._database, failure)

    def clear_failure(self, source: str) -> bool:
        """Forget it; whether there was one."""
        with self._database.transaction():
            return failures.forget(self._database, source)

    def failures(self, source: str | None = None) -> list[Failure]:
        """The files that were refused, by source; or that one, where it was."""
        return failures.read(self._database, source)

    # Documents

    def sources(self) -> list[str]:
        """Every source of every document; a document may have several."""
        return [source for (source,) in self._database.rows("SELECT source FROM sources ORDER BY source")]

    def document(self, document_id: str) -> Document | None:
        """The document as its user wants it shown."""
        document = self.as_read(document_id)
        return document and edited(document, self.edits(document_id))

    def as_read(self, document_id: str) -> Document | None:
        """The document as its file says, without the user's edits."""
        rows = self._database.rows(
            "SELECT source, structure, text FROM documents WHERE id = ?",
            (document_id,),
        )
        if not rows:
            return None
        source, structure, text = rows[0]
        return replace(load(zlib.decompress(structure)), source=source, text=text)

    def version(self, document_id: str) -> tuple[int, str] | None:
        """Key and source of a document: while both stay, so does what `as_read` gives of it."""
        rows = self._database.rows("SELECT key, source FROM documents WHERE id = ?", (document_id,))
        return rows[0] if rows else None

    def edits(self, document_id: str) -> dict[str, Value]:
        """What the user has changed of a document, by field."""
        return edits.read(self._database, document_id)

    def notes(self, document_id: str) -> tuple[Note, ...]:
        """What its reader, and its text, say of how well a document could be read."""
        return text_quality.read_one(self._database, document_id)

    def all_notes(self) -> list[tuple[str, Note]]:
        """The notes of all documents, each with its document's id."""
        return text_quality.read(self._database)

    def near_duplicates(self, document_id: str) -> list[NearDuplicate]:
        """The documents that share much of the text of this one."""
        return near_duplicates.find(self._database, document_id)

    def all_near_duplicates(self) -> list[tuple[str, NearDuplicate]]:
        """Each pair of documents that share much of their text, once: an id, and the other."""
        return near_duplicates.find_all(self._database)

    def sources_of_copies(self) -> list[tuple[str, str]]:
        """Id and source, of each document that several sources hold, by id."""
        return [
            (id, source)
            for id, source in self._database.rows(
                "SELECT id, sources.source FROM sources JOIN documents ON documents.key = document WHERE document IN"
                " (SELECT document FROM sources GROUP BY document HAVING count(*) > 1) ORDER BY 1, 2"
            )
        ]

    def cards(self, filters: Filters = Filters()) -> list[DocumentCard]:
        """The documents that pass the filters, by title."""
        where, values = _where(filters)
        return [
            _card(row)
            for row in self._database.rows(f"SELECT {_CARD} FROM documents{where} ORDER BY title, id", values)
        ]

    def card_by_source(self, source: str) -> DocumentCard | None:
        query = f"SELECT {_CARD} FROM documents WHERE key = (SELECT document FROM sources WHERE source = ?)"
        rows = self._database.rows(query, (source,))
        return _card(rows[0]) if rows else None

    def card_by_id(self, document_id: str) -> DocumentCard | None:
        rows = self._database.rows(f"SELECT {_CARD} FROM documents WHERE id = ?", (document_id,))
        return _card(rows[0]) if rows else None

    def entries(
        self, words: Sequence[SearchWord], k: int, filters: Filters = Filters()
    ) -> list[tuple[str, FoundEntry]]:
        """The bibliography entries that hold most of the words, best first, each with its document's id."""
        document_keys = self.document_keys(filters) if filters else None
        found = self._bibliography.search(words, k, document_keys)
        ids = self._database.by_key("SELECT key, id FROM documents", [entry.document_key for entry in found])
        return [(ids[entry.document_key][0], entry) for entry in found if entry.document_key in ids]

    def languages_under(self, prefix: str) -> tuple[str, ...]:
        """The languages of the documents whose source begins so, the commonest first."""
        rows = self._database.rows(
            "SELECT language FROM documents WHERE substr(source, 1, ?) = ? GROUP BY language"
            " ORDER BY count(*) DESC, language",
            (len(prefix), prefix),
        )
        return tuple(language for (language,) in rows)

    def languages(self) -> frozenset[str]:
        return frozenset(
            language for (language,) in self._database.rows("SELECT DISTINCT language FROM documents")
        )

    # Keys: what the mirrors go by

    def document_keys(self, filters: Filters = Filters()) -> list[int]:
        where, values = _where(filters)
        return [
            key for (key,) in self._database.rows(f"SELECT key FROM documents{where} ORDER BY key", values)
        ]

    def passage_ranges(self, document_keys: Sequence[int]) -> list[tuple[int, int]]:
        """First and last passage key of each of the documents that has passages."""
        ranges = self._database.rows("SELECT document, min(key), max(key) FROM passages GROUP BY document")
        wanted = set(document_keys)
        return [(first, last) for document, first, last in ranges if document in wanted]

    def passage_keys(self) -> list[int]:
        return [key for (key,) in self._database.rows("SELECT key FROM passages ORDER BY key")]

    def vectors(self, passage_keys: Sequence[int]) -> Vectors:
        """The vectors of passages that exist, float32 of shape (len(passage_keys), dimensions)."""
        blobs = self._database.by_key("SELECT key, vector FROM passages", passage_keys)
        joined = b"".join(blobs[key][0] for key in passage_keys)
        return np.frombuffer(joined, _STORED_VECTOR).reshape(len(passage_keys), -1).astype(np.float32)

    def passages(self, passage_keys: Sequence[int]) -> dict[int, tuple[Passage, str, DocumentCard]]:
        """Passage, its text and its document, of those keys that exist."""
        rows = self._database.by_key(
            f"SELECT passages.key, start, end, substr(text, start + 1, end - start), {_CARD}"
            " FROM passages JOIN documents ON documents.key = document",
            passage_keys,
            column="passages.key",
        )
        return {
            key: (Passage(card[0], start, end), text, _card(card))
            for key, (start, end, text, *card) in rows.items()
        }  # fmt: skip

    def passages_of(self, document_id: str) -> list[tuple[int, Passage]]:
        """Key and passage, in reading order."""
        rows = self._database.rows(
            "SELECT passages.key, start, end FROM passages JOIN documents ON documents.key = document"
            " WHERE id = ? ORDER BY start",
            (document_id,),
        )
        return [(key, Passage(document_id, start, end)) for key, start, end in rows]

    def document_id(self, document_key: int) -> str | None:
        rows = self._database.rows("SELECT id FROM documents WHERE key = ?", (document_key,))
        return rows[0][0] if rows else None

    def problems(self) -> list[str]:
        """What SQLite's own check finds, and passages without a document."""
        found = [line for (line,) in self._database.rows("PRAGMA integrity_check") if line != "ok"]
        orphans = self._database.rows("PRAGMA foreign_key_check")
        return found + [
            Told("row {row} of {table} belongs to no document", row=str(row[1]), table=str(row[0]))
            for row in orphans
        ]


def _where(filters: Filters) -> tuple[str, list[str]]:
    """The filters as a WHERE clause and its values."""
    conditions: list[str] = []
    values: list[str] = []
    for column, wanted in (
        ("id", filters.documents),
        ("language", filters.languages),
        ("type", filters.types),
    ):
        if wanted:
            conditions.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            values.extend(wanted)
    if filters.excluded:
        conditions.append(f"id NOT IN ({', '.join('?' * len(filters.excluded))})")
        values.extend(filters.excluded)
    # Dates are compared as far as both are precise: "2012-10-17" lies in "2012".
    if filters.published_from:
        conditions.append("published <> '' AND published >= substr(?, 1, length(published))")
        values.append(filters.published_from)
    if filters.published_to:
        conditions.append("published <> '' AND substr(published, 1, length(?)) <= ?")
        values.extend([filters.published_to, filters.published_to])
    return (" WHERE " + " AND ".join(conditions) if conditions else ""), values


def _editable(document: Document) -> tuple[str, ...]:
    """The columns that a user may edit, in the order of edits.FIELDS."""
    return (
        document.title,
        _to_json(document.authors),
        document.publisher,
        document.published,
        document.language,
        document.type,
        document.doi,
        document.url,
    )


def _card(row: Sequence[Any]) -> DocumentCard:
    fields = list(row)
    fields[4] = tuple(json.loads(fields[4]))  # authors
    return DocumentCard(*fields)


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
