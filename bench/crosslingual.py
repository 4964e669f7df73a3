"""What brings a question to passages of other languages: language offsets, the glossary, both, neither.

python -m bench.crosslingual

On the answerable gold questions of the starter corpus: does the first sentence read stand in a document
that answers, and does it hold the answer. "cross" are those whose answer stands in no document of the
question's own language.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from unittest.mock import patch

import numpy as np

import index.query
from bench.questions import CORPUS, corpus
from bench.readings import Asked, filled
from bench.record import save
from index.encoder import OpenVinoEncoder, load_encoder
from index.language_offsets import Vectors
from qa.readers import make_reader


class WithoutOffsets(OpenVinoEncoder):
    """The encoder's vectors as they are."""

    def encode_queries(self, texts: Sequence[str], languages: Sequence[str] = ()) -> Vectors:
        return super().encode_queries(texts)

    def encode_passages(self, texts: Sequence[str], languages: Sequence[str] = ()) -> Vectors:
        return super().encode_passages(texts)


def main() -> None:
    encoder = load_encoder()
    plain = WithoutOffsets(encoder.model)
    results = {
        "neither": _hits(plain, glossary=False),
        "offsets": _hits(encoder, glossary=False),
        "glossary": _hits(plain, glossary=True),
        "both, as shipped": _hits(encoder, glossary=True),
    }
    save(
        "crosslingual",
        "the starter corpus and its answerable gold questions",
        results,
        ("openvino", "tantivy"),
    )


def without_glossary() -> AbstractContextManager[object]:
    """Inside it no word of a query has a translation."""
    return patch.object(index.query, "translations", lambda slots, *_: [((), ()) for _ in slots])


def _hits(encoder: OpenVinoEncoder, *, glossary: bool) -> dict[str, float]:
    lines = [json.loads(line) for line in (CORPUS / "questions.jsonl").read_text("utf-8").splitlines()]
    found: dict[str, list[bool]] = {}
    with nullcontext() if glossary else without_glossary():
        gold = corpus()
        with filled(gold, encoder) as library:
            reader = make_reader(None, library)
            for line, question in zip(lines, gold.questions, strict=True):
                if not question.answerable:
                    continue
                readings = reader.read(question.text, library.search(question.text), library)
                asked = Asked(question, True, {}, tuple(readings))
                group = "cross" if line["cross_lingual"] else "same"
                first = readings[:1]  # none where exact words stand nowhere
                document = any(each.document.id in question.gold for each in first)
                found.setdefault(f"{group}: document", []).append(document)
                found.setdefault(f"{group}: first quote", []).append(any(map(asked.is_right, first)))
    return {name: round(float(np.mean(values)), 3) for name, values in sorted(found.items())}


if __name__ == "__main__":
    main()
