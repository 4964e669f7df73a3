"""What a PDF says of itself around its pages: outline, page labels, properties, attached files.

In: the bytes of a PDF that pdfium opens. Out: its Structure, with whatever of it pypdf can make sense of.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeVar

import pypdf
from pypdf.errors import PyPdfError

from .draft import one_line

# What pypdf raises on structures that are missing or malformed. They only cost us the extras.
_BROKEN_STRUCTURE = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_JUNK_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint) - .*|untitled.*|document\d*|[\W\d_]*"
    r"|.*\.(?:docx?|indd|pdf|qxd|pptx?|rtf|tmp))$",
    re.IGNORECASE,
)
_PDF_DATE = re.compile(r"D:(\d{4})(?:(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?)?")

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns about every oddity of every file

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """An entry of the outline: its level from 1, its page from 0, its height there if it is given."""

    title: str
    level: int
    page: int
    top: float | None


@dataclass(frozen=True, slots=True)
class Structure:
    """What pypdf knows about a file."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    labels: tuple[str, ...] = ()  # empty when the file numbers its pages 1, 2, 3 or not at all
    outline: tuple[OutlineItem, ...] = ()
    attachments: tuple[str, ...] = ()  # names of files inside the file; they are not read


def structure_of(data: bytes) -> Structure:
    reader = _attempt(lambda: _open(data), None)
    if reader is None:
        return Structure()
    info: Mapping[str, Any] = _attempt(lambda: dict(reader.metadata or {}), {})
    title = one_line(str(info.get("/Title", "")))
    author = one_line(str(info.get("/Author", "")))
    dated = _PDF_DATE.match(str(info.get("/CreationDate", "")))
    no_labels: tuple[str, ...] = ()
    labels = _attempt(lambda: tuple(reader.page_labels) if _labelled(reader) else no_labels, no_labels)
    return Structure(
        title="" if _JUNK_TITLE.match(title) or title == author else title,
        authors=tuple(name.strip() for name in author.split(";") if name.strip()),
        published="-".join(part for part in dated.groups() if part) if dated else "",
        labels=labels if labels != tuple(str(n) for n in range(1, len(labels) + 1)) else (),
        outline=_attempt(lambda: tuple(_outline_items(reader, reader.outline, 1)), ()),
        attachments=_attempt(lambda: tuple(filter(None, map(one_line, reader.attachments))), ()),
    )


def _open(data: bytes) -> pypdf.PdfReader | None:
    reader = pypdf.PdfReader(BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        return None
    return reader


def _labelled(reader: pypdf.PdfReader) -> bool:
    # pypdf makes labels up where the file has none, and reads every page for it.
    return "/PageLabels" in reader.root_object


def _outline_items(reader: pypdf.PdfReader, entries: Sequence[Any], level: int) -> list[OutlineItem]:
    items: list[OutlineItem] = []
    for entry in entries:
        if isinstance(entry, list):
            items += _outline_items(reader, entry, level + 1)
            continue
        page = _attempt(lambda entry=entry: reader.get_destination_page_number(entry), None)  # type: ignore[misc]
        if page is None or page < 0:
            continue
        top = _attempt(lambda entry=entry: float(entry.top), None)  # type: ignore[misc]
        items.append(OutlineItem(str(entry.title or ""), level, page, top))
    return items


def _attempt(step: Callable[[], T], otherwise: T) -> T:
    """`step`'s result, or `otherwise` where pypdf cannot make sense of the file."""
    try:
        return step()
    except _BROKEN_STRUCTURE:
        return otherwise
