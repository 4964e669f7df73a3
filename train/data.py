"""In: SQuAD-like `*.jsonl.gz` of the allowed sets. Out: token windows with a span and a relevance, in batches.

Every context and question is tokenised once and cached. An epoch draws its own windows around the answers
and its own negatives: lexical neighbours of the question without the answer, and other windows of its context.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from tokenizers import Tokenizer
from torch import Tensor

from qa.models.span_model import char_slices

# Licences as stated in ../shared/data/README.md; sets without one (tquad, subjqa) stay out of the weights.
LICENCES = {
    "korquad-1.0-dev": "CC BY-ND 2.0 KR",
    "drcd": "CC BY-SA 3.0",
    "cmrc2018": "CC BY-SA 4.0",
    "turkish-enelpi": "MIT",
    "arcd": "MIT",
    "kazqad-validation": "CC BY-SA 4.0",
    "policyqa": "MIT",
    "covid-qa": "Apache 2.0",
    "own": "as this project",
}
SETS = tuple(LICENCES)
OWN = "own"  # written for this project, in nine languages, with near misses: train/questions/*.jsonl
COPIES = {"kazqad-validation": 4, "arcd": 2, OWN: 4}  # how often a question of a small set stands in an epoch

BOS, PAD, EOS = 0, 1, 2  # of the XLM-R vocabulary
Tokens = NDArray[np.int32] | list[int]
SPECIALS = 4  # <s> question </s></s> passage </s>


class Kind(IntEnum):
    """What the passage of a question is to it."""

    ANSWERED = 0
    ALTERED = 1  # an answered question with another figure put in
    NEAR_MISS = 2  # written so that its passage does not answer


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is fixed when the corpus is cached, and how an epoch is drawn from it. Lengths in tokens."""

    longest: int = 288  # the whole input; the passages of a library have up to 200
    question: int = 48
    answer: int = 30  # longer answers are dropped
    shorter: float = 0.7  # share of windows cut shorter than need be: passages vary, and short ones cost less
    shortest: int = 56
    negatives: float = 0.35  # share of an epoch
    altered: float = 0.6  # share of the questions with another figure put in that stand in an epoch
    same_context: float = 1 / 3  # share of the negatives from the question's own context, where it is long
    chunk: int = 128  # unit of the neighbour search
    neighbours: int = 24  # per question
    depth: int = 300  # ranks searched for them
    skip: int = 0  # best ranks left out …
    skip_policyqa: int = 5  # … where one question is put to many policies, and the first may answer it too
    held_out: float = 0.03  # share of the contexts of each set
    others: float = 0.025  # share of the questions without mined negatives, where there are mined ones


class Example(NamedTuple):
    """Question, context and window are indices into a Corpus; the answer counts from the window's start.

    `first` and `last` are inclusive, -1 in a negative.
    """

    question: int
    context: int
    low: int
    high: int
    first: int
    last: int


class Batch(NamedTuple):
    """Tensors of shape (batch, length), and (batch,) for the targets; spans count from the first token."""

    ids: Tensor  # int64
    types: Tensor  # int64, 1 in passages
    attention: Tensor  # bool, True but for padding
    first: Tensor  # int64, 0 in negatives
    last: Tensor
    relevant: Tensor  # float32


class Corpus:
    """Contexts and questions of all sets as flat token arrays; see `build` for what they hold."""

    def __init__(
        self,
        arrays: dict[str, NDArray[np.int32]],
        texts: list[str],
        answers: list[str],
        questions: list[str],
        digest: str,
    ) -> None:
        self.texts, self.answers, self.questions = texts, answers, questions
        self.digest = digest  # of what numbers contexts, questions and chunks
        self.mined = np.zeros(len(questions), np.bool_)  # whether its neighbours are those of `train.mine`
        self.context_ids, self.context_offsets = arrays["context_ids"], arrays["context_offsets"]
        self.context_chars = arrays["context_chars"]  # (tokens, 2): slice of the context's text
        self.context_set, self.context_dev = arrays["context_set"], arrays["context_dev"].astype(bool)
        self.question_ids, self.question_offsets = arrays["question_ids"], arrays["question_offsets"]
        self.question_context, self.question_span = arrays["question_context"], arrays["question_span"]
        self.question_kind = arrays["question_kind"]  # of Kind
        self.chunks, self.neighbours = arrays["chunks"], arrays["neighbours"]

    def use_mined(self, file: Path) -> None:
        """Take the negatives that `train.mine` found for the questions that it names.

        Raises ValueError where the file is none of its, or is of another corpus.
        """
        try:
            with np.load(file) as mined:
                digest, questions, chunks = str(mined["corpus"]), mined["questions"], mined["chunks"]
        except (OSError, KeyError, ValueError) as error:
            raise ValueError(f"{file} is no file of train.mine ({error})") from error
        if digest != self.digest:
            raise ValueError(f"{file} was mined in {digest}, this is {self.digest}: mine again")
        self.neighbours[questions] = -1
        self.neighbours[questions, : chunks.shape[1]] = chunks
        self.mined[questions] = True

    @property
    def question_set(self) -> NDArray[np.int32]:
        return self.context_set[self.question_context]

    @property
    def question_dev(self) -> NDArray[np.bool_]:
        return self.context_dev[self.question_context]

    def question(self, number: int) -> NDArray[np.int32]:
        return self.question_ids[self.question_offsets[number] : self.question_offsets[number + 1]]

    def length(self, context: int) -> int:
        return int(self.context_offsets[context + 1] - self.context_offsets[context])

    def window(self, context: int, low: int, high: int) -> NDArray[np.int32]:
        base = self.context_offsets[context]
        return self.context_ids[base + low : base + high]

    def text(self, context: int, low: int, high: int) -> str:
        """The characters under tokens [low, high) of a context."""
        base = self.context_offsets[context]
        start, end = self.context_chars[base + low, 0], self.context_chars[base + high - 1, 1]
        return self.texts[context][start:end]


def token_span(slices: NDArray[np.int32], start: int, end: int) -> tuple[int, int] | None:
    """First and last token that overlap characters [start, end), or None where none does."""
    found = np.flatnonzero((slices[:, 1] > start) & (slices[:, 0] < end) & (slices[:, 1] > slices[:, 0]))
    return (int(found[0]), int(found[-1])) if len(found) else None


def load(data: Path, own: Path, tokenizer: Path, cache: Path, recipe: Recipe) -> Corpus:
    """The corpus from `cache`, written there first if the data, the tokenizer or the recipe differ."""
    files = [data / f"{name}.jsonl.gz" for name in SETS if name != OWN]
    fixed = (recipe.question, recipe.answer, recipe.chunk, recipe.neighbours, recipe.depth, recipe.skip,
             recipe.skip_policyqa, recipe.held_out)  # fmt: skip
    digest = hashlib.sha256(repr(fixed).encode() + tokenizer.read_bytes() + Path(__file__).read_bytes())
    for file in [*files, *sorted(own.glob("*.jsonl"))]:
        digest.update(file.read_bytes())
    path = cache / f"corpus-{digest.hexdigest()[:12]}.npz"
    texts, questions, held = _read(files)
    _read_own(own, texts, questions, held)
    questions += _altered(texts, questions)
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        arrays = build(texts, questions, held, Tokenizer.from_file(str(tokenizer)), recipe)
        part = path.with_suffix(".part.npz")
        np.savez(part, **arrays)  # type: ignore[arg-type]  # the stub forgets keyword arrays
        part.replace(path)
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    kept = arrays["question_kept"]
    return Corpus(
        arrays,
        [text for _, text in texts],
        [questions[i].answer for i in kept],
        [questions[i].text for i in kept],
        path.stem,
    )


class _Question(NamedTuple):
    context: int
    text: str
    start: int
    answer: str  # of an altered question, the answer to the question as it was; of a near miss, any word
    kind: Kind = Kind.ANSWERED


def _read(files: list[Path]) -> tuple[list[tuple[int, str]], list[_Question], dict[int, bool]]:
    """Contexts as (set, text), the questions on them, and which contexts are held out by whoever wrote them."""
    texts: list[tuple[int, str]] = []
    questions: list[_Question] = []
    for number, file in enumerate(files):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                for q in record["questions"]:
                    questions.append(_Question(len(texts), q["question"].strip(), q["start"], q["answer"]))
                texts.append((number, record["context"]))
    return texts, questions, {}


def _read_own(
    folder: Path, texts: list[tuple[int, str]], questions: list[_Question], held: dict[int, bool]
) -> None:
    """Adds the questions written for this project; the title is the first line of its context.

    Every tenth passage of a file is held out. Raises ValueError where an answer is not in its passage.
    """
    for file in sorted(folder.glob("*.jsonl")):
        for line, row in enumerate(file.read_text(encoding="utf-8").splitlines()):
            record = json.loads(row)
            above = record["title"] + "\n"
            text = above + record["context"]
            for q in record["questions"]:
                answer, start = q["answer"], len(above) - 1
                for _ in range(q.get("occurrence", 0) + 1 if answer else 0):
                    start = text.find(answer, start + 1)
                    if start < 0:
                        raise ValueError(f"{file}, line {line + 1}: {answer!r} is not in the passage")
                kind = Kind.ANSWERED if answer else Kind.NEAR_MISS
                middle = len(text) // 2
                place = (start, answer) if answer else (middle, text[middle : middle + 8])
                questions.append(_Question(len(texts), q["question"].strip(), *place, kind))
            held[len(texts)] = line % 10 == 9
            texts.append((SETS.index(OWN), text))


def _altered(texts: list[tuple[int, str]], questions: list[_Question]) -> list[_Question]:
    """Questions with a figure or a year changed into one that their context does not hold: no answers there."""
    rng = random.Random(5)
    found = []
    for q in questions:
        figures = [m for m in re.finditer(r"\d+", q.text) if m[0].isascii()]
        if q.kind is not Kind.ANSWERED or not figures:
            continue
        figure = rng.choice(figures)
        value, is_year = int(figure[0]), len(figure[0]) == 4
        for _ in range(5):
            spread = max(3, 15 if is_year else value // 2)
            other = value + rng.choice((-1, 1)) * rng.randint(1, min(spread, 10**6))
            if other > 0 and str(other) not in texts[q.context][1] and other != value:
                text = q.text[: figure.start()] + str(other) + q.text[figure.end() :]
                found.append(q._replace(text=text, kind=Kind.ALTERED))
                break
    return found


def build(
    texts: list[tuple[int, str]],
    questions: list[_Question],
    held: dict[int, bool],
    tokenizer: Tokenizer,
    recipe: Recipe,
) -> dict[str, NDArray[np.int32]]:
    """Tokenise everything, hold contexts out, find each question's neighbours."""
    encoded = [tokenizer.encode(text, add_special_tokens=False) for _, text in texts]
    slices = [char_slices(text, e.offsets) for (_, text), e in zip(texts, encoded, strict=True)]
    sets = np.array([number for number, _ in texts], np.int32)

    # Held out are the contexts whose hash is smallest: stable when sets are added or reordered.
    dev = np.zeros(len(texts), np.int32)
    for number in np.unique(sets):
        members = np.array([i for i in np.flatnonzero(sets == number) if i not in held], np.int64)
        if not len(members):
            continue
        order = sorted(members, key=lambda i: hashlib.sha256(texts[i][1].encode()).digest())
        dev[order[: max(2, math.ceil(recipe.held_out * len(members)))]] = 1

    dev[[context for context, is_held in held.items() if is_held]] = 1

    # Questions whose answer is too long, or lies in characters that the tokenizer drops, stay out.
    kept, spans, question_ids = [], [], []
    for number, q in enumerate(questions):
        span = token_span(slices[q.context], q.start, q.start + len(q.answer))
        if span and span[1] - span[0] < recipe.answer:
            kept.append(number)
            spans.append(span)
            ids = tokenizer.encode(q.text, add_special_tokens=False).ids
            question_ids.append(np.array(ids[: recipe.question], np.int32))

    chunks = np.array(
        [
            (context, low, min(low + recipe.chunk, len(e.ids)))
            for context, e in enumerate(encoded)
            for low in range(0, max(1, len(e.ids) - recipe.chunk // 4), recipe.chunk)
        ],
        np.int32,
    )
    context_ids = [np.array(e.ids, np.int32) for e in encoded]
    return {
        "context_ids": np.concatenate(context_ids),
        "context_offsets": _offsets(context_ids),
        "context_chars": np.concatenate(slices),
        "context_set": sets,
        "context_dev": dev,
        "question_ids": np.concatenate(question_ids),
        "question_offsets": _offsets(question_ids),
        "question_context": np.array([questions[i].context for i in kept], np.int32),
        "question_span": np.array(spans, np.int32),
        "question_kind": np.array([questions[i].kind for i in kept], np.int32),
        "question_kept": np.array(kept, np.int32),
        "chunks": chunks,
        "neighbours": _neighbours(
            texts, [questions[i] for i in kept], question_ids, context_ids, slices, chunks, sets, dev, recipe
        ),
    }


def _offsets(parts: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int32)


def _neighbours(
    texts: list[tuple[int, str]],
    questions: list[_Question],
    question_ids: list[NDArray[np.int32]],
    context_ids: list[NDArray[np.int32]],
    slices: list[NDArray[np.int32]],
    chunks: NDArray[np.int32],
    sets: NDArray[np.int32],
    dev: NDArray[np.int32],
    recipe: Recipe,
) -> NDArray[np.int32]:
    """(questions, recipe.neighbours) chunks of the same set, best first by BM25 over subwords, -1 after the last.

    Left out: the question's own context, those to which the same question is put, chunks that hold the
    answer, and, for questions to train on, chunks of held-out contexts.
    """
    found = np.full((len(questions), recipe.neighbours), -1, np.int32)
    asked: dict[tuple[int, str], set[int]] = defaultdict(set)  # contexts by (set, question)
    for q in questions:
        asked[int(sets[q.context]), q.text.casefold()].add(q.context)
    folded = [
        texts[c][1][slices[c][low, 0] : slices[c][high - 1, 1]].casefold() if high > low else ""
        for c, low, high in chunks
    ]
    for number in np.unique(sets):
        skip = recipe.skip_policyqa if SETS[number] == "policyqa" else recipe.skip
        own_chunks = np.flatnonzero(sets[chunks[:, 0]] == number)
        own_questions = [
            i for i, q in enumerate(questions) if sets[q.context] == number and q.kind is Kind.ANSWERED
        ]
        weights = _bm25([context_ids[c][low:high] for c, low, high in chunks[own_chunks]])
        for begin in range(0, len(own_questions), 512):
            block = own_questions[begin : begin + 512]
            wanted = _counts([np.unique(question_ids[i]) for i in block], weights.shape[1])
            scores = (wanted @ weights.T).toarray()
            best = np.argsort(-scores, axis=1, kind="stable")[:, : recipe.depth]
            for row, i in enumerate(block):
                q = questions[i]
                answer, barred = q.answer.casefold(), asked[int(number), q.text.casefold()]
                good = []
                for chunk in own_chunks[best[row]]:
                    context = chunks[chunk, 0]
                    leaks = dev[context] and not dev[q.context]
                    if context not in barred and not leaks and answer not in folded[chunk]:
                        good.append(chunk)
                        if len(good) == recipe.neighbours + skip:
                            break
                good = good[skip:] or good
                found[i, : len(good)] = good
    return found


def _counts(rows: list[NDArray[np.int32]], width: int) -> sparse.csr_matrix:
    columns = np.concatenate(rows)
    lines = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    return sparse.csr_matrix((np.ones(len(columns), np.float32), (lines, columns)), (len(rows), width))


def _bm25(chunks: list[NDArray[np.int32]], k1: float = 1.2, b: float = 0.75) -> sparse.csr_matrix:
    """BM25 weights of tokens in chunks (Robertson & Zaragoza 2009)."""
    counts = _counts(chunks, 250_037).tocoo()
    lengths = np.array([len(chunk) for chunk in chunks], np.float32)
    documents = np.bincount(counts.col, minlength=counts.shape[1])
    idf = np.log1p((len(chunks) - documents + 0.5) / (documents + 0.5))
    norm = k1 * (1 - b + b * lengths / lengths.mean())
    values = idf[counts.col] * counts.data * (k1 + 1) / (counts.data + norm[counts.row])
    return sparse.csr_matrix((values.astype(np.float32), (counts.row, counts.col)), counts.shape)


def positive(corpus: Corpus, question: int, recipe: Recipe, rng: np.random.Generator) -> Example:
    """The question with a window placed at random around its answer; that of a near miss is a negative."""
    context = int(corpus.question_context[question])
    first, last = (int(x) for x in corpus.question_span[question])
    room = min(_room(corpus, question, recipe, rng, last - first + 1), corpus.length(context))
    low = int(rng.integers(max(0, last + 1 - room), min(first, corpus.length(context) - room) + 1))
    if corpus.question_kind[question] != Kind.ANSWERED:
        return Example(question, context, low, low + room, -1, -1)
    return Example(question, context, low, low + room, first - low, last - low)


def negative(corpus: Corpus, question: int, recipe: Recipe, rng: np.random.Generator) -> Example | None:
    """The question with a window that does not hold its answer; None where no such window was found."""
    answer = corpus.answers[question].casefold()
    own = int(corpus.question_context[question])
    room = _room(corpus, question, recipe, rng, 1)
    long = corpus.length(own) >= room + recipe.chunk // 2
    if long and not corpus.mined[question] and rng.random() < recipe.same_context:
        for _ in range(8):
            low = int(rng.integers(0, corpus.length(own) - room + 1))
            if answer not in corpus.text(own, low, low + room).casefold():
                return Example(question, own, low, low + room, -1, -1)
    near = corpus.neighbours[question]
    near = near[near >= 0]
    if not len(near):
        return None
    context, start, end = (int(x) for x in corpus.chunks[rng.choice(near)])
    if corpus.mined[question]:  # just what the reader was fooled by
        return Example(question, context, start, min(end, start + room), -1, -1)
    room = min(room, corpus.length(context))
    bounds = min(start, max(0, end - room)), min(max(start, end - room), corpus.length(context) - room)
    low = int(rng.integers(bounds[0], max(bounds) + 1))
    if answer in corpus.text(context, low, low + room).casefold():
        low, room = start, min(room, end - start)  # the chunk itself is known not to hold it
    return Example(question, context, low, low + room, -1, -1)


def _room(corpus: Corpus, question: int, recipe: Recipe, rng: np.random.Generator, least: int) -> int:
    """Tokens for the passage: what the question leaves, or less."""
    most = recipe.longest - SPECIALS - len(corpus.question(question))
    if rng.random() < recipe.shorter:
        return int(rng.integers(max(least, recipe.shortest), most + 1))
    return most


def epoch(corpus: Corpus, recipe: Recipe, seed: int, number: int) -> NDArray[np.int32]:
    """(examples, 6) rows of Example in random order; the same for the same seed and number.

    With mined negatives: each question that has them, with one of them, and a share of the others.
    """
    rng = np.random.default_rng((seed, number))
    copies = np.array([COPIES.get(name, 1) for name in SETS])[corpus.question_set]
    copies = np.where(corpus.mined, 1, copies)
    training = np.repeat(np.arange(len(copies)), np.where(corpus.question_dev, 0, copies))
    if corpus.mined.any():
        training = training[corpus.mined[training] | (rng.random(len(training)) < recipe.others)]
    odds = recipe.negatives / (1 - recipe.negatives)
    rows: list[Example] = []
    for question in training:
        kind = corpus.question_kind[question]
        if kind == Kind.ALTERED and rng.random() > recipe.altered:
            continue
        rows.append(positive(corpus, int(question), recipe, rng))
        if kind == Kind.ANSWERED and (corpus.mined[question] or rng.random() < odds):
            example = negative(corpus, int(question), recipe, rng)
            rows += [example] if example else []
    return np.array(rows, np.int32)[rng.permutation(len(rows))]


def held_out(corpus: Corpus, recipe: Recipe, count: int) -> NDArray[np.int32]:
    """`count` fixed examples from held-out contexts, the sets in turn, with the recipe's share of negatives."""
    rng = np.random.default_rng(0)
    queues = [
        rng.permutation(np.flatnonzero(corpus.question_dev & (corpus.question_set == number))).tolist()
        for number in range(len(SETS))
    ]
    rows: list[Example] = []
    while len(rows) < count and any(queues):
        for queue in queues:
            if not queue:
                continue
            question = queue.pop()
            wants_negative = (
                corpus.question_kind[question] == Kind.ANSWERED and rng.random() < recipe.negatives
            )
            example = negative(corpus, question, recipe, rng) if wants_negative else None
            rows.append(example or positive(corpus, question, recipe, rng))
    return np.array(rows[:count], np.int32)


def batches(
    corpus: Corpus, rows: NDArray[np.int32], size: int, seed: int, pool: int = 50
) -> list[NDArray[np.int32]]:
    """Rows in batches of like length: sorted within pools of `pool` batches, which are then shuffled."""
    rng = np.random.default_rng(seed)
    lengths = rows[:, 3] - rows[:, 2] + np.diff(corpus.question_offsets)[rows[:, 0]]
    result = []
    for begin in range(0, len(rows), size * pool):
        members = begin + np.argsort(lengths[begin : begin + size * pool], kind="stable")
        cut = [members[i : i + size] for i in range(0, len(members), size)]
        result += [rows[cut[i]] for i in rng.permutation(len(cut))]
    return result


def pack(pairs: Sequence[tuple[Tokens, Tokens]]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, types and attention of (question, passage) pairs: `<s> question </s></s> passage </s>`, padded."""
    longest = max(len(q) + len(p) for q, p in pairs) + SPECIALS
    width = -(-longest // 8) * 8  # few distinct shapes: freed memory is used again, not fragmented
    ids = np.full((len(pairs), width), PAD, np.int64)
    types = np.zeros_like(ids)
    for row, (q, p) in enumerate(pairs):
        begin = len(q) + 3
        ids[row, 0] = BOS
        ids[row, 1 : 1 + len(q)] = q
        ids[row, 1 + len(q) : begin] = EOS
        ids[row, begin : begin + len(p)] = p
        ids[row, begin + len(p)] = EOS
        types[row, begin : begin + len(p)] = 1
    return torch.from_numpy(ids), torch.from_numpy(types), torch.from_numpy(ids != PAD)


def collate(corpus: Corpus, rows: NDArray[np.int32]) -> Batch:
    """The tensors of a batch of rows."""
    questions = [corpus.question(row[0]) for row in rows]
    ids, types, attention = pack(
        [(q, corpus.window(*row[1:4])) for q, row in zip(questions, rows, strict=True)]
    )
    is_positive = rows[:, 4] >= 0
    begin = np.array([len(q) + 3 for q in questions])
    first = np.where(is_positive, rows[:, 4] + begin, 0)
    last = np.where(is_positive, rows[:, 5] + begin, 0)
    return Batch(
        ids, types, attention, torch.from_numpy(first), torch.from_numpy(last),
        torch.from_numpy(is_positive.astype(np.float32)),
    )  # fmt: skip


class BatchSet(torch.utils.data.Dataset[Batch]):
    """Batches as a map-style dataset, so that a DataLoader's workers can collate them."""

    def __init__(self, corpus: Corpus, parts: list[NDArray[np.int32]]) -> None:
        self.corpus, self.parts = corpus, parts

    def __len__(self) -> int:
        return len(self.parts)

    def __getitem__(self, number: int) -> Batch:
        return collate(self.corpus, self.parts[number])


def stream(corpus: Corpus, parts: list[NDArray[np.int32]], workers: int) -> Iterator[Batch]:
    """The batches in order; leaves torch's global random state alone, so that a resumed run is the same."""
    loader = torch.utils.data.DataLoader(
        BatchSet(corpus, parts), batch_size=None, num_workers=workers, generator=torch.Generator()
    )
    yield from loader
