"""One evaluation at a time: whoever comes meanwhile is told so, and whoever runs it may stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from ingest.told import Told
from web.turns import Turns


class OneRun:
    """Who runs an evaluation now, if anybody. Safe between threads."""

    def __init__(self) -> None:
        refusal = Told("an evaluation is running already, and one runs at a time; come again when it is done")
        self._turns = Turns(working=1, waiting=0, refusal=refusal)
        self._owner: str | None = None
        self._stopped = Event()

    @contextmanager
    def taken(self, owner: str) -> Iterator[Callable[[], bool]]:
        """Hold the turn; gives a function that says whether the owner has stopped it. Raises Busy."""
        with self._turns.taken():
            self._stopped.clear()
            self._owner = owner
            try:
                yield self._stopped.is_set
            finally:
                self._owner = None

    def stop(self, owner: str) -> None:
        """Have the owner's evaluation end after the question that is being asked; nobody else's."""
        if owner == self._owner:
            self._stopped.set()
