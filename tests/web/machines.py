"""A library of a few documents, one of them with a bibliography, for the tests of what programs call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.encoder import OpenVinoEncoder
from index.library import Library
from ingest.reading import read
from tests.web.conftest import FORUM, KOREAN, TRADE

PORTS = """---
title: Ports of the Inner Sea
date: 2015
language: en
type: paper
---

# Ports of the Inner Sea

The forum of ports began late (Beck 2011). As Beck (2011) says, rail came first.

## References

Adamov, R. (2014). Ferries without freight. Caspian Studies, 6(1), 22–41.

Beck, I. (2011). A guide to the inner sea. Caspian Studies, 3(2), 5–19.
"""
DOCUMENTS = {
    "/desk/forum.md": FORUM,
    "/desk/trade.html": TRADE,
    "/desk/16.ko.md": KOREAN,
    "/desk/ports.md": PORTS,
}


@contextmanager
def opened(folder: Path, encoder: OpenVinoEncoder) -> Iterator[Library]:
    """A new library with the documents above."""
    with Library(folder, encoder) as library:
        for source, text in DOCUMENTS.items():
            library.add(read(text.encode(), source), text.encode())
        yield library


def id_of(library: Library, source: str) -> str:
    return library.card(source).id
