"""A user's own gold questions come in, one JSON object a line; a report on their library goes out.

{"question": "…", "document": "report.pdf", "page": 4, "answers": ["2007"]}
{"question": "…", "document": null, "answerable": false}

`document` may be a list of names. `page` may be a list of pages: a number is the physical page, a
text the printed label, like `page` and `page_label` of a citation. `language` is detected where it is
not given, and `cross_lingual` (true or false) splits the report once more. `id` is the user's own. Any other
key is refused: misspelt, it would be lost without a word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.hit import Filters
from index.library import Library
from index.query_language import query_language
from ingest.errors import SourceMissing
from ingest.told import Told
from qa.answer import Place
from qa.errors import QUESTION_LIMIT, BadQuestionSet, UnknownGoldDocument, UnknownName
from qa.evaluation import measures
from qa.evaluation.grading import (
    ABSTENTION,
    Ask,
    Asked,
    Report,
    abstention,
    calibration,
    latency,
    means,
    parsed,
    ranked_documents,
    reliability,
    rounded,
    timed,
)
from qa.names import name_finder, nearest_names

DEPTHS = (1, 5, 10)
KEYS = ("id", "question", "document", "page", "answers", "answerable", "language", "cross_lingual")


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """One line of a gold set, checked."""

    line: int
    question: str
    documents: tuple[str, ...]
    pages: tuple[int | str, ...]
    answers: tuple[str, ...]
    answerable: bool
    language: str
    cross_lingual: bool | None


def read_gold(path: Path) -> tuple[GoldQuestion, ...]:
    """Read a gold set. Raises SourceMissing, and BadQuestionSet naming the line that is wrong."""
    try:
        return parse_gold(path.read_bytes(), str(path))
    except OSError as error:
        raise SourceMissing(str(path), Told("cannot be read ({why})", why=str(error.strerror))) from error


def parse_gold(data: bytes, source: str) -> tuple[GoldQuestion, ...]:
    """The questions of a file with one JSON object a line; `source` is what errors call it.

    Raises BadQuestionSet naming the line that is wrong.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadQuestionSet(source, Told("not UTF-8 at byte {byte}", byte=error.start)) from error
    questions = []
    for number, line in enumerate(re.split(r"\r\n?|\n", text), start=1):
        if not line.strip():
            continue
        try:
            questions.append(_gold_question(number, parsed(line)))
        except json.JSONDecodeError as error:
            message = Told("not JSON ({why}, column {column})", why=error.msg, column=str(error.colno))
            raise BadQuestionSet(source, message, number) from error
        except ValueError as error:
            raise BadQuestionSet(source, error.args[0], number) from error
    if not questions:
        raise BadQuestionSet(source, Told("holds no question"))
    return tuple(questions)


def evaluate_gold(
    path: Path, questions: Sequence[GoldQuestion], library: Library, ask: Ask
) -> tuple[Report, list[Asked]]:
    """Ask every question of the library and report; what `ask_gold` and `gold_report` do, one after the other.

    Raises UnknownGoldDocument, before anything is asked, where the library holds no such document.
    """
    asked = list(ask_gold(path, questions, library, ask))
    return gold_report(path, questions, asked), asked


def ask_gold(path: Path, questions: Sequence[GoldQuestion], library: Library, ask: Ask) -> Iterator[Asked]:
    """Ask the questions in turn; each comes back graded as soon as it is answered.

    Raises UnknownGoldDocument, before anything is asked, where the library holds no such document.
    """
    named = _documents_named(path, questions, library)
    for question in questions:
        yield _ask(question, named, library, ask)


def gold_report(path: Path, questions: Sequence[GoldQuestion], asked: Sequence[Asked]) -> Report:
    """The report over all that were asked, the first ones of `questions`, and by language.

    `document_hit@k` and `page_hit@k`: a gold one is among the first k documents (pages) that were read,
    by their best sentence; over the questions that name one. `first_quote_right`, `exact_match` and `f1`
    are over the answerable questions that give answers, a refusal scoring 0. `expected_calibration_error`
    is over those and the unanswerable: confidence against a right first quote in a gold document;
    `reliability` is the diagram behind it.
    """
    pairs = list(zip(questions, asked, strict=False))
    report: Report = {
        "file": str(path),
        **_report(asked),
        "by_language": _split((item.language, item) for item in asked),
    }
    if any(question.cross_lingual is not None for question, _ in pairs):
        report["by_cross_lingual"] = _split(
            (str(question.cross_lingual).lower(), item)
            for question, item in pairs
            if question.cross_lingual is not None
        )
    return rounded(report | reliability(asked))


def _gold_question(line: int, record: Any) -> GoldQuestion:
    if not isinstance(record, dict):
        raise ValueError(Told("a line is a JSON object with at least a question"))
    if unknown := [key for key in record if key not in KEYS]:
        raise ValueError(
            Told("unknown key {keys}; the keys are {known}", keys=_quoted(unknown), known=_quoted(KEYS))
        )
    question = record.get("question")
    if not isinstance(question, str) or not 0 < len(question.strip()) <= QUESTION_LIMIT:
        raise ValueError(Told('"question" must be a text of 1 to {limit} characters', limit=QUESTION_LIMIT))
    documents = _texts(record, "document")
    pages = _pages(record)
    answers = _texts(record, "answers")
    if pages and not documents:
        raise ValueError(Told('"page" is given without a "document"'))
    answerable = _flag(record, "answerable")
    if answerable is None:
        answerable = bool(documents or answers)
    if answerable and not documents and not answers:
        raise ValueError(Told('an answerable question needs a "document" or "answers"'))
    language = record.get("language") or query_language(question)
    if not isinstance(language, str):
        raise ValueError(Told('"language" must be a code such as "ko"'))
    return GoldQuestion(
        line=line,
        question=question,
        documents=documents,
        pages=pages,
        answers=answers,
        answerable=answerable,
        language=language,
        cross_lingual=_flag(record, "cross_lingual"),
    )


def _quoted(keys: Iterable[str]) -> str:
    return ", ".join(f'"{key}"' for key in keys)


def _listed(record: dict[str, Any], name: str) -> list[Any]:
    """The values of a field that holds one or a list of them, or is missing."""
    value = record.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _texts(record: dict[str, Any], name: str) -> tuple[str, ...]:
    values = _listed(record, name)
    if not all(isinstance(value, str) and value.strip() for value in values):
        raise ValueError(Told('"{name}" must be a text, or a list of texts', name=name))
    return tuple(values)


def _pages(record: dict[str, Any]) -> tuple[int | str, ...]:
    values = _listed(record, "page")
    for value in values:
        is_number = isinstance(value, int) and not isinstance(value, bool) and value > 0
        if not is_number and not (isinstance(value, str) and value.strip()):
            raise ValueError(Told('"page" must be a number from 1 or a printed label, or a list of them'))
    return tuple(values)


def _flag(record: dict[str, Any], name: str) -> bool | None:
    value = record.get(name)
    if value is not None and not isinstance(value, bool):
        raise ValueError(Told('"{name}" must be true or false', name=name))
    return value


def _documents_named(
    path: Path, questions: Iterable[GoldQuestion], library: Library
) -> dict[str, frozenset[str]]:
    """The ids of the documents of each name that the questions use."""
    find = name_finder(library)
    lines = {name: question.line for question in reversed(list(questions)) for name in question.documents}
    named = {name: find(name) for name in lines}
    if missing := sorted((lines[name], name) for name in named if not named[name]):
        unknown = [UnknownName(line, name, nearest_names(name, library)) for line, name in missing]
        raise UnknownGoldDocument(str(path), unknown)
    return named


def _ask(gold: GoldQuestion, named: dict[str, frozenset[str]], library: Library, ask: Ask) -> Asked:
    documents = frozenset[str]().union(*(named[name] for name in gold.documents))
    result, milliseconds = timed(ask, gold.question, library, Filters())
    item = Asked(
        question=gold.question,
        language=gold.language,
        answers=gold.answers if gold.answerable else (),
        answerable=gold.answerable,
        documents=documents,
        ranked=ranked_documents(result),
        result=result,
        latency_ms=milliseconds,
    )
    on_page = [_on_gold_page(place, documents, gold.pages, library) for place in result.ranking]
    return replace(item, measures=_measures(item, on_page if gold.pages else None))


def _measures(item: Asked, on_page: Sequence[bool] | None) -> dict[str, float]:
    """`on_page` says for each page that was read whether it is a gold one; None where none is named."""
    found: dict[str, float] = {}
    if item.answerable and item.documents:
        found |= {f"document_hit@{k}": measures.hit_at_k(item.ranked, item.documents, k) for k in DEPTHS}
    if item.answerable and on_page is not None:
        found |= {f"page_hit@{k}": float(any(on_page[:k])) for k in DEPTHS}
    if item.answers:
        found["first_quote_right"] = float(item.first_quote_right)
        found |= {"exact_match": item.exact_match, "f1": item.f1}
    return found | abstention(item)


def _on_gold_page(
    place: Place, documents: frozenset[str], pages: Sequence[int | str], library: Library
) -> bool:
    if place.document_id not in documents or not pages:
        return False
    labels = {page.label for page in library.document(place.document_id).pages if page.number == place.page}
    return place.page in pages or not labels.isdisjoint(pages)


def _report(asked: Sequence[Asked]) -> Report:
    return {
        "n": len(asked),
        "n_answerable": sum(item.answerable for item in asked),
        **means(asked, (f"{kind}_hit@{k}" for kind in ("document", "page") for k in DEPTHS)),
        **means(asked, ("first_quote_right", "exact_match", "f1", *ABSTENTION)),
        **calibration(asked),
        **latency(asked),
    }


def _split(named: Iterable[tuple[str, Asked]]) -> Report:
    groups: dict[str, list[Asked]] = {}
    for name, item in named:
        groups.setdefault(name, []).append(item)
    return {name: _report(groups[name]) for name in sorted(groups)}
