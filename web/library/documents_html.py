"""The documents of a library, and what became of added files, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.hit import DocumentCard
from index.intake import Outcome
from ingest.console import page_list
from web.cards import extent, message_html
from web.interface import Interface
from web.words import file_name, source_link, tag

NONE = "–"  # in a cell that has nothing to say


def documents_html(say: Interface, cards: Sequence[DocumentCard], *, editable: bool = True) -> str:
    """The library as a table: each title opens in the viewer, each row can be removed where it is editable."""
    if not cards:
        return message_html(
            say("The library is empty."), say("Drop files above to fill it.") if editable else ""
        )
    heads = tag("th", say("Document")) + tag("th", say("Language")) + tag("th", say("Date"))
    heads += tag("th", say("Pages"), "number") + tag("th", say("Passages"), "number") + "<th></th>"
    return (
        f"{tag('p', extent(say, cards), 'summary')}"
        f'<div class="table"><table class="documents"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(_document_row(say, card, editable) for card in cards)}</tbody></table></div>"
    )


def outcomes_html(say: Interface, outcomes: Sequence[Outcome]) -> str:
    """What became of each uploaded file, in plain words."""
    words = {
        "added": say("Added: it can be asked about now."),
        "unchanged": say("Already here, unchanged."),
        "replaced": say("Replaced: the earlier version is gone."),
    }
    items = []
    for outcome in outcomes:
        name = escape(file_name(outcome.source))
        if outcome.document_id:
            name = f'<a href="{source_link(say, outcome.document_id)}" target="source">{name}</a>'
        told = words.get(outcome.status) or say("Refused: {reason}", reason=outcome.reason)
        told = " ".join(
            [
                told,
                *(say("Note: {note}", note=note.message + page_list(note.pages)) for note in outcome.notes),
            ]
        )
        items.append(f'<li class="{outcome.status}"><strong>{name}</strong> {escape(told)}</li>')
    return f'<ul class="outcomes" role="status">{"".join(items)}</ul>'


def _document_row(say: Interface, card: DocumentCard, editable: bool) -> str:
    passages = (
        f"{source_link(say, card.id)}{'&amp;' if '?' in source_link(say, card.id) else '?'}view=passages"
    )
    link, title = source_link(say, card.id), escape(card.title)
    shown = f'target="source" lang="{escape(card.language)}" dir="auto"'
    details = tag("span", ", ".join(card.authors), "authors") + tag("span", file_name(card.source), "file")
    remove = f'class="remove" data-document="{card.id}" aria-label="{escape(say("Remove"))} {title}"'
    cells = [
        f'<td><a class="title" href="{link}" {shown}>{title}</a>{details}</td>',
        f"<td>{escape(say.language_of(card.language))}</td>",
        f'<td class="date">{escape(card.published) or NONE}</td>',
        f'<td class="number">{say.number(card.pages) if card.format == "pdf" else NONE}</td>',
        f'<td class="number"><a href="{passages}" target="source">{say.number(card.passages)}</a></td>',
        f'<td><button type="button" {remove}>{escape(say("Remove"))}</button></td>'
        if editable
        else "<td></td>",
    ]
    return f"<tr>{''.join(cells)}</tr>"
