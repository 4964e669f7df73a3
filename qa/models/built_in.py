"""The built-in reader: its weights and the encoder's word embeddings in, logits of passages out, by OpenVINO.

The weights ship beside this file without the table of word embeddings, nine tenths of the model: that
is the built-in encoder's own, of which only the rows of the words read are taken from disk.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.e5_wheel import FILE_SHA256
from index.encoder import batches_by_length, readable, thread_count
from index.errors import ModelUnusable
from index.mirror import file_checksum
from index.models import SOURCE_FOLDER, find_model
from qa.models.card import CARD_FILE, WEIGHTS, WEIGHTS_FILE, Card
from qa.models.graph import MASKED, Tensors, build_graph, expected_shapes
from qa.models.span_model import (
    LONGEST_CONTEXT,
    LONGEST_QUESTION,
    Offsets,
    PassageLogits,
    PassageText,
    char_slices,
    merge,
    windows,
)

if TYPE_CHECKING:
    from openvino import CompiledModel
    from tokenizers import Tokenizer

TOKENS_PER_BATCH = 800  # four passages: what they need stays in the processor's cache
WIDTH_STEP = 8  # widths of batches are multiples: few distinct shapes, each of which costs a preparation
GROUP = 128  # values of a vector that are rounded to eight bits with one scale; fewer are slower
# Between a logit here and the one that PyTorch gave in float32. Eight bits are off by 0.7 at worst; other words,
# another tokenizer or a wrong kernel by whole units.
TOLERANCE = 1.0

BOS, PAD, EOS = 0, 1, 2  # of the XLM-R vocabulary
SHORTEST_INPUT = 192  # tokens that a model must take: question, context and some passage
SPECIALS = 4  # <s> question </s></s> context passage </s>
_WORDS = "embeddings.word_embeddings.weight"


class _Window(NamedTuple):
    """Tokens [low, high) of a passage as one input of the network; they begin at `begin` of `ids`."""

    passage: int
    low: int
    high: int
    begin: int
    kinds: int  # where token type 1 begins: the context, or the passage
    ids: list[int]


class BuiltInReader:
    """A SpanModel. Multiplies in eight bits and computes the rest in what the processor has: bfloat16, else float32.

    Loads on first use. Keeps what it read, `memory` passages with their questions: to ask again with
    other filters costs nothing. Serves several threads, one after the other.
    """

    def __init__(
        self,
        weights: Path = WEIGHTS,
        encoder: Path | None = None,
        *,
        tokenizer: Tokenizer | None = None,
        memory: int = 2_000,
        exact: bool = False,
    ) -> None:
        """`encoder`: folder of `tokenizer.json` and `model.safetensors`; the built-in encoder's without it.
        `exact`: all in float32, as PyTorch does; a third as fast (bench/results/precision.json).
        `tokenizer`: that encoder's, where it is loaded already: a second one takes 300 MB and two seconds.

        Raises ModelMissing and ModelUnusable, the latter also when it loads.
        """
        self.card = Card.read(weights)
        self._weights = weights / WEIGHTS_FILE
        self._exact = exact
        if encoder is None:
            if self.card.encoder != FILE_SHA256:
                raise ModelUnusable(
                    f"{weights} needs another encoder than {FILE_SHA256[:12]}, the built-in one."
                )
            encoder = find_model().folder / SOURCE_FOLDER
        self._encoder = encoder
        self._memory = memory
        self._read: OrderedDict[tuple[str, PassageText], PassageLogits] = OrderedDict()
        if tokenizer is not None:
            self._tokenizer = tokenizer
        self._checked = False
        self._lock = threading.RLock()

    def read(self, question: str, passages: Sequence[PassageText]) -> list[PassageLogits]:
        keys = [(question, passage) for passage in passages]
        with self._lock:
            if not self._checked:
                self.check()
                self._checked = True
            known = {key: self._read[key] for key in keys if key in self._read}
            missing = list(dict.fromkeys(key for key in keys if key not in known))
            known |= zip(missing, self._compute(question, [passage for _, passage in missing]), strict=True)
            for key in keys:  # the youngest last
                self._read.pop(key, None)
                self._read[key] = known[key]
            while len(self._read) > self._memory:
                self._read.popitem(last=False)
        return [known[key] for key in keys]

    def check(self) -> None:
        """Raises ModelUnusable unless the card's examples are read here as PyTorch read them."""
        for example in self.card.examples:
            found = self._compute(example.question, [PassageText(example.context, example.text)])[0]
            theirs = [example.relevance, example.none, *example.first, *example.last]
            ours = [found.relevance, found.none, *found.first, *found.last]
            if len(ours) != len(theirs) or not np.allclose(ours, theirs, rtol=0, atol=TOLERANCE):
                raise ModelUnusable(
                    f"The reader gives other values here than where it was made, on: {example.question} "
                    f"Delete {self._encoder.parent}: it will be built again."
                )

    def _compute(self, question: str, passages: Sequence[PassageText]) -> list[PassageLogits]:
        if not passages:
            return []
        asked = self._tokens(question)[0][:LONGEST_QUESTION]
        offsets: list[Offsets] = []
        inputs: list[_Window] = []
        for number, passage in enumerate(passages):
            context = self._tokens(passage.context)[0][-LONGEST_CONTEXT:]
            ids, slices = self._tokens(passage.text)
            offsets.append(slices)
            head = [BOS, *asked, EOS, EOS, *context]
            for low, high in windows(len(ids), self.card.longest - SPECIALS - len(asked) - len(context)):
                whole = [*head, *ids[low:high], EOS]
                inputs.append(_Window(number, low, high, len(head), len(asked) + 3, whole))
        parts: list[list[tuple[tuple[int, int], PassageLogits]]] = [[] for _ in passages]
        for window, logits in zip(inputs, self._run(inputs, offsets), strict=True):
            parts[window.passage].append(((window.low, window.high), logits))
        return [merge(slices, part) for slices, part in zip(offsets, parts, strict=True)]

    def _run(self, inputs: Sequence[_Window], offsets: Sequence[Offsets]) -> list[PassageLogits]:
        found: dict[int, PassageLogits] = {}
        for batch in batches_by_length([len(window.ids) for window in inputs], TOKENS_PER_BATCH):
            width = min(-(-len(inputs[batch[0]].ids) // WIDTH_STEP) * WIDTH_STEP, self.card.longest)
            ids = np.full((len(batch), width), PAD, np.int64)
            types = np.zeros((len(batch), width), np.int32)
            mask = np.full((len(batch), width), MASKED, np.float32)
            for row, window in enumerate(inputs[i] for i in batch):
                ids[row, : len(window.ids)] = window.ids
                types[row, window.kinds : len(window.ids) - 1] = 1
                mask[row, : len(window.ids)] = 0
            output = self._network({"words": self._words[ids], "types": types, "mask": mask})
            spans, relevance = output["span"], output["relevance"]
            for row, i in enumerate(batch):
                window = inputs[i]
                inside = spans[row, window.begin : window.begin + window.high - window.low]
                found[i] = PassageLogits(
                    relevance=float(relevance[row, 0]),
                    none=float(spans[row, 0].sum()),
                    offsets=offsets[window.passage][window.low : window.high],
                    first=inside[:, 0].copy(),
                    last=inside[:, 1].copy(),
                )
        return [found[i] for i in range(len(inputs))]

    def _tokens(self, text: str) -> tuple[list[int], Offsets]:
        text = readable(text)
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return encoding.ids, char_slices(text, encoding.offsets)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._encoder / "tokenizer.json"))
        except Exception as error:  # tokenizers raises no narrower kind
            raise _damaged(self._encoder, "tokenizer.json") from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _words(self) -> NDArray[np.float32]:
        """(vocabulary, width), on disk: reading a passage touches a few hundred rows."""
        try:
            return open_tensor(self._encoder / "model.safetensors", _WORDS)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(self._encoder, "model.safetensors") from error

    @cached_property
    def _network(self) -> CompiledModel:
        import openvino

        settings: dict[str, Any] = {"INFERENCE_NUM_THREADS": thread_count()}
        if self._exact:
            settings["INFERENCE_PRECISION_HINT"] = "f32"
        else:
            settings["DYNAMIC_QUANTIZATION_GROUP_SIZE"] = GROUP
        graph = build_graph(self._tensors(), self.card.heads, self.card.epsilon, in_bytes=not self._exact)
        return openvino.Core().compile_model(graph, "CPU", settings)

    def _tensors(self) -> Tensors:
        """The shipped weights, of the right bytes, names and shapes. Raises ModelUnusable."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        if file_checksum(self._weights) != self.card.checksum:
            raise ModelUnusable(
                f"{self._weights} is damaged: its bytes are not those that {CARD_FILE} names. "
                "Install the program again."
            )
        try:
            tensors = load_file(self._weights)
            shapes = expected_shapes(tensors)
        except (SafetensorError, KeyError, ValueError) as error:
            raise ModelUnusable(f"{self._weights} holds no reader ({error!r}).") from error
        ours = {name: value.shape for name, value in tensors.items()}
        if odd := sorted(name for name in shapes | ours if shapes.get(name) != ours.get(name)):
            raise ModelUnusable(
                f"{self._weights} holds no reader: {', '.join(odd[:3])} missing, unknown or of wrong shape."
            )
        positions, width = shapes["body.embeddings.position_embeddings.weight"]
        fits = SHORTEST_INPUT <= self.card.longest <= positions
        if width != self._words.shape[1] or width % self.card.heads or not fits:
            raise ModelUnusable(
                f"{self._weights} is {width} wide with {self.card.heads} heads and {positions} positions; "
                f"the words of its encoder are {self._words.shape[1]} wide, its inputs {self.card.longest} tokens."
            )
        return tensors


def open_tensor(path: Path, name: str) -> NDArray[np.float32]:
    """A float32 matrix of a safetensors file, mapped from disk.

    Layout: eight bytes, the length of a JSON header; the header; the data it points into
    (github.com/huggingface/safetensors, "Format"). The library itself reads whole tensors only.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 0 < length < 100_000_000:
            raise ValueError(f"{path} has no header")
        entry = json.loads(file.read(length))[name]
    start, end = entry["data_offsets"]
    rows, columns = entry["shape"]
    if entry["dtype"] != "F32" or end - start != rows * columns * 4 or path.stat().st_size < 8 + length + end:
        raise ValueError(f"{name} in {path} is cut, or not float32")
    return np.memmap(path, np.float32, "r", 8 + length + start, (rows, columns))


def _damaged(folder: Path, name: str) -> ModelUnusable:
    return ModelUnusable(
        f"{name} in {folder} cannot be loaded. Delete {folder.parent}: it will be built again."
    )
