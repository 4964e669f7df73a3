"""Adding files and web addresses one after the other, with where each of them stands.

In: the temporary copies that Gradio made of uploads, and addresses as typed. Out: again and again the state of
all of them, until the last is done. The work goes on when nobody looks any more, and leaves no copy behind.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from index.intake import Outcome, add_address, add_bytes
from index.library import Library
from ingest.errors import EmptyFile, Refused, VerbatimError
from ingest.page_progress import listening
from ingest.reading import load
from ingest.told import Told
from web.words import is_web_address

MOST_ADDRESSES = 20  # in one call: each may take minutes to answer
_BETWEEN_LOOKS = 0.25  # seconds
State = Literal["waiting", "reading", "indexing", "added", "unchanged", "replaced", "refused"]
# What adds one file, and calls what it is given when it has been read.
Add = Callable[[Callable[[], None]], Outcome]


class TooManyAddresses(VerbatimError):
    """More web addresses at once than are fetched for one user."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file or address on its way into the library. `page` of `pages` was read last; 0 where none is told."""

    name: str
    state: State = "waiting"
    page: int = 0
    pages: int = 0
    outcome: Outcome | None = None  # once it is finished

    @property
    def finished(self) -> bool:
        return self.outcome is not None


def addresses_in(text: str) -> list[str]:
    """The web addresses in what was typed, parted by white space, each once. Raises TooManyAddresses."""
    found = list(dict.fromkeys(text.split()))
    if len(found) > MOST_ADDRESSES:
        raise TooManyAddresses(
            Told(
                "{n} addresses at once; the limit is {limit}. Add some first.",
                n=str(len(found)),
                limit=MOST_ADDRESSES,
            )
        )
    return found


def add_all(
    library: Library,
    files: Sequence[Path] = (),
    addresses: Sequence[str] = (),
    *,
    replace_namesakes: bool = False,
) -> Iterator[tuple[Upload, ...]]:
    """Add them in this order, and delete the files; yields the state of all whenever one has changed.

    A file is called by its name. Where other content has that name it is replaced with `replace_namesakes`,
    else kept beside it under a name with a number. What is refused stops no other.
    """
    adding: list[tuple[str, Add]] = [
        *((path.name, partial(_add_file, library, path, not replace_namesakes)) for path in files),
        *((address, partial(_add_typed, library, address)) for address in addresses),
    ]
    work = _Work(adding, files)
    threading.Thread(target=work.run, name="uploads", daemon=True).start()
    shown: tuple[Upload, ...] = ()
    ended = False
    while not ended:
        ended = work.ended.wait(_BETWEEN_LOOKS if shown else 0)
        if (now := tuple(work.uploads)) != shown:
            shown = now
            yield shown
    if work.failure:
        raise work.failure


class _Work:
    """What the thread does; `uploads` is replaced item by item, and read by whoever looks."""

    def __init__(self, adding: Sequence[tuple[str, Add]], files: Sequence[Path]) -> None:
        self.uploads = [Upload(name) for name, _ in adding]
        self.ended = threading.Event()
        self.failure: Exception | None = None  # a bug, to be raised where it is seen
        self._adding, self._files = adding, files

    def run(self) -> None:
        try:
            for at, (_, add) in enumerate(self._adding):
                self._one(at, add)
        except Exception as failure:
            self.failure = failure
        finally:
            for path in self._files:
                path.unlink(missing_ok=True)
            self.ended.set()

    def _one(self, at: int, add: Add) -> None:
        def told(page: int, pages: int) -> None:
            if 0 < page <= pages:
                self.uploads[at] = replace(self.uploads[at], page=page, pages=pages)

        def read() -> None:
            self.uploads[at] = replace(self.uploads[at], state="indexing")

        name = self.uploads[at].name
        self.uploads[at] = replace(self.uploads[at], state="reading")
        try:
            with listening(told):
                outcome = add(read)
        except Refused as refusal:
            outcome = _refused(name, refusal, refusal.reason)
        except (
            VerbatimError
        ) as error:  # the library is locked, a disk is full: said of each file that it kept out
            outcome = _refused(name, error, error.told)
        self.uploads[at] = Upload(name, _state_of(outcome), outcome=outcome)


def _add_file(library: Library, path: Path, keep_namesake: bool, on_read: Callable[[], None]) -> Outcome:
    """Add an upload under its own name, and delete the copy, whatever came of it."""
    try:
        return add_bytes(library, _bytes_of(path), path.name, on_read=on_read, keep_namesake=keep_namesake)
    finally:
        path.unlink(missing_ok=True)


def _bytes_of(path: Path) -> bytes:
    """What was uploaded. An empty file goes on as well, to be refused and remembered as others are."""
    try:
        return load(path)
    except EmptyFile:
        return b""


def _add_typed(library: Library, address: str, on_read: Callable[[], None]) -> Outcome:
    """Add what is behind an address as typed: who leaves the scheme out means https."""
    whole = address if "://" in address else f"https://{address}"
    if not is_web_address(whole):
        reason = Told("only http: and https: are fetched.")
        return Outcome(address, "refused", error="UnusableAddress", reason=reason)
    return add_address(library, whole, on_read=on_read)


def _refused(name: str, error: VerbatimError, reason: str) -> Outcome:
    return Outcome(name, "refused", error=type(error).__name__, reason=reason)


def _state_of(outcome: Outcome) -> State:
    """One file is added, unchanged, replaced or refused; the rest is said of folders."""
    status = outcome.status
    if status == "vanished" or status == "removed":
        raise ValueError(f"{outcome.source}: a file that is added cannot have {status}")
    return status
