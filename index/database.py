"""The SQLite file of a library: connections, transactions, and what its errors mean for a user.

Every change is one transaction. The tables themselves are described where they are used.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.errors import LibraryDamaged, LibraryLocked, LibraryUnwritable
from ingest.errors import VerbatimError
from ingest.told import LocalPath, Told

FORMAT = 2  # raised when a table changes
_PATIENCE = 30  # seconds that a commit waits for readers, and a reader for a commit

_PROPERTIES = "CREATE TABLE properties (name TEXT PRIMARY KEY, value TEXT NOT NULL)"


class Database:
    """One SQLite file with the given tables, safe to use from several threads."""

    def __init__(self, path: Path, tables: str) -> None:
        """`tables`: the statements that make them in a new file, each ended by ";" and a line break."""
        self._path = path
        self._tables = tables
        self._lock = threading.RLock()
        try:
            self._database = sqlite3.connect(
                path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
            self._database.execute("PRAGMA foreign_keys = ON")
            # A rollback journal, flushed: a commit that returned survives a power cut.
            self._database.execute("PRAGMA journal_mode = DELETE")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.execute("PRAGMA secure_delete = ON")  # removed text leaves the file too
            self._create_tables()
        except sqlite3.DatabaseError as error:
            raise _explained(path, error) from error

    def _create_tables(self) -> None:
        # Looked at before a transaction is begun: opening to read must not wait for a writer.
        if not self.rows("SELECT 1 FROM sqlite_schema"):
            self._create_missing_tables()
        try:
            found = self.get("format")
        except LibraryDamaged:
            raise LibraryDamaged(f"{self._path} is a database, and not one of this program's.") from None
        if found != str(FORMAT):
            raise LibraryDamaged(f"{self._path} has format {found}; this version reads format {FORMAT}.")

    def _create_missing_tables(self) -> None:
        with self.transaction():
            if not self._database.execute("SELECT 1 FROM sqlite_schema").fetchone():
                for statement in (_PROPERTIES, *self._tables.strip().split(";\n")):
                    self._database.execute(statement.rstrip(";"))
                self._database.execute(
                    "INSERT INTO properties VALUES ('format', ?), ('revision', '0')", (FORMAT,)
                )

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock, self._explaining():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:  # a full disk has rolled back already
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside shows one revision, whatever another process commits meanwhile."""
        with self._lock, self._explaining():
            self._database.execute("BEGIN")
            try:
                yield
            finally:
                if self._database.in_transaction:
                    self._database.execute("COMMIT")

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock, self._explaining():
            return self._database.execute(query, values).fetchall()

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a mistake of this program, not of the file
        except sqlite3.DatabaseError as error:
            raise _explained(self._path, error) from error

    # Properties

    def get(self, name: str) -> str | None:
        rows = self.rows("SELECT value FROM properties WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def set(self, name: str, value: str) -> None:
        with self.transaction():
            self._database.execute("INSERT OR REPLACE INTO properties VALUES (?, ?)", (name, value))

    @property
    def revision(self) -> int:
        """Raised by every change of the documents."""
        return int(self.get("revision") or 0)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """A statement of the transaction that is open."""
        return self._database.execute(statement, values)

    def execute_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        self._database.executemany(statement, rows)

    def raise_revision(self) -> None:
        """To be called in each transaction that changes what can be found."""
        self._database.execute("UPDATE properties SET value = value + 1 WHERE name = 'revision'")

    def by_key(self, select: str, keys: Sequence[int], column: str = "key") -> dict[int, tuple[Any, ...]]:
        rows: dict[int, tuple[Any, ...]] = {}
        for begin in range(0, len(keys), 500):  # SQLite limits the variables of one statement
            part = [int(key) for key in keys[begin : begin + 500]]
            query = f"{select} WHERE {column} IN ({', '.join('?' * len(part))})"
            rows.update((row[0], row[1:]) for row in self.rows(query, part))
        return rows


def _explained(path: Path, error: sqlite3.DatabaseError) -> VerbatimError:
    """What SQLite's error means for the user of the library at `path`."""
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LibraryLocked(
            Told(
                "{folder} has been busy for {seconds} seconds. Try again.",
                folder=LocalPath(path.parent),
                seconds=str(_PATIENCE),
            )
        )
    if code.startswith(("SQLITE_READONLY", "SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM")):
        return LibraryUnwritable(
            Told(
                "{path} cannot be written: {why}. Give this user the right to write to {folder}, "
                "or make room there.",
                path=LocalPath(path),
                why=str(error),
                folder=LocalPath(path.parent),
            )
        )
    return LibraryDamaged(
        Told(
            "{path}: {why}. Build a new library from the originals that this one keeps: "
            "python -m ingest add {files} --library NEW",
            path=LocalPath(path),
            why=str(error),
            files=LocalPath(path.parent / "files"),
        )
    )
