"""How good the answers are: xquad-dev in four languages, and the gold questions of the starter corpus.

python -m bench.quality [--only squad|gold] [--limit N]

Runs the commands that a user would, `python -m qa evaluate squad` and `evaluate gold`, and keeps their reports.
Of xquad-dev the questions on odd paragraphs are asked: by the even ones weights and thresholds were chosen.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.questions import CORPUS, XQUAD
from bench.record import DATA, save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", choices=("squad", "gold"))
    parser.add_argument(
        "--limit", type=int, metavar="N", help="so many questions of each language of xquad-dev"
    )
    options = parser.parse_args()
    only = options.only
    packages = ("openvino", "faiss-cpu", "tantivy", "sentencex")
    if only != "squad":
        save("gold", "corpus/questions.jsonl on a library of corpus/documents", _gold(), packages)
    if only != "gold":
        few = ("--limit", str(options.limit)) if options.limit else ()
        files = {name: DATA / "eval" / f"xquad-dev.{name}.json" for name in XQUAD}
        reports = {
            name: _report("qa", "evaluate", "squad", str(path), "--paragraphs", "odd", *few)
            for name, path in files.items()
        }
        asked = f"{options.limit} questions" if options.limit else "all questions"
        conditions = f"xquad-dev, {asked} on odd paragraphs, each also with its paragraph left out"
        save("squad", conditions, reports, packages)


def _gold() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        library = ("--library", str(Path(folder) / "library"))
        _report("ingest", "add", str(CORPUS / "documents"), *library)
        return _report("qa", "evaluate", "gold", str(CORPUS / "questions.jsonl"), *library)


def _report(*arguments: str) -> Any:
    command = [sys.executable, "-m", *arguments, "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)  # what goes wrong it says on our stderr
    if done.returncode:
        sys.exit(f"failed with exit code {done.returncode}: {shlex.join(command)}")
    report = json.loads(done.stdout)
    if isinstance(report, dict) and "file" in report:
        report["file"] = Path(report["file"]).name
    return report


if __name__ == "__main__":
    main()
