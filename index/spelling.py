"""A misspelt word in, the nearest word of the library out; a query in, the query as it is searched out.

Near is within one slip of the keys (a letter wrong, missing, too many, or two exchanged) for 4 to 7
letters and within two from 8; Hangul is compared by its letters, the jamo.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.analysis import HANGUL_WORD

ONE_SLIP = 4  # letters from which one slip is forgiven
TWO_SLIPS = 8
ONE_SLIP_JAMO = 7  # three syllables; of two, one jamo apart, there are too many words
TWO_SLIPS_JAMO = 12
_LONGEST = 40

# The keys of a Latin keyboard, and what the Russian layout has on them.
_KEYS = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")
_KEYS_BACK = str.maketrans("йцукенгшщзфывапролдячсмить", "qwertyuiopasdfghjklzxcvbnm")


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as it was typed, and the word of the library that it was taken for."""

    typed: str
    meant: str


@dataclass(frozen=True, slots=True)
class Spelled:
    """A query as it was typed, and as it is searched: the same where nothing was corrected."""

    typed: str
    searched: str
    corrections: tuple[Correction, ...] = ()


def slips(word: str) -> int:
    """How many slips are forgiven in a word."""
    letters = len(_letters(word))
    if any(map(str.isdigit, word)) or letters > _LONGEST:
        return 0
    one, two = (ONE_SLIP_JAMO, TWO_SLIPS_JAMO) if HANGUL_WORD.match(word) else (ONE_SLIP, TWO_SLIPS)
    return (letters >= one) + (letters >= two)


def other_layout(word: str) -> str:
    """What the keys that were pressed give in the other of the two layouts, Latin and Russian: ghbdtn is привет."""
    small = word.casefold()
    return small.translate(_KEYS if small[:1].isascii() else _KEYS_BACK)


class Vocabulary:
    """Words with their frequencies, in which near ones are found in milliseconds, of several 100,000."""

    def __init__(self, words: Sequence[tuple[str, int]]) -> None:
        self._words = [word for word, _ in words]
        self._counts = [count for _, count in words]
        # All at once, which is many times faster than word by word.
        letters = _letters("\n".join(self._words)).split("\n") if words else []
        self._letters = letters
        self._lengths = np.fromiter(map(len, letters), np.int64, len(letters))
        points = np.frombuffer("".join(letters).encode("utf-32-le"), np.uint32).astype(np.uint64)
        starts = np.cumsum(self._lengths) - self._lengths
        # A bit for each letter that a word holds, of 64: one slip changes two bits at most.
        bits = np.uint64(1) << points % np.uint64(64)
        self._signs = np.bitwise_or.reduceat(bits, starts) if len(points) else np.zeros(0, np.uint64)

    def near(self, word: str) -> list[tuple[int, str]]:
        """The words that `word` may be meant for, each with its slips, nearest first, then the most frequent."""
        allowed = slips(word)
        if not allowed or not self._words:
            return []
        letters = _letters(word)
        sign = np.uint64(0)
        for letter in letters:
            sign |= np.uint64(1) << np.uint64(ord(letter) % 64)
        alike = np.flatnonzero(
            (np.bitwise_count(self._signs ^ sign) <= 2 * allowed)
            & (np.abs(self._lengths - len(letters)) <= allowed)
        )
        found = process.extract(
            letters,
            [self._letters[i] for i in alike],
            scorer=OSA.distance,
            score_cutoff=allowed,
            limit=None,
            processor=None,
        )
        # Who mistypes mostly gets the first letter right; then the more frequent word is meant.
        best = sorted(
            (distance, letters[0] != other[0], -self._counts[alike[place]], self._words[alike[place]])
            for other, distance, place in found
        )
        return [(int(distance), word) for distance, *_, word in best]


def correct(query: str, words: Sequence[tuple[int, int]], nearest: Callable[[str], str]) -> Spelled:
    """The query with each of `words`, by start and end, replaced by what `nearest` gives for it, if anything."""
    searched, corrections, last = [], [], 0
    for start, end in words:
        typed = query[start:end]
        meant = nearest(typed)
        if meant:
            meant = meant.capitalize() if typed[0].isupper() and not typed.isupper() else meant
            searched += [query[last:start], meant]
            corrections.append(Correction(typed, meant))
            last = end
    return Spelled(query, "".join([*searched, query[last:]]), tuple(corrections))


def _letters(word: str) -> str:
    """Of a Hangul word its jamo; of another its letters, their marks apart."""
    return unicodedata.normalize("NFD", word)
