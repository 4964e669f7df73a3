"""The jobs of a reader in which some files are traps: "crash" ends its process, "loop" never ends."""

from __future__ import annotations

import os

from ingest.frames import Limits
from ingest.jobs import prepare, read_document

__all__ = ["JOBS", "prepare"]


def _read(data: bytes, source: str, limits: Limits, name: str = "", languages: str = "") -> bytes:
    if data == b"crash":
        os.abort()
    while data == b"loop":
        pass
    return read_document(data, source, limits, name, languages)


JOBS = {"read": _read}
