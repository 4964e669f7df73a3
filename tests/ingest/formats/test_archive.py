"""Archives and XML from an enemy: each attack has its refusal, and nothing is fetched or unpacked."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, HostileFile, PasswordNeeded, Refused, TooLarge
from ingest.formats import archive as module
from ingest.formats.archive import entry_names, open_archive, parse_xml, stated_type
from tests.ingest.formats.made_containers import zipped

LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {name} "{f"&{inner};" * 10}">'
        for inner, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]><a>&j;</a>"
).encode()


def test_parts_are_read_by_name() -> None:
    archive = open_archive(zipped({"a.txt": "текст", "b/c.xml": "<c>한</c>"}), "x")
    assert archive.names == ("a.txt", "b/c.xml")
    assert archive.read("a.txt").decode() == "текст"
    assert archive.parse("b/c.xml").text == "한"
    assert "b/c.xml" in archive and "b" not in archive
    with pytest.raises(DamagedFile, match="“d” is missing"):
        archive.read("d")


@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/etc/passwd", "..\\evil", "C:\\evil", "\\\\host\\evil", "a/.."]
)
def test_names_that_lead_out(name: str) -> None:
    with pytest.raises(HostileFile, match="leads out"):
        open_archive(zipped({"good": "x", name: "x"}), "x")


def test_names_with_dots_in_them_stay() -> None:
    assert open_archive(zipped({"a..b/c...xml": "x", ".rels": "y"}), "x").names == ("a..b/c...xml", ".rels")


def test_two_parts_of_one_name() -> None:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("a", "shown")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", "hidden")
    with pytest.raises(HostileFile, match="two of its parts are called “a”"):
        open_archive(out.getvalue(), "x")


def test_a_bomb_by_ratio() -> None:
    with pytest.raises(HostileFile, match=r"a bomb: “a” unpacks [\d,]+ bytes to 20,971,520"):
        open_archive(zipped({"a": bytes(20 * 1024**2)}), "x")


def test_a_small_part_may_pack_well() -> None:
    assert len(open_archive(zipped({"a": bytes(1024**2)}), "x").read("a")) == 1024**2


def test_a_bomb_of_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_UNPACKED", 10_000)
    with pytest.raises(TooLarge, match="unpacks to 10,010 bytes; the limit is 10,000"):
        open_archive(zipped({f"{number}": bytes(1001) for number in range(10)}), "x")


def test_too_many_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ENTRIES", 5)
    with pytest.raises(TooLarge, match="more than 5 files"):
        open_archive(zipped({f"{number}": "" for number in range(6)}), "x")


def test_a_part_that_states_less_than_it_unpacks_to() -> None:
    data = bytearray(zipped({"a": bytes(5000)}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = struct.pack("<I", 10)
    with pytest.raises(DamagedFile, match="“a” is broken"):
        open_archive(bytes(data), "x").read("a")


def test_a_packing_that_office_programs_never_use() -> None:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_BZIP2) as archive:
        archive.writestr("a", "x" * 100)
    with pytest.raises(DamagedFile, match="unknown way"):
        open_archive(out.getvalue(), "x")


def test_a_part_with_a_password() -> None:
    data = bytearray(zipped({"a": "text"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    with pytest.raises(PasswordNeeded):
        open_archive(bytes(data), "x").read("a")


def test_an_archive_inside_is_not_opened() -> None:
    inner = zipped({"../evil": "x"})
    assert open_archive(zipped({"inner.zip": inner}), "x").read("inner.zip") == inner


def test_broken_parts() -> None:
    good = zipped({"a": "слово " * 1000})
    for bad in (b"", b"PK\x03\x04", good[: len(good) // 2], b"x" * 100, b"PK\x05\x06" + b"\xff" * 18):
        with pytest.raises(DamagedFile):
            open_archive(bad, "x")
    flipped = bytearray(good)
    flipped[45] ^= 0xFF
    with pytest.raises(DamagedFile, match="broken"):
        open_archive(bytes(flipped), "x").read("a")


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_whatever_happens_to_the_bytes_a_part_is_right_or_refused(data: st.DataObject) -> None:
    good = zipped({"a": "слово " * 50, "b": "<b/>"})
    bad = bytearray(good)
    for place in data.draw(st.lists(st.integers(0, len(good) - 1), max_size=5)):
        bad[place] = data.draw(st.integers(0, 255))
    bad = bad[: data.draw(st.integers(0, len(bad)))]
    try:
        archive = open_archive(bytes(bad), "x")
        contents = [archive.read(name) for name in archive.names]
    except Refused:
        return
    assert all(content in (("слово " * 50).encode(), b"<b/>") for content in contents)


def test_names_for_telling_the_kind() -> None:
    data = zipped({"word/document.xml": "<w/>", "other": "x"})
    assert entry_names(data) == ("word/document.xml", "other")
    assert entry_names(data[:60]) == ("word/document.xml",)  # cut short: the directory is gone
    assert entry_names(b"word/document.xml") == ()
    assert stated_type(zipped({"a": "b"}, mimetype="application/epub+zip")) == "application/epub+zip"
    assert stated_type(zipped({"a": "b"})) == ""


def test_xml_is_parsed() -> None:
    root = parse_xml(
        "<?xml version='1.0' encoding='utf-16'?><!-- c --><a>한<b/><!-- c --><?p i?></a>".encode("utf-16"),
        "x",
    )
    assert (root.tag, root.text, [child.tag for child in root]) == ("a", "한", ["b"])


def test_a_document_type_without_entities_is_not_fetched(tmp_path: object) -> None:
    data = b'<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd"><html>a</html>'
    assert parse_xml(data, "x").text == "a"


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS,
        LAUGHS.decode().encode("utf-16"),
        b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>',
        b'<!DOCTYPE a [<!ENTITY f SYSTEM "http://127.0.0.1:9/">]><a>&f;</a>',
        b'<!DOCTYPE a [<!ENTITY % f SYSTEM "http://127.0.0.1:9/"> %f;]><a/>',
        b'<!DOCTYPE a [<!ENTITY f "&f;">]><a b="&f;"/>',
        b"<a>" * 100_000 + b"</a>" * 100_000,
        b"<a>" + b"x" * 11_000_000 + b"</a>",
    ],
    ids=["laughs", "utf-16", "file", "network", "parameter", "loop", "deep", "one long text"],
)
def test_xml_bombs_and_entities(data: bytes) -> None:
    with pytest.raises(HostileFile):
        parse_xml(data, "x")


@pytest.mark.parametrize(
    "data", [b"", b"text", b"<a>", b"<a></b>", b"\xff\xfe<", "<a>\ud800</a>".encode("utf-8", "surrogatepass")]
)
def test_broken_xml(data: bytes) -> None:
    with pytest.raises(DamagedFile):
        parse_xml(data, "x")


def test_a_part_larger_than_can_be_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_READ", 100)
    archive = open_archive(zipped({"a": "x" * 101}), "x")
    with pytest.raises(TooLarge, match="“a” has 101 bytes; the limit is 100"):
        archive.read("a")


def test_the_directory_may_lie_about_packed_sizes_only_to_its_harm() -> None:
    packed = zlib.compress(bytes(30 * 1024**2))
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a", packed)  # a bomb packed twice: this layer is harmless, and the last one read
    assert open_archive(out.getvalue(), "x").read("a") == packed
