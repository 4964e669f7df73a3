"""Fits the weights of `qa.signals`, so that a score is the logit of a chance, and checks them on other data.

python -m bench.confidence --cache DIR [--limit 100] [--reader NAME]

Every question is put to a library with the documents that answer it and to the same library without them,
and read over twenty passages; readings are kept in DIR. A reading is right when its sentence lies in a
document that answers and holds an answer. A logistic regression learns that from the signals of the best
readings of each question; another then scales its scores, so that the chance of the first reading is the share
of first readings that are right. Both are fitted on contexts that the reader's training held out, on every tenth
passage of the questions written for this project, and on the even paragraphs of xquad-dev; its odd ones and the
starter corpus are only reported on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bench.questions import TRAIN, XQUAD, QuestionSet, corpus, limited, train, written, xquad
from bench.readings import SIGNALS, Asked, read_set, signals_of
from bench.record import save
from index.encoder import load_encoder
from qa.evaluation import measures
from qa.signals import CONSTANT, WEIGHTS

RIVALS = 10  # readings of each question that the fit looks at, best first
ROUNDS = 3  # each over the best readings by the weights of the one before


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights in the order of SIGNALS, and the constant."""

    weights: np.ndarray
    constant: float


# Of each question: (readings, SIGNALS) signals, and which readings are right.
Rows = list[tuple[np.ndarray, np.ndarray]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cache", metavar="DIR", type=Path, required=True, help="readings are kept here")
    parser.add_argument(
        "--limit", type=int, metavar="N", help="so many questions of each set, of the written ones four times"
    )
    parser.add_argument("--reader", metavar="NAME", help="as of python -m qa ask")
    options = parser.parse_args()
    encoder = load_encoder()

    def read(sets: Iterable[QuestionSet]) -> dict[str, Rows]:
        return {
            each.name: rows(read_set(each, encoder, options.cache, reader=options.reader, also_without=True))
            for each in sets
        }

    few = options.limit
    many = few and 4 * few

    learned = read(
        limited(questions, count)
        for questions, count in [
            *((train(name), few) for name in TRAIN),
            *((xquad(name, "even"), few) for name in XQUAD),
            (written(), many),
        ]
    )
    reported = read([*(limited(xquad(name, "odd"), few) for name in XQUAD), limited(corpus(), many)])
    found = fit(list(learned.values()))
    shipped = Fitted(np.array(astuple(WEIGHTS)), CONSTANT)
    groups = {"fitted on": learned, "held out": reported}
    save(
        "confidence",
        "each question with the documents that answer it in the library and without them, 20 passages",
        {
            "weights": dict(zip(SIGNALS, (round(float(value), 3) for value in found.weights), strict=True)),
            "constant": round(found.constant, 3),
            "with them": {name: _reports(found, parts) for name, parts in groups.items()},
            "with those in qa/signals.py": {name: _reports(shipped, parts) for name, parts in groups.items()},
        },
        ("openvino", "scikit-learn"),
    )


def rows(asked: Sequence[Asked]) -> Rows:
    """What is known of the readings of each question, and which are right."""
    return [
        (signals_of(each), np.array([each.is_right(reading) for reading in each.readings], bool))
        for each in asked
        if each.readings
    ]


def fit(parts: Sequence[Rows]) -> Fitted:
    """Each set counts as much as any other, so that a large one does not decide alone."""
    parts = [part for part in parts if part]
    weights = np.array(astuple(WEIGHTS))
    for _ in range(ROUNDS):
        best = [[_best(x, y, weights, RIVALS) for x, y in part] for part in parts]
        weights, _ = _regression(best)
    firsts = [[_best(x, y, weights, 1) for x, y in part] for part in parts]
    (scale,), constant = _regression([[((x @ weights)[:, None], y) for x, y in part] for part in firsts])
    return Fitted(weights * scale, constant)


def report(found: Fitted, part: Rows) -> dict[str, object]:
    """How far the chances of the first readings can be believed, and what thresholds would let through."""
    if not part:
        return {"questions": 0}
    firsts = [_best(x, y, found.weights, 1) for x, y in part]
    scores = np.array([float((x @ found.weights)[0]) + found.constant for x, _ in firsts])
    chances, right = 1 / (1 + np.exp(-scores)), np.array([bool(y[0]) for _, y in firsts])
    auroc = measures.auroc(chances[right], chances[~right])
    error = measures.expected_calibration_error(chances, right)
    return {
        "questions": len(right),
        "first right": round(float(right.mean()), 3),
        "first right, of those that have a right one": _share(
            np.array(
                [
                    bool(y[0])
                    for (_, y), (_, all_of_them) in zip(firsts, part, strict=True)
                    if all_of_them.any()
                ]
            )
        ),
        "auroc": auroc and round(auroc, 3),
        "expected calibration error": error and round(error, 3),
        "thresholds (threshold, of the right answered, of the wrong answered)": [
            [t, _share(chances[right] >= t), _share(chances[~right] >= t)]
            for t in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
        ],
        "reliability (confidence, share right, questions)": [
            [round(each.confidence, 3), round(each.right, 3), each.n]
            for each in measures.reliability(chances, right)
            if each.confidence is not None and each.right is not None
        ],
    }


def _reports(found: Fitted, parts: dict[str, Rows]) -> dict[str, object]:
    together = [row for part in parts.values() for row in part]
    return {**{name: report(found, part) for name, part in parts.items()}, "all": report(found, together)}


def _best(x: np.ndarray, y: np.ndarray, weights: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(-(x @ weights), kind="stable")[:count]
    return x[order], y[order]


def _regression(parts: Sequence[Rows]) -> tuple[np.ndarray, float]:
    """Weights and constant; all sets count alike, and so do all questions of a set."""
    x = np.concatenate([x for part in parts for x, _ in part])
    y = np.concatenate([y for part in parts for _, y in part])
    counts = np.concatenate([np.full(len(y), 1 / len(y) / len(part)) for part in parts for _, y in part])
    counts *= (
        sum(map(len, parts)) / counts.sum()
    )  # as many as there are questions: the pull to zero depends on it
    spread = np.maximum(
        x.std(axis=0), 1e-6
    )  # signals differ in scale, which the pull towards zero must not see
    model = LogisticRegression(C=10, max_iter=10_000).fit(x / spread, y, counts)
    return model.coef_[0] / spread, float(model.intercept_[0])


def _share(held: np.ndarray) -> float | None:
    return round(float(held.mean()), 3) if len(held) else None


if __name__ == "__main__":
    main()
