"""What a search takes and gives: Filters in, Hits out."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from ingest.document import Mention, Passage, Reference, Span


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents a search may look at. An empty field does not restrict.

    `published_from` and `published_to` are ISO 8601 dates as coarse as "2012", both inclusive;
    a document without a date is left out as soon as either is given.
    """

    documents: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()  # documents to leave out
    languages: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    published_from: str = ""
    published_to: str = ""

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was refused: the name of the error, and its reason."""

    source: str
    error: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """A document as a list shows it: everything but its text."""

    id: str
    source: str
    format: str
    title: str
    authors: tuple[str, ...]
    publisher: str
    published: str
    language: str
    type: str
    doi: str
    url: str
    pages: int
    passages: int
    characters: int


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of a query: the terms it may be indexed under, and how rare it is (inverse document frequency).

    `only_in` names the one language whose passages could hold it, "" for all: that a Russian passage
    lacks the English "the", or pairs of Korean syllables, says nothing. `phrases` are translations of several
    words: "ethnic Korean" for "диаспора".
    """

    terms: tuple[str, ...]
    rarity: float
    only_in: str = ""
    phrases: tuple[tuple[str, ...], ...] = ()

    def is_in(self, held: Set[str]) -> bool:
        """Whether a text with these terms holds the word: in one of its forms, or every term of a phrase."""
        return not held.isdisjoint(self.terms) or any(held >= set(phrase) for phrase in self.phrases)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found, with its text and its scores.

    `score` is the fused score in [0, 1]; `dense` is a cosine; `lexical` is BM25, 0 when the
    passage holds no term of the query. `coverage` in [0, 1] is the share of the query's words that
    the passage holds, each weighted by how rare it is in the library. `highlights` are the spans
    of those words, in offsets of the document.
    """

    passage: Passage
    text: str
    document: DocumentCard
    score: float
    dense: float
    lexical: float
    coverage: float
    highlights: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class MentionHit:
    """A place that cites a work: the marker, the sentence it stands in, and the passage that holds it."""

    mention: Mention
    sentence: Span
    sentence_text: str
    passage: Passage
    passage_text: str


@dataclass(frozen=True, slots=True)
class ReferenceHit:
    """A bibliography entry that a search found, and every place of its document that cites it, in order.

    `score` in (0, 1] is the share of the query's words that the entry holds, each weighted by how few
    entries of the library hold it.
    """

    document: DocumentCard
    reference: Reference
    text: str
    score: float
    mentions: tuple[MentionHit, ...]


def coverage(words: Sequence[QueryWord], terms: Set[str], language: str) -> float:
    """The share of the query's words, by rarity, that a passage of `language` with these terms holds, in [0, 1].

    0 for a query without words that such a passage could hold.
    """
    able = [word for word in words if word.only_in in ("", language)]
    total = sum(word.rarity for word in able)
    held = sum(word.rarity for word in able if word.is_in(terms))
    return held / total if total else 0.0
