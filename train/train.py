"""In: the corpus and the encoder, or a checkpoint. Out: checkpoints, and a line of JSON for each thing measured.

Warmup, then a constant rate for as long as it is left to run (it resumes by itself when started again);
`--decay N --start CHECKPOINT… --out FOLDER` ends a run from any checkpoint, or from the mean of several, in N
examples, the rate falling to zero from `--peak` of the full one.

    python -m train.train --encoder DIR --data DIR
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import json
import os
import random
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

from qa.evaluation.measures import auroc, exact_match, f1
from qa.models.card import Card
from train.data import SETS, Corpus, Recipe, batches, collate, epoch, held_out, load, stream
from train.model import ReaderModel, best_spans, losses, mean

OWN_QUESTIONS = Path(__file__).parent / "questions"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train; counts in examples unless they say otherwise."""

    batch: int = 32
    body_rate: float = 1.2e-4
    head_rate: float = 1e-3
    peak: float = 1.0  # share of both rates that is not exceeded
    weight_decay: float = 0.01
    warmup: int = 16_000  # 500 steps of 32
    clip: float = 1.0
    seed: int = 1
    save_every: int = 2_000
    keep_every: int = 20_000
    keep_last: int = 2
    log_every: int = 320
    dev_every: int = 5_000
    dev_count: int = 400


@dataclass(slots=True)
class Position:
    """How far a run has come."""

    seen: int = 0
    epoch: int = 0
    seen_in_epoch: int = 0
    decay_from: int = -1  # `seen` where the decay began, -1 before it


class Run:
    """A model, its optimizer and its position, which a checkpoint holds all of."""

    def __init__(self, model: ReaderModel, settings: Settings, device: torch.device, bfloat16: bool) -> None:
        self.model, self.settings, self.device, self.bfloat16 = model.to(device), settings, device, bfloat16
        self.position = Position()
        self.began_from: list[str] = []  # checkpoints or readers of whose weights it took the mean
        groups: dict[tuple[bool, bool], list[nn.Parameter]] = defaultdict(list)
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                groups[name.startswith("body."), parameter.ndim > 1].append(parameter)
        self.optimizer = torch.optim.AdamW(
            [
                {
                    "params": parameters,
                    "base": settings.body_rate if body else settings.head_rate,
                    "weight_decay": settings.weight_decay if matrix else 0.0,
                }
                for (body, matrix), parameters in sorted(groups.items(), key=lambda item: item[0])
            ],
            lr=0.0,
        )

    def rate(self, decay: int) -> float:
        """Share of the full rate: rises to its peak over the warmup, stays, falls over the `decay` last examples."""
        position = self.position
        share = self.settings.peak * min(1.0, (position.seen + self.settings.batch) / self.settings.warmup)
        if decay:
            share *= max(0.0, 1 - (position.seen - position.decay_from) / decay)
        return share

    def step(self, batch: Any, decay: int) -> dict[str, float]:
        """Learn from one batch; the losses of its parts and the norm of its gradient."""
        self.model.train()
        batch = type(batch)(*(value.to(self.device, non_blocking=True) for value in batch))
        for group in self.optimizer.param_groups:
            group["lr"] = group["base"] * self.rate(decay)
        with self.autocast():
            parts = losses(self.model(batch.ids, batch.types, batch.attention), batch)
        parts.total.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(
            [p for p in self.model.parameters() if p.requires_grad], self.settings.clip
        )
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.position.seen += len(batch.ids)
        self.position.seen_in_epoch += len(batch.ids)
        values = torch.stack([*parts, norm]).tolist()  # one transfer from the device
        return dict(zip(("first", "last", "relevance", "gradient"), values, strict=True))

    def autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16)

    def state(self) -> dict[str, Any]:
        """Tensors and plain values only, so that it loads with `weights_only`."""
        return {
            "model": self.model.trained_state(),
            "optimizer": self.optimizer.state_dict(),
            "position": asdict(self.position),
            "began_from": self.began_from,
            "settings": asdict(self.settings),
            "random": torch.get_rng_state(),
            "random_cuda": torch.cuda.get_rng_state_all() if self.device.type == "cuda" else [],
        }

    def begin_from(self, states: Sequence[dict[str, Any]]) -> None:
        """Go on from the mean of the weights of checkpoints, else as the last one stood; no decay is begun."""
        state = {**self.state(), **states[-1], "model": mean([state["model"] for state in states])}
        self.load_state(state)
        self.position.decay_from = -1

    def load_state(self, state: dict[str, Any]) -> None:
        """Continue from a checkpoint, also one of another device or batch size."""
        self.model.load_trained(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.position = Position(**state["position"])
        self.began_from = state.get("began_from", [])
        torch.set_rng_state(state["random"].cpu())
        if self.device.type == "cuda" and state["random_cuda"]:
            torch.cuda.set_rng_state_all([value.cpu() for value in state["random_cuda"]])


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Never runs code from the file. Of weights that ship, only the model is known."""
    if path.suffix == ".safetensors":
        return {"model": load_file(path)}
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def name_of(path: Path) -> str:
    """Of a checkpoint its file's, of weights that ship their reader's."""
    return Card.read(path.parent).name if path.suffix == ".safetensors" else path.name


def checkpoints(folder: Path) -> list[Path]:
    """Oldest first."""
    return sorted(folder.glob("reader-*.pt"), key=lambda path: int(path.stem.split("-")[1]))


def save(run: Run, folder: Path) -> Path:
    """Write a checkpoint under a temporary name, flush, rename; then drop those that need not be kept."""
    path = folder / f"reader-{run.position.seen:09d}.pt"
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        torch.save(run.state(), file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    if sys.platform == "linux" and run.device.type == "cpu":
        ctypes.CDLL(None).malloc_trim(0)  # glibc keeps gigabytes of freed activations
    settings, milestones = run.settings, set()
    for old in checkpoints(folder)[: -settings.keep_last]:
        milestone = int(old.stem.split("-")[1]) // settings.keep_every
        if milestone == 0 or milestone in milestones:
            old.unlink()
        milestones.add(milestone)
    return path


def measure(run: Run, corpus: Corpus, rows: np.ndarray[Any, np.dtype[np.int32]]) -> dict[str, Any]:
    """Span F1 and EM of the positives, in all and per set, and AUROC of relevance and of the span's margin.

    Averages over sets count each set once.
    """
    run.model.eval()
    per_set: dict[str, list[tuple[float, float]]] = defaultdict(list)
    relevance: dict[bool, list[float]] = {True: [], False: []}
    margin: dict[bool, list[float]] = {True: [], False: []}
    for part in batches(corpus, rows, 32, seed=0):
        batch = collate(corpus, part)
        with torch.inference_mode(), run.autocast():
            logits = run.model(*(value.to(run.device) for value in batch[:3]))
            spans = [value.tolist() for value in best_spans(logits)]
        for row, first, last, score, none, relevant in zip(
            part, *spans, logits.relevance.tolist(), strict=True
        ):
            positive = bool(row[4] >= 0)
            relevance[positive].append(relevant)
            margin[positive].append(score - none)
            if positive:
                begin = len(corpus.question(row[0])) + 3 - row[2]
                found = corpus.text(row[1], first - begin, last - begin + 1)
                gold = [corpus.answers[row[0]]]
                name = SETS[corpus.context_set[row[1]]]
                per_set[name].append((f1(found, gold), exact_match(found, gold)))
    scores = [score for values in per_set.values() for score in values]
    return {
        "f1": np.mean(scores, axis=0)[0],
        "em": np.mean(scores, axis=0)[1],
        "f1_of_sets": np.mean([np.mean(values, axis=0)[0] for values in per_set.values()]),
        "relevance_auroc": auroc(relevance[True], relevance[False]),
        "margin_auroc": auroc(margin[True], margin[False]),
        "sets": {name: round(float(np.mean(values, axis=0)[0]), 3) for name, values in per_set.items()},
    }


def train(
    run: Run,
    corpus: Corpus,
    recipe: Recipe,
    folder: Path,
    log: Callable[[dict[str, Any]], None],
    *,
    stop_at: int | None,
    decay: int,
    workers: int,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Learn until `stop_at` examples were seen, for ever where it is None, or until `stopped`."""
    settings, position = run.settings, run.position
    dev = held_out(corpus, recipe, settings.dev_count)
    sums: dict[str, float] = defaultdict(float)
    size, steps, since, mark = 0, 0, time.monotonic(), position.seen

    def due(every: int) -> bool:
        """Whether the last batch, of `size`, crossed a multiple of `every`."""
        return position.seen // every > (position.seen - size) // every

    while True:
        rows = epoch(corpus, recipe, settings.seed, position.epoch)
        parts = batches(corpus, rows, settings.batch, settings.seed + position.epoch)
        done = int((np.cumsum([len(part) for part in parts]) <= position.seen_in_epoch).sum())
        for batch in stream(corpus, parts[done:], workers):
            size = len(batch.ids)
            for name, value in run.step(batch, decay).items():
                sums[name] += value
            steps += 1
            if due(settings.log_every):
                speed = (position.seen - mark) / (time.monotonic() - since)
                means = {name: value / steps for name, value in sums.items()}
                log({**asdict(position), "rate": run.rate(decay), "examples_per_s": speed, **means})
                sums.clear()
                steps, since, mark = 0, time.monotonic(), position.seen
            if due(settings.dev_every):
                began = time.monotonic()
                log({"seen": position.seen, "dev": measure(run, corpus, dev)})
                since += time.monotonic() - began
            if due(settings.save_every) or stopped() or position.seen == stop_at:
                save(run, folder)
            if stopped() or (stop_at is not None and position.seen >= stop_at):
                if not checkpoints(folder)[-1].stem.endswith(f"{position.seen:09d}"):
                    save(run, folder)
                if decay and not stopped():
                    log({"seen": position.seen, "dev": measure(run, corpus, dev)})
                return
        position.epoch += 1
        position.seen_in_epoch = 0


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    torch.set_num_threads(options.threads)
    random.seed(0)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    lock = (options.out / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"another run writes to {options.out}; stop it, or name another --out", file=sys.stderr)
        return 1
    journal = (options.out / "log.jsonl").open("a", encoding="utf-8", buffering=1)

    def log(record: dict[str, Any]) -> None:
        line = json.dumps({"time": time.strftime("%F %T"), **record}, default=float)
        print(line, flush=True)
        journal.write(line + "\n")

    recipe = Recipe()
    settings = Settings(batch=options.batch, seed=options.seed, peak=options.peak, warmup=options.warmup)
    corpus = load(options.data, options.own, options.encoder / "tokenizer.json", options.cache, recipe)
    if options.mined:
        corpus.use_mined(options.mined)
    device = torch.device(options.device or ("cuda" if torch.cuda.is_available() else "cpu"))
    run = Run(ReaderModel.from_encoder(options.encoder), settings, device, options.precision == "bf16")

    # An interrupted run goes on by itself; a decay begins at the checkpoint that was named.
    known = checkpoints(options.out)
    start = known[-1:] or options.start
    if known:
        state = load_checkpoint(known[-1])
        if state["settings"] != asdict(settings):
            print(f"{known[-1]} was trained with other settings; name another --out", file=sys.stderr)
            return 1
        run.load_state(state)
    elif start:
        run.begin_from([load_checkpoint(path) for path in start])
        run.began_from = [name_of(path) for path in start]
    if options.new_epoch:
        run.position.epoch, run.position.seen_in_epoch = run.position.epoch + 1, 0
    if options.decay and run.position.decay_from < 0:
        run.position.decay_from = run.position.seen
    stop_at = run.position.decay_from + options.decay if options.decay else options.stop_at
    log({"event": "start", "from": [str(path) for path in start], "device": str(device), **asdict(run.position),
         **asdict(settings), "recipe": asdict(recipe)})  # fmt: skip

    asked_to_stop = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked_to_stop.append(True))
    train(
        run, corpus, recipe, options.out, log,
        stop_at=stop_at, decay=options.decay, workers=options.workers, stopped=lambda: bool(asked_to_stop),
    )  # fmt: skip
    log({"event": "stopped" if asked_to_stop else "finished", **asdict(run.position)})
    return 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the reader-reranker; start again to resume.")
    parser.add_argument("--encoder", type=Path, required=True, help="sentence-transformers folder")
    parser.add_argument("--data", type=Path, required=True, help="folder of *.jsonl.gz")
    parser.add_argument("--own", type=Path, default=OWN_QUESTIONS, help="folder of *.jsonl")
    parser.add_argument("--new-epoch", action="store_true", help="the data changed: begin its next epoch")
    parser.add_argument("--cache", type=Path, default=Path("cache"), help="where the tokenised corpus lies")
    parser.add_argument("--out", type=Path, default=Path("checkpoints"))
    parser.add_argument(
        "--start",
        type=Path,
        nargs="+",
        default=[],
        help="checkpoints or shipped weights to begin from, where --out has none",
    )
    parser.add_argument("--peak", type=float, default=Settings().peak, help="share of the full rate")
    parser.add_argument("--warmup", type=int, default=Settings().warmup, help="examples of the run's first")
    parser.add_argument("--mined", type=Path, help="negatives that train.mine found")
    parser.add_argument("--decay", type=int, default=0, metavar="N", help="end the run in N examples")
    parser.add_argument("--stop-at", type=int, help="end, without decay, once so many were seen")
    parser.add_argument("--batch", type=int, default=Settings().batch)
    parser.add_argument("--seed", type=int, default=Settings().seed)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=0, help="processes that prepare batches")
    parser.add_argument("--device", help="cpu or cuda; default: cuda where there is one")
    parser.add_argument("--precision", choices=["bf16", "fp32"], default="bf16")
    options = parser.parse_args(arguments)
    if options.decay and not options.start and not checkpoints(options.out):
        parser.error("--decay needs --start CHECKPOINT")
    return options


if __name__ == "__main__":
    sys.exit(main())
