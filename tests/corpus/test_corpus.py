"""The starter library: its manifest, its texts and its gold questions agree, and no sentence is borrowed."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import ingest

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"
SEEDS = ROOT.parent / "shared" / "seeds"
MANIFEST: list[dict[str, Any]] = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (CORPUS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
LANGUAGES = {"en", "ko", "ru", "uz"}
SOURCES_HEADING = {"en": "Sources", "ko": "출처", "ru": "Источники", "uz": "Manbalar"}
SEED_TITLES = (
    "Korea boosts Central Asia ties",
    "South Korean Foreign Policy In Central Asia: Analysis Of Past, Present And Future",
)
LONGEST_SHARED_RUN = 7

each_document = pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])


@cache
def read(file: str) -> ingest.Document:
    path = CORPUS / "documents" / file
    return ingest.read(path.read_bytes(), str(path))


def files_of(question: dict[str, Any]) -> list[str]:
    document = question["document"]
    if document is None:
        return []
    return [document] if isinstance(document, str) else document


def words(text: str) -> list[str]:
    """Lower-case words without numbers, which may be the same in any text about the same facts."""
    return [word for word in re.findall(r"\w+", text.lower()) if not word.isdigit()]


def test_manifest_lists_exactly_the_files() -> None:
    listed = [entry["file"] for entry in MANIFEST]
    assert sorted(listed) == sorted(path.name for path in (CORPUS / "documents").iterdir())
    assert len(listed) == len(set(listed)) >= 10


def test_each_language_has_each_format() -> None:
    found = {(entry["language"], entry["file"].rsplit(".", 1)[1]) for entry in MANIFEST}
    assert found == {(language, ending) for language in LANGUAGES for ending in ("md", "html", "docx", "pdf")}


def test_the_corpus_is_small() -> None:
    assert sum(path.stat().st_size for path in (CORPUS / "documents").iterdir()) < 1_500_000


@each_document
def test_metadata_is_readable_from_the_file(entry: dict[str, Any]) -> None:
    document = read(entry["file"])
    assert (document.title, document.language, document.published) == (
        entry["title"],
        entry["language"],
        entry["date"],
    )
    assert len(document.authors) == 1 and "Verbatim" in document.authors[0]
    assert entry["type"] in {"article", "paper", "report", "law", "statistics"}
    assert document.type in {"", entry["type"]}


@each_document
def test_document_states_its_sources(entry: dict[str, Any]) -> None:
    document = read(entry["file"])
    last = document.sections[-1]
    assert last.heading == SOURCES_HEADING[entry["language"]]
    stated = " ".join(document.text[last.start : last.end].split())
    assert entry["sources"]
    for source in entry["sources"]:
        assert source in stated


def test_printed_page_labels() -> None:
    labels = [page.label for page in read("forum-history.en.pdf").pages]
    assert labels == ["i", "ii", "1", "2", "3"]
    labels = [page.label for page in read("energy-and-construction.ru.pdf").pages]
    assert labels == ["i", "1", "2", "3", "4"]


@pytest.mark.parametrize("file", ["trade-by-country.en.html", "trade-by-country.ru.docx"])
def test_trade_table_holds_all_twenty_values(file: str) -> None:
    document = read(file)
    (table,) = document.tables
    rows = [[cell.of(document.text) for cell in row] for row in table.rows]
    values = [[int(re.sub(r"[ ,]", "", cell)) for cell in row[1:]] for row in rows[1:]]
    assert table.head_rows == 1
    assert values == [
        [2183539, 27932, 1986177, 88319],
        [1655098, 4869471, 1663150, 3252920],
        [372854, 541, 983730, 2076],
        [92676, 368, 101868, 165],
        [8543, 35, 9674, 3],
    ]


def test_shares_of_the_questions() -> None:
    assert len(QUESTIONS) >= 80
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    assert len({question["question"] for question in QUESTIONS}) == len(QUESTIONS)
    for language in LANGUAGES:
        assert sum(question["language"] == language for question in QUESTIONS) >= 20
    assert sum(question["cross_lingual"] for question in QUESTIONS) >= len(QUESTIONS) / 3
    assert sum(not question["answerable"] for question in QUESTIONS) >= len(QUESTIONS) / 5


def test_every_document_answers_a_question() -> None:
    answering = {file for question in QUESTIONS for file in files_of(question)}
    assert answering == {entry["file"] for entry in MANIFEST}


@each_question
def test_answers_stand_in_their_documents(question: dict[str, Any]) -> None:
    texts = [read(file).text for file in files_of(question)]
    assert question["answerable"] == bool(texts) == bool(question["answers"])
    for answer in question["answers"]:
        assert any(answer in text for text in texts), f"{answer!r} stands in none of them"
    for file, text in zip(files_of(question), texts, strict=True):
        assert any(answer in text for answer in question["answers"]), f"{file} holds no answer"


@each_question
def test_page_and_cross_lingual_are_right(question: dict[str, Any]) -> None:
    languages = {file.split(".")[-2] for file in files_of(question)}
    assert question["cross_lingual"] == (bool(languages) and question["language"] not in languages)
    if "page" in question:
        (file,) = files_of(question)
        document = read(file)
        pages = [page for page in document.pages if page.number == question["page"]]
        assert any(answer in document.text[pages[0].start : pages[0].end] for answer in question["answers"])


def test_no_sentence_is_borrowed_from_a_seed() -> None:
    if not SEEDS.is_dir():
        pytest.skip("the two publications the corpus draws on are not on this machine")
    size = LONGEST_SHARED_RUN + 1
    seed_runs: set[tuple[str, ...]] = set()
    for path in SEEDS.iterdir():
        seed = words(path.read_text(encoding="utf-8"))
        seed_runs.update(tuple(seed[at : at + size]) for at in range(len(seed) - size + 1))
    assert len(seed_runs) > 1000
    for entry in MANIFEST:
        text = " ".join(read(entry["file"]).text.split())
        for title in SEED_TITLES:  # naming a source is not borrowing from it
            text = text.replace(title, " ")
        own = words(text)
        for at in range(len(own) - size + 1):
            run = tuple(own[at : at + size])
            assert run not in seed_runs, f"{entry['file']}: {' '.join(run)}"
