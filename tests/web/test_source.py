"""The source viewer over HTTP: the right page, boxes on the very words, and refusals of what is nonsense."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from io import BytesIO

import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient

from index.encoder import OpenVinoEncoder
from index.errors import UnknownDocument
from index.intake import add_bytes
from index.library import Library
from ingest.document import Document
from ingest.errors import SandboxFailed, TookTooLong
from ingest.formats.pdf_boxes import characters_under
from ingest.sandbox import Sandbox
from tests.web import shelf
from web.guard import Guard
from web.interface import ENGLISH, NAMES, Interface
from web.page_pictures import PagePictures
from web.source.routes import source_routes
from web.words import source_link

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@dataclass(frozen=True, slots=True)
class Viewer:
    client: TestClient
    library: Library
    ids: dict[str, str]

    def document(self, name: str) -> Document:
        return self.library.document(self.ids[name])

    def quoted(self, name: str, words: str) -> str:
        """The page that a link to a quotation opens."""
        start = self.document(name).text.index(words)
        link = source_link(Interface(), self.ids[name], start, start + len(words))
        return self.client.get(unescape(link).partition("#")[0]).text


@pytest.fixture(scope="module")
def viewer(
    tmp_path_factory: pytest.TempPathFactory, encoder: OpenVinoEncoder, readers: Sandbox
) -> Iterator[Viewer]:
    with Library(tmp_path_factory.mktemp("viewer") / "library", encoder) as library:
        files = {"labelled.pdf": shelf.labelled(), "turned.pdf": shelf.turned()}
        files["roads.md"] = shelf.MARKDOWN.encode()
        ids = {}
        for name, data in files.items():
            outcome = add_bytes(library, data, name, reader=readers)
            assert outcome.status == "added", outcome
            ids[name] = outcome.document_id
        data, document = shelf.scan()
        library.add(document, data)
        ids["scan.pdf"] = document.id
        yield Viewer(client(library, PagePictures(library, readers)), library, ids)


def client(library: Library, pictures: PagePictures) -> TestClient:
    app = FastAPI()
    app.include_router(source_routes(library, pictures))
    app.add_middleware(Guard, hosts=frozenset({"desk"}))
    return TestClient(app, base_url="http://desk")


def size_of(viewer: Viewer, name: str, page: int) -> tuple[float, float]:
    """In points, as the picture of the page has it."""
    drawn = viewer.client.get(f"/page/{viewer.ids[name]}/{page}.png?scale=4").content
    width, height = Image.open(BytesIO(drawn)).size
    return width / 4, height / 4


def under(viewer: Viewer, name: str, html: str, page: int) -> str:
    """The characters that are printed under the boxes of a page."""
    data = viewer.library.original(viewer.ids[name]).read_bytes()
    return characters_under(data, shelf.boxes_of(html, *size_of(viewer, name, page), page))


def squeezed(text: str) -> str:
    return re.sub(r"[\s-]+", "", text)


def test_a_link_opens_the_page_of_the_quotation_with_boxes_on_its_words(viewer: Viewer) -> None:
    words = "grew in every year"
    html = viewer.quoted("labelled.pdf", words)
    assert f'src="/page/{viewer.ids["labelled.pdf"]}/3.png?scale=2" alt="Roads to Tashkent, page 1"' in html
    assert html.count('class="box ') == 1
    assert 'id="quote" role="img" aria-label="the quotation"' in html
    assert under(viewer, "labelled.pdf", html, 3) == words
    assert f'lang="en" dir="auto">{words}</p>' in html  # for who cannot see the picture


def test_a_quotation_over_two_pages_shows_its_part_on_each(viewer: Viewer) -> None:
    document = viewer.document("labelled.pdf")
    start = document.text.index(shelf.BROKEN[:20])
    end = document.text.index("page to its end.") + len("page to its end.")
    assert [page.label for page in (document.page_at(start), document.page_at(end - 1))] == ["1", "2"]
    address = f"/source/{document.id}?start={start}&end={end}"
    first = viewer.client.get(address).text
    link = re.search(r'<a href="([^"]+)">Its part on page 2</a>', first)
    assert link
    second = viewer.client.get(unescape(link[1])).text
    assert "/4.png?" in second
    back = re.search(r'<a href="([^"]+)">Its part on page 1</a>', second)
    assert back
    assert squeezed(viewer.client.get(unescape(back[1])).text) == squeezed(
        viewer.client.get(f"{address}&view=page&page=3").text
    )
    printed = under(viewer, "labelled.pdf", first, 3) + under(viewer, "labelled.pdf", second, 4)
    assert squeezed(printed) == squeezed(shelf.BROKEN)
    elsewhere = viewer.client.get(f"{address}&page=1").text
    assert 'class="box' not in elsewhere
    assert "The quotation is on page 1" in elsewhere


@pytest.mark.parametrize("page", [1, 2, 3, 4])
def test_turned_and_cropped_pages(viewer: Viewer, page: int) -> None:
    document = viewer.document("turned.pdf")
    (start,) = (
        match.start()
        for match in re.finditer("cropped at its edges", document.text)
        if document.page_at(match.start()).number == page
    )
    html = viewer.client.get(f"/source/{document.id}?start={start}&end={start + 20}").text
    assert f"/{page}.png" in html
    assert under(viewer, "turned.pdf", html, page) == "cropped at its edges"
    width, height = size_of(viewer, "turned.pdf", page)
    assert (round(width), round(height)) == ((520, 710) if page % 2 else (710, 520))
    shape = re.search(r"aspect-ratio:([\d.]+)/([\d.]+)", html)
    assert shape
    assert (float(shape[1]), float(shape[2])) == pytest.approx((width, height), abs=0.5)


def test_recognised_words_of_a_scan(viewer: Viewer) -> None:
    html = viewer.quoted("scan.pdf", "words stand here")
    drawn = viewer.client.get(f"/page/{viewer.ids['scan.pdf']}/1.png?scale=1").content
    image = Image.open(BytesIO(drawn)).convert("L")
    boxes = shelf.boxes_of(html, 595, 842, 1)
    assert [round(box.left) for box in boxes] in ([260], [260, 360], [260, 360, 460])
    assert round(max(box.right for box in boxes)) == 530
    for box in boxes:  # the bars that stand for the words are under them, and the first is not
        part = image.crop((round(box.left), round(842 - box.top), round(box.right), round(842 - box.bottom)))
        assert sum(part.histogram()[:128]) > 0.7 * part.width * part.height
    assert image.getpixel((150, 842 - 506)) == 0


def test_boxes_do_not_move_with_the_zoom(viewer: Viewer) -> None:
    document = viewer.document("labelled.pdf")
    start = document.text.index("grew in every")
    shown = {
        zoom: viewer.client.get(f"/source/{document.id}?start={start}&end={start + 13}&zoom={zoom}").text
        for zoom in ("fit", "100", "150", "200", "1000000", "javascript:alert(1)")
    }
    rules = {zoom: re.findall(r"\.box-1\{[^}]+\}", html) for zoom, html in shown.items()}
    assert len({tuple(rule) for rule in rules.values()}) == 1
    assert len(rules["fit"]) == 1
    assert ".sheet{max-width:none;width:793.7px}" in shown["100"]  # 210 mm
    assert ".sheet{max-width:none;width:1587.4px}" in shown["200"]
    assert "max-width:none" not in shown["fit"] + shown["1000000"] + shown["javascript:alert(1)"]


def test_pages_are_found_by_number_and_by_printed_label(viewer: Viewer) -> None:
    id = viewer.ids["labelled.pdf"]

    def page_of(query: str) -> str:
        html = viewer.client.get(f"/source/{id}?{query}").text
        (number,) = re.findall(rf'src="/page/{id}/(\d+)\.png', html)
        return str(number)

    assert page_of("") == "1"
    assert page_of("page=4") == "4"
    assert page_of("label=1") == "3"
    assert page_of("label=ii&page=4") == "2"
    assert page_of("label=+II+") == "2"
    assert page_of("label=&page=4") == "4"
    html = viewer.client.get(f"/source/{id}?page=2&theme=dark&zoom=150").text
    assert '<input name="label" value="ii"' in html
    steps = re.findall(r'class="step" href="([^"]+)" aria-label="(\w+)', html)
    assert [(re.findall(r"page=(\d)", link), called) for link, called in steps] == [
        (["1"], "Previous"),
        (["3"], "Next"),
    ]
    assert all("theme=dark" in link and "zoom=150" in link for link, _ in steps)
    assert '<html lang="en" data-theme="dark">' in html
    assert "data-theme" not in viewer.client.get(f"/source/{id}?theme=%22%3E%3Cscript%3E").text


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=5",
        "page=1000000000",
        "page=1e3",
        "page=nan",
        "page=%00",
        "page=²",
        "label=iii",
        f"page={'9' * 5000}",
        "label=%3Cscript%3Ealert(1)%3C/script%3E",
        "label=" + "x" * 3000,
    ],
)
def test_a_page_that_is_not_there_is_said_so(viewer: Viewer, query: str) -> None:
    answer = viewer.client.get(f"/source/{viewer.ids['labelled.pdf']}?{query}")
    assert answer.status_code == 404
    assert "No such page" in answer.text
    assert "4 pages" in answer.text
    assert "<script" not in answer.text
    assert "x" * 100 not in answer.text
    assert "9" * 100 not in answer.text
    assert 'name="label" value="i"' in answer.text  # another can be asked for
    assert 'class="zoom"' in answer.text


def test_a_wrong_label_leaves_the_reader_at_the_page_where_they_were(viewer: Viewer) -> None:
    document = viewer.document("labelled.pdf")
    start = document.text.index("grew in every year")
    where = f"start={start}&end={start + 18}&page=4&zoom=150&theme=dark"
    answer = viewer.client.get(f"/source/{document.id}?{where}&label=nowhere")
    assert answer.status_code == 404
    assert "No page is labelled “nowhere”" in answer.text
    assert "/4.png" not in answer.text  # the message stands in the page's place
    back = re.search(r'<a href="([^"]+)">Open page 2</a>', answer.text)
    assert back
    assert "/4.png" in viewer.client.get(unescape(back[1])).text
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text))
    assert {name: sent[name] for name in ("page", "zoom", "theme", "start")} == {
        "page": "4",
        "zoom": "150",
        "theme": "dark",
        "start": str(start),
    }
    action = re.search(r'<form action="([^"]+)">', answer.text)
    assert action
    assert "/2.png" in viewer.client.get(action[1], params={**sent, "label": "ii"}).text


@pytest.mark.parametrize(
    "query",
    [
        "start=9&end=3",
        "start=-4&end=9",
        "start=3&end=3",
        "start=0&end=99999999",
        "start=1",
        "end=5",
        "start=nan&end=4",
        "start=1&end=4.5",
        "start=%D9%A1&end=4",
        f"start=1&end={'9' * 5000}",
    ],
)
@pytest.mark.parametrize("name", ["labelled.pdf", "roads.md"])
def test_a_place_that_is_not_there_marks_nothing_and_says_so(viewer: Viewer, name: str, query: str) -> None:
    answer = viewer.client.get(f"/source/{viewer.ids[name]}?{query}")
    assert answer.status_code == 200
    assert "The link names no place in this document" in answer.text
    assert 'id="quote"' not in answer.text


def test_other_formats_are_text_with_an_outline(viewer: Viewer) -> None:
    html = viewer.quoted("roads.md", "1,340 metres")
    assert '<mark id="quote" class="quote">1,340 metres</mark>' in html
    assert '<div class="text" lang="en" dir="auto">' in html
    headings = re.findall(
        r'<a href="([^"]+)"( aria-current="true")?>([^<]+)</a>', html.partition('"text"')[0]
    )
    outlined = [(unescape(link), bool(here), unescape(words)) for link, here, words in headings][-4:]
    assert [words for _, _, words in outlined] == [
        "Roads of the Valley",
        "Bridges <b>& tunnels</b>",
        "Costs",
        "Ferries",
    ]
    assert [here for _, here, _ in outlined] == [False, True, False, False]
    for link, _, _ in outlined:
        fragment = link.partition("#")[2]
        assert re.search(rf'<h\d id="{fragment}">', html)
    assert 'aria-current="page">Text</a>' in html
    assert ">Page</a>" not in html
    assert html == viewer.quoted("roads.md", "1,340 metres")


def test_the_outline_of_a_pdf_leads_to_its_pages(viewer: Viewer) -> None:
    html = viewer.client.get(f"/source/{viewer.ids['labelled.pdf']}?page=4").text
    entries = re.findall(
        r'<a href="[^"]*page=(\d)"( aria-current="true")?><span class="at">(\w+)</span>([^<]+)</a>', html
    )
    assert entries == [
        ("1", "", "i", "Preface"),
        ("2", "", "ii", "Contents"),
        ("3", ' aria-current="true"', "1", "Agreements"),
    ]


def test_views_keep_the_place(viewer: Viewer) -> None:
    document = viewer.document("labelled.pdf")
    html = viewer.client.get(f"/source/{document.id}?page=2").text
    text = re.search(r'<a href="([^"]+)">Text</a>', html)
    assert text
    assert text[1].endswith("#page-2")
    assert 'id="page-2"' in viewer.client.get(unescape(text[1])).text
    quoted = viewer.quoted("labelled.pdf", "grew in every")
    text = re.search(r'<a href="([^"]+)">Text</a>', quoted)
    assert text
    assert text[1].endswith("#quote")
    as_text = viewer.client.get(unescape(text[1])).text
    assert '<mark id="quote" class="quote">grew in every</mark>' in as_text
    back = re.search(r'<a href="([^"]+)">Page</a>', as_text)
    assert back
    assert "/3.png" in viewer.client.get(unescape(back[1])).text
    passages = viewer.client.get(f"/source/{document.id}?view=passages").text
    assert passages.count("<li>") == viewer.library.card(document.id).passages


def links_of(html: str) -> list[str]:
    """Where a page of the viewer leads inside the viewer."""
    links = re.findall(r'href="(/source/[^"]+)"', html)
    assert links
    return [unescape(link) for link in links]


@pytest.mark.parametrize("language", ["ko", "ru"])
def test_the_language_of_the_interface_is_kept_and_the_documents_stays(viewer: Viewer, language: str) -> None:
    document = viewer.document("labelled.pdf")
    start = document.text.index("grew in every")
    address = f"/source/{document.id}?start={start}&end={start + 13}&lang={language}"
    for view in ("", "&view=text", "&view=passages", "&page=1"):
        html = viewer.client.get(address + view).text
        assert f'<html lang="{language}">' in html
        assert '<h1 lang="en" dir="auto">Roads to Tashkent</h1>' in html
        assert all(f"lang={language}" in link for link in links_of(html))
        assert f'href="/original/{document.id}?lang={language}"' in html
    html = viewer.client.get(address).text
    assert f'<input type="hidden" name="lang" value="{language}">' in html
    assert f"/3.png?scale=2&amp;lang={language}" in html
    assert f" · {Interface(language).language_of('en')} · " in html
    gone = viewer.client.get(f"/source/{'0' * 32}?lang={language}")
    assert (gone.status_code, f'<html lang="{language}">' in gone.text) == (404, True)
    no_page = viewer.client.get(f"/source/{document.id}?page=99&lang={language}").text
    assert f'<html lang="{language}">' in no_page
    reasons = {
        "ko": "99쪽이 없습니다. 문서는 모두 4쪽입니다.",
        "ru": "Страницы 99 нет; в документе 4 страницы.",
    }
    assert reasons[language] in no_page
    assert f'<html lang="{language}">' in viewer.client.get(f"/source?lang={language}").text


@pytest.mark.parametrize("language", ["", "en", "xx", "KO", "../ko", "%22%3E%3Cscript%3E", "k" * 5000])
def test_a_language_that_is_none_of_ours_is_english(viewer: Viewer, language: str) -> None:
    html = viewer.client.get(f"/source/{viewer.ids['labelled.pdf']}?lang={language}").text
    assert html == viewer.client.get(f"/source/{viewer.ids['labelled.pdf']}").text
    assert '<html lang="en">' in html
    assert "lang=" not in "".join(links_of(html))


def test_titles_are_inert(viewer: Viewer) -> None:
    id = viewer.ids["labelled.pdf"]
    viewer.library.edit(id, title=HOSTILE)
    try:
        for query in ("", "view=text", "view=passages", "page=99", "start=10&end=20"):
            answer = viewer.client.get(f"/source/{id}?{query}")
            assert "<script" not in answer.text
            assert "<img src=x" not in answer.text
            assert "alert(1)" in answer.text
    finally:
        viewer.library.edit(id, title="")


def test_no_script_may_run_and_only_our_own_style(viewer: Viewer) -> None:
    quoted = viewer.client.get(f"/source/{viewer.ids['labelled.pdf']}?start=10&end=30")
    policy = quoted.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self' 'sha256-")
    assert "script" not in policy
    assert "unsafe" not in policy
    assert quoted.text.count("<style>") == 1
    assert ' style="' not in quoted.text  # such would be blocked
    plain = viewer.client.get(f"/source/{viewer.ids['roads.md']}")
    assert "sha256" not in plain.headers["content-security-policy"]
    assert quoted.headers["cache-control"] == plain.headers["cache-control"] == "no-store"


def test_a_picture_is_kept_by_the_browser_as_long_as_it_is_in_the_library(viewer: Viewer) -> None:
    path = f"/page/{viewer.ids['labelled.pdf']}/1.png?scale=1"
    first = viewer.client.get(path)
    assert (first.status_code, first.headers["content-type"]) == (200, "image/png")
    assert Image.open(BytesIO(first.content)).size == (596, 842)
    assert first.headers["cache-control"] == "private, no-cache"
    again = viewer.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = viewer.client.get(
        path.replace("scale=1", "scale=2"), headers={"If-None-Match": first.headers["etag"]}
    )
    assert other.status_code == 200
    gone = path.replace(viewer.ids["labelled.pdf"], "0" * 32)
    assert viewer.client.get(gone, headers={"If-None-Match": first.headers["etag"]}).status_code == 404


@pytest.mark.parametrize(
    "scale", ["nan", "inf", "-inf", "0", "-1", "0.49", "4.01", "1e9", "", "two", "1" * 5000]
)
def test_a_scale_out_of_bounds_is_refused(viewer: Viewer, scale: str) -> None:
    answer = viewer.client.get(f"/page/{viewer.ids['labelled.pdf']}/1.png", params={"scale": scale})
    assert answer.status_code == 400
    assert answer.text == "scale is a number from 0.5 to 4, such as scale=2."


@pytest.mark.parametrize("language", [language for language in NAMES if language != ENGLISH])
def test_why_there_is_no_picture_is_told_in_the_reader_s_language(viewer: Viewer, language: str) -> None:
    say = Interface(language)
    pdf, text = viewer.ids["labelled.pdf"], viewer.ids["roads.md"]
    told = {
        f"{pdf}/1.png?scale=9&lang={language}": say(
            "scale is a number from {least} to {most}, such as scale=2.", least="0.5", most="4"
        ),
        f"{'0' * 32}/1.png?lang={language}": say(
            "This document is not in the library. It may have been removed."
        ),
        f"{pdf}/9.png?lang={language}": say(
            "there is no page {page}; it has {pages}.", page="9", pages=say.number(4)
        ),
        f"{text}/1.png?lang={language}": say(
            "{source} is no PDF: it has no pages to be drawn. Open it as text.", source="roads.md"
        ),
    }
    for path, words in told.items():
        assert viewer.client.get(f"/page/{path}").text == words
        assert viewer.client.get(f"/page/{path.partition('lang=')[0]}").text != words


@pytest.mark.parametrize(
    "path",
    [
        "{pdf}/0.png",
        "{pdf}/5.png",
        "{pdf}/1000000000.png",
        "{pdf}/-1.png",
        "{pdf}/1e3.png",
        "{pdf}/x.png",
        "{pdf}/1",
        "{pdf}/1.jpg",
        "{pdf}/.png",
        "{md}/1.png",
        "{zero}/1.png",
        "..%2f..%2fetc%2fpasswd/1.png",
        "{pdf}/..%2f..%2fcatalog.png",
        "%00/1.png",
        "../../etc/passwd",
        "{pdf}/" + "1" * 5000 + ".png",
    ],
)
def test_a_picture_that_is_not_there(viewer: Viewer, path: str) -> None:
    ids = {"pdf": viewer.ids["labelled.pdf"], "md": viewer.ids["roads.md"], "zero": "0" * 32}
    answer = viewer.client.get(f"/page/{path.format(**ids)}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith(("text/plain", "application/json"))
    assert b"root:" not in answer.content


@pytest.mark.parametrize("id", ["0" * 32, "..%5c..%5cetc", "%00", "x" * 5000, "%3Cscript%3E"])
def test_a_document_that_is_not_there(viewer: Viewer, id: str) -> None:
    answer = viewer.client.get(f"/source/{id}?theme=dark")
    assert answer.status_code == 404
    assert "Not in the library" in answer.text
    assert "<script" not in answer.text


class Failing:
    """A sandbox that refuses."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def run(self, job: str, data: bytes, source: str, arguments: object = None) -> bytes:
        raise self.error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (TookTooLong("f.pdf", "reading it took more than 30 seconds & <more>."), 422),
        (SandboxFailed("No process can be started."), 503),
    ],
)
def test_what_the_sandbox_refuses_is_said_in_place_of_the_page(
    viewer: Viewer, error: Exception, status: int
) -> None:
    refusing = client(viewer.library, PagePictures(viewer.library, Failing(error)))
    id = viewer.ids["labelled.pdf"]
    drawn = refusing.get(f"/page/{id}/1.png")
    assert (drawn.status_code, drawn.headers["content-type"]) == (status, "image/svg+xml")
    assert drawn.headers["cache-control"] == "no-store"
    assert "This page cannot be drawn." in drawn.text
    assert "<more>" not in drawn.text
    shown = refusing.get(f"/source/{id}?start=10&end=20")
    assert shown.status_code == 200
    assert "This page cannot be shown" in shown.text
    assert "30 seconds &amp; &lt;more&gt;" in shown.text or "No process can be started." in shown.text
    assert f"/page/{id}" not in shown.text
    link = re.search(r'<a href="([^"]+)">Read it as text</a>', shown.text)
    assert link
    assert '<mark id="quote"' in refusing.get(unescape(link[1])).text


def test_a_document_that_is_removed_while_it_is_opened(viewer: Viewer) -> None:
    removed = client(viewer.library, PagePictures(viewer.library, Failing(UnknownDocument("gone"))))
    assert removed.get(f"/source/{viewer.ids['labelled.pdf']}").status_code == 404
    assert removed.get(f"/page/{viewer.ids['labelled.pdf']}/1.png").status_code == 404


def test_another_file_in_place_of_the_original_is_not_marked(viewer: Viewer) -> None:
    path = viewer.library.original(viewer.ids["turned.pdf"])
    kept = path.read_bytes()
    address = f"/source/{viewer.ids['turned.pdf']}?start=4&end=8"
    try:
        path.write_bytes(shelf.labelled())
        assert "is not what was read" in viewer.client.get(address).text
        path.unlink()
        assert "is gone from the library" in viewer.client.get(address).text
        assert str(path) not in viewer.client.get(address).text
    finally:
        path.write_bytes(kept)
    assert 'class="box' in viewer.client.get(address).text
