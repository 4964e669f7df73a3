"""A SQuAD file comes in, a report on retrieval, sentences, answers and abstention goes out.

Each paragraph becomes a document of a library that is made for this and thrown away.
"""

from __future__ import annotations

import json
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ingest
from index.hit import Filters
from index.library import Library
from ingest.document import Document
from ingest.errors import SourceMissing
from qa import measures
from qa.errors import QUESTION_LIMIT, BadQuestionSet
from qa.evaluate import Ask, Asked, Report, abstention, calibration, latency, ranked_documents, rounded, timed


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question on the paragraph at `paragraph`; without `answers` it is unanswerable (SQuAD 2.0)."""

    text: str
    paragraph: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SquadSet:
    """The paragraphs of a SQuAD file, each once, and the questions on them."""

    source: str
    paragraphs: tuple[str, ...]
    questions: tuple[SquadQuestion, ...]


def read_squad(path: Path) -> SquadSet:
    """Read a file in the format of SQuAD 1.1 or 2.0. Equal paragraphs are merged.

    Raises SourceMissing, and BadQuestionSet where the file is something else.
    """
    paragraphs: dict[str, int] = {}
    questions: list[SquadQuestion] = []
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        for context, qas in _contexts(data):
            number = paragraphs.setdefault(context, len(paragraphs))
            questions.extend(_question(qa, number) for qa in qas)
    except OSError as error:
        raise SourceMissing(str(path), f"cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadQuestionSet(
            str(path), f"not a file in the format of SQuAD 1.1 or 2.0 ({type(error).__name__}: {error})"
        ) from error
    if not questions:
        raise BadQuestionSet(str(path), "holds no question")
    return SquadSet(str(path), tuple(paragraphs), tuple(questions))


def evaluate_squad(squad: SquadSet, library: Library, ask: Ask) -> tuple[Report, list[Asked]]:
    """Fill the empty `library` with the paragraphs, ask every question, and report.

    R@k and MRR@10 rank the paragraphs that were read by their best sentence. `sentence_hit@1`: the first
    evidence quote lies in the gold paragraph and contains a gold answer. `exact_match` and `f1` are over
    all questions, a refusal scoring 0 where there is an answer and 1 where there is none.
    `abstention_auroc`: confidence on each question with its gold paragraph in reach against the same
    question with it left out, and against the unanswerable. `expected_calibration_error`: confidence
    against `sentence_hit@1`, over all questions.
    """
    began = time.perf_counter()
    documents = _fill(library, squad)
    building = time.perf_counter() - began
    ids = {document.id for document in documents}
    passages = sum(len(library.passages(document_id)) for document_id in ids)

    asked: list[Asked] = []
    possible: list[float] = []  # confidence where the answer is in reach
    impossible: list[float] = []  # confidence where it is not
    refused_without_gold: list[bool] = []
    for question in squad.questions:
        gold = documents[question.paragraph]
        result, milliseconds = timed(ask, question.text, library, Filters())
        asked.append(
            Asked(
                question=question.text,
                language=gold.language,
                answers=question.answers,
                answerable=bool(question.answers),
                documents=frozenset({gold.id}),
                ranked=ranked_documents(result),
                result=result,
                latency_ms=milliseconds,
            )
        )
        if not question.answers:
            impossible.append(result.confidence)
            continue
        possible.append(result.confidence)
        without, _ = timed(ask, question.text, library, Filters(excluded=(gold.id,)))
        impossible.append(without.confidence)
        refused_without_gold.append(not without.answered)

    answerable = [item for item in asked if item.answerable]
    report: Report = {
        "file": squad.source,
        "language": Counter(document.language for document in documents).most_common(1)[0][0],
        "n": len(asked),
        "paragraphs": len(ids),
        "passages": passages,
        **_ranking_scores(answerable),
        "sentence_hit@1": _mean(answerable, lambda a: a.first_right),
        "exact_match": _mean(asked, lambda a: a.exact_match),
        "f1": _mean(asked, lambda a: a.f1),
        **abstention(asked),
        "refused_without_gold": measures.mean(refused_without_gold),
        "abstention_auroc": measures.auroc(possible, impossible),
        **calibration(asked),
        **latency(asked),
        "passages_per_second": passages / building,
    }
    return rounded(report), asked


def _contexts(data: Any) -> Iterator[tuple[str, list[Any]]]:
    for article in data["data"]:
        for paragraph in article["paragraphs"]:
            context = unicodedata.normalize("NFC", paragraph["context"]).strip()
            if not context:
                raise ValueError("a paragraph is empty")
            yield context, paragraph["qas"]


def _question(qa: Any, paragraph: int) -> SquadQuestion:
    text = str(qa["question"]).strip()
    if not 0 < len(text) <= QUESTION_LIMIT:
        raise ValueError(f"a question has {len(text):,} characters, the limits are 1 and {QUESTION_LIMIT:,}")
    answers = () if qa.get("is_impossible") else tuple(answer["text"] for answer in qa["answers"])
    return SquadQuestion(text, paragraph, tuple(unicodedata.normalize("NFC", answer) for answer in answers))


def _fill(library: Library, squad: SquadSet) -> list[Document]:
    documents = []
    with library.writing():
        for number, paragraph in enumerate(squad.paragraphs, start=1):
            original = paragraph.encode()
            document = ingest.read(original, source=f"paragraph-{number:05}.txt")
            # A paragraph has no title: its first line is text like the rest, and must not count twice.
            document = replace(document, title="")
            library.add(document, original)
            documents.append(document)
    return documents


def _ranking_scores(asked: Sequence[Asked]) -> Report:
    recall = {
        f"R@{k}": measures.mean([measures.recall_at_k(a.ranked, a.documents, k) for a in asked])
        for k in (1, 3, 5)
    }
    reciprocal = _mean(asked, lambda a: measures.reciprocal_rank(a.ranked, a.documents, 10))
    return {**recall, "MRR@10": reciprocal}


def _mean(asked: Sequence[Asked], value: Callable[[Asked], float]) -> float | None:
    return measures.mean([value(item) for item in asked])
