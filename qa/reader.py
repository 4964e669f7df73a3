"""Passages in, sentences that may answer out, best first: the seam where a trained reader fits in.

`SentenceReader` reads without training: it weighs, for each sentence of the best passages, how near
its vector is to the question's, how many of the question's words it holds, and how good its passage is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from operator import mul
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.analysis import terms
from index.encoder import Encoder, Vectors
from index.fusion import scale_cosines
from index.hit import Hit, coverage
from index.library import Library
from ingest.document import Document, Span
from ingest.context import contextual_text
from ingest.language import detect
from ingest.passages import sentences
from ingest.references import in_bibliography
from qa.answer_kind import Kind, kind_of
from qa.short_answer import short_answer


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence, table row or heading, and the part of it that may be the answer.

    `score` in [0, 1] ranks the readings of one question. `similarity` (cosine) and `coverage` (share
    of the question's words) belong to the sentence; those of its passage are in `hit`.
    """

    hit: Hit
    document: Document
    sentence: Span
    answer: Span
    score: float
    similarity: float
    coverage: float


class Reader(Protocol):
    """Anything that finds the sentences which answer."""

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> list[Reading]:
        """Readings of the hits' sentences, best first; empty only when `hits` is."""
        ...


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of a reading's score counts; chosen on xquad-dev (bench/results/sentences.json)."""

    passage: float = 1.0  # fused score of its passage
    best_sentence: float = 0.5  # similarity of the best sentence of its passage
    similarity: float = 0.6  # of the sentence itself
    coverage: float = 1.0  # share of the question's words that it holds
    kind: float = 0.2  # it holds something of the kind asked for: a date, a figure, a name


class SentenceReader:
    """See the module's docstring. Keeps the vectors of sentences it has read, `memory` of them."""

    def __init__(self, encoder: Encoder, weights: Weights = Weights(), memory: int = 20_000) -> None:
        self._encoder = encoder
        self._weights = weights
        self._memory = memory
        self._vectors: OrderedDict[tuple[str, Span], NDArray[np.float32]] = OrderedDict()

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> list[Reading]:
        candidates = [
            (hit, document, sentence)
            for hit in hits
            for document in [library.document(hit.passage.document_id)]
            for sentence in sentences(document, hit.passage.start, hit.passage.end)
        ]
        # Headings and bibliographies name things without saying anything of them: the last resort.
        candidates = [c for c in candidates if _states(c[1], c[2])] or candidates
        if not candidates:
            return []
        words = library.query_words(question)
        similarities = self._similarities(question, [(document, sentence) for _, document, sentence in candidates])
        shares = [
            coverage(words, set(terms(_readable(document, sentence), document.language)), document.language)
            for _, document, sentence in candidates
        ]
        answers = [short_answer(question, document, sentence, words) for _, document, sentence in candidates]
        wants_any = kind_of(question) is Kind.OTHER
        fits = [
            float(wants_any or answer != sentence)
            for answer, (_, _, sentence) in zip(answers, candidates, strict=True)
        ]
        scores = self._scores([hit for hit, _, _ in candidates], similarities, shares, fits)
        order = sorted(range(len(candidates)), key=lambda i: -scores[i])
        return [
            Reading(
                hit,
                document,
                sentence,
                answers[i],
                scores[i],
                similarities[i],
                shares[i],
            )
            for i in order
            for hit, document, sentence in [candidates[i]]
        ]

    def _scores(
        self, hits: Sequence[Hit], cosines: Sequence[float], shares: Sequence[float], fits: Sequence[float]
    ) -> list[float]:
        """A score in [0, 1] for each sentence, from its passage's score and its own."""
        similar = list(scale_cosines(dict(enumerate(cosines))).values())
        best: dict[str, float] = {}
        for hit, similarity in zip(hits, similar, strict=True):
            best[hit.passage.id] = max(best.get(hit.passage.id, 0.0), similarity)
        weights = astuple(self._weights)
        return [
            sum(map(mul, weights, (hit.score, best[hit.passage.id], similarity, share, fit))) / sum(weights)
            for hit, similarity, share, fit in zip(hits, similar, shares, fits, strict=True)
        ]

    def _similarities(self, question: str, places: Sequence[tuple[Document, Span]]) -> list[float]:
        keys = [(document.id, sentence) for document, sentence in places]
        missing = {
            key: place for key, place in zip(keys, places, strict=True) if key not in self._vectors
        }
        texts = [_readable(document, sentence) for document, sentence in missing.values()]
        languages = [document.language for document, _ in missing.values()]
        new = dict(zip(missing, self._encoder.encode_passages(texts, languages), strict=True))
        found: Vectors = np.array([new[key] if key in new else self._vectors[key] for key in keys])
        self._vectors.update(new)
        for key in keys:
            self._vectors.move_to_end(key)
        while len(self._vectors) > self._memory:
            self._vectors.popitem(last=False)
        similarities: list[float] = (found @ self._encoder.encode_queries([question], [detect(question)])[0]).tolist()
        return similarities


def _states(document: Document, sentence: Span) -> bool:
    """Whether the sentence is of the running text or a table, not a heading, not a bibliography entry."""
    section = document.section_at(sentence.start)
    is_heading = section.level > 0 and sentence.start < section.start + len(section.heading)
    return not is_heading and not in_bibliography(document, sentence.start)


def _readable(document: Document, sentence: Span) -> str:
    """The sentence by itself; a table row with its column heads, without which it says nothing."""
    if any(table.start <= sentence.start < table.end for table in document.tables):
        return contextual_text(document, sentence.start, sentence.end)
    return sentence.of(document.text)
