"""The entries of all bibliographies in a library, found by their words.

In: the references of each document. Out: for the words of a query, the entries that hold most of them,
each word weighing the more the fewer entries hold it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.analysis import terms
from index.database import Database
from index.query import SearchWord
from ingest.document import Document, Reference

TABLES = """
CREATE TABLE entries (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    position INTEGER NOT NULL,  -- in the document's references
    start INTEGER NOT NULL,
    end INTEGER NOT NULL
);
CREATE TABLE entry_terms (
    term TEXT NOT NULL,
    entry INTEGER NOT NULL REFERENCES entries (key) ON DELETE CASCADE,
    PRIMARY KEY (term, entry)
) WITHOUT ROWID;
CREATE INDEX entries_of_document ON entries (document);
CREATE INDEX terms_of_entry ON entry_terms (entry);
"""
_VARIABLES = 500  # of one statement; SQLite limits them


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An entry by the key of its document and its place in the document's references.

    `score` in (0, 1] is the share of the query's words that it holds, each weighted by its rarity.
    """

    document_key: int
    position: int
    score: float


class Bibliography:
    """The entries of one library, in two tables of its catalog; they go when their document goes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, document_key: int, document: Document) -> None:
        """Store a document's entries with their terms, in the transaction that stores the document."""
        for position, reference in enumerate(document.references):
            key = self._database.execute(
                "INSERT INTO entries (document, position, start, end) VALUES (?, ?, ?, ?)",
                (document_key, position, reference.start, reference.end),
            ).lastrowid
            found = set(terms(_words(document, reference), document.language))
            self._database.execute_many(
                "INSERT INTO entry_terms VALUES (?, ?)", [(term, key) for term in sorted(found)]
            )

    def search(
        self, words: Sequence[SearchWord], k: int, document_keys: Collection[int] | None = None
    ) -> list[FoundEntry]:
        """The `k` entries that hold most of the words, best first; entries that hold none are left out.

        Of a word's alternative terms any will do. `document_keys` restricts to these documents.
        """
        holders = self._holders({term for word in words for term in (*word.terms, *word.translations)})
        count = self._database.rows("SELECT count(*) FROM entries")[0][0]
        scores = defaultdict[int, float](float)
        total = 0.0
        for word in words:
            held_by = set[int]().union(*(holders[term] for term in (*word.terms, *word.translations)))
            rarity = math.log(1 + (count - len(held_by) + 0.5) / (len(held_by) + 0.5))
            total += rarity
            for entry in held_by:
                scores[entry] += rarity
        places = self._database.by_key("SELECT key, document, position FROM entries", list(scores))
        allowed = None if document_keys is None else set(document_keys)
        found = [
            FoundEntry(document, position, scores[key] / total)
            for key, (document, position) in places.items()
            if allowed is None or document in allowed
        ]
        return sorted(found, key=lambda entry: (-entry.score, entry.document_key, entry.position))[:k]

    def _holders(self, wanted: Collection[str]) -> dict[str, set[int]]:
        """The keys of the entries that hold each term."""
        holders: dict[str, set[int]] = {term: set() for term in wanted}
        ordered = sorted(wanted)
        for begin in range(0, len(ordered), _VARIABLES):
            part = ordered[begin : begin + _VARIABLES]
            query = f"SELECT term, entry FROM entry_terms WHERE term IN ({', '.join('?' * len(part))})"
            for term, entry in self._database.rows(query, part):
                holders[term].add(entry)
        return holders


def _words(document: Document, reference: Reference) -> str:
    """The words of an entry without its label: a search for a year must not find the entry of that number."""
    text = document.text[reference.start : reference.end]
    label = re.match(rf"\W*{re.escape(reference.label)}\b[\].):]*\s", text) if reference.label else None
    return text[label.end() :] if label else text
