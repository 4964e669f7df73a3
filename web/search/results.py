"""What the Search view shows: a query with its picks, order and mode in, HTML out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from index.hit import Filters
from index.library import Library
from web.interface import Interface
from web.search.facets import NEAREST, Picks, faceted, faceted_anew
from web.search.facets_html import facets_html
from web.search.hits_html import hits_html, nothing_html
from web.search.order import ordered
from web.search.references_html import no_references_html, references_html
from web.sources_panel import Chosen

PASSAGES, REFERENCES = "passages", "references"
FIRST, STEP = 10, 20  # hits that are shown, and that "Show more" adds


@dataclass(frozen=True, slots=True)
class Asked:
    """What was searched for: changing the box does not change it until it is searched again."""

    query: str = ""
    picks: Picks = Picks()
    shown: int = FIRST
    anew: bool = False  # picks of the query before are on trial

    @property
    def more(self) -> Asked:
        """The same with more hits shown."""
        return replace(self, shown=min(self.shown + STEP, NEAREST))


@dataclass(frozen=True, slots=True)
class Results:
    """The facets and the hits as HTML; `left` hits are not shown yet."""

    asked: Asked
    facets: str
    hits: str
    left: int


def passages(say: Interface, library: Library, asked: Asked, order: str, chosen: Chosen) -> Results:
    """The nearest passages that pass the picks and come from the chosen sources."""
    ids = chosen.among(library)
    cards = library.documents(Filters(documents=ids))
    search = faceted_anew if asked.anew else faceted
    found = search(
        lambda filters: library.search(asked.query, NEAREST, filters), cards, asked.picks.among(cards), ids
    )
    asked = replace(asked, picks=found.picks, anew=False)
    facets = facets_html(say, found, {card.id: card for card in cards})
    if not found.hits:
        nothing = nothing_html(say, asked.query, picked=bool(found.picks), chosen=len(ids))
        return Results(asked, facets, nothing, 0)
    spelled = library.spelled(asked.query)
    shown = ordered(found.hits, lambda hit: hit.document.published, order)[: asked.shown]
    html = hits_html(
        say,
        asked.query,
        shown,
        library,
        found=len(found.hits),
        corrected=spelled.searched if spelled.corrections else "",
    )
    return Results(asked, facets, html, len(found.hits) - len(shown))


def references(say: Interface, library: Library, asked: Asked, order: str, chosen: Chosen) -> Results:
    """The bibliography entries that hold most words of the query, of the chosen sources; facets are of passages."""
    ids = chosen.among(library)
    found = library.references(asked.query, NEAREST, Filters(documents=ids))
    if not found:
        return Results(asked, "", no_references_html(say, chosen=len(ids)), 0)
    shown = ordered(found, lambda hit: hit.reference.year, order)[: asked.shown]
    html = references_html(say, asked.query, shown, library, found=len(found))
    return Results(asked, "", html, len(found) - len(shown))
