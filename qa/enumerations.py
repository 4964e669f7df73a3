"""A sentence in, the things it enumerates out: "cotton, silk and wheat" is three spans of it.

Where the first thing begins and the last one ends is told by marks, by little words that are part of neither,
by capitals, and else by how many words the things between them have (`enumeration_edges`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Span
from qa.enumeration_edges import (
    MOST_WORDS,
    Joined,
    all_names,
    first_thing,
    joins_names,
    last_thing,
    trimmed_thing,
    without_preposition,
    words_of,
)
from qa.enumeration_words import (
    AND,
    AND_LAST,
    ARTICLES,
    ASKING,
    ET_CETERA,
    FINITE,
    LITTLE,
    OPENING,
    OWNERS,
    SUBORDINATE,
    WITH,
)
from qa.korean_enumerations import korean_things

_CLOSING = re.compile(r"[.;:：!?。()（）—―–]|\s-\s")
_OPENS = {":": "colon", "：": "colon", "(": "colon", "（": "colon", "—": "maybe", "―": "maybe", "–": "maybe"}
_BRACKETS = re.compile(r"[(（][^()（）,，、]{1,40}[)）]")  # "the economy (GDP)": they part nothing
_QUOTED = re.compile(r"[“«\"][^”»\"]{0,300}[”»\"]")
_COMMA = re.compile(r"(?:(?<!\s)\s+)?[,،、，·]\s*")  # looked for once in a row of spaces
_IN_FIGURE = re.compile(r"\d[,،、，·]\d")
_ABBREVIATED = re.compile(r"\b(?:[A-ZА-ЯЁ]|St|Dr|U\.S|г|ул)$")
_MOST_LISTED = 12  # words of one thing after a colon
_MOST_THINGS = 40


@dataclass(frozen=True, slots=True)
class Enumeration:
    """The things that a sentence enumerates, as spans of the text that was given."""

    things: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What no enumeration goes beyond; `opening` is what stands right before it: colon, sure, maybe or nothing."""

    start: int
    end: int
    opening: str = ""


def enumerations(text: str, language: str) -> list[Enumeration]:
    """The enumerations of a text of one sentence, in order; [] where it does not enumerate."""
    found = []
    for stretch in _stretches(text):
        if language == "ko":
            things = korean_things(text, stretch.start, stretch.end)
        else:
            things = _of_stretch(text, stretch, language)
        found += [Enumeration(tuple(each)) for each in things if len(each) <= _MOST_THINGS]
    return found


def _stretches(text: str) -> list[_Stretch]:
    """What marks part, and words that open an enumeration."""
    edges = [(match.start(), match.end(), _OPENS.get(match[0], "")) for match in _closings(text)]
    for match in _QUOTED.finditer(text):  # with commas inside
        if _COMMA.search(text, match.start(), match.end() - 1):
            edges += [(match.start(), match.start() + 1, ""), (match.end() - 1, match.end(), "")]
    stretches: list[_Stretch] = []
    start, opening = 0, ""
    for first, last, opens in [*sorted(edges), (len(text), len(text), "")]:
        if first >= start:
            stretches += _opened(text, start, first, opening)
            start, opening = last, opens
    return stretches


def _closings(text: str) -> Iterator[re.Match[str]]:
    bracketed = {at for match in _BRACKETS.finditer(text) for at in range(*match.span())}
    for match in _CLOSING.finditer(text):
        if match.start() in bracketed:
            continue
        inside_number = match[0] == "." and text[match.end() : match.end() + 1].isdigit()
        abbreviated = match[0] == "." and _ABBREVIATED.search(text[max(match.start() - 4, 0) : match.start()])
        if not inside_number and not abbreviated:
            yield match


def _opened(text: str, start: int, end: int, opening: str) -> Iterator[_Stretch]:
    """A stretch, parted before the words in it that open an enumeration."""
    commas = [match.start() for match in _COMMA.finditer(text, start, end)]
    for match in OPENING.finditer(text, start, end):
        if commas and match.end() <= commas[-1]:
            yield _Stretch(start, match.start(), opening)
            start, opening = match.end(), match.lastgroup or ""
    yield _Stretch(start, end, opening)


def _of_stretch(text: str, stretch: _Stretch, language: str) -> list[list[Span]]:
    """The enumerations of a stretch: each ends with "and", or with "etc.", or is all that a bracket holds."""
    closing = ET_CETERA.search(text, stretch.start, stretch.end)
    parts = _between_commas(text, stretch.start, closing.start() if closing else stretch.end)
    if SUBORDINATE.match(text, stretch.start, stretch.end):
        parts = parts[1:]
    found: list[list[Span]] = []
    stop = len(parts)  # parts from here on belong to an enumeration that was found
    for at in range(len(parts) - 1, -1, -1):
        if at < stop and (things := _ending_at(text, parts, at, stretch, closing is not None, language)):
            found.append(things)
            stop = next(number for number, each in enumerate(parts) if each.end >= things[0].start)
    return found[::-1]


def _ending_at(
    text: str, parts: Sequence[Span], at: int, stretch: _Stretch, et_cetera: bool, language: str
) -> list[Span]:
    """The enumeration whose last thing stands in the part at `at`."""
    first = max(at - _MOST_THINGS, 0)
    part, opening = parts[at], stretch.opening if first == 0 else ""
    is_last = at == len(parts) - 1
    joint = _joint(text, part.start, part.end)
    if joint is None:
        if not is_last or at == 0 or not (et_cetera or (opening and at > 1)):
            return []
        joined = Joined(tuple(parts[first:at]), part, language, opening, et_cetera=et_cetera)
        return _things(text, joined) if et_cetera else _listed(text, joined)
    before = [*parts[first:at], Span(part.start, joint.start)]
    after_comma = at > 0 and not before[-1].of(text).strip()
    is_last_of_joints = AND_LAST.match(joint.of(text)) is not None
    if after_comma:
        before.pop()
        if language != "en" and not opening and not is_last_of_joints:
            return []  # ", и" begins another clause
    last = Span(joint.end, part.end)
    return _things(
        text,
        Joined(tuple(before), last, language, opening, after_comma, is_last_of_joints, et_cetera and is_last),
    )


def _things(text: str, joined: Joined) -> list[Span]:
    """What "and" joins: the part after it, as many before it as look alike, and the end of the one before those."""
    if joined.opening in ("colon", "sure") and (things := _listed(text, joined)):
        return things
    before, last = joined.before, joined.last
    if len(before) > 1 and not joined.after_comma and _ends_with_name(text, before[-1], last):
        before = before[-1:]  # ", particularly in Osh and Naryn"
    names = all_names(text, before[-1:]) if len(before) > 1 else joins_names(text, before[-1], last)
    first = len(before) - 1
    while first > 0 and _looks_like_thing(text, before[first], names):
        first -= 1
    middle = [trimmed_thing(text, span) for span in before[first + 1 :]]
    if len(middle) == 1 and _says_how(text, middle[0], last) and not joined.et_cetera:
        return []  # "partners, ensuring peace and quiet"
    if not middle and not names and not joined.et_cetera:
        return []  # "bread and butter" enumerates nothing by itself
    longest = max((len(words_of(text, span)) for span in middle), default=1)
    whole = joined.opening if first == 0 and len(before) == len(joined.before) else ""
    begins = first_thing(text, before[first], longest, names, whole, joined, len(middle))
    if begins is None:
        return []
    things = [
        trimmed_thing(text, span) for span in (begins, *middle, last_thing(text, longest, names, joined))
    ]
    if middle and begins.start >= begins.end and (names or len(middle) > 1):
        things = things[1:]  # the part before them is of another kind
    if any(span.start >= span.end or not words_of(text, span) for span in things):
        return []
    figures = [span.of(text)[0].isdigit() for span in things]
    if not figures[0] and all(figures[1:]):
        things = things[1:]
    return things if len(things) > 2 or names or joined.et_cetera else []


def _listed(text: str, joined: Joined) -> list[Span]:
    """All parts of an enumeration that something opens, if each may be a thing; [] else."""
    things = [without_preposition(text, span) for span in joined.before]
    longest = max((len(words_of(text, span)) for span in things), default=1)
    ends = (
        trimmed_thing(text, joined.last)
        if joined.opening == "colon"
        else last_thing(text, longest, False, joined)
    )
    most = _MOST_LISTED if len(things) > 1 else MOST_WORDS
    for span in (*things, ends):
        said = [word.of(text).lower() for word in words_of(text, span)]
        if not 0 < len(said) <= most or (said[0] in LITTLE and said[0] not in ARTICLES | ASKING | OWNERS):
            return []
        if said[0] not in ASKING and not FINITE.isdisjoint(said):
            return []  # a clause
    if joined.opening == "maybe" and not all_names(text, [*things, ends]):
        return []
    return [*things, ends]


def _looks_like_thing(text: str, span: Span, names: bool) -> bool:
    words = words_of(text, span)
    if not 0 < len(words) <= MOST_WORDS:
        return False
    if all_names(text, [span]) != names and not span.of(text).strip().isupper():  # "ICT" goes with either
        return False
    said = [word.of(text).lower() for word in words]
    if said[0].endswith("ing") and said[min(1, len(said) - 1)] in LITTLE:
        return False  # ", hoping for peace and rest" says how
    if not (FINITE | ASKING).isdisjoint(said):
        return False
    return said[0] in ARTICLES or said[0] not in LITTLE


def _says_how(text: str, span: Span, last: Span) -> bool:
    """Whether a part is a participle with its object, unless what "and" joins to it is one as well."""
    own, other = words_of(text, span), words_of(text, last)
    begins = len(own) > 1 and own[0].of(text).endswith("ing")
    return begins and not (other and other[0].of(text).endswith("ing"))


def _ends_with_name(text: str, span: Span, last: Span) -> bool:
    """Whether a part says something before the name that "and" joins: "particularly in Osh"."""
    words = words_of(text, span)
    if not joins_names(text, span, last) or len(words) < 2:
        return False
    return words[0].of(text)[0].islower() and words[0].of(text).lower() not in ARTICLES


def _between_commas(text: str, start: int, end: int) -> list[Span]:
    """What commas part, those inside figures aside."""
    cuts = [
        match.span()
        for match in _COMMA.finditer(text, start, end)
        if not _IN_FIGURE.match(text, max(match.start() - 1, 0))
    ]
    starts, ends = [start, *(cut[1] for cut in cuts)], [*(cut[0] for cut in cuts), end]
    return [Span(first, max(first, last)) for first, last in zip(starts, ends, strict=True)]


def _joint(text: str, start: int, end: int) -> Span | None:
    """The "and" of a stretch: the first, but one that joins what others have joined before those."""
    if match := AND_LAST.search(text, start, end):
        return Span(*match.span())
    quoted = [match.span() for match in _QUOTED.finditer(text, start, end)]
    for span in words_of(text, Span(start, end)):
        word = span.of(text).lower()
        inside = any(first <= span.start < last for first, last in quoted)
        if not inside and (word in AND or (word in WITH and start > 0)):
            return span
    return None
