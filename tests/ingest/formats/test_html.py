"""HTML: the article, whole, without the furniture of its site."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import EmptyFile
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


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(EmptyFile):
        read(b"<html><body>" + b"<div>" * 100_000 + b"deep", "f.html")


@pytest.mark.skipif(not DATA.exists(), reason="the policy documents are not part of this checkout")
def test_real_pages() -> None:
    content = read((DATA / "ico_right_to_be_informed.html").read_bytes(), "f.html")
    assert content.metadata.title == "Right to be informed"
    assert [len(row) for row in content.tables[0].rows[:2]] == [3, 3]
    law = read((DATA / "gdpr_art_13.html").read_bytes(), "f.html")
    assert law.text.startswith("Art. 13 GDPR Information to be provided")
    assert "the right to lodge a complaint with a supervisory authority;" in law.text
