"""Hangul documents of the new kind (.hwpx): outline headings, paragraphs, tables and notes.

In: the bytes of an .hwpx file, a ZIP of OWPML (KS X 6101). Out: its Content. Headers, footers, memos and
deleted text stay out. Read with lxml: python-hwpx is made to edit, and its text is without merged cells.
"""

from __future__ import annotations

import re
from typing import Any

from ..errors import DamagedFile, EmptyFile, PasswordNeeded
from ..told import Told
from .archive import Archive, open_archive
from .draft import Content, Draft
from .hangul import LOCKED, Cell, Notes, Paragraph, Table, add, style_level

_SECTION = re.compile(r"Contents/section(\d{1,6})\.xml\Z")
_HEADER, _PACKAGE, _MANIFEST = "Contents/header.xml", "Contents/content.hpf", "META-INF/manifest.xml"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CHARACTERS = {"tab": " ", "lineBreak": "\n", "nbSpace": " ", "fwSpace": " ", "hyphen": "-"}
_NUMBERS = {
    **{"ROMAN_SMALL": "lowerRoman", "ROMAN_CAPITAL": "upperRoman"},
    **{"LATIN_SMALL": "lowerLetter", "LATIN_CAPITAL": "upperLetter"},
}
# What a run holds that is no text of the page's body.
_LEFT_OUT = frozenset(
    {"secPr", "header", "footer", "hiddenComment", "fieldBegin", "equation", "shapeComment", "parameters"}
)


def read(data: bytes, source: str) -> Content:
    """Raises DamagedFile, HostileFile, PasswordNeeded, TooLarge and EmptyFile."""
    archive = open_archive(data, source)
    if _MANIFEST in archive and _first(archive.parse(_MANIFEST), "encryption-data") is not None:
        raise PasswordNeeded(source, LOCKED)
    sections = sorted((int(match[1]), name) for name in archive.names if (match := _SECTION.match(name)))
    if not sections:
        raise DamagedFile(source, Told("it has no body. Open it in Hangul and save it again."))
    reader = _Reader(*_levels(archive))
    draft = Draft()
    titles = [add(draft, reader.paragraphs(archive.parse(name))) for _, name in sections]
    if draft.blank:
        raise EmptyFile(source, Told("the document holds no text."))
    draft.state("markup", title=next(filter(None, titles), ""))
    if _PACKAGE in archive:
        _state_properties(draft, archive.parse(_PACKAGE))
    return draft.finish()


def _levels(archive: Archive) -> tuple[dict[str, int], dict[str, int]]:
    """The outline level, from 1, of the paragraph shapes and of the styles that have one."""
    if _HEADER not in archive:
        return {}, {}
    root = archive.parse(_HEADER)
    shapes: dict[str, int] = {}
    for shape in root.iter("{*}paraPr"):
        heading = _first(shape, "heading")
        if heading is not None and heading.get("type") == "OUTLINE":
            shapes[shape.get("id", "")] = min(_number(heading, "level"), 9) + 1
    styles = {
        style.get("id", ""): level
        for style in root.iter("{*}style")
        if (level := style_level(style.get("name", "")) or shapes.get(style.get("paraPrIDRef", ""), 0))
    }
    return shapes, styles


class _Reader:
    """The paragraphs of a section. XML is never nested deeper than 255, so calls may nest too."""

    def __init__(self, shapes: dict[str, int], styles: dict[str, int]) -> None:
        self.shapes = shapes
        self.styles = styles
        self.notes = Notes()

    def paragraphs(self, parent: Any) -> list[Paragraph]:
        return [self._paragraph(element) for element in parent.iterchildren("{*}p")]

    def _paragraph(self, element: Any) -> Paragraph:
        shape, style = element.get("paraPrIDRef", ""), element.get("styleIDRef", "")
        paragraph = Paragraph(level=self.shapes.get(shape) or self.styles.get(style, 0))
        for run in element.iterchildren("{*}run"):
            for child in run:
                if _local(child) == "t":
                    parts: list[str] = []
                    _collect(child, parts)
                    paragraph.text += "".join(parts)
                else:
                    self._object(child, paragraph)
        return paragraph

    def _object(self, element: Any, paragraph: Paragraph) -> None:
        name = _local(element)
        if name == "tbl":
            paragraph.tables.append(self._table(element))
        elif name in ("footNote", "endNote"):
            self._note(element, name.removesuffix("Note"), paragraph)
        elif name == "subList":  # of a text box or a picture's caption
            paragraph.asides.append(self.paragraphs(element))
        elif name not in _LEFT_OUT:
            for child in element:
                self._object(child, paragraph)

    def _note(self, element: Any, kind: str, paragraph: Paragraph) -> None:
        note = [p for inner in element.iterchildren("{*}subList") for p in self.paragraphs(inner)]
        shown = _first(element, "autoNumFormat")
        shown = {} if shown is None else shown.attrib
        style = _NUMBERS.get(shown.get("type", ""), "decimal")
        around = shown.get("prefixChar", ""), shown.get("suffixChar", _character(element, "suffixChar"))
        paragraph.text += self.notes.mark(kind, note, _number(element, "number"), style, around)
        paragraph.asides.append(note)

    def _table(self, element: Any) -> Table:
        table = Table()
        for caption in element.iterchildren("{*}caption"):
            table.caption += [
                p for inner in caption.iterchildren("{*}subList") for p in self.paragraphs(inner)
            ]
        for number, row in enumerate(element.iterchildren("{*}tr")):
            for place, cell in enumerate(row.iterchildren("{*}tc")):
                address = next(cell.iterchildren("{*}cellAddr"), None)
                table.cells.append(
                    Cell(
                        row=number if address is None else _number(address, "rowAddr"),
                        column=place if address is None else _number(address, "colAddr"),
                        is_head=cell.get("header") in ("1", "true"),
                        paragraphs=[
                            p for inner in cell.iterchildren("{*}subList") for p in self.paragraphs(inner)
                        ],
                    )
                )
        return table


def _collect(element: Any, parts: list[str]) -> None:
    """The characters of a run, without those that a tracked change deleted."""
    deleted = False
    parts.append(element.text or "")
    for child in element:
        name = _local(child)
        if name in ("deleteBegin", "deleteEnd"):
            deleted = name == "deleteBegin"
        if not deleted:
            parts += [_CHARACTERS.get(name, ""), child.tail or ""]


def _local(element: Any) -> str:
    """The name without its namespace: Hancom has changed that with the years."""
    return str(element.tag).rpartition("}")[2]


def _first(root: Any, name: str) -> Any:
    return next(root.iter(f"{{*}}{name}"), None)


def _number(element: Any, attribute: str) -> int:
    value = element.get(attribute, "")
    return int(value) if re.fullmatch(r"[0-9]{1,6}", value) else 0


def _character(element: Any, attribute: str) -> str:
    """A character that is stated by its number: "41" for the bracket after the number of a note."""
    return chr(_number(element, attribute)) if _number(element, attribute) else ""


def _state_properties(draft: Draft, root: Any) -> None:
    stated = {meta.get("name", ""): (meta.text or "").strip() for meta in root.iter("{*}meta")}
    title = _first(root, "title")
    created = _DATE.match(stated.get("CreatedDate", ""))
    draft.state(  # the language that it states is Hangul's own, whatever the text
        "file",
        title=(title.text or "") if title is not None else "",
        authors=stated.get("creator", "").split(";"),
        published=created[0] if created else "",
    )
