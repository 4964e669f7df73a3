"""The parts that an "and" may join in, where the first thing begins and the last one ends out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.document import Span
from qa.enumeration_words import (
    AND,
    ARTICLES,
    CASE_ENDINGS,
    HEADS,
    HEADS_BEHIND,
    LITTLE,
    OF_NAMES,
    OTHER,
    PEOPLE,
    POSTPOSITIONS,
    PREPOSITIONS,
    RUSSIAN_VERB,
    VERB_BEFORE_OBJECT,
)

MOST_WORDS = 5  # of one thing
_WORD = re.compile(
    r"[^\s,،、，·()（）:;.!?。“”«»\"]+(?:(?:\.|(?<=\d),(?=\d))[^\s,;:()“”«»\"]+)*"
    r"(?:\s?[(（][^()（）,，、]{1,40}[)）])?"  # "computers (PCs)"
)


@dataclass(frozen=True, slots=True)
class Joined:
    """What one "and" may join: the parts before it, what follows it, and what is known of the place."""

    before: tuple[Span, ...]
    last: Span
    language: str
    opening: str = ""  # of the stretch, where the first of `before` is its first
    after_comma: bool = False
    is_last_of_joints: bool = False  # "as well as": an "and" in the other parts joins something else
    et_cetera: bool = False


def first_thing(
    text: str, span: Span, longest: int, names: bool, opening: str, joined: Joined, middle: int
) -> Span | None:
    """The end of the stretch before the first comma that is the first thing; None where it cannot be told."""
    if opening and len(words_of(text, span)) <= MOST_WORDS:
        return without_preposition(text, span)
    words = words_of(text, span)
    ends_phrase = CASE_ENDINGS.get(joined.language)
    kept: list[Span] = []
    joins = False
    for at, word in reversed(list(enumerate(words))):
        written = word.of(text)
        lower = written.lower()
        if kept and lower in AND and not names and not joins:
            # "rails and roads, energy, and tourism": one thing, unless each "and" may join as well as the others.
            if not joined.after_comma and not joined.is_last_of_joints and middle == 1:
                return None
            joins, longest = True, 2 * len(kept) + 1
            kept.append(word)
            continue
        if lower in LITTLE and not (names and lower in ("of", "the") and kept):
            break
        if names and not (written[0].isupper() or lower in ("of", "the")):
            break
        if kept and (HEADS.fullmatch(written) or (ends_phrase and ends_phrase.search(lower))):
            break
        if kept and joined.language == "ru" and not written[0].isupper() and RUSSIAN_VERB.search(lower):
            break
        begins = word.start == 0 and kept
        if names and begins and not written.isascii() and not OF_NAMES.match(written):
            break
        # Behind a preposition a thing may have a word more than the others.
        before = words[at - 1].of(text).lower() if at else ""
        if not names and len(kept) >= longest + (before in PREPOSITIONS):
            break
        kept.append(word)
    while kept and kept[-1].of(text).lower() in ("of", "the", *AND):
        kept.pop()
    return Span(kept[-1].start, kept[0].end) if kept else Span(span.end, span.end)


def last_thing(text: str, longest: int, names: bool, joined: Joined) -> Span:
    """The beginning of the stretch after the last "and" that is the last thing."""
    words = words_of(text, joined.last)
    if joined.et_cetera and 0 < len(words) <= MOST_WORDS:
        return trimmed_thing(text, joined.last)
    run = _run(text, words)
    follows = words[len(run)].of(text).lower() if len(run) < len(words) else ""
    ending = CASE_ENDINGS.get(joined.language)
    is_phrase = not (ending and any(ending.search(word.of(text)) for word in run))
    if follows in POSTPOSITIONS and is_phrase and len(run) < MOST_WORDS:
        kept = run
    elif names and all_names(text, [joined.last]):
        kept = _last_name(text, words, joined.language)
    else:
        kept = _last_thing(text, run, len(run) == len(words), longest, names, joined.language)
    return Span(kept[0].start, kept[-1].end) if kept else Span(joined.last.start, joined.last.start)


def _run(text: str, words: Sequence[Span]) -> list[Span]:
    """The words before the first that is no part of a thing."""
    run: list[Span] = []
    for word in words:
        lower = word.of(text).lower()
        if lower in POSTPOSITIONS:
            break
        if lower in LITTLE and not (run and lower == "of") and not (not run and lower in ARTICLES):
            break
        run.append(word)
    return run


def _last_name(text: str, words: Sequence[Span], language: str) -> list[Span]:
    """Words with capitals, "of" and "the" between them, and the noun of "the Arab states"."""
    kept: list[Span] = []
    ends_phrase = CASE_ENDINGS.get(language)
    nouns = 0
    for at, word in enumerate(words):
        written = word.of(text)
        following = words[at + 1].of(text) if at + 1 < len(words) else ""
        if written[0].isupper():
            if nouns and words[at - 1].of(text).lower() not in ("of", "the"):
                break
        elif written.lower() in ("of", "the"):
            if not following[:1].isupper() and following != "the":
                break
        elif kept and not nouns and words[0].of(text).lower() == "the" and written.endswith("s"):
            if not PEOPLE.search(words[at - 1].of(text)):
                break
            nouns += 1
        else:
            break
        kept.append(word)
        if ends_phrase and ends_phrase.search(written):
            break
    return kept


def _last_thing(
    text: str, run: Sequence[Span], ends_clause: bool, longest: int, names: bool, language: str
) -> list[Span]:
    """As many words of the run as the other things have; more, where the clause ends with it or it needs more."""
    if not run:
        return []
    limit = longest + (run[0].of(text).lower() in ARTICLES and longest == 1)
    is_whole = ends_clause and language in VERB_BEFORE_OBJECT
    if is_whole and not (language == "ru" and run[0].of(text)[0].isdigit()):  # "2 млн и 3 млн | тонн"
        limit += 1
    if names and is_whole:
        limit = max(limit, 4)  # "Osh, Naryn and smaller towns": of another kind
    ends_phrase = CASE_ENDINGS.get(language)
    kept: list[Span] = []
    for at, word in enumerate(run):
        lower = word.of(text).lower()
        if lower == "of":
            return list(run) if is_whole and len(run) - at <= 3 else kept
        needs_more = at == 1 and run[0].of(text).lower() in OTHER
        if not needs_more and (len(kept) >= limit or (kept and HEADS_BEHIND.fullmatch(lower))):
            break
        kept.append(word)
        if ends_phrase and ends_phrase.search(lower) and lower not in OTHER:
            break
    return kept


def without_preposition(text: str, span: Span) -> Span:
    span = trimmed_thing(text, span)
    while (words := words_of(text, span)) and words[0].of(text).lower() in PREPOSITIONS - ARTICLES:
        span = trimmed_thing(text, Span(words[0].end, span.end))
    return span


def all_names(text: str, spans: Sequence[Span]) -> bool:
    """Whether each begins with a capital, an article aside."""
    firsts = [next(iter(_telling(text, words_of(text, span))), None) for span in spans]
    return bool(firsts) and all(first is not None and first.of(text)[0].isupper() for first in firsts)


def joins_names(text: str, first: Span, second: Span) -> bool:
    """Whether capitals stand on both sides of the "and" that parts two things."""
    sides = words_of(text, first)[-1:] + words_of(text, second)[:1]
    return len(sides) == 2 and all(side.of(text)[0].isupper() for side in sides)


def _telling(text: str, words: Sequence[Span]) -> Sequence[Span]:
    """The words without an article before them."""
    return words[1:] if words and words[0].of(text).lower() in ARTICLES else words


def words_of(text: str, span: Span) -> list[Span]:
    return [Span(*match.span()) for match in _WORD.finditer(text, span.start, span.end)]


def trimmed_thing(text: str, span: Span) -> Span:
    """Without spaces, bullets and the marks of a quotation that holds all of it."""
    start, end = span.start, span.end
    while start < end and (text[start].isspace() or text[start] in "‘•"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] == "’"):
        end -= 1
    inner = text[start + 1 : end - 1]
    opens, closes = text[start : start + 1] in ('"', "“", "«"), text[end - 1 : end] in ('"', "”", "»")
    if start < end and not any(mark in inner for mark in '"“”«»'):
        start, end = start + opens, max(start + opens, end - closes)
    return Span(start, end)
