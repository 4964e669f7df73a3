"""A result file: what was measured, with which commit, reader and versions, on which machine."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from qa.models.card import WEIGHTS, Card

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
RESULTS = Path(__file__).parent / "results"


def save(name: str, conditions: str, results: Any, packages: Sequence[str]) -> None:
    """Write bench/results/`name`.json with versions and machine, and show it."""
    record = {
        "conditions": conditions,
        "commit": _commit(),
        "reader": Card.read(WEIGHTS).name,
        "machine": f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores, {_processor()}",
        "python": platform.python_version(),
        "versions": {package: version(package) for package in packages},
        "results": results,
    }
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    (RESULTS / f"{name}.json").write_text(text, "utf-8")
    print(text)


def _commit() -> str:
    """The commit that is checked out, with "+" where tracked files differ from it; "none" in a copy without git."""
    command = ["git", "describe", "--always", "--abbrev=7", "--dirty=+"]
    try:
        shown = subprocess.run(command, cwd=RESULTS, capture_output=True, text=True)
    except FileNotFoundError:
        return "none"
    return shown.stdout.strip() or "none"


def _processor() -> str:
    """The processor's name, and those of its features that decide how fast the encoder runs."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    pairs = (line.partition(":") for line in lines)
    fields = {name.strip(): value.strip() for name, _, value in pairs}
    flags = set(fields.get("flags", "").split())
    features = [flag for flag in ("avx2", "avx512_vnni", "avx512_bf16", "amx_bf16") if flag in flags]
    return f"{fields.get('model name', platform.processor())} ({', '.join(features)})"
