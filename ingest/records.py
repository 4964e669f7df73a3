"""A Document as bytes and back: how it crosses from a reader's process and how the catalog keeps it.

MessagePack, checked against the types on the way in: bytes from a reader that a hostile file has taken
over can make a wrong document, never run code (as a pickle could).
"""

from __future__ import annotations

import msgspec

from .document import Document

_DECODER = msgspec.msgpack.Decoder(Document)


def dump(document: Document) -> bytes:
    return msgspec.msgpack.encode(document)


def load(data: bytes) -> Document:
    """Raises msgspec.DecodeError where `data` is no Document."""
    return _DECODER.decode(data)
