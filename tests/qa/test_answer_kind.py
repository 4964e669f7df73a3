"""What a question asks for, told by its words, in each language."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from qa.answer_kind import BRIEF, SEVERAL, SHORT, Kind, kind_of
from qa.errors import QUESTION_LIMIT
from tests.growth import growth

QUESTIONS = {
    "en": {
        "When did the forum begin?": Kind.DATE,
        "In which year was it signed?": Kind.DATE,
        "How many barrels of oil are there?": Kind.QUANTITY,
        "How many years did it last?": Kind.QUANTITY,
        "how large is the new reservoir": Kind.QUANTITY,
        "What is the size of the project?": Kind.QUANTITY,
        "What are the gold reserves of the valley?": Kind.QUANTITY,
        "Who signed it?": Kind.PERSON,
        "Where was it held?": Kind.PLACE,
        "Which country hosted it?": Kind.PLACE,
        "What was the population of the valley when the dam was opened?": Kind.QUANTITY,
        "Who was minister when the mine closed?": Kind.PERSON,
        "Why did interest decline?": Kind.WHY,
        "Why did the harvest fail when the canal was full?": Kind.WHY,
        "What caused the blackout?": Kind.WHY,
        "What were the main reasons for the delay?": Kind.WHY,
        "How did the two banks settle the debt?": Kind.HOW,
        "how do farmers pay for water": Kind.HOW,
        "In what way does the fund help schools?": Kind.HOW,
        "What is the difference between a loan and a grant?": Kind.COMPARE,
        "How do the two roads differ?": Kind.COMPARE,
        "Compare wheat and cotton exports": Kind.COMPARE,
        "Which mine is larger, the northern or the southern one?": Kind.COMPARE,
        "List the areas of cooperation": Kind.LIST,
        "Which five countries took part?": Kind.LIST,
        "which countries border the sea": Kind.LIST,
        "Name the three rivers of the valley.": Kind.LIST,
        "What are the goals of the fund?": Kind.LIST,
        "What is a free trade zone?": Kind.DESCRIBE,
        "Describe the new customs rules": Kind.DESCRIBE,
        "Who is Anna Petrova?": Kind.DESCRIBE,
        "Who is the head of the bank?": Kind.PERSON,
        "What memorandum did Kim sign?": Kind.OTHER,
        "Which class is the vessel?": Kind.OTHER,
        "What does the bank finance?": Kind.OTHER,
        "": Kind.OTHER,
    },
    "ko": {
        "포럼은 언제 시작되었나?": Kind.DATE,
        "다리는 몇 년에 지어졌나?": Kind.DATE,
        "석탄 매장량은 얼마인가?": Kind.QUANTITY,
        "회의에 몇 명이 참석했나?": Kind.QUANTITY,
        "공사는 몇 년 동안 계속되었나?": Kind.QUANTITY,
        "누가 서명했나?": Kind.PERSON,
        "어디에서 열렸나?": Kind.PLACE,
        "수출이 왜 줄었는가?": Kind.WHY,
        "공장이 문을 닫은 이유는 무엇인가?": Kind.WHY,
        "은행은 어떻게 빚을 갚았나?": Kind.HOW,
        "어떤 방식으로 물값을 내는가?": Kind.HOW,
        "그 도시의 인구는 어떻게 되나요?": Kind.QUANTITY,
        "두 도로는 어떻게 다른가?": Kind.COMPARE,
        "차관과 무상원조의 차이는 무엇인가?": Kind.COMPARE,
        "밀과 면화의 수출을 비교하라": Kind.COMPARE,
        "어떤 나라들이 참여했나?": Kind.LIST,
        "협력 분야를 나열하시오": Kind.LIST,
        "참가한 5개국은 어디인가?": Kind.LIST,
        "자유무역지대란 무엇인가?": Kind.DESCRIBE,
        "새 관세 규정을 설명해 주세요": Kind.DESCRIBE,
    },
    "ru": {
        "Когда начался форум?": Kind.DATE,
        "В каком году открыли завод?": Kind.DATE,
        "Сколько угля у шахты?": Kind.QUANTITY,
        "Каков объём экспорта?": Kind.QUANTITY,
        "Каковы запасы золота долины?": Kind.QUANTITY,
        "Как долго шло строительство?": Kind.QUANTITY,
        "Кто подписал меморандум?": Kind.PERSON,
        "Где прошёл форум?": Kind.PLACE,
        "В какой стране построили завод?": Kind.PLACE,
        "Почему сократился экспорт?": Kind.WHY,
        "Каковы причины спада?": Kind.WHY,
        "Как банки погасили долг?": Kind.HOW,
        "Каким образом фонд помогает школам?": Kind.HOW,
        "Чем отличается заём от гранта?": Kind.COMPARE,
        "Как отличаются две дороги?": Kind.COMPARE,
        "Сравните экспорт пшеницы и хлопка": Kind.COMPARE,
        "Перечислите направления сотрудничества": Kind.LIST,
        "Какие страны участвовали?": Kind.LIST,
        "Назовите три реки долины": Kind.LIST,
        "Что такое свободная экономическая зона?": Kind.DESCRIBE,
        "Опишите новые правила": Kind.DESCRIBE,
        "Как называется столица?": Kind.OTHER,
    },
    "uz": {
        "Forum qachon boshlangan?": Kind.DATE,
        "Eksport qancha?": Kind.QUANTITY,
        "Majlisda nechta odam qatnashdi?": Kind.QUANTITY,
        "Shartnomani kim imzoladi?": Kind.PERSON,
        "Yigʻilish qayerda oʻtdi?": Kind.PLACE,
        "Nima uchun eksport kamaydi?": Kind.WHY,
        "Zavod nega yopildi?": Kind.WHY,
        "Qarz qanday qilib uzildi?": Kind.HOW,
        "Jamgʻarma qanday tashkil etilgan?": Kind.HOW,
        "Qarz va grant oʻrtasidagi farq nimada?": Kind.COMPARE,
        "Bugʻdoy va paxta eksportini solishtiring": Kind.COMPARE,
        "Qaysi davlatlar qatnashdi?": Kind.LIST,
        "Hamkorlik yoʻnalishlarini sanab bering": Kind.LIST,
        "Qanday loyihalar amalga oshirildi?": Kind.LIST,
        "Erkin savdo zonasi deganda nima tushuniladi?": Kind.DESCRIBE,
        "Yangi qoidalarni tushuntiring": Kind.DESCRIBE,
    },
    "uz-cyrillic": {
        "Форум қачон бошланган?": Kind.DATE,
        "Экспорт қанча?": Kind.QUANTITY,
        "Шартномани ким имзолади?": Kind.PERSON,
        "Йиғилиш қаерда ўтди?": Kind.PLACE,
        "Нима учун экспорт камайди?": Kind.WHY,
        "Завод нега ёпилди?": Kind.WHY,
        "Қарз қандай қилиб узилди?": Kind.HOW,
        "Қарз ва грант ўртасидаги фарқ нимада?": Kind.COMPARE,
        "Қайси давлатлар қатнашди?": Kind.LIST,
        "Ҳамкорлик йўналишларини санаб беринг": Kind.LIST,
        "Янги қоидаларни тушунтиринг": Kind.DESCRIBE,
        "Грант дегани нима?": Kind.DESCRIBE,
    },
    "kk": {
        "Форум қашан басталды?": Kind.DATE,
        "Экспорт қанша болды?": Kind.QUANTITY,
        "Неше адам қатысты?": Kind.QUANTITY,
        "Келісімге кім қол қойды?": Kind.PERSON,
        "Жиын қайда өтті?": Kind.PLACE,
        "Экспорт неге азайды?": Kind.WHY,
        "Зауыттың жабылу себебі неде?": Kind.WHY,
        "Қарыз қалай өтелді?": Kind.HOW,
        "Несие мен гранттың айырмашылығы қандай?": Kind.COMPARE,
        "Бидай мен мақта экспортын салыстырыңыз": Kind.COMPARE,
        "Қандай елдер қатысты?": Kind.LIST,
        "Ынтымақтастық салаларын атап беріңіз": Kind.LIST,
        "Еркін сауда аймағы дегеніміз не?": Kind.DESCRIBE,
        "Жаңа ережені сипаттаңыз": Kind.DESCRIBE,
    },
    "ky": {
        "Форум качан башталды?": Kind.DATE,
        "Экспорт канча болгон?": Kind.QUANTITY,
        "Келишимге ким кол койгон?": Kind.PERSON,
        "Жыйын кайда өттү?": Kind.PLACE,
        "Завод кай жерде курулган?": Kind.PLACE,
        "Экспорт эмне үчүн азайды?": Kind.WHY,
        "Завод эмнеге жабылды?": Kind.WHY,
        "Карыз кантип төлөндү?": Kind.HOW,
        "Насыя менен гранттын айырмасы эмнеде?": Kind.COMPARE,
        "Буудай менен пахтаны салыштырыңыз": Kind.COMPARE,
        "Кайсы өлкөлөр катышты?": Kind.LIST,
        "Кызматташтык тармактарын санап бериңиз": Kind.LIST,
        "Эркин соода аймагы деген эмне?": Kind.DESCRIBE,
        "Жаңы эрежени түшүндүрүңүз": Kind.DESCRIBE,
    },
    "tg": {
        "Форум кай оғоз ёфт?": Kind.DATE,
        "Дар кадом сол корхона кушода шуд?": Kind.DATE,
        "Чанд нафар иштирок кард?": Kind.QUANTITY,
        "Созишномаро кӣ имзо кард?": Kind.PERSON,
        "Ҷаласа куҷо баргузор шуд?": Kind.PLACE,
        "Чаро содирот кам шуд?": Kind.WHY,
        "Барои чӣ корхона баста шуд?": Kind.WHY,
        "Қарз чӣ тавр баргардонида шуд?": Kind.HOW,
        "Фарқи қарз аз грант дар чист?": Kind.COMPARE,
        "Гандум ва пахтаро муқоиса кунед": Kind.COMPARE,
        "Кадом кишварҳо иштирок карданд?": Kind.LIST,
        "Соҳаҳои ҳамкориро номбар кунед": Kind.LIST,
        "Минтақаи озод чист?": Kind.DESCRIBE,
        "Қоидаҳои навро шарҳ диҳед": Kind.DESCRIBE,
    },
    "tk": {
        "Forum haçan başlandy?": Kind.DATE,
        "Zawod haýsy ýylda açyldy?": Kind.DATE,
        "Eksport näçe boldy?": Kind.QUANTITY,
        "Şertnama kim gol çekdi?": Kind.PERSON,
        "Duşuşyk nirede geçirildi?": Kind.PLACE,
        "Eksport näme üçin azaldy?": Kind.WHY,
        "Zawod näme sebäpli ýapyldy?": Kind.WHY,
        "Karz nädip tölendi?": Kind.HOW,
        "Karz bilen grantyň tapawudy nämede?": Kind.COMPARE,
        "Bugdaý bilen pagtany deňeşdiriň": Kind.COMPARE,
        "Haýsy ýurtlar gatnaşdy?": Kind.LIST,
        "Hyzmatdaşlyk ugurlaryny sanap beriň": Kind.LIST,
        "Erkin söwda zolagy diýmek näme?": Kind.DESCRIBE,
        "Täze düzgünleri düşündiriň": Kind.DESCRIBE,
    },
    "tr": {
        "Forum ne zaman başladı?": Kind.DATE,
        "Kaç kişi katıldı?": Kind.QUANTITY,
        "Anlaşmayı kim imzaladı?": Kind.PERSON,
        "Toplantı nerede yapıldı?": Kind.PLACE,
        "İhracat neden azaldı?": Kind.WHY,
        "Borç nasıl ödendi?": Kind.HOW,
        "Hangi ülkeler katıldı?": Kind.LIST,
    },
    "zh": {
        "论坛什么时候开始？": Kind.DATE,
        "有多少人参加？": Kind.QUANTITY,
        "谁签署了协议？": Kind.PERSON,
        "会议在哪里举行？": Kind.PLACE,
        "出口为什么减少？": Kind.WHY,
        "债务如何偿还？": Kind.HOW,
        "贷款和赠款有什么区别？": Kind.COMPARE,
        "哪些国家参加了？": Kind.LIST,
    },
}


@pytest.mark.parametrize(
    ("question", "kind"),
    [pair for of_language in QUESTIONS.values() for pair in of_language.items()],
)
def test_kind_of(question: str, kind: Kind) -> None:
    assert kind_of(question) is kind


def test_each_language_of_the_region_has_ten_questions_and_each_long_kind() -> None:
    for language, asked in QUESTIONS.items():
        if language not in ("tr", "zh"):
            assert len(asked) >= 10
            assert set(asked.values()) >= BRIEF, language


def test_several_things_are_no_short_answer() -> None:
    assert SEVERAL <= BRIEF


def test_every_kind_but_the_unknown_is_short_or_long() -> None:
    assert set(Kind) - {Kind.OTHER} == SHORT | BRIEF
    assert not SHORT & BRIEF


@pytest.mark.parametrize(
    "typed", ["Oʻrtasidagi farq nima?", "O'rtasidagi farq nima?", "O’rtasidagi farq nima?"]
)
def test_any_apostrophe_will_do(typed: str) -> None:
    assert kind_of(typed) is Kind.COMPARE


@pytest.mark.parametrize("word", ["which ", "what is ", "a-", "какая ", "how , "])
def test_the_work_grows_as_the_question_does(word: str) -> None:
    def work(letters: int) -> Callable[[], Kind]:
        return partial(kind_of.__wrapped__, word * (letters // len(word)))

    assert growth(work, QUESTION_LIMIT // 8) < 32
