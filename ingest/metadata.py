"""What a document says of itself, completed from its text where its reader found no statement.

In: the Content of a file and its source. Out: its Metadata, each field with its origin.

The markup around a text was written with it, and stands. A file's properties are weaker: the date is
that of an export, the author whoever saved it, the title a template's; the text's own statement beats them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from . import front_matter
from .document import Metadata, Origin
from .document_type import TYPES, type_of
from .formats.draft import Content
from .language import detect

# Titles that name a kind of document, or the program that wrote it, and not this document.
_SAYS_NOTHING = re.compile(
    r"\W*(?:untitled(?:[ -]?\d+)?|document ?\d*|memo(?:randum)?|letter|press release|report|draft|doc\d+|slide 1"
    r"|powerpoint presentation|microsoft (?:word|excel|powerpoint)\b.*|layout 1|без имени.*|документ ?\d*|пресс-релиз"
    r"|памятка|записка|제목 없음|문서 ?\d*|보도자료|메모|hujjat ?\d*"
    r"|.*\.(?:docx?|hwpx?|indd|pdf|qxd|pptx?|xlsx?|rtf|tmp))\W*",
    re.IGNORECASE,
)
_TITLE_LENGTH = 300  # characters


def complete(content: Content, source: str) -> Metadata:
    """The reader's statements, and what its text says; a title and a language for every document."""
    stated = content.metadata
    text = content.text
    found: dict[str, tuple[str | tuple[str, ...], Origin]] = {}
    title, title_origin = _title(content, source)
    if title != stated.title:
        found["title"] = title, title_origin
    # A page calls itself an "article" to be shared, whatever stands on it; other types are meant.
    type = type_of(content, title)
    if type and (stated.type not in TYPES or (stated.type == "article" and type in ("law", "paper"))):
        found["type"] = type, "text"
    is_law, is_paper = type == "law", type == "paper"
    for field, value in (
        ("authors", front_matter.authors(text, title, is_paper=is_paper)),
        ("published", front_matter.published(text, title, is_law=is_law)),
        ("doi", front_matter.doi(text)),
    ):
        if value and (not getattr(stated, field) or stated.origins.get(field) == "file"):
            found[field] = value, "text"
    if not stated.publisher and (by := _publisher(content, found.get("authors"))):
        found["publisher"] = by
    if not stated.url and "://" in source:
        found["url"] = source, "file"
    if not stated.language:
        found["language"] = detect(text), "text"
    names, origin = found.get("authors") or (stated.authors, stated.origins.get("authors"))
    if not type and not stated.type and names and origin == "text" and not front_matter.body(names[0]):
        found["type"] = "article", "text"  # nothing but a byline shows what it is
    return replace(
        stated,
        **{name: value for name, (value, _) in found.items()},  # type: ignore[arg-type]
        origins={**stated.origins, **{name: origin for name, (value, origin) in found.items() if value}},
    )


def _publisher(
    content: Content, found: tuple[str | tuple[str, ...], Origin] | None
) -> tuple[str, Origin] | None:
    """Who published it: a body that the file names as its author, what the text says, or the body that wrote it."""
    stated = content.metadata
    for name in filter(None, map(front_matter.body, stated.authors)):
        return name, stated.origins["authors"]
    if named := front_matter.publisher(content.text):
        return named, "text"
    for name in filter(None, map(front_matter.body, found[0] if found else ())):
        return name, "text"
    return None


def _title(content: Content, source: str) -> tuple[str, Origin]:
    """The stated title, unless it says nothing and the text has a better one; else the file's name."""
    stated = content.metadata.title
    if stated and not _SAYS_NOTHING.fullmatch(stated[:_TITLE_LENGTH]):
        return stated, content.metadata.origins.get("title", "file")
    for candidate in (front_matter.subject(content.text), _first_heading(content)):
        if candidate and not _SAYS_NOTHING.fullmatch(candidate[:_TITLE_LENGTH]):
            return candidate[:_TITLE_LENGTH], "text"
    if stated:
        return stated, content.metadata.origins.get("title", "file")
    return _stem(source), "file"


def _first_heading(content: Content) -> str:
    """The first heading on the first page; "" where the text begins without one."""
    first = next((section for section in content.sections if section.level), None)
    return first.heading if first and first.start < front_matter.FRONT else ""


def _stem(source: str) -> str:
    path = unquote(urlsplit(source).path) if "://" in source else source
    return PurePosixPath(path.replace("\\", "/")).stem or source
