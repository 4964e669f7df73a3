"""Answers, hits, outcomes and refusals as HTML for the page; nothing is computed here but what is shown."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from html import escape

from index.hit import DocumentCard, Hit
from index.intake import Outcome
from index.library import Library
from index.quotes import quoted
from ingest import sentences
from ingest.console import page_list
from ingest.document import Document, Span
from ingest.errors import VerbatimError
from qa.answer import Answer, Citation, NoAnswer
from web.text_html import Mark, text_html
from web.words import count, file_name, language_name, source_link, tag

NONE = "–"  # in a cell that has nothing to say
LONGEST_HEADLINE = 60  # characters of an answer set in the largest type
# The page follows the link of a fresh result that is marked with data-open.
CLEAR_VIEWER = '<a data-open href="/source" target="source" hidden></a>'


def answer_html(result: Answer | NoAnswer, library: Library) -> str:
    """The whole result of a question: the answer and its evidence, or why there is none."""
    body = _found(result, library) if isinstance(result, Answer) else _not_found(result, library)
    return f'<div class="result">{body}{_timings(result.timings_ms)}</div>'


def hits_html(query: str, hits: Sequence[Hit], library: Library) -> str:
    """The passages that a search found, best first, its terms marked."""
    if not hits:
        if phrases := quoted(query):
            told = ", ".join(f"“{phrase}”" for phrase in phrases)
            return message_html(
                "Nothing found",
                f"No passage holds {told} word for word. Leave the marks out for what is near.",
            )
        return message_html("Nothing found", "No passage passes the filters. Widen them, or add documents.")
    heading = f"{count(len(hits), 'passage')} for “{escape(query)}”"
    cards = []
    for rank, hit in enumerate(hits, start=1):
        document = library.document(hit.passage.document_id)
        span = Span(hit.passage.start, hit.passage.end)
        marks = [Mark(term.start, term.end, "term") for term in hit.highlights]
        cards.append(_card(document, span, span, marks, rank=rank))
    return f'<div class="result"><h2 class="lead">{heading}</h2>{"".join(cards)}</div>'


def documents_html(cards: Sequence[DocumentCard], *, editable: bool = True) -> str:
    """The library as a table: each title opens in the viewer, each row can be removed where it is editable."""
    if not cards:
        return message_html("The library is empty", "Drop files above to fill it." if editable else "")
    heads = "<th>Document</th><th>Language</th><th>Date</th>"
    heads += '<th class="number">Pages</th><th class="number">Passages</th><th></th>'
    return (
        f"{tag('p', _extent(cards), 'summary')}"
        f'<div class="table"><table class="documents"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(_document_row(card, editable) for card in cards)}</tbody></table></div>"
    )


def outcomes_html(outcomes: Sequence[Outcome]) -> str:
    """What became of each uploaded file, in plain words."""
    words = {
        "added": "Added: it can be asked about now.",
        "unchanged": "Already here, unchanged.",
        "replaced": "Replaced: the earlier version is gone.",
    }
    items = []
    for outcome in outcomes:
        name = escape(file_name(outcome.source))
        if outcome.document_id:
            name = f'<a href="{source_link(outcome.document_id)}" target="source">{name}</a>'
        told = words.get(outcome.status) or f"Refused: {outcome.reason}"
        told = " ".join([told, *(f"Note: {note.message}{page_list(note.pages)}" for note in outcome.notes)])
        items.append(f'<li class="{outcome.status}"><strong>{name}</strong> {escape(told)}</li>')
    return f'<ul class="outcomes" role="status">{"".join(items)}</ul>'


def error_html(error: VerbatimError) -> str:
    """A refusal, in the words that it was raised with."""
    text = str(error)
    return message_html("That did not work", text[:1].upper() + text[1:])


def message_html(title: str, text: str) -> str:
    """A note where a result would stand."""
    return f'<div class="message" role="status">{tag("h2", title)}{tag("p", text)}</div>'


def _found(answer: Answer, library: Library) -> str:
    first, *others = answer.evidence or answer.citations
    document = library.document(first.document_id)
    marks = [Mark(first.start, first.end, "quote")]
    if answer.text != first.quote:
        marks.append(Mark(answer.start, answer.start + len(answer.text), "answer"))
    around = _passage_around(first, library)
    confidence = tag("span", f"{min(answer.confidence, 0.99):.0%} confident", "confidence")
    kind = "short" if len(answer.text) <= LONGEST_HEADLINE else "short sentence"
    parts = [
        f'<section class="answer"><p class="label">Answer {confidence}</p>',
        f'<p class="{kind}" lang="{escape(document.language)}" dir="auto">{escape(answer.text)}</p>',
        tag("p", f"{answer.cell.row} · {answer.cell.column}" if answer.cell else "", "cell"),
        _understood(answer),
        _items(answer.items),
        _standing(answer, library),
        _card(document, Span(first.start, first.end), around, marks, opens=True),
        "</section>",
    ]
    if len(answer.brief) > 1:
        parts.append('<h2 class="lead">In the words of the sources</h2>')
        parts += [_evidence_card(citation, library) for citation in answer.brief]
        others = [each for each in others if not any(_inside(each, whole) for whole in answer.brief)]
    if others:
        parts.append('<h2 class="lead">Further evidence</h2>')
        parts += [_evidence_card(citation, library) for citation in others]
    return "".join(parts)


def _not_found(result: NoAnswer, library: Library) -> str:
    cards = library.documents()
    parts = [
        '<section class="answer none"><p class="label">No answer</p>',
        f'<p class="short">{"The library does not say." if cards else "The library is empty."}</p>',
        tag("p", result.reason[:1].upper() + result.reason[1:], "reason"),
        _understood(result),
        tag("p", f"Searched: {_extent(cards)}." if cards else "", "summary"),
        f"</section>{CLEAR_VIEWER}",
    ]
    if result.evidence:
        parts.append('<h2 class="lead">Nearest passages</h2>')
        parts += [_evidence_card(citation, library) for citation in result.evidence]
    return "".join(parts)


def _understood(result: Answer | NoAnswer) -> str:
    return tag("p", f"Searched for “{result.understood}”" if result.understood else "", "understood")


def _items(items: Sequence[Citation]) -> str:
    """What a list question asked for, each item a link to its place."""
    rows = [f'<li><a href="{_link(item)}" target="source">{escape(item.quote)}</a></li>' for item in items]
    return f'<ul class="items">{"".join(rows)}</ul>' if rows else ""


def _standing(answer: Answer, library: Library) -> str:
    """How many documents say the same; and, where some say otherwise, each answer with its date and source."""
    agreeing = len(answer.citations)
    if not answer.differing:
        return tag("p", f"{agreeing} documents say so." if agreeing > 1 else "", "agreement")
    rows = []
    for claim in sorted((answer.claim, *answer.differing), key=lambda claim: (not claim.date, claim.date)):
        first = claim.citations[0]
        language = escape(library.document(first.document_id).language)
        dated = f" ({escape(claim.date[:4])})" if claim.date and claim.date[:4] not in claim.text else ""
        said = f'<a href="{_link(first)}" target="source" lang="{language}">{escape(claim.text)}{dated}</a>'
        more = f" and {count(len(claim.citations) - 1, 'other document')}" if len(claim.citations) > 1 else ""
        rows.append(f"<li>{said} {tag('span', (first.title or file_name(first.source)) + more, 'file')}</li>")
    return f'<div class="differing"><p class="label">Sources differ</p><ul>{"".join(rows)}</ul></div>'


def _inside(citation: Citation, whole: Citation) -> bool:
    same = citation.document_id == whole.document_id
    return same and whole.start <= citation.start and citation.end <= whole.end


def _link(citation: Citation) -> str:
    return source_link(citation.document_id, citation.start, citation.end)


def _evidence_card(citation: Citation, library: Library) -> str:
    """A quotation with the sentence before it and the one after."""
    document = library.document(citation.document_id)
    around = _passage_around(citation, library)
    headings = {section.start for section in document.sections if section.heading}
    spans = [s for s in sentences(document, around.start, around.end) if s.start not in headings]
    before = [span.start for span in spans if span.end <= citation.start]
    after = [span.end for span in spans if span.start >= citation.end]
    near = Span(before[-1] if before else citation.start, after[0] if after else citation.end)
    mark = Mark(citation.start, citation.end, "quote")
    return _card(document, Span(citation.start, citation.end), near, [mark])


def _card(
    document: Document,
    target: Span,
    shown: Span,
    marks: Sequence[Mark],
    *,
    opens: bool = False,
    rank: int = 0,
) -> str:
    """A passage with where it stands. `opens` asks the page to show its source without a click."""
    page = document.page_at(target.start)
    where = [
        f"page {page.label}" if page.label else "",
        (document.section_path(target.start) or ("",))[-1],
        document.published,
        language_name(document.language) if document.language else "",
    ]
    places = "".join(f"<li>{escape(place)}</li>" for place in where if place and place != document.title)
    link = source_link(document.id, target.start, target.end)
    language = f'lang="{escape(document.language)}" dir="auto"'
    title = escape(document.title)
    auto = " data-open" if opens else ""
    lead = f'<span class="rank">{rank}</span>' if rank else ""
    return (
        f'<article class="card"><header>{lead}<h3 {language} title="{title}">{title}</h3></header>'
        f'<ul class="where">{places}</ul>'
        f'<div class="passage" {language}>{text_html(document, shown.start, shown.end, marks)}</div>'
        f'<footer><a class="open" href="{link}" target="source"{auto}>Open source</a>'
        f'<span class="file">{escape(file_name(document.source))}</span></footer></article>'
    )


def _document_row(card: DocumentCard, editable: bool) -> str:
    link, title = source_link(card.id), escape(card.title)
    shown = f'target="source" lang="{escape(card.language)}" dir="auto"'
    details = tag("span", ", ".join(card.authors), "authors") + tag("span", file_name(card.source), "file")
    remove = f'class="remove" data-document="{card.id}" aria-label="Remove {title}"'
    cells = [
        f'<td><a class="title" href="{link}" {shown}>{title}</a>{details}</td>',
        f"<td>{escape(language_name(card.language))}</td>",
        f'<td class="date">{escape(card.published) or NONE}</td>',
        f'<td class="number">{f"{card.pages:,}" if card.format == "pdf" else NONE}</td>',
        f'<td class="number"><a href="{link}?view=passages" target="source">{card.passages:,}</a></td>',
        f'<td><button type="button" {remove}>Remove</button></td>' if editable else "<td></td>",
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _extent(cards: Sequence[DocumentCard]) -> str:
    """ "16 documents · 58 passages · English, Korean"."""
    languages = sorted({language_name(card.language) for card in cards if card.language})
    passages = sum(card.passages for card in cards)
    return " · ".join([count(len(cards), "document"), count(passages, "passage"), ", ".join(languages)])


def _passage_around(citation: Citation, library: Library) -> Span:
    """The passage that the quotation stands in, widened where the quotation runs beyond it."""
    passages = library.passages(citation.document_id)
    index = bisect_right(passages, citation.start, key=lambda passage: passage.start) - 1
    if index < 0 or passages[index].end <= citation.start:
        return Span(citation.start, citation.end)
    return Span(passages[index].start, max(passages[index].end, citation.end))


def _timings(timings_ms: dict[str, float]) -> str:
    in_order = sorted(timings_ms.items(), key=lambda step: step[0] == "total")
    steps = [f"{escape(name)} {value:.0f} ms" for name, value in in_order]
    return f'<p class="timings">{" · ".join(steps)}</p>' if steps else ""
