"""Bibliography entries found by their words, with the sentences that cite them; gone with their document."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.cited import mention_hits
from index.hit import Filters
from index.library import Library
from ingest.document import Document, Passage, Span, content_id
from ingest.passages import sentences
from ingest.reading import read
from tests.index.synthetic import WordEncoder

ENGLISH = """# Ports of the inner sea

The forum began late (Beck 2011). It was cited twice. As Beck (2011) says, rail came first.

Ferries never paid (Adamov 2014, p. 3; Beck 2011).

## References

Adamov, R. (2014). Ferries without freight. Caspian Studies, 6(1), 22–41.

Beck, I. (2011). A guide to the inner sea. Caspian Studies, 3(2), 5–19.
"""
RUSSIAN = """# Торговля

Оборот вырос втрое [1].

## Список литературы

1. Каримов А. А. Торговля и транзит // Экономика. – 2015. – № 3. – С. 5–10.
2. Бек И. Путеводитель по морю. – М.: Наука, 2011. – 90 с.
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", WordEncoder()) as library:
        yield library


def _add(library: Library, text: str, source: str) -> Document:
    document = read(text.encode(), source)
    library.add(document, text.encode())
    return document


def _rows(library: Library, table: str) -> int:
    with sqlite3.connect(library.folder / "catalog.sqlite") as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_an_entry_comes_with_every_sentence_that_cites_it(library: Library) -> None:
    document = _add(library, ENGLISH, "/papers/ports.md")
    (hit,) = library.references("Adamov")
    assert hit.text == "Adamov, R. (2014). Ferries without freight. Caspian Studies, 6(1), 22–41."
    assert (hit.document.id, hit.score) == (document.id, 1.0)
    (hit,) = library.references("Beck")
    assert [one.sentence_text for one in hit.mentions] == [
        "The forum began late (Beck 2011).",
        "As Beck (2011) says, rail came first.",
        "Ferries never paid (Adamov 2014, p. 3; Beck 2011).",
    ]
    for one in hit.mentions:
        assert document.text[one.sentence.start : one.sentence.end] == one.sentence_text
        assert document.text[one.passage.start : one.passage.end] == one.passage_text
        assert one.passage.start <= one.mention.start < one.passage.end
        assert one.passage in library.passages(document.id)


def test_rare_words_weigh_more_and_k_limits(library: Library) -> None:
    _add(library, ENGLISH, "/papers/ports.md")
    hits = library.references("ferries caspian")
    assert [hit.reference.authors[0] for hit in hits] == ["Adamov, R.", "Beck, I."]
    rarity = {held: math.log(1 + (2 - held + 0.5) / (held + 0.5)) for held in (1, 2)}
    assert hits[0].score == 1.0
    assert hits[1].score == pytest.approx(rarity[2] / (rarity[1] + rarity[2]))
    assert library.references("ferries caspian", k=1) == hits[:1]


def test_words_are_found_in_their_other_forms_and_little_ones_do_not_count(library: Library) -> None:
    _add(library, RUSSIAN, "/papers/trade.md")
    (hit,) = library.references("торговлю и транзитом")
    assert hit.reference.label == "1"
    assert [one.sentence_text for one in hit.mentions] == ["Оборот вырос втрое [1]."]
    assert library.references("Бек")[0].mentions == ()
    # "2" is the label of an entry, none of its words.
    assert [one.reference.label for one in library.references("2011")] == ["2"]
    assert library.references("2") == []


@pytest.mark.parametrize("query", ["zeppelin", "?!", "the"])
def test_nothing_is_found(library: Library, query: str) -> None:
    assert library.references(query) == []
    _add(library, RUSSIAN, "/papers/trade.md")
    assert library.references(query) == []


def test_filters(library: Library) -> None:
    _add(library, ENGLISH, "/papers/ports.md")
    russian = _add(library, RUSSIAN, "/papers/trade.md")
    assert {hit.document.id for hit in library.references("2011")} > {russian.id}
    assert [hit.document.id for hit in library.references("2011", filters=Filters(languages=("ru",)))] == [
        russian.id
    ]
    assert library.references("2011", filters=Filters(documents=("nowhere",))) == []


def test_removal_and_replacement_leave_nothing(library: Library) -> None:
    assert (_rows(library, "entries"), _rows(library, "entry_terms")) == (0, 0)
    document = _add(library, ENGLISH, "/papers/ports.md")
    assert _rows(library, "entries") == 2
    _add(library, RUSSIAN, "/papers/ports.md")  # the same source: the English paper goes
    assert library.references("Beck") == []
    assert _rows(library, "entries") == 2
    assert library.remove("/papers/ports.md").id == content_id(RUSSIAN.encode()) != document.id
    assert (_rows(library, "entries"), _rows(library, "entry_terms")) == (0, 0)
    assert library.references("2011") == []


def test_a_block_is_split_once_for_all_that_it_cites(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "It grew in the north [1]. It fell in the south [1]. " * 200
    entries = "\n\n## References\n\n[1] Beck, I. (2011). A guide to the sea. Studies, 3(2), 5–19.\n\n"
    document = read(f"# Ports\n\n{body}\n\n{body}{entries}".encode(), "/papers/many.md")
    split_blocks: list[tuple[int, int]] = []

    def counted(document: Document, start: int, end: int) -> tuple[Span, ...]:
        split_blocks.append((start, end))
        return sentences(document, start, end)

    monkeypatch.setattr("index.cited.sentences", counted)
    passages = [Passage(document.id, 0, len(document.text))]
    hits = mention_hits(document, passages, 0)
    assert len(hits) == 800 and len(split_blocks) == 2
    assert [hit.sentence_text for hit in hits] == [
        "It grew in the north [1].",
        "It fell in the south [1].",
    ] * 400
    assert all(hit.sentence.start <= hit.mention.start < hit.mention.end <= hit.sentence.end for hit in hits)
