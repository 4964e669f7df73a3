from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation import measures


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The  Cat, an animal!", "cat animal"),
        ("a.b-c", "abc"),  # as in SQuAD's script: punctuation goes before articles, and leaves no space
        ("U.S. $7.3 billion", "us 73 billion"),
        ("«Форум» — 2007 год.", "форум 2007 год"),
        ("Theatre", "theatre"),
        ("大韩民国（韩国）2007年", "大 韩 民 国 韩 国 2007 年"),
        ("부산에서 열린", "부산에서 열린"),
        ("e\u0301te\u0301", "été"),
        ("The", ""),
        ("…", ""),
    ],
)
def test_normalize_answer(text: str, normal: str) -> None:
    assert measures.normalize_answer(text) == normal


@pytest.mark.parametrize(
    ("prediction", "answers", "score"),
    [
        ("the Busan", ["Seoul", "Busan."], 1.0),
        ("Busan city", ["Busan"], 0.0),
        ("首尔", ["首 尔"], 1.0),
        ("Busan", [], 0.0),
    ],
)
def test_exact_match(prediction: str, answers: list[str], score: float) -> None:
    assert measures.exact_match(prediction, answers) == score


@pytest.mark.parametrize(
    ("prediction", "answers", "score"),
    [
        ("the city of Busan", ["Busan"], 0.5),  # precision 1/3, recall 1
        ("the city of Busan", ["Busan", "city of Busan"], 1.0),  # the best of the answers counts
        ("33 billion tons", ["33.6 billion tons of coal"], 0.5),  # 2 of 3 against 2 of 5: 2 * 2 / 8
        ("no no yes", ["no"], 0.5),  # a repeated token counts as often as it is repeated in both
        ("北京大学", ["北京"], 2 / 3),  # by characters: 2 * 2 / 6
        ("Busan", ["Seoul"], 0.0),
        ("the", ["an"], 1.0),
        ("the", ["Busan"], 0.0),
        ("Busan", [], 0.0),
    ],
)
def test_f1(prediction: str, answers: list[str], score: float) -> None:
    assert measures.f1(prediction, answers) == pytest.approx(score)


@given(st.text(), st.text())
def test_f1_is_symmetric_and_an_exact_match_scores_one(one: str, other: str) -> None:
    assert measures.f1(one, [other]) == measures.f1(other, [one])
    assert 0 <= measures.f1(one, [other]) <= 1
    if measures.exact_match(one, [other]):
        assert measures.f1(one, [other]) == 1


@pytest.mark.parametrize(
    ("quote", "answers", "found"),
    [
        ("The 15th was held\nin  Busan.", ["IN BUSAN"], True),
        ("Exports: 372\u00a0854", ["372 854"], True),
        ("It began in 2007.", ["7"], False),
        ("It began in 2007.", ["2007"], True),
        ("It costs $7.3 billion", ["3 billion"], False),
        ("It costs $7.3 billion", ["7"], False),
        ("It costs $7.3 billion", ["$7.3"], True),
        ("2007년에 시작", ["2007년"], True),
        ("It has 12, 13 and 14.", ["13"], True),
        ("Busan", [], False),
        ("Busan", ["", " "], False),
        ("", ["Busan"], False),
    ],
)
def test_contains_answer(quote: str, answers: list[str], found: bool) -> None:
    assert measures.contains_answer(quote, answers) is found


def test_rankings() -> None:
    ranked = ["d3", "d1", "d7", "d2"]
    assert [measures.hit_at_k(ranked, {"d1", "d9"}, k) for k in (1, 2, 4)] == [0, 1, 1]
    assert [measures.recall_at_k(ranked, {"d1", "d2", "d9"}, k) for k in (1, 2, 4)] == [0, 1 / 3, 2 / 3]
    assert measures.reciprocal_rank(ranked, {"d7", "d2"}, 10) == 1 / 3
    assert measures.reciprocal_rank(ranked, {"d7", "d2"}, 2) == 0
    assert measures.reciprocal_rank([], {"d7"}, 10) == 0


def test_recall_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one relevant"):
        measures.recall_at_k(["d1"], set(), 1)


def test_auroc_is_the_share_of_pairs_in_order_with_ties_half() -> None:
    # Pairs: .9>.8 .9>.3 .5<.8 .5>.3 .3<.8 .3=.3 → (1+1+0+1+0+½) / 6
    assert measures.auroc([0.9, 0.5, 0.3], [0.8, 0.3]) == pytest.approx(3.5 / 6)
    assert measures.auroc([0.9, 0.8], [0.1]) == 1
    assert measures.auroc([0.4], [0.4, 0.4]) == 0.5
    assert measures.auroc([], [0.1]) is None
    assert measures.auroc([0.1], []) is None


SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=12)


@given(SCORES, SCORES)
def test_auroc_equals_brute_force(positives: list[float], negatives: list[float]) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positives for n in negatives]
    assert measures.auroc(positives, negatives) == pytest.approx(sum(pairs) / len(pairs))


def test_expected_calibration_error() -> None:
    # Two bins of ten: [.8, .9) holds .82 and .88, one right: |.85 − .5| × ½; 1.0 belongs to the last
    # bin with .95, both right: |.975 − 1| × ½.
    error = measures.expected_calibration_error([0.82, 0.88, 1.0, 0.95], [True, False, True, True])
    assert error == pytest.approx(0.35 / 2 + 0.025 / 2)
    assert measures.expected_calibration_error([0.0, 1.0], [False, True]) == 0
    assert measures.expected_calibration_error([], []) is None


def test_calibration_error_refuses_what_is_no_probability() -> None:
    with pytest.raises(ValueError, match=r"1\.2 does not"):
        measures.expected_calibration_error([1.2], [True])
    with pytest.raises(ValueError, match="shorter"):
        measures.expected_calibration_error([0.2, 0.3], [True])


def test_a_reliability_diagram_has_every_bin() -> None:
    bins = measures.reliability([0.82, 0.88, 1.0, 0.95, 0.0], [True, False, True, True, False])
    assert [(each.low, each.high) for each in bins] == [(i / 10, (i + 1) / 10) for i in range(10)]
    assert [each.n for each in bins] == [1, 0, 0, 0, 0, 0, 0, 0, 2, 2]
    assert (bins[0].confidence, bins[0].right) == (0, 0)
    assert (bins[1].confidence, bins[1].right) == (None, None)
    assert (bins[8].confidence, bins[8].right) == (pytest.approx(0.85), 0.5)
    assert (bins[9].confidence, bins[9].right) == (pytest.approx(0.975), 1)
    assert [each.n for each in measures.reliability([], [])] == [0] * 10


def test_mcnemar_is_the_binomial_test_of_the_changed() -> None:
    assert measures.mcnemar(8, 2) == pytest.approx(2 * (1 + 10 + 45) / 2**10)
    assert measures.mcnemar(2, 8) == measures.mcnemar(8, 2)
    assert measures.mcnemar(5, 5) == 1
    assert measures.mcnemar(0, 0) == 1
    assert measures.mcnemar(20, 0) == pytest.approx(2 / 2**20)


def test_paired_bootstrap_knows_a_sure_gain_from_chance() -> None:
    def of(gains: list[float]) -> tuple[float, float, float]:
        return measures.paired_bootstrap(lambda drawn: float(np.array(gains)[drawn].mean()), len(gains))

    assert of([0.1] * 50) == (pytest.approx(0.1), pytest.approx(0.1), 0.001)
    assert of([0.0] * 50) == (0, 0, 1)
    low, high, p = of([0.5, -0.5] * 100)
    assert -0.08 < low < 0 < high < 0.08 and p > 0.8
    # The mean of 200 gains of spread .5 about .1 has a standard error of .035.
    low, high, p = of([0.6, -0.4] * 100)
    assert (low, high) == (
        pytest.approx(0.1 - 1.96 * 0.0354, abs=0.01),
        pytest.approx(0.1 + 1.96 * 0.0354, abs=0.01),
    )
    assert 0.001 <= p < 0.02
    assert of([0.5] * 50) == of([0.5] * 50)  # the same draws each time
    assert measures.paired_bootstrap(lambda drawn: 1.0, 1)[2] == 1
    assert measures.paired_bootstrap(lambda drawn: float("nan"), 5)[2] == 1


def test_mean_and_percentile() -> None:
    assert measures.mean([1, 0, 1, 0]) == 0.5
    assert measures.mean([]) is None
    assert measures.percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.5
    assert measures.percentile([float(n) for n in range(101)], 95) == 95
    assert measures.percentile([], 50) is None
