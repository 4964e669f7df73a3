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
        # ", and X" inside a sentence that goes on
        ("en", "Guests from Osh, Naryn, and Talas, who came by bus, sang.", ["Osh", "Naryn", "Talas"]),
        ("en", "The valley, with its wool, felt, and honey, is rich.", ["wool", "felt", "honey"]),
        ("en", "Old trades, such as felting, weaving, and dyeing, were taught to boys, who had none.",
         ["felting", "weaving", "dyeing"]),
        ("en", "As the map shows, trade with Osh, Naryn, and Talas, resting on wool, has grown.",
         ["Osh", "Naryn", "Talas"]),
        # the last thing has more words than the others
        ("en", "The fund pays for fields such as schooling, health, and road repair.",
         ["schooling", "health", "road repair"]),
        ("en", "It helps villages like Arslanbob, Kyzyl-Oi, and smaller places.",
         ["Arslanbob", "Kyzyl-Oi", "smaller places"]),
        ("en", "They met envoys of Persia, China, India, and the Arab states.",
         ["Persia", "China", "India", "the Arab states"]),
        ("en", "They tell the past, the present and the near future of farming, as far as they can.",
         ["past", "the present", "the near future of farming"]),
        ("en", "The list is short: sowing of wheat, the care of sheep and the mending of canals.",
         ["sowing of wheat", "the care of sheep", "the mending of canals"]),
        ("en", "The plan names four fields: roads and bridges, health, water, and schools and libraries.",
         ["roads and bridges", "health", "water", "schools and libraries"]),
        ("en", "They asked three things: what a mill costs, how far it can be seen, and its age.",
         ["what a mill costs", "how far it can be seen", "its age"]),
        ("ru", "На рынке есть шерсть, мёд и сушёные фрукты.", ["шерсть", "мёд", "сушёные фрукты"]),
        ("ru", "Пишут Турция, Иран, Индия и малые княжества Великой степи.",
         ["Турция", "Иран", "Индия", "малые княжества Великой степи"]),
        ("uz", "Kitobda suv, yoʻllar va maktab binolari haqida soʻz boradi.",
         ["suv", "yoʻllar", "maktab binolari"]),
        ("uz", "Oʻsh, Norin va Fargʻona vodiysidagi qishloqlar ham keldi.",
         ["Oʻsh", "Norin", "Fargʻona vodiysidagi qishloqlar"]),
        ("uz", "Ular jun, asal va boshqa mahsulotlarni sotadi.", ["jun", "asal", "boshqa mahsulotlarni"]),
        ("kk", "Кітапта су, жолдар және мектеп үйлері туралы айтылған.", ["су", "жолдар", "мектеп үйлері"]),
        ("kk", "Олар жүн, бал және басқа тауарларды сатады.", ["жүн", "бал", "басқа тауарларды"]),
        ("ky", "Китепте суу, жолдор жана мектеп үйлөрү жөнүндө айтылат.", ["суу", "жолдор", "мектеп үйлөрү"]),
        ("tk", "Kitapda suw, ýollar we mekdep jaýlary barada aýdylýar.", ["suw", "ýollar", "mekdep jaýlary"]),
        # the first thing ends where a verb or an opening word stands
        ("en", "The firms, including Alpha, Beta and Gamma Works, are old and rich.",
         ["Alpha", "Beta", "Gamma Works"]),
        ("en", "The guests were from Osh, Naryn and Talas.", ["Osh", "Naryn", "Talas"]),
        ("ru", "Совет обсуждает воду, горные дороги и новые школы.",
         ["воду", "горные дороги", "новые школы"]),
        ("uz", "Majlisda transport, energetika va turizm sohalari tilga olindi.",
         ["transport", "energetika", "turizm"]),
        # "and" inside the things
        ("en", "They speak of wool and felt, honey, milk and cheese.",
         ["wool and felt", "honey", "milk", "cheese"]),
        ("ru", "Долина богата тремя вещами: запасами чистой воды, пастбищами для овец, а также мельницами и садами.",
         ["запасами чистой воды", "пастбищами для овец", "мельницами и садами"]),
        ("uz", "Bozorda yoʻl va koʻprik, toza suv, yangi maktab hamda kutubxona muhokama qilindi.",
         ["yoʻl va koʻprik", "toza suv", "yangi maktab", "kutubxona"]),
        # what stands before two names is no thing
        ("en", "The mill serves many villages, particularly Osh and Naryn.", ["Osh", "Naryn"]),
        ("ru", "Для жителей долины, прежде всего для Оша и Нарына, мельница важна.", ["Оша", "Нарына"]),
        # brackets and quotation marks
        ("en", "The office has computers (PCs), printers and information tables (boards).",
         ["computers (PCs)", "printers", "information tables (boards)"]),
        ("en", 'The list of words: water law, herding, "Union of Osh and Naryn" papers.',
         ["water law", "herding", '"Union of Osh and Naryn" papers']),
        ("en", "One calls it “Wool: Past, Present And Future”, year unknown.", ["Past", "Present", "Future"]),
        # Korean commas do without an "and"
        ("ko", "시장에서는 양모, 꿀, 말린 과일을 판다.", ["양모", "꿀", "말린 과일"]),
        ("ko", "마을에는 오시, 나린, 탈라스라는 이웃이 있다.", ["오시", "나린", "탈라스"]),
        ("ko", "앞으로 도울 분야로는 물과 도로, 학교, 정보기술(IT), 밀과 면화, 관광이 꼽혔다.",
         ["물과 도로", "학교", "정보기술(IT)", "밀과 면화", "관광"]),
        ("ko", "회의에서는 물과 도로, 학교를 논의했다.", ["물", "도로", "학교"]),
        ("ko", "과제는 물, 국가, 학교였다.", ["물", "국가", "학교"]),
        ("ko", "양모와 펠트 수출, 꿀, 인적 자원 개발 등이 꼽혔다.", ["양모와 펠트 수출", "꿀", "인적 자원 개발"]),
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
        ("en", "The mill helps the poor villages, bringing bread and work."),
        ("en", "The mill was slow for one reason, next to money and wind."),
        ("en", "They built a mill, and the miller came, and the baker too."),
        ("en", "They put up mills and stone barns, cleared old canals and planted for shade."),
        ("en", "He tells how wool is spun, explains how to dye it, and shows what is sold."),
        ("en", "Six towns were named, among them old and new ones, and the guests agreed."),
        ("en", "The motive was plain: the valley has wool and felt, and the town was cold."),
        ("en", "She adds a warning: a dry year, in particular a windy one, could change it."),
        ("en", "Finally, old roads and new bridges were needed."),
        ("en", "The herders of the valley, 2022 and 2023"),
        ("ru", "Кроме того, важны новые дороги и чистая вода."),
        ("ru", "Есть сомнение: засуха в горах, особенно сильная весной, может всё изменить."),
        ("ru", "Мельница — дом, на котором видны труды пекарей и мельников и их детей."),
        ("ko", "2012년, 오시와 나린은 다리를 놓았다."),
        ("ko", "그는 산에 오르고, 노래를 부르고, 집에 왔다."),
        ("ko", "Petrov, “Wool And Felt: Past, Present, Future”, 연도 미상."),
    ],
)
def test_commas_of_clauses_enumerate_nothing(language: str, sentence: str) -> None:
    assert enumerations(sentence, language) == []


def test_two_enumerations_of_a_sentence() -> None:
    sentence = "It buys tea, salt and rice; it sells wool, felt, milk and honey."
    things = [[span.of(sentence) for span in each.things] for each in enumerations(sentence, "en")]
    assert things == [["tea", "salt", "rice"], ["wool", "felt", "milk", "honey"]]

    sentence = "오시, 나린, 탈라스에서 목동과 상인, 교사 등 백 명이 왔다."
    things = [[span.of(sentence) for span in each.things] for each in enumerations(sentence, "ko")]
    assert things == [["오시", "나린", "탈라스"], ["목동", "상인", "교사"]]


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
    " и ",
    ", а также ",
    "the ",
    "of ",
    " ham",
    "boshqa",
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


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    "piece", ["tea, and ", "“", "(tea) ", "tea, ", "such as tea, and salt, ", "차와 ", ": tea, salt and "]
)
def test_the_work_grows_as_the_sentence_does(piece: str, language: str) -> None:
    def work(letters: int) -> Callable[[], object]:
        return partial(enumerations, piece * (letters // len(piece)), language)

    assert growth(work, 2_000) < 24
