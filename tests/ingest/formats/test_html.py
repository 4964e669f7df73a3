"""HTML: the article, whole, without the furniture of its site."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.errors import DamagedFile, EmptyFile
from ingest.formats.draft import Content
from ingest.formats.html import read

DATA = Path(__file__).parents[4] / "shared/data/policy"

SENTENCE = (
    "The ministers agreed to widen their cooperation in energy, transport and health over the next years. "
)
PAGE = f"""<!DOCTYPE html><html lang="uz"><head><meta charset="utf-8"><title>The forum | Daily</title>
<meta property="og:site_name" content="Daily"><meta name="author" content="Kim Min">
<meta property="article:published_time" content="2022-10-25T10:00:00Z">
<script>var x = "hidden";</script></head><body>
<nav><a href="/">Home</a><a href="/b">Business</a></nav>
<article><h1>The forum</h1><p>{SENTENCE * 3}</p>
<h2>Trade</h2><p>First<br>second &amp; third. {SENTENCE}</p>
<table><tr><th>Country</th><th>Export</th></tr><tr><td>Kyrgyzstan</td><td>372&nbsp;854</td></tr></table>
<ul><li>One point of the list</li><li>Another point of it</li></ul></article>
<footer>Copyright</footer></body></html>"""


def test_article_with_table_and_metadata() -> None:
    content = read(PAGE.encode(), "f.html")
    assert content.metadata.title == "The forum"
    assert content.metadata.authors == ("Kim Min",)
    assert content.metadata.published == "2022-10-25"
    assert content.metadata.language == "uz"
    assert [(s.heading, s.level) for s in content.sections] == [("The forum", 1), ("Trade", 2)]
    (table,) = content.tables
    assert [[c.of(content.text) for c in row] for row in table.rows] == [
        ["Country", "Export"],
        ["Kyrgyzstan", "372 854"],
    ]
    assert table.head_rows == 1
    assert "One point of the list\n\nAnother point of it" in content.text
    for furniture in ("hidden", "Copyright", "Business"):
        assert furniture not in content.text


def test_merged_cells_leave_the_others_in_their_columns() -> None:
    heads = "<tr><th rowspan=2>Country<th colspan=2>2021<th colspan=2>2022</tr>"
    heads += "<tr><th>Export<th>Import<th>Export<th>Import</tr>"
    body = "<tr><td rowspan=2>Kyrgyzstan<td>1<td>2<td>3<td>4</tr><tr><td>5<td>6<td>7<td>8</tr>"
    body += "<tr><td colspan=3>Balance<td>9</tr><tr><td colspan=9999999>All figures in millions</tr>"
    content = read(
        f"<html><body><p>{SENTENCE * 3}</p><table>{heads}{body}</table></body></html>".encode(), "f"
    )
    (table,) = content.tables
    assert [[cell.of(content.text) for cell in row] for row in table.rows] == [
        ["Country", "2021", "", "2022"],
        ["", "Export", "Import", "Export", "Import"],
        ["Kyrgyzstan", "1", "2", "3", "4"],
        ["", "5", "6", "7", "8"],
        ["Balance", "", "", "9"],
        ["All figures in millions"],
    ]


def test_a_law_of_short_lines_comes_out_whole() -> None:
    articles = "".join(f"<div><a href='#{n}'>Article {n}</a><div>Rule {n}.</div></div>" for n in range(1, 60))
    content = read(f"<html><body><div>{articles}</div></body></html>".encode(), "f.html")
    assert all(f"Rule {n}." in content.text for n in range(1, 60))


def test_charset_of_meta_is_used() -> None:
    text = "Форум прошёл в Сеуле. " * 9
    page = f'<html><head><meta charset="windows-1251"></head><body><p>{text}</p></body></html>'
    assert read(page.encode("cp1251"), "f.html").text.startswith("Форум прошёл в Сеуле. Форум")


def test_xhtml_with_a_declaration() -> None:
    declaration = '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml">'
    page = f"{declaration}<body><p>Text.</p></body></html>"
    assert read(page.encode(), "f.xhtml").text == "Text."


@pytest.mark.parametrize("page", [b"<html><body><script>x</script></body></html>", b"<html></html>"])
def test_a_page_that_shows_nothing(page: bytes) -> None:
    with pytest.raises(EmptyFile):
        read(page, "f.html")


def test_deep_nesting_is_read() -> None:
    page = b"<html><body>" + b"<div>" * 200 + b"deep" + b"</div>" * 200 + b"</body></html>"
    assert read(page, "f.html").text == "deep"


def test_nesting_without_end_is_flattened() -> None:
    deep = "<div><span>" * 100_000
    page = f"<html><body><p>before</p>{deep}<p>deep</p>{'</span></div>' * 100_000}<p>after</p></body></html>"
    assert read(page.encode(), "f.html").text == "before\n\ndeep\n\nafter"


def test_lists_nested_without_end_are_refused() -> None:
    with pytest.raises(DamagedFile, match="255 levels"):
        read(b"<html><body><p>before</p>" + b"<ul><li>" * 100_000 + b"deep", "f.html")


def _read(body: str, head: str = "") -> Content:
    return read(
        f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode(), "https://a.org/f.html"
    )


@pytest.mark.parametrize(
    ("table", "heads"),
    [
        ("<thead><tr><th>A<th>B<tr><td>x<td>y</thead><tbody><tr><th>r<td>1</tbody>", 2),
        ("<tr><th><th colspan=2>2022<tr><th>Country<th>Export<th>Import<tr><th>Korea<td>1<td>2", 2),
        ("<tr><td><th colspan=2>2022<tr><td>Country<td>Export<td>Import<tr><td>Korea<td>1<td>2", 2),
        ("<tr><th>Korea<td>1<td>2<tr><th>Japan<td>3<td>4", 0),  # heads of rows alone
        ("<tr><td><b>Country</b><td><b>Capital</b><tr><td>Korea<td>Seoul", 1),
        ("<tr><td>Country<td>2021<td>2022<tr><td>Korea<td>1<td>2", 1),
        ("<tr><td>Korea<td>Seoul<tr><td>Japan<td>Tokyo", 0),
    ],
)
def test_head_rows(table: str, heads: int) -> None:
    (found,) = _read(f"<p>{SENTENCE * 3}</p><table>{table}</table>").tables
    assert found.head_rows == heads


def test_tables_that_arrange_a_page_are_none() -> None:
    points = "<tr><td>(a)</td><td><p>the first point;</p></td></tr><tr><td>(b)</td><td>the second.</td></tr>"
    page = f"<tr><td>Left<td><h2>News</h2><p>{SENTENCE * 3}</p></tr>"
    content = _read(
        f"<table>{page}</table><table>{points}</table><table role=presentation>{points}</table>"
        f"<table><tr><td>{SENTENCE * 6}<td>{SENTENCE}<tr><td>x<td>y</table>"
    )
    assert content.tables == ()
    assert "\n\n(a) the first point;\n\n(b) the second.\n\n(a) the first point;" in content.text
    assert [section.heading for section in content.sections[1:]] == ["News"]


def test_superscripts_and_notes() -> None:
    body = f"""<article><p>{SENTENCE * 3}An area of 10<sup>2</sup> km<sup>2</sup>, in 2023<sup>[3]</sup> the
    forum<sup><a href="#n1" id="r1">1</a></sup>met, CO<sub>2</sub> fell, the 19<sup>th</sup> time.</p>
    <ol><li id="n1">Ministry of Foreign Affairs. <a href="#r1">↩</a></li></ol></article>"""
    text = _read(body).text
    assert "An area of 10² km², in 2023 [3] the forum [1] met, CO2 fell, the 19th time." in text
    assert text.endswith("[1] Ministry of Foreign Affairs.")


def test_definitions_captions_and_footnotes_stay() -> None:
    content = _read(
        f"""<article><p>{SENTENCE * 3}</p><dl><dt>ODA</dt><dd>Official aid.</dd><dt>FTA</dt><dd>Free trade.</dd></dl>
        <figure><img src="x.png"><figcaption>Figure 1. Exports to Uzbekistan</figcaption></figure>
        <p>{SENTENCE * 2}</p><aside role="doc-endnotes"><p>* Preliminary.</p></aside></article>"""
    )
    blocks = content.text.split("\n\n")
    assert blocks[1:4] == ["ODA\nOfficial aid.", "FTA\nFree trade.", "Figure 1. Exports to Uzbekistan"]
    assert blocks[-1] == "* Preliminary."


def test_metadata_of_a_journal() -> None:
    tags = {
        "citation_title": "Trade of Korea",
        "citation_journal_title": "Journal",
        "citation_doi": "doi:10.1234/AbC.5",
        "citation_publisher": "University Press",
        "citation_publication_date": "2021/3/05",
    }
    head = "".join(f'<meta name="{name}" content="{text}">' for name, text in tags.items())
    head += '<meta name="citation_author" content="Kim, Min"><meta name="citation_author" content="Ли, О.">'
    head += '<link rel="canonical" href="https://journal.org/1">'
    stated = _read(f"<p>{SENTENCE}</p>", head).metadata
    assert (stated.title, stated.authors) == ("Trade of Korea", ("Kim, Min", "Ли, О."))
    assert (stated.type, stated.doi, stated.published) == ("paper", "10.1234/AbC.5", "2021-03-05")
    assert (stated.publisher, stated.url) == ("University Press", "https://journal.org/1")
    assert set(stated.origins.values()) == {"markup"}


@pytest.mark.parametrize(
    ("kind", "own"), [("NewsArticle", "article"), ("ScholarlyArticle", "paper"), ("Legislation", "law")]
)
def test_linked_data(kind: str, own: str) -> None:
    thing = {
        "@type": kind,
        "headline": "Форум",
        "author": [{"name": "김민준"}, {"name": "Olga Pak"}],
        "datePublished": "2022-10-25T10:00:00Z",
        "publisher": {"name": "Daily"},
        "url": "javascript:alert(1)",
    }
    head = (
        f'<script type="application/ld+json">{json.dumps({"@graph": [{"@type": "WebSite"}, thing]})}</script>'
    )
    stated = _read(f"<p>{SENTENCE}</p>", head).metadata
    assert (stated.title, stated.authors, stated.published) == ("Форум", ("김민준", "Olga Pak"), "2022-10-25")
    assert (stated.publisher, stated.type, stated.url) == ("Daily", own, "")


@pytest.mark.parametrize("bad", ["{", "[" * 100_000, '"text"', "null", '{"@type": 5, "author": 7}'])
def test_linked_data_that_is_none(bad: str) -> None:
    head = f'<title>T</title><script type="application/ld+json">{bad}</script>'
    assert _read(f"<p>{SENTENCE}</p>", head).metadata.title == "T"


def test_scripts_and_handlers_leave_nothing() -> None:
    body = f"""<p onclick="steal()">{SENTENCE * 3}</p><script>steal()</script><img src=x onerror="steal()">
    <svg><script>steal()</script></svg><a href="javascript:steal()">{SENTENCE}</a><iframe srcdoc="steal()"></iframe>"""
    text = _read(body).text
    assert "steal" not in text
    assert text.count(SENTENCE.strip()) == 4


@pytest.mark.skipif(not DATA.exists(), reason="the policy documents are not part of this checkout")
def test_real_pages() -> None:
    content = read((DATA / "ico_right_to_be_informed.html").read_bytes(), "f.html")
    assert content.metadata.title == "Right to be informed"
    assert [len(row) for row in content.tables[0].rows[:2]] == [3, 3]
    law = read((DATA / "gdpr_art_13.html").read_bytes(), "f.html")
    assert law.text.startswith("Art. 13 GDPR Information to be provided")
    assert "the right to lodge a complaint with a supervisory authority;" in law.text


def test_what_a_page_hides_is_not_quotable() -> None:
    page = (
        "<html><body><p>Shown text about trade with Kazakhstan.</p><p hidden>Secret one.</p>"
        "<div style='color: red; DISPLAY : none'><p>Secret two.</p></div><p style='visibility:hidden'>Secret three.</p>"
        "</body></html>"
    )
    assert read(page.encode(), "f.html").text == "Shown text about trade with Kazakhstan."
    waiting = "<html><body style='display:none'><p>Shown when its script has run.</p></body></html>"
    assert read(waiting.encode(), "f.html").text == "Shown when its script has run."
