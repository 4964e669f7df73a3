"""Whether two short texts name the same thing, also across languages and scripts.

Known are: case, apostrophes, marks, both Uzbek alphabets, case endings and particles; countries (CLDR),
proper names of the glossary, and names whose Cyrillic letters spell the Latin ones (Казакбаев, Kazakbayev).
Nothing else is guessed: texts that these do not join are not the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from index.glossary import rows_of_words
from index.letters import APOSTROPHES, CYRILLIC, LATIN, to_latin
from index.raised_figures import nfkc
from ingest.document import Span
from qa.values import cldr

_WORD = re.compile(rf"[^\W_]+(?:[{APOSTROPHES}.·-][^\W_]+)*")
_ARTICLES = frozenset(("the", "a", "an"))
# Before or after a name these say who it is, not whom it names.
_TITLE_WORDS = """
    mr mrs ms dr prof professor president minister prime foreign ambassador secretary chairman director
    президент президента министр министра премьерминистр посол профессор господин глава мид
    prezident prezidenti vazir vaziri elchi tashqi ishlar президенти вазири министрі президенті
    대통령 장관 외교부 외무부 총리 대사 교수 박사 외교장관 외무장관 총장
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_PARTICLES = re.compile(
    r"(?:에서|에게|으로|로|은|는|이|가|을|를|의|에|와|과|도|이다|이었다|였다|에서는|에는|까지|부터)\Z"
)
_RUSSIAN = re.compile(
    r"(?:ого|его|ому|ему|ыми|ими|ами|ями|ах|ях|ом|ем|ой|ей|ый|ий|ая|яя|ое|ее|ые|ие|ую|юю|ым|им|ых|их"
    r"|ам|ям|а|я|у|ю|е|и|ы|ь|о)\Z"
)
_TURKIC = re.compile(
    r"'?(?:ning|nıng|niň|nyň|dan|den|tan|ten|dagi|daki|ga|ge|qa|ka|ni|ny|da|de|ta|te|gi|нинг|ның|нің|дың|дің"
    r"|тың|тің|нын|нин|дын|дин|тын|тин|дан|ден|тан|тен|дагы|дағы|дегі|га|ға|ге|ка|қа|ке|ко|го|ни|ны|ні|ды|ді|ты|ті|да|де|та|те|до)\Z"
)
_TAJIK = re.compile(r"(?:ро|и|е|у|ву)\Z")
_ENDINGS = {
    "ko": _PARTICLES, "ru": _RUSSIAN, "uz": _TURKIC, "kk": _TURKIC, "ky": _TURKIC, "tk": _TURKIC,
    "tr": _TURKIC, "tg": _TAJIK,
}  # fmt: skip
_SHORTEST_STEM = 3
_MOST_WORDS = 6  # of a name
_BESIDE = 4  # words before or after a name that may belong to it: "Democratic People's Republic of Korea"
_LETTERS_ALIKE = 4  # fewer letters of two scripts agree by chance

# What CLDR does not have: other names of countries, as `flat` writes them.
_OTHER_NAMES = {
    "KR": "korea, корея, koreya, koreýa, republic of korea, rok, s. korea, 한국, 남한, южная корея, "
          "корея республикаси, koreya respublikasi, корея республикасы, ҷумҳурии корея, "
          "оңтүстік корея, günorta koreýa, жанубий корея, güney kore, 韩国, 大韩民国",
    "KP": "dprk, democratic people's republic of korea, корейская народно-демократическая республика, "
          "koreya xalq demokratik respublikasi, корея халық демократиялық республикасы, "
          "корея элдик демократиялык республикасы, ҷумҳурии халқии демократии корея, "
          "koreýa halk demokratik respublikasy, 조선민주주의인민공화국, 조선, северная корея, кхдр, ктхдр",
    "US": "usa, u.s, u.s.a, us, united states of america, america, сша, соединённые штаты, "
          "соединенные штаты америки, америка, aqsh, ақш, акш, има, abş, abd, amerika, 미합중국",
    "GB": "uk, u.k, britain, great britain, соединённое королевство",
    "CN": "prc, people's republic of china, кнр, xxr, хитой, xitoy, қхр, кэр, 중화인민공화국",
    "RU": "russian federation, российская федерация, рф, 러시아연방, rossiya federatsiyasi, россия федерацияси",
    "KG": "kyrgyz republic, kirghizia, киргизия, кыргызская республика, qirgʻiz respublikasi, "
          "키르기즈스탄, 키르기스 공화국",
    "UZ": "republic of uzbekistan, республика узбекистан, oʻzbekiston respublikasi, ўзбекистон республикаси, 우즈벡",
    "KZ": "republic of kazakhstan, республика казахстан, қазақстан республикасы, qozogʻiston respublikasi",
    "TJ": "republic of tajikistan, республика таджикистан, ҷумҳурии тоҷикистон",
    "TM": "туркмения", "AE": "uae, оаэ", "TR": "turkey, türkiye, турция, turkiya",
}  # fmt: skip


@lru_cache(maxsize=1 << 14)
def words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: lower case, composed, no articles, no punctuation."""
    found = [m[0].replace("-", "").replace("·", "") for m in _WORD.finditer(cldr.flat(nfkc(text)))]
    kept = [word.removesuffix("'s") for word in found if word not in _ARTICLES]
    return tuple(kept or found)


@lru_cache(maxsize=1 << 14)
def same_name(first: str, first_language: str, second: str, second_language: str) -> bool:
    """Whether the two texts are the same words, or name the same country, place or person."""
    ours, theirs = words(first), words(second)
    if not ours or not theirs:
        return False
    if ours == theirs or "".join(ours) == "".join(theirs):
        return True
    if (named := known(first, first_language)) and named & known(second, second_language):
        return True
    titles, other_titles = _titles(ours), _titles(theirs)
    ours, theirs = _untitled(ours), _untitled(theirs)
    if len(ours) != len(theirs):
        return False
    if len(ours) == 1 and first_language == second_language and _apart(titles, other_titles, first_language):
        return False  # a president and a minister of one family name are two
    return all(_same_word(a, first_language, b, second_language) for a, b in zip(ours, theirs, strict=True))


def name_in(name: str, name_language: str, text: str, language: str) -> Span | None:
    """Where a text holds a name, and not as a part of another one: "Korea" is not in "North Korea"."""
    wanted = words(name)
    if not wanted:
        return None
    tokens = [match.span() for match in _WORD.finditer(text)]
    named = known(name, name_language)
    lengths = (
        range(1, _MOST_WORDS + 1) if named else sorted({len(wanted), len(_untitled(wanted))}, reverse=True)
    )
    for length in lengths:
        for first in range(len(tokens) - length + 1):
            start, end = tokens[first][0], tokens[first + length - 1][1]
            alike = same_name(name, name_language, text[start:end], language)
            if alike and not _is_part(text, tokens, first, length, language):
                return _whole(text, tokens, first, length, language)
    return None


def names_differ(first: str, first_language: str, second: str, second_language: str) -> bool:
    """Whether two texts are known to name different things, or are two names in one language without a common word."""
    ours, theirs = known(first, first_language), known(second, second_language)
    if ours and theirs:  # a country may hold the city
        return not ours & theirs and is_country(ours) == is_country(theirs)
    own, other = words(first), words(second)
    if first_language != second_language or not (_is_name(first) and _is_name(second)):
        return False
    joined, other_joined = "".join(own), "".join(other)
    return joined not in other_joined and other_joined not in joined and set(own).isdisjoint(other)


def _is_part(text: str, tokens: list[tuple[int, int]], first: int, length: int, language: str) -> bool:
    """Whether the words belong to a longer known name."""
    inner = known(text[tokens[first][0] : tokens[first + length - 1][1]], language)
    longer = (known(span.of(text), language) for span in _around(tokens, first, length))
    return any(each and not each & inner for each in longer)


def _whole(text: str, tokens: list[tuple[int, int]], first: int, length: int, language: str) -> Span:
    """The longest known name around the words that names the same: "Республики Корея" around "Корея"."""
    own = Span(tokens[first][0], tokens[first + length - 1][1])
    inner = known(own.of(text), language)
    longer = [span for span in _around(tokens, first, length) if known(span.of(text), language) & inner]
    return max(longer, key=lambda span: span.end - span.start, default=own)


def _around(tokens: list[tuple[int, int]], first: int, length: int) -> Iterator[Span]:
    """What holds the words and a few beside them."""
    for begin in range(max(first - _BESIDE, 0), first + 1):
        for end in range(first + length - 1, min(first + length + _BESIDE, len(tokens))):
            yield Span(tokens[begin][0], tokens[end][1])


def _is_name(text: str) -> bool:
    """Whether each word has a capital; a script without capitals never says so."""
    found = [match[0] for match in _WORD.finditer(text)]
    return 0 < len(found) <= _MOST_WORDS and all(word[0].isupper() for word in found)


@lru_cache(maxsize=1 << 14)
def known(text: str, language: str) -> frozenset[str]:
    """What a text is known to name: codes of countries, rows of the glossary. Empty for anything else."""
    own = words(text)
    if not own or len(own) > _MOST_WORDS:
        return frozenset()
    if own == ("us",) and text.strip() != "US":
        return frozenset()  # the pronoun
    names = _names(language)
    firsts = [form for forms in _stems(own[0], language) for form in forms] if len(own) > 1 else [""]
    for ends in _stems(own[-1], language):  # "Нигере" is of "Нигер", and not of "Нигерия" too
        found: frozenset[str] = frozenset()
        for first in firsts:
            for end in ends:
                found |= names.get(" ".join([first, *own[1:-1], end]) if first else end, frozenset())
        if found:
            return found
    return frozenset()


def is_country(named: frozenset[str]) -> bool:
    """Whether what is `known` of a text is a country."""
    return any(len(what) == 2 for what in named)


def _untitled(own: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in own if word not in _TITLES) or own


def _titles(own: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in own if word in _TITLES)


def _apart(titles: Sequence[str], others: Sequence[str], language: str) -> bool:
    """Whether each has a title that the other lacks."""

    def lacks(some: Sequence[str], held: Sequence[str]) -> bool:
        return any(not any(_same_word(word, language, other, language) for other in held) for word in some)

    return lacks(titles, others) and lacks(others, titles)


def _same_word(first: str, first_language: str, second: str, second_language: str) -> bool:
    if first == second:
        return True
    if first_language == second_language == "uz":
        first, second = _latin(first), _latin(second)
    if bool(CYRILLIC.search(first)) == bool(CYRILLIC.search(second)):
        if first_language != second_language:
            return _plain(first) == _plain(second)
        return not _bare(first, first_language).isdisjoint(_bare(second, second_language))
    if not (LATIN.search(first) or LATIN.search(second)):
        return False  # Hangul and Cyrillic
    return any(
        a == b and len(a) >= _LETTERS_ALIKE
        for a in map(_sound, _bare(first, first_language))
        for b in map(_sound, _bare(second, second_language))
    )


def _bare(word: str, language: str) -> frozenset[str]:
    """The word, and without its ending."""
    pattern = _ENDINGS.get(language)
    bare = {_plain(word)}
    if pattern and (cut := pattern.sub("", word)) != word:
        shortest = 2 if language == "ko" else _SHORTEST_STEM
        if len(cut) >= shortest:
            bare.add(_plain(cut))
    return frozenset(bare)


def _stems(word: str, language: str) -> list[list[str]]:
    """Forms that a list may hold the word under, the likeliest first: of "Кореи" also "Корея"."""
    stems = [[word]]
    pattern = _ENDINGS.get(language)
    if pattern and (cut := pattern.sub("", word)) != word and len(cut) >= (2 if language == "ko" else 3):
        stems.append([cut])
        if language == "ru":
            stems.append([cut + ending for ending in ("а", "я", "ия", "й", "ь", "ая", "ий", "ый")])
            stems[-1] += [word[:-1] + "й"] * word.endswith("ая")  # Китая
    return stems


def _plain(word: str) -> str:
    """Without apostrophes and the marks of Latin letters."""
    word = word.replace("'", "").replace("ё", "е")
    return "".join(unicodedata.normalize("NFD", c)[0] if LATIN.match(c) else c for c in word)


def _latin(word: str) -> str:
    return _plain(to_latin(word, "uz") if CYRILLIC.search(word) else word)


_CYRILLIC_BESIDE_UZBEK = str.maketrans("әңөұүіһқғҷӣӯҳў", "anouuihqgjiuho")
_SPELLINGS = (
    ("dzh", "j"), ("дж", "j"), ("zh", "j"), ("kh", "h"), ("x", "h"), ("q", "k"), ("ts", "s"), ("ye", "e"),
    ("yo", "o"), ("yi", "i"), ("iy", "i"), ("y", "i"), ("w", "v"), ("ii", "i"), ("ck", "k"), ("ph", "f"),
)  # fmt: skip


def _sound(word: str) -> str:
    """One spelling for those that a name has in Latin letters and, letter by letter, from Cyrillic ones."""
    if CYRILLIC.search(word):
        word = to_latin(word.replace("дж", "j").translate(_CYRILLIC_BESIDE_UZBEK), "uz")
    word = _plain(word)
    for spelling, one in _SPELLINGS:
        word = word.replace(spelling, one)
    return word


@cache
def _names(language: str) -> dict[str, frozenset[str]]:
    """Names in one language, by their words, and what each is known to name."""
    names: dict[str, set[str]] = {}

    def add(name: str, what: str) -> None:
        for spelled in {name, to_latin(name, "uz")} if language == "uz" else {name}:
            names.setdefault(" ".join(words(spelled)), set()).add(what)

    for name, codes in cldr.territories(language).items():
        for code in codes:
            add(name, code)
    for code, others in _OTHER_NAMES.items():
        for name in others.split(", "):
            add(name, code)
    for number, row in enumerate(_glossary()):
        for name in (row.get(language) or "").split(", ")[: None if language == "ko" else 1]:
            if name:
                add(cldr.flat(name), f"glossary {number}")
    return {name: frozenset(what) for name, what in names.items()}


@cache
def _glossary() -> list[dict[str, str]]:
    """The rows of the glossary that name one thing: their English word has a capital."""
    return [row for row in rows_of_words() if row["en"][:1].isupper()]
