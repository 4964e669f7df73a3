"""Words of a query in, the same with what else they are called in the library: names as others spell them,
acronyms and what they stand for, short nouns with other endings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from index.acronyms import is_acronym
from index.analysis import asks, is_pair, terms, whole_term
from index.cases import other_forms
from index.glossary import is_word
from index.korean import bare_forms
from index.names import Name, like, names
from index.search_word import Known, SearchWord

_PERSON = 3  # words, of which the first is a Korean family name: no chance likeness
_SPELLINGS = 8  # of one name that are looked for
_NEAR_SAME_ALPHABET = 0.9  # likeness from which Tokaev is Tokayev
_NEAR_SHORT_HANGUL = 0.93  # of two syllables that may be any word
_ADJECTIVE = re.compile("(?:ин|ов|ев|ий)?ск$")
_NOUN = 4  # letters from which a noun is told from a chance beginning: "морск" is not of "мор"
_OTHER_NOUNS = frozenset(
    ("совет", "свет", "сель")
)  # of "советский", "светский", "сельский" they are not the sense
_ENDINGS = ("ск", "йск", "ийск", "инск")  # of Ташкент, Корея, Россия, Алматы
_HANGUL = re.compile("[가-힣]")
_CYRILLIC = re.compile("[Ѐ-ӿ]")


def with_forms(words: Sequence[SearchWord], asked_in: str, known: Known) -> list[SearchWord]:
    """Each short noun is also looked for with other endings: "gazning" and "gazda" for "gaz"."""

    def is_noun(word: str) -> bool:
        return is_word(word, asked_in) or known.holds((word,))

    return [
        replace(
            word,
            terms=tuple(
                dict.fromkeys((*word.terms, *other_forms(max(word.terms, key=len), asked_in, is_noun)))
            ),
        )
        for word in words
    ]


def with_names(
    words: Sequence[SearchWord], query: str, asked_in: str, known: Known, little: Set[str]
) -> list[SearchWord]:
    """Each name of the query is also looked for as it is spelt elsewhere: 미르지요예프 for Mirziyoyev."""
    found = list(words)
    done: set[tuple[int, int]] = set()
    shouted = not any(map(str.islower, query))
    # The longest first: Ким Сон Хван before Ким.
    for name in sorted(names(query, asked_in, small=True), key=lambda each: each.start - each.end):
        places = _places(found, name)
        typed = query[name.start : name.end]
        if not places or any(
            a <= name.start and name.end <= b and (a, b) != (name.start, name.end) for a, b in done
        ):
            continue
        if not _may_be_name(typed, name, [found[at] for at in places], known, asked_in, little, shouted):
            continue
        spellings = _spellings(name, known)
        for form in spellings:
            _attach(found, places, form)
        if spellings:
            done.add((name.start, name.end))
    return found


def _may_be_name(
    typed: str,
    name: Name,
    words: Sequence[SearchWord],
    known: Known,
    asked_in: str,
    little: Set[str],
    shouted: bool,
) -> bool:
    """Whether a word of the query is to be taken for a name: by its capital, or because nothing else is known of it."""
    if any(not little.isdisjoint(word.terms) for word in words) or asks(typed, asked_in):
        return False
    if len(name.words) == _PERSON:
        return True
    if _HANGUL.match(typed):
        return not any(word.translations or word.phrases for word in words)
    if typed[0].isupper() and not shouted:
        return True
    return not any(known.holds((*word.terms, *word.translations)) for word in words)


def _places(words: Sequence[SearchWord], name: Name) -> list[int]:
    """Where the words of a name stand among those of the query, in order; of a Hangul word its pairs."""
    wanted = [{word.replace("ё", "е")} for word in name.words]
    if _HANGUL.match(name.words[0]):
        wanted = [{term} for term in terms(bare_forms(name.words[0])[0], "ko")]
    places = [
        next((at for at, word in enumerate(words) if not each.isdisjoint(word.terms)), -1) for each in wanted
    ]
    return [] if -1 in places else list(dict.fromkeys(places))


def _spellings(name: Name, known: Known) -> list[tuple[str, ...]]:
    """The name as the library has it elsewhere, each as the terms of its words; the likest first."""
    alike: dict[tuple[str, ...], float] = {}
    for entry in known.starting("names", name.key + "/"):
        form = tuple(entry.partition("/")[2].split("_"))
        alphabet = _alphabet(form[0])
        if form == name.words or alphabet == _alphabet(name.words[0]) == "hangul":
            continue
        near = like(name, entry)
        if alphabet == _alphabet(name.words[0]) and near < _NEAR_SAME_ALPHABET:
            continue
        short = any(_HANGUL.match(each[0]) and len(each[0]) == 2 for each in (form, name.words))
        if near and not (short and near < _NEAR_SHORT_HANGUL):
            alike[form] = max(near, alike.get(form, 0.0))
    return sorted(alike, key=lambda form: -alike[form])[:_SPELLINGS]


def _alphabet(word: str) -> str:
    return "hangul" if _HANGUL.match(word) else "cyrillic" if _CYRILLIC.match(word) else "latin"


def _attach(words: list[SearchWord], places: Sequence[int], form: Sequence[str]) -> None:
    """Let each word of a name stand for one of the words that it was asked by.

    Where the name has one word and the query several, or pairs of Korean syllables, it counts as much
    as they do together.
    """
    if _HANGUL.match(form[0]):
        pairs = terms(bare_forms(form[0])[0], "ko")
        form = [pairs[-1], *pairs[:-1]] if len(places) > 1 else pairs[-1:]
    parts = [part.replace("ё", "е") for part in form]
    if len(parts) == 1:
        at = places[-1]
        words[at] = _joined(words[at], parts, len(places))
        return
    for number, at in enumerate(places):
        own = parts[number:] if number == len(places) - 1 else parts[number : number + 1]
        if own:
            words[at] = _joined(words[at], own, 1)


def _joined(word: SearchWord, terms: Sequence[str], weight: int) -> SearchWord:
    new = [term for term in terms if term not in word.terms]
    # A pair of Korean syllables now has a match in other languages too.
    only_in = "" if word.only_in == "ko" else word.only_in
    return replace(
        word,
        names=tuple(dict.fromkeys((*word.names, *new))),
        name_weight=max(word.name_weight, weight),
        only_in=only_in,
    )


def with_adjectives(words: Sequence[SearchWord], known: Known) -> list[SearchWord]:
    """Of a Russian query: an adjective is also looked for as its noun, and the other way, нарынский and Нарын."""
    found = []
    for word in words:
        derived = [term for stem in word.terms for term in _derived(stem) if known.holds((term,))]
        found.append(replace(word, translations=(*word.translations, *_new(word, derived))))
    return found


def _derived(stem: str) -> list[str]:
    """Terms of the nouns that an adjective of this stem may come from; of any other stem, of its adjectives."""
    ending = _ADJECTIVE.search(stem)
    if not ending:
        noun = stem.rstrip("аиыя")  # "Кореи", of which too little is left as a stem
        return [noun + each for each in _ENDINGS] if len(noun) >= _NOUN and noun not in _OTHER_NOUNS else []
    nouns = {stem[: ending.start()], stem.removesuffix("ск"), stem.removesuffix("ск").removesuffix("й")}
    found = {term for noun in nouns for term in terms(noun, "ru") if len(term) >= _NOUN}
    return sorted(found - _OTHER_NOUNS)


def with_acronyms(words: Sequence[SearchWord], query: str, asked_in: str, known: Known) -> list[SearchWord]:
    """An acronym is also looked for by what the library's documents say it stands for, and the other way."""
    found = list(words)
    for typed in re.findall(r"[^\W_]+(?:[&/-][^\W_]+)*", query):
        if _HANGUL.match(typed):
            short = [
                each.partition("/")[2]
                for form in bare_forms(typed)
                for each in known.starting("acronyms", form + "/")
            ]
            marked = "^" + typed[:2]
            for at, word in enumerate(found):
                if marked in word.terms and short:
                    found[at] = replace(word, translations=(*word.translations, *_new(word, short)))
        else:
            term = whole_term(typed, asked_in)
            for at, word in enumerate(found):
                if term in word.terms and (is_acronym(typed) or not known.holds(word.terms)):
                    long = [each.partition("/")[2] for each in known.starting("acronyms", term + "/")]
                    phrases = tuple(_phrase(each) for each in long)
                    found[at] = replace(word, phrases=(*word.phrases, *phrases))
    return _shortened(found, known)


def _shortened(words: list[SearchWord], known: Known) -> list[SearchWord]:
    """With the acronym of what several words of the query stand for together."""
    heads = [at for at, word in enumerate(words) if not is_pair(word.terms)]
    for place, at in enumerate(heads):
        for entry in (entry for term in words[at].terms for entry in known.starting("acronyms", term + "_")):
            long, _, short = entry.partition("/")
            parts = long.split("_")
            following = heads[place : place + len(parts)]
            if len(following) == len(parts) and all(
                part in words[each].terms for part, each in zip(parts, following, strict=True)
            ):
                last = words[following[-1]]
                words[following[-1]] = replace(last, translations=(*last.translations, *_new(last, [short])))
    return words


def _new(word: SearchWord, terms: Sequence[str]) -> list[str]:
    return [term for term in dict.fromkeys(terms) if term not in (*word.terms, *word.translations)]


def _phrase(long: str) -> tuple[str, ...]:
    """The terms of an expansion, of which a passage must hold all."""
    return tuple(
        term for part in long.split("_") for term in (terms(part, "ko") if _HANGUL.match(part) else (part,))
    )
