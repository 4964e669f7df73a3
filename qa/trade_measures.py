"""A question in, its measures of trade out ("exports", "объём импорта", "교역액"), and how one becomes another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.glossary import one_of, rows_of_words

_MEASURES = ("export", "import", "trade", "turnover", "balance", "investment")
_EXTENTS = ("volume", "value", "amount")  # of a measure: "volume of imports"
_MIRRORED = ("export", "import")
# English, after the measure: "exports to", "imports from".
_PREPOSITIONS = {"export": "to", "import": "from", "investment": "in"}
_LINKS = frozenset(("of", "the"))
_GAP = re.compile(r"\s+(?:of\s+)?(?:the\s+)?")
_TO_PLACE = re.compile(r"(?:\s+of\s+[\w-]+)?\s+(to|from|with|in)\s+")
_NO_MEASURE = re.compile(
    r"importan|-|수출입", re.IGNORECASE
)  # one stem with "import"; parts of a longer name


@dataclass(frozen=True, slots=True)
class Measure:
    """Words that name one: which it is, where they stand, and where the word stands that tells."""

    kind: str
    span: tuple[int, int]
    word: tuple[int, int]


def measures(words: Sequence[re.Match[str]], language: str) -> list[Measure]:
    """Those of a question in `language`, given as the matches of its words, in order."""
    found: list[Measure] = []
    waiting: tuple[int, int] | None = None  # an extent that a measure may follow
    for match in words:
        if match[0].lower() in _LINKS:
            continue
        kind, extent = _kind(match[0], language, _MEASURES), _kind(match[0], language, _EXTENTS)
        last = found[-1].span if found else None
        if (kind or extent) and last and _GAP.fullmatch(match.string, last[1], match.start()):
            former = found.pop()
            # Of "trade balance" the last word tells which it is.
            kind, word = (kind, match.span()) if kind else (former.kind, former.word)
            found.append(Measure(kind, (last[0], match.end()), word))
        elif kind:
            opens = waiting and _GAP.fullmatch(match.string, waiting[1], match.start())
            found.append(
                Measure(kind, (waiting[0] if waiting and opens else match.start(), match.end()), match.span())
            )
        waiting = match.span() if extent else None
    return found


def with_measure(
    text: str, old: Measure, new: Measure, typed: str, places: Sequence[tuple[int, int]]
) -> list[tuple[int, int, str]]:
    """The edits (start, end, words) of `text` that put `new`, of the text `typed`, in the place of `old`.

    Export and import change into each other within the word, whose form stays. `places` are the countries of
    `text`, before one of which an English preposition changes with the measure.
    """
    if old.kind == new.kind:
        return []
    within = _mirrored(text[slice(*old.word)], old.kind, new.kind) if new.word == new.span else ""
    edits = [(*old.word, within)] if within else [(*old.span, typed[slice(*new.span)])]
    for start, _ in places:
        if leading := _TO_PLACE.fullmatch(text, old.span[1], start):
            edits.append((*leading.span(1), _PREPOSITIONS.get(new.kind, "with")))
    return edits


def _kind(word: str, language: str, of: tuple[str, ...]) -> str:
    return "" if _NO_MEASURE.search(word) else one_of(word, of, (language, "en", "ru"))


def _mirrored(word: str, old: str, new: str) -> str:
    """ "exported" as "imported", "수출액은" as "수입액은"; "" where the word has another stem: "sold"."""
    if old not in _MIRRORED or new not in _MIRRORED:
        return ""
    rows = {row["en"].split(", ")[0]: row for row in rows_of_words()}
    for language, cell in rows[old].items():
        stem, other = cell.split(", ")[0], rows[new][language].split(", ")[0]
        if word.casefold().startswith(stem):
            return (other.capitalize() if word[0].isupper() else other) + word[len(stem) :]
    return ""
