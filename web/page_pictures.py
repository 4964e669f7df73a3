"""Pages of a library's PDFs: pictures of them, and the boxes of a quotation.

In: a document, a page number, a scale or a range of the text. Out: PNG bytes or PageBoxes. The files are
opened in processes of their own (ingest.sandbox), never in this one; pictures are kept in memory.
"""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from functools import cache
from typing import Protocol

import msgspec

from index.errors import UnknownDocument
from index.hit import DocumentCard
from index.library import Library
from ingest.document import Document, content_id
from ingest.errors import DamagedFile, NoSuchPage, ReaderCrashed, SourceMissing, VerbatimError
from ingest.frames import MIB
from ingest.page_boxes import PageBoxes, dump_map, load, map_of_page
from ingest.reading import load as load_file
from ingest.sandbox import Limits, Sandbox
from ingest.told import Told
from web.byte_cache import ByteCache
from web.words import file_name

SMALLEST_SCALE, LARGEST_SCALE = 0.5, 4.0  # pixels to the point
LARGEST_CACHE = 64 * MIB  # about 200 pages of text at two pixels to the point
# A page is drawn in a tenth of a second; whoever waits for one gives up sooner than who adds a file.
LIMITS = Limits(seconds=30, cpu_seconds=20)
WORKERS = 2

Arguments = Mapping[str, str | int | float | bool]  # of a job
_PNG = b"\x89PNG\r\n\x1a\n"


class NoPageToDraw(VerbatimError):
    """A document of a format that has no pages to be shown as pictures."""


class Jobs(Protocol):
    """Whatever does one of ingest.jobs with a file, safely."""

    def run(
        self,
        job: str,
        data: bytes,
        source: str,
        arguments: Arguments | None = None,
    ) -> bytes:
        """As `Sandbox.run`."""


class PagePictures:
    """The pages of one library. Safe to use from several threads."""

    def __init__(
        self, library: Library, jobs: Jobs | None = None, largest_cache: int = LARGEST_CACHE
    ) -> None:
        """`jobs`: default processes that are started at the first page and stay for the next."""
        self.library = library
        self.cache = ByteCache(largest_cache)
        self._jobs = jobs

    def card(self, document_id: str, number: int) -> DocumentCard:
        """The document, when it has a page `number` to draw.

        Raises UnknownDocument, NoPageToDraw and NoSuchPage.
        """
        try:
            card = self.library.card(document_id)
        except UnknownDocument:
            # Gone from the library, gone from here.
            self.cache.forget(lambda key: isinstance(key, tuple) and key[0] == document_id)
            raise
        if card.format != "pdf":
            raise NoPageToDraw(
                Told(
                    "{source} is no PDF: it has no pages to be drawn. Open it as text.",
                    source=file_name(card.source),
                )
            )
        if not 1 <= number <= card.pages:
            raise NoSuchPage(
                card.source,
                Told("there is no page {page}; it has {pages}.", page=str(number), pages=card.pages),
            )
        return card

    def picture(self, document_id: str, number: int, scale: float) -> bytes:
        """Page `number` as a PNG, `scale` pixels to the point.

        Raises what `card` raises, ValueError for a scale out of bounds, a kind of Refused where the file
        cannot be drawn, and SandboxFailed.
        """
        if not SMALLEST_SCALE <= scale <= LARGEST_SCALE:
            raise ValueError(f"scale is {scale}; give a number from {SMALLEST_SCALE} to {LARGEST_SCALE}")
        card = self.card(document_id, number)

        def draw() -> bytes:
            drawn = self._run("picture", card, {"page": number, "scale": scale})
            if not drawn.startswith(_PNG):
                raise ReaderCrashed(card.source, Told("what its reader drew is no picture."))
            return drawn

        return self.cache.get((card.id, number, scale), draw)

    def boxes(self, document: Document, number: int, start: int, end: int) -> PageBoxes:
        """Page `number`, and the boxes of what of `text[start:end]` is printed on it.

        Raises as `picture` does.
        """
        card = self.card(document.id, number)
        part = map_of_page(document.page_map, number, start, end)
        arguments: Arguments = {"page": number, "start": start, "end": end, "page_map": dump_map(part)}
        try:
            return load(self._run("boxes", card, arguments), number)
        except msgspec.DecodeError as error:
            raise ReaderCrashed(card.source, Told("what its reader found are no boxes.")) from error

    def _run(self, job: str, card: DocumentCard, arguments: Arguments) -> bytes:
        jobs = self._jobs or _lasting_jobs()
        return jobs.run(job, self._original(card), card.source, arguments)

    def _original(self, card: DocumentCard) -> bytes:
        try:
            data = load_file(self.library.original(card.id))
        except SourceMissing as error:
            raise SourceMissing(
                card.source, Told("its original is gone from the library's folder. Add it again.")
            ) from error
        if content_id(data) != card.id:  # boxes would mark other words
            raise DamagedFile(
                card.source,
                Told(
                    "its original in the library's folder is not what was read. Remove it, then add it again."
                ),
            )
        return data


@cache
def _lasting_jobs() -> Sandbox:
    sandbox = Sandbox(LIMITS, WORKERS)
    atexit.register(sandbox.close)
    return sandbox
