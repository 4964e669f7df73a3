"""Readers made elsewhere: a Hugging Face model's folder or hub name in, a SpanModel out.

Extractive question answering gives spans; a cross-encoder that ranks gives relevance alone. Only safetensors
weights are loaded, and never code that comes with a model. Nothing asks the hub but a name that is no folder.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import batches_by_length, readable, thread_count
from index.errors import ModelMissing, ModelUnusable
from qa.models.span_model import (
    LONGEST_QUESTION,
    OVERLAP,
    PassageLogits,
    PassageText,
    best_span,
    char_slices,
    merge,
)

if TYPE_CHECKING:
    from tokenizers import Encoding

TOKENS_PER_BATCH = 1_600
_SPANS, _RANKS = "ForQuestionAnswering", "ForSequenceClassification"
LONGEST_INPUT = 512  # tokens, question and passage together
LONGEST_CONTEXT = 300  # characters; of a longer one the end is read
NOTHING_THERE = -20.0  # relevance of a passage without a token
Array = NDArray[np.float32]
_NO_OFFSETS = np.zeros((0, 2), np.int32)
_NO_LOGITS = np.zeros(0, np.float32)


def load_hub_model(name: str) -> HubModel:
    """The model in a folder or, when there is none, of this name on the hub.

    Raises ModelMissing when there is no such model, ModelUnusable when it cannot serve as a reader.
    """
    if not name.strip():  # to pathlib "" is the folder that we are in
        raise ModelMissing(
            "The reader's name is empty. Give the name or the folder of a model, or leave --reader out for the "
            "built-in reader."
        )
    return HubModel(Path(name) if Path(name).is_dir() else _fetch(name))


class HubModel:
    """A SpanModel on a folder in the format of `transformers`, run by PyTorch. Loads at once."""

    def __init__(self, folder: Path) -> None:
        self.finds_spans = _finds_spans(folder)
        if not any(folder.glob("*.safetensors")):
            raise ModelUnusable(
                f"{folder} holds no .safetensors weights; other kinds are not loaded, for safety."
            )
        import torch
        import transformers

        kind: Any = (
            transformers.AutoModelForQuestionAnswering
            if self.finds_spans
            else transformers.AutoModelForSequenceClassification
        )
        safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(str(folder), **safe)
            self._model: Any = kind.from_pretrained(str(folder), use_safetensors=True, **safe).eval().float()
        except Exception as error:  # whatever a damaged or foreign folder makes the library raise
            raise ModelUnusable(f"{folder} cannot be loaded as a reader: {error}") from error
        if not self._tokenizer.is_fast or self._tokenizer.pad_token is None:
            raise ModelUnusable(f"{folder} has no fast tokenizer (tokenizer.json) with a padding token.")
        labels = self._model.config.num_labels
        if not self.finds_spans and labels not in (1, 2):
            raise ModelUnusable(f"{folder} tells {labels} classes apart; a model that ranks has one or two.")
        # RoBERTa's positions begin after the padding's.
        positions = getattr(self._model.config, "max_position_embeddings", LONGEST_INPUT + 2) - 2
        self._longest = min(LONGEST_INPUT, positions, self._tokenizer.model_max_length)
        if self._longest < LONGEST_QUESTION + 2 * OVERLAP:
            raise ModelUnusable(f"{folder} reads {self._longest} tokens at once, too few for a passage.")
        self._lock = threading.Lock()
        torch.set_num_threads(thread_count())

    def read(self, question: str, passages: Sequence[PassageText]) -> list[PassageLogits]:
        if not passages:
            return []
        heads = [readable(p.context)[-LONGEST_CONTEXT:] + "\n" if p.context else "" for p in passages]
        texts = [head + readable(p.text) for head, p in zip(heads, passages, strict=True)]
        with self._lock:  # the tokenizer's settings are its own
            encoded: Any = self._tokenizer(
                [self._cut(question)] * len(texts),
                texts,
                truncation="only_second",
                max_length=self._longest,
                stride=OVERLAP,
                return_overflowing_tokens=True,
            )
            rows = self._run(encoded)
        inputs: list[list[tuple[Encoding, Array]]] = [[] for _ in passages]
        for encoding, number, row in zip(
            encoded.encodings, encoded["overflow_to_sample_mapping"], rows, strict=True
        ):
            inputs[number].append((encoding, row))
        whole = self._spans if self.finds_spans else self._rank
        return [whole(i, len(head), text) for i, head, text in zip(inputs, heads, texts, strict=True)]

    def _rank(self, inputs: Sequence[tuple[Encoding, Array]], head: int, text: str) -> PassageLogits:
        relevance = max(float(row[-1] - (row[0] if len(row) == 2 else 0)) for _, row in inputs)
        return PassageLogits(relevance, 0.0, _NO_OFFSETS, _NO_LOGITS, _NO_LOGITS)

    def _spans(self, inputs: Sequence[tuple[Encoding, Array]], head: int, text: str) -> PassageLogits:
        """Of the inputs that one passage took; `head` characters of `text` are its context."""
        parts: list[tuple[tuple[int, int], PassageLogits]] = []
        slices: dict[int, tuple[int, int]] = {}  # by the number of the token in the passage
        end = 0
        for encoding, row in inputs:
            second = [i for i, part in enumerate(encoding.sequence_ids) if part == 1]
            tokens = [i for i in second if encoding.offsets[i][1] > head]
            # What is read again may be context in part.
            again = sum(encoding.offsets[i][1] > head for i in second[:OVERLAP])
            start = end - again if parts else 0
            end = start + len(tokens)
            offsets = char_slices(text, [encoding.offsets[i] for i in tokens]) - head
            offsets = np.maximum(offsets, 0)  # the mark of a new word covers the line's end before it
            slices |= zip(range(start, end), map(tuple, offsets.tolist()), strict=True)
            marks = [i for i, id in enumerate(encoding.ids) if id == self._tokenizer.cls_token_id]
            none = float(row[marks[0] if marks else 0].sum())
            logits = PassageLogits(0.0, none, offsets, row[tokens, 0], row[tokens, 1])
            best = best_span(logits, 0, len(text))
            relevance = best.score - none if best else NOTHING_THERE
            parts.append(((start, end), replace(logits, relevance=relevance)))
        return merge(np.array([slices[i] for i in range(end)], np.int32).reshape(-1, 2), parts)

    def _cut(self, question: str) -> str:
        question = readable(question)
        offsets = self._tokenizer(question, add_special_tokens=False, return_offsets_mapping=True)
        ends = [end for _, end in offsets["offset_mapping"][:LONGEST_QUESTION]]
        return question[: ends[-1]] if ends else ""

    def _run(self, encoded: Any) -> list[Array]:
        """Of each input, (tokens, 2) logits of first and last, or (labels,)."""
        import torch

        names = [name for name in self._tokenizer.model_input_names if name in encoded]
        lengths = [len(ids) for ids in encoded["input_ids"]]
        found: dict[int, Array] = {}
        for batch in batches_by_length(lengths, TOKENS_PER_BATCH):
            inputs = self._tokenizer.pad(
                {name: [encoded[name][i] for i in batch] for name in names}, return_tensors="pt"
            )
            with torch.inference_mode():
                output = self._model(**inputs)
            both = (
                torch.stack([output.start_logits, output.end_logits], dim=-1)
                if self.finds_spans
                else output.logits
            )
            for row, i in zip(both.numpy(), batch, strict=True):
                found[i] = row
        return [found[i] for i in range(len(lengths))]


def _finds_spans(folder: Path) -> bool:
    """Whether the model marks spans, or else ranks. Raises ModelUnusable where it does neither."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        names = [str(name) for name in config.get("architectures") or ()]
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ModelUnusable(f"{folder} has no config.json that can be read.") from error
    if any(name.endswith(_SPANS) for name in names):
        return True
    if any(name.endswith(_RANKS) for name in names):
        return False
    raise ModelUnusable(
        f"{folder} is a {', '.join(names) or 'model of unknown kind'}; a reader answers questions "
        f"(…{_SPANS}) or ranks passages (…{_RANKS})."
    )


def _fetch(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        # Pickled weights and code are never fetched.
        files = ["*.json", "*.safetensors", "*.txt", "*.model"]
        return Path(snapshot_download(name, allow_patterns=files))
    except (LocalEntryNotFoundError, HfHubHTTPError, HFValidationError, OSError) as error:
        raise ModelMissing(
            f"{name} is no folder, and the hub did not give it ({error.__class__.__name__}). "
            "Give the path of a model's folder, or leave --reader out for the built-in reader."
        ) from error
