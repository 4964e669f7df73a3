"""A question and the one before it in, a question that stands by itself out: by rules, no model.

"And in 2023?" after "What did Korea export to Kazakhstan in 2022?" becomes "What did Korea export to
Kazakhstan in 2023?". What is new takes the place of what it is like: a year of a year, a country of a
country, imports of exports, the sixteenth of the fifteenth. Where nothing is like it, the telling words of the
question before are added.
"""

from __future__ import annotations

import re
from itertools import pairwise, takewhile

from index.analysis import asks, plain_word, terms
from index.idle_words import is_year_word
from index.letters import CYRILLIC, FUNCTION_WORDS
from index.query_language import query_language
from qa.ordinals import PHRASES, Ordinal, ordinals, with_ordinal
from qa.places import SIDE, SIDED_NAME, is_central_asian, place_kind, place_name
from qa.trade_measures import Measure, measures, with_measure

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
_YEAR_END = re.compile(r"(?:nj[iy]|нчи|ші|шы)\w*", re.IGNORECASE)  # written onto its number with a hyphen
# Before a place, what says on which side of a trade it stands.
_TOWARDS = re.compile(r"\b(?:to|from|with|in|в|во|из|с|со)\s+$", re.IGNORECASE)
_ARTICLE = frozenset(("a", "an", "the"))
# "여섯 번째는", "oltinchisi": what the name that is put after the ordinal brings along itself.
_PARTICLE = re.compile(r"(?:에서는|에서|에는|은|는|이|가|을|를|의|에|로|도|와|과|s[iy]|с[іыиүу])(?![^\W\d_])")


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
    former = _Question(before, _language(before, rest))
    asked = _Question(rest, _language(rest, before), former)
    repeats = asked.repeats(former)
    leans = (
        ((opening or ending) and len(asked.telling) <= _FEW and not asked.names)
        or asked.points_back()
        or (
            asked.words
            and not asked.telling
            and len(asked.words) <= _FEW + 1
            and not (asked.places and asked.measures)
        )
        or (asked.slots and not asked.words)
        or (asked.ordinals and repeats and not asked.names)
        or asked.counts_on(former)
    )
    if not leans:
        return question
    alike = (not asked.telling or repeats) and asked.asks <= former.asks
    if asked.slots and alike and not (asked.places and asked.pronouns):
        return _substituted(before, former, asked)
    if counted := asked.counted_by(former):
        return counted + "?"
    said = {plain_word(word) for word in asked.telling}
    kept = [word for word in former.said_beside(asked) if plain_word(word) not in said]
    kept += former.places if not asked.places else former.others(asked.places)
    kept += former.years if not asked.years else []
    return " ".join(filter(None, (rest.strip().rstrip("?？ "), *dict.fromkeys(kept)))) + "?"


def _language(rest: str, before: str) -> str:
    """Of the question; a few words are too few to tell, and are taken to be in the language of those before."""
    few = len(_WORD.findall(rest)) <= _SHORT
    letters = next(filter(str.isalpha, rest), "a")
    same = bool(CYRILLIC.match(letters)) == bool(CYRILLIC.search(before)) and letters.isascii() == any(
        map(str.isascii, filter(str.isalpha, before))
    )
    return query_language(f"{rest} {before}") if few and same else query_language(rest)


class _Question:
    """The words of a question by what they do in it."""

    def __init__(self, text: str, language: str, former: _Question | None = None) -> None:
        """`former` is the question before, for one that may lean on it."""
        self.text, self.language = text, language
        self.year_matches = list(_YEAR.finditer(text))
        self.years = [match[0] for match in self.year_matches]
        self.matches = list(_WORD.finditer(text))
        self.words = [match[0] for match in self.matches]
        self.asks = {plain_word(word) for word in self.words if asks(word, language)}
        little = FUNCTION_WORDS.get(language, frozenset()) | _ARTICLE
        # "And 16?" after the 15th; "And what was imported?" asks for itself.
        bare = bool(former and former.ordinals) and little.issuperset(map(plain_word, self.words))
        self.ordinals: list[Ordinal] = ordinals(text, language, bare=bare)
        self.measured: list[Measure] = measures(self.matches, language)
        takes_measures = former is None or (former.measures and not self.asks)
        self.measures: list[Measure] = self.measured if takes_measures else []
        special = [each.span for each in self.ordinals] + [each.span for each in self.measures]
        pronouns = _PRONOUNS_OF.get(language, frozenset())
        self.place_matches: list[re.Match[str]] = []  # of "South Korea" both words
        self.telling_matches: list[re.Match[str]] = []
        self.pronouns: list[int] = []
        for number, (match, word) in enumerate(zip(self.matches, self.words, strict=True)):
            plain = plain_word(word)
            if any(start < match.end() and match.start() < end for start, end in special):
                continue
            if place_name(word):
                side = SIDE.match(text, self.matches[number - 1].start()) if number else None
                whole = side and SIDED_NAME.match(text, side.start())
                self.place_matches.append(whole or match)
            elif number + 1 < len(self.words) and SIDE.fullmatch(word) and place_name(self.words[number + 1]):
                continue
            elif plain in pronouns and not self._is_idle(number):
                self.pronouns.append(number)
            elif not (
                plain in little
                or plain in pronouns
                or asks(word, language)
                or is_year_word(word)
                or _YEAR_END.fullmatch(word)
            ):
                self.telling_matches.append(match)
        self.telling = [match[0] for match in self.telling_matches]
        self.places = [match[0] for match in self.place_matches]
        self.slots = [*self.years, *self.places, *self.ordinals, *self.measures]
        # A name: a capital inside the question, of a word that is no place.
        self.names = [word for word in self.telling if word[0].isupper() and word != self.words[0]]

    def repeats(self, former: _Question) -> bool:
        """Whether all that it says beside its slots the question before said: "the 16th forum" after the 15th."""
        before = {term for word in former.telling for term in terms(word, former.language)}
        return (
            not (self.asks or self.places or self.pronouns)
            and bool(former.ordinals or not self.ordinals)
            and all(not before.isdisjoint(terms(word, self.language)) for word in self.telling)
        )

    def counts_on(self, former: _Question) -> bool:
        """Whether its last ordinal says the number of what only the question before names: "where was the sixth held?"

        Neither "who came first?" nor "which country ranked fifth?", with words of its own.
        """
        said = {plain_word(word) for word in self.telling} <= {plain_word(word) for word in former.telling}
        return said and bool(self.counted_by(former)) and self.ordinals[-1].number > PHRASES

    def counted_by(self, former: _Question) -> str:
        """It with the name of what its ordinal counts; "" where it has its own, or the question before has none."""
        if not (self.ordinals and former.ordinals) or self.pronouns or self.slots != self.ordinals:
            return ""
        said = {plain_word(word) for word in self.telling}
        new = list(takewhile(lambda match: plain_word(match[0]) not in said, former.named_after_ordinal()))
        text, end = self.text.rstrip("?？ "), self.ordinals[-1].span[1]
        following = next((match[0] for match in self.matches if match.start() > end), "")
        both_end_so = following == self.words[-1] == former.words[-1]  # "held": no name
        rest = _PARTICLE.sub("", text[end:], count=1) if _PARTICLE.match(text, end) else text[end:]
        # "제6차회의는": a name of its own, written onto it.
        if not new or rest[:1].isalpha() or (following in self.telling and not both_end_so):
            return ""
        return f"{text[:end]} {former.text[new[0].start() : new[-1].end()]}{rest}".strip()

    def named_after_ordinal(self) -> list[re.Match[str]]:
        """Its words from its last ordinal on, as long as they name something."""
        naming = {match.span(): match for match in (*self.telling_matches, *self.place_matches)}
        after = (match for match in self.matches if match.start() >= self.ordinals[-1].span[1])
        return list(takewhile(lambda match: match.span() in naming, after))

    def said_beside(self, asked: _Question) -> list[str]:
        """Its telling words in order, with the ordinals and measures that `asked` has none in the place of."""
        spans = [match.span() for match in self.telling_matches]
        spans += [each.span for each in self.ordinals if asked.pronouns or not asked.ordinals]
        spans += [each.span for each in self.measures if not asked.measured]
        return [self.text[start:end] for start, end in sorted(spans)]

    def points_back(self) -> bool:
        """Whether a pronoun of the question means something that the question does not name."""
        if not self.pronouns or len(self.telling) > _FEW:
            return False
        earlier = self.words[: self.pronouns[0]]
        named = any(place_name(word) or (word in self.names) for word in earlier)
        described = any(word.lower() in _ARTICLE for word in earlier)
        # Before a pronoun there may be a verb, "who signed it", and more only where there is an article for nouns.
        said = sum(word in self.telling for word in earlier)
        return not named and not described and (said < 2 or self.language == "en")

    def others(self, places: list[str]) -> list[str]:
        """Places of this question that none of `places` takes the place of."""
        replaced = {match[0] for place in places if (match := self.replaced_by(place))}
        return [place for place in self.places if place not in replaced]

    def replaced_by(self, place: str, *, towards: bool = False) -> re.Match[str] | None:
        """The place of this question that another stands in for: a city for a city, the last of those alike.

        `towards` tells that a preposition stands before the other: "to Japan" is not for who exports.
        """
        name = place_name(place)
        alike = [each for each in self.place_matches if place_kind(place_name(each[0])) == place_kind(name)]
        near = [each for each in alike if is_central_asian(place_name(each[0])) == is_central_asian(name)]
        across = [each for each in alike if towards and _stands_towards(each)]
        return (across or near or alike)[-1] if alike else None

    def _is_idle(self, number: int) -> bool:
        """Whether a pronoun means nothing: "are there", "is it true", "что это"."""
        word = plain_word(self.words[number])
        following = self.words[number + 1].lower() if number + 1 < len(self.words) else ""
        preceding = self.words[number - 1].lower() if number else ""
        return following in _BEFORE.get(word, "").split() or preceding in _AFTER.get(word, "").split()


def _substituted(before: str, former: _Question, asked: _Question) -> str:
    """`before` with the slots of `asked` in the place of its own, or added where it has none."""
    added: list[str] = []
    new: dict[tuple[int, int], list[re.Match[str]]] = {}  # what takes the place of what, by start and end
    for match in asked.year_matches:
        if former.years:
            new.setdefault(_years_replaced(former, len(asked.years)), []).append(match)
        else:
            added.append(match[0])
    for match in asked.place_matches:
        if old := former.replaced_by(match[0], towards=_stands_towards(match)):
            new.setdefault(old.span(), []).append(match)
        else:
            added.append(match[0])
    edits = [(*span, _as_typed(asked.text, matches)) for span, matches in new.items()]
    for ordinal in asked.ordinals:
        if former.ordinals:
            nearest = min(former.ordinals, key=lambda each: abs(each.number - ordinal.number))
            edits.append(_cased(before, with_ordinal(before, nearest, ordinal, asked.text)))
        else:
            added.append(asked.text[slice(*ordinal.span)])
    if asked.measures:
        places = [match.span() for match in former.place_matches]
        old_measure, new_measure = former.measures[-1], asked.measures[-1]
        edits += [
            _cased(before, edit)
            for edit in with_measure(before, old_measure, new_measure, asked.text, places)
        ]
    result = before
    for start, end, words in sorted(edits, reverse=True):
        result = result[:start] + words + result[end:]
    if added:
        # As it was typed, with its preposition or its ending.
        whole = len(added) == len(asked.slots) and not asked.telling
        phrase = asked.text.strip().rstrip("?？.! ") if whole else " ".join(added)
        result = f"{result.rstrip('?？.! ')} {phrase}?"
    return result


def _cased(text: str, edit: tuple[int, int, str]) -> tuple[int, int, str]:
    """The edit of `text` with its first letter as small or as large as that which it takes the place of."""
    start, end, words = edit
    first = words[0].lower() if text[start].islower() else words[0].upper()
    return start, end, first + words[1:]


def _stands_towards(place: re.Match[str]) -> bool:
    return _TOWARDS.search(place.string, 0, place.start()) is not None


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
