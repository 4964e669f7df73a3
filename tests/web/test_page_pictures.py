"""Pictures of pages from the sandbox: drawn once, kept, gone with their document; nonsense is refused."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import msgspec
import pytest
from PIL import Image

from index.errors import UnknownDocument
from index.intake import add_bytes
from index.library import Library
from ingest.document import Box
from ingest.errors import NoSuchPage, ReaderCrashed
from ingest.page_boxes import PageBoxes, dump
from ingest.sandbox import Sandbox
from tests.web import shelf
from web.page_pictures import NoPageToDraw, PagePictures

Arguments = dict[str, str | int | float | bool]


class Counting:
    """A sandbox that notes what it is asked for."""

    def __init__(self, readers: Sandbox) -> None:
        self.readers = readers
        self.asked: list[tuple[str, Arguments]] = []

    def run(self, job: str, data: bytes, source: str, arguments: Arguments | None = None) -> bytes:
        self.asked.append((job, arguments or {}))
        return self.readers.run(job, data, source, arguments)


class Answering:
    """A sandbox that a file has taken over."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    def run(self, job: str, data: bytes, source: str, arguments: Arguments | None = None) -> bytes:
        return self.answer


@pytest.fixture
def pdf(library: Library, readers: Sandbox) -> Iterator[str]:
    yield add_bytes(library, shelf.labelled(), "labelled.pdf", reader=readers).document_id


def test_a_page_is_drawn_once_for_each_scale(library: Library, readers: Sandbox, pdf: str) -> None:
    jobs = Counting(readers)
    pictures = PagePictures(library, jobs)
    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(lambda at: pictures.picture(pdf, 1 + at % 2, 1), range(16)))
    assert len(set(drawn)) == len(jobs.asked) == 2
    assert Image.open(BytesIO(pictures.picture(pdf, 1, 0.5))).width == 298
    assert len(jobs.asked) == 3
    assert pictures.cache.size == sum(map(len, set(drawn))) + len(pictures.picture(pdf, 1, 0.5))


def test_a_removed_document_is_gone_from_here_too(library: Library, readers: Sandbox, pdf: str) -> None:
    pictures = PagePictures(library, readers)
    pictures.picture(pdf, 1, 1)
    library.remove(pdf)
    with pytest.raises(UnknownDocument):
        pictures.picture(pdf, 1, 1)
    assert pictures.cache.size == 0


def test_pages_and_scales_that_are_not_there(library: Library, readers: Sandbox, pdf: str) -> None:
    jobs = Counting(readers)
    pictures = PagePictures(library, jobs)
    for number in (0, -1, 5, 10**9):
        with pytest.raises(NoSuchPage, match="it has 4"):
            pictures.picture(pdf, number, 1)
        with pytest.raises(NoSuchPage):
            pictures.boxes(library.document(pdf), number, 0, 4)
    for scale in (0.0, 0.49, 4.1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="scale is"):
            pictures.picture(pdf, 1, scale)
    text = add_bytes(library, b"# Text\n\nOnly text.\n", "text.md", reader=readers).document_id
    with pytest.raises(NoPageToDraw, match=r"text\.md is no PDF"):
        pictures.picture(text, 1, 1)
    assert jobs.asked == []


def test_only_the_map_of_the_page_is_sent(library: Library, readers: Sandbox, pdf: str) -> None:
    jobs = Counting(readers)
    document = library.document(pdf)
    found = PagePictures(library, jobs).boxes(document, 4, 0, len(document.text))
    ((_, arguments),) = jobs.asked
    sent = str(arguments["page_map"])
    assert len(sent) < 0.6 * len(msgspec.json.encode(document.page_map))
    assert {box.page for box in found.boxes} == {4}
    assert len(found.boxes) == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<svg onload=alert(1)>",
        dump(PageBoxes(595, 842, (Box(2, 0, 0, 1, 1),))),
        dump(PageBoxes(595, float("nan"))),
        dump(PageBoxes(0, 842)),
        dump(PageBoxes(595, 842, (Box(1, 0, 0, float("inf"), 1),))),
    ],
)
def test_nonsense_from_the_sandbox_is_refused(library: Library, pdf: str, answer: bytes) -> None:
    pictures = PagePictures(library, Answering(answer))
    with pytest.raises(ReaderCrashed):
        pictures.picture(pdf, 1, 1)
    with pytest.raises(ReaderCrashed):
        pictures.boxes(library.document(pdf), 1, 0, 4)
    assert pictures.cache.size == 0
