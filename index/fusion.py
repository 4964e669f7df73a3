"""Pure functions over scores: two rankings in, one out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")

COSINE_SPAN = 0.15  # what lies this far below the nearest is far: the encoder's cosines use little of [-1, 1]


def scale_cosines(cosines: Mapping[Key, float]) -> dict[Key, float]:
    """The nearest is 1, what lies COSINE_SPAN or more below it is 0, linear between.

    A fixed span, unlike min–max scaling, does not blow up differences that mean nothing when all
    candidates are alike, as in a small library on one subject.
    """
    best = max(cosines.values(), default=0.0)
    return {key: max(0.0, 1 - (best - cosine) / COSINE_SPAN) for key, cosine in cosines.items()}


def scale_bm25(scores: Mapping[Key, float], whole: float) -> dict[Key, float]:
    """Scores as shares of `whole`, that of a passage which holds the whole query, or of the best one if that is more.

    Where even the best passage holds only one word of many, that word says little.
    """
    most = max(whole, *scores.values(), 0.0)
    return {key: score / most if most > 0 else 0.0 for key, score in scores.items()}


def fuse(
    dense: Mapping[Key, float], lexical: Mapping[Key, float], whole: float, dense_weight: float
) -> dict[Key, float]:
    """`dense_weight` × scaled cosine + the rest × scaled BM25, in [0, 1]; a missing score counts as 0.

    `whole`: see `scale_bm25`.

    Source: the convex combination with theoretical minimum of Bruch, Gai, Ingber, "An Analysis of
    Fusion Functions for Hybrid Retrieval", ACM TOIS 42(1), 2023, which is better than reciprocal ranks.
    """
    near, worded = scale_cosines(dense), scale_bm25(lexical, whole)
    return {
        key: dense_weight * near.get(key, 0.0) + (1 - dense_weight) * worded.get(key, 0.0)
        for key in near.keys() | worded.keys()
    }
