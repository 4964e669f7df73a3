"""One page of a PDF and the boxes on it: what the job "boxes" is asked with, and what it answers.

In: a document's PageMap, or the answer's bytes. Out: the part of the map that a page needs, or PageBoxes.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import msgspec

from .document import Box, PageMap


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """The size of a page in points, as its reader sees it, and boxes on it in the order of the text."""

    width: float
    height: float
    boxes: tuple[Box, ...] = ()


_BOXES = msgspec.msgpack.Decoder(PageBoxes)
_MAP = msgspec.json.Decoder(PageMap)


def map_of_page(page_map: PageMap, page: int, start: int, end: int) -> PageMap:
    """What boxes of `text[start:end]` on page number `page` are computed from, and nothing else."""
    first = bisect_right(page_map.runs, start, key=lambda run: run.end)
    last = bisect_left(page_map.runs, end, key=lambda run: run.start)
    # One run more: what is hidden between two is told by the next one.
    runs = (run for run in page_map.runs[first : last + 1] if run.page == page)
    first = bisect_right(page_map.words, start, key=lambda word: word.end)
    last = bisect_left(page_map.words, end, key=lambda word: word.start)
    return PageMap(tuple(runs), tuple(word for word in page_map.words[first:last] if word.page == page))


def dump_map(page_map: PageMap) -> str:
    """A map as text, which is what a job can be asked with."""
    return msgspec.json.encode(page_map).decode()


def load_map(text: str) -> PageMap:
    """Raises msgspec.DecodeError."""
    return _MAP.decode(text)


def dump(found: PageBoxes) -> bytes:
    return msgspec.msgpack.encode(found)


def load(data: bytes, page: int) -> PageBoxes:
    """Raises msgspec.DecodeError where `data` are no boxes on page number `page`."""
    found = _BOXES.decode(data)
    sides = (found.width, found.height)
    if not all(math.isfinite(side) and side >= 1 for side in sides):
        raise msgspec.ValidationError("the size of the page is wrong")
    if not all(box.page == page and all(map(math.isfinite, box)) for box in found.boxes):
        raise msgspec.ValidationError("the boxes are wrong")
    return found
