"""Answers, hits and comparisons as plain records, exactly as `--json` prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from index.hit import Hit, MentionHit, ReferenceHit
from index.library import Library
from ingest.document import Document, Span
from qa.answer import Answer, Claim, NoAnswer
from qa.citations import cite

if TYPE_CHECKING:  # asking needs nothing of these
    from qa.evaluation.comparison import Comparison
    from qa.evaluation.run import Outcome, Run

Record = dict[str, object]


def answer_record(result: Answer | NoAnswer) -> Record:
    """What `ask` returned: `answer` is null where there is none, `reason` is null where there is one.

    Of the answer these keys are there only where they say something: `cell` names the row and the column of the
    table whose cell it is, `date` says of when it is, `differing` holds what other documents say instead,
    `items` those of a list, `brief` what to read in its order. `understood` is the question as it was searched,
    where that is not as it was asked.
    """
    answer: Record | None = None
    if isinstance(result, Answer):
        answer = _claim_record(result.claim)
        if result.cell:
            answer["cell"] = asdict(result.cell)
        for name in ("items", "brief"):
            if citations := getattr(result, name):
                answer[name] = [asdict(citation) for citation in citations]
        if result.differing:
            answer["differing"] = [_claim_record(claim) for claim in result.differing]
    record: Record = {
        "question": result.question,
        "answered": result.answered,
        "answer": answer,
        "reason": result.reason if isinstance(result, NoAnswer) else None,
        "evidence": [asdict(citation) for citation in result.evidence],
        "timings_ms": result.timings_ms,
    }
    return record | ({"understood": result.understood} if result.understood else {})


def _claim_record(claim: Claim) -> Record:
    record: Record = {
        "text": claim.text,
        "confidence": claim.confidence,
        "citations": [asdict(citation) for citation in claim.citations],
    }
    return record | ({"date": claim.date} if claim.date else {})


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


def comparison_record(comparison: Comparison) -> Record:
    """Two runs compared. A measure that no single question has is neither won nor lost by any: null."""
    return {
        "a": _run_record(comparison.a),
        "b": _run_record(comparison.b),
        "parts": {
            name: [_rounded({**asdict(measure), "difference": measure.difference}) for measure in measures]
            for name, measures in comparison.parts.items()
        },
        "changes": [
            {
                "set": change.a.set,
                "language": change.a.language,
                "question": change.a.question,
                "expected": list(change.a.expected),
                "moved": {name: [round(x, 4), round(y, 4)] for name, x, y in change.moved},
                "a": _outcome_record(change.a),
                "b": _outcome_record(change.b),
            }
            for change in comparison.changes
        ],
    }


def _run_record(run: Run) -> Record:
    return {name: getattr(run, name) for name in ("kind", "finished", "version", "model", "reader")}


def _outcome_record(outcome: Outcome) -> Record:
    return {
        "answer": outcome.answer,
        "confidence": round(outcome.confidence, 4),
        "first_quote": outcome.first_quote,
        "first_source": outcome.first_source,
    }


def _rounded(record: Record) -> Record:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in record.items()}


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
