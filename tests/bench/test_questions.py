"""The sets of the benchmarks: what is learned from, chosen on and reported on stays apart."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from bench.questions import HELD_OUT, corpus, held_out, limited, parallel, train, written, xquad
from train.data import Recipe


def test_held_out_are_the_contexts_that_training_leaves_out() -> None:
    assert Recipe().held_out == HELD_OUT
    contexts = [f"context {n}" for n in range(100)]
    digests = sorted(hashlib.sha256(context.encode()).digest() for context in contexts)
    held = held_out(contexts)
    assert {hashlib.sha256(contexts[n].encode()).digest() for n in held} == set(digests[:3])
    assert len(held_out(contexts[:10])) == 2  # never fewer
    assert len(held_out(contexts, 0.105)) == 11


def _question(answer: str | None, text: str = "Who?", **more: Any) -> dict[str, Any]:
    return {"language": "en", "question": text, "answer": answer, **more}


def test_a_training_set_gives_the_questions_of_its_held_out_contexts(tmp_path: Path) -> None:
    contexts = [f"Passage {n} was written by author {n}." for n in range(20)]
    with gzip.open(tmp_path / "little.jsonl.gz", "wt", encoding="utf-8") as file:
        for n, context in enumerate(contexts):
            questions = [{"question": f" Who wrote {n}? ", "start": 0, "answer": f"author {n}"}]
            file.write(json.dumps({"language": "en", "context": context, "questions": questions}) + "\n")
    found = train("little", beside=5, folder=tmp_path)
    assert (found.name, len(found.documents), len(found.questions)) == ("little", 7, 2)
    ids = {document.id: document.text for document, _ in found.documents}
    for n, question in zip(sorted(held_out(contexts)), found.questions, strict=True):
        assert (question.text, question.answers, question.answerable) == (
            f"Who wrote {n}?",
            (f"author {n}",),
            True,
        )
        assert [ids[id] for id in question.gold] == [contexts[n]]
    assert all(document.title == "" for document, _ in found.documents)
    assert train("little", beside=5, folder=tmp_path) == found  # the same each time


def test_xquad_is_split_by_paragraphs(tmp_path: Path) -> None:
    paragraphs = [
        {"context": f"Passage {n}.", "qas": [{"question": f"q{n}", "answers": [{"text": str(n)}]}]}
        for n in range(3)
    ]
    (tmp_path / "xquad-dev.en.json").write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), "utf-8")
    even, odd = (xquad("en", which, folder=tmp_path) for which in ("even", "odd"))
    assert [question.text for question in even.questions] == ["q0", "q2"]
    assert [question.text for question in odd.questions] == ["q1"]
    assert (even.name, odd.name) == ("xquad-dev.en, even", "xquad-dev.en, odd")
    assert len(even.documents) == len(odd.documents) == 3
    assert odd.questions[0].gold == {odd.documents[1][0].id}
    few = limited(even, 1)
    assert ([question.text for question in few.questions], few.documents) == (["q0"], even.documents)
    assert few.name == "xquad-dev.en, even, 1 questions"
    assert limited(even, 2) is even


def test_every_tenth_passage_of_the_written_is_kept_for_measuring(tmp_path: Path) -> None:
    lines = [
        {
            "language": "ru",
            "title": f"Report {n}",
            "context": f"Мост {n} построен в {1900 + n} году.",
            "questions": [
                _question(str(1900 + n), f"When was bridge {n} built?"),
                _question(None, lacks="person"),
            ],
        }
        for n in range(21)
    ]
    path = tmp_path / "w.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    found = written([path])
    assert len(found.documents) == 21
    assert [question.text for question in found.questions] == [
        *("When was bridge 9 built?", "Who?", "When was bridge 19 built?", "Who?")
    ]
    assert [question.answerable for question in found.questions] == [True, False] * 2
    assert [question.answers for question in found.questions] == [("1909",), (), ("1919",), ()]
    document = found.documents[9][0]
    assert found.questions[0].gold == found.questions[1].gold == {document.id}
    assert (document.title, document.text, document.language) == (
        "Report 9",
        "Мост 9 построен в 1909 году.",
        "ru",
    )

    lines[9]["questions"] = [_question("1999")]
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    with pytest.raises(ValueError, match=r"w\.jsonl, line 10: '1999' is not in the passage"):
        written([path])


def test_the_corpus_names_its_documents(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "documents" / name).write_text(f"This is {name}.", "utf-8")
    lines = [
        {"question": "q1", "language": "en", "document": "a.txt", "answers": ["a"], "answerable": True},
        {
            "question": "q2",
            "language": "ko",
            "document": ["a.txt", "b.txt"],
            "answers": ["b"],
            "answerable": True,
        },
        {"question": "q3", "language": "en", "document": None, "answers": [], "answerable": False},
    ]
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    found = corpus(tmp_path)
    a, b = (document.id for document, _ in found.documents)
    assert [question.gold for question in found.questions] == [{a}, {a, b}, frozenset()]
    assert [question.answers for question in found.questions] == [("a",), ("b",), ()]
    assert [question.language for question in found.questions] == ["en", "ko", "en"]


def test_the_parallel_set_asks_in_one_language_of_another(tmp_path: Path) -> None:
    record = {
        "id": "p01",
        "title": {"en": "A bridge", "ru": "Мост"},
        "passage": {"en": "It was opened in 1999.", "ru": "Он открыт в 1999 году."},
        "question": {"en": "When was it opened?", "ru": "Когда он открыт?"},
        "answer": {"en": "in 1999", "ru": "в 1999 году"},
    }
    path = tmp_path / "passages.jsonl"
    path.write_text(json.dumps(record), "utf-8")
    found = parallel("ru", "en", path)
    ((document, _),), (question,) = found.documents, found.questions
    assert (found.name, document.title, document.text) == (
        "parallel en to ru",
        "Мост",
        "Он открыт в 1999 году.",
    )
    assert (question.text, question.language, question.answers) == (
        "When was it opened?",
        "en",
        ("в 1999 году",),
    )
    assert question.gold == {document.id}

    path.write_text(json.dumps(record | {"answer": {"ru": "2000"}}), "utf-8")
    with pytest.raises(ValueError, match="p01 in ru: '2000' is not in the passage"):
        parallel("ru", "en", path)
