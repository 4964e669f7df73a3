"""A question that compares in, the two things it compares out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.analysis import terms
from index.hit import QueryWord
from index.letters import APOSTROPHES, FUNCTION_WORDS, QUESTION_WORDS
from index.query_language import query_language

_TOKEN = re.compile(rf"[^\W_](?:[\w{APOSTROPHES}-]*[^\W_])?|[,.;:?!()]")
# The second word of a pair joins where no other does: "from" and "to" stand in many questions.
_FIRM, _WEAK = (
    frozenset(words.split())
    for words in (
        "and or versus vs against и или против va yoki hamda ва ёки ҳамда және әлде немесе жана же we ýa ya ve veya",
        "with to from than с со от чем bilan билан мен бен пен менен bilen аз ile",
    )
)
_HANGUL_JOINED = re.compile(r"([가-힣A-Za-z0-9]+?)(?:와|과|이랑|하고)$")
_PARTICLE = re.compile(r"(?:의|은|는|이|가|을|를|에서|에|로|으로|도|보다)$")
# What compares is none of the things compared.
_COMPARING = re.compile(
    r"compar|differ|similar|contrast|distinguish|between|both|two|which|more|less|larger|smaller|bigger|higher|lower|greater"
    r"|older|newer|сравн|отлич|различ|разниц|межд|общ|больше|меньше|выше|ниже|крупнее|비교|차이|다[른르]|solishtir|taqqos|qiyos"
    r"|farq|oʻrta|o'rta|солиштир|таққос|қиёс|фарқ|ўрта|салыстыр|айырма|арасы|салыштыр|ортосу|муқоиса|тафовут|байни"
    r"|deňeşdir|tapawu|arasy|karşıla|kıyas|arası|how|what|как|чем|что|какой|какая",
    re.IGNORECASE,
)
_WORDS = 3  # of one side


@dataclass(frozen=True, slots=True)
class Side:
    """One of two things compared: its words as typed, and for each the terms that it may stand under."""

    text: str
    words: tuple[frozenset[str], ...]

    def share_in(self, held: frozenset[str]) -> float:
        """The share of its words among the terms of a text."""
        return sum(not word.isdisjoint(held) for word in self.words) / len(self.words)


def sides(question: str, words: Sequence[QueryWord]) -> tuple[Side, Side] | None:
    """The two things that `question` compares; None where no word joins two."""
    language = query_language(question)
    little = FUNCTION_WORDS.get(language, frozenset()) | QUESTION_WORDS.get(language, frozenset())
    tokens = [match[0] for match in _TOKEN.finditer(question)]
    joints = [at for at, token in enumerate(tokens) if token.lower() in _FIRM | _WEAK]
    joints.sort(key=lambda at: tokens[at].lower() in _WEAK)
    for at, token in enumerate(tokens):
        if match := _HANGUL_JOINED.match(token):
            tokens[at] = match[1]
            joints.append(at + 1)
            tokens.insert(at + 1, "와")
            break
    for at in joints:
        before = _run(tokens[:at][::-1], little, language)[::-1]
        after = _run(tokens[at + 1 :], little, language)
        common = {word.lower() for word in before} & {word.lower() for word in after}
        named = [[word for word in run if word.lower() not in common] for run in (before, after)]
        if all(named):
            first, second = (
                Side(" ".join(run), tuple(_terms(word, words, language) for word in run)) for run in named
            )
            return first, second
    return None


def _run(tokens: Sequence[str], little: frozenset[str], language: str) -> list[str]:
    """The telling words that `tokens` begin with; of a name in capitals no more than the name."""
    run: list[str] = []
    for token in tokens:
        token = _PARTICLE.sub("", token) or token if "가" <= token[0] <= "힣" else token
        folded = terms(token, language)
        ends = not folded or folded[-1] in little or _COMPARING.match(token) or token[0] in ",.;:?!()"
        if (
            ends
            and not run
            and (_COMPARING.match(token) or token.lower() in ("the", "a", "an", "that", "of"))
        ):
            continue
        if ends or len(run) == _WORDS or (run and run[0][0].isupper() and not token[0].isupper()):
            break
        run.append(token)
        if "가" <= token[0] <= "힣":
            break  # of "면화와 밀의 수출" the things are 면화 and 밀
    return run


def _terms(word: str, words: Sequence[QueryWord], language: str) -> frozenset[str]:
    own = frozenset(terms(word, language))
    telling = {term for term in own if term.startswith("^") or not "가" <= term[:1] <= "힣"} or own
    return own.union(*(each.terms for each in words if not telling.isdisjoint(each.terms)))
