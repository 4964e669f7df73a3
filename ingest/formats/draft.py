"""A document while it is being read: readers append blocks, the draft keeps every offset.

In: pages, headings, paragraphs and tables, in reading order. Out: `Content`, whose pages and
sections tile its text. Text is cleaned here, once, so that all formats agree on what a character is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from unicodedata import category, is_normalized, normalize

from ..document import Metadata, Note, Origin, Page, PageMap, Section, Span, Table

# What programs write where the name of an author should stand.
_NOBODY = frozenset(
    {"admin", "administrator", "anonymous", "(anonymous)", "author", "microsoft office user", "openpyxl"}
    | {"owner", "python-docx", "root", "unknown", "user", "автор", "пользователь", "사용자"}
)
BLOCK_BREAK = "\n\n"  # between two blocks
ROW_BREAK, CELL_BREAK = "\n", "\t"  # inside a table

# Spaces of any width become plain ones, so that "2 183 539" is found however it was set.
_SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_LINE_BREAKS = dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], "\n")
# Invisible and never meant to be read: controls, soft hyphen, zero-width space, byte order mark,
# non-characters and lone surrogates. Joiners and the marks of right-to-left text stay.
_INVISIBLE = dict.fromkeys(
    [
        *(*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0)),
        *(0xAD, 0x200B, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)),
    ]
)
_CLEANING: dict[int, str | None] = {**_INVISIBLE, **_SPACES, **_LINE_BREAKS}
# No language piles up so many marks on a letter, and putting a pile in order takes time squared: the limit
# is that of Unicode's stream-safe text (UAX #15), and what stands above it goes.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_MARK_PILE = re.compile(rf"([{_MARKS}]{{30}})[{_MARKS}]+")
_SPACE_RUN = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader found in a file: a Document without its identity."""

    text: str
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    metadata: Metadata
    page_map: PageMap = PageMap()
    notes: tuple[Note, ...] = ()


def clean(text: str) -> str:
    """`text` in NFC, its line breaks as "\\n", its spaces plain, nothing invisible in it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEANING)
    return normalize("NFC", _MARK_PILE.sub(r"\1", text))


def one_line(text: str) -> str:
    """`text` cleaned, every run of white space a single space: a heading, a cell, a title."""
    return " ".join(clean(text).split())


def stated_language(tag: str) -> str:
    """The language code of a tag such as "uz-Latn", or "" where it is none or says nothing.

    Templates say "en" whatever the language of the text; nobody says "uz" by accident.
    """
    match = re.match(r"([a-z]{2})(?![^\W_])", tag.strip().lower())
    return match[1] if match and match[1] != "en" else ""


class Draft:
    """Collects the blocks of one document. A format without pages never calls `begin_page`."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._page_labels: list[str] = []
        self._page_starts: list[int] = []  # shorter than the labels while a page has no text yet
        self._headings: list[tuple[str, int, int]] = []  # heading, level, start
        self._tables: list[Table] = []
        self._notes: list[Note] = []
        self._metadata = Metadata()

    @property
    def blank(self) -> bool:
        """Nothing has been appended yet."""
        return self._length == 0

    @property
    def paged(self) -> bool:
        """A page has been begun."""
        return bool(self._page_labels)

    def begin_page(self, label: str) -> None:
        """What follows stands on a new page. It begins at its first character, wherever that falls."""
        self._page_labels.append(label)

    # Each of the following returns where its text begins; None when nothing of it can be seen. Text that
    # is clean already is taken as it is, so that a reader who knows its characters can tell where they went.

    def heading(self, text: str, level: int) -> int | None:
        """A heading opens a section, which ends at the next heading of any level."""
        if level < 1:
            raise ValueError(f"the level of a heading is at least 1, not {level}")
        text = one_line(text)
        if not _visible(text):
            return None
        start = self._block(text)
        self._headings.append((text, level, start))
        return start

    def paragraph(self, text: str) -> int | None:
        """A paragraph or a list item. Its line breaks are kept, blank lines in it are not."""
        text = _lines(text)
        return self._block(text) if _visible(text) else None

    def continue_paragraph(self, text: str, joiner: str = "\n") -> int | None:
        """More of the last paragraph, after a page break. With joiner "" a broken word is made whole."""
        text = _lines(text)
        if not text:
            return None
        if not self._parts:
            return self._block(text)
        if joiner == "" and not is_normalized("NFC", self._parts[-1][-1] + text[0]):
            joiner = "\n"  # the two would melt into one character that belongs to both pages
        self._append(joiner)
        self._open_pages()
        start = self._length
        self._append(text)
        return start

    def table(self, rows: Iterable[Sequence[str]], head_rows: int = 0) -> Table | None:
        """A table; rows without any text are left out, and so are empty cells at a row's end."""
        lines: list[list[str]] = []
        heads = 0
        for number, row in enumerate(rows):
            cells = [one_line(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                lines.append(cells)
                heads += number < head_rows
        if not lines:
            return None
        text = ROW_BREAK.join(CELL_BREAK.join(cells) for cells in lines)
        start = at = self._block(text)
        spans: list[tuple[Span, ...]] = []
        for cells in lines:
            row_spans: list[Span] = []
            for cell in cells:
                row_spans.append(Span(at, at + len(cell)))
                at += len(cell) + 1  # one tab, or the line break after the last cell
            spans.append(tuple(row_spans))
        self._tables.append(Table(start, start + len(text), tuple(spans), heads))
        return self._tables[-1]

    def note(self, kind: str, message: str, pages: Iterable[int] = ()) -> None:
        """Something the user should know about the file; `kind` and `pages` as in Note."""
        self._notes.append(Note(kind, message, tuple(pages)))

    def state(
        self,
        origin: Origin,
        *,
        title: str = "",
        authors: Iterable[str] = (),
        publisher: str = "",
        published: str = "",
        language: str = "",
        type: str = "",
        doi: str = "",
        url: str = "",
    ) -> None:
        """What the file says of itself, and where. The first statement about a field stands."""
        stated: dict[str, str | tuple[str, ...]] = {
            "title": one_line(title),
            "authors": tuple(
                dict.fromkeys(
                    name for name in map(one_line, authors) if name and name.casefold() not in _NOBODY
                )
            ),
            "publisher": one_line(publisher),
            "published": published,
            "language": language,
            "type": type,
            "doi": doi,
            "url": url,
        }
        known = self._metadata
        new = {name: value for name, value in stated.items() if value and not getattr(known, name)}
        origins = {**known.origins, **dict.fromkeys(new, origin)}
        self._metadata = replace(known, **new, origins=origins)  # type: ignore[arg-type]

    def finish(self, page_map: PageMap = PageMap()) -> Content:
        """The document as collected so far."""
        return Content(
            text="".join(self._parts),
            pages=self._pages(),
            sections=self._sections(),
            tables=tuple(self._tables),
            metadata=self._metadata,
            page_map=page_map,
            notes=tuple(self._notes),
        )

    def _block(self, text: str) -> int:
        if self._parts:
            self._append(BLOCK_BREAK)
        self._open_pages()
        start = self._length
        self._append(text)
        return start

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _open_pages(self) -> None:
        # Blank pages before this text start where it starts, and end there too.
        missing = len(self._page_labels) - len(self._page_starts)
        self._page_starts.extend([self._length] * missing)

    def _pages(self) -> tuple[Page, ...]:
        labels = self._page_labels or [""]
        starts = self._page_starts + [self._length] * (len(labels) - len(self._page_starts))
        starts[0] = 0
        ends = [*starts[1:], self._length]
        return tuple(
            Page(number, label, start, end)
            for number, (label, start, end) in enumerate(zip(labels, starts, ends, strict=True), 1)
        )

    def _sections(self) -> tuple[Section, ...]:
        heads = list(self._headings)
        if not heads or heads[0][2] > 0:
            heads.insert(0, ("", 0, 0))
        ends = [*(start for _, _, start in heads[1:]), self._length]
        return tuple(
            Section(heading, level, start, end)
            for (heading, level, start), end in zip(heads, ends, strict=True)
        )


def _lines(text: str) -> str:
    lines = (_SPACE_RUN.sub(" ", line).strip() for line in clean(text).split("\n"))
    return "\n".join(line for line in lines if line)


def _visible(text: str) -> bool:
    """Whether anything shows: not so for joiners alone, nor for the glyphs of an icon font."""
    return any(char.isalnum() or category(char)[0] not in "CZ" for char in text)
