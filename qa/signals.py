"""What is known of a sentence that may answer, and the chance that it does: a logistic regression.

The weights come from a fit over questions put to libraries with and without the documents that answer them
(bench/confidence.py), where other years and names than those asked for, and answers of another kind, count against a
sentence at least so much.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from operator import attrgetter, mul


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a sentence; also the weights of that in its score. Shares are in [0, 1]."""

    passage: float  # fused score of its passage
    dense: float  # cosine of the question with its passage
    relevance: float  # logit of the trained reader: the passage answers
    span: float  # logits of the best answer in the sentence, above those of "no answer here"
    lag: float  # the same below that of the best sentence of the passage, 0 for that one
    carried: (
        float  # share of the question's words, by rarity, in it or the sentence before: "it" points there
    )
    passage_coverage: float  # the share that its passage holds
    kind: float  # 1 if its answer is of the kind asked for: a date, a figure, a name
    cell: float  # 1 if it is a row of a table with one cell that the question asks for
    row: float  # 1 if it is a row of a table
    foreign: float  # 1 if the question is in another language
    foreign_coverage: (
        float  # the share it holds itself, if so, else 0: the model is less sure than the glossary
    )
    years: float  # 1 - share of the question's years in the passage
    year_conflict: float  # 1 if another year stands in the sentence instead
    figures: float  # 1 - share of its other figures and its ordinals
    figure_conflict: float  # 1 if another ordinal stands in the sentence instead
    names: float  # 1 - share of its names in the passage
    name_conflict: float  # the share of its names in whose place the sentence has another


WEIGHTS = Signals(
    passage=3.212,
    dense=13.146,
    relevance=0.127,
    span=0.083,
    lag=0.088,
    carried=0.912,
    passage_coverage=0.827,
    kind=0.646,
    cell=4.265,
    row=-2.412,
    foreign=-0.865,
    foreign_coverage=3.021,
    years=-0.539,
    year_conflict=-0.754,
    figures=-1.214,
    figure_conflict=-3.774,
    names=-0.539,
    name_conflict=-1.103,
)
CONSTANT = -14.916

NAMES = tuple(field.name for field in fields(Signals))
values = attrgetter(*NAMES)  # those of a Signals, in order


def score(signals: Signals) -> float:
    """The logit of `chance`."""
    return float(CONSTANT + sum(map(mul, values(WEIGHTS), values(signals))))


def chance(score: float) -> float:
    """The probability in [0, 1] that a sentence of this score answers."""
    return 1 / (1 + math.exp(-max(-700.0, min(score, 700.0))))
