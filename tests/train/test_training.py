"""The data a reader learns from, and a run that is broken off and goes on: a small model, a few contexts."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

from index.encoder import OpenVinoEncoder
from index.models import SOURCE_FOLDER
from qa.models.span_model import PassageLogits, PassageText
from train.data import OWN, SETS, Corpus, Kind, Recipe, batches, collate, epoch, load, pack
from train.mine import candidates, hardest
from train.model import Logits, ReaderModel, best_spans, mean
from train.train import Run, Settings, checkpoints, load_checkpoint, save

CITIES = (
    "Almaty",
    "Bishkek",
    "Dushanbe",
    "Ashgabat",
    "Tashkent",
    "Astana",
    "Busan",
    "Seoul",
    "Incheon",
    "Daegu",
)
RECIPE = Recipe(longest=64, shortest=8, chunk=16, held_out=0.2)


def _context(name: str, number: int) -> dict[str, object]:
    city = CITIES[number % len(CITIES)]
    text = f"The {name} fund opened its office in {city} in {1990 + number}. It lent {number + 3} million dollars."
    asked = [
        (f"Where did the {name} fund open its office?", city),
        (f"In which year, after 1980, did the {name} fund open in {city}?", str(1990 + number)),
    ]
    questions = [{"question": q, "start": text.index(answer), "answer": answer} for q, answer in asked]
    return {"language": "en", "context": text, "questions": questions}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of every set that the training knows, and one of questions written for it."""
    data, own = tmp_path_factory.mktemp("sets"), tmp_path_factory.mktemp("own")
    for name in SETS:
        if name != OWN:
            with gzip.open(data / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
                file.writelines(json.dumps(_context(name, number)) + "\n" for number in range(10))
    with (own / "a.jsonl").open("w", encoding="utf-8") as file:
        for number in range(10):
            context = f"부산 회의는 {2000 + number}년에 열렸다. 서울 회의는 {2020 + number}년에 열렸다."
            record = {
                "language": "ko",
                "title": f"Meeting {number}",
                "context": context,
                "questions": [
                    {"language": "en", "question": "When did Busan meet?", "answer": f"{2000 + number}년"},
                    {
                        "language": "ru",
                        "question": "Когда собрались в Тэгу?",
                        "answer": None,
                        "lacks": "place",
                    },
                ],
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return data, own


@pytest.fixture(scope="module")
def corpus(
    folders: tuple[Path, Path], encoder: OpenVinoEncoder, tmp_path_factory: pytest.TempPathFactory
) -> Corpus:
    tokenizer = encoder.model.folder / SOURCE_FOLDER / "tokenizer.json"
    return load(*folders, tokenizer, tmp_path_factory.mktemp("cache"), RECIPE)


@pytest.fixture
def run() -> Iterator[Run]:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=250_037, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=128, attn_implementation="eager",
    )  # fmt: skip
    yield Run(
        ReaderModel(BertModel(config, add_pooling_layer=False)),
        Settings(batch=8, warmup=8, keep_last=1),
        torch.device("cpu"),
        bfloat16=False,
    )


def _held(corpus: Corpus, row: np.ndarray) -> str:
    return corpus.text(row[1], row[2], row[3])


def test_a_window_holds_the_answer_just_where_it_is_said_to(corpus: Corpus) -> None:
    rows = epoch(corpus, RECIPE, seed=1, number=0)
    answered = [row for row in rows if row[4] >= 0]
    assert len(answered) > 100
    for row in answered:
        learned, answer = corpus.text(row[1], row[2] + row[4], row[2] + row[5] + 1), corpus.answers[row[0]]
        assert learned.startswith(answer)
        assert learned[len(answer) :] in ("", ".", "에")  # what shares a token with the answer


def test_a_window_that_counts_as_silent_does_not_hold_the_answer(corpus: Corpus) -> None:
    rows = epoch(corpus, RECIPE, seed=1, number=0)
    silent = [row for row in rows if row[4] < 0 and corpus.question_kind[row[0]] == Kind.ANSWERED]
    assert silent
    for row in silent:
        assert corpus.answers[row[0]].casefold() not in _held(corpus, row).casefold()


def test_near_misses_and_altered_figures_are_never_answered(corpus: Corpus) -> None:
    rows = epoch(corpus, RECIPE, seed=1, number=0)
    for kind in (Kind.NEAR_MISS, Kind.ALTERED):
        chosen = [row for row in rows if corpus.question_kind[row[0]] == kind]
        assert chosen
        assert all(row[4] == row[5] == -1 for row in chosen)


def test_no_context_that_is_held_out_is_learned_from(corpus: Corpus) -> None:
    assert corpus.context_dev.any()
    for number in range(3):
        assert not corpus.context_dev[epoch(corpus, RECIPE, seed=1, number=number)[:, 1]].any()


def test_every_tenth_of_the_own_passages_is_held_out(corpus: Corpus) -> None:
    own = corpus.context_set == SETS.index(OWN)
    assert np.flatnonzero(corpus.context_dev[own]).tolist() == [9]


def test_an_epoch_is_the_same_each_time_and_another_epoch_is_not(corpus: Corpus) -> None:
    first = epoch(corpus, RECIPE, seed=1, number=0)
    assert (first == epoch(corpus, RECIPE, seed=1, number=0)).all()
    other = epoch(corpus, RECIPE, seed=1, number=1)
    assert first.shape != other.shape or (first != other).any()


def test_an_answer_that_its_passage_lacks_is_refused(
    folders: tuple[Path, Path], encoder: OpenVinoEncoder, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    question = {"language": "en", "question": "Who?", "answer": "nobody"}
    record = {"language": "en", "title": "T", "context": "Ali came.", "questions": [question]}
    (own / "wrong.jsonl").write_text(json.dumps(record), encoding="utf-8")
    tokenizer = encoder.model.folder / SOURCE_FOLDER / "tokenizer.json"
    with pytest.raises(ValueError, match=r"wrong\.jsonl, line 1: 'nobody' is not in the passage"):
        load(folders[0], own, tokenizer, tmp_path / "cache", RECIPE)


def test_the_packed_ids_are_those_of_the_tokenizer(encoder: OpenVinoEncoder) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(encoder.model.folder / SOURCE_FOLDER)
    question, passage = "Where is it?", "It is in Busan."
    plain = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in (question, passage)]
    ids, types, attention = pack([(plain[0], plain[1])])
    length = int(attention.sum())
    assert ids[0, :length].tolist() == tokenizer(question, passage)["input_ids"]
    assert types[0].sum() == len(plain[1])


def test_the_best_span_is_that_of_trying_all() -> None:
    generator = torch.Generator().manual_seed(3)
    first, last = torch.randn(2, 4, 12, generator=generator)
    first[:, 1:4] = last[:, 1:4] = -torch.inf  # the question
    found = best_spans(Logits(first, last, torch.zeros(4)), longest=3)
    for row in range(4):
        score, start, end = max(
            (float(first[row, i] + last[row, j]), i, j)
            for i in range(4, 12)
            for j in range(i, min(i + 3, 12))
        )
        assert (int(found.first[row]), int(found.last[row])) == (start, end)
        assert float(found.score[row]) == pytest.approx(score)
        assert float(found.none[row]) == pytest.approx(float(first[row, 0] + last[row, 0]))


def test_a_run_that_was_broken_off_goes_on_as_if_it_had_not_been(
    corpus: Corpus, run: Run, tmp_path: Path
) -> None:
    parts = batches(corpus, epoch(corpus, RECIPE, seed=1, number=0), 8, seed=1)[:6]
    start = run.state()
    start = {**start, "model": {name: value.clone() for name, value in start["model"].items()}}
    for part in parts[:3]:
        run.step(collate(corpus, part), decay=0)
    path = save(run, tmp_path)
    whole = [run.step(collate(corpus, part), decay=0) for part in parts[3:]]

    run.load_state(start)
    torch.manual_seed(99)
    run.load_state(load_checkpoint(path))
    assert run.position.seen == sum(map(len, parts[:3]))
    assert [run.step(collate(corpus, part), decay=0) for part in parts[3:]] == whole


def test_a_run_begins_from_the_mean_of_checkpoints_and_decays_anew(corpus: Corpus, run: Run) -> None:
    part = batches(corpus, epoch(corpus, RECIPE, seed=1, number=0), 8, seed=1)[0]
    states = []
    for seen in (8, 16):
        run.step(collate(corpus, part), decay=0)
        run.position.seen, run.position.decay_from = seen, 0
        state = run.state()
        states.append({**state, "model": {name: value.clone() for name, value in state["model"].items()}})
    run.begin_from(states)
    one, two, now = (
        weights["span.weight"]
        for weights in (states[0]["model"], states[1]["model"], run.model.trained_state())
    )
    assert torch.allclose(now, (one + two) / 2) and not torch.equal(now, two)
    assert (run.position.seen, run.position.decay_from) == (16, -1)


def test_what_is_learned_is_all_but_the_word_embeddings(corpus: Corpus, run: Run) -> None:
    before = {name: value.clone() for name, value in run.model.state_dict().items()}
    part = batches(corpus, epoch(corpus, RECIPE, seed=1, number=0), 8, seed=1)[0]
    run.step(collate(corpus, part), decay=0)
    changed = {name for name, value in run.model.state_dict().items() if (value != before[name]).any()}
    assert "body.embeddings.word_embeddings.weight" not in changed
    assert {"span.weight", "relevance.0.weight", "body.encoder.layer.0.output.dense.weight"} <= changed
    assert "body.embeddings.word_embeddings.weight" not in run.model.trained_state()


def test_weights_of_another_model_are_refused(run: Run) -> None:
    state = run.model.trained_state()
    state.pop("span.weight")
    with pytest.raises(ValueError, match=r"missing .*span\.weight"):
        run.model.load_trained(state)


def test_it_learns_a_few_examples_by_heart(corpus: Corpus, run: Run) -> None:
    rows = epoch(corpus, RECIPE, seed=1, number=0)[:16]
    for module in run.model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    run.settings = Settings(batch=16, warmup=16, body_rate=3e-3, head_rate=1e-2)
    for group in run.optimizer.param_groups:
        group["base"] = 5e-3
    totals = []
    for number in range(150):
        for part in batches(corpus, rows, 16, seed=number):
            losses = run.step(collate(corpus, part), decay=0)
            totals.append(losses["first"] + losses["last"] + losses["relevance"])
    assert totals[-1] < 0.2 * totals[0]


def test_the_rate_rises_stays_and_falls_to_zero(run: Run) -> None:
    run.settings = Settings(batch=10, warmup=100)
    rates = []
    for seen in (0, 40, 90, 200):
        run.position.seen = seen
        rates.append(run.rate(decay=0))
    assert rates == pytest.approx([0.1, 0.5, 1.0, 1.0])
    run.position.decay_from = 200
    falling = []
    for seen in (200, 250, 300):
        run.position.seen = seen
        falling.append(run.rate(decay=100))
    assert falling == pytest.approx([1.0, 0.5, 0.0])
    assert all(a > b for a, b in pairwise(falling))
    run.settings = Settings(batch=10, warmup=100, peak=0.6)
    assert run.rate(decay=200) == pytest.approx(0.3)


def test_old_checkpoints_go_and_the_last_stays(run: Run, tmp_path: Path) -> None:
    for seen in (8, 16, 24):
        run.position.seen = seen
        save(run, tmp_path)
    assert [path.stem for path in checkpoints(tmp_path)] == ["reader-000000024"]


def test_the_mean_of_checkpoints_is_that_of_each_weight() -> None:
    one = {"a": torch.tensor([1.0, 3.0]), "b": torch.tensor([[2.0]])}
    two = {"a": torch.tensor([3.0, 3.0]), "b": torch.tensor([[0.5]])}
    found = mean([one, two])
    assert found["a"].tolist() == [2.0, 3.0] and found["b"].tolist() == [[1.25]]
    assert mean([one])["a"].tolist() == [1.0, 3.0]
    with pytest.raises(RuntimeError):
        mean([one, {"a": torch.zeros(3), "b": torch.zeros(1, 1)}])


def test_a_run_begins_from_the_weights_that_ship(run: Run, tmp_path: Path) -> None:
    state = {name: value + 1 for name, value in run.model.trained_state().items()}
    save_file(state, tmp_path / "reader.safetensors")
    run.begin_from([load_checkpoint(tmp_path / "reader.safetensors")])
    assert all(torch.equal(value, state[name]) for name, value in run.model.trained_state().items())
    assert run.position.seen == 0 and not run.optimizer.state


def test_an_epoch_with_mined_negatives_has_each_of_their_questions_with_one(
    corpus: Corpus, tmp_path: Path
) -> None:
    mined = copy.copy(corpus)
    mined.mined, mined.neighbours = corpus.mined.copy(), corpus.neighbours.copy()
    near = corpus.neighbours[:, 0] >= 0
    eligible = np.flatnonzero((corpus.question_kind == Kind.ANSWERED) & ~corpus.question_dev & near)[:9]
    chunks = np.array([[corpus.neighbours[question][0], -1] for question in eligible], np.int32)
    np.savez(tmp_path / "mined.npz", corpus=corpus.digest, questions=eligible, chunks=chunks)
    mined.use_mined(tmp_path / "mined.npz")
    rows = epoch(mined, RECIPE, seed=1, number=0)
    assert len(rows) < len(epoch(corpus, RECIPE, seed=1, number=0)) / 2
    for question, (chunk, _) in zip(eligible, chunks, strict=True):
        answered, silent = sorted((row for row in rows if row[0] == question), key=lambda row: -row[4])
        assert answered[4] >= 0 and silent[4] < 0
        assert silent[1] == corpus.chunks[chunk, 0]


def test_negatives_of_another_corpus_or_none_are_refused(corpus: Corpus, tmp_path: Path) -> None:
    other = tmp_path / "other.npz"
    np.savez(other, corpus="corpus-000000000000", questions=np.array([0]), chunks=np.array([[0, -1]]))
    with pytest.raises(ValueError, match="mine again"):
        corpus.use_mined(other)
    np.savez(other, questions=np.array([0]))
    for file in (other, tmp_path / "missing.npz"):
        with pytest.raises(ValueError, match=r"no file of train\.mine"):
            corpus.use_mined(file)
    assert not corpus.mined.any()


class _Fooled:
    """Finds the passages as relevant as it is told."""

    def __init__(self, relevance: Sequence[float]) -> None:
        self.relevance = relevance

    def read(self, question: str, passages: Sequence[PassageText]) -> list[PassageLogits]:
        none = np.zeros((0,), np.float32)
        assert len(passages) == len(self.relevance)
        return [PassageLogits(r, 0.0, np.zeros((0, 2), np.int32), none, none) for r in self.relevance]


def test_the_hardest_negatives_are_those_that_the_reader_takes_for_an_answer(corpus: Corpus) -> None:
    assert hardest(corpus, _Fooled([3.0, -1.0, 1.0, 0.0]), 0, [4, 5, 6]) == [5, 6]


def test_a_passage_more_relevant_than_the_answer_is_no_negative(corpus: Corpus) -> None:
    assert hardest(corpus, _Fooled([2.0, 3.0, 0.5]), 0, [4, 5]) == [5]
    assert hardest(corpus, _Fooled([2.0, 1.5]), 0, [4]) == []


def test_candidates_come_from_other_passages_and_hold_no_answer(corpus: Corpus) -> None:
    found = dict(candidates(corpus, 0, 5, np.random.default_rng(0)))
    assert len(found) == 5 and any(found.values())
    for question, chunks in found.items():
        assert not corpus.question_dev[question]
        for chunk in chunks:
            context, low, high = corpus.chunks[chunk]
            assert context != corpus.question_context[question] and not corpus.context_dev[context]
            assert corpus.answers[question].casefold() not in corpus.text(context, low, high).casefold()
