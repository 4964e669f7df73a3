"""Lines of a PDF become running text: words broken at line ends made whole, every character traceable.

In: lines, in reading order. Out: `Joined` text, which still knows the characters of its page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from unicodedata import is_normalized

from .pdf_clean import LINE_END_HYPHEN
from .pdf_lines import CharRun, Line, cut_runs

_WORD = re.compile(r"\w+(?:-\w+)*")
_LAST_WORD = re.compile(r"\w+$")
_FIRST_WORD = re.compile(r"\w+")
_HYPHENED = re.compile(r"\w-$")


@dataclass(frozen=True, slots=True)
class Joined:
    """Text made of lines of one page, and its runs. A character in no run was put between two lines."""

    text: str
    runs: tuple[CharRun, ...]


class Words:
    """Joins lines, and decides about the hyphen of a word broken at a line's end.

    The document itself is the dictionary: "adminis-trative" is joined when "administrative" occurs
    in it, "outcome-oriented" keeps its hyphen when it occurs in the middle of a line, or when both
    halves are words of the document and the whole is not.
    """

    def __init__(self, pages: Sequence[Sequence[Line]]) -> None:
        self.seen: Counter[str] = Counter()
        for lines in pages:
            for line in lines:
                found = _WORD.findall(line.text.casefold())
                self.seen.update(found[:-1] if line.text.endswith((LINE_END_HYPHEN, "-")) else found)

    def joined(self, lines: Sequence[Line], line_break: str = "\n", follows: Line | None = None) -> Joined:
        """The text of some lines of a page, broken words made whole.

        A hyphen at the very end is kept, unless it breaks a word that goes on in the line that `follows` on
        another page: then it is left out, and `joiner` says what stands between the two.
        """
        parts: list[str] = []
        runs: list[CharRun] = []
        length = 0
        for line, after in zip_longest(lines, lines[1:]):
            end, joiner = len(line.text), line_break if after else ""
            if _breaks_word(line, after or follows):
                end -= 1
                joiner = self._hyphen(line.text[:end], after.text) if after else "" if follows else "-"
            kept = end + (joiner == "-")  # a hyphen that stays is the page's own
            runs += [
                CharRun(run.start + length, run.end + length, run.first)
                for run in (line.runs if kept == len(line.text) else cut_runs(line.runs, 0, kept))
            ]
            if not joiner and after and not is_normalized("NFC", line.text[:end][-1:] + after.text[0]):
                joiner = line_break  # the two would melt into one character
            parts += line.text[:end], joiner
            length += end + len(joiner)
        return Joined("".join(parts), tuple(runs))

    def joiner(self, before: Line, after: Line) -> str:
        """What stands between two parts of one paragraph: a line break, or a hyphen, or nothing."""
        return self._hyphen(before.text[:-1], after.text) if _breaks_word(before, after) else "\n"

    def _hyphen(self, stem: str, after: str) -> str:
        head, tail = _LAST_WORD.search(stem), _FIRST_WORD.match(after)
        if head is None or tail is None or not tail.group()[0].islower() or head.group().isdigit():
            return "-"
        first, second = head.group().casefold(), tail.group().casefold()
        whole, hyphened = self.seen[first + second], self.seen[f"{first}-{second}"]
        if whole or hyphened:
            return "-" if hyphened > whole else ""
        return "-" if self.seen[first] and self.seen[second] else ""


def _breaks_word(line: Line, after: Line | None) -> bool:
    if line.text.endswith(LINE_END_HYPHEN):
        return True
    # pdfium keeps the hyphen where it sees a line's end in doubt, and at a page's end.
    return after is not None and after.text[0].islower() and _HYPHENED.search(line.text) is not None
