"""Compound files (OLE), the container of HWP and of Office before 2007.

In: the bytes of a file that may be one. Out: the names of its streams, or a stream, with limits.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import olefile

from ..errors import DamagedFile
from ..told import Told, sentences

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# What olefile raises on broken files; the recursion is in its tree of folders.
_BROKEN = (
    OSError,
    IndexError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    OverflowError,
)
_HINT = Told("Fetch the file again, or open it in the program that made it and save a new copy.")


class Compound:
    """The streams of a compound file by their path, as in "BodyText/Section0"."""

    def __init__(self, file: olefile.OleFileIO, source: str) -> None:
        self._file = file
        self._source = source

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of all streams, in the order of the directory."""
        return tuple("/".join(path) for path in self._file.listdir(streams=True, storages=False))

    def read(self, name: str) -> bytes:
        """The bytes of a stream. Raises DamagedFile when it is missing or broken."""
        try:
            data: bytes = self._file.openstream(name).read()
        except _BROKEN as error:
            raise DamagedFile(
                self._source, sentences(Told("its part “{name}” is missing or broken.", name=name), _HINT)
            ) from error
        return data

    def properties(self, name: str) -> dict[int, Any]:
        """The values of a property set by their number, times as datetimes; none where it is broken."""
        try:
            stated: dict[int, Any] = self._file.getproperties(name, convert_time=True)
        except _BROKEN:
            return {}
        # olefile reads texts on to the end of the set; they end at their zero.
        return {
            number: value.partition("\0")[0] if isinstance(value, str) else value
            for number, value in stated.items()
        }


def open_compound(data: bytes, source: str) -> Compound:
    """The compound file in `data`. Raises DamagedFile."""
    if not data.startswith(SIGNATURE):  # olefile takes some other bytes for a path
        raise DamagedFile(source, sentences(Told("this is no compound file."), _HINT))
    try:
        file = olefile.OleFileIO(BytesIO(data))
    except _BROKEN as error:
        raise DamagedFile(source, sentences(Told("it is broken or cut short."), _HINT)) from error
    return Compound(file, source)


def stream_names(data: bytes) -> tuple[str, ...]:
    """The names in the root folder of a compound file, to tell its kind; none where it is broken."""
    try:
        return tuple(entry.name for entry in olefile.OleFileIO(BytesIO(data)).root.kids)
    except _BROKEN:
        return ()
