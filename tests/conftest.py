"""What the tests share: the built-in encoder, loaded once, and libraries in a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from index.encoder import OpenVinoEncoder, load_encoder
from index.library import Library
from ingest.sandbox import Sandbox
from qa.models.built_in import BuiltInReader
from qa.reader import PassageReader, Reader

SHARED = Path(__file__).parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def encoder() -> OpenVinoEncoder:
    return load_encoder()


@pytest.fixture(scope="session")
def reader(encoder: OpenVinoEncoder) -> Reader:
    """The built-in reader, loaded once."""
    return PassageReader(BuiltInReader(tokenizer=encoder.tokenizer))


@pytest.fixture
def library(tmp_path: Path, encoder: OpenVinoEncoder) -> Iterator[Library]:
    with Library(tmp_path / "library", encoder) as library:
        yield library


@pytest.fixture(scope="session")
def readers() -> Iterator[Sandbox]:
    """Processes that read files, started once."""
    with Sandbox(workers=2) as readers:
        yield readers


@pytest.fixture
def warm_readers(readers: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file of the test is read in those, so that none waits for new ones to start."""
    monkeypatch.setattr("index.intake.Sandbox", lambda: nullcontext(readers))
    monkeypatch.setattr("index.intake._lasting_reader", lambda: readers)


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the two seed documents; tests that need it are skipped where it is not."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    return folder


@pytest.fixture(scope="session")
def policy() -> Path:
    """The folder of real PDF and HTML documents."""
    folder = SHARED / "data" / "policy"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    return folder
