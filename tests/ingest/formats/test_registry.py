"""The registry: which reader for which file, and refusals that say what a file really is."""

from __future__ import annotations

import pytest

from ingest.errors import FormatMismatch, UnknownFormat
from ingest.formats import FORMATS, pick, suffix_of
from tests.ingest.formats.made_containers import compound, hwp, paragraph, zipped

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
        (zipped({"word/document.xml": "", "word/embeddings/a/xl/workbook.xml": ""}), "a.docx", "docx"),
        (zipped({"word/document.xml": ""})[:60], "a", "docx"),  # cut short
        (zipped({"xl/workbook.xml": "", "xl/embeddings/word/document.xml": ""}), "a", "xlsx"),
        (zipped({"a": ""}, mimetype="application/epub+zip"), "a", "epub"),
        (zipped({"META-INF/container.xml": ""}), "book", "epub"),
        (zipped({"a": ""}, mimetype="application/vnd.oasis.opendocument.text"), "a.odt", "odt"),
        (zipped({"a": ""}, mimetype="application/vnd.oasis.opendocument.text-template"), "a", "odt"),
        (zipped({"a": ""}, mimetype="application/hwp+zip"), "a.hwpx", "hwpx"),
        (zipped({"META-INF/container.xml": "", "Contents/content.hpf": ""}), "a", "hwpx"),
        (b"PK\x03\x04" + bytes(60), "a.xlsx", "xlsx"),  # shows nothing: its reader says what is wrong
        (hwp(paragraph("x")), "a.hwt", "hwp"),
        (compound({"EncryptedPackage": b"x" * 9000}), "a.docx", "docx"),
        (compound({"EncryptedPackage": b"x" * 9000}), "a.xlsx", "xlsx"),
        (b"{\\rtf1 x}", "letter.doc", "rtf"),  # as many a .doc is
        (b"a;b", "a.csv", "csv"),
        (b"a\tb", "a.TSV", "csv"),
        (b"From: a@b.uz", "a.eml", "eml"),
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
        (
            zipped({"xl/workbook.xml": ""}),
            "table.pdf",
            r"the content is an Excel workbook. Rename it \*.xlsx",
        ),
        (zipped({"photo.jpg": ""}), "table.pdf", "the content is a ZIP archive. Unpack it first."),
        (zipped({"ppt/presentation.xml": ""}), "talk.docx", r"PowerPoint .* Save it as .pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old.docx", "an old Office file"),
        (compound({"WordDocument": b"x" * 9000}), "old.docx", r"old Word file \(.doc\). Save it as .docx"),
        (compound({"WordDocument": b"x" * 9000}), "old.hwp", "old Word file"),
        (hwp(paragraph("x")), "new.hwpx", r"the content is a Hangul document. Rename it \*.hwp\."),
        (zipped({}, mimetype="application/hwp+zip"), "old.hwp", r"Rename it \*.hwpx\."),
    ],
)
def test_a_name_that_contradicts_the_content(data: bytes, source: str, message: str) -> None:
    with pytest.raises(FormatMismatch, match=message):
        pick(data, source)


@pytest.mark.parametrize(
    ("data", "source", "message"),
    [
        (compound({"WordDocument": b"x" * 9000}), "a.doc", "an old Word file .* Save it as .docx in Word"),
        (compound({"Workbook": b"x"}), "a.xls", "an old Excel file .* Save it as .xlsx in Excel"),
        (compound({"PowerPoint Document": b"x"}), "a.ppt", "an old PowerPoint file .* Save it as .pdf"),
        (compound({"__properties_version1.0": b"x"}), "a.msg", "an Outlook message .* Save it as .eml"),
        (compound({"EncryptedPackage": b"x"}), "a", "an Office file with a password"),
        (compound({"other": b"x"})[:700], "a.doc", "an old Office file"),
        (zipped({"ppt/presentation.xml": ""}), "a.pptx", "a PowerPoint presentation .* Save it as .pdf"),
        (zipped({"xl/workbook.bin": ""}), "a.xlsb", "Save it as .xlsx"),
        (zipped({}, mimetype="application/vnd.oasis.opendocument.spreadsheet"), "a.ods", "Save it as .xlsx"),
        (zipped({}, mimetype="application/vnd.oasis.opendocument.presentation"), "a.odp", "Save it as .pdf"),
        (zipped({"Index/Document.iwa": ""}), "a.pages", "Export it as .docx or .pdf"),
        (b"HWP Document File V3.00 \x1a", "a.hwx", "Save it as .hwpx in Hangul"),
        (b"\xff\xd8\xff\xe0", "a.jpg", "a JPEG picture"),
    ],
)
def test_what_has_no_reader_is_named_with_what_to_do(data: bytes, source: str, message: str) -> None:
    with pytest.raises(UnknownFormat, match=message):
        pick(data, source)


def test_unknown_suffix_names_the_readable_ones() -> None:
    with pytest.raises(
        UnknownFormat, match=r"no reader for “\.xyz” files. Readable are \.pdf, .*\.docx, .*\.hwp, .*\.txt"
    ):
        pick(b"a,b\n1,2", "table.xyz")


def test_suffixes() -> None:
    assert suffix_of("https://example.org/a/Law%20.PDF?x=1.txt#y") == ".pdf"
    assert suffix_of("/tmp/한국.Md") == ".md"
    assert suffix_of("C:\\docs\\a.b\\file") == ""
    suffixes = [suffix for format in FORMATS for suffix in format.suffixes]
    assert len(set(suffixes)) == len(suffixes)
