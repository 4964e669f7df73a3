"""In: checkpoints of `train.train`. Out: the weights that ship, `reader.safetensors`, and their card, `reader.json`.

    python -m train.export --encoder DIR --checkpoint FILE… --name "reader 1" [--out qa/models/weights]

Of several checkpoints of one run the mean of their weights is taken (Wortsman et al. 2022, "Model soups"); one that
is named twice counts twice. The weights are float16, without the encoder's word embeddings. The card holds what
PyTorch reads with them in a few passages, for the program to compare itself with.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import save_file

from index.e5_wheel import FILE_SHA256
from index.mirror import file_checksum
from qa.models.built_in import TOLERANCE, BuiltInReader
from qa.models.card import CARD_FILE, WEIGHTS, WEIGHTS_FILE, Card, Example
from train.data import Recipe, pack
from train.model import ReaderModel, mean
from train.train import load_checkpoint, name_of

# Question, context, passage: of this project's own making.
EXAMPLES = (
    (
        "Where is the station?",
        "Guide to the valley\nGetting there",
        "The railway station stands on the north bank, two kilometres from the market.",
    ),
    ("Когда открылась школа?", "", "Школа открылась 1 сентября 1958 года и с тех пор трижды меняла здание."),
    ("도서관은 몇 시에 문을 닫습니까?", "안내", "도서관은 평일 오후 아홉 시에 문을 닫는다."),
    ("Ko‘prik qancha turadi?", "", "Daryo ikki viloyatni ajratadi; undan har kuni paromlar o‘tadi."),
)


def export(encoder: Path, checkpoints: Sequence[Path], name: str, out: Path, longest: int) -> Card:
    """Write both files into `out`, then read the examples with them as the program will."""
    states = [load_checkpoint(checkpoint) for checkpoint in checkpoints]
    model = ReaderModel.from_encoder(encoder)
    model.load_trained(mean([state["model"] for state in states]))
    model.eval()
    weights = {key: value.half().contiguous() for key, value in model.trained_state().items()}
    model.load_trained({key: value.float() for key, value in weights.items()})
    out.mkdir(parents=True, exist_ok=True)
    save_file(weights, out / WEIGHTS_FILE)
    (out / WEIGHTS_FILE).chmod(0o644)  # the library writes for the owner alone
    config = model.body.config
    card = Card(
        name=name,
        checksum=file_checksum(out / WEIGHTS_FILE),
        encoder=FILE_SHA256,
        heads=config.num_attention_heads,
        epsilon=config.layer_norm_eps,
        longest=longest,
        recipe={
            "checkpoints": [name_of(checkpoint) for checkpoint in checkpoints],
            **{key: states[-1][key] for key in ("began_from", "position", "settings") if key in states[-1]},
        },
        examples=[_read(model, encoder, *example) for example in EXAMPLES],
    )
    card.write(out)
    BuiltInReader(out, encoder).check()
    return card


def _read(model: ReaderModel, encoder: Path, question: str, context: str, text: str) -> Example:
    """With the whole of context and passage in one piece, as they are in training."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    asked = tokenizer.encode(question, add_special_tokens=False).ids
    head = f"{context}\n" if context else ""
    passage = tokenizer.encode(head + text, add_special_tokens=False)
    with torch.inference_mode():
        logits = model(*pack([(asked, passage.ids)]))
    end = len(asked) + 3 + len(passage.ids)
    kept = slice(end - len(tokenizer.encode(text, add_special_tokens=False).ids), end)
    first, last = logits.first[0], logits.last[0]
    return Example(
        question=question,
        context=context,
        text=text,
        relevance=round(float(logits.relevance[0]), 4),
        none=round(float(first[0] + last[0]), 4),
        first=[round(float(value), 4) for value in first[kept]],
        last=[round(float(value), 4) for value in last[kept]],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the weights that ship from checkpoints.")
    parser.add_argument("--encoder", type=Path, required=True, help="sentence-transformers folder")
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True)
    parser.add_argument("--name", required=True, help="how the answers and the card call this reader")
    parser.add_argument(
        "--longest", type=int, default=Recipe().longest, help="tokens it learned from at most"
    )
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    card = export(options.encoder, options.checkpoint, options.name, options.out, options.longest)
    size = (options.out / WEIGHTS_FILE).stat().st_size
    print(f"{options.out / WEIGHTS_FILE}: {size / 1e6:.1f} MB, SHA-256 {card.checksum}")
    print(
        f"{options.out / CARD_FILE}: {len(card.examples)} examples, each within {TOLERANCE} of PyTorch's logits"
    )


if __name__ == "__main__":
    main()
