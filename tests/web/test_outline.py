"""What the viewer makes of documents as they are: outlines, labels that repeat, languages."""

from __future__ import annotations

import pytest

from ingest.document import Page, Section
from tests.web.shelf import made
from web.interface import Interface
from web.source.address import asked
from web.source.outline import MOST_HEADINGS, outline
from web.source.text_view import text_view

SAY = Interface()


def test_an_outline_folds_and_says_what_it_leaves_out() -> None:
    text = "x" * 3000
    sections = tuple(Section(f"H{at}", 1 + at % 3, at, at + 1) for at in range(3000))
    document = made(text, sections=sections)
    html = outline(SAY, document, 1, lambda section: f"#{section.start}")
    assert html.count("<a ") == MOST_HEADINGS
    assert "The first 400 of 3,000 headings." in html
    few = made(text[:600], sections=sections[:600])
    html = outline(SAY, few, 300, lambda section: f"#{section.start}")
    assert html.count("<a ") == 400
    assert "400 of 600 headings: those of the upper levels." in html
    assert html.count("<details open>") == 1
    assert outline(SAY, made("Nothing."), 0, lambda section: "") == ""


def test_a_chain_of_ever_deeper_headings_is_shown() -> None:
    deep = tuple(Section(f"H{at}", at + 1, at, at + 1) for at in range(390))
    html = outline(SAY, made("x" * 390, sections=deep), 389, lambda section: "#")
    assert html.count("<a ") == 390
    assert html.count("<ul>") == 6


@pytest.mark.parametrize(
    ("language", "text"), [("ar", "اتفاقية التجارة"), ("ko", "협력 포럼"), ("ky", "Кыргызстан өкмөтү")]
)
def test_every_script_is_told_to_the_browser(language: str, text: str) -> None:
    document = made(text, language=language, title=text)
    html = text_view(SAY, document, asked(document, {"start": "0", "end": str(len(text))})).html
    assert f'<h1 lang="{language}" dir="auto">{text}</h1>' in html
    assert f'<div class="text" lang="{language}" dir="auto">' in html
    assert f'<mark id="quote" class="quote">{text}</mark>' in html


def test_a_label_that_repeats_leads_to_the_next_page_that_bears_it() -> None:
    pages = tuple(Page(number, label, number - 1, number) for number, label in enumerate("12A12a", 1))
    document = made("x" * 6, format="pdf", pages=pages)

    def page_of(label: str, current: str = "") -> int:
        return asked(document, {"label": label, "page": current}).page

    assert [page_of("2"), page_of("2", "1"), page_of("2", "2"), page_of("2", "5")] == [2, 2, 5, 2]
    assert [page_of("a"), page_of("a", "6"), page_of("A", "5")] == [6, 6, 3]
    assert page_of("1", "999999999") == 1
