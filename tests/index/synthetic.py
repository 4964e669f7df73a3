"""Small made-up documents, and an encoder that needs no weights: equal words give near vectors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.catalog import Catalog
from index.models import Model
from ingest.document import Document, Page, Passage, Section, content_id
from ingest.reading import read

Vectors = NDArray[np.float32]
DIMENSIONS = 32
_WORD = re.compile(r"\w+")


class WordEncoder:
    """An Encoder: a text's vector is the sum of its words' vectors, each drawn from the word's hash."""

    def __init__(self, name: str = "words") -> None:
        self.model = Model(
            name=name,
            checksum=sha256(name.encode()).hexdigest(),
            dimensions=DIMENSIONS,
            max_tokens=512,
            query_prompt="",
            passage_prompt="",
            recipe="",
            files={},
            folder=Path("/nowhere"),
        )

    def encode_queries(self, texts: Sequence[str], languages: Sequence[str] = ()) -> Vectors:
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str], languages: Sequence[str] = ()) -> Vectors:
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            # The first number keeps a text without words off the origin.
            vectors[row, 0] = 0.01
            for word in _WORD.findall(text.casefold()):
                vectors[row] += _word_vector(word)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_WORD.findall(text)) for text in texts]


class InThisProcess:
    """A Reader without a sandbox, for runs that are too short to start one."""

    workers = 1

    def read(self, data: bytes, source: str, name: str = "", languages: Sequence[str] = ()) -> Document:
        return read(data, source, name, languages)


@lru_cache(maxsize=100_000)
def _word_vector(word: str) -> Vectors:
    seed = int.from_bytes(sha256(word.encode()).digest()[:8], "little")
    return np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)


def bytes_of(document: Document) -> bytes:
    """The original that `document` below pretends to have been read from."""
    return f"{document.source}\n{document.text}".encode()


def document(
    text: str,
    source: str = "/papers/one.txt",
    *,
    title: str = "",
    language: str = "en",
    type: str = "",
    published: str = "",
) -> Document:
    """A document of one page and one section."""
    return Document(
        id=content_id(f"{source}\n{text}".encode()),
        source=source,
        format="text",
        title=title or Path(source).stem,
        authors=(),
        published=published,
        language=language,
        type=type,
        text=text,
        pages=(Page(1, "", 0, len(text)),),
        sections=(Section("", 0, 0, len(text)),),
        tables=(),
    )


def store(catalog: Catalog, *documents: Document, encoder: WordEncoder = WordEncoder()) -> None:
    """Put documents into a catalog, each line of the text a passage."""
    for each in documents:
        passages, start = [], 0
        for line in each.text.split("\n"):
            passages.append(Passage(each.id, start, start + len(line)))
            start += len(line) + 1
        vectors = encoder.encode_passages([each.text[p.start : p.end] for p in passages])
        catalog.add(each, passages, vectors)
