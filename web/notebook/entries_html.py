"""A notebook as HTML: its entries as cards, what they can be taken along as, and how to begin."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.library import Library
from ingest.document import Document
from qa.answer import Citation
from qa.export import FORMATS
from web.cards import message_html, where_html
from web.interface import Interface
from web.notebook.quotations import read_each
from web.notebook.store import LONGEST_NOTE, Entry, Removed
from web.text_html import text_html
from web.words import source_link, tag


def notebook_html(
    say: Interface, entries: Sequence[Entry], library: Library, removed: Removed | None = None
) -> str:
    """All entries in their order; `removed` is what can be put back. entries.js brings it to life."""
    undo = _undo_html(say, removed) if removed else ""
    if not entries:
        return _empty_html(say) + undo
    last = len(entries)
    ranks = {entry.place: rank for rank, entry in enumerate(entries, start=1)}
    held: list[str] = []

    def card(entry: Entry, document: Document | None) -> str:
        citation = entry.quotation(document) if document else None
        rank = ranks[entry.place]
        if document is None or citation is None:
            return _card(say, entry, rank, last, _gone_html(say, entry, gone=document is None), "")
        held.append(document.id)
        link = source_link(say, document.id, citation.start, citation.end)
        link = f'<a class="open" href="{link}" target="source">{escape(say("Open source"))}</a>'
        return _card(say, entry, rank, last, _quotation_html(say, document, citation), link)

    cards = read_each(entries, library, card)
    return _head_html(say, held, len(entries) - len(held)) + "".join(cards) + undo


def _head_html(say: Interface, held: Sequence[str], missing: int) -> str:
    """How much there is, the files to take it along as, and a box that narrows it; `held` names a document for
    each quotation that still stands."""
    told = " · ".join(
        [
            say.count("{n} quotation", "{n} quotations", len(held)),
            say.count("{n} document", "{n} documents", len(set(held))),
        ]
    )
    left_out = (
        say.count(
            "{n} entry is left out of these files: its words are no longer in the library.",
            "{n} entries are left out of these files: their words are no longer in the library.",
            missing,
        )
        if missing
        else ""
    )
    links = "".join(
        f'<a href="/notebook/quotations{each.suffix}" download>{each.label}</a>' for each in FORMATS.values()
    )
    exports = f'<p class="files">{tag("span", say("Export as"))}{links}</p>' if held else ""
    find = escape(say("Find in the notebook"))
    return (
        f'<div class="notebook-head">{tag("p", told, "summary")}{exports}{tag("p", left_out, "left-out")}'
        f'<input type="search" class="narrow" placeholder="{find}" aria-label="{find}">'
        f'<p class="none" role="status" hidden>{escape(say("No entry has these words."))}</p></div>'
    )


def _card(say: Interface, entry: Entry, rank: int, last: int, body: str, link: str) -> str:
    """An entry around what can be shown of it."""
    day = entry.collected.astimezone().date().isoformat()
    asked = f"{say('Asked')}: {entry.question}" if entry.question else ""
    gone = "" if link else " gone"
    note = f"note-{entry.place}"
    label = escape(say("Note"))
    placeholder = escape(say("What it shows, where it goes …"))
    return (
        f'<article class="card kept{gone}" tabindex="-1" data-place="{entry.place}" '
        f'data-failed="{escape(say("Not saved: is the app running?"))}">'
        f'<div class="order"><span class="rank">{rank}</span>'
        f"{_button(say('Move up'), 'up', '↑', disabled=rank == 1)}"
        f"{_button(say('Move down'), 'down', '↓', disabled=rank == last)}</div>"
        f"{body}{tag('p', asked, 'asked')}"
        f'<div class="note"><p><label for="{note}">{label}</label><span class="told" role="status"></span>'
        f'<button type="button" class="keep" hidden>{escape(say("Save"))}</button></p>'
        # The first line break in a textarea is not part of its text.
        f'<textarea id="{note}" rows="1" maxlength="{LONGEST_NOTE}" placeholder="{placeholder}">\n'
        f"{escape(entry.note)}</textarea></div>"
        f'<footer>{link}<button type="button" class="remove">{escape(say("Remove"))}</button>'
        f"{tag('span', say('Collected {day}', day=day), 'file')}</footer></article>"
    )


def _quotation_html(say: Interface, document: Document, citation: Citation) -> str:
    language = f'lang="{escape(document.language)}" dir="auto"'
    title = escape(document.title)
    quote = text_html(document, citation.start, citation.end)
    return (
        f'<header><h3 {language} title="{title}">{title}</h3></header>'
        f"{where_html(say, document, citation.start)}"
        f'<blockquote class="passage" {language}>{quote}</blockquote>'
    )


def _gone_html(say: Interface, entry: Entry, *, gone: bool) -> str:
    told = (
        say("Its document is no longer in the library, and so its words cannot be shown.")
        if gone
        else say("Its document reads differently now: these words no longer stand where they were collected.")
    )
    return f"<header>{tag('h3', entry.title)}</header>{tag('p', told, 'reason')}"


def _button(name: str, kind: str, sign: str, *, disabled: bool) -> str:
    name = escape(name)
    return (
        f'<button type="button" class="{kind}" aria-label="{name}" title="{name}"'
        f"{' disabled' if disabled else ''}>{sign}</button>"
    )


def _undo_html(say: Interface, removed: Removed) -> str:
    told = tag("span", say("Removed “{title}”", title=removed.entry.title))
    button = f'<button type="button" class="undo">{escape(say("Undo"))}</button>'
    return f'<p class="undoing" role="status">{told}{button}</p>'


def _empty_html(say: Interface) -> str:
    return message_html(
        say("Nothing collected yet"),
        say(
            "Under every quotation of an answer or a search stands “Collect”: press it, or the key c, and the "
            "quotation waits here for your note, and for the way into your report as Markdown, RIS, BibTeX or CSL-JSON."
        ),
    )
