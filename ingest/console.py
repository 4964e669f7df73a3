"""What the command lines share: how they speak to a terminal or a pipe."""

from __future__ import annotations

import io
import sys


def speak_utf8(as_json: bool) -> None:
    """JSON is always UTF-8; text is in the terminal's charset, with ? for what it lacks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if as_json:
            sys.stdout.reconfigure(encoding="utf-8")
        else:
            sys.stdout.reconfigure(errors="replace")
