"""Entries as BibTeX that BibTeX, biber and Zotero read alike. Own code: bibtexparser writes values as they come,
and what it has for escaping turns letters outside Latin into commands.

The quotations stand in `annote`, which no standard style prints, a paragraph each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from .entries import Entry, Kind
from .names import Name

_TYPES: dict[Kind, str] = {
    "article": "article",
    "paper": "article",
    "report": "techreport",
    "law": "misc",
    "statistics": "misc",
    "page": "online",
    "other": "misc",
}
_ESCAPES = {
    **{char: f"\\{char}" for char in "#$%&_"},
    "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
}
_BRACES = {"{": r"\{", "}": r"\}"}
# BibTeX counts braces, escaped or not: one without its partner gets an invisible one.
_LONE_BRACES = {"{": r"\{\vphantom{\}}", "}": r"\vphantom{\{}\}"}
_LIGATURE = re.compile(r"(?<=[-'`?!,<>])(?=[-'`?!,<>])")  # "--" and "''" would become other characters


def bibtex(entries: Sequence[Entry]) -> str:
    """An entry for each document, a blank line between two."""
    return "\n".join(_written(entry) for entry in entries)


def _written(entry: Entry) -> str:
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(entry))
    return f"@{_TYPES[entry.kind]}{{{entry.key},\n{fields}}}\n"


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    publisher = (
        "journal" if entry.kind == "article" else "institution" if entry.kind == "report" else "publisher"
    )
    fields = [
        ("title", f"{{{escaped(entry.title)}}}" if entry.title else ""),  # styles would lower its capitals
        ("author", " and ".join(map(_name, entry.authors))),
        (publisher, escaped(entry.publisher)),
        ("date", entry.published),
        ("year", entry.published[:4]),
        ("language", escaped(entry.language)),
        ("doi", _verbatim(entry.doi)),
        ("url", _verbatim(entry.url)),
        ("urldate", entry.accessed.isoformat()),
        ("annote", "\n\n".join(escaped(quotation.line) for quotation in entry.quotations)),
    ]
    yield from ((name, value) for name, value in fields if value)


def escaped(text: str) -> str:
    """The text as LaTeX that prints it; its braces are in pairs to a reader that does not know of escapes."""
    escapes = {**_ESCAPES, **(_BRACES if _in_pairs(text) else _LONE_BRACES)}
    parts = _LIGATURE.split(text)
    return "{}".join("".join(escapes.get(char, char) for char in part) for part in parts)


def _in_pairs(text: str) -> bool:
    depth = 0
    for char in re.findall(r"[{}]", text):
        depth += 1 if char == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _name(name: Name) -> str:
    return f"{escaped(name.family)}, {escaped(name.given)}" if name.given else f"{{{escaped(name.family)}}}"


def _verbatim(address: str) -> str:
    """An address is read as it stands; only what would end the field is percent-encoded."""
    return re.sub(r"[{}\\]", lambda char: quote(char[0]), address)
