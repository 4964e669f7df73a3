"""The command line of ingestion: python -m ingest add | remove | list | check.

This file alone of the package imports its sibling `index`: a command line stands above both.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingest.console import speak_utf8
from ingest.errors import VerbatimError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, or 1 when something was refused."""
    options = _parser().parse_args(arguments)
    speak_utf8(options.json)
    commands = {"add": _add, "remove": _remove, "list": _list, "check": _check}
    try:
        return commands[options.command](options)
    except VerbatimError as error:
        if options.json:
            _print_json({"error": {"type": type(error).__name__, "message": str(error)}})
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (`| head`) has left: say nothing, also not when Python flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--library",
        type=Path,
        default=Path(os.environ.get("POLICY_LIBRARY") or "library"),
        metavar="DIR",
        help="the library's folder (default: $POLICY_LIBRARY, else ./library)",
    )
    shared.add_argument("--json", action="store_true", help="print one JSON object")
    shared.add_argument(
        "--model",
        metavar="NAME",
        help="sentence-transformers folder or hub name (default: the built-in encoder)",
    )
    parser = argparse.ArgumentParser(prog="python -m ingest", description="Put documents into a library.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add = commands.add_parser(
        "add",
        parents=[shared],
        help="add files and folders",
        epilog="example: python -m ingest add papers report.pdf",
    )
    add.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder with all it holds"
    )
    remove = commands.add_parser(
        "remove",
        parents=[shared],
        help="take documents out",
        epilog="example: python -m ingest remove papers/old.pdf",
    )
    remove.add_argument(
        "documents", nargs="+", metavar="ID|SOURCE", help="a document's id, or the file it came from"
    )
    commands.add_parser(
        "list",
        parents=[shared],
        help="the documents of the library",
        epilog="example: python -m ingest list --library archive --json",
    )
    commands.add_parser(
        "check",
        parents=[shared],
        help="the library's health; exit code 1 when there is a problem",
        epilog="example: python -m ingest check --library archive",
    )
    return parser


def _add(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from index.intake import add_paths
    from index.library import Library

    outcomes = []
    with (
        Library.open(options.library, options.model, create=True) as library,
        tqdm(unit="file", disable=None, leave=False) as bar,  # shown on a terminal only
    ):

        def show(done: int, total: int, name: str) -> None:
            bar.total, bar.n = total, done
            bar.set_postfix_str(name)

        for outcome in add_paths(library, options.paths, show):
            outcomes.append(outcome)
            if not options.json:
                tail = f"  {outcome.error}: {outcome.reason}" if outcome.reason else ""
                with bar.external_write_mode(sys.stdout):
                    print(f"{outcome.status:9}  {outcome.source}{tail}", flush=True)
    counts = {
        status: sum(outcome.status == status for outcome in outcomes)
        for status in ("added", "unchanged", "replaced", "refused")
    }
    if options.json:
        _print_json(
            {"library": str(options.library), "files": [asdict(outcome) for outcome in outcomes], **counts}
        )
    else:
        print(", ".join(f"{count} {status}" for status, count in counts.items() if count) or "no files found")
    return 1 if counts["refused"] else 0


def _remove(options: argparse.Namespace) -> int:
    from index.errors import UnknownDocument
    from index.library import Library

    results = []
    with Library.open(options.library, options.model) as library, library.writing():
        for name in options.documents:
            try:
                card = _remove_one(library, name)
                results.append(
                    {"document": name, "status": "removed", "document_id": card.id, "source": card.source}
                )
            except UnknownDocument as error:
                results.append({"document": name, "status": "unknown", "reason": str(error)})
    if options.json:
        _print_json({"library": str(options.library), "documents": results})
    else:
        for result in results:
            tail = f"  {result['reason']}" if "reason" in result else ""
            print(f"{result['status']:9}  {result.get('source') or result['document']}{tail}")
    return 1 if any(result["status"] == "unknown" for result in results) else 0


def _remove_one(library: Any, name: str) -> Any:
    """Remove by id or source; a path may be given as the user typed it when adding."""
    from index.errors import UnknownDocument
    from index.intake import absolute, source_of

    try:
        return library.remove(source_of(name))
    except UnknownDocument:
        return library.remove(source_of(absolute(Path(name))))


def _list(options: argparse.Namespace) -> int:
    from index.library import Library

    with Library.open(options.library, options.model) as library:
        cards = library.documents()
    if options.json:
        _print_json({"library": str(options.library), "documents": [asdict(card) for card in cards]})
        return 0
    for card in cards:
        print(f"{card.id}  {card.language:2}  {card.published:10}  {card.passages:5} passages  {card.title}")
        print(f"{'':34}{card.source}")
    print(f"{len(cards)} documents")
    return 0


def _check(options: argparse.Namespace) -> int:
    from index.library import Library

    with Library.open(options.library, options.model) as library:
        health = library.verify()
    if options.json:
        _print_json({"library": str(options.library), "ok": health.ok, **asdict(health)})
    else:
        print(f"{health.documents} documents, {health.passages} passages")
        for problem in health.problems:
            print(f"problem: {problem}")
        if health.ok:
            print("all is well")
    return 0 if health.ok else 1


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    sys.exit(main())
