"""A job that takes its time for each of three pages, for a reader's process to run."""

from __future__ import annotations

import time

from ingest.frames import Limits
from ingest.page_progress import page_read


def read(data: bytes, source: str, limits: Limits) -> bytes:
    for page in (1, 2, 3):
        time.sleep(0.25)
        page_read(page, 3)
    return b"done"


def prepare() -> None:
    pass


JOBS = {"read": read}
