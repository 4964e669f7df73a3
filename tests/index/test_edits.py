"""What a user says of a document stands above what its file says, everywhere and at once."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalog import Catalog
from index.edits import checked
from index.errors import BadEdit, UnknownDocument
from index.hit import Filters
from index.library import Library
from tests.index.contract import COAL, FORUM, fill, found
from tests.index.synthetic import WordEncoder, bytes_of, document


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", WordEncoder()) as library:
        fill(library, [FORUM, COAL])
        yield library


# Values


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("title", "  Trade \n in 2022 ", "Trade in 2022"),
        ("authors", ["Kim Sung-hwan", " ", "Lee", "Lee"], ("Kim Sung-hwan", "Lee")),
        ("authors", "Dushaeva Gulbahor", ("Dushaeva Gulbahor",)),
        ("published", "2012", "2012"),
        ("published", "2012-02-29", "2012-02-29"),
        ("language", "UZ", "uz"),
        ("type", "Law", "law"),
        ("doi", "https://doi.org/10.1234/ABC.5", "10.1234/ABC.5"),
        ("doi", "doi: 10.1234/x", "10.1234/x"),
        ("url", "https://example.org/a?b=1#c", "https://example.org/a?b=1#c"),
        ("title", "", ""),
        ("authors", [], ()),
    ],
)
def test_good_values(field: str, typed: Any, value: Any) -> None:
    assert checked({field: typed}) == {field: value}


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        *(
            ("published", bad, "2012-10-17")
            for bad in ("yesterday", "2012-13", "2012-02-30", "12", "2012-1-1", "0000")
        ),
        *(("language", bad, "two letters") for bad in ("english", "xx", "e", "uz-Latn")),
        ("type", "book", "article, paper, report, law, statistics"),
        *(
            ("doi", bad, "10.1234/abc")
            for bad in ("1234", "10.1234", "10.12/x y", "https://example.org/10.1234/x")
        ),
        *(
            ("url", bad, "https://")
            for bad in ("example.org", "ftp://a/b", "javascript:alert(1)", "https://", "http://[")
        ),
        ("title", "x" * 1001, "1,000"),
        ("title", ["two", "titles"], "one value"),
        ("colour", "red", "title, authors"),
        ("id", "0" * 32, "title, authors"),
    ],
)
def test_bad_values_are_refused_with_what_would_be_good(
    library: Library, field: str, typed: Any, told: str
) -> None:
    before = library.documents()
    with pytest.raises(BadEdit, match=re.escape(told)):
        library.edit(FORUM.source, **{field: typed})
    assert library.documents() == before


def test_no_change_and_no_document(library: Library) -> None:
    with pytest.raises(BadEdit, match="nothing to change"):
        library.edit(FORUM.id)
    with pytest.raises(UnknownDocument):
        library.edit("/nowhere", title="Nothing")


@given(
    st.text(max_size=50),
    st.sampled_from(["title", "publisher", "published", "language", "type", "doi", "url"]),
)
def test_any_text_is_taken_or_refused(text: str, field: str) -> None:
    try:
        (value,) = checked({field: text}).values()
    except BadEdit:
        return
    assert checked({field: value}) == {field: value}


# What an edit changes


def test_every_field_is_shown_at_once_with_its_origin(library: Library) -> None:
    changes: dict[str, Any] = {
        "title": "Сотрудничество",
        "authors": ("A. Kim", "B. Lee"),
        "publisher": "The Herald",
        "published": "2012-10",
        "language": "ru",
        "type": "paper",
        "doi": "10.1234/x",
        "url": "https://example.org/x",
    }
    card = library.edit(FORUM.source, **changes)
    read = library.document(FORUM.id)
    for field, value in changes.items():
        assert getattr(card, field) == getattr(read, field) == value
        assert read.origins[field] == "user"
    assert (read.id, read.text, card.source) == (FORUM.id, FORUM.text, FORUM.source)
    assert library.search("forum", k=1)[0].document == card
    assert library.documents(Filters(types=("paper",), languages=("ru",), published_from="2012-10")) == [card]
    assert library.documents(Filters(published_from="2012-11")) == []
    assert library.verify().ok


def test_a_title_is_searched_with_from_now_on(library: Library) -> None:
    assert library.missing_words("zugzwang") == ["zugzwang"]
    (before,) = library.search("cooperation forum", k=1)
    library.edit(COAL.source, title="Zugzwang at the border")
    assert library.missing_words("zugzwang") == []
    assert found(library.search("zugzwang border", k=1)) == [COAL.source]
    assert library.passages(COAL.id)[0].end == len(COAL.text)
    assert library.search("cooperation forum", k=1)[0].score == pytest.approx(before.score, abs=0.2)
    library.edit(COAL.source, title="")
    assert library.missing_words("zugzwang") == ["zugzwang"]
    assert library.verify().ok


def test_the_language_decides_how_words_are_stemmed(library: Library) -> None:
    fill(library, [text := document("Переговоры прошли в Сеуле.", "/ru.txt", language="en")])
    library.edit(text.id, language="ru")
    (hit,) = library.search("переговорами", k=1, filters=Filters(documents=(text.id,)))
    assert hit.lexical > 0


def test_what_does_not_touch_the_passages_leaves_them(library: Library) -> None:
    keys = library._catalog.passage_keys()
    library.edit(FORUM.source, publisher="The Herald", published="2012")
    assert library._catalog.passage_keys() == keys
    library.edit(FORUM.source, title="Another")
    assert set(library._catalog.passage_keys()) - set(keys)
    assert min(set(library._catalog.passage_keys()) - set(keys)) > max(keys)  # keys are never used again


def test_an_empty_value_gives_back_what_the_file_says(library: Library) -> None:
    library.edit(FORUM.source, title="Mine", type="law", authors=["Me"])
    library.edit(FORUM.source, title="", authors=[])
    read = library.document(FORUM.id)
    assert (read.title, read.authors, read.type) == (FORUM.title, (), "law")
    assert dict(read.origins) == {"type": "user"}
    library.edit(FORUM.source, type="")
    assert library.document(FORUM.id) == FORUM


# What keeps an edit


def test_edits_stay_when_the_same_file_is_added_again(library: Library) -> None:
    library.edit(FORUM.source, title="Mine", published="2012")
    assert library.add(FORUM, bytes_of(FORUM)) == "unchanged"
    assert library.document(FORUM.id).title == "Mine"


def test_edits_stand_above_what_a_new_version_of_the_file_says(library: Library) -> None:
    library.edit(FORUM.source, title="Mine", published="2012")
    newer = document(
        "The council began in 2009.", FORUM.source, title="Council", type="law", published="2020"
    )
    assert library.add(newer, bytes_of(newer)) == "replaced"
    read = library.document(newer.id)
    assert (read.title, read.published, read.type) == ("Mine", "2012", "law")
    assert found(library.search("mine", k=1)) == [FORUM.source]
    assert library.missing_words("mine") == []
    library.edit(newer.id, title="", published="")
    assert library.document(newer.id) == newer
    assert library.verify().ok


def test_a_version_that_leaves_its_old_document_to_another_source_copies_the_edits(library: Library) -> None:
    library.add(replace(FORUM, source="/elsewhere.md"), bytes_of(FORUM))
    library.edit(FORUM.source, title="Mine")
    newer = document("The council began in 2009.", FORUM.source, title="Council")
    library.add(newer, bytes_of(newer))
    assert [library.document(id).title for id in (FORUM.id, newer.id)] == ["Mine", "Mine"]


@pytest.mark.parametrize("title", ["Mine", ""])
def test_edits_pass_to_a_document_that_the_new_version_equals(library: Library, title: str) -> None:
    """And stand below what the user has said of that one."""
    library.edit(
        FORUM.source, publisher="The Herald", published="2012", **({"title": title} if title else {})
    )
    library.edit(COAL.source, published="2020")
    assert library.add(replace(COAL, source=FORUM.source), bytes_of(COAL)) == "replaced"
    read = library.document(COAL.id)
    assert (read.title, read.publisher, read.published) == (title or COAL.title, "The Herald", "2020")
    assert sorted(library.sources()) == sorted([FORUM.source, COAL.source])
    assert [card.id for card in library.documents()] == [COAL.id]
    assert library.missing_words("mine") == ([] if title else ["mine"])
    assert library.verify().ok


def test_a_new_source_without_edits_leaves_a_document_s_keys(library: Library) -> None:
    keys = library._catalog.passage_keys()
    library.edit(COAL.source, type="law")
    assert library.add(replace(COAL, source="/elsewhere.md"), bytes_of(COAL)) == "unchanged"
    assert library._catalog.passage_keys() == keys
    assert library.document(COAL.id).type == "law"


def test_all_sources_of_an_edited_document_stay(library: Library) -> None:
    library.add(replace(FORUM, source="/elsewhere.md"), bytes_of(FORUM))
    library.edit("/elsewhere.md", title="Mine")
    assert library.has(FORUM.source, FORUM.id) and library.has("/elsewhere.md", FORUM.id)


def test_edits_go_with_their_document(library: Library) -> None:
    library.edit(FORUM.source, title="Mine")
    library.remove(FORUM.id)
    library.add(FORUM, bytes_of(FORUM))
    assert library.document(FORUM.id) == FORUM


def test_edits_and_notes_survive_closing_and_reach_another_reader(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with Library(folder, WordEncoder()) as writer, Library(folder, WordEncoder()) as reader:
        fill(writer, [FORUM])
        assert reader.document(FORUM.id).title == "Forum"  # and now in the reader's memory
        writer.edit(FORUM.id, title="Mine", type="law")
        assert reader.document(FORUM.id).title == "Mine"
        assert found(reader.search("mine", k=1)) == [FORUM.source]
    with Library(folder, WordEncoder()) as library:
        assert library.documents(Filters(types=("law",)))[0].title == "Mine"
        assert library.verify().ok


def test_an_edit_that_fails_halfway_changes_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk full")

    before = library._catalog.passage_keys()
    with monkeypatch.context() as patch:
        patch.setattr("index.edits.write", fail)
        with pytest.raises(Exception, match="disk full"):
            library.edit(FORUM.source, title="Mine")
        with pytest.raises(Exception, match="disk full"):
            library.edit(FORUM.source, type="law")
    assert library._catalog.passage_keys() == before
    assert library.document(FORUM.id) == FORUM
    assert isinstance(library._catalog, Catalog) and library.verify().ok
