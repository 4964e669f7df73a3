"""ODT: headings, lists, tables with merged cells, notes in their place; broken and locked files refused."""

from __future__ import annotations

import unicodedata

import pytest

from ingest.errors import DamagedFile, EmptyFile, HostileFile, PasswordNeeded
from ingest.formats import pick
from ingest.formats.odt import read
from ingest.reading import read as document_of
from tests.ingest.formats.made_containers import zipped

TYPE = "application/vnd.oasis.opendocument.text"
URI = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = (
    " ".join(
        f'xmlns:{name}="{URI}:{long}:1.0"'
        for name, long in {
            **{"office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style"},
            **{"meta": "meta", "manifest": "manifest", "svg": "svg-compatible"},
        }.items()
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
META = f"""<office:document-meta {SPACES}><office:meta><dc:title>Отчёт</dc:title>
<meta:initial-creator>Ким; Пак</meta:initial-creator><dc:creator>Редактор</dc:creator>
<meta:creation-date>2023-05-09T10:00:00</meta:creation-date><dc:language>uz-UZ</dc:language>
</office:meta></office:document-meta>"""


def odt(body: str, styles: str = "", **parts: str) -> bytes:
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    named = {f"{name}.xml": part for name, part in parts.items()}
    return zipped({"content.xml": content, **named}, mimetype=TYPE)


def table(rows: str, heads: str = "") -> str:
    head = f"<table:table-header-rows>{heads}</table:table-header-rows>" if heads else ""
    return f"<table:table>{head}{rows}</table:table>"


def row(*cells: str) -> str:
    made = [
        cell if cell.startswith("<table") else f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>"
        for cell in cells
    ]
    return f"<table:table-row>{''.join(made)}</table:table-row>"


def test_headings_paragraphs_lists_and_properties() -> None:
    data = odt(
        '<text:p text:style-name="P1">Савдо hisoboti</text:p>'
        '<text:h text:outline-level="2">2. Экспорт</text:h>'
        "<text:p>Birinchi <text:span>gap</text:span>,<text:s text:c='3'/>oʻng<text:tab/>tomon<text:line-break/>va"
        " <text:a>havola</text:a>\n davomi.<office:annotation><text:p>izoh</text:p></office:annotation></text:p>"
        "<text:list><text:list-item><text:p>bir</text:p><text:list><text:list-item><text:p>ikki</text:p>"
        "</text:list-item></text:list></text:list-item></text:list>"
        "<text:tracked-changes><text:p>oʻchirilgan</text:p></text:tracked-changes>"
        "<text:section><text:p>" + unicodedata.normalize("NFD", "한국어") + "</text:p></text:section>",
        styles='<style:style style:name="P1" style:parent-style-name="Title"/>',
        meta=META,
    )
    content = read(data, "f.odt")
    assert content.text.split("\n\n") == [
        "Савдо hisoboti",
        "2. Экспорт",
        "Birinchi gap, oʻng tomon\nva havola davomi.",
        "bir",
        "ikki",
        "한국어",
    ]
    assert [(s.heading, s.level) for s in content.sections] == [("Савдо hisoboti", 1), ("2. Экспорт", 2)]
    stated = content.metadata
    assert (stated.title, stated.authors, stated.published, stated.language) == (
        *("Савдо hisoboti", ("Ким", "Пак"), "2023-05-09", "uz"),
    )
    assert stated.origins == {"title": "markup", "authors": "file", "published": "file", "language": "file"}
    assert pick(data, "f").name == "odt"


def test_tables_with_merged_cells() -> None:
    covered = "<table:covered-table-cell/>"
    wide = '<table:table-cell table:number-columns-spanned="2"><text:p>Жами</text:p></table:table-cell>'
    content = read(
        odt(
            table(
                row("Тожикистон", "100", "200") + row(wide, covered, "300") + row(covered, "7", "8"),
                heads=row("Мамлакат", "2022", "2023"),
            )
            + "<text:p>Кейин.</text:p>"
            + table(row("Год", "Объём") + row("2022", "5,1"))
            + table(
                row(
                    "<table:table-cell><text:h text:outline-level='1'>В рамке</text:h>"
                    "<text:p>Абзац.</text:p></table:table-cell>"
                )
            )
        ),
        "f.odt",
    )
    assert content.text.split("\n\n") == [
        "Мамлакат\t2022\t2023\nТожикистон\t100\t200\nЖами\t\t300\n\t7\t8",
        "Кейин.",
        "Год\tОбъём\n2022\t5,1",
        "В рамке",
        "Абзац.",
    ]
    assert [t.head_rows for t in content.tables] == [1, 1]
    assert content.tables[0].rows[2][2].of(content.text) == "300"


def test_notes_and_boxes_cut_no_sentence() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>{}</text:p></text:note-body></text:note>"
    )
    box = (
        "<draw:frame><svg:title>Picture</svg:title><draw:text-box><text:p>В рамке"
        + note.format("Вторая.")
        + "</text:p></draw:text-box></draw:frame>"
    )
    data = odt(
        f"<text:p>Начало{note.format('Первая сноска.')} и {box}конец.</text:p>"
        + table(row(f"ячейка{note.format('Третья.')}", f"a{box}") + row("1", "2"))
        + "<text:p>Последний.</text:p>"
    )
    assert read(data, "f.odt").text.split("\n\n") == [
        *("Начало¹ и конец.", "¹ Первая сноска.", "В рамке¹", "¹ Вторая."),
        *("ячейка¹\ta\n1\t2", "¹ Третья.", "В рамке¹", "¹ Вторая."),
        "Последний.",
    ]


def test_footnotes_that_cite_a_work_are_references_with_mentions() -> None:
    def note(mark: str, text: str) -> str:
        cited = f"<text:note-citation>{mark}</text:note-citation>"
        return (
            f"<text:note>{cited}<text:note-body><text:p><text:s/>{text}</text:p></text:note-body></text:note>"
        )

    data = odt(
        f"<text:h>Piers{note('*', 'For Olga.')}</text:h>"
        f"<text:p>Of 10² m² it was so.{note('11', 'Ann Beck, “Plans,” Caspian Studies 6, no. 1 (2014): 22.')} "
        f"Then not.{note('12', 'See Article 5.')} On an area of 5 m².</text:p>"
        f"<text:p>It ended.{note('i', 'Carl Orne, Harbours (Oslo: Fjord Press, 2016), 3.')}</text:p>"
    )
    document = document_of(data, "f.odt")
    assert document.title == "Piers"
    assert document.text.split("\n\n") == [
        *("Piers*", "* For Olga.", "Of 10² m² it was so.¹¹ Then not.¹² On an area of 5 m²."),
        *("¹¹ Ann Beck, “Plans,” Caspian Studies 6, no. 1 (2014): 22.", "¹² See Article 5.", "It ended.[i]"),
        "[i] Carl Orne, Harbours (Oslo: Fjord Press, 2016), 3.",
    ]
    assert [(one.label, one.title) for one in document.references] == [("11", "Plans"), ("i", "Harbours")]
    assert [(document.text[one.start : one.end], one.reference) for one in document.mentions] == [
        *(("¹¹", 0), ("[i]", 1)),
    ]


def test_a_circle_of_styles_ends() -> None:
    styles = "".join(
        f'<style:style style:name="{a}" style:parent-style-name="{b}"/>' for a, b in (("A", "B"), ("B", "A"))
    )
    assert read(odt('<text:p text:style-name="A">x</text:p>', styles), "f.odt").text == "x"


def test_no_text() -> None:
    with pytest.raises(EmptyFile):
        read(odt("<text:p> </text:p>"), "f.odt")


def test_a_password() -> None:
    entry = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    manifest = f"<manifest:manifest {SPACES}>{entry}</manifest:manifest>"
    with pytest.raises(PasswordNeeded):
        read(
            zipped({"content.xml": b"\x8f\x00junk", "META-INF/manifest.xml": manifest}, mimetype=TYPE),
            "f.odt",
        )


def test_broken_files() -> None:
    good = odt("<text:p>слово</text:p>" * 50)
    no_text = zipped({"content.xml": f"<office:document-content {SPACES}/>"}, mimetype=TYPE)
    for bad in (
        b"garbage",
        good[: len(good) // 2],
        zipped({"a": "b"}, mimetype=TYPE),
        odt("<text:p>"),
        no_text,
    ):
        with pytest.raises(DamagedFile):
            read(bad, "f.odt")


def test_bombs_and_entities() -> None:
    entity = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
    deep = odt("<text:section>" * 5000 + "<text:p>x</text:p>" + "</text:section>" * 5000)
    for bad in (zipped({"content.xml": entity}), odt("<text:p>x</text:p>", meta=entity), deep):
        with pytest.raises(HostileFile):
            read(bad, "f.odt")


def test_the_heads_of_a_table_are_those_of_the_same_table_in_html() -> None:
    for lines in (
        (("Country", "2022", ""), ("", "Out", "In"), ("Korea", "1", "2")),
        (("Trade, million", "", ""), ("Country", "Out", "In"), ("Korea", "1", "2")),
        (("Korea", "Seoul", "x"), ("Japan", "Tokyo", "y")),
    ):
        page = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
        (as_page,) = document_of(f"<html><body><table>{page}</table></body></html>".encode(), "t.html").tables
        (as_text,) = read(odt(table("".join(row(*line) for line in lines))), "t.odt").tables
        assert as_text.head_rows == as_page.head_rows
