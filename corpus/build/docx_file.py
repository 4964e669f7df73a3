"""A source text in, the bytes of a Word file out: styles for headings, real tables, core properties."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx as word
from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from source_text import Block, SourceText

LOCALES = {"en": "en-GB", "ko": "ko-KR", "ru": "ru-RU", "uz": "uz-Latn-UZ"}


def docx_bytes(text: SourceText) -> bytes:
    docx = word.Document()
    # The template says en-US; a reader that trusts the styles' language must not be misled.
    for lang in docx.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:eastAsia" if text.language == "ko" else "w:val"), LOCALES[text.language])
    written = datetime.fromisoformat(text.date)
    properties = docx.core_properties
    properties.title = text.title
    properties.author = ", ".join(text.authors)
    properties.language = text.language
    properties.category = text.type
    properties.comments = ""
    properties.created = properties.modified = written
    for block in text.blocks:
        _add(docx, block)
    _drop_thumbnail(docx)
    made = BytesIO()
    docx.save(made)
    return _with_fixed_times(made)


def _add(docx: Docx, block: Block) -> None:
    match block.kind:
        case "heading":
            docx.add_heading(block.text, level=block.level - 1)  # level 0 is Word's "Title"
        case "table":
            table = docx.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
            for row in block.rows:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
            for cell in table.rows[0].cells:
                cell.paragraphs[0].runs[0].bold = True
            # Word's "repeat as header row": this is how a reader knows the head from the body.
            head = table.rows[0]._tr.get_or_add_trPr()
            head.append(head.makeelement(qn("w:tblHeader"), {}))
        case "bullets" | "numbers":
            style = "List Bullet" if block.kind == "bullets" else "List Number"
            for (item,) in block.rows:
                docx.add_paragraph(item, style=style)
        case "paragraph":
            docx.add_paragraph(block.text)


def _drop_thumbnail(docx: Docx) -> None:
    """The template carries a picture of an empty page."""
    relations = docx.part.package.rels
    for key, relation in list(relations.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del relations[key]


def _with_fixed_times(made: BytesIO) -> bytes:
    """The same archive, every member dated 1980: equal texts give equal bytes."""
    fixed = BytesIO()
    with ZipFile(made) as old, ZipFile(fixed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = ZipInfo(name)
            member.compress_type = ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return fixed.getvalue()
