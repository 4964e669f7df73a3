"""Failed attempts to sign in, counted by whom they concern: a leaky bucket for each.

A bucket that is full refuses until it has leaked, so no refusal lasts. Buckets of three kinds keep a stranger from
shutting a user out: the address that guesses is refused long before the name it guesses at, and a browser in which
the user has signed in before has a bucket of its own (OWASP calls that a device cookie).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Literal

from ingest.errors import VerbatimError

Kind = Literal["address", "name", "browser"]
Key = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures at once, and one more every so many seconds."""

    at_once: int
    seconds: float = 60


LIMITS: dict[Kind, Limit] = {"address": Limit(20), "name": Limit(100), "browser": Limit(10)}
MOST_BUCKETS = 20_000  # remembered; the one that was longest untouched goes first


class TooManyAttempts(VerbatimError):
    """Too many failures, or too many at once; `seconds` says when to come again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many attempts to sign in; try again in {ceil(seconds)} seconds")
        self.seconds = seconds


class Attempts:
    """For one thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[tuple[Kind, bytes], tuple[float, float]] = OrderedDict()  # level, when

    def refuse_if_many(self, keys: Sequence[Key]) -> None:
        """Raises TooManyAttempts where a bucket of these has no room for another failure."""
        waits = [(self._level(key) + 1 - LIMITS[key[0]].at_once) * LIMITS[key[0]].seconds for key in keys]
        if max(waits) > 0:
            raise TooManyAttempts(max(waits))

    def failed(self, keys: Sequence[Key]) -> None:
        for key in keys:
            self._buckets[_hashed(key)] = (self._level(key) + 1, self._clock())
            self._buckets.move_to_end(_hashed(key))
        while len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)

    def _level(self, key: Key) -> float:
        level, at = self._buckets.get(_hashed(key), (0.0, 0.0))
        return max(0.0, level - (self._clock() - at) / LIMITS[key[0]].seconds)


def address_key(host: str) -> Key:
    """The bucket of a client's address; one customer of a provider has 2^64 of IPv6's, and one bucket."""
    try:
        address = ip_address(host)
    except ValueError:  # a socket of this machine has none
        return ("address", host)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return ("address", str(address.ipv4_mapped))
        return ("address", str(ip_network((address, 64), strict=False)))
    return ("address", str(address))


def _hashed(key: Key) -> tuple[Kind, bytes]:
    """Names may be long, and passwords typed into the wrong field are not to be kept."""
    return key[0], sha256(key[1].encode()).digest()
