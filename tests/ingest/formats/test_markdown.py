"""Markdown: markup goes, structure stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import DamagedFile, EmptyFile
from ingest.formats.markdown import read

SEED = Path(__file__).parents[4] / "shared/seeds/dushaeva-south-korean-foreign-policy.md"

SOURCE = r"""---
title: The Forum
authors: [Kim Min, Olga Pak]
date: 2023-11-02
language: ko
type: report
---
# *The* Forum

**Key words:** worth US\$2.5 billion, see [the site](https://example.org) or <https://example.org/a>.

**Current Status**

- [1] First <b>entry</b>
- [2] Second  
  line

| Country | Export |
|---|---:|
| Kyrgyzstan | **372 854** |

**Table 1**

<b>Trade</b>		
<b>Country</b>	<b>2022</b>
Uzbekistan	2 183 539
"""


@pytest.mark.parametrize(
    ("stated", "language"), [("uz", "uz"), ("kk-Cyrl-KZ", "kk"), ("Kazakh", ""), ("kor", ""), ("en", "")]
)
def test_only_a_code_states_the_language(stated: str, language: str) -> None:
    assert read(f"---\nlanguage: {stated}\n---\nText.".encode(), "f.md").metadata.language == language


def test_markup_is_gone_and_structure_is_kept() -> None:
    content = read(SOURCE.encode(), "f.md")
    assert content.text.split("\n\n") == [
        "The Forum",
        "Key words: worth US$2.5 billion, see the site or https://example.org/a.",
        "Current Status",
        "[1] First entry",
        "[2] Second\nline",
        "Country\tExport\nKyrgyzstan\t372 854",
        "Table 1",
        "Trade",
        "Country\t2022\nUzbekistan\t2 183 539",
    ]
    assert [(s.heading, s.level) for s in content.sections] == [("The Forum", 1), ("Current Status", 2)]
    assert [table.head_rows for table in content.tables] == [1, 1]
    assert (content.metadata.title, content.metadata.authors) == ("The Forum", ("Kim Min", "Olga Pak"))
    assert (content.metadata.published, content.metadata.language, content.metadata.type) == (
        "2023-11-02",
        "ko",
        "report",
    )


def test_author_is_a_bold_name_under_the_title_only() -> None:
    assert read(b"# T\n\n**Kim Min-jun**\n\nText.", "f").metadata.authors == ("Kim Min-jun",)
    assert read(b"# T\n\nText.\n\n**Kim Min-jun**\n\nText.", "f").metadata.authors == ()


@pytest.mark.parametrize("front", [b"---\n: : :\n  - [\n---\n\nText.", b"---\njust text\n---\n\nText."])
def test_front_matter_that_is_none(front: bytes) -> None:
    content = read(front, "f")
    assert content.text.endswith("Text.")
    assert content.metadata.title == ""


def test_notes_stand_in_the_section_that_mentions_them() -> None:
    source = "# A\n\nIt grew.[^1] So did aid.[^aid]\n\n# B\n\n"
    source += "Next 10<sup>2</sup>km.[^none]\n\n[^1]: Ministry.\n\n[^aid]: See *OECD*.\n"
    assert read(source.encode(), "f").text.split("\n\n") == [
        "A",
        "It grew.[1] So did aid.[aid]",
        "[1] Ministry.",
        "[aid] See OECD.",
        "B",
        "Next 10² km.[^none]",
    ]


def test_a_table_in_html_with_blank_lines() -> None:
    source = "Before.\n\n<table>\n<tr><th>Страна</th><th>2022</th></tr>\n\n"
    source += "    <tr><td>Корея</td>\n\n<td>12</td></tr>\n</table>\n\nAfter."
    content = read(source.encode(), "f")
    assert content.text == "Before.\n\nСтрана\t2022\nКорея\t12\n\nAfter."
    assert content.tables[0].head_rows == 1


def test_a_table_in_a_code_block_and_a_second_head_row() -> None:
    block = "```\n                Export\nCountry      2021    2022\n"
    block += "Kyrgyzstan     12      13\nTajikistan    104       5\n```\n"
    content = read(
        f"{block}\n| | 2022 | |\n|---|---|---|\n| | Export | Import |\n| Korea | 1 | 2 |\n".encode(), "f"
    )
    first, second = content.tables
    assert [cell.of(content.text) for cell in first.rows[-1]] == ["Tajikistan", "104", "5"]
    assert (first.head_rows, second.head_rows) == (1, 2)


def test_nothing_to_read() -> None:
    with pytest.raises(EmptyFile):
        read(b"---\ntitle: x\n---\n<!-- nothing -->\n", "f")


@pytest.mark.skipif(not SEED.exists(), reason="the seed documents are not part of this checkout")
def test_the_seed() -> None:
    content = read(SEED.read_bytes(), str(SEED))
    assert (
        content.metadata.title
        == "South Korean Foreign Policy In Central Asia: Analysis Of Past, Present And Future"
    )
    assert content.metadata.authors == ("Dushaeva Gulbahor",)
    assert [(s.heading, s.level) for s in content.sections[1:]] == [
        ("Abstract", 2),
        ("Research Methods", 2),
        ("Introduction", 2),
        ("Dynamics of Cooperation Between South Korea and Central Asia", 3),
        ("Current Status of Relations", 3),
        ("South Korea's Efforts to Deepen Ties with Uzbekistan", 3),
        ("South Korea's Expanding Engagement in Central Asia", 3),
        ("Perspectives on Cooperation", 3),
        ("References", 3),
    ]
    (table,) = content.tables
    cells = [[cell.of(content.text) for cell in row] for row in table.rows]
    assert table.head_rows == 1
    assert cells[0] == [
        "Country",
        "Export Value (2022)",
        "Import Value (2022)",
        "Export Value (2023, OCT)",
        "Import Value (2023, OCT)",
    ]
    assert cells[3] == ["Kyrgyzstan", "372 854", "541", "983 730", "2 076"]
    assert (
        "\n\nExport and Import between South Korea and Central Asian countries (USD)\n\nCountry\t"
        in content.text
    )
    assert "estimated value of US$2.5 billion" in content.text
    assert not set("*<>") & set(content.text)


def test_nothing_is_left_out_of_deep_lists_without_a_word() -> None:
    lists = "".join(f"{'  ' * level}- level {level}\n" for level in range(60))
    shallow = read("".join(lists.splitlines(keepends=True)[:40]).encode(), "a.md")
    assert all(f"level {level}" in shallow.text for level in range(40))
    with pytest.raises(DamagedFile, match="nested too deep"):
        read(lists.encode(), "a.md")
