"""Entries as CSL-JSON, by the schema of CSL 1.0.2 (csl-data.json): what citation processors and Zotero read.

The quotations stand twice: as lines of `note`, which Zotero shows, and field by field under `custom`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from .entries import Collected, Entry, Kind
from .names import Name

Item = dict[str, object]
_TYPES: dict[Kind, str] = {
    "article": "article-newspaper",
    "paper": "article-journal",
    "report": "report",
    "law": "legislation",
    "statistics": "dataset",
    "page": "webpage",
    "other": "document",
}


def csl_json(entries: Sequence[Entry]) -> str:
    """A list of items, one for each entry."""
    return json.dumps([_item(entry) for entry in entries], ensure_ascii=False, indent=2) + "\n"


def _item(entry: Entry) -> Item:
    fields: Item = {
        "title": entry.title,
        "author": [_name(name) for name in entry.authors],
        "container-title": entry.container,
        "publisher": "" if entry.container else entry.publisher,
        "issued": _date(entry.published),
        "language": entry.language,
        "DOI": entry.doi,
        "URL": entry.url,
        "accessed": _date(entry.accessed.isoformat()),
        "note": "\n".join(quotation.line for quotation in entry.quotations),
        "custom": {"quotations": [_quotation(quotation) for quotation in entry.quotations]},
    }
    return {
        "id": entry.key,
        "type": _TYPES[entry.kind],
        **{name: value for name, value in fields.items() if value},
    }


def _name(name: Name) -> Item:
    return {"family": name.family, "given": name.given} if name.given else {"literal": name.family}


def _date(iso: str) -> Item:
    return {"date-parts": [[int(part) for part in iso.split("-")]]} if iso else {}


def _quotation(quotation: Collected) -> Item:
    fields = {
        "quote": quotation.quote,
        "page": quotation.page,
        **{label.lower(): text for label, text in quotation.remarks},
        "accessed": quotation.accessed.isoformat(),
    }
    return {name: value for name, value in fields.items() if value}
