"""E-books: chapters in the order of the spine, printed pages, notes, locked and broken books."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from ingest.errors import DamagedFile, EmptyFile, HostileFile, PasswordNeeded
from ingest.formats.epub import read

CONTAINER = """<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Внешняя политика</dc:title>
<dc:creator>Kim Min</dc:creator><dc:creator>Ольга Пак</dc:creator><dc:publisher>Seoul Press</dc:publisher>
<dc:date>2021-03-05T00:00:00Z</dc:date><dc:language>ru</dc:language>
<dc:identifier>urn:doi:10.1234/book.5</dc:identifier><dc:identifier>https://example.org/book</dc:identifier></metadata>
<manifest><item id="two" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="notes" href="text/notes.xhtml" media-type="application/xhtml+xml"/>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>
<spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/><itemref idref="notes"/></spine></package>"""
NAV = '<html><body><nav epub:type="toc"><a href="text/one.xhtml">Contents: one</a></nav></body></html>'


def _page(body: str) -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/><script src="x.js"/>
</head><body>{body}</body></html>"""


FILES = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OPS/book.opf": PACKAGE,
    "OPS/nav.xhtml": NAV,
    "OPS/toc.ncx": '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"/>',
    "OPS/text/one.xhtml": _page('<h1>Глава 1</h1><p>Первая&#160;глава.<a id="x"/> 대한민국.</p>'),
    "OPS/text/two b.xhtml": _page(
        "<h1>2-bob</h1><p>Savdo oʻsdi.<a epub:type='noteref' href='notes.xhtml#n1'>1</a></p>"
        "<table><tr><th>Davlat</th><th>2022</th></tr><tr><td>Oʻzbekiston</td><td>12</td></tr></table>"
    ),
    "OPS/text/notes.xhtml": _page('<aside epub:type="footnote" id="n1"><p>Vazirlik.</p></aside>'),
}


def _book(**changes: str | None) -> bytes:
    """The book with some files changed, named by the end of their names, or left out."""
    out = BytesIO()
    files = dict(FILES)
    for key, text in changes.items():
        name = next(
            (name for name in files if name.rpartition("/")[2].startswith(key)), f"META-INF/{key}.xml"
        )
        if text is None:
            del files[name]
        else:
            files[name] = text
    with ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_chapters_in_order_with_notes_tables_and_metadata() -> None:
    content = read(_book(), "b.epub")
    assert content.text.split("\n\n") == [
        "Глава 1",
        "Первая глава. 대한민국.",
        "2-bob",
        "Savdo oʻsdi.[1]",
        "Davlat\t2022\nOʻzbekiston\t12",
        "[1] Vazirlik.",
    ]
    assert [section.heading for section in content.sections] == ["Глава 1", "2-bob"]
    assert [page.label for page in content.pages] == [""]
    assert content.tables[0].head_rows == 1
    stated = content.metadata
    assert (stated.title, stated.authors) == ("Внешняя политика", ("Kim Min", "Ольга Пак"))
    assert (stated.publisher, stated.published, stated.language) == ("Seoul Press", "2021-03-05", "ru")
    assert (stated.doi, stated.url) == ("10.1234/book.5", "https://example.org/book")
    assert set(stated.origins.values()) == {"file"}


def _labels(data: bytes) -> list[tuple[str, str]]:
    content = read(data, "b.epub")
    return [(page.label, content.text[page.start : page.end].strip()) for page in content.pages]


def test_printed_pages_break_inside_paragraphs() -> None:
    one = "<p>Front.</p><span epub:type='pagebreak' title='iv'/><p>It was "
    one += "<span role='doc-pagebreak' aria-label='5'/>agreed "
    one += "by co<span epub:type='pagebreak' title='6'></span>operation.</p>"
    data = _book(
        one=_page(one), two=_page("<div epub:type='pagebreak' id='p7'>7</div><p>End.</p>"), notes=None
    )
    assert _labels(data) == [
        ("", "Front."),
        ("iv", "It was"),
        ("5", "agreed by co"),
        ("6", "operation."),
        ("7", "End."),
    ]
    assert "It was agreed by cooperation." in read(data, "b.epub").text


def test_a_list_of_printed_pages() -> None:
    pages = '<pageList><pageTarget><navLabel><text>12</text></navLabel><content src="text/one.xhtml#x"/></pageTarget>'
    pages += (
        '<pageTarget><navLabel><text>13</text></navLabel><content src="text/two%20b.xhtml"/></pageTarget>'
    )
    pages += "</pageList>"
    ncx = f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/">{pages}</ncx>'
    nav = NAV.replace(
        "</nav>",
        '</nav><nav epub:type="page-list"><a href="text/one.xhtml#x">12</a><a href="text/two%20b.xhtml">13</a></nav>',
    )
    for data in (_book(toc=ncx), _book(nav=nav)):
        labels = _labels(data)
        assert [label for label, _ in labels] == ["", "12", "13"]
        assert labels[1][1] == "대한민국."


def test_scrambled_fonts_do_not_lock_a_book() -> None:
    locked = "<encryption><EncryptedData><EncryptionMethod Algorithm='{}'/></EncryptedData></encryption>"
    assert read(_book(encryption=locked.format("http://www.idpf.org/2008/embedding")), "b.epub").text
    for method in ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", ""):
        with pytest.raises(PasswordNeeded, match="DRM"):
            read(_book(encryption=locked.format(method)), "b.epub")


def test_a_missing_chapter_is_noted() -> None:
    (note,) = read(_book(two=None), "b.epub").notes
    assert note.kind == "missing_parts"


def test_entities_in_a_chapter_are_not_replaced() -> None:
    page = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    page += "<html><body><p>Text &a;&nbsp;end.</p></body></html>"
    assert "root:" not in read(_book(one=page), "b.epub").text


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"PK\x03\x04", DamagedFile),
        (_book(container=None, book=None), DamagedFile),
        (_book(book="<package"), DamagedFile),
        (_book(one=None, two=None, notes=None), DamagedFile),
        (_book(one=_page("<img/>"), two=_page(""), notes=_page("")), EmptyFile),
        (_book(book='<!DOCTYPE p [<!ENTITY a "b">]><package>&a;</package>'), HostileFile),
    ],
)
def test_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(data, "b.epub")
