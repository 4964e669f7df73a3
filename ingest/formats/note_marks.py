"""The marks of notes as a page shows them: raised at their place in the text, and again before the note.

In: the number of a note, or the mark that its author chose. Out: "¹²", "¹⁾" as Hangul prints it, "*" as it
is, and "[iv]" for letters: Unicode raises few of them, and a raised letter would pass for the word's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_RAISED = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")
_NUMBER = re.compile(r"\(?[0-9]{1,5}\)?")
_BRACKETED = re.compile(r"\[.{1,12}\]")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_SIGNS = "*†‡§"
# Where a mark ends a title: after a word or its punctuation, where no power stands.
_AT_END = re.compile(
    r"(?:(?<=[^\W\d_]{3})|(?<=[^\W\d_][.!?)»”\"’]))(?:⁽?[⁰¹²³⁴-⁹]{1,3}⁾?|[*†‡§]{1,4}|\[[ivxlc]{1,8}\])\Z"
)


def raised(mark: str) -> str:
    """The characters that show a mark raised; "" for none."""
    mark = "".join(mark.split())
    if _NUMBER.fullmatch(mark):
        return mark.translate(_RAISED)
    is_plain = any(char.isalpha() or char.isdecimal() for char in mark) and not _BRACKETED.fullmatch(mark)
    return f"[{mark.strip('()')}]" if is_plain else mark


def before(mark: str, text: str, typed: str = "") -> str:
    """The text of a note after its mark; `typed` is how its author may have written the mark there."""
    text = text.lstrip()
    if typed and text.startswith(typed):
        text = text[len(typed) :].lstrip()
    return f"{mark} {text}" if mark else text


def without_mark(title: str) -> str:
    """A title without the mark of the note that thanks or explains: it is no part of its name."""
    return _AT_END.sub("", title.rstrip())


@dataclass(slots=True)
class Numbering:
    """Numbers the notes of one kind in the order of the text.

    `style` is "decimal", "lowerRoman", "upperRoman", "lowerLetter", "upperLetter" or "chicago"; another is
    taken for decimal. Where a program begins anew on each page, the numbers go on: pages are not known here.
    """

    style: str = "decimal"
    first: int = 1
    restarts: bool = False  # with each section
    given: int = 0

    def next(self) -> str:
        """The mark of the next note, raised."""
        self.given += 1
        return raised(spelled(self.first + self.given - 1, self.style))

    def end_section(self) -> None:
        if self.restarts:
            self.given = 0


def spelled(number: int, style: str) -> str:
    """A number from 1 as a style writes it; in digits where the style has no name for it."""
    if not 0 < number < 4000:
        return str(number)
    if style in ("lowerRoman", "upperRoman"):
        return _roman(number) if style == "lowerRoman" else _roman(number).upper()
    if style in ("lowerLetter", "upperLetter"):  # z is followed by aa, bb
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if style == "lowerLetter" else letters.upper()
    if style == "chicago":
        return _SIGNS[(number - 1) % 4] * ((number - 1) // 4 + 1)
    return str(number)


def _roman(number: int) -> str:
    parts: list[str] = []
    for value, letters in _ROMAN:
        parts.append(letters * (number // value))
        number %= value
    return "".join(parts)
