"""Where a quotation stands: written "ID:START:END" in addresses and in the page."""

from __future__ import annotations

import re
from typing import NamedTuple

from ingest.told import Told
from web.notebook.errors import BadPlace

LONGEST_PLACE = 64  # characters of one that is written out
_WRITTEN = re.compile(r"([0-9a-f]{32}):(\d{1,10}):(\d{1,10})", re.ASCII)


class Place(NamedTuple):
    """A span of a document's text, in characters; the document's id is the hash of its file."""

    document_id: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.document_id}:{self.start}:{self.end}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """The place that is written so. Raises BadPlace."""
        match = _WRITTEN.fullmatch(text)
        if not match:
            raise BadPlace(
                Told(
                    "{text} names no place; write ID:START:END, such as {zeros}1:17:42",
                    text=repr(text[:LONGEST_PLACE]),
                    zeros="0" * 31,
                )
            )
        return cls(match[1], int(match[2]), int(match[3]))
