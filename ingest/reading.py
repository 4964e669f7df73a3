"""A file becomes a Document.

In: a path, or bytes and where they came from. Out: the Document, or a refusal that names the reason.
"""

from __future__ import annotations

import stat
from dataclasses import fields, replace
from pathlib import Path

from . import metadata, references
from .document import Document, content_id
from .errors import DamagedFile, EmptyFile, SourceMissing, TooLarge, VerbatimError
from .formats import pick

LARGEST_FILE = 200 * 1024 * 1024  # bytes


def load(path: Path | str, limit: int = LARGEST_FILE) -> bytes:
    """The bytes of a regular file. Raises SourceMissing, TooLarge and EmptyFile."""
    path = Path(path)
    source = str(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceMissing(source, "this is no regular file.")
        if status.st_size > limit:
            raise TooLarge(source, f"it has {status.st_size:,} bytes; the limit is {limit:,}.")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SourceMissing(source, "there is no such file. Check the path.") from error
    except (OSError, ValueError) as error:  # ValueError: a path with a zero byte in it
        why = getattr(error, "strerror", None) or str(error)
        raise SourceMissing(source, f"it cannot be read: {why}.") from error
    if not data:
        raise EmptyFile(source, "the file is empty.")
    return data


def read(data: bytes, source: str) -> Document:
    """The document in `data`; `source` is its path or URL. Raises a kind of Refused."""
    if not data.strip():
        raise EmptyFile(source, "the file is empty.")
    format = pick(data, source)
    try:
        content = format.read(data, source)
    except VerbatimError:
        raise
    except Exception as error:
        # The readers catch what their libraries are known to raise. A file from anywhere can still
        # meet a bug in one of them; it is refused like any broken file, and the others go on.
        raise DamagedFile(
            source, f"it cannot be read as {format.called} ({type(error).__name__}: {error})."
        ) from error
    stated = metadata.complete(content, source)
    document = Document(
        id=content_id(data),
        source=source,
        format=format.name,
        text=content.text,
        pages=content.pages,
        sections=content.sections,
        tables=content.tables,
        page_map=content.page_map,
        notes=content.notes,
        **{field.name: getattr(stated, field.name) for field in fields(stated)},
    )
    found, mentions = references.find(document)
    return replace(document, references=found, mentions=mentions)
