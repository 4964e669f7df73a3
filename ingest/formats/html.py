"""Web pages: the article without menus, its headings, lists and tables in order.

In: the bytes of an HTML page. Out: its Content. Nothing is fetched or run: the page is all there is.
"""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Sequence
from typing import Any

import lxml.etree
import lxml.html
import trafilatura

from ..errors import DamagedFile, EmptyFile
from ..told import Told
from . import html_metadata
from .charset import decode
from .draft import Content, Draft, clean, one_line
from .html_blocks import Run, Walk, cell_text
from .html_marks import is_notes, note_labels

# The extraction is dropped for the whole visible page when it keeps less than this part of its main
# text (menus, headers and footers not counted): a law of short numbered lines looks like a menu to it.
LEAST_KEPT = 0.5

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_XML_CHARSET = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]+)", re.IGNORECASE)
# In XHTML any element may close itself; the HTML parser would let the rest of the page stand in it.
_XHTML = re.compile(r"http://www\.w3\.org/1999/xhtml")
_SELF_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)([a-zA-Z][\w:-]*)"
    r"((?:\s[^<>]*)?)/>",
    re.IGNORECASE,
)
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
_NOT_SHOWN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_FURNITURE = ("nav", "header", "footer", "aside", "form", "dialog")
_COOKIE_NOTICE = re.compile(r"cookie|cmplz", re.IGNORECASE)  # in the id or class of a consent dialogue
# Tags that may nest without end and say little; a paragraph ends where they begin or end.
_CONTAINERS = re.compile(r"</?(?:div|section|article|center|blockquote|main|p)\b[^<>]*>", re.IGNORECASE)
_WRAPPERS = re.compile(r"</?(?:span|font|b|i|em|strong|u|big|small|tt|code|ins|mark)\b[^<>]*>", re.IGNORECASE)
# Letters of a script nobody can read, so that no page uses them: base-16 digits, and an end.
_DIGITS = [chr(0x10600 + digit) for digit in range(16)]
_END = chr(0x10610)
_NUMBER = re.compile(f"[{_DIGITS[0]}-{_DIGITS[-1]}]+(?={_END})")

for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they report on pages without an article


def read(data: bytes, source: str) -> Content:
    """Raises UndecodableText, DamagedFile and EmptyFile."""
    page = parse(decode_page(data, source), source)
    whole = copy.deepcopy(page)
    drop_hidden(whole)
    _drop_cookie_notices(whole)
    for notes in whole.iter("aside", "footer"):
        if is_notes(notes):
            notes.tag = "div"
    draft = Draft()
    title = _heading(page)
    _write_article(draft, whole, title)
    if draft.blank:
        raise EmptyFile(source, Told("the page shows no text."))
    html_metadata.state(draft, page, title)
    return draft.finish()


def decode_page(data: bytes, source: str) -> str:
    """The markup of a page, in the charset that it or its bytes say. Raises UndecodableText, EmptyFile."""
    stated = _XML_CHARSET.search(data[:1024]) or _META_CHARSET.search(data[:4096])
    text = decode(data, source, stated.group(1).decode("ascii") if stated else "")
    if not text.strip():
        raise EmptyFile(source, Told("it holds no text, only white space."))
    return text


def parse(text: str, source: str) -> Any:
    """The root element of a page. Raises DamagedFile where the markup makes no page.

    A page that nests deeper than the parser goes (256 levels) is parsed again without the tags that only
    arrange it: the parser would leave out all that follows, without a word.
    """
    text = _XML_DECLARATION.sub("", clean(text))
    if _XHTML.search(text[:2000]):
        text = _SELF_CLOSED.sub(r"<\1\2></\1>", text)
    page, is_whole = _parsed(text, source)
    if not is_whole:
        page, is_whole = _parsed(_WRAPPERS.sub("", _CONTAINERS.sub("<p>", text)), source)
    if not is_whole:
        raise DamagedFile(source, Told("its elements stand more than 255 levels deep in each other."))
    return page


def _parsed(text: str, source: str) -> tuple[Any, bool]:
    """The page, and whether the parser went through all of it."""
    parser = lxml.html.HTMLParser(huge_tree=False, no_network=True)
    try:
        page = lxml.html.document_fromstring(text, parser=parser)
    except lxml.etree.ParserError:  # nothing in it
        raise EmptyFile(source, Told("the page shows no text.")) from None
    except (lxml.etree.LxmlError, ValueError) as error:
        raise DamagedFile(source, Told("the HTML cannot be parsed.")) from error
    limit = lxml.etree.ErrorTypes.ERR_RESOURCE_LIMIT
    return page, not any(entry.type == limit for entry in parser.error_log)


def add_page(draft: Draft, text: str, source: str) -> None:
    """Appends all that a page shows, menus too: the HTML of a mail, or a piece of it in Markdown."""
    page = parse(text, source)
    drop_hidden(page)
    Walk(draft, labels=note_labels(page)).element(page)


# --- the article ---


def _write_article(draft: Draft, whole: Any, title: str) -> None:
    labels = note_labels(whole)
    main = copy.deepcopy(whole)
    _drop(main, _FURNITURE)
    if not _size(main):  # all of it stands in a header or a form
        main = whole
    marked = copy.deepcopy(whole)
    runs = _runs(marked)
    kept = _extracted(marked, runs)
    shown: Any = whole
    if sum(runs[number].length for number in kept) < LEAST_KEPT * _prose_size(main):
        shown, kept = main, set(range(len(runs)))
    if title:
        article = Draft()
        Walk(article, kept, labels).element(shown)
        if title not in one_line(article.finish().text):  # it stands outside the article on many pages
            draft.heading(title, 1)
    Walk(draft, kept, labels).element(shown)


def _runs(page: Any) -> list[Run]:
    """The blocks of text in a page, as a walk through it meets them."""
    walk = Walk(Draft(), kept=())
    walk.element(page)
    return walk.runs


def _extracted(marked: Any, runs: Sequence[Run]) -> set[int]:
    """The numbers of the runs that trafilatura takes for the article.

    It rebuilds the page, and loses merged cells, captions and notes on the way. So each run is marked, and
    those whose mark comes through are read from the page itself.
    """
    for number, run in enumerate(runs):
        mark = "".join(_DIGITS[int(digit, 16)] for digit in f"{number:x}") + _END
        setattr(run.node, run.attribute, mark + getattr(run.node, run.attribute).lstrip())
    extracted = trafilatura.bare_extraction(
        marked, favor_recall=True, include_comments=False, include_tables=True, with_metadata=False
    )
    body = getattr(extracted, "body", None)
    if body is None:
        return set()
    found = _NUMBER.findall("".join(body.itertext()))
    values = {digit: f"{value:x}" for value, digit in enumerate(_DIGITS)}
    kept = {int("".join(values[digit] for digit in number), 16) for number in found}
    for number, run in enumerate(runs):  # a caption or a note goes with what stands before it
        if run.is_note and (number == 0 or number - 1 in kept):
            kept.add(number)
    return {number for number in kept if number < len(runs)}


def drop_hidden(page: Any) -> None:
    """Takes out what a page does not show: scripts, styles, comments, forms' controls, hidden elements."""
    _drop(page, _HIDDEN)
    for element in list(page.iter()):
        style = element.get("style") or ""
        hidden = element.get("hidden") is not None or _NOT_SHOWN.search(style)
        # A page that is hidden as a whole waits for its script.
        if hidden and element.tag not in {"html", "body"} and element.getparent() is not None:
            element.drop_tree()


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


def _heading(page: Any) -> str:
    """The page's only first-level heading; "" where it has none or several."""
    found = [one_line(cell_text(element)) for element in page.iter("h1")]
    found = [text for text in dict.fromkeys(found) if text]
    return found[0] if len(found) == 1 else ""
