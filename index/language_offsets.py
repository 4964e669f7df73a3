"""What a vector tells of its language alone, so that it can be taken out.

A multilingual encoder puts sentences of one language nearer together than they belong: a Korean question
comes nearer to any Korean passage than to the English one that answers it. The same statements and the
same questions in each language of the region, in the two `.tsv` files beside this one, show by how much:
the mean of a language minus the mean over all is its offset.

Source: Libovický, Rosa, Fraser, "On the Language Neutrality of Pre-trained Multilingual
Representations", Findings of EMNLP 2020 (centring by language). Effect: bench/results/crosslingual.json.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Kind = Literal["queries", "passages"]

_SETS: dict[Kind, str] = {"queries": "parallel_questions.tsv", "passages": "parallel_statements.tsv"}
_CYRILLIC = re.compile("[\u0400-\u04ff]")


@dataclass(frozen=True, slots=True)
class LanguageOffsets:
    """For questions and for passages: language → offset, float32 of shape (dimensions,)."""

    offsets: dict[Kind, dict[str, Vectors]]

    @classmethod
    def read(cls, path: Path) -> LanguageOffsets:
        with np.load(path, allow_pickle=False) as arrays:
            offsets: dict[Kind, dict[str, Vectors]] = {"queries": {}, "passages": {}}
            for name in arrays.files:
                kind, language = name.split(" ")
                offsets["queries" if kind == "queries" else "passages"][language] = arrays[name]
        return cls(offsets)

    def remove(self, vectors: Vectors, texts: Sequence[str], languages: Sequence[str], kind: Kind) -> Vectors:
        """Unit vectors without their languages' offsets; those of other languages stay as they are."""
        known = self.offsets[kind]
        varieties = [_variety(text, language) for text, language in zip(texts, languages, strict=True)]
        none = np.zeros(vectors.shape[1:], np.float32)
        return unit(vectors - np.array([known.get(variety, none) for variety in varieties], np.float32))


def write(
    path: Path,
    encode_queries: Callable[[list[str]], Vectors],
    encode_passages: Callable[[list[str]], Vectors],
) -> None:
    """Measure an encoder's offsets and write them to `path`."""
    arrays: dict[str, Vectors] = {}
    encoders: dict[Kind, Callable[[list[str]], Vectors]] = {
        "queries": encode_queries,
        "passages": encode_passages,
    }
    for kind, encode in encoders.items():
        means = {language: encode(texts).mean(axis=0) for language, texts in _parallel(_SETS[kind]).items()}
        centre = np.mean(list(means.values()), axis=0)
        arrays |= {
            f"{kind} {language}": (mean - centre).astype(np.float32) for language, mean in means.items()
        }
    np.savez(path, **arrays)  # type: ignore[arg-type]


def unit(vectors: Vectors) -> Vectors:
    """Vectors at length one; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return result


@cache
def checksum() -> str:
    """SHA-256 of the parallel texts."""
    return sha256(b"".join(_resource(name).encode() for name in _SETS.values())).hexdigest()


def _variety(text: str, language: str) -> str:
    """The column of the parallel texts: Uzbek stands there in both of its scripts."""
    return "uz-Cyrl" if language == "uz" and _CYRILLIC.search(text) else language


def _parallel(name: str) -> dict[str, list[str]]:
    """Column → its texts."""
    rows = list(csv.DictReader(_resource(name).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    return {language: [row[language] for row in rows] for language in rows[0]}


def _resource(name: str) -> str:
    return files("index").joinpath(name).read_text(encoding="utf-8")
