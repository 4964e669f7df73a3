"""Questions to begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.library import Library
from tests.index.contract import fill
from tests.index.synthetic import WordEncoder, document
from web.ask.examples import MOST, STARTERS, examples
from web.interface import Interface


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library", WordEncoder())


def test_an_empty_library_has_none(library: Library) -> None:
    assert examples(Interface(), library) == ()


def test_those_of_the_starter_documents_that_are_there(library: Library) -> None:
    question, name = next(iter(STARTERS.items()))
    fill(library, [document("The forum began.", f"/starter/{name}"), document("Other words.", "/other.txt")])
    assert examples(Interface(), library) == (question,)


def test_otherwise_a_few_titles_but_none_that_would_be_taken_for_markup_or_exact_words(
    library: Library,
) -> None:
    titles = ["Coal", "Roads", "<b>Bold</b>", "The “Silk” Road", "Ports", "Wells", "Yards", "x" * 80]
    fill(library, [document(f"About {i}.", f"/{i}.txt", title=title) for i, title in enumerate(titles)])
    asked = examples(Interface(), library)
    assert len(asked) == MOST
    assert asked[0] == "What is Coal about?"
    assert not any(mark in question for question in asked for mark in "<“x")
    assert examples(Interface("ru"), library)[0] == "О чём говорится в документе Coal?"
