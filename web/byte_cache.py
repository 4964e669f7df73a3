"""Bytes that cost time to make, kept while there is room; safe to use from many threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future


class ByteCache:
    """The most recently used values, `largest` bytes of them in all.

    Who asks for what is being made waits for it: nothing is made twice at a time.
    """

    def __init__(self, largest: int) -> None:
        self.largest = largest
        self.size = 0  # bytes held
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._making: dict[Hashable, Future[bytes]] = {}

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The value of `key`, made when it is not kept. What `make` raises is raised to all who wait for it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            if waiting := self._making.get(key):
                future = waiting
            else:
                future = self._making[key] = Future()
        if waiting:
            return future.result()
        try:
            value = make()
        except BaseException as error:
            with self._lock:
                del self._making[key]
            future.set_exception(error)
            raise
        with self._lock:
            del self._making[key]
            self._keep(key, value)
        future.set_result(value)
        return value

    def forget(self, unwanted: Callable[[Hashable], bool]) -> None:
        """Drop the values of the keys that are not wanted any more."""
        with self._lock:
            for key in [key for key in self._kept if unwanted(key)]:
                self.size -= len(self._kept.pop(key))

    def _keep(self, key: Hashable, value: bytes) -> None:
        if len(value) > self.largest:
            return
        self._kept[key] = value
        self.size += len(value)
        while self.size > self.largest:
            self.size -= len(self._kept.popitem(last=False)[1])
