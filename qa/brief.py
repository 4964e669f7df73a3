"""Readings in, a short brief out: verbatim sentences that speak to a question, each saying something else.

For questions that want more than a few words: how, why, compare, list, describe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.analysis import terms
from index.hit import QueryWord
from index.letters import FUNCTION_WORDS
from ingest.document import Document, Span
from qa.answer_kind import Kind, kind_of
from qa.reader import Reading, states
from qa.sides import Side, sides


@dataclass(frozen=True, slots=True)
class BriefSettings:
    """How a brief is chosen."""

    sentences: int = 5
    # Carbonell & Goldstein, "The use of MMR" (SIGIR 1998): the weight of relevance against what is new.
    relevance: float = 0.7
    # Of the best sentence's chance; less likely ones do not speak to the question.
    floor: float = 0.35
    # Terms in common, of the shorter sentence's, from which on two sentences with the same figures say the same.
    same: float = 0.8
    # The floor for the second of two things compared: one side is often told at more length.
    side_floor: float = 0.1


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A slice of a document that begins and ends with a sentence that was chosen; the sentences are neighbours."""

    document: Document
    span: Span
    readings: tuple[Reading, ...]  # in order of the text

    @property
    def score(self) -> float:
        """Of its best sentence."""
        return max(reading.score for reading in self.readings)

    @property
    def chance(self) -> float:
        """That its best sentence answers."""
        return max(reading.chance for reading in self.readings)


def brief(
    question: str,
    readings: Sequence[Reading],
    words: Sequence[QueryWord],
    settings: BriefSettings = BriefSettings(),
) -> list[Excerpt]:
    """At most `settings.sentences` of the readings (best first), in an order to be read.

    By document in the order of its best sentence, inside a document by place. Headings, questions and entries of
    a bibliography stand in no brief: [] where there is nothing else.
    """
    readings = [reading for reading in readings if states(reading.document, reading.sentence)]
    if not readings:
        return []
    pool = _Pool(readings, settings)
    compared = sides(question, words) if kind_of(question) is Kind.COMPARE else None
    chosen = pool.choose(compared)
    rank = {index: number for number, index in enumerate(sorted(chosen))}
    by_document: dict[str, list[int]] = {}
    for index in sorted(rank):  # readings are best first
        by_document.setdefault(readings[index].document.id, []).append(index)
    excerpts = []
    for indexes in by_document.values():
        excerpts += _joined(sorted((readings[i] for i in indexes), key=lambda r: r.sentence.start))
    return excerpts


class _Pool:
    """The readings that speak to the question, with the terms of each."""

    def __init__(self, readings: Sequence[Reading], settings: BriefSettings) -> None:
        self._readings = readings
        self._settings = settings
        self._best = max(max(reading.chance for reading in readings), 1e-9)
        self._terms = [_telling(reading) for reading in readings]

    def choose(self, compared: tuple[Side, Side] | None) -> list[int]:
        """Indexes of the readings of the brief: both sides of a comparison, each document once, then the rest."""
        limit, floor = self._settings.sentences, self._settings.floor * self._best
        able = [index for index, reading in enumerate(self._readings) if reading.chance >= floor]
        chosen: list[int] = []
        for index in self._sides(compared) if compared else able[:1]:
            if index not in chosen and len(chosen) < limit:
                chosen.append(index)
        while len(chosen) < limit:
            new = [i for i in able if i not in chosen and not self._repeats(i, chosen)]
            documents = {self._readings[index].document.id for index in chosen}
            unheard = [index for index in new if self._readings[index].document.id not in documents]
            offered = unheard or new
            if not offered:
                break
            chosen.append(max(offered, key=lambda index: (self._worth(index, chosen), -index)))
        return chosen

    def _sides(self, compared: tuple[Side, Side]) -> list[int]:
        """The best sentence that speaks of both, and the best that speaks of each alone."""
        floor = self._settings.side_floor * self._best
        best: dict[tuple[bool, ...], int] = {}
        for index, reading in enumerate(self._readings):
            held = self._terms[index] | self._around(index)
            spoken_of = tuple(side.share_in(held) > 0.5 for side in compared)
            if reading.chance >= floor and any(spoken_of):
                best.setdefault(spoken_of, index)
        return sorted(best.values()) or [0]

    def _around(self, index: int) -> frozenset[str]:
        """The terms of the headings above a sentence, which may name what it speaks of."""
        document = self._readings[index].document
        path = document.section_path(self._readings[index].sentence.start)
        return frozenset(term for heading in path[-1:] for term in terms(heading, document.language))

    def _worth(self, index: int, chosen: Sequence[int]) -> float:
        weight = self._settings.relevance
        relevance = self._readings[index].chance / self._best
        return weight * relevance - (1 - weight) * self._likeness(index, chosen)

    def _repeats(self, index: int, chosen: Sequence[int]) -> bool:
        """Whether a chosen sentence says the same; with other figures, it does not."""
        own = _figures(self._terms[index])
        return any(
            self._likeness(index, [other]) >= self._settings.same
            and (own <= (theirs := _figures(self._terms[other])) or theirs <= own)
            for other in chosen
        )

    def _likeness(self, index: int, chosen: Sequence[int]) -> float:
        """To the chosen sentence most like it: terms in common, of the shorter one's."""
        own = self._terms[index]
        return max(
            (
                len(own & self._terms[other]) / max(min(len(own), len(self._terms[other])), 1)
                for other in chosen
            ),
            default=0.0,
        )


def _telling(reading: Reading) -> frozenset[str]:
    """The terms of a sentence without function words."""
    language = reading.document.language
    found = terms(reading.sentence.of(reading.document.text), language)
    return frozenset(found) - FUNCTION_WORDS.get(language, frozenset())


def _figures(held: frozenset[str]) -> frozenset[str]:
    return frozenset(term for term in held if any(map(str.isdigit, term)))


def _joined(readings: Sequence[Reading]) -> list[Excerpt]:
    """Of one document, in order of the text: sentences of a paragraph that follow each other become one."""
    runs: list[list[Reading]] = []
    for reading in readings:
        text = reading.document.text
        if runs and reading.sentence.start < runs[-1][-1].sentence.end:
            continue  # the same sentence, from another passage
        gap = text[runs[-1][-1].sentence.end : reading.sentence.start] if runs else "\n\n"
        if not gap.strip() and "\n\n" not in gap:
            runs[-1].append(reading)
        else:
            runs.append([reading])
    return [
        Excerpt(run[0].document, Span(run[0].sentence.start, run[-1].sentence.end), tuple(run))
        for run in runs
    ]
