"""Plain text: title, paragraphs, tables typed with tabs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import EmptyFile
from ingest.formats.text import read

SEED = Path(__file__).parents[4] / "shared/seeds/korea-herald-2012.txt"


def test_title_paragraphs_and_table() -> None:
    content = read(
        b"Back To Top\r\n\r\nTrade grows\r\n\r\nIt grew\r\nagain. \r\n \r\n"
        b"Country\t2022\r\nKyrgyzstan\t372 854\r\n",
        "f",
    )
    assert content.metadata.title == "Trade grows"
    assert (
        content.text == "Back To Top\n\nTrade grows\n\nIt grew\nagain.\n\nCountry\t2022\nKyrgyzstan\t372 854"
    )
    assert [(s.heading, s.level) for s in content.sections] == [("", 0), ("Trade grows", 1)]
    (table,) = content.tables
    assert [[c.of(content.text) for c in row] for row in table.rows] == [
        ["Country", "2022"],
        ["Kyrgyzstan", "372 854"],
    ]


def test_a_sentence_is_no_title() -> None:
    assert read("Форум прошёл в Сеуле.\n\nОн был шестым.".encode("cp1251"), "f").metadata.title == ""
    assert read(b"One line alone", "f").metadata.title == ""


def test_white_space_alone() -> None:
    with pytest.raises(EmptyFile):
        read(b" \n\t\n", "f")


@pytest.mark.skipif(not SEED.exists(), reason="the seed documents are not part of this checkout")
def test_the_seed() -> None:
    content = read(SEED.read_bytes(), str(SEED))
    assert content.metadata.title == "Korea boosts Central Asia ties"
    assert content.metadata.authors == ("Shin Hyon-hee",)
    assert "33.6 billion tons of coal" in content.text
    assert content.text.count("\n\n") == 14
