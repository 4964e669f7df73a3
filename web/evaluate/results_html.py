"""An evaluation as HTML: how far it is, the numbers, a table of languages, the questions that went wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from index.errors import UnknownDocument
from index.library import Library
from ingest.errors import VerbatimError
from qa.answer import Answer
from qa.errors import UnknownGoldDocument
from qa.evaluation.gold import GoldQuestion, gold_report
from qa.evaluation.grading import Asked, Report, failures, faults_of
from qa.evaluation.run import stamped
from web.cards import citation_card, error_html
from web.evaluate.questions import GoldSet
from web.interface import Interface
from web.words import tag

MOST_SHOWN = 100  # failures; all are in the file


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the report by its name there, and what it says of a library."""

    key: str
    title: str
    meaning: str
    of_each: bool = True  # each question counts as right or wrong, so that they can be counted


def measures(say: Interface) -> tuple[Measure, ...]:
    """What is shown in large type, in this order."""
    return (
        Measure(
            "document_hit@1",
            say("Right document first"),
            say("A document that you named was read as the best one."),
        ),
        Measure(
            "first_quote_right",
            say("Right quotation first"),
            say("The first quotation holds one of your answers."),
        ),
        Measure(
            "f1",
            say("Words of the answer (F1)"),
            say("How far the short answer has the words of yours, no more and no fewer."),
            of_each=False,
        ),
        Measure(
            "refused_unanswerable",
            say("Rightly refused"),
            say("Questions without an answer that got none: the more, the better."),
        ),
        Measure(
            "refused_answerable",
            say("Wrongly refused"),
            say("Questions with an answer that got none: the fewer, the better."),
        ),
    )


def running_html(say: Interface, gold: GoldSet, asked: Sequence[Asked]) -> str:
    """How many have been asked, and the table so far."""
    done, count = len(asked), len(gold.questions)
    told = say("{done} of {count}", done=say.number(done), count=say.number(count))
    bar = f'<progress value="{done}" max="{count}" aria-label="{escape(say("Questions asked"))}"></progress>'
    table = _table(say, gold_report(gold.path, gold.questions, asked)) if asked else ""
    return f'<section class="evaluation running"><p class="progress">{bar} {tag("span", told)}</p>{table}</section>'


def results_html(say: Interface, gold: GoldSet, asked: Sequence[Asked], library: Library) -> str:
    """The whole result of the questions that were asked, which are the first ones of the set."""
    report = stamped(gold_report(gold.path, gold.questions, asked), library)
    lost = failures(asked)
    count = say.count("{n} question", "{n} questions", len(asked))
    told = say("{asked}, none went wrong.", asked=count)
    if lost:
        told = say.count("{asked}, {n} went wrong.", "{asked}, {n} went wrong.", len(lost), asked=count)
    if len(asked) < len(gold.questions):
        told = f"{say('Stopped: {count} were not asked.', count=len(gold.questions) - len(asked))} {told}"
    pairs = zip(gold.questions, asked, strict=False)
    wrong = [(question, item) for question, item in pairs if faults_of(item)]
    return (
        f'<section class="evaluation"><h2>{escape(say("Result"))}</h2><p class="summary" role="status">'
        f"{escape(told)}</p>{_numbers(say, report, asked)}"
        f"{tag('h3', say('By language of the question'), 'lead')}{_table(say, report)}"
        f"{_downloads(say, report, lost)}{_failures(say, wrong, library)}</section>"
    )


def refusal_html(say: Interface, error: VerbatimError) -> str:
    """Why nothing was asked: names that no document bears each with those that are nearest, else the error's words."""
    if not isinstance(error, UnknownGoldDocument):
        return error_html(say, error)
    rows = "".join(
        f"<li>{escape(say('Line {line}:', line=each.line))} <b>{escape(each.name)}</b> "
        f"{tag('span', say('perhaps {names}', names=', '.join(each.nearest)) if each.nearest else '', 'near')}</li>"
        for each in error.unknown
    )
    return (
        f'<div class="message" role="status">{tag("h2", say("The library holds no such document"))}'
        f"{tag('p', say('Correct the name, or add the document under Library.'))}"
        f'<ul class="unknown">{rows}</ul></div>'
    )


def saved_html(name: str, text: str, label: str) -> str:
    """A button that saves `text` as a file of this name (desk.js)."""
    held = f"<textarea hidden readonly>\n{escape(text)}</textarea>"  # the parser drops the first line break
    return f'<button type="button" class="download" data-name="{escape(name)}">{escape(label)}</button>{held}'


def _numbers(say: Interface, report: Report, asked: Sequence[Asked]) -> str:
    shown = [_number(say, each, report, asked) for each in measures(say)]
    seconds = say.number(round(float(str(report["latency_p50_ms"])) / 1000, 1))
    shown.append(
        f'<div>{tag("dt", say("Time"))}<dd class="large">{escape(say("{n} s", n=seconds))}</dd>'
        f"{tag('dd', say('Half of the questions took no longer.'), 'meaning')}</div>"
    )
    return f'<dl class="numbers">{"".join(shown)}</dl>'


def _number(say: Interface, measure: Measure, report: Mapping[str, Any], asked: Sequence[Asked]) -> str:
    scores = [item.measures[measure.key] for item in asked if measure.key in item.measures]
    of = say.count("{n} question", "{n} questions", len(scores))
    if measure.of_each:
        of = say("{right} of {questions}", right=say.number(round(sum(scores))), questions=of)
    told = of if scores else say("no such question")
    return (
        f'<div>{tag("dt", measure.title)}<dd class="large">{_percent(report[measure.key])}</dd>'
        f"{tag('dd', told, 'of')}{tag('dd', measure.meaning, 'meaning')}</div>"
    )


def _table(say: Interface, report: Mapping[str, Any]) -> str:
    """A row for each language, for questions asked across languages and not where there are both, and for all."""
    rows = [(say.language_of(code), part) for code, part in report["by_language"].items()]
    if len(crossed := report.get("by_cross_lingual", {})) > 1:
        rows += [(say("Same language"), crossed["false"]), (say("Across languages"), crossed["true"])]
    if len(rows) > 1:
        rows.append((say("All"), report))
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class="number">{say.number(part["n"])}</td>'
        + "".join(f'<td class="number">{_percent(part[key])}</td>' for key in _COLUMNS)
        + "</tr>"
        for name, part in rows
    )
    return f'<div class="table"><table class="scores">{_heads(say)}<tbody>{body}</tbody></table></div>'


_COLUMNS = (
    *("document_hit@1", "document_hit@5", "first_quote_right", "f1"),
    *("refused_unanswerable", "refused_answerable"),
)


def _heads(say: Interface) -> str:
    """Two rows of heads over `_COLUMNS`; each tells in its title what is counted."""
    document, quotation, f1, rightly, wrongly = (escape(each.meaning) for each in measures(say))
    in_five = escape(say("A document that you named is among the five that were read as the best."))

    def head(text: str, title: str = "", over: str = 'scope="col" rowspan="2"') -> str:
        titled = f' title="{title}"' if title else ""
        return f'<th class="number" {over}{titled}>{escape(text)}</th>'

    both, below = 'scope="colgroup" colspan="2"', 'scope="col"'
    return (
        f'<thead><tr><th scope="col" rowspan="2">{escape(say("Language"))}</th>{head(say("Questions"))}'
        f"{head(say('Document'), over=both)}{head(say('Quotation first'), quotation)}{head(say('F1'), f1)}"
        f"{head(say('Refused'), over=both)}</tr><tr>{head(say('first'), document, below)}"
        f"{head(say('in 5'), in_five, below)}{head(say('rightly'), rightly, below)}"
        f"{head(say('wrongly'), wrongly, below)}</tr></thead>"
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{round(share * 100)}%"


def _downloads(say: Interface, report: Report, lost: Sequence[Report]) -> str:
    """What `python -m qa evaluate gold` prints with --json, and writes with --failures."""
    records = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in lost)
    buttons = [
        saved_html("report.json", json.dumps(report, ensure_ascii=False, indent=2), say("Report (JSON)"))
    ]
    if lost:
        buttons.append(saved_html("failures.jsonl", records, say("Failures (JSON lines)")))
    return f'<p class="saves">{tag("span", say("Download:"))}{"".join(buttons)}</p>'


def _failures(say: Interface, wrong: Sequence[tuple[GoldQuestion, Asked]], library: Library) -> str:
    if not wrong:
        return ""
    parts = [tag("h3", say("What went wrong"), "lead")]
    parts += [_failure(say, question, item, library) for question, item in wrong[:MOST_SHOWN]]
    if (more := len(wrong) - MOST_SHOWN) > 0:
        parts.append(
            tag("p", say.count("{n} more is in the file.", "{n} more are in the file.", more), "summary")
        )
    return "".join(parts)


def _failure(say: Interface, question: GoldQuestion, item: Asked, library: Library) -> str:
    link = f"{say.home}?q={quote(question.question, safe='')}"
    faults = "".join(tag("li", fault_told(say, fault)) for fault in faults_of(item))
    answered = _answered(say, item)
    return (
        f'<section class="turn failure"><header><h4 class="question" lang="{escape(item.language)}" dir="auto">'
        f'{escape(question.question)}</h4><a class="link" href="{escape(link)}" target="_blank" rel="noopener">'
        f'{escape(say("Ask it again"))}</a></header><ul class="faults">{faults}</ul><dl class="compared">'
        f"<div>{tag('dt', say('Expected'))}<dd>{''.join(_expected(say, question))}</dd></div>"
        f"<div>{tag('dt', say('Answered'))}{tag('dd', answered)}</div></dl>{_card(say, item, library)}</section>"
    )


def _expected(say: Interface, question: GoldQuestion) -> Iterator[str]:
    if not question.answerable:
        yield escape(say("No answer"))
        return
    yield tag("span", " · ".join(question.answers), "words")
    where = [*question.documents]
    where += [say("page {label}", label=page) for page in question.pages]
    yield tag("span", ", ".join(where), "place")


def _answered(say: Interface, item: Asked) -> str:
    result = item.result
    if isinstance(result, Answer):
        return f"{result.text} ({say('{percent}% sure', percent=round(min(result.confidence, 0.99) * 100))})"
    return f"{say('No answer')}: {say.told(result.reason)}"


def _card(say: Interface, item: Asked, library: Library) -> str:
    """The first quotation, which the question was graded by."""
    if not item.result.evidence:
        return ""
    try:
        return citation_card(say, item.result.evidence[0], library)
    except UnknownDocument:
        return tag("p", say("The document has been removed since."), "summary")


def fault_told(say: Interface, fault: str) -> str:
    """A fault of `faults_of` in the reader's language. Raises KeyError for any other text."""
    return {
        "answered though unanswerable": say("Answered, though there is no answer"),
        "another document ranked first": say("Another document came first"),
        "no answer in the first quote": say("The first quotation holds no answer"),
        "refused though answerable": say("Refused, though there is an answer"),
        "wrong answer": say("Wrong answer"),
    }[fault]
