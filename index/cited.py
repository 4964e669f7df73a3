"""An entry of a document's bibliography in, every place of the document that cites it out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from index.hit import MentionHit
from ingest.document import Document, Mention, Passage, Span
from ingest.passages import sentences


def mention_hits(document: Document, passages: Sequence[Passage], position: int) -> tuple[MentionHit, ...]:
    """Each mention of `document.references[position]`, in order, with its sentence and its passage."""
    hits: list[MentionHit] = []
    around = _Sentences(document)
    for mention in document.mentions:
        if mention.reference != position:
            continue
        # Passages hold every character that is not blank, and so the marker's first.
        holder = passages[bisect_right(passages, mention.start, key=lambda passage: passage.start) - 1]
        sentence = around(mention)
        # Mentions in one sentence, or one passage, share its text: a sentence may be of any length.
        before = hits[-1] if hits else None
        hits.append(
            MentionHit(
                mention,
                sentence,
                before.sentence_text
                if before and before.sentence == sentence
                else sentence.of(document.text),
                holder,
                before.passage_text
                if before and before.passage == holder
                else document.text[holder.start : holder.end],
            )
        )
    return tuple(hits)


class _Sentences:
    """The sentences around the markers of a document, asked for in order; each block is split once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._block = Span(0, 0)
        self._units: tuple[Span, ...] = ()

    def __call__(self, mention: Mention) -> Span:
        """The sentence or table row a marker stands in; from the first to the last where it crosses their ends."""
        if not self._block.start <= mention.start < mention.end <= self._block.end:
            text = self._document.text
            before = text.rfind("\n\n", 0, mention.start)
            end = text.find("\n\n", mention.end)
            self._block = Span(before + 2 if before >= 0 else 0, len(text) if end < 0 else end)
            self._units = sentences(self._document, self._block.start, self._block.end)
        first = bisect_right(self._units, mention.start, key=lambda unit: unit.end)
        last = bisect_left(self._units, mention.end, key=lambda unit: unit.start) - 1
        return Span(self._units[first].start, self._units[last].end)
