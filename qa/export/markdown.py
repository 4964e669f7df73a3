"""Entries as Markdown for a report: each document by its title, its reference, and its quotations in blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.formats.draft import one_line

from .entries import Collected, Entry

_INLINE = re.compile(r"[\\`*_\[\]<>&~$|#]")
_LIST_OR_RULE = re.compile(r"^(\d{1,9}(?=[.)])|(?=[+=-]))")
_BREAK = "\\\n"  # of a line inside a paragraph


def markdown(entries: Sequence[Entry]) -> str:
    """A section for each entry, a blank line between two."""
    return "\n".join("\n\n".join(_blocks(entry)) + "\n" for entry in entries)


def _blocks(entry: Entry) -> list[str]:
    title = [f"## {plain(entry.title)}"] if entry.title else []
    quotations = [
        block for quotation in entry.quotations for block in (_quoted(quotation), _below(quotation))
    ]
    return [*title, plain(_reference(entry)), *quotations]


def _reference(entry: Entry) -> str:
    """Authors, publisher, date, DOI and address, as far as they are known, and the last day of access.

    An author who is also the publisher is named once.
    """
    authors = [f"{name.family}, {name.given}" if name.given else name.family for name in entry.authors]
    straight = [f"{name.given} {name.family}".strip() for name in entry.authors]
    named = entry.publisher.casefold() in map(str.casefold, [*authors, *straight])
    parts = (
        "; ".join(authors),
        "" if named else entry.publisher,
        entry.published,
        f"doi:{entry.doi}" if entry.doi else "",
        entry.url,
        f"accessed {entry.accessed.isoformat()}",
    )
    return " · ".join(filter(None, parts))


def _quoted(quotation: Collected) -> str:
    """The words as a block quotation, line for line."""
    paragraphs = re.split(r"\n\s*\n", quotation.quote.strip())
    text = "\n\n".join(
        _BREAK.join(plain(line.strip()) for line in paragraph.split("\n")) for paragraph in paragraphs
    )
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _below(quotation: Collected) -> str:
    """Where the words stand, what the user said of them, and when they were read."""
    place = (f"p. {quotation.page}" if quotation.page else "", one_line(quotation.citation.section))
    remarks = (f"{label}: {text}" for label, text in quotation.remarks)
    lines = (", ".join(filter(None, place)), *remarks, f"Accessed: {quotation.accessed.isoformat()}")
    return _BREAK.join(plain(line) for line in lines if line)


def plain(line: str) -> str:
    """The line as Markdown that shows it as it is."""
    return _LIST_OR_RULE.sub(r"\1\\", _INLINE.sub(r"\\\g<0>", line))
