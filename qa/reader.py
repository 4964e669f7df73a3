"""Passages in, sentences that may answer out, best first: the seam where a trained reader fits in.

`SentenceReader` weighs, for each sentence of the best passages, how near its vector is to the question's,
how many of the question's words it holds, whether it holds the kind of thing asked for, and how good its
passage is.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from operator import mul
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.analysis import terms
from index.encoder import Encoder
from index.errors import UnknownDocument
from index.fusion import scale_cosines
from index.hit import Hit, QueryWord, coverage
from index.language_offsets import Vectors
from index.library import Library
from ingest.context import Contexts
from ingest.document import Document, Span
from ingest.language import detect
from ingest.passages import sentences
from ingest.references import in_bibliography
from qa.answer_kind import Kind, kind_of
from qa.short_answer import short_answer


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a sentence, each in [0, 1]; also the weights of that in its score."""

    passage: float  # fused score of its passage
    best_sentence: float  # similarity of the best sentence of its passage
    similarity: float  # of the sentence itself
    coverage: float  # share of the question's words that it holds
    carried: float  # the share it holds together with the sentence before it, which "it" and "they" point to
    kind: float  # 1 if it holds something of the kind asked for: a date, a figure, a name


# Chosen by a random search over a few thousand settings, scored on all of xquad-dev and on all answerable
# gold questions of the corpus: on these sets they show what can be reached, not what to expect elsewhere.
WEIGHTS = Signals(passage=0.83, best_sentence=0.64, similarity=0.51, coverage=0.83, carried=0.75, kind=0.43)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence or table row, and the part of it that may be the answer.

    `score` in [0, 1] ranks the readings of one question. `similarity` (cosine) and `coverage` (share
    of the question's words) belong to the sentence; those of its passage are in `hit`.
    """

    hit: Hit
    document: Document
    sentence: Span
    answer: Span
    signals: Signals
    score: float
    similarity: float


class Reader(Protocol):
    """Anything that finds the sentences which answer."""

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> list[Reading]:
        """Readings of the hits' sentences, best first; empty only when `hits` is."""
        ...


class SentenceReader:
    """See the module's docstring. Keeps the vectors of sentences it has read, `memory` of them."""

    def __init__(self, encoder: Encoder, weights: Signals = WEIGHTS, memory: int = 20_000) -> None:
        self._encoder = encoder
        self._weights = weights
        self._memory = memory
        self._vectors: OrderedDict[tuple[str, Span], NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()  # one reader serves all threads of the app

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> list[Reading]:
        words = library.query_words(question)
        candidates = []
        contexts: dict[str, Contexts] = {}  # one for all hits in a document
        for hit in hits:
            with suppress(UnknownDocument):  # removed since it was found
                id = hit.document.id
                contexts[id] = contexts.get(id) or Contexts(library.document(id))
                candidates.append(_Candidate(question, words, hit, contexts[id]))
        places = [(c.hit, c.document, i, s) for c in candidates for i, s in enumerate(c.sentences)]
        # Headings, bibliographies and questions name things without saying anything of them.
        places = [place for place in places if _states(place[1], place[3])] or places
        if not places:
            return []
        shares = {c.hit.passage.id: c for c in candidates}
        cosines = self._cosines(
            question,
            [(document, sentence, shares[hit.passage.id].texts[i]) for hit, document, i, sentence in places],
        )
        near = list(scale_cosines(dict(enumerate(cosines))).values())
        best: dict[str, float] = {}
        for (hit, *_), value in zip(places, near, strict=True):
            best[hit.passage.id] = max(best.get(hit.passage.id, 0.0), value)
        readings = []
        for (hit, document, number, sentence), cosine, value in zip(places, cosines, near, strict=True):
            candidate = shares[hit.passage.id]
            answer = short_answer(question, document, sentence, words)
            signals = Signals(
                passage=hit.score,
                best_sentence=best[hit.passage.id],
                similarity=value,
                coverage=candidate.coverage[number],
                carried=candidate.carried[number],
                kind=float(candidate.wants_any or answer != sentence),
            )
            readings.append(Reading(hit, document, sentence, answer, signals, self._score(signals), cosine))
        return sorted(readings, key=lambda reading: -reading.score)

    def _score(self, signals: Signals) -> float:
        weights = astuple(self._weights)
        return float(sum(map(mul, weights, astuple(signals))) / sum(weights))

    def _cosines(self, question: str, places: Sequence[tuple[Document, Span, str]]) -> list[float]:
        """Of the question with each sentence, by the text that it is read as."""
        keys = [(document.id, sentence) for document, sentence, _ in places]
        with self._lock:
            known = {key: self._vectors[key] for key in keys if key in self._vectors}
        missing = {key: place for key, place in zip(keys, places, strict=True) if key not in known}
        texts = [text for _, _, text in missing.values()]
        languages = [document.language for document, _, _ in missing.values()]
        new = dict(zip(missing, self._encoder.encode_passages(texts, languages), strict=True))
        vectors = known | new
        found: Vectors = np.array([vectors[key] for key in keys])
        with self._lock:
            for key in keys:  # the youngest last
                self._vectors.pop(key, None)
            self._vectors.update(vectors)
            while len(self._vectors) > self._memory:
                self._vectors.popitem(last=False)
        cosines: list[float] = (
            found @ self._encoder.encode_queries([question], [detect(question)])[0]
        ).tolist()
        return cosines


class _Candidate:
    """A passage that was found, cut into its sentences, with the words of the question that each holds."""

    def __init__(self, question: str, words: Sequence[QueryWord], hit: Hit, contexts: Contexts) -> None:
        self.hit = hit
        self.document = document = contexts.document
        self.wants_any = kind_of(question) is Kind.OTHER
        self.sentences = sentences(document, hit.passage.start, hit.passage.end)
        self.texts = [_readable(contexts, sentence) for sentence in self.sentences]
        held = [set(terms(text, document.language)) for text in self.texts]
        before: list[set[str]] = [set(), *held]
        self.coverage = [coverage(words, own, document.language) for own in held]
        self.carried = [
            coverage(words, own | above, document.language) for own, above in zip(held, before, strict=False)
        ]


def _states(document: Document, sentence: Span) -> bool:
    """Whether the sentence states something: no heading, no bibliography entry, no question."""
    section = document.section_at(sentence.start)
    is_heading = section.level > 0 and sentence.start < section.start + len(section.heading)
    asks = document.text[sentence.end - 1] in "?？"
    return not is_heading and not asks and not in_bibliography(document, sentence.start)


def _readable(contexts: Contexts, sentence: Span) -> str:
    """The sentence by itself; a table row with its column heads, without which it says nothing."""
    document = contexts.document
    if any(table.start <= sentence.start < table.end for table in document.tables):
        return contexts.text(sentence.start, sentence.end)
    return sentence.of(document.text)
