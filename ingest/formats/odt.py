"""OpenDocument texts (.odt): headings, paragraphs, lists, tables and notes in document order.

In: the bytes of an .odt file. Out: its Content. Comments, deleted text, headers and footers stay out.
Read with lxml: odfdo unpacks and parses an archive without limits, and shows no merged cells by place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..errors import DamagedFile, EmptyFile, PasswordNeeded
from ..told import Told
from . import note_marks, unmarked
from .archive import Archive, open_archive
from .draft import Content, Draft, one_line, stated_language
from .grid import rows_of

_NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_CONTENT, _STYLES, _META, _MANIFEST = "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"
_HEADING_STYLE = re.compile(r"Heading_20_(\d{1,2})\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MOST_STYLES = 20  # that stand on one another; a circle of styles has no end


def _name(name: str) -> str:
    """ "text:p" as lxml writes it."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


_P, _H, _NOTE, _TABLE = _name("text:p"), _name("text:h"), _name("text:note"), _name("table:table")
_ROW, _HEAD_ROWS = _name("table:table-row"), _name("table:table-header-rows")
_CELL, _COVERED = _name("table:table-cell"), _name("table:covered-table-cell")
_SPACES = {_name("text:s"): " ", _name("text:tab"): " ", _name("text:line-break"): "\n"}
_DRAWING = f"{{{_NAMESPACES['draw']}}}"  # frames and shapes, with the text in them
# What is no text of the document, or not where it stands.
_HIDDEN = {
    *(_name("office:annotation"), _name("text:ruby-text"), _name("text:number"), _name("draw:object")),
    *(_name("text:hidden-text"), _name("text:script"), _name("text:tracked-changes")),
}


def read(data: bytes, source: str) -> Content:
    """Raises DamagedFile, HostileFile, PasswordNeeded, TooLarge and EmptyFile."""
    archive = open_archive(data, source)
    if (
        _MANIFEST in archive
        and archive.parse(_MANIFEST).find(f".//{_name('manifest:encryption-data')}") is not None
    ):
        raise PasswordNeeded(source, Told("the document opens with a password only. Save a copy without it."))
    root = archive.parse(_CONTENT)
    body = root.find(f"{_name('office:body')}/{_name('office:text')}")
    if body is None:
        raise DamagedFile(
            source, Told("it holds no text document. Open it in its own program and save it as .odt.")
        )
    _write_marks(body)
    reader = _Reader(_styles(archive, root))
    reader.blocks(body)
    if reader.draft.blank:
        raise EmptyFile(source, Told("the document holds no text."))
    reader.draft.state("markup", title=reader.title)
    if _META in archive:
        _state_properties(reader.draft, archive.parse(_META))
    return reader.draft.finish()


def _styles(archive: Archive, content: Any) -> dict[str, str]:
    """The parent of each paragraph style: "P1" → "Heading_20_1"."""
    roots = [content, *([archive.parse(_STYLES)] if _STYLES in archive else [])]
    return {
        style.get(_name("style:name"), ""): style.get(_name("style:parent-style-name"), "")
        for root in roots
        for style in root.iter(_name("style:style"))
    }


class _Reader:
    """One document on its way into a draft. XML is never nested deeper than 255, so calls may nest too."""

    def __init__(self, parents: dict[str, str]) -> None:
        self.draft = Draft()
        self.parents = parents
        self.title = ""

    def blocks(self, parent: Any) -> None:
        for element in parent:
            if element.tag in (_P, _H):
                self._paragraph(element)
                self._asides(element)
            elif element.tag == _TABLE:
                self._table(element)
            elif element.tag not in _HIDDEN:  # a list, a section, an index, a frame
                self.blocks(element)

    def _paragraph(self, element: Any) -> None:
        text = _text(element)
        names = list(self._style_names(element.get(_name("text:style-name"), "")))
        styled = next((int(match[1]) for match in map(_HEADING_STYLE.match, names) if match), 0)
        level = _number(element, "text:outline-level", 1) if element.tag == _H else styled
        if level == 0 and "Title" in names and not self.title:
            level = 1
        if level:
            self.draft.heading(text, min(level, 10))
            self.title = self.title or (note_marks.without_mark(one_line(text)) if level == 1 else "")
        else:
            self.draft.paragraph(text)

    def _style_names(self, name: str) -> Iterator[str]:
        for _ in range(MOST_STYLES):
            if not name:
                return
            yield name
            name = self.parents.get(name, "")

    def _asides(self, element: Any) -> None:
        """Notes and text boxes after what cites or holds them, so that they cut no sentence."""
        for child in element:
            if child.tag == _NOTE:
                for body in child.iterchildren(_name("text:note-body")):
                    self.blocks(body)
            elif _is_aside(child):
                self.blocks(child)
            elif child.tag not in _HIDDEN:
                self._asides(child)

    def _table(self, element: Any) -> None:
        rows = [row for row in element.iter(_ROW) if next(row.iterancestors(_TABLE)) is element]
        heads = sum(next(row.iterancestors(_HEAD_ROWS, _TABLE)).tag == _HEAD_ROWS for row in rows)
        if all(len(row.findall(_CELL)) < 2 for row in rows):  # a box drawn around text
            for cell in (cell for row in rows for cell in row.iterchildren(_CELL)):
                self.blocks(cell)
            return
        cells = [(number, *cell) for number, row in enumerate(rows) for cell in _cells(row)]
        table = rows_of(cells)
        self.draft.table(table, unmarked.head_rows(table, heads))
        self._asides(element)


def _write_marks(body: Any) -> None:
    """Puts the mark of each note before its first words."""
    for note in body.iter(_NOTE):
        for paragraph in note.iterfind(f"{_name('text:note-body')}//*"):
            if paragraph.tag in (_P, _H) and _text(paragraph).strip():
                paragraph.text = note_marks.before(_mark(note), paragraph.text or "")
                break


def _mark(note: Any) -> str:
    """The mark as it was last shown: its number, or what its author chose."""
    return note_marks.raised(note.findtext(_name("text:note-citation"), ""))


def _is_aside(element: Any) -> bool:
    return element.tag == _NOTE or (isinstance(element.tag, str) and element.tag.startswith(_DRAWING))


def _cells(row: Any) -> Iterator[tuple[int, str]]:
    column = 0
    for cell in row.iterchildren(_CELL, _COVERED):
        yield column, _cell_text(cell) if cell.tag == _CELL else ""
        column += _number(cell, "table:number-columns-repeated", 1)


def _cell_text(cell: Any) -> str:
    """The paragraphs of a cell, and of tables in it, in a line; its notes come after the table."""
    paragraphs = (
        element
        for element in cell.iter(_P, _H)
        if not any(up.tag in _HIDDEN or _is_aside(up) for up in _between(element, cell))
    )
    return " ".join(text for text in map(_text, paragraphs) if text)


def _between(element: Any, top: Any) -> Iterator[Any]:
    for up in element.iterancestors():
        if up is top:
            return
        yield up


def _text(element: Any) -> str:
    """The words of a paragraph: spans and links, without what stands elsewhere on the page."""
    parts: list[str] = []
    _collect(element, parts)
    return "".join(parts)


def _collect(element: Any, parts: list[str]) -> None:
    parts.append(_flat(element.text))
    for child in element:
        if child.tag in _SPACES:
            parts.append(_SPACES[child.tag])
        elif child.tag == _NOTE:
            parts.append(_mark(child))
        elif child.tag not in _HIDDEN and not _is_aside(child):
            _collect(child, parts)
        parts.append(_flat(child.tail))


def _flat(text: str | None) -> str:
    """White space in the file is a space; a line's end that shows is an element."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def _number(element: Any, attribute: str, otherwise: int) -> int:
    value = element.get(_name(attribute), "")
    return max(int(value), 1) if re.fullmatch(r"[0-9]{1,6}", value) else otherwise


def _state_properties(draft: Draft, root: Any) -> None:
    def stated(name: str) -> str:
        return (root.findtext(f".//{_name(name)}") or "").strip()

    author = stated("meta:initial-creator") or stated("dc:creator")
    created = _DATE.match(stated("meta:creation-date"))
    draft.state(
        "file",
        title=stated("dc:title"),
        authors=author.split(";"),
        published=created[0] if created else "",
        language=stated_language(stated("dc:language")),
    )
