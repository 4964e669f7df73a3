"""Question and passages in, logits per token out; from those, the best span inside a range of characters.

`SpanModel` is what every model that reads has in common. The rest is what such models share: fitting a long
passage into windows, and choosing a span.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ingest.document import Span

LONGEST_QUESTION = 48  # tokens; what lies beyond is not read
LONGEST_CONTEXT = 96  # tokens; of a longer one the end is read, which stands nearest to the passage
LONGEST_ANSWER = 30  # tokens
OVERLAP = 64  # tokens that two windows of a long passage share: twice the longest answer

Logits = NDArray[np.float32]
Offsets = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class PassageText:
    """What is read: `context` (title and headings, may be empty) stands before it, and holds no answer."""

    context: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class PassageLogits:
    """What a model makes of one question and one passage. All values are logits, comparable within a model.

    A model that finds no spans gives no tokens: `offsets` is then of shape (0, 2).
    """

    relevance: float
    none: float  # start plus end of the first token: "no answer here"
    offsets: Offsets  # (tokens, 2): slices of the passage's text, without white space at either end
    first: Logits  # (tokens,): the answer starts with this token
    last: Logits


class BestSpan(NamedTuple):
    """Characters of the passage's text, and start plus end logit; compare that with `PassageLogits.none`."""

    span: Span
    score: float


class SpanModel(Protocol):
    """Anything that reads passages with a question in mind."""

    def read(self, question: str, passages: Sequence[PassageText]) -> list[PassageLogits]:
        """One for each passage, in their order."""
        ...


def best_span(logits: PassageLogits, start: int, end: int, longest: int = LONGEST_ANSWER) -> BestSpan | None:
    """The best span of at most `longest` tokens inside characters [start, end); None where no token lies."""
    low, high = logits.offsets[:, 0], logits.offsets[:, 1]
    # A token may reach over the end of a sentence (Chinese has no space there); its part inside counts.
    inside = np.flatnonzero(np.maximum(low, start) < np.minimum(high, end))
    if not len(inside):
        return None
    # Row: first token; column: how many tokens later the last one stands. A square would be large in a long passage.
    width = min(longest, len(inside))
    padded = np.concatenate([logits.last[inside], np.full(width - 1, -np.inf, np.float32)])
    scores = logits.first[inside][:, None] + sliding_window_view(padded, width)
    one, more = divmod(int(scores.argmax()), width)
    span = Span(max(int(low[inside[one]]), start), min(int(high[inside[one + more]]), end))
    return BestSpan(span, float(scores[one, more]))


def char_slices(text: str, offsets: Sequence[tuple[int, int]]) -> Offsets:
    """Token offsets without the white space at either end; a token of white space alone is empty."""
    slices = np.array(offsets, np.int32).reshape(-1, 2)
    for number, (start, end) in enumerate(offsets):
        piece = text[start:end]
        kept = piece.strip()
        if len(kept) != len(piece):
            begin = start + len(piece) - len(piece.lstrip()) if kept else start
            slices[number] = begin, begin + len(kept)
    return slices


def windows(tokens: int, room: int) -> list[tuple[int, int]]:
    """Ranges of at most `room` tokens that cover a passage, each sharing `OVERLAP` with the one before it."""
    step = room - min(OVERLAP, room // 2)
    starts = [0, *range(step, tokens - room + step, step)] if tokens > room else [0]
    return [(start, min(start + room, tokens)) for start in starts]


def merge(offsets: Offsets, parts: Sequence[tuple[tuple[int, int], PassageLogits]]) -> PassageLogits:
    """The logits of a passage from those of its windows; `offsets` are those of the whole passage.

    Each token takes the window in which it stands furthest from an edge. Windows differ in how likely they
    hold "no answer", so each one's spans keep their margin over its own.
    """
    if len(parts) == 1:
        return parts[0][1]
    margins = [_margin(part) for _, part in parts]
    none = parts[int(np.argmax(margins))][1].none
    first = np.zeros(len(offsets), np.float32)
    last = np.zeros(len(offsets), np.float32)
    bounds = [0, *((a[1] + b[0]) // 2 for (a, _), (b, _) in pairwise(parts)), len(offsets)]
    for ((low, _), part), begin, end in zip(parts, bounds, bounds[1:], strict=False):
        shift = np.float32((none - part.none) / 2)
        first[begin:end] = part.first[begin - low : end - low] + shift
        last[begin:end] = part.last[begin - low : end - low] + shift
    return PassageLogits(max(part.relevance for _, part in parts), none, offsets, first, last)


def _margin(part: PassageLogits) -> float:
    best = best_span(part, 0, int(part.offsets[:, 1].max(initial=0)))
    return best.score - part.none if best else -np.inf
