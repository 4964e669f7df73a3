"""The marks of a Word document's notes, written where Word prints them: it stores none, and counts.

In: the body of a document, its settings and its notes. Out: the same, with the marks as text in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from . import note_marks
from .note_marks import Numbering

FOOTNOTE, ENDNOTE = qn("w:footnoteReference"), qn("w:endnoteReference")
_PROPERTIES = {FOOTNOTE: qn("w:footnotePr"), ENDNOTE: qn("w:endnotePr")}
_STYLES = {FOOTNOTE: "decimal", ENDNOTE: "lowerRoman"}  # of notes that nobody has styled
_TRUE = {"1", "true", "on"}
_UNSEEN = ("}Fallback", "}moveFrom", "}del")


def write_marks(body: Any, settings: Any, notes: Mapping[str, Mapping[str, Any]]) -> None:
    """Puts marks after the references of `notes` (by kind, then id), and before the first words of each note."""
    for kind, own in notes.items():
        marks: dict[str, str] = {}
        numbering = Numbering(_STYLES[kind])
        for references, section in _sections(body, kind):
            for stated in (settings, section):
                if stated is not None:
                    _apply(stated.find(_PROPERTIES[kind]), numbering)
            for reference in references:
                name = reference.get(qn("w:id"))
                if name in own and not _is_unseen(reference):
                    _write(reference, own[name], numbering, marks)
            numbering.end_section()


def _sections(body: Any, kind: str) -> Iterator[tuple[list[Any], Any]]:
    """The references of each section, and its properties: they stand at its end, in its last paragraph."""
    references: list[Any] = []
    properties = last = None
    for element in body.iter(kind, qn("w:sectPr")):
        if properties is not None and last not in element.iterancestors():
            yield references, properties
            references, properties = [], None
        if element.tag == kind:
            references.append(element)
        elif element.getparent().tag != qn("w:sectPrChange"):
            properties = element
            last = next(element.iterancestors(qn("w:p")), None)
    yield references, properties


def _apply(stated: Any, numbering: Numbering) -> None:
    """What settings or a section say of the numbers; what they leave out stays."""
    if stated is None:
        return
    values = {str(child.tag): child.get(qn("w:val"), "") for child in stated}
    numbering.style = values.get(qn("w:numFmt")) or numbering.style
    if re.fullmatch(r"[0-9]{1,4}", first := values.get(qn("w:numStart"), "")):
        numbering.first = int(first)
    numbering.restarts = values.get(qn("w:numRestart"), "") == "eachSect"


def _write(reference: Any, note: Any, numbering: Numbering, marks: dict[str, str]) -> None:
    name, typed = reference.get(qn("w:id")), ""
    if (
        reference.get(qn("w:customMarkFollows")) in _TRUE
    ):  # a mark of the author's own, "*"; it is not counted
        shown = list(reference.itersiblings(qn("w:t")))
        typed = "".join(node.text or "" for node in shown).strip()
        mark = note_marks.raised(typed)
        for node in shown:
            node.text = ""
    else:
        mark = marks.get(name) or numbering.next()
    node = OxmlElement("w:t")
    node.text = mark
    reference.addnext(node)
    if name not in marks:
        marks[name] = mark
        first = next((node for node in note.iter(qn("w:t")) if node.text and node.text.strip()), None)
        if first is not None:
            first.text = note_marks.before(mark, first.text, typed)


def _is_unseen(reference: Any) -> bool:
    return any(str(up.tag).endswith(_UNSEEN) for up in reference.iterancestors())
