"""An entry of a document's bibliography in, every place of the document that cites it out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from index.hit import MentionHit
from ingest.document import Document, Mention, Passage, Span
from ingest.passages import sentences


def mention_hits(document: Document, passages: Sequence[Passage], position: int) -> tuple[MentionHit, ...]:
    """Each mention of `document.references[position]`, in order, with its sentence and its passage."""
    hits = []
    for mention in document.mentions:
        if mention.reference != position:
            continue
        # Passages hold every character that is not blank, and so the marker's first.
        holder = passages[bisect_right(passages, mention.start, key=lambda passage: passage.start) - 1]
        sentence = sentence_around(document, mention)
        hits.append(
            MentionHit(
                mention,
                sentence,
                sentence.of(document.text),
                holder,
                document.text[holder.start : holder.end],
            )
        )
    return tuple(hits)


def sentence_around(document: Document, mention: Mention) -> Span:
    """The sentence or table row that a marker stands in; from the first to the last where it crosses their ends."""
    text = document.text
    before = text.rfind("\n\n", 0, mention.start)
    start = before + 2 if before >= 0 else 0
    end = text.find("\n\n", mention.end)
    units = [
        unit
        for unit in sentences(document, start, len(text) if end < 0 else end)
        if unit.start < mention.end and mention.start < unit.end
    ]
    return Span(units[0].start, units[-1].end)
