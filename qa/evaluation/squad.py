"""A SQuAD file comes in, a report on retrieval, sentences, answers and abstention goes out.

Each paragraph becomes a document of a library that is made for this and thrown away.
"""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ingest
from index.hit import Filters
from index.library import Library
from ingest.document import Document
from ingest.errors import SourceMissing
from qa.errors import QUESTION_LIMIT, BadQuestionSet
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
    spread,
    timed,
)

PARAGRAPHS = ("all", "even", "odd")
_DEPTHS = (1, 3, 5)
_RANKING = (*(f"R@{k}" for k in _DEPTHS), "MRR@10")


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question on the paragraph at `paragraph`; without `answers` it is unanswerable (SQuAD 2.0)."""

    text: str
    paragraph: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SquadSet:
    """The paragraphs of a SQuAD file, each once, and the questions on them.

    `chosen` says in words which of the file's questions these are, "" where they are all.
    """

    source: str
    paragraphs: tuple[str, ...]
    questions: tuple[SquadQuestion, ...]
    chosen: str = ""


def read_squad(path: Path) -> SquadSet:
    """Read a file in the format of SQuAD 1.1 or 2.0. Equal paragraphs are merged, further keys let be.

    Raises SourceMissing, and BadQuestionSet where the file is something else.
    """
    paragraphs: dict[str, int] = {}
    questions: list[SquadQuestion] = []
    try:
        data = parsed(path.read_text(encoding="utf-8-sig"))
        for where, context, qas in _contexts(data):
            number = paragraphs.setdefault(context, len(paragraphs))
            questions.extend(_question(qa, number, f"a question of {where}") for qa in qas)
    except OSError as error:
        raise SourceMissing(str(path), f"cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadQuestionSet(
            str(path), f"not a file in the format of SQuAD 1.1 or 2.0 ({type(error).__name__}: {error})"
        ) from error
    if not questions:
        raise BadQuestionSet(str(path), "holds no question")
    return SquadSet(str(path), tuple(paragraphs), tuple(questions))


def choose(squad: SquadSet, paragraphs: str = "all", limit: int | None = None) -> SquadSet:
    """The set with fewer questions, and all its paragraphs: these stay what is searched.

    "even" and "odd" are the numbers of the paragraphs, counted from 0 through the whole file, equal ones
    once: what is tuned on the one is reported on the other. `limit` takes so many, evenly, from what is left.
    Raises BadQuestionSet where no question is left.
    """
    parity = PARAGRAPHS.index(paragraphs) - 1
    questions = tuple(q for q in squad.questions if parity < 0 or q.paragraph % 2 == parity)
    if not questions:
        raise BadQuestionSet(squad.source, f"holds no question on its {paragraphs} paragraphs")
    taken = tuple(spread(questions, limit))
    words = [f"{paragraphs} paragraphs"] if parity >= 0 else []
    words += [f"{len(taken)} of {len(questions)} questions"] if len(taken) < len(questions) else []
    return replace(squad, questions=taken, chosen=", ".join(words))


def evaluate_squad(squad: SquadSet, library: Library, ask: Ask) -> tuple[Report, list[Asked]]:
    """Fill the empty `library` with the paragraphs, ask every question, and report.

    R@k and MRR@10 rank the paragraphs that were read by their best sentence. `sentence_hit@1`: the first
    evidence quote lies in the gold paragraph and contains a gold answer. `exact_match` and `f1` are over
    all questions, a refusal scoring 0 where there is an answer and 1 where there is none.
    `abstention_auroc`: confidence on each question with its gold paragraph in reach against the same
    question with it left out, and against the unanswerable. `expected_calibration_error`: confidence
    against `sentence_hit@1`, over all questions; `reliability` is the diagram behind it. `chosen` is there
    only where not all questions of the file were asked.
    """
    began = time.perf_counter()
    documents = _fill(library, squad)
    building = time.perf_counter() - began
    ids = {document.id for document in documents}
    passages = sum(len(library.passages(document_id)) for document_id in ids)

    asked = [_ask(question, documents[question.paragraph], library, ask) for question in squad.questions]
    possible = [item.result.confidence for item in asked if item.answerable]
    impossible = [item.result.confidence for item in asked if not item.answerable]
    impossible += [item.without.confidence for item in asked if item.without]
    report: Report = {
        "file": squad.source,
        **({"chosen": squad.chosen} if squad.chosen else {}),
        "language": Counter(document.language for document in documents).most_common(1)[0][0],
        "n": len(asked),
        "paragraphs": len(ids),
        "passages": passages,
        **means(asked, (*_RANKING, "sentence_hit@1", "exact_match", "f1", *ABSTENTION)),
        **means(asked, ("refused_without_gold",)),
        "abstention_auroc": measures.auroc(possible, impossible),
        **calibration(asked),
        **latency(asked),
        "passages_per_second": passages / building,
        **reliability(asked),
    }
    return rounded(report), asked


def _ask(question: SquadQuestion, gold: Document, library: Library, ask: Ask) -> Asked:
    """The question, graded; where it has an answer, it is asked once more with its paragraph left out."""
    result, milliseconds = timed(ask, question.text, library, Filters())
    without = None
    if question.answers:
        without, _ = timed(ask, question.text, library, Filters(excluded=(gold.id,)))
    item = Asked(
        question=question.text,
        language=gold.language,
        answers=question.answers,
        answerable=bool(question.answers),
        documents=frozenset({gold.id}),
        ranked=ranked_documents(result),
        result=result,
        latency_ms=milliseconds,
        without=without,
    )
    return replace(item, measures=_measures(item))


def _measures(item: Asked) -> dict[str, float]:
    found: dict[str, float] = {}
    if item.answerable:
        found |= {f"R@{k}": measures.recall_at_k(item.ranked, item.documents, k) for k in _DEPTHS}
        found["MRR@10"] = measures.reciprocal_rank(item.ranked, item.documents, 10)
        found["sentence_hit@1"] = float(item.first_right)
    if item.without:
        found["refused_without_gold"] = float(not item.without.answered)
    return found | {"exact_match": item.exact_match, "f1": item.f1} | abstention(item)


def _contexts(data: Any) -> Iterator[tuple[str, str, list[Any]]]:
    """Each paragraph: where it stands in the file, its text, its questions."""
    for article_number, article in enumerate(_required(data, "data", "the file"), start=1):
        paragraphs = _required(article, "paragraphs", f"article {article_number}")
        for number, paragraph in enumerate(paragraphs, start=1):
            where = f"paragraph {number} of article {article_number}"
            context = unicodedata.normalize("NFC", _required(paragraph, "context", where)).strip()
            if not context:
                raise ValueError(f"{where} is empty")
            yield where, context, _required(paragraph, "qas", where)


def _required(record: Any, key: str, owner: str) -> Any:
    if key not in record:
        raise ValueError(f'{owner} has no "{key}"')
    return record[key]


def _question(qa: Any, paragraph: int, name: str) -> SquadQuestion:
    text = str(_required(qa, "question", name)).strip()
    if not 0 < len(text) <= QUESTION_LIMIT:
        raise ValueError(f"{name} has {len(text):,} characters, the limits are 1 and {QUESTION_LIMIT:,}")
    if qa.get("is_impossible"):
        return SquadQuestion(text, paragraph, ())
    texts = [_required(answer, "text", f"an answer to {name}") for answer in _required(qa, "answers", name)]
    return SquadQuestion(text, paragraph, tuple(unicodedata.normalize("NFC", each) for each in texts))


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
