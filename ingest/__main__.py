"""The command line of ingestion: python -m ingest add | remove | list | edit | check.

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

from ingest.console import page_list, shown, speak_utf8
from ingest.errors import VerbatimError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, or 1 when something was refused."""
    options = _parser().parse_args(arguments)
    speak_utf8(options.json)
    commands = {"add": _add, "remove": _remove, "list": _list, "edit": _edit, "check": _check}
    try:
        return commands[options.command](options)
    except VerbatimError as error:
        if options.json:
            _print_json({"error": {"type": type(error).__name__, "message": str(error)}})
        print(shown(f"{type(error).__name__}: {error}"), file=sys.stderr)
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
        help="add files, folders and web addresses",
        epilog="example: python -m ingest add papers report.pdf https://example.org/law.html",
    )
    add.add_argument(
        "paths",
        nargs="+",
        metavar="PATH|URL",
        help="a file, a folder with all it holds (again: what is new, changed or vanished), or a web address",
    )
    add.add_argument(
        "--prune", action="store_true", help="remove what the library holds of these folders and they do not"
    )
    add.add_argument(
        "--allow-private",
        action="store_true",
        help="fetch web addresses of this machine and its network too",
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
    edit = commands.add_parser(
        "edit",
        parents=[shared],
        help="say what a document is, where its file does not or is wrong",
        description="What is given stands above what the file says, also when the file changes; "
        'an empty value ("") gives back what the file says.',
        epilog='example: python -m ingest edit papers/trade.pdf --title "Trade in 2022" --published 2023-05',
    )
    edit.add_argument("document", metavar="ID|SOURCE", help="a document's id, or the file it came from")
    edit.add_argument(
        "--author", action="append", dest="authors", metavar="NAME", help="again for each further author"
    )
    for field, metavar, help in (
        ("title", "TEXT", "its title; passages are found by it too"),
        ("publisher", "NAME", "who published it"),
        ("published", "DATE", "when: 2012, 2012-10 or 2012-10-17"),
        ("language", "CODE", "two letters (ISO 639-1): en, ko, ru, uz, kk, ky, tg, tk"),
        ("type", "TYPE", "article, paper, report, law or statistics"),
        ("doi", "DOI", "such as 10.1234/abc"),
        ("url", "URL", "its address on the web"),
    ):
        edit.add_argument(f"--{field}", metavar=metavar, help=help)
    commands.add_parser(
        "check",
        parents=[shared],
        help="the library's health; exit code 1 when there is a problem",
        epilog="example: python -m ingest check --library archive",
    )
    return parser


def _add(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from index.intake import Progress, add_paths
    from index.library import Library

    outcomes = []
    with (
        Library.open(options.library, options.model, create=True) as library,
        tqdm(disable=None, leave=False, bar_format=_BAR) as bar,  # shown on a terminal only
    ):

        def show(progress: Progress) -> None:
            bar.total, bar.n = progress.files, progress.files_done
            bar.set_description_str(shown(progress.text))

        found = add_paths(
            library, options.paths, show, prune=options.prune, allow_private=options.allow_private
        )
        for outcome in found:
            outcomes.append(outcome)
            if not options.json:
                with bar.external_write_mode(sys.stdout):
                    print(*map(shown, _outcome_lines(outcome)), sep="\n", flush=True)
    statuses = ("added", "unchanged", "replaced", "refused", "vanished", "removed")
    counts = {status: sum(outcome.status == status for outcome in outcomes) for status in statuses}
    if options.json:
        _print_json(
            {"library": str(options.library), "files": [asdict(outcome) for outcome in outcomes], **counts}
        )
    else:
        print(", ".join(f"{count} {status}" for status, count in counts.items() if count) or "no files found")
    return 1 if any(outcome.error for outcome in outcomes) else 0


_BAR = "{n_fmt}/{total_fmt} files |{bar:20}| {desc}"


def _outcome_lines(outcome: Any) -> list[str]:
    """The line of a file, and under it a line for each thing that its reader wants known."""
    from index.health import severity

    tail = f"  {outcome.error}: {outcome.reason}" if outcome.reason else ""
    notes = [f"{'':11}{severity(note.kind)}: {note.message}{page_list(note.pages)}" for note in outcome.notes]
    if outcome.status == "vanished" and not tail:
        tail = "  still in the library; --prune takes it out"
    return [f"{outcome.status:9}  {outcome.source}{tail}", *notes]


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
                if library.clear_failure(name) or library.clear_failure(_as_source(name)):
                    results.append({"document": name, "status": "removed", "source": name})
                else:
                    results.append({"document": name, "status": "unknown", "reason": str(error)})
    if options.json:
        _print_json({"library": str(options.library), "documents": results})
    else:
        for result in results:
            tail = f"  {result['reason']}" if "reason" in result else ""
            print(shown(f"{result['status']:9}  {result.get('source') or result['document']}{tail}"))
    return 1 if any(result["status"] == "unknown" for result in results) else 0


def _remove_one(library: Any, name: str) -> Any:
    """Remove by id or source; a path may be given as the user typed it when adding."""
    from index.errors import UnknownDocument
    from index.folders import source_of

    try:
        return library.remove(source_of(name))
    except UnknownDocument:
        return library.remove(_as_source(name))


def _as_source(name: str) -> str:
    """The source of a file, by its path as typed."""
    from index.folders import absolute, source_of

    return source_of(absolute(Path(name)))


def _edit(options: argparse.Namespace) -> int:
    from index.edits import FIELDS
    from index.errors import UnknownDocument
    from index.folders import source_of
    from index.library import Library

    changes = {field: getattr(options, field) for field in FIELDS if getattr(options, field) is not None}
    with Library.open(options.library, options.model) as library:
        try:
            card = library.edit(source_of(options.document), **changes)
        except UnknownDocument:
            card = library.edit(_as_source(options.document), **changes)
    if options.json:
        _print_json({"library": str(options.library), "document": asdict(card)})
        return 0
    print(shown(f"edited  {card.source}"))
    for field in changes:
        value = getattr(card, field)
        print(shown(f"  {field}: {value if isinstance(value, str) else '; '.join(value)}"))
    return 0


def _list(options: argparse.Namespace) -> int:
    from index.library import Library

    with Library.open(options.library, options.model) as library:
        cards = library.documents()
    if options.json:
        _print_json({"library": str(options.library), "documents": [asdict(card) for card in cards]})
        return 0
    for card in cards:
        row = f"{card.id}  {card.language:2}  {card.published:10}  {card.passages:5} passages  {card.title}"
        print(shown(row), shown(f"{'':34}{card.source}"), sep="\n")
    print(f"{len(cards)} documents")
    return 0


def _check(options: argparse.Namespace) -> int:
    from index.health import lines
    from index.library import Library

    with Library.open(options.library, options.model) as library:
        health = library.verify()
    if options.json:
        _print_json({"library": str(options.library), "ok": health.ok, **asdict(health)})
    else:
        print(*map(shown, lines(health)), sep="\n")
    return 0 if health.ok else 1


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    sys.exit(main())
