"""What can be done to a file inside a reader's process, by name.

In: the file's bytes, what it is called, the limits, and what the job asks for besides.
Out: bytes. To have something else done there, write such a function and give it a line in JOBS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import page_boxes
from .document import Document
from .errors import TooManyPages, TooMuchText
from .formats import pdf_boxes
from .frames import Limits
from .language import detect
from .passages import count_units
from .reading import read
from .records import dump
from .told import Told

Job = Callable[..., bytes]


def read_document(data: bytes, source: str, limits: Limits, name: str = "", languages: str = "") -> bytes:
    """The document in `data`, as ingest.records writes it; `languages` are parted by spaces.

    Raises a kind of Refused.
    """
    document = read(data, source, name, languages.split())
    _check_length(document, limits)
    return dump(document)


def find_boxes(
    data: bytes, source: str, limits: Limits, page: int, start: int, end: int, page_map: str
) -> bytes:
    """Page number `page` of a PDF and the boxes of `text[start:end]` on it, as ingest.page_boxes writes them.

    `page_map` is what `map_of_page` gives, dumped. Raises a kind of Refused.
    """
    width, height = pdf_boxes.page_size(data, page, source)
    found = pdf_boxes.boxes(data, page_boxes.load_map(page_map), start, end, source)
    return page_boxes.dump(page_boxes.PageBoxes(width, height, tuple(found)))


def draw_page(data: bytes, source: str, limits: Limits, page: int, scale: float) -> bytes:
    """Page number `page` of a PDF as a PNG, `scale` pixels to the point. Raises a kind of Refused."""
    return pdf_boxes.picture(data, page, scale, source=source)


def _check_length(document: Document, limits: Limits) -> None:
    if len(document.pages) > limits.pages:
        raise TooManyPages(
            document.source,
            Told(
                "it has {pages} pages; the limit is {limit}. Split it into parts.",
                pages=len(document.pages),
                limit=limits.pages,
            ),
        )
    length = len(document.text)
    if length > limits.characters:
        raise TooMuchText(
            document.source,
            Told(
                "it has {n} characters of text; the limit is {limit}. Split it into parts.",
                n=length,
                limit=limits.characters,
            ),
        )
    # Most texts are too short for so many, and need not be cut only to be counted.
    if length > limits.units and (units := count_units(document)) > limits.units:
        raise TooMuchText(
            document.source,
            Told(
                "it has {n} sentences, headings and table rows; the limit is {limit}. Split it into parts.",
                n=units,
                limit=limits.units,
            ),
        )


def prepare() -> None:
    """Load what every file needs before the first one comes."""
    detect("The tables of languages are read from disk at the first call.")


JOBS: Mapping[str, Job] = {"read": read_document, "boxes": find_boxes, "picture": draw_page}
