"""A short noun in, the terms that its inflected forms are indexed under, in languages that join endings to nouns.

Words are indexed by their first STEM_LETTERS letters. Of a noun of fewer, the ending is among these: "gazning" (of
gas) is under "gazni", "Азиядағы" (in Asia) under "азияд". Endings: Johanson & Csató (eds.), "The Turkic Languages",
1998; Perry, "A Tajik Persian Reference Grammar", 2005.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from index.analysis import STEM_LETTERS, stem_term

SHORTEST = 3  # letters of a noun; those of two with an ending are the beginnings of too many words
# Plural, possessive and cases, by how they begin: what comes after the fifth letter is cut.
_ENDINGS = {
    language: tuple(endings.split())
    for language, endings in {
        "uz": "lar i si ning ni ga ka qa da ini ida iga idan ining ilar",
        "kk": "лар лер дар дер тар тер ы і сы сі ның нің дың дің тың тің ны ні ды ді ты ті ға ге қа ке да де та те "
        "нан нен мен бен пен ын ін ына іне",
        "ky": "лар лер лор лөр дар дер дор дөр тар тер тор төр ы и у ү сы си су сү нын нин нун нүн дын дин дун дүн тын "
        "тин тун түн га ге го гө ка ке ко кө да де до дө та те то тө ын ин ун үн",
        "tg": "и у ҳо ҳои ро",
        "tk": "lar ler y i sy si yň iň uň üň nyň niň ny ni a e ga ge da de na ne yn in",
    }.items()
}
_HARMONY = ("kk", "ky", "tk")  # an ending has vowels like the last one of its noun
_BACK, _FRONT = frozenset("аоұыуяaouy"), frozenset("әеөүіиэäeöüi")


@cache
def inflected(word: str, language: str) -> tuple[str, ...]:
    """The terms of a word's forms, its own left out; () for one that is long enough, or not of these languages."""
    if language not in _ENDINGS or not SHORTEST <= len(word) < STEM_LETTERS or not word.isalpha():
        return ()
    own = stem_term(word, language)
    endings = (each for each in _ENDINGS[language] if language not in _HARMONY or _agree(word, each))
    forms = dict.fromkeys(stem_term(word + ending, language) for ending in endings)
    return tuple(form for form in forms if form != own)


def other_forms(word: str, language: str, is_word: Callable[[str], bool]) -> tuple[str, ...]:
    """The terms of the other forms of the noun that `word` is a form of; `is_word` tells what a noun is.

    () where it is no short noun, with an ending or without.
    """
    stem = stem_term(word, language)
    for length in range(STEM_LETTERS - 1, SHORTEST - 1, -1):
        noun = word[:length]
        if noun == word or (stem in inflected(noun, language) and is_word(noun)):
            forms = (stem_term(noun, language), *inflected(noun, language))
            return tuple(form for form in forms if form != stem) if len(forms) > 1 else ()
    return ()


def _agree(noun: str, ending: str) -> bool:
    """Whether the last vowel of a noun and the first of an ending are both of the back, or both of the front."""
    last = next((letter for letter in reversed(noun) if letter in _BACK | _FRONT), "")
    first = next((letter for letter in ending if letter in _BACK | _FRONT), "")
    return not last or not first or (last in _BACK) == (first in _BACK)
