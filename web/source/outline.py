"""The outline of a document: its headings as a tree to fold, each a link to its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from ingest.document import Document, Section
from web.source.frame import language_of
from web.words import tag

DEEPEST = 6  # levels; what is deeper stands in the last of them
MOST_HEADINGS = 400  # of a long document the deepest levels are left out
_LEADER = re.compile(r"(?:\s*[.·…_]){4,}\s*(\S{1,8})?$")  # in a table of contents, up to the page number


@dataclass(frozen=True, slots=True)
class _Entry:
    section: Section
    depth: int  # from 1


def outline(
    document: Document,
    at: int,
    link: Callable[[Section], str],
    label: Callable[[Section], str] = lambda section: "",
) -> str:
    """The outline as HTML, "" for a document without headings.

    `at` is the offset that is shown: the headings above it are unfolded. `link` gives a section's address,
    escaped; what `label` gives is shown beside its heading.
    """
    every = _entries(document)
    entries, note = _narrowed(every)
    if not entries:
        return ""
    current = document.sections[document.section_index(at)] if document.text else None

    def shown(section: Section) -> str:
        heading = escape(_LEADER.sub("", " ".join(section.heading.split())) or section.heading)
        here = ' aria-current="true"' if section is current else ""
        return f'<a href="{link(section)}"{here}>{tag("span", label(section), "at")}{heading}</a>'

    listed = _list(entries, 0, len(entries), current, shown)
    told = f'<p class="facts">{escape(note)}</p>' if note else ""
    return (
        '<details class="outline"><summary>Outline</summary>'
        f'<nav aria-label="Outline" {language_of(document)}>{told}{listed}</nav></details>'
    )


def _entries(document: Document) -> list[_Entry]:
    depths: list[int] = []
    entries = []
    for section, parent in zip(document.sections, document.section_parents(), strict=True):
        heading = bool(section.level and section.heading.strip())
        above = depths[parent] if parent >= 0 else 0
        depths.append(min(above + 1, DEEPEST) if heading else above)
        if heading:
            entries.append(_Entry(section, depths[-1]))
    return entries


def _narrowed(entries: Sequence[_Entry]) -> tuple[Sequence[_Entry], str]:
    """As many levels as fit into MOST_HEADINGS, and a sentence about what is left out."""
    if len(entries) <= MOST_HEADINGS:
        return entries, ""
    for depth in range(DEEPEST - 1, 0, -1):
        chosen = [entry for entry in entries if entry.depth <= depth]
        if len(chosen) <= MOST_HEADINGS:
            return chosen, f"{len(chosen)} of {len(entries):,} headings: those of the upper levels."
    return entries[:MOST_HEADINGS], f"The first {MOST_HEADINGS} of {len(entries):,} headings."


def _list(
    entries: Sequence[_Entry], start: int, end: int, current: Section | None, shown: Callable[[Section], str]
) -> str:
    """Entries of one depth, each with those of the next below it."""
    items = []
    at = start
    while at < end:
        stop = at + 1
        while stop < end and entries[stop].depth > entries[at].depth:
            stop += 1
        link = shown(entries[at].section)
        if stop == at + 1:
            items.append(f"<li>{link}</li>")
        else:
            unfolded = " open" if any(entry.section is current for entry in entries[at:stop]) else ""
            called = escape(" ".join(entries[at].section.heading.split()))
            items.append(
                f'<li class="parent">{link}<details{unfolded}><summary aria-label="Under {called}"></summary>'
                f"{_list(entries, at + 1, stop, current, shown)}</details></li>"
            )
        at = stop
    return f"<ul>{''.join(items)}</ul>"
