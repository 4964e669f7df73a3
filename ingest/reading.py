"""A file becomes a Document.

In: a path, or bytes and where they came from. Out: the Document, or a refusal that names the reason.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

from . import metadata, references
from .document import Document, content_id
from .errors import DamagedFile, EmptyFile, SourceMissing, TooLarge, VerbatimError
from .formats import pick
from .told import Told

LARGEST_FILE = 200 * 1024 * 1024  # bytes


def load(path: Path | str, limit: int = LARGEST_FILE) -> bytes:
    """The bytes of a regular file. Raises SourceMissing, TooLarge and EmptyFile."""
    path = Path(path)
    source = str(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceMissing(source, Told("this is no regular file."))
        if status.st_size > limit:
            raise TooLarge(
                source, Told("it has {size} bytes; the limit is {limit}.", size=status.st_size, limit=limit)
            )
        # Whatever takes the file's place now, a pipe or a growing file, it is neither waited for nor read on.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SourceMissing(source, Told("this is no regular file."))
            data = file.read(status.st_size + 1)
        if len(data) > status.st_size:
            raise SourceMissing(source, Told("it is being written. Add it again when it is whole."))
    except FileNotFoundError as error:
        raise SourceMissing(source, Told("there is no such file. Check the path.")) from error
    except (OSError, ValueError) as error:  # ValueError: a path with a zero byte in it
        why = getattr(error, "strerror", None) or str(error)
        raise SourceMissing(source, Told("it cannot be read: {why}.", why=why)) from error
    if not data:
        raise EmptyFile(source, Told("the file is empty."))
    return data


def read(data: bytes, source: str, name: str = "", languages: Sequence[str] = ()) -> Document:
    """The document in `data`; `source` is its path or URL, `name` a file name that tells its format better.

    `languages` (ISO 639-1) are those to expect where text has to be recognised in pictures.

    Raises a kind of Refused, and MemoryError.
    """
    if not data.strip():
        raise EmptyFile(source, Told("the file is empty."))
    format = pick(data, name or source)
    try:
        content = format.read(data, source, languages)
    except (VerbatimError, MemoryError):
        raise
    except Exception as error:
        # The readers catch what their libraries are known to raise. A file from anywhere can still
        # meet a bug in one of them; it is refused like any broken file, and the others go on.
        raise DamagedFile(
            source,
            Told(
                "it cannot be read as {format} ({kind}: {why}).",
                format=format.called,
                kind=type(error).__name__,
                why=str(error),
            ),
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
