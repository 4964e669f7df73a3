"""What a document says of itself is found, with its origin; what it does not say is not made up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import dates_in
from ingest.document import Metadata, Origin
from ingest.formats.draft import Draft
from ingest.metadata import complete
from ingest.reading import load, read

CORPUS = Path(__file__).parents[2] / "corpus"

# Dates


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2012-10-17 17:01", "2012-10-17"),
        ("Oct. 17, 2012", "2012-10-17"),
        ("October 17, 2012", "2012-10-17"),
        ("17 October 2012", "2012-10-17"),
        ("the 3rd of May, 2023", "2023-05-03"),
        ("September 2014", "2014-09"),
        ("FEBRUARY 2020", "2020-02"),
        ("17 октября 2012 г.", "2012-10-17"),
        ("«5» мая 2023 года", "2023-05-05"),
        ("17.10.2012", "2012-10-17"),
        ("октябрь 2012", "2012-10"),
        ("2012년 10월 17일", "2012-10-17"),
        ("2012년 10월", "2012-10"),
        ("2012. 10. 17.", "2012-10-17"),
        ("2023-yil 5-may", "2023-05-05"),
        ("2012-yil 17-sentabrda", "2012-09-17"),
        ("2012 йил 17 октябрь", "2012-10-17"),
        ("2023 жылғы 5 мамыр", "2023-05-05"),
        ("2023-жылдын 5-майы", "2023-05-05"),
        ("5 майи соли 2023", "2023-05-05"),
        ("2023-nji ýylyň 5-nji maýy", "2023-05-05"),
    ],
)
def test_dates_in_the_languages_of_the_region(text: str, iso: str) -> None:
    assert [dated.iso for dated in dates_in(f"Seoul, {text}, and so on.")] == [iso]


@pytest.mark.parametrize(
    "text",
    [
        *("2012", "Fiscal Year 2012", "2012-2013", "10.1234/2012.10.17", "version 2012.10", "May be 2012"),
        *("Market 2012", "Decision 2012", "Мартынов 2012", "31 February 2012", "2012-13-01", "32.10.2012"),
        *("1 Jan 1850", "17 October 2099", "2099-01-01", "12/10/2012", "제2012-10호", "mayor 2012"),
    ],
)
def test_what_is_no_date_or_no_likely_one(text: str) -> None:
    assert dates_in(text, today=date(2026, 11, 22)) == []


def test_a_date_is_known_from_its_own_day_on() -> None:
    assert dates_in("2026-11-22", today=date(2026, 11, 21)) == []
    assert [dated.iso for dated in dates_in("2026-11-22", today=date(2026, 11, 22))] == ["2026-11-22"]


@given(st.text(alphabet="0123456789 .-/년월일mayоктября,", max_size=40))
def test_every_date_is_one_of_the_calendar_and_stands_in_the_text(text: str) -> None:
    for dated in dates_in(text):
        assert text[dated.start : dated.end].strip()
        assert date.fromisoformat(f"{dated.iso}-01"[:10]) <= date.today()


# Made documents


def completed(
    *blocks: str,
    heading: str = "",
    source: str = "/d/file.txt",
    stated: Sequence[tuple[Origin, dict[str, Any]]] = (),
) -> Metadata:
    """The metadata of a text of these paragraphs, some of them headings ("# ")."""
    draft = Draft()
    if heading:
        draft.heading(heading, 1)
    for block in blocks:
        if block.startswith("# "):
            draft.heading(block[2:], 2)
        else:
            draft.paragraph(block)
    for origin, fields in stated:
        draft.state(origin, **fields)
    return complete(draft.finish(), source)


PROSE = "The ministers met in Seoul on 3 May 2011 and spoke of trade, as they had done in June 2010."


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Shin Hyon-hee (heeshin@heraldcorp.com)", ("Shin Hyon-hee",)),
        ("By Shin Hyon-hee and Kim Yoon-mi", ("Shin Hyon-hee", "Kim Yoon-mi")),
        ("Автор: Гульбахор Душаева", ("Гульбахор Душаева",)),
        ("Авторы: А. Ким, Б. Ли", ("А. Ким", "Б. Ли")),
        ("Muallif: Gulbahor Dushayeva", ("Gulbahor Dushayeva",)),
        ("Муаллиф: Ҳусан Ўрозов", ("Ҳусан Ўрозов",)),
        ("홍길동 기자 hong@example.kr", ("홍길동",)),
        ("[서울=뉴시스] 홍길동 기자 = 한국은 1992년에 수교하였다", ("홍길동",)),
        ("저자: 홍길동, 김철수", ("홍길동", "김철수")),
        ("By the end of the year", ()),
        ("By train: a journey", ()),
        ("By comparison with 2011", ()),
        ("Author: see the last page", ()),
        ("기자 회견", ()),
    ],
)
def test_bylines(line: str, authors: tuple[str, ...]) -> None:
    found = completed(line, PROSE, PROSE, heading="Trade grows")
    assert found.authors == authors
    assert found.origins.get("authors") == ("text" if authors else None)


def test_a_line_of_names_under_the_title_is_one_of_authors_in_a_paper_alone() -> None:
    blocks = (
        "Kim Sung-hwan¹, Dushaeva Gulbahor²*",
        "# Abstract",
        PROSE,
        "# 1. Introduction",
        PROSE,
        "# References",
    )
    paper = completed(*blocks, heading="Trade and Distance")
    assert (paper.authors, paper.type) == (("Kim Sung-hwan", "Dushaeva Gulbahor"), "paper")
    article = completed("Kim Sung-hwan, Dushaeva Gulbahor", PROSE, heading="Trade and Distance")
    assert article.authors == ()
    other = completed("Central Asia after 1991", *blocks[1:], heading="Trade and Distance")
    assert other.authors == ()


def test_a_memo_names_its_sender_date_and_subject() -> None:
    memo = completed(
        "Date: August 9, 2024", "To: David Morrison", "From: Adam Qian, Erik de Kok (Ascent)", "Subject: Trade in 2022",
        PROSE, heading="Memo", stated=[("file", {"title": "Memo", "authors": ["x"], "published": "2024-08-12"})],
    )  # fmt: skip
    assert (memo.title, memo.authors) == ("Trade in 2022", ("Adam Qian", "Erik de Kok"))
    assert (memo.published, memo.origins["published"], memo.origins["title"]) == (
        "2024-08-09",
        "text",
        "text",
    )


@pytest.mark.parametrize(
    "junk", ["Document1", "Microsoft Word - draft.docx", "untitled", "plan_final.pdf", "제목 없음"]
)
def test_a_title_that_says_nothing_gives_way_to_the_text_s_own(junk: str) -> None:
    found = completed(PROSE, heading="Trade grows", stated=[("file", {"title": junk})])
    assert (found.title, found.origins["title"]) == ("Trade grows", "text")
    assert completed(PROSE, stated=[("file", {"title": junk})]).title == junk  # for lack of another
    kept = completed(PROSE, heading="Trade grows", stated=[("file", {"title": "Trade, 2022"})])
    assert (kept.title, kept.origins["title"]) == ("Trade, 2022", "file")


@pytest.mark.parametrize(
    ("blocks", "published"),
    [
        (["2012-10-17 17:01"], "2012-10-17"),
        (["Published on 17 October 2012", PROSE], "2012-10-17"),
        (["Опубликовано: 17 октября 2012 г."], "2012-10-17"),
        (["입력 2012.10.17 17:01"], "2012-10-17"),
        (["The Korea Herald, 17 October 2012"], "2012-10-17"),
        (
            ["SEOUL, Oct. 17, 2012 (Yonhap) -- The ministers of six states met here and spoke of trade."],
            "2012-10-17",
        ),
        ([PROSE], ""),
        (["The forum that began in May 2007 has been held every year since then in one of the capitals"], ""),
        (["Figures for October 2012 are not yet those of a full year and should not be compared."], ""),
    ],
)
def test_the_date_is_one_that_the_text_gives_itself(blocks: list[str], published: str) -> None:
    assert completed(*blocks, PROSE, heading="Trade grows").published == published


def test_the_text_s_date_beats_the_file_s_and_not_the_markup_s() -> None:
    dated = ("Published on 17 October 2012", PROSE)
    assert completed(*dated, stated=[("file", {"published": "2020-01-01"})]).published == "2012-10-17"
    assert completed(*dated, stated=[("markup", {"published": "2020-01-01"})]).published == "2020-01-01"


@pytest.mark.parametrize(
    ("blocks", "publisher"),
    [
        (["SEOUL, Oct. 17 (Yonhap) -- The ministers met."], "Yonhap"),
        (["АСТАНА, 17 октября. /ТАСС/. Министры встретились."], "ТАСС"),
        (["[서울=뉴시스] 홍길동 기자 = 장관들이 만났다."], "뉴시스"),
        ([PROSE, "© 2012 Korea Herald. All rights reserved."], "Korea Herald"),
        (["Ministry of Foreign Affairs", PROSE], "Ministry of Foreign Affairs"),
        (["외교부", "보도자료", PROSE], ""),  # one word heads too many texts
        (["The ministry of one state spoke with that of another", PROSE], ""),
        ([PROSE], ""),
    ],
)
def test_publishers(blocks: list[str], publisher: str) -> None:
    assert completed(*blocks).publisher == publisher


def test_a_body_that_the_file_names_as_its_author_published_it() -> None:
    found = completed(
        PROSE, stated=[("file", {"authors": ["Publications Office of the Union L-2985 Luxembourg"]})]
    )
    assert (found.publisher, found.origins["publisher"]) == ("Publications Office of the Union", "file")
    assert completed(PROSE, stated=[("file", {"authors": ["Jade Bui"]})]).publisher == ""


@pytest.mark.parametrize(
    ("blocks", "heading", "type"),
    [
        (["# Article 1", PROSE, "# Article 2", PROSE, "# Article 3", PROSE], "On trade", "law"),
        (
            ["Статья 1. Цели", PROSE, "Статья 2. Термины", PROSE, "Статья 3. Сфера", PROSE],
            "О торговле",
            "law",
        ),
        (["제1조(목적) 이 법은", "제2조(정의) 이 법에서", "제3조(적용) 이 법은"], "무역 기본", "law"),
        (["1-modda. Maqsad", "2-modda. Atamalar", "3-modda. Soha"], "Savdo", "law"),
        (["Article 5 of the treaty", PROSE, "Article 9 of the treaty"], "On a treaty", ""),
        ([PROSE], "Regulation (EU) 2016/679 of the European Parliament", "law"),
        ([PROSE], "Закон Республики Узбекистан о торговле", "law"),
        (["# Abstract", PROSE, "# Introduction", PROSE, "# References"], "On trade", "paper"),
        (["# 초록", PROSE, "# 서론", PROSE, "# 참고문헌"], "무역", "paper"),
        (["# Аннотация", PROSE, "# Введение", PROSE, "# Библиография"], "Торговля", "paper"),
        (["# Abstract", PROSE, "# Introduction", PROSE, "# 5. Reference List"], "On trade", "paper"),
        (["# 초록", PROSE, "# 서론", PROSE, "# 참고 자료"], "무역", "paper"),
        (["# Abstract", PROSE, "# Giriş", PROSE, "# Kaynakça"], "Ticaret", "paper"),
        (["# Abstract", PROSE, "# Introduction", PROSE, "# Terms of reference"], "On trade", ""),
        ([PROSE], "Annual Performance Report 2013", "report"),
        (["Bu hisobotda savdo haqida soʻz boradi."], "Savdo", "report"),
        (["В этом отчёте речь идёт о торговле."], "Торговля", "report"),
        (["이 보고서는 무역을 살펴본다."], "무역", "report"),
        (["이 글은 무역을 살펴본다."], "무역", "article"),
        (["By Shin Hyon-hee", PROSE], "Trade grows", "article"),
        ([PROSE], "Trade grows", ""),
    ],
)
def test_types(blocks: list[str], heading: str, type: str) -> None:
    found = completed(*blocks, heading=heading)
    assert (found.type, found.origins.get("type")) == (type, "text" if type else None)


def test_a_text_that_is_mostly_figures_in_tables_is_statistics() -> None:
    draft = Draft()
    draft.heading("Exports and imports", 1)
    draft.table([["Country", "Exports"], *([f"State {n}", f"{n * 7919:,}"] for n in range(1, 30))], 1)
    draft.paragraph("Source: customs.")
    assert complete(draft.finish(), "/t.csv").type == "statistics"


def test_a_page_that_calls_itself_an_article_may_be_a_law_and_other_types_are_meant() -> None:
    articles = ("# Article 1", PROSE, "# Article 2", PROSE, "# Article 3", PROSE)
    assert completed(*articles, stated=[("markup", {"type": "article"})]).type == "law"
    assert completed(*articles, stated=[("file", {"type": "report"})]).type == "report"


def test_the_doi_is_the_document_s_own() -> None:
    own = completed("https://doi.org/10.1234/abc.5.", PROSE, heading="On trade")
    assert (own.doi, own.origins["doi"]) == ("10.1234/abc.5", "text")
    cited = completed(PROSE, "# References", "[1] Kim, “Trade”, doi:10.1234/other", heading="On trade")
    assert cited.doi == ""


def test_a_letterhead_that_says_material_hides_nothing_below_it() -> None:
    assert (
        completed("참고자료", "Published on 17 October 2022", PROSE, heading="무역").published == "2022-10-17"
    )


def test_the_address_is_that_of_a_source_on_the_web() -> None:
    web = completed(PROSE, source="https://example.org/a%20paper.html")
    assert (web.url, web.origins["url"], web.title) == (
        "https://example.org/a%20paper.html",
        "file",
        "a paper",
    )
    assert completed(PROSE).url == ""


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_text_has_metadata_and_every_field_an_origin(blocks: list[str]) -> None:
    found = completed(*blocks)
    fields = ("title", "authors", "publisher", "published", "language", "type", "doi", "url")
    assert set(found.origins) == {field for field in fields if getattr(found, field)}


# Real documents: the whole table by hand. (title's beginning, authors, publisher, published, language, type)

EU = ("European Parliament and the Council of the European Union",)
EDPB = "European Data Protection Board"
OPM = "United States Office of Personnel Management"
POLICY: dict[str, tuple[str, tuple[str, ...], str, str, str, str]] = {
    "CELEX_32016R0679_EN_TXT.pdf": ("REGULATION (EU) 2016", EU, "Publications Office", "2016-04-27", "en", "law"),
    "Hartford_-CT-Mitigation-Plan-2014.pdf": ("City of Hartford Energy", (), "", "2014-09", "en", "report"),
    "NIS2_Regulation.pdf": ("DIRECTIVE (EU) 2022/2555", EU, "Publications Office", "2022-12-14", "en", "law"),
    "Napa_-CA-Adaptation-Plan-2024.pdf": (
        "Napa County Regional Climate Action and Adaptation Plan",
        ("Adam Qian", "Erik de Kok", "Honey Walters"), "", "2024-08-09", "en", "report",
    ),
    "OJ_L_202401689_EN_TXT.pdf": (
        "Regulation (EU) 2024/1689", EU, "Publications Office of the European Union", "2024-06-13", "en", "law",
    ),
    "edpb_guidelines_042022_calculationofadministrativefines_en.pdf": (
        "Guidelines 04/2022 on the calculation", (EDPB,), EDPB, "2023-05-24", "en", "report",
    ),
    "edpb_guidelines_201904_dataprotection_by_design_and_by_default_v2.0_en.pdf": (
        "Guidelines 4/2019 on Article 25", (EDPB,), EDPB, "2020-10-20", "en", "report",
    ),
    "edpb_guidelines_202005_consent_en.pdf": (
        "Guidelines 05/2020 on consent", (EDPB,), EDPB, "2020-05-04", "en", "report",
    ),
    "eu_ai_act_texts.html": ("The Act Texts", (), "", "", "en", ""),
    "gdpr_art_13.html": ("Art. 13 GDPR", (), "General Data Protection Regulation (GDPR)", "2016-08-30", "en", "law"),
    "gdpr_art_15.html": ("Art. 15 GDPR", (), "General Data Protection Regulation (GDPR)", "2018-03-28", "en", "law"),
    "ico_right_to_be_informed.html": ("Right to be informed", (), "ICO", "2025-01-10", "en", ""),
    "us-agency-2013-annual-performance-report.pdf": (
        "OPM Annual Performance Report", (OPM,), OPM, "2014-02", "en", "report",
    ),
    "us-agency-2014-annual-performance-report.pdf": (
        "FY 2014 OPM Annual Performance", ("Office of Personnel Management",), "Office of Personnel Management",
        "2015-02", "en", "report",
    ),
    "us-agency-2019-annual-performance-report.pdf": (
        "OPM Annual Performance Report", (OPM,), OPM, "2020-02", "en", "report",
    ),
}  # fmt: skip
SEEDS: dict[str, tuple[str, tuple[str, ...], str, str, str, str]] = {
    "korea-herald-2012.txt": ("Korea boosts Central Asia ties", ("Shin Hyon-hee",), "", "", "en", "article"),
    "dushaeva-south-korean-foreign-policy.md": (
        "South Korean Foreign Policy In Central Asia", ("Dushaeva Gulbahor",), "", "", "en", "paper",
    ),
}  # fmt: skip


def _said(path: Path) -> tuple[str, tuple[str, ...], str, str, str, str]:
    read_document = read(load(path), str(path))
    return (
        read_document.title,
        read_document.authors,
        read_document.publisher,
        read_document.published,
        read_document.language,
        read_document.type,
    )


@pytest.mark.parametrize("name", POLICY)
def test_the_real_documents(policy: Path, name: str) -> None:
    title, *others = _said(policy / name)
    assert title.startswith(POLICY[name][0])
    assert tuple(others) == POLICY[name][1:]


@pytest.mark.parametrize("name", SEEDS)
def test_the_seeds(seeds: Path, name: str) -> None:
    title, *others = _said(seeds / name)
    assert title.startswith(SEEDS[name][0])
    assert tuple(others) == SEEDS[name][1:]


def test_the_starter_documents() -> None:
    """Title, date and language are those of the manifest; a type is right or missing, and seldom missing."""
    types: Counter[str] = Counter()
    for entry in json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8")):
        title, authors, _, published, language, type = _said(CORPUS / "documents" / entry["file"])
        assert (title, published, language) == (entry["title"], entry["date"], entry["language"])
        assert len(authors) == 1 and "Verbatim" in authors[0]
        assert type in (entry["type"], ""), entry["file"]
        types["told" if type else "missing"] += 1
    assert types["told"] >= 12
