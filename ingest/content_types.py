"""What a web server says it sends, held against the formats that are read and the bytes that came.

In: the Content-Type header and a file name. Out: a ContentType, or WrongContentType: before the download
where there is no reader, after it where the bytes are something else.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from .errors import FormatMismatch, TooMuchMemory, UnknownFormat, WrongContentType
from .formats import FORMATS, Format, pick, suffix_of
from .text_charsets import python_codec
from .told import Told, first_of, sentences

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
_MARKS = (BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE)  # UTF-32's begins as UTF-16's does
# Bytes that are looked at to tell a format: the parts of a container are listed here, without the limits of
# the process that reads the file. What they leave open, that process finds out.
_MOST_SNIFFED = 16 * 1024**2


@dataclass(frozen=True, slots=True)
class ContentType:
    """What the server announces: lower-case type and charset, and the suffix of such files; "" for none."""

    name: str
    charset: str
    suffix: str

    def checked_name(self, data: bytes, name: str, source: str) -> str:
        """`name` with a suffix that fits the bytes.

        Raises WrongContentType where the server was wrong, TooMuchMemory where that cannot be told.
        """
        data = data[:_MOST_SNIFFED]
        try:
            if self.suffix and _format(suffix_of(name)) is not _format(self.suffix):
                name += self.suffix
            elif not self.suffix and _format(suffix_of(name)) is None:
                name += pick(data, "download").suffixes[0]
            pick(data, name)
        except (FormatMismatch, UnknownFormat) as refusal:
            said = (
                Told("the server calls it {kind}.", kind=self.name or name)
                if self.suffix
                else Told("it is no document.")
            )
            # Its advice is about files on a disk.
            raise WrongContentType(source, sentences(said, first_of(refusal.reason))) from refusal
        except MemoryError as error:
            raise TooMuchMemory(
                source,
                Told("telling what it is takes more memory than there is. Download it with a browser."),
            ) from error
        return name

    def in_utf8(self, data: bytes) -> bytes:
        """Text in the charset that the header names, as UTF-8 with its mark; anything else as it is.

        The header counts for more than the page's own statement, and less than a mark or valid UTF-8.
        """
        if not self.charset or self.suffix not in _IN_CHARSETS or data.startswith(_MARKS):
            return data
        if b"\0" not in data and _decoded(data, "utf-8") is not None:
            return data
        text = _decoded(data, python_codec(self.charset))
        return data if text is None else BOM_UTF8 + text.encode("utf-8", "replace")


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
            source,
            Told(
                "the server calls it {kind}, for which there is no reader. It was not downloaded.",
                kind=kind[:80],
            ),
        )
    charset = _CHARSET.search(parameters)
    return ContentType(kind, charset[1].lower() if charset else "", suffix)


def _format(suffix: str) -> Format | None:
    return next((format for format in FORMATS if suffix in format.suffixes), None)


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec) if codec else None
    except UnicodeError:
        return None
