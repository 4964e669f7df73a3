"""A file becomes a Document, a Document becomes Passages. Imports no sibling package."""

from __future__ import annotations

from .document import Document, Page, Passage, Section, Span, Table, content_id
from .passages import contextual_text, sentences, split
from .reading import load, read

__all__ = [
    "Document",
    "Page",
    "Passage",
    "Section",
    "Span",
    "Table",
    "content_id",
    "contextual_text",
    "load",
    "read",
    "sentences",
    "split",
]
