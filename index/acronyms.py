"""A text in, the short forms that it explains out: "Economic Development Cooperation Fund (EDCF)".

Words in, the other form of an acronym out; the library keeps the pairs of all its documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.analysis import HANGUL_WORD, stem_term, whole_term
from index.letters import HANGUL

_ENGLISH = ("of", "the", "and", "for", "in", "on", "to", "a", "an")
_LITTLE = frozenset((*_ENGLISH, "de", "и", "в", "по", "на", "для", "ва", "va", "uchun", "және", "үшін"))
_SHORT = re.compile(r"[^\W\d_](?:[^\W\d_]|\d|[&/-](?=\w)){1,9}")
_BRACKETED = re.compile(r"\(\s?([^()\n]{2,120}?)\s?\)")
_BREAK = re.compile(r"[()\n.;:!?]")
_BEFORE = 120  # characters before a bracket that are looked at
_WORD = re.compile(rf"[^\W\d_{HANGUL}](?:[\w'’ʻʼ`‘]|-(?=\w))*|[{HANGUL}]+")
_SPARE = 3  # words of an expansion beyond the letters of its acronym: "of", "и", an adjective in front


@dataclass(frozen=True, slots=True)
class Pair:
    """An acronym and what it stands for, each as terms."""

    short: str
    long: tuple[str, ...]

    @property
    def entries(self) -> tuple[str, str]:
        """As they are indexed, to be found from either end."""
        return f"{self.short}/{'_'.join(self.long)}", f"{'_'.join(self.long)}/{self.short}"


def is_acronym(word: str) -> bool:
    """Whether a word is written as an acronym is: EDCF, KazMunayGas is not, НПЗ is."""
    capitals = sum(map(str.isupper, word))
    return (
        2 <= len(word) <= 10 and capitals >= 2 and capitals >= len(word) - 2 and not HANGUL_WORD.match(word)
    )


def pairs(text: str, language: str) -> Iterator[Pair]:
    """The acronyms that brackets explain, or that stand in brackets after what they stand for."""
    for match in _BRACKETED.finditer(text):
        before = _BREAK.split(text[max(0, match.start() - _BEFORE) : match.start()])[-1]
        within = match[1].split(",")[0].strip("«»“”\"' ")
        words = list(_WORD.finditer(before))
        if not words:
            continue
        if is_acronym(within) and _SHORT.fullmatch(within):
            long = _expansion([word[0] for word in words], within)
            if long:
                yield Pair(whole_term(within, language), tuple(stem_term(word, language) for word in long))
        elif is_acronym(words[-1][0]) and before.rstrip().endswith(words[-1][0]):
            inside = [word[0] for word in _WORD.finditer(within)]
            if _initials(inside) == words[-1][0].casefold():
                yield Pair(
                    whole_term(words[-1][0], language), tuple(stem_term(word, language) for word in inside)
                )


def acronym_entries(text: str, language: str) -> set[str]:
    """The pairs of a text as they are indexed, each from either end."""
    return {entry for pair in pairs(text, language) for entry in pair.entries}


def _expansion(words: list[str], short: str) -> list[str]:
    """The last of the words before an acronym that it stands for; none when it cannot be told."""
    if HANGUL_WORD.match(words[-1]):
        return words[-1:]  # 대외경제협력기금(EDCF)
    letters = short.casefold()
    for count in range(2, min(len(words), len(letters) + _SPARE) + 1):
        if _initials(words[-count:]) == letters and words[-count].casefold() not in _LITTLE:
            return words[-count:]
    # Экономический фонд развития и сотрудничества (EDCF): no initials to go by, but it begins with a capital
    for count in range(max(2, len(letters) - 1), min(len(words), len(letters) + _SPARE) + 1):
        if len(letters) >= 3 and words[-count][0].isupper() and not is_acronym(words[-count]):
            return words[-count:]
    return []


def _initials(words: list[str]) -> str:
    return "".join(word[0] for word in words if word.casefold() not in _LITTLE).casefold()
