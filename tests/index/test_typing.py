"""What people type: slips, names in another script, acronyms, quotation marks, no capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.glossary import one_of, translations, words_of
from index.library import Library
from index.query import search_words
from index.spelling import Correction
from tests.index.contract import fill, found
from tests.index.synthetic import WordEncoder, document

LEADERS = document("President Tokayev met Kim Sung-hwan in Andijan.", "/leaders.md", title="Leaders")
RUSSIAN = document("Жапаров и Токаев обсудили экспорт угля.", "/встреча.md", title="Встреча", language="ru")
KOREAN = document("김성환 장관은 사무국을 방문했다.", "/minister.md", title="장관", language="ko")
FUND = document(
    "The Economic Development Cooperation Fund (EDCF) was set up in 1987.", "/fund.md", title="Lender"
)
LENDING = document("EDCF financed a railway. The C5+1 group met.", "/lending.md", title="Rails")
SECRETARIAT = document(
    "The Secretariat of the cooperation forum opened.", "/secretariat.md", title="Secretariat"
)
REVERSED = document("The forum of cooperation elects a secretariat.", "/reversed.md", title="Order")
EVERYTHING = [LEADERS, RUSSIAN, KOREAN, FUND, LENDING, SECRETARIAT, REVERSED]
# Words that are right although no passage holds them: one token of the encoder.
RIGHT = {"volleyball", "estonia", "forums", "opens", "mines"}


class PieceEncoder(WordEncoder):
    """Takes each word that it does not know for three tokens."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [
            sum(1 if word in RIGHT else 3 for word in re.findall(r"\w+", text.casefold())) for text in texts
        ]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", PieceEncoder()) as library:
        fill(library, EVERYTHING)
        yield library


@pytest.mark.parametrize(
    ("query", "corrections"),
    [
        ("who leads the secretriat", [("secretriat", "secretariat")]),
        ("Secretraiat of the forun", [("Secretraiat", "Secretariat"), ("forun", "forum")]),
        ("railwya financed", [("railwya", "railway")]),
        ("사무극은 어디인가", [("사무극은", "사무국은")]),
        ("expotr of coal", [("expotr", "export")]),  # the library holds its Russian word alone
        ('the "secretriat"', []),
        ("volleyball in Estonia", []),
        ("railway in 1978", []),
        ("the opener", []),  # no "opened": dictionaries have it
        ("the openef", [("openef", "opened")]),
        ("кто осудил экспорт", []),  # no "обсудили"
        ("они абсудили экспорт", [("абсудили", "обсудили")]),
        ("C5+1 EDCF 1987", []),
        ("who when what", []),
        ("", []),
        ("?!", []),
    ],
)
def test_spelled(library: Library, query: str, corrections: list[tuple[str, str]]) -> None:
    spelled = library.spelled(query)
    assert spelled.corrections == tuple(Correction(*each) for each in corrections)
    assert spelled.typed == query
    expected = query
    for typed, meant in corrections:
        expected = expected.replace(typed, meant)
    assert spelled.searched == expected


def test_a_misspelt_word_is_searched_and_not_missing(library: Library) -> None:
    assert found(library.search("secretriat", k=1)) == found(library.search("secretariat", k=1))
    assert library.missing_words("secretriat") == []
    assert library.missing_words("volleyball secretriat") == ["volleyball"]
    assert library.missing_words("please, which volleyball secretriat last year?") == ["volleyball"]
    assert [word.terms[0] for word in library.query_words("secretriat")] == ["secretariat"]


def test_what_was_removed_is_no_correction(library: Library) -> None:
    for source in (LENDING.source,):
        library.remove(source)
    assert library.spelled("railwya").searched == "railwya"


def test_an_empty_library_corrects_nothing(tmp_path: Path) -> None:
    with Library(tmp_path / "empty", PieceEncoder()) as library:
        assert library.spelled("secretriat").corrections == ()
        assert library.missing_words("secretriat") == ["secretriat"]
        assert library.search('"secretariat"') == []


@pytest.mark.parametrize(
    ("query", "sources"),
    [
        ("Токаев", {LEADERS.source, RUSSIAN.source}),
        ("Tokayev", {LEADERS.source, RUSSIAN.source}),
        ("토카예프", {LEADERS.source, RUSSIAN.source}),
        ("tokaev", {LEADERS.source, RUSSIAN.source}),
        ("Japarov", {RUSSIAN.source}),
        ("자파로프", {RUSSIAN.source}),
        ("Андижан", {LEADERS.source}),
        ("Kim Seong-hwan", {LEADERS.source, KOREAN.source}),
        ("Ким Сон Хван", {LEADERS.source, KOREAN.source}),
        ("김성환", {LEADERS.source, KOREAN.source}),
        ("Pashinyan", set()),
    ],
)
def test_a_name_finds_the_other_scripts(library: Library, query: str, sources: set[str]) -> None:
    assert {hit.document.source for hit in library.search(query) if hit.lexical > 0} == sources
    assert bool(library.missing_words(query)) == (not sources)


def test_a_name_in_another_script_counts_less_than_the_name_itself(library: Library) -> None:
    hits = {hit.document.source: hit for hit in library.search("Токаев")}
    assert hits[RUSSIAN.source].lexical > hits[LEADERS.source].lexical > 0
    assert [LEADERS.text[s.start : s.end] for s in hits[LEADERS.source].highlights] == ["Tokayev"]


def test_acronyms_and_what_they_stand_for_find_each_other(library: Library) -> None:
    for query in ("EDCF", "edcf", "Economic Development Cooperation Fund"):
        hits = {hit.document.source for hit in library.search(query) if hit.lexical > 0}
        assert hits >= {FUND.source, LENDING.source}, query
    for query in ("C5+1", "С5+1", "c5 + 1"):
        assert found(library.search(query, k=1)) == [LENDING.source]


@pytest.mark.parametrize(
    ("query", "sources"),
    [
        ('"cooperation forum"', [SECRETARIAT.source]),
        ("who runs the «Cooperation Forum»", [SECRETARIAT.source]),
        ("“forum of cooperation”", [REVERSED.source]),
        ('"cooperation forum" "secretariat of the"', [SECRETARIAT.source]),
        ("「장관은 사무국」", [KOREAN.source]),
        ('"forum cooperation"', []),
        ('"cooperation forums"', []),
        ('"volleyball"', []),
    ],
)
def test_quotation_marks_ask_for_exact_words(library: Library, query: str, sources: list[str]) -> None:
    assert found(library.search(query)) == sources
    quotations = [word for word in library.missing_words(query) if word.startswith("“")]
    assert bool(quotations) == (not sources)


def test_a_quotation_is_found_among_many_passages_with_its_words(tmp_path: Path) -> None:
    many = [document("forum cooperation " * 3 + f"number{n}", f"/{n}.md", title=str(n)) for n in range(150)]
    with Library(tmp_path / "library", PieceEncoder()) as library:
        fill(library, [*many, SECRETARIAT])
        assert found(library.search('"the cooperation forum"', k=1)) == [SECRETARIAT.source]


def test_an_unheld_word_without_a_capital_is_looked_for_in_every_language(library: Library) -> None:
    languages = {"en", "ru", "ko", "uz"}
    question = "what did the official delegation of andijon discuss with the others"
    (word,) = (word for word in search_words(question, languages) if "andijon" in word.terms)
    assert word.terms == ("andijon",)

    class Nothing:
        def holds(self, word: object) -> bool:
            return False

        def starting(self, field: str, start: str) -> list[str]:
            return []

    (word,) = (word for word in search_words(question, languages, Nothing()) if "andijon" in word.terms)
    assert set(word.terms) == {"andijon", "andij"}


# What a word is made from, and words that say nothing


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("нарынский рудник", "Рудник близ города Нарын."),
        ("рудник Нарына", "Нарынские рудники."),
        ("астанинские архивы", "Архив открыт в Астане."),
        ("банковская тайна", "Тайны банков."),
        ("экспорт Кореи", "Корейский экспорт."),
    ],
)
def test_a_russian_adjective_finds_its_noun_and_the_other_way(tmp_path: Path, query: str, text: str) -> None:
    with Library(tmp_path / "library", WordEncoder()) as library:
        fill(library, [document(text, "/a.md", language="ru")])
        (hit,) = library.search(query)
        assert hit.coverage == 1
        assert not library.missing_words(query)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("советский период", "Совет следит, чтобы мор прошёл."),
        ("морской порт", "Совет следит, чтобы мор прошёл."),
        ("нарынский рудник", "Совет следит, чтобы мор прошёл."),
        ("решения Совета", "Советский период."),
        ("светское государство", "Белый свет."),
    ],
)
def test_a_russian_adjective_is_no_other_noun(tmp_path: Path, query: str, text: str) -> None:
    with Library(tmp_path / "library", WordEncoder()) as library:
        fill(library, [document(text, "/a.md", language="ru")])
        (hit,) = library.search(query)
        assert hit.lexical == hit.coverage == 0


def test_a_preposition_finds_nothing(tmp_path: Path) -> None:
    with Library(tmp_path / "library", WordEncoder()) as library:
        fill(library, [RUSSIAN, document("Мост над рекой.", "/мост.md", title="", language="ru")])
        hits = {hit.document.source: hit for hit in library.search("экспорт над углём")}
        assert hits["/мост.md"].lexical == 0 < hits[RUSSIAN.source].lexical
        assert all(hit.lexical for hit in library.search("над") if hit.document.source == "/мост.md")


def test_an_acronym_is_no_preposition(tmp_path: Path) -> None:
    with Library(tmp_path / "library", WordEncoder()) as library:
        fill(library, [document("IT parks grew.", "/parks.md"), document("Mines were opened.", "/mines.md")])
        best = library.search("How large are the IT exports of the region?", 1)[0]
        assert best.document.source == "/parks.md" and best.lexical > 0


def test_one_word_of_many_counts_for_little(tmp_path: Path) -> None:
    """However few passages hold it: the best of them is not taken for the whole question."""
    with Library(tmp_path / "library", WordEncoder()) as library:
        fill(library, [SECRETARIAT, LENDING])
        one, whole = "zinc copper tungsten secretariat", "secretariat"
        scores = [library.search(query, 1)[0].score for query in (one, whole)]
        assert scores[0] < scores[1] - 0.3


# The glossary

LANGUAGES = ("en", "ko", "ru", "uz", "kk", "ky", "tg", "tk")


def test_every_row_has_a_word_in_every_language_in_its_alphabet() -> None:
    rows = [line.split("\t") for line in Path("index/glossary.tsv").read_text().splitlines()]
    assert tuple(rows[0]) == LANGUAGES
    assert len(rows) > 330
    assert all(len(row) == len(LANGUAGES) for row in rows)
    heads = [row[0] for row in rows[1:]]
    assert len(heads) == len(set(heads))
    cyrillic, latin = re.compile("[а-яё]", re.IGNORECASE), re.compile("[a-zà-ž]")
    for row in rows[1:]:
        assert row[0] and all(row[2:]), row[0]
        for language, cell in zip(LANGUAGES, row, strict=True):
            if language in ("en", "uz", "tk"):
                assert not cyrillic.search(cell), (language, cell)
            elif language != "ko":
                assert not latin.search(cell), (language, cell)
            assert cell == cell.strip() and "  " not in cell and ",," not in cell


def test_a_little_word_is_no_stem_of_another() -> None:
    asked, lent = ("за",), ("заем",)  # "за надзор"; Snowball makes "за" of "заём"
    (of_asked, _), (of_lent, _) = translations([asked, lent], "ru", ["en"])
    assert of_asked == () and "loan" in of_lent


@pytest.mark.parametrize(
    ("slots", "asked_in", "language", "term"),
    [
        ([("уголь", "угол")], "ru", "en", "coal"),
        ([("oda",)], "en", "ru", "опр"),
        ([("imf",)], "uz", "ru", "мвф"),
        ([("offici", "official"), ("develop", "development"), ("assist", "assistance")], "en", "ru", "опр"),
        ([("국제",), ("제통",), ("통화",), ("화기",), ("기금",), ("^국제",)], "ko", "en", "imf"),
    ],
)
def test_translations(slots: list[tuple[str, ...]], asked_in: str, language: str, term: str) -> None:
    assert term in translations(slots, asked_in, {language})[-1][0]


def test_phrases_need_all_their_words() -> None:
    ((single, phrases),) = translations([("опр",)], "ru", {"en"})
    assert (single, phrases) == (("oda",), (("offici", "develop", "assist"),))
    assert translations([("offici",), ("visit",), ("assist",)], "en", {"ru"})[2][0] == (
        "помощ",
        "помощь",
        "содейств",
        "содействие",
    )
    assert translations([("국제",), ("^국제",)], "ko", {"en"})[-1] == ((), ())
    assert translations([], "en", {"ru"}) == []


def test_one_of() -> None:
    countries = ("Kazakhstan", "Korea")
    words = ("Казахстаном", "Қазақстан", "카자흐스탄에서", "Qozogʻistonga", "Kazakh", "Японией", "", "2017")
    assert [one_of(word, countries) for word in words] == ["Kazakhstan"] * 5 + [""] * 3
    assert one_of("importance", ("import",), ("uz",)) == "import"  # by its first five letters
    assert one_of("экспорта", ("export",), ("ru",)) == "export"
    assert one_of("экспорта", ("export",), ("ko",)) == ""
    assert "секретариат" in words_of("ru")
