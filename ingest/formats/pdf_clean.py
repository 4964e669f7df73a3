"""The characters of a PDF page as the text of a line holds them: ligatures taken apart, bullets told, NFC.

In: a piece of pdfium's text. Out: its clean text, and which of pdfium's characters each of its characters is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import combining, is_normalized, normalize

from .draft import clean, one_line

# pdfium writes U+FFFE for a hyphen at a line's end and swallows the line break after it.
LINE_END_HYPHEN = "\ufffe"
UNKNOWN = "\0"  # stands for a glyph without a character until the line is cleaned

BULLETS = "•●▪■□◦‣⁃∙·"
BULLET = "•"  # for what a symbol font shows before an item

_SYMBOL = re.compile("[\uf020-\uf0ff]")  # where a symbol font has its glyphs; only that font can show them
_LIGATURES = dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_SPECIAL = re.compile("^[\uf020-\uf0ff]|[\ufb00-\ufb06]")  # what Draft leaves and a line changes


def clean_line(text: str) -> str:
    """Characters of a page as the text of a line holds them."""
    return cleaned(text)[0]


def cleaned(piece: str) -> tuple[str, Sequence[int]]:
    """The text of a line as a Draft keeps it, and which character of `piece` each of its characters is."""
    text = piece.strip()
    if text.isascii() and text.isprintable() and "  " not in text:
        start = piece.index(text)
        return text, range(start, start + len(text))
    text = one_line(piece)
    if _SPECIAL.search(text) is None and (start := piece.find(text)) >= 0:
        return text, range(start, start + len(text))
    letters: list[str] = []
    offsets: list[int] = []
    for at, char in enumerate(piece):
        shown = _shown(char)
        if shown == " " and (not letters or letters[-1] == " "):
            continue
        letters += shown
        offsets += [at] * len(shown)
    if letters and letters[-1] == " ":
        del letters[-1], offsets[-1]
    if letters and _SYMBOL.match(letters[0]):
        letters[0] = BULLET
    if is_normalized("NFC", "".join(letters)):
        return "".join(letters), offsets
    return _composed(letters, offsets)


@lru_cache(4096)
def _shown(char: str) -> str:
    """What a Draft keeps of one character; a ligature becomes its letters, so that words are found."""
    shown = _LIGATURES.get(ord(char)) or clean(char)
    return " " if shown.isspace() else shown


def _composed(letters: Sequence[str], offsets: Sequence[int]) -> tuple[str, Sequence[int]]:
    """The letters in NFC: of those that become one, the first says where it stands."""
    text, places, start = "", list[int](), 0
    for end in range(1, len(letters) + 1):
        if end < len(letters) and (
            combining(letters[end]) or melt("".join(letters[start:end]), letters[end])
        ):
            continue
        shown = normalize("NFC", "".join(letters[start:end]))
        text += shown
        places += [offsets[start + at] for at in range(len(shown))]
        start = end
    return text, places


def melt(before: str, after: str) -> bool:
    """Whether NFC may change `after`, or what stands before it, where the two meet."""
    return bool(combining(after)) or normalize("NFC", before + after) != normalize("NFC", before) + after
