"""How far the reading of a file is: readers tell each page that they have done, whoever waits may listen.

In: page numbers and how many there are, from whichever reader goes through pages. Out: calls of what was
given to `listening`, in the same thread. A reader's process passes them on to its parent (ingest.sandbox).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int, int], None]  # the page that was read, and how many the file has

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Have `listener` called at each page that is read inside the block, by this thread."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def page_read(page: int, pages: int) -> None:
    """Tell that page number `page` of `pages` was read; nothing happens where nobody listens."""
    if listener := _listener.get():
        listener(page, pages)
