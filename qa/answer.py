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
class Claim:
    """An answer as some documents give it: its words in the first citation's quote, and whom it is from.

    `date` is ISO 8601, as precise as it is known: the year that the sentence gives for its figure, else when
    the document was published, else "".
    """

    text: str
    start: int  # where `text` stands, in offsets of the first citation's document
    citations: tuple[Citation, ...]  # a document once
    confidence: float
    date: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError when there is no citation, or `text` does not stand at `start` in the first quote."""
        if not self.citations:
            raise ValueError("an answer needs a citation")
        at = self.start - self.citations[0].start
        if not self.text or at < 0 or self.citations[0].quote[at : at + len(self.text)] != self.text:
            raise ValueError(f"{self.text!r} does not stand at {at} in {self.citations[0].quote!r}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A short answer and the sentences it rests on.

    `claim` is the answer with every document that says the same; `differing` is what other documents say
    instead, oldest first. `evidence` is the supporting sentences, best first, and begins with the answer's own.
    `items` are those of a list question; `brief` is what to read, in reading order, for a question that
    wants more than a few words (how, why, compare, list), else empty. `ranking` is every page that was
    read, in the order of its best sentence. `cell` names the cell of a table that the answer is.
    """

    question: str
    claim: Claim
    evidence: tuple[Citation, ...]
    differing: tuple[Claim, ...] = ()
    items: tuple[Citation, ...] = ()
    brief: tuple[Citation, ...] = ()
    ranking: tuple[Place, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    cell: CellName | None = None
    understood: str = ""  # the question as it was searched, where that is not as it was asked

    answered = True

    @property
    def text(self) -> str:
        return self.claim.text

    @property
    def start(self) -> int:
        return self.claim.start

    @property
    def confidence(self) -> float:
        """The calibrated chance that the answer is right."""
        return self.claim.confidence

    @property
    def citations(self) -> tuple[Citation, ...]:
        return self.claim.citations


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The library does not say. `evidence` holds the nearest sentences, `reason` what is missing."""

    question: str
    reason: str
    confidence: float  # the chance that the best of `evidence` answers, below the threshold
    evidence: tuple[Citation, ...]
    ranking: tuple[Place, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    understood: str = ""

    answered = False
