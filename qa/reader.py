"""Passages in, sentences that may answer out, best first, each with its chance of answering.

A trained model reads every passage that was found (`span_model`): how likely the passage answers, and where
an answer would begin and end. `PassageReader` says what that means for each sentence, together with how well
its passage was found and what it holds of the question (`premises`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from index.analysis import terms
from index.errors import UnknownDocument
from index.hit import Hit, QueryWord, coverage
from index.letters import FUNCTION_WORDS
from index.library import Library
from index.query_language import query_language
from ingest.context import Contexts
from ingest.document import Document, Span
from ingest.passages import sentences
from ingest.references import in_bibliography
from qa.answer_kind import SEVERAL, Kind, kind_of
from qa.cells import CellFinder, table_at
from qa.enumerations import enumerations
from qa.models.span_model import BestSpan, PassageLogits, PassageText, SpanModel, best_span
from qa.parts import part_at
from qa.premises import PassageCheck, Premises, premises_of
from qa.short_answer import is_of_kind, short_answer
from qa.signals import Signals, chance, score
from qa.trimming import trimmed
from qa.values.countries import countries_in

# A question that offers its answers: "Did Kazakhstan or Uzbekistan host it?"
_OFFERS = re.compile(
    r"(?<!\w)(?:or|или|yoki|ёки|немесе|әлде|же|ýa|ýa-da|veya|ya da|또는|아니면|还是)(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence or table row, and the part of it that may be the answer.

    `score` ranks the readings of one question; `chance` in [0, 1] is the same as a probability that the
    sentence answers.
    """

    hit: Hit
    document: Document
    sentence: Span
    answer: Span
    signals: Signals
    score: float
    chance: float


class Reader(Protocol):
    """Anything that finds the sentences which answer."""

    def read(
        self, question: str, hits: Sequence[Hit], library: Library, words: Sequence[QueryWord] | None = None
    ) -> list[Reading]:
        """Readings of the hits' sentences, best first; empty when `hits` is, or their documents are gone.

        `words` are those that `library.query_words` gives, where they are known already.
        """
        ...


class PassageReader:
    """See the module's docstring."""

    def __init__(self, model: SpanModel) -> None:
        self._model = model

    def read(
        self, question: str, hits: Sequence[Hit], library: Library, words: Sequence[QueryWord] | None = None
    ) -> list[Reading]:
        passages = list(_passages(hits, library))
        logits = self._model.read(question, [passage.text for passage in passages])
        asked = _Question.of(question, library.query_words(question) if words is None else words)
        finders = {
            passage.document.id: CellFinder(asked.kind, passage.document, asked.words) for passage in passages
        }
        readings = [
            reading
            for passage, found in zip(passages, logits, strict=True)
            for reading in _readings(asked, passage, found, finders[passage.document.id])
        ]
        # Headings, bibliographies and questions name things without saying anything of them.
        stating = [reading for reading in readings if states(reading.document, reading.sentence)]
        return sorted(stating or readings, key=lambda reading: -reading.score)


@dataclass(frozen=True, slots=True)
class _Question:
    """What of a question is worked out once for all that is read."""

    text: str
    language: str
    kind: Kind
    words: Sequence[QueryWord]
    premises: Premises

    @classmethod
    def of(cls, text: str, words: Sequence[QueryWord]) -> _Question:
        return cls(text, query_language(text), kind_of(text), words, premises_of(text, words))

    def names(self, text: str, language: str) -> bool:
        """Whether the question asks who or where, and names all that `text` does, so that it is no answer."""
        if self.kind not in (Kind.PERSON, Kind.PLACE) or _OFFERS.search(self.text):
            return False
        known = frozenset(term for word in self.words for term in word.terms)
        held = frozenset(terms(text, language))
        return bool(held) and held <= known

    def counts_more_than(self, part: Span, text: str, language: str) -> bool:
        """Whether the question asks how much or many, and says no word that only this clause of a text has."""
        if self.kind is not Kind.QUANTITY:
            return False
        around = frozenset(terms(f"{text[: part.start]} {text[part.end :]}", language))
        own = frozenset(terms(part.of(text), language)) - around - FUNCTION_WORDS.get(language, frozenset())
        of_a_country = countries_in(part.of(text)) & countries_in(self.text)
        return not of_a_country and not any(word.is_in(own) for word in self.words)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence or table row, and where it stands in the text that the model reads."""

    sentence: Span
    start: int
    end: int
    text: str
    is_verbatim: bool  # the text is the document's; a table row is read with its column heads put in


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage as it is read: its title and headings above it, its table rows with their column heads."""

    hit: Hit
    document: Document
    text: PassageText
    units: tuple[_Unit, ...]


def _passages(hits: Sequence[Hit], library: Library) -> Iterator[_Passage]:
    contexts: dict[str, Contexts] = {}  # one for all hits in a document
    for hit in hits:
        with suppress(UnknownDocument):  # removed since it was found
            id = hit.document.id
            contexts[id] = contexts.get(id) or Contexts(library.document(id))
            yield _passage(hit, contexts[id])


def _passage(hit: Hit, contexts: Contexts) -> _Passage:
    document = contexts.document
    above = contexts.above(hit.passage.start, hit.passage.end)
    units: list[_Unit] = []
    text = ""
    for sentence in sentences(document, hit.passage.start, hit.passage.end):
        is_row = table_at(document, sentence.start) is not None
        own = sentence.of(document.text)
        if is_row:
            *caption, own = contexts.body(sentence.start, sentence.end).split("\n")
            above += [line for line in caption if line not in above]
        if units:
            is_prose = units[-1].is_verbatim and not is_row
            text += document.text[units[-1].sentence.end : sentence.start] if is_prose else "\n"
        units.append(_Unit(sentence, len(text), len(text) + len(own), own, not is_row))
        text += own
    return _Passage(hit, document, PassageText("\n".join(above), text), tuple(units))


def states(document: Document, sentence: Span) -> bool:
    """Whether the sentence states something: no heading, no bibliography entry, no question."""
    section = document.section_at(sentence.start)
    is_heading = section.level > 0 and sentence.start < section.start + len(section.heading)
    asks = document.text[sentence.end - 1] in "?？"
    return not is_heading and not asks and not in_bibliography(document, sentence.start)


def _readings(
    asked: _Question, passage: _Passage, logits: PassageLogits, cells: CellFinder
) -> Iterator[Reading]:
    """One for each unit of a passage."""
    document, hit = passage.document, passage.hit
    language = document.language
    check = PassageCheck(asked.premises, document, f"{passage.text.context}\n{passage.text.text}")
    spans = [_best_span(asked, logits, unit, language) for unit in passage.units]
    known = [span.score - logits.none for span in spans if span]
    least = min(known, default=0.0)  # a sentence of which the model reads nothing is no better than the worst
    margins = [span.score - logits.none if span else least for span in spans]
    before: frozenset[str] = frozenset()
    for unit, span, margin in zip(passage.units, spans, margins, strict=True):
        held = frozenset(terms(unit.text, language))
        holds = check.met(unit.text)
        # A table of a document that lacks a name of the question has no cell for it: Japan's exports in Korea's.
        # Of several things that are asked for it may have some.
        able = not unit.is_verbatim and (holds.names_document == 1 or asked.kind in SEVERAL)
        cell = _cell(document, unit.sentence, cells) if able else None
        # Who wants several things, or two side by side, wants the row; that it has such a cell still tells.
        answer = cell if cell and asked.kind not in SEVERAL else _answer(asked, document, unit, span)
        is_foreign = asked.language != language
        signals = Signals(
            passage=hit.score,
            dense=hit.dense,
            relevance=logits.relevance,
            span=margin,
            lag=margin - max(margins),
            carried=coverage(asked.words, held | before, language),
            passage_coverage=hit.coverage,
            kind=float(cell is not None or is_of_kind(asked.kind, answer.of(document.text))),
            cell=float(cell is not None),
            row=float(not unit.is_verbatim),
            foreign=float(is_foreign),
            foreign_coverage=coverage(asked.words, held, language) if is_foreign else 0.0,
            years=1 - holds.years_passage,
            year_conflict=holds.year_conflict,
            figures=1 - holds.figures_passage,
            figure_conflict=holds.figure_conflict,
            names=1 - holds.names_passage,
            name_conflict=holds.name_conflict,
        )
        before = held
        value = score(signals)
        yield Reading(hit, document, unit.sentence, answer, signals, value, chance(value))


def _best_span(asked: _Question, logits: PassageLogits, unit: _Unit, language: str) -> BestSpan | None:
    """The best span of a unit; the next best where that one only repeats a name of the question, or counts a part
    of what is asked for."""
    best = best_span(logits, unit.start, unit.end)
    if best is None:
        return None
    begin, end = best.span.start - unit.start, best.span.end - unit.start
    if asked.names(unit.text[begin:end], language):
        beside = ((unit.start, best.span.start), (best.span.end, unit.end))
        found = [span for start, end in beside if (span := best_span(logits, start, end))]
        return max(found, key=lambda span: span.score, default=best)
    if (part := part_at(unit.text, begin)) and asked.counts_more_than(part, unit.text, language):
        # The sentence answers as well as it did; only with the other figure.
        whole = best_span(logits, unit.start, unit.start + part.start)
        return best._replace(span=whole.span) if whole else best
    return best


def _cell(document: Document, row: Span, cells: CellFinder) -> Span | None:
    """The one cell of a row that is asked for. One that is merged with the row above, or lies in another
    passage than this part of a long row, is no part of what would be quoted."""
    table = table_at(document, row.start)
    cell = cells.cell(table, row.start) if table else None
    return cell if cell and row.start <= cell.start and cell.end <= row.end else None


def _answer(asked: _Question, document: Document, unit: _Unit, span: BestSpan | None) -> Span:
    """The words of a sentence that answer; the whole row of a table where no one cell is asked for."""
    if not unit.is_verbatim:
        return unit.sentence
    if span is None:  # a model that finds none
        return short_answer(asked.text, document, unit.sentence, asked.words)
    begin = unit.sentence.start + span.span.start - unit.start
    found = trimmed(document.text, Span(begin, begin + span.span.end - span.span.start))
    return _enumeration_around(document, unit, found) if asked.kind is Kind.LIST else found


def _enumeration_around(document: Document, unit: _Unit, found: Span) -> Span:
    """The whole enumeration that the words found are a part of; these alone where they are of none."""
    start = unit.sentence.start
    for each in enumerations(unit.text, document.language):
        whole = Span(start + each.things[0].start, start + each.things[-1].end)
        if whole.start <= found.start and found.end <= whole.end:
            return whole
    return found
