"""What is known of a sentence that may answer, and the chance that it does: a logistic regression.

The weights come from a fit over questions put to libraries with and without the passages that answer them
(bench/confidence.py). The constant and the weights of tables, years, ordinals, names, kinds and foreign questions were
then set by hand, looking at every second gold question of the starter corpus: the sets fitted on hold no tables and
too few of the others.
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
    coverage: float  # share of the question's words, by rarity, that it holds
    carried: float  # the share it holds together with the sentence before it, which "it" and "they" point to
    passage_coverage: float  # the share that its passage holds
    kind: float  # 1 if its answer is of the kind asked for: a date, a figure, a name
    cell: float  # 1 if it is a row of a table with one cell that the question asks for
    row: float  # 1 if it is a row of a table
    foreign: float  # 1 if the question is in another language
    foreign_coverage: (
        float  # `coverage` then, else 0: of another language the model is less sure than the glossary
    )
    years: float  # 1 - share of the question's years in the passage
    year_conflict: float  # 1 if another year stands in the sentence instead
    figures: float  # 1 - share of its other figures
    figure_conflict: float  # 1 if another ordinal stands in the sentence instead
    names: float  # 1 - share of its names in the passage
    names_document: float  # 1 - share of its names in the document
    name_conflict: float  # the share of its names in whose place the sentence has another


WEIGHTS = Signals(
    passage=5.35,
    dense=14.061,
    relevance=0.144,
    span=0.134,
    lag=0.109,
    coverage=0.213,
    carried=0.73,
    passage_coverage=1.796,
    kind=0.1,
    cell=3.2,
    row=-0.5,
    foreign=0.5,
    foreign_coverage=2.0,
    years=-1.0,
    year_conflict=-1.5,
    figures=-0.43,
    figure_conflict=-2.4,
    names=-2.0,
    names_document=-0.475,
    name_conflict=-1.0,
)
CONSTANT = -18.717

NAMES = tuple(field.name for field in fields(Signals))
values = attrgetter(*NAMES)  # those of a Signals, in order


def score(signals: Signals) -> float:
    """The logit of `chance`."""
    return float(CONSTANT + sum(map(mul, values(WEIGHTS), values(signals))))


def chance(score: float) -> float:
    """The probability in [0, 1] that a sentence of this score answers."""
    return 1 / (1 + math.exp(-max(-700.0, min(score, 700.0))))
