"""Readings are read once and kept; stages and fits are worked out from what was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bench.readings
import ingest
from bench import confidence
from bench.ablation import ablation, measured, stages
from bench.crosslingual import without_glossary
from bench.questions import Question, QuestionSet
from bench.readings import SIGNALS, CacheOfAnother, read_set, rescored, weighted
from index.hit import Hit, QueryWord
from index.library import Library
from index.query import search_words
from ingest.document import Span
from qa.models.card import WEIGHTS as WEIGHTS_FOLDER
from qa.models.card import Card
from qa.reader import Reader, Reading
from qa.signals import CONSTANT, WEIGHTS, Signals, chance
from tests.index.synthetic import WordEncoder

FORUM = "The cooperation forum began in 2007."
HOST = "The fifteenth forum was held in Busan."
COAL = "Kazakhstan holds 33.6 billion tons of coal."
VALUES = {FORUM: 0.9, HOST: 0.6, COAL: 0.2}  # what the reader below thinks of each, whatever the question


class OfOneMind:
    """A Reader for which a document is one sentence, its last word the answer, all signals equal."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(
        self, question: str, hits: Sequence[Hit], library: Library, words: Sequence[QueryWord] | None = None
    ) -> list[Reading]:
        self.asked.append(question)
        readings = []
        for hit in hits:
            document = library.document(hit.document.id)
            value, end = VALUES[document.text], len(document.text) - 1
            values: dict[str, Any] = {field.name: 0.0 for field in fields(Reading)}
            values |= {"hit": hit, "document": document, "sentence": Span(0, end + 1), "score": value}
            values["answer"] = Span(document.text.rindex(" ") + 1, end)
            values["signals"] = Signals(**dict.fromkeys(SIGNALS, value))
            readings.append(Reading(**values))
        return sorted(readings, key=lambda reading: -reading.score)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> OfOneMind:
    reader = OfOneMind()

    def make(name: str | None, library: Library) -> Reader:
        return reader

    monkeypatch.setattr(bench.readings, "make_reader", make)
    return reader


def _set() -> QuestionSet:
    documents = []
    for text in VALUES:
        document = replace(ingest.read(text.encode(), f"{text[:8]}.txt"), title="", language="en")
        documents.append((document, text.encode()))
    forum, host, coal = ({document.id} for document, _ in documents)
    questions: list[tuple[str, set[str], tuple[str, ...]]] = [
        ("When did the forum begin?", forum, ("2007",)),
        ("Where was the forum held?", host, ("Busan",)),
    ]
    questions += [("How much coal does Kazakhstan hold?", coal, ("33.6 billion",)), ("Who won?", set(), ())]
    return QuestionSet(
        "three, papers",
        tuple(documents),
        tuple(
            Question(text, "en", frozenset(gold), answers, bool(answers)) for text, gold, answers in questions
        ),
    )


def test_a_question_is_read_once_and_kept(tmp_path: Path, reader: OfOneMind) -> None:
    questions = _set()
    first = read_set(questions, WordEncoder(), tmp_path)
    assert reader.asked == [question.text for question in questions.questions]
    assert [(each.question, each.in_reach) for each in first] == [(q, True) for q in questions.questions]
    assert [reading.sentence.of(reading.document.text) for reading in first[0].readings] == [
        FORUM,
        HOST,
        COAL,
    ]
    assert [reading.answer.of(reading.document.text) for reading in first[0].readings] == [
        "2007",
        "Busan",
        "coal",
    ]
    assert [first[0].is_right(reading) for reading in first[0].readings] == [True, False, False]
    assert not any(first[3].is_right(reading) for reading in first[3].readings)
    hit = first[0].readings[0].hit
    assert (hit.text, hit.document.id, hit.document.language) == (
        FORUM,
        first[0].readings[0].document.id,
        "en",
    )
    assert 0 < hit.coverage <= 1

    again = read_set(questions, WordEncoder(), tmp_path)
    assert again == first and len(reader.asked) == 4

    without = read_set(questions, WordEncoder(), tmp_path, also_without=True)
    assert without[:4] == first and len(reader.asked) == 7
    assert [each.in_reach for each in without[4:]] == [False] * 3
    assert [r.document.text for r in without[4].readings] == [HOST, COAL]


def test_rankings_without_a_reader_are_kept(tmp_path: Path, reader: OfOneMind) -> None:
    asked = read_set(_set(), WordEncoder(), tmp_path)
    for each in asked[:3]:
        assert {name: first.gold for name, first in each.first.items()} == {
            "dense": True,
            "lexical": True,
            "fused": True,
        }
        assert each.first["dense"].score > each.first["dense"].score_without
    coal = asked[2].first["lexical"]
    assert coal.score > 2 * coal.score_without
    assert asked[3].first["lexical"].gold is False


def test_a_run_that_was_cut_short_goes_on(tmp_path: Path, reader: OfOneMind) -> None:
    questions = _set()
    first = read_set(questions, WordEncoder(), tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-30])
    assert read_set(questions, WordEncoder(), tmp_path) == first
    assert reader.asked[4:] == ["Who won?"]
    assert read_set(questions, WordEncoder(), tmp_path) == first and len(reader.asked) == 5


def test_readings_of_another_reader_or_set_are_refused(tmp_path: Path, reader: OfOneMind) -> None:
    questions = _set()
    read_set(questions, WordEncoder(), tmp_path)
    with pytest.raises(CacheOfAnother, match="three-papers"):
        read_set(questions, WordEncoder(), tmp_path, reader="another")
    with pytest.raises(CacheOfAnother):
        read_set(questions, WordEncoder("other words"), tmp_path)
    with pytest.raises(CacheOfAnother):
        read_set(questions, WordEncoder(), tmp_path, passages=10)
    with pytest.raises(CacheOfAnother):
        read_set(replace(questions, questions=questions.questions[:2]), WordEncoder(), tmp_path)


def test_readings_of_other_weights_are_refused(
    tmp_path: Path, reader: OfOneMind, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_set(_set(), WordEncoder(), tmp_path)
    others = replace(Card.read(WEIGHTS_FOLDER), checksum="0" * 64)
    monkeypatch.setattr(Card, "read", lambda _: others)
    with pytest.raises(CacheOfAnother):
        read_set(_set(), WordEncoder(), tmp_path)


def test_without_the_glossary_no_word_has_a_translation() -> None:
    def translated() -> bool:
        return any(word.translations for word in search_words("export of cotton", {"en", "ru"}))

    assert translated()
    with without_glossary():
        assert not translated()
    assert translated()


def test_other_weights_make_other_scores(tmp_path: Path, reader: OfOneMind) -> None:
    asked = read_set(_set(), WordEncoder(), tmp_path)
    assert weighted(asked, {SIGNALS[0]: 2.0})[0] == pytest.approx([CONSTANT + 2 * v for v in (0.9, 0.6, 0.2)])
    (first, *_) = rescored(asked, {SIGNALS[0]: -3.0, SIGNALS[1]: 1.0})
    assert [reading.document.text for reading in first.readings] == [COAL, HOST, FORUM]
    scores = [CONSTANT - 2 * value for value in (0.2, 0.6, 0.9)]
    assert [reading.score for reading in first.readings] == pytest.approx(scores)
    assert [reading.chance for reading in first.readings] == pytest.approx(list(map(chance, scores)))


def test_an_ablation_measures_each_stage(tmp_path: Path, reader: OfOneMind) -> None:
    asked = read_set(_set(), WordEncoder(), tmp_path)
    rows = ablation(asked, dict.fromkeys(SIGNALS, 1.0))
    assert [name for name, _ in stages()][:2] == ["passage", "+ relevance"]
    assert list(stages())[-1] == ("everything", frozenset(SIGNALS))
    assert set().union(*(signals for _, signals in list(stages())[:-1])) == set(SIGNALS)  # each has its stage
    assert list(rows)[:3] == ["dense", "lexical", "fused"]
    assert rows["dense"]["R@1"] == rows["lexical"]["R@1"] == 1
    assert rows["dense"]["sentence"] is None
    # FORUM is first whatever is asked. Without FORUM the first question is read at .6; all others at .9.
    expected = {"questions": 3, "R@1": 1 / 3, "sentence": 1 / 3, "F1": 1 / 3, "AUROC": 7.5 / 12}
    for name in ("everything", *(f"everything but {signal}" for signal in SIGNALS)):
        assert rows[name] == pytest.approx(expected, abs=1e-4)
    assert ablation(asked)["everything"] != rows["dense"]
    assert set(asdict(WEIGHTS)) == set(SIGNALS)


def test_where_all_sentences_are_alike_none_is_chosen(tmp_path: Path, reader: OfOneMind) -> None:
    asked = read_set(_set(), WordEncoder(), tmp_path)
    row = measured(asked, [np.full(3, 0.5) for _ in asked])
    assert (row["sentence"], row["F1"], row["AUROC"]) == (None, None, 0.5)
    empty = [replace(each, readings=()) for each in asked]
    row = measured(empty, [np.zeros(0) for _ in asked])
    assert (row["R@1"], row["sentence"], row["AUROC"]) == (0, 0, 0.5)


def test_the_fit_finds_weights_that_rank_and_mean_what_they_say() -> None:
    random = np.random.default_rng(5)

    def part(questions: int) -> confidence.Rows:
        """Of five sentences one may be right: the higher its first signal, the likelier."""
        found = []
        for _ in range(questions):
            x = random.normal(size=(5, len(SIGNALS)))
            x[:, 1:] *= 0.3
            y = random.random(5) < 1 / (1 + np.exp(4 - 3 * x[:, 0]))
            found.append(confidence.Row(x, y, answerable=True, without=False))
        return found

    fitted = confidence.fit({"learned": part(300), "empty": []}, {"scaled": part(1500)})
    others = [
        w for name, w in zip(SIGNALS[1:], fitted.weights[1:], strict=True) if name not in confidence.AT_LEAST
    ]
    assert np.abs(others).max(initial=0) < fitted.weights[0] / 3
    found = confidence.report(fitted, part(1500))
    assert found["questions"] == 1500
    error = found["expected calibration error"]
    assert isinstance(error, float) and error < 0.06
    bins = found["reliability (confidence, share right, questions)"]
    assert isinstance(bins, list) and sum(n for _, _, n in bins) == 1500
    assert confidence.report(fitted, []) == {"questions": 0}


def test_what_a_passage_lacks_never_counts_for_it() -> None:
    random = np.random.default_rng(6)
    years, dense = SIGNALS.index("years"), SIGNALS.index("dense")
    part: confidence.Rows = []
    relevance = SIGNALS.index("relevance")
    for _ in range(300):  # right is the sentence whose passage lacks the year, or lies far from the question
        x = np.zeros((4, len(SIGNALS)))
        x[:, years] = random.permutation(4) / 4
        x[:, dense], x[:, relevance] = -x[:, years], x[:, years] * 9
        right = x[:, years] == x[:, years].max()
        part.append(confidence.Row(x, right, answerable=True, without=False))
        x = x * (np.arange(len(SIGNALS)) != relevance)
        part.append(confidence.Row(x, np.zeros(4, bool), answerable=False, without=True))
    fitted = confidence.fit({}, {"scaled": part})
    assert fitted.weights[years] < 0 <= fitted.weights[dense]
    # Another year than the one asked for counts against a sentence, though no question here has one.
    assert fitted.weights[SIGNALS.index("year_conflict")] < 0


def test_a_set_counts_for_its_share() -> None:
    def part(signal: str, count: int) -> confidence.Rows:
        """Questions of two sentences, of which the one with the signal is right."""
        x = np.zeros((2, len(SIGNALS)))
        x[0, SIGNALS.index(signal)] = 1
        x[1, SIGNALS.index("carried" if signal == "kind" else "kind")] = 1
        right = confidence.Row(x, np.array([True, False]), answerable=True, without=False)
        wrong = confidence.Row(x * 0, np.array([False, False]), answerable=False, without=True)
        return [right, wrong] * count

    few, many = part("kind", 5), part("carried", 50)
    kind, carried = SIGNALS.index("kind"), SIGNALS.index("carried")
    by_few = confidence.fit({}, {"own, held out": few, "xquad": many}).weights
    by_many = confidence.fit({}, {"xquad": few, "own, held out": many}).weights
    assert by_few[kind] > by_few[carried]
    assert by_many[kind] < by_many[carried]
    with pytest.raises(ValueError, match="no question"):
        confidence.fit({"empty": []}, {})


def test_what_was_left_out_counts_as_what_has_to_be_refused() -> None:
    weights = np.zeros(len(SIGNALS))
    weights[0] = 1.0

    def row(score: float, right: bool, answerable: bool, without: bool = False) -> confidence.Row:
        x = np.zeros((1, len(SIGNALS)))
        x[0, 0] = score
        return confidence.Row(x, np.array([right]), answerable, without)

    part = [
        row(3, True, True),
        row(1, False, True),
        row(-3, False, False),
        row(-1, False, False, without=True),
    ]
    found = confidence.report(confidence.Fitted(weights, 0.0), part)
    assert found["questions"] == 3
    assert found["first right, of the answerable"] == 0.5
    assert found["auroc of answerable against not"] == 1.0
    thresholds = found["thresholds (threshold, of the right answered, of the unanswerable answered)"]
    assert isinstance(thresholds, list)
    assert [0.2, 1.0, 0.5] in thresholds
    assert [0.3, 1.0, 0.0] in thresholds
