"""What a sentence enumerates, and sentences whose commas enumerate nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.enumerations import enumerations
from tests.growth import growth


@pytest.mark.parametrize(
    ("language", "sentence", "things"),
    [
        ("en", "Farmers grew cotton, silk and wheat.", ["cotton", "silk", "wheat"]),
        ("en", "It sells crude oil, natural gas and coal to China.", ["crude oil", "natural gas", "coal"]),
        ("en", "Work began in rails and roads, energy, and tourism.", ["rails and roads", "energy", "tourism"]),
        ("en", "Guests from Osh, South Korea, and Naryn came.", ["Osh", "South Korea", "Naryn"]),
        ("en", "The towns (Osh, Naryn, Talas) agreed.", ["Osh", "Naryn", "Talas"]),
        ("ru", "Проданы 1,5 млн, 2 млн и 3 млн тонн.", ["1,5 млн", "2 млн", "3 млн"]),
        ("en", "They grew by 5, 6 and 7 percent.", ["5", "6", "7 percent"]),
        ("en", "They need: health care, schools, water.", ["health care", "schools", "water"]),
        ("en", "It names fields such as green energy, digital health services and forestry.",
         ["green energy", "digital health services", "forestry"]),
        ("en", "Anna Petrova and Marat Asanov signed it.", ["Anna Petrova", "Marat Asanov"]),
        ("en", "At this forum, guests from Osh, South Korea, and Naryn spoke, hoping for peace and well-being.",
         ["Osh", "South Korea", "Naryn"]),
        ("en", "In trade, Osh and Naryn are the best partners.", ["Osh", "Naryn"]),
        ("en", "They work in public health, ICT, rails and roads, and tourism.",
         ["public health", "ICT", "rails and roads", "tourism"]),
        ("en", "In that year, there were many talks between the North and each town.", []),
        ("ru", "Область выращивала хлопок, шёлк и пшеницу.", ["хлопок", "шёлк", "пшеницу"]),
        ("ru", "Работа идёт в сферах энергетики, транспорта и туризма.", ["энергетики", "транспорта", "туризма"]),
        ("ru", "Приехали Россия, Южная Корея и Китай.", ["Россия", "Южная Корея", "Китай"]),
        ("ko", "고려인은 면화, 비단 및 밀을 재배했다.", ["면화", "비단", "밀"]),
        ("ko", "모임에는 몽골, 일본, 한국과 중국이 참가했다.", ["몽골", "일본", "한국", "중국"]),
        ("ko", "협력 분야는 에너지, 교통, 관광 등이다.", ["에너지", "교통", "관광"]),
        ("uz", "Ular paxta, ipak va bugʻdoy yetishtirishgan.", ["paxta", "ipak", "bugʻdoy"]),
        ("uz", "Улар пахта, ипак ва буғдой етиштиришган.", ["пахта", "ипак", "буғдой"]),
        ("kk", "Олар мақта, жібек және бидай өсірді.", ["мақта", "жібек", "бидай"]),
        ("kk", "Форумға Өзбекстан, Қазақстан және Тәжікстан қатысты.", ["Өзбекстан", "Қазақстан", "Тәжікстан"]),
        ("ky", "Алар пахта, жибек жана буудай өстүрүшкөн.", ["пахта", "жибек", "буудай"]),
        ("tg", "Онҳо пахта, абрешим ва гандум мекоштанд.", ["пахта", "абрешим", "гандум"]),
        ("tk", "Olar pagta, ýüpek we bugdaý ösdürýärler.", ["pagta", "ýüpek", "bugdaý"]),
    ],
)  # fmt: skip
def test_things_are_slices_of_the_sentence(language: str, sentence: str, things: list[str]) -> None:
    found = enumerations(sentence, language)
    assert [[span.of(sentence) for span in each.things] for each in found] == ([things] if things else [])


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "In 2019, the bank, which was small, closed."),
        ("en", "However, the minister left early."),
        ("en", "Bread and butter were cheap."),
        ("en", "The plant cost 1,200, or 3,400 with tax."),
        ("en", "When the canal fell dry, farmers left, and nobody came back."),
        ("en", ""),
        ("en", ", and ,"),
        ("ru", "Лёд растаял, река поднялась, и люди ушли."),
        ("ko", "그는 갔다."),
    ],
)
def test_commas_of_clauses_enumerate_nothing(language: str, sentence: str) -> None:
    assert enumerations(sentence, language) == []


def test_two_enumerations_of_a_sentence() -> None:
    sentence = "It buys tea, salt and rice; it sells wool, felt, milk and honey."
    things = [[span.of(sentence) for span in each.things] for each in enumerations(sentence, "en")]
    assert things == [["tea", "salt", "rice"], ["wool", "felt", "milk", "honey"]]


PIECES = [
    "Osh",
    ", ",
    " and ",
    ";",
    ":",
    "(",
    ")",
    " 및 ",
    "와 ",
    "밀을",
    " ",
    "\n",
    "2019",
    "1,200",
    ".",
    "“",
    " such as ",
    "등",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.sampled_from(["en", "ko", "ru", "uz"]))
def test_whatever_is_said_things_are_slices_in_order(sentence: str, language: str) -> None:
    for found in enumerations(sentence, language):
        assert len(found.things) > 1
        for span in found.things:
            assert 0 <= span.start < span.end <= len(sentence)
            assert span.of(sentence).strip() == span.of(sentence)
        assert all(one.end <= two.start for one, two in pairwise(found.things))


def test_a_row_of_spaces_is_looked_through_once() -> None:
    def work(spaces: int) -> Callable[[], object]:
        return partial(enumerations, "tea" + " " * spaces + "and salt", "en")

    assert work(100)() == []
    assert growth(work, 5_000) < 24
