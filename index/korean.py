"""A Korean word in, its forms without particles out; and the family names that open a Korean name."""

from __future__ import annotations

import re

# What is written onto a noun, longest first: "부산에서의" is 부산 with two of them.
_PARTICLES = """
    에게서는 으로부터 에서부터 에서는 에서의 에서도 에게서 으로서 으로써 이라는 이라고 까지의
    까지는 부터의 에게는 에는 에도 에서 에게 으로 로서 로써 로는 로의 라는 라고 까지 부터 보다 처럼
    마다 만이 만은 만을 과의 와의 과는 와는 이나 이며 이고 이란 이냐 인가 인가요 입니까 입니다 이다
    였다 이었다 께서 하고 한테 조차 밖에 대로 측은 측이 은 는 이 가 을 를 의 에 로 와 과 도 만 나
    며 란 님 씨
"""
_PARTICLE = re.compile(
    "(?:" + "|".join(sorted(_PARTICLES.split(), key=lambda each: (-len(each), each))) + ")$"
)
_SHORTEST = 2  # syllables that must be left


def bare_forms(word: str) -> tuple[str, ...]:
    """The word without its particle, then as it is written: the last syllable of 박지은 may be its own."""
    ends = _PARTICLE.search(word, _SHORTEST)
    return (word[: ends.start()], word) if ends else (word,)


# As they are written in Korean, in Latin letters and in Cyrillic.
_SURNAMES = """
    김 kim gim ким
    이 lee yi rhee ri li ли и
    박 park pak bak пак
    최 choi choe цой чой чхве чвэ
    정 jung jeong chung chong чон чонг джон чжон
    강 kang gang кан канг
    조 cho jo чо чжо джо
    윤 yoon yun юн
    장 jang chang чан чжан джан
    임 lim im rim им лим
    한 han хан
    오 oh о
    서 seo suh со сео
    신 shin sin син шин
    권 kwon gwon квон
    황 hwang хван
    안 ahn an ан
    송 song сон
    류 ryu ryoo рю
    유 yoo yu ю
    홍 hong хон хонг
    전 jun jeon chun чон
    고 ko go koh ко го
    문 moon mun мун
    양 yang ян
    손 son sohn сон
    배 bae pae пэ бэ
    백 baek paek baik пэк бэк
    허 heo hur huh хо
    노 noh roh roo no но
    남 nam нам
    하 ha ха
    주 joo ju chu чу джу
    우 woo wu у
    구 koo gu goo ku ку гу
    민 min мин
    진 jin chin чин джин
    나 na nah на
    반 ban pan пан бан
    차 cha ча
    성 sung seong сон
    곽 kwak квак
    채 chae чэ
    원 won вон
    천 chun cheon чхон
    방 bang pang пан бан
    공 kong gong кон
    현 hyun hyeon хён
    함 ham хам
    변 byun byeon пён
    추 choo chu чху
    도 do то до
    석 seok suk сок
    선 sun seon
    엄 um eom ом
    길 gil kil киль
    표 pyo пхё
    명 myung мён
    기 ki gi ки
    여 yeo yuh ё
    마 ma ма
    위 wi ви
    탁 tak так
    국 kook guk кук
    심 shim sim сим шим
    남궁 namkung намгун
    황보 hwangbo хванбо
    선우 sunwoo сону
"""
SURNAMES: frozenset[str] = frozenset(line.split()[0] for line in _SURNAMES.strip().splitlines())
# From each other spelling, the family names that it may stand for: "сон" is 송, 손 or 성.
SURNAMES_OF: dict[str, tuple[str, ...]] = {}
for _line in _SURNAMES.strip().splitlines():
    _korean, *_spellings = _line.split()
    for _spelling in _spellings:
        SURNAMES_OF[_spelling] = (*SURNAMES_OF.get(_spelling, ()), _korean)


# Endings of verbs and adjectives: their forms are too many for a library to hold each.
_VERB = re.compile(
    "(?:니까|니다|나요|는가|은가|던가|을까|할까|될까|인가|인지|는지|은지|한다|된다|"
    "[했됐었았였]다|하는|되는|하여|되어|해서|돼서|하고|되고|하면|되면|하며|되며|"
    "한|된|할|될|했나|됐나|었나|았나|했던|되던|었던|[어아해]요|세요|지요|죠|줘|"
    "해줘|하기|되기|함|됨)$"
)


def is_verb(word: str) -> bool:
    """Whether a word ends as a verb or an adjective does."""
    return _VERB.search(word, 1) is not None
