"""Fits the weights of `qa.signals`, so that a score is the logit of a chance, and checks them on other data.

python -m bench.confidence --cache DIR [--limit 100] [--reader NAME]

Every question is put to a library with the documents that answer it and to the same library without them,
and read over twenty passages; readings are kept in DIR. A reading is right when its sentence lies in a
document that answers and holds an answer. Of each question one reading is chosen, or none: a softmax over
their scores and a zero (conditional logit, McFadden 1974, with the refusal as an alternative), whose weights
maximise the likelihood of a right reading or, where there is none, of the refusal. What a passage lacks may
never count for it, nor what it has against it. A logistic regression (Platt 1999) then scales the scores, so that
the chance of the first reading is the share of first readings that are right. The weights are fitted on contexts that
the reader's training held out, on every tenth passage of the questions written for this project, and on the even
paragraphs of xquad-dev; the scale on the latter two alone, since many questions of the training sets lean on the
paragraph that they were asked about ("When was he born?"). The odd paragraphs and the starter corpus are only
reported on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

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
OWN = 4.0  # how much the questions written here count, each of the other sets counting 1
PENALTY = 0.02  # of a squared weight, per standard deviation of its signal
# Signals of what a passage lacks; the others, but for FREE, say what it has.
AGAINST = frozenset(
    {"years", "year_conflict", "figures", "figure_conflict", "names", "names_document", "name_conflict"}
)
FREE = frozenset({"foreign", "lag", "row"})


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
            *((train(name), few) for name in FITTED_ON),
            *((xquad(name, "even"), few) for name in XQUAD),
            (written(), many),
        ]
    )
    reported = read([*(limited(xquad(name, "odd"), few) for name in XQUAD), limited(corpus(), many)])
    shares = {name: OWN if name.startswith("own") else 1.0 for name in learned}
    found = fit(
        list(learned.values()),
        list(shares.values()),
        [0.0 if name.partition(",")[0] in FITTED_ON else share for name, share in shares.items()],
    )
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


def fit(parts: Sequence[Rows], shares: Sequence[float], in_scale: Sequence[float]) -> Fitted:
    """A set counts for its share, however large it is; `in_scale` are the shares in the scale of the chances.

    Raises ValueError without a question that has readings.
    """
    weighed = _weighed(parts, shares)
    if not weighed:
        raise ValueError("no question has readings to fit on")
    weights, constant = _choices(weighed)
    scaled = _weighed(parts, in_scale)
    firsts = [_first(x, y, weights) for x, y, _ in scaled]
    counts = np.array([share for _, _, share in scaled])
    platt = LogisticRegression(C=100).fit(
        np.array([x @ weights + constant for x, _ in firsts])[:, None],
        [is_right for _, is_right in firsts],
        counts * len(counts) / counts.sum(),
    )
    scale = float(platt.coef_[0][0])
    return Fitted(weights * scale, constant * scale + float(platt.intercept_[0]))


def _weighed(parts: Sequence[Rows], shares: Sequence[float]) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """Of each question its rows and how much it counts; questions that count nothing are left out."""
    pairs = zip(parts, shares, strict=True)
    return [(x, y, share / len(part)) for part, share in pairs if share for x, y in part]


def report(found: Fitted, part: Rows) -> dict[str, object]:
    """How far the chances of the first readings can be believed, and what thresholds would let through."""
    if not part:
        return {"questions": 0}
    firsts = [_first(x, y, found.weights) for x, y in part]
    scores = np.array([x @ found.weights + found.constant for x, _ in firsts])
    chances, right = 1 / (1 + np.exp(-scores)), np.array([is_right for _, is_right in firsts])
    auroc = measures.auroc(chances[right], chances[~right])
    error = measures.expected_calibration_error(chances, right)
    return {
        "questions": len(right),
        "first right": round(float(right.mean()), 3),
        "first right, of those that have a right one": _share(
            np.array([is_right for (_, is_right), (_, y) in zip(firsts, part, strict=True) if y.any()])
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


def _first(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, bool]:
    """The signals of the reading with the best score, and whether it is right."""
    best = int(np.argmax(x @ weights))
    return x[best], bool(y[best])


def _choices(weighed: Sequence[tuple[np.ndarray, np.ndarray, float]]) -> tuple[np.ndarray, float]:
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

    bounds = [_sign(name) for name in SIGNALS] + [(None, None)]
    start = np.array([0.0] * len(SIGNALS) + [-3.0])
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


def _sign(name: str) -> tuple[float | None, float | None]:
    if name in FREE:
        return None, None
    return (None, 0.0) if name in AGAINST else (0.0, None)


def _share(held: np.ndarray) -> float | None:
    return round(float(held.mean()), 3) if len(held) else None


if __name__ == "__main__":
    main()
