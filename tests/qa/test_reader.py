"""What the reader makes of a model's logits, whatever the model: which words it takes, and from where."""

from __future__ import annotations

import gc
import re
import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

import ingest
from index.encoder import OpenVinoEncoder
from index.errors import UnknownDocument
from index.hit import Hit, QueryWord
from index.library import Library
from index.models import DEFAULT_MODEL
from index.query import search_words
from ingest.document import Document, Passage
from qa import readers
from qa.models.span_model import PassageLogits, PassageText
from qa.reader import PassageReader, Reading

TRADE = """# Trade of the valley

| Partner | Exports | Imports |
|---|---|---|
| Kyrgyzstan | 21 | 22 |
|  | 23 | 24 |
"""


class Letters:
    """A SpanModel for which each letter is a token, and all are equally likely; others it does not see."""

    def read(self, question: str, passages: Sequence[PassageText]) -> list[PassageLogits]:
        found = []
        for passage in passages:
            places = [(i, i + 1) for i, char in enumerate(passage.text) if char.isalnum()]
            equal = np.full(len(places), -2, np.float32)
            offsets = np.array(places, np.int32).reshape(-1, 2)
            found.append(PassageLogits(0.0, 1.0, offsets, equal, equal))
        return found


def _library(*documents: Document) -> Library:
    by_id = {document.id: document for document in documents}

    def document(id: str) -> Document:
        if id not in by_id:
            raise UnknownDocument(id)
        return by_id[id]

    def query_words(query: str) -> tuple[QueryWord, ...]:
        return tuple(QueryWord(word.terms, float(word.weight)) for word in search_words(query, {"en"}))

    return cast(Library, SimpleNamespace(document=document, query_words=query_words))


def _hit(document: Document, start: int, end: int) -> Hit:
    passage = Passage(document.id, start, end)
    return Hit(passage, document.text[start:end], cast(Any, document), 0.5, 0.5, 0.5, 0.5, ())


def _read(question: str, document: Document, start: int, end: int) -> list[Reading]:
    hits = [_hit(document, start, end)]
    return PassageReader(Letters()).read(question, hits, _library(document))


def test_a_cell_outside_of_what_is_quoted_is_no_answer() -> None:
    document = replace(ingest.read(TRADE.encode(), "trade.md"), language="en")
    question = "How much were the exports to Kyrgyzstan?"
    start = document.text.index("Kyrgyzstan")
    end = document.text.index("\n", start)
    [whole] = _read(question, document, start, end)
    assert whole.answer.of(document.text) == "21" and whole.signals.cell == 1

    # A row longer than a passage is cut: of its second part the first is another passage's.
    [part] = _read(question, document, document.text.index("22"), end)
    assert part.answer == part.sentence and part.signals.cell == 0

    # The first cell of a merged row stands in the row above.
    start = document.text.index("23")
    readings = _read("Which partner has exports of 23?", document, start, document.text.index("24") + 2)
    for reading in readings:
        assert reading.sentence.start <= reading.answer.start < reading.answer.end <= reading.sentence.end


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How much were the exports to Kyrgyzstan?", "21"),
        ("Compare exports to Kyrgyzstan and Tajikistan", "Kyrgyzstan\t21\t22"),
        ("List the exports to Kyrgyzstan", "Kyrgyzstan\t21\t22"),
    ],
)
def test_who_wants_several_things_gets_the_row(question: str, answer: str) -> None:
    document = replace(ingest.read(TRADE.encode(), "trade.md"), language="en")
    start = document.text.index("Kyrgyzstan")
    [reading] = _read(question, document, start, document.text.index("\n", start))
    assert reading.answer.of(document.text) == answer
    assert reading.signals.cell == 1  # that there is such a cell tells all the same


def test_a_sentence_of_which_the_model_sees_nothing_is_no_better_than_the_others() -> None:
    document = replace(ingest.read("It rained.\n\n— — —\n\nIt snowed.".encode(), "note.txt"), language="en")
    readings = _read("Did it rain?", document, 0, len(document.text))
    assert [reading.signals.span for reading in readings] == [-5.0] * 3
    assert {reading.signals.lag for reading in readings} == {0.0}


def test_a_document_removed_since_the_search_is_passed_over() -> None:
    kept, gone = (
        replace(ingest.read(text, "a.txt"), language="en") for text in (b"It rained.", b"It snowed.")
    )
    hits = [_hit(gone, 0, 10), _hit(kept, 0, 10)]
    reader = PassageReader(Letters())
    assert [reading.document for reading in reader.read("Did it rain?", hits, _library(kept))] == [kept]
    assert reader.read("Did it rain?", hits, _library()) == []


def test_words_that_are_known_are_not_asked_for_again() -> None:
    document = replace(ingest.read(b"It rained.", "a.txt"), language="en")
    library = _library(document)
    words = library.query_words("Did it rain?")
    expected = _read("Did it rain?", document, 0, 10)
    library.query_words = None  # type: ignore[method-assign,assignment]
    assert PassageReader(Letters()).read("Did it rain?", [_hit(document, 0, 10)], library, words) == expected


def test_an_encoder_is_not_kept_for_its_tokenizer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.models.built_in.BuiltInReader", lambda **_: Letters())
    kept: list[weakref.ref[OpenVinoEncoder]] = []
    for _ in range(2):
        encoder = OpenVinoEncoder(cast(Any, SimpleNamespace(name=DEFAULT_MODEL, folder=Path())))
        encoder.__dict__["tokenizer"] = object()
        library = cast(Library, SimpleNamespace(encoder=encoder))
        assert readers.make_reader(None, library) is readers.make_reader("built-in", library)
        kept.append(weakref.ref(encoder))
    del encoder, library
    gc.collect()
    assert kept[0]() is None
    readers._built_in.cache_clear()


class Prefers:
    """A SpanModel that has the words of a passage for tokens, and these best, the first most."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def read(self, question: str, passages: Sequence[PassageText]) -> list[PassageLogits]:
        found = []
        for passage in passages:
            places = [match.span() for match in re.finditer(r"\w+", passage.text)]
            liked = [passage.text[start:end] for start, end in places]
            values = np.array(
                [6 - self.words.index(word) if word in self.words else -6 for word in liked], np.float32
            )
            found.append(PassageLogits(0.0, 0.0, np.array(places, np.int32), values, values))
        return found


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which towns did the guests come from?", "Osh, Naryn and Talas"),
        ("List the towns and the goods", "Osh, Naryn and Talas"),
        ("Where did the guests come from?", "Naryn"),  # it asks for one place
    ],
)
def test_who_wants_a_list_gets_the_enumeration_of_which_the_model_takes_a_part(
    question: str, answer: str
) -> None:
    text = "Guests from Osh, Naryn and Talas came; they sold wool, felt and honey."
    document = replace(ingest.read(text.encode(), "/guests.md"), language="en")
    hit = _hit(document, 0, len(document.text))
    [reading] = PassageReader(Prefers("Naryn")).read(question, [hit], _library(document))
    assert reading.answer.of(document.text) == answer
    [reading] = PassageReader(Prefers("came")).read(question, [hit], _library(document))
    assert reading.answer.of(document.text) == "came"  # of no enumeration


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who met Kazakbayev?", "Kim"),
        ("who met kazakbayev", "Kim"),
        ("Who met whom, Kim or Kazakbayev?", "Kazakbayev"),  # it offers them
        ("Where is Kazakbayev from?", "Osh"),
        ("What did Kazakbayev do?", "Kazakbayev"),  # asks neither who nor where
    ],
)
def test_a_name_of_the_question_is_no_answer(question: str, answer: str) -> None:
    document = replace(ingest.read(b"Kazakbayev met Kim in Osh.", "/met.txt"), language="en")
    likes = Prefers("Kazakbayev", "Osh" if answer == "Osh" else "Kim")
    hit = _hit(document, 0, len(document.text))
    [reading] = PassageReader(likes).read(question, [hit], _library(document))
    assert reading.answer.of(document.text) == answer
