"""What a process and the readers that it starts say to each other: frames over two pipes.

A frame is its length (8 bytes, the highest first) and so many bytes. A request is two frames, a `Request`
and the file; an answer is two, an `Answer` and what the job made. MessagePack, checked against these
types on the way in; nothing that could run code when it is read.
"""

from __future__ import annotations

import resource
import sys
from dataclasses import dataclass, field
from struct import Struct
from typing import BinaryIO

import msgspec

LENGTH = Struct(">Q")
LARGEST_ANSWER = 64 * 1024  # bytes of an `Answer` itself, without what the job made

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost."""

    seconds: float = 600  # by the clock: scans are slow to recognise
    cpu_seconds: int = 120  # of the reader alone: hundreds of pages are read in one
    memory: int = 2048 * MIB  # bytes of address space; the readers at rest take 300 MiB
    pages: int = 20_000
    # What comes after the reader has no clock: a document is cut, encoded and indexed in the program itself, in
    # time and memory by its length and by its units, and a search that shows any of it loads it whole. So these
    # are less than `pages` and `output` would let by: 20 million characters are about 7,000 full pages. A law of
    # 20,000 has 60 million; in parts its chapters are found as well, and each is encoded and kept by itself.
    characters: int = 20_000_000
    units: int = 500_000  # sentences, headings and table rows; prose of so many characters has half as many
    output: int = 64 * MIB  # bytes of what comes back: text, page map, references; a page takes about 4,000


@dataclass(frozen=True, slots=True)
class Request:
    """One job: its name, what the file is called, and what the job wants to know besides.

    `ticket` is drawn anew for each, and its answer has to bear it: none can be given in advance.
    """

    job: str
    source: str
    arguments: dict[str, str | int | float | bool] = field(default_factory=dict)
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a job went: `error` is "" or the name of a class in ingest.errors, `reason` its words, packed (ingest.told).

    `resident` is the most memory, in bytes, that the process has held since it began. One with a `page`,
    of `pages`, says only how far the job is: no second frame follows it, and the answer is still to come.
    """

    error: str = ""
    reason: str = ""
    resident: int = 0
    ticket: str = ""
    page: int = 0
    pages: int = 0


_ENCODER = msgspec.msgpack.Encoder()
_REQUEST = msgspec.msgpack.Decoder(Request)
_ANSWER = msgspec.msgpack.Decoder(Answer)


def pack(value: Request | Answer) -> bytes:
    return _ENCODER.encode(value)


def unpack_request(data: bytes) -> Request:
    """Raises msgspec.DecodeError."""
    return _REQUEST.decode(data)


def unpack_answer(data: bytes) -> Answer:
    """Raises msgspec.DecodeError."""
    return _ANSWER.decode(data)


def most_resident(usage: resource.struct_rusage) -> int:
    """The most memory held, in bytes: systems count it in different units."""
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def write_frame(pipe: BinaryIO, data: bytes) -> None:
    """Raises BrokenPipeError when nobody reads any more."""
    for part in (memoryview(LENGTH.pack(len(data))), memoryview(data)):
        while part:
            part = part[pipe.write(part) :]


def read_frame(pipe: BinaryIO) -> bytes | None:
    """The next frame, or None when the other side has closed the pipe."""
    length = _read(pipe, LENGTH.size)
    return None if length is None else _read(pipe, LENGTH.unpack(length)[0])


def _read(pipe: BinaryIO, length: int) -> bytes | None:
    data = bytearray(length)
    view, filled = memoryview(data), 0
    while filled < length:
        count = pipe.readinto(view[filled:])  # type: ignore[attr-defined]  # a raw file has it
        if not count:
            return None
        filled += count
    return bytes(data)
