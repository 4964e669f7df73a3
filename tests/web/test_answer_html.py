"""What an answer is cited with: its quotations, those that agree, those that differ."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from index.hit import Filters
from index.library import Library
from ingest.document import Document
from qa.answer import Answer, Citation, Claim, NoAnswer
from qa.citations import cite
from qa.export import FORMATS
from tests.index.contract import fill
from tests.index.synthetic import WordEncoder, document
from web.ask.answer_html import answer_html, cited, earlier_answer_html
from web.cards import Extent, extent_of
from web.interface import Interface

OWN = document("The road has 12 bridges.", "/own.txt")
SAME = document("There are 12 bridges on it.", "/same.txt")
OTHER = document("The road has 14 bridges.", "/other.txt")
NEAR = document("A bridge in Busan is long.", "/near.txt")
LISTED = document("Bridges: North, South.", "/listed.txt")


def whole(text: Document) -> Citation:
    return cite(text, 0, len(text.text), 0.5)


def claim(figure: str, *documents: Document) -> Claim:
    return Claim(figure, documents[0].text.index(figure), tuple(map(whole, documents)), 0.9)


def answer(**parts: object) -> Answer:
    fields: dict[str, object] = {
        "question": "How many bridges has the road?",
        "claim": claim("12", OWN, SAME),
        "evidence": (whole(OWN), whole(NEAR), whole(SAME)),
        "differing": (claim("14", OTHER),),
    }
    return Answer(**{**fields, **parts})  # type: ignore[arg-type]


def documents(citations: tuple[Citation, ...]) -> list[str]:
    return [citation.document_id for citation in citations]


def test_an_answer_is_cited_with_those_that_differ_and_without_what_is_merely_near() -> None:
    assert documents(cited(answer())) == [OWN.id, SAME.id, OTHER.id]
    assert documents(cited(answer(differing=()))) == [OWN.id, SAME.id]


def test_what_is_to_be_read_and_what_is_listed_is_cited_once() -> None:
    north = cite(LISTED, 9, 14, 0.5)
    assert cited(answer(brief=(whole(OWN), whole(LISTED)), items=(north,)))[:2] == (whole(OWN), whole(LISTED))
    assert north not in cited(answer(brief=(whole(LISTED),), items=(north,)))
    assert north in cited(answer(items=(north,)))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library", WordEncoder())


def test_the_links_hold_these_places(library: Library) -> None:
    fill(library, [OWN, SAME, OTHER, NEAR])
    html = answer_html(Interface(), answer(), library, extent_of(library.documents()))
    links = re.findall(r'href="(/export/quotations[^"]+)"', html)
    assert len(links) == len(FORMATS)
    for link in links:
        assert parse_qs(urlsplit(unescape(link)).query)["quote"] == [
            f"{each.id}:0:{len(each.text)}" for each in (OWN, SAME, OTHER)
        ]


def test_an_earlier_answer_is_shown_as_long_as_its_documents_are_there(library: Library) -> None:
    fill(library, [OWN, SAME, OTHER, NEAR])
    searched = extent_of(library.documents())
    assert earlier_answer_html(Interface("ru"), answer(), library, searched) == answer_html(
        Interface("ru"), answer(), library, searched
    )
    library.remove(OTHER.id)
    html = earlier_answer_html(Interface(), answer(), library, searched)
    assert "no longer in the library" in html
    assert OWN.text not in html


def test_no_answer_says_what_was_searched_then_and_not_what_is_held_now(library: Library) -> None:
    fill(library, [OWN, SAME, OTHER, NEAR])
    nothing = NoAnswer("Who built it?", "It does not say.", 0.1, ())
    ticked = extent_of(library.documents(Filters(documents=(OWN.id,))))
    assert ticked == Extent(1, 1, (OWN.language,))
    html = answer_html(Interface(), nothing, library, ticked)
    assert "Searched: 1 document · 1 passage · " in html
    assert "4 documents" not in html
    library.remove(OWN.id)
    assert earlier_answer_html(Interface(), nothing, library, ticked) == html
    assert "1 документ · 1 фрагмент" in earlier_answer_html(Interface("ru"), nothing, library, ticked)


def test_an_empty_library_was_not_searched(library: Library) -> None:
    html = answer_html(Interface(), NoAnswer("Who?", "Nothing is held.", 0.1, ()), library, extent_of(()))
    assert "The library is empty." in html
    assert "Searched" not in html
