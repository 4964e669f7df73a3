"""The vocabulary of the project: what a file becomes once it is read.

One coordinate system holds everywhere: `start, end` are character offsets into
`Document.text` (Python code points, end exclusive).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of `Document.text`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Page:
    """One page. Pages tile the text: each begins where the one before it ended.

    `number` is physical and starts at 1; `label` is what is printed on the page
    ("iv", "12", "A-3"), or "" when the format has no pages (HTML, Markdown, text, DOCX).
    """

    number: int
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text under it, up to the next heading. Sections tile the text too.

    `level` is 1 for the outermost heading; text before any heading stands in a section
    of level 0 whose heading is "".
    """

    heading: str
    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the span of each cell, row by row; the first `head_rows` rows are column heads.

    In the text a row is a line and its cells are separated by a tab, so that a quoted row
    is a plain slice. Rows may differ in length.
    """

    start: int
    end: int
    rows: tuple[tuple[Span, ...], ...]
    head_rows: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file, read. Everything that is ever quoted is a slice of `text`."""

    id: str
    source: str  # where it came from: an absolute path or a URL
    format: str  # "pdf", "html", "docx", "markdown", "text"
    title: str
    authors: tuple[str, ...]
    published: str  # ISO 8601, as precise as the file says: "2012", "2012-10", "2012-10-17", or ""
    language: str  # ISO 639-1, of most of the text
    type: str  # "article", "paper", "report", "law", "statistics", or "" when nothing says
    text: str
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]

    def page_at(self, offset: int) -> Page:
        """The page that holds the character at `offset`."""
        return self.pages[_tile_at(self.pages, offset)]

    def section_at(self, offset: int) -> Section:
        """The innermost section that holds the character at `offset`."""
        return self.sections[_tile_at(self.sections, offset)]

    def section_path(self, offset: int) -> tuple[str, ...]:
        """The headings above `offset`, outermost first, its own section's last."""
        index = _tile_at(self.sections, offset)
        path: list[str] = []
        level = self.sections[index].level + 1
        for section in reversed(self.sections[: index + 1]):
            if 0 < section.level < level:
                path.append(section.heading)
                level = section.level
        return tuple(reversed(path))


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document, small enough to embed and to read at a glance."""

    document_id: str
    start: int
    end: int

    @property
    def id(self) -> str:
        """A content hash: equal passages of equal documents have equal ids."""
        return content_id(f"{self.document_id}:{self.start}:{self.end}".encode())


def content_id(data: bytes) -> str:
    """The first 128 bits of SHA-256, as 32 hexadecimal digits."""
    return sha256(data).hexdigest()[:32]


def _tile_at(tiles: tuple[Page, ...] | tuple[Section, ...], offset: int) -> int:
    # Empty tiles (a blank page) share their start with the next one: bisect passes over them.
    return max(bisect_right(tiles, offset, key=lambda tile: tile.start) - 1, 0)
