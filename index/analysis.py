"""Text in, terms out: what a passage is indexed under, and what a query looks for.

An alphabetic word is indexed under its stem and under itself; a query takes the better of the two.
A stem is Snowball's where there is one for the language. For Turkic languages, and any other without
one, it is the first five letters: Can et al., "Information retrieval on Turkish texts" (JASIST 2008)
found that as good as a lemmatizer; here it beats Snowball's Turkish stems, and whole words in Kazakh
(bench/results/terms.json).
Korean words become syllable pairs, and their first pair once more marked "^" (bench/korean_terms.py);
Han and kana become characters and pairs of characters (bench/terms.py). Numbers are one term however
they are written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache, lru_cache
from itertools import zip_longest

import Stemmer

from index.korean import bare_forms
from index.letters import (
    APOSTROPHES,
    CYRILLIC,
    DEGREE_WORDS,
    HAN_KANA,
    HANGUL,
    LATIN,
    LOOKALIKES,
    MARKS,
    QUESTION_WORDS,
    to_latin,
)

# A place in a text and the alternative terms for it: "Toshkentda" is ("toshk", "toshkentda").
Slot = tuple[str, ...]

STEM_LETTERS = 5  # best, or within half a point of it, of 4 to 7 in every set of bench/results/terms.json
SHORT_QUERY = 4  # words; of whole questions the language is told right (bench/results/terms.json)
SHORT_WORD = 3  # letters that may be a unit: what is raised after them may be its power
LONGEST_TERM = 64  # letters; beyond it a "word" is data, and tantivy refuses a term of 64 KB

SNOWBALL = {
    "ar": "arabic", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fa": "persian",
    "fr": "french", "hi": "hindi", "hy": "armenian", "it": "italian", "nl": "dutch", "pl": "polish",
    "pt": "portuguese", "ru": "russian",
}  # fmt: skip
_LATIN_LANGUAGES = frozenset(("de", "en", "es", "fr", "it", "nl", "pl", "pt", "tk", "tr", "uz"))
_CYRILLIC_LANGUAGES = frozenset(("kk", "ky", "ru", "tg", "tk", "uk", "uz"))
_ELISION = frozenset(("fr", "it"))  # l'accord, dell'accordo: two words

HANGUL_WORD = re.compile(f"[{HANGUL}]")
_SPACE = " \u00a0\u2007\u2009\u202f"  # thin and no-break spaces group digits; a tab or a line break never
_LETTER = rf"[^\W\d_{HANGUL}{HAN_KANA}]"
_IN_WORD = rf"(?:[^\W_{HANGUL}{HAN_KANA}]|[{MARKS}])"
_TOKEN = re.compile(
    rf"""
    (?P<group>  (?<![\w+]) {_LETTER}{{1,2}}\d{{1,2}}[ ]?\+[ ]?\d{{1,2}} (?![\d+]|{_LETTER}) )
  | (?P<word>   {_LETTER}{_IN_WORD}* (?:[{APOSTROPHES}]{_LETTER}{_IN_WORD}*)* )
  | (?P<number> (?: \d{{4}}-\d\d-\d\d(?!\d)
                  | \d{{1,3}}(?:[{_SPACE}]\d{{3}})+ (?!\d|[.,]\d{{3}}) (?:[.,]\d+)?
                  | \d+(?:[.,]\d+)* )
                (?P<unit>{_LETTER}{_IN_WORD}*)? )
  | (?P<hangul> [{HANGUL}]+ )
  | (?P<han>    [{HAN_KANA}]+ )
    """,
    re.VERBOSE,
)


def terms(text: str, language: str) -> list[str]:
    """The terms that a text is indexed under, in order, repeated as often as they occur."""
    return [term for match in _TOKEN.finditer(text) for slot in _slots(match, language) for term in slot]


def term_spans(text: str, language: str) -> list[tuple[str, int, int]]:
    """Each of `terms(text, language)` with the start and end of what it stands for in the text."""
    spans = []
    for match in _TOKEN.finditer(text):
        kind, start, end = match.lastgroup, match.start(), match.end()
        slots = _slots(match, language)
        if kind in ("hangul", "han") and len(_compatible(match[0])) == end - start:
            at = _pair_spans(end - start) if kind == "hangul" else _character_spans(end - start)
            spans += [
                (term, start + first, start + last)
                for slot, (first, last) in zip(slots, at, strict=True)
                for term in slot
            ]
        else:
            spans += [(term, start, end) for slot in slots for term in slot]
    return spans


def query_terms(
    query: str, asked_in: str, languages: Collection[str], held: Callable[[Slot], bool] | None = None
) -> list[Slot]:
    """For each place of a query in the language `asked_in`, the terms that it may be indexed under.

    `languages` are those that the library holds, each of which may have indexed it; `held` says whether it
    holds any of a slot's terms. The tuple's members are alternatives: score the best one, not the sum.
    Question words ("who", "когда") are left out, unless nothing else is asked: they are rare in prose, so
    that BM25 would rate "which" above the name of a country.
    """
    every = sorted({asked_in, *languages})
    words = list(_TOKEN.finditer(query))
    shouted = not any(map(str.islower, query))  # all in capitals: they tell nothing
    kept: dict[Slot, None] = {}
    questioning: dict[Slot, None] = {}
    for index, match in enumerate(words):
        is_name = match[0][0].isupper() and not shouted
        # A name crosses languages, and a few words are too few to tell the language. Other words are
        # looked for in their own language alone: the stems of another would find what only looks alike.
        foreign = is_name or len(words) <= SHORT_QUERY or asked_in not in languages
        # "Kim" asks in Uzbek and is a Korean name: a capital inside the sentence tells them apart, or two after it.
        named = is_name and (index > 0 or _begins_with_kim(words))
        asks = not named and _is_question_word(match, asked_in)
        asks = asks or (index > 0 and _is_degree(words[index - 1][0], match[0], asked_in))
        slots = tuple(_across_languages(match, every if foreign else [asked_in]))
        # A name without its capital: its own language has no such word, but another may.
        if held and not foreign and not asks and not any(map(held, slots)):
            slots = tuple(_across_languages(match, every))
        (questioning if asks else kept).update(dict.fromkeys(slots))
    return list(kept or questioning)


def is_pair(slot: Slot) -> bool:
    """Whether a slot is Korean syllables, and not the marked first pair that stands for the word."""
    return all("가" <= term[0] <= "힣" for term in slot)


def phrase_terms(phrase: str, languages: Collection[str]) -> list[Slot]:
    """For each place of a phrase the terms that a passage, of any of the `languages`, has in its stead."""
    return [
        slot for match in _TOKEN.finditer(phrase) for slot in _across_languages(match, sorted({*languages}))
    ]


def word_spans(text: str) -> list[tuple[int, int]]:
    """The start and end of each word of letters, numbers left out."""
    return [match.span() for match in _TOKEN.finditer(text) if match.lastgroup in ("word", "hangul")]


def asks(word: str, language: str) -> bool:
    """Whether it is a question word."""
    match = _TOKEN.match(word)
    return match is not None and _is_question_word(match, language)


def _across_languages(match: re.Match[str], languages: list[str]) -> Iterator[Slot]:
    """The slots of one token; alternatives of different languages for the same place are joined."""
    readings = dict.fromkeys(_slots(match, language) for language in languages)
    for alternatives in zip_longest(*readings, fillvalue=()):
        yield tuple(dict.fromkeys(term for slot in alternatives for term in slot))


def _is_question_word(match: re.Match[str], language: str) -> bool:
    words = QUESTION_WORDS.get(language, frozenset())
    if match.lastgroup == "hangul":
        # Endings vary with politeness: 얼마, 얼마인가, 얼마인가요. One syllable may begin any word.
        return match[0] in words or any(len(word) > 1 and match[0].startswith(word) for word in words)
    return match.lastgroup == "word" and any(slot[-1] in words for slot in _slots(match, language))


def _begins_with_kim(words: Sequence[re.Match[str]]) -> bool:
    """Whether it begins with a whole name like Kim Son Xvan."""
    whole = len(words) > 2 and all(word[0][0].isupper() for word in words[:3])
    return whole and words[0][0].casefold() in ("kim", "ким")


def _is_degree(before: str, word: str, language: str) -> bool:
    """Whether two words together ask how much: "how large"."""
    return word.casefold() in DEGREE_WORDS.get(language, {}).get(before.casefold(), ())


def _slots(match: re.Match[str], language: str) -> tuple[Slot, ...]:
    kind = match.lastgroup
    if kind == "word":
        return _word_or_marked(match[0], language)
    if kind == "number":
        return _number(match[0], match["unit"] or "")
    if kind == "group":  # C5+1, whichever alphabet the C is of
        group = match[0].replace(" ", "").casefold().translate(LOOKALIKES)
        return ((group, group.partition("+")[0]),)
    text = _compatible(match[0])
    if kind == "hangul":
        pairs = tuple((text[first:last],) for first, last in _pair_spans(len(text)))
        # The first pair carries the stem, the last ones mostly particles: it counts again, marked.
        return pairs if len(text) == 1 else (*pairs[:-1], ("^" + text[:2],))
    return tuple((text[first:last],) for first, last in _character_spans(len(text)))


def _pair_spans(length: int) -> list[tuple[int, int]]:
    """Offsets of the pairs of a Korean word, and of its first pair once more."""
    if length == 1:
        return [(0, 1)]
    return [(i, i + 2) for i in range(length - 1)] + [(0, 2)]


def _character_spans(length: int) -> list[tuple[int, int]]:
    """Offsets of each character and of each pair that begins with it."""
    return [(i, j) for i in range(length) for j in (i + 1, i + 2) if j <= length]


def _word_or_marked(word: str, language: str) -> tuple[Slot, ...]:
    """As `_word`, with or without the mark of a note after it; none for a mark alone."""
    base = word.rstrip(_SUPERSCRIPTS)
    if not base:
        return ()
    slots = _word(word, language)
    if base == word or len(base) > SHORT_WORD:
        return slots
    # EU² is a footnote and km² a power: what is written, and the word alone
    return (tuple(dict.fromkeys(term for slot in (*slots, *_word(base, language)) for term in slot)),)


@lru_cache(maxsize=1 << 16)
def _word(word: str, language: str) -> tuple[Slot, ...]:
    """(stem, word itself) of an alphabetic word; two such slots where an elision joins two words."""
    word = word[:LONGEST_TERM]
    if CYRILLIC.search(word):
        language = language if language in _CYRILLIC_LANGUAGES else "ru"
    elif LATIN.search(word):
        language = language if language in _LATIN_LANGUAGES else "en"
    lowered = _lower(word)
    if language in _ELISION:
        return tuple(_slot(_stem(part, language), _plain(part)) for part in lowered.split("'") if part)
    if language == "tr":
        lowered = lowered.split("'")[0]  # Ankara'da: what follows the apostrophe is a case ending
    lowered = lowered.removesuffix("'s").replace("'", "")
    if language in ("uz", "tk") and CYRILLIC.search(lowered):
        lowered = to_latin(lowered, language)
    whole = _plain(lowered)
    stem = whole if any(map(str.isdigit, whole)) else _stem(lowered, language)
    return (_slot(stem, whole),) if whole else ()


def _slot(stem: str, whole: str) -> Slot:
    return (stem, whole) if stem and stem != whole else (whole,)


def _stem(word: str, language: str) -> str:
    if language in SNOWBALL:
        return _plain(_stemmer(SNOWBALL[language]).stemWord(word))
    return _plain(word)[:STEM_LETTERS]


@cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm, 0)  # 0: no cache of its own, _word has one


def _lower(word: str) -> str:
    """Case folded, compatibility forms resolved (ﬁ, Ａ, ²), dotless ı as i, apostrophes as '."""
    if not word.isascii():
        if len(word.rstrip(_SUPERSCRIPTS)) > SHORT_WORD:
            word = word.rstrip(_SUPERSCRIPTS)  # cooperation² is a footnote; km² is not
        word = _compatible(word.translate(_LETTER_VARIANTS))
    return word.casefold().translate(_LETTER_VARIANTS)


def spelt_words(text: str) -> set[str]:
    """The words of a text in small letters with their marks, Korean ones without particles; no numbers."""
    found = set()
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "word" and len(match[0]) <= LONGEST_TERM:
            word = _lower(match[0]).removesuffix("'s")
            if not any(map(str.isdigit, word)):
                found.add(word)
        elif match.lastgroup == "hangul" and len(match[0]) <= LONGEST_TERM:
            found.add(bare_forms(_compatible(match[0]))[0])
    return found


def plain_word(word: str) -> str:
    """A word as it is indexed when nothing is cut off: small letters without marks, Cyrillic as it is."""
    return _plain(_lower(word[:LONGEST_TERM]).removesuffix("'s").replace("'", ""))


def whole_term(word: str, language: str) -> str:
    """The term that stands for a whole alphabetic word where `terms` indexed it; Hangul as it is."""
    slots = _word(word, language) if not HANGUL_WORD.match(word) else ()
    return slots[0][-1] if slots else word


def stem_term(word: str, language: str) -> str:
    """The stem of an alphabetic word, as `terms` indexed it; Hangul as it is."""
    slots = _word(word, language) if not HANGUL_WORD.match(word) else ()
    return slots[0][0] if slots else word


def _plain(word: str) -> str:
    """Without the marks that people leave out when they type: ýurt as yurt, ещё as еще, за́мок as замок."""
    if word.isascii():
        return word
    word = _DROPPED_MARKS.sub("", word.replace("ё", "е"))
    return "".join(unicodedata.normalize("NFD", c)[0] if LATIN.match(c) else c for c in word)


def _compatible(text: str) -> str:
    """NFKC, but ½ stays ½: as 1⁄2 it would join the digits before it."""
    if text.isascii() or any("2044" in unicodedata.decomposition(c) for c in text):
        return text
    return unicodedata.normalize("NFKC", text)


_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LETTER_VARIANTS = str.maketrans({"İ": "i", "ı": "i", **dict.fromkeys(APOSTROPHES, "'")})
_DROPPED_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670\u200c\u200d]")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)|(\d{1,2})\.(\d{1,2})\.(\d{4})")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")


def _number(token: str, unit: str) -> tuple[Slot, ...]:
    """One slot: the number in digits with a decimal point, then what else it may be looked for as.

    "15th" is ("15", "15th"); a date is ("2012-10-17", "2012"). One separator before exactly three
    digits is read as grouping ("3.141" is 3141), in documents and in queries alike. A comma list
    ("1,2,3") is as many slots. Columns of a table that are parted by single spaces cannot be told
    from a grouped number: readers part them by tabs.
    """
    figure = token[: len(token) - len(unit)]
    if not figure.isascii():  # Arabic digits, thin spaces
        figure = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in figure)
    if "-" in figure or figure.count(".") == 2:
        date = _date(figure)
        if date:
            return (date,)
        if "-" in figure:
            return tuple((part,) for part in figure.split("-"))
    figure = re.sub(f"[{_SPACE}]", "", figure)
    if _THOUSANDS.fullmatch(figure):
        *groups, last = re.split("[.,]", figure)
        grouping = figure[len(groups[0])]
        # A last separator unlike the first opens the decimals: 1,234.56
        decimals = len(groups) > 1 and figure[-len(last) - 1] != grouping
        value = "".join(groups) + ("." if decimals else "") + last
        if len(groups) == 1 or decimals or len(last) == 3:
            return (_with_unit(value, unit),)
    if figure.count(",") > 1:  # a list
        *items, last = re.split("[.,]", figure)
        return (*((item,) for item in items), _with_unit(last, unit))
    return (_with_unit(figure.replace(",", "."), unit),)


def _date(figure: str) -> Slot:
    match = _DATE.fullmatch(figure)
    if not match:
        return ()
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return ()
    return (f"{year}-{int(month):02}-{int(day):02}", year)


def _with_unit(value: str, unit: str) -> Slot:
    value = value[:LONGEST_TERM]
    unit = _plain(_lower(unit[:LONGEST_TERM].strip(_SUPERSCRIPTS)).replace("'", ""))
    return (value, value + unit) if unit else (value,)
