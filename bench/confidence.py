"""Fits the confidence of an answer, and checks it on data it was not fitted on.

python -m bench.confidence [--questions 200]

Every question of the sets is put to a library with its passage and to the same library without it.
A reading is right when its sentence lies in the passage and holds a given answer. A logistic regression
learns the chance of that from what `qa.confidence.features` gives; XQuAD is only reported on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import ingest
from bench.record import DATA, save
from index.encoder import Encoder, load_encoder
from index.hit import Filters
from index.library import Library
from qa.confidence import FEATURES, features
from qa.measures import expected_calibration_error
from qa.reader import SentenceReader

# Sets of ../shared/data/train that state a licence, in seven languages.
TRAIN = ("korquad-1.0-dev", "policyqa", "kazqad-validation", "drcd", "turkish-enelpi", "cmrc2018", "arcd")
XQUAD = ("en", "ru", "tr", "zh")
CORPUS = Path(__file__).parent.parent / "corpus"

Context = tuple[str, list[tuple[str, list[str]]]]  # text; questions, each with its answers
Rows = list[tuple[tuple[float, ...], bool]]  # features of the first reading; whether it is right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--questions", type=int, default=200, help="questions of each set")
    count = parser.parse_args().questions
    encoder = load_encoder()
    fitted_on = {name: _rows(_train(name, count), encoder) for name in TRAIN}
    fitted_on["corpus, even lines"], corpus_odd = _corpus(encoder)
    held_out = {f"xquad-dev.{name}": _rows(_xquad(name), encoder) for name in XQUAD}
    held_out["corpus, odd lines"] = corpus_odd

    rows = [row for part in fitted_on.values() for row in part]
    model = LogisticRegression(C=100, max_iter=10_000).fit([f for f, _ in rows], [right for _, right in rows])
    save(
        "confidence",
        f"{count} questions of each set, each with its passage in the library and without it",
        {
            "features": FEATURES,
            "coefficients": [round(float(value), 3) for value in model.coef_[0]],
            "constant": round(float(model.intercept_[0]), 3),
            "fitted on": {name: _report(model, part) for name, part in fitted_on.items()},
            "held out": {name: _report(model, part) for name, part in held_out.items()},
        },
        ("openvino", "scikit-learn"),
    )


def _report(model: LogisticRegression, rows: Rows) -> dict[str, float]:
    chance: NDArray[np.float64] = model.predict_proba([f for f, _ in rows])[:, 1]
    right = [r for _, r in rows]
    return {
        "readings": len(rows),
        "right": round(sum(right) / len(rows), 3),
        "auroc": round(float(roc_auc_score(right, chance)), 3),
        "expected calibration error": round(expected_calibration_error(chance.tolist(), right), 3),
        "answered and right": round(sum(c >= 0.5 and r for c, r in zip(chance, right, strict=True)) / sum(right), 3),
        "answered and wrong": round(
            sum(c >= 0.5 and not r for c, r in zip(chance, right, strict=True)) / (len(right) - sum(right)), 3
        ),
    }


def _rows(contexts: Iterator[Context], encoder: Encoder) -> Rows:
    rows: Rows = []
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder), encoder) as library:
        asked = []
        with library.writing():
            for number, (context, questions) in enumerate(contexts):
                data = context.strip().encode()
                document = replace(ingest.read(data, f"context-{number}.txt"), title="")
                library.add(document, data)
                asked += [(document.id, question, answers) for question, answers in questions]
        reader = SentenceReader(encoder)
        for gold, question, answers in asked:
            for filters in (Filters(), Filters(excluded=(gold,))):
                rows.append(_row(library, reader, question, frozenset((gold,)), answers, filters))
    return rows


def _row(
    library: Library,
    reader: SentenceReader,
    question: str,
    gold: frozenset[str],
    answers: Sequence[str],
    filters: Filters = Filters(),
) -> tuple[tuple[float, ...], bool]:
    first = reader.read(question, library.search(question, 10, filters), library)[0]
    quote = first.sentence.of(first.document.text)
    return features(first), first.document.id in gold and any(answer in quote for answer in answers)


def _corpus(encoder: Encoder) -> tuple[Rows, Rows]:
    """The starter corpus and its questions, most of them across languages; even lines and odd lines."""
    lines = (CORPUS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    halves: tuple[Rows, Rows] = ([], [])
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder), encoder) as library:
        ids = {}
        with library.writing():
            for path in sorted((CORPUS / "documents").iterdir()):
                document = ingest.read(path.read_bytes(), str(path))
                library.add(document, path.read_bytes())
                ids[path.name] = document.id
        reader = SentenceReader(encoder)
        for number, line in enumerate(lines):
            gold = json.loads(line)
            names = gold["document"] or []
            names = [names] if isinstance(names, str) else names
            documents = frozenset(ids[name] for name in names)
            halves[number % 2].append(_row(library, reader, gold["question"], documents, gold["answers"]))
    return halves


def _train(name: str, count: int) -> Iterator[Context]:
    """One question of each of `count` contexts, drawn with a fixed seed."""
    with gzip.open(DATA / "train" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for record in random.Random(7).sample(records, min(count, len(records))):
        yield record["context"], [(q["question"], [q["answer"]]) for q in record["questions"][:1]]


def _xquad(language: str) -> Iterator[Context]:
    data = json.loads((DATA / "eval" / f"xquad-dev.{language}.json").read_text("utf-8"))["data"]
    for paragraph in (paragraph for article in data for paragraph in article["paragraphs"]):
        yield (
            paragraph["context"],
            [(qa["question"], [answer["text"] for answer in qa["answers"]]) for qa in paragraph["qas"][:2]],
        )


if __name__ == "__main__":
    main()
