"""What each stage of answering buys, on every set: a stage that buys nothing can be deleted.

python -m bench.ablation --cache DIR [--sets xquad-dev.en …] [--limit 100] [--reader NAME]

Every question is read once, over the twenty best passages, and kept in DIR; a stage is the score by some of
the reader's signals, worked out from there with the weights of `qa.signals`, those of the others being zero.
"dense", "lexical" and "fused" are the search alone, without a reader. xquad-dev is measured on its odd
paragraphs, the even ones having been there to choose by.

R@1: the first passage's document answers. Sentence: the first sentence lies in it and holds an answer. F1: of
its short answer. AUROC: of the best score, with the documents that answer among those read and without
them, and with questions that nothing answers; those are read over one passage or two fewer, and signals that
are relative to the others read stay as they were, so that it is the stages that it compares.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.questions import XQUAD, QuestionSet, corpus, limited, written, xquad
from bench.readings import RANKINGS, SIGNALS, Asked, read_set, weighted
from bench.record import save
from index.encoder import load_encoder
from qa.evaluation import measures
from qa.signals import WEIGHTS

# Each stage has the signals of those before it, and these.
STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("passage", ("passage", "dense", "passage_coverage", "foreign")),
    ("+ relevance", ("relevance",)),
    ("+ span", ("span", "lag")),
    ("+ words of the question", ("carried", "foreign_coverage")),
    ("+ kind of answer", ("kind",)),
    ("+ table cells", ("cell", "row")),
    ("+ premises", tuple(name for name in SIGNALS if name.partition("_")[0][:4] in ("year", "figu", "name"))),
)

SETS: dict[str, Callable[[], QuestionSet]] = {
    **{f"xquad-dev.{name}": partial(xquad, name, "odd") for name in XQUAD},
    "corpus": corpus,
    "own": written,
}
Scores = list[NDArray[np.float64]]  # of the readings of each question


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cache", metavar="DIR", type=Path, required=True, help="readings are kept here")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), metavar="SET")
    parser.add_argument("--limit", type=int, metavar="N", help="so many questions of each set")
    parser.add_argument("--reader", metavar="NAME", help="as of python -m qa ask")
    options = parser.parse_args()
    encoder = load_encoder()
    results: dict[str, Any] = {}
    for name in options.sets:
        questions = limited(SETS[name](), options.limit)
        results[questions.name] = ablation(read_set(questions, encoder, options.cache, reader=options.reader))
    save(
        "ablation",
        "every question read over its 20 best passages; xquad-dev on odd paragraphs",
        {"weights": asdict(WEIGHTS), "sets": results},
        ("openvino", "faiss-cpu", "tantivy"),
    )


def ablation(asked: Sequence[Asked], weights: dict[str, float] | None = None) -> dict[str, dict[str, object]]:
    """A row of measures for each stage, then for everything without one signal."""
    known = asdict(WEIGHTS) if weights is None else weights
    rows: dict[str, dict[str, object]] = {name: _searched(asked, name) for name in RANKINGS}
    for name, signals in stages():
        rows[name] = measured(asked, weighted(asked, {each: known[each] for each in signals}))
    for left_out in SIGNALS:
        others = {name: weight for name, weight in known.items() if name != left_out}
        rows[f"everything but {left_out}"] = measured(asked, weighted(asked, others))
    return rows


def stages() -> Iterator[tuple[str, frozenset[str]]]:
    """The names of STAGES, each with all signals up to it; then everything."""
    so_far: frozenset[str] = frozenset()
    for name, added in STAGES:
        so_far |= frozenset(added)
        yield name, so_far
    yield "everything", frozenset(SIGNALS)


def measured(asked: Sequence[Asked], scores: Scores) -> dict[str, object]:
    """The measures of the module's docstring; None where the scores cannot say."""
    ranked: list[float] = []
    right: list[float] = []
    words: list[float] = []
    possible: list[float] = []
    impossible: list[float] = []
    ties = 0
    for each, values in zip(asked, scores, strict=True):
        gold = np.array([r.document.id in each.question.gold for r in each.readings], bool)
        best = float(values.max(initial=-math.inf))
        if not each.question.answerable:
            impossible.append(best)
            continue
        possible.append(best)
        impossible.append(float(values[~gold].max(initial=-math.inf)))
        if not len(values):
            ranked, right, words = [*ranked, 0], [*right, 0], [*words, 0]
            continue
        first = each.readings[int(values.argmax())]
        ties += int((values == best).sum() > 1)
        ranked.append(float(first.document.id in each.question.gold))
        right.append(float(each.is_right(first)))
        words.append(measures.f1(first.answer.of(first.document.text), each.question.answers))
    chooses = ties < len(possible) / 2  # else the first of equal sentences was taken, which is no choice
    return _row(ranked, right if chooses else [], words if chooses else [], possible, impossible)


def _searched(asked: Sequence[Asked], ranking: str) -> dict[str, object]:
    """The measures of a ranking of passages, which no one has read."""
    firsts = [(each.question.answerable, each.first[ranking]) for each in asked if each.first]
    possible = [first.score for answerable, first in firsts if answerable]
    impossible = [first.score_without if answerable else first.score for answerable, first in firsts]
    return _row(
        [float(first.gold) for answerable, first in firsts if answerable], [], [], possible, impossible
    )


def _row(
    ranked: list[float],
    right: list[float],
    words: list[float],
    possible: list[float],
    impossible: list[float],
) -> dict[str, object]:
    found = {
        "questions": len(ranked),
        "R@1": measures.mean(ranked),
        "sentence": measures.mean(right),
        "F1": measures.mean(words),
        "AUROC": measures.auroc(possible, impossible),
    }
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in found.items()}


if __name__ == "__main__":
    main()
