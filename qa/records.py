"""Answers and hits as plain records, exactly as `--json` prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from index.hit import Hit, MentionHit, ReferenceHit
from index.library import Library
from ingest.document import Document, Span
from qa.answer import Answer, NoAnswer
from qa.citations import cite

Record = dict[str, object]


def answer_record(result: Answer | NoAnswer) -> Record:
    """What `ask` returned: `answer` is null where there is none, `reason` is null where there is one.

    `answer.cell` is there only where the answer is a cell of a table, and names its row and column.
    """
    answer: Record | None = None
    if isinstance(result, Answer):
        answer = {
            "text": result.text,
            "confidence": result.confidence,
            "citations": [asdict(citation) for citation in result.citations],
        }
        if result.cell:
            answer["cell"] = asdict(result.cell)
    return {
        "question": result.question,
        "answered": result.answered,
        "answer": answer,
        "reason": result.reason if isinstance(result, NoAnswer) else None,
        "evidence": [asdict(citation) for citation in result.evidence],
        "timings_ms": result.timings_ms,
    }


def search_record(query: str, hits: Sequence[Hit], library: Library) -> Record:
    """What `search` returned, best first, each hit located like a citation."""
    return {
        "query": query,
        "hits": [hit_record(rank, hit, library) for rank, hit in enumerate(hits, start=1)],
    }


def hit_record(rank: int, hit: Hit, library: Library) -> Record:
    """A hit. `start` and `end` count in the document; `highlights` count in the hit's own `text`."""
    passage = hit.passage
    place = cite(library.document(passage.document_id), passage.start, passage.end, hit.score)
    return {
        "rank": rank,
        "document_id": place.document_id,
        "title": place.title,
        "source": place.source,
        "page": place.page,
        "page_label": place.page_label,
        "section": place.section,
        "start": place.start,
        "end": place.end,
        "text": place.quote,
        "score": place.score,
        "highlights": [[span.start, span.end] for span in highlights_in_text(hit)],
    }


def references_record(query: str, hits: Sequence[ReferenceHit], library: Library) -> Record:
    """What a search for references returned, best first, each entry with the places that cite it."""
    return {
        "query": query,
        "references": [reference_record(rank, hit, library) for rank, hit in enumerate(hits, start=1)],
    }


def reference_record(rank: int, hit: ReferenceHit, library: Library) -> Record:
    """A bibliography entry. All `start` and `end` count in the document."""
    document = library.document(hit.document.id)
    reference = hit.reference
    place = cite(document, reference.start, reference.end, hit.score)
    return {
        "rank": rank,
        "document_id": place.document_id,
        "title": place.title,
        "source": place.source,
        "page": place.page,
        "page_label": place.page_label,
        "start": place.start,
        "end": place.end,
        "text": place.quote,
        "score": place.score,
        "reference": {
            "authors": list(reference.authors),
            "year": reference.year,
            "title": reference.title,
            "container": reference.container,
            "url": reference.url,
            "doi": reference.doi,
            "label": reference.label,
        },
        "mentions": [_mention_record(mention, document) for mention in hit.mentions],
    }


def _mention_record(hit: MentionHit, document: Document) -> Record:
    place = cite(document, hit.mention.start, hit.mention.end, 0.0)
    return {
        "start": place.start,
        "end": place.end,
        "page": place.page,
        "page_label": place.page_label,
        "section": place.section,
        "sentence": {"start": hit.sentence.start, "end": hit.sentence.end, "text": hit.sentence_text},
        "passage": {"start": hit.passage.start, "end": hit.passage.end, "text": hit.passage_text},
    }


def highlights_in_text(hit: Hit) -> list[Span]:
    """The hit's highlights, moved from the document's offsets to those of the hit's text."""
    begin, length = hit.passage.start, hit.passage.end - hit.passage.start
    moved = (Span(max(span.start - begin, 0), min(span.end - begin, length)) for span in hit.highlights)
    return [span for span in moved if span.start < span.end]
