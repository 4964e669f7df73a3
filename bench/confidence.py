"""Fits the confidence of an answer, and checks it on data it was not fitted on.

python -m bench.confidence [--questions 100]

Every question of the sets is put to a library with its passage and to the same library without it. A
reading is right when its sentence lies in the passage and holds a given answer. A logistic regression
learns the chance of that from what `qa.confidence.features` gives. XQuAD and the odd lines of the starter
corpus's questions, most of them across languages and a fifth without an answer, are only reported on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bench.questions import TRAIN, XQUAD, Asked, corpus, train, xquad
from bench.record import save
from index.encoder import load_encoder
from qa.confidence import FEATURES, features
from qa.measures import expected_calibration_error
from qa.reader import SentenceReader

Rows = list[tuple[tuple[float, ...], bool]]  # features of the first reading; whether it is right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--questions", type=int, default=100, help="questions of each set")
    count = parser.parse_args().questions
    encoder = load_encoder()
    reader = SentenceReader(encoder)

    def rows(asked: Iterable[Asked]) -> Rows:
        readings = ((each, reader.read(each.question, each.hits, each.library)) for each in asked)
        return [(features(each.question, found), each.is_right(found[0])) for each, found in readings]

    fitted_on = {name: rows(train(name, count, encoder, also_without=True)) for name in TRAIN}
    held_out = {f"xquad-dev.{name}": rows(xquad(name, encoder, also_without=True)) for name in XQUAD}
    gold = rows(corpus(encoder))
    fitted_on["corpus, even lines"], held_out["corpus, odd lines"] = gold[::2], gold[1::2]

    # As in bench/sentences.py: the corpus asks what users ask, its few questions count as much as a set.
    learned = [row for part in fitted_on.values() for row in part] + fitted_on["corpus, even lines"] * 3
    model = LogisticRegression(C=100, max_iter=10_000).fit(
        [f for f, _ in learned], [right for _, right in learned]
    )
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


def _report(model: LogisticRegression, rows: Rows) -> dict[str, object]:
    chance = model.predict_proba([f for f, _ in rows])[:, 1]
    right = np.array([r for _, r in rows])
    answered = chance >= 0.5
    return {
        "readings": len(rows),
        "right": round(float(right.mean()), 3),
        "auroc": round(float(roc_auc_score(right, chance)), 3),
        "expected calibration error": round(
            expected_calibration_error(chance.tolist(), right.tolist()) or 0.0, 3
        ),
        "of the right, answered": round(float(answered[right].mean()), 3),
        "of the wrong, answered": round(float(answered[~right].mean()), 3),
        "at other thresholds (threshold, of the right answered, of the wrong answered)": [
            [t, round(float((chance >= t)[right].mean()), 2), round(float((chance >= t)[~right].mean()), 2)]
            for t in (0.2, 0.3, 0.35, 0.4, 0.6)
        ],
        "reliability (confidence, share right, readings)": [
            [round(float(chance[b].mean()), 2), round(float(right[b].mean()), 2), int(b.sum())]
            for low in np.arange(0, 1, 0.1)
            if (b := (chance >= low) & (chance < low + 0.1 + 1e-9 * (low > 0.85))).any()
        ],
    }


if __name__ == "__main__":
    main()
