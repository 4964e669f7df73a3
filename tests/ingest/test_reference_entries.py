"""One entry at a time: authors, year, title, container, address, in the styles that people write."""

from __future__ import annotations

import pytest

from ingest.links import first_doi, links
from ingest.reference_entries import parse
from ingest.reference_names import all_names, callings

ENTRIES = [
    # IEEE, and what reference managers make of it
    (
        'M. Fumagalli, "The End to the "New Initiative"," The Journal, vol. 9, pp. 69-97, 2012.',
        (("M. Fumagalli",), "2012", 'The End to the "New Initiative"', "The Journal"),
    ),
    (
        "S. Tursunov, Statistics of Waiting. Almaty: Dala, 2017.",
        (("S. Tursunov",), "2017", "Statistics of Waiting", ""),
    ),
    # APA, Harvard, Vancouver
    (
        "Kim, S.-H., & Lee, M. (2013a). What next? Asian Survey, 53(4), 701–725.",
        (("Kim, S.-H.", "Lee, M."), "2013", "What next?", "Asian Survey"),
    ),
    (
        "OECD (2022), Development Co-operation Profiles 2022, OECD Publishing, Paris.",
        (("OECD",), "2022", "Development Co-operation Profiles 2022", ""),
    ),
    (
        "Beck, I. (2017) ‘Selling O’Hara’s stream’, Water Review, 5(3), pp. 77–95.",
        (("Beck, I.",), "2017", "Selling O’Hara’s stream", "Water Review"),
    ),
    (
        "Fumagalli M, Kim S. Energy in Asia. J Asian Hist. 2012;9(2):69-97.",
        (("Fumagalli M", "Kim S."), "2012", "Energy in Asia", "J Asian Hist"),
    ),
    # Chicago
    (
        "Matteo Fumagalli and Ann Beck, Asia and Its Neighbours (New York: Meridian, 2006), 12.",
        (("Matteo Fumagalli", "Ann Beck"), "2006", "Asia and Its Neighbours", ""),
    ),
    (
        "Fumagalli, Matteo, and Ann Beck. Asia and Its Neighbours. New York: Meridian, 2006.",
        (("Fumagalli, Matteo", "Ann Beck"), "2006", "Asia and Its Neighbours", ""),
    ),
    # GOST, and its Uzbek and Kazakh kin
    (
        "Иванов И. И. О форуме «Азия – Корея» // Международная жизнь. – 2015. – № 3. – С. 5–10.",
        (("Иванов И. И.",), "2015", "О форуме «Азия – Корея»", "Международная жизнь"),
    ),
    (
        "Политика Узбекистана / А. А. Каримов, Б. Б. Юсупов. – Ташкент : Академия, 2012. – 210 с.",
        (("А. А. Каримов", "Б. Б. Юсупов"), "2012", "Политика Узбекистана", ""),
    ),
    (
        "Yusupov Sh.B., Rahimova D.T. Koreya bilan hamkorlik // Munosabatlar. – 2019. – № 2.",
        (("Yusupov Sh.B.", "Rahimova D.T."), "2019", "Koreya bilan hamkorlik", "Munosabatlar"),
    ),
    (
        "Назарбаев Н.Ә. Тәуелсіздік дәуірі. – Астана: Энциклопедия, 2017. – 508 б.",
        (("Назарбаев Н.Ә.",), "2017", "Тәуелсіздік дәуірі", ""),
    ),
    # Korean
    (
        "김성환. 2012. 「협력 포럼의 성과」, 『국제정치논총』 52권 2호, 69-97쪽.",
        (("김성환",), "2012", "협력 포럼의 성과", "국제정치논총"),
    ),
    ("김성환·이영희(2013), 『에너지 외교』, 서울: 한울.", (("김성환", "이영희"), "2013", "에너지 외교", "")),
    (
        "박지원 (2019). 신북방정책과 중앙아시아. 슬라브연구, 35(1), 1-30.",
        (("박지원",), "2019", "신북방정책과 중앙아시아", "슬라브연구"),
    ),
    # Little to go by
    ('"ODA Korea".', ((), "", "ODA Korea", "")),
    ("", ((), "", "", "")),
    ("2012", ((), "", "2012", "")),
]


@pytest.mark.parametrize(("raw", "fields"), ENTRIES)
def test_fields(raw: str, fields: tuple[tuple[str, ...], str, str, str]) -> None:
    entry = parse(raw)
    assert (entry.authors, entry.year, entry.title, entry.container) == fields


def test_a_broken_line_changes_no_field() -> None:
    for raw, fields in ENTRIES:
        entry = parse(raw.replace(" ", "\n"))
        assert (entry.authors, entry.year, entry.title) == fields[:3]


def test_the_day_of_access_is_no_year_of_publication() -> None:
    entry = parse("Beck, A. Plans. https://a.example/b (accessed 5 May 2021).")
    assert (entry.year, entry.url) == ("", "https://a.example/b")
    entry = parse("Сайт министерства. – URL: https://a.example/b (дата обращения: 12.05.2020).")
    assert (entry.year, entry.title) == ("", "Сайт министерства")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See <https://a.example/x_(y)>.", [("https://a.example/x_(y)", "")]),
        ("(https://a.example/x).", [("https://a.example/x", "")]),
        ("https://a.example/m\\_21618/contents.do.", [("https://a.example/m_21618/contents.do", "")]),
        ("https://a.example/long/\npath_to.html, 2012", [("https://a.example/long/path_to.html", "")]),
        ("https://a.example/long-\n\nname/x.pdf", [("https://a.example/long-name/x.pdf", "")]),
        ("https://a.example/x\nThe next sentence.", [("https://a.example/x", "")]),
        ("https://a.example/x/\n[5] Next entry", [("https://a.example/x/", "")]),
        ("doi:10.1234/abc.5(6)-7.", [("", "10.1234/abc.5(6)-7")]),
        ("https://doi.org/10.1234/abc", [("https://doi.org/10.1234/abc", "10.1234/abc")]),
        ("www.a.example, ec.europa.eu/justice/x", [("www.a.example", ""), ("ec.europa.eu/justice/x", "")]),
        ("and/or 1.5/2 e.g./i.e. Dr.Kim/Lee 110.1234/5", []),
    ],
)
def test_links(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.url, one.doi) for one in links(text)] == found
    for one in links(text):
        assert text[one.start : one.end].startswith((one.url or one.doi)[:8])


def test_names() -> None:
    assert all_names("Kim, S.-H., & Lee, M.") == ("Kim, S.-H.", "Lee, M.")
    assert all_names("Lindqvist, Anna, Kenji Sato, and Mohan Ray") == (
        "Lindqvist, Anna",
        "Kenji Sato",
        "Mohan Ray",
    )
    assert all_names("김성환·이영희") == ("김성환", "이영희")
    assert all_names("van der Berg, A., et al.") == ("van der Berg, A.",)
    assert all_names("") == ()
    assert all_names("the forum was held in Busan") is None
    assert callings("Иванов И. И.")[0] == "иванов"
    assert callings("M. Fumagalli")[0] == "fumagalli"
    assert callings("Kim Sung-hwan")[0] == "kim"
    assert "oecd" in callings("Organisation for Economic Co-operation and Development")


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        ("https://doi.org/10.1234/AbC.", "10.1234/AbC"),
        ("(doi: 10.1016/S0140-6736(05)66999-9), p. 3", "10.1016/S0140-6736(05)66999-9"),
        ("“10.1234/abc”", "10.1234/abc"),
        ("10.1234/abc’}", "10.1234/abc"),
        ("110.1234/5 and 10.12/x", ""),
    ],
)
def test_the_first_doi_of_a_line(line: str, doi: str) -> None:
    assert first_doi(line) == doi
