"""HWPX: outline headings, tables by address, notes and boxes in their place; broken and locked files refused."""

from __future__ import annotations

import unicodedata

import pytest

from ingest.errors import DamagedFile, EmptyFile, HostileFile, PasswordNeeded
from ingest.formats import pick
from ingest.formats.hwpx import read
from ingest.reading import read as document_of
from tests.ingest.formats.made_containers import zipped

TYPE = "application/hwp+zip"
HP = "http://www.hancom.co.kr/hwpml/2011/paragraph"
SPACES = f'xmlns:hp="{HP}" xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section"'
HEADER = """<hh:head xmlns:hh="http://www.hancom.co.kr/hwpml/2011/head"><hh:refList><hh:paraProperties>
<hh:paraPr id="0"><hh:heading type="NONE" idRef="0" level="0"/></hh:paraPr>
<hh:paraPr id="1"><hh:heading type="OUTLINE" idRef="0" level="0"/></hh:paraPr>
<hh:paraPr id="2"><hh:heading type="NUMBER" idRef="0" level="1"/></hh:paraPr></hh:paraProperties>
<hh:styles><hh:style id="0" name="바탕글" paraPrIDRef="0"/><hh:style id="3" name="개요 2" paraPrIDRef="0"/>
</hh:styles></hh:refList></hh:head>"""
PACKAGE = """<opf:package xmlns:opf="http://www.idpf.org/2007/opf/"><opf:metadata><opf:title>무역 보고서</opf:title>
<opf:language>ko</opf:language><opf:meta name="creator" content="text">홍길동; 김민수</opf:meta>
<opf:meta name="CreatedDate" content="text">2024-03-01T09:00:00Z</opf:meta></opf:metadata></opf:package>"""


def p(text: str, shape: int = 0, style: int = 0, inner: str = "") -> str:
    run = f'<hp:run charPrIDRef="0"><hp:t>{text}</hp:t>{inner}</hp:run>'
    return f'<hp:p paraPrIDRef="{shape}" styleIDRef="{style}">{run}</hp:p>'


def listed(paragraphs: str) -> str:
    return f"<hp:subList>{paragraphs}</hp:subList>"


def cell(row: int, column: int, content: str, head: int = 0) -> str:
    content = content if content.startswith("<") else p(content)
    return (
        f'<hp:tc header="{head}">{listed(content)}<hp:cellAddr colAddr="{column}" rowAddr="{row}"/></hp:tc>'
    )


def hwpx(*sections: str, **parts: str) -> bytes:
    made = {
        f"Contents/section{number}.xml": f"<hs:sec {SPACES}>{body}</hs:sec>"
        for number, body in enumerate(sections)
    }
    return zipped(
        {"Contents/header.xml": HEADER, "Contents/content.hpf": PACKAGE, **made, **parts}, mimetype=TYPE
    )


def test_headings_paragraphs_and_properties() -> None:
    sections = [p(f"{number}장", 1) for number in range(11)]
    sections[1] += (
        p("수출", style=3)
        + p("번호 있는 문단", 2)
        + p("긴 문단은 제목이 아니다. " * 20, 1)
        + p('첫 문장<hp:lineBreak/>둘째<hp:tab width="1"/>줄<hp:markpenBegin/>강조<hp:markpenEnd/>.')
        + p("남은<hp:deleteBegin/> 지운<hp:deleteEnd/> 글")
        + p(unicodedata.normalize("NFD", "한국어") + " Ўзбекистон")
    )
    data = hwpx(*sections)
    content = read(data, "f.hwpx")
    blocks = content.text.split("\n\n")
    assert blocks[:4] == ["0장", "1장", "수출", "번호 있는 문단"]
    assert blocks[5:8] == ["첫 문장\n둘째 줄강조.", "남은 글", "한국어 Ўзбекистон"]
    assert blocks[8:] == [f"{number}장" for number in range(2, 11)]  # 10 comes after 9
    assert [(s.heading, s.level) for s in content.sections][:3] == [("0장", 1), ("1장", 1), ("수출", 2)]
    assert len(content.sections) == 12
    stated = content.metadata
    assert (stated.title, stated.authors, stated.published, stated.language) == (
        *("0장", ("홍길동", "김민수"), "2024-03-01", ""),
    )
    assert stated.origins == {"title": "markup", "authors": "file", "published": "file"}
    assert pick(data, "f.hwpx").name == pick(data, "f").name == "hwpx"
    assert read(hwpx(p("본문.")), "f.hwpx").metadata.title == "무역 보고서"


def test_tables() -> None:
    caption = f"<hp:caption>{listed(p('표 1. 교역액'))}</hp:caption>"
    note = f"<hp:ctrl><hp:footNote>{listed(p('추정치.'))}</hp:footNote></hp:ctrl>"
    inner = f"<hp:tbl><hp:tr>{cell(0, 0, '가')}{cell(0, 1, '나')}</hp:tr></hp:tbl>"
    rows = (
        f"<hp:tr>{cell(0, 0, '국가', 1)}{cell(0, 1, '2022', 1)}{cell(0, 2, '2023', 1)}</hp:tr>"
        f"<hp:tr>{cell(1, 0, '타지키스탄')}{cell(1, 1, p('1') + p('000'))}{cell(1, 2, p('2', inner=note))}</hp:tr>"
        f"<hp:tr>{cell(2, 0, '합계')}{cell(2, 2, p('3', inner=inner))}</hp:tr>"  # a cell merged over two columns
    )
    framed = f"<hp:tbl><hp:tr>{cell(0, 0, p('틀 제목', 1) + p('틀 안.'))}</hp:tr></hp:tbl>"
    content = read(
        hwpx(p("", inner=framed) + p("앞.", inner=f"<hp:tbl>{caption}{rows}</hp:tbl>") + p("뒤.")), "f.hwpx"
    )
    assert content.text.split("\n\n") == [
        *("틀 제목", "틀 안.", "앞.", "표 1. 교역액"),
        "국가\t2022\t2023\n타지키스탄\t1 000\t2¹\n합계\t\t3 가 나",
        *("¹ 추정치.", "뒤."),
    ]
    assert [table.head_rows for table in content.tables] == [1]
    assert content.metadata.title == "틀 제목"


def test_notes_boxes_headers_and_memos() -> None:
    things = (
        f"<hp:ctrl><hp:header>{listed(p('머리말'))}</hp:header></hp:ctrl>"
        f"<hp:ctrl><hp:fieldBegin type='MEMO'>{listed(p('메모'))}</hp:fieldBegin></hp:ctrl>"
        f"<hp:ctrl><hp:footNote>{listed(p('각주.'))}</hp:footNote></hp:ctrl>"
        f"<hp:rect><hp:drawText>{listed(p('글상자.'))}</hp:drawText>"
        "<hp:shapeComment>사각형입니다.</hp:shapeComment></hp:rect>"
    )
    paragraph = (
        f"<hp:p><hp:run><hp:t>문장은 </hp:t>{things}</hp:run><hp:run><hp:t>이어진다.</hp:t></hp:run></hp:p>"
    )
    content = read(hwpx(paragraph + p("끝.")), "f.hwpx")
    assert content.text.split("\n\n") == ["문장은 ¹이어진다.", "¹ 각주.", "글상자.", "끝."]


def test_notes_have_the_marks_that_hangul_prints() -> None:
    def note(kind: str, number: int, text: str, type: str) -> str:
        shown = f'<hp:autoNumFormat type="{type}" prefixChar="" suffixChar=")"/>'
        run = f'<hp:ctrl><hp:autoNum num="{number}">{shown}</hp:autoNum></hp:ctrl><hp:t> {text}</hp:t>'
        body = listed(f"<hp:p><hp:run>{run}</hp:run></hp:p>")
        return f'<hp:ctrl><hp:{kind} number="{number}" suffixChar="41">{body}</hp:{kind}></hp:ctrl>'

    work = "김성환. 2012. 「중앙아시아의 새 길」, 『아시아연구』 9(2), 69-97."
    notes = note("footNote", 11, work, "DIGIT") + note("endNote", 2, "미주.", "ROMAN_SMALL")
    document = document_of(hwpx(p("길이 열렸다.", inner=notes) + p("10² km²이다.")), "f.hwpx")
    assert document.text.split("\n\n") == [
        *("길이 열렸다.¹¹⁾[ii]", f"¹¹⁾ {work}", "[ii] 미주.", "10² km²이다."),
    ]
    assert [(one.label, one.year) for one in document.references] == [("11", "2012")]
    assert [(document.text[one.start : one.end], one.reference) for one in document.mentions] == [("¹¹⁾", 0)]


def test_no_text() -> None:
    with pytest.raises(EmptyFile):
        read(hwpx(p("")), "f.hwpx")


def test_a_password() -> None:
    manifest = (
        '<odf:manifest xmlns:odf="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<odf:file-entry full-path="Contents/section0.xml"><odf:encryption-data/></odf:file-entry></odf:manifest>'
    )
    data = zipped({"Contents/section0.xml": b"\x8f\0junk", "META-INF/manifest.xml": manifest}, mimetype=TYPE)
    with pytest.raises(PasswordNeeded, match="password"):
        read(data, "f.hwpx")


def test_broken_files() -> None:
    good = hwpx(p("본문 " * 500))
    for bad in (b"garbage", good[: len(good) // 2], zipped({"a": "b"}, mimetype=TYPE), hwpx("<hp:p>")):
        with pytest.raises(DamagedFile):
            read(bad, "f.hwpx")


def test_bombs_and_entities() -> None:
    entity = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
    bombs = {"Contents/section0.xml": entity}, {"BinData/a.bmp": "\0" * 20_000_000}
    for parts in bombs:
        with pytest.raises(HostileFile):
            read(hwpx(p("x"), **parts), "f.hwpx")


def test_addresses_that_are_no_places() -> None:
    rows = "".join(f"<hp:tr>{cell(row * 99999, 999999 - row, 'x')}</hp:tr>" for row in range(9))
    content = read(hwpx(p("", inner=f"<hp:tbl>{rows}</hp:tbl>")), "f.hwpx")
    assert content.text.split() == ["x"] * 9
    assert len(content.text) < 20_000
