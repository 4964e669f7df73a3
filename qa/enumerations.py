"""A sentence in, the things it enumerates out: "cotton, silk and wheat" is three spans of it.

Where the first thing begins and the last one ends is told by marks, by little words that are part of neither,
by capitals, and else by how many words the things between them have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.query import FUNCTION_WORDS
from ingest.document import Span

_ANDS = (
    "and or & и или va hamda yoki ва ҳамда ёки және әрі жана же hem we ve veya 및 그리고 또는 和 与 及",
    # "With" joins two names as well.
    "bilan билан мен бен пен менен bilen",
)
_AND, _WITH = (frozenset(words.split()) for words in _ANDS)
_ET_CETERA = re.compile(
    r"\W{0,3}(?:etc\b|and (?:so on|others)|и (?:др|пр|т\. ?[дп])\b|и другие|등|va boshqalar|ва бошқалар|тағы басқа"
    r"|ж\. ?б\.|және т\.б|жана башка|ва ғайра|ва дигар|we başga|等)",
    re.IGNORECASE,
)
# Right before the first thing.
_OPENING = re.compile(
    r"[:：—–(（]\s*"
    r"|\b(?:such as|including|include[sd]?|namely|for example|e\.g\.|are|were|как|включая|а именно|например"
    r"|jumladan|masalan|жумладан|масалан|атап айтқанда|соның ішінде|мысалы|анын ичинде|мисалы|аз ҷумла|масъалан"
    r"|şol sanda|mysal üçin)\s+(?:as |the )?",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[.;:!?。)）—–]|\s-\s")
_COMMA = re.compile(r"(?:(?<!\s)\s+)?[,،、，·]\s*")  # looked for once in a row of spaces
_IN_FIGURE = re.compile(r"\d[,،、，·]\d")
_WORD = re.compile(r"[^\s,،、，()（）:;.!?。·]+(?:(?:\.|(?<=\d),(?=\d))[^\s,;:()]+)*")
_ABBREVIATED = re.compile(r"\b(?:[A-ZА-ЯЁ]|St|Dr|U\.S|г|ул)$")
# Of the last thing in a Korean enumeration, with what follows it: 밀을 → 밀. Longer ones first.
_KOREAN_ENDING = re.compile(
    r"(?<=[가-힣])(?:이라는|이라고|에서는|으로는|이었다|이다|에서|에게|으로|이며|이고|에는|까지|부터|이나|라는|였다"
    r"|[은는이가을를의에로와과도])$"
)
_TOPIC = re.compile(r"[가-힣](?:은|는|이|가|에서|에는|에서는|으로|의)$")
_MOST_WORDS = 5  # of one thing
_MOST_THINGS = 40
_PARTING = (
    "will can may also both mainly such as which while where who during under over after before than but including"
    " как который которая которые где такие также которых kabi каби сияқты сыяктуу чун ýaly"
)
_LITTLE = frozenset(word for words in (*FUNCTION_WORDS.values(), *[_PARTING.split()]) for word in words)
_PREPOSITIONS = frozenset(("of", "in", "on", "for", "from", "with", "to", "by", "the", "a", "an"))
# A clause that begins so says when or why; its commas part clauses.
_SUBORDINATE = re.compile(
    r"\s*(?:when|if|because|although|though|since|while|after|before|as|once"
    r"|когда|если|потому|хотя|пока|после|так как)\b",
    re.IGNORECASE,
)
# Before the first thing these say what is enumerated: "areas of transport, energy and tourism".
_HEADS = re.compile(
    r"(?:area|sector|field|sphere|сфер|област|отрасл|направлен|countr|stran|стран|분야|nation|region|регион)\w*",
    re.IGNORECASE,
)
# Of names in two words: "Южная Корея". Any other capital at the beginning of a sentence may be no name.
_OF_NAMES = re.compile(
    r"(?:юж|север|восточ|запад|нов|саудовск|объедин|janubiy|shimoliy|жанубий|шимолий|оңтүстік|солтүстік|түштүк"
    r"|түндүк|günorta|demirgazyk|saudiya|кореяи)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Enumeration:
    """The things that a sentence enumerates, as spans of the text that was given."""

    things: tuple[Span, ...]


def enumerations(text: str, language: str) -> list[Enumeration]:
    """The enumerations of a text of one sentence, in order; [] where it does not enumerate."""
    found = []
    for start, end in _clauses(text):
        if not _SUBORDINATE.match(text, start, end):
            found += [Enumeration(tuple(things)) for things in _of_clause(text, start, end, language)]
    return found


def _clauses(text: str) -> list[tuple[int, int]]:
    """Stretches that no enumeration goes beyond."""
    clauses, start = [], 0
    for match in _CLOSING.finditer(text):
        inside_number = match[0] == "." and text[match.end() : match.end() + 1].isdigit()
        if inside_number or (
            match[0] == "." and _ABBREVIATED.search(text[max(match.start() - 4, 0) : match.start()])
        ):
            continue
        clauses.append((start, match.start()))
        start = match.end()
    clauses.append((start, len(text)))
    opened = []
    for first, last in clauses:
        commas = [match.start() for match in _COMMA.finditer(text, first, last)]
        openings = [m.end() for m in _OPENING.finditer(text, first, last) if commas and m.end() <= commas[-1]]
        opened.append((openings[-1] if openings else first, last))
    return opened


def _of_clause(text: str, start: int, end: int, language: str) -> list[list[Span]]:
    """The enumerations of a clause: each ends with "and", or with "etc.", or is all that a bracket holds."""
    closing = _ET_CETERA.search(text, start, end)
    is_opened = start > 0 and _OPENING.search(text[max(start - 20, 0) : start]) is not None
    parts = _between_commas(text, start, closing.start() if closing else end)
    found: list[list[Span]] = []
    stop = len(parts)  # parts from here on belong to an enumeration that was found
    for at in range(len(parts) - 1, -1, -1):
        if at >= stop:
            continue
        part = parts[at]
        joint = _joint(text, part.start, part.end)
        if joint:
            last = Span(joint[1], part.end)
            before = [*parts[:at], Span(part.start, joint[0])]
            after_comma = at > 0 and not before[-1].of(text).strip()
            if after_comma:
                before.pop()
                if language != "en" and not is_opened:
                    continue  # ", и" begins another clause
        elif at == len(parts) - 1 and at > 0 and (closing or (is_opened and at > 1)):
            last, before, after_comma = part, parts[:at], False
        else:
            continue
        whole = is_opened or (closing is not None and at == len(parts) - 1)
        if things := _things(text, before, last, whole, is_opened, after_comma, language):
            found.append(things)
            stop = next(number for number, each in enumerate(parts) if each.end >= things[0].start)
    return found[::-1]


def _things(
    text: str,
    before: Sequence[Span],
    last: Span,
    is_certain: bool,
    is_opened: bool,
    after_comma: bool,
    language: str,
) -> list[Span]:
    """What "and" joins: the part after it, as many before it as look alike, and the end of the one before those."""
    names = _all_names(text, before[-1:]) if len(before) > 1 else _joins_names(text, before[-1], last)
    first = len(before) - 1
    while first > 0 and _looks_like_thing(text, before[first], names):
        first -= 1
    middle = [_trim(text, span) for span in before[first + 1 :]]
    if not middle and not names and not is_certain:
        return []  # "bread and butter" enumerates nothing by itself
    longest = max((len(_words(text, span)) for span in middle), default=1)
    begins = _first(
        text, before[first], longest, names, is_opened and first == 0, after_comma and language == "en"
    )
    ends = _last(text, last, longest, names, language == "en" and not is_opened)
    things = [_trim(text, span) for span in (begins, *middle, ends)]
    if middle and begins.start >= begins.end and (names or len(middle) > 1):
        things = things[1:]  # the part before them is of another kind
    if any(span.start >= span.end or not _words(text, span) for span in things) or len(things) > _MOST_THINGS:
        return []
    return things


def _looks_like_thing(text: str, span: Span, names: bool) -> bool:
    words = _words(text, span)
    if not 0 < len(words) <= _MOST_WORDS:
        return False
    if _all_names(text, [span]) != names and not span.of(text).strip().isupper():  # "ICT" goes with either
        return False
    first, second = (word.of(text).lower() for word in (words[0], words[min(1, len(words) - 1)]))
    if first.endswith("ing") and second in _LITTLE:
        return False  # ", hoping for peace and rest" says how
    return first in ("the", "a", "an") or first not in _LITTLE


def _between_commas(text: str, start: int, end: int) -> list[Span]:
    """What commas part, those inside figures aside."""
    cuts = [
        match.span()
        for match in _COMMA.finditer(text, start, end)
        if not _IN_FIGURE.match(text, max(match.start() - 1, 0))
    ]
    starts, ends = [start, *(cut[1] for cut in cuts)], [*(cut[0] for cut in cuts), end]
    return [Span(first, max(first, last)) for first, last in zip(starts, ends, strict=True)]


def _joint(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The first "and" of a stretch: 와 and 과 end the word before them."""
    for match in _WORD.finditer(text, start, end):
        word = match[0].lower()
        if word in _AND or (word in _WITH and start > 0):
            return match.start(), match.end()
        hangul = "가" <= word[0] <= "힣" and len(word) > 2
        if hangul and word[-1] in "와과" and text[match.end() : match.end() + 1] == " ":
            return match.end() - 1, match.end()
    return None


def _first(text: str, span: Span, longest: int, names: bool, is_opened: bool, with_and: bool) -> Span:
    """The end of the stretch before the first comma that is the first thing."""
    if is_opened:
        return span
    words = _words(text, span)
    kept: list[Span] = []
    for at, word in reversed(list(enumerate(words))):
        written = word.of(text)
        lower = written.lower()
        if with_and and kept and lower in _AND:  # ", and" comes later: "rails and roads" is one thing
            longest += len(kept) + 1
            kept.append(word)
            continue
        if lower in _LITTLE and not (names and lower in ("of", "the") and kept):
            break
        if names and not (written[0].isupper() or lower in ("of", "the")):
            break
        if kept and (_HEADS.fullmatch(written) or _TOPIC.search(written)):
            break
        begins = word.start == 0 and kept
        if names and begins and not written.isascii() and not _OF_NAMES.match(written):
            break
        # Behind a preposition a thing may have a word more than the others.
        before = words[at - 1].of(text).lower() if at else ""
        if not names and len(kept) >= longest + (before in _PREPOSITIONS):
            break
        kept.append(word)
    while kept and kept[-1].of(text).lower() in ("of", "the", *_AND):
        kept.pop()
    return Span(kept[-1].start, kept[0].end) if kept else Span(span.end, span.end)


def _last(text: str, span: Span, longest: int, names: bool, may_be_longer: bool) -> Span:
    """The beginning of the stretch after the last "and" that is the last thing."""
    words = _words(text, span)
    kept: list[Span] = []
    for word in words:
        written = word.of(text)
        lower = written.lower()
        if (
            lower in _LITTLE
            and not (names and lower == "of" and kept)
            and not (not kept and lower in ("the", "a", "an"))
        ):
            break
        if names and kept and not (written[0].isupper() or lower == "of"):
            break
        if not names and len(kept) >= longest + (may_be_longer and word is words[-1]):
            break
        kept.append(word)
    if not kept:
        return Span(span.start, span.start)
    end = kept[-1].end
    if ending := _KOREAN_ENDING.search(text[kept[-1].start : end]):
        end = kept[-1].start + ending.start()
    return Span(kept[0].start, end)


def _all_names(text: str, spans: Sequence[Span]) -> bool:
    """Whether each begins with a capital; Hangul has none, and its words are told by themselves."""
    firsts = [text[_trim(text, span).start : span.end][:1] for span in spans]
    return bool(firsts) and all(first.isupper() for first in firsts)


def _joins_names(text: str, first: Span, second: Span) -> bool:
    """Whether capitals stand on both sides of the "and" that parts two things."""
    sides = _words(text, first)[-1:] + _words(text, second)[:1]
    return len(sides) == 2 and all(side.of(text)[0].isupper() for side in sides)


def _words(text: str, span: Span) -> list[Span]:
    return [Span(*match.span()) for match in _WORD.finditer(text, span.start, span.end)]


def _trim(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and (text[start].isspace() or text[start] in "\"“«'‘•"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in '"”»’'):
        end -= 1
    return Span(start, end)
