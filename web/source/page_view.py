"""A page of a PDF as a picture, the boxes of the quotation over it, and the ways to other pages."""

from __future__ import annotations

from html import escape

from index.errors import UnknownDocument
from ingest.document import Document, Page, Section, Span
from ingest.errors import NoSuchPage, VerbatimError
from ingest.page_boxes import PageBoxes
from web.interface import Interface
from web.page_pictures import PagePictures
from web.source.address import ZOOMS, Address, label_of, quoted_pages
from web.source.frame import Shown, language_of, misplaced_note, shown
from web.source.outline import outline
from web.source.text_view import LONGEST_QUOTE
from web.words import language_query, reason_of, sentence, tag

PIXELS_PER_POINT = 96 / 72  # of a style sheet, at 100 %
LONGEST_SPOKEN = 2000  # characters of a quotation that a screen reader is given
_SCALES = {"200": 3.0}  # of the picture, in pixels to the point
_SCALE = 2.0  # is sharp enough for the other zooms


def page_view(say: Interface, document: Document, address: Address, pictures: PagePictures) -> Shown:
    """Page `address.page`, or why it cannot be drawn. Raises UnknownDocument."""
    page = document.pages[address.page - 1]
    start, end = _part(page, address.quote)
    tools = _tools(say, document, address)
    try:
        found = pictures.boxes(document, page.number, start, end)
    except UnknownDocument:  # removed while it was opened
        raise
    except VerbatimError as error:
        return shown(say, document, address, tools, _not_drawn(say, address, error))
    sheet = _sheet(say, document, address, page, len(found.boxes))
    lost = ""
    if start < end and document.text[start:end].strip() and not found.boxes:
        link = address.href("quote", view="text")
        told = say("Where the quotation stands on this page is not known.")
        lost = _way(link, told, say("See it in the text"), ' role="status"')
    before, after = _other_parts(say, document, address)
    main = f'<main class="pages">{misplaced_note(say, address)}{lost}{before}{sheet}{after}</main>'
    return shown(say, document, address, tools, main, _style(found, address.zoom))


def no_such_page(say: Interface, document: Document, address: Address, error: NoSuchPage) -> Shown:
    """In the place of a page that the document does not have; the tools are those of `address`, which it has."""
    label = label_of(document.pages[address.page - 1])
    link = address.href(_fragment(document, address, address.page))
    main = (
        f'<main class="message" role="status">{tag("h2", say("No such page"))}'
        f"{tag('p', sentence(say, error.reason))}"
        f'<p><a href="{link}">{escape(say("Open page {label}", label=label))}</a></p></main>'
    )
    return shown(say, document, address, _tools(say, document, address), main)


def _tools(say: Interface, document: Document, address: Address) -> str:
    return _outline(say, document, address) + _pages(say, document, address) + _zoom(say, document, address)


def _part(page: Page, quote: Span | None) -> tuple[int, int]:
    """What of the quotation stands on a page; an empty range for nothing."""
    if quote is None:
        return page.start, page.start
    start, end = max(page.start, quote.start), min(page.end, quote.end)
    return (start, end) if start < end else (page.start, page.start)


def _sheet(say: Interface, document: Document, address: Address, page: Page, boxes: int) -> str:
    """The picture with empty elements over it; where they stand is in the style."""
    start, end = _part(page, address.quote)
    words = document.text[start:end].strip()
    scale = _SCALES.get(address.zoom, _SCALE)
    name = escape(say("{title}, page {label}", title=document.title, label=label_of(page)))
    described, spoken = "", ""
    if words:
        if len(words) > LONGEST_SPOKEN:
            words = f"{words[:LONGEST_SPOKEN]}…"
        described = ' aria-describedby="words"'
        spoken = f'<p id="words" class="unseen" {language_of(document)}>{escape(words)}</p>'
    kind = (
        "box" if address.quote and address.quote.end - address.quote.start <= LONGEST_QUOTE else "box passage"
    )
    called = escape(say("the quotation"))
    drawn = []
    for number in range(1, boxes + 1):
        # A reader's program hears of one quotation, however many lines it has.
        told = f' id="quote" role="img" aria-label="{called}"' if number == 1 else ' aria-hidden="true"'
        drawn.append(f'<div class="{kind} box-{number}"{told}></div>')
    return (
        f'<div class="desk" tabindex="0" role="group" aria-label="{name}"><div class="sheet">'
        f'<img src="/page/{document.id}/{page.number}.png?scale={scale:g}{language_query(say, "&")}" '
        f'alt="{name}"{described}>'
        f"{''.join(drawn)}</div></div>{spoken}"
    )


def _style(found: PageBoxes, zoom: str) -> str:
    """The proportions of the sheet, and each box in percent of them: no zoom moves it."""
    width, height = found.width, found.height
    rules = [f".sheet{{aspect-ratio:{width:.3f}/{height:.3f}}}"]
    if zoom != "fit":
        rules.append(f".sheet{{max-width:none;width:{width * PIXELS_PER_POINT * int(zoom) / 100:.1f}px}}")
    for number, box in enumerate(found.boxes, start=1):
        left, right = (_percent(edge / width) for edge in (box.left, box.right))
        top, bottom = (_percent(1 - edge / height) for edge in (box.top, box.bottom))
        rules.append(
            f".box-{number}{{left:{left:.3f}%;top:{top:.3f}%;"
            f"width:{max(right - left, 0):.3f}%;height:{max(bottom - top, 0):.3f}%}}"
        )
    return "".join(rules)


def _percent(share: float) -> float:
    return 100 * min(max(share, 0.0), 1.0)


def _pages(say: Interface, document: Document, address: Address) -> str:
    """Previous, the label to go to, next."""
    number, count = address.page, len(document.pages)
    page = document.pages[number - 1]
    label = escape(label_of(page))
    physical = say("of {all}", all=say.number(count))
    if label_of(page) != str(number):
        physical = say("{number} of {all}", number=say.number(number), all=say.number(count))
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{value}">' for name, value in address.query.items()
    )
    called, go = escape(say("Page label")), escape(say("Go to this page"))
    return (
        f'<nav class="turn" aria-label="{escape(say("Pages"))}">'
        f"{_step(document, address, number - 1, say('Previous page'), '‹')}"
        f'<form action="/source/{document.id}">{hidden}'
        f'<input name="label" value="{label}" aria-label="{called}" autocomplete="off" maxlength="40">'
        f'<span>{escape(physical)}</span><button aria-label="{go}" title="{go}">↵</button></form>'
        f"{_step(document, address, number + 1, say('Next page'), '›')}</nav>"
    )


def _step(document: Document, address: Address, number: int, called: str, sign: str) -> str:
    if not 1 <= number <= len(document.pages):
        return f'<span class="step" aria-hidden="true">{sign}</span>'
    link, called = address.href(_fragment(document, address, number), page=number), escape(called)
    return f'<a class="step" href="{link}" aria-label="{called}" title="{called}">{sign}</a>'


def _zoom(say: Interface, document: Document, address: Address) -> str:
    """Each zoom by two names, of which the style shows the one that there is room for."""
    links = []
    for zoom in ZOOMS:
        long, short = (say("Fit width"), say("Fit")) if zoom == "fit" else (f"{zoom} %", zoom)
        names = tag("span", long, "long") + tag("span", short, "short")
        current = ' aria-current="true"' if zoom == address.zoom else ""
        link = address.href(_fragment(document, address, address.page), zoom=zoom)
        links.append(f'<a href="{link}"{current} title="{escape(long)}">{names}</a>')
    return f'<nav class="zoom" aria-label="{escape(say("Zoom"))}">{"".join(links)}</nav>'


def _outline(say: Interface, document: Document, address: Address) -> str:
    page = document.pages[address.page - 1]
    start, _ = _part(page, address.quote)

    def link(section: Section) -> str:
        return address.href(page=document.page_at(section.start).number)

    def label(section: Section) -> str:
        return label_of(document.page_at(section.start))

    return outline(say, document, start, link, label)


def _other_parts(say: Interface, document: Document, address: Address) -> tuple[str, str]:
    """Ways to the parts of the quotation on other pages: before this page, and after it."""
    pages = quoted_pages(document, address.quote)
    earlier = [page for page in pages if page.number < address.page]
    later = [page for page in pages if page.number > address.page]
    here = any(page.number == address.page for page in pages)
    if not here and pages:
        link = address.href("quote", page=pages[0].number)
        words = say("The quotation is on page {label}", label=label_of(pages[0]))
        return _way(link, words, say("Back to the quotation")), ""
    before, after = "", ""
    if earlier:
        link = address.href("quote", page=earlier[-1].number)
        part = say("Its part on page {label}", label=label_of(earlier[-1]))
        before = _way(link, say("The quotation begins earlier."), part)
    if later:
        link = address.href("quote", page=later[0].number)
        part = say("Its part on page {label}", label=label_of(later[0]))
        after = _way(link, say("The quotation goes on."), part)
    return before, after


def _way(link: str, words: str, called: str, role: str = "") -> str:
    return f'<p class="note"{role}>{escape(words)} <a href="{link}">{escape(called)}</a></p>'


def _not_drawn(say: Interface, address: Address, error: VerbatimError) -> str:
    link = address.href("quote" if address.quote else "", view="text")
    return (
        f'<main class="message" role="status">{tag("h2", say("This page cannot be shown"))}'
        f"{tag('p', sentence(say, reason_of(error)))}"
        f'<p><a href="{link}">{escape(say("Read it as text"))}</a></p></main>'
    )


def _fragment(document: Document, address: Address, number: int) -> str:
    pages = quoted_pages(document, address.quote)
    return "quote" if any(page.number == number for page in pages) else ""
