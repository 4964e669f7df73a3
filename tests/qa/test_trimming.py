"""What is cut from a span, and what is left: never the words themselves, never all of it."""

from __future__ import annotations

import pytest

from ingest.document import Span
from qa.trimming import trimmed


@pytest.mark.parametrize(
    ("found", "left"),
    [
        (" 2007, ", "2007"),
        ("(Busan", "Busan"),
        ("“Silk Road”", "“Silk Road”"),
        ("«Шёлковый", "Шёлковый"),
        ("2017년에", "2017년"),
        ("부산에서", "부산"),
        ("가이", "가이"),  # of one syllable, it may belong to the name
        ("2017-yilda", "2017"),
        ("2007-yildan beri", "2007"),
        ("1991-жылы", "1991"),
        ("2017-YILDA", "2017"),
        ("in 2017-yilda", "in 2017"),
        ("217-yilda", "217-yilda"),  # no year: "the 217th year"
        ("2017-yilda Seulda", "2017-yilda Seulda"),
        ("…", "…"),
    ],
)
def test_what_tokens_brought_along_is_cut(found: str, left: str) -> None:
    text = f"before {found} after"
    span = trimmed(text, Span(7, 7 + len(found)))
    assert span.of(text) == left
