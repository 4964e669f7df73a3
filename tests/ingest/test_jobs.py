"""A document that the program itself could not work on in time is refused where it is read."""

from __future__ import annotations

import pytest

from ingest.errors import TooMuchText
from ingest.frames import Limits
from ingest.jobs import read_document
from ingest.passages import count_units, sentences
from ingest.reading import read
from ingest.records import load
from ingest.sandbox import Sandbox

SMALL = Limits(characters=1_000, units=100)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("word " * 200 + "w", "it has 1,001 characters of text; the limit is 1,000. Split it into parts."),
        ("\n\n".join(["a"] * 101), "it has 101 sentences, headings and table rows; the limit is 100. Split"),
        ("It was. " * 101, "it has 101 sentences"),
        ("이다。" * 101, "it has 101 sentences"),
    ],
    ids=["characters", "paragraphs", "sentences", "unspaced"],
)
def test_a_text_over_the_limit_is_refused_with_what_to_do(text: str, reason: str) -> None:
    with pytest.raises(TooMuchText) as caught:
        read_document(text.encode(), "/long.txt", SMALL)
    assert caught.value.reason.startswith(reason)


@pytest.mark.parametrize("text", ["word " * 199 + "words", "\n\n".join(["a"] * 100), "It was. " * 100])
def test_a_text_at_the_limit_is_read(text: str) -> None:
    assert load(read_document(text.encode(), "/long.txt", SMALL)).text == text.strip()


def test_units_are_counted_as_they_are_cut() -> None:
    document = read(b"# Trade\n\nIt grew. It fell.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n", "/trade.md")
    assert count_units(document) == len(sentences(document, 0, len(document.text))) == 5


def test_the_reason_comes_through_the_sandbox() -> None:
    with Sandbox(SMALL, workers=1) as sandbox, pytest.raises(TooMuchText, match="it has 101 sentences"):
        sandbox.read("\n\n".join(["a"] * 101).encode(), "/long.txt")
