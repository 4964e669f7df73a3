"""The catalog: what goes in comes out, every change is whole, keys are never used again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.catalog import Catalog
from index.hit import Failure, Filters
from ingest.document import Note, Page, Passage, Section, Span, Table
from ingest.told import Told
from tests.index.synthetic import DIMENSIONS, WordEncoder, document, store


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    yield catalog
    catalog.close()


def test_a_document_comes_out_as_it_went_in(catalog: Catalog) -> None:
    text = 'Ўзбекистон 🙂\n\n한국\t"2 183 539"'
    whole = replace(
        document(text, "/a b/ў.pdf", title='It\'s a "title"; --', language="uz", published="2012-10"),
        authors=("Ким, О.", "O'Neill"),
        pages=(Page(1, "iv", 0, 5), Page(2, "", 5, len(text))),
        sections=(Section("", 0, 0, 3), Section("Глава 1", 2, 3, len(text))),
        tables=(Table(14, len(text), ((Span(14, 16), Span(17, len(text))), (Span(14, 14),)), 1),),
    )
    store(catalog, whole)
    assert catalog.document(whole.id) == whole
    card = catalog.card_by_source("/a b/ў.pdf")
    assert card is not None
    assert (card.authors, card.pages, card.passages, card.characters) == (whole.authors, 2, 3, len(text))
    assert catalog.card_by_id(whole.id) == card


def test_notes_and_refusals_keep_what_they_are_made_of(catalog: Catalog) -> None:
    note = Note("hidden", Told("Left out: {sheets}.", sheets=["A", "B"]), (1,))
    store(catalog, replace(document("text " * 40, "/a.xlsx"), notes=(note,)))
    failure = Failure("/b.pdf", "TooLarge", Told("it has {size} bytes", size=1204))
    catalog.note_failure(failure)
    stored = next(each for _, each in catalog.all_notes() if each.kind == "hidden")
    assert (stored, catalog.failures()) == (note, [failure])
    assert isinstance(stored.message, Told)
    assert stored.message.values == {"sheets": ("A", "B")}
    (told,) = catalog.failures()
    assert isinstance(told.reason, Told)
    assert told.reason.values == {"size": 1204}


def test_notes_and_refusals_of_an_earlier_version_are_read_in_english(
    catalog: Catalog, tmp_path: Path
) -> None:
    whole = replace(document("text " * 40, "/a.pdf"), notes=(Note("no_text", Told("new"), (1,)),))
    store(catalog, whole)
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite", isolation_level=None)) as earlier:
        earlier.execute("UPDATE notes SET message = 'Pictures: {why}.' WHERE kind = 'no_text'")
        earlier.execute("INSERT INTO failures VALUES ('/b.pdf', 'EmptyFile', 'the file is empty.')")
    (note, *_) = catalog.notes(whole.id)
    assert note == Note("no_text", "Pictures: {why}.", (1,))
    assert not isinstance(note.message, Told)
    assert catalog.failures() == [Failure("/b.pdf", "EmptyFile", "the file is empty.")]


# A document's text holds neither NUL nor lone surrogates.
_CHARACTERS = st.characters(codec="utf-8", exclude_characters="\0\n")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.text(_CHARACTERS, min_size=1, max_size=20), min_size=1, max_size=5))
def test_passages_are_sliced_by_the_database_as_by_python(catalog: Catalog, lines: list[str]) -> None:
    each = document("\n".join(lines), "/any")
    if catalog.card_by_id(each.id) is None:
        if old := catalog.card_by_source("/any"):
            catalog.delete(old.id)
        store(catalog, each)
    keys = [key for key, _ in catalog.passages_of(each.id)]
    found = catalog.passages(keys)
    assert [found[key][1] for key in keys] == lines
    assert all(found[key][0] == Passage(each.id, found[key][0].start, found[key][0].end) for key in keys)


def test_vectors_come_back_in_the_order_asked_for_rounded_to_float16(catalog: Catalog) -> None:
    each = document(
        "\n".join(f"line {n}" for n in range(1200))
    )  # more than SQLite's variables of a statement
    store(catalog, each)
    expected = WordEncoder().encode_passages(each.text.split("\n")).astype(np.float16).astype(np.float32)
    keys = catalog.passage_keys()
    assert len(keys) == 1200
    np.testing.assert_array_equal(catalog.vectors(keys[::-1]), expected[::-1])


def test_keys_are_consecutive_and_never_used_again(catalog: Catalog) -> None:
    one, two, three = (document(f"{n}\n{n}", f"/{n}") for n in range(3))
    store(catalog, one, two)
    assert catalog.passage_ranges(catalog.document_keys()) == [(1, 2), (3, 4)]
    catalog.delete(two.id)
    store(catalog, three)
    assert catalog.passage_ranges(catalog.document_keys()) == [(1, 2), (5, 6)]
    assert catalog.document_keys() == [1, 3]
    assert catalog.document_id(3) == three.id
    assert catalog.document_id(2) is None


def test_every_change_raises_the_revision_and_reading_does_not(catalog: Catalog) -> None:
    one, two = document("one", "/1"), document("two", "/1")
    assert catalog.revision == 0
    store(catalog, one)
    assert catalog.revision == 1
    catalog.cards()
    catalog.set("note", "anything")
    assert catalog.revision == 1
    catalog.add(two, [Passage(two.id, 0, 3)], np.ones((1, DIMENSIONS), np.float32))
    assert catalog.revision == 2
    assert [card.id for card in catalog.cards()] == [two.id]
    catalog.delete(two.id)
    assert (catalog.revision, catalog.passage_keys()) == (3, [])


def test_a_change_that_fails_changes_nothing(catalog: Catalog) -> None:
    one, two = document("one", "/1"), document("two", "/2")
    store(catalog, one)
    with pytest.raises(ValueError, match="zip"):  # a passage without its vector
        catalog.add(two, [Passage(two.id, 0, 3)], np.ones((0, DIMENSIONS), np.float32))
    with pytest.raises(sqlite3.IntegrityError):  # the same document under another source
        store(catalog, replace(one, source="/3"))
    assert (catalog.revision, catalog.document(one.id), catalog.document(two.id)) == (1, one, None)
    assert len(catalog.passage_keys()) == 1
    store(catalog, two)  # and no transaction is left open


def test_a_snapshot_shows_one_revision(catalog: Catalog, tmp_path: Path) -> None:
    store(catalog, document("one", "/1"))
    other = Catalog(tmp_path / "catalog.sqlite")
    with catalog.snapshot():
        assert catalog.revision == 1
        other._database.execute("PRAGMA busy_timeout = 50")
        with pytest.raises(Exception, match="busy"):  # a commit waits for the snapshot to end
            store(other, document("two", "/2"))
        assert (catalog.revision, len(catalog.cards())) == (1, 1)
    store(other, document("two", "/2"))
    assert (catalog.revision, len(catalog.cards())) == (2, 2)
    other.close()


def test_a_filter_value_is_a_value_and_never_sql(catalog: Catalog) -> None:
    store(catalog, document("one", "/1"))
    evil = "en'); DELETE FROM documents; --"
    assert catalog.cards(Filters(languages=(evil,), types=(evil,), documents=(evil,))) == []
    assert len(catalog.cards(Filters(excluded=(evil,)))) == 1


def test_problems_are_those_of_the_file(catalog: Catalog) -> None:
    store(catalog, document("one", "/1"))
    assert catalog.problems() == []
    catalog._database.execute("PRAGMA foreign_keys = OFF")
    catalog._database.execute("DELETE FROM documents")
    assert set(catalog.problems()) == {
        "row 1 of passages belongs to no document",
        "row 1 of sources belongs to no document",
    }
