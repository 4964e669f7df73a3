"""The Library tab in the browser: list, sort, find, browse, upload, ask about the upload, edit, check, remove."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from index.library import Library
from tests.web.conftest import Server, ask, marked, span_of

REPORT = "# Bridges of Tashmere\n\nThe longest bridge of Tashmere measures 1,340 metres and opened in 1958.\n"


def open_library(page: Page) -> None:
    page.get_by_role("tab", name="Library").click()
    page.locator("#documents table.documents").wait_for()


def test_table_lists_every_document(page: Page, stored: Library) -> None:
    open_library(page)
    cards = stored.documents()
    assert page.locator("#documents a.title").all_text_contents() == [card.title for card in cards]
    row = page.locator("#documents tbody tr", has_text="A Short History of the Forum")
    told = [text.strip() for text in row.locator("td:not(.empty)").all_inner_texts()]
    assert told[1:-1] == ["2023-05-04", "English", "1 passage", "Fine"]
    expect(row).to_contain_text("A. Writer")


def test_the_table_is_sorted_and_narrowed(page: Page, stored: Library) -> None:
    open_library(page)
    titles, box = page.locator("#documents a.title"), page.locator("#narrow :is(input, textarea)")
    page.wait_for_timeout(1_500)  # until the table's own script listens to its new buttons
    page.locator("#documents button.sort", has_text="Passages").click()
    expect(page.locator("#documents th[aria-sort=ascending]")).to_have_text("Passages")
    expect(page.locator("#documents button.sort", has_text="Passages")).to_be_focused()
    counts = {card.title: card.passages for card in stored.documents()}
    shown = [counts[title] for title in titles.all_text_contents()]
    assert shown == sorted(counts.values())
    box.fill("KOREAN 포럼")
    expect(titles).to_have_text(["협력 포럼"])
    box.fill("no such words")
    expect(page.locator("#documents")).to_contain_text("No document has “no such words”")
    box.fill("")
    expect(titles).to_have_count(len(counts))
    assert page.evaluate(
        "document.querySelector('#work').scrollWidth <= document.querySelector('#work').clientWidth"
    )


def test_edit_and_check(page: Page, stored: Library) -> None:
    document_id = _id_of(stored, "forum-16.ko.md")
    open_library(page)
    row = page.locator("#documents tbody tr", has_text="협력 포럼")
    page.wait_for_timeout(1_500)  # until the table's own script listens to its new buttons
    row.get_by_role("button", name="Edit").click()
    form = page.locator("#edit-form form")
    form.get_by_label("Authors").fill("김 하나\nAnn Lee")
    form.get_by_label("Date").fill("yesterday")
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".field.published .error")).to_contain_text("This is no date")
    expect(form.get_by_label("Date")).to_have_value("yesterday")
    expect(form.get_by_label("Authors")).to_have_value("김 하나\nAnn Lee")
    assert stored.card(document_id).authors == ()
    form.get_by_label("Date").fill("2023-11")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    expect(row).to_contain_text("김 하나, Ann Lee")
    expect(page.locator("#source-list li", has_text="협력 포럼")).to_contain_text("2023")
    assert stored.card(document_id).published == "2023-11"
    row.get_by_role("button", name="Edit").click()
    expect(form).to_contain_text("Given by an editor")
    form.get_by_role("button", name="Cancel").click()
    expect(form).to_have_count(0)
    stored.edit(document_id, authors="", published="")
    page.locator("#check").click()
    expect(page.locator("#health")).to_contain_text("4 documents were checked", timeout=60_000)


def test_what_is_about_to_be_removed_is_named_in_sight_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_library(page)
    page.wait_for_timeout(1_500)  # until the table's own script listens to its new buttons
    page.locator("#documents button.remove").last.click()
    title = page.locator("#confirm h2")
    expect(title).to_be_visible()
    page.wait_for_timeout(500)  # until it was brought into view
    strip, named = page.locator("#work .tab-wrapper").bounding_box(), title.bounding_box()
    assert strip and named
    assert strip["y"] + strip["height"] <= named["y"] <= 844 - named["height"]
    page.get_by_role("button", name="Keep it").click()


def test_browse_a_document_and_its_passages(page: Page, stored: Library) -> None:
    open_library(page)
    page.locator("#documents a.title", has_text="Trade by Country").click()
    viewer = page.frame_locator("iframe[name=source]")
    expect(viewer.locator("h1")).to_have_text("Trade by Country")
    assert viewer.locator("tbody tr").first.locator("td").all_text_contents() == ["Uzbekistan", "2 183 539"]
    viewer.get_by_role("link", name="Passages").click()
    card = next(card for card in stored.documents() if card.title == "Trade by Country")
    expect(viewer.locator("ol.passages > li")).to_have_count(card.passages)
    viewer.get_by_role("link", name="Passage 1", exact=True).click()
    expect(viewer.locator("#quote")).to_be_visible()


def test_upload_ask_and_remove(page: Page, tmp_path: Path, server: Server, stored: Library) -> None:
    report, copy, broken = tmp_path / "다리 bridges.md", tmp_path / "forum.md", tmp_path / "empty.pdf"
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * (50 * 1024 * 1024 + 1))
    report.write_text(REPORT, encoding="utf-8")
    copy.write_bytes(stored.original(_id_of(stored, "forum.md")).read_bytes())
    broken.write_bytes(b"")
    open_library(page)
    page.locator("#upload input[type=file]").set_input_files([report, copy, large, broken])
    outcomes = page.locator("#outcome li")
    expect(page.locator("#outcome")).to_contain_text("3 of 3 done", timeout=60_000)
    expect(outcomes).to_have_count(3)
    expect(page.locator("#too-large li")).to_have_text(
        "large.txt Refused: Too large: it has 51 MB; the limit is 50 MB."
    )
    assert [item.get_attribute("class") for item in outcomes.all()] == ["added", "unchanged", "refused"]
    expect(outcomes.nth(0)).to_contain_text("다리 bridges.md")
    expect(outcomes.nth(2)).to_contain_text("the file is empty")
    expect(page.locator("#documents a.title", has_text="Bridges of Tashmere")).to_be_visible()

    result = ask(page, "How long is the longest bridge of Tashmere?")
    expect(result.locator(".short")).to_contain_text("1,340")
    document_id, start, end = span_of(result.locator("section.answer a.open"))
    assert marked(result.locator("section.answer"), "quote") == stored.document(document_id).text[start:end]
    assert stored.original(document_id).read_bytes() == report.read_bytes()
    assert server.uploads_left() == []

    open_library(page)
    page.locator("#addresses :is(input, textarea)").fill(f"{server.url}/source /etc/passwd")
    page.locator("#fetch").click()
    expect(page.locator("#fetched")).to_contain_text("2 of 2 done", timeout=60_000)
    expect(page.locator("#fetched li").first).to_contain_text("does not lead to the public web")
    expect(page.locator("#fetched li").last).to_contain_text("Not a web address")
    expect(page.locator("#addresses :is(input, textarea)")).to_have_value(f"{server.url}/source /etc/passwd")

    open_library(page)
    page.locator("#check").click()
    forget = page.locator("#health li", has_text="empty.pdf")
    expect(forget).to_contain_text("Empty: the file is empty.", timeout=60_000)
    forget.get_by_role("button").click()
    expect(forget).to_have_count(0, timeout=60_000)
    row = page.locator("#documents tbody tr", has_text="Bridges of Tashmere")
    page.wait_for_timeout(1_500)  # until the table's own script listens to its new buttons
    row.get_by_role("button", name="Remove").click()
    expect(page.locator("#confirm")).to_contain_text("Remove “Bridges of Tashmere”?")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("#confirm")).to_be_hidden()
    expect(row).to_be_visible()
    page.wait_for_timeout(1_500)  # until the table's own script listens to its new buttons
    row.get_by_role("button", name="Remove").click()
    page.locator("#confirm-remove").click()
    expect(row).to_have_count(0)
    assert document_id not in {card.id for card in stored.documents()}
    assert not list((server.folder / "files").glob(f"{document_id}*"))
    assert page.request.get(f"{server.url}/source/{document_id}").status == 404
    expect(ask(page, "How long is the longest bridge of Tashmere?")).not_to_contain_text("1,340")


def test_the_table_grows_with_each_file_while_others_are_added(
    page: Page, tmp_path: Path, stored: Library
) -> None:
    first, second = tmp_path / "mills.md", tmp_path / "weirs.md"
    first.write_text("# Mills of Tashmere\n\nThere are nine mills in Tashmere.\n", encoding="utf-8")
    weirs = "".join(f"Weir {number} of Tashmere is {number} metres wide.\n\n" for number in range(1500))
    second.write_text(f"# Weirs of Tashmere\n\n{weirs}", encoding="utf-8")
    open_library(page)
    # Looked at with every change: whether the first is listed while the second is under way.
    page.evaluate("""() => {
      const read = (place) => document.querySelector(place)?.textContent || '';
      window.listedEarly = false;
      new MutationObserver(() => {
        const listed = ['#documents', '#source-list'].every((place) => read(place).includes('Mills of Tashmere'));
        if (listed && read('#outcome').includes('1 of 2 done')) window.listedEarly = true;
      }).observe(document.querySelector('#desk'), {childList: true, subtree: true, characterData: true});
    }""")
    try:
        page.locator("#upload input[type=file]").set_input_files([first, second])
        expect(page.locator("#outcome")).to_contain_text("2 of 2 done", timeout=60_000)
        expect(page.locator("#documents a.title", has_text="Weirs of Tashmere")).to_be_visible()
        assert page.evaluate("window.listedEarly")
    finally:
        for source in ("mills.md", "weirs.md"):
            stored.remove(source)


def test_a_namesake_is_kept_unless_it_is_to_be_replaced(page: Page, tmp_path: Path, stored: Library) -> None:
    reports = [tmp_path / folder / "wells.md" for folder in "abc"]
    for number, report in enumerate(reports, start=1):
        report.parent.mkdir()
        report.write_text(f"# Wells {number}\n\nThere are {number}00 wells in Tashmere.\n", encoding="utf-8")
    open_library(page)
    outcome, upload = page.locator("#outcome"), page.locator("#upload input[type=file]")
    try:
        for report, told in (
            (reports[0], "Added: it can be asked about now."),
            (reports[1], "Added as “wells (2).md”"),
            (reports[1], "Already here, unchanged."),
        ):
            upload.set_input_files([report])
            expect(outcome).to_contain_text(told, timeout=60_000)
        assert _titles(stored) == {"wells.md": "Wells 1", "wells (2).md": "Wells 2"}
        page.get_by_label("Replace documents of the same name").check()
        upload.set_input_files([reports[2]])
        expect(outcome).to_contain_text("Replaced: the earlier version is gone.", timeout=60_000)
        assert _titles(stored) == {"wells.md": "Wells 3", "wells (2).md": "Wells 2"}
    finally:
        for source in _titles(stored):
            stored.remove(source)


def _titles(library: Library) -> dict[str, str]:
    """Of the reports of wells, by their sources."""
    return {card.source: card.title for card in library.documents() if card.source.startswith("wells")}


def _id_of(library: Library, source: str) -> str:
    return next(card.id for card in library.documents() if card.source == source)
