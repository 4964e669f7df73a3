"""Who says the same as the answer, and who says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from ingest import load, read
from ingest.document import Document, Page, Section, Span, Table
from ingest.passages import sentences
from qa.agreement import Agreement, compare, own_language_first, supported_by
from qa.reader import Reading
from qa.signals import NAMES, Signals


@dataclass(frozen=True, slots=True)
class Said:
    """What `compare` needs of a reading."""

    document: Document
    sentence: Span
    answer: Span
    chance: float
    signals: Signals = Signals(**dict.fromkeys(NAMES, 0.0))


def document(text: str, language: str = "en", published: str = "", id: str = "") -> Document:
    pages, sections = (Page(1, "", 0, len(text)),), (Section("", 0, 0, len(text)),)
    return Document(id or text, "", "text", "", (), published, language, "", text, pages, sections, ())


def reading(held: Document, answer: str, chance: float = 0.9, sentence: str = "") -> Reading:
    first = held.text.index(sentence) if sentence else 0
    start = held.text.index(answer, first)
    whole = Span(first, first + len(sentence)) if sentence else Span(0, len(held.text))
    return cast(Reading, Said(held, whole, Span(start, start + len(answer)), chance))


def said(text: str, answer: str, language: str = "en", published: str = "", chance: float = 0.9) -> Reading:
    return reading(document(text, language, published), answer, chance)


def labels(agreement: Agreement) -> list[str]:
    return [claim.label for claim in agreement.claims]


HERALD = said("Some 500,000 ethnic Koreans live across Central Asia.", "500,000", published="2012-10-17")
PAPER = said("The diaspora numbers around 300,000 people.", "300,000", chance=0.8)


def test_two_figures_stand_side_by_side_with_their_dates() -> None:
    agreement = compare(HERALD, [HERALD, PAPER])
    assert agreement.answer.readings == (HERALD,)
    assert [claim.readings for claim in agreement.differing] == [(PAPER,)]
    assert labels(agreement) == ["500,000 (2012)", "300,000"]
    assert (agreement.answer.date, agreement.answer.dated_by) == ("2012-10-17", "document")
    assert labels(compare(PAPER, [HERALD])) == ["500,000 (2012)", "300,000"]  # by date, whichever answers


def test_the_same_in_other_languages_is_one_claim() -> None:
    uzbek = said("Markaziy Osiyoda 500 mingga yaqin koreys yashaydi.", "500 ming", "uz", chance=0.7)
    korean = said("중앙아시아에는 약 50만 명의 고려인이 산다.", "50만 명", "ko", chance=0.8)
    russian = said("Там живут около 300 тыс. корейцев.", "300 тыс.", "ru", chance=0.6)
    agreement = compare(HERALD, [uzbek, PAPER, korean, russian])
    assert agreement.answer.readings == (HERALD, korean, uzbek)
    assert [claim.readings for claim in agreement.differing] == [(PAPER, russian)]


def test_the_year_that_the_sentence_gives_counts_before_that_of_the_document() -> None:
    old = said("In 2012 some 500,000 Koreans lived there.", "500,000", published="2026-11-21")
    agreement = compare(PAPER, [old])
    assert agreement.differing[0].label == "500,000 (2012)"
    assert agreement.differing[0].dated_by == "sentence"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Since 1991 some 500,000 Koreans lived there.", "500,000"),  # a limit, not the figure's year
        ("From 2010 to 2012 there were 500,000.", "500,000"),
        ("There were 500,000 (2012), not the 300,000 of 1999.", "500,000 (2012)"),
        ("In 1999 and in 2012 there were 500,000.", "500,000"),  # which of them is not said
    ],
)
def test_a_year_that_is_not_the_figures_is_not_shown_with_it(text: str, label: str) -> None:
    assert compare(said(text, "500,000"), []).answer.label == label


def test_sentences_of_one_document_count_once() -> None:
    held = document("It has 500,000 people. There are 500 thousand people. Some say 300,000.")
    first = reading(held, "500,000", 0.9, "It has 500,000 people.")
    again = reading(held, "500 thousand", 0.8, "There are 500 thousand people.")
    other = reading(held, "300,000", 0.7, "Some say 300,000.")
    agreement = compare(first, [again, other, PAPER])
    assert agreement.answer.readings == (first,)
    assert [claim.readings for claim in agreement.differing] == [(PAPER, other)]


def test_another_value_of_the_same_sentence_is_no_claim() -> None:
    held = document("Some 500,000 live there, 200,000 of them in Tashkent.")
    assert compare(reading(held, "500,000"), [reading(held, "200,000")]).differing == ()


@pytest.mark.parametrize(
    ("text", "answer", "other", "chance", "differing"),
    [
        ("The forum began in 2007. The initiative followed in 2009.", "2007", "2009", 0.8, []),
        (
            "Seoul was the host of the sixth forum. Busan was that of the fifteenth.",
            "Seoul",
            "Busan",
            0.98,
            [],
        ),
        (
            "One paper counts 500,000 Koreans. Another has 300,000 Koreans.",
            "500,000",
            "300,000",
            0.7,
            ["300,000"],
        ),
        (
            "The region has 500,000 Koreans. Of them 200,000 are Uzbek citizens.",
            "500,000",
            "200,000",
            0.5,
            [],
        ),
    ],
)
def test_a_document_that_gives_the_answer_differs_only_in_what_is_counted(
    text: str, answer: str, other: str, chance: float, differing: list[str]
) -> None:
    held = document(text)
    first, second = text.split(". ")
    given = reading(held, answer, sentence=first)
    found = compare(given, [reading(held, other, chance, second)])
    assert [claim.text for claim in found.differing] == differing
    elsewhere = compare(given, [reading(document(text, id="b"), other, chance, second)], at_least=0.45)
    assert [claim.text for claim in elsewhere.differing] == [other]


def test_unlikely_readings_say_nothing() -> None:
    mention = said("The forum drew 300,000 people.", "300,000", chance=0.49)
    assert compare(HERALD, [mention]).differing == ()
    assert len(compare(HERALD, [mention], at_least=0.4).differing) == 1


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It holds 40 billion barrels.", "40 billion barrels"),  # not people
        ("It was founded in 2007.", "2007"),
        ("They live in Tashkent.", "Tashkent"),
        ("It grew by 5 percent.", "5 percent"),
    ],
)
def test_values_of_another_kind_are_no_difference(text: str, answer: str) -> None:
    people = said("It has 500,000 people.", "500,000 people")
    assert compare(people, [said(text, answer)]).differing == ()


def test_a_more_precise_statement_agrees() -> None:
    year = said("The office opened in 2017.", "2017")
    month = said("Она открылась в марте 2017 года.", "марте 2017", "ru", chance=0.6)
    other = said("It opened in 2018.", "2018", chance=0.7)
    agreement = compare(year, [month, other])
    assert agreement.answer.readings == (year, month)
    assert labels(agreement) == ["2017", "2018"]
    city = said("It was held in Busan.", "Busan")
    full = said("It met in Busan, South Korea.", "Busan, South Korea", chance=0.6)
    assert compare(city, [full]).answer.readings == (city, full)


def test_figures_of_other_years_do_not_contradict_where_the_question_names_one() -> None:
    asked = "How large was trade in 2021?"
    right = said("In 2021 trade was $7.3 billion.", "$7.3 billion")
    other_year = said("In 2022 trade was $9.1 billion.", "$9.1 billion")
    same_year = said(
        "В 2021 году торговля составила 6,8 млрд долларов.", "6,8 млрд долларов", "ru", chance=0.6
    )
    trend = said("Trade rose from 2019 to 2022 to $8 billion.", "$8 billion", chance=0.6)
    no_year = said("Trade was $5 billion.", "$5 billion", published="2020", chance=0.6)
    assert labels(compare(right, [other_year, same_year], question=asked)) == [
        "$7.3 billion (2021)",
        "6,8 млрд долларов (2021)",
    ]
    assert len(compare(right, [other_year], question="How large was trade?").differing) == 1
    assert compare(right, [trend], question=asked).differing == ()
    assert labels(compare(right, [no_year], question=asked)) == ["$5 billion (2020)", "$7.3 billion (2021)"]


def test_a_cell_is_dated_by_its_column() -> None:
    text = "Country\t2021\t2022\nKyrgyzstan\t133,710\t372,854"
    cells, rows, at = [], [], 0
    for line in text.split("\n"):
        for cell in line.split("\t"):
            cells.append(Span(at, at + len(cell)))
            at += len(cell) + 1
        rows.append(tuple(cells))
        cells = []
    pages, sections = (Page(1, "", 0, len(text)),), (Section("", 0, 0, len(text)),)
    held = Document(
        "t",
        "",
        "html",
        "",
        (),
        "2024",
        "en",
        "",
        text,
        pages,
        sections,
        (Table(0, len(text), tuple(rows), 1),),
    )
    row = "Kyrgyzstan\t133,710\t372,854"
    first, second = reading(held, "133,710", 0.9, row), reading(held, "372,854", 0.9, row)
    assert compare(second, []).answer.label == "372,854 (2022)"
    told = said("In 2022 exports came to 372 854.", "372 854", chance=0.8)
    other = said("In 2021 exports came to 372 854.", "372 854", chance=0.8)
    asked = "What were exports to Kyrgyzstan in 2022?"
    assert compare(second, [first, told, other], question=asked).answer.readings == (second, told)


def test_names_that_cannot_be_compared_are_left_alone() -> None:
    english = said("It was signed by Kim Sung-hwan.", "Kim Sung-hwan")
    korean = said("김성환이 서명했다.", "김성환", "ko")
    agreement = compare(english, [korean])
    assert (agreement.answer.readings, agreement.differing) == ((english,), ())


def test_the_same_answer_is_quoted_in_the_language_of_the_question() -> None:
    uzbek = said("Markaziy Osiyoda 500 mingga yaqin koreys yashaydi.", "500 ming", "uz", chance=0.95)
    found = own_language_first([uzbek, PAPER, HERALD], "en", at_least=0.35)
    assert found == [HERALD, uzbek, PAPER]
    assert compare(found[0], found[1:]).answer.chance == 0.95  # no less likely than where it is said best
    # As it was: none gives that answer in it, none is likely enough, or the best is in it already.
    for readings, language, least in (
        ([uzbek, PAPER], "en", 0.35),
        ([uzbek, HERALD], "en", 0.91),
        ([uzbek, HERALD], "uz", 0.35),
        ([], "en", 0.35),
    ):
        assert own_language_first(readings, language, at_least=least) == readings
    # Nor where it lacks a name that the best one has.
    lacking = replace(cast(Said, HERALD), signals=replace(cast(Said, HERALD).signals, names=0.5))
    readings = [uzbek, cast(Reading, lacking)]
    assert own_language_first(readings, "en", at_least=0.35) == readings


def test_where_another_sentence_holds_the_answer() -> None:
    answering = said("China is planning a $7.3 billion project.", "$7.3 billion")
    russian = document("Китай планирует проект стоимостью 7,3 млрд долларов.", "ru")
    found = supported_by(answering, russian, Span(0, len(russian.text)))
    assert found is not None
    assert found.of(russian.text) == "7,3 млрд долларов"
    other = document("Китай планирует 73 млрд долларов.", "ru")
    assert supported_by(answering, other, Span(0, len(other.text))) is None


def test_nobody_else_speaks() -> None:
    agreement = compare(HERALD, [])
    assert (agreement.answer.readings, agreement.differing, agreement.claims) == (
        (HERALD,),
        (),
        (agreement.answer,),
    )


def test_the_two_counts_of_the_seeds(seeds: Path) -> None:
    names = ("korea-herald-2012.txt", "dushaeva-south-korean-foreign-policy.md")
    herald, paper = (read(load(seeds / name), str(seeds / name)) for name in names)

    def found(held: Document, words: str, answer: str, chance: float) -> Reading:
        whole = next(s for s in sentences(held, 0, len(held.text)) if words in s.of(held.text))
        return reading(held, answer, chance, whole.of(held.text))

    one = found(herald, "ethnic Koreans live", "500,000", 0.9)
    two = found(paper, "numbering around", "300,000", 0.8)
    agreement = compare(one, [one, two], question="How many Koreans live in Central Asia?")
    assert [claim.readings for claim in agreement.differing] == [(two,)]
    assert [claim.label for claim in agreement.claims] == ["500,000 (2012)", "300,000"]
