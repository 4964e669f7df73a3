"""Compound files: streams by their path, and what is broken refused or passed over."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, Refused
from ingest.formats.compound import open_compound, stream_names
from tests.ingest.formats.made_containers import compound, property_set

STREAMS = {
    "Small": b"ab" * 9,
    "Folder/Large": bytes(range(256)) * 40,
    "Folder/Other": b"",
    "\x05Summary": b"x",
}


def test_streams_of_any_size() -> None:
    file = open_compound(compound(STREAMS), "f")
    assert sorted(file.names) == sorted(STREAMS)
    assert {name: file.read(name) for name in file.names} == STREAMS
    assert sorted(stream_names(compound(STREAMS))) == ["\x05Summary", "Folder", "Small"]
    with pytest.raises(DamagedFile, match="“None” is missing"):
        file.read("None")


def test_properties_end_at_their_zero() -> None:
    file = open_compound(compound({"set": property_set({2: "제목", 4: "Ким"}), "bad": b"\xff" * 90}), "f")
    assert file.properties("set") == {2: "제목", 4: "Ким"}
    assert file.properties("bad") == file.properties("none") == {}


def test_broken_files() -> None:
    good = compound(STREAMS)
    for bad in (b"", b"/etc/passwd", good[:8], good[:511], b"PK\x03\x04" + good):
        with pytest.raises(DamagedFile):
            open_compound(bad, "f")
        assert stream_names(bad) == ()


def test_a_chain_of_sectors_that_goes_in_a_circle() -> None:
    data = bytearray(compound({"Large": bytes(5000)}))
    (table,) = struct.unpack_from("<I", data, 76)
    data[512 * (table + 1) : 512 * (table + 1) + 40] = struct.pack("<10I", *[1, 0] * 5)
    assert len(open_compound(bytes(data), "f").read("Large")) == 5000  # it ends where its size says


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_whatever_happens_to_the_bytes(data: st.DataObject) -> None:
    bad = bytearray(compound(STREAMS))
    for place in data.draw(st.lists(st.integers(0, len(bad) - 1), min_size=1, max_size=9)):
        bad[place] = data.draw(st.integers(0, 255))
    stream_names(bytes(bad))
    try:
        file = open_compound(bytes(bad), "f")
        for name in file.names:
            file.read(name)
            file.properties(name)
    except Refused:
        return
