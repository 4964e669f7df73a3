"""A question and the one before it in, a question that stands by itself out: by rules, no model.

"And in 2023?" after "What did Korea export to Kazakhstan in 2022?" becomes "What did Korea export to
Kazakhstan in 2023?". What is new takes the place of what it is like: a year of a year, a country of a
country. Where nothing is like it, the telling words of the question before are added.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from index.analysis import asks, plain_word
from index.glossary import one_of
from index.letters import CYRILLIC
from index.query import FUNCTION_WORDS
from ingest.language import detect

# A question that begins so leans on the one before, whatever follows.
_OPENINGS = re.compile(
    r"""^\W*(?:
        and\s+what\s+about|and\s+how\s+about|and\s+for|what\s+about|how\s+about|and|but|then|also|same\s+for
      | а\s+что\s+насч[её]т|а\s+как\s+насч[её]т|а\s+как\s+же|что\s+насч[её]т|как\s+насч[её]т|а|и|но|тогда|то\s+же
      | 그럼|그러면|그리고|그렇다면|그런데|그때|또
      | va|xo[ʻ'’]?sh|unda|esa|lekin
      | ва|хўш|унда|лекин|пас
      | ал|және|сонда|онда|бірақ|ошондо|анда|жана|бирок
      | we|onda|emma
    )(?=[\s,—–-])[\s,—–-]*""",
    re.IGNORECASE | re.VERBOSE,
)
# "2023-yilda-chi?", "Қазақстан ше?": a particle that only a question which leans has.
_ENDING = re.compile(r"(?:(?<=\w)-?(?:chi|чи|чи́|чы|чу)|\s(?:ше|ше́|чӣ))\s*\?*\s*$", re.IGNORECASE)

_PRONOUNS = {
    "en": "it its they them their there he him his she her this these those",
    "ru": "он она оно они его ее их ему ей им ним нем ней него нее них там это этот эта эти этого этой этом тот",
    "ko": "그것 그것은 그것이 그것을 그는 그가 그를 그의 그녀는 그녀가 그들은 그들이 그들의 그 "
    "거기 거기서 거기에 거기에서 이것 이것은 그곳 그곳에 그곳에서",
    "uz": "u uni uning unga unda undan ular ularni ularning bu buni buning shu oʻsha",
    "kk": "ол оны оның оған онда одан олар оларды олардың бұл сол мұнда",
    "ky": "ал аны анын ага анда андан алар аларды алардын бул ошол мында",
    "tg": "ӯ вай онро он онҳо инро ин",
    "tk": "ol ony onuň oňa onda ondan olar olary olaryň bu şol",
}
_PRONOUNS_OF = {
    language: frozenset(plain_word(word) for word in words.split()) for language, words in _PRONOUNS.items()
}
# Of the pronouns these may also open what follows, "что это такое", or be a plain particle.
_BEFORE = {"it": "true possible necessary important likely known", "there": "is are was were any been be"}
_AFTER = {"there": "is are was were", "это": "что кто", "бул": "эмне", "бұл": "не", "bu": "nima"}
_FEW = 3  # telling words from which a question says enough by itself

_BETWEEN = 12  # characters between two years or places that are said together
_SHORT = 5  # words of which the language is uncertain

_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’ʻʼ`‘][^\W\d_]+)*")
# Part of the name that follows: "South Korea".
_SIDE = re.compile(
    r"(?:south|north|(?:южн|северн)\w+|janub\w*|shimol\w*|жануб\w*|шимол\w*|оңтүстік|солтүстік|түштүк|түндүк"
    r"|günorta|demirgazyk)(?!\w)",
    re.IGNORECASE,
)
_SIDED_WORD = re.compile(rf"{_SIDE.pattern}\s+{_WORD.pattern}", re.IGNORECASE)
_YEARS = re.compile(
    r"(?:years?|yil|йил|год|лет|жыл|nj[iy]|нчи|ші|шы|сол|ýyl|yyl|년)\w*(?:-\w+)*", re.IGNORECASE
)
_ARTICLE = frozenset(("a", "an", "the"))
_CENTRAL_ASIA = ("Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan")
_COUNTRIES = (
    *_CENTRAL_ASIA,
    *("Afghanistan", "America", "Armenia", "Azerbaijan", "Belarus", "Britain", "China", "France", "Georgia"),
    *("Germany", "India", "Iran", "Japan", "Korea", "Mongolia", "Pakistan", "Russia", "Turkey", "Ukraine"),
)
_CITIES = (
    "Almaty",
    "Ashgabat",
    "Astana",
    "Bishkek",
    "Busan",
    "Dushanbe",
    "Moscow",
    "Osh",
    "Seoul",
    "Tashkent",
)


def standalone(question: str, before: str | None) -> str:
    """`question` as it must be asked where nobody knows `before`; unchanged when it stands by itself.

    `before` is the question before, made standalone in its turn.
    """
    if not before or not before.strip():
        return question
    opening = _OPENINGS.match(question)
    rest = question[opening.end() :] if opening else question
    ending = _ENDING.search(rest)
    rest = rest[: ending.start()] if ending else rest
    language = _language(rest, before)
    asked = _Question(rest, language)
    slots = [*asked.years, *asked.places]
    leans = (
        ((opening or ending) and len(asked.telling) <= _FEW and not asked.names)
        or asked.points_back()
        or (asked.words and not asked.telling and len(asked.words) <= _FEW + 1)
        or (slots and not asked.words)
    )
    if not leans:
        return question
    former = _Question(before, _language(before, rest))
    if slots and not asked.telling and not (asked.places and asked.pronouns):
        return _substituted(before, former, asked)
    said = {plain_word(word) for word in asked.telling}
    kept = [word for word in former.telling if plain_word(word) not in said]
    kept += former.places if not asked.places else former.others(asked.places)
    kept += former.years if not asked.years else []
    return f"{rest.strip().rstrip('?？ ')} {' '.join(dict.fromkeys(kept))}?".lstrip()


def _language(rest: str, before: str) -> str:
    """Of the question; a few words are too few to tell, and are taken to be in the language of those before."""
    few = len(_WORD.findall(rest)) <= _SHORT
    letters = next(filter(str.isalpha, rest), "a")
    same = bool(CYRILLIC.match(letters)) == bool(CYRILLIC.search(before)) and letters.isascii() == any(
        map(str.isascii, filter(str.isalpha, before))
    )
    return detect(f"{rest} {before}") if few and same else detect(rest)


class _Question:
    """The words of a question by what they do in it."""

    def __init__(self, text: str, language: str) -> None:
        self.text, self.language = text, language
        self.year_matches = list(_YEAR.finditer(text))
        self.years = [match[0] for match in self.year_matches]
        self.matches = list(_WORD.finditer(text))
        self.words = [match[0] for match in self.matches]
        pronouns = _PRONOUNS_OF.get(language, frozenset())
        little = FUNCTION_WORDS.get(language, frozenset())
        self.place_matches: list[re.Match[str]] = []  # of "South Korea" both words
        self.telling: list[str] = []
        self.pronouns: list[int] = []
        for number, word in enumerate(self.words):
            plain = plain_word(word)
            if _place(word):
                side = _SIDE.match(text, self.matches[number - 1].start()) if number else None
                whole = side and _SIDED_WORD.match(text, side.start())
                self.place_matches.append(whole or self.matches[number])
            elif number + 1 < len(self.words) and _SIDE.fullmatch(word) and _place(self.words[number + 1]):
                continue
            elif plain in pronouns and not self._is_idle(number):
                self.pronouns.append(number)
            elif not (plain in little or plain in pronouns or asks(word, language) or _YEARS.fullmatch(word)):
                self.telling.append(word)
        self.places = [match[0] for match in self.place_matches]
        # A name: a capital inside the question, of a word that is no place.
        self.names = [word for word in self.telling if word[0].isupper() and word != self.words[0]]

    def points_back(self) -> bool:
        """Whether a pronoun of the question means something that the question does not name."""
        if not self.pronouns or len(self.telling) > _FEW:
            return False
        earlier = self.words[: self.pronouns[0]]
        named = any(_place(word) or (word in self.names) for word in earlier)
        described = any(word.lower() in _ARTICLE for word in earlier)
        # Before a pronoun there may be a verb, "who signed it", and more only where there is an article for nouns.
        said = sum(word in self.telling for word in earlier)
        return not named and not described and (said < 2 or self.language == "en")

    def others(self, places: list[str]) -> list[str]:
        """Places of this question that none of `places` takes the place of."""
        replaced = {match[0] for place in places if (match := self.replaced_by(place))}
        return [place for place in self.places if place not in replaced]

    def replaced_by(self, place: str) -> re.Match[str] | None:
        """The place of this question that another stands in for: a city for a city, the last of those alike."""
        kind = _kind(_place(place))
        alike = [each for each in self.place_matches if _kind(_place(each[0])) == kind]
        near = [each for each in alike if _group(_place(each[0])) == _group(_place(place))]
        return (near or alike)[-1] if alike else None

    def _is_idle(self, number: int) -> bool:
        """Whether a pronoun means nothing: "are there", "is it true", "что это"."""
        word = plain_word(self.words[number])
        following = self.words[number + 1].lower() if number + 1 < len(self.words) else ""
        preceding = self.words[number - 1].lower() if number else ""
        return following in _BEFORE.get(word, "").split() or preceding in _AFTER.get(word, "").split()


def _substituted(before: str, former: _Question, asked: _Question) -> str:
    """`before` with the years and places of `asked` in the place of its own, or added where it has none."""
    added: list[str] = []
    new: dict[tuple[int, int], list[re.Match[str]]] = {}  # what takes the place of what, by start and end
    for match in asked.year_matches:
        if former.years:
            new.setdefault(_years_replaced(former, len(asked.years)), []).append(match)
        else:
            added.append(match[0])
    for match in asked.place_matches:
        if old := former.replaced_by(match[0]):
            new.setdefault(old.span(), []).append(match)
        else:
            added.append(match[0])
    result = before
    for start, end in sorted(new, reverse=True):
        result = result[:start] + _as_typed(asked.text, new[start, end]) + result[end:]
    if added:
        # As it was typed, with its preposition or its ending.
        phrase = (
            asked.text.strip().rstrip("?？.! ")
            if len(added) == len(asked.years + asked.places)
            else " ".join(added)
        )
        result = f"{result.rstrip('?？.! ')} {phrase}?"
    return result


def _years_replaced(former: _Question, count: int) -> tuple[int, int]:
    """Start and end of the last year of a question; of all its years where several, side by side, are replaced."""
    first, last = former.year_matches[0], former.year_matches[-1]
    if count > 1 and last.start() - first.end() <= _BETWEEN:
        return first.start(), last.end()
    return last.span()


def _as_typed(text: str, matches: list[re.Match[str]]) -> str:
    """Several years or places with what stands between them, "2019 and 2020", unless that is much."""
    if any(after.start() - match.end() > _BETWEEN for match, after in pairwise(matches)):
        return ", ".join(match[0] for match in matches)
    return text[matches[0].start() : matches[-1].end()]


@cache
def _place(word: str) -> str:
    """The English name of the country or city that a word means, in any language and form."""
    return one_of(word, (*_COUNTRIES, *_CITIES))


def _kind(place: str) -> str:
    return "city" if place in _CITIES else "country"


def _group(place: str) -> bool:
    return place in _CENTRAL_ASIA
