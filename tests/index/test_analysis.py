"""Exact terms: numbers, stems, scripts that meet, and what a query looks for."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import query_terms, term_spans, terms
from ingest.language import detect


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 183 539", ["2183539"]),
        ("2\u00a0183\u202f539", ["2183539"]),
        ("2,183,539", ["2183539"]),
        ("2.183.539", ["2183539"]),
        ("2183539", ["2183539"]),
        ("372 854", ["372854"]),
        ("2 183 539\t27 932", ["2183539", "27932"]),
        ("2 183\n539", ["2183", "539"]),
        ("in 2022 372 854", ["in", "2022", "372854"]),
        ("5 100,000", ["5", "100000"]),
        ("7.3", ["7.3"]),
        ("7,3", ["7.3"]),
        ("1,234.56", ["1234.56"]),
        ("1.234,56", ["1234.56"]),
        ("2 183 539,5", ["2183539.5"]),
        ("0.125", ["0.125"]),
        ("1,2,3", ["1", "2", "3"]),
        ("3.1.2", ["3.1.2"]),
        ("2022,", ["2022"]),
        ("US$2.5", ["us", "2.5"]),
        ("15th", ["15", "15th"]),
        ("1990s", ["1990", "1990s"]),
        ("6½", ["6", "6½"]),
        ("10²", ["10"]),
        ("49⁴⁷, 1,204³ 10⁻³", ["49", "1204", "10"]),
        ("69-97", ["69", "97"]),
        ("2012-10-17", ["2012-10-17", "2012"]),
        ("17.10.2012", ["2012-10-17", "2012"]),
        ("99.99.2012", ["99.99.2012"]),
        ("٢٠١٧", ["2017"]),
        ("C5+1", ["c5+1", "c5"]),
        ("C5 + 1", ["c5+1", "c5"]),
    ],
)
def test_numbers(text: str, expected: list[str]) -> None:
    assert terms(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [("2017-yil", "uz"), ("2017년", "ko"), ("2017-жылы", "ky"), ("2017 г.", "ru"), ("2017年", "zh")],
)
def test_a_year_is_found_whatever_follows_it(text: str, language: str) -> None:
    assert terms(text, language)[0] == "2017"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The Secretariat", "en", ["the", "secretariat"]),
        ("cooperation²", "en", ["cooper", "cooperation"]),
        (
            "adopted¹ принято.¹² 포럼¹⁾은",
            "en",
            ["adopt", "adopted", "принят", "принято", "포럼", "^포럼", "은"],
        ),
        ("EU¹ км²", "ru", ["eu1", "eu", "км2", "км"]),
        ("¹ Fumagalli 2012¹", "en", ["fumag", "fumagalli", "2012"]),
        ("Korea’s", "en", ["korea"]),
        ("ﬁnance CAFÉ", "en", ["financ", "finance", "cafe"]),
        ("Sung-hwan", "en", ["sung", "hwan"]),
        ("Кыргызстана ещё за́мок", "ru", ["кыргызста", "кыргызстана", "ещ", "еще", "замок"]),
        ("Oʻzbekiston", "ru", ["ozbekiston"]),
        ("форумы forums", "ko", ["форум", "форумы", "forum", "forums"]),
        ("Ankara’da", "tr", ["ankar", "ankara"]),
        ("İSTANBUL IĞDIR ığdır", "tr", ["istan", "istanbul", "igdir", "igdir"]),
        ("Қазақстанның", "kk", ["қазақ", "қазақстанның"]),
        ("l’accord", "fr", ["l", "accord"]),
        ("대통령이 한", "ko", ["대통", "통령", "령이", "^대통", "한"]),
        ("论坛", "zh", ["论", "论坛", "坛"]),
        ("می‌شود", "fa", ["شود", "میشود"]),
        ("", "en", []),
        ("— ! _", "en", []),
    ],
)
def test_words(text: str, language: str, expected: list[str]) -> None:
    assert terms(text, language) == expected


@pytest.mark.parametrize(
    ("language", "cyrillic", "latin"),
    [
        ("uz", "Ўзбекистон", "Oʻzbekiston"),
        ("uz", "Ўзбекистон", "O'zbekiston"),
        ("uz", "тўғри шаҳар аъло", "toʻgʻri shahar aʼlo"),
        ("uz", "Европа поезд концерт конституция", "Yevropa poyezd konsert konstitutsiya"),
        ("uz", "Марказий Осиё ҳамкорлиги", "Markaziy Osiyo hamkorligi"),
        ("tk", "Түркменистаның дөвлети", "Türkmenistanyň döwleti"),
        ("tk", "Европа йыл җемгыет", "Ýewropa ýyl jemgyýet"),
    ],
)
def test_cyrillic_and_latin_meet(language: str, cyrillic: str, latin: str) -> None:
    assert terms(cyrillic, language) == terms(latin, language)


def test_spans_point_at_what_a_term_stands_for() -> None:
    text = "15th 대통령 Oʻzbekistonda 2 183 539"
    assert [(term, text[start:end]) for term, start, end in term_spans(text, "uz")] == [
        ("15", "15th"),
        ("15th", "15th"),
        ("대통", "대통"),
        ("통령", "통령"),
        ("^대통", "대통"),
        ("ozbek", "Oʻzbekistonda"),
        ("ozbekistonda", "Oʻzbekistonda"),
        ("2183539", "2 183 539"),
    ]


LIBRARY = {"en", "ko", "ru", "uz"}


def test_a_word_is_found_with_and_without_what_is_raised_at_it() -> None:
    assert (
        query_terms("adopted", "en", {"en"})
        == query_terms("adopted¹", "en", {"en"})
        == [("adopt", "adopted")]
    )
    assert query_terms("area in km²", "en", {"en"})[-1] == ("km2", "km")
    assert query_terms("²", "en", {"en"}) == []


def test_question_words_are_left_out_but_names_are_not() -> None:
    assert query_terms("Who signed with Kim Sung-hwan?", "en", {"en"}) == [
        ("sign", "signed"),
        ("with",),
        ("kim",),
        ("sung",),
        ("hwan",),
    ]
    assert query_terms("Kim imzoladi?", "uz", {"uz"}) == [("imzol", "imzoladi")]
    assert query_terms("Kim Oʻzbekistonga keldi?", "uz", {"uz"})[0] == ("ozbek", "ozbekistonga")
    assert query_terms("Kim Son Xvan bilan kim keldi?", "uz", {"uz"})[0] == ("kim",)
    assert query_terms("Who Is Kim Sung?", "en", {"en"})[0] == ("is",)
    assert query_terms("Когда начался форум?", "ru", {"ru"}) == [("нача", "начался"), ("форум",)]
    assert query_terms("수출은 얼마인가", "ko", {"ko"}) == [("수출",), ("출은",), ("^수출",)]


def test_a_question_of_question_words_alone_keeps_them() -> None:
    assert query_terms("Who?", "en", {"en"}) == [("who",)]
    assert query_terms("?!", "en", {"en"}) == []


@pytest.mark.parametrize(
    ("asked", "language", "kept"),
    [
        ("How large is the pipeline?", "en", ["is", "the", "pipelin"]),
        ("Насколько велика диаспора?", "ru", ["диаспор"]),
        ("A large pipeline: how was it built?", "en", ["a", "larg", "pipelin", "was", "it", "built"]),
        ("Большая диаспора велика", "ru", ["больш", "диаспор", "велик"]),
    ],
)
def test_a_word_of_degree_asks_after_the_word_that_asks(asked: str, language: str, kept: list[str]) -> None:
    assert [slot[0] for slot in query_terms(asked, language, {language})] == kept


def test_a_name_is_looked_for_in_every_language_of_the_library() -> None:
    question = "When did President Mirziyoyev visit the Republic of Korea?"
    assert ("mirziyoyev", "mirzi") in query_terms(question, detect(question), LIBRARY)
    assert ("visit",) in query_terms(question, detect(question), LIBRARY)
    assert ("republ", "republic") in query_terms("Russia and the old republic of the far north", "en", {"en"})


def test_a_short_query_is_looked_for_in_every_language() -> None:
    assert query_terms("o'zbekiston savdosi", "uz", LIBRARY) == [
        ("ozbekiston", "ozbek"),
        ("savdosi", "savdo"),
    ]


def test_repeated_words_count_once() -> None:
    assert query_terms("gas gas gas", "en", {"en"}) == [("gas",)]


@pytest.mark.parametrize(
    "text", ["a" * 10**6, "1." * 10**5, "1,000" * 10**5, "a'" * 10**5, "가" * 10**5, "1 " * 10**5]
)
def test_junk_is_read_in_linear_time_and_gives_short_terms(text: str) -> None:
    begin = time.process_time()
    found = terms(text, "en")
    assert time.process_time() - begin < 5
    assert max(map(len, found)) <= 64


@given(st.text(), st.sampled_from(["", "en", "ru", "uz", "tk", "ko", "zh", "fr", "tr", "ar", "xx"]))
def test_terms_are_terms_of_their_spans(text: str, language: str) -> None:
    spans = term_spans(text, language)
    assert [term for term, _, _ in spans] == terms(text, language)
    assert all(0 <= start < end <= len(text) for _, start, end in spans)
    assert all(term and not any(map(str.isspace, term)) for term, _, _ in spans)


@given(st.text(), st.sets(st.sampled_from(["en", "ru", "uz", "tk", "ko", "fr", "tr"])))
def test_query_terms_take_any_text(text: str, languages: set[str]) -> None:
    slots = query_terms(text, detect(text), languages)
    assert all(slot and all(slot) for slot in slots)
    assert len(slots) == len(set(slots))
