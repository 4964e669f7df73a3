"""Content words are kept as typed; years, requests and light verbs around them are not."""

from __future__ import annotations

import pytest

from index.idle_words import content_words, is_year_word


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("Can you tell me how many schools were opened last year?", "en", ["schools", "opened"]),
        ("Please explain the rules in 2030", "en", ["rules", "2030"]),
        ("Сколько туристов будет в 2030 году, скажите?", "ru", ["туристов", "2030"]),
        ("Расскажите, пожалуйста, о балете за последние годы", "ru", ["балете"]),
        ("2030년에 방문한 관광객은 몇 명인가?", "ko", ["2030", "방문한", "관광객"]),
        ("지난해 몽골의 인구를 알려 주세요", "ko", ["몽골", "인구"]),
        ("박지은은 누구인가?", "ko", ["박지은"]),
        ("여성의 연령", "ko", ["여성", "연령"]),
        ("박지은 의원", "ko", ["박지은", "의원"]),
        ("잠수함 몇 척이 수도에 있나요?", "ko", ["잠수함", "수도"]),
        ("Ayting-chi, Oshda nechta maktab bor?", "uz", ["Oshda", "maktab"]),
        ("2030-yilda nechta sayyoh kelgan?", "uz", ["2030", "sayyoh"]),
        ("2030 йилда нечта сайёҳ ташриф буюрган?", "uz", ["2030", "сайёҳ", "ташриф"]),
        ("2030 жылға дейін қанша мектеп салынады?", "kk", ["2030", "мектеп"]),
        ("Мектеп қайда, Алматы?", "kk", ["Мектеп", "Алматы"]),
        ("2030-жылы канча турист келген?", "ky", ["2030", "турист"]),
        ("Дар соли 2030 чанд сайёҳ омад?", "tg", ["2030", "сайёҳ"]),
        ("2030-njy ýylda näçe syýahatçy geldi?", "tk", ["2030", "syýahatçy"]),
        ("2030м", "ru", ["2030м"]),
        ("quriladi", "uz", ["quriladi"]),
        ("", "en", []),
    ],
)
def test_content_words(question: str, language: str, words: list[str]) -> None:
    assert content_words(question, language) == words


@pytest.mark.parametrize(
    "word",
    [
        *("year", "years", "году", "годах", "лет", "yilda", "yillarda", "йилда"),
        *("жылы", "жылдары", "жылда", "соли", "солҳои", "ýylda", "년", "년에"),
    ],
)
def test_year_words(word: str) -> None:
    assert is_year_word(word)


@pytest.mark.parametrize(
    "word",
    ["yearning", "годность", "летний", "жылу", "жылдам", "солдат", "ýyldyz", "년생", "2030"],
)
def test_words_that_only_begin_like_a_year(word: str) -> None:
    assert not is_year_word(word)
