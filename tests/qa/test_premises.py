"""What a question holds fixed, and the near misses that do not hold it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import ingest
from index.hit import QueryWord
from index.query import search_words
from ingest.document import Document
from qa.premises import Met, PassageCheck, Premises, facts_of, missing_names, premises_of
from tests.growth import growth

MINES = """# Mines of Kazakhstan

## Coal

In 2017 the mines gave 40 tons. In 2019 they gave 45 tons. Kyrgyzstan gave 5 tons in 2019.

## Visits

The 15th congress of miners met in Almaty. Aida Usenova opened it. From 2010 to 2014 nobody met. 2011-2013 were poor.
"""
ALL_MET = Met(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0)


def _premises(question: str) -> Premises:
    words = search_words(question, {"en", "ru", "ko", "uz", "kk"})
    return premises_of(question, [QueryWord((*w.terms, *w.translations), 1.0, w.only_in) for w in words])


def _met(question: str, sentence: str, passage: str = "", document: Document | None = None) -> Met:
    document = document or ingest.read(MINES.encode(), source="/mines/mines.md")
    return PassageCheck(_premises(question), document, passage or sentence).met(sentence)


@pytest.mark.parametrize(
    ("question", "years", "ordinals", "names"),
    [
        ("How much coal did Kazakhstan mine in 2019?", {"2019"}, set(), [("Kazakhstan", "KZ")]),
        ("how much coal did kazakhstan mine", set(), set(), [("kazakhstan", "KZ")]),
        ("Сколько угля добыл Китай с 2010 по 2012 год?", {"2010", "2012"}, set(), [("Китай", "CN")]),
        ("2019년 카자흐스탄의 석탄 생산량은?", {"2019"}, set(), [("카자흐스탄의", "KZ")]),
        ("Қазақстанда 2019 жылы қанша шахта болды?", {"2019"}, set(), [("Қазақстанда", "KZ")]),
        ("Qozogʻistonda nechta shaxta bor?", set(), set(), [("Qozogʻistonda", "KZ")]),
        ("Where did the 15th congress meet?", set(), {"15"}, []),
        ("제15차 회의는 어디에서 열렸나?", set(), {"15"}, []),
        ("Who met Aida Usenova in June 2012?", {"2012"}, set(), [("Aida Usenova", "")]),
        ("Who leads the Republic of Korea?", set(), set(), [("Republic of Korea", "KR")]),
        ("Who leads the Bank of Korea?", set(), set(), [("Bank of Korea", "")]),
        ("What did North Korea sell?", set(), set(), [("North Korea", "KP")]),
        ("김성환 장관은 누구를 만났나?", set(), set(), [("김성환", "")]),
        ('Who wrote "the empty quarry"?', set(), set(), [("empty quarry", "")]),
        ("Why did interest decline?", set(), set(), []),
        ("How many miners were there?", set(), set(), []),
        ("", set(), set(), []),
    ],
)
def test_premises_of(
    question: str, years: set[str], ordinals: set[str], names: list[tuple[str, str]]
) -> None:
    premises = _premises(question)
    assert premises.years == years
    assert premises.ordinals == ordinals
    assert [(name.text, name.country) for name in premises.names] == names
    assert bool(premises) == bool(years or ordinals or names)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How much did the mines give in 2019?", "In 2019 they gave 45 tons."),
        ("How much did the mines give in 2012?", "From 2010–2014 they gave nothing."),
        ("How much did Kazakhstan give?", "Казахстан дал 40 тонн."),
        ("Сколько дал Казахстан?", "Kazakh mines gave 40 tons."),
        ("카자흐스탄은 얼마를 주었나?", "In Kazakhstan it was 40 tons."),
        ("Where did the 15th congress meet?", "The 15th congress met in Almaty."),
        ("When did Usenova open the congress of June 2012?", "Aida Usenova opened it on 3 June 2012."),
        ("Why did interest decline?", "It was boring."),
    ],
)
def test_what_holds_the_premises(question: str, sentence: str) -> None:
    assert _met(question, sentence) == ALL_MET


@pytest.mark.parametrize(
    ("question", "sentence", "field", "value"),
    [
        ("How much did the mines give in 2019?", "In 2017 they gave 40 tons.", "year_conflict", 1.0),
        ("How much did the mines give in 2019?", "In 2017 and 2019 they gave 40 tons.", "year_conflict", 0.0),
        ("How much did the mines give in 2019?", "They gave 40 tons.", "year_conflict", 0.0),
        ("How much did the mines give in 2019?", "They gave 40 tons.", "years_sentence", 0.0),
        ("When did they meet in June 2012?", "They met in May 2012.", "years_sentence", 0.5),
        ("Where did the 15th congress meet?", "The 16th congress met in Osh.", "figure_conflict", 1.0),
        ("Where did the 15th congress meet?", "The congress met in Osh.", "figure_conflict", 0.0),
        ("How much did Kazakhstan give?", "Kyrgyzstan gave 5 tons.", "name_conflict", 1.0),
        ("How much did Kazakhstan give?", "Kyrgyzstan and Kazakhstan gave 5 tons.", "name_conflict", 0.0),
        ("카자흐스탄은 얼마를 주었나?", "Киргизия дала 5 тонн.", "name_conflict", 1.0),
        ("What did North Korea sell?", "South Korea sold ships.", "name_conflict", 1.0),
        ("What did Aida Usenova open?", "Later Marat Asanov opened it.", "name_conflict", 0.5),
        ("What did Aida Usenova open?", "Usenova opened it.", "names_sentence", 0.5),
        ("What did Aida Usenova open?", "It was opened.", "names_sentence", 0.0),
    ],
)
def test_what_does_not_hold_them(question: str, sentence: str, field: str, value: float) -> None:
    assert getattr(_met(question, sentence), field) == value


def test_the_passage_and_the_document_may_hold_what_the_sentence_leaves_out() -> None:
    question = "How much coal did Kazakhstan mine in 2017?"
    passage = "Mines of Kazakhstan\nCoal\nIn 2019 they gave 45 tons."
    found = _met(question, "In 2019 they gave 45 tons.", passage)
    assert (found.names_sentence, found.names_passage, found.names_document) == (0.0, 1.0, 1.0)
    assert (found.years_sentence, found.years_passage, found.years_document) == (0.0, 0.0, 1.0)
    assert found.year_conflict == 1.0
    elsewhere = _met("How much coal did Mongolia mine in 1999?", "In 2019 they gave 45 tons.", passage)
    assert (elsewhere.names_document, elsewhere.years_document) == (0.0, 0.0)


def test_the_year_of_publication_stands_for_this_year() -> None:
    document = replace(ingest.read(MINES.encode(), source="/mines/mines.md"), published="2021-03")
    assert _met("What did they give in 2021?", "This year it was 50.", "", document).years_passage == 1.0
    assert _met("What did they give in 2022?", "This year it was 50.", "", document).years_passage == 0.0


def test_what_a_text_holds() -> None:
    facts = facts_of("In 2017, after the years 2010–2012, Osh met the 9th congress of Japan.", "en")
    assert facts.years == {"2010", "2011", "2012", "2017"}
    assert facts.years_alone == {"2010", "2012", "2017"}
    assert (facts.ordinals, facts.countries, facts.names) == ({"9"}, {"JP"}, {"osh"})


def test_names_that_a_text_lacks() -> None:
    premises = _premises("What did Aida Usenova buy from Japan?")
    assert missing_names(premises, "Usenova bought it in China.", "en") == ("Japan",)
    assert missing_names(premises, "Она купила это в Японии.", "ru") == ("Aida Usenova",)
    assert missing_names(premises, "Usenova likes Japanese tea.", "en") == ()


def test_the_work_grows_as_the_passage_does() -> None:
    document = ingest.read(MINES.encode(), source="/mines/mines.md")
    premises = _premises(
        "How much coal did Kazakhstan and Aida Usenova mine after the 15th congress of 2019?"
    )

    def work(sentences: int) -> Callable[[], None]:
        passage = [
            f"Sentence {number} says that Kyrgyzstan mined {number} tons in {1990 + number % 30}."
            for number in range(sentences)
        ]
        check = PassageCheck(premises, document, " ".join(passage))

        def all_of_them() -> None:
            for sentence in passage:
                check.met(sentence)

        return all_of_them

    assert growth(work, 25) < 24


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("Where did the fifteenth congress meet?", 1.0),
        ("Where did the 15th congress meet?", 1.0),
        ("Oʻn beshinchi kongress qayerda oʻtdi?", 1.0),
        ("Where did the seventeenth congress meet?", 0.0),
        ("Где прошёл семнадцатый съезд?", 0.0),
        ("제17차 회의는 어디에서 열렸나?", 0.0),
    ],
)
def test_an_ordinal_in_words_or_figures_is_held_or_missing(question: str, held: float) -> None:
    met = _met(question, "The 15th congress of miners met in Almaty.")
    assert (met.figures_sentence, met.figures_passage) == (held, held)
