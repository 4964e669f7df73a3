"""Ten people at once: the real server, asked by readers who open each source and think before they ask again.

python -m bench.load [--people 10] [--minutes 10] [--pause 5]

Starts `app.py` over a library of the starter documents and of the parallel passages. Each person asks a question,
has the answer's source opened (the page picture too, where it is a PDF), searches for its words, thinks and goes on.
No question is asked twice within what the reader remembers. Every answer counts, also a refusal of the server.
"""

from __future__ import annotations

import argparse
import json
import queue
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from bench.questions import CORPUS, PARALLEL
from bench.record import save

ROOT = Path(__file__).parent.parent
TIMEOUT = 120.0  # seconds after which a request counts as lost
SAMPLE = 5.0  # seconds between two looks at the server's memory


@dataclass(slots=True)
class Seen:
    """What was measured, by all people together."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    def note(self, kind: str, took: float, problem: str = "") -> None:
        with self.lock:
            self.milliseconds.setdefault(kind, []).append(took * 1000)
            if problem:
                self.lost.append(f"{kind}: {problem}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--pause", type=float, default=5, help="seconds of thought, on average")
    options = parser.parse_args()
    questions = _questions()
    with tempfile.TemporaryDirectory() as scratch:
        passages = _parallel_passages(Path(scratch) / "passages")
        with served(Path(scratch), [CORPUS / "documents", passages]) as (process, url):
            results = _drive(process, url, questions, options)
    save(
        "load",
        f"{options.people} people for {options.minutes:g} minutes, who think {options.pause:g} seconds "
        f"on average between two questions; {len(questions)} different questions in nine varieties; "
        "milliseconds; MB is 2^20 bytes",
        results,
        ("gradio", "uvicorn", "openvino", "faiss-cpu", "tantivy"),
    )


def _questions() -> list[str]:
    """The gold questions of the corpus and those of the parallel set in every variety, shuffled."""
    gold = (CORPUS / "questions.jsonl").read_text("utf-8").splitlines()
    rows = PARALLEL.read_text("utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in gold]
    asked += [question for row in rows for question in json.loads(row)["question"].values()]
    random.Random(5).shuffle(asked)
    return list(dict.fromkeys(asked))


def _parallel_passages(folder: Path) -> Path:
    """The folder, with a file for each passage of the parallel set."""
    folder.mkdir()
    for row in map(json.loads, PARALLEL.read_text("utf-8").splitlines()):
        for variety, text in row["passage"].items():
            (folder / f"{row['id']}.{variety}.txt").write_text(
                f"{row['title'][variety]}\n\n{text}\n", "utf-8"
            )
    return folder


@contextmanager
def served(scratch: Path, documents: Sequence[Path]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running app over a library of these files, and its address. The library is made in `scratch`."""
    library = ["--library", str(scratch / "library")]
    add = [sys.executable, "-m", "ingest", "add", *map(str, documents), *library]
    subprocess.run(add, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "app.py", *library, "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = next((line for line in process.stdout if "http://" in line), None)
        if line is None:
            sys.exit(f"app.py ended with exit code {process.wait()}")
        yield process, next(word for word in line.split() if word.startswith("http://"))
    finally:
        process.terminate()
        process.wait(30)


def _drive(
    process: subprocess.Popen[str], url: str, questions: list[str], options: argparse.Namespace
) -> dict[str, Any]:
    seen, waiting = Seen(), queue.SimpleQueue[str]()
    for question in questions * 100:
        waiting.put(question)
    _visit(url, waiting.get(), Seen(), random.Random(0))  # the models load at the first question
    memory = [_megabytes(process.pid)]
    ends = time.monotonic() + options.minutes * 60
    began = time.monotonic()

    def person(number: int) -> None:
        chance = random.Random(number)
        while time.monotonic() < ends:
            time.sleep(chance.expovariate(1 / options.pause) if options.pause else 0)
            _visit(url, waiting.get(), seen, chance)

    people = [threading.Thread(target=person, args=(number,)) for number in range(options.people)]
    for each in people:
        each.start()
    while any(each.is_alive() for each in people):
        time.sleep(SAMPLE)
        memory.append(_megabytes(process.pid))
    took = time.monotonic() - began
    total = sum(map(len, seen.milliseconds.values()))
    minute = max(1, round(60 / SAMPLE))
    return {
        "requests": total,
        "requests per second": round(total / took, 2),
        "lost": len(seen.lost),
        "what was lost": sorted(set(seen.lost))[:10],
        "latency": {kind: _percentiles(times) for kind, times in sorted(seen.milliseconds.items())},
        "memory, MB": {
            "after the first question": memory[0],
            "median of the second minute": _median(memory[minute : 2 * minute]),
            "median of the last minute": _median(memory[-minute:]),
            "at its peak": max(memory),
        },
    }


def _visit(url: str, question: str, seen: Seen, chance: random.Random) -> None:
    """One question with what a reader opens after it."""
    with httpx.Client(base_url=url, timeout=TIMEOUT) as client:
        answer = _get(client, "ask", "/api/v1/ask", seen, q=question)
        evidence = answer.json()["evidence"] if answer else []
        if evidence:
            place = evidence[0]
            shown = _get(
                client,
                "source",
                f"/source/{place['document_id']}",
                seen,
                start=place["start"],
                end=place["end"],
            )
            if shown and 'class="sheet"' in shown.text:
                _get(
                    client, "page picture", f"/page/{place['document_id']}/{place['page']}.png", seen, scale=2
                )
        if chance.random() < 0.5:
            _get(client, "search", "/api/v1/search", seen, q=question)


def _get(client: httpx.Client, kind: str, path: str, seen: Seen, **query: str | int) -> httpx.Response | None:
    began = time.perf_counter()
    try:
        response = client.get(path, params=query)
        problem = "" if response.is_success else f"status {response.status_code}"
    except httpx.HTTPError as error:
        response, problem = None, type(error).__name__
    seen.note(kind, time.perf_counter() - began, problem)
    return response if response is not None and response.is_success else None


def _percentiles(times: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(times, (50, 95))
    return {"requests": len(times), "p50": round(float(p50)), "p95": round(float(p95))}


def _median(values: list[float]) -> float:
    return round(float(np.median(values)), 1) if values else 0.0


def _megabytes(pid: int) -> float:
    """The resident set of the server and of its children, which read documents and draw pages."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:  # ended meanwhile
            continue
        if int(fields["Pid"]) == pid or int(fields["PPid"]) == pid:
            total += int(fields.get("VmRSS", "0 kB").split()[0])
    return round(total / 1024, 1)


if __name__ == "__main__":
    main()
