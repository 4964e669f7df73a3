"""What the reader loses and wins by multiplying in eight bits, against the same weights in float32.

python -m bench.precision [--limit 150]

Both read the gold paragraphs of the odd questions of xquad-dev: F1 and exact match of the best span, the share of
questions for which both choose the same one, and the largest difference of a logit. Both are timed in turns over
the same twenty paragraphs; the ratio is of the medians.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

import numpy as np

from bench.questions import XQUAD
from bench.record import DATA, save
from qa.evaluation.measures import exact_match, f1
from qa.evaluation.squad import SquadSet, choose, read_squad
from qa.models.built_in import BuiltInReader
from qa.models.span_model import PassageLogits, PassageText, best_span

TURNS = 15
PASSAGES = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--limit", type=int, metavar="N", help="so many questions of each language")
    options = parser.parse_args()
    readers = {"float32": BuiltInReader(exact=True, memory=0), "as shipped": BuiltInReader(memory=0)}
    results: dict[str, Any] = {}
    for language in XQUAD:
        squad = choose(read_squad(DATA / "eval" / f"xquad-dev.{language}.json"), "odd", options.limit)
        results[f"xquad-dev.{language}"] = _compared(readers, squad)
    results["seconds of float32 / seconds as shipped"] = _ratio(readers)
    some = f"{options.limit} questions of each language" if options.limit else "all questions"
    save(
        "precision",
        f"{some} on the odd paragraphs of xquad-dev, each over its own paragraph; times over {PASSAGES} "
        f"paragraphs, medians of {TURNS} turns",
        results,
        ("openvino",),
    )


def _compared(readers: dict[str, BuiltInReader], squad: SquadSet) -> dict[str, Any]:
    scores: dict[str, list[tuple[float, float]]] = {name: [] for name in readers}
    same, widest = 0, 0.0
    for question in squad.questions:
        paragraph = squad.paragraphs[question.paragraph]
        found = [reader.read(question.text, [PassageText("", paragraph)])[0] for reader in readers.values()]
        words = [_words(each, paragraph) for each in found]
        for name, text in zip(readers, words, strict=True):
            scores[name].append((f1(text, question.answers), exact_match(text, question.answers)))
        same += words[0] == words[1]
        widest = max(widest, *(float(np.abs(a - b).max()) for a, b in zip(*map(_logits, found), strict=True)))
    means = {
        name: [round(statistics.mean(column), 4) for column in zip(*pairs, strict=True)]
        for name, pairs in scores.items()
    }
    return {
        "questions": len(squad.questions),
        **{name: {"f1": mean_f1, "exact_match": mean_em} for name, (mean_f1, mean_em) in means.items()},
        "same span": round(same / len(squad.questions), 4),
        "largest difference of a logit": round(widest, 3),
    }


def _words(logits: PassageLogits, paragraph: str) -> str:
    best = best_span(logits, 0, len(paragraph))
    return best.span.of(paragraph) if best else ""


def _logits(found: PassageLogits) -> tuple[np.ndarray, ...]:
    return found.first, found.last, np.array([found.relevance])


def _ratio(readers: dict[str, BuiltInReader]) -> float:
    paragraphs = read_squad(DATA / "eval" / "xquad-dev.en.json").paragraphs[:PASSAGES]
    passages = [PassageText("", text) for text in paragraphs]
    times: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(TURNS):
        for name, reader in readers.items():
            began = time.perf_counter()
            reader.read("When was it founded?", passages)
            times[name].append(time.perf_counter() - began)
    exact, shipped = (statistics.median(each) for each in times.values())
    return round(exact / shipped, 2)


if __name__ == "__main__":
    main()
