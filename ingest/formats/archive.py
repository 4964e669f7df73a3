"""ZIP containers and the XML in them, opened as if an enemy had made them.

In: the bytes of a file that may be an archive. Out: an `Archive` whose parts can be read and parsed.
Nothing is unpacked to disk, an archive inside the archive is never opened, and nothing is fetched.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from struct import error as StructError  # noqa: N812 - as zipfile raises it
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from ..errors import DamagedFile, HostileFile, PasswordNeeded, TooLarge
from ..told import Told, sentences

MOST_ENTRIES = 20_000  # an EPUB of a picture book has some thousands
MOST_UNPACKED = 1024**3  # bytes, all entries together
MOST_READ = 256 * 1024**2  # bytes, of one part: XML takes about ten times as much memory as text
# Repetitive spreadsheets pack 100 to 1, a bomb 1000 to 1. A small part may pack as well as it likes.
MOST_RATIO = 250
RATIO_MATTERS = 16 * 1024**2  # bytes, unpacked

_DIRECTORY_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)
_LEADS_OUT = re.compile(r"(?:\A|[/\\])\.\.(?:[/\\]|\Z)|\A[/\\]|\A[A-Za-z]:")
# What zipfile and zlib raise on broken archives and broken parts in them.
_BROKEN = (BadZipFile, zlib.error, StructError, EOFError, NotImplementedError, ValueError, OverflowError)
_HINT = Told("Fetch the file again, or open it in the program that made it and save a new copy.")


class Archive:
    """The parts of a ZIP file by name, each checked before it is unpacked."""

    def __init__(self, file: ZipFile, source: str) -> None:
        self._file = file
        self._source = source
        self._entries = {entry.filename: entry for entry in file.infolist() if not entry.is_dir()}

    @property
    def names(self) -> tuple[str, ...]:
        """The parts, in the order of the archive's directory; folders are none."""
        return tuple(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises DamagedFile when it is missing or broken, TooLarge, PasswordNeeded."""
        entry = self._entries.get(name)
        if entry is None:
            raise DamagedFile(
                self._source, sentences(Told("its part “{name}” is missing.", name=name), _HINT)
            )
        if entry.file_size > MOST_READ:
            raise TooLarge(
                self._source,
                Told(
                    "its part “{name}” has {size} bytes; the limit is {limit}.",
                    name=name,
                    size=entry.file_size,
                    limit=MOST_READ,
                ),
            )
        if entry.flag_bits & 1:
            raise PasswordNeeded(self._source, Told("it is locked with a password. Save a copy without it."))
        try:
            return self._file.read(entry)
        except _BROKEN as error:
            raise DamagedFile(
                self._source, sentences(Told("its part “{name}” is broken.", name=name), _HINT)
            ) from error

    def parse(self, name: str) -> Any:
        """The root element of an XML part. Raises as `read` and `parse_xml` do."""
        return parse_xml(self.read(name), self._source)


def open_archive(data: bytes, source: str) -> Archive:
    """The archive in `data`, its directory checked. Raises DamagedFile, TooLarge and HostileFile."""
    # Counted before zipfile makes an object of each: four million fit into the largest file.
    if data.count(_DIRECTORY_ENTRY) > MOST_ENTRIES:
        raise TooLarge(source, Told("it holds more than {limit} files.", limit=MOST_ENTRIES))
    try:
        file = ZipFile(BytesIO(data))
    except _BROKEN as error:
        raise DamagedFile(source, sentences(Told("it is broken or cut short."), _HINT)) from error
    _check(file.infolist(), source)
    return Archive(file, source)


def _check(entries: list[ZipInfo], source: str) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if _LEADS_OUT.search(name):
            raise HostileFile(
                source, Told("the name of its part “{name}” leads out of the archive.", name=name)
            )
        if name in seen:
            raise HostileFile(
                source, Told("two of its parts are called “{name}”: no telling which is shown.", name=name)
            )
        seen.add(name)
        # Other methods unpack without a limit in Python, and no office program writes them.
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise DamagedFile(
                source, sentences(Told("its part “{name}” is packed in an unknown way.", name=name), _HINT)
            )
        if entry.file_size > max(RATIO_MATTERS, entry.compress_size * MOST_RATIO):
            raise HostileFile(
                source,
                Told(
                    "it is a bomb: “{name}” unpacks {packed} bytes to {size}.",
                    name=name,
                    packed=entry.compress_size,
                    size=entry.file_size,
                ),
            )
    # zipfile never unpacks more than the directory states, so the stated sizes are what counts.
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED:
        raise TooLarge(
            source,
            Told("it unpacks to {size} bytes; the limit is {limit}.", size=unpacked, limit=MOST_UNPACKED),
        )


def entry_names(data: bytes) -> tuple[str, ...]:
    """The names in an archive, to tell its kind: also of one whose directory is broken or cut off."""
    if data.count(_DIRECTORY_ENTRY) <= MOST_ENTRIES:
        try:
            return tuple(ZipFile(BytesIO(data)).namelist())
        except _BROKEN:
            pass
    names: list[str] = []
    for header in _LOCAL_HEADER.finditer(data):
        length = int.from_bytes(header[1], "little")
        names.append(data[header.end() : header.end() + length].decode("utf-8", "replace"))
        if len(names) >= MOST_ENTRIES:
            break
    return tuple(names)


def stated_type(data: bytes) -> str:
    """What the first entry of an EPUB, OpenDocument or HWPX file says that the file is; "" for others."""
    if data[:4] != b"PK\x03\x04" or data[30:38] != b"mimetype":
        return ""
    start = 38 + int.from_bytes(data[28:30], "little")
    size = int.from_bytes(data[22:26], "little") or 100  # not stated: it follows the entry
    return data[start : start + min(size, 100)].split(b"PK")[0].decode("ascii", "replace").strip()


def parse_xml(data: bytes, source: str) -> Any:
    """The root element of some XML, comments and instructions left out.

    No entity is replaced, no DTD or schema loaded, and more than 255 levels of nesting are refused.
    Raises DamagedFile when it is not well-formed, HostileFile when it declares entities or is a bomb.
    """
    # A parser of its own for each: one that failed keeps the errors, and so the text, of its last file.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if error.code in (etree.ErrorTypes.ERR_ENTITY_LOOP, etree.ErrorTypes.ERR_RESOURCE_LIMIT):
            raise HostileFile(source, Told("its XML is a bomb: {why}.", why=str(error.msg))) from error
        raise DamagedFile(
            source, sentences(Told("its XML is broken: {why}.", why=str(error.msg)), _HINT)
        ) from error
    except (ValueError, LookupError) as error:
        raise DamagedFile(
            source, sentences(Told("its XML cannot be parsed: {why}.", why=str(error)), _HINT)
        ) from error
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(iter(dtd.iterentities()), None) is not None:
        raise HostileFile(
            source, Told("its XML declares entities, which documents do not need and attacks do.")
        )
    return root
