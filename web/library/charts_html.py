"""Pictures of a library: its documents by year, by language and by type, drawn in HTML with the numbers in it.

A screen reader meets lists of "2012: 3 documents"; the bars are decoration. Nothing is loaded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from index.hit import DocumentCard
from web.cards import extent_of, extent_words
from web.interface import Interface
from web.words import tag, type_name

MOST_COLUMNS = 24  # of the timeline; more years than that stand together
MOST_BARS = 8  # of languages or types; the rest is counted in one
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # years in a column
_LABELS = 6  # of columns, at the most: more would run into one another
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Span:
    """The years of one column, both inclusive, and how many documents are of them."""

    first: int
    last: int
    documents: int

    @property
    def name(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def charts_html(say: Interface, cards: Sequence[DocumentCard]) -> str:
    """What the library holds, in a line that opens to the pictures; "" for an empty one."""
    if not cards:
        return ""
    languages = Counter(say.language_of(card.language) if card.language else say("Unknown") for card in cards)
    types = Counter(type_name(say, card.type) or say("Unknown") for card in cards)
    return (
        f'<details class="charts"><summary>{escape(extent_words(say, extent_of(cards)))}</summary>'
        f"{_timeline(say, cards)}"
        f'<div class="pair">{_bars(say, say("Languages"), languages)}{_bars(say, say("Types"), types)}</div></details>'
    )


def spans_of(dates: Sequence[str]) -> list[Span]:
    """The columns from the earliest year to the latest, empty ones included, as few years in each as fit.

    `dates` are ISO 8601; what does not begin with a year is left out.
    """
    years = Counter(int(found[0]) for date in dates if (found := _YEAR.match(date)))
    if not years:
        return []
    earliest, latest = min(years), max(years)
    step = next(
        (step for step in _STEPS if latest // step - earliest // step < MOST_COLUMNS),
        (latest - earliest) // MOST_COLUMNS + 1,
    )
    spans = []
    for first in range(earliest // step * step, latest + 1, step):
        last = first + step - 1
        spans.append(Span(first, last, sum(years[year] for year in range(first, last + 1))))
    return spans


def most_and_rest(counted: Counter[str], most: int = MOST_BARS) -> tuple[list[tuple[str, int]], int, int]:
    """The most frequent, then how many others there are, and what they count together."""
    ranked = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    if len(ranked) <= most:
        return ranked, 0, 0
    rest = ranked[most - 1 :]
    return ranked[: most - 1], len(rest), sum(count for _, count in rest)


def _timeline(say: Interface, cards: Sequence[DocumentCard]) -> str:
    spans = spans_of([card.published for card in cards])
    undated = len(cards) - sum(span.documents for span in spans)
    told = say.count("{n} document has no date.", "{n} documents have no date.", undated) if undated else ""
    if not spans:
        return tag("h3", say("By year")) + tag("p", told, "undated")
    most = max(span.documents for span in spans)
    every = -(-len(spans) // _LABELS)
    columns = []
    for at, span in enumerate(spans):
        count = say.count("{n} document", "{n} documents", span.documents)
        name = f"{span.name}: {count}"
        label = tag("span", str(span.first), "year") if at % every == 0 else ""
        height = f"{span.documents / most * 100:.1f}%"
        number = tag("span", say.number(span.documents), "count") if span.documents == most else ""
        columns.append(
            f'<li title="{escape(name)}"><span class="unseen">{escape(name)}</span>'
            f'<span aria-hidden="true" class="column"><span class="bar" style="height:{height}">{number}</span></span>'
            f'<span aria-hidden="true" class="label">{label}</span></li>'
        )
    return (
        f'{tag("h3", say("By year"))}<ol class="timeline">{"".join(columns)}</ol>{tag("p", told, "undated")}'
    )


def _bars(say: Interface, title: str, counted: Counter[str]) -> str:
    ranked, others, together = most_and_rest(counted)
    if others:
        ranked = [*ranked, (say.count("{n} other", "{n} others", others), together)]
    most = max(count for _, count in ranked)
    lines = "".join(
        f'<li><span class="name">{escape(name)}</span>'
        f'<span class="track" aria-hidden="true">'
        f'<span class="bar" style="width:{count / most * 100:.1f}%"></span></span>'
        f'<span class="count">{say.number(count)}</span></li>'
        for name, count in ranked
    )
    return f'<section>{tag("h3", title)}<ul class="bars">{lines}</ul></section>'
