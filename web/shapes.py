"""What the records look like, key by key: the types that the REST interface checks and describes them with.

Each mirrors a function of qa.records or web.tools exactly; a key that is not here is a mistake, and one that is
NotRequired is there only where it says something. Every `start, end` counts characters of the document's text
unless it says otherwise, the end not included.
"""

from __future__ import annotations

from typing import Annotated, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict  # typing's own is not enough for pydantic before Python 3.12

_exact = with_config(extra="forbid")

DocumentId = Annotated[str, Field(description="32 hexadecimal digits, made from the file's bytes")]
Source = Annotated[
    str,
    Field(
        description="what the document came from: a web address, or the name of a file without its folders"
    ),
]
PageNumber = Annotated[int, Field(description="counted from 1")]
PageLabel = Annotated[str, Field(description='what is printed on the page, "" where the format has no pages')]
Chance = Annotated[float, Field(description="the chance in [0, 1] that this is right")]
Date = Annotated[str, Field(description='"2012", "2012-10", "2012-10-17" or ""')]


@_exact
class Citation(TypedDict):
    """A quotation and its place: the document's text from start to end is the quote."""

    document_id: DocumentId
    title: str
    source: Source
    page: PageNumber
    page_label: PageLabel
    section: Annotated[str, Field(description="the heading above the quotation")]
    start: int
    end: int
    quote: str
    score: Chance


@_exact
class Claim(TypedDict):
    """What documents say, with a citation of each that says it."""

    text: Annotated[str, Field(description="words of the first citation's quote")]
    confidence: Chance
    citations: list[Citation]
    date: NotRequired[Annotated[str, Field(description='of when it is: "2012", "2012-10" or "2012-10-17"')]]


@_exact
class Cell(TypedDict):
    """The row and the column of the table whose cell the answer is."""

    row: str
    column: str


@_exact
class Answer(Claim):
    """The short answer with every document that says the same, and what others say instead."""

    cell: NotRequired[Cell]
    items: NotRequired[Annotated[list[Citation], Field(description="of a question for a list, one by one")]]
    brief: NotRequired[Annotated[list[Citation], Field(description="what to read, in its order")]]
    differing: NotRequired[
        Annotated[list[Claim], Field(description="what other documents say, oldest first")]
    ]


@_exact
class AskRecord(TypedDict):
    """A question with its answer, or with the reason why there is none."""

    question: str
    answered: bool
    answer: Answer | None
    reason: Annotated[str | None, Field(description="why there is no answer")]
    evidence: Annotated[
        list[Citation], Field(description="the sentences nearest to the question, best first")
    ]
    timings_ms: Annotated[dict[str, float], Field(description="milliseconds of each stage")]
    understood: NotRequired[
        Annotated[
            str, Field(description="the question as it was searched, where that is not as it was asked")
        ]
    ]


@_exact
class Hit(TypedDict):
    """A passage that a search found."""

    rank: int
    document_id: DocumentId
    title: str
    source: Source
    page: PageNumber
    page_label: PageLabel
    section: str
    start: int
    end: int
    text: str
    score: float
    highlights: Annotated[
        list[tuple[int, int]], Field(description="words of the query, as [start, end] in the hit's own text")
    ]


@_exact
class SearchRecord(TypedDict):
    """The passages nearest to a query, best first."""

    query: str
    hits: list[Hit]


@_exact
class Entry(TypedDict):
    """What a bibliography entry says of the work; "" where it does not."""

    authors: list[str]
    year: str
    title: str
    container: Annotated[str, Field(description="the journal, book or site that holds the work")]
    url: str
    doi: str
    label: Annotated[str, Field(description="what markers in the text call it")]


@_exact
class Stretch(TypedDict):
    """A stretch of a document with its text."""

    start: int
    end: int
    text: str


@_exact
class Mention(TypedDict):
    """A place that cites the work."""

    start: int
    end: int
    page: PageNumber
    page_label: PageLabel
    section: str
    sentence: Stretch
    passage: Stretch


@_exact
class Reference(TypedDict):
    """An entry of a bibliography, and every place of its document that cites it."""

    rank: int
    document_id: DocumentId
    title: Annotated[str, Field(description="of the document that holds the bibliography")]
    source: Source
    page: PageNumber
    page_label: PageLabel
    start: int
    end: int
    text: str
    score: float
    reference: Entry
    mentions: list[Mention]


@_exact
class ReferencesRecord(TypedDict):
    """The entries that hold most words of a query, best first."""

    query: str
    references: list[Reference]


@_exact
class Card(TypedDict):
    """A document without its text."""

    id: DocumentId
    source: Source
    format: str
    title: str
    authors: list[str]
    publisher: str
    published: Date
    language: Annotated[str, Field(description="ISO 639-1, of most of the text")]
    type: Annotated[str, Field(description='"article", "paper", "report", "law", "statistics" or ""')]
    doi: str
    url: str
    pages: Annotated[int, Field(description="how many")]
    passages: Annotated[int, Field(description="how many")]
    characters: Annotated[int, Field(description="how many")]


@_exact
class DocumentsRecord(TypedDict):
    """Documents by title."""

    total: Annotated[int, Field(description="how many there are, of which some may be on further pages")]
    documents: list[Card]


@_exact
class Page(TypedDict):
    """A page; pages tile the text."""

    number: PageNumber
    label: PageLabel
    start: int
    end: int


@_exact
class Section(TypedDict):
    """A heading and the text under it; sections tile the text."""

    heading: str
    level: Annotated[int, Field(description="1 for the outermost, 0 for text before any heading")]
    start: int
    end: int


@_exact
class Note(TypedDict):
    """Something to know of how well a document could be read."""

    kind: str
    message: str
    pages: Annotated[list[int], Field(description="that it is about; none for the whole document")]


@_exact
class DocumentRecord(TypedDict):
    """What is known of a document."""

    document: Card
    pages: list[Page]
    sections: list[Section]
    notes: list[Note]


@_exact
class TextRecord(TypedDict):
    """A stretch of a document's text, with the page and the section that it begins in."""

    document_id: DocumentId
    title: str
    source: Source
    characters: Annotated[int, Field(description="of the whole text")]
    page: PageNumber
    page_label: PageLabel
    section: str
    start: int
    end: int
    text: str


@_exact
class WrongField(TypedDict):
    """A value that cannot be taken."""

    field: str
    message: str


@_exact
class Problem(TypedDict):
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: Annotated[str, Field(description="what happened, and what to do")]
    error: Annotated[str, Field(description="the name of what went wrong, for programs")]
    fields: NotRequired[list[WrongField]]
