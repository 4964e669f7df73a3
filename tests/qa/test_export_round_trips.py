"""What is exported, read back by the programs of the field: rispy, bibtexparser, citeproc-py, markdown-it."""

from __future__ import annotations

import html
import json
import re
import warnings
from datetime import date

import bibtexparser
import jsonschema
import lxml.html
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from citeproc import Citation as Cited
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ingest.document import Metadata
from ingest.formats.draft import one_line
from qa.answer import Citation
from qa.export import Collected, export

DAY = date(2026, 11, 22)
# English, Korean, Russian, Uzbek in both scripts, Kazakh, Kyrgyz, Tajik, Turkmen.
LANGUAGES = (
    "The cooperation forum began in 2007.",
    "협력포럼은 2007년에 시작되었다.",
    "Форум начался в 2007 году.",
    "Forum 2007-yilda boshlangan, oʻsha yili Oʻzbekistonda.",
    "Форум 2007 йилда бошланган, ўша йили Ўзбекистонда.",
    "Форум 2007 жылы басталды, сол жылы Қазақстанда.",
    "Форум 2007-жылы башталган, ошол эле жылы Өзгөндө.",
    "Форум соли 2007 оғоз шуд, ҳамон сол дар Тоҷикистон.",
    "Forum 2007-nji ýylda başlandy, şol ýyl Aşgabatda.",
)
HARD = (
    "{",
    "}",
    "a {b} c",
    "}{",
    "100 %",
    "$5 & #1_a ~ ^",
    "\\",
    "\\{\\",
    "\\textbf{x}",
    "one\ntwo\r\n\r\nthree\u2028four",
    "a\tb",
    "x\nTY  - BOOK\nER  - \nAU  - Nobody",
    "@book{b, title={c}}",
    "<b>bold</b> & <script>alert(1)</script>",
    "a < b > c",
    "AT&T &amp; &copy=2 &notanentity;",
    "a\x00b\x1b[31mc\x7f\x85d",
    "half \ud83d and \udc00 pair",
    "-- --- '' `` ?` !! <<>> ,,",
    "# no heading\n- no item\n1. no number\n===\n> no quote\n    no code",
    "*a* _b_ [c](d) ![e](f) `g` | h | \\* <i@j.kz>",
    "“quoted” and \"quoted\" and 'quoted'",
    "{:type: book}",
    "t" * 2000,
)
ONE_PIECE = st.one_of(st.sampled_from(HARD + LANGUAGES), st.text(st.characters(exclude_categories=())))
TEXTS = st.lists(ONE_PIECE, min_size=1, max_size=3).map(" ".join).filter(one_line)
WORKS = st.builds(
    Metadata,
    title=TEXTS,
    authors=st.lists(TEXTS, max_size=3).map(tuple),
    publisher=st.just("") | TEXTS,
    published=st.sampled_from(["", "2012", "2012-10", "2012-10-17"]) | st.dates().map(date.isoformat),
    language=st.sampled_from(["", "en", "ko", "ru", "uz", "kk", "ky", "tg", "tk"]),
    type=st.sampled_from(["", "article", "paper", "report", "law", "statistics"]),
    doi=st.sampled_from(["", "10.1234/a_b(c)<d>%7B"]),
    url=st.sampled_from(["", "https://a.kz/b_c?d=1&copy=2#%20~e", "https://a.kz/{x}\\y"]),
)


def collected(document: str, quote: str, work: Metadata, label: str = "iv") -> Collected:
    return Collected(
        Citation(document, "A title", "/x.pdf", 3, label, "", 0, len(quote), quote, 1.0), work, DAY
    )


QUOTED = st.builds(collected, st.sampled_from(["d1", "d2"]), TEXTS, WORKS)


def notes_of(found: list[Collected]) -> list[list[str]]:
    """What each document's notes have to say, one line a quotation, in the order of the documents."""
    grouped: dict[str, list[str]] = {}
    for quotation in found:
        line = f"“{one_line(quotation.citation.quote)}” (p. iv) · Accessed: 2026-11-22"
        grouped.setdefault(quotation.citation.document_id, []).append(line)
    return list(grouped.values())


def works_of(found: list[Collected]) -> list[Metadata]:
    works: dict[str, Metadata] = {}
    for quotation in found:
        works.setdefault(quotation.citation.document_id, quotation.work)
    return list(works.values())


# RIS

ZOTERO_LINE = re.compile(
    r"^([A-Z][A-Z0-9]) {1,2}-(?: (.*))?$"
)  # a line with a tag, as Zotero's importer has it


@settings(deadline=None, max_examples=150)
@given(st.lists(QUOTED, min_size=1, max_size=3))
def test_rispy_reads_back_what_was_written_as_ris(found: list[Collected]) -> None:
    text = export(found, "ris")
    text.encode()  # no half surrogate is left
    assert text.startswith("TY  - ") and text.endswith("ER  - \r\n\r\n")
    assert "\n" not in text.replace("\r\n", "") and "\r" not in text.replace("\r\n", "")
    lines = text.split("\r\n")
    assert all(ZOTERO_LINE.fullmatch(line) for line in lines if line)
    records = rispy.loads(text, newline="\r\n")
    assert len(records) == len(works_of(found)) == sum(line.startswith("TY") for line in lines)
    for record, work, notes in zip(records, works_of(found), notes_of(found), strict=True):
        assert html.unescape(record["title"]) == one_line(work.title)
        assert [html.unescape(note) for note in record["notes"]] == notes
        authors = [html.unescape(author) for author in record.get("authors", [])]
        assert len(authors) == sum(bool(one_line(author)) for author in work.authors)
        for author, stated in zip(authors, filter(None, map(one_line, work.authors)), strict=True):
            assert sorted(re.findall(r"\w+", author)) == sorted(re.findall(r"\w+", stated))
        assert record.get("year", "") == work.published[:4]
        assert record.get("date", "").rstrip("/") == work.published.replace("-", "/")
        assert record["access_date"] == "2026/11/22/"
        quoted = None if work.type in ("paper", "article") else "iv"
        assert (record.get("start_page"), record.get("end_page")) == (quoted, None)
        assert html.unescape(";".join(record.get("urls", []))) == work.url
        assert html.unescape(record.get("doi", "")) == work.doi
        assert record.get("language", "") == work.language
        publisher = record.get("publisher", record.get("secondary_title", ""))
        assert html.unescape(publisher) == one_line(work.publisher)


@pytest.mark.parametrize("text", [*HARD, *LANGUAGES])
def test_zotero_takes_a_value_for_html_and_reads_the_same_text(text: str) -> None:
    ris = export([collected("d", text, Metadata(title=text))], "ris")
    values = dict(line.split("  - ", 1) for line in ris.split("\r\n") if line)
    # Its importer parses a value that holds "<" or "&" as HTML and takes the text of it; a note stays HTML.
    for tag, expected in (
        ("TI", one_line(text)),
        ("N1", f"“{one_line(text)}” (p. iv) · Accessed: 2026-11-22"),
    ):
        shown = lxml.html.fragment_fromstring(values[tag], create_parent="div").text_content()
        assert shown == expected


# BibTeX


def braces_pair(value: str) -> bool:
    """Whether braces are in pairs as BibTeX counts them: escaped or not."""
    depth = 0
    for char in value:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def decoded(value: str) -> str:
    """A field as pylatexenc reads it, which takes \\textasciicircum for the accent."""
    return value.replace("\u02c6", "^")


@settings(deadline=None, max_examples=150)
@given(st.lists(QUOTED, min_size=1, max_size=3))
def test_bibtexparser_reads_back_what_was_written_as_bibtex(found: list[Collected]) -> None:
    text = export(found, "bibtex")
    text.encode()
    raw = bibtexparser.parse_string(text)
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not raw.failed_blocks and not library.failed_blocks
    assert len({entry.key for entry in library.entries}) == len(works_of(found)) == len(library.entries)
    for entry, plain, work, notes in zip(
        library.entries, raw.entries, works_of(found), notes_of(found), strict=True
    ):
        assert re.fullmatch(r"[a-z0-9-]+", entry.key)
        assert all(braces_pair(field.value) for field in plain.fields)
        assert decoded(entry["title"]) == decoded(one_line(work.title))
        assert [decoded(note) for note in entry["annote"].split("\n\n")] == list(map(decoded, notes))
        fields = {field.key: field.value for field in plain.fields}
        assert fields.get("date", "") == work.published
        assert fields.get("year", "") == work.published[:4]
        assert fields.get("urldate") == "2026-11-22"
        assert fields.get("doi", "") == work.doi
        assert fields.get("url", "") == work.url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
        names = {field.key: field.value for field in entry.fields}
        publisher = names.get("publisher", names.get("institution", names.get("journal", "")))
        assert decoded(publisher) == decoded(one_line(work.publisher))


def test_bibtexparser_parts_names_as_they_were_parted() -> None:
    authors = ("M. Fumagalli", "Ministry of Trade, Industry and Energy", "김성환", "Иванов И. И.")
    text = export([collected("d", "Words.", Metadata(title="A", authors=authors))], "bibtex")
    library = bibtexparser.parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()])
    assert [(name.last, name.first) for name in library.entries[0]["author"]] == [
        (["Fumagalli"], ["M."]),
        (["{Ministry of Trade, Industry and Energy}"], []),
        (["{김성환}"], []),
        (["Иванов"], ["И.", "И."]),
    ]


# CSL-JSON

_DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "items": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3},
            "minItems": 1,
            "maxItems": 2,
        }
    },
    "required": ["date-parts"],
    "additionalProperties": False,
}
_STRING = {"type": "string"}
# Of csl-data.json of CSL 1.0.2 what is used here, checked by hand against it; what it allows besides is left out.
CSL_DATA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "type": {
                "enum": [
                    *("article-newspaper", "article-journal", "report", "legislation"),
                    *("dataset", "webpage", "document"),
                ]
            },
            "author": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"family": _STRING, "given": _STRING, "literal": _STRING},
                    "additionalProperties": False,
                },
            },
            "issued": _DATE,
            "accessed": _DATE,
            **dict.fromkeys(
                ("id", "language", "title", "container-title", "publisher", "DOI", "URL", "note"), _STRING
            ),
            "custom": {"type": "object"},
        },
        "required": ["type", "id"],
        "additionalProperties": False,
    },
}


@settings(deadline=None, max_examples=150)
@given(st.lists(QUOTED, min_size=1, max_size=3))
def test_csl_json_keeps_to_its_schema_and_reads_back(found: list[Collected]) -> None:
    text = export(found, "csl-json")
    text.encode()
    items = json.loads(text)
    jsonschema.validate(items, CSL_DATA)
    for item, work, notes in zip(items, works_of(found), notes_of(found), strict=True):
        assert item["title"] == one_line(work.title)
        assert item["note"].split("\n") == notes
        quotes = [quotation["quote"] for quotation in item["custom"]["quotations"]]
        assert [f"“{one_line(quote)}” (p. iv) · Accessed: 2026-11-22" for quote in quotes] == notes
        assert len(item.get("author", [])) == sum(bool(one_line(author)) for author in work.authors)
        parts = item.get("issued", {"date-parts": [[]]})["date-parts"][0]
        assert parts == [int(part) for part in work.published.split("-") if part]
        assert item["accessed"] == {"date-parts": [[2026, 11, 22]]}
        assert (item.get("DOI", ""), item.get("URL", "")) == (work.doi, work.url)
        publisher = item.get("publisher", item.get("container-title", ""))
        assert publisher == one_line(work.publisher)


def bibliography(found: list[Collected]) -> list[str]:
    """Each reference as citeproc-py prints it in the style that it ships with."""
    items = json.loads(export(found, "csl-json"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # `custom` is younger than it
        source = CiteProcJSON(items)
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        made = CitationStylesBibliography(style, source, formatter.plain)
        for item in items:
            made.register(Cited([CitationItem(item["id"])]))
        return [str(reference) for reference in made.bibliography()]


def test_a_citation_processor_prints_the_references() -> None:
    report = Metadata(
        title="Energy in Central Asia",
        authors=("M. Fumagalli", "Ministry of Trade, Industry and Energy", "김성환"),
        publisher="KIEP",
        published="2012-10",
        type="report",
        url="https://kiep.example/energy",
    )
    article = Metadata(
        title="Форум", authors=("Иванов И. И.",), publisher="ТАСС", published="2012-10-17", type="article"
    )
    printed = bibliography([collected("d1", "Words.", report), collected("d2", "Слова.", article)])
    assert printed == [
        "Fumagalli, M., Ministry of Trade, Industry and Energy and 김성환 (2012) Energy in Central Asia. KIEP. "
        "Available at: https://kiep.example/energy (Accessed: November 22, 2026).",
        "Иванов, И.И. (2012) “Форум”, ТАСС, 17 October.",
    ]


@pytest.mark.parametrize("type", ["", "article", "paper", "report", "law", "statistics"])
@pytest.mark.parametrize("published", ["", "2012", "2012-10", "2012-10-17"])
@pytest.mark.parametrize("authors", [(), ("김성환",)])
def test_a_citation_processor_prints_a_work_of_which_little_is_known(
    type: str, published: str, authors: tuple[str, ...]
) -> None:
    work = Metadata(title="Форум 포럼", published=published, type=type, authors=authors)
    (printed,) = bibliography([collected("d", "Words.", work)])
    assert "Форум 포럼" in printed
    assert ("2012" in printed) == bool(published)
    assert all(author in printed for author in authors)


# Markdown


def shown(text: str) -> tuple[list[str], list[str]]:
    """The block quotations of a Markdown text as they are shown, and all its other lines; nothing else is in it."""
    quoted: list[str] = []
    others: list[str] = []
    inside = False
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        if token.type == "blockquote_open":
            inside = True
            quoted.append("")
        elif token.type == "blockquote_close":
            inside = False
        elif token.type == "inline":
            kinds = {child.type for child in token.children or []}
            assert kinds <= {"text", "text_special", "hardbreak"}, kinds
            line = "".join(
                "\n" if child.type == "hardbreak" else child.content for child in token.children or []
            )
            if inside:
                quoted[-1] += ("\n\n" if quoted[-1] else "") + line
            else:
                others += line.split("\n")
        else:
            assert token.type.removesuffix("_open").removesuffix("_close") in ("heading", "paragraph"), (
                token.type
            )
    return quoted, others


@settings(deadline=None, max_examples=150)
@given(st.lists(QUOTED, min_size=1, max_size=3))
@example([collected("d", "one\ntwo\n\n# three\n\n\n  - four", Metadata(title="# A # B #"))])
def test_markdown_shows_the_very_words(found: list[Collected]) -> None:
    text = export(found, "markdown")
    text.encode()
    quoted, others = shown(text)
    by_document: dict[str, list[str]] = {}
    for quotation in found:
        by_document.setdefault(quotation.citation.document_id, []).append(quotation.citation.quote)
    expected = [one_line(quote) for quotes in by_document.values() for quote in quotes]
    assert [one_line(quote) for quote in quoted] == expected
    assert [line for line in others if line in {one_line(work.title) for work in works_of(found)}]
    assert sum(line == "p. iv" for line in others) >= len(found)


def test_markdown_keeps_the_lines_of_a_quotation() -> None:
    quote = "Kazakhstan\t33.6\nKyrgyzstan\t1.0\n\n- Nobody * doubts it."
    (quoted,), _ = shown(export([collected("d", quote, Metadata(title="A"))], "markdown"))
    assert quoted == quote
