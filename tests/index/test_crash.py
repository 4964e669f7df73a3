"""kill -9 at any moment: what was acknowledged is there, what was not is wholly absent or wholly there.

A document whose transaction was committed when the blow fell, before its status line came out, is there
though nobody was told. There is at most one such, the one that was next; no document is ever half there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from index.encoder import OpenVinoEncoder
from index.library import Library
from tests.index.synthetic import WordEncoder

ROOT = Path(__file__).parents[2]
KILLS = 20
SHARED = "shared.txt"  # rewritten for each run, so that each run replaces it


@pytest.fixture(scope="module")
def driver() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.index.crash_driver"],
        cwd=ROOT,
        env=os.environ | {"VERBATIM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    yield process
    process.stdin.close()
    process.wait(timeout=10)
    process.stdout.close()


class Scene:
    """A library, the papers of each run, and what has been acknowledged so far."""

    def __init__(self, folder: Path, driver: subprocess.Popen[str]) -> None:
        self.library = folder / "library"
        self.papers = folder / "papers"
        self.acknowledged = folder / "acknowledged"
        self.driver = driver
        self.runs = 0
        self.random = Random(20260301)
        self.words: dict[str, str] = {}  # source → the word that it alone holds, of all that must be there
        self.gone: dict[str, str] = {}

    def run(self, *, after: float | None = None, at_step: int = 0, files: int = 5) -> dict[str, Any]:
        """One run of adding, killed or not, and the check of everything after it."""
        self.runs += 1
        folder = self.papers / f"run{self.runs:03}"
        folder.mkdir(parents=True)
        new = {}
        for number in range(files):
            path, word = folder / f"{number}.txt", f"zq{self.runs}x{number}"
            path.write_text(f"This paper alone speaks of {word}.\n\n" + "Of trade it speaks at length. " * 90)
            new[str(path)] = word
        shared = self.papers / SHARED
        before = self.words.get(str(shared))
        shared.write_text(f"In run {self.runs} the shared paper says zqshared{self.runs}.")
        new[str(shared)] = f"zqshared{self.runs}"
        removable = [source for source in self.words if source != str(shared)][:1]
        job = {
            "library": str(self.library),
            "paths": [str(folder), str(shared)],  # the shared one last
            "remove": removable,
            "acknowledged": str(self.acknowledged),
            "after": after,
            "at_step": at_step,
        }
        self.acknowledged.write_text("")
        assert self.driver.stdin and self.driver.stdout
        self.driver.stdin.write(json.dumps(job) + "\n")
        self.driver.stdin.flush()
        result: dict[str, Any] = json.loads(self.driver.stdout.readline())
        assert result["code"] in (0, -9)
        lines = [line.split("\t") for line in self.acknowledged.read_text().splitlines()]
        self._check(new, {source: status for status, source in lines}, removable, str(shared), before)
        return result

    def _check(
        self, new: dict[str, str], told: dict[str, str], removable: list[str], shared: str, before: str | None
    ) -> None:
        with Library(self.library, WordEncoder()) as library:
            assert library.verify().problems == ()
            there = {card.source for card in library.documents()}
            for source in removable:
                if source in told or source not in there:
                    self.gone[source] = self.words.pop(source)
            untold = [source for source in new if source not in told]
            for source in new:
                if source in told:
                    assert told[source] in ("added", "replaced")
                    self.words[source] = new[source]
            # The next one, and it alone, may be there without having been acknowledged.
            for place, source in enumerate(untold):
                if self._holds(library, source, new[source]):
                    assert place == 0
                    self.words[source] = new[source]
                elif source == shared:
                    assert before is None or self._holds(library, source, before)
                else:
                    assert source not in there
            assert there == set(self.words)
            # All of this run, and some of those before.
            older = [source for source in self.words if source not in new]
            for source in [*(set(new) & set(self.words)), *self.random.sample(older, min(4, len(older)))]:
                assert self._holds(library, source, self.words[source]), source
            for word in list(self.gone.values())[-3:]:
                assert library.missing_words(word) == [word]
            with library.writing():  # the lock is free, and a write clears what the blow left behind
                pass
            kept = {path.name for path in (self.library / "files").iterdir()}
            assert kept == {f"{card.id}.txt" for card in library.documents()}
            assert library.verify().problems == ()

    @staticmethod
    def _holds(library: Library, source: str, word: str) -> bool:
        """Whether the document answers a search for its word."""
        hits = [hit for hit in library.search(word, k=50) if hit.lexical > 0]
        return [hit.document.source for hit in hits] == [source] and word in hits[0].text


@pytest.fixture
def scene(tmp_path: Path, driver: subprocess.Popen[str]) -> Scene:
    return Scene(tmp_path, driver)


def test_kills_at_random_moments(scene: Scene) -> None:
    whole = scene.run()
    assert whole["code"] == 0
    seconds = whole["seconds"]
    # One moment in each twentieth of the run, in random order: opening, adding, saving the mirrors.
    moments = [(part + scene.random.random()) / KILLS * seconds for part in range(KILLS)]
    scene.random.shuffle(moments)
    results = [scene.run(after=moment) for moment in moments]
    assert sum(result["code"] == -9 for result in results) >= KILLS // 2
    assert scene.run()["code"] == 0


def test_kills_at_steps_of_a_write(scene: Scene) -> None:
    """The same at given steps: each statement of the catalog, each file opened, renamed or deleted."""
    scene.run(files=20)  # a stock for the runs to remove from
    steps = scene.run(files=1)["steps"]
    assert steps > 60
    # Every eighth from the start, and each of the last, where the mirrors are saved.
    chosen = sorted({*range(1, steps, 8), *range(steps - 12, steps + 1)})
    results = [scene.run(at_step=step, files=1) for step in chosen]
    assert sum(result["code"] == -9 for result in results) >= 0.8 * len(chosen)  # some runs take fewer steps
    assert scene.run()["code"] == 0


def test_kills_of_the_command_itself(tmp_path: Path, encoder: OpenVinoEncoder) -> None:
    """python -m ingest add, with the real encoder: killed before, between and after its status lines."""
    papers, folder = tmp_path / "papers", tmp_path / "library"
    papers.mkdir()
    for number in range(12):
        (papers / f"{number:02}.md").write_text(
            f"# Paper {number}\n\nThe name of this one is zq{number}wx.\n"
        )
    random = Random(1)
    told: set[str] = set()
    for lines in (0, 3, 7):
        with subprocess.Popen(
            [sys.executable, "-m", "ingest", "add", str(papers), "--library", str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout
            for _ in range(lines):
                told.add(process.stdout.readline().split(maxsplit=1)[1].strip())
            time.sleep(random.uniform(0.5, 1.5) if lines == 0 else random.uniform(0, 0.1))
            process.kill()
            # What came out between the last line read and the blow was acknowledged too.
            rest = process.stdout.read().splitlines()
            told |= {line.split(maxsplit=1)[1].strip() for line in rest if str(papers) in line}
        with Library(folder, encoder) as library:
            assert library.verify().problems == ()
            there = {card.source for card in library.documents()}
            assert told <= there
            assert len(there - told) <= 1
            told = there
            for source in there:
                word = f"zq{int(Path(source).stem)}wx"
                assert source in [hit.document.source for hit in library.search(word) if hit.lexical > 0]
    assert len(told) >= 7
