"""Raised figures in a text: which are marks of notes, and how none becomes a figure of what it stands at.

In: a text as a document has it, "Article 49⁴⁷ of 5 km²". Out: the same without the marks of its notes, or in NFKC,
which by itself would make 4947 of 49⁴⁷ and 102 of 10².
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import normalize

from index.letters import HAN_KANA, HANGUL

_RAISED = "[⁰¹²³⁴-⁹]"
# What else is raised may be a power: "10²", "10²⁵", "10⁻³", "5 km²", "Article 4⁷".
_NOTE_MARK = re.compile(
    rf"""
    (?: (?<=[^\W\d_]{{4}}) | (?<=[^\W\d_])(?<=[{HANGUL}{HAN_KANA}])  # fines⁴, 포럼¹: after a word that is no unit
      | (?<=[^\W_][^\w\s⁺⁻]) | (?<=[^\W_][^\w\s⁺⁻]{{2}})             # 45%⁴, ended.”⁴
      | (?<=(?<![\d.,])(?:1[5-9]|20)\d\d) | (?<=\d[, \u00a0]\d{{3}}) # 2018¹, 1,204³
      | (?<=\d)(?<!\b2)(?<!\b10)(?={_RAISED}{{2}})                   # Article 49⁴⁷
    ) {_RAISED}+
    """,
    re.VERBOSE,
)
_AT_FIGURE = re.compile(rf"((?<=\d){_RAISED}+)")


def blanked(text: str) -> str:
    """A text with spaces for the marks of notes: as long as before."""
    return text if text.isascii() else _NOTE_MARK.sub(lambda mark: " " * len(mark[0]), text)


def without_note_marks(text: str) -> tuple[str, Sequence[int]]:
    """A text without the marks of notes, and where each of its characters, and its end, stood."""
    if text.isascii():
        return text, range(len(text) + 1)
    gone = {at for mark in _NOTE_MARK.finditer(text) for at in range(*mark.span())}
    if not gone:  # as nearly always, and sentences are asked by the thousand
        return text, [*range(len(text) + 1)]
    places = [at for at in range(len(text)) if at not in gone]
    return "".join(text[at] for at in places), [*places, len(text)]


def nfkc(text: str) -> str:
    """A text in NFKC without the marks of notes; what else is raised at a figure stays so."""
    if text.isascii():
        return text
    parts = _AT_FIGURE.split(_NOTE_MARK.sub("", text))
    return "".join(part if at % 2 else normalize("NFKC", part) for at, part in enumerate(parts))
