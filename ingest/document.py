"""The vocabulary of the project: what a file becomes once it is read.

One coordinate system holds everywhere: `start, end` are character offsets into
`Document.text` (Python code points, end exclusive).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal, NamedTuple

# Where a statement about a document comes from: the file's own properties, the markup around its
# text, the words of the text, or the user.
Origin = Literal["file", "markup", "text", "user"]


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


class Run(NamedTuple):
    """Neighbours in the text that are neighbours on a PDF page: `text[start + i]` is the character
    `first + i` of page number `page`, as pdfium counts them. A plain tuple: a book has thousands."""

    start: int
    end: int
    page: int
    first: int


class RecognisedWord(NamedTuple):
    """A word of the text that was read from a picture: its box on the page, and how sure the reader is.

    The box is in points, as in `Box`; `confidence` in [0, 1].
    """

    start: int
    end: int
    page: int
    left: float
    bottom: float
    right: float
    top: float
    confidence: float


class Aside(NamedTuple):
    """A line that stands on a page and not in the text: a running header, a footer, a page number."""

    page: int
    text: str
    first: int  # pdfium's index of its first character
    last: int  # and of its last, included


@dataclass(frozen=True, slots=True)
class PageMap:
    """What ties the text of a PDF to the marks on its pages. Runs and words are in the text's order.

    A character in no run and no word was added by the reader: the break between two blocks or cells,
    or the space for a line's end. Formats without pages have an empty map.
    """

    runs: tuple[Run, ...] = ()
    words: tuple[RecognisedWord, ...] = ()
    asides: tuple[Aside, ...] = ()


class Box(NamedTuple):
    """A rectangle on page number `page`, in points of 1/72 inch, as a reader sees the page: the origin
    is the lower left corner of what is shown, y goes upwards."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of a bibliography, or a footnote that cites a work; its raw text is `text[start:end]`.

    Fields are "" (or empty) where the entry does not say. `label` is what in-text markers call it: "4".
    """

    start: int
    end: int
    label: str = ""
    authors: tuple[str, ...] = ()
    year: str = ""
    title: str = ""
    container: str = ""  # the journal, book or site that holds the work
    url: str = ""
    doi: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """An in-text marker ("[4]", "(Fumagalli 2012)") and the reference it points to, by its place in
    `Document.references`. A marker that names several works is a mention of each."""

    start: int
    end: int
    reference: int


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader wants its user to know about a document that was read all the same.

    `kind` is a stable name ("no_text", "recognised", "broken_font", "replacement_characters", …), `message`
    a full sentence, a Told (ingest.told) where it can be said in other languages; `pages` are the physical pages it
    is about, empty for the whole document.
    """

    kind: str
    message: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself; the fields are those of Document, "" or empty where nothing says.

    `origins` says of each field that is not empty where it comes from.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    language: str = ""
    type: str = ""
    doi: str = ""
    url: str = ""
    origins: Mapping[str, Origin] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A file, read. Everything that is ever quoted is a slice of `text`; `origins` as in Metadata."""

    id: str
    source: str  # where it came from: an absolute path or a URL
    format: str  # the name of one of `ingest.formats.FORMATS`: "pdf", "html", "docx", …
    title: str
    authors: tuple[str, ...]
    published: str  # ISO 8601, as precise as the file says: "2012", "2012-10", "2012-10-17", or ""
    language: str  # ISO 639-1, of most of the text
    type: str  # "article", "paper", "report", "law", "statistics", or "" when nothing says
    text: str
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    publisher: str = ""
    doi: str = ""  # "10.1234/abc", without a resolver's address
    url: str = ""
    origins: Mapping[str, Origin] = field(default_factory=dict)
    page_map: PageMap = PageMap()
    references: tuple[Reference, ...] = ()
    mentions: tuple[Mention, ...] = ()
    notes: tuple[Note, ...] = ()

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
        while index >= 0 and level > 1:  # above level 1 stands nothing
            section = self.sections[index]
            if 0 < section.level < level:
                path.append(section.heading)
                level = section.level
            index -= 1
        return tuple(reversed(path))

    def section_index(self, offset: int) -> int:
        """The place in `sections` of the innermost section that holds the character at `offset`."""
        return _tile_at(self.sections, offset)

    def section_parents(self) -> list[int]:
        """For each section, the place in `sections` of the one around it; -1 for none.

        What asks for the headings above many places follows these: `section_path` walks the sections anew.
        """
        parents: list[int] = []
        open_sections: list[int] = []  # each of a higher level than the one before it
        for index, section in enumerate(self.sections):
            while open_sections and section.level and self.sections[open_sections[-1]].level >= section.level:
                open_sections.pop()
            parents.append(open_sections[-1] if section.level and open_sections else -1)
            if section.level:
                open_sections.append(index)
        return parents


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
