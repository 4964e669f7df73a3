"""What a document says of itself, completed from its text where its reader found no statement.

In: the Content of a file and its source. Out: its Metadata, each field with its origin.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from .document import Metadata, Origin
from .formats.draft import Content
from .language import detect


def complete(content: Content, source: str) -> Metadata:
    """The reader's statements, with a title and a language for every document."""
    stated = content.metadata
    found: dict[str, tuple[str, Origin]] = {}
    if not stated.title:
        found["title"] = _stem(source), "file"
    if not stated.language:
        found["language"] = detect(content.text), "text"
    return replace(
        stated,
        **{name: value for name, (value, _) in found.items()},  # type: ignore[arg-type]
        origins={**stated.origins, **{name: origin for name, (_, origin) in found.items()}},
    )


def _stem(source: str) -> str:
    path = unquote(urlsplit(source).path) if "://" in source else source
    return PurePosixPath(path.replace("\\", "/")).stem or source
