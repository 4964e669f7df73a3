"""An answer, or the lack of one, as HTML: what is quoted, by whom, and who says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from index.errors import UnknownDocument
from index.library import Library
from ingest.document import Span
from qa.answer import Answer, Citation, Claim, NoAnswer
from qa.export import FORMATS
from web.cards import Extent, card_html, citation_card, citation_link, extent_words, passage_around
from web.interface import Interface
from web.notebook.quotations import MOST_QUOTED
from web.text_html import Mark
from web.words import file_name, sentence, tag

LONGEST_HEADLINE = 60  # characters of an answer set in the largest type
_MOST_CERTAIN = 0.99  # no reading is without doubt


def answer_html(say: Interface, result: Answer | NoAnswer, library: Library, searched: Extent) -> str:
    """The whole result of a question; `searched` is what it was looked for in."""
    if isinstance(result, Answer):
        return _found(say, result, library)
    return _not_found(say, result, library, searched)


def earlier_answer_html(say: Interface, result: Answer | NoAnswer, library: Library, searched: Extent) -> str:
    """The result of an earlier question, or that a document has gone since then."""
    try:
        return answer_html(say, result, library, searched)
    except UnknownDocument:
        told = say("Its document is no longer in the library, and so its words cannot be shown.")
        return f'<section class="answer none">{tag("p", told, "reason")}</section>'


def first_quotation(result: Answer | NoAnswer) -> Citation | None:
    """What is to be opened beside the answer; None beside a question that has none."""
    return (result.evidence or result.citations)[0] if isinstance(result, Answer) else None


def cited(answer: Answer) -> tuple[Citation, ...]:
    """What the answer rests on: its own quotation, those to read, those that agree and those that differ.

    Not what was merely near. A place stands there once, in the order of the page.
    """
    first = (answer.evidence or answer.citations)[0]
    differing = [citation for claim in answer.differing for citation in claim.citations]
    found = (first, *answer.brief, *answer.citations, *differing)
    lone = [item for item in answer.items if not any(_inside(item, whole) for whole in found)]
    places = {(c.document_id, c.start, c.end): c for c in (*found, *lone)}
    return tuple(places.values())[:MOST_QUOTED]


def _found(say: Interface, answer: Answer, library: Library) -> str:
    first, *others = answer.evidence or answer.citations
    document = library.document(first.document_id)
    marks = [Mark(first.start, first.end, "quote")]
    if answer.text != first.quote:
        marks.append(Mark(answer.start, answer.start + len(answer.text), "answer"))
    kind = "short" if len(answer.text) <= LONGEST_HEADLINE else "short sentence"
    confidence = say("{percent}% sure", percent=round(min(answer.confidence, _MOST_CERTAIN) * 100))
    parts = [
        f'<section class="answer"><p class="label">{escape(say("Answer"))} {tag("span", confidence, "confidence")}</p>',
        f'<p class="{kind}" lang="{escape(document.language)}" dir="auto">{escape(answer.text)}</p>',
        tag("p", f"{answer.cell.row} · {answer.cell.column}" if answer.cell else "", "cell"),
        _understood(say, result=answer),
        _items(say, answer.items),
        _standing(say, answer, library),
        card_html(say, document, Span(first.start, first.end), passage_around(first, library), marks),
        "</section>",
    ]
    if len(answer.brief) > 1:
        parts.append(tag("h3", say("In the words of the sources"), "lead"))
        parts += [citation_card(say, citation, library) for citation in answer.brief]
        others = [each for each in others if not any(_inside(each, whole) for whole in answer.brief)]
    if others:
        parts.append(tag("h3", say("Further evidence"), "lead"))
        parts += [citation_card(say, citation, library) for citation in others]
    parts.append(_exports(say, answer))
    return "".join(parts)


def _not_found(say: Interface, result: NoAnswer, library: Library, searched: Extent) -> str:
    some = searched.documents > 0  # what is ticked is among what is held
    headline = say("The library does not say.") if some else say("The library is empty.")
    told = say("Searched: {what}.", what=extent_words(say, searched)) if some else ""
    parts = [
        f'<section class="answer none">{tag("p", say("No answer"), "label")}',
        tag("p", headline, "short"),
        tag("p", sentence(say, result.reason), "reason"),
        _understood(say, result),
        tag("p", told, "summary"),
        tag("p", _how_to_widen(say) if some else "", "summary"),
        "</section>",
    ]
    if result.evidence:
        parts.append(tag("h3", say("Nearest passages"), "lead"))
        parts += [citation_card(say, citation, library) for citation in result.evidence]
    return "".join(parts)


def _how_to_widen(say: Interface) -> str:
    return say(
        "To widen: leave out a year or a name, choose all sources on the left, "
        "look the words up under Search, or add documents."
    )


def _understood(say: Interface, result: Answer | NoAnswer) -> str:
    told = say("Searched for “{question}”", question=result.understood) if result.understood else ""
    return tag("p", told, "understood")


def _items(say: Interface, items: Sequence[Citation]) -> str:
    """What a list question asked for, each item a link to its place."""
    rows = [
        f'<li><a href="{citation_link(say, item)}" target="source">{escape(item.quote)}</a></li>'
        for item in items
    ]
    return f'<ul class="items">{"".join(rows)}</ul>' if rows else ""


def _standing(say: Interface, answer: Answer, library: Library) -> str:
    """How many documents say the same; and, where some say otherwise, each answer with its date and source."""
    agreeing = len(answer.citations)
    if not answer.differing:
        told = say.count("{n} source says “{what}”.", "{n} sources say “{what}”.", agreeing, what=answer.text)
        short = agreeing > 1 and len(answer.text) <= LONGEST_HEADLINE
        return tag("p", told if short else "", "agreement")
    claims = sorted((answer.claim, *answer.differing), key=lambda claim: (not claim.date, claim.date))
    rows = "".join(_claim(say, claim, library) for claim in claims)
    return f'<div class="differing">{tag("h3", say("Sources differ"))}<ul>{rows}</ul></div>'


def _claim(say: Interface, claim: Claim, library: Library) -> str:
    first = claim.citations[0]
    language = escape(library.document(first.document_id).language)
    year = claim.date[:4]
    dated = tag("span", year, "year") if year and year not in claim.text else ""
    told = f'<a href="{citation_link(say, first)}" target="source" lang="{language}">{escape(claim.text)}</a>'
    name = first.title or file_name(first.source)
    if others := len(claim.citations) - 1:
        name = say.count("{name} and {n} other", "{name} and {n} others", others, name=name)
    return f"<li>{told} {dated} {tag('span', name, 'file')}</li>"


def _exports(say: Interface, answer: Answer) -> str:
    """A link for each format: the quotations of this answer as a file."""
    query = urlencode([("quote", f"{c.document_id}:{c.start}:{c.end}") for c in cited(answer)])
    links = "".join(
        f'<a href="/export/quotations{each.suffix}?{escape(query)}" download>{each.label}</a>'
        for each in FORMATS.values()
    )
    return f'<p class="exports">{tag("span", say("Cite this answer:"))}{links}</p>'


def _inside(citation: Citation, whole: Citation) -> bool:
    same = citation.document_id == whole.document_id
    return same and whole.start <= citation.start and citation.end <= whole.end
