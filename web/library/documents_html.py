"""The documents of a library as a table, which a narrow column shows as a list of blocks (library.css)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from web.cards import message_html
from web.interface import Interface
from web.library.notes_html import note_words
from web.library.shelf import AT_ONCE, COLUMNS, Column, Row, View, arranged
from web.words import file_name, source_link, tag, type_name

_NUMBERS: tuple[Column, ...] = ("pages", "passages")


def documents_html(say: Interface, rows: Sequence[Row], view: View = View(), *, editable: bool = True) -> str:
    """The rows that `view` asks for: each title opens in the viewer, each row has its buttons where it is editable.

    The roles are named, for a table that is laid out as blocks is none to a screen reader.
    """
    if not rows:
        told = say("Drop files above to fill it.") if editable else ""
        return message_html(say("The library is empty."), told)
    found = arranged(say, rows, view)
    if not found:
        told = say(
            "No document has “{words}” in its title, authors, date, language or type.", words=view.words
        )
        return message_html(say("Nothing found"), told)
    heads = "".join(_head(say, column, view) for column in COLUMNS)
    heads += f'<th role="columnheader" scope="col" class="acts">{tag("span", say("Actions"), "unseen")}</th>'
    shown = "".join(_row(say, row, editable) for row in found[: view.most])
    counted = say.count(
        "{n} of {all} documents", "{n} of {all} documents", len(found), all=say.number(len(rows))
    )
    return (
        f"{tag('p', counted if view.words.strip() else '', 'summary')}"
        f'<table class="documents" role="table" aria-label="{escape(say("Documents"))}">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{shown}</tbody></table>{_more(say, len(found) - view.most)}'
    )


def _head(say: Interface, column: Column, view: View) -> str:
    names: dict[Column, str] = {
        "title": say("Title"),
        "published": say("Date"),
        "language": say("Language"),
        "type": say("Type"),
        "pages": say("Pages"),
        "passages": say("Passages"),
        "reading": say("Reading"),
    }
    kind = "number" if column in _NUMBERS else "name" if column == "title" else column
    order = "none" if column != view.by else "descending" if view.descending else "ascending"
    return (
        f'<th role="columnheader" scope="col" class="{kind}" aria-sort="{order}">'
        f'<button type="button" class="sort" data-by="{column}">{escape(names[column])}</button></th>'
    )


def _row(say: Interface, row: Row, editable: bool) -> str:
    card = row.card
    link, title, language = source_link(say, card.id), escape(card.title), escape(card.language)
    passages = f"{link}{'&amp;' if '?' in link else '?'}view=passages"
    details = tag("span", ", ".join(card.authors), "authors") + tag("span", file_name(card.source), "file")
    counted = say.count("{n} passage", "{n} passages", card.passages)
    cells = [
        _cell(
            f'<a class="title" href="{link}" target="source" lang="{language}" dir="auto">{title}</a>'
            f'<span class="details">{details}</span>',
            "name",
        ),
        _cell(escape(card.published), "date"),
        _cell(escape(say.language_of(card.language)) if card.language else "", "language"),
        _cell(escape(type_name(say, card.type)), "type"),
        _cell(_counted(say.number(row.pages), say.count("{n} page", "{n} pages", row.pages)), "number")
        if row.pages
        else _cell("", "number"),
        _cell(
            f'<a href="{passages}" target="source" aria-label="{escape(counted)}">'
            f"{_counted(say.number(card.passages), counted)}</a>",
            "number",
        ),
        _cell(_reading(say, row), "reading"),
        _cell(_buttons(say, card.id, title) if editable else "", "acts"),
    ]
    return f'<tr role="row">{"".join(cells)}</tr>'


def _cell(inner: str, kind: str) -> str:
    """A cell; one that has nothing to say is marked, so that blocks leave it out."""
    return f'<td role="cell" class="{kind}{"" if inner else " empty"}">{inner}</td>'


def _counted(number: str, words: str) -> str:
    """The number under its head, and with its noun where there is no head: one of the two is shown."""
    return f'<span class="bare">{escape(number)}</span><span class="spoken">{escape(words)}</span>'


def _reading(say: Interface, row: Row) -> str:
    names = {
        "fine": say("Fine"),
        "noted": say("Has notes"),
        "partial": say("Could not be fully read"),
    }
    name = escape(names[row.reading])
    notes = [note_words(say, note) for note in row.notes]
    if not row.card.passages:
        notes.append(say("It has no passages, so that no question finds it."))
    if not notes:
        return f'<span class="reading {row.reading}">{name}</span>'
    told = "".join(tag("li", note) for note in notes)
    return f'<details class="reading {row.reading}"><summary>{name}</summary><ul>{told}</ul></details>'


def _buttons(say: Interface, document_id: str, title: str) -> str:
    named = [("edit", say("Edit")), ("remove", say("Remove"))]
    return "".join(
        f'<button type="button" class="{kind}" data-document="{document_id}" '
        f'aria-label="{escape(name)} {title}">{escape(name)}</button>'
        for kind, name in named
    )


def _more(say: Interface, left: int) -> str:
    if left <= 0:
        return ""
    told = say.count("{n} document is not shown.", "{n} documents are not shown.", left)
    button = say("Show {n} more", n=say.number(min(left, AT_ONCE)))
    return (
        f'<p class="more"><span>{escape(told)}</span> '
        f'<button type="button" class="more">{escape(button)}</button></p>'
    )
