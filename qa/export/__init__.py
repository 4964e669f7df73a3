"""Quotations that a user collected become a file for a reference manager, or text for a report.

In: Collected quotations, in the order they are to stand. Out: text in one of FORMATS, to be kept as UTF-8; a
document is one entry, however many of its sentences are quoted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ingest.errors import VerbatimError

from .bibtex import bibtex
from .csl_json import csl_json
from .entries import Collected, Entry, entries_of, work_of
from .markdown import markdown
from .ris import ris

__all__ = ["FORMATS", "Collected", "Format", "UnknownFormat", "export", "work_of"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its name and label, the media type and the ending of its files, and what writes it."""

    name: str
    label: str  # as its users write it
    media_type: str
    suffix: str
    write: Callable[[Sequence[Entry]], str]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        found.name: found
        for found in (
            Format("markdown", "Markdown", "text/markdown", ".md", markdown),
            Format("ris", "RIS", "application/x-research-info-systems", ".ris", ris),
            Format("bibtex", "BibTeX", "application/x-bibtex", ".bib", bibtex),
            Format("csl-json", "CSL-JSON", "application/vnd.citationstyles.csl+json", ".json", csl_json),
        )
    }
)


class UnknownFormat(VerbatimError):
    """A format that nothing here writes."""


def export(quotations: Iterable[Collected], format: str) -> str:
    """The quotations in the format of that name; "" (of CSL-JSON an empty list) where there are none.

    Raises UnknownFormat.
    """
    if format not in FORMATS:
        raise UnknownFormat(f"quotations cannot be exported as {format!r}. Give one of {', '.join(FORMATS)}.")
    return FORMATS[format].write(entries_of(quotations))
