"""The chance that the best reading answers, from what is known of it: a logistic regression.

Fitted and checked by bench/confidence.py on questions asked with and without their passage.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from qa.reader import Reading

# Coefficients of FEATURES, then the constant; bench/results/confidence.json holds how they came about.
FEATURES = ("similarity", "passage similarity", "coverage", "passage coverage")
COEFFICIENTS = (20.0, 20.0, 2.0, 2.0)
CONSTANT = -34.0


def features(reading: Reading) -> tuple[float, ...]:
    """The values of FEATURES for a reading."""
    return (reading.similarity, reading.hit.dense, reading.signals.coverage, reading.hit.coverage)


def confidence(readings: Sequence[Reading]) -> float:
    """The chance in [0, 1] that the first reading answers; 0 without readings."""
    if not readings:
        return 0.0
    logit = CONSTANT + sum(c * f for c, f in zip(COEFFICIENTS, features(readings[0]), strict=True))
    return 1 / (1 + math.exp(-logit))
