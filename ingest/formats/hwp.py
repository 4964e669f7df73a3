"""Hangul documents (.hwp, version 5): outline headings, paragraphs, tables and notes.

In: the bytes of an .hwp file, a compound file of packed records. Out: its Content. Headers, footers and
memos stay out. Read here with olefile: of the libraries, pyhwp is AGPL and the others give text alone.
Source: "Hangul document file format 5.0", revision 1.3, Hancom 2018.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ..errors import DamagedFile, EmptyFile, HostileFile, PasswordNeeded, TooLarge
from ..told import Told, sentences
from .archive import MOST_RATIO, MOST_READ, RATIO_MATTERS
from .compound import Compound, open_compound
from .draft import Content, Draft
from .hangul import LOCKED, Cell, Notes, Paragraph, Table, add, style_level

MOST_RECORDS = 2_000_000  # a thousand pages have some hundred thousand
DEEPEST = 100  # levels of records; a table in a table takes two or three

_SIGNATURE = b"HWP Document File"
_COMPRESSED = 1
_PROTECTED = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8 | 1 << 10  # password, display only, DRM, certificates
_SECTION = re.compile(r"BodyText/Section(\d{1,6})\Z")
_SUMMARY = "\x05HwpSummaryInformation"
_TITLE, _AUTHOR, _CREATED = 2, 4, 12  # its properties
_PARA_SHAPE, _STYLE = 25, 26  # kinds of records
_PARA_HEADER, _PARA_TEXT, _CTRL_HEADER, _LIST_HEADER, _TABLE = 66, 67, 71, 72, 77
_OUTLINE = 1  # kind of a paragraph's head
_TITLE_CELL = 1 << 18
_NOTES = {b"fn  ": "foot", b"en  ": "end"}
_NUMBERS = {2: "upperRoman", 3: "lowerRoman", 4: "upperLetter", 5: "lowerLetter"}
# Control characters below 32 stand alone, or take eight places with what they point to.
_ALONE = {0: "", 10: "\n", 13: "", 24: "-", 30: " ", 31: " ", **dict.fromkeys(range(25, 30), "")}
_WIDE = 8
_TAB, _NOTE = 9, 17
_HINT = Told("Open it in Hangul and save it again.")


@dataclass(slots=True)
class _Record:
    tag: int
    level: int
    data: bytes
    inner: list[_Record] = field(default_factory=list)


def read(data: bytes, source: str) -> Content:
    """Raises DamagedFile, HostileFile, PasswordNeeded, TooLarge and EmptyFile."""
    compound = open_compound(data, source)
    header = compound.read("FileHeader")
    if not header.startswith(_SIGNATURE) or len(header) < 40:
        raise DamagedFile(source, sentences(Told("this is no Hangul document."), _HINT))
    (flags,) = struct.unpack_from("<I", header, 36)
    if flags & _PROTECTED:
        raise PasswordNeeded(source, LOCKED)
    sections = sorted((int(match[1]), name) for name in compound.names if (match := _SECTION.match(name)))
    if not sections:
        raise DamagedFile(source, sentences(Told("it has no body."), _HINT))
    parts = _Parts(compound, bool(flags & _COMPRESSED), source)
    known = _Known(_Levels(parts.records("DocInfo")))
    draft = Draft()
    titles = [
        add(
            draft,
            (
                _paragraph(record, known)
                for record in _tree(parts.records(name))
                if record.tag == _PARA_HEADER
            ),
        )
        for _, name in sections
    ]
    if draft.blank:
        raise EmptyFile(source, Told("the document holds no text."))
    draft.state("markup", title=next(filter(None, titles), ""))
    _state_properties(draft, compound)
    return draft.finish()


class _Parts:
    """The records of the streams, unpacked with one limit for all of them."""

    def __init__(self, compound: Compound, compressed: bool, source: str) -> None:
        self.compound = compound
        self.compressed = compressed
        self.source = source
        self.left = MOST_READ
        self.records_left = MOST_RECORDS

    def records(self, name: str) -> list[_Record]:
        """The records of a stream, in a row."""
        data = self._unpacked(name)
        found: list[_Record] = []
        place = 0
        while place + 4 <= len(data):
            (head,) = struct.unpack_from("<I", data, place)
            tag, level, size = head & 0x3FF, head >> 10 & 0x3FF, head >> 20
            place += 4
            if size == 0xFFF and place + 4 <= len(data):
                (size,) = struct.unpack_from("<I", data, place)
                place += 4
            if place + size > len(data):
                raise DamagedFile(
                    self.source, sentences(Told("its part “{name}” is cut short.", name=name), _HINT)
                )
            if level > DEEPEST:
                raise HostileFile(
                    self.source, Told("its records are nested deeper than {deepest}.", deepest=DEEPEST)
                )
            found.append(_Record(tag, level, data[place : place + size]))
            place += size
            self.records_left -= 1
            if self.records_left < 0:
                raise TooLarge(self.source, Told("it holds more than {limit} records.", limit=MOST_RECORDS))
        return found

    def _unpacked(self, name: str) -> bytes:
        packed = data = self.compound.read(name)
        if self.compressed:
            unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                data = unpacker.decompress(packed, self.left + 1)
            except zlib.error as error:
                raise DamagedFile(
                    self.source, sentences(Told("its part “{name}” is broken.", name=name), _HINT)
                ) from error
            if not unpacker.eof and len(data) <= self.left:
                raise DamagedFile(
                    self.source, sentences(Told("its part “{name}” is cut short.", name=name), _HINT)
                )
        if len(data) > max(RATIO_MATTERS, len(packed) * MOST_RATIO):
            raise HostileFile(
                self.source,
                Told(
                    "it is a bomb: “{name}” unpacks {packed} bytes to {size} or more.",
                    name=name,
                    packed=len(packed),
                    size=len(data),
                ),
            )
        self.left -= len(data)
        if self.left < 0:
            raise TooLarge(self.source, Told("it unpacks to more than {limit} bytes.", limit=MOST_READ))
        return data


def _tree(records: list[_Record]) -> list[_Record]:
    """The outermost records, each with those that belong to it."""
    roots: list[_Record] = []
    path: list[_Record] = []
    for record in records:
        while path and path[-1].level >= record.level:
            path.pop()
        (path[-1].inner if path else roots).append(record)
        path.append(record)
    return roots


class _Levels:
    """The outline level, from 1, of paragraph shapes and styles; 0 for body text, numbers and bullets."""

    def __init__(self, records: list[_Record]) -> None:
        self.shapes = [self._shape(record.data) for record in records if record.tag == _PARA_SHAPE]
        self.styles = [self._style(record.data) for record in records if record.tag == _STYLE]

    def of(self, shape: int, style: int) -> int:
        return _at(self.shapes, shape) or _at(self.styles, style)

    def _shape(self, data: bytes) -> int:
        if len(data) < 4:
            return 0
        (attributes,) = struct.unpack_from("<I", data)
        return (attributes >> 25 & 7) + 1 if attributes >> 23 & 3 == _OUTLINE else 0

    def _style(self, data: bytes) -> int:
        """Two names, each after its length in UTF-16 units, then three numbers and the paragraph's shape."""
        place = 0
        names: list[str] = []
        for _ in range(2):
            length = int.from_bytes(data[place : place + 2], "little") * 2
            names.append(data[place + 2 : place + 2 + length].decode("utf-16-le", "replace"))
            place += 2 + length
        shape = int.from_bytes(data[place + 4 : place + 6], "little")
        return style_level(names[0]) or (_at(self.shapes, shape) if len(data) >= place + 6 else 0)


def _at(levels: list[int], place: int) -> int:
    return levels[place] if place < len(levels) else 0


@dataclass(slots=True)
class _Known:
    """What the paragraphs of a document share: outline levels, and the numbers of the notes so far."""

    levels: _Levels
    notes: Notes = field(default_factory=Notes)


def _paragraph(record: _Record, known: _Known) -> Paragraph:
    paragraph = Paragraph()
    if len(record.data) >= 11:
        paragraph.level = known.levels.of(*struct.unpack_from("<HB", record.data, 8))
    texts: list[bytes] = []
    marks: list[str] = []
    for inner in record.inner:
        if inner.tag == _PARA_TEXT:
            texts.append(inner.data)
        elif inner.tag == _CTRL_HEADER:
            kind = inner.data[3::-1]  # four letters, the last one first
            if kind == b"tbl ":
                paragraph.tables.append(_table(inner, known))
            elif kind in _NOTES or kind == b"gso ":
                asides = [paragraphs for _, _, paragraphs in _lists(inner, known)]
                paragraph.asides += asides
                if kind in _NOTES:
                    marks.append(_mark(inner.data, _NOTES[kind], [p for own in asides for p in own], known))
    left = iter(marks)  # they stand in the text in the order of their controls
    paragraph.text = "".join(_text(data, left) for data in texts)
    return paragraph


def _mark(data: bytes, kind: str, note: list[Paragraph], known: _Known) -> str:
    """The mark of a note by its control: number, what stands before and after it, the kind of figures."""
    if len(data) < 16:
        return known.notes.mark(kind, note, 0, "decimal", ("", ""))
    number, before, after, shape = struct.unpack_from("<IHHI", data, 4)
    around = tuple(chr(unit) if 32 < unit < 0xD800 else "" for unit in (before, after))
    return known.notes.mark(kind, note, number, _NUMBERS.get(shape, "decimal"), (around[0], around[1]))


def _table(control: _Record, known: _Known) -> Table:
    table = Table()
    # Lists before the record that describes the table are its caption, those after it its cells.
    described = next((place for place, inner in enumerate(control.inner) if inner.tag == _TABLE), 0)
    for place, header, paragraphs in _lists(control, known):
        if place < described:
            table.caption += paragraphs
        elif len(header.data) >= 12:
            attributes, column, row = struct.unpack_from("<IHH", header.data, 4)
            table.cells.append(Cell(row, column, bool(attributes & _TITLE_CELL), paragraphs))
    return table


def _lists(control: _Record, known: _Known) -> Iterator[tuple[int, _Record, list[Paragraph]]]:
    """The lists of paragraphs in a control: place and header of each, and its paragraphs.

    They follow their header on the same level. Those of shapes stand deeper, in a group of shapes anywhere.
    """
    header: tuple[int, _Record] | None = None
    paragraphs: list[Paragraph] = []
    for place, inner in enumerate(control.inner):
        if inner.tag == _PARA_HEADER:
            paragraphs.append(_paragraph(inner, known))
            continue
        if header is not None:
            yield *header, paragraphs
            header, paragraphs = None, []
        if inner.tag == _LIST_HEADER:
            header = place, inner
        elif inner.tag != _CTRL_HEADER:
            yield from _lists(inner, known)
    if header is not None:
        yield *header, paragraphs


def _text(data: bytes, marks: Iterator[str]) -> str:
    """The characters of a paragraph, without the places that controls take, but with the marks of notes."""
    units = memoryview(data[: len(data) // 2 * 2]).cast("H")
    parts: list[str] = []
    place = start = 0
    while place < len(units):
        unit = units[place]
        if unit >= 32:
            place += 1
            continue
        parts.append(data[start * 2 : place * 2].decode("utf-16-le", "replace"))
        parts.append(next(marks, "") if unit == _NOTE else _ALONE.get(unit, " " if unit == _TAB else ""))
        place += 1 if unit in _ALONE else _WIDE
        start = place
    parts.append(data[start * 2 : len(units) * 2].decode("utf-16-le", "replace"))
    return "".join(parts)


def _state_properties(draft: Draft, compound: Compound) -> None:
    stated = compound.properties(_SUMMARY)
    title, author, created = (stated.get(number) for number in (_TITLE, _AUTHOR, _CREATED))
    draft.state(
        "file",
        title=title if isinstance(title, str) else "",
        authors=author.split(";") if isinstance(author, str) else (),
        published=created.date().isoformat() if isinstance(created, datetime) and created.year > 1990 else "",
    )
