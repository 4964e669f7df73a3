"""The originals: the files that documents were read from, kept so that their pages can be shown.

Each is named by its content id, with the suffix of its format: it can be opened by its own program, and be
added to another library.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

from index.errors import LibraryUnwritable
from index.hit import DocumentCard
from index.mirror import write_durably
from ingest.document import Document
from ingest.formats import FORMATS
from ingest.told import LocalPath, Told

_SUFFIXES = {format.name: format.suffixes[0] for format in FORMATS}


class Originals:
    """One folder of files."""

    def __init__(self, folder: Path) -> None:
        """Raises LibraryUnwritable where the folder cannot be made."""
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryUnwritable(
                Told(
                    "{folder} cannot be made: {why}. Give the path of a folder.",
                    folder=LocalPath(folder),
                    why=str(error.strerror),
                )
            ) from error

    def path(self, document: DocumentCard | Document) -> Path:
        """Where a document's original is, or would be."""
        return self.folder / f"{document.id}{_SUFFIXES.get(document.format, '')}"

    def keep(self, document: DocumentCard | Document, data: bytes) -> None:
        """Write an original so that a crash does not lose it."""
        write_durably(self.path(document), data)

    def forget(self, document_id: str) -> None:
        for path in self.folder.glob(f"{document_id}*"):
            if _is_regular(path):
                path.unlink(missing_ok=True)

    def forget_all_but(self, cards: Iterable[DocumentCard]) -> None:
        """Delete what belongs to no document: never acknowledged, or its removal cut short by a crash.

        What is no regular file (a folder, a link) was put there by someone else, and stays.
        """
        known = {self.path(card).name for card in cards}
        for path in self.folder.iterdir():
            if path.name not in known and _is_regular(path):
                path.unlink()

    def forget_half_written(self) -> None:
        """Delete the writes that a crash cut short."""
        for path in self.folder.glob("*.tmp"):
            if _is_regular(path):
                path.unlink()


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False
