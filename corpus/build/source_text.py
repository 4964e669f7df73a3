"""Reads a source text of the corpus: YAML front matter and a small part of Markdown in, blocks out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `kind` is heading, paragraph, bullets, numbers, table or pagebreak.

    A heading has its level (1 is the title); `rows` holds a table's cells; of the other
    kinds each row has one cell, and a paragraph or a heading has one row.
    """

    kind: str
    rows: tuple[tuple[str, ...], ...]
    level: int = 0

    @property
    def text(self) -> str:
        return self.rows[0][0]


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source text; `format` says what is made of it, "" where it is published as it stands."""

    name: str
    title: str
    authors: tuple[str, ...]
    date: str
    language: str
    type: str
    format: str
    front_pages: int
    sources: tuple[str, ...]
    blocks: tuple[Block, ...]


def read_source_text(path: Path) -> SourceText:
    """The source text in `path`; raises ValueError where there is no front matter."""
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ValueError(f"{path}: a source text begins with front matter between two lines of ---")
    head = yaml.safe_load(parts[1])
    return SourceText(
        name=path.stem,
        title=head["title"],
        authors=tuple(head["authors"]),
        date=str(head["date"]),
        language=head["language"],
        type=head["type"],
        format=head.get("format", ""),
        front_pages=head.get("front_pages", 0),
        sources=tuple(head["sources"]),
        blocks=tuple(_block(part) for part in re.split(r"\n\n+", parts[2].strip())),
    )


def _block(part: str) -> Block:
    lines = part.splitlines()
    if part == "\\pagebreak":
        return Block("pagebreak", ())
    if heading := re.fullmatch(r"(#+) (.+)", part):
        return Block("heading", ((heading[2],),), level=len(heading[1]))
    if lines[0].startswith("|"):
        rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
        return Block("table", (rows[0], *rows[2:]))
    if lines[0].startswith("- "):
        return Block("bullets", tuple((line[2:],) for line in lines))
    if lines[0].startswith("1. "):
        return Block("numbers", tuple((line.split(". ", 1)[1],) for line in lines))
    return Block("paragraph", ((" ".join(lines),),))
