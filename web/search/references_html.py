"""Bibliography entries that a search found as HTML: the work, its entry as a card, and every place that cites it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from urllib.parse import quote

from index.hit import MentionHit, ReferenceHit
from index.library import Library
from ingest.document import Document, Reference, Span
from web.cards import card_html, message_html
from web.interface import Interface
from web.search.hits_html import only_ticked
from web.text_html import Mark, text_html
from web.words import is_web_address, source_link, tag

PLACES_AT_FIRST = 3  # that cite an entry; the others are one click away


def references_html(
    say: Interface, query: str, hits: Sequence[ReferenceHit], library: Library, *, found: int
) -> str:
    """The entries that are shown of those `found`, those of one work together."""
    heading = say.count(
        "{n} bibliography entry for “{query}”", "{n} bibliography entries for “{query}”", found, query=query
    )
    parts = [f'<div role="status">{tag("h2", heading, "lead")}</div>']
    rank = 1
    for entries in by_work(hits):
        cards = "".join(_entry(say, number, hit, library) for number, hit in enumerate(entries, start=rank))
        parts.append(f'<section class="entry">{_work(entries)}{cards}</section>')
        rank += len(entries)
    return f'<div class="result">{"".join(parts)}</div>'


def by_work(hits: Sequence[ReferenceHit]) -> list[list[ReferenceHit]]:
    """The entries that name the same work by its DOI, or by its title and year; else each by itself.

    Works are in the order of their first entry.
    """
    works: list[list[ReferenceHit]] = []
    named: dict[tuple[str, str], list[ReferenceHit]] = {}
    for hit in hits:
        names = _names(hit.reference)
        work = next((named[name] for name in names if name in named), None)
        if work is None:
            work = []
            works.append(work)
        work.append(hit)
        for name in names:
            named.setdefault(name, work)
    return works


def _names(reference: Reference) -> list[tuple[str, str]]:
    """What tells a work from others: its DOI, its title with its year; nothing where neither is known."""
    title = " ".join(reference.title.casefold().split())
    names = [("doi", reference.doi.casefold())] if reference.doi else []
    return [*names, (title, reference.year)] if title else names


def no_references_html(say: Interface, *, chosen: int) -> str:
    """What to search for instead, where no entry holds a word of the query."""
    told = [
        say("No bibliography entry holds any of these words."),
        say("Try an author’s name, a year, or a word of the work’s title, in the language of the entry."),
        only_ticked(say, chosen) if chosen else "",
    ]
    return message_html(say("Nothing found"), " ".join(filter(None, told)))


def _entry(say: Interface, rank: int, hit: ReferenceHit, library: Library) -> str:
    document = library.document(hit.document.id)
    span = Span(hit.reference.start, hit.reference.end)
    return card_html(say, document, span, span, [], rank=rank) + _mentions(say, hit.mentions, document)


def _work(entries: Sequence[ReferenceHit]) -> str:
    """What the entries say of their work, the first that names authors; "" where none does."""
    reference = next((hit.reference for hit in entries if hit.reference.authors), entries[0].reference)
    facts = [", ".join(reference.authors), reference.year, reference.container]
    told = [f"<li>{escape(fact)}</li>" for fact in facts if fact]
    links = dict.fromkeys(link for hit in entries for link in _links(hit.reference))
    told += [f"<li>{link}</li>" for link in links]
    listed = f"<ul>{''.join(told)}</ul>" if told else ""
    title = tag("h3", reference.title)
    return f'<div class="work" dir="auto">{title}{listed}</div>' if title or listed else ""


def _links(reference: Reference) -> list[str]:
    """The DOI and the address; an address that is none of the web's is shown and leads nowhere."""
    links = []
    if reference.doi:
        links.append(_link(f"https://doi.org/{quote(reference.doi, safe='/:;().')}", reference.doi))
    if is_web_address(reference.url):
        links.append(_link(reference.url, reference.url))
    elif reference.url:
        links.append(escape(reference.url))
    return links


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(text)}</a>'


def _mentions(say: Interface, mentions: Sequence[MentionHit], document: Document) -> str:
    """Every sentence that cites the entry, its markers marked, once however often it does."""
    places = [list(group) for _, group in groupby(mentions, key=lambda mention: mention.sentence)]
    if not places:
        return tag("p", say("No citation of it was found in the text."), "uncited")
    heading = say.count("Cited in {n} place", "Cited in {n} places", len(places))
    rows = [_place(say, place, document) for place in places]
    more = ""
    if rest := rows[PLACES_AT_FIRST:]:
        told = say.count("{n} more place", "{n} more places", len(rest))
        more = f"<details><summary>{escape(told)}</summary><ol>{''.join(rest)}</ol></details>"
    first = "".join(rows[:PLACES_AT_FIRST])
    return f'<div class="mentions">{tag("h4", heading)}<ol>{first}</ol>{more}</div>'


def _place(say: Interface, mentions: Sequence[MentionHit], document: Document) -> str:
    """A sentence with its page and section; it opens at its first marker."""
    sentence, first = mentions[0].sentence, mentions[0].mention
    marks = [Mark(each.mention.start, each.mention.end, "term") for each in mentions]
    page = document.page_at(first.start)
    where = [
        say("page {label}", label=page.label) if page.label else "",
        (document.section_path(first.start) or ("",))[-1],
    ]
    told = " · ".join(place for place in where if place and place != document.title)
    link = source_link(say, document.id, first.start, first.end)
    place = f'data-document="{document.id}" data-start="{sentence.start}" data-end="{sentence.end}"'
    return (
        f'<li><div class="passage" lang="{escape(document.language)}" dir="auto">'
        f"{text_html(document, sentence.start, sentence.end, marks)}</div>"
        f'<div class="at"><a class="open" href="{link}" target="source">{escape(say("Open at the citation"))}</a>'
        f'<button type="button" class="collect" {place}>{escape(say("Collect"))}</button>{tag("span", told)}</div></li>'
    )
