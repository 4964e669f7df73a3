"""Notebooks on disk: what is collected stays, in order, for its user alone; what goes wrong says so."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import web.notebook.store as store
from ingest.document import Document
from qa.errors import QuoteNotFound
from tests.web.shelf import made
from web.notebook.errors import (
    BadPlace,
    NotebookFull,
    NotebooksBusy,
    NotebooksDamaged,
    NotebooksUnwritable,
    NoteTooLong,
    NotInNotebook,
    QuotationTooLong,
)
from web.notebook.place import Place
from web.notebook.store import LONGEST_NOTE, LONGEST_QUOTATION, Notebooks

SECRET = "The heron stands still. "
DOCUMENT = made(SECRET + "포럼은 2007년에 시작되었다. " + "word " * 2000, title="On\nHerons")


def place(start: int, end: int, document: Document = DOCUMENT) -> Place:
    return Place(document.id, start, end)


@pytest.fixture
def notebooks(tmp_path: Path) -> Notebooks:
    return Notebooks(tmp_path)


def filled(notebooks: Notebooks, count: int = 4, user: str = "anna") -> list[Place]:
    places = [place(at, at + 3) for at in range(count)]
    for each in places:
        assert notebooks.collect(user, DOCUMENT, each.start, each.end)
    return places


def order(notebooks: Notebooks, user: str = "anna") -> list[Place]:
    return [entry.place for entry in notebooks.entries(user)]


def test_an_entry_says_where_when_and_why(notebooks: Notebooks) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    assert notebooks.collect("anna", DOCUMENT, 0, 23, "Who\nstands?")
    notebooks.annotate("anna", place(0, 23), "  for part 2\nfirst  ")
    (entry,) = Notebooks(notebooks.path.parent).entries("anna")
    assert (entry.place, entry.title, entry.question) == (place(0, 23), "On Herons", "Who stands?")
    assert entry.note == "for part 2\nfirst"
    assert before <= entry.collected <= datetime.now(UTC)
    citation = entry.quotation(DOCUMENT)
    assert citation
    assert citation.quote == "The heron stands still."


def test_words_that_changed_are_no_quotation(notebooks: Notebooks) -> None:
    notebooks.collect("", DOCUMENT, 0, 23)
    (entry,) = notebooks.entries("")
    assert entry.quotation(replace(DOCUMENT, text=DOCUMENT.text.replace("heron", "egret"))) is None
    assert entry.quotation(replace(DOCUMENT, text="The heron")) is None
    assert entry.quotation(replace(DOCUMENT, id="1" * 32)) is None


def test_no_word_of_a_document_is_on_the_disk(notebooks: Notebooks) -> None:
    """So that a document which is removed leaves none behind."""
    notebooks.collect("anna", DOCUMENT, 0, 23, "Who?")
    notebooks.annotate("anna", place(0, 23), "my own words")
    kept = notebooks.path.read_bytes()
    assert b"my own words" in kept
    assert b"stands still" not in kept
    notebooks.annotate("anna", place(0, 23), "")
    assert b"my own words" not in notebooks.path.read_bytes()


def test_a_place_is_collected_once(notebooks: Notebooks) -> None:
    assert notebooks.collect("anna", DOCUMENT, 0, 23, "first")
    assert not notebooks.collect("anna", DOCUMENT, 0, 23, "second")
    assert notebooks.collect("anna", DOCUMENT, 0, 22)
    assert [entry.question for entry in notebooks.entries("anna")] == ["first", ""]


def test_users_have_notebooks_of_their_own(notebooks: Notebooks) -> None:
    (mine,) = filled(notebooks, 1, "anna")
    assert notebooks.entries("보라") == ()
    assert notebooks.entries("") == ()
    assert notebooks.collect("보라", DOCUMENT, mine.start, mine.end)
    notebooks.annotate("보라", mine, "hers")
    assert notebooks.entries("anna")[0].note == ""
    notebooks.remove("anna", mine)
    assert [entry.note for entry in notebooks.entries("보라")] == ["hers"]
    with pytest.raises(NotInNotebook):
        notebooks.annotate("anna", mine, "x")


def test_entries_are_moved_past_others(notebooks: Notebooks) -> None:
    a, b, c, d = filled(notebooks)
    notebooks.move("anna", d, c)
    assert order(notebooks) == [a, b, d, c]
    notebooks.move("anna", a, d)  # as in a list that a search has narrowed to a, d
    assert order(notebooks) == [b, d, a, c]
    notebooks.move("anna", c, b)
    assert order(notebooks) == [c, b, d, a]
    notebooks.collect("anna", DOCUMENT, 50, 60)
    assert order(notebooks) == [c, b, d, a, place(50, 60)]
    for pair in ((a, place(7, 9)), (place(7, 9), a)):
        with pytest.raises(NotInNotebook, match="another window"):
            notebooks.move("anna", *pair)
    assert order(notebooks) == [c, b, d, a, place(50, 60)]


def test_what_was_removed_can_be_put_back_where_it_stood(notebooks: Notebooks) -> None:
    a, b, c, d = filled(notebooks)
    notebooks.annotate("anna", b, "keep me")
    removed = notebooks.remove("anna", b)
    assert order(notebooks) == [a, c, d]
    with pytest.raises(NotInNotebook):
        notebooks.remove("anna", b)
    notebooks.restore("anna", removed)
    notebooks.restore("anna", removed)
    assert order(notebooks) == [a, b, c, d]
    assert notebooks.entries("anna")[1] == removed.entry
    assert removed.entry.note == "keep me"


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 4), (4, 4), (5, 4), (0, 10**6), (23, 24), (10**9, 10**9 + 5)]
)
def test_what_is_no_place_of_the_text_is_refused(notebooks: Notebooks, start: int, end: int) -> None:
    kind = QuotationTooLong if end == 10**6 else QuoteNotFound
    with pytest.raises(kind):
        notebooks.collect("anna", DOCUMENT, start, end)
    assert notebooks.entries("anna") == ()


def test_limits_are_named(notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch) -> None:
    assert notebooks.collect("anna", DOCUMENT, 0, LONGEST_QUOTATION)
    with pytest.raises(QuotationTooLong, match="5,001 characters and the limit is 5,000"):
        notebooks.collect("anna", DOCUMENT, 0, LONGEST_QUOTATION + 1)
    monkeypatch.setattr(store, "MOST_ENTRIES", 3)
    filled(notebooks, 2)
    with pytest.raises(NotebookFull, match="3 quotations"):
        notebooks.collect("anna", DOCUMENT, 50, 60)
    assert not notebooks.collect("anna", DOCUMENT, 0, 3)  # held already: that is no addition
    assert notebooks.collect("boris", DOCUMENT, 50, 60)
    removed = notebooks.remove("anna", place(0, 3))
    assert notebooks.collect("anna", DOCUMENT, 50, 60)
    with pytest.raises(NotebookFull):
        notebooks.restore("anna", removed)


def test_a_note_that_is_refused_leaves_the_old_one(notebooks: Notebooks) -> None:
    (at,) = filled(notebooks, 1)
    notebooks.annotate("anna", at, "n" * LONGEST_NOTE)
    with pytest.raises(NoteTooLong, match="4,001 characters"):
        notebooks.annotate("anna", at, "m" * (LONGEST_NOTE + 1))
    assert notebooks.entries("anna")[0].note == "n" * LONGEST_NOTE
    notebooks.annotate("anna", at, "a\ud800b\x00c\r\nd")
    assert notebooks.entries("anna")[0].note == "abc\nd"


def test_many_threads_lose_nothing(notebooks: Notebooks) -> None:
    def work(at: int) -> bool:
        return notebooks.collect("anna", DOCUMENT, at % 20, at % 20 + 5)

    with ThreadPoolExecutor(8) as threads:
        new = list(threads.map(work, range(40)))
    assert sum(new) == 20
    assert sorted(order(notebooks)) == [place(at, at + 5) for at in range(20)]


def test_a_process_that_is_killed_leaves_what_it_acknowledged(notebooks: Notebooks) -> None:
    script = (
        "import os, sys; from pathlib import Path; from tests.web.test_notebook_store import *\n"
        "notebooks = Notebooks(Path(sys.argv[1])); filled(notebooks, 2)\n"
        "with notebooks._changing() as database:\n"
        "    database.execute('DELETE FROM entries')\n"
        "    os.kill(os.getpid(), 9)"
    )
    died = subprocess.run([sys.executable, "-c", script, str(notebooks.path.parent)], check=False)
    assert died.returncode == -9
    assert order(notebooks) == [place(0, 3), place(1, 4)]


def test_reading_makes_no_file(notebooks: Notebooks) -> None:
    assert notebooks.entries("anna") == ()
    assert not notebooks.path.exists()


@pytest.mark.parametrize("damage", [b"no database at all " * 100, None])
def test_a_damaged_file_says_what_to_do(notebooks: Notebooks, damage: bytes | None) -> None:
    filled(notebooks)
    if damage is None:  # the pages behind the first are gone
        damage = notebooks.path.read_bytes()[:5000]
    notebooks.path.write_bytes(damage)
    for act in (
        lambda: notebooks.entries("anna"),
        lambda: notebooks.collect("anna", DOCUMENT, 0, 9),
        lambda: notebooks.annotate("anna", place(0, 3), "x"),
        lambda: notebooks.remove("anna", place(0, 3)),
    ):
        with pytest.raises(NotebooksDamaged, match="move it away to begin with empty notebooks"):
            act()
    assert notebooks.path.read_bytes() == damage


def test_a_file_of_another_program_or_version_is_left_alone(notebooks: Notebooks) -> None:
    for statement in ("CREATE TABLE other (x)", "PRAGMA user_version = 7"):
        with sqlite3.connect(notebooks.path) as database:
            database.execute(statement)
        database.close()
        before = notebooks.path.read_bytes()
        with pytest.raises(NotebooksDamaged, match=r"has format [07]; this version reads format 1"):
            notebooks.collect("anna", DOCUMENT, 0, 9)
        assert notebooks.path.read_bytes() == before


def test_a_file_in_use_and_a_folder_without_room(
    notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    filled(notebooks, 1)
    monkeypatch.setattr(store, "_PATIENCE", 0.05)
    other = sqlite3.connect(notebooks.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotebooksBusy, match="Try again"):
        notebooks.collect("anna", DOCUMENT, 10, 19)
    assert len(notebooks.entries("anna")) == 1  # to read need not wait
    other.execute("ROLLBACK")
    other.close()
    with pytest.raises(NotebooksUnwritable, match="right to write"):
        Notebooks(tmp_path / "nowhere").collect("anna", DOCUMENT, 0, 9)


def test_a_place_is_written_and_read() -> None:
    assert Place.parse(str(place(17, 42))) == place(17, 42)
    for text in (
        "",
        "x",
        f"{DOCUMENT.id}:1",
        f"{DOCUMENT.id}:-1:2",
        f"{DOCUMENT.id}:1:2:3",
        f"{DOCUMENT.id}:１:2",
    ):
        with pytest.raises(BadPlace, match="write ID:START:END"):
            Place.parse(text)
    with pytest.raises(BadPlace) as raised:
        Place.parse("x" * 10_000)
    assert len(str(raised.value)) < 300
