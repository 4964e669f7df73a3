"""Boxes and pictures as jobs: the map of a page gives what the whole map gives, also through the sandbox."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from ingest.document import Box, PageMap, RecognisedWord, Run
from ingest.errors import DamagedFile, NoSuchPage
from ingest.formats.pdf_boxes import boxes
from ingest.page_boxes import PageBoxes, dump, dump_map, load, load_map, map_of_page
from ingest.reading import load as load_file
from ingest.reading import read
from ingest.sandbox import Sandbox
from tests.ingest.made_pdf import one_page_pdf


def test_the_map_of_a_page_gives_the_same_boxes(policy: Path) -> None:
    path = policy / "edpb_guidelines_202005_consent_en.pdf"
    data = load_file(path)
    document = read(data, str(path))
    chance = random.Random(5)
    for _ in range(12):
        start = chance.randrange(len(document.text) - 1)
        end = min(start + chance.choice((1, 40, 300, 4000)), len(document.text))
        whole = boxes(data, document.page_map, start, end)
        pages = range(document.page_at(start).number, document.page_at(end - 1).number + 1)
        parts = [
            box
            for page in pages
            for box in boxes(data, map_of_page(document.page_map, page, start, end), start, end)
        ]
        assert parts == whole


def test_a_map_of_a_page_holds_what_touches_the_range() -> None:
    runs = tuple(Run(at, at + 10, 1 + at // 30, at) for at in range(0, 60, 10))
    words = tuple(RecognisedWord(at, at + 4, 2, 0, 0, 9, 9, 0.5) for at in (60, 65, 70))
    page_map = PageMap(runs, words)
    assert map_of_page(page_map, 1, 5, 15).runs == runs[:3]  # and the one after
    assert map_of_page(page_map, 2, 25, 35).runs == runs[3:5]
    assert map_of_page(page_map, 2, 64, 66).words == words[1:2]
    assert map_of_page(page_map, 1, 0, 90).words == ()
    assert map_of_page(page_map, 9, 0, 90) == PageMap()
    assert load_map(dump_map(page_map)) == page_map


def test_through_the_sandbox(readers: Sandbox) -> None:
    data = one_page_pdf("Exactly these words stand on the page.")
    document = read(data, "/a.pdf")
    arguments = {"page": 1, "start": 8, "end": 13, "page_map": dump_map(document.page_map)}
    found = load(readers.run("boxes", data, "/a.pdf", arguments), 1)
    assert (found.width, found.height) == (612, 792)
    assert list(found.boxes) == boxes(data, document.page_map, 8, 13)
    assert len(found.boxes) == 1
    drawn = Image.open(BytesIO(readers.run("picture", data, "/a.pdf", {"page": 1, "scale": 1.5})))
    assert (drawn.format, drawn.size) == ("PNG", (918, 1188))


def test_refusals_come_through_the_sandbox(readers: Sandbox) -> None:
    data = one_page_pdf("One page.")
    for job, arguments in (
        ("picture", {"page": 2, "scale": 1.0}),
        ("boxes", {"page": 2, "start": 0, "end": 4, "page_map": dump_map(PageMap())}),
    ):
        with pytest.raises(NoSuchPage, match="it has 1 pages"):
            readers.run(job, data, "/a.pdf", arguments)
        with pytest.raises(DamagedFile):
            readers.run(job, b"%PDF-1.7 nothing", "/a.pdf", arguments)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nothing",
        dump(PageBoxes(1, 0)),
        dump(PageBoxes(float("inf"), 1)),
        dump(PageBoxes(9, 9, (Box(2, 0, 0, 1, 1),))),
        dump(PageBoxes(9, 9, (Box(1, 0, 0, float("nan"), 1),))),
        msgspec.msgpack.encode({"width": 9, "height": 9, "boxes": [[1, 0, 0, 1]]}),
    ],
)
def test_what_are_no_boxes_of_the_page_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        load(data, 1)
