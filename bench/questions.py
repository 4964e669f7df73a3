"""Questions with their answers, asked of libraries made of their own passages: what the fits learn from."""

from __future__ import annotations

import gzip
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import ingest
from bench.record import DATA
from index.encoder import Encoder
from index.hit import Filters, Hit
from index.library import Library
from qa.reader import Reading

# Sets of ../shared/data/train that state a licence, in seven languages.
TRAIN = ("korquad-1.0-dev", "policyqa", "kazqad-validation", "drcd", "turkish-enelpi", "cmrc2018", "arcd")
XQUAD = ("en", "ru", "tr", "zh")
CORPUS = Path(__file__).parent.parent / "corpus"

Context = tuple[str, list[tuple[str, list[str]]]]  # text; questions, each with its answers


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the documents that answer it and how, and what the search found."""

    question: str
    gold: frozenset[str]
    answers: tuple[str, ...]
    hits: Sequence[Hit]
    library: Library

    def is_right(self, reading: Reading) -> bool:
        quote = reading.sentence.of(reading.document.text)
        return reading.document.id in self.gold and any(answer in quote for answer in self.answers)


def train(name: str, count: int, encoder: Encoder, *, also_without: bool = False) -> Iterator[Asked]:
    """One question of each of `count` contexts, drawn with a fixed seed."""
    with gzip.open(DATA / "train" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    chosen = random.Random(7).sample(records, min(count, len(records)))
    contexts = [(r["context"], [(q["question"], [q["answer"]]) for q in r["questions"][:1]]) for r in chosen]
    return _ask(contexts, encoder, also_without)


def xquad(language: str, encoder: Encoder, *, also_without: bool = False) -> Iterator[Asked]:
    """The first question of each paragraph of xquad-dev in `language`; `qa evaluate squad` asks them all."""
    data = json.loads((DATA / "eval" / f"xquad-dev.{language}.json").read_text("utf-8"))["data"]
    contexts = [
        (
            p["context"],
            [(qa["question"], [answer["text"] for answer in qa["answers"]]) for qa in p["qas"][:1]],
        )
        for article in data
        for p in article["paragraphs"]
    ]
    return _ask(contexts, encoder, also_without)


def corpus(encoder: Encoder) -> Iterator[Asked]:
    """The gold questions of the starter corpus; those that it does not answer have no answers."""
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder), encoder) as library:
        ids = {}
        with library.writing():
            for path in sorted((CORPUS / "documents").iterdir()):
                document = ingest.read(path.read_bytes(), str(path))
                library.add(document, path.read_bytes())
                ids[path.name] = document.id
        for line in (CORPUS / "questions.jsonl").read_text(encoding="utf-8").splitlines():
            gold = json.loads(line)
            names = gold["document"] or []
            names = [names] if isinstance(names, str) else names
            documents = frozenset(ids[name] for name in names)
            hits = library.search(gold["question"])
            yield Asked(gold["question"], documents, tuple(gold["answers"]), hits, library)


def _ask(contexts: list[Context], encoder: Encoder, also_without: bool) -> Iterator[Asked]:
    """Each question with its passage in reach and, if `also_without`, once more with it left out."""
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder), encoder) as library:
        asked = []
        with library.writing():
            for number, (context, questions) in enumerate(contexts):
                data = context.strip().encode()
                document = replace(ingest.read(data, f"context-{number}.txt"), title="")
                library.add(document, data)
                asked += [(document.id, question, tuple(answers)) for question, answers in questions]
        for gold, question, answers in asked:
            yield Asked(question, frozenset((gold,)), answers, library.search(question), library)
            if also_without:
                hits = library.search(question, filters=Filters(excluded=(gold,)))
                yield Asked(question, frozenset((gold,)), answers, hits, library)
