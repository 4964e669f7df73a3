"""Readers tell each page that they have read; a process passes it on to whoever waits for it."""

from __future__ import annotations

import pytest

from ingest.errors import DamagedFile
from ingest.page_progress import listening, page_read
from ingest.reading import read
from ingest.sandbox import Sandbox
from ingest.worker import _BETWEEN_PAGES
from tests.web import shelf


def test_pages_are_told_in_order_and_to_the_listener_alone() -> None:
    told: list[tuple[int, int]] = []
    with listening(lambda page, pages: told.append((page, pages))):
        read(shelf.labelled(), "roads.pdf")
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    page_read(5, 5)
    read(shelf.labelled(), "roads.pdf")
    assert len(told) == 4


def test_a_listener_ends_with_its_block_also_when_the_file_is_refused() -> None:
    told: list[tuple[int, int]] = []
    with pytest.raises(DamagedFile), listening(lambda page, pages: told.append((page, pages))):
        read(b"%PDF-1.7\nnothing more", "broken.pdf")
    page_read(1, 1)
    assert told == []


def test_a_process_passes_pages_on_before_its_answer() -> None:
    told: list[tuple[int, int]] = []
    with Sandbox(workers=1, jobs="tests.ingest.slow_pages") as sandbox:
        with listening(lambda page, pages: told.append((page, pages))):
            assert sandbox.run("read", b"data", "slow.pdf") == b"done"
        assert sandbox.run("read", b"data", "slow.pdf") == b"done"  # heard by nobody
    assert _BETWEEN_PAGES > 0
    assert told
    assert told == sorted(told)
    assert {pages for _, pages in told} == {3}
