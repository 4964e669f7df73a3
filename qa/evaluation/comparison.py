"""Two kept runs over the same questions come in; what changed, and whether it may be chance, goes out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ingest.errors import VerbatimError
from qa.evaluation import measures
from qa.evaluation.run import Outcome, Run

# Of a run, a row for each question: confidence, that without its document, answerable, right; nan where unknown.
Rows = NDArray[np.float64]
Statistic = Callable[[Rows], float | None]
Pairs = Sequence[tuple[Outcome, Outcome]]

LESS_IS_BETTER = frozenset(
    ("refused_answerable", "expected_calibration_error", "latency_p50_ms", "latency_p95_ms")
)
_NEITHER_IS_BETTER = frozenset(("answered",))


class DifferentQuestions(VerbatimError):
    """Two runs that did not ask the same questions, in the same order."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure in both runs.

    `n` questions have a part in it. `won` and `lost` count those where the second run is better and worse,
    None where the measure is none of single questions, or neither direction is better. `p` is two-sided:
    McNemar's exact test where each question counts 0 or 1, else a paired bootstrap, whose 95 % interval of
    the difference is (`low`, `high`); None for milliseconds.
    """

    name: str
    n: int
    a: float | None
    b: float | None
    won: int | None = None
    lost: int | None = None
    p: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def difference(self) -> float | None:
        return self.b - self.a if self.a is not None and self.b is not None else None


@dataclass(frozen=True, slots=True)
class Change:
    """A question that the two runs did not treat alike; `moved` names each measure with both values."""

    a: Outcome
    b: Outcome
    moved: tuple[tuple[str, float, float], ...]

    @property
    def gain(self) -> float:
        """What the second run gained by it, over all its measures; negative where it lost."""
        return sum((y - x) * (-1 if name in LESS_IS_BETTER else 1) for name, x, y in self.moved)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`parts` maps "all", then each set and language where there are several, to the measures compared."""

    a: Run
    b: Run
    parts: dict[str, tuple[Compared, ...]]
    changes: tuple[Change, ...]  # the greatest loss first, the greatest gain last


def compare_runs(a: Run, b: Run) -> Comparison:
    """Set two runs side by side, question by question. Raises DifferentQuestions."""
    _check_same(a, b)
    pairs = list(zip(a.outcomes, b.outcomes, strict=True))
    groups: dict[str, list[tuple[Outcome, Outcome]]] = {}
    for pair in pairs:
        # The languages of paragraphs are detected, one by one: a SQuAD file counts as a whole.
        name = pair[0].set if a.kind == "squad" else f"{pair[0].set}, {pair[0].language}"
        groups.setdefault(name, []).append(pair)
    parts = {"all": _compared(pairs, a.kind)}
    if len(groups) > 1:
        parts |= {name: _compared(groups[name], a.kind) for name in sorted(groups)}
    changes = [change for pair in pairs if (change := _change(*pair)).moved]
    return Comparison(a, b, parts, tuple(sorted(changes, key=lambda change: change.gain)))


def _check_same(a: Run, b: Run) -> None:
    if a.kind != b.kind:
        raise DifferentQuestions(f"a {a.kind} run and a {b.kind} run have no questions in common to compare")
    for number, (one, other) in enumerate(zip(a.outcomes, b.outcomes, strict=False), start=1):
        if _identity(one) != _identity(other):
            raise DifferentQuestions(
                f"question {number} is {one.question!r} ({one.set}) in the first run and {other.question!r} "
                f"({other.set}), or is answered otherwise, in the second; compare runs over the same files "
                "and the same choice of questions"
            )
    if len(a.outcomes) != len(b.outcomes):
        raise DifferentQuestions(
            f"the first run asks {len(a.outcomes):,} questions and the second {len(b.outcomes):,}; "
            "run both over the same files with the same --paragraphs and --limit"
        )


def _identity(outcome: Outcome) -> tuple[object, ...]:
    return (outcome.question, outcome.expected, outcome.answerable)


def _compared(pairs: Pairs, kind: str) -> tuple[Compared, ...]:
    names = dict.fromkeys(name for pair in pairs for name in pair[0].measures if name in pair[1].measures)
    found = [_of_questions(name, pairs) for name in names]
    if kind == "squad":
        found.append(_of_all("abstention_auroc", pairs, _auroc))
    found.append(_of_all("expected_calibration_error", pairs, _calibration_error))
    for share in (50, 95):
        latency = partial(_latency, share=share)
        before, after = latency([one for one, _ in pairs]), latency([other for _, other in pairs])
        found.append(Compared(f"latency_p{share}_ms", len(pairs), before, after))
    return tuple(found)


def _of_questions(name: str, pairs: Pairs) -> Compared:
    """A measure that is the mean over questions."""
    both = [(one.measures, other.measures) for one, other in pairs]
    scores = np.array([(x[name], y[name]) for x, y in both if name in x and name in y])
    gain = (scores[:, 1] - scores[:, 0]) * (-1 if name in LESS_IS_BETTER else 1)
    won, lost = int((gain > 0).sum()), int((gain < 0).sum())
    a, b = (float(mean) for mean in scores.mean(axis=0))
    if np.isin(scores, (0, 1)).all():
        p, low, high = measures.mcnemar(won, lost), None, None
    else:
        low, high, p = measures.paired_bootstrap(
            lambda drawn: float((scores[drawn, 1] - scores[drawn, 0]).mean()), len(scores)
        )
    if name in _NEITHER_IS_BETTER:
        return Compared(name, len(scores), a, b, p=p)
    return Compared(name, len(scores), a, b, won, lost, p, _known(low), _known(high))


def _of_all(name: str, pairs: Pairs, statistic: Statistic) -> Compared:
    """A measure of the whole, such as an area under a curve, which no single question has."""
    one, other = (_rows([pair[run] for pair in pairs]) for run in (0, 1))
    a, b = statistic(one), statistic(other)
    if a is None or b is None:
        return Compared(name, len(pairs), a, b)

    def difference(drawn: NDArray[np.intp]) -> float:
        before, after = statistic(one[drawn]), statistic(other[drawn])
        return math.nan if before is None or after is None else after - before

    low, high, p = measures.paired_bootstrap(difference, len(pairs))
    return Compared(name, len(pairs), a, b, p=p, low=_known(low), high=_known(high))


def _rows(outcomes: Sequence[Outcome]) -> Rows:
    return np.array(
        [(each.confidence, each.confidence_without, each.answerable, each.right) for each in outcomes], float
    )


def _auroc(rows: Rows) -> float | None:
    confidence, without, answerable, _ = rows.T
    impossible = np.concatenate((confidence[answerable == 0], without[~np.isnan(without)]))
    return measures.auroc(confidence[answerable == 1], impossible)


def _calibration_error(rows: Rows) -> float | None:
    confidence, _, _, right = rows[~np.isnan(rows[:, 3])].T
    return measures.expected_calibration_error(confidence, right)


def _latency(outcomes: Sequence[Outcome], share: float) -> float | None:
    return measures.percentile([each.latency_ms for each in outcomes], share)


def _change(a: Outcome, b: Outcome) -> Change:
    moved = tuple(
        (name, value, b.measures[name])
        for name, value in a.measures.items()
        if name in b.measures and value != b.measures[name] and name not in _NEITHER_IS_BETTER
    )
    return Change(a, b, moved)


def _known(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value
