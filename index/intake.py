"""Paths and web addresses in, one outcome per file out: the way of files and folders into a library.

Files are loaded and read ahead, several at a time, each in a process of its own (ingest.sandbox); this
thread encodes and stores them, in their order. Adding a folder again brings the library up to date with it.
"""

from __future__ import annotations

import atexit
import os
import re
import shlex
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from pathlib import Path, PurePath
from typing import Literal

from index.errors import UnknownDocument
from index.folders import absolute, emptied, source_of, vanished, walk
from index.library import Library
from ingest.document import Document, Note, content_id
from ingest.errors import FolderEmpty, Refused, SourceMissing
from ingest.reading import load
from ingest.sandbox import Reader, Sandbox

__all__ = ["Outcome", "Progress", "absolute", "add_address", "add_bytes", "add_paths", "is_url", "source_of"]

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_AHEAD = 2  # files in work for each reader: one being read, one waiting to be stored
_MOST_AHEAD = 256 * 1024 * 1024  # bytes of files held in memory, beyond the one that is stored
_NEAR_DUPLICATES = 3  # told of one file
Status = Literal["added", "unchanged", "replaced", "refused", "vanished", "removed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `error` and `reason` say why it was refused, or why it was not removed.

    "vanished": the library holds it, its folder does not any more; "removed": the library neither, now.
    """

    source: str
    status: Status
    document_id: str = ""
    title: str = ""
    error: str = ""
    reason: str = ""
    notes: tuple[Note, ...] = ()  # what the user should know about a file that was read all the same


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a call of `add_paths` is. `name` is the file that is next, "" at the end."""

    files_done: int
    files: int
    name: str
    pages: int = 0  # read so far; a document without pages counts as one
    pages_per_second: float = 0.0
    seconds_left: float | None = None  # None until there is something to tell it by

    @property
    def text(self) -> str:
        """Everything but the number of files, for a bar of progress that shows that itself."""
        parts = [f"{self.pages} pages", f"{self.pages_per_second:.1f} pages/s"] if self.pages else []
        if self.seconds_left is not None and self.name:
            minutes, seconds = divmod(round(self.seconds_left), 60)
            parts.append(f"{minutes}:{seconds:02} left")
        return ", ".join([*parts, self.name] if self.name else parts)


def add_paths(
    library: Library,
    paths: Iterable[Path | str],
    on_progress: Callable[[Progress], None] | None = None,
    *,
    reader: Reader | None = None,
    prune: bool = False,
    allow_private: bool = False,
) -> Iterator[Outcome]:
    """Add files, the files within folders, and what is behind web addresses (the strings of them).

    A file that is refused stops no other. What the library holds of a folder and the folder does not any
    more is told as vanished at the end, and removed with `prune`. Each outcome is yielded when it is safe
    on disk, in the order of the files. `reader`: default processes that end with this call;
    `allow_private`: web addresses may lead to this machine and its network.
    Raises LibraryLocked before the first.
    """
    with library.writing(), ExitStack() as at_end:
        if reader is None:
            reader = at_end.enter_context(Sandbox())
        given = [path if is_url(path) else absolute(Path(path)) for path in paths]
        items = [item for path in given for item in _items(path, library)]
        watch = _Watch(items)
        tasks = at_end.enter_context(closing(_ahead(library, items, reader, allow_private)))
        for done, (item, task) in enumerate(tasks):
            if on_progress:
                on_progress(watch.progress(done))
            outcome, pages = _store(library, task)
            watch.count(item, pages)
            yield outcome
        folders = [path for path in given if isinstance(path, Path) and path.is_dir()]
        yield from _synchronise(library, folders, items, prune)
        if on_progress:
            on_progress(watch.progress(len(items)))


def add_bytes(
    library: Library,
    data: bytes,
    source: str,
    *,
    reader: Reader | None = None,
    on_read: Callable[[], None] | None = None,
    keep_namesake: bool = False,
) -> Outcome:
    """Add one file that is already in memory, such as an upload; `source` is what to call it.

    `reader`: default processes that stay for the next call; `on_read` is called when the file has been read
    and is stored next. `keep_namesake`: where other content has that name, it stays, and this is called
    "report (2).pdf"; else it is replaced.
    """
    reader = reader or _lasting_reader()
    name = _name_beside(library, source, content_id(data)) if keep_namesake else source
    ready = _read(library, data, name, reader)
    if on_read:
        on_read()
    if not keep_namesake:
        return _store(library, ready)[0]
    with library.writing():  # another upload may have taken the name meanwhile
        name = _name_beside(library, source, content_id(data))
        if ready.document:
            ready = replace(ready, source=name, document=replace(ready.document, source=name))
        return _store(library, ready)[0]


def add_address(
    library: Library,
    address: str,
    *,
    reader: Reader | None = None,
    on_read: Callable[[], None] | None = None,
) -> Outcome:
    """Add what is behind one web address, which never leads to this machine or its network; else as `add_bytes`.

    Nothing but a web address is taken: a path is refused like any address that is none. No refusal is
    remembered: whoever typed the address is told at once.
    """
    item = _Item(address, address)
    ready = _load_and_read(library, item, reader or _lasting_reader(), allow_private=False)
    if ready.refusal:
        error = type(ready.refusal).__name__
        return Outcome(ready.source, "refused", error=error, reason=ready.refusal.reason)
    if on_read:
        on_read()
    return _store(library, ready)[0]


def is_url(path: Path | str) -> bool:
    """Whether this is an address, of the web or of what is not fetched, and not a path."""
    return isinstance(path, str) and _SCHEME.match(path) is not None


@cache
def _lasting_reader() -> Sandbox:
    sandbox = Sandbox()
    atexit.register(sandbox.close)
    return sandbox


@dataclass(frozen=True, slots=True)
class _Item:
    """A file or a web address to add."""

    source: str
    path: Path | str
    size: int = 0
    refusal: Refused | None = None

    @property
    def name(self) -> str:
        return self.path if isinstance(self.path, str) else Path(self.source).name


@dataclass(frozen=True, slots=True)
class _Ready:
    """A file that needs nothing but to be stored: read, refused, or known to be here."""

    source: str
    data: bytes = b""
    document: Document | None = None
    refusal: Refused | None = None


def _items(path: Path | str, library: Library) -> Iterator[_Item]:
    if isinstance(path, str):
        yield _Item(path, path)
        return
    for found in walk(path, absolute(library.folder)):
        yield _Item(source_of(found.path), found.path, found.size, found.refusal)


def _ahead(
    library: Library, items: list[_Item], reader: Reader, allow_private: bool
) -> Generator[tuple[_Item, Future[_Ready]], None, None]:
    """Each item and its reading, which has begun; a bounded number of files is in memory."""
    waiting = deque(items)
    working: deque[tuple[_Item, Future[_Ready]]] = deque()
    held = 0
    threads = ThreadPoolExecutor(reader.workers, "intake")
    try:
        while waiting or working:
            while waiting and len(working) < _AHEAD * reader.workers:
                if working and held + waiting[0].size > _MOST_AHEAD:
                    break
                item = waiting.popleft()
                held += item.size
                working.append((item, threads.submit(_load_and_read, library, item, reader, allow_private)))
            item, task = working.popleft()
            yield item, task
            held -= item.size
    finally:
        for _, task in working:
            task.cancel()
        threads.shutdown(wait=False)


def _load_and_read(library: Library, item: _Item, reader: Reader, allow_private: bool) -> _Ready:
    """Runs in a thread of its own; refusals are part of the result."""
    if item.refusal:
        return _Ready(item.source, refusal=item.refusal)
    try:
        if isinstance(item.path, Path):
            return _read(library, load(item.path), item.source, reader)
        from ingest.fetch import fetch  # loads libraries that only this needs

        fetched = fetch(item.path, allow_private=allow_private)
        return _read(library, fetched.data, fetched.url, reader, fetched.filename)
    except Refused as refusal:
        # Of a web address, `refusal.source` is it without the password that may stand in it.
        source = item.source if isinstance(item.path, Path) else refusal.source
        return _Ready(source, refusal=refusal)


def _read(library: Library, data: bytes, source: str, reader: Reader, name: str = "") -> _Ready:
    if library.has(source, content_id(data)):
        return _Ready(source, data)
    try:
        return _Ready(source, data, reader.read(data, source, name, library.languages_beside(source)))
    except Refused as refusal:
        return _Ready(source, refusal=refusal)


def _name_beside(library: Library, source: str, document_id: str) -> str:
    """What to call this content so that nothing is replaced: as asked, as it is called already, or with a number."""
    taken = set(library.sources())
    if source not in taken or library.card(source).id == document_id:
        return source
    try:
        return library.card(document_id).source
    except UnknownDocument:
        path = PurePath(source)
        names = (f"{path.stem} ({number}){path.suffix}" for number in count(2))
        return next(name for name in names if name not in taken)


def _store(library: Library, task: Future[_Ready] | _Ready) -> tuple[Outcome, int]:
    """Store what was read; returns its outcome and its number of pages."""
    ready = task if isinstance(task, _Ready) else task.result()
    if ready.refusal:
        return _refuse(library, ready.source, ready.refusal), 0
    if ready.document is None:
        library.clear_failure(ready.source)  # it went bad, and is again what it was before
        return Outcome(ready.source, "unchanged", content_id(ready.data)), 0
    document = ready.document
    status = library.add(document, ready.data)
    card = library.card(document.id)  # its title may be the user's
    outcome = Outcome(document.source, status, document.id, card.title, notes=_notes(library, document.id))
    return outcome, len(document.pages)


def _notes(library: Library, document_id: str) -> tuple[Note, ...]:
    """What is known of how well a document could be read, and of which others share its text."""
    near = library.near_duplicates(document_id)[:_NEAR_DUPLICATES]
    return (*library.notes(document_id), *(Note(each.kind, each.message) for each in near))


def _refuse(library: Library, source: str, refusal: Refused) -> Outcome:
    error = type(refusal).__name__
    if not isinstance(refusal, SourceMissing) or os.path.lexists(source):  # no mistyped path is remembered
        library.note_failure(source, error, refusal.reason)
    return Outcome(source, "refused", error=error, reason=refusal.reason)


def _synchronise(library: Library, folders: list[Path], items: list[_Item], prune: bool) -> Iterator[Outcome]:
    """What the library holds of the folders and is not in them any more."""
    found = {item.source for item in items}
    for folder in dict.fromkeys(folders):
        for source in vanished(folder, (failure.source for failure in library.failures()), found):
            library.clear_failure(source)  # there is no such file to complain about
        for source in vanished(folder, library.sources(), found):
            found.add(source)  # a folder within this one need not tell it again
            card = library.card(source)
            if not prune:
                yield Outcome(source, "vanished", card.id, card.title)
            elif empty := emptied(folder, source):
                way_out = "delete it, or: " if empty != folder else ""
                reason = (
                    f"{empty} holds nothing at all, like a disk that is not mounted, so this was not removed. "
                    f"If it is meant to be empty, {way_out}python -m ingest remove {shlex.quote(source)}"
                )
                yield Outcome(source, "vanished", card.id, card.title, FolderEmpty.__name__, reason)
            else:
                library.release(source)
                yield Outcome(source, "removed", card.id, card.title)


class _Watch:
    """Counts pages, and tells the time that is left by the bytes that are left."""

    def __init__(self, items: list[_Item]) -> None:
        self._files = items
        self._bytes = sum(item.size for item in items)
        self._bytes_done = 0
        self._pages = 0
        self._began = time.monotonic()

    def count(self, item: _Item, pages: int) -> None:
        self._bytes_done += item.size
        self._pages += pages

    def progress(self, done: int) -> Progress:
        seconds = time.monotonic() - self._began
        left = None
        if self._bytes_done and seconds:
            left = seconds * (self._bytes - self._bytes_done) / self._bytes_done
        name = self._files[done].name if done < len(self._files) else ""
        rate = self._pages / seconds if seconds else 0.0
        return Progress(done, len(self._files), name, self._pages, rate, left)
