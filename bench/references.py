"""Entries and mentions found, against those that stand there: the seeds and bibliographies made for this.

python -m bench.references

An entry is right when its authors, year and title are all as the gold says, and its place in the list; a
mention when its span and its entry are. The made files (tests/ingest/bibliographies) are in the styles of APA,
GOST, Chicago's notes, Korean, Uzbek and Kazakh lists. Those called "held_out" were written after the code, and
read by it once before any of their mistakes were mended: FIRST_READING has what it found then. Reports and laws
without a bibliography show what is found where nothing stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.record import DATA, save
from ingest.document import Document
from ingest.reading import load, read

MADE = Path(__file__).parents[1] / "tests" / "ingest" / "bibliographies"
SEEDS = DATA.parent / "seeds"
Found = set[tuple[Any, ...]]
FIRST_READING = {
    "entries": {"gold": 35, "found": 35, "precision": 0.9143, "recall": 0.9143},
    "mentions": {"gold": 35, "found": 32, "precision": 1.0, "recall": 0.9143},
}


@dataclass(slots=True)
class Count:
    """Gold and found things, and how many of them are the same."""

    gold: int = 0
    found: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, gold: Found, found: Found) -> None:
        self.gold += len(gold)
        self.found += len(found)
        self.right += len(gold & found)
        self.wrong += [f"missed {one}" for one in sorted(gold - found, key=str)]
        self.wrong += [f"false {one}" for one in sorted(found - gold, key=str)]

    def report(self) -> dict[str, Any]:
        return {
            "gold": self.gold,
            "found": self.found,
            "precision": round(self.right / self.found, 4) if self.found else 1.0,
            "recall": round(self.right / self.gold, 4) if self.gold else 1.0,
        }


def main() -> None:
    seeds = {SEEDS / name: gold for name, gold in _gold(MADE / "gold_seeds.json").items()}
    names = ("gold.json", "gold_held_out.json")
    made = {MADE / name: gold for file in names for name, gold in _gold(MADE / file).items()}
    entries, mentions, by_file = Count(), Count(), {}
    for path, gold in {**seeds, **made}.items():
        own = measure(path, gold)
        by_file[path.name] = {
            "entries": own[0].report(),
            "mentions": own[1].report(),
            "wrong": own[0].wrong + own[1].wrong,
        }
        for total, one in zip((entries, mentions), own, strict=True):
            total.gold += one.gold
            total.found += one.found
            total.right += one.right
    policy = {path.name: _found_in(path) for path in sorted((DATA / "policy").iterdir())}
    save(
        "references",
        "an entry counts when authors, year and title are right, a mention when its span and its entry are",
        {
            "entries": entries.report(),
            "mentions": mentions.report(),
            "the files called held_out, at their first reading": FIRST_READING,
            "by file": by_file,
            "found in documents without a bibliography": policy,
        },
        (),
    )


def measure(path: Path, gold: dict[str, Any]) -> tuple[Count, Count]:
    """The entries and the mentions of a file against its gold, as the two counts."""
    document = read(load(path), str(path))
    entries, mentions = Count(), Count()
    entries.add(set(_gold_entries(gold["entries"])), set(_entries(document)))
    mentions.add(set(_gold_mentions(document, gold["mentions"])), set(_mentions(document)))
    return entries, mentions


def _gold(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _gold_entries(entries: list[dict[str, Any]]) -> Iterable[tuple[Any, ...]]:
    for number, entry in enumerate(entries):
        yield number, tuple(entry["authors"]), entry["year"], entry["title"]


def _entries(document: Document) -> Iterable[tuple[Any, ...]]:
    for number, reference in enumerate(document.references):
        yield number, reference.authors, reference.year, reference.title


def _gold_mentions(document: Document, mentions: list[Any]) -> Iterable[tuple[Any, ...]]:
    for before, marker, numbers in mentions:
        start = " ".join(document.text.split("\n")).index(before + marker) + len(before)
        for number in numbers:
            yield start, start + len(marker), number


def _mentions(document: Document) -> Iterable[tuple[Any, ...]]:
    for mention in document.mentions:
        yield mention.start, mention.end, mention.reference


def _found_in(path: Path) -> dict[str, Any]:
    document = read(load(path), str(path))
    return {"entries": len(document.references), "mentions": len(document.mentions)}


if __name__ == "__main__":
    main()
