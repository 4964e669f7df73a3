"""What `ask` returns: an Answer, which cannot exist without a citation, or a NoAnswer."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.context import CellName


@dataclass(frozen=True, slots=True)
class Citation:
    """A located quotation: `document.text[start:end] == quote`. Made only by `citations.cite`."""

    document_id: str
    title: str
    source: str
    page: int
    page_label: str
    section: str
    start: int
    end: int
    quote: str
    score: float


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a document that was read for a question; the number is the physical one."""

    document_id: str
    page: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A short answer and the sentences it rests on.

    `text` is a slice of the first citation's quote; `evidence` is the supporting sentences, best
    first, and begins with `citations[0]`; `confidence` is the calibrated chance that it is right.
    `ranking` is every page that was read, in the order of its best sentence. `cell` names the cell
    of a table that `text` is.

    Raises ValueError when there is no citation, or `text` does not stand at `start` in the first quote.
    """

    question: str
    text: str
    start: int  # where `text` stands, in offsets of the first citation's document
    confidence: float
    citations: tuple[Citation, ...]
    evidence: tuple[Citation, ...]
    ranking: tuple[Place, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    cell: CellName | None = None

    answered = True

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("an answer needs a citation")
        at = self.start - self.citations[0].start
        if not self.text or at < 0 or self.citations[0].quote[at : at + len(self.text)] != self.text:
            raise ValueError(f"{self.text!r} does not stand at {at} in {self.citations[0].quote!r}")


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The library does not say. `evidence` holds the nearest sentences, `reason` what is missing."""

    question: str
    reason: str
    confidence: float  # the chance that the best of `evidence` answers, below the threshold
    evidence: tuple[Citation, ...]
    ranking: tuple[Place, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)

    answered = False
