"""The chance that the best reading answers, from what is known of it: a logistic regression.

Fitted and checked by bench/confidence.py on questions asked with and without their passage.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ingest.language import detect
from qa.reader import Reading

# Their coefficients and the constant: bench/results/confidence.json.
FEATURES = (
    "similarity",  # cosine of the question with the sentence
    "passage similarity",  # with its passage
    "coverage",  # share of the question's words in the sentence
    "carried coverage",  # in the sentence and the one before it
    "passage coverage",  # in the passage
    "kind",  # 1 if the sentence holds the kind of thing asked for
    "lead",  # score above the best sentence of another passage
    "other language",  # 1 if the question is in another language than the document
)
COEFFICIENTS = (15.33, 15.518, 1.341, -1.471, 3.1, 0.87, 5.67, 2.542)
CONSTANT = -30.436


def features(question: str, readings: Sequence[Reading]) -> tuple[float, ...]:
    """The values of FEATURES for the first of the readings."""
    first = readings[0]
    rival = next((r.score for r in readings if r.hit.passage.id != first.hit.passage.id), 0.0)
    return (
        first.similarity,
        first.hit.dense,
        first.signals.coverage,
        first.signals.carried,
        first.hit.coverage,
        first.signals.kind,
        first.score - rival,
        float(detect(question) != first.document.language),
    )


def confidence(question: str, readings: Sequence[Reading]) -> float:
    """The chance in [0, 1] that the first reading answers; 0 without readings."""
    if not readings:
        return 0.0
    logit = CONSTANT + sum(c * f for c, f in zip(COEFFICIENTS, features(question, readings), strict=True))
    return 1 / (1 + math.exp(-logit))
