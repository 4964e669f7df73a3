"""The command line over a real library: the records of the contract, exit codes, refusals."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import ingest
from index.library import Library
from qa.__main__ import main
from qa.terminal import printable

ROOT = Path(__file__).parents[2]
PLACE = ["document_id", "title", "source", "page", "page_label", "section", "start", "end"]
CITATION = [*PLACE, "quote", "score"]
HIT = ["rank", *PLACE, "text", "score", "highlights"]
FORUM = """# The cooperation forum

## History

The cooperation forum began in 2007. Its Secretariat was established in 2017.

## Places

The 15th forum was held in Busan. The 16th forum was held in Turkmenistan.
"""
COAL = """# Energy

## Coal

Kazakhstan holds 33.6 billion tons of coal.

| country | coal |
|---|---|
| Kazakhstan | 33.6 |
"""

REVIEW = """# A review

The bond was weak (Beck 2011). Nobody doubts it.

## References

Beck, I. (2011). *Weak bonds*. Caspian Studies, 3(2), 5–19. https://doi.org/10.5555/cs.2011.5
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("library")
    with Library.open(folder, create=True) as library:
        for name, text in (("forum.md", FORUM), ("석탄.md", COAL)):
            library.add(ingest.read(text.encode(), source=f"/papers/{name}"), text.encode())
    yield folder


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_ask_prints_the_record_of_the_contract(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = "When did the cooperation forum begin?"
    code, out, err = _run(capsys, "ask", question, "--library", folder, "--json")
    record = json.loads(out)

    assert (code, err) == (0, "")
    assert list(record) == ["question", "answered", "answer", "reason", "evidence", "timings_ms"]
    assert (record["question"], record["answered"], record["reason"]) == (question, True, None)
    assert list(record["answer"])[:3] == ["text", "confidence", "citations"]
    assert set(record["answer"]) <= {
        "text",
        "confidence",
        "citations",
        "date",
        "cell",
        "items",
        "brief",
        "differing",
    }
    citation = record["answer"]["citations"][0]
    assert list(citation) == CITATION
    assert citation == record["evidence"][0]
    assert record["answer"]["text"] in citation["quote"]
    assert "2007" in citation["quote"]
    assert (citation["source"], citation["section"], citation["page"]) == ("/papers/forum.md", "History", 1)
    text = ingest.read(FORUM.encode(), source="/papers/forum.md").text
    for evidence in record["evidence"]:
        if evidence["source"] == "/papers/forum.md":
            assert text[evidence["start"] : evidence["end"]] == evidence["quote"]
    assert all(isinstance(value, float | int) for value in record["timings_ms"].values())


def test_no_answer_is_not_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "ask", "Who won the 2022 World Cup?", "--library", folder, "--json")
    record = json.loads(out)
    assert code == 0
    assert (record["answered"], record["answer"]) == (False, None)
    assert record["reason"]


def test_ask_in_plain_text_names_title_section_and_source(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = _run(capsys, "ask", "Where was the 15th forum held?", "--library", folder)
    assert code == 0
    assert "\x1b" not in out  # not a terminal: nothing in bold
    assert " 1. The cooperation forum (Places)\n    The 15th forum was held in Busan." in out
    assert "    /papers/forum.md" in out


@pytest.mark.parametrize(
    ("format", "head", "quote"),
    [
        ("markdown", "## The cooperation forum\n\n", "> The 15th forum was held in Busan.\n"),
        (
            "ris",
            "TY  - GEN\r\nTI  - The cooperation forum\r\n",
            "N1  - “The 15th forum was held in Busan.” (Places)",
        ),
        ("bibtex", "@misc{doc-", "  annote = {“The 15th forum was held in Busan.” (Places)"),
        ("csl-json", '[\n  {\n    "id": "doc-', '"quote": "The 15th forum was held in Busan."'),
    ],
)
def test_ask_exports_the_evidence_of_the_answer(
    folder: Path, capsys: pytest.CaptureFixture[str], format: str, head: str, quote: str
) -> None:
    question = "Where was the 15th forum held?"
    code, out, err = _run(capsys, "ask", question, "--library", folder, "--export", format)
    assert (code, err) == (0, "")
    assert out.startswith(head)
    assert quote in out
    assert f"Question: {question}" in out or f'"question": "{question}"' in out
    assert date.today().isoformat() in out


def test_without_an_answer_nothing_is_exported_and_the_reason_is_told_aside(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "Who won the 2022 World Cup?"
    code, out, err = _run(capsys, "ask", question, "--library", folder, "--export", "csl-json")
    assert (code, out) == (0, "[]\n")
    assert err.startswith("No answer: ")


def test_search_prints_the_record_of_the_contract(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "search", "coal", "-k", "1", "--library", folder, "--json")
    record = json.loads(out)
    assert code == 0
    assert list(record) == ["query", "hits"]
    assert record["query"] == "coal"
    assert len(record["hits"]) == 1
    hit = record["hits"][0]
    assert list(hit) == HIT
    assert (hit["rank"], hit["source"], hit["title"]) == (1, "/papers/석탄.md", "Energy")
    assert {hit["text"][start:end].lower() for start, end in hit["highlights"]} == {"coal"}
    text = ingest.read(COAL.encode(), source="/papers/석탄.md").text
    assert text[hit["start"] : hit["end"]] == hit["text"]


@pytest.mark.parametrize("name", ["석탄.md", "/papers/석탄.md"])
def test_search_in_one_document(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, _ = _run(capsys, "search", "forum", "--document", name, "--library", folder, "--json")
    assert code == 0
    assert {hit["source"] for hit in json.loads(out)["hits"]} == {"/papers/석탄.md"}


@pytest.fixture
def review(tmp_path: Path) -> Path:
    with Library.open(tmp_path / "review", create=True) as library:
        library.add(ingest.read(REVIEW.encode(), source="/papers/review.md"), REVIEW.encode())
    return tmp_path / "review"


def test_search_for_references_prints_the_record_of_the_contract(
    review: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = _run(capsys, "search", "--references", "Beck", "-k", "1", "--library", review, "--json")
    record = json.loads(out)
    assert (code, err) == (0, "")
    assert list(record) == ["query", "references"]
    (found,) = record["references"]
    place = [name for name in PLACE if name != "section"]
    assert list(found) == ["rank", *place, "text", "score", "reference", "mentions"]
    text = ingest.read(REVIEW.encode(), source="/papers/review.md").text
    assert text[found["start"] : found["end"]] == found["text"]
    assert found["reference"] == {
        "authors": ["Beck, I."],
        "year": "2011",
        "title": "Weak bonds",
        "container": "Caspian Studies",
        "url": "https://doi.org/10.5555/cs.2011.5",
        "doi": "10.5555/cs.2011.5",
        "label": "",
    }
    (mention,) = found["mentions"]
    assert list(mention) == ["start", "end", "page", "page_label", "section", "sentence", "passage"]
    assert text[mention["start"] : mention["end"]] == "(Beck 2011)"
    assert mention["sentence"]["text"] == "The bond was weak (Beck 2011)."
    for slice_ in (mention["sentence"], mention["passage"]):
        assert text[slice_["start"] : slice_["end"]] == slice_["text"]


def test_search_for_references_in_plain_text(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "search", "--references", "weak bonds", "--library", review)
    assert code == 0
    assert out.startswith(" 1. A review (References)\n    Beck, I. (2011). Weak bonds.")
    assert out.endswith("    cited\n      The bond was weak (Beck 2011).\n")
    code, out, _ = _run(capsys, "search", "--references", "zeppelin", "--library", review)
    assert (code, out) == (0, "No bibliography entry holds any of these words.\n")
    code, out, _ = _run(capsys, "search", "--references", "zeppelin", "--library", review, "--json")
    assert (code, json.loads(out)) == (0, {"query": "zeppelin", "references": []})


def test_filters_that_leave_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "search", "forum", "--from", "2012-10", "--to", "2013", "--library", folder)
    assert (code, out) == (0, "Nothing found.\n")
    code, out, _ = _run(capsys, "ask", "When did the forum begin?", "--language", "ko", "--library", folder)
    assert code == 0
    assert out.startswith("No answer: ")


REFUSALS: list[tuple[list[str], str, str]] = [
    (["ask", " \n"], "EmptyQuestion", "empty"),
    (["search", ""], "EmptyQuestion", "empty"),
    (["ask", "q" * 100_000], "QuestionTooLong", "100,000 characters and the limit is 2,000"),
    (["search", "--references", " "], "EmptyQuestion", "empty"),
    (["search", "q" * 2_001], "QuestionTooLong", "2,001 characters and the limit is 2,000"),
    (["ask", "When?", "--document", "lost.pdf"], "UnknownDocument", "lost.pdf"),
    (["evaluate", "gold", "nowhere.jsonl"], "SourceMissing", "nowhere.jsonl"),
    (["ask", "When?", "--reader", ""], "ModelMissing", "The reader's name is empty"),
    (["search", "forum", "--model", " "], "ModelMissing", "The encoder's name is empty"),
]


@pytest.mark.parametrize(("arguments", "kind", "words"), REFUSALS)
def test_refusals_are_typed_and_leave_with_1(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], kind: str, words: str
) -> None:
    code, out, err = _run(capsys, *arguments, "--library", folder, "--json")
    assert code == 1
    assert words in err
    assert "Traceback" not in err
    message = json.loads(out)["error"]["message"]
    assert json.loads(out) == {"error": {"type": kind, "message": message}}
    assert err == f"{kind}: {message}\n"
    code, out, err = _run(capsys, *arguments, "--library", folder)
    assert (code, out) == (1, "")
    assert words in err


def test_a_library_that_is_not_there_is_refused_and_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = _run(capsys, "ask", "When?", "--library", tmp_path / "none", "--json")
    assert code == 1
    assert json.loads(out)["error"]["type"] == "LibraryMissing"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["ask"],
        ["ask", "When", "did", "it", "begin?"],
        ["ask", "When?", "--export", "endnote"],
        ["search", "q", "-k", "0"],
        ["search", "q", "-k", "many"],
        ["search", "q", "--from", "yesterday"],
        ["search", "q", "--to", "2012-13"],
        ["evaluate"],
        ["evaluate", "squad"],
        ["evaluate", "squad", "a.json", "--paragraphs", "third"],
        ["evaluate", "squad", "a.json", "--limit", "0"],
        ["evaluate", "gold", "a.jsonl", "--limit", "-1"],
        ["evaluate", "gold", "a.jsonl", "--show-failures", "-1"],
        ["evaluate", "compare", "a.json"],
        ["evaluate", "compare", "a.json", "b.json", "--show-changed", "few"],
    ],
)
def test_a_command_line_that_makes_no_sense_leaves_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


def _gold(path: Path) -> Path:
    records: list[dict[str, Any]] = [
        {"question": "When did the cooperation forum begin?", "document": "forum.md", "answers": ["2007"]},
        {"question": "Сколько угля в Казахстане?", "document": "석탄.md", "page": 1, "answers": ["33.6"]},
        {"question": "Who won the 2022 World Cup?", "answerable": False},
    ]
    path.write_text("\n".join(json.dumps(record) for record in records), "utf-8")
    return path


def _squad(path: Path) -> Path:
    paragraphs = [
        ("The cooperation forum began in 2007.", "When did the cooperation forum begin?", "2007"),
        ("Kazakhstan holds 33.6 billion tons of coal.", "How much coal does it hold?", "33.6 billion tons"),
    ]
    records = [
        {"context": context, "qas": [{"id": "1", "question": question, "answers": [{"text": answer}]}]}
        for context, question, answer in paragraphs
    ]
    path.write_text(json.dumps({"data": [{"title": "T", "paragraphs": records}]}), "utf-8")
    return path


SQUAD_REPORT = [
    *("file", "language", "n", "paragraphs", "passages", "R@1", "R@3", "R@5", "MRR@10", "sentence_hit@1"),
    *("exact_match", "f1", "answered", "refused_unanswerable", "refused_answerable", "refused_without_gold"),
    *("abstention_auroc", "expected_calibration_error", "latency_p50_ms", "latency_p95_ms"),
    *("passages_per_second", "reliability", "model", "version"),
]


def test_evaluate_squad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, lost = _squad(tmp_path / "squad.json"), tmp_path / "failures.jsonl"
    code, out, _ = _run(capsys, "evaluate", "squad", path, "--json", "--failures", lost)
    report = json.loads(out)
    assert code == 0
    assert list(report) == SQUAD_REPORT
    assert (report["file"], report["n"], report["paragraphs"], report["language"]) == (str(path), 2, 2, "en")
    assert [report[name] for name in ("R@1", "R@3", "R@5", "MRR@10", "sentence_hit@1")] == [1] * 5
    assert [(each["low"], each["high"]) for each in report["reliability"]][::9] == [(0, 0.1), (0.9, 1)]
    assert sum(each["n"] for each in report["reliability"]) == 2
    assert all("faults" in json.loads(line) for line in lost.read_text("utf-8").splitlines())

    code, out, _ = _run(capsys, "evaluate", "squad", path, path, "--json")
    assert [part["n"] for part in json.loads(out)] == [2, 2]


def test_evaluate_squad_in_plain_text_is_a_row_for_each_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = _squad(tmp_path / "squad.json"), _squad(tmp_path / "질문.json")
    code, out, _ = _run(
        capsys, "evaluate", "squad", one, other, "--paragraphs", "odd", "--show-failures", "1"
    )
    head, first, second, _, stamp, *rest = out.splitlines()
    assert code == 0
    names = ["file", "language", "n", "R@1", "sentence_hit@1", "EM", "F1", "answered", "AUROC", "ECE"]
    assert re.split(r"  +", head) == [*names, "p50 ms", "p95 ms"]
    assert first.startswith("squad.json (odd paragraphs)  en        1  1.000           1.000")
    assert second.startswith("질문.json (odd paragraphs)   en        1  1.000           1.000")
    assert stamp.startswith("version ") and "multilingual-e5-small, reader built-in; --json" in stamp
    assert "went wrong" in rest[1]


def test_evaluate_gold(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions, kept = _gold(tmp_path / "gold.jsonl"), tmp_path / "run.json"
    code, out, _ = _run(capsys, "evaluate", "gold", questions, "--library", folder, "--json")
    report = json.loads(out)
    assert code == 0
    assert (report["n"], report["document_hit@1"], report["page_hit@1"]) == (3, 1, 1)
    assert report["first_quote_right"] == 1
    assert list(report["by_language"]) == ["en", "ru"]

    code, out, _ = _run(capsys, "evaluate", "gold", questions, "--library", folder, "--save", kept)
    assert code == 0
    assert [line.split("  ")[0] for line in out.splitlines()[:4]] == ["language", "en", "ru", "all"]
    assert "rightly refused  wrongly refused    ECE" in out

    # The same questions once more: nothing changes but the time it takes.
    again = tmp_path / "again.json"
    _run(capsys, "evaluate", "gold", questions, "--library", folder, "--save", again)
    code, out, _ = _run(capsys, "evaluate", "compare", kept, again, "--json")
    record = json.loads(out)
    assert code == 0
    assert list(record) == ["a", "b", "parts", "changes"]
    assert record["a"]["model"] == "multilingual-e5-small"
    assert (record["a"]["kind"], record["a"]["reader"]) == ("gold", "built-in")
    assert list(record["parts"]) == ["all", "gold.jsonl, en", "gold.jsonl, ru"]
    unchanged = [part for part in record["parts"]["all"] if not part["name"].startswith("latency")]
    assert {(part["difference"], part["won"] or 0, part["lost"] or 0, part["p"]) for part in unchanged} == {
        (0, 0, 0, 1)
    }
    assert record["changes"] == []

    code, out, _ = _run(capsys, "evaluate", "gold", questions, "--library", folder, "--limit", "1", "--json")
    assert (code, json.loads(out)["n"]) == (0, 1)


def test_runs_that_cannot_be_compared_are_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = _gold(tmp_path / "gold.jsonl")
    all_of_them, one = tmp_path / "all.json", tmp_path / "one.json"
    _run(capsys, "evaluate", "gold", questions, "--library", folder, "--save", all_of_them)
    _run(capsys, "evaluate", "gold", questions, "--library", folder, "--save", one, "--limit", "1")
    damaged = tmp_path / "damaged.json"
    damaged.write_bytes(all_of_them.read_bytes()[:-100])
    for second, kind, words in (
        (one, "DifferentQuestions", "the first run asks 3 questions and the second 1"),
        (damaged, "DamagedRun", "damaged.json"),
        (questions, "DamagedRun", "gold.jsonl: not a run kept by"),
        (tmp_path / "none.json", "SourceMissing", "none.json"),
        (tmp_path, "SourceMissing", "cannot be read"),
    ):
        code, out, err = _run(capsys, "evaluate", "compare", all_of_them, second, "--json")
        assert code == 1
        assert json.loads(out)["error"]["type"] == kind
        assert words in err and "Traceback" not in err
        code, out, err = _run(capsys, "evaluate", "compare", all_of_them, second)
        assert (code, out) == (1, "")


def test_a_folder_that_holds_no_reader_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["ask", "When?"], ["evaluate", "gold", _gold(tmp_path / "gold.jsonl")]):
        code, out, _ = _run(capsys, *command, "--library", folder, "--reader", tmp_path, "--json")
        error = json.loads(out)["error"]
        assert (code, error["type"]) == (1, "ModelUnusable")
        assert str(tmp_path) in error["message"]


def test_a_question_may_lean_on_the_one_before(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = ["--before", "How much coal does Kazakhstan hold?", "--library", folder, "--json"]
    _, out, _ = _run(capsys, "ask", "and in Uzbekistan?", *before)
    assert json.loads(out)["question"] == "and in Uzbekistan?"
    assert "coal" in json.loads(out)["understood"] and "Uzbekistan" in json.loads(out)["understood"]
    _, out, _ = _run(capsys, "ask", "Where was the 15th forum held?", *before)
    assert json.loads(out)["question"] == "Where was the 15th forum held?"
    assert "understood" not in json.loads(out)


@pytest.mark.parametrize("option", ["--failures", "--save"])
def test_files_that_cannot_be_written_are_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    path, lost = _squad(tmp_path / "squad.json"), tmp_path / "none" / "kept.json"
    for place in (lost, tmp_path):  # in a folder that is not there; a folder itself
        code, out, _ = _run(capsys, "evaluate", "squad", path, "--json", option, place)
        assert code == 1
        assert json.loads(out)["error"]["type"] == "OutputUnwritable"


def test_help_does_not_load_a_model() -> None:
    process = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "qa", "search", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"highlights" count those of the hit\'s own "text"' in " ".join(process.stdout.split())
    loaded = {line.rsplit("|", 1)[-1].strip() for line in process.stderr.splitlines()}
    assert loaded.isdisjoint({"torch", "faiss", "openvino", "tantivy", "sklearn"})


def test_json_is_utf8_whatever_the_terminal_speaks(folder: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "qa", "search", "coal", "--library", folder, "--json"],
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=True,
    )
    assert "/papers/석탄.md".encode() in process.stdout


def test_a_question_of_broken_bytes_is_asked_all_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = _run(capsys, "search", "coal \udcff", "--library", folder, "--json")
    assert (code, json.loads(out)["query"]) == (0, "coal \ufffd")


def test_a_document_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[2Jb\x9bc\tд\n\x00") == "a\ufffd[2Jb\ufffdc\tд\n\ufffd"
