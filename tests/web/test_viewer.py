"""The source viewer in the browser: boxes on the printed words at every zoom, and the ways through the pages."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from index.intake import add_bytes
from index.library import Library
from ingest.document import Box, Document
from ingest.formats.pdf_boxes import characters_under
from ingest.sandbox import Sandbox
from tests.web import shelf
from tests.web.conftest import Server

QUOTATION = "The agreement on transport"


@pytest.fixture
def report(stored: Library, readers: Sandbox) -> Iterator[Document]:
    """A PDF in the server's library, with the labels i, ii, 1 and 2."""
    outcome = add_bytes(stored, shelf.labelled(), "labelled.pdf", reader=readers)
    assert outcome.status == "added", outcome
    yield stored.document(outcome.document_id)
    stored.remove(outcome.document_id)


def drawn_boxes(viewer: Page, number: int) -> list[Box]:
    """The boxes as the browser lays them out over the picture, in points of the page."""
    sheet = viewer.locator(".sheet img").bounding_box()
    assert sheet
    found = []
    for box in viewer.locator(".box").all():
        at = box.bounding_box()
        assert at
        left, top = (at["x"] - sheet["x"]) / sheet["width"], (at["y"] - sheet["y"]) / sheet["height"]
        wide, high = at["width"] / sheet["width"], at["height"] / sheet["height"]
        edges = (left * 595.28, (1 - top - high) * 841.89, (left + wide) * 595.28, (1 - top) * 841.89)
        found.append(Box(number, *edges))
    return found


def is_loaded(picture: Locator) -> bool:
    return bool(picture.evaluate("image => image.complete && image.naturalWidth > 100"))


def test_boxes_stand_on_the_printed_words_at_every_zoom(page: Page, server: Server, report: Document) -> None:
    start = report.text.index(QUOTATION)
    link = f"{server.url}/source/{report.id}?start={start}&end={start + len(QUOTATION)}"
    for width, zoom, across in ((563, "fit", 529), (400, "fit", 382), (400, "200", 1587), (1280, "100", 794)):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(f"{link}&zoom={zoom}#quote")
        picture = page.locator(".sheet img")
        expect(picture).to_have_attribute("alt", "Roads to Tashkent, page 1")
        page.wait_for_load_state("load")
        assert is_loaded(picture)
        sheet = picture.bounding_box()
        assert sheet
        assert sheet["width"] == pytest.approx(across, abs=4)
        assert sheet["height"] / sheet["width"] == pytest.approx(841.89 / 595.28, abs=0.01)
        boxes = drawn_boxes(page, 3)
        assert characters_under(shelf.labelled(), boxes) == QUOTATION
        expect(page.get_by_role("img", name="the quotation")).to_be_in_viewport(ratio=0.2)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")  # only the desk scrolls
    # What is seen there is marked: yellow between black letters.
    seen = Image.open(BytesIO(page.locator(".box").first.screenshot())).convert("RGB")
    colours = {colour for _, colour in seen.getcolors(1_000_000) or ()}
    assert any(r > 240 and g > 210 and b < 170 for r, g, b in colours)
    assert any(max(colour) < 90 for colour in colours)


def test_ways_through_the_pages_inside_the_app(page: Page, server: Server, report: Document) -> None:
    start = report.text.index(QUOTATION)
    end = report.text.index("to its end.") + len("to its end.")
    frame = page.frame(name="source")
    assert frame
    page.get_by_role("button", name="Light or dark").click()
    frame.goto(f"{server.url}/source/{report.id}?start={start}&end={end}#quote")
    viewer = page.frame_locator("iframe[name=source]")
    label, picture = viewer.get_by_label("Page label"), viewer.locator(".sheet img")
    expect(label).to_have_value("1")
    expect(viewer.locator("body")).to_have_css("background-color", "rgb(27, 30, 33)")

    viewer.get_by_role("link", name="Its part on page 2").click()
    expect(label).to_have_value("2")
    expect(viewer.get_by_role("img", name="the quotation")).to_be_in_viewport()

    label.fill("ii")
    label.press("Enter")
    expect(picture).to_have_attribute("alt", "Roads to Tashkent, page ii")
    expect(viewer.locator(".box")).to_have_count(0)
    viewer.get_by_role("link", name="Previous page").click()
    expect(label).to_have_value("i")

    viewer.locator("summary", has_text="Outline").click()
    viewer.get_by_role("link", name="Agreements").click()
    expect(label).to_have_value("1")
    viewer.get_by_role("link", name="Text", exact=True).click()
    expect(viewer.locator("mark#quote")).to_be_in_viewport()
    viewer.get_by_role("link", name="Page", exact=True).click()
    expect(viewer.get_by_role("img", name="the quotation")).to_be_in_viewport()
    expect(viewer.locator("body")).to_have_css("background-color", "rgb(27, 30, 33)")  # the desk's own
