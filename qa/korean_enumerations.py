"""A stretch of a Korean sentence in, the things it enumerates out: commas do it, 와 and 과, 및, and 등 at the end.

A word with a case ending or a verb's ends what is enumerated: of "모임에서 면화, 비단, 밀을 팔았다" 면화, 비단 and 밀.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.document import Span

_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+[^\s,،、，·]*|[,،、，·]|[^\s,،、，·]+")
_COMMAS = frozenset(",،、，·")
_AND = frozenset(("및", "그리고", "또는", "혹은"))
_ET_CETERA = re.compile(r"등(?:[이을의은에도과]|에서|으로|이다|이었다|이며|이고)?")
_INTRODUCES = frozenset(
    ("특히", "또한", "그러나", "다만", "즉", "예컨대", "반면", "아울러", "나아가", "현재")
)
_JOINED = re.compile(r"(?<=[가-힣A-Za-z0-9)）])[와과]$")
# 과 is of the word itself.
_NO_JOINT = re.compile(r"(?:결과|효과|성과|경과)$|^(?:학과|사과|부과|통과|초과)$")
_ENDING = re.compile(
    r"(?<=[가-힣A-Za-z0-9)）])(?:이라는|이라고|에서는|으로는|이었다|이다|에서|에게|으로|이며|이고|에는|까지|부터|이나|라는|였다|께서"
    r"|[은는이가을를의에로도만])$"
)
# Before a comma a noun stands bare, and a last syllable such as 의 or 가 is its own.
_ENDING_AT_COMMA = re.compile(r"(?:에서|에게|에는|에서는|으로|으로는|까지|부터|이며|이고|[은는를])$")
_NO_ENDING = re.compile(
    r"(?:국가|평가|물가|증가|추가|참가|전문가|인도|제도|철도|속도|지도|태도|온도|수도|의도|한도|정도|도로|경로|진로|회의|협의"
    r"|논의|합의|동의|정의|주의|차이|대만|불만)$"
)
_VERB = re.compile(
    r"(?:[^바나]다|며|지만|는데|면서|[하되했됐였았었있없]고|하여|되어|해서|하면|되면|던|된|할|될|[하되있없]는|(?<![북남대권제기])한)$"
)
_HANGUL = re.compile("[가-힣]")
_COPULA = re.compile(r"(?<=[가-힣A-Za-z0-9)）])(?:이었다|이다|(?<!하)였다)$")
_MOST_WORDS = 5  # of one thing


@dataclass(frozen=True, slots=True)
class _Group:
    """Words that belong together, and what follows them: "," or "와", "등", or "" where an enumeration ends."""

    words: tuple[Span, ...]
    then: str


def korean_things(text: str, start: int, end: int) -> list[list[Span]]:
    """The enumerations of text[start:end], in order; three things at least, or two before 등."""
    found, chain = [], list[_Group]()
    for group in _groups(text, start, end):
        chain.append(group)
        if group.then in ("", "등"):
            found.append(_of_chain(text, chain))
            chain = []
    return [things for things in found if things]


def _groups(text: str, start: int, end: int) -> Iterator[_Group]:
    tokens = [Span(*match.span()) for match in _TOKEN.finditer(text, start, end)]
    words: list[Span] = []
    for at, token in enumerate(tokens):
        written = token.of(text)
        at_comma = at + 1 < len(tokens) and tokens[at + 1].of(text) in _COMMAS
        then: str | None = None
        if written in _COMMAS or written in _AND:
            then = ","
        elif _ET_CETERA.fullmatch(written):
            then = "등"
        elif (at_comma and written in _INTRODUCES) or _is_verb(written):
            # What stands before a verb is its object; what stands after it begins anew.
            yield _Group(tuple(words), "")
            words = []
            continue
        elif (joint := _JOINED.search(written)) and not at_comma and not _NO_JOINT.search(written):
            words.append(Span(token.start, token.start + joint.start()))
            then = "와"
        elif (_ENDING_AT_COMMA if at_comma else _ENDING).search(written) and not _is_bare(written):
            ending = _ENDING.search(written)
            words.append(Span(token.start, token.start + ending.start() if ending else token.end))
            then = ""
        else:
            words.append(token)
        if then is not None and (words or then == ""):
            yield _Group(tuple(words), then)
            words = []
    yield _Group(tuple(words), "")


def _is_verb(written: str) -> bool:
    return _VERB.search(written) is not None and not _COPULA.search(written) and not _is_bare(written)


def _is_bare(written: str) -> bool:
    return _NO_ENDING.search(written) is not None


def _of_chain(text: str, chain: list[_Group]) -> list[Span]:
    """What one chain of groups enumerates. Of three parts between commas or more "교통과 물류" is one thing,
    save in the last, where 과 joins the last two."""
    groups = [group for group in chain if group.words]
    if not groups or any(len(group.words) > _MOST_WORDS for group in groups[1:]):
        return []
    commas = ahead = sum(group.then == "," for group in groups[:-1])
    parts: list[list[Span]] = []
    joins = False
    for group in groups:
        if joins:
            parts[-1] += group.words
        else:
            parts.append(list(group.words))
        ahead -= group.then == ","
        joins = group.then == "와" and ahead > 0 and commas > 1
    longest = max((len(part) for part in parts[1:]), default=1)
    if len(parts[0]) > _MOST_WORDS:
        parts[0] = parts[0][-longest:]
    things = [Span(part[0].start, part[-1].end) for part in parts]
    if things[0].of(text)[0].isdigit() and not any(thing.of(text)[0].isdigit() for thing in things[1:]):
        things = things[1:]  # "2012년, 한국과 일본이": the year says when
    if not things or not _HANGUL.search(text, things[0].start, things[-1].end):
        return []  # words of another language, cited
    return things if len(things) > 2 - (groups[-1].then == "등") else []
