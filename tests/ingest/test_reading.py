"""load and read: a file becomes a Document, or is refused with its reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest import Document, content_id, load, read
from ingest.errors import (
    DamagedFile,
    EmptyFile,
    FormatMismatch,
    Refused,
    SourceMissing,
    TooLarge,
    UndecodableText,
    UnknownFormat,
)
from ingest.formats import text as text_format

SHARED = Path(__file__).parents[3] / "shared"


def test_a_file_becomes_a_document(tmp_path: Path) -> None:
    path = tmp_path / "협력 포럼.txt"
    data = "외교부는 서울에서 협력 포럼을 열었다.\n\n다섯 나라가 참가하였다.".encode("cp949")
    path.write_bytes(data)
    document = read(load(path), str(path))
    assert document.id == content_id(data)
    assert (document.format, document.title, document.language) == ("text", "협력 포럼", "ko")
    assert document.source == str(path)
    assert document.pages[0].label == ""
    assert document.page_at(3).end == len(document.text)


def test_a_stated_language_and_a_url() -> None:
    document = read("---\nlanguage: kk\n---\nБұл мәтін.".encode(), "https://example.org/a/My%20text.md")
    assert (document.language, document.title) == ("kk", "My text")


def test_load_refuses_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="there is no such file"):
        load(tmp_path / "nothing.txt")
    with pytest.raises(SourceMissing, match="no regular file"):
        load(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(SourceMissing, match="no regular file"):
        load(tmp_path / "pipe.txt")
    with pytest.raises(SourceMissing):
        load("a\0b")


def test_load_limits(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"")
    with pytest.raises(EmptyFile):
        load(path)
    path.write_bytes(b"x" * 11)
    assert load(path, limit=11) == b"x" * 11
    with pytest.raises(TooLarge, match="11 bytes; the limit is 10"):
        load(path, limit=10)


@pytest.mark.parametrize(
    ("data", "source", "error"),
    [
        (b" \n", "a.txt", EmptyFile),
        (b"<html><p>Not a PDF</p></html>", "a.pdf", FormatMismatch),
        (b"%PDF-1.7 cut", "a.pdf", DamagedFile),
        (b"garbage", "a.docx", DamagedFile),
        (b"a,b", "a.xyz", UnknownFormat),
        (b"\x01\x02\x03\x00" * 50, "a.txt", UndecodableText),
    ],
)
def test_refusals_name_the_file(data: bytes, source: str, error: type[Refused]) -> None:
    with pytest.raises(error, match=f"^{source}: ") as caught:
        read(data, source)
    assert caught.value.source == source
    assert caught.value.reason


def test_a_bug_in_a_reader_refuses_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes, source: str) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(text_format, "read", broken)
    with pytest.raises(DamagedFile, match=r"cannot be read as plain text \(ZeroDivisionError: oops\)"):
        read(b"text", "a.txt")


def real_files() -> list[Path]:
    return sorted([*SHARED.glob("data/policy/*.*"), *SHARED.glob("seeds/*.*")])


@pytest.mark.skipif(not real_files(), reason="the shared documents are not part of this checkout")
@pytest.mark.parametrize("path", real_files(), ids=lambda path: path.name)
def test_real_documents_keep_the_invariants(path: Path) -> None:
    document: Document = read(load(path), str(path))
    for tiles in (document.pages, document.sections):
        spans = [(tile.start, tile.end) for tile in tiles]
        assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
        assert spans[-1][1] == len(document.text)
    assert document.title
    assert document.language == "en"
    assert "\n\n\n" not in document.text
    for section in document.sections:
        assert document.text.startswith(section.heading, section.start)
