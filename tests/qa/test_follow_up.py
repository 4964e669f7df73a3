"""A question that leans on the one before is completed; one that stands by itself is left alone."""

from __future__ import annotations

import pytest

from qa.follow_up import standalone

EXPORT = "What did South Korea export to Kazakhstan in 2022?"
FORUM = "When was the sixth cooperation forum held?"
TRADE = "What were South Korea's exports to Kyrgyzstan in 2022?"
FIFTEENTH = "Where was the 15th forum held?"


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("and in 2023?", EXPORT, "What did South Korea export to Kazakhstan in 2023?"),
        ("And 2023", EXPORT, "What did South Korea export to Kazakhstan in 2023?"),
        ("in 2019?", EXPORT, "What did South Korea export to Kazakhstan in 2019?"),
        ("what about Uzbekistan?", EXPORT, "What did South Korea export to Uzbekistan in 2022?"),
        ("Uzbekistan?", EXPORT, "What did South Korea export to Uzbekistan in 2022?"),
        ("And to Uzbekistan in 2023?", EXPORT, "What did South Korea export to Uzbekistan in 2023?"),
        (
            "and Uzbekistan?",
            "How much did Kazakhstan import from Korea?",
            "How much did Uzbekistan import from Korea?",
        ),
        ("and in 2012?", FORUM, "When was the sixth cooperation forum held in 2012?"),
        (
            "а в 2023 году?",
            "Сколько Корея экспортировала в Казахстан в 2022 году?",
            "Сколько Корея экспортировала в Казахстан в 2023 году?",
        ),
        (
            "а Узбекистан?",
            "Какова численность диаспоры в Казахстане?",
            "Какова численность диаспоры в Узбекистан?",
        ),
        ("그럼 2023년에는?", "2022년 카자흐스탄 수출액은 얼마인가?", "2023년 카자흐스탄 수출액은 얼마인가?"),
        (
            "우즈베키스탄은?",
            "2022년 카자흐스탄 수출액은 얼마인가?",
            "2022년 우즈베키스탄은 수출액은 얼마인가?",
        ),
        (
            "va 2023-yilda-chi?",
            "2022-yilda Qozogʻistonga eksport qancha boʻlgan?",
            "2023-yilda Qozogʻistonga eksport qancha boʻlgan?",
        ),
        (
            "Oʻzbekiston-chi?",
            "2022-yilda Qozogʻiston eksporti qancha boʻlgan?",
            "2022-yilda Oʻzbekiston eksporti qancha boʻlgan?",
        ),
        ("Өзбекстан ше?", "Қазақстан экспорты қанша?", "Өзбекстан экспорты қанша?"),
        ("Why?", FORUM, "Why sixth cooperation forum held?"),
        ("2019?", EXPORT, "What did South Korea export to Kazakhstan in 2019?"),
        (
            "we 2023-nji ýylda?",
            "2022-nji ýylda Koreýanyň eksporty näçe boldy?",
            "2023-nji ýylda Koreýanyň eksporty näçe boldy?",
        ),
        (
            "Кыргызстанчы?",
            "Корея 2022-жылы Казакстанга канча экспорт кылган?",
            "Корея 2022-жылы Кыргызстан канча экспорт кылган?",
        ),
        ("2023 жылы ше?", "Корея 2022 жылы қанша экспорт жасады?", "Корея 2023 жылы қанша экспорт жасады?"),
        ("ва дар соли 2023?", "Соли 2022 содирот чанд буд?", "Соли 2023 содирот чанд буд?"),
        ("what about 2020 and 2021?", EXPORT, "What did South Korea export to Kazakhstan in 2020 and 2021?"),
        ("and 2021 and 2020?", "What was traded in 2022 and 2019?", "What was traded in 2021 and 2020?"),
        ("and in 2023?", "What was traded in 2022 and 2019?", "What was traded in 2022 and 2023?"),
        ("And Japan and China?", EXPORT, "What did Japan and China export to Kazakhstan in 2022?"),
        ("And North Korea?", EXPORT, "What did North Korea export to Kazakhstan in 2022?"),
        ("And Uzbekistan?", "Who sells Kazakhstan Kazakhstani oil?", "Who sells Uzbekistan Kazakhstani oil?"),
        ("who chaired it?", FORUM, "who chaired it sixth cooperation forum held?"),
        ("Who chaired it?", FORUM, "Who chaired it sixth cooperation forum held?"),
        ("кто его подписал?", "Когда принят меморандум?", "кто его подписал принят меморандум?"),
        (
            "How many people took part there?",
            FORUM,
            "How many people took part there sixth cooperation forum held?",
        ),
        ("and who signed the memorandum?", FORUM, "who signed the memorandum sixth cooperation forum held?"),
        ("그것은 어디에서 열렸나?", "제6차 포럼은 언제 열렸나?", "그것은 어디에서 열렸나 제6차 포럼은?"),
    ],
)
def test_what_leans_is_completed(question: str, before: str, expected: str) -> None:
    assert standalone(question, before) == expected


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("And imports?", TRADE, "What were South Korea's imports from Kyrgyzstan in 2022?"),
        ("Imports?", TRADE, "What were South Korea's imports from Kyrgyzstan in 2022?"),
        ("And its imports in 2023?", TRADE, "What were South Korea's imports from Kyrgyzstan in 2023?"),
        ("And imports from China?", TRADE, "What were South Korea's imports from China in 2022?"),
        ("And the trade balance?", TRADE, "What were South Korea's trade balance with Kyrgyzstan in 2022?"),
        ("And exports?", TRADE, TRADE),
        ("And imports?", EXPORT, "What did South Korea import from Kazakhstan in 2022?"),
        ("And import?", "How much was exported to Osh?", "How much was imported from Osh?"),
        (
            "And exports?",
            "What was the volume of imports from Iran?",
            "What was the volume of exports to Iran?",
        ),
        ("And to Japan?", EXPORT, "What did South Korea export to Japan in 2022?"),
        ("And how much was imported?", TRADE, "how much was imported South Korea's Kyrgyzstan 2022?"),
        ("And coal?", TRADE, "coal exports South Korea's Kyrgyzstan 2022?"),
        ("А импорт?", "Каков был экспорт Кореи в 2022 году?", "Каков был импорт Кореи в 2022 году?"),
        ("А товарооборот?", "Каков был экспорт Кореи?", "Каков был товарооборот Кореи?"),
        ("А импорт?", "Сколько экспортировала Корея?", "Сколько импортировала Корея?"),
        ("수입은?", "2022년 카자흐스탄 수출액은 얼마인가?", "2022년 카자흐스탄 수입액은 얼마인가?"),
        ("그럼 무역수지는?", "2022년 수출액은 얼마인가?", "2022년 무역수지는 얼마인가?"),
        ("Import-chi?", "Qozogʻiston eksporti qancha?", "Qozogʻiston importi qancha?"),
        ("Savdo aylanmasi-chi?", "Qozogʻiston eksporti qancha?", "Qozogʻiston savdo aylanmasi qancha?"),
        ("Импорт-чи?", "Қозоғистон экспорти қанча бўлган?", "Қозоғистон импорти қанча бўлган?"),
        ("Импорты ше?", "Қазақстан экспорты 2022 жылы қанша?", "Қазақстан импорты 2022 жылы қанша?"),
        ("Импортчу?", "Казакстандын экспорту канча?", "Казакстандын импорту канча?"),
        ("Ва воридот?", "Содироти Тоҷикистон чанд буд?", "Воридоти Тоҷикистон чанд буд?"),
        ("We import?", "Koreýanyň eksporty näçe boldy?", "Koreýanyň importy näçe boldy?"),
    ],
)
def test_a_measure_of_trade_takes_the_place_of_another(question: str, before: str, expected: str) -> None:
    assert standalone(question, before) == expected


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        *(
            (question, FIFTEENTH, "Where was the 16th forum held?")
            for question in (
                *("And the sixteenth?", "And the 16th?", "The 16th?", "And 16?", "And the 16th forum?"),
                *("The 16th forum?", "And where was the 16th?"),
            )
        ),
        ("And the first?", FIFTEENTH, "Where was the 1st forum held?"),
        ("And the seventh?", FORUM, "When was the seventh cooperation forum held?"),
        ("And when was the 16th?", FIFTEENTH, "when was the 16th forum held?"),
        ("And who chaired the 16th?", FIFTEENTH, "who chaired the 16th forum held?"),
        ("And who signed it first?", FIFTEENTH, "who signed it first 15th forum held?"),
        ("And the 16th in 2023?", "Was the 15th held in 2022?", "Was the 16th held in 2023?"),
        ("And the 16th?", "Who opened day 2nd of the 15th?", "Who opened day 2nd of the 16th?"),
        ("And the 16th?", "Where was the forum held?", "Where was the forum held the 16th?"),
        ("А 16-й?", "Где прошёл 15-й форум?", "Где прошёл 16-й форум?"),
        ("А на 16-м?", "Кто был на 15-м форуме?", "Кто был на 16-м форуме?"),
        ("А шестнадцатый?", "Где прошёл 15-й форум?", "Где прошёл 16-й форум?"),
        ("А на шестом?", "Кто был на пятом форуме?", "Кто был на шестом форуме?"),
        ("16차는?", "제15차 포럼은 어디에서 열렸나?", "제16차 포럼은 어디에서 열렸나?"),
        ("그럼 제16차 포럼은?", "15차 포럼은 어디에서 열렸나?", "16차 포럼은 어디에서 열렸나?"),
        ("16-chisi-chi?", "15-forum qayerda oʻtkazilgan?", "16-forum qayerda oʻtkazilgan?"),
        ("16-chi?", "15-forum qayerda oʻtkazilgan?", "16-forum qayerda oʻtkazilgan?"),
        ("Oltinchisi-chi?", "Beshinchi forum qayerda?", "Oltinchi forum qayerda?"),
        ("16-чиси-чи?", "15-форум қаерда ўтказилган?", "16-форум қаерда ўтказилган?"),
        ("16-шысы ше?", "15-ші форум қайда өтті?", "16-ші форум қайда өтті?"),
        ("он алтынчысычы?", "15-форум кайда өттү?", "16-форум кайда өттү?"),
        ("шонздаҳум чӣ?", "Форуми 15-ум дар куҷо буд?", "Форуми 16-ум дар куҷо буд?"),
        ("we 16-njysy?", "15-nji forum nirede geçirildi?", "16-nji forum nirede geçirildi?"),
        ("여섯 번째는?", "다섯 번째 포럼은 어디에서 열렸나?", "여섯 번째 포럼은 어디에서 열렸나?"),
    ],
)
def test_an_ordinal_takes_the_place_of_another(question: str, before: str, expected: str) -> None:
    assert standalone(question, before) == expected


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("And where was the seventh held?", FORUM, "where was the seventh cooperation forum held?"),
        ("Where was the seventh held?", FORUM, "Where was the seventh cooperation forum held?"),
        (
            "Where was the seventh?",
            "When was the first Korea–Central Asia forum?",
            "Where was the seventh Korea–Central Asia forum?",
        ),
        ("  Where was the seventh held? ", FORUM, "Where was the seventh cooperation forum held?"),
        ("А где прошёл шестой?", "Когда прошёл пятый форум?", "где прошёл шестой форум?"),
        (
            "여섯 번째는 어디에서 열렸나?",
            "다섯 번째 포럼은 언제 열렸나?",
            "여섯 번째 포럼은 어디에서 열렸나?",
        ),
        ("제6차는 어디에서 열렸나?", "제5차 포럼은 언제 열렸나?", "제6차 포럼은 어디에서 열렸나?"),
        ("Oltinchisi qayerda oʻtgan?", "Beshinchi forum qachon oʻtgan?", "Oltinchi forum qayerda oʻtgan?"),
        ("Алтыншысы қайда өтті?", "Бесінші форум қашан өтті?", "Алтыншы форум қайда өтті?"),
    ],
)
def test_an_ordinal_without_a_name_takes_that_of_the_question_before(
    question: str, before: str, expected: str
) -> None:
    assert standalone(question, before) == expected


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("Is the fifth forum important?", FORUM),
        ("Who led the seventh expedition?", FORUM),
        ("Who came first?", FORUM),
        ("Which economy shrank by a fifth?", FORUM),
        ("What happened on the 5th?", FORUM),
        ("Which country ranked fifth?", FORUM),
        ("Кто пятый по величине партнёр?", "Когда прошёл шестой форум?"),
        ("제6차회의는 어디에서 열렸나?", "제5차 포럼은 언제 열렸나?"),
        ("imports", FIFTEENTH),
        ("uzbekistan imports", TRADE),
        ("What are Kazakhstan's imports?", TRADE),
        ("Is the second forum important?", FIFTEENTH),
        ("수입은 얼마인가?", "2022년 카자흐스탄 수출액은 얼마인가?"),
        ("수출입은행은?", "2022년 카자흐스탄 수출액은 얼마인가?"),
        ("16 members?", FIFTEENTH),
        ("And the Export-Import Bank?", TRADE),
    ],
)
def test_measures_and_ordinals_of_questions_that_stand_by_themselves(question: str, before: str) -> None:
    assert standalone(question, before) == question


@pytest.mark.parametrize(
    "question",
    [
        "Who is the president of Kazakhstan?",
        "How much did Korea export to Kyrgyzstan in 2023?",
        "When did the forum begin?",
        "How many Koreans are there in Kazakhstan?",
        "Is there a secretariat?",
        "Is it true that coal is exported?",
        "What is a memorandum and who signs it?",
        "Which countries founded the bank, and where is its seat?",
        "Does Kazakhstan export its uranium to China?",
        "What did Mirziyoyev say on his visit to Seoul?",
        "coal reserves Kazakhstan",
        "trade 2023 Kazakhstan Korea volume",
        "EDCF loans",
        "Андрей Ким — кто он по профессии и где он родился?",
        "Кто председатель форума?",
        "Что это такое меморандум о взаимопонимании?",
        "Иран и Казахстан: сколько стоит транзит нефти?",
        "Какая страна экспортирует уран и сколько его добывает?",
        "Анкара подписала договор о транзите газа с кем?",
        "Алматы қаласында қанша адам тұрады?",
        "Vashington Oʻzbekiston bilan qanday shartnoma imzoladi?",
        "Валюта Узбекистана к доллару выросла насколько?",
        "무역 규모는 얼마인가?",
        "한국과 카자흐스탄의 무역 규모는 얼마인가?",
        "그리스는 언제 유럽연합에 가입했나?",
        "Butter exports of New Zealand in 2019?",
        "Andijan cotton harvest in 2019",
        "Welayat häkimi kim?",
        "Дар Тоҷикистон чанд корейс зиндагӣ мекунад?",
        "Ойл компаниясы қашан құрылған?",
        "Ватан уруши қачон бошланган?",
        "Isakov's appointment date?",
        "Thematic areas of the partnership programme?",
        "It was the largest project: which pipeline did China build in Turkmenistan?",
        "?",
        "",
        "   ",
    ],
)
def test_what_stands_by_itself_is_left_alone(question: str) -> None:
    assert standalone(question, EXPORT) == question
    assert standalone(question, "Когда принят меморандум?") == question
    assert standalone(question, "제6차 포럼은 언제 열렸나?") == question


@pytest.mark.parametrize("before", [None, "", "  "])
def test_the_first_question_is_left_alone(before: str | None) -> None:
    assert standalone("and in 2023?", before) == "and in 2023?"


def test_a_question_made_standalone_can_be_leant_on() -> None:
    second = standalone("and in 2023?", EXPORT)
    assert standalone("and Uzbekistan?", second) == "What did South Korea export to Uzbekistan in 2023?"
