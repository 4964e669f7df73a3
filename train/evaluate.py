"""In: a checkpoint and a file in SQuAD format. Out: span F1 and EM on the gold paragraph, as JSON.

Paragraphs longer than a window are read in overlapping windows, and the span with the widest margin over
"no answer" counts.

    python -m train.evaluate --encoder DIR --checkpoint FILE --paragraphs even xquad-dev.en.json
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer

from qa.evaluation.measures import exact_match, f1
from qa.models.span_model import char_slices
from train.data import SPECIALS, Recipe, Tokens, pack
from train.model import ReaderModel, best_spans
from train.train import load_checkpoint


def paragraphs(file: Path, which: str) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Context and (question, answers) of the paragraphs, counted from 0 through the whole file."""
    articles = json.loads(file.read_text(encoding="utf-8"))["data"]
    for number, paragraph in enumerate(p for article in articles for p in article["paragraphs"]):
        if which == "all" or which == ("odd" if number % 2 else "even"):
            questions = [(q["question"], [a["text"] for a in q["answers"]]) for q in paragraph["qas"]]
            yield paragraph["context"], [(q, answers) for q, answers in questions if answers]


def read(model: ReaderModel, tokenizer: Tokenizer, context: str, question: str, recipe: Recipe) -> str:
    """The words of the context that answer best."""
    asked: Tokens = tokenizer.encode(question, add_special_tokens=False).ids[: recipe.question]
    passage = tokenizer.encode(context, add_special_tokens=False)
    slices = char_slices(context, passage.offsets)
    room = recipe.longest - SPECIALS - len(asked)
    lows = [0, *range(room // 2, len(passage.ids) - room // 2, room // 2)] if len(passage.ids) > room else [0]
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        spans = best_spans(model(*pack([(asked, passage.ids[low : low + room]) for low in lows])))
    best = int((spans.score - spans.none).argmax())
    shift = lows[best] - len(asked) - 3
    start, end = slices[int(spans.first[best]) + shift, 0], slices[int(spans.last[best]) + shift, 1]
    return context[start:end]


def main() -> None:
    parser = argparse.ArgumentParser(description="Span F1 and EM of a checkpoint on gold paragraphs.")
    parser.add_argument("--encoder", type=Path, required=True, help="sentence-transformers folder")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--paragraphs", choices=["even", "odd", "all"], default="even")
    parser.add_argument("--longest", type=int, default=Recipe().longest, help="tokens of a window")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = Recipe(longest=options.longest)
    model = ReaderModel.from_encoder(options.encoder)
    state = load_checkpoint(options.checkpoint)
    model.load_trained(state["model"])
    model.eval()
    tokenizer = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    for file in options.files:
        scores = [
            (f1(found, answers), exact_match(found, answers))
            for context, questions in paragraphs(file, options.paragraphs)
            for question, answers in questions
            for found in [read(model, tokenizer, context, question, recipe)]
        ]
        mean_f1, mean_em = (sum(column) / len(scores) for column in zip(*scores, strict=True))
        print(json.dumps({
            "file": file.name, "paragraphs": options.paragraphs, "questions": len(scores), "longest": options.longest,
            "checkpoint": options.checkpoint.name, "f1": round(mean_f1, 4), "em": round(mean_em, 4),
        }))  # fmt: skip


if __name__ == "__main__":
    main()
