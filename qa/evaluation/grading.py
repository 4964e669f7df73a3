"""What both evaluations share: a question is asked exactly as a user would, and graded.

`squad` and `gold` turn the graded questions into their reports, `run` keeps them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from index.hit import Filters
from index.library import Library
from index.query_language import query_language
from ingest.told import Told
from qa.answer import Answer, NoAnswer
from qa.evaluation import measures
from qa.values.value import agree, value_of

# `qa.ask.ask`, with whatever options it ships with; `filters` is passed by keyword.
Ask = Callable[..., Answer | NoAnswer]
Report = dict[str, object]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with what was expected of it, and what came back."""

    question: str
    language: str
    answers: tuple[str, ...]  # empty where unanswerable, or where the set gives none
    answerable: bool
    documents: frozenset[str]  # ids of the documents that answer it
    ranked: tuple[str, ...]  # ids of the documents that were read, by their best sentence
    result: Answer | NoAnswer
    latency_ms: float
    without: Answer | NoAnswer | None = None  # the same question with its documents left out, where asked
    # What the report takes the means of, for this question alone; without those that it has no part in.
    measures: Mapping[str, float] = field(default_factory=dict)

    @property
    def judged(self) -> bool:
        """Whether it can be told right from wrong: not an answerable question that comes without answers."""
        return bool(self.answers) or not self.answerable

    @property
    def exact_match(self) -> float:
        return self._score(measures.exact_match)

    @property
    def f1(self) -> float:
        return self._score(measures.f1)

    @property
    def says_an_answer(self) -> bool:
        """Whether what came shares a word with one of the answers, or says the same: "2007년" for "2007"."""
        if isinstance(self.result, NoAnswer):
            return False
        said = value_of(self.result.text, query_language(self.result.claim.citations[0].quote))
        same = (agree(said, value_of(answer, query_language(answer))) for answer in self.answers)
        return self.f1 > 0 or any(same)

    @property
    def first_quote_right(self) -> bool:
        """The first evidence quote contains one of the answers."""
        evidence = self.result.evidence
        return bool(evidence) and measures.contains_answer(evidence[0].quote, self.answers)

    @property
    def first_document_right(self) -> bool:
        """The first evidence quote lies in a document that answers."""
        evidence = self.result.evidence
        return bool(evidence) and evidence[0].document_id in self.documents

    @property
    def first_right(self) -> bool:
        """The first evidence quote answers, and lies in a document that does where the set names one."""
        return self.first_quote_right and (self.first_document_right or not self.documents)

    def _score(self, measure: Callable[[str, Iterable[str]], float]) -> float:
        # As in the script of SQuAD 2.0: a refusal scores 1 where there is no answer, 0 where there is one.
        if isinstance(self.result, NoAnswer):
            return float(not self.answerable)
        return measure(self.result.text, self.answers) if self.answerable else 0.0


def parsed(text: str) -> Any:
    """The value of a JSON text. Raises ValueError, also for half a surrogate pair, which no report could hold."""
    value = json.loads(text)
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start])
        raise ValueError(Told("half a surrogate pair, {half}", half=half)) from error
    return value


def ranked_documents(result: Answer | NoAnswer) -> tuple[str, ...]:
    """Ids of the documents that were read for a question, by their best sentence."""
    return tuple(dict.fromkeys(place.document_id for place in result.ranking))


def timed(ask: Ask, question: str, library: Library, filters: Filters) -> tuple[Answer | NoAnswer, float]:
    """The result of asking, and the milliseconds it took."""
    began = time.perf_counter()
    result = ask(question, library, filters=filters)
    return result, (time.perf_counter() - began) * 1000


def spread(items: Sequence[Item], limit: int | None) -> Sequence[Item]:
    """At most `limit` of the items, taken evenly from the first to the last; all without a limit."""
    if limit is None or limit >= len(items):
        return items
    return [items[number * len(items) // limit] for number in range(limit)]


def means(asked: Sequence[Asked], names: Iterable[str]) -> Report:
    """The mean of each measure over the questions that have a part in it."""
    return {
        name: measures.mean([item.measures[name] for item in asked if name in item.measures])
        for name in names
    }


ABSTENTION = ("answered", "refused_unanswerable", "refused_answerable")


def abstention(item: Asked) -> dict[str, float]:
    """Whether it answered, and whether it refused where it should or where it should not."""
    refused = "refused_answerable" if item.answerable else "refused_unanswerable"
    return {"answered": float(item.result.answered), refused: float(not item.result.answered)}


def calibration(asked: Sequence[Asked]) -> Report:
    """How far the confidence is from the share of first quotes that are right.

    An answerable question for which the set gives no answer cannot be judged, and is left out.
    """
    return {"expected_calibration_error": measures.expected_calibration_error(*_confidences(asked))}


def reliability(asked: Sequence[Asked]) -> Report:
    """The ten bins behind `calibration`: mean confidence and share right of each, None where it is empty."""
    return {"reliability": [asdict(each) for each in measures.reliability(*_confidences(asked))]}


def _confidences(asked: Sequence[Asked]) -> tuple[list[float], list[bool]]:
    judged = [item for item in asked if item.judged]
    return [item.result.confidence for item in judged], [item.first_right for item in judged]


def latency(asked: Sequence[Asked]) -> Report:
    """Milliseconds from question to result, median and 95th percentile."""
    times = [item.latency_ms for item in asked]
    return {
        "latency_p50_ms": measures.percentile(times, 50),
        "latency_p95_ms": measures.percentile(times, 95),
    }


def failures(asked: Iterable[Asked]) -> list[Report]:
    """The questions that went wrong, each with what went wrong, for reading."""
    records: list[Report] = []
    for item in asked:
        faults = faults_of(item)
        if not faults:
            continue
        first = item.result.evidence[0] if item.result.evidence else None
        records.append(
            {
                "faults": faults,
                "question": item.question,
                "language": item.language,
                "expected": list(item.answers),
                "answer": item.result.text if isinstance(item.result, Answer) else None,
                "confidence": round(item.result.confidence, 4),
                "first_quote": first.quote if first else None,
                "first_source": first.source if first else None,
                "f1": round(item.f1, 4),
            }
        )
    return records


def rounded(report: Mapping[str, object], digits: int = 4) -> Report:
    """The report with its floats cut to what the sample sizes can bear."""
    return {name: _rounded(value, digits) for name, value in report.items()}


def _rounded(value: object, digits: int) -> object:
    if isinstance(value, Mapping):
        return rounded(value, digits)
    if isinstance(value, list):
        return [_rounded(each, digits) for each in value]
    return round(value, digits) if isinstance(value, float) else value


def faults_of(item: Asked) -> list[str]:
    """What went wrong with a question, in words; empty where nothing did."""
    if not item.answerable:
        return ["answered though unanswerable"] if item.result.answered else []
    faults = []
    if item.documents and item.documents.isdisjoint(item.ranked[:1]):
        faults.append("another document ranked first")
    if item.answers and not item.first_quote_right:
        faults.append("no answer in the first quote")
    if not item.result.answered:
        faults.append("refused though answerable")
    elif item.answers and not item.says_an_answer:
        faults.append("wrong answer")
    return faults
