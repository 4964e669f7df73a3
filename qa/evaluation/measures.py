"""The measures that `qa evaluate` reports, one function each, with its source.

Answers and rankings come in, numbers in [0, 1] come out.
"""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest, rankdata

Values = Sequence[float] | NDArray[np.float64]

_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_HAN = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")


def normalize_answer(text: str) -> str:
    """Lower case, without punctuation and English articles, one space between tokens.

    Rajpurkar et al. 2016 (SQuAD), its evaluation script; on ASCII text the result is the same.
    Two things are from Lewis et al. 2020 (MLQA), which had to score other scripts: punctuation is
    Unicode's ("«", "。"), and each Han character is a token, as Chinese puts no spaces between words.
    Hangul, Cyrillic and Latin are split at spaces.
    """
    lowered = unicodedata.normalize("NFC", text).lower()
    bare = "".join(char for char in lowered if not _is_punctuation(char))
    return " ".join(_HAN.sub(r" \1 ", _ARTICLE.sub(" ", bare)).split())


def exact_match(prediction: str, answers: Iterable[str]) -> float:
    """1 where the prediction equals one of the answers once both are normalised (Rajpurkar et al. 2016)."""
    return float(normalize_answer(prediction) in {normalize_answer(answer) for answer in answers})


def f1(prediction: str, answers: Iterable[str]) -> float:
    """Harmonic mean of token precision and recall, against the answer it fits best (Rajpurkar et al. 2016).

    Where either has no token left after normalisation, it is 1 if both have none, else 0, as in the
    evaluation script of SQuAD 2.0.
    """
    return max((_token_f1(prediction, answer) for answer in answers), default=0.0)


def contains_answer(quote: str, answers: Iterable[str]) -> bool:
    """Whether one of the answers stands in the quote, letter case and the kind of white space aside.

    A number must stand whole: "7" is not in "2007", nor "3" in "7.3".
    """
    plain = _plain(quote)
    return any(_stands_in(_plain(answer), plain) for answer in answers)


def hit_at_k(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """1 where one of the first k is relevant, else 0: success at k (Manning et al. 2008, chapter 8)."""
    return float(any(item in relevant for item in ranked[:k]))


def recall_at_k(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Share of the relevant that stand among the first k (Manning et al. 2008, chapter 8).

    Raises ValueError where nothing is relevant: the measure is then undefined.
    """
    if not relevant:
        raise ValueError("recall needs at least one relevant item")
    return len(set(ranked[:k]) & set(relevant)) / len(set(relevant))


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """1 / rank of the first relevant among the first k, 0 where none is (Voorhees 1999, TREC-8 QA)."""
    return next((1 / rank for rank, item in enumerate(ranked[:k], start=1) if item in relevant), 0.0)


def auroc(positives: Values, negatives: Values) -> float | None:
    """Chance that a positive scores above a negative, ties counting half (Hanley & McNeil 1982).

    None where either side is empty.
    """
    n, rest = len(positives), len(negatives)
    if not n or not rest:
        return None
    # Mann & Whitney 1947: the pairs in order are what the ranks of the positives exceed 1 … n by.
    ranks = rankdata(np.concatenate((positives, negatives)))
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * rest))


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions of one bin of a reliability diagram: how sure they were on average, how many were right."""

    low: float
    high: float
    n: int
    confidence: float | None  # both None where the bin is empty
    right: float | None


def reliability(confidences: Values, correct: Values, bins: int = 10) -> tuple[Bin, ...]:
    """The reliability diagram of DeGroot & Fienberg 1983: bins of equal width, the last closed on both sides.

    ValueError for a confidence outside [0, 1] or sequences of unequal length.
    """
    sure, right = np.asarray(confidences, float), np.asarray(correct, float)
    if len(sure) != len(right):
        raise ValueError(f"{len(sure)} confidences and {len(right)} outcomes: one is shorter")
    if len(outside := sure[~((sure >= 0) & (sure <= 1))]):
        raise ValueError(f"a confidence lies in [0, 1], {outside[0]} does not")
    at = np.minimum((sure * bins).astype(int), bins - 1)
    counts = np.bincount(at, minlength=bins)
    sums = np.bincount(at, sure, bins), np.bincount(at, right, bins)
    return tuple(
        Bin(
            low=i / bins,
            high=(i + 1) / bins,
            n=int(count),
            confidence=float(sums[0][i] / count) if count else None,
            right=float(sums[1][i] / count) if count else None,
        )
        for i, count in enumerate(counts)
    )


def expected_calibration_error(confidences: Values, correct: Values, bins: int = 10) -> float | None:
    """Mean gap between confidence and accuracy over bins of equal width, weighted by their sizes.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3. None for no prediction;
    ValueError for a confidence outside [0, 1] or sequences of unequal length.
    """
    gaps = [
        bin.n * abs(bin.confidence - bin.right)
        for bin in reliability(confidences, correct, bins)
        if bin.confidence is not None and bin.right is not None
    ]
    return sum(gaps) / len(confidences) if gaps else None


def mcnemar(won: int, lost: int) -> float:
    """Chance of a split of the changed questions at least this uneven, were neither run better (two-sided).

    The exact form of McNemar 1947: a binomial test of the questions that only one run has right. It takes
    the questions for independent; those on one paragraph are not quite, so that it is a little too small.
    """
    return float(binomtest(won, won + lost, 0.5).pvalue) if won + lost else 1.0


def paired_bootstrap(
    difference: Callable[[NDArray[np.intp]], float], n: int, resamples: int = 1000, seed: int = 0
) -> tuple[float, float, float]:
    """95 % interval of a difference between two runs over the same n questions, and its two-sided p.

    Efron & Tibshirani 1993, chapter 13 (percentile interval); paired as in Koehn 2004: `difference` gets the
    numbers of the questions drawn, with replacement, and compares both runs on these. p is twice the share
    of draws on the other side of zero, at least 1 / resamples. Questions are taken for independent.
    """
    if n < 2:
        return (math.nan, math.nan, 1.0)
    random = np.random.default_rng(seed)
    drawn = np.array([difference(random.integers(n, size=n)) for _ in range(resamples)])
    drawn = drawn[~np.isnan(drawn)]  # a draw without any positive, say, has no AUROC
    if not len(drawn):
        return (math.nan, math.nan, 1.0)
    low, high = np.percentile(drawn, (2.5, 97.5))
    p = 2 * min(np.mean(drawn <= 0), np.mean(drawn >= 0))
    return float(low), float(high), float(min(max(p, 1 / resamples), 1))


def mean(values: Sequence[float]) -> float | None:
    """The mean; None of nothing, so that a rate over no question is not shown as 0."""
    return sum(values) / len(values) if values else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that `share` percent of all do not exceed, interpolated linearly; None of nothing."""
    return float(np.percentile(values, share)) if values else None


def _is_punctuation(char: str) -> bool:
    return char in string.punctuation or unicodedata.category(char).startswith("P")


def _token_f1(prediction: str, answer: str) -> float:
    predicted, expected = normalize_answer(prediction).split(), normalize_answer(answer).split()
    if not predicted or not expected:
        return float(predicted == expected)
    shared = sum((Counter(predicted) & Counter(expected)).values())
    # The harmonic mean of shared / predicted (precision) and shared / expected (recall).
    return 2 * shared / (len(predicted) + len(expected))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _stands_in(answer: str, quote: str) -> bool:
    if not answer:
        return False
    before = r"(?<!\d)(?<!\d[.,])" if answer[0].isdigit() else ""
    after = r"(?!\d)(?![.,]\d)" if answer[-1].isdigit() else ""
    return re.search(before + re.escape(answer) + after, quote) is not None
