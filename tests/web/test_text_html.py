"""Documents as HTML: nothing of the text is lost, added or run; marks are exact; pages and tables show."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Document, Page, Section, Span, Table
from tests.growth import growth
from tests.web.shelf import made as document
from web.interface import Interface
from web.source.address import asked
from web.source.text_view import text_view
from web.text_html import Mark, text_html


def document_page(shown: Document, start: int | None = None, end: int | None = None) -> str:
    query = {} if start is None else {"start": str(start), "end": str(end)}
    return text_view(Interface(), shown, asked(shown, query)).html


class Read(HTMLParser):
    """What a browser would show: all text, and the text inside `<mark>` by class."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.marked: dict[str, str] = {}
        self._classes: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "mark":
            self._classes = (dict(attributes).get("class") or "").split()

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._classes = []

    def handle_data(self, data: str) -> None:
        self.text += data
        for name in self._classes:
            self.marked[name] = self.marked.get(name, "") + data


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


texts = st.text(alphabet=st.sampled_from("ab <>&\"'/\n한ж"), max_size=120)


@given(texts, st.data())
def test_text_and_marks_survive_whatever_they_hold(text: str, data: st.DataObject) -> None:
    offsets = st.integers(0, len(text))
    start, end = sorted((data.draw(offsets), data.draw(offsets)))
    inner, stop = sorted((data.draw(offsets), data.draw(offsets)))
    read = Read(
        text_html(document(text), 0, len(text), [Mark(start, end, "quote"), Mark(inner, stop, "term")])
    )
    assert squeezed(read.text) == squeezed(text)
    assert squeezed(read.marked.get("quote", "")) == squeezed(text[start:end])
    assert squeezed(read.marked.get("term", "")) == squeezed(text[inner:stop])
    assert set(read.tags) <= {"p", "mark"}


def test_quote_is_exact_and_anchored_once() -> None:
    text = "Before it. The quoted words\nrun on.\n\nAfter <b>it</b>."
    html = text_html(
        document(text), 0, len(text), [Mark(11, 35, "quote"), Mark(15, 21, "answer")], anchors=True
    )
    assert html == (
        '<p>Before it. <mark id="quote" class="quote">The </mark><mark class="quote answer">quoted</mark>'
        '<mark class="quote"> words\nrun on.</mark></p><p>After &lt;b&gt;it&lt;/b&gt;.</p>'
    )


def test_headings_pages_and_flowing_lines_of_a_pdf() -> None:
    text = "Summary\n\nOne line\nand the next,\nover the page.\n\nMore"
    over = text.index("over")
    pages = (Page(1, "iv", 0, over), Page(2, "1", over, len(text)))
    sections = (Section("Summary", 1, 0, len(text)),)
    html = text_html(document(text, format="pdf", pages=pages, sections=sections), 0, len(text), anchors=True)
    label = 'class="page" id="page-{0}" role="separator" lang="en" aria-label="page {1}"'
    assert html == (
        f'<div {label.format(1, "iv")}></div><h2 id="section-0">Summary</h2>'
        f'<p class="flowing">One line\nand the next,\n<span {label.format(2, "1")}></span>over the page.</p>'
        '<p class="flowing">More</p>'
    )


def test_row_of_a_table_keeps_its_column_heads() -> None:
    text = "Country\tExports\nUzbekistan\t2 183 539\nKyrgyzstan\t372 854\n\nAfter."
    lines = text.split("\n\n")[0].split("\n")
    rows, at = [], 0
    for line in lines:
        cells = []
        for cell in line.split("\t"):
            cells.append(Span(at, at + len(cell)))
            at += len(cell) + 1
        rows.append(tuple(cells))
    table = Table(0, at - 1, tuple(rows), 1)
    start, end = rows[2][0].start, rows[2][1].end
    html = text_html(document(text, tables=(table,)), start, end, [Mark(start, end, "quote")])
    assert html == (
        '<div class="table"><table><thead><tr><th>Country</th><th>Exports</th></tr></thead><tbody><tr>'
        '<td><mark class="quote">Kyrgyzstan</mark></td>'
        '<td class="number"><mark class="quote">372 854</mark></td></tr></tbody></table></div>'
    )


def test_spans_outside_the_text_mark_nothing() -> None:
    page = document("Only this.")
    for start, end in ((-1, 4), (4, 4), (5, 2), (0, 11), (10**30, 10**31)):
        assert "<mark" not in document_page(page, start, end)
    assert '<mark id="quote" class="quote">Only</mark>' in document_page(page, 0, 4)


def test_only_web_addresses_become_links() -> None:
    assert 'href="https://a.example/b.html"' in document_page(
        document("x", source="https://a.example/b.html")
    )
    for source in ("javascript:alert(1)", "/etc/passwd", "data:text/html,x", 'https://a.example/"onclick="x'):
        html = document_page(document("x", source=source))
        assert "javascript:alert" not in html.replace(">javascript:alert(1) ", "")
        assert '"onclick="' not in html
        assert 'href="/etc' not in html


def test_the_work_grows_as_the_document_does() -> None:
    def work(paragraphs: int) -> Callable[[], object]:
        text = "\n\n".join("word <and> & " * 50 for _ in range(paragraphs))
        long, start = document(text), len(text) - 1_000
        assert document_page(long, start, start + 10).count("<mark") == 1
        return lambda: document_page(long, start, start + 10)

    assert growth(work, 500) < 24
