"""A question in, an answer out: the whole pipeline on one screen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from index.hit import Filters, QueryWord
from index.library import Library
from index.query_language import query_language
from index.quotes import without_quotes
from ingest.context import cell_name
from qa import agreement
from qa.agreement import compare, lacks_no_more, own_language_first, supported_by
from qa.answer import Answer, Citation, Claim, NoAnswer, Place
from qa.answer_kind import BRIEF, Kind, kind_of
from qa.brief import brief
from qa.citations import cite
from qa.follow_up import standalone
from qa.items import listing
from qa.premises import premises_of
from qa.question import checked_question
from qa.reader import Reader, Reading
from qa.readers import make_reader
from qa.reason import reason


@dataclass(frozen=True, slots=True)
class Settings:
    """How an answer is made."""

    passages: int = 20  # read for each question
    evidence: int = 5  # sentences shown
    # Below this chance of being right there is no answer: a right one withheld costs 1.7 times a wrong one shown,
    # which stands with its quotation and its low chance beside it.
    threshold: float = 0.37
    speaks: float = 0.45  # a sentence with this chance speaks to the question, and may differ from the answer
    speaks_beside: float = 0.65  # so may one of a document that gives the answer, if it counts otherwise


def ask(
    question: str,
    library: Library,
    *,
    before: str | None = None,
    reader: Reader | None = None,
    filters: Filters = Filters(),
    settings: Settings = Settings(),
) -> Answer | NoAnswer:
    """Answer `question` from `library`: a quotation with its place, or an honest no.

    `before` is the question asked before, which this one may lean on ("And in 2023?").
    Raises EmptyQuestion, and QuestionTooLong for either of the two.
    """
    clock = _Clock()
    asked = checked_question(question)
    leant_on = checked_question(before) if before and before.strip() else None
    question = " ".join(standalone(asked, leant_on).split())
    reader = reader or make_reader(None, library)

    hits = library.search(question, settings.passages, filters)
    if not hits and (loose := without_quotes(question)) != question:
        # No passage holds the words in quotation marks: the question is asked without them, and says so.
        question = loose
        hits = library.search(question, settings.passages, filters)
    clock.lap("search")

    words = library.query_words(question)
    readings = reader.read(question, hits, library, words)
    readings = own_language_first(readings, query_language(question), at_least=settings.threshold)
    clock.lap("read")

    ranking = tuple(dict.fromkeys(map(_place, readings)))
    evidence = _evidence(readings, settings.evidence)
    understood = library.spelled(question).searched
    understood = understood if understood != asked else ""
    certainty = readings[0].chance if readings else 0.0

    if not readings or certainty < settings.threshold:

        def elsewhere() -> Sequence[Reading]:
            found = reader.read(question, library.search(question, settings.passages), library, words)
            return [each for each in found if each.chance >= settings.threshold]

        told = reason(question, library, readings, filters, premises_of(question, words), elsewhere)
        clock.lap("reason")
        return NoAnswer(asked, told, certainty, evidence, ranking, clock.laps, understood)

    best = readings[0]
    others = [reading for reading in readings[1:] if lacks_no_more(reading, best)]
    said = compare(best, others, question=question, at_least=settings.speaks, beside=settings.speaks_beside)
    answer = Answer(
        question=asked,
        claim=_claim(said.answer, _supporting(best, readings, evidence)),
        evidence=evidence,
        differing=tuple(map(_claim, said.differing)),
        items=_items(question, best, others, words, settings),
        brief=_brief(question, readings, words),
        ranking=ranking,
        timings_ms=clock.laps,
        cell=cell_name(best.document, best.answer.start),
        understood=understood,
    )
    clock.lap("cite")
    return answer


def _evidence(readings: Sequence[Reading], count: int) -> tuple[Citation, ...]:
    """The best sentence of each of as many documents as fit, then the best of the rest; in order of score."""
    first_of = {reading.document.id: rank for rank, reading in reversed(list(enumerate(readings)))}
    taken = sorted(first_of.values())[:count]
    taken += [rank for rank in range(len(readings)) if rank not in taken][: count - len(taken)]
    return tuple(_cite(readings[rank]) for rank in sorted(taken))


def _cite(reading: Reading) -> Citation:
    return cite(reading.document, reading.sentence.start, reading.sentence.end, reading.chance)


def _claim(claim: agreement.Claim, more: Sequence[Citation] = ()) -> Claim:
    """The claim with its citations and, of other documents, `more`."""
    first = claim.readings[0]
    citations = {citation.document_id: citation for citation in reversed(more)}
    citations |= {reading.document.id: _cite(reading) for reading in claim.readings}
    order = dict.fromkeys([*(reading.document.id for reading in claim.readings), *citations])
    return Claim(
        claim.text, first.answer.start, tuple(citations[id] for id in order), claim.chance, claim.date
    )


def _supporting(best: Reading, readings: Sequence[Reading], evidence: Sequence[Citation]) -> list[Citation]:
    """The other sentences of the evidence that hold the same value, in whatever language or notation."""
    shown = {(citation.document_id, citation.start) for citation in evidence}
    return [
        _cite(reading)
        for reading in readings[1:]
        if (reading.document.id, reading.sentence.start) in shown
        and reading.document.id != best.document.id
        and supported_by(best, reading.document, reading.sentence)
    ]


def _items(
    question: str, best: Reading, others: Sequence[Reading], words: Sequence[QueryWord], settings: Settings
) -> tuple[Citation, ...]:
    """What a list question asks for, item by item, where the list may stand in another reading than the best."""
    if kind_of(question) is not Kind.LIST:
        return ()
    # The list of another forum, or of another year, is no answer.
    able = [
        reading
        for reading in others
        if reading.signals.year_conflict <= best.signals.year_conflict
        and reading.signals.figure_conflict <= best.signals.figure_conflict
    ]
    found = listing(question, [best, *able], words, settings.threshold)
    if found is None:
        return ()
    reading, items = found
    return tuple(cite(reading.document, item.start, item.end, reading.chance) for item in items)


def _brief(question: str, readings: Sequence[Reading], words: Sequence[QueryWord]) -> tuple[Citation, ...]:
    """Sentences to read in their order, for a question that wants more than a few words."""
    if kind_of(question) not in BRIEF:
        return ()
    excerpts = brief(question, readings, words)
    return tuple(cite(each.document, each.span.start, each.span.end, each.chance) for each in excerpts)


def _place(reading: Reading) -> Place:
    return Place(reading.document.id, reading.document.page_at(reading.sentence.start).number)


class _Clock:
    """Milliseconds of each stage, and of all."""

    def __init__(self) -> None:
        self._began = self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 2)
        self.laps["total"] = round((now - self._began) * 1000, 2)
        self._last = now
