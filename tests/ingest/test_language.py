"""Languages of sentences in every script of the region; where sentences end and where they do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language import LANGUAGES, detect, sentence_spans

SAMPLES = {
    "en": [
        "The President of Uzbekistan arrived in the Republic of Korea on a state visit.",
        "When did the forum begin?",
        "Who signed the memorandum with Kim Sung-hwan?",
        "What is the population of Mongolia?",
    ],
    "ko": ["우즈베키스탄 대통령이 국빈 방문했다.", "제15차 포럼은 어디에서 열렸나요?", "C5+1 회의는?"],
    "ru": [
        "Сотрудничество со странами Центральной Азии расширяется из года в год.",
        "В каком городе прошёл пятнадцатый форум?",
        "Секретариат был создан в 2017 году.",
        "Что написал Әл-Фараби о музыке?",
    ],
    "uz": [
        "O‘zbekiston Respublikasi Prezidenti Koreyaga davlat tashrifi bilan keldi.",
        "Qaysi shaharda o'n beshinchi forum o'tkazildi?",
        "Aholisi qancha?",
        "Kim imzoladi?",
        "Ўзбекистон Республикаси Президенти Кореяга давлат ташрифи билан келди.",
        "Қайси шаҳарда ўн бешинчи форум ўтказилди?",
        "Форум қачон бошланган?",
        "Савдо айланмаси икки миллиард долларга етди.",
    ],
    "kk": [
        "Орталық Азия елдерімен ынтымақтастық жыл сайын кеңейіп келеді.",
        "Форум қашан басталды?",
        "Халқы қанша?",
    ],
    "ky": [
        "Борбор Азия өлкөлөрү менен кызматташуу жылдан жылга кеңейип баратат.",
        "Форум качан башталган?",
        "Калкы канча?",
    ],
    "tg": [
        "Ҳамкорӣ бо кишварҳои Осиёи Марказӣ сол аз сол васеъ мешавад.",
        "Форум кай оғоз ёфт?",
        "Аҳолиаш чанд аст?",
    ],
    "tk": [
        "Merkezi Aziýa ýurtlary bilen hyzmatdaşlyk ýyl-ýyldan giňelýär.",
        "Forum haçan başlandy?",
        "Kim gol çekdi?",
        "Меркези Азия юртлары билен хызматдашлык йыл-йылдан гиңелйәр.",
        "Бу канун 2020-нҗи йылың 1-нҗи январындан гүйҗе гирйәр.",
    ],
    "tr": ["On beşinci forum hangi şehirde yapıldı?", "Nüfusu ne kadar?"],
    "de": ["In welcher Stadt fand das fünfzehnte Forum statt?"],
    "fr": ["Dans quelle ville s'est tenu le quinzième forum ?"],
    "zh": ["第十五届论坛在哪里举行？"],
    "ja": ["フォーラムはいつ始まりましたか。"],
    "ar": ["متى بدأ المنتدى؟"],
    "fa": ["مجمع چه زمانی آغاز شد؟"],
    "uk": ["Президент прибув до Республіки Корея з державним візитом."],
}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in SAMPLES.items() for text in texts]
)
def test_detect(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "   ", "2 183 539\t27 932", "— … !?", "https://kita.org/list.do"])
def test_text_without_words_has_no_language(text: str) -> None:
    assert detect(text) == ""


def test_long_text_has_the_language_of_most_of_it() -> None:
    russian, english = SAMPLES["ru"][0] + " ", SAMPLES["en"][0] + " "
    assert detect(english * 20 + russian * 80) == "ru"
    assert detect(english * 80 + russian * 20) == "en"
    assert detect("1 234 567\n" * 5000 + english * 30) == "en"


@given(st.text())
def test_detect_takes_any_text(text: str) -> None:
    assert detect(text) in {"", *LANGUAGES}


SENTENCES = {
    "en": [
        "Dr. Smith paid $7.3 billion.",
        "See No. 5 and p. 71 of it.",
        "It was the 16th.",
        "Then the 17th. of May was kept by H.E. Kazakbayev and Prof. Lee.",
        "Did he agree?",
        "No.",
        "It grew. [1]",
        "However, it fell.[2, 3]",
        "1. First item (see Fig. 3).",
        "“Quote one.”",
        "Table 1. Trade by country.",
        "He met Sh. Mirziyoyev vs. nobody.",
    ],
    "ru": [
        "Это т. е. так.",
        "Он жил в г. Москве в 1990 г. и умер.",
        "См. стр. 5.",
        "В 2017 г. начался рост до 7,3 млрд. долл. США.",
        "И т. д. и т. п. писал А. С. Пушкин.",
        "Дж. Байден и Ш. Мирзиёев встретились.",
    ],
    "uz": ["Forum 2017-yil. 16-fevralda boshlandi.", "Bu A. Navoiy asari.", "O‘. Hoshimov yozdi."],
    "kk": ["Форум 2017 ж. басталды.", "Қ. Тоқаев келді."],
    "tr": ["Dr. Ahmet geldi.", "3. Murat sultan oldu."],
    "ko": [
        "포럼은 2007년에 시작되었다.",
        "제15차 포럼은 부산에서 열렸다.",
        "3.5% 증가했습니다.",
        "“끝났다.”",
        "무엇인가?",
    ],
}


@pytest.mark.parametrize("language", SENTENCES)
def test_sentences(language: str) -> None:
    text = " ".join(SENTENCES[language])
    assert [text[start:end] for start, end in sentence_spans(text, language)] == SENTENCES[language]


def test_sentences_without_spaces_between_them() -> None:
    assert sentence_spans("열렸다.이후 갔다.", "ko") == [(0, 4), (4, 10)]
    assert sentence_spans("这是第一句。这是第二句！", "zh") == [(0, 6), (6, 12)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["It was adopted.¹²", "He agreed.[iv]", "[I]t ended: 10² km².", "“No.”³", "Yes.*"]),
        ("ru", ["Это принято.¹", "В 2017 г.² начался рост.³"]),
        ("ko", ["포럼은 시작되었다.¹⁾", "다음은 열렸다."]),
        (
            "en",
            [
                "The scope. ¹¹",
                "A purpose.¹⁴ ¹⁵ ¹⁶",
                "A result” ³⁶.",
                "Of 500 million.⁴⁹.",
                "Article 49⁴⁷.",
                "So.",
            ],
        ),
    ],
)
def test_the_mark_of_a_note_belongs_to_the_sentence_before_it(language: str, sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text, language)] == sentences
    assert sentence_spans("这是第一句。¹这是第二句！", "zh") == [(0, 7), (7, 13)]


def test_line_break_is_a_space_and_a_blank_line_ends_a_sentence() -> None:
    text = "A line\nbroken here. Next\n\nno period\n\n"
    assert [text[start:end] for start, end in sentence_spans(text, "en")] == [
        "A line\nbroken here.",
        "Next",
        "no period",
    ]


def test_an_endless_sentence_stays_whole() -> None:
    text = "word, " * 1000
    assert sentence_spans(text, "en") == [(0, len(text) - 1)]


@given(
    st.text(st.sampled_from("aB. \n1[]()다。’\u0301\U0001f642")),
    st.sampled_from(["", "en", "ko", "ru", "kk", "xx"]),
)
def test_sentences_tile_what_is_not_blank(text: str, language: str) -> None:
    spans = sentence_spans(text, language)
    covered = [place for start, end in spans for place in range(start, end)]
    assert covered == sorted(set(covered))
    assert {place for place, character in enumerate(text) if not character.isspace()} <= set(covered)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
