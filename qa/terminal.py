"""Answers and hits as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.hit import Hit, ReferenceHit
from index.library import Library
from ingest.console import STEERING
from ingest.document import Span
from qa.answer import Answer, Citation, NoAnswer
from qa.citations import cite
from qa.records import highlights_in_text

BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


def answer_text(result: Answer | NoAnswer, *, bold: bool) -> str:
    """The answer, then its evidence; or why there is none, then the nearest sentences."""
    if isinstance(result, NoAnswer):
        lines = [f"No answer: {printable(result.reason)}"]
        if result.evidence:
            lines += ["", "Nearest in the library:"]
    else:
        cell = f"   {printable(f'{result.cell.row}, {result.cell.column}')}" if result.cell else ""
        lines = [f"{_strong(printable(result.text), bold)}{cell}   (confidence {result.confidence:.0%})"]
        lines += [f"  • {printable(item.quote)}" for item in result.items]
        lines += _standing(result)
        lines += _brief(result.brief)
    if result.understood:
        lines += [f"Searched for: {printable(result.understood)}"]
    for rank, citation in enumerate(result.evidence, start=1):
        marks = []
        if isinstance(result, Answer) and rank == 1:
            at = result.start - citation.start
            marks = [Span(at, at + len(result.text))]
        lines += ["", *_located(rank, citation, marks, bold)]
    return "\n".join(lines)


def _standing(answer: Answer) -> list[str]:
    """How many documents say the same; and, where some say otherwise, each answer with its date and source."""
    if not answer.differing:
        return [f"{len(answer.citations)} documents say so."] if len(answer.citations) > 1 else []
    lines = ["The sources differ:"]
    for claim in sorted((answer.claim, *answer.differing), key=lambda claim: (not claim.date, claim.date)):
        dated = f" ({claim.date[:4]})" if claim.date and claim.date[:4] not in claim.text else ""
        titles = "; ".join(citation.title or citation.source for citation in claim.citations)
        lines.append(f"  {printable(claim.text)}{dated}: {printable(titles)}")
    return lines


def _brief(citations: Sequence[Citation]) -> list[str]:
    """Sentences to be read one after the other; nothing where there is one alone."""
    if len(citations) < 2:
        return []
    lines = ["", "In the words of the sources:"]
    for citation in citations:
        title = printable(citation.title or citation.source).replace("\n", " ")
        lines += [
            *(f"  {line}" for line in printable(citation.quote).split("\n")),
            f"    {title}{_place(citation, ', ')}",
        ]
    return lines


def hits_text(hits: Sequence[Hit], library: Library, *, bold: bool) -> str:
    """The passages found, best first."""
    if not hits:
        return "Nothing found."
    blocks = []
    for rank, hit in enumerate(hits, start=1):
        passage = hit.passage
        citation = cite(library.document(passage.document_id), passage.start, passage.end, hit.score)
        blocks.append("\n".join(_located(rank, citation, highlights_in_text(hit), bold)))
    return "\n\n".join(blocks)


def references_text(hits: Sequence[ReferenceHit], library: Library, *, bold: bool) -> str:
    """The bibliography entries found, best first, each with every sentence that cites it and its page."""
    if not hits:
        return "No bibliography entry holds any of these words."
    blocks = []
    for rank, hit in enumerate(hits, start=1):
        document = library.document(hit.document.id)
        entry = cite(document, hit.reference.start, hit.reference.end, hit.score)
        lines = _located(rank, entry, [], bold)
        for mention in hit.mentions:
            sentence = cite(document, mention.sentence.start, mention.sentence.end, hit.score)
            at = mention.mention.start - mention.sentence.start
            marker = Span(at, at + mention.mention.end - mention.mention.start)
            quote = _marked(printable(sentence.quote), [marker], bold)
            lines.append(f"    cited{_place(sentence, ': ')}")
            lines += [f"      {line}".rstrip() for line in quote.split("\n")]
        if not hit.mentions:
            lines.append("    cited nowhere in the text")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def printable(text: str) -> str:
    """The text with what steers a terminal replaced one for one: controls, and marks that turn lines around."""
    return STEERING.sub(lambda char: char[0] if char[0] in "\n\t" else "\N{REPLACEMENT CHARACTER}", text)


def _located(rank: int, citation: Citation, marks: Iterable[Span], bold: bool) -> list[str]:
    place = _place(citation)
    title = printable(citation.title or citation.source).replace("\n", " ")
    quote = _marked(printable(citation.quote), marks, bold)
    return [
        f"{rank:>2}. {_strong(title, bold)}{f' ({place})' if place else ''}",
        *(f"    {line}".rstrip() for line in quote.split("\n")),
        f"    {printable(citation.source)}",
    ]


def _place(citation: Citation, before: str = "") -> str:
    """The printed page and the section, after `before`; "" where neither is known."""
    page = f"page {citation.page_label}" if citation.page_label else ""
    section = "" if citation.section == citation.title else citation.section  # say it once
    place = ", ".join(printable(part).replace("\n", " ") for part in (page, section) if part)
    return f"{before}{place}" if place else ""


def _marked(text: str, marks: Iterable[Span], bold: bool) -> str:
    """The text with its marks in bold, line by line, so that no line is left open."""
    if not bold:
        return text
    pieces, done = [], 0
    for mark in sorted(marks, key=lambda span: span.start):
        begin = max(mark.start, done)  # marks may overlap
        if begin < mark.end:
            pieces += [text[done:begin], _strong(text[begin : mark.end], bold)]
            done = mark.end
    return "".join([*pieces, text[done:]])


def _strong(text: str, bold: bool) -> str:
    return "\n".join(f"{BOLD}{line}{PLAIN}" for line in text.split("\n")) if bold else text
