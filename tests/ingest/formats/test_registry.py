"""The registry: which reader for which file, and refusals that say what a file really is."""

from __future__ import annotations

import pytest

from ingest.errors import FormatMismatch, UnknownFormat
from ingest.formats import FORMATS, pick, suffix_of

PAGE = b"\xef\xbb\xbf <!-- x -->\n<!DOCTYPE html><html><p>Hello</p></html>"


@pytest.mark.parametrize(
    ("data", "source", "name"),
    [
        (b"%PDF-1.7 ...", "/a/b.PDF", "pdf"),
        (b"%PDF-1.7 ...", "https://example.org/get?file=3", "pdf"),
        (b"%PDF-1.7 ...", "/a/scan.dat", "pdf"),
        (PAGE, "/a/page.htm", "html"),
        (PAGE, "page", "html"),
        (b"<p>no head</p>", "a.html", "html"),
        (b"PK\x03\x04...word/document.xml", "a.docx", "docx"),
        (b"# Title", "a.md", "markdown"),
        (b"Title", "a.txt", "text"),
        (b"Title", "README", "text"),
    ],
)
def test_pick(data: bytes, source: str, name: str) -> None:
    assert pick(data, source).name == name


@pytest.mark.parametrize(
    ("data", "source", "message"),
    [
        (PAGE, "law.pdf", "the name says a PDF, the content is an HTML page"),
        (b"%PDF-1.4", "law.txt", "the name says plain text, the content is a PDF"),
        (b"\x89PNG\r\n", "law.pdf", "a PNG picture"),
        (b"PK\x03\x04 xl/workbook.xml", "table.pdf", "a ZIP archive or an Office file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old.docx", "old Word file"),
    ],
)
def test_a_name_that_contradicts_the_content(data: bytes, source: str, message: str) -> None:
    with pytest.raises(FormatMismatch, match=message):
        pick(data, source)


def test_unknown_suffix_names_the_readable_ones() -> None:
    with pytest.raises(
        UnknownFormat, match=r"no reader for “\.csv” files. Readable are \.pdf, .*\.docx, .*\.txt"
    ):
        pick(b"a,b\n1,2", "table.csv")


def test_suffixes() -> None:
    assert suffix_of("https://example.org/a/Law%20.PDF?x=1.txt#y") == ".pdf"
    assert suffix_of("/tmp/한국.Md") == ".md"
    assert suffix_of("C:\\docs\\a.b\\file") == ""
    suffixes = [suffix for format in FORMATS for suffix in format.suffixes]
    assert len(set(suffixes)) == len(suffixes)
