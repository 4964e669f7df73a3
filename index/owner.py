"""Who holds a library's write lock, in words for the one who has to wait."""

from __future__ import annotations

import json
import os
import socket
import sys
from datetime import datetime
from pathlib import Path

from ingest.told import Told

_FILE = "write.owner"


def describe_self(folder: Path) -> None:
    """Note this process as the owner. Called with the lock held, so nobody else writes the note."""
    note = {
        "process": os.getpid(),
        "command": _command(),
        "host": socket.gethostname(),
        "since": datetime.now().isoformat(" ", "seconds"),
    }
    (folder / _FILE).write_text(json.dumps(note), encoding="utf-8")


def _command() -> str:
    """How this program was called: "app.py", "python -m ingest"."""
    script = Path(sys.argv[0])
    return f"python -m {script.parent.name}" if script.name == "__main__.py" else script.name or "python"


def read_owner(folder: Path) -> str:
    """The owner as text: "process 4711 (app.py) on desk-7 since 2026-03-01 10:15:00"."""
    try:
        note = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return Told(
            "process {process} ({command}) on {host} since {since}",
            process=str(note["process"]),
            command=str(note["command"]),
            host=str(note["host"]),
            since=str(note["since"]),
        )
    except (OSError, ValueError, KeyError):
        return Told("another process")
