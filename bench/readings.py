"""What the reader makes of every question of a set, read once and kept, so that fits and ablations cost seconds.

Kept are the signals of each sentence: scores, chances and measures are worked out from them anew. A reader with
other weights is another reader; where the code that makes signals has changed, delete what is kept.
A run that was cut short goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from bench.questions import Question, QuestionSet
from index.encoder import Encoder
from index.hit import DocumentCard, Filters, Hit
from index.library import Library
from index.library import Settings as LibrarySettings
from index.search import SearchSettings
from ingest.document import Document, Passage, Span
from qa.evaluation import measures
from qa.models.card import WEIGHTS as WEIGHTS_FOLDER
from qa.models.card import Card
from qa.reader import Reader, Reading
from qa.readers import BUILT_IN, make_reader
from qa.signals import CONSTANT, WEIGHTS, Signals, chance

SIGNALS = tuple(field.name for field in fields(Signals))
# How passages can be ranked without a reader: share of the dense score, None for that of the library.
RANKINGS: dict[str, float | None] = {"dense": 1.0, "lexical": 0.0, "fused": None}


class CacheOfAnother(Exception):
    """The kept readings are of another reader, encoder or set."""


@dataclass(frozen=True, slots=True)
class First:
    """The first passage of a ranking: whether its document answers, its score, and the best without those."""

    gold: bool
    score: float
    score_without: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was found and read for it, best first.

    `in_reach` is False where the documents that answer were left out of the search.
    """

    question: Question
    in_reach: bool
    first: dict[str, First]  # for each of RANKINGS; empty where not in reach
    readings: tuple[Reading, ...]

    def is_right(self, reading: Reading) -> bool:
        """Whether the sentence lies in a document that answers and holds an answer."""
        quote = reading.sentence.of(reading.document.text)
        held = self.question.answerable and reading.document.id in self.question.gold
        return held and measures.contains_answer(quote, self.question.answers)


@contextmanager
def filled(questions: QuestionSet, encoder: Encoder) -> Iterator[Library]:
    """A library of the set's documents, thrown away afterwards."""
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder), encoder) as library:
        with library.writing():
            for document, original in questions.documents:
                library.add(document, original)
        yield library


def read_set(
    questions: QuestionSet,
    encoder: Encoder,
    cache: Path,
    *,
    reader: str | None = None,
    passages: int = 20,
    also_without: bool = False,
) -> list[Asked]:
    """Every question of the set, read over so many passages; what `cache` holds is not read again.

    `also_without`: answerable questions once more, their documents left out. Scores are those of the
    weights in `qa.signals` as they are now, not as they were when it was read. Raises CacheOfAnother.
    """
    named = reader or f"{BUILT_IN} {Card.read(WEIGHTS_FOLDER).checksum}"
    kept = _Cache(cache, questions, f"{encoder.model.checksum}, reader {named}, {passages} passages")
    wanted = [(number, True) for number in range(len(questions.questions))]
    if also_without:
        wanted += [(n, False) for n, question in enumerate(questions.questions) if question.answerable]
    missing = [key for key in wanted if key not in kept.rows]
    if missing:
        with filled(questions, encoder) as library, ExitStack() as stack:
            ranked = {
                name: library if share is None else stack.enter_context(_ranked_by(library, share))
                for name, share in RANKINGS.items()
            }
            reads = make_reader(reader, library)
            for key in missing:
                kept.add(key, _read(questions.questions[key[0]], key[1], ranked, reads, passages))
    documents = [document for document, _ in questions.documents]
    asked = [_rebuilt(kept.rows[key], questions.questions[key[0]], key[1], documents) for key in wanted]
    return rescored(asked, asdict(WEIGHTS))


@dataclass(frozen=True, slots=True)
class _Row:
    """What is kept of a question, as numbers: a hit is (document, start, end, score, dense, lexical, coverage)."""

    first: dict[str, First]
    hits: list[tuple[str, int, int, float, float, float, float]]
    readings: list[_Kept]


@dataclass(frozen=True, slots=True)
class _Kept:
    hit: int
    sentence: tuple[int, int]
    answer: tuple[int, int]
    signals: dict[str, float]


def _ranked_by(library: Library, share: float) -> Library:
    settings = LibrarySettings(search=SearchSettings(dense_weight=share))
    return Library(library.folder, library.encoder, settings)


def _read(
    question: Question, in_reach: bool, ranked: dict[str, Library], reader: Reader, passages: int
) -> _Row:
    without = Filters(excluded=tuple(sorted(question.gold)))
    library = ranked["fused"]
    hits = library.search(question.text, passages, Filters() if in_reach else without)
    first = {name: _first(name, each, question, without) for name, each in ranked.items() if in_reach}
    number = {hit.passage.id: n for n, hit in enumerate(hits)}
    readings = [
        _Kept(
            number[reading.hit.passage.id],
            (reading.sentence.start, reading.sentence.end),
            (reading.answer.start, reading.answer.end),
            {name: round(float(getattr(reading.signals, name)), 6) for name in SIGNALS},
        )
        for reading in reader.read(question.text, hits, library)
    ]
    kept = [
        (h.document.id, h.passage.start, h.passage.end, h.score, h.dense, h.lexical, h.coverage) for h in hits
    ]
    return _Row(first, kept, readings)


def _first(name: str, library: Library, question: Question, without: Filters) -> First:
    def score(hit: Hit) -> float:
        return {"dense": hit.dense, "lexical": hit.lexical, "fused": hit.score}[name]

    hits, others = library.search(question.text, 1), library.search(question.text, 1, without)
    gold = question.answerable and any(hit.document.id in question.gold for hit in hits)
    return First(gold, *(max(map(score, found), default=0.0) for found in (hits, others)))


def _rebuilt(row: _Row, question: Question, in_reach: bool, documents: Sequence[Document]) -> Asked:
    by_id = {document.id: document for document in documents}
    hits = []
    for id, start, end, score, dense, lexical, coverage in row.hits:
        document = by_id[id]
        card: dict[str, Any] = {
            field.name: getattr(document, field.name, 0) for field in fields(DocumentCard)
        }
        card["pages"] = len(document.pages)
        text = document.text[start:end]
        hits.append(
            Hit(Passage(id, start, end), text, DocumentCard(**card), score, dense, lexical, coverage, ())
        )
    readings = tuple(
        Reading(
            hit=hits[each.hit],
            document=by_id[hits[each.hit].document.id],
            sentence=Span(*each.sentence),
            answer=Span(*each.answer),
            signals=Signals(**each.signals),
            score=0.0,
            chance=0.0,
        )
        for each in row.readings
    )
    return Asked(question, in_reach, row.first, readings)


def weighted(asked: Sequence[Asked], weights: Mapping[str, float]) -> list[NDArray[np.float64]]:
    """For each question, the score of every reading; a signal without a weight counts nothing."""
    vector = np.array([weights.get(name, 0.0) for name in SIGNALS])
    return [signals_of(each) @ vector + CONSTANT for each in asked]


def signals_of(asked: Asked) -> NDArray[np.float64]:
    """(readings, SIGNALS)."""
    return np.array([astuple(r.signals) for r in asked.readings], float).reshape(-1, len(SIGNALS))


def rescored(asked: Sequence[Asked], weights: Mapping[str, float]) -> list[Asked]:
    """The same as if the reader had had these weights: scores, chances and the order of readings follow them."""
    result = []
    for each, scores in zip(asked, weighted(asked, weights), strict=True):
        readings = [
            replace(reading, score=score, chance=chance(score))
            for reading, score in zip(each.readings, scores.tolist(), strict=True)
        ]
        result.append(replace(each, readings=tuple(sorted(readings, key=lambda r: -r.score))))
    return result


class _Cache:
    """A file of readings: a line that says what they are of, then a line for each."""

    def __init__(self, folder: Path, questions: QuestionSet, of: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{questions.name.replace(', ', '-').replace(' ', '-')}.jsonl"
        # Not the repr of a question: the order in which a frozenset prints changes from run to run.
        told = [(q.text, q.language, sorted(q.gold), q.answers) for q in questions.questions]
        asked = hashlib.sha256(repr(told).encode()).hexdigest()[:16]
        head = {"of": of, "questions": asked, "signals": list(SIGNALS)}
        self.rows: dict[tuple[int, bool], _Row] = {}
        if not self._path.exists():
            self._path.write_text(json.dumps(head) + "\n", "utf-8")
        lines = self._path.read_bytes().split(b"\n")
        if json.loads(lines[0]) != head:
            raise CacheOfAnother(
                f"{self._path} holds readings of another reader or of other questions: name another --cache, "
                "or delete it"
            )
        if lines[-1]:  # cut short in the middle of a line
            self._path.write_bytes(b"\n".join(lines[:-1]) + b"\n")
        for line in lines[1:-1]:
            number, in_reach, row = msgspec.json.decode(line, type=tuple[int, bool, _Row])
            self.rows[number, in_reach] = row

    def add(self, key: tuple[int, bool], row: _Row) -> None:
        self.rows[key] = row
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode((*key, row)) + b"\n")
