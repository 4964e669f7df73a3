"""A folder in, its files in order out, and what has vanished from it.

Links are followed only when they are asked for by name: in a folder, a link may lead to any file of this
machine, put there by whoever made the folder. Pipes, sockets and devices are never opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import LinkOutside, Refused, SourceMissing
from ingest.told import Told

_PASSED_OVER = (".", "~$")


@dataclass(frozen=True, slots=True)
class Found:
    """A path to add, or why it cannot be added. `size` in bytes, to tell how much there is to do."""

    path: Path
    size: int = 0
    refusal: Refused | None = None


def absolute(path: Path) -> Path:
    """The path from the root, without "..", as sources are written; links are not followed."""
    return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100


def source_of(path: Path | str) -> str:
    """What a file is called in a library; bytes of its name that are not UTF-8 as escapes ("\\xb0")."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def walk(path: Path, library_folder: Path) -> Iterator[Found]:
    """The file, or the files within the folder, in the order of their paths.

    Inside a folder, hidden files are passed over, those with which Office locks others, and the library itself.
    Whatever else is there and cannot be added comes with its reason.
    """
    if not path.is_dir():
        yield Found(path, _size(path))  # a missing one too: whoever loads it says so
    elif path != library_folder:
        yield from _walk_folder(path, path, library_folder)


def _walk_folder(folder: Path, top: Path, library_folder: Path) -> Iterator[Found]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith(_PASSED_OVER))
    except OSError as error:
        yield _refused(
            folder,
            Told("this folder cannot be read: {why}. Give this user the right to.", why=str(error.strerror)),
        )
        return
    for name in names:
        path = folder / name
        if path == library_folder:
            continue
        try:
            status = path.lstat()
        except OSError as error:
            yield _refused(path, Told("it cannot be read: {why}.", why=str(error.strerror)))
            continue
        if stat.S_ISDIR(status.st_mode):
            yield from _walk_folder(path, top, library_folder)
        elif stat.S_ISLNK(status.st_mode):
            yield from _follow(path, top)
        elif stat.S_ISREG(status.st_mode):
            yield Found(path, status.st_size)
        else:
            yield _refused(path, Told("this is no regular file."))


def _follow(path: Path, top: Path) -> Iterator[Found]:
    """A link to a file of the same folder is one more name of it; one to a folder leads round in circles."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a link to itself
        yield _refused(path, Told("this link leads nowhere. Delete it, or bring back what it pointed to."))
        return
    if not target.is_relative_to(top.resolve()):
        message = Told(
            "this is a link to {target}, outside of the folder. Add that by its own path.", target=str(target)
        )
        yield Found(path, refusal=LinkOutside(str(path), message))
    elif target.is_file():
        yield Found(path, _size(path))
    elif not target.is_dir():
        yield _refused(path, Told("this is no regular file."))


def _refused(path: Path, message: str) -> Found:
    return Found(path, refusal=SourceMissing(str(path), message))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):  # ValueError: a path with a zero byte in it
        return 0


def vanished(folder: Path, sources: Iterable[str], found: Set[str]) -> list[str]:
    """Those of `sources` that lay in `folder` and are not there any more, in order.

    A file counts as gone only when the system says that there is no such file: not when it cannot tell.
    """
    top = source_of(folder).rstrip("/") + "/"
    return sorted(
        source for source in sources if source.startswith(top) and source not in found and _gone(Path(source))
    )


def emptied(folder: Path, source: str) -> Path | None:
    """The folder, `folder` or one within, that `source` was in and that holds nothing at all any more.

    So does the place of a disk or a share that is not mounted: its files are not gone, only away.
    """
    for parent in Path(source).parents:
        if parent.is_dir():
            with os.scandir(parent) as entries:
                return None if any(entries) else parent
        if parent == folder:
            break
    return None


def _gone(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False
