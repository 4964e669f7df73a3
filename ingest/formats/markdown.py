"""Markdown (CommonMark with tables, and YAML front matter) without its markup.

In: the bytes of a Markdown file. Out: its Content; what is quoted from it is what a reader of the
rendered page sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from ..errors import DamagedFile, EmptyFile
from ..told import Told
from . import superscripts, tabbed, unmarked
from .charset import decode
from .draft import Content, Draft, one_line, stated_language
from .html import add_page

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# "Table 1", "Figure 2.", "Таблица 3": a label for what follows, not the head of a section.
_CAPTION = re.compile(
    r"(?:table|figure|fig\.|chart|box|таблица|рисунок|диаграмма|표|그림|jadval|жадвал|rasm)\s*[\d.]+\W*",
    re.IGNORECASE,
)
_PERSON = re.compile(r"[^\W\d_][\w'’.-]*(?:[ ,]+(?:and |und |и |va |va )?[^\W\d_][\w'’.-]*){1,7}")
_HTML_TABLE = re.compile(r"<(/?)table\b", re.IGNORECASE)
_RAISED = re.compile(r"<(/?)sup\b[^<>]*>", re.IGNORECASE)
MOST_NESTED = 100  # levels; a list and its item are two. What stands deeper, the parser leaves out
_OPTIONS = {"html": True, "maxNesting": MOST_NESTED}
_PARSER = MarkdownIt("commonmark", _OPTIONS).enable("table").use(footnote_plugin, inline=False)


def read(data: bytes, source: str) -> Content:
    """Raises UndecodableText, DamagedFile, and EmptyFile for a file without text."""
    text = decode(data, source).replace("\r\n", "\n").replace("\r", "\n")
    stated, text = _front_matter(text)
    reader = _Reader(text, source)
    reader.read()
    if reader.draft.blank:
        raise EmptyFile(source, Told("it holds no text."))
    authors = _names(stated.get("authors", stated.get("author")))
    reader.draft.state(
        "file",
        title=_string(stated.get("title")),
        authors=authors,
        publisher=_string(stated.get("publisher")),
        published=_published(stated.get("published", stated.get("date"))),
        type=_string(stated.get("type")),
        language=stated_language(_string(stated.get("language", stated.get("lang")))),
        doi=_string(stated.get("doi")),
        url=_string(stated.get("url")),
    )
    reader.draft.state("markup", title=reader.title)
    reader.draft.state("text", authors=[reader.author])
    return reader.draft.finish()


class _Reader:
    """Walks the parser's tokens and feeds a draft."""

    def __init__(self, text: str, source: str) -> None:
        self.draft = Draft()
        self.title = ""  # the first heading of level 1
        self.author = ""  # a bold line alone straight under it, when it can be a name
        self.level = 0  # of the last real heading; a bold paragraph heads a section below it
        self.under_title = False
        self.source = source
        self.lines = text.split("\n")
        tokens = _PARSER.parse(text)
        if any(token.level >= MOST_NESTED - 1 for token in tokens):
            raise DamagedFile(source, Told("its quotes and lists are nested too deep. Take some levels out."))
        end = next(
            (at for at, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens)
        )
        self.tokens = tokens[:end]
        self.notes = _notes(tokens[end:])  # those not yet written, by their label
        self.due: list[str] = []  # labels of the notes that the open section mentions

    def read(self) -> None:
        """Appends the blocks; each section's notes stand at its end."""
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.type == "heading_open":
                self._heading(_plain(self.tokens[at + 1]), int(token.tag[1]))
            elif token.type == "inline" and self.tokens[at - 1].type == "paragraph_open":
                self._paragraph(token)
            elif token.type in {"fence", "code_block"}:
                tabbed.add_lines(self.draft, token.content.split("\n"))
            elif token.type == "html_block":
                at = self._html(at)
            elif token.type == "table_open":
                end = next(i for i in range(at, len(self.tokens)) if self.tokens[i].type == "table_close")
                self._table(self.tokens[at:end])
                at = end
            self.due += _mentioned(self.tokens[at])
            at += 1
        self._write_notes()

    def _table(self, tokens: Sequence[Token]) -> None:
        rows = _table_rows(tokens)
        for token in tokens:
            self.due += _mentioned(token)
        # Markdown knows one row of heads; a second one, above figures, stands in its body.
        self.draft.table(rows, max(1, unmarked.head_rows(rows)))

    def _write_notes(self) -> None:
        while self.due:  # a note may mention another one
            label = self.due.pop(0)
            inlines = self.notes.pop(label, [])
            text = "\n".join(map(_plain, inlines))
            self.draft.paragraph(f"[{label}] {text}" if inlines else "")
            self.due += [other for inline in inlines for other in _mentioned(inline)]

    def _html(self, at: int) -> int:
        """Appends a block of HTML; the index of its last token, as blank lines part a table into many."""
        block = self.tokens[at]
        tables = _HTML_TABLE.findall(block.content)
        if "" not in tables or block.map is None:
            self._lines(_untagged(block.content))
            return at
        start = end = block.map[0]
        depth = 0
        while end < len(self.lines):
            marks = _HTML_TABLE.findall(self.lines[end])
            depth += marks.count("") - marks.count("/")
            end += 1
            if depth <= 0 and end >= block.map[1]:
                break
        with suppress(EmptyFile):
            add_page(self.draft, "\n".join(self.lines[start:end]), self.source)
        while at + 1 < len(self.tokens) and (self.tokens[at + 1].map or [start])[0] < end:
            at += 1
        return at

    def _heading(self, text: str, level: int) -> None:
        self._write_notes()
        self.draft.heading(text, level)
        self.level = level
        self.under_title = level == 1 and not self.title
        if self.under_title:
            self.title = one_line(text)

    def _paragraph(self, token: Token) -> None:
        text = _plain(token)
        bold = _is_bold(token) and "\n" not in text.strip() and len(text) <= 200
        under_title, self.under_title = self.under_title, False
        if bold and under_title and _PERSON.fullmatch(one_line(text)):
            self.author = one_line(text)
            self.draft.paragraph(text)
        elif (
            bold
            and not _CAPTION.fullmatch(one_line(text))
            and not text.rstrip().endswith((".", ":", ",", ";"))
        ):
            self._write_notes()
            self.draft.heading(text, max(self.level, 1) if self.level > 1 else 2)
        else:
            self._lines(text)

    def _lines(self, text: str) -> None:
        for part in re.split(r"\n[^\S\n\t]*\n", text):
            tabbed.add_lines(self.draft, part.split("\n"))


def _plain(inline: Token) -> str:
    """What a reader sees of an inline token: no emphasis marks, no addresses behind words, no tags."""
    text: list[str] = []
    raised: list[str] | None = None  # what stands in an open <sup>
    after_raised = False
    for token in inline.children or []:
        if token.type == "footnote_ref":
            text.append(superscripts.written(_label(token), text[-1] if text else "", is_mark=True))
        elif token.type in {"softbreak", "hardbreak"} or (
            token.type == "html_inline" and _BREAK.fullmatch(token.content)
        ):
            text.append("\n")
        elif token.type == "html_inline" and (mark := _RAISED.fullmatch(token.content)):
            if mark[1] and raised is not None:
                text.append(superscripts.written("".join(raised), text[-1] if text else "", is_mark=False))
                raised, after_raised = None, True
            elif not mark[1]:
                raised = []
        elif shown := _shown(token):
            if raised is not None:
                raised.append(shown)
                continue
            if after_raised and superscripts.is_gap_needed(text[-1], shown):
                text.append(" ")
            text.append(shown)
            after_raised = False
    return "".join([*text, *(raised or [])])


def _shown(token: Token) -> str:
    if token.type in {"text", "code_inline"}:
        return token.content
    return _plain(token) if token.type == "image" else ""


def _notes(tokens: Sequence[Token]) -> dict[str, list[Token]]:
    """The inline tokens of each footnote, by its label."""
    notes: dict[str, list[Token]] = {}
    label = ""
    for token in tokens:
        if token.type == "footnote_open":
            label = _label(token)
        elif token.type == "inline":
            notes.setdefault(label, []).append(token)
    return notes


def _mentioned(token: Token) -> Iterator[str]:
    return (_label(child) for child in token.children or [] if child.type == "footnote_ref")


def _label(token: Token) -> str:
    """What a footnote is called in its file: "1" for [^1]."""
    return str(token.meta.get("label") or token.meta.get("id", 0) + 1)


def _is_bold(inline: Token) -> bool:
    """Whether all of the paragraph stands in one pair of bold marks."""
    children = [child for child in inline.children or [] if child.type != "text" or child.content.strip()]
    while len(children) > 2 and (children[0].type, children[-1].type) == ("em_open", "em_close"):
        children = children[1:-1]
    if len(children) < 3 or (children[0].type, children[-1].type) != ("strong_open", "strong_close"):
        return False
    return sum(child.type == "strong_open" for child in children) == 1


def _table_rows(tokens: Sequence[Token]) -> list[list[str]]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_plain(token))
    return rows


def _untagged(html: str) -> str:
    return _TAG.sub("", _BREAK.sub("\n", html))


def _front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """The YAML block at the head of the file, if it is one, and the text after it."""
    match = _FRONT_MATTER.match(text.removeprefix("\ufeff"))
    if match is None:
        return {}, text
    try:
        stated = yaml.safe_load(match.group(1))
    except yaml.YAMLError:  # two rules with text between them are Markdown too
        return {}, text
    if not isinstance(stated, dict):
        return {}, text
    return {str(key).lower(): value for key, value in stated.items()}, text.removeprefix("\ufeff")[
        match.end() :
    ]


def _names(value: Any) -> list[str]:
    if isinstance(value, list):
        return [_string(name) for name in value if _string(name)]
    return [name.strip() for name in _string(value).split(";") if name.strip()]


def _string(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else str(value).strip()


def _published(value: Any) -> str:
    if isinstance(value, date):  # YAML reads an unquoted day as a date, with or without a time
        return value.isoformat()[:10]
    match = _DATE.match(_string(value))
    return match.group() if match else ""
