"""Collected quotations in each format: the exact files, what is grouped, what a name is, what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from index.hit import DocumentCard
from ingest.document import Document, Metadata, Page, Section
from qa.answer import Citation
from qa.arguments import EXPORTS
from qa.export import FORMATS, Collected, UnknownFormat, export, work_of
from qa.export.names import Name, parted

DAY = date(2026, 11, 22)
REPORT = Metadata(
    title="Energy in Central Asia: 100% & more",
    authors=("M. Fumagalli", "Ministry of Trade, Industry and Energy", "김성환"),
    publisher="KIEP",
    published="2012-10",
    language="en",
    type="report",
    doi="10.1234/abc_1",
    url="https://kiep.example/a_b?x=1",
)
ARTICLE = Metadata(title="Форум", publisher="ТАСС", published="2012", language="ru", type="article")


def cited(document: str, quote: str, page: int = 1, label: str = "", section: str = "") -> Citation:
    return Citation(document, "A title", "/x.pdf", page, label, section, 0, len(quote), quote, 1.0)


QUOTATIONS = (
    Collected(
        cited("d1", "It began in 2007.\nIt goes on.", 3, "iv", "History"),
        REPORT,
        DAY,
        "check",
        "When did it begin?",
    ),
    Collected(cited("d2", "Форум начался в 2007 году."), ARTICLE, date(2026, 1, 2)),
    Collected(cited("d1", "Nobody doubts it.", 12, "9"), REPORT, date(2026, 11, 23)),
)

RIS = """TY  - RPRT
TI  - Energy in Central Asia: 100% & more
AU  - Fumagalli, M.
AU  - Ministry of Trade, Industry and Energy
AU  - 김성환
PB  - KIEP
SP  - iv
EP  - 9
DA  - 2012/10//
PY  - 2012
DO  - 10.1234/abc_1
LA  - en
UR  - https://kiep.example/a_b?x=1
Y2  - 2026/11/23/
N1  - “It began in 2007. It goes on.” (p. iv, History) · Note: check · Question: When did it begin? \
· Accessed: 2026-11-22
N1  - “Nobody doubts it.” (p. 9) · Accessed: 2026-11-23
ER  - \n
TY  - NEWS
TI  - Форум
T2  - ТАСС
DA  - 2012///
PY  - 2012
LA  - ru
Y2  - 2026/01/02/
N1  - “Форум начался в 2007 году.” · Accessed: 2026-01-02
ER  - \n
"""
BIBTEX = r"""@techreport{fumagalli2012,
  title = {{Energy in Central Asia: 100\% \& more}},
  author = {Fumagalli, M. and {Ministry of Trade, Industry and Energy} and {김성환}},
  institution = {KIEP},
  date = {2012-10},
  year = {2012},
  language = {en},
  doi = {10.1234/abc_1},
  url = {https://kiep.example/a_b?x=1},
  urldate = {2026-11-23},
  annote = {“It began in 2007. It goes on.” (p. iv, History) · Note: check · Question: When did it begin? · Accessed: 2026-11-22

“Nobody doubts it.” (p. 9) · Accessed: 2026-11-23},
}

@article{doc-d2-2012,
  title = {{Форум}},
  journal = {ТАСС},
  date = {2012},
  year = {2012},
  language = {ru},
  urldate = {2026-01-02},
  annote = {“Форум начался в 2007 году.” · Accessed: 2026-01-02},
}
"""  # noqa: E501
MARKDOWN = r"""## Energy in Central Asia: 100% \& more

Fumagalli, M.; Ministry of Trade, Industry and Energy; 김성환 · KIEP · 2012-10 · doi:10.1234/abc\_1 · https://kiep.example/a\_b?x=1 · accessed 2026-11-23

> It began in 2007.\
> It goes on.

p. iv, History\
Note: check\
Question: When did it begin?\
Accessed: 2026-11-22

> Nobody doubts it.

p. 9\
Accessed: 2026-11-23

## Форум

ТАСС · 2012 · accessed 2026-01-02

> Форум начался в 2007 году.

Accessed: 2026-01-02
"""  # noqa: E501
CSL = [
    {
        "id": "fumagalli2012",
        "type": "report",
        "title": "Energy in Central Asia: 100% & more",
        "author": [
            {"family": "Fumagalli", "given": "M."},
            {"literal": "Ministry of Trade, Industry and Energy"},
            {"literal": "김성환"},
        ],
        "publisher": "KIEP",
        "issued": {"date-parts": [[2012, 10]]},
        "language": "en",
        "DOI": "10.1234/abc_1",
        "URL": "https://kiep.example/a_b?x=1",
        "accessed": {"date-parts": [[2026, 11, 23]]},
        "note": "“It began in 2007. It goes on.” (p. iv, History) · Note: check · Question: When did it begin?"
        " · Accessed: 2026-11-22\n“Nobody doubts it.” (p. 9) · Accessed: 2026-11-23",
        "custom": {
            "quotations": [
                {
                    "quote": "It began in 2007.\nIt goes on.",
                    "page": "iv",
                    "note": "check",
                    "question": "When did it begin?",
                    "accessed": "2026-11-22",
                },
                {"quote": "Nobody doubts it.", "page": "9", "accessed": "2026-11-23"},
            ]
        },
    },
    {
        "id": "doc-d2-2012",
        "type": "article-newspaper",
        "title": "Форум",
        "container-title": "ТАСС",
        "issued": {"date-parts": [[2012]]},
        "language": "ru",
        "accessed": {"date-parts": [[2026, 1, 2]]},
        "note": "“Форум начался в 2007 году.” · Accessed: 2026-01-02",
        "custom": {"quotations": [{"quote": "Форум начался в 2007 году.", "accessed": "2026-01-02"}]},
    },
]


@pytest.mark.parametrize(
    ("format", "expected"), [("ris", RIS.replace("\n", "\r\n")), ("bibtex", BIBTEX), ("markdown", MARKDOWN)]
)
def test_a_document_is_one_entry_with_all_its_quotations(format: str, expected: str) -> None:
    assert export(QUOTATIONS, format) == expected


@pytest.mark.parametrize(
    ("authors", "publisher", "told"),
    [
        (("Bank of Korea",), "Bank of Korea", "Bank of Korea · accessed"),
        (("Bank of Korea",), "BANK OF KOREA", "Bank of Korea · accessed"),
        (("M. Fumagalli",), "M. Fumagalli", "Fumagalli, M. · accessed"),
        (("M. Fumagalli", "KIEP"), "KIEP", "Fumagalli, M.; KIEP · accessed"),
        (("M. Fumagalli",), "Fumagalli", "Fumagalli, M. · Fumagalli · accessed"),
        (("Bank of Korea",), "Bank", "Bank of Korea · Bank · accessed"),
        ((), "Bank of Korea", "\n\nBank of Korea · accessed"),
    ],
)
def test_markdown_names_an_author_who_is_the_publisher_once(
    authors: tuple[str, ...], publisher: str, told: str
) -> None:
    work = Metadata(title="Trade", authors=authors, publisher=publisher, type="report")
    found = (Collected(cited("d1", "It grew."), work, DAY),)
    assert told in export(found, "markdown")
    assert publisher in export(found, "ris").partition("PB  - ")[2]  # a field of its own there


def test_csl_json_is_a_list_of_items() -> None:
    text = export(QUOTATIONS, "csl-json")
    assert json.loads(text) == CSL
    assert "Форум" in text  # as letters, not as escapes


def test_nothing_collected_is_an_empty_file() -> None:
    assert {name: export((), name) for name in FORMATS} == {
        "markdown": "",
        "ris": "",
        "bibtex": "",
        "csl-json": "[]\n",
    }


@pytest.mark.parametrize("format", ["", "RIS", "endnote"])
def test_an_unknown_format_is_refused_and_the_known_ones_are_named(format: str) -> None:
    with pytest.raises(UnknownFormat, match=r"Give one of markdown, ris, bibtex, csl-json\."):
        export(QUOTATIONS, format)


def test_the_command_line_offers_every_format() -> None:
    assert tuple(FORMATS) == EXPORTS


TYPES = [
    ("article", "", "NEWS", "@article{", "article-newspaper"),
    ("paper", "", "JOUR", "@article{", "article-journal"),
    ("report", "https://a.example", "RPRT", "@techreport{", "report"),
    ("law", "", "STAT", "@misc{", "legislation"),
    ("statistics", "", "DATA", "@misc{", "dataset"),
    ("", "https://a.example", "ELEC", "@online{", "webpage"),
    ("", "", "GEN", "@misc{", "document"),
]


@pytest.mark.parametrize(("type", "url", "ris", "bibtex", "csl"), TYPES)
def test_each_type_of_document_has_its_own_in_each_format(
    type: str, url: str, ris: str, bibtex: str, csl: str
) -> None:
    found = [Collected(cited("d", "Words."), Metadata(title="A", type=type, url=url), DAY)]
    assert export(found, "ris").startswith(f"TY  - {ris}\r\n")
    assert export(found, "bibtex").startswith(bibtex)
    assert json.loads(export(found, "csl-json"))[0]["type"] == csl


@pytest.mark.parametrize(
    ("published", "ris", "parts"),
    [
        ("2012", "2012///", [2012]),
        ("2012-10", "2012/10//", [2012, 10]),
        ("2012-10-07", "2012/10/07/", [2012, 10, 7]),
        ("0987", "0987///", [987]),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(published: str, ris: str, parts: list[int]) -> None:
    found = [Collected(cited("d", "Words."), Metadata(title="A", published=published), DAY)]
    assert f"DA  - {ris}\r\nPY  - {published[:4]}\r\n" in export(found, "ris")
    assert f"  date = {{{published}}},\n  year = {{{published[:4]}}},\n" in export(found, "bibtex")
    assert json.loads(export(found, "csl-json"))[0]["issued"] == {"date-parts": [parts]}
    assert published in export(found, "markdown")


@pytest.mark.parametrize("published", ["", "in autumn", "2012-13", "2012-02-30", "20121017", "２０１２"])
def test_what_is_no_date_is_not_written_as_one(published: str) -> None:
    found = [Collected(cited("d", "Words."), Metadata(title="A", published=published), DAY)]
    assert "DA  -" not in export(found, "ris") and "PY  -" not in export(found, "ris")
    assert "\n  date =" not in export(found, "bibtex") and "year" not in export(found, "bibtex")
    assert "issued" not in json.loads(export(found, "csl-json"))[0]


def test_a_page_without_a_printed_label_is_told_by_its_number() -> None:
    def page(*place: object) -> str:
        return Collected(cited("d", "Words.", *place), Metadata(), DAY).page  # type: ignore[arg-type]

    assert page(7, "") == "7"
    assert page(7, "L 119/33") == "L 119/33"
    assert page(1, "") == ""  # a format without pages


@pytest.mark.parametrize(
    ("type", "places", "tags"),
    [
        ("report", [(3, "iv")], "SP  - iv\r\n"),
        ("law", [(33, "L 119/33")], "SP  - L 119/33\r\n"),
        ("", [(7, "")], "SP  - 7\r\n"),
        ("report", [(3, "iv"), (3, "iv")], "SP  - iv\r\n"),
        (
            "report",
            [(12, "9"), (3, "iv"), (7, "4")],
            "SP  - iv\r\nEP  - 9\r\n",
        ),  # not in the order of collecting
        ("report", [(1, "")], ""),  # a format without pages
        # Those of the whole work in its journal or newspaper, which are not known.
        ("paper", [(3, "117")], ""),
        ("article", [(3, "117")], ""),
    ],
)
def test_the_pages_that_are_quoted_stand_in_ris(type: str, places: list[tuple[int, str]], tags: str) -> None:
    work = Metadata(title="A", published="2012", type=type)
    found = [Collected(cited("d", "Words.", *place), work, DAY) for place in places]
    record = export(found, "ris")
    assert f"TI  - A\r\n{tags}DA  - 2012///\r\n" in record
    assert record.count("N1  - ") == len(places)


def test_keys_are_unique_and_in_plain_letters() -> None:
    works = [("d1", ("Müller, K.",)), ("d2", ("K. Muller",)), ("d-Ü3", ("Иванов И. И.",)), ("d4", ())]
    found = [
        Collected(cited(id, "Words."), Metadata(title="A", authors=authors, published="2012-10"), DAY)
        for id, authors in works
    ]
    keys = [item["id"] for item in json.loads(export(found, "csl-json"))]
    assert keys == ["muller2012", "muller2012-2", "doc-d3-2012", "doc-d4-2012"]
    assert [key for key in keys if f"{{{key},\n" in export(found, "bibtex")] == keys


def test_a_missing_title_is_that_of_the_citation() -> None:
    found = [Collected(cited("d", "Words."), Metadata(), DAY)]
    assert "TI  - A title\r\n" in export(found, "ris")


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("Fumagalli, Matteo", "Fumagalli", "Matteo"),
        ("Kim, Sung-hwan", "Kim", "Sung-hwan"),
        ("García Márquez, Gabriel", "García Márquez", "Gabriel"),
        ("van der Berg, Jan Piet", "van der Berg", "Jan Piet"),
        ("Иванов И. И.", "Иванов", "И. И."),
        ("Иванов, И.И.", "Иванов", "И.И."),
        ("И. И. Иванов", "Иванов", "И. И."),
        ("M. Fumagalli", "Fumagalli", "M."),
        ("Дж. Смит", "Смит", "Дж."),
        ("Matteo J. Fumagalli", "Fumagalli", "Matteo J."),
        ("Иван Иванович Петров", "Петров", "Иван Иванович"),
        ("Каримова Гульнара Исламовна", "Каримова", "Гульнара Исламовна"),
        ("Karimov Aziz Olim oʻgʻli", "Karimov", "Aziz Olim oʻgʻli"),
    ],
)
def test_a_name_whose_order_shows_is_parted(name: str, family: str, given: str) -> None:
    assert parted(name) == Name(family, given)


@pytest.mark.parametrize(
    "name",
    [
        "김성환",
        "Kim Minsu",
        "Islom Karimov",
        "KIEP",
        "Ministry of Trade, Industry and Energy",
        "Bank of Korea, Seoul",
        "Statistics Agency, Astana",
        "Jane Roe, John Doe",  # two persons
        "Слободан Петрович Милошевич",  # either could be the patronymic
        "통일연구원",
        "Министерство энергетики",
        "A",
        ",",
    ],
)
def test_any_other_name_stays_whole(name: str) -> None:
    assert parted(name) == Name(name)


def test_a_document_and_its_card_say_the_same_of_the_work() -> None:
    known = {name: getattr(REPORT, name) for name in Metadata.__slots__ if name != "origins"}
    document = Document(
        id="d",
        source="/x",
        format="pdf",
        text="Words.",
        pages=(Page(1, "1", 0, 6),),
        sections=(Section("", 0, 0, 6),),
        tables=(),
        **known,
    )
    card = DocumentCard(id="d", source="/x", format="pdf", pages=1, passages=1, characters=6, **known)
    assert work_of(document) == work_of(card) == replace(REPORT, origins={})
