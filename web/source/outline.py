"""The outline of a document: its headings as a tree to fold, each a link to its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from ingest.document import Document, Section
from web.interface import Interface
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
    say: Interface,
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
    entries, note = _narrowed(say, every)
    if not entries:
        return ""
    current = document.sections[document.section_index(at)] if document.text else None

    def shown(section: Section) -> str:
        heading = escape(_LEADER.sub("", " ".join(section.heading.split())) or section.heading)
        here = ' aria-current="true"' if section is current else ""
        return f'<a href="{link(section)}"{here}>{tag("span", label(section), "at")}{heading}</a>'

    listed = _list(say, entries, 0, len(entries), current, shown)
    called = escape(say("Outline"))
    return (
        f'<details class="outline"><summary>{called}</summary><nav aria-label="{called}">'
        f"{tag('p', note, 'facts')}<div {language_of(document)}>{listed}</div></nav></details>"
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


def _narrowed(say: Interface, entries: Sequence[_Entry]) -> tuple[Sequence[_Entry], str]:
    """As many levels as fit into MOST_HEADINGS, and a sentence about what is left out."""
    if len(entries) <= MOST_HEADINGS:
        return entries, ""
    for depth in range(DEEPEST - 1, 0, -1):
        chosen = [entry for entry in entries if entry.depth <= depth]
        if len(chosen) <= MOST_HEADINGS:
            told = say(
                "{shown} of {all} headings: those of the upper levels.",
                shown=say.number(len(chosen)),
                all=say.number(len(entries)),
            )
            return chosen, told
    told = say(
        "The first {shown} of {all} headings.", shown=say.number(MOST_HEADINGS), all=say.number(len(entries))
    )
    return entries[:MOST_HEADINGS], told


def _list(
    say: Interface,
    entries: Sequence[_Entry],
    start: int,
    end: int,
    current: Section | None,
    shown: Callable[[Section], str],
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
            called = escape(say("Under {heading}", heading=" ".join(entries[at].section.heading.split())))
            items.append(
                f'<li class="parent">{link}<details{unfolded}><summary aria-label="{called}"></summary>'
                f"{_list(say, entries, at + 1, stop, current, shown)}</details></li>"
            )
        at = stop
    return f"<ul>{''.join(items)}</ul>"
