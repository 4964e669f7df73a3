"""What the command lines share: how they speak to a terminal or a pipe."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Sequence

# Controls, and the marks that turn a line around: a file's name or title may hold them to mislead.
STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_RANGES = 20  # of pages, named in one list


def speak_utf8(as_json: bool) -> None:
    """JSON is always UTF-8; text is in the terminal's charset, with ? for what it lacks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if as_json:
            sys.stdout.reconfigure(encoding="utf-8")
        else:
            sys.stdout.reconfigure(errors="replace")


def page_list(pages: Sequence[int]) -> str:
    """Page numbers, neighbours as a range: " (pages 1-3, 7)"; "" for none."""
    return f" (page{'s' * (len(pages) > 1)} {page_ranges(pages)})" if pages else ""


def page_ranges(pages: Sequence[int]) -> str:
    """The numbers alone: "1-3, 7"."""
    ranges: list[list[int]] = []
    for page in pages:
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    told = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    tail = ", …" if len(told) > _RANGES else ""
    return ", ".join(told[:_RANGES]) + tail


def shown(line: str) -> str:
    """A line to print, with escapes for what would steer the terminal: "a\\x1b[31m.txt"."""
    return STEERING.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), line)
