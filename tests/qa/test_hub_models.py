"""Models made elsewhere: tiny ones of each kind read as PyTorch does; what is no reader is refused."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import (
    BertForMaskedLM,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    PreTrainedTokenizerFast,
)

from index.errors import ModelMissing, ModelUnusable
from qa.models.hub import NOTHING_THERE, HubModel, load_hub_model
from qa.models.span_model import PassageText, best_span
from tests.qa import tiny_models

ANNALS = PassageText("Annals", "Ada came in 1843. Charles had come in 1822.")


def save(kind: Any, folder: Path, **settings: Any) -> Path:
    torch.manual_seed(3)
    kind(tiny_models.config(**settings)).save_pretrained(folder)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tiny_models.tokenizer(),
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=512,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(BertForQuestionAnswering, tmp_path_factory.mktemp("hub") / "answering")


@pytest.fixture(scope="module")
def reader(answering: Path) -> HubModel:
    return load_hub_model(str(answering))


def theirs(folder: Path, kind: Any, question: str, text: str) -> Any:
    tokens = tiny_models.tokenizer().encode(question, text)
    with torch.inference_mode():
        return kind.from_pretrained(folder).eval()(
            input_ids=torch.tensor([tokens.ids]), token_type_ids=torch.tensor([tokens.type_ids])
        )


def test_spans_and_none_are_those_of_the_model(reader: HubModel, answering: Path) -> None:
    [found] = reader.read("Who came?", [ANNALS])
    output = theirs(answering, BertForQuestionAnswering, "Who came?", f"{ANNALS.context}\n{ANNALS.text}")
    count = len(found.offsets)
    assert "".join(ANNALS.text[a:b] for a, b in found.offsets) == ANNALS.text.replace(" ", "")
    np.testing.assert_allclose(found.first, output.start_logits[0, -1 - count : -1], atol=1e-4)
    np.testing.assert_allclose(found.last, output.end_logits[0, -1 - count : -1], atol=1e-4)
    assert found.none == pytest.approx(float(output.start_logits[0, 0] + output.end_logits[0, 0]), abs=1e-4)
    best = best_span(found, 0, len(ANNALS.text))
    assert best is not None
    assert found.relevance == pytest.approx(best.score - found.none)


def test_passages_keep_their_order_whatever_their_length(reader: HubModel) -> None:
    passages = [PassageText("", f"Ada came {'and went ' * n}in {1800 + n}.") for n in (7, 0, 150, 3, 60)]
    for passage, together in zip(passages, reader.read("When?", passages), strict=True):
        [alone] = reader.read("When?", [passage])
        np.testing.assert_array_equal(alone.offsets, together.offsets)
        np.testing.assert_allclose(alone.first, together.first, atol=1e-4)
        assert alone.relevance == pytest.approx(together.relevance, abs=1e-3)


def test_a_passage_of_5000_tokens_is_read_whole(reader: HubModel) -> None:
    text = " ".join(f"w{number}" for number in range(1_300))
    [found] = reader.read("Where is w1100?", [PassageText("List", text)])
    assert len(found.first) == len(found.last) == len(found.offsets) > 5_000
    assert "".join(text[a:b] for a, b in found.offsets) == text.replace(" ", "")


def test_a_context_longer_than_a_window_is_no_part_of_the_passage(tmp_path: Path) -> None:
    folder = save(BertForQuestionAnswering, tmp_path / "short")
    settings = PreTrainedTokenizerFast.from_pretrained(folder)
    settings.model_max_length = 180
    settings.save_pretrained(folder)
    passage = PassageText("c" * 300, "Ada came in 1843. " * 20)
    [found] = load_hub_model(str(folder)).read("Who came, and when did they all come in the end?", [passage])
    assert "".join(passage.text[a:b] for a, b in found.offsets) == passage.text.replace(" ", "")


@pytest.mark.parametrize(
    ("question", "passage", "tokens"),
    [
        ("Who?", PassageText("", ""), 0),
        ("Who?", PassageText("Title", " \n\t "), 0),
        ("", PassageText("", "Ada."), 4),
        ("half \ud83d a smile?", PassageText("\udc00", "Ada \ud83d smiled."), 11),
        ("q " * 10_000, PassageText("h " * 10_000, "Ada."), 4),
    ],
)
def test_strange_input_is_read(reader: HubModel, question: str, passage: PassageText, tokens: int) -> None:
    [found] = reader.read(question, [passage])
    assert found.offsets.shape == (tokens, 2)
    assert np.isfinite([found.relevance, found.none, *found.first, *found.last]).all()
    assert tokens or found.relevance == NOTHING_THERE


def test_no_passages_no_readings(reader: HubModel) -> None:
    assert reader.read("Who?", []) == []


@pytest.mark.parametrize("labels", [1, 2])
def test_a_model_that_ranks_gives_relevance_and_no_spans(tmp_path: Path, labels: int) -> None:
    folder = save(BertForSequenceClassification, tmp_path / "ranks", num_labels=labels)
    found = load_hub_model(str(folder)).read("Who came?", [ANNALS, PassageText("", "Nobody.")])
    for logits, text in zip(found, (f"{ANNALS.context}\n{ANNALS.text}", "Nobody."), strict=True):
        output = theirs(folder, BertForSequenceClassification, "Who came?", text).logits[0]
        expected = float(output[0]) if labels == 1 else float(output[1] - output[0])
        assert logits.relevance == pytest.approx(expected, abs=1e-4)
        assert logits.offsets.shape == (0, 2)
        assert best_span(logits, 0, len(text)) is None


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="BertForMaskedLM; a reader answers"):
        load_hub_model(str(save(BertForMaskedLM, tmp_path / "masked")))
    with pytest.raises(ModelUnusable, match="tells 5 classes apart"):
        load_hub_model(str(save(BertForSequenceClassification, tmp_path / "five", num_labels=5)))


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path, answering: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelUnusable, match=r"no config\.json"):
        load_hub_model(str(tmp_path / "empty"))
    broken = tmp_path / "broken"
    shutil.copytree(answering, broken)
    for name in ("model.safetensors", "tokenizer.json"):
        whole = (broken / name).read_bytes()
        (broken / name).write_bytes(whole[: len(whole) // 2])
        with pytest.raises(ModelUnusable, match="cannot be loaded as a reader"):
            load_hub_model(str(broken))
        (broken / name).write_bytes(whole)
    for config in ("[]", "{", "{}", '{"architectures": 5}'):
        (broken / "config.json").write_text(config)
        with pytest.raises(ModelUnusable):
            load_hub_model(str(broken))


def test_pickled_weights_and_foreign_code_are_not_run(tmp_path: Path, answering: Path) -> None:
    ran = tmp_path / "ran"

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (os.mkdir, (str(ran),))

    pickled = tmp_path / "pickled"
    shutil.copytree(answering, pickled)
    (pickled / "model.safetensors").unlink()
    (pickled / "pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(ModelUnusable, match=r"no \.safetensors weights"):
        load_hub_model(str(pickled))

    coded = tmp_path / "coded"
    shutil.copytree(answering, coded)
    config = json.loads((coded / "config.json").read_text())
    config |= {"model_type": "evil", "auto_map": {"AutoConfig": "evil.Evil"}}
    (coded / "config.json").write_text(json.dumps(config))
    (coded / "evil.py").write_text(f"import os\nos.mkdir({str(ran)!r})\nclass Evil: pass\n")
    with pytest.raises(ModelUnusable, match="cannot be loaded"):
        load_hub_model(str(coded))
    assert not ran.exists()


@pytest.mark.parametrize("name", ["./no/such/folder", "/no/such/folder", "a/b/c/d", "..", "name with spaces"])
def test_what_can_be_no_name_is_refused_without_asking_anybody(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises((ModelMissing, ModelUnusable)):
        load_hub_model(name)


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_refused_as_one(name: str, answering: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(answering)  # a folder that could be read, were it named
    with pytest.raises(ModelMissing, match="name is empty"):
        load_hub_model(name)
