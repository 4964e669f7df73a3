"""How long search and ask take at 1,000, 10,000 and 100,000 passages, stage by stage.

python -m bench.query [--sizes 1000 10000 100000]

The library is made of the XQuAD paragraphs in four languages, repeated with their words shuffled until the
size is reached, so that each size has its own vocabulary statistics. Vectors of the copies are the
originals' with noise: encoding 100,000 passages would take an hour and change no query's time.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.record import DATA, save
from index.encoder import OpenVinoEncoder, load_encoder
from index.language_offsets import Vectors, unit
from index.library import Library
from ingest.document import Document, Page, Section, content_id
from qa.ask import ask
from qa.reader import SentenceReader

LANGUAGES = ("en", "ru", "tr", "zh")
PARAGRAPHS_OF_A_DOCUMENT = 50
QUESTIONS = 60


class NoisyEncoder:
    """The real encoder for questions and sentences; for passages, known vectors with a little noise."""

    def __init__(self, real: OpenVinoEncoder, known: Vectors) -> None:
        self.model = real.model
        self.real = real
        self.known = known
        self.adding = True
        self._random = np.random.default_rng(7)

    def encode_queries(self, texts: Any, languages: Any = ()) -> Vectors:
        return self.real.encode_queries(texts, languages)

    def encode_passages(self, texts: Any, languages: Any = ()) -> Vectors:
        if not self.adding:
            return self.real.encode_passages(texts, languages)
        rows = self._random.integers(len(self.known), size=len(texts))
        noise = self._random.normal(0, 0.01, (len(texts), self.known.shape[1])).astype(np.float32)
        return unit(self.known[rows] + noise)

    def count_tokens(self, texts: Any) -> list[int]:
        return self.real.count_tokens(texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", nargs="+", type=int, default=[1_000, 10_000, 100_000], metavar="PASSAGES")
    sizes = parser.parse_args().sizes
    paragraphs, questions = _load()
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


def _load() -> tuple[list[tuple[str, str]], list[str]]:
    paragraphs, questions = [], []
    for language in LANGUAGES:
        data = json.loads((DATA / "eval" / f"xquad-dev.{language}.json").read_text("utf-8"))["data"]
        for paragraph in (paragraph for article in data for paragraph in article["paragraphs"]):
            paragraphs.append((paragraph["context"], language))
            questions.append(paragraph["qas"][0]["question"])
    shuffle = random.Random(7)
    shuffle.shuffle(paragraphs)
    return paragraphs, shuffle.sample(questions, QUESTIONS)


def _measure(
    size: int, paragraphs: list[tuple[str, str]], questions: list[str], encoder: NoisyEncoder
) -> Any:
    with tempfile.TemporaryDirectory() as scratch, Library(Path(scratch), encoder) as library:
        count = 0
        with library.writing():
            for document in _documents(paragraphs):
                library.add(document, document.source.encode())
                count += len(library.passages(document.id))
                if count >= size:
                    break
        encoder.adding = False
        reader = SentenceReader(encoder, memory=0)  # every question reads as if it were the first
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


def _documents(paragraphs: list[tuple[str, str]]) -> Iterator[Document]:
    """Documents of fifty paragraphs of one language each, without end; their words are in a new order each time."""
    shuffle, number = random.Random(7), 0
    while True:
        for language in LANGUAGES:
            texts = [text for text, of in paragraphs if of == language]
            chosen = shuffle.sample(texts, PARAGRAPHS_OF_A_DOCUMENT)
            text = "\n\n".join(" ".join(shuffle.sample(words := t.split(" "), len(words))) for t in chosen)
            source = f"document-{number}"
            yield Document(
                content_id(source.encode()), source, "text", source, (), "", language, "", text,
                (Page(1, "", 0, len(text)),), (Section("", 0, 0, len(text)),), (),
            )  # fmt: skip
            number += 1


if __name__ == "__main__":
    main()
