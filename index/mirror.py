"""How a mirror is stored: its files sealed by a manifest that says what they hold.

A mirror whose manifest is missing, whose files differ from it, or that was made for another format
or model is not a mirror: `read_manifest` gives None, and the mirror is built anew from the catalog.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from hashlib import file_digest
from pathlib import Path

_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`revision` of the catalog that the files show, made for `format` (code and model)."""

    format: str
    revision: int
    documents: tuple[int, ...]  # keys of the documents within
    files: dict[str, str] = field(default_factory=dict)  # file name → SHA-256


def seal(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of what lies in `folder` now, and clear away writes that a crash cut short."""
    for scratch in folder.glob("*.tmp"):
        scratch.unlink(missing_ok=True)
    files = {path.name: file_checksum(path) for path in _files(folder)}
    write_durably(folder / _NAME, json.dumps(asdict(manifest) | {"files": files}).encode())


def read_manifest(folder: Path, format: str) -> Manifest | None:
    """The manifest, if it is of `format` and every file is as it was sealed."""
    try:
        content = json.loads((folder / _NAME).read_text(encoding="utf-8"))
        manifest = Manifest(**content | {"documents": tuple(content["documents"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    sealed = manifest.format == format and all(
        (folder / name).is_file() and file_checksum(folder / name) == checksum
        for name, checksum in manifest.files.items()
    )
    return manifest if sealed else None


def is_ahead(folder: Path, revision: Callable[[], int]) -> bool:
    """Whether a mirror shows a later revision than its catalog has: it followed another catalog.

    So it is when an old copy of the catalog was put back, or a new one begun beside old mirrors.
    """
    try:
        sealed = int(json.loads((folder / _NAME).read_text(encoding="utf-8"))["revision"])
    except (OSError, ValueError, TypeError, KeyError):
        return False
    return sealed > revision()  # read after the mirror's, because a writer may be raising both


def unseal_if_ahead(folder: Path, revision: Callable[[], int]) -> None:
    """Give up a mirror that is ahead of its catalog.

    Keys would be given out again, and the mirror would take the new passages for those that it holds.
    """
    if is_ahead(folder, revision):
        (folder / _NAME).unlink(missing_ok=True)


def write_durably(path: Path, data: bytes | memoryview) -> None:
    """Write `path` so that a crash leaves either the old content or the new: temporary name, flush, rename."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with scratch.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    scratch.rename(path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make renames inside `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _files(folder: Path) -> list[Path]:
    # Dot files are tantivy's locks; a .tmp is a write that a crash cut short.
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file()
        and path.name != _NAME
        and path.suffix != ".tmp"
        and not path.name.startswith(".tantivy")
    )


def file_checksum(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
