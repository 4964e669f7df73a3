"""A name in, how it sounds out: Tokayev, Токаев and 토카예프 sound alike, so that one finds the others.

A sound is written in classes of letters as Korean tells them apart: b, p, f and v are P, l and r are R,
o and u are o. Its consonants are the key that names are indexed under; its vowels, and for two names in
letters the letters themselves, tell near names apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise, product

from rapidfuzz.distance import Indel

from index.analysis import plain_word, whole_term
from index.korean import SURNAMES, SURNAMES_OF, bare_forms
from index.letters import CYRILLIC, HANGUL

NEAR = 0.8  # likeness from which two names are one; chosen on the triples of tests/index/name_triples.tsv
NEAR_SHORT = 0.85  # the same where there are one or two consonants, which many words share
NEAR_PERSON = 0.88  # the same for the given name of a Korean
_SHORT_KEY = 2
_FEWEST = 2  # consonants; a name with fewer is like too many words
_LONGEST = 24  # letters; what is longer is no name
_GIVEN = 2  # syllables of a Korean given name at most
_PART = 7  # letters of each of them
_SYLLABLES = range(2, 9)  # of a Hangul word that may be a name: 서울 … 투르크메니스탄에서

_WORD = re.compile(rf"[^\W\d_{HANGUL}][^\W\d_{HANGUL}'’ʻʼ`‘]*|[가-힣]+")
_SYLLABLE = re.compile("[가-힣]")
_CYRILLIC = str.maketrans(
    dict(
        zip(
            "абвгғдеёжҗзиійкқлмнңоөпрстуўұүфхҳһцчҷшщыьъэюяӣӯәѓєї",
            "a b v g g d e yo zh zh z i i y k k l m n ng o o p r s t u o u u f kh kh h ts ch ch sh sh y - - e yu ya "
            "i u a g e i".replace("-", "_").split(),
            strict=True,
        )
    )
)

# Korean syllables, by the order of Unicode: first consonant, vowel, last consonant.
_FIRST: tuple[str, ...] = (*"gkndtrmbpss", "", *"jjcktph")
_VOWEL: tuple[str, ...] = (*"aeaeoeoeoaeeoooeio", "", "i", "i")
_LAST: tuple[str, ...] = ("", *"kkknnntrkmrrrprmppttnttktpt")

# Letters that sound as one, of any alphabet and of Latin alone. A capital is heard in two ways, see _WAYS.
_JOINED = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ng(?![aeiou])", "n"),
        ("tsch|tch|sch|ch|ts|tz|cz", "c"),
        ("dzh|dj|zh", "j"),
        ("sh", "s"),
        ("kh", "h"),
        ("gh", "g"),
        ("^[wv](?=[aeiou])|(?<=[kgh])[wv](?=[aeiou])|w$", "W"),
        ("(?<=[aeiou])h$", ""),
        ("y$", "i"),
    )
]
_JOINED_LATIN = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ck|q", "k"),
        ("ph", "p"),
        ("wh", "hW"),
        ("th", "t"),
        ("c(?=[eiy])", "s"),
        ("c(?!h)", "k"),
        ("(?<!n)g(?=[eiy])", "G"),
        ("eo|oo|ou", "o"),
        ("eu", "U"),
        ("ee", "i"),
        ("ae(?!v)", "e"),
        ("x", "X"),
    )
]
_WAYS = {"W": ("v", ""), "X": ("ks", "h"), "G": ("g", "j"), "U": ("", "o")}
_ASPIRATED = re.compile("(?<=[пчтк])х(?=[аеёиоуыэюя])")  # Пхохан, Инчхон, Ли Чхоль
_VOICED = re.compile("дж|чж|тж")  # Джалил, Мун Чжэ Ин
_CLASSES = str.maketrans("bpfvwdtcjzsgkhlrmnaeiou", "PPPPPTTSSSSKKKRRMNaiioo", "y")
_AS_IN_KOREAN = str.maketrans("vfzlweu", "bpjrbio", "y")
_REPEATED = re.compile(r"(.)\1+")
# Endings with a consonant, which would change the key: Russian, then Turkic in either alphabet, and Tajik.
_CASES = re.compile(
    "(?:[оыеи]м|ами|ого|ому|[аы]х|[ндт][иіыү]н|[ндт][ыі]ң|нинг|[дт][ае]н|[дт]ин|[дт][ае]|[гғкқ][ае]|н[иыі]"
    "|ning|n[iy]ng?|[dt][ae]n|[dt][ae]|[gk][ae]|ni|ro|ро)$"
)
_SHORTEST = 4  # letters that must be left
_VOWELS = str.maketrans("", "", "aio")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: the key it is found by, the terms of its words, what of it is compared, and its place.

    Of a Korean person the family name comes first in `words` and stands in `key` as Korean writes it; what
    is compared is the given name alone.
    """

    key: str
    words: tuple[str, ...]
    heard: str
    start: int
    end: int

    @property
    def entry(self) -> str:
        """The name as it is indexed: `key`, a slash, and `words` parted by "_"."""
        return f"{self.key}/{'_'.join(self.words)}"


def names(text: str, language: str, *, small: bool = False) -> Iterator[Name]:
    """What may be a name: words with a capital, Hangul words; with `small` any word. A Korean person is one name.

    A word has as many entries as it has keys.
    """
    words = list(_WORD.finditer(text))
    for index, match in enumerate(words):
        word = match[0]
        if _SYLLABLE.match(word):
            if len(word) not in _SYLLABLES:
                continue
            for form in bare_forms(word):
                yield from _korean_person(form, match)
        elif not (small or word[0].isupper()) or len(word) < 2:
            continue
        for each in sorted(keys(word)):
            yield Name(each, (_written(word, language),), word, match.start(), match.end())
        if not _SYLLABLE.match(word):
            # Ким Сон Хван is not also Ким Сон.
            longer = list(_person(text, words[index : index + 3], 3, language, small))
            yield from longer or _person(text, words[index : index + 2], 2, language, small)


def _korean_person(word: str, match: re.Match[str]) -> Iterator[Name]:
    """김성환: a family name of one syllable or two, and one or two more."""
    for length in (1, 2):
        surname, given = word[:length], word[length:]
        if surname in SURNAMES and 1 <= len(given) <= _GIVEN:
            for sound in sorted({sound for sound, _ in _heard(given)}):
                if key(sound):
                    yield Name(surname + key(sound), (word,), given, match.start(), match.end())


def _person(text: str, words: list[re.Match[str]], count: int, language: str, small: bool) -> Iterator[Name]:
    """Kim Seong-hwan, Seong-hwan Kim, Ким Сон Хван: parts joined by a space or a hyphen."""
    if len(words) < count:
        return
    joints = [text[a.end() : b.start()] for a, b in pairwise(words)]
    if any(joint not in (" ", "-", "\u00a0") for joint in joints) or _SYLLABLE.match(words[-1][0]):
        return
    # After a hyphen a part may be small, Seong-hwan; after a space it may not.
    if not small and any(
        joint != "-" and word[0].islower() for joint, word in zip(joints, words[1:], strict=True)
    ):
        return
    for surname, given in ((words[0], words[1:]), (words[-1], words[:-1])):
        if any(len(part[0]) > _PART for part in given):
            continue
        whole = "-".join(part[0] for part in given)
        for korean in SURNAMES_OF.get(plain_word(surname[0]), ()):
            for sound in sorted({sound for sound, _ in _heard(whole.casefold())}):
                if key(sound):
                    parts = tuple(_written(part[0], language) for part in (surname, *given))
                    yield Name(korean + key(sound), parts, whole, words[0].start(), words[-1].end())


def _written(word: str, language: str) -> str:
    """The term of a word, with the ё that terms leave out: Мён sounds unlike Мен."""
    term = whole_term(word, language)
    return plain_word(word.casefold().replace("ё", "%")).replace("%", "ё") if "е" in term else term


def like(name: Name, entry: str) -> float:
    """How alike a name and one that was indexed under the same key sound; 0 where they are too little alike."""
    key, _, form = entry.partition("/")
    words = form.split("_")
    person = bool(_SYLLABLE.match(key))
    if person:
        surname = key.rstrip("PTSKRMN")
        other = words[0].removeprefix(surname) if len(words) == 1 else "-".join(words[1:])
        found = likeness(name.heard, other, korean=True)
    else:
        heard = spelled_by(name.heard)
        found = max((likeness(a, b) for a in heard for b in spelled_by(words[0])), default=0.0)
    enough = NEAR_PERSON if person else NEAR_SHORT if len(key) <= _SHORT_KEY else NEAR
    return found if found >= enough else 0.0


def sounds(word: str) -> tuple[str, ...]:
    """How a word may sound, in classes of letters; () for what has no consonant or is too long to be a name."""
    return _sounds(word.casefold())


def _sounds(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sound for sound, _ in _heard(word) if len(key(sound)) >= _FEWEST))


@lru_cache(maxsize=1 << 16)
def _heard(word: str) -> tuple[tuple[str, str], ...]:
    """Each way a word may sound: in classes, and in the letters that Korean has for it."""
    if len(word) > _LONGEST:
        return ()
    parts = [_ways(part) for part in word.split("-")]
    return tuple(
        (_REPEATED.sub(r"\1", way.translate(_CLASSES)), _REPEATED.sub(r"\1", way.translate(_AS_IN_KOREAN)))
        for way in map("".join, islice(product(*parts), 4))
    )


def _ways(word: str) -> list[str]:
    """How a word may sound, in letters."""
    if _SYLLABLE.match(word):
        letters = "".join(_syllable(ord(syllable) - 0xAC00) for syllable in word)
        # 오시, 발하시: the vowel is there only because Korean needs one
        return [letters, letters[:-1]] if re.search("[^n][sjc]i$", letters) else [letters]
    roman = romanised(word)
    for pattern, sound in _JOINED_LATIN * (not CYRILLIC.search(word)) + _JOINED:
        roman = pattern.sub(sound, roman)
    return ["".join(way) for way in islice(product(*(_WAYS.get(c, (c,)) for c in roman)), 4)]


def _syllable(number: int) -> str:
    if not 0 <= number < 11172:
        return ""
    return _FIRST[number // 588] + _VOWEL[number % 588 // 28] + _LAST[number % 28]


def romanised(word: str) -> str:
    """A word in plain small Latin letters; only the letters between a and z are left."""
    word = plain_word(word.replace("ё", "йо"))
    if CYRILLIC.search(word):
        word = _ASPIRATED.sub("", _VOICED.sub("ж", word).replace("ае", "айе")).translate(_CYRILLIC)
    return "".join(letter for letter in word if "a" <= letter <= "z")


def key(sound: str) -> str:
    """The consonants of a sound."""
    return sound.translate(_VOWELS)


def likeness(one: str, other: str, korean: bool = False) -> float:
    """How alike two words sound, in [0, 1]; 1 for most spellings of one name in two scripts.

    Words of which one is in Hangul, or that are `korean`, are compared by the letters that Korean has.
    """
    same = Indel.normalized_similarity
    if korean or _SYLLABLE.match(one) or _SYLLABLE.match(other):
        ways = product(_heard(one.casefold()), _heard(other.casefold()))
        return max(((2 * same(a[0], b[0]) + same(a[1], b[1])) / 3 for a, b in ways), default=0.0)
    heard = max((same(a, b) for a in sounds(one) for b in sounds(other)), default=0.0)
    # Two alphabets tell b from p and l from r.
    return (2 * heard + same(romanised(one), romanised(other))) / 3


def spelled_by(word: str) -> tuple[str, ...]:
    """The word without the ending of a case, then as it stands: Токаевым is Токаев, and so may Токаевнинг be."""
    if _SYLLABLE.match(word):
        return bare_forms(word)
    word = plain_word(word)
    ending = _CASES.search(word, _SHORTEST)
    return (word[: ending.start()], word) if ending else (word,)


def keys(word: str) -> set[str]:
    """The keys that a word is indexed under, and looked for by."""
    return {key(sound) for form in spelled_by(word) for sound in sounds(form)}
