"""DOCX: styles, tables in place, merged cells once and in their column, broken files refused."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from ingest.errors import DamagedFile, EmptyFile, PasswordNeeded
from ingest.formats.docx import read


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
