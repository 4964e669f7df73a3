"""In: the corpus of `train.data` and the reader that ships. Out: for each of some questions, passages that fool it.

    python -m train.mine --encoder DIR --data DIR --out mined.npz
    python -m train.train … --mined mined.npz

The passages of a set are searched as the program searches a library: by vectors and by words, fused. Of the best
that do not hold the answer the reader keeps those it finds most relevant (hard negatives; Xiong et al. 2021,
"ANCE"), unless it finds one as relevant as the passage with the answer: that one may well answer, too
(Qu et al. 2021, "RocketQA", who leave out what a reader thinks an answer).
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import load_encoder
from index.fusion import fuse
from qa.models.built_in import BuiltInReader
from qa.models.span_model import PassageText, SpanModel
from train.data import OWN, SETS, Corpus, Kind, Recipe, load
from train.train import OWN_QUESTIONS

DENSE_WEIGHT = 0.6  # of vectors in the fused score
POOL = 2_500  # passages of a set that are searched
READ = 6  # of those found, for each question
KEPT = 2  # of those read
MARGIN = 1.0  # logits that the passage with the answer must be more relevant
# One question is put to many policies, and to all parts of long papers: there what is found may answer as well.
MINED = tuple(name for name in SETS if name not in ("policyqa", "covid-qa"))


def candidates(
    corpus: Corpus, number: int, count: int, rng: np.random.Generator
) -> Iterator[tuple[int, list[int]]]:
    """Up to `count` questions of a set, each with the `READ` best chunks that do not hold its answer."""
    eligible = (
        (corpus.question_set == number) & (corpus.question_kind == Kind.ANSWERED) & ~corpus.question_dev
    )
    if SETS[number] == OWN:
        # On the same things in several languages: vectors would find translations of the answer.
        for question in rng.permutation(np.flatnonzero(eligible))[:count]:
            yield int(question), [int(c) for c in corpus.neighbours[question] if c >= 0][:READ]
        return
    contexts = rng.permutation(np.flatnonzero((corpus.context_set == number) & ~corpus.context_dev))
    chunks: list[int] = []
    for context in contexts:
        chunks += np.flatnonzero(corpus.chunks[:, 0] == context).tolist()
        if len(chunks) >= POOL:
            break
    pool = np.array(chunks, np.int64)
    texts = [corpus.text(*corpus.chunks[chunk]) for chunk in pool]
    encoder = load_encoder()
    passages = encoder.encode_passages(texts)
    inside = eligible & np.isin(corpus.question_context, corpus.chunks[pool, 0])
    asked = rng.permutation(np.flatnonzero(inside))[:count]
    queries = encoder.encode_queries([corpus.questions[question] for question in asked])
    place = {int(chunk): row for row, chunk in enumerate(pool)}
    contexts_of: dict[str, set[int]] = defaultdict(set)  # to which the same question is put
    for question in np.flatnonzero(corpus.question_set == number):
        contexts_of[corpus.questions[question].casefold()].add(int(corpus.question_context[question]))
    for question, cosines in zip(asked, queries @ passages.T, strict=True):
        worded = [int(c) for c in corpus.neighbours[question] if int(c) in place]
        near = {int(pool[row]): float(cosines[row]) for row in np.argsort(-cosines)[:50]}
        lexical = {chunk: 1 - rank / len(worded) for rank, chunk in enumerate(worded)}
        dense = near | {chunk: float(cosines[place[chunk]]) for chunk in worded}
        fused = fuse(dense, lexical, 1.0, DENSE_WEIGHT)
        answer = corpus.answers[question].casefold()
        barred = contexts_of[corpus.questions[question].casefold()]
        best = sorted(fused, key=lambda chunk: -fused[chunk])
        free = [
            c for c in best if corpus.chunks[c, 0] not in barred and answer not in texts[place[c]].casefold()
        ]
        yield int(question), free[:READ]


def hardest(corpus: Corpus, reader: SpanModel, question: int, chunks: list[int]) -> list[int]:
    """The `KEPT` of `chunks` that the reader finds most relevant, each less so than the passage with the answer."""
    context, (first, last) = int(corpus.question_context[question]), corpus.question_span[question]
    low = max(0, (int(first) + int(last)) // 2 - 64)
    gold = corpus.text(context, low, min(low + 128, corpus.length(context)))
    texts = [gold, *(corpus.text(*corpus.chunks[chunk]) for chunk in chunks)]
    read = reader.read(corpus.questions[question], [PassageText("", text) for text in texts])
    found = sorted(zip((logits.relevance for logits in read[1:]), chunks, strict=True), reverse=True)
    return [chunk for relevance, chunk in found if relevance < read[0].relevance - MARGIN][:KEPT]


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Find negatives that the reader which ships takes for answers."
    )
    parser.add_argument("--encoder", type=Path, required=True, help="sentence-transformers folder")
    parser.add_argument("--data", type=Path, required=True, help="folder of *.jsonl.gz")
    parser.add_argument("--own", type=Path, default=OWN_QUESTIONS, help="folder of *.jsonl")
    parser.add_argument("--cache", type=Path, default=Path("cache"), help="where the tokenised corpus lies")
    parser.add_argument("--count", type=int, default=600, help="questions of each set")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    corpus = load(options.data, options.own, options.encoder / "tokenizer.json", options.cache, Recipe())
    reader, rng = BuiltInReader(), np.random.default_rng(0)
    questions: list[int] = []
    rows: list[NDArray[np.int32]] = []
    for number, name in enumerate(SETS):
        if name not in MINED:
            continue
        count = 2 * options.count if name == OWN else options.count
        for question, chunks in candidates(corpus, number, count, rng):
            kept = hardest(corpus, reader, question, chunks)
            if kept:
                questions.append(question)
                rows.append(np.array((kept + [-1] * KEPT)[:KEPT], np.int32))
        print(f"{name}: {len(questions)} questions so far", flush=True)
        part = options.out.with_suffix(".part.npz")
        np.savez(
            part,
            corpus=np.array(corpus.digest),
            questions=np.array(questions, np.int32),
            chunks=np.array(rows, np.int32).reshape(-1, KEPT),
        )
        part.replace(options.out)


if __name__ == "__main__":
    main()
