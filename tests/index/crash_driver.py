"""Adds files to a library and dies on command: the victim of test_crash.

In: a JSON object a line: the library's folder, the files, where to note what was acknowledged, and
when to be killed: after so many seconds, or at so many steps. Out: a JSON object a line: whether it was
killed, the seconds that it lived, the steps that it took. Each job runs in a fork, which saves loading.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import ingest
from index.intake import add_paths
from index.library import Library
from tests.index.synthetic import InThisProcess, WordEncoder

_FILE_STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}


class _Steps:
    """Counts what touches the library: files by Python's audit events, the catalog by its statements."""

    def __init__(self, folder: str, last: int) -> None:
        self.folder, self.last, self.count = folder, last, 0

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FILE_STEPS and self.folder in str(arguments[0]):
            self.step()

    def step(self) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def _work(job: dict[str, Any], report: int) -> None:
    steps = _Steps(job["library"], job["at_step"])

    class Connection(sqlite3.Connection):
        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            steps.step()
            return super().execute(*arguments)

    connect = sqlite3.connect
    sqlite3.connect = lambda *a, **k: connect(*a, factory=Connection, **k)  # type: ignore
    sys.addaudithook(steps.hear)
    acknowledged = os.open(job["acknowledged"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    with Library(Path(job["library"]), WordEncoder()) as library:
        for name in job["remove"]:
            library.remove(name)
            os.write(acknowledged, f"removed\t{name}\n".encode())
        for outcome in add_paths(library, map(Path, job["paths"]), reader=InThisProcess()):
            os.write(acknowledged, f"{outcome.status}\t{outcome.source}\n".encode())
    os.write(report, str(steps.count).encode())


def main() -> None:
    ingest.read(b"Load the tables of languages once, before the first fork.", "/warm.txt")
    for line in sys.stdin:
        job = json.loads(line)
        reading, writing = os.pipe()
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                _work(job, writing)
                code = 0
            finally:
                os._exit(code)
        os.close(writing)
        if job["after"] is not None:
            time.sleep(job["after"])
            os.kill(child, signal.SIGKILL)  # not yet waited for, so the number is still its own
        _, status = os.waitpid(child, 0)
        seconds = time.monotonic() - began
        steps = int(os.read(reading, 20) or 0)
        os.close(reading)
        code = os.waitstatus_to_exitcode(status)
        print(json.dumps({"code": code, "seconds": seconds, "steps": steps}), flush=True)


if __name__ == "__main__":
    main()
