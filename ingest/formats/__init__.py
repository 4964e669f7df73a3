"""The registry of formats: which reader reads which file.

In: the bytes of a file and its name. Out: the `Format` whose reader fits, or a refusal that says why.
To add a format, write a module with `read(data, source) -> Content` and give it a line in FORMATS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ..errors import FormatMismatch, UnknownFormat
from ..told import Told, sentences
from .archive import entry_names, stated_type
from .compound import SIGNATURE, stream_names
from .draft import Content, Draft

__all__ = ["FORMATS", "Content", "Draft", "Format", "pick", "suffix_of"]

HEAD = 4096  # bytes in which a format shows itself


Read = Callable[[bytes, str, Sequence[str]], Content]  # bytes, source, languages to expect in pictures


def _reader(module: str, *, pictures: bool = False) -> Read:
    """The `read` of a module beside this one, imported when first needed: their libraries take a second.

    `pictures`: whether it recognises text in them, and so wants to know the languages to expect.
    """

    def read(data: bytes, source: str, languages: Sequence[str]) -> Content:
        extra = (languages,) if pictures else ()
        content: Content = import_module(f".{module}", __name__).read(data, source, *extra)
        return content

    return read


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name, how it is called in messages, its suffixes, its reader."""

    name: str
    called: str
    suffixes: tuple[str, ...]
    read: Read


@dataclass(frozen=True, slots=True)
class _Foreign:
    """What a file shows itself to be when no reader here reads it, and what to do then."""

    called: str
    advice: str = ""


PDF = Format("pdf", Told("a PDF"), (".pdf",), _reader("pdf", pictures=True))
HTML = Format("html", Told("an HTML page"), (".html", ".htm", ".xhtml"), _reader("html"))
DOCX = Format("docx", Told("a Word document"), (".docx", ".docm"), _reader("docx"))
ODT = Format("odt", Told("an OpenDocument text"), (".odt", ".ott"), _reader("odt"))
RTF = Format("rtf", Told("a Rich Text file"), (".rtf",), _reader("rtf"))
HWPX = Format("hwpx", Told("a Hangul document of the new kind"), (".hwpx",), _reader("hwpx"))
HWP = Format("hwp", Told("a Hangul document"), (".hwp", ".hwt"), _reader("hwp"))
EPUB = Format("epub", Told("an EPUB book"), (".epub",), _reader("epub"))
XLSX = Format("xlsx", Told("an Excel workbook"), (".xlsx", ".xlsm"), _reader("xlsx"))
CSV = Format("csv", Told("a table in plain text"), (".csv", ".tsv"), _reader("delimited"))
EML = Format("eml", Told("an e-mail"), (".eml",), _reader("mail"))
MARKDOWN = Format("markdown", Told("Markdown"), (".md", ".markdown"), _reader("markdown"))
TEXT = Format("text", Told("plain text"), (".txt", ".text"), _reader("text"))
FORMATS = (PDF, HTML, DOCX, ODT, RTF, HWPX, HWP, EPUB, XLSX, CSV, EML, MARKDOWN, TEXT)

_HTML_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_IN_ZIP = (DOCX, ODT, HWPX, EPUB, XLSX)
_IN_OLE = (HWP,)
_SOME_ZIP = _Foreign(Told("a ZIP archive"), Told("Unpack it first."))
_SOME_OLE = _Foreign(
    Told("an old Office file (.doc, .xls or .ppt)"), Told("Save it in the newer format, or as .pdf.")
)
_PICTURE = Told("Save it as .pdf, or type what it says.")
_FOREIGN_STARTS = (
    (
        b"HWP Document File V3",
        _Foreign(Told("a Hangul document of before 2000"), Told("Save it as .hwpx in Hangul.")),
    ),
    (b"\x89PNG", _Foreign(Told("a PNG picture"), _PICTURE)),
    (b"\xff\xd8\xff", _Foreign(Told("a JPEG picture"), _PICTURE)),
    (b"GIF8", _Foreign(Told("a GIF picture"), _PICTURE)),
    (b"II*\0", _Foreign(Told("a TIFF picture"), _PICTURE)),
    (b"MM\0*", _Foreign(Told("a TIFF picture"), _PICTURE)),
    (b"\x1f\x8b", _Foreign(Told("a gzip archive"), Told("Unpack it first."))),
    (b"7z\xbc\xaf", _Foreign(Told("a 7z archive"), Told("Unpack it first."))),
    (b"Rar!", _Foreign(Told("a RAR archive"), Told("Unpack it first."))),
    (b"\x7fELF", _Foreign(Told("a program"))),
    (b"%!PS", _Foreign(Told("a PostScript file"), Told("Save it as .pdf."))),
    (b"SQLite format 3\0", _Foreign(Told("a database"))),
)
# What a ZIP file is: by what its first entry states, else by a part that only this kind has.
_STATED_TYPES: tuple[tuple[str, Format | _Foreign], ...] = (
    ("application/epub", EPUB),
    ("application/hwp+zip", HWPX),
    ("application/vnd.oasis.opendocument.text", ODT),
    (
        "application/vnd.oasis.opendocument.spreadsheet",
        _Foreign(Told("an OpenDocument spreadsheet (.ods)"), Told("Save it as .xlsx.")),
    ),
    (
        "application/vnd.oasis.opendocument.",
        _Foreign(Told("an OpenDocument presentation or drawing"), Told("Save it as .pdf.")),
    ),
)
_PARTS: tuple[tuple[str, Format | _Foreign], ...] = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("Contents/content.hpf", HWPX),
    ("META-INF/container.xml", EPUB),
    (
        "ppt/presentation.xml",
        _Foreign(Told("a PowerPoint presentation (.pptx)"), Told("Save it as .pdf in PowerPoint.")),
    ),
    (
        "xl/workbook.bin",
        _Foreign(Told("a binary Excel workbook (.xlsb)"), Told("Save it as .xlsx in Excel.")),
    ),
    ("Index/Document.iwa", _Foreign(Told("an Apple iWork document"), Told("Export it as .docx or .pdf."))),
)
_STREAMS: tuple[tuple[str, Format | _Foreign], ...] = (
    ("FileHeader", HWP),
    ("WordDocument", _Foreign(Told("an old Word file (.doc)"), Told("Save it as .docx in Word."))),
    ("Workbook", _Foreign(Told("an old Excel file (.xls)"), Told("Save it as .xlsx in Excel."))),
    ("Book", _Foreign(Told("an old Excel file (.xls)"), Told("Save it as .xlsx in Excel."))),
    (
        "PowerPoint Document",
        _Foreign(Told("an old PowerPoint file (.ppt)"), Told("Save it as .pdf in PowerPoint.")),
    ),
    ("__properties_version1.0", _Foreign(Told("an Outlook message (.msg)"), Told("Save it as .eml."))),
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
    found = _sniff(data, named)
    if isinstance(found, _Foreign):
        advice = found.advice or _readable()
        if named is None:
            raise UnknownFormat(
                source, sentences(Told("there is no reader for {kind}.", kind=found.called), advice)
            )
        raise FormatMismatch(source, sentences(_contradiction(named, found), advice))
    if found is not None and named is not None and found is not named:
        raise FormatMismatch(
            source,
            sentences(_contradiction(named, found), Told("Rename it *{suffix}.", suffix=found.suffixes[0])),
        )
    if found is None and named is None and suffix != "":
        raise UnknownFormat(
            source, sentences(Told("there is no reader for “{suffix}” files.", suffix=suffix), _readable())
        )
    return found or named or TEXT


def _sniff(data: bytes, named: Format | None) -> Format | _Foreign | None:
    """What the bytes show themselves to be, whatever the name; None where they show nothing.

    A container that is broken or holds nothing known passes for what its name says: the reader
    of that format tells what is wrong with it.
    """
    head = data[:HEAD]
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(_ZIP):
        return _kind_of_zip(data) or (named if named in _IN_ZIP else _SOME_ZIP)
    if head.startswith(SIGNATURE):
        return _kind_of_compound(data, named) or (named if named in _IN_OLE else _SOME_OLE)
    if head.startswith(b"{\\rtf"):
        return RTF
    if _HTML_START.match(head):
        return HTML
    return next((foreign for start, foreign in _FOREIGN_STARTS if head.startswith(start)), None)


def _kind_of_zip(data: bytes) -> Format | _Foreign | None:
    stated = stated_type(data)
    if kind := next((kind for start, kind in _STATED_TYPES if stated.startswith(start)), None):
        return kind
    names = frozenset(entry_names(data))
    return next((kind for part, kind in _PARTS if part in names), None)


def _kind_of_compound(data: bytes, named: Format | None) -> Format | _Foreign | None:
    names = frozenset(stream_names(data))
    if "EncryptedPackage" in names or (
        not names and _ENCRYPTED in data
    ):  # Office keeps a document that has a password in this container
        protected = _Foreign(
            Told("an Office file with a password"), Told("Save a copy without the password.")
        )
        return named if named in (DOCX, XLSX) else protected
    return next((kind for stream, kind in _STREAMS if stream in names), None)


def _readable() -> str:
    suffixes = [suffix for format in FORMATS for suffix in format.suffixes]
    return Told("Readable are {suffixes}.", suffixes=suffixes)


def _contradiction(named: Format, found: Format | _Foreign) -> str:
    return Told("the name says {named}, the content is {found}.", named=named.called, found=found.called)
