"""A library of any size, made in seconds, to time questions on.

It is made of the XQuAD paragraphs in four languages, repeated with their words shuffled until the size is
reached, so that each size has its own vocabulary statistics. Vectors of the copies are the originals' with
noise: encoding 100,000 passages would take an hour and change no query's time.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import numpy as np

from bench.record import DATA
from index.encoder import OpenVinoEncoder
from index.language_offsets import Vectors, unit
from index.library import Library
from ingest.document import Document, Page, Section, content_id

LANGUAGES = ("en", "ru", "tr", "zh")
PARAGRAPHS_OF_A_DOCUMENT = 50

Paragraphs = list[tuple[str, str]]  # text, language


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


def load(questions: int) -> tuple[Paragraphs, list[str]]:
    """The paragraphs, and so many questions on them, in a fixed random order."""
    paragraphs, asked = [], []
    for language in LANGUAGES:
        data = json.loads((DATA / "eval" / f"xquad-dev.{language}.json").read_text("utf-8"))["data"]
        for paragraph in (paragraph for article in data for paragraph in article["paragraphs"]):
            paragraphs.append((paragraph["context"], language))
            asked.append(paragraph["qas"][0]["question"])
    shuffle = random.Random(7)
    shuffle.shuffle(paragraphs)
    return paragraphs, shuffle.sample(asked, questions)


def fill(library: Library, paragraphs: Paragraphs, size: int) -> int:
    """Add documents until the library has at least `size` passages; returns how many it has."""
    count = 0
    with library.writing():
        for document in _documents(paragraphs):
            library.add(document, document.source.encode())
            count += len(library.passages(document.id))
            if count >= size:
                break
    return count


def _documents(paragraphs: Paragraphs) -> Iterator[Document]:
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
