"""Documents that share text are found, and told apart: copies, versions, common text; whatever the library's size."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.catalog import Catalog
from index.library import Library
from index.near_duplicates import Signature, sign, similarity
from ingest.document import Document
from tests.index.contract import fill
from tests.index.synthetic import WordEncoder, document, store


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", WordEncoder()) as library:
        yield library


def words(count: int, seed: int) -> list[str]:
    random = Random(seed)
    return [
        f"{random.choice('bcdfgklmnprst')}{random.choice('aeiou')}{random.randint(0, 400)}"
        for _ in range(count)
    ]


def changed(text: list[str], share: float, seed: int = 99) -> list[str]:
    """The text with its last part written anew."""
    kept = round(len(text) * (1 - share))
    return text[:kept] + words(len(text) - kept, seed)


def paper(text: list[str], source: str, title: str = "", published: str = "") -> Document:
    return document(" ".join(text), source, title=title, published=published)


def signed(text: str) -> Signature:
    signature = sign(text)
    assert signature is not None
    return signature


def jaccard(one: list[str], other: list[str]) -> float:
    first, second = ({tuple(text[at : at + 5]) for at in range(len(text) - 4)} for text in (one, other))
    return len(first & second) / len(first | second)


# The estimate


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.4, 0.6, 1.0])
def test_the_estimate_is_near_the_similarity_counted_exactly(share: float) -> None:
    for seed in range(5):
        one = words(800, seed)
        other = changed(one, share, seed + 50)
        estimate = similarity(signed(" ".join(one)), signed(" ".join(other)))
        assert estimate == pytest.approx(jaccard(one, other), abs=0.15)  # three standard errors


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(words(300, 1)), min_size=60, max_size=200))
def test_a_text_is_like_itself_whatever_its_case_and_spaces(text: list[str]) -> None:
    one, other = sign(" ".join(text)), sign("\n\n".join(text).upper() + "!")
    if one is None or other is None:
        assert one is other is None
    else:
        assert similarity(one, other) == 1.0 and one.buckets() == other.buckets()


def test_short_texts_have_no_signature() -> None:
    assert sign("") is None
    assert sign("See the attached file. " * 3) is None
    assert sign("the same five words again " * 500) is None  # five shingles
    assert sign(" ".join(words(60, 1))) is not None


def test_chinese_and_korean_are_cut_into_words() -> None:
    chinese = "".join(chr(0x4E00 + number * 7 % 3000) for number in range(200))
    assert similarity(signed(chinese), signed(chinese[:100] + "，" + chinese[100:])) == 1.0
    korean = " ".join(chr(0xAC00 + number * 11 % 9000) * 2 for number in range(200))
    assert similarity(signed(korean), signed(korean)) == 1.0


def test_buckets_are_those_of_another_day() -> None:
    """Signatures are kept: a library that hashes otherwise has to say so in `_METHOD`."""
    text = " ".join(f"word{number}" for number in range(100))
    assert signed(text).hashes[:3].tolist() == [1089623163, 259743047, 608478128]
    assert len(set(signed(text).buckets())) == 42
    assert all(-(2**63) <= bucket < 2**63 for bucket in signed(text).buckets())


def test_shingles_are_counted_once_over_a_long_text() -> None:
    text = words(30_000, 1) * 2
    assert signed(" ".join(text)).shingles == len({tuple(text[at : at + 5]) for at in range(len(text) - 4)})


def test_a_long_text_takes_little_memory_for_each_word() -> None:
    def peak(count: int) -> int:
        text = " ".join(words(count, 1))
        tracemalloc.start()
        sign(text)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(120_000) - peak(40_000) < 80_000 * 40  # the text in lower case, and a few numbers of 8 bytes


# In a library


def test_a_copy_with_a_changed_line_is_found_at_once(library: Library) -> None:
    text = words(600, 1)
    copy = paper(changed(text, 0.02), "/copy.txt", "Another name")
    fill(library, [paper(text, "/first.txt", "Trade"), paper(words(600, 2), "/other.txt"), copy])
    (found,) = library.near_duplicates("/copy.txt")
    assert (found.source, found.kind) == ("/first.txt", "near_duplicate")
    assert found.similarity > 0.85 and found.containment > 0.9
    assert "nearly the same as “Trade” (/first.txt)" in found.message
    assert [each.source for each in library.near_duplicates("/first.txt")] == ["/copy.txt"]
    assert library.near_duplicates("/other.txt") == []


@pytest.mark.parametrize(
    ("title", "other", "share", "kind"),
    [
        ("Guidelines 05/2020 on consent", "Guidelines 05/2020 on consent, version 1.1", 0.3, "version"),
        ("Annual Trade Report 2022", "Annual Trade Report 2023", 0.3, "version"),
        ("통상 연례 보고서 (초안)", "통상 연례 보고서 (최종)", 0.3, "version"),
        ("Annual Trade Report", "Minutes of the Council", 0.3, "shared_text"),
        ("2022", "2023", 0.3, "shared_text"),  # a title of figures alone names no work
        ("Annual Trade Report", "Annual Trade Report", 0.02, "near_duplicate"),
    ],
)
def test_a_version_has_the_name_of_the_work(
    library: Library, title: str, other: str, share: float, kind: str
) -> None:
    text = words(600, 1)
    fill(library, [paper(text, "/1", title), paper(changed(text, share), "/2", other)])
    (found,) = library.near_duplicates("/2")
    assert found.kind == kind


def test_the_same_work_of_another_date_is_a_version_however_little_changed(library: Library) -> None:
    text = words(600, 1)
    old, new = paper(text, "/1", "The Act", "2019"), paper(changed(text, 0.02), "/2", "The Act", "2024-05")
    fill(library, [old, new])
    # Too short a name to go by it alone.
    assert [each.kind for each in library.near_duplicates("/2")] == ["near_duplicate"]
    for source in ("/1", "/2"):
        library.edit(source, title="The Cybersecurity Act")
    (found,) = library.near_duplicates("/2")
    assert (found.kind, found.published) == ("version", "2019")
    assert "another version" in found.message and "published 2019" in found.message


def test_different_texts_share_nothing_and_removed_ones_are_not_found(library: Library) -> None:
    text = words(600, 1)
    fill(library, [paper(text, "/1"), paper(changed(text, 0.9), "/2"), paper(changed(text, 0.05), "/3")])
    assert [each.source for each in library.near_duplicates("/1")] == ["/3"]
    library.remove("/3")
    assert library.near_duplicates("/1") == []
    library.add(
        replacement := paper(words(600, 5), "/2"), f"{replacement.source}\n{replacement.text}".encode()
    )
    assert library.near_duplicates("/2") == []


def test_nothing_is_left_of_a_signature_when_its_document_goes(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    store(catalog, one := paper(words(300, 1), "/1"))
    assert catalog._database.rows("SELECT count(*) FROM buckets") == [(42,)]
    catalog.delete(one.id)
    for table in ("buckets", "signatures", "notes", "edits"):
        assert catalog._database.rows(f"SELECT count(*) FROM {table}") == [(0,)]
    catalog.close()


def test_all_pairs_are_found_once_and_many_copies_give_no_square(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    catalog._database._database.execute("PRAGMA synchronous = OFF")  # the test's time, not its subject
    text = words(300, 1)
    copies = [paper(changed(text, 0.01, seed), f"/copy/{seed}") for seed in range(60)]
    others = [paper(words(300, 100 + seed), f"/other/{seed}") for seed in range(60)]
    pair = [paper(others[0].text.split()[:260] + words(40, 7), "/late")]
    for each in (*copies, *others, *pair):
        catalog.add(each, [], np.zeros((0, 32), np.float32))
    found = catalog.all_near_duplicates()
    assert len({(id, other.document_id) for id, other in found}) == len(found)
    assert {other.source for id, other in found if id == copies[0].id} == {each.source for each in copies[1:]}
    assert len(found) == 59 + 1
    assert [(id, other.source) for id, other in found if other.source == "/late"] == [(others[0].id, "/late")]
    catalog.close()
