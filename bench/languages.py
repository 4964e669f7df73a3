"""Questions in each of nine varieties put to passages in each: how often the right passage comes first.

python -m bench.languages [--read]

The parallel set (bench/parallel) has 42 subjects in all nine. For each pair of varieties: R@1 of vectors alone,
of terms alone, of both fused, and of both where no word has a translation; with --read also of the whole road, the
reader over the twenty best passages, and how often its first sentence holds the answer.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from bench.crosslingual import without_glossary
from bench.questions import PARALLEL, QuestionSet, parallel
from bench.readings import filled
from bench.record import save
from index.encoder import OpenVinoEncoder, load_encoder
from index.hit import Hit
from index.library import Library
from qa.evaluation import measures
from qa.reader import Reader
from qa.readers import make_reader

VARIETIES = ("en", "ko", "ru", "uz", "uz-Cyrl", "kk", "ky", "tg", "tk")
PASSAGES = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--read", action="store_true", help="also the whole road: takes half an hour")
    read = parser.parse_args().read
    encoder = load_encoder()
    pairs = {}
    for passages in VARIETIES:
        for asked, found in _of_library(passages, encoder, read).items():
            pairs[f"{asked} question, {passages} passage"] = found
            print(f"{asked} → {passages}", found, flush=True)
    save(
        "languages",
        f"bench/parallel: {len(PARALLEL.read_text('utf-8').splitlines())} subjects; a library for each variety",
        {"mean": _means(list(pairs.values())), "pairs": pairs},
        ("openvino", "faiss-cpu", "tantivy"),
    )


def _of_library(passages: str, encoder: OpenVinoEncoder, read: bool) -> dict[str, dict[str, float]]:
    """The measures of the questions in each variety, of a library in one."""
    sets = {asked: parallel(passages, asked) for asked in VARIETIES}
    with filled(sets["en"], encoder) as library:
        reader = make_reader(None, library) if read else None
        return {asked: _measured(questions, library, reader) for asked, questions in sets.items()}


def _measured(questions: QuestionSet, library: Library, reader: Reader | None) -> dict[str, float]:
    columns: dict[str, list[bool]] = {}
    for question in questions.questions:
        hits = library.search(question.text, len(questions.documents))

        def first_is_right(
            scores: Sequence[float], hits: Sequence[Hit] = hits, gold: Any = question.gold
        ) -> bool:
            best = max(range(len(hits)), key=scores.__getitem__)
            return scores[best] > 0 and hits[best].document.id in gold

        columns.setdefault("dense", []).append(first_is_right([hit.dense for hit in hits]))
        columns.setdefault("lexical", []).append(first_is_right([hit.lexical for hit in hits]))
        columns.setdefault("fused", []).append(first_is_right([hit.score for hit in hits]))
        with without_glossary():
            plain = library.search(question.text, 1)
        columns.setdefault("fused, no glossary", []).append(plain[0].document.id in question.gold)
        if reader:
            first = reader.read(question.text, hits[:PASSAGES], library)[0]
            is_gold = first.document.id in question.gold
            quote = first.sentence.of(first.document.text)
            columns.setdefault("read", []).append(is_gold)
            columns.setdefault("sentence", []).append(
                is_gold and measures.contains_answer(quote, question.answers)
            )
    return {name: round(sum(values) / len(values), 3) for name, values in columns.items()}


def _means(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: round(sum(row[name] for row in rows) / len(rows), 3) for name in rows[0]}


if __name__ == "__main__":
    main()
