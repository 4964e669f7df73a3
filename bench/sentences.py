"""What each signal of a sentence buys, with the weights of qa/reader.py and with fitted ones.

python -m bench.sentences [--questions 150]

For each question the ten best passages of a library of its set are read; the sentence that lies in the
question's own passage and holds its answer should score highest. The fitted weights are those of a softmax
over the sentences (conditional logit), learned on the sets that state a licence and on the even lines of
the starter corpus's questions; XQuAD and the odd lines are held out from that fit. They are not held out
from the weights of qa/reader.py, which were chosen on them: the two rows are no fair comparison.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import astuple, fields

import numpy as np
import torch

from bench.questions import TRAIN, XQUAD, Asked, corpus, train, xquad
from bench.record import save
from index.encoder import load_encoder
from qa.reader import WEIGHTS, SentenceReader, Signals

NAMES = [field.name for field in fields(Signals)]
List = tuple[np.ndarray, np.ndarray]  # signals of each sentence (n, signals); which are right (n,)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--questions", type=int, default=150, help="questions of each set")
    count = parser.parse_args().questions
    encoder = load_encoder()
    reader = SentenceReader(encoder)

    def lists(asked: Iterable[Asked]) -> list[List]:
        return [_signals(reader, each) for each in asked]

    fitted_on = {name: lists(train(name, count, encoder)) for name in TRAIN}
    held_out = {f"xquad-dev.{name}": lists(xquad(name, encoder)) for name in XQUAD}
    gold = lists(each for each in corpus(encoder) if each.answers)
    fitted_on["corpus, even"], held_out["corpus, odd"] = gold[::2], gold[1::2]

    # The corpus asks what users ask, across languages: its few questions count as much as a set.
    weights = _fit([one for part in fitted_on.values() for one in part] + fitted_on["corpus, even"] * 3)
    save(
        "sentences",
        f"{count} questions of each set; share of questions whose first sentence is right",
        {
            "fitted weights": dict(zip(NAMES, weights.round(3).tolist(), strict=True)),
            "with them, on what they were fitted": {
                name: _hits(part, weights) for name, part in fitted_on.items()
            },
            "with them, held out": {name: _hits(part, weights) for name, part in held_out.items()},
            "with the weights in qa/reader.py, on the sets they were chosen on": {
                name: _hits(part, np.array(astuple(WEIGHTS))) for name, part in held_out.items()
            },
            "held out, without one signal": {
                name: {
                    part: _hits(lists_, weights * (np.array(NAMES) != name))
                    for part, lists_ in held_out.items()
                }
                for name in NAMES
            },
        },
        ("openvino", "torch"),
    )


def _signals(reader: SentenceReader, asked: Asked) -> List:
    readings = reader.read(asked.question, asked.hits, asked.library)
    right = [asked.is_right(reading) for reading in readings]
    return np.array([astuple(reading.signals) for reading in readings], np.float32), np.array(right)


def _fit(lists: list[List]) -> np.ndarray:
    """Weights that sum to 1, none negative, by maximum likelihood of the right sentences."""
    usable = [(torch.tensor(x), torch.tensor(y)) for x, y in lists if y.any()]
    raw = torch.full((len(NAMES),), 1.0, requires_grad=True)
    optimiser = torch.optim.LBFGS([raw], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        weights = torch.nn.functional.softplus(raw)
        losses = [
            -torch.logsumexp((scores := x @ weights)[y], 0) + torch.logsumexp(scores, 0) for x, y in usable
        ]
        total = torch.stack(losses).mean()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    weights = torch.nn.functional.softplus(raw).detach()
    return np.asarray(weights / weights.sum())


def _hits(lists: list[List], weights: np.ndarray) -> float:
    return round(float(np.mean([len(y) > 0 and bool(y[(x @ weights).argmax()]) for x, y in lists])), 4)


if __name__ == "__main__":
    main()
