"""A word of a query as it is searched by, and what a library is asked about such words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol


class Known(Protocol):
    """What a library holds, as its lexical mirror knows it."""

    def holds(self, word: Iterable[str]) -> bool:
        """Whether any passage holds one of these terms."""
        ...

    def starting(self, field: Literal["words", "names", "acronyms"], start: str) -> list[str]:
        """The entries of a field that begin with `start`, the most frequent first."""
        ...


@dataclass(frozen=True, slots=True)
class SearchWord:
    """A word to search by: its alternative terms, and those of its translations.

    `weight` is how many terms the word has in its own language: a Korean word of four syllables is looked
    for by its three pairs and the marked first pair, its one English translation must count as much.
    `only_in` names the one language whose passages could hold the word, "" for all: function words and
    pairs of Korean syllables mean nothing elsewhere. `names` are terms of the same name as others spell
    it, `name_weight` what each counts; of `phrases`, translations of several words, a passage must hold
    every term.
    """

    terms: tuple[str, ...]
    translations: tuple[str, ...]
    weight: int
    only_in: str
    names: tuple[str, ...] = ()
    name_weight: int = 1
    phrases: tuple[tuple[str, ...], ...] = ()
