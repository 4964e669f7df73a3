"""How the cost of work grows with its size: quadratic work shows on any machine, however fast."""

from __future__ import annotations

import time
from collections.abc import Callable

_TIMES = 8


def growth(make: Callable[[int], Callable[[], object]], size: int) -> float:
    """How many times as long the work takes that is 8 times as large: about 8 if it is linear, 64 if quadratic.

    `make(size)` prepares the work and gives what does it.
    """
    return _seconds(make(size * _TIMES)) / max(_seconds(make(size)), 1e-6)


def _seconds(work: Callable[[], object]) -> float:
    """The least of three times, by the processor's clock."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)
