"""How long search and ask take at 1,000, 10,000 and 100,000 passages, stage by stage.

python -m bench.query [--sizes 1000 10000 100000]

The library is that of bench/synthetic.py. What a user waits for with the reader is in bench/ask.py.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.record import save
from bench.synthetic import NoisyEncoder, Paragraphs, fill, load
from index.encoder import load_encoder
from index.library import Library
from qa.ask import ask
from qa.models.built_in import BuiltInReader
from qa.reader import PassageReader

QUESTIONS = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", nargs="+", type=int, default=[1_000, 10_000, 100_000], metavar="PASSAGES")
    sizes = parser.parse_args().sizes
    paragraphs, questions = load(QUESTIONS)
    encoder = load_encoder()
    known = encoder.encode_passages([text for text, _ in paragraphs[:200]])
    results: dict[str, Any] = {}
    for size in sizes:
        results[f"{size:,} passages"] = _measure(size, paragraphs, questions, NoisyEncoder(encoder, known))
        save(  # after each size: the largest takes minutes to fill
            "query",
            f"{QUESTIONS} questions in four languages, one after the other, after three to warm up; milliseconds",
            results,
            ("openvino", "faiss-cpu", "tantivy"),
        )


def _measure(size: int, paragraphs: Paragraphs, questions: list[str], encoder: NoisyEncoder) -> Any:
    with tempfile.TemporaryDirectory() as scratch, Library(Path(scratch), encoder) as library:
        count = fill(library, paragraphs, size)
        encoder.adding = False
        reader = PassageReader(BuiltInReader(memory=0))  # every question reads as if it were the first
        stages: dict[str, list[float]] = {}

        def ask_and_note(question: str) -> None:
            for stage, milliseconds in ask(question, library, reader=reader).timings_ms.items():
                stages.setdefault(stage, []).append(milliseconds)

        search = _time(questions, lambda question: library.search(question, 10))
        asking = _time(questions, ask_and_note)
        return {
            "passages": count,
            "search": search,
            "ask": asking,
            "ask, p50 of each stage": {
                stage: round(statistics.median(times), 1) for stage, times in stages.items()
            },
            "encoding the question, p50": _time(questions, lambda q: encoder.encode_queries([q], ["en"]))[
                "p50"
            ],
        }


def _time(questions: list[str], call: Callable[[str], object]) -> dict[str, float]:
    for question in questions[:3]:
        call(question)
    times = []
    for question in questions:
        began = time.perf_counter()
        call(question)
        times.append((time.perf_counter() - began) * 1000)
    return {"p50": round(statistics.median(times), 1), "p95": round(float(np.percentile(times, 95)), 1)}


if __name__ == "__main__":
    main()
