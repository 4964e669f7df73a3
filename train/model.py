"""In: token ids of a question and a passage. Out: logits of start, end and relevance; the best span of each pair.

The body is the encoder's own BERT (multilingual-e5-small) with frozen word embeddings, so that a reader ships
without them: an application that has the encoder has them already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from train.data import Batch

FROZEN = "body.embeddings.word_embeddings.weight"


class Logits(NamedTuple):
    """float32. `first` and `last` (batch, length), -inf outside the passage and the first token."""

    first: Tensor
    last: Tensor
    relevance: Tensor  # (batch,)


class Losses(NamedTuple):
    """Means over a batch, in nats."""

    first: Tensor
    last: Tensor
    relevance: Tensor

    @property
    def total(self) -> Tensor:
        return self.first + self.last + self.relevance


class Spans(NamedTuple):
    """The best span of each pair, inclusive token positions, and what speaks for it and against any."""

    first: Tensor
    last: Tensor
    score: Tensor  # logit of start plus logit of end
    none: Tensor  # the same of the first token: "no answer here"


class ReaderModel(nn.Module):
    """Cross-encoder: start and end are linear in each token, relevance is a two-layer head on the first."""

    def __init__(self, body: BertModel) -> None:
        super().__init__()
        self.body = body
        width = body.config.hidden_size
        self.span = nn.Linear(width, 2)
        self.relevance = nn.Sequential(
            nn.Linear(width, width), nn.Tanh(), nn.Dropout(0.1), nn.Linear(width, 1)
        )
        body.embeddings.word_embeddings.weight.requires_grad_(False)

    @classmethod
    def from_encoder(cls, folder: Path) -> ReaderModel:
        """A reader with untrained heads on the encoder in a sentence-transformers folder.

        The encoder only ever saw token type 0, so passages (type 1) start from the same vector.
        """
        # Measured on two cores with bfloat16: eager attention is 15 % faster than SDPA in training, and
        # dropout of attention weights costs a fifth of the time.
        attention = "sdpa" if torch.cuda.is_available() else "eager"
        body = BertModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            attn_implementation=attention,
            attention_probs_dropout_prob=0.0,
        )
        with torch.no_grad():
            types = body.embeddings.token_type_embeddings.weight
            types[1] = types[0]
        return cls(body)

    def forward(self, ids: Tensor, types: Tensor, attention: Tensor) -> Logits:
        hidden = self.body(
            input_ids=ids, token_type_ids=types, attention_mask=attention.long()
        ).last_hidden_state
        with torch.autocast(hidden.device.type, enabled=False):
            hidden = hidden.float()
            allowed = types == 1
            allowed[:, 0] = True
            first, last = self.span(hidden).masked_fill(~allowed[..., None], -torch.inf).unbind(-1)
            return Logits(first, last, self.relevance(hidden[:, 0])[:, 0])

    def trained_state(self) -> dict[str, Tensor]:
        """The weights that training changes: everything but the word embeddings."""
        return {name: value for name, value in self.state_dict().items() if name != FROZEN}

    def load_trained(self, state: dict[str, Tensor]) -> None:
        """Raises ValueError where `state` is not that of `trained_state`."""
        missing, unexpected = self.load_state_dict(state, strict=False)
        if missing != [FROZEN] or unexpected:
            raise ValueError(f"not this reader's weights: missing {missing}, unexpected {unexpected}")


def losses(logits: Logits, batch: Batch) -> Losses:
    """Cross-entropy of start and end (Devlin et al. 2019, the first token is "none"), of relevance binary."""
    return Losses(
        functional.cross_entropy(logits.first, batch.first),
        functional.cross_entropy(logits.last, batch.last),
        functional.binary_cross_entropy_with_logits(logits.relevance, batch.relevant),
    )


def best_spans(logits: Logits, longest: int = 30) -> Spans:
    """The span of at most `longest` tokens, inside the passage, with the highest start plus end."""
    first, last = logits.first.clone(), logits.last.clone()
    none = first[:, 0] + last[:, 0]
    first[:, 0] = last[:, 0] = -torch.inf
    width = first.shape[1]
    scores = first[:, :, None] + last[:, None, :]
    band = torch.ones(width, width, dtype=torch.bool, device=first.device).triu().tril(longest - 1)
    score, flat = scores.masked_fill(~band, -torch.inf).flatten(1).max(1)
    return Spans(flat // width, flat % width, score, none)


def mean(models: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of each tensor over models of one shape, in float32."""
    return {key: torch.stack([model[key].float() for model in models]).mean(0) for key in models[0]}
