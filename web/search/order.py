"""What a search found in the order that a reader wants: the nearest first, or by date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

RELEVANCE, NEWEST, OLDEST = "relevance", "newest", "oldest"

T = TypeVar("T")


def ordered(found: Sequence[T], date: Callable[[T], str], order: str) -> list[T]:
    """`found`, best first, by ISO 8601 dates when `order` says so; what has no date comes last, equals stay."""
    if order not in (NEWEST, OLDEST):
        return list(found)
    dated = [each for each in found if date(each)]
    undated = [each for each in found if not date(each)]
    return sorted(dated, key=date, reverse=order == NEWEST) + undated
