"""DOCX: styles, tables in place, merged cells once and in their column, broken files refused."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from ingest.errors import DamagedFile, EmptyFile, HostileFile, PasswordNeeded
from ingest.formats.docx import read
from ingest.reading import read as document_of
from tests.ingest.formats.made_containers import zipped


def saved(document: docx.document.Document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def test_headings_tables_and_properties() -> None:
    document = docx.Document()
    document.core_properties.author = "Ким; Пак"
    document.core_properties.created = datetime(2023, 5, 1)
    document.add_heading("Торговля", 0)
    document.add_paragraph("Введение.")
    document.add_heading("Экспорт", 2)
    table = document.add_table(3, 3)
    for row, cells in enumerate(
        [["Страна", "2022", "2023"], ["Кыргызстан", "372 854", "983 730"], ["Итого", "", "1"]]
    ):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    table.cell(2, 0).merge(table.cell(2, 1))
    document.add_paragraph("После таблицы.", style="List Bullet")
    content = read(saved(document), "f.docx")
    assert content.text.split("\n\n") == [
        "Торговля",
        "Введение.",
        "Экспорт",
        "Страна\t2022\t2023\nКыргызстан\t372 854\t983 730\nИтого\t\t1",  # 1 belongs to 2023
        "После таблицы.",
    ]
    assert [(s.heading, s.level) for s in content.sections] == [("Торговля", 1), ("Экспорт", 2)]
    assert (content.metadata.title, content.metadata.authors, content.metadata.published) == (
        "Торговля",
        ("Ким", "Пак"),
        "2023-05-01",
    )


def test_links_are_read_and_template_author_is_not() -> None:
    document = docx.Document()
    document.core_properties.author = "python-docx"
    paragraph = document.add_paragraph("See ")
    link = OxmlElement("w:hyperlink")
    link.append(paragraph.add_run("the site")._r)
    paragraph._p.append(link)
    content = read(saved(document), "f.docx")
    assert content.text == "See the site"
    assert content.metadata.authors == ()


def test_what_a_template_states_is_not_believed() -> None:
    document = docx.Document()  # python-docx's own template says that it was created in 2013
    document.core_properties.language = "en-US"  # as every file of LibreOffice says
    document.add_paragraph("Форум прошёл в Сеуле, о торговле говорили министры.")
    content = read(saved(document), "f.docx")
    assert (content.metadata.published, content.metadata.language) == ("", "")
    document.core_properties.language = "uz-Latn-UZ"
    assert read(saved(document), "f.docx").metadata.language == "uz"


def test_content_controls_are_read_and_text_moved_away_is_not() -> None:
    document = docx.Document()
    document.add_paragraph("First.")
    control = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>Inside.</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Deeper.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "</w:sdtContent></w:sdt>"
    )
    moved = parse_xml(
        f'<w:p {nsdecls("w")}><w:moveFrom w:id="1" w:author="a"><w:r><w:t>Away. </w:t></w:r></w:moveFrom>'
        "<w:r><w:t>Last.</w:t></w:r></w:p>"
    )
    document.element.body.insert(1, control)
    document.element.body.insert(2, moved)
    assert read(saved(document), "f.docx").text == "First.\n\nInside.\n\nDeeper.\n\nLast."


def with_parts(data: bytes, parts: dict[str, str], related: dict[str, str] | None = None) -> bytes:
    """The package with parts added or replaced, and its main part related to some of them by kind."""
    with ZipFile(BytesIO(data)) as archive:
        made: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    relations = ""
    for number, (kind, target) in enumerate((related or {}).items()):
        outside = ' TargetMode="External"' if "://" in target else ""
        relations += f'<Relationship Id="rX{number}" Type="{OFFICE}/{kind}" Target="{target}"{outside}/>'
    for name, end, more in (
        ("word/_rels/document.xml.rels", "</Relationships>", relations),
        (
            "[Content_Types].xml",
            "</Types>",
            '<Default Extension="bin" ContentType="application/octet-stream"/>',
        ),
    ):
        part = made[name]
        assert isinstance(part, bytes)
        made[name] = part.decode().replace(end, more + end)
    return zipped({**made, **parts})


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = nsdecls("w")


def run(xml: str) -> str:
    return f"<w:r>{xml}</w:r>"


def said(text: str) -> str:
    return run(f"<w:t>{text}</w:t>")


def cited(kind: str, number: int, custom: str = "") -> str:
    mark = " w:customMarkFollows='1'" if custom else ""
    return run(f"<w:{kind}Reference w:id='{number}'{mark}/><w:t>{custom}</w:t>")


def noted(kind: str, *notes: str) -> str:
    """A part of footnotes or endnotes, with the separator that each such part has."""
    made = f'<w:{kind} w:id="0" w:type="separator"><w:p>{said("-")}</w:p></w:{kind}>'
    for number, note in enumerate(notes, 1):
        made += f'<w:{kind} w:id="{number}"><w:p>{run(f"<w:{kind}Ref/>")}{note}</w:p></w:{kind}>'
    return f"<w:{kind}s {W}>{made}</w:{kind}s>"


def made_of(*blocks: str) -> docx.document.Document:
    document = docx.Document()
    for block in blocks:
        document.element.body.insert(-1, parse_xml(block.replace(">", f" {W}>", 1)))
    return document


def test_notes_follow_the_paragraph_that_cites_them() -> None:
    document = made_of(
        f"<w:p>{said('Одно ')}{cited('footnote', 1)}{said('предложение')}{cited('footnote', 2, '*')}{said('.')}</w:p>",
        '<w:p><w:r><w:t>Second.</w:t><w:endnoteReference w:id="1"/></w:r></w:p>',
        f"<w:p>{said('Third.')}{cited('footnote', 1)}{cited('footnote', 9)}</w:p>",
        f"<w:p>{said('Last')}{cited('footnote', 3)}<w:del>{cited('footnote', 4)}</w:del></w:p>",
    )
    circle = said("Первая.") + cited("footnote", 1) + said(" Её конец.")
    data = with_parts(
        saved(document),
        {
            "word/footnotes.xml": noted("footnote", circle, said("* Вторая."), said(" Третья."), ""),
            "word/endnotes.xml": noted("endnote", said("Last note.")),
        },
        {"footnotes": "footnotes.xml", "endnotes": "endnotes.xml"},
    )
    assert read(data, "f.docx").text.split("\n\n") == [
        *("Одно ¹предложение*.", "¹ Первая. Её конец.", "* Вторая.", "Second.[i]", "[i] Last note."),
        *("Third.¹", "Last²", "² Третья."),
    ]


def settings_of(document: docx.document.Document, kind: str, **values: str) -> None:
    stated = "".join(f'<w:{name} w:val="{value}"/>' for name, value in values.items())
    document.settings.element.append(parse_xml(f"<w:{kind}Pr {W}>{stated}</w:{kind}Pr>"))


def test_notes_are_numbered_as_the_settings_and_sections_say() -> None:
    restart = '<w:footnotePr><w:numRestart w:val="eachSect"/></w:footnotePr>'
    document = made_of(
        f"<w:p>{said('One.')}{cited('footnote', 1)}{cited('endnote', 1)}</w:p>",
        f"<w:p><w:pPr><w:sectPr>{restart}</w:sectPr></w:pPr>{said('Two.')}{cited('footnote', 2)}</w:p>",
        f"<w:p>{said('Three.')}{cited('footnote', 3)}</w:p>",
        f"<w:tbl><w:tr><w:tc><w:p>{said('a')}</w:p></w:tc>"
        f"<w:tc><w:p>{said('b')}{cited('footnote', 4)}</w:p></w:tc></w:tr></w:tbl>",
    )
    settings_of(document, "footnote", numStart="11")
    settings_of(document, "endnote", numFmt="chicago")
    data = with_parts(
        saved(document),
        {
            "word/footnotes.xml": noted("footnote", *map(said, "wxyz")),
            "word/endnotes.xml": noted("endnote", said("E")),
        },
        {"footnotes": "footnotes.xml", "endnotes": "endnotes.xml"},
    )
    assert read(data, "f.docx").text.split("\n\n") == [
        *("One.¹¹*", "¹¹ w", "* E", "Two.¹²", "¹² x", "Three.¹¹", "¹¹ y", "a\tb¹²", "¹² z"),
    ]


def test_the_mark_at_a_title_is_no_part_of_it() -> None:
    document = made_of(
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
        f"{said('Trade of Korea')}{cited('footnote', 1, '*')}</w:p>"
    )
    parts = {"word/footnotes.xml": noted("footnote", said("Thanks to all."))}
    content = read(with_parts(saved(document), parts, {"footnotes": "footnotes.xml"}), "f.docx")
    assert content.metadata.title == "Trade of Korea"
    assert content.text == "Trade of Korea*\n\n* Thanks to all."


def test_footnotes_that_cite_a_work_are_references_with_mentions() -> None:
    document = made_of(
        f"<w:p>{said('The area of 10² km² was adopted.')}{cited('footnote', 1)}{said(' It grew in 2012')}"
        f"{cited('footnote', 2)}{said(' and fell.')}</w:p>",
        f"<w:p>{said('1. Then the EU')}{cited('footnote', 3)}{said(' agreed.')}{cited('endnote', 1)}</w:p>",
    )
    works = (
        *("Ann Beck, “Plans and Piers,” Caspian Studies 6, no. 1 (2014): 22.", "Ibid., 30."),
        "Carl Orne, Harbours of Hope (Oslo: Fjord Press, 2016), 3.",
    )
    data = with_parts(
        saved(document),
        {
            "word/footnotes.xml": noted("footnote", *map(said, works)),
            "word/endnotes.xml": noted("endnote", said("Dina Roe, “Nets,” Oslo Review 3 (2018): 4.")),
        },
        {"footnotes": "footnotes.xml", "endnotes": "endnotes.xml"},
    )
    whole = document_of(data, "f.docx")
    assert [(one.label, one.title) for one in whole.references] == [
        *(("1", "Plans and Piers"), ("3", "Harbours of Hope"), ("i", "Nets")),
    ]
    marked = [
        (whole.text[one.start - 5 : one.start], whole.text[one.start : one.end], one.reference)
        for one in whole.mentions
    ]
    assert marked == [("pted.", "¹", 0), (" 2012", "²", 0), ("he EU", "³", 1), ("reed.", "[i]", 2)]


def test_text_boxes_once_and_after_their_paragraph() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:txbxContent>"
    alternate = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    document = made_of(f"<w:p>{run('<w:t>Before </w:t>')}{run(alternate)}{run('<w:t>after.</w:t>')}</w:p>")
    assert read(saved(document), "f.docx").text.split("\n\n") == ["Before after.", "Boxed."]


def test_nested_tables_and_cells_merged_downwards() -> None:
    document = docx.Document()
    frame = document.add_table(1, 1)
    frame.cell(0, 0).text = "In a frame."
    inner = frame.cell(0, 0).add_table(2, 2)
    outer = document.add_table(2, 2)
    for table, words in ((inner, "abcd"), (outer, "wxyz")):
        for number, word in enumerate(words):
            table.cell(number // 2, number % 2).text = word
    outer.cell(0, 0).merge(outer.cell(1, 0)).text = "over both"
    outer.cell(0, 1).add_table(1, 2).cell(0, 0).text = "deep"
    assert read(saved(document), "f.docx").text.split("\n\n") == [
        *("In a frame.", "a\tb\nc\td", "over both\tx deep\n\tz"),
    ]


def test_headings_by_the_outline_level_of_a_style() -> None:
    document = docx.Document()
    chapter = document.styles.add_style("Глава", 1)
    chapter.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="1"/>'))
    document.add_paragraph("Первая глава", style=document.styles.add_style("Глава моя", 1))
    document.styles["Глава моя"].base_style = chapter
    chapter.base_style = document.styles["Глава моя"]  # a circle
    document.add_paragraph("Текст.")
    assert [(s.heading, s.level) for s in read(saved(document), "f.docx").sections] == [("Первая глава", 2)]


def test_a_cell_over_more_columns_than_there_are() -> None:
    cells = '<w:tc><w:tcPr><w:gridSpan w:val="9999"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>' * 3
    document = made_of(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")
    text = read(saved(document), "f.docx").text
    assert text.split() == ["a"] * 3 and len(text) < 5000


@pytest.mark.parametrize(
    "name", ["word/document.xml", "word/footnotes.xml", "docProps/core.xml", "word/_rels/x.rels"]
)
def test_entities_in_any_part(name: str) -> None:
    good = saved(made_of("<w:p><w:r><w:t>x</w:t></w:r></w:p>"))
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>'
    outside = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>'
    for attack in (laughs, outside):
        with pytest.raises(HostileFile, match="entities"):
            read(with_parts(good, {name: attack}), "f.docx")


def test_nothing_outside_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    good = saved(made_of("<w:p><w:r><w:t>x</w:t></w:r></w:p>"))
    outside = dict.fromkeys(
        ("attachedTemplate", "image", "oleObject", "hyperlink"), "http://evil.example/t.dotm"
    )
    assert read(with_parts(good, {}, outside), "f.docx").text == "x"


def test_bombs_and_names_that_lead_out() -> None:
    good = saved(made_of("<w:p><w:r><w:t>x</w:t></w:r></w:p>"))
    controls = "<w:sdt><w:sdtContent>" * 9000 + "</w:sdtContent></w:sdt>" * 9000
    deep = f"<w:document {W}><w:body>{controls}</w:body></w:document>"
    for parts in ({"word/media/a.bin": "\0" * 20_000_000}, {"../evil.bin": "x"}, {"word/document.xml": deep}):
        with pytest.raises(HostileFile):
            read(with_parts(good, parts), "f.docx")


def test_no_text() -> None:
    with pytest.raises(EmptyFile):
        read(saved(docx.Document()), "f.docx")


def test_broken_files() -> None:
    document = docx.Document()
    document.add_paragraph("text " * 500)
    good = saved(document)
    other = BytesIO()
    with ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<not closed")
    for bad in (b"garbage", b"PK\x03\x04 garbage", good[: len(good) // 2], other.getvalue()):
        with pytest.raises(DamagedFile):
            read(bad, "f.docx")


def test_encrypted() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(PasswordNeeded):
        read(data, "f.docx")
