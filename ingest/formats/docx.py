"""Word documents (.docx): headings by their style, paragraphs, tables, text boxes and notes in order.

In: the bytes of a .docx file. Out: its Content. A footnote follows the paragraph that cites it; both have
its mark. Headers, footers, comments and deleted text stay out; links and templates are never followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml as parse_part
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError

from ..errors import DamagedFile, EmptyFile, PasswordNeeded
from ..told import Told, sentences
from . import docx_notes, unmarked
from .archive import open_archive, parse_xml
from .compound import SIGNATURE
from .draft import Content, Draft, one_line, stated_language
from .grid import rows_of
from .note_marks import without_mark

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the part in which Word keeps an encrypted document
# What python-docx raises on packages with broken or missing parts; the archive itself is checked before.
_BROKEN = (OpcError, LxmlError, KeyError, ValueError, AttributeError, TypeError, IndexError)
_HINT = Told("Open it in Word and save it again.")
_STYLE_LEVEL = re.compile(r"heading (\d)$", re.IGNORECASE)
_TITLE_STYLES = {"title", "название", "제목"}
_TEMPLATE_DATE = date(2013, 12, 23)  # of python-docx, in every file made with it that states no other
MOST_STYLES = 20  # that stand on one another; a circle of styles has no end

# Text that belongs to a box in the paragraph, is there a second time for old programs, was moved
# away, or says how a character is read aloud.
_ELSEWHERE = ("}txbxContent", "}Fallback", "}moveFrom", "}rt")


def read(data: bytes, source: str) -> Content:
    """Raises DamagedFile, HostileFile, PasswordNeeded, TooLarge and EmptyFile."""
    if data.startswith(SIGNATURE) and _ENCRYPTED in data:
        raise PasswordNeeded(source, Told("the document opens with a password only. Save a copy without it."))
    document = _open(data, source)
    try:
        content = _Reader(document, source).read()
    except _BROKEN as error:
        raise DamagedFile(source, sentences(Told("the Word document is broken."), _HINT)) from error
    if not content.text:
        raise EmptyFile(source, Told("the document holds no text."))
    return content


def _open(data: bytes, source: str) -> WordDocument:
    if not data.startswith(b"PK"):
        raise DamagedFile(source, Told("this is no Word document, or it is cut short. Fetch the file again."))
    archive = open_archive(data, source)
    # python-docx parses with a parser of its own: it sees no part that ours has not passed.
    for name in archive.names:
        if name.lower().endswith((".xml", ".rels")):
            archive.parse(name)
    try:
        return docx.Document(BytesIO(data))
    except _BROKEN as error:
        raise DamagedFile(source, sentences(Told("the Word document is broken."), _HINT)) from error


class _Reader:
    """One document on its way into a draft."""

    def __init__(self, document: WordDocument, source: str) -> None:
        self.document = document
        self.source = source
        self.draft = Draft()
        self.title = ""
        # Level of each style, and whether it is for titles: python-docx searches all styles for each.
        self.styles: dict[str | None, tuple[int, bool]] = {}
        self.notes = {
            docx_notes.FOOTNOTE: self._notes(RELATIONSHIP_TYPE.FOOTNOTES),
            docx_notes.ENDNOTE: self._notes(RELATIONSHIP_TYPE.ENDNOTES),
        }

    def read(self) -> Content:
        body = self.document.element.body
        _open_wrappers(body)
        docx_notes.write_marks(body, self.document.settings.element, self.notes)
        self._blocks(body)
        _state_properties(self.draft, self.document, self.title)
        return self.draft.finish()

    def _notes(self, kind: str) -> dict[str, Any]:
        """The notes of a part, by the number that their marks in the text give."""
        try:
            part = self.document.part.part_related_by(kind)
        except KeyError:
            return {}
        parse_xml(part.blob, self.source)  # the part may have a name that was passed over
        root = parse_part(part.blob)
        _open_wrappers(root)
        return {note.get(qn("w:id")): note for note in root if note.get(qn("w:type"), "normal") == "normal"}

    def _blocks(self, parent: Any) -> None:
        for block in parent.iterchildren(qn("w:p"), qn("w:tbl")):
            if block.tag == qn("w:tbl"):
                self._table(block)
            else:
                self._paragraph(block)
                self._boxes(block)
            self._cited(block)

    def _paragraph(self, element: Any) -> None:
        text = _text(element)
        level, is_title = self._level(element)
        if is_title and level == 0 and not self.title and text.strip():
            self.title, level = without_mark(one_line(text)), 1
        if level:
            self.draft.heading(text, level)
            self.title = self.title or (without_mark(one_line(text)) if level == 1 else "")
        else:
            self.draft.paragraph(text)

    def _boxes(self, element: Any) -> None:
        """The text boxes of a paragraph, after it: their place on the page is not known here."""
        for box in _own_boxes(element):
            self._blocks(box)

    def _cited(self, element: Any) -> None:
        """The notes whose marks stand in a paragraph or table, after it, so that they cut no sentence."""
        for mark in element.iter(docx_notes.FOOTNOTE, docx_notes.ENDNOTE):
            # Taken out when first cited: a note that cites itself would never end.
            note = self.notes[mark.tag].pop(mark.get(qn("w:id")), None)
            if note is not None:
                self._blocks(note)

    def _table(self, element: Any) -> None:
        rows = list(element.iterchildren(qn("w:tr")))
        if all(len(row.findall(qn("w:tc"))) < 2 for row in rows):  # a box drawn around text
            for cell in (cell for row in rows for cell in row.iterchildren(qn("w:tc"))):
                self._blocks(cell)
            return
        marked = 0
        while marked < len(rows) and rows[marked].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None:
            marked += 1
        cells = [(number, *cell) for number, row in enumerate(rows) for cell in _cells(row)]
        table = rows_of(cells)
        first_is_head = len(rows) > 1 and _looks_like_head(element, table[0])
        self.draft.table(table, unmarked.head_rows(table, marked or int(first_is_head)))

    def _level(self, element: Any) -> tuple[int, bool]:
        """The level of a heading, by its own outline level or its style's; and whether it is a title."""
        if element.style not in self.styles:
            style = Paragraph(element, self.document).style
            self.styles[element.style] = _style_level(style), _is_title(style)
        level, is_title = self.styles[element.style]
        own = _outline(element)
        return (level if own is None else own), is_title


def _open_wrappers(root: Any) -> None:
    """Puts what stands in the fields of a form, in tags and in tracked insertions of rows in their place."""
    for wrapper in list(root.iter(qn("w:sdt"), qn("w:customXml"))):
        content = wrapper.find(qn("w:sdtContent")) if wrapper.tag == qn("w:sdt") else wrapper
        for child in list(content) if content is not None else []:
            wrapper.addprevious(child)
        wrapper.getparent().remove(wrapper)


def _cells(row: Any) -> Iterator[tuple[int, str]]:
    """Column and text of each cell; of cells merged downwards the first alone has text."""
    column = _number(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
    for cell in row.iterchildren(qn("w:tc")):
        merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        goes_on = merged is not None and merged.get(qn("w:val"), "continue") == "continue"
        yield column, "" if goes_on else _cell_text(cell)
        column += max(_number(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1), 1)


def _number(element: Any, otherwise: int) -> int:
    value = element.get(qn("w:val"), "") if element is not None else ""
    return int(value) if re.fullmatch(r"[0-9]{1,4}", value) else otherwise


def _looks_like_head(table: Any, first: list[str]) -> bool:
    """Word's own mark that the first row is special, and no number in it."""
    look = [
        value
        for node in table.findall(f"{qn('w:tblPr')}/{qn('w:tblLook')}")
        for value in (node.get(qn("w:firstRow")), node.get(qn("w:val")))
        if value
    ]
    special = any(
        value in {"1", "true"} or (re.fullmatch(r"[0-9A-Fa-f]{4}", value) and int(value, 16) & 0x20)
        for value in look
    )
    filled = [cell.strip() for cell in first]
    return special and all(filled) and not any(cell.replace(" ", "").isdigit() for cell in filled)


def _cell_text(cell: Any) -> str:
    """The paragraphs of a cell, and of tables and boxes in it, in a line."""
    paragraphs = [element for element in cell.iter(qn("w:p")) if not _in_fallback(element, cell)]
    return " ".join(text for text in map(_text, paragraphs) if text)


def _text(paragraph: Any) -> str:
    """All text of a paragraph: python-docx leaves out inserted text and fields' links, Word shows them."""
    parts: list[str] = []
    for node in paragraph.iter():
        name = str(node.tag).rpartition("}")[2]
        if name not in {"t", "tab", "br", "cr", "noBreakHyphen"} or _stands_elsewhere(node, paragraph):
            continue
        if name == "t":
            parts.append(node.text or "")
        else:
            parts.append({"tab": " ", "noBreakHyphen": "-"}.get(name, "\n"))
    return "".join(parts)


def _stands_elsewhere(node: Any, paragraph: Any) -> bool:
    parent = node.getparent()
    while parent is not None and parent is not paragraph:
        if str(parent.tag).endswith(_ELSEWHERE) or parent.tag == qn("w:tabs"):
            return True
        parent = parent.getparent()
    return False


def _own_boxes(paragraph: Any) -> Iterator[Any]:
    """The text boxes of a paragraph; Word stores each a second time, as a fallback for old programs."""
    for box in paragraph.iter(qn("w:txbxContent")):
        outer = next((up for up in box.iterancestors(qn("w:txbxContent"), qn("w:p"))), None)
        if outer is paragraph and not _in_fallback(box, paragraph):
            yield box


def _in_fallback(node: Any, top: Any) -> bool:
    for up in node.iterancestors():
        if up is top:
            return False
        if str(up.tag).endswith("}Fallback"):
            return True
    return False


def _outline(element: Any) -> int | None:
    """The outline level that a paragraph or style states, from 1; 0 for body text, None where it is silent."""
    value = next(
        (node.get(qn("w:val"), "") for node in element.findall(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")), ""
    )
    if value and value in "0123456789":
        return (int(value) + 1) % 10
    return None


def _style_level(style: Any) -> int:
    for _ in range(MOST_STYLES):
        if style is None:
            break
        if match := _STYLE_LEVEL.match(style.name or ""):
            return max(int(match.group(1)), 1)
        if (level := _outline(style.element)) is not None:
            return level
        style = style.base_style
    return 0


def _is_title(style: Any) -> bool:
    return style is not None and (style.name or "").casefold() in _TITLE_STYLES


def _state_properties(draft: Draft, document: WordDocument, title: str) -> None:
    draft.state("markup", title=title)
    try:
        document.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    except KeyError:  # python-docx would invent some
        return
    stated = document.core_properties
    author = stated.author or ""
    published = stated.created.date() if stated.created else None
    draft.state(
        "file",
        title=stated.title or "",
        authors=author.split(";"),
        published=published.isoformat() if published and published != _TEMPLATE_DATE else "",
        language=stated_language(stated.language or ""),
    )
