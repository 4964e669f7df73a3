"""The measures that `qa evaluate` reports, one function each, with its source.

Answers and rankings come in, numbers in [0, 1] come out.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from sklearn.metrics import roc_auc_score

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


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Chance that a positive scores above a negative, ties counting half (Hanley & McNeil 1982).

    None where either side is empty.
    """
    if not positives or not negatives:
        return None
    labels = [1] * len(positives) + [0] * len(negatives)
    return float(roc_auc_score(labels, [*positives, *negatives]))


def expected_calibration_error(
    confidences: Sequence[float], correct: Sequence[bool], bins: int = 10
) -> float | None:
    """Mean gap between confidence and accuracy over bins of equal width, weighted by their sizes.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3. None for no prediction;
    ValueError for a confidence outside [0, 1] or sequences of unequal length.
    """
    filled: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in zip(confidences, correct, strict=True):
        if not 0 <= confidence <= 1:
            raise ValueError(f"a confidence lies in [0, 1], {confidence} does not")
        filled.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, right))
    if not filled:
        return None
    gaps = (abs(sum(confidence - right for confidence, right in bin_)) for bin_ in filled.values())
    return sum(gaps) / len(confidences)


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
