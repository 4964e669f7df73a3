"""What a web server says it sends, held against the formats that are read and the bytes that came.

In: the Content-Type header and a file name. Out: a ContentType, or WrongContentType: before the download
where there is no reader, after it where the bytes are something else.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from .errors import FormatMismatch, UnknownFormat, WrongContentType
from .formats import FORMATS, Format, pick, suffix_of

# The suffix of each type (IANA media types, and what Korean servers send for Hangul files).
_SUFFIXES = {
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/epub+zip": ".epub",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "message/rfc822": ".eml",
    "application/hwp+zip": ".hwpx",
    "application/vnd.hancom.hwpx": ".hwpx",
    "application/x-hwpx": ".hwpx",
    "application/x-hwp": ".hwp",
    "application/haansofthwp": ".hwp",
    "application/vnd.hancom.hwp": ".hwp",
}
# Types that only say "a file", or that are sent for more than they say: name and bytes decide.
_VAGUE = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/x-download"}
    | {
        "application/force-download",
        "application/download",
        "application/zip",
        "application/x-zip-compressed",
    }
    | {"application/msword", "application/vnd.ms-excel", "application/unknown"}
)
_PLAIN = frozenset({".txt", ".text", ".md", ".markdown", ".csv", ".tsv"})  # often sent as text/plain
_IN_CHARSETS = _PLAIN | {".html", ".xhtml"}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]+)", re.IGNORECASE | re.ASCII)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # UTF-32's begins as UTF-16's does
# What a web page's charset label means, where Python takes it narrowly (encoding.spec.whatwg.org).
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "euc_kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030"}
_WIDER |= {"shift_jis": "cp932", "iso8859-9": "cp1254", "utf-16": "utf-16-le"}


@dataclass(frozen=True, slots=True)
class ContentType:
    """What the server announces: lower-case type and charset, and the suffix of such files; "" for none."""

    name: str
    charset: str
    suffix: str

    def checked_name(self, data: bytes, name: str, source: str) -> str:
        """`name` with a suffix that fits the bytes. Raises WrongContentType where the server was wrong."""
        try:
            if self.suffix and _format(suffix_of(name)) is not _format(self.suffix):
                name += self.suffix
            elif not self.suffix and _format(suffix_of(name)) is None:
                name += pick(data, "download").suffixes[0]
            pick(data, name)
        except (FormatMismatch, UnknownFormat) as refusal:
            said = f"the server calls it {self.name or name}" if self.suffix else "it is no document"
            raise WrongContentType(source, f"{said}. {_first_sentence(refusal.reason)}") from refusal
        return name

    def in_utf8(self, data: bytes) -> bytes:
        """Text in the charset that the header names, as UTF-8 with its mark; anything else as it is.

        The header counts for more than the page's own statement, and less than a mark or valid UTF-8.
        """
        if not self.charset or self.suffix not in _IN_CHARSETS or data.startswith(_MARKS):
            return data
        if b"\0" not in data and _decoded(data, "utf-8") is not None:
            return data
        text = _decoded(data, self.charset)
        return data if text is None else codecs.BOM_UTF8 + text.encode("utf-8", "replace")


def announced(header: str, name: str, source: str) -> ContentType:
    """What the header says of a file called `name`. Raises WrongContentType where no reader fits it."""
    kind, _, parameters = header.partition(";")
    kind = kind.strip().lower()
    if kind in _VAGUE:
        return ContentType(kind, "", "")
    suffix = _SUFFIXES.get(kind, "")
    if kind == "text/plain" and suffix_of(name) in _PLAIN:
        suffix = suffix_of(name)
    if _format(suffix) is None:
        raise WrongContentType(
            source, f"the server calls it {kind[:80]}, for which there is no reader. It was not downloaded."
        )
    charset = _CHARSET.search(parameters)
    return ContentType(kind, charset[1].lower() if charset else "", suffix)


def _format(suffix: str) -> Format | None:
    return next((format for format in FORMATS if suffix in format.suffixes), None)


def _first_sentence(reason: str) -> str:
    """The reason without its advice, which is about files on a disk."""
    return reason.partition(". ")[0].rstrip(".") + "."


def _decoded(data: bytes, charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name
        return data.decode(_WIDER.get(name, name))
    except (LookupError, UnicodeError):  # no such charset, or not in it
        return None
