"""Files that were refused, remembered until they are added, removed or gone: the table and what is done with it."""

from __future__ import annotations

from index.database import Database
from index.hit import Failure
from ingest.told import pack, unpack

TABLES = """CREATE TABLE failures (
    source TEXT PRIMARY KEY,
    error TEXT NOT NULL,
    reason TEXT NOT NULL  -- packed (ingest.told); an earlier version wrote it in English
);
"""


def note(database: Database, failure: Failure) -> None:
    """To be called in a transaction, as `forget` is."""
    database.execute(
        "INSERT OR REPLACE INTO failures VALUES (?, ?, ?)",
        (failure.source, failure.error, pack(failure.reason)),
    )


def forget(database: Database, source: str) -> bool:
    """Whether there was one."""
    return database.execute("DELETE FROM failures WHERE source = ?", (source,)).rowcount > 0


def forget_of(database: Database, document_id: str) -> None:
    """Those of all sources of a document that is still here."""
    database.execute(
        "DELETE FROM failures WHERE source IN (SELECT sources.source FROM sources"
        " JOIN documents ON documents.key = document WHERE id = ?)",
        (document_id,),
    )


def read(database: Database, source: str | None = None) -> list[Failure]:
    """All of them by source, or that one, where it was refused."""
    where, values = ("", ()) if source is None else (" WHERE source = ?", (source,))
    rows = database.rows(f"SELECT source, error, reason FROM failures{where} ORDER BY source", values)
    return [Failure(source, error, unpack(reason)) for source, error, reason in rows]
