"""What a user waits for: `ask` with the reader over twenty passages, and the memory of the whole program.

python -m bench.ask [--sizes 10000] [--questions 60] [--reader NAME] [--library DIR]

A child process opens the library of bench/synthetic.py (kept in DIR, where one is named), loads everything
and asks, on two cores; each question once, and with no memory of what was read before. Its memory is the
peak of its own resident set, the app's pages loaded beside it where `--app` is given.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.record import save
from bench.synthetic import NoisyEncoder, fill, load
from index.encoder import load_encoder
from index.library import Library

CORES = 2
WARM_UP = 3  # questions that are asked before the clock counts
PASSAGES = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000], metavar="PASSAGES")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--reader", metavar="NAME", help="as of python -m qa ask")
    parser.add_argument(
        "--library", metavar="DIR", type=Path, help="keep the libraries here, and use them again"
    )
    parser.add_argument("--app", action="store_true", help="load what serves the app too")
    parser.add_argument("--child", metavar="DIR", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(_child(options)))
        return
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for size in options.sizes:
            folder = (options.library or Path(scratch)) / f"{size}-passages"
            count = _filled(folder, size)
            results[f"{count:,} passages"] = _asked(folder, options)
    save(
        "ask",
        f"{options.questions} questions in four languages, each asked once after {WARM_UP} others, over "
        f"{PASSAGES} passages on {CORES} cores; milliseconds; MB is 2^20 bytes",
        results,
        ("openvino", "faiss-cpu", "tantivy"),
    )


def _filled(folder: Path, size: int) -> int:
    """Passages of the library in `folder`, which is made where there is none."""
    done = folder / "passages"  # written last: a library that was cut short is made again
    if not done.exists():
        paragraphs, _ = load(0)
        encoder = load_encoder()
        known = encoder.encode_passages([text for text, _ in paragraphs[:200]])
        with Library(folder, NoisyEncoder(encoder, known)) as library:
            done.write_text(str(fill(library, paragraphs, size)), "utf-8")
    return int(done.read_text("utf-8"))


def _asked(folder: Path, options: argparse.Namespace) -> Any:
    """What a child of this process measures: this one has held the texts and vectors of the whole library."""
    command = [
        sys.executable,
        "-m",
        "bench.ask",
        "--child",
        str(folder),
        "--questions",
        str(options.questions),
    ]
    command += ["--reader", options.reader] if options.reader else []
    command += ["--app"] if options.app else []
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout.splitlines()[-1])


def _child(options: argparse.Namespace) -> dict[str, Any]:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])  # before a library counts them
    began = time.perf_counter()
    from qa.ask import Settings, ask
    from qa.readers import make_reader

    _, questions = load(options.questions + WARM_UP)
    with Library.open(options.child) as library:
        reader = make_reader(options.reader, library)
        if options.app:
            from web.server import create_app

            app = create_app(library, reader=reader)  # noqa: F841  # held, as the server holds it
        laps: dict[str, list[float]] = {}
        answered = 0
        for number, question in enumerate(questions):
            result = ask(question, library, reader=reader, settings=Settings(passages=PASSAGES))
            if number == 0:
                until_first = time.perf_counter() - began
            if number < WARM_UP:
                continue
            answered += result.answered
            for stage, milliseconds in result.timings_ms.items():
                laps.setdefault(stage, []).append(milliseconds)
        loaded = _megabytes("VmRSS")
    return {
        "ask": _percentiles(laps.pop("total")),
        "stages": {stage: _percentiles(times) for stage, times in laps.items()},
        "answered": answered,
        "seconds from start to the first answer": round(until_first, 1),
        "memory at the end, MB": loaded,
        "memory at its peak, MB": _megabytes("VmHWM"),
    }


def _percentiles(times: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(times, (50, 95))
    return {"p50": round(float(p50), 1), "p95": round(float(p95), 1)}


def _megabytes(name: str) -> float:
    """A figure of this process in /proc. Unlike getrusage, it counts nothing of the parent before the exec."""
    status = Path("/proc/self/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
    return round(int(line.split()[1]) / 1024, 1)


if __name__ == "__main__":
    main()
