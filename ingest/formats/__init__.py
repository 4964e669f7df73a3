"""The registry of formats: which reader reads which file.

In: the bytes of a file and its name. Out: the `Format` whose reader fits, or a refusal that says why.
To add a format, write a module with `read(data, source) -> Content` and give it a line in FORMATS.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ..errors import FormatMismatch, UnknownFormat
from .draft import Content, Draft

__all__ = ["FORMATS", "Content", "Draft", "Format", "pick", "suffix_of"]

HEAD = 4096  # bytes in which a format shows itself


# Each reader is imported when it is first needed: their libraries take a second to load.
def _pdf(data: bytes, source: str) -> Content:
    from .pdf import read

    return read(data, source)


def _html(data: bytes, source: str) -> Content:
    from .html import read

    return read(data, source)


def _docx(data: bytes, source: str) -> Content:
    from .docx import read

    return read(data, source)


def _markdown(data: bytes, source: str) -> Content:
    from .markdown import read

    return read(data, source)


def _text(data: bytes, source: str) -> Content:
    from .text import read

    return read(data, source)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name, how it is called in messages, its suffixes, its reader."""

    name: str
    called: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes, str], Content]


PDF = Format("pdf", "a PDF", (".pdf",), _pdf)
HTML = Format("html", "an HTML page", (".html", ".htm", ".xhtml"), _html)
DOCX = Format("docx", "a Word document", (".docx",), _docx)
MARKDOWN = Format("markdown", "Markdown", (".md", ".markdown"), _markdown)
TEXT = Format("text", "plain text", (".txt", ".text"), _text)
FORMATS = (PDF, HTML, DOCX, MARKDOWN, TEXT)

_HTML_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Formats that have no reader here, by the bytes they begin with: what to call them in a refusal.
_FOREIGN = (
    (b"PK\x03\x04", "a ZIP archive or an Office file"),
    (_OLE, "an old Office file (.doc, .xls or .ppt)"),
    (b"{\\rtf", "a Rich Text file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"%!PS", "a PostScript file"),
    (b"SQLite format 3\0", "a database"),
)


def suffix_of(source: str) -> str:
    """The suffix of a path or of a URL's path, in lower case: ".pdf", or ""."""
    path = unquote(urlsplit(source).path) if "://" in source else source
    return PurePosixPath(path.replace("\\", "/")).suffix.lower()


def pick(data: bytes, source: str) -> Format:
    """The format of a file, by its name and its first bytes.

    Raises FormatMismatch when the two contradict each other, UnknownFormat when there is no reader.
    """
    suffix = suffix_of(source)
    named = next((format for format in FORMATS if suffix in format.suffixes), None)
    found, foreign = _sniff(data)
    if named is None:
        if found is not None:
            return found
        if suffix == "" and not foreign:
            return TEXT
        raise UnknownFormat(source, f"there is no reader for {foreign or f'“{suffix}” files'}. {_readable()}")
    if found is not None and found is not named:
        raise FormatMismatch(
            source,
            f"the name says {named.called}, the content is {found.called}. Rename it *{found.suffixes[0]}.",
        )
    if foreign and not (named is DOCX and data.startswith((_OLE, b"PK"))):
        raise FormatMismatch(source, f"the name says {named.called}, the content is {foreign}. {_readable()}")
    if named is DOCX and data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") not in data:
        raise FormatMismatch(source, "this is an old Word file (.doc). Save it as .docx in Word.")
    return named


def _sniff(data: bytes) -> tuple[Format | None, str]:
    """The format that the first bytes show, and what else they show when it is none of ours."""
    head = data[:HEAD]
    if b"%PDF-" in head[:1024]:
        return PDF, ""
    if head.startswith(b"PK\x03\x04") and b"word/document.xml" in data:
        return DOCX, ""
    if _HTML_START.match(head):
        return HTML, ""
    return None, next((name for start, name in _FOREIGN if head.startswith(start)), "")


def _readable() -> str:
    suffixes = ", ".join(suffix for format in FORMATS for suffix in format.suffixes)
    return f"Readable are {suffixes}."
