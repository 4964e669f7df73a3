"""Raised text as plain characters, parted from the word or number it stands at.

In: what is raised, what stands before it, and whether it points to a note. Out: the characters to write:
"10²" and "km²" for powers, "the forum [3]" for the mark of a note, "19th" as it is.
"""

from __future__ import annotations

import re

RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_POWER = re.compile(r"[+\-−]?\d{1,3}[+\-−]?|n")
_MARK = re.compile(r"[\w*†‡§]{1,4}")
_BRACKETED = re.compile(r"[(\[].{1,12}[)\]]")
# A power stands at a number, a closing bracket or a unit: "m", "km", "GHz"; a note's mark at a word.
_HAS_POWERS = re.compile(r"(?:\d|[)\]]|(?<![^\W\d_])[^\W\d_]{1,3})\Z")


def written(raised: str, before: str, is_mark: bool) -> str:
    """The characters for `raised` after the text `before`; `is_mark` where it is known to point to a note.

    A space at its end stands for one that is needed only before a letter or a digit.
    """
    raised = " ".join(raised.split())
    last = before[-1:]
    gap = " " if last.isalnum() else ""
    if not raised:
        return ""
    if _BRACKETED.fullmatch(raised):
        return gap + raised
    if is_mark:
        return gap + (f"[{raised}]" if _MARK.fullmatch(raised) else raised)
    if _POWER.fullmatch(raised):
        if not last.strip():  # the number of a sentence or of a footnote
            return f"{raised} "
        if _HAS_POWERS.search(before[-8:]):
            return raised.translate(RAISED)
        return f"{gap}[{raised}]" if raised.isdigit() else raised.translate(RAISED)
    return (" " if last.isdigit() and len(raised) == 1 and raised.isalpha() else "") + raised


def is_gap_needed(written: str, after: str) -> bool:
    """Whether what comes after a superscript would be glued to it."""
    return bool(after) and after[0].isalnum() and (written[-1:].isalnum() or written[-1:] in ")]")
