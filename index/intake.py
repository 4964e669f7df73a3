"""Paths in, one outcome per file out: the way of files and folders into a library."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.library import Library
from ingest.document import content_id
from ingest.errors import Refused
from ingest.reading import load, read

Progress = Callable[[int, int, str], None]  # files done, files in all, the file that is next


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `error` and `reason` are empty unless it was refused."""

    source: str
    status: Literal["added", "unchanged", "replaced", "refused"]
    document_id: str = ""
    title: str = ""
    error: str = ""
    reason: str = ""


def add_paths(
    library: Library, paths: Iterable[Path], on_progress: Progress | None = None
) -> Iterator[Outcome]:
    """Add files, and the files within folders, one after the other; a file that is refused stops no other.

    Each outcome is yielded when its document is safe on disk. Raises LibraryLocked before the first.
    """
    with library.writing():
        sources = list(_files(paths, library.folder.absolute()))
        for done, path in enumerate(sources):
            if on_progress:
                on_progress(done, len(sources), path.name)
            yield _add_path(library, path)
        if on_progress:
            on_progress(len(sources), len(sources), "")


def add_bytes(library: Library, data: bytes, source: str) -> Outcome:
    """Add one file that is already in memory, such as an upload; `source` is what to call it."""
    try:
        if library.has(source, content_id(data)):
            return Outcome(source, "unchanged", content_id(data))
        document = read(data, source)
        return Outcome(source, library.add(document, data), document.id, document.title)
    except Refused as refusal:
        return Outcome(source, "refused", error=type(refusal).__name__, reason=refusal.reason)


def _add_path(library: Library, path: Path) -> Outcome:
    source = source_of(path)
    try:
        return add_bytes(library, load(path), source)
    except Refused as refusal:
        return Outcome(source, "refused", error=type(refusal).__name__, reason=refusal.reason)


def source_of(path: Path | str) -> str:
    """What a file is called in a library; bytes of its name that are not UTF-8 as escapes ("\\xb0")."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def absolute(path: Path) -> Path:
    """The path from the root, without "..", as sources are written; links are not followed."""
    return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100


def _files(paths: Iterable[Path], library_folder: Path) -> Iterator[Path]:
    """Absolute paths of the files, folders walked in order.

    Inside a folder, hidden files are passed over, and so is the library that the files are added to.
    """
    for path in paths:
        path = absolute(path)
        if not path.is_dir():
            yield path  # a missing one too: `load` says so
            continue
        within = library_folder.is_relative_to(path)
        for found in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
            if found.is_file() and not hidden and not (within and found.is_relative_to(library_folder)):
                yield found
