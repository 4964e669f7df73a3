"""Entries as RIS, with the tags that Zotero imports. Own code: rispy's writer numbers entries before `TY  - `.

SP and EP are the first page that is quoted and the last, but for what stands in a journal or a newspaper: there
they are the pages of the whole work, which nobody knows here. Each quotation's own page is in its note as well.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from .entries import Entry, Kind

_TYPES: dict[Kind, str] = {
    "article": "NEWS",
    "paper": "JOUR",
    "report": "RPRT",
    "law": "STAT",
    "statistics": "DATA",
    "page": "ELEC",
    "other": "GEN",
}
_TAG = re.compile(r"<[A-Za-z/!?]")


def ris(entries: Sequence[Entry]) -> str:
    """A record for each entry, from `TY  - ` to `ER  - `, a blank line after each; every line ends in CRLF."""
    return "".join(
        "".join(f"{tag}  - {value}\r\n" for tag, value in _fields(entry)) + "\r\n" for entry in entries
    )


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES[entry.kind]
    year, month, day = (*entry.published.split("-"), "", "")[:3]
    fields = [
        ("TI", entry.title),
        *(("AU", f"{name.family}, {name.given}" if name.given else name.family) for name in entry.authors),
        ("T2" if entry.container else "PB", entry.publisher),
        *zip(("SP", "EP"), _pages(entry), strict=False),
        ("DA", f"{year}/{month}/{day}/" if year else ""),
        ("PY", year),
        ("DO", entry.doi),
        ("LA", entry.language),
        ("UR", entry.url),
        ("Y2", entry.accessed.strftime("%Y/%m/%d/")),
        *(("N1", quotation.line) for quotation in entry.quotations),
    ]
    yield from ((tag, _literal(value)) for tag, value in fields if value)
    yield "ER", ""


def _pages(entry: Entry) -> tuple[str, ...]:
    """The label of the page that is quoted; of several, those of the first and of the last, as they lie in the work."""
    if entry.kind in ("article", "paper"):
        return ()
    quotations = sorted(entry.quotations, key=lambda quotation: quotation.citation.page)
    pages = [quotation.page for quotation in quotations if quotation.page]
    return tuple(dict.fromkeys((pages[0], pages[-1]))) if pages else ()


def _literal(value: str) -> str:
    """The value as Zotero reads it back: it takes `<b>` and `&copy` for HTML, so that those are escaped."""
    means_html = _TAG.search(value) or html.unescape(value) != value
    return html.escape(value, quote=False) if means_html else value
