"""The built-in reader: its logits are PyTorch's, its spans are the best ones, and damage is told."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from index.encoder import batches_by_length
from index.errors import ModelMissing, ModelUnusable
from ingest.document import Span
from qa.models.built_in import BuiltInReader, open_tensor
from qa.models.card import CARD_FILE, WEIGHTS_FILE
from qa.models.graph import rounded_rows
from qa.models.span_model import (
    OVERLAP,
    PassageLogits,
    PassageText,
    best_span,
    char_slices,
    merge,
    windows,
)
from tests.qa.tiny_models import TorchReader, write_encoder, write_reader

ROOT = Path(__file__).parents[2]
ANNALS = PassageText("Annals", "Ada came in 1843. Charles had come in 1822.")


@pytest.fixture(scope="module")
def network() -> TorchReader:
    return TorchReader().eval()


@pytest.fixture(scope="module")
def encoder_folder(network: TorchReader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(network, tmp_path_factory.mktemp("tiny") / "encoder")


@pytest.fixture(scope="module")
def weights(network: TorchReader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reader(network, tmp_path_factory.mktemp("tiny") / "weights")


@pytest.fixture(scope="module")
def reader(weights: Path, encoder_folder: Path) -> BuiltInReader:
    return BuiltInReader(weights, encoder_folder, exact=True)


# The best span


def logits(first: list[float], last: list[float], width: int = 2) -> PassageLogits:
    """Tokens of `width` characters, a space between them."""
    offsets = [(i * (width + 1), i * (width + 1) + width) for i in range(len(first))]
    return PassageLogits(
        0.0,
        0.0,
        np.array(offsets, np.int32).reshape(-1, 2),
        np.array(first, np.float32),
        np.array(last, np.float32),
    )


def test_the_best_span_is_that_of_brute_force() -> None:
    random = np.random.default_rng(1)
    for _ in range(200):
        count, longest = int(random.integers(1, 50)), int(random.integers(1, 35))
        made = logits(random.normal(size=count).tolist(), random.normal(size=count).tolist())
        start = int(random.integers(0, count * 3))
        end = int(random.integers(start, count * 3 + 5))
        inside = [i for i in range(count) if max(i * 3, start) < min(i * 3 + 2, end)]
        scores = {
            (a, b): float(made.first[a] + made.last[b])
            for a in inside
            for b in inside
            if 0 <= b - a < longest
        }
        found = best_span(made, start, end, longest)
        if not scores:
            assert found is None
            continue
        (a, b), score = max(scores.items(), key=lambda item: item[1])
        assert found is not None
        assert found.span == Span(max(a * 3, start), min(b * 3 + 2, end))
        assert found.score == pytest.approx(score)


def test_no_span_in_an_empty_range_or_in_white_space() -> None:
    made = logits([1, 2], [1, 2])
    assert best_span(made, 2, 3) is None
    assert best_span(made, 1, 1) is None
    assert best_span(made, 40, 50) is None
    assert best_span(logits([], []), 0, 9) is None
    assert best_span(logits([1, 2], [1, 2], width=0), 0, 9) is None


def test_white_space_at_the_ends_of_a_token_is_cut() -> None:
    text = "a \n b   cd"
    assert char_slices(text, [(0, 1), (1, 5), (5, 8), (7, 10)]).tolist() == [[0, 1], [4, 5], [5, 5], [8, 10]]
    assert char_slices("", []).shape == (0, 2)


# Weights in eight bits


def test_rounded_rows_are_off_by_half_a_step_at_most() -> None:
    matrix = np.random.default_rng(3).normal(size=(7, 40)).astype(np.float32)
    matrix[2] = 0
    matrix[4] *= 1000
    steps, scale = rounded_rows(matrix)
    assert (steps.dtype, steps.shape, scale.shape) == (np.int8, (7, 40), (7, 1))
    assert np.abs(steps).max(axis=1).tolist() == [127, 127, 0, 127, 127, 127, 127]
    assert (np.abs(steps * scale - matrix) <= scale * 0.5001).all()


def test_eight_bits_are_near_the_exact_logits(
    reader: BuiltInReader, weights: Path, encoder_folder: Path
) -> None:
    rounded = BuiltInReader(weights, encoder_folder)
    (exact,), (near,) = (each.read("When did Ada come?", [ANNALS]) for each in (reader, rounded))
    assert near.first.tolist() != exact.first.tolist()
    for ours, theirs in ((near.first, exact.first), (near.last, exact.last)):
        assert np.abs(ours - theirs).max() < 0.05 * np.abs(theirs).max()
    assert near.relevance == pytest.approx(exact.relevance, abs=0.05)


# Windows and batches


@pytest.mark.parametrize("tokens", [0, 1, 399, 400, 401, 736, 737, 5_000])
def test_windows_cover_all_tokens_and_overlap(tokens: int) -> None:
    made = windows(tokens, 400)
    assert made[0][0] == 0
    assert made[-1][1] == tokens
    assert all(high - low <= 400 for low, high in made)
    assert all(a[1] - b[0] == OVERLAP for a, b in pairwise(made))
    assert len(made) == (1 if tokens <= 400 else -(-(tokens - OVERLAP) // (400 - OVERLAP)))


def test_merged_windows_keep_their_margins_over_none() -> None:
    offsets = logits([0] * 6, [0] * 6).offsets
    one = PassageLogits(1.0, 4.0, offsets[:4], np.full(4, 1, np.float32), np.full(4, 2, np.float32))
    two = PassageLogits(3.0, 0.0, offsets[2:], np.full(4, 5, np.float32), np.full(4, 6, np.float32))
    whole = merge(offsets, [((0, 4), one), ((2, 6), two)])
    assert (whole.relevance, whole.none) == (3.0, 0.0)  # of the window with the widest margin
    assert whole.first.tolist() == [-1, -1, -1, 5, 5, 5]
    assert whole.last.tolist() == [0, 0, 0, 6, 6, 6]
    assert merge(offsets, [((0, 4), one)]) is one


def test_batches_hold_everything_once_and_keep_the_budget() -> None:
    lengths = np.random.default_rng(0).integers(1, 300, 100).tolist()
    batches = list(batches_by_length(lengths, 800))
    assert sorted(i for batch in batches for i in batch) == list(range(100))
    assert all(len(batch) * max(lengths[i] for i in batch) <= 800 for batch in batches)
    assert list(batches_by_length([900, 5], 800)) == [[0], [1]]
    assert list(batches_by_length([], 800)) == []


# Reading


@pytest.mark.parametrize(
    ("question", "context", "text"),
    [
        ("Who came?", "Annals", "Ada came in 1843."),
        ("Who?", "", "Nobody."),
        ("When did Ada and Charles come? " * 5, "Annals\nPart one", ANNALS.text),
        ("", "", "No question was put."),
    ],
)
def test_the_logits_are_those_of_pytorch(
    reader: BuiltInReader, network: TorchReader, question: str, context: str, text: str
) -> None:
    [found] = reader.read(question, [PassageText(context, text)])
    relevance, none, span = network.expected(question, context, text)
    assert found.relevance == pytest.approx(relevance, abs=1e-3)
    assert found.none == pytest.approx(none, abs=1e-3)
    np.testing.assert_allclose(found.first, span[:, 0], atol=1e-3)
    np.testing.assert_allclose(found.last, span[:, 1], atol=1e-3)
    assert "".join(text[a:b] for a, b in found.offsets) == "".join(text.split())


def test_what_is_read_together_does_not_change_what_is_read(reader: BuiltInReader) -> None:
    passages = [PassageText("", f"Ada came {'and went ' * n}in {1800 + n}.") for n in range(30)]
    together = reader.read("When?", passages)
    reader._read.clear()
    for passage, logits in zip(passages, together, strict=True):
        [alone] = reader.read("When?", [passage])
        np.testing.assert_allclose(alone.first, logits.first, atol=1e-3)
        assert alone.relevance == pytest.approx(logits.relevance, abs=1e-3)


def test_a_passage_of_5000_tokens_is_read_whole_in_windows_as_long_as_those_it_learned_from(
    reader: BuiltInReader, network: TorchReader
) -> None:
    text = " ".join(f"w{number}" for number in range(1_300))
    [found] = reader.read("Where is w1100?", [PassageText("List", text)])
    assert len(found.first) == len(found.last) == len(found.offsets)
    assert len(found.offsets) > 5_000
    assert "".join(text[a:b] for a, b in found.offsets) == text.replace(" ", "")
    # Within one window all logits move together.
    room = reader.card.longest - 4 - len("Whereisw1100?") - len("List")
    begin = int(found.offsets[0, 0]), int(found.offsets[room - 1, 1])
    _, none, span = network.expected("Where is w1100?", "List", text[slice(*begin)])
    kept = room - OVERLAP  # further on, the next window's logits count
    np.testing.assert_allclose(found.first[:kept] - (found.none - none) / 2, span[:kept, 0], atol=2e-3)


@pytest.mark.parametrize(
    ("question", "passage", "tokens"),
    [
        ("Who?", PassageText("", ""), 0),
        ("Who?", PassageText("Title", " \n\t "), 0),
        ("", PassageText("", ""), 0),
        ("half \ud83d a smile?", PassageText("\udc00", "Ada \ud83d smiled."), 11),
        ("q " * 10_000, PassageText("h " * 10_000, "Ada."), 4),
    ],
)
def test_strange_input_is_read(
    reader: BuiltInReader, question: str, passage: PassageText, tokens: int
) -> None:
    [found] = reader.read(question, [passage])
    assert found.offsets.shape == (tokens, 2)
    assert np.isfinite([found.relevance, found.none, *found.first, *found.last]).all()
    assert (best_span(found, 0, len(passage.text)) is None) == (tokens == 0)


def test_no_passages_no_readings(reader: BuiltInReader) -> None:
    assert reader.read("Who?", []) == []


def test_what_was_read_is_remembered(weights: Path, encoder_folder: Path) -> None:
    reader = BuiltInReader(weights, encoder_folder, memory=3)
    passages = [PassageText("", f"Ada came in {year}.") for year in (1840, 1841, 1842)]
    before = reader.read("When?", passages)
    again = reader.read("When?", [passages[2], passages[0], passages[0]])
    assert [id(a) for a in again] == [id(before[2]), id(before[0]), id(before[0])]
    reader.read("Who?", passages[:2])  # drops the eldest two, 1841 first
    assert [key[0] for key in reader._read] == ["When?", "Who?", "Who?"]
    assert reader.read("When?", [passages[0]])[0] is before[0]


# Damage


def test_weights_that_are_not_there_are_told(tmp_path: Path, encoder_folder: Path) -> None:
    with pytest.raises(ModelMissing, match=r"lacks reader\.safetensors"):
        BuiltInReader(tmp_path, encoder_folder)


def test_damaged_weights_are_refused(network: TorchReader, tmp_path: Path, encoder_folder: Path) -> None:
    folder = write_reader(network, tmp_path / "weights")
    path = folder / WEIGHTS_FILE
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ModelUnusable, match="damaged"):
        BuiltInReader(folder, encoder_folder).read("Who?", [ANNALS])
    card = json.loads((folder / CARD_FILE).read_text())
    for content in ("{", "[]", json.dumps(card | {"more": 1}), json.dumps(card | {"examples": [1]})):
        (folder / CARD_FILE).write_text(content)
        with pytest.raises(ModelUnusable, match="is damaged"):
            BuiltInReader(folder, encoder_folder)


def test_weights_of_another_shape_are_refused(
    network: TorchReader, tmp_path: Path, encoder_folder: Path
) -> None:
    lacking = write_reader(network, tmp_path / "lacking", drop="span.bias")
    with pytest.raises(ModelUnusable, match=r"span\.bias"):
        BuiltInReader(lacking, encoder_folder).read("Who?", [ANNALS])
    for longest in (100, 513):
        with pytest.raises(ModelUnusable, match=f"its inputs {longest} tokens"):
            folder = write_reader(network, tmp_path / f"longest-{longest}", longest=longest)
            BuiltInReader(folder, encoder_folder).read("?", [ANNALS])
    with pytest.raises(ModelUnusable, match="5 heads"):
        BuiltInReader(write_reader(network, tmp_path / "heads", heads=5), encoder_folder).read("?", [ANNALS])
    nothing = write_reader(network, tmp_path / "nothing", drop="body.embeddings.position_embeddings.weight")
    with pytest.raises(ModelUnusable, match="holds no reader"):
        BuiltInReader(nothing, encoder_folder).read("?", [ANNALS])


def test_weights_that_read_otherwise_than_where_they_were_made_are_refused(
    network: TorchReader, tmp_path: Path, encoder_folder: Path
) -> None:
    folder = write_reader(network, tmp_path / "other", heads=4)  # fits, and computes something else
    with pytest.raises(ModelUnusable, match="gives other values"):
        BuiltInReader(folder, encoder_folder).read("Who?", [ANNALS])


def test_weights_for_another_encoder_are_refused(weights: Path) -> None:
    with pytest.raises(ModelUnusable, match="another encoder"):
        BuiltInReader(weights)


def test_a_damaged_encoder_is_told(weights: Path, network: TorchReader, tmp_path: Path) -> None:
    folder = write_encoder(network, tmp_path / "encoder")
    whole = (folder / "model.safetensors").read_bytes()
    for content in (b"", b"\xff" * 64, whole[:300], whole[: len(whole) // 2]):
        (folder / "model.safetensors").write_bytes(content)
        with pytest.raises(ModelUnusable, match=r"model\.safetensors .+ Delete"):
            BuiltInReader(weights, folder).read("Who?", [ANNALS])
    (folder / "model.safetensors").write_bytes(whole)
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelUnusable, match=r"tokenizer\.json"):
        BuiltInReader(weights, folder).read("Who?", [ANNALS])


def test_a_tensor_is_mapped_from_disk(encoder_folder: Path, network: TorchReader) -> None:
    words = open_tensor(encoder_folder / "model.safetensors", "embeddings.word_embeddings.weight")
    np.testing.assert_array_equal(words, network.body.embeddings.word_embeddings.weight.detach().numpy())


# In one process with the others

_TOGETHER = """
import sys, threading
from pathlib import Path
import numpy as np
from qa.models.built_in import BuiltInReader
from qa.models.span_model import PassageText

reader = BuiltInReader(Path(sys.argv[1]), Path(sys.argv[2]), memory=0)
passages = [PassageText("", "Ada came in %d." % year) for year in range(1800, 1820)]
before = [logits.first for logits in reader.read("When?", passages)]
assert "torch" not in sys.modules and "transformers" not in sys.modules

import torch
import faiss
torch.set_num_threads(2)
faiss.omp_set_num_threads(2)
random = np.random.default_rng(1)
base = random.standard_normal((20_000, 64)).astype(np.float32)
queries = random.standard_normal((64, 64)).astype(np.float32)
nearest = (queries @ base.T).argmax(axis=1)
index = faiss.IndexFlatIP(64)
index.add(base)
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
    found = reader.read("When?", passages)
    return all(np.allclose(a.first, b, atol=1e-3) for a, b in zip(found, before))

threads = [threading.Thread(target=check, args=(right,)) for right in (by_torch, by_faiss, by_openvino)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("wrong:", wrong)
"""


def test_reads_without_torch_and_right_beside_torch_and_faiss(weights: Path, encoder_folder: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-c", _TOGETHER, str(weights), str(encoder_folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (process.returncode, process.stdout) == (0, "wrong: []\n"), process.stderr


def test_the_shipped_reader_reads_as_it_did_where_it_was_made() -> None:
    BuiltInReader().check()
