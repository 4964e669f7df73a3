"""Sets of questions for the benchmarks: documents to search, and questions that they answer or do not.

What is learned from and what is reported on are kept apart here: `train` and `written` give the contexts that
the reader's training holds out, `xquad` the even paragraphs to choose on and the odd ones to report.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ingest
from bench.record import DATA
from ingest.document import Document
from qa.evaluation.grading import spread
from qa.evaluation.squad import choose, read_squad

# Sets of ../shared/data/train that state a licence, in seven languages.
TRAIN = ("korquad-1.0-dev", "policyqa", "kazqad-validation", "drcd", "turkish-enelpi", "cmrc2018", "arcd")
XQUAD = ("en", "ru", "tr", "zh")
CORPUS = Path(__file__).parent.parent / "corpus"
WRITTEN = Path(__file__).parent.parent / "train" / "questions"
PARALLEL = Path(__file__).parent / "parallel" / "passages.jsonl"
HELD_OUT = 0.03  # share of the contexts of each training set that train/data.py keeps from the reader


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `gold` are the documents that answer it or, where none does, that it was written about."""

    text: str
    language: str
    gold: frozenset[str]  # ids
    answers: tuple[str, ...]  # empty where unanswerable
    answerable: bool


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Documents that make a library, each with its original, and the questions to put to it."""

    name: str
    documents: tuple[tuple[Document, bytes], ...]
    questions: tuple[Question, ...]


def train(name: str, *, beside: int = 100, folder: Path = DATA / "train") -> QuestionSet:
    """All questions on the held-out contexts of a training set, which `beside` of its others surround."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    held = held_out([record["context"] for record in records])
    others = [number for number in range(len(records)) if number not in held]
    documents, questions = [], []
    for number in sorted(held | set(random.Random(7).sample(others, min(beside, len(others))))):
        record = records[number]
        document, original = _document(record["context"], f"context-{number}.txt")
        documents.append((document, original))
        if number in held:
            questions += [
                Question(
                    q["question"].strip(), record["language"], frozenset({document.id}), (q["answer"],), True
                )
                for q in record["questions"]
            ]
    return QuestionSet(name, tuple(documents), tuple(questions))


def held_out(contexts: Sequence[str], share: float = HELD_OUT) -> set[int]:
    """The numbers of the contexts that training never sees: those whose hash is smallest, as in train/data.py."""
    order = sorted(range(len(contexts)), key=lambda i: hashlib.sha256(contexts[i].encode()).digest())
    return set(order[: max(2, math.ceil(share * len(contexts)))])


def xquad(language: str, paragraphs: str = "all", *, folder: Path = DATA / "eval") -> QuestionSet:
    """xquad-dev in `language`; of the questions, those on its "even" or "odd" paragraphs."""
    squad = choose(read_squad(folder / f"xquad-dev.{language}.json"), paragraphs)
    documents = [_document(text, f"paragraph-{n:05}.txt") for n, text in enumerate(squad.paragraphs)]
    questions = [
        Question(q.text, language, frozenset({documents[q.paragraph][0].id}), q.answers, bool(q.answers))
        for q in squad.questions
    ]
    name = f"xquad-dev.{language}" + (f", {paragraphs}" if paragraphs != "all" else "")
    return QuestionSet(name, tuple(documents), tuple(questions))


def written(files: Iterable[Path] | None = None, *, every: int = 10) -> QuestionSet:
    """The questions written for this project on every tenth passage of a file, which training leaves out.

    All passages are searched. A near miss, which its passage does not answer, is unanswerable.
    Raises ValueError where an answer does not stand in its passage.
    """
    documents, questions = [], []
    for file in sorted(WRITTEN.glob("*.jsonl")) if files is None else files:
        for line, row in enumerate(file.read_text(encoding="utf-8").splitlines()):
            record = json.loads(row)
            text = record["context"].strip()
            document, original = _document(text, f"{file.stem}-{line}.txt", record["title"])
            documents.append((document, original))
            if line % every == every - 1:
                questions += [
                    _written_question(q, document, f"{file}, line {line + 1}") for q in record["questions"]
                ]
    return QuestionSet("own questions, held out", tuple(documents), tuple(questions))


def parallel(passages: str, questions: str, path: Path = PARALLEL) -> QuestionSet:
    """The parallel set: the passages in one language, the questions on them in another or the same.

    Raises ValueError where an answer does not stand in its passage.
    """
    documents, asked = [], []
    for row in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(row)
        id, answer = record["id"], record["answer"][passages]
        document, original = _document(record["passage"][passages], f"{id}.txt", record["title"][passages])
        if answer not in document.text:
            raise ValueError(f"{path}, {id} in {passages}: {answer!r} is not in the passage")
        documents.append((document, original))
        text = record["question"][questions]
        asked.append(Question(text, questions, frozenset({document.id}), (answer,), True))
    return QuestionSet(f"parallel {questions} to {passages}", tuple(documents), tuple(asked))


def corpus(folder: Path = CORPUS) -> QuestionSet:
    """The gold questions of the starter corpus; those that it does not answer have no answers."""
    documents, ids = [], {}
    for path in sorted((folder / "documents").iterdir()):
        document = ingest.read(path.read_bytes(), str(path))
        documents.append((document, path.read_bytes()))
        ids[path.name] = document.id
    questions = []
    for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        names = gold["document"] or []
        held = frozenset(ids[name] for name in ([names] if isinstance(names, str) else names))
        answers = tuple(gold["answers"]) if gold["answerable"] else ()
        questions.append(Question(gold["question"], gold["language"], held, answers, gold["answerable"]))
    return QuestionSet("corpus", tuple(documents), tuple(questions))


def limited(questions: QuestionSet, count: int | None) -> QuestionSet:
    """The set with at most `count` of its questions, taken evenly."""
    if count is None or count >= len(questions.questions):
        return questions
    taken = tuple(spread(questions.questions, count))
    return replace(questions, name=f"{questions.name}, {count} questions", questions=taken)


def _document(text: str, source: str, title: str = "") -> tuple[Document, bytes]:
    """A document of one text. Its first line is no title, but text like the rest, and must not count twice."""
    original = text.strip().encode()
    return replace(ingest.read(original, source), title=title), original


def _written_question(record: dict[str, Any], document: Document, place: str) -> Question:
    answer = record["answer"]
    if answer is not None and answer not in document.text:
        raise ValueError(f"{place}: {answer!r} is not in the passage")
    answers = () if answer is None else (answer,)
    return Question(
        record["question"].strip(), record["language"], frozenset({document.id}), answers, bool(answers)
    )
