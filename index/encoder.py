"""Text in, unit vectors out: the encoder of passages and questions."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.errors import BadSetting, ModelUnusable
from index.language_offsets import LanguageOffsets, Vectors, unit
from index.models import OFFSETS, Model, find_model
from index.raised_figures import blanked

if TYPE_CHECKING:
    from openvino import CompiledModel
    from tokenizers import Tokenizer

TOKENS_PER_BATCH = 1600  # eight passages of 200 tokens


def thread_count() -> int:
    """Threads for the encoder and for FAISS, each in its turn: `$VERBATIM_THREADS`, else the cores we may use."""
    wanted = os.environ.get("VERBATIM_THREADS") or str(len(os.sched_getaffinity(0)))
    if not wanted.isdecimal() or int(wanted) < 1:
        raise BadSetting(f"$VERBATIM_THREADS is {wanted!r}; it must be a whole number from 1, or not set.")
    return int(wanted)


class Encoder(Protocol):
    """What the library needs of an encoder; `model` says which weights made the vectors."""

    @property
    def model(self) -> Model: ...

    def encode_queries(self, texts: Sequence[str], languages: Sequence[str] = ()) -> Vectors:
        """Unit vectors of questions, float32 of shape (len(texts), dimensions).

        With the texts' `languages`, what only tells the language is taken out of the vectors, so that
        a question comes near passages of other languages.
        """
        ...

    def encode_passages(self, texts: Sequence[str], languages: Sequence[str] = ()) -> Vectors:
        """The same for passages and sentences."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens and prompts left out."""
        ...


class OpenVinoEncoder:
    """An exported sentence-transformers model, run by OpenVINO on the CPU.

    Precision is the best the processor has: bfloat16 where it computes with it, else float32.
    Texts beyond `model.max_tokens` tokens are cut. Loads on first use, so that a command that
    encodes nothing does not wait for it.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self._lock = threading.RLock()  # a compiled network answers one call at a time

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The model's own, without padding and truncation. Raises ModelUnusable."""
        from tokenizers import Tokenizer

        with _loading(self.model):
            tokenizer = Tokenizer.from_file(str(self.model.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _network(self) -> CompiledModel:
        import openvino

        with _loading(self.model):
            return openvino.Core().compile_model(
                self.model.folder / "model.xml", "CPU", {"INFERENCE_NUM_THREADS": thread_count()}
            )

    @cached_property
    def _offsets(self) -> LanguageOffsets:
        return LanguageOffsets.read(self.model.folder / OFFSETS)

    def encode_queries(self, texts: Sequence[str], languages: Sequence[str] = ()) -> Vectors:
        vectors = self._encode([self.model.query_prompt + text for text in texts])
        return self._offsets.remove(vectors, texts, languages, "queries") if languages else vectors

    def encode_passages(self, texts: Sequence[str], languages: Sequence[str] = ()) -> Vectors:
        vectors = self._encode([self.model.passage_prompt + text for text in texts])
        return self._offsets.remove(vectors, texts, languages, "passages") if languages else vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(e.ids) for e in self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def _encode(self, texts: list[str]) -> Vectors:
        limit = self.model.max_tokens
        tokens = [
            e.ids if len(e.ids) <= limit else e.ids[: limit - 1] + e.ids[-1:]  # keep the end mark
            for e in self.tokenizer.encode_batch_fast(list(map(readable, texts)))
        ]
        vectors = np.zeros((len(texts), self.model.dimensions), np.float32)
        for batch in batches_by_length([len(ids) for ids in tokens], TOKENS_PER_BATCH):
            width = max(len(tokens[i]) for i in batch)
            input_ids = np.zeros((len(batch), width), np.int64)
            mask = np.zeros((len(batch), width), np.int64)
            for row, i in enumerate(batch):
                input_ids[row, : len(tokens[i])] = tokens[i]
                mask[row, : len(tokens[i])] = 1
            with self._lock:
                vectors[batch] = self._network({"input_ids": input_ids, "attention_mask": mask})[0]
        # A bfloat16 run leaves lengths off by up to a thousandth; cosine needs them at one.
        return unit(vectors)


def load_encoder(name: str | None = None) -> OpenVinoEncoder:
    """The encoder called `name` (a folder or a hub name), or the built-in one. Raises as `find_model` does."""
    return OpenVinoEncoder(find_model(name))


@contextmanager
def _loading(model: Model) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # tokenizers and OpenVINO raise no narrower kind for a damaged file
        damaged = ", ".join(model.damaged_files()) or "the model"
        raise ModelUnusable(
            f"{damaged} in {model.folder} cannot be loaded. Delete the folder: it will be built again."
        ) from error


def batches_by_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Indices of inputs of similar length together, at most `budget` tokens a batch, padding included."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def readable(text: str) -> str:
    """A text for a tokenizer, as long as before: half a surrogate pair, which JSON can carry and UTF-8 cannot,
    becomes a question mark, and the mark of a note spaces, since NFKC would glue it to what it stands at."""
    return blanked(text.encode("utf-8", "replace").decode())
