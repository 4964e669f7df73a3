"""So many at work at once, so many waiting, and everybody else is told to come again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from ingest.errors import VerbatimError
from ingest.told import Told


class Busy(VerbatimError):
    """More questions at once than can be worked on or wait."""


class Turns:
    """At most `working` at once, in any order, and at most `waiting` behind them. Safe between threads.

    `refusal` is what everybody else is told.
    """

    def __init__(
        self,
        working: int,
        waiting: int,
        refusal: str = Told("too many questions are being asked at once; ask again in a few seconds"),
    ) -> None:
        self._refusal = refusal
        self._working = BoundedSemaphore(working)
        self._admitted = BoundedSemaphore(working + waiting)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and hold it. Raises Busy at once where too many wait already."""
        if not self._admitted.acquire(blocking=False):
            raise Busy(self._refusal)
        try:
            with self._working:
                yield
        finally:
            self._admitted.release()
