"""Bibliographies: their entries, and the markers in the text that point to them."""

from __future__ import annotations

import re

from ingest.document import Document, Mention, Reference

_HEADING = re.compile(
    r"^[\W\d]*(?:references|bibliography|works cited|literature(?: cited)?|литература|список литературы"
    r"|список использованн\w+ (?:источников|литературы)|библиография|источники|참고 ?문헌|foydalanilgan adabiyotlar"
    r"|adabiyotlar(?: roʻyxati| ro'yxati)?"
    r"|әдебиеттер|пайдаланылған әдебиеттер|адабияттар|адабиёт|edebiýat|kaynakça|参考文献)\W*$",
    re.IGNORECASE,
)


def in_bibliography(document: Document, offset: int) -> bool:
    """Whether the character at `offset` stands under a heading such as "References"."""
    return any(_HEADING.match(heading) for heading in document.section_path(offset))


def find(document: Document) -> tuple[tuple[Reference, ...], tuple[Mention, ...]]:
    """The entries of the document's bibliography and footnotes in order, and the markers that point to them."""
    return (), ()
