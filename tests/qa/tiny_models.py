"""Models of two layers with random weights, in the formats of the true ones; made without a network."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, pre_tokenizers, processors
from tokenizers.models import WordPiece
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from qa.models.card import CARD_FILE, WEIGHTS_FILE, Card, Example

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789?.,:"
PIECES = ["<s>", "<pad>", "</s>", "<unk>", *_LETTERS, *(f"##{letter}" for letter in _LETTERS)]
WIDTH = 32


def config(**settings: Any) -> BertConfig:
    return BertConfig(
        vocab_size=len(PIECES),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=512,
        pad_token_id=1,
        initializer_range=0.3,  # wide enough for logits that differ by whole units
        **settings,
    )


def tokenizer() -> Tokenizer:
    """Each letter is a token, with the special tokens of the true one."""
    made = Tokenizer(WordPiece({piece: i for i, piece in enumerate(PIECES)}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B:1 </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return made


class TorchReader(nn.Module):
    """The reader as it is trained: the numbers that its export has to give."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(2)
        self.body = BertModel(config(), add_pooling_layer=False)
        self.span = nn.Linear(WIDTH, 2)
        self.relevance = nn.Sequential(
            nn.Linear(WIDTH, WIDTH), nn.Tanh(), nn.Dropout(0.1), nn.Linear(WIDTH, 1)
        )
        with torch.no_grad():
            self.span.weight *= 10
            for weight in self.parameters():
                weight.copy_(weight.half().float())

    def forward(self, ids: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.body(input_ids=ids, token_type_ids=types).last_hidden_state
        return self.span(hidden)[0], self.relevance(hidden[:, 0])[0, 0]

    def expected(self, question: str, context: str, text: str) -> tuple[float, float, np.ndarray[Any, Any]]:
        """Relevance, "none", and (tokens, 2) logits of an input that fits."""
        tokens = tokenizer()
        asked = tokens.encode(question, add_special_tokens=False).ids[:48]
        whole = tokens.encode(f"{context}\n{text}", add_special_tokens=False).ids
        count = len(tokens.encode(text, add_special_tokens=False).ids)
        ids = torch.tensor([[0, *asked, 2, 2, *whole, 2]])
        types = torch.zeros_like(ids)
        types[0, len(asked) + 3 : -1] = 1
        with torch.inference_mode():
            span, relevance = self(ids, types)
        return float(relevance), float(span[0].sum()), span[-1 - count : -1].numpy()


def write_encoder(model: TorchReader, folder: Path) -> Path:
    """`tokenizer.json` and `model.safetensors`, as the encoder's folder holds them."""
    folder.mkdir()
    state = {f"{name}": value.contiguous() for name, value in model.body.state_dict().items()}
    save_file(state, folder / "model.safetensors")
    tokenizer().save(str(folder / "tokenizer.json"))
    return folder


def write_reader(model: TorchReader, folder: Path, drop: str = "", **changes: Any) -> Path:
    """The weights as they ship, and their card with one example; `changes` to the card, `drop` a weight."""
    folder.mkdir(exist_ok=True)
    words = "body.embeddings.word_embeddings.weight"
    state = {n: v.half().contiguous() for n, v in model.state_dict().items() if n not in (words, drop)}
    save_file(state, folder / WEIGHTS_FILE)
    relevance, none, span = model.expected("Who came?", "Annals", "Ada came in 1843.")
    example = Example(
        "Who came?", "Annals", "Ada came in 1843.", relevance, none, span[:, 0].tolist(), span[:, 1].tolist()
    )
    card: dict[str, Any] = {
        "name": "tiny",
        "checksum": hashlib.sha256((folder / WEIGHTS_FILE).read_bytes()).hexdigest(),
        "encoder": "0" * 64,
        "heads": 2,
        "epsilon": 1e-12,
        "longest": 320,
        "recipe": {},
        "examples": [example],
    }
    Card(**card | changes).write(folder)
    assert (folder / CARD_FILE).is_file()
    return folder
