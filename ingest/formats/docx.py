"""Word documents (.docx): headings by their style, paragraphs and tables in document order.

In: the bytes of a .docx file. Out: its Content. Headers, footers, comments and deleted text stay out.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from zipfile import BadZipFile, ZipFile, is_zipfile

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError

from ..errors import DamagedFile, EmptyFile, PasswordNeeded, TooLarge
from .draft import Content, Draft, one_line, stated_language

UNPACKED_LIMIT = 1024**3  # bytes; a small archive can unpack to more memory than there is

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word keeps an encrypted document in this container
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# What zipfile, zlib and python-docx raise on broken archives and broken parts in them.
_BROKEN = (BadZipFile, zlib.error, OpcError, LxmlError, KeyError, ValueError, EOFError, NotImplementedError)
_STYLE_LEVEL = re.compile(r"heading (\d)$", re.IGNORECASE)
_TEMPLATE_AUTHORS = {"python-docx", "user", "admin", "administrator", "пользователь"}

_TEMPLATE_DATE = date(2013, 12, 23)  # of python-docx, in every file made with it that states no other


def read(data: bytes, source: str) -> Content:
    """Raises DamagedFile, PasswordNeeded, TooLarge and EmptyFile."""
    if data.startswith(_OLE) and _ENCRYPTED in data:
        raise PasswordNeeded(source, "the document opens with a password only. Save a copy without it.")
    document = _open(data, source)
    _open_content_controls(document)
    draft = Draft()
    title = ""
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            _add_table(draft, block)
            continue
        text, level = _text(block), _level(block)
        if level == 0 and _is_title(block) and not title:
            title, level = one_line(text), 1
        if level:
            draft.heading(text, level)
            title = title or (one_line(text) if level == 1 else "")
        else:
            draft.paragraph(text)
    if draft.blank:
        raise EmptyFile(source, "the document holds no text.")
    return _with_properties(draft, document, title)


def _open(data: bytes, source: str) -> WordDocument:
    if not is_zipfile(BytesIO(data)):
        raise DamagedFile(source, "this is no Word document, or it is cut short. Fetch the file again.")
    try:
        with ZipFile(BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > UNPACKED_LIMIT:
            raise TooLarge(source, f"it unpacks to {unpacked:,} bytes; the limit is {UNPACKED_LIMIT:,}.")
        return docx.Document(BytesIO(data))
    except _BROKEN as error:
        raise DamagedFile(
            source, "the Word document is broken. Open it in Word and save it again."
        ) from error


def _open_content_controls(document: WordDocument) -> None:
    """Puts what stands in the fields of a form or template in their place: python-docx passes them over."""
    for control in document.element.body.xpath(".//w:sdt"):
        for content in control.findall(qn("w:sdtContent")):
            for child in list(content):
                control.addprevious(child)
        control.getparent().remove(control)


def _add_table(draft: Draft, table: Table) -> None:
    rows = [[_cell_text(cell) for cell in _own_cells(row.cells)] for row in table.rows]
    marked = sum(1 for row in table.rows if row._tr.xpath("./w:trPr/w:tblHeader"))
    if len(table.columns) < 2:  # a box drawn around text
        for cell in (cell for row in rows for cell in row):
            draft.paragraph(cell)
        return
    draft.table(rows, head_rows=marked or (1 if len(rows) > 1 and _first_row_is_head(table) else 0))


def _first_row_is_head(table: Table) -> bool:
    """Word's own mark that the first row is special, and no number in it."""
    look = table._tbl.xpath("./w:tblPr/w:tblLook/@w:firstRow | ./w:tblPr/w:tblLook/@w:val")
    special = any(value in {"1", "true"} or (len(value) == 4 and int(value, 16) & 0x20) for value in look)
    cells = [cell.text.strip() for cell in table.rows[0].cells]
    return special and all(cells) and not any(cell.replace(" ", "").isdigit() for cell in cells)


def _own_cells(cells: tuple[_Cell, ...]) -> Iterator[_Cell | None]:
    """Each cell of a row, and None for the further places of one that was merged over several columns."""
    before = None
    for cell in cells:
        yield cell if cell._tc is not before else None
        before = cell._tc


def _cell_text(cell: _Cell | None) -> str:
    if cell is None:
        return ""
    parts: list[str] = []
    for block in cell.iter_inner_content():
        if isinstance(block, Table):
            parts += [_cell_text(inner) for row in block.rows for inner in _own_cells(row.cells)]
        else:
            parts.append(_text(block))
    return " ".join(part for part in parts if part)


def _text(paragraph: Paragraph) -> str:
    """All text of a paragraph: python-docx leaves out inserted text and fields' links, Word shows them."""
    parts: list[str] = []
    for node in paragraph._p.iter():
        name = str(node.tag).rpartition("}")[2]
        if name == "t" and not _stands_elsewhere(node, paragraph):
            parts.append(node.text or "")
        elif name == "tab":
            parts.append(" ")
        elif name in {"br", "cr"}:
            parts.append("\n")
        elif name == "noBreakHyphen":
            parts.append("-")
    return "".join(parts)


def _stands_elsewhere(node: object, paragraph: Paragraph) -> bool:
    """Whether the text belongs to a text box inside the paragraph, which Word stores twice, or was moved away."""
    parent = node.getparent()  # type: ignore[attr-defined]
    while parent is not None and parent is not paragraph._p:
        if str(parent.tag).endswith(("}p", "}Fallback", "}moveFrom")):
            return True
        parent = parent.getparent()
    return False


def _level(paragraph: Paragraph) -> int:
    """The level of a heading, by its style's name or by the outline level of a style or paragraph."""
    style = paragraph.style
    while style is not None:
        if match := _STYLE_LEVEL.match(style.name or ""):
            return max(int(match.group(1)), 1)
        style = style.base_style
    outline = paragraph._p.xpath("./w:pPr/w:outlineLvl/@w:val")
    return int(outline[0]) + 1 if outline and outline[0] in "012345678" else 0


def _is_title(paragraph: Paragraph) -> bool:
    return paragraph.style is not None and (paragraph.style.name or "").casefold() in {
        "title",
        "название",
        "제목",
    }


def _with_properties(draft: Draft, document: WordDocument, title: str) -> Content:
    stated = document.core_properties
    author = stated.author or ""
    published = stated.created.date() if stated.created else None
    draft.state("markup", title=title)
    draft.state(
        "file",
        title=stated.title or "",
        authors=[] if author.casefold() in _TEMPLATE_AUTHORS else author.split(";"),
        published=published.isoformat() if published and published != _TEMPLATE_DATE else "",
        language=stated_language(stated.language or ""),
    )
    return draft.finish()
