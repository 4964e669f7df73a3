"""Fits the weights of `qa.signals`, so that a score is the logit of a chance, and checks them on other data.

python -m bench.confidence --cache DIR [--limit 100] [--reader NAME]

Every question is put to a library with the documents that answer it and to the same library without them,
and read over twenty passages; readings are kept in DIR. A reading is right when its sentence lies in a
document that answers and holds an answer. Of each question one reading is chosen, or none: a softmax over
their scores and a zero (conditional logit, McFadden 1974, with the refusal as an alternative), whose weights
maximise the likelihood of a right reading or, where there is none, of the refusal. What a passage lacks may
never count for it, nor what it has against it; another year or name in the place of the one asked for, or an
answer of another kind, counts at least so much (AT_LEAST), however seldom the sets have it: such an answer costs its
reader most. A logistic regression (Platt 1999) then scales the scores, so that the chance of the first reading is the
share of first readings that are right, where four of five questions have an answer in the library (ANSWERABLE).

The weights are fitted on contexts that the reader's training held out, on every tenth passage of the questions
written for this project, on the even paragraphs of xquad-dev and on every second gold question of the starter corpus;
the scale on the latter three alone, since many questions of the training sets lean on the paragraph that they were
asked about ("When was he born?"). The odd paragraphs and the other gold questions are only reported on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bench.questions import TRAIN, XQUAD, QuestionSet, corpus, limited, train, written, xquad
from bench.readings import SIGNALS, Asked, read_set, signals_of
from bench.record import save
from index.encoder import load_encoder
from qa.evaluation import measures
from qa.signals import CONSTANT, WEIGHTS

# PolicyQA's answers are longer than a sentence: none of its readings could be right.
FITTED_ON = tuple(name for name in TRAIN if name != "policyqa")
OWN, GOLD = 4.0, 10.0  # how much the written and the gold questions count, each of the other sets counting 1
OWN_IN_SCALE, GOLD_IN_SCALE = 2.0, 4.0
ANSWERABLE = 0.8  # share of the questions that a user asks which the library answers
PENALTY = 0.02  # of a squared weight, per standard deviation of its signal
# Signals of what a passage lacks; the others, but for FREE, say what it has.
AGAINST = frozenset({"years", "year_conflict", "figures", "figure_conflict", "names", "name_conflict"})
FREE = frozenset({"foreign", "lag", "row"})
AT_LEAST = {  # before the scale
    "years": -1.0,
    "year_conflict": -1.4,
    "names": -1.0,
    "name_conflict": -1.4,
    "kind": 1.2,
}


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights in the order of SIGNALS, and the constant."""

    weights: np.ndarray
    constant: float


class Row(NamedTuple):
    """A question as it was put to a library."""

    signals: np.ndarray  # (readings, SIGNALS)
    right: np.ndarray  # (readings,) bool
    answerable: bool  # by this library: its documents were not left out
    without: bool  # its documents were left out


Rows = list[Row]
# Of a question: its readings' signals, which are right, and how much it counts.
Weighed = list[tuple[np.ndarray, np.ndarray, float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cache", metavar="DIR", type=Path, required=True, help="readings are kept here")
    parser.add_argument(
        "--limit", type=int, metavar="N", help="so many questions of each set, of the written ones four times"
    )
    parser.add_argument("--reader", metavar="NAME", help="as of python -m qa ask")
    options = parser.parse_args()
    encoder = load_encoder()

    def read(questions: QuestionSet, count: int | None) -> list[Asked]:
        some = limited(questions, count)
        return read_set(some, encoder, options.cache, reader=options.reader, also_without=True)

    few = options.limit
    gold = corpus()
    second = frozenset(gold.questions[::2])
    asked_gold = read(gold, None)
    learned = {name: rows(read(train(name), few)) for name in FITTED_ON}
    scaled = {f"xquad-dev.{name}, even": rows(read(xquad(name, "even"), few)) for name in XQUAD}
    scaled["own, held out"] = rows(read(written(), few and 4 * few))
    scaled["gold, every second"] = rows(each for each in asked_gold if each.question in second)
    reported = {f"xquad-dev.{name}, odd": rows(read(xquad(name, "odd"), few)) for name in XQUAD}
    reported["gold, the others"] = rows(each for each in asked_gold if each.question not in second)
    found = fit(learned, scaled)
    shipped = Fitted(np.array(astuple(WEIGHTS)), CONSTANT)
    groups = {"fitted on": learned | scaled, "held out": reported}
    save(
        "confidence",
        "each question with the documents that answer it in the library and without them, 20 passages"
        + (f"; {few} questions of a set, {4 * few} of the written ones" if few else ""),
        {
            "weights": dict(zip(SIGNALS, (round(float(value), 3) for value in found.weights), strict=True)),
            "constant": round(found.constant, 3),
            "with them": {name: _reports(found, parts) for name, parts in groups.items()},
            "with those in qa/signals.py": {name: _reports(shipped, parts) for name, parts in groups.items()},
        },
        ("openvino", "scikit-learn"),
    )


def rows(asked: Iterable[Asked]) -> Rows:
    """What is known of the readings of each question that has any."""
    return [
        Row(
            signals_of(each),
            np.array([each.is_right(reading) for reading in each.readings], bool),
            each.in_reach and each.question.answerable,
            not each.in_reach,
        )
        for each in asked
        if each.readings
    ]


def fit(learned: Mapping[str, Rows], scaled: Mapping[str, Rows]) -> Fitted:
    """Weights by all sets, their scale by `scaled`. A set counts for its share, however large it is.

    Raises ValueError without a question that has readings.
    """
    every = {**learned, **scaled}
    weighed: Weighed = [
        (row.signals, row.right, _share(name, OWN, GOLD) / len(part))
        for name, part in every.items()
        for row in part
    ]
    if not weighed:
        raise ValueError("no question has readings to fit on")
    weights, constant = _choices(weighed)
    scores, right, counts = [], [], []
    for name, part in scaled.items():
        for answerable, share in ((True, ANSWERABLE), (False, 1 - ANSWERABLE)):
            some = [row for row in part if row.answerable == answerable]
            for row in some:
                score, is_right = _first(row, weights)
                scores.append(score + constant)
                right.append(is_right)
                counts.append(_share(name, OWN_IN_SCALE, GOLD_IN_SCALE) * share / len(some))
    weight = np.array(counts) * len(counts) / sum(counts)
    platt = LogisticRegression(C=100).fit(np.array(scores)[:, None], right, weight)
    scale = float(platt.coef_[0][0])
    return Fitted(weights * scale, constant * scale + float(platt.intercept_[0]))


def _share(name: str, own: float, gold: float) -> float:
    return {"own": own, "gold": gold}.get(name.partition(",")[0], 1.0)


def report(found: Fitted, part: Rows) -> dict[str, object]:
    """How far the chances of the first readings can be believed, and what thresholds would let through.

    Chances are set against what is right over the questions as they are asked: those whose documents were left
    out count only as what has to be refused.
    """
    if not part:
        return {"questions": 0}
    firsts = [_first(row, found.weights) for row in part]
    chances = 1 / (1 + np.exp(-np.array([score + found.constant for score, _ in firsts])))
    right = np.array([is_right for _, is_right in firsts])
    answerable = np.array([row.answerable for row in part])
    asked = np.array([not row.without for row in part])
    auroc = measures.auroc(chances[answerable], chances[~answerable])
    error = measures.expected_calibration_error(chances[asked], right[asked])
    return {
        "questions": int(asked.sum()),
        "first right, of the answerable": _mean(right[answerable]),
        "auroc of answerable against not": auroc and round(auroc, 3),
        "expected calibration error": error and round(error, 3),
        "thresholds (threshold, of the right answered, of the unanswerable answered)": [
            [t, _mean(chances[asked & right] >= t), _mean(chances[~answerable] >= t)]
            for t in (0.1, 0.2, 0.3, 0.35, 0.37, 0.4, 0.5, 0.6, 0.7)
        ],
        "reliability (confidence, share right, questions)": [
            [round(each.confidence, 3), round(each.right, 3), each.n]
            for each in measures.reliability(chances[asked], right[asked])
            if each.confidence is not None and each.right is not None
        ],
    }


def _reports(found: Fitted, parts: dict[str, Rows]) -> dict[str, object]:
    together = [row for part in parts.values() for row in part]
    return {**{name: report(found, part) for name, part in parts.items()}, "all": report(found, together)}


def _first(row: Row, weights: np.ndarray) -> tuple[float, bool]:
    """The best score of a reading, without the constant, and whether that one is right."""
    scores = row.signals @ weights
    best = int(np.argmax(scores))
    return float(scores[best]), bool(row.right[best])


def _choices(weighed: Weighed) -> tuple[np.ndarray, float]:
    """Weights and constant of the softmax over readings and refusal; see the module's docstring."""
    x = np.concatenate([x for x, _, _ in weighed])
    right = np.concatenate([y for _, y, _ in weighed])
    starts = np.cumsum([0, *(len(y) for _, y, _ in weighed[:-1])])
    question = np.repeat(np.arange(len(weighed)), [len(y) for _, y, _ in weighed])
    refused = np.array([not y.any() for _, y, _ in weighed])
    shares = np.array([share for _, _, share in weighed])
    # Signals differ in scale, which the penalty must not see, and lie far from zero, which slows the descent.
    middle, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-3)
    x = np.column_stack([(x - middle) / spread, np.ones(len(x))])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = x @ weights
        top = np.maximum(np.maximum.reduceat(scores, starts), 0.0)
        odds, zero = np.exp(scores - top[question]), np.exp(-top)
        every = np.add.reduceat(odds, starts) + zero
        good = np.where(refused, zero, np.add.reduceat(np.where(right, odds, 0.0), starts))
        good = np.maximum(good, 1e-300)
        toward_right = np.where(right & ~refused[question], odds / good[question], 0.0)
        slope = (odds / every[question] - toward_right) * shares[question]
        penalty = PENALTY * float(weights[:-1] @ weights[:-1])
        return (
            float(shares @ (np.log(every) - np.log(good))) + penalty,
            slope @ x + 2 * PENALTY * np.append(weights[:-1], 0.0),
        )

    bounds = [_bounds(name, each) for name, each in zip(SIGNALS, spread.tolist(), strict=True)] + [
        (None, None)
    ]
    start = np.array([AT_LEAST.get(name, 0.0) for name in SIGNALS] + [-3.0])
    start[:-1] *= spread
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 5000, "maxfun": 10_000, "ftol": 1e-10},
    )
    if not found.success:
        raise ArithmeticError(f"the fit did not end: {found.message}")
    weights = found.x[:-1] / spread
    return weights, float(found.x[-1] - weights @ middle)


def _bounds(name: str, spread: float) -> tuple[float | None, float | None]:
    """Of the weight of a signal that was divided by its spread."""
    if name in FREE:
        return None, None
    least = AT_LEAST.get(name, 0.0) * spread
    return (None, least) if name in AGAINST else (least, None)


def _mean(held: np.ndarray) -> float | None:
    return round(float(held.mean()), 3) if len(held) else None


if __name__ == "__main__":
    main()
