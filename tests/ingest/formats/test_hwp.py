"""HWP: records made by hand, read as the document that Hangul would show; broken and locked files refused."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, EmptyFile, HostileFile, PasswordNeeded, Refused, TooLarge
from ingest.formats import hwp as module
from ingest.formats import pick
from ingest.formats.hwp import read
from tests.ingest.formats.made_containers import cell, compound, control, hwp, paragraph, property_set, record

FOOTNOTE, OBJECT, TAB, FIELD = 17, 11, 9, 3
SPRING_2024 = 133_537_248_000_000_000  # 1 March 2024, in units of 100 nanoseconds since 1601


def mark(code: int) -> str:
    """A control in the text: eight places, the code in the first and the last."""
    return chr(code) + "\x11" * 6 + chr(code)  # what stands between could pass for controls


def shape(kind: int, level: int) -> bytes:
    return record(25, 1, struct.pack("<I", kind << 23 | level << 25) + bytes(50))


def style(name: str, shape: int) -> bytes:
    encoded = name.encode("utf-16-le")
    return record(
        26, 1, struct.pack("<H", len(name)) + encoded + struct.pack("<HBBHHH", 0, 0, 0, 1042, shape, 0)
    )


INFO = shape(0, 0) + shape(1, 0) + shape(2, 1) + style("바탕글", 0) + style("개요 2", 0)


def listed(text: str, level: int) -> bytes:
    return record(72, level, bytes(8)) + paragraph(text, level)


def table(level: int, cells: bytes, caption: bytes = b"") -> bytes:
    return control("tbl", level, caption + record(77, level + 1, bytes(30)) + cells)


def test_headings_paragraphs_and_properties() -> None:
    body = (
        paragraph("무역 통계", shape=1)
        + paragraph("수출", style=1)
        + paragraph("번호 있는 문단", shape=2)
        + paragraph(f"첫 문장\n둘째{mark(TAB)}줄 {mark(FIELD)}링크{mark(4)}\x1e끝 😀 Ўзбекистон")
        + paragraph("긴 문단 " * 2000)  # a record with its length in a word of its own
    )
    data = hwp(body, INFO, summary=property_set({2: "제목", 4: "홍길동; 김민수", 12: SPRING_2024}))
    content = read(data, "f.hwp")
    assert content.text.split("\n\n")[:4] == [
        *("무역 통계", "수출", "번호 있는 문단", "첫 문장\n둘째 줄 링크 끝 😀 Ўзбекистон"),
    ]
    assert content.text.endswith("긴 문단 긴 문단")
    assert [(s.heading, s.level) for s in content.sections] == [("무역 통계", 1), ("수출", 2)]
    stated = content.metadata
    assert (stated.title, stated.authors, stated.published) == (
        "무역 통계",
        ("홍길동", "김민수"),
        "2024-03-01",
    )
    assert stated.origins == {"title": "markup", "authors": "file", "published": "file"}
    assert pick(data, "f.hwp").name == pick(data, "f").name == "hwp"
    assert read(hwp(body, INFO, flags=0), "f.hwp").text == content.text  # not packed
    assert read(hwp(paragraph("본문"), summary=property_set({2: "제목"})), "f.hwp").metadata.title == "제목"


def test_tables() -> None:
    note = control("fn", 3, listed("추정치.", 4))
    inner = table(3, cell(0, 0, "가", 4) + cell(0, 1, "나", 4))
    cells = (
        cell(0, 0, "국가", 2, head=True)
        + cell(0, 1, "2022", 2, head=True)
        + cell(0, 2, "2023", 2, head=True)
        + cell(1, 0, "타지키스탄", 2)
        + cell(1, 1, "", 2, inner=paragraph("1", 2) + paragraph("000", 2))
        + cell(1, 2, "", 2, inner=paragraph("2" + mark(FOOTNOTE), 2, inner=note))
        + cell(2, 0, "합계", 2)  # merged over two columns
        + cell(2, 2, "", 2, inner=paragraph(mark(OBJECT) + "3", 2, inner=inner))
    )
    framed = table(1, cell(0, 0, "", 2, inner=paragraph("틀 제목", 2, shape=1) + paragraph("틀 안.", 2)))
    body = (
        paragraph(mark(OBJECT), inner=framed)
        + paragraph("앞." + mark(OBJECT), inner=table(1, cells, caption=listed("표 1. 교역액", 2)))
        + paragraph("뒤.")
    )
    content = read(hwp(body, INFO), "f.hwp")
    assert content.text.split("\n\n") == [
        *("틀 제목", "틀 안.", "앞.", "표 1. 교역액"),
        "국가\t2022\t2023\n타지키스탄\t1 000\t2¹\n합계\t\t3 가 나",
        *("¹ 추정치.", "뒤."),
    ]
    assert [table.head_rows for table in content.tables] == [1]
    assert content.metadata.title == "틀 제목"


def test_notes_boxes_and_headers() -> None:
    group = record(76, 2, bytes(9)) + record(76, 3, bytes(9)) + listed("둘째 글상자.", 4)
    controls = (
        control("head", 1, listed("머리말", 2))
        + control("fn", 1, listed("각주.", 2))
        + control("gso", 1, listed("그림 1.", 2) + record(76, 2, bytes(9)) + listed("글상자.", 3))
        + control("gso", 1, group)
        + record(93, 1, b"")
        + listed("메모", 2)
    )
    content = read(
        hwp(paragraph(f"문장은 {mark(FOOTNOTE)}이어진다.", inner=controls) + paragraph("끝.")), "f.hwp"
    )
    assert content.text.split("\n\n") == [
        "문장은 ¹이어진다.",
        "¹ 각주.",
        "그림 1.",
        "글상자.",
        "둘째 글상자.",
        "끝.",
    ]


def test_notes_have_the_marks_that_hangul_prints() -> None:
    def note(kind: str, number: int, shape: int, text: str) -> bytes:
        stated = struct.pack("<IHHII", number, 0, ord(")") if shape == 0 else 0, shape, 7)
        return control(kind, 1, listed(text, 2), stated)

    inner = (
        note("fn", 11, 0, f"{mark(18)} 첫째.")
        + note("en", 4, 3, "둘째.")
        + control("fn", 1, listed("셋째.", 2))
    )
    text = f"하나{mark(FOOTNOTE)} 둘{mark(FOOTNOTE)} 셋.{mark(FOOTNOTE)} 남은 {mark(FOOTNOTE)}글"
    assert read(hwp(paragraph(text, inner=inner)), "f.hwp").text.split("\n\n") == [
        *("하나¹¹⁾ 둘[iv] 셋.¹² 남은 글", "¹¹⁾ 첫째.", "[iv] 둘째.", "¹² 셋째."),
    ]


def test_no_text() -> None:
    with pytest.raises(EmptyFile):
        read(hwp(paragraph("")), "f.hwp")


@pytest.mark.parametrize("flag", [1 << 1, 1 << 2, 1 << 4, 1 << 8])
def test_locked_documents(flag: int) -> None:
    with pytest.raises(PasswordNeeded, match="without protection"):
        read(hwp(b"\x8f\0junk", flags=1 | flag), "f.hwp")


def test_broken_files() -> None:
    good = hwp(paragraph("본문 " * 9000), INFO)
    head = b"HWP Document File".ljust(36, b"\0")
    bad = {
        "no compound file": b"garbage",
        "cut": good[: len(good) // 2],
        "cut to the head": good[:600],
        "no header": compound({"BodyText/Section0": b"x"}),
        "another header": compound({"FileHeader": b"x" * 256}),
        "no body": compound({"FileHeader": head + bytes(220), "DocInfo": b""}),
        "not packed": hwp(b"", flags=1).replace(b"\x03\x00", b"\xff\xff"),
        "record cut": hwp(record(66, 0, bytes(22))[:-4], flags=0),
    }
    for name, data in bad.items():
        with pytest.raises(DamagedFile):
            pytest.fail(f"{name}: {read(data, 'f.hwp').text!r}")


def test_a_stream_cut_short() -> None:
    head = b"HWP Document File".ljust(36, b"\0") + struct.pack("<I", 1) + bytes(216)
    whole = module.zlib.compressobj(wbits=-15)
    packed = whole.compress(b"".join(paragraph(f"문단 {n}") for n in range(2000))) + whole.flush()
    data = compound(
        {"FileHeader": head, "DocInfo": b"\x03\0", "BodyText/Section0": packed[: len(packed) // 2]}
    )
    with pytest.raises(DamagedFile, match="cut short"):
        read(data, "f.hwp")


def test_bombs() -> None:
    with pytest.raises(HostileFile, match="bomb"):
        read(hwp(bytes(30_000_000)), "f.hwp")
    deep = b"".join(record(66, level, bytes(22)) for level in range(1000))
    with pytest.raises(HostileFile, match="nested"):
        read(hwp(deep), "f.hwp")


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_RECORDS", 50)
    with pytest.raises(TooLarge, match="more than 50 records"):
        read(hwp(paragraph("x") * 60), "f.hwp")
    monkeypatch.setattr(module, "MOST_READ", 100)
    with pytest.raises(TooLarge, match="more than 100 bytes"):
        read(hwp(paragraph("x") * 9), "f.hwp")


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_whatever_happens_to_the_bytes_it_is_read_or_refused(data: st.DataObject) -> None:
    note = control("fn", 1, listed("각주.", 2))
    bad = bytearray(
        hwp(paragraph("앞", inner=table(1, cell(0, 0, "a", 2) + cell(0, 1, "b", 2)) + note), INFO, flags=0)
    )
    for place in data.draw(st.lists(st.integers(0, len(bad) - 1), min_size=1, max_size=8)):
        bad[place] = data.draw(st.integers(0, 255))
    try:
        content = read(bytes(bad), "f.hwp")
    except Refused:
        return
    assert content.sections[-1].end == len(content.text)
