"""Workbooks: sheets as sections, figures as displayed, hidden things left out, hostile files refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from ingest.errors import DamagedFile, EmptyFile, HostileFile, PasswordNeeded, TooLarge
from ingest.formats.draft import Content
from ingest.formats.xlsx import read


def _saved(workbook: Workbook) -> bytes:
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def _workbook(*rows: list[object], title: str = "Trade") -> Workbook:
    workbook = Workbook()
    workbook.active.title = title
    for row in rows:
        workbook.active.append(row)
    return workbook


def _tables(content: Content) -> list[list[list[str]]]:
    return [[[cell.of(content.text) for cell in row] for row in table.rows] for table in content.tables]


def _changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, change(old.read(entry)) if entry == name else old.read(entry))
    return out.getvalue()


def test_sheets_blocks_and_displayed_values() -> None:
    workbook = _workbook(
        ["Trade of Korea with Central Asia"],
        ["thousand USD"],
        [],
        [None, 2021, None, 2022],
        ["Country", "Export", "Share", "Export", "Signed"],
        ["Oʻzbekiston", 1932000, 0.125, 2183539, date(2022, 10, 17)],
        ["Таджикистан", 90000, 0.5, 92676.5, date(2023, 1, 2)],
        ["Source: KITA"],
        [],
        [],
        ["국가", "수도"],
        ["대한민국", "서울"],
        ["일본", "도쿄"],
    )
    sheet = workbook.active
    sheet.merge_cells("B4:C4")
    for cell in ("B6", "D6", "B7", "D7"):
        sheet[cell].number_format = "#,##0"
    for cell in ("C6", "C7"):
        sheet[cell].number_format = "0.0%"
    for cell in ("A11", "B11"):
        sheet[cell].font = Font(bold=True)
    second = workbook.create_sheet("Помощь")
    second.append(["Год", "Сумма"])
    second.append([2022, 12])
    workbook.properties.title, workbook.properties.creator = "Statistics", "Kim Min; Olga Pak"
    workbook.properties.created = datetime(2023, 5, 1)
    content = read(_saved(workbook), "f.xlsx")
    assert [(s.heading, s.level) for s in content.sections] == [("Trade", 1), ("Помощь", 1)]
    assert _tables(content) == [
        [
            ["", "2021", "", "2022"],
            ["Country", "Export", "Share", "Export", "Signed"],
            ["Oʻzbekiston", "1,932,000", "12.5%", "2,183,539", "2022-10-17"],
            ["Таджикистан", "90,000", "50.0%", "92,677", "2023-01-02"],
        ],
        [["국가", "수도"], ["대한민국", "서울"], ["일본", "도쿄"]],
        [["Год", "Сумма"], ["2022", "12"]],
    ]
    assert [table.head_rows for table in content.tables] == [2, 1, 1]
    assert "Trade of Korea with Central Asia\nthousand USD\n\n\t2021" in content.text
    assert "\n\nSource: KITA\n\n국가" in content.text
    stated = content.metadata
    assert (stated.title, stated.authors, stated.published) == (
        "Statistics",
        ("Kim Min", "Olga Pak"),
        "2023-05-01",
    )
    assert set(stated.origins.values()) == {"file"}


def test_tables_beside_each_other() -> None:
    rows = [["Export", 2022, None, "Import", 2022], ["Korea", 1, None, "Japan", 2]]
    rows += [["China", 3, None, "India", 4], ["Nepal", 5, None, "Laos", 6]]
    left, right = _tables(read(_saved(_workbook(*rows)), "f.xlsx"))
    assert (left[1], right[1]) == (["Korea", "1"], ["Japan", "2"])


def test_what_is_hidden_stays_out_and_is_noted() -> None:
    workbook = _workbook(
        ["Country", "Secret", "2022"], ["Korea", "x", 1], ["Japan", "y", 2], ["China", "z", 3]
    )
    workbook.active.column_dimensions["B"].hidden = True
    workbook.active.row_dimensions[3].hidden = True
    workbook.create_sheet("Drafts").append(["nobody sees this"])
    workbook["Drafts"].sheet_state = "hidden"
    content = read(_saved(workbook), "f.xlsx")
    assert _tables(content) == [[["Country", "2022"], ["Korea", "1"], ["China", "3"]]]
    assert [note.kind for note in content.notes] == ["hidden", "hidden"]
    assert any("Drafts" in note.message for note in content.notes)


def test_formulas_give_their_saved_values() -> None:
    data = _saved(_workbook(["Country", "2022"], ["Korea", 1], ["Total", "=SUM(B2:B2)"]))
    assert [note.kind for note in read(data, "f.xlsx").notes] == ["no_values"]
    computed = _changed(
        data, "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb"</f><v\s*/?>(?:</v>)?", b"</f><v>1</v>", xml)
    )
    content = read(computed, "f.xlsx")
    assert _tables(content)[0][-1] == ["Total", "1"]
    assert content.notes == ()


def test_a_sheet_whose_last_corner_is_filled() -> None:
    workbook = _workbook(["Country", "2022"], ["Korea", 1])
    workbook.active["XFD1048576"] = "corner"
    content = read(_saved(workbook), "f.xlsx")
    assert content.text.endswith("Korea\t1\n\ncorner")


def _good() -> bytes:
    return _saved(_workbook(["Country", "2022"], ["Korea", 1]))


def _with_entities(xml: bytes) -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    return bomb + re.sub(rb"<\?xml[^>]*\?>", b"", xml)


def _merging_all(xml: bytes) -> bytes:
    return xml.replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (_good()[:200], DamagedFile),
        (b"PK\x03\x04 nothing", DamagedFile),
        (_changed(_good(), "xl/workbook.xml", lambda xml: xml[:90]), DamagedFile),
        (_changed(_good(), "xl/worksheets/sheet1.xml", lambda xml: xml[:-30]), DamagedFile),
        (_changed(_good(), "xl/worksheets/sheet1.xml", _with_entities), HostileFile),
        (_changed(_good(), "docProps/core.xml", _with_entities), HostileFile),
        (_changed(_good(), "xl/worksheets/sheet1.xml", _merging_all), TooLarge),
        (_saved(_workbook()), EmptyFile),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), PasswordNeeded),
    ],
)
def test_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(data, "f.xlsx")


def test_too_scattered() -> None:
    workbook = Workbook()
    for number in range(1, 5000):
        workbook.active.cell(number * 2, number * 2, 1)
    with pytest.raises(TooLarge, match="spans"):
        read(_saved(workbook), "f.xlsx")
