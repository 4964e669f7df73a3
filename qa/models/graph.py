"""The trained reader's weights as an OpenVINO graph: BERT, a span head on each token, a relevance head on the first.

Built from the weights at each start, in a tenth of a second: nothing is cached, and nothing needs PyTorch.
BERT: Devlin et al. 2019, as `transformers.BertModel` computes it, without the table of word embeddings: the
vectors of the words are an input.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import openvino

Tensors = Mapping[str, NDArray[Any]]
MASKED = np.float32(-10_000)  # added to the attention to padding: small enough, and finite in bfloat16

_EMBEDDINGS = "body.embeddings."
_LAYER = re.compile(r"body\.encoder\.layer\.(\d+)\.")


def expected_shapes(tensors: Tensors) -> dict[str, tuple[int, ...]]:
    """Name and shape of every weight of a reader as wide and as deep as this one.

    Raises KeyError where it does not even say how wide it is.
    """
    positions, width = tensors[f"{_EMBEDDINGS}position_embeddings.weight"].shape
    types, _ = tensors[f"{_EMBEDDINGS}token_type_embeddings.weight"].shape
    (inner,) = tensors["body.encoder.layer.0.intermediate.dense.bias"].shape
    shapes: dict[str, tuple[int, ...]] = {
        f"{_EMBEDDINGS}position_embeddings.weight": (positions, width),
        f"{_EMBEDDINGS}token_type_embeddings.weight": (types, width),
    }

    def linear(name: str, rows: int, columns: int) -> None:
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = (rows, columns), (rows,)

    def norm(name: str) -> None:
        shapes[f"{name}.weight"] = shapes[f"{name}.bias"] = (width,)

    norm(f"{_EMBEDDINGS}LayerNorm")
    for number in range(layer_count(tensors)):
        layer = f"body.encoder.layer.{number}"
        for name in ("self.query", "self.key", "self.value", "output.dense"):
            linear(f"{layer}.attention.{name}", width, width)
        linear(f"{layer}.intermediate.dense", inner, width)
        linear(f"{layer}.output.dense", width, inner)
        norm(f"{layer}.attention.output.LayerNorm")
        norm(f"{layer}.output.LayerNorm")
    linear("span", 2, width)
    linear("relevance.0", width, width)
    linear("relevance.3", 1, width)
    return shapes


def layer_count(tensors: Tensors) -> int:
    return 1 + max(int(match[1]) for name in tensors if (match := _LAYER.match(name)))


def rounded_rows(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """(rows, columns) as whole steps from -127 to 127, and the size of a step in each row (rows, 1)."""
    scale = np.maximum(np.abs(matrix).max(axis=1, keepdims=True) / 127, np.finfo(np.float32).tiny)
    return np.round(matrix / scale).astype(np.int8), scale


def build_graph(tensors: Tensors, heads: int, epsilon: float, *, in_bytes: bool) -> openvino.Model:
    """In: `words` (batch, length, width) float32, `types` (batch, length) int32, `mask` (batch, length) float32,
    0 or MASKED. Out: `span` (batch, length, 2), logits of first and last; `relevance` (batch, 1).

    `in_bytes` rounds the weights of the body to eight bits, which OpenVINO multiplies as such.
    """
    import openvino
    from openvino import opset13 as op

    layers = layer_count(tensors)
    width = tensors["span.weight"].shape[1]

    def axes(*values: int) -> Any:
        return op.constant(np.array(values, np.int64))

    def weight(name: str) -> Any:
        return op.convert(op.constant(np.ascontiguousarray(tensors[name], np.float16)), "f32")

    def rounded(name: str) -> Any:
        steps, scale = rounded_rows(tensors[name].astype(np.float32))
        return op.multiply(op.convert(op.constant(steps), "f32"), op.constant(scale))

    def linear(x: Any, name: str) -> Any:
        by = rounded if in_bytes and name.startswith("body.") else weight
        return op.add(op.matmul(x, by(f"{name}.weight"), False, True), weight(f"{name}.bias"))

    def norm(x: Any, name: str) -> Any:
        scaled = op.mvn(x, axes(-1), True, epsilon, "INSIDE_SQRT")
        return op.add(op.multiply(scaled, weight(f"{name}.weight")), weight(f"{name}.bias"))

    def split(x: Any) -> Any:
        """(batch, length, width) → (batch, heads, length, width / heads)."""
        return op.transpose(op.reshape(x, axes(0, 0, heads, width // heads), True), axes(0, 2, 1, 3))

    words = op.parameter([-1, -1, width], np.float32)
    types = op.parameter([-1, -1], np.int32)
    mask = op.parameter([-1, -1], np.float32)

    length = op.gather(op.shape_of(words), axes(1), axes(0))
    positions = op.slice(
        weight(f"{_EMBEDDINGS}position_embeddings.weight"), axes(0), length, axes(1), axes(0)
    )
    kinds = op.gather(weight(f"{_EMBEDDINGS}token_type_embeddings.weight"), types, axes(0))
    x = norm(op.add(op.add(words, kinds), op.unsqueeze(positions, axes(0))), f"{_EMBEDDINGS}LayerNorm")
    barred = op.unsqueeze(mask, axes(1, 2))
    for number in range(layers):
        layer = f"body.encoder.layer.{number}"
        query, key, value = (
            split(linear(x, f"{layer}.attention.self.{part}")) for part in ("query", "key", "value")
        )
        seen = op.scaled_dot_product_attention(query, key, value, barred)
        seen = op.reshape(op.transpose(seen, axes(0, 2, 1, 3)), axes(0, 0, width), True)
        x = norm(
            op.add(linear(seen, f"{layer}.attention.output.dense"), x), f"{layer}.attention.output.LayerNorm"
        )
        inner = op.gelu(linear(x, f"{layer}.intermediate.dense"), "erf")
        x = norm(op.add(linear(inner, f"{layer}.output.dense"), x), f"{layer}.output.LayerNorm")

    span = linear(x, "span")
    first_token = op.squeeze(op.gather(x, axes(0), op.constant(np.int64(1))), axes(1))
    relevance = linear(op.tanh(linear(first_token, "relevance.0")), "relevance.3")
    ports = {"words": words, "types": types, "mask": mask, "span": span, "relevance": relevance}
    for name, node in ports.items():
        node.output(0).set_names({name})
    return openvino.Model([op.result(span), op.result(relevance)], [words, types, mask], "reader")
