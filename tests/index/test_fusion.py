"""Fusion: the formulas by hand, and what must hold for any scores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import COSINE_SPAN, fuse, scale_bm25, scale_cosines


def test_cosines_are_scaled_from_the_nearest_down() -> None:
    scaled = scale_cosines({"a": 0.9, "b": 0.9 - COSINE_SPAN / 2, "c": 0.9 - COSINE_SPAN, "d": -1.0})
    assert scaled == pytest.approx({"a": 1.0, "b": 0.5, "c": 0.0, "d": 0.0})


def test_bm25_is_scaled_to_the_whole_query_or_the_best() -> None:
    assert scale_bm25({"a": 8.0, "b": 2.0, "c": 0.0}, 5.0) == {"a": 1.0, "b": 0.25, "c": 0.0}
    assert scale_bm25({"a": 8.0, "b": 2.0, "c": 0.0}, 16.0) == {"a": 0.5, "b": 0.125, "c": 0.0}
    assert scale_bm25({"a": 0.0}, 0.0) == {"a": 0.0}


def test_nothing_in_nothing_out() -> None:
    assert scale_cosines({}) == scale_bm25({}, 1.0) == fuse({}, {}, 1.0, 0.5) == {}


def test_the_weighted_sum_by_hand() -> None:
    dense = {1: 0.9, 2: 0.9 - COSINE_SPAN / 2}
    lexical = {2: 4.0, 3: 1.0}
    assert fuse(dense, lexical, 4.0, 0.6) == pytest.approx({1: 0.6, 2: 0.6 * 0.5 + 0.4, 3: 0.4 * 0.25})
    halved = {1: 0.6, 2: 0.6 * 0.5 + 0.2, 3: 0.4 * 0.125}
    assert fuse(dense, lexical, 8.0, 0.6) == pytest.approx(halved)


def test_the_weight_at_its_ends_leaves_one_ranking() -> None:
    dense, lexical = {1: 0.9, 2: 0.85}, {2: 4.0, 3: 1.0}
    assert fuse(dense, lexical, 5.0, 1.0) == pytest.approx(scale_cosines(dense) | {3: 0.0})
    assert fuse(dense, lexical, 5.0, 0.0) == pytest.approx(scale_bm25(lexical, 5.0) | {1: 0.0})


_KEYS = st.integers(0, 20)
_DENSE = st.dictionaries(_KEYS, st.floats(-1, 1, width=32))
_LEXICAL = st.dictionaries(_KEYS, st.floats(0, 100, width=32))


@given(_DENSE, _LEXICAL, st.floats(0, 100), st.floats(0, 1))
def test_scores_lie_between_0_and_1_and_no_key_is_lost(
    dense: dict[int, float], lexical: dict[int, float], whole: float, weight: float
) -> None:
    fused = fuse(dense, lexical, whole, weight)
    assert fused.keys() == dense.keys() | lexical.keys()
    assert all(0 <= score <= 1 + 1e-9 for score in fused.values())


@given(_DENSE, _LEXICAL, st.floats(0, 100), st.floats(0, 1))
def test_what_is_no_worse_in_both_ranks_no_lower(
    dense: dict[int, float], lexical: dict[int, float], whole: float, weight: float
) -> None:
    fused = fuse(dense, lexical, whole, weight)
    both = dense.keys() & lexical.keys()
    for a in both:
        for b in both:
            if dense[a] >= dense[b] and lexical[a] >= lexical[b]:
                assert fused[a] >= fused[b] - 1e-9


@given(_LEXICAL, st.floats(0, 100), st.floats(0, 1))
def test_the_unit_of_bm25_does_not_matter(lexical: dict[int, float], whole: float, weight: float) -> None:
    doubled = {key: 2 * score for key, score in lexical.items()}
    assert fuse({}, doubled, 2 * whole, weight) == pytest.approx(fuse({}, lexical, whole, weight))
