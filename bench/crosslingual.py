"""What brings a question to passages of other languages: language offsets, the glossary, both, neither.

python -m bench.crosslingual

On the answerable gold questions of the starter corpus: does the first sentence read stand in a document
that answers, and does it hold the answer. "cross" are those whose answer stands in no document of the
question's own language.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from unittest.mock import patch

import numpy as np

import index.query
from bench.questions import CORPUS, corpus
from bench.record import save
from index.encoder import OpenVinoEncoder, load_encoder
from index.language_offsets import Vectors
from qa.reader import SentenceReader


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


def _hits(encoder: OpenVinoEncoder, *, glossary: bool) -> dict[str, float]:
    lines = [json.loads(line) for line in (CORPUS / "questions.jsonl").read_text("utf-8").splitlines()]
    found: dict[str, list[bool]] = {}
    no_translations = patch.object(index.query, "_translations", lambda *_: ())
    with no_translations if not glossary else patch.dict({}):
        reader = SentenceReader(encoder)
        for line, asked in zip(lines, corpus(encoder), strict=True):
            if not asked.answers:
                continue
            first = reader.read(asked.question, asked.hits, asked.library)[0]
            group = "cross" if line["cross_lingual"] else "same"
            found.setdefault(f"{group}: document", []).append(first.document.id in asked.gold)
            found.setdefault(f"{group}: first quote", []).append(asked.is_right(first))
    return {name: round(float(np.mean(values)), 3) for name, values in sorted(found.items())}


if __name__ == "__main__":
    main()
