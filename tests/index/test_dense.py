"""The dense mirror gives what a matrix product over the catalog's vectors gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.catalog import Catalog
from index.dense import DenseMirror
from tests.index.synthetic import DIMENSIONS, WordEncoder, document, store


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    for number in range(40):
        lines = "\n".join(
            f"number {number} line {line} word{number * line % 7}" for line in range(1 + number % 9)
        )
        store(catalog, document(lines, f"/{number}"))
    for card in catalog.cards()[::5]:  # gaps between the keys
        catalog.delete(card.id)
    yield catalog
    catalog.close()


@pytest.fixture
def mirror(catalog: Catalog, tmp_path: Path) -> DenseMirror:
    mirror = DenseMirror(tmp_path / "dense", DIMENSIONS, "checksum")
    mirror.catch_up(catalog)
    return mirror


QUERY = WordEncoder().encode_queries(["line 3 of number 12 with word5"])[0]


def _brute_force(catalog: Catalog, ranges: list[tuple[int, int]] | None = None) -> list[tuple[int, float]]:
    keys = catalog.passage_keys()
    cosines = catalog.vectors(keys) @ QUERY
    pairs = zip(keys, cosines.tolist(), strict=True)
    kept = [(k, c) for k, c in pairs if ranges is None or any(first <= k <= last for first, last in ranges)]
    return sorted(kept, key=lambda pair: -pair[1])


def _ranges(catalog: Catalog, which: str) -> list[tuple[int, int]] | None:
    keys = catalog.document_keys()
    chosen = {
        "every": keys,
        "third": keys[::3],
        "first": keys[:1],
        "last": keys[-1:],
        "neighbours": keys[3:6],
        "none": [],
    }
    return None if which == "unfiltered" else catalog.passage_ranges(chosen[which])


@pytest.mark.parametrize("which", ["unfiltered", "every", "third", "first", "last", "neighbours", "none"])
@pytest.mark.parametrize("k", [1, 5, 10_000])
def test_search_equals_brute_force(catalog: Catalog, mirror: DenseMirror, which: str, k: int) -> None:
    ranges = _ranges(catalog, which)
    expected = _brute_force(catalog, ranges)[:k]
    found = mirror.search(QUERY, k, ranges)
    assert list(found.values()) == pytest.approx([cosine for _, cosine in expected], abs=1e-6)
    assert sorted(found.values(), reverse=True) == list(found.values())
    if which != "none":
        # Equal vectors may change places at the cut; all the others are told by their key.
        assert dict(expected)[next(iter(found))] == pytest.approx(expected[0][1], abs=1e-6)
        everything = dict(_brute_force(catalog, ranges))
        assert all(cosine == pytest.approx(everything[key], abs=1e-6) for key, cosine in found.items())


def test_ranges_need_not_be_in_order_or_apart(catalog: Catalog, mirror: DenseMirror) -> None:
    ranges = [(90, 95), (10, 20), (21, 30), (96, 96)]
    assert mirror.search(QUERY, 1000, ranges) == pytest.approx(dict(_brute_force(catalog, ranges)), abs=1e-6)


def test_a_range_beyond_every_key_finds_nothing(mirror: DenseMirror) -> None:
    assert mirror.search(QUERY, 5, [(100_000, 100_010)]) == {}


def test_scores_are_the_cosines_of_the_keys_asked_for(catalog: Catalog, mirror: DenseMirror) -> None:
    everything = dict(_brute_force(catalog))
    keys = [*list(everything)[::-7], next(iter(everything))]
    assert mirror.scores(QUERY, keys) == pytest.approx({key: everything[key] for key in keys}, abs=1e-6)
    assert mirror.scores(QUERY, []) == {}


def test_catching_up_adds_removes_and_is_saved(catalog: Catalog, mirror: DenseMirror, tmp_path: Path) -> None:
    mirror.save()
    gone = catalog.cards()[3]
    gone_keys = [key for key, _ in catalog.passages_of(gone.id)]
    catalog.delete(gone.id)
    store(catalog, document("something new\nof two lines", "/new"))

    again = DenseMirror(tmp_path / "dense", DIMENSIONS, "checksum")
    assert again.revision == catalog.revision - 2
    again.catch_up(catalog)
    assert again.revision == catalog.revision
    assert sorted(again.keys().tolist()) == catalog.passage_keys()
    assert not set(gone_keys) & set(again.search(QUERY, 10_000))
    assert again.search(QUERY, 10_000) == pytest.approx(dict(_brute_force(catalog)), abs=1e-6)
    again.save()
    third = DenseMirror(tmp_path / "dense", DIMENSIONS, "checksum")
    assert third.revision == catalog.revision
    assert third.search(QUERY, 10_000) == pytest.approx(dict(_brute_force(catalog)), abs=1e-6)


def test_an_empty_mirror_finds_nothing(tmp_path: Path) -> None:
    mirror = DenseMirror(tmp_path / "dense", DIMENSIONS, "checksum")
    assert mirror.search(QUERY, 5) == {}
    assert mirror.search(QUERY, 5, []) == {}
    assert mirror.revision == -1


def test_a_mirror_of_another_model_is_not_read(catalog: Catalog, mirror: DenseMirror, tmp_path: Path) -> None:
    mirror.save()
    assert DenseMirror(tmp_path / "dense", DIMENSIONS, "another").revision == -1
    assert len(DenseMirror(tmp_path / "dense", DIMENSIONS, "another").keys()) == 0
    assert np.array_equal(DenseMirror(tmp_path / "dense", DIMENSIONS, "checksum").keys(), mirror.keys())
