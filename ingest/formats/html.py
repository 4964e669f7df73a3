"""Web pages: the article without menus, its headings, lists and tables in order.

In: the bytes of an HTML page. Out: its Content. Nothing is fetched: the page is all there is.
"""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Iterator
from typing import Any

import lxml.etree
import lxml.html
import trafilatura
from trafilatura.metadata import extract_metadata

from ..errors import DamagedFile, EmptyFile
from .charset import decode
from .draft import Content, Draft, clean, one_line, stated_language

# The extraction is dropped for the whole visible page when it keeps less than this part of its main
# text (menus, headers and footers not counted): a law of short numbered lines looks like a menu to it.
LEAST_KEPT = 0.5
MOST_MERGED = 50  # places of a row or column that one cell may cover

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_XML_CHARSET = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]+)", re.IGNORECASE)
_HIDDEN = (
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "head",
    "iframe",
    "object",
    "select",
    "button",
    "input",
)
_FURNITURE = ("nav", "header", "footer", "aside", "form", "dialog")
_COOKIE_NOTICE = re.compile(r"cookie|cmplz", re.IGNORECASE)  # in the id or class of a consent dialogue
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"}
    | {"figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "html", "li", "main", "menu"}
    | {"ol", "p", "pre", "section", "summary", "table", "tr", "td", "th", "ul"}
    | {"head", "list", "item", "quote", "lb", "row", "cell"}  # trafilatura's own names
)
_HEADING = re.compile(r"h([1-6])$")
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")

for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they report on pages without an article


def read(data: bytes, source: str) -> Content:
    """Raises UndecodableText, DamagedFile and EmptyFile."""
    stated = _XML_CHARSET.search(data[:1024]) or _META_CHARSET.search(data[:4096])
    text = decode(data, source, stated.group(1).decode("ascii") if stated else "")
    text = _XML_DECLARATION.sub("", clean(text))
    if not text.strip():
        raise EmptyFile(source, "it holds no text, only white space.")
    try:
        page = lxml.html.document_fromstring(text)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise DamagedFile(source, "the HTML cannot be parsed.") from error
    draft = Draft()
    title = _heading(page)
    article = _article(page)
    if title and title not in one_line("".join(article.itertext())):
        draft.heading(title, 1)  # it stands outside the article on many pages
    _Walk(draft).element(article)
    if draft.blank:
        raise EmptyFile(source, "the page shows no text.")
    return _with_metadata(draft, page, title)


def _article(page: Any) -> Any:
    """The element to read: trafilatura's extraction, or the page itself where that loses too much."""
    whole = copy.deepcopy(page)
    _drop(whole, _HIDDEN)
    _drop_cookie_notices(whole)
    for table in whole.iter("table"):
        _align_columns(table)
    main = copy.deepcopy(whole)
    _drop(main, _FURNITURE)
    if not _size(main):  # all of it stands in a header or a form
        main = whole
    extracted = trafilatura.bare_extraction(
        copy.deepcopy(whole),
        favor_recall=True,
        include_comments=False,
        include_tables=True,
        with_metadata=False,
    )
    body = getattr(extracted, "body", None)
    if body is None or _size(body) < LEAST_KEPT * _prose_size(main):
        return main
    return body


def _drop(page: Any, tags: tuple[str, ...]) -> None:
    for element in list(page.iter(*tags, lxml.etree.Comment, lxml.etree.ProcessingInstruction)):
        if element.getparent() is not None:
            element.drop_tree()


def _drop_cookie_notices(page: Any) -> None:
    for element in list(page.iter("div", "section", "dialog", "form")):
        name = f"{element.get('id') or ''} {element.get('class') or ''}"
        if element.getparent() is not None and _COOKIE_NOTICE.search(name):
            element.drop_tree()


def _size(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _prose_size(element: Any) -> int:
    """Characters outside links: the text of menus is links, and nobody misses it."""
    return _size(element) - sum(_size(link) for link in element.iter("a"))


class _Walk:
    """Goes through an element, HTML or trafilatura's, and feeds a draft with its blocks."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.text: list[str] = []

    def element(self, element: Any) -> None:
        """Appends the element with all in it, and the paragraph that is open at its end."""
        self._inside(element)
        self._close()

    def _inside(self, element: Any) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in {"br", "lb"}:
            self.text.append("\n")
        elif tag == "table":
            self._close()
            self._table(element)
        elif level := _level(element, tag):
            self._close()
            self.draft.heading(_text(element), level)
        elif tag == "pre":
            self._close()
            self.draft.paragraph("".join(element.itertext()))
        else:
            block = tag in _BLOCKS
            if block:
                self._close()
            self._collect(element.text)
            for child in element:
                self._inside(child)
                self._collect(child.tail)
            if block:
                self._close()

    def _collect(self, text: str | None) -> None:
        # In HTML a line break is a space; only <br> breaks a line.
        if text:
            self.text.append(re.sub(r"\s+", " ", text))

    def _close(self) -> None:
        self.draft.paragraph("".join(self.text))
        self.text.clear()

    def _table(self, table: Any) -> None:
        caption = table.find("caption")
        if caption is not None:
            self.draft.paragraph(_text(caption))
        rows = [[cell for cell in row if cell.tag in {"td", "th", "cell"}] for row in _rows(table)]
        if max((len(row) for row in rows), default=0) < 2 or table.find(".//table") is not None:
            for row in rows:  # one column, or tables in tables: a layout, not data
                for cell in row:
                    self.element(cell)
            return
        head_rows = 0
        while head_rows < len(rows) and _are_heads(rows[head_rows], first=head_rows == 0):
            head_rows += 1
        self.draft.table([[_text(cell) for cell in row] for row in rows], head_rows)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag in {"tr", "row"}:
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows(child)


def _align_columns(table: Any) -> None:
    """Puts an empty cell in each place that a merged cell covers, so that equal places are one column."""
    covered: dict[int, int] = {}  # column → rows below that a cell above still covers
    for row in _rows(table):
        column = 0
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        for cell in cells:
            while covered.get(column):
                cell.addprevious(cell.makeelement(cell.tag))
                covered[column] -= 1
                column += 1
            width = 1 if cell is cells[-1] else _merged(cell, "colspan")  # nothing stands right of the last
            height = _merged(cell, "rowspan")
            for place in range(column, column + width):
                covered[place] = height - 1
            for _ in range(width - 1):
                cell.addnext(cell.makeelement(cell.tag))
            column += width
            cell.attrib.pop("colspan", None)
            cell.attrib.pop("rowspan", None)
        for place in [place for place in covered if place >= column]:
            covered[place] = max(covered[place] - 1, 0)


def _merged(cell: Any, attribute: str) -> int:
    number = re.match(r"\s*(\d{1,4})", cell.get(attribute) or "")
    return min(max(int(number.group(1)), 1), MOST_MERGED) if number else 1


def _are_heads(row: list[Any], *, first: bool) -> bool:
    """Whether a row names the columns: every cell with text is a head, and one alone stands over them all."""
    filled = [cell for cell in row if _size(cell)]
    heads = all(cell.tag == "th" or cell.get("role") == "head" for cell in filled)
    return heads and len(filled) >= (1 if first else 2)


def _level(element: Any, tag: str) -> int:
    """The level of a heading, in HTML (h2) or as trafilatura writes it (head rend="h2"); 0 for others."""
    match = _HEADING.match(str(element.get("rend") or "h2") if tag == "head" else tag)
    return int(match.group(1)) if match else 0


def _text(element: Any) -> str:
    """All text in an element on one line; blocks in it are kept apart."""
    parts: list[str] = [element.text or ""]
    for child in element:
        inner = _text(child) if isinstance(child.tag, str) else ""
        apart = " " if child.tag in _BLOCKS or child.tag == "br" else ""
        parts += [apart, inner, apart, child.tail or ""]
    return re.sub(r"\s+", " ", "".join(parts)).strip() if element.tag in _BLOCKS else "".join(parts)


def _heading(page: Any) -> str:
    """The page's only first-level heading; "" where it has none or several."""
    found = [one_line(_text(element)) for element in page.iter("h1")]
    found = [text for text in dict.fromkeys(found) if text]
    return found[0] if len(found) == 1 else ""


def _with_metadata(draft: Draft, page: Any, heading: str) -> Content:
    # No "extensive search": a date found somewhere in the text is no date of publication.
    stated = extract_metadata(
        copy.deepcopy(page), date_config={"extensive_search": False, "original_date": True}
    )
    title = heading or _without_site(stated.title or _title_element(page), stated.sitename or "")
    dated = _DATE.match(stated.date or "")
    draft.state(
        "markup",
        title=title,
        authors=(stated.author or "").split(";"),
        published=dated.group() if dated else "",
        type="article" if stated.pagetype == "article" else "",
        language=stated_language(page.get("lang") or ""),
    )
    return draft.finish()


def _title_element(page: Any) -> str:
    return one_line(str(page.findtext(".//title") or ""))


def _without_site(title: str, site: str) -> str:
    """ "Article 13 | The Site" is "Article 13"."""
    if site and title.lower().endswith(site.lower()):
        shorter = title[: -len(site)].rstrip(" |-–—·:»")
        return shorter or title
    return title
