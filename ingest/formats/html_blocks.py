"""Elements of a web page, an e-book or a mail become the blocks of a draft.

In: an element and a draft. Out: headings, paragraphs and tables in it, in order; marks of notes and the
notes they point to carry the same label, and the page breaks of an e-book begin pages.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import html_tables, superscripts, tabbed
from .draft import Draft
from .html_marks import is_back_link, is_note_mark, is_notes, is_page_break, page_label

_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"}
    | {"hr", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "td"}
    | {"th", "tr", "ul", "caption", "dialog", "legend", "option", "tbody", "thead", "tfoot"}
)
_HEADING = re.compile(r"h([1-6])")
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class Inline:
    """Running text: white space folded as a browser does, superscripts parted from words."""

    parts: list[str] = field(default_factory=list)
    _after_raised: bool = False

    def add(self, text: str | None) -> None:
        # In HTML a line break is a space; only <br> breaks a line.
        if text:
            text = _SPACES.sub(" ", text)
            if self._after_raised and superscripts.is_gap_needed(self.parts[-1], text):
                self.parts.append(" ")
            self._after_raised = False
            self.parts.append(text)

    def add_raised(self, text: str, is_mark: bool) -> None:
        raised = superscripts.written(text, self.tail, is_mark)
        if raised:
            self.parts.append(raised)
            self._after_raised = True

    def break_with(self, separator: str) -> None:
        self._after_raised = False
        self.parts.append(separator)

    @property
    def tail(self) -> str:
        return "".join(self.parts[-3:])

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass(slots=True)
class Run:
    """A block of text as the walk meets it, and the node at which its text begins."""

    node: Any
    attribute: str  # "text" or "tail"
    length: int = 0  # characters
    is_note: bool = False  # a note or the caption of a figure: it goes with what stands around it


class Walk:
    """Goes through elements and feeds a draft with their blocks.

    `kept`, if given, are the numbers of the runs to write, in the order of `runs`; the others are only
    counted. `labels` says which ids are notes, by `note_labels`; `pages` says which ids begin a printed page.
    """

    def __init__(
        self,
        draft: Draft,
        kept: Collection[int] | None = None,
        labels: Mapping[str, str] | None = None,
        pages: Mapping[str, str] | None = None,
    ) -> None:
        self.draft = draft
        self.runs: list[Run] = []
        self._kept = kept
        self._labels = labels or {}
        self._pages = pages
        self._inline = Inline()
        self._label = ""  # of the note whose text begins next
        self._is_note = False
        self._joins = False  # what comes next stands in the block that is open
        self._joiner: str | None = None  # a page broke inside the block that is open

    def element(self, element: Any) -> None:
        """Appends the element with all in it, and the paragraph that is open at its end."""
        self._inside(element)
        self._close()

    def _inside(self, element: Any) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        self._begin_page_at(element)
        if is_page_break(element):
            return
        if tag == "br":
            self._inline.break_with("\n")
        elif tag in {"sup", "a"} and is_note_mark(element):
            self._raised("".join(element.itertext()), element, is_mark=True)
        elif tag == "sup":
            self._raised("".join(element.itertext()), element, is_mark=False)
        elif tag == "a" and is_back_link(element):
            return
        elif tag == "table":
            self._table(element)
        elif match := _HEADING.fullmatch(tag):
            self._heading(element, int(match[1]))
        elif tag == "pre":
            self._preformatted(element)
        elif tag in _BLOCKS:
            self._block(element, tag)
        else:
            self._children(element)

    def _children(self, element: Any) -> None:
        if label := self._labels.get(element.get("id") or element.get("name") or ""):
            self._label = self._label or ("" if self._inline.text.strip() else label)
        self._collect(element, "text")
        for child in element:
            if isinstance(child.tag, str):
                self._inside(child)
            self._collect(child, "tail")

    def _block(self, element: Any, tag: str) -> None:
        if not (self._joins and tag in {"dt", "dd", "p", "div", "td"}):
            self._close()
        was_note, self._is_note = self._is_note, self._is_note or tag == "figcaption" or is_notes(element)
        self._children(element)
        if tag == "dt" and self._inline.text.strip():  # a term and what defines it are one block
            self._inline.break_with("\n")
            self._joins = True
        else:
            self._close()
            self._label = ""
            self._joiner = None
        self._is_note = was_note

    def _collect(self, node: Any, attribute: str) -> None:
        text = getattr(node, attribute)
        if text and text.strip():
            self._begin_run(node, attribute)
        self._inline.add(text)

    def _begin_run(self, node: Any, attribute: str) -> None:
        if not self._inline.text.strip():
            self.runs.append(Run(node, attribute, is_note=self._is_note))
        self._joins = False

    def _raised(self, text: str, element: Any, is_mark: bool) -> None:
        if begins := _first_text(element):
            self._begin_run(*begins)
            self._inline.add_raised(text, is_mark)

    def _close(self) -> None:
        text = self._inline.text
        self._inline = Inline()
        self._joins = False
        if not text.strip():
            return
        label, self._label = self._label, ""
        if label and not re.match(rf"\s*\W?{re.escape(label)}\b", text):
            text = f"[{label}] {text.lstrip()}"
        if self._is_kept(len(text.strip())):
            self._begin_first_page()
            if self._joiner is None:
                self.draft.paragraph(text)
            else:
                self.draft.continue_paragraph(text, " " if text[0].isspace() else self._joiner)
        self._joiner = None

    def _is_kept(self, length: int) -> bool:
        """Whether the run that ends is to be written; also notes its length."""
        self.runs[-1].length = length
        return self._kept is None or len(self.runs) - 1 in self._kept

    def _whole(self, element: Any) -> bool:
        """Opens a run for an element that is written at once; False when nothing stands in it."""
        self._close()
        self._label = ""
        begins = _first_text(element)
        if begins is None:
            return False
        self.runs.append(Run(*begins, is_note=self._is_note))
        return True

    def _heading(self, element: Any, level: int) -> None:
        text = cell_text(element)
        if self._whole(element) and self._is_kept(len(text)):
            self._begin_first_page()
            self.draft.heading(text, level)
        self._begin_pages_in(element)

    def _preformatted(self, element: Any) -> None:
        text = "".join(element.itertext())
        if self._whole(element) and self._is_kept(len(text)):
            self._begin_first_page()
            tabbed.add_lines(self.draft, text.split("\n"))

    def _table(self, table: Any) -> None:
        cells = html_tables.grid(table)
        if not html_tables.is_data(table, cells):
            self._layout(table, cells)
            return
        if not self._whole(table):
            return
        rows = [["" if cell is None else cell_text(cell) for cell in row] for row in cells]
        if not self._is_kept(sum(len(text) for row in rows for text in row)):
            return
        self._begin_first_page()
        caption = table.find("caption")
        if caption is not None:
            self.draft.paragraph(cell_text(caption))
        self.draft.table(rows, html_tables.head_rows(table, cells, rows))
        self._begin_pages_in(table)

    def _layout(self, table: Any, cells: html_tables.Grid) -> None:
        caption = table.find("caption")
        if caption is not None:
            self.element(caption)
        for row in cells:
            own = [cell for cell in row if cell is not None]
            # Its number alone is no text that an extraction would keep.
            begins = _first_text(own[1]) if html_tables.is_list_item(row) else None
            if begins:
                self._close()
                self._begin_run(*begins)
                self._inline.add(f"{cell_text(own.pop(0))} ")
                self._joins = True
            for cell in own:
                self._inside(cell)
        self._close()

    # --- printed pages of e-books ---

    def _begin_page_at(self, element: Any) -> None:
        label = page_label(element)
        if label is None and self._pages:
            label = self._pages.get(element.get("id")) if element.get("id") else None
        if label is None or self._pages is None:
            return
        before = self._inline.text
        if before.strip():
            self._close()
        self.draft.begin_page(label)
        if before.strip():
            self._joiner = " " if before[-1].isspace() else ""

    def _begin_pages_in(self, element: Any) -> None:
        """The pages that break inside a heading or a table begin after it."""
        if self._pages is not None:
            for part in element.iterdescendants():
                if isinstance(part.tag, str):
                    self._begin_page_at(part)

    def _begin_first_page(self) -> None:
        """What stands before the first printed page is on a page without a label."""
        if self._pages is not None and not self.draft.paged:
            self.draft.begin_page("")


def _first_text(element: Any) -> tuple[Any, str] | None:
    """The node inside an element that holds its first visible text, and whether as "text" or "tail"."""
    for part in element.iter():
        if isinstance(part.tag, str) and (part.text or "").strip():
            return part, "text"
    for part in element.iterdescendants():
        if (part.tail or "").strip():
            return part, "tail"
    return None


def cell_text(element: Any) -> str:
    """All text in an element on one line; blocks in it are kept apart."""
    inline = Inline()
    _gather(element, inline)
    return " ".join(inline.text.split())


def _gather(element: Any, inline: Inline) -> None:
    inline.add(element.text)
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in {"sup", "a"} and is_note_mark(child):
            inline.add_raised("".join(child.itertext()), True)
        elif tag == "sup":
            inline.add_raised("".join(child.itertext()), False)
        elif tag and not is_page_break(child) and not (tag == "a" and is_back_link(child)):
            if tag in _BLOCKS or tag == "br":
                inline.break_with(" ")
            _gather(child, inline)
            if tag in _BLOCKS:
                inline.break_with(" ")
        inline.add(child.tail)
