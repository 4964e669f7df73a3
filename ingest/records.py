"""A Document as bytes and back: how it crosses from a reader's process and how the catalog keeps it.

MessagePack, checked against the types on the way in: bytes from a reader that a hostile file has taken
over can make a wrong document, never run code (as a pickle could). `checked` then holds it to what every
reader keeps to, so that whoever uses it can rely on that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import msgspec

from .document import Document, Page, PageMap, Section, Table
from .told import pack, unpack

_DECODER = msgspec.msgpack.Decoder(Document)
_LARGEST = 2**31 - 1  # of a number that is no offset: pdfium's are C ints


def dump(document: Document) -> bytes:
    return msgspec.msgpack.encode(_with_messages(document, pack))


def load(data: bytes) -> Document:
    """Raises msgspec.DecodeError where `data` is no Document."""
    try:
        return _with_messages(_DECODER.decode(data), unpack)
    except UnicodeDecodeError as error:  # a string that is no UTF-8, or holds a lone surrogate
        raise msgspec.DecodeError(str(error)) from error


def _with_messages(document: Document, change: Callable[[str], str]) -> Document:
    """The document with the messages of its notes as they are sent and kept, or as they are told."""
    if not document.notes:
        return document
    return replace(
        document, notes=tuple(replace(note, message=change(note.message)) for note in document.notes)
    )


def checked(document: Document) -> Document:
    """The same document, when all it says of its text lies inside it and in order; in linear time.

    Pages and sections tile the text, pages are counted from 1; tables, their cells, runs and words come one
    after the other; references lie within the text and mentions, in order, point to one of them; no string
    holds a zero byte. Raises msgspec.ValidationError.
    """
    size, pages = len(document.text), len(document.pages)
    _tile("pages", document.pages, size)
    _tile("sections", document.sections, size)
    _require("page numbers", all(page.number == at for at, page in enumerate(document.pages, 1)))
    _require("levels", all(0 <= section.level <= _LARGEST for section in document.sections))
    _follow("tables", ((table.start, table.end) for table in document.tables), 0, size)
    for table in document.tables:
        _check_table(table)
    _check_page_map(document.page_map, size, pages)
    _require("references", all(0 <= entry.start <= entry.end <= size for entry in document.references))
    _check_mentions(document, size)
    _require("notes", all(1 <= page <= pages for note in document.notes for page in note.pages))
    _require("strings", not any("\0" in string for string in _strings(document)))
    return document


def _check_table(table: Table) -> None:
    cells = ((cell.start, cell.end) for row in table.rows for cell in row)
    _follow("cells", cells, table.start, table.end)
    _require("head rows", 0 <= table.head_rows <= len(table.rows))


def _check_page_map(page_map: PageMap, size: int, pages: int) -> None:
    _follow("runs", ((run.start, run.end) for run in page_map.runs), 0, size)
    _require("runs", all(1 <= run.page <= pages and 0 <= run.first <= _LARGEST for run in page_map.runs))
    _follow("words", ((word.start, word.end) for word in page_map.words), 0, size)
    for word in page_map.words:
        box = (word.left, word.bottom, word.right, word.top)
        _require("words", 1 <= word.page <= pages and all(map(math.isfinite, box)))
        _require("confidence", 0 <= word.confidence <= 1)
    for aside in page_map.asides:
        _require("asides", 1 <= aside.page <= pages and 0 <= aside.first <= aside.last <= _LARGEST)


def _check_mentions(document: Document, size: int) -> None:
    before = 0
    for mention in document.mentions:  # one marker may name several works
        inside = before <= mention.start <= mention.end <= size
        _require("mentions", inside and 0 <= mention.reference < len(document.references))
        before = mention.start


def _tile(what: str, tiles: Sequence[Page] | Sequence[Section], size: int) -> None:
    """Each begins where the one before it ended, from the text's begin to its end."""
    at = 0
    for tile in tiles:
        _require(what, tile.start == at <= tile.end)
        at = tile.end
    _require(what, bool(tiles) and at == size)


def _follow(what: str, spans: Iterable[tuple[int, int]], start: int, end: int) -> None:
    """None begins before the one before it has ended, and all lie within [start, end]."""
    at = start
    for first, last in spans:
        _require(what, at <= first <= last <= end)
        at = last


def _strings(document: Document) -> Iterator[str]:
    """All strings of a document that a reader writes."""
    yield from (document.text, document.title, *document.authors, document.publisher, document.published)
    yield from (document.language, document.type, document.doi, document.url, *document.origins)
    yield document.format
    yield from (page.label for page in document.pages)
    yield from (section.heading for section in document.sections)
    yield from (aside.text for aside in document.page_map.asides)
    for entry in document.references:
        yield from (entry.label, *entry.authors, entry.year, entry.title, entry.container)
        yield from (entry.url, entry.doi)
    for note in document.notes:
        yield from (note.kind, note.message)


def _require(what: str, holds: bool) -> None:
    if not holds:
        raise msgspec.ValidationError(f"the {what} of the document are wrong")
