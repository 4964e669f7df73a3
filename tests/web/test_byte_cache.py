"""The cache: bounded in bytes, the least recently used goes first, nothing is made twice at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from web.byte_cache import ByteCache


def test_the_least_recently_used_goes_first() -> None:
    cache = ByteCache(10)
    made: list[str] = []

    def get(key: str, size: int = 4) -> bytes:
        return cache.get(key, lambda: made.append(key) or key.encode() * size)

    assert get("a") == b"aaaa"
    get("b")
    get("a")
    assert made == ["a", "b"]
    get("c")  # twelve bytes: b has to go
    assert cache.size == 8
    get("a")
    assert made == ["a", "b", "c"]
    get("b")
    assert made == ["a", "b", "c", "b"]
    assert cache.size == 8
    assert get("long", 3) == b"longlonglong"  # larger than the cache: made, not kept
    assert cache.size == 8
    cache.forget(lambda key: key == "b")
    assert cache.size == 4
    get("b")
    assert made[-2:] == ["long", "b"]


def test_who_asks_for_what_is_being_made_waits_for_it() -> None:
    cache = ByteCache(100)
    everybody, made = Barrier(9), []
    going = Event()

    def make() -> bytes:
        going.wait(10)
        made.append(1)
        return b"value"

    def ask() -> bytes:
        everybody.wait(10)
        return cache.get("key", make)

    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(ask) for _ in range(8)]
        everybody.wait(10)
        going.set()
        assert [each.result(10) for each in asked] == [b"value"] * 8
    assert made == [1]


def test_what_fails_is_raised_and_tried_again() -> None:
    cache = ByteCache(100)

    def fail() -> bytes:
        raise OSError("no")

    for _ in range(2):
        with pytest.raises(OSError, match="no"):
            cache.get("key", fail)
    assert cache.get("key", lambda: b"yes") == b"yes"
    assert cache.get("key", fail) == b"yes"


def test_many_threads_keep_it_within_its_bytes() -> None:
    cache = ByteCache(50)
    with ThreadPoolExecutor(8) as threads:
        got = list(
            threads.map(lambda at: (at % 13, cache.get(at % 13, lambda: bytes([at % 13]) * 9)), range(2000))
        )
    assert all(value == bytes([key]) * 9 for key, value in got)
    assert cache.size == 45
