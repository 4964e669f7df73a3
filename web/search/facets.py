"""Facets of a search: a query's nearest passages and what is picked in, the passages that pass and the counts out.

Within a facet any picked value will do, between facets all must. The counts of a facet are those with the picks
of the other facets alone ("multi-select faceting"), so that a pick does not make its alternatives vanish.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.hit import DocumentCard, Filters, Hit

NEAREST = 100  # passages that are counted, and the most that are shown
FACETS = ("language", "year", "type", "document")

Search = Callable[[Filters], Sequence[Hit]]  # the nearest passages that pass the filters, best first


@dataclass(frozen=True, slots=True)
class Picks:
    """The values picked in each facet; none of a facet means all. "" is a document of which nothing is said."""

    language: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    document: tuple[str, ...] = ()

    @classmethod
    def of(cls, sent: object) -> Picks:
        """From pairs of facet and value as a browser sends them; whatever else it sends is left out."""
        pairs = [tuple(pair) for pair in sent if isinstance(pair, list)] if isinstance(sent, list) else []
        picked: dict[str, tuple[str, ...]] = {}
        for facet in FACETS:
            values = [pair[1] for pair in pairs if len(pair) == 2 and pair[0] == facet]
            picked[facet] = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
        return cls(**picked)

    def __bool__(self) -> bool:
        return self != Picks()

    def in_facet(self, facet: str) -> tuple[str, ...]:
        """What is picked in one facet."""
        values: tuple[str, ...] = getattr(self, facet)
        return values

    def without(self, facet: str) -> Picks:
        """The picks of the other facets."""
        return replace(self, **{facet: ()})

    def among(self, cards: Iterable[DocumentCard]) -> Picks:
        """The picks that some document has: a language goes when its last document goes."""
        cards = list(cards)
        kept = {}
        for facet in FACETS:
            there = {value_of(card, facet) for card in cards}
            kept[facet] = tuple(value for value in self.in_facet(facet) if value in there)
        return Picks(**kept)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: how many of the nearest passages have it, and whether it is picked."""

    value: str
    count: int
    picked: bool


@dataclass(frozen=True, slots=True)
class Faceted:
    """The passages that pass all picks, best first, and the values of each facet.

    `partial` says that there were more passages than are counted.
    """

    hits: tuple[Hit, ...]
    picks: Picks
    values: Mapping[str, tuple[Value, ...]]
    partial: bool


def value_of(card: DocumentCard, facet: str) -> str:
    """The value that a document has in a facet; "" where it says nothing."""
    return {"language": card.language, "year": card.published[:4], "type": card.type, "document": card.id}[
        facet
    ]


def filters_of(picks: Picks, cards: Iterable[DocumentCard], chosen: Sequence[str] = ()) -> Filters | None:
    """The filters that the picks make of the documents in reach, `chosen` where not all are; None: none passes.

    A year is narrowed to by the ids of its documents: several years need be no range, and "" is one too.
    """
    documents: tuple[str, ...] = ()
    if chosen or picks.year or picks.document:
        documents = tuple(
            card.id
            for card in cards
            if (not chosen or card.id in chosen)
            and all(
                not picks.in_facet(facet) or value_of(card, facet) in picks.in_facet(facet)
                for facet in ("year", "document")
            )
        )
        if not documents:
            return None
    return Filters(documents=documents, languages=picks.language, types=picks.type)


def faceted(
    search: Search, cards: Sequence[DocumentCard], picks: Picks, chosen: Sequence[str] = ()
) -> Faceted:
    """Search with the picks, and once more for each facet that has some, without its own."""
    hits = _found(search, cards, picks, chosen)
    values, partial = {}, False
    for facet in FACETS:
        own = picks.in_facet(facet)
        counted = _found(search, cards, picks.without(facet), chosen) if own else hits
        partial = partial or len(counted) >= NEAREST
        values[facet] = _values(facet, counted, own)
    return Faceted(hits, picks, values, partial)


def faceted_anew(
    search: Search, cards: Sequence[DocumentCard], picks: Picks, chosen: Sequence[str] = ()
) -> Faceted:
    """The same for a new query: earlier picks stay unless the query finds nothing under them and something without."""
    kept = picks.among(cards)
    found = faceted(search, cards, kept, chosen)
    if kept and not found.hits:
        without = faceted(search, cards, Picks(), chosen)
        return without if without.hits else found
    return found


def _found(
    search: Search, cards: Sequence[DocumentCard], picks: Picks, chosen: Sequence[str]
) -> tuple[Hit, ...]:
    filters = filters_of(picks, cards, chosen)
    return () if filters is None else tuple(search(filters))


def _values(facet: str, hits: Sequence[Hit], picked: Sequence[str]) -> tuple[Value, ...]:
    """Each value, the commonest first (years: the latest), with those picked that no passage has; "" is last."""
    counts = Counter(value_of(hit.document, facet) for hit in hits)
    values = sorted({*counts, *picked}, reverse=facet == "year")
    if facet != "year":
        values.sort(key=lambda value: -counts[value])
    values.sort(key=lambda value: not value)
    return tuple(Value(value, counts[value], value in picked) for value in values)
