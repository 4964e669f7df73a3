"""python -m qa ask | search | evaluate: questions from a shell, as text or as JSON.

Exit code 0: done, and a question without an answer is done too; 1: refused, with the reason;
2: a command line that makes no sense.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.console import shown, speak_utf8
from ingest.errors import VerbatimError
from qa.arguments import build_parser

if TYPE_CHECKING:
    from index.hit import Filters
    from index.library import Library
    from qa.answer import Answer, NoAnswer
    from qa.evaluation.grading import Asked, Report
    from qa.evaluation.run import Kind

# The commands import what they need when they run: loading torch takes seconds, --help must not.


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    args = build_parser().parse_args(arguments)
    speak_utf8(args.json)
    try:
        return COMMANDS[args.command](args)
    except VerbatimError as error:
        print(shown(f"{type(error).__name__}: {error}"), file=sys.stderr)
        if args.json:
            _print_json({"error": {"type": type(error).__name__, "message": str(error)}})
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (`| head`) has left: say nothing, also not when Python flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def ask_command(args: argparse.Namespace) -> int:
    """Answer one question with quotations, or say that the library does not."""
    from qa.ask import ask
    from qa.readers import make_reader
    from qa.records import answer_record
    from qa.terminal import answer_text

    with _open_library(args) as library:
        reader = make_reader(args.reader, library)
        result = ask(
            args.question, library, before=args.before, reader=reader, filters=_filters(args, library)
        )
        if args.export:
            return _export_evidence(result, library, args.export)
    if args.json:
        _print_json(answer_record(result))
    else:
        print(answer_text(result, bold=sys.stdout.isatty()))
    return 0


def _export_evidence(result: Answer | NoAnswer, library: Library, format: str) -> int:
    """Print what the answer rests on; without an answer nothing rests on it, and the reason is told aside."""
    from qa.answer import NoAnswer
    from qa.export import Collected, export, work_of

    if isinstance(result, NoAnswer):
        print(shown(f"No answer: {result.reason}"), file=sys.stderr)
    quotations = [
        Collected(found, work_of(library.document(found.document_id)), date.today(), question=result.question)
        for found in (result.evidence if result.answered else ())
    ]
    speak_utf8(True)
    sys.stdout.write(export(quotations, format))
    return 0


def search_command(args: argparse.Namespace) -> int:
    """List the passages nearest to a query, or the bibliography entries that hold its words."""
    from qa.question import checked_question
    from qa.records import references_record, search_record
    from qa.terminal import hits_text, references_text

    query = checked_question(args.query)
    with _open_library(args) as library:
        if args.references:
            found = library.references(query, k=args.k, filters=_filters(args, library))
            if args.json:
                _print_json(references_record(args.query, found, library))
            else:
                print(references_text(found, library, bold=sys.stdout.isatty()))
            return 0
        hits = library.search(query, k=args.k, filters=_filters(args, library))
        if args.json:
            _print_json(search_record(args.query, hits, library))
        else:
            print(hits_text(hits, library, bold=sys.stdout.isatty()))
    return 0


def squad_command(args: argparse.Namespace) -> int:
    """Measure on SQuAD files, each in a library of its own."""
    from index.encoder import load_encoder
    from index.library import Library
    from qa.ask import ask
    from qa.evaluation.run import stamped
    from qa.evaluation.squad import choose, evaluate_squad, read_squad
    from qa.evaluation.text import squad_table
    from qa.readers import make_reader

    # All is checked before the long work begins.
    sets = [choose(read_squad(path), args.paragraphs, args.limit) for path in args.files]
    _check_writable(args.failures, args.save)
    results: list[tuple[Report, Sequence[Asked]]] = []
    encoder = load_encoder(args.model)  # one for all files, and with it one reader
    for squad in sets:
        with (
            tempfile.TemporaryDirectory(prefix="verbatim-") as folder,
            Library(Path(folder), encoder) as library,
        ):
            reader = make_reader(args.reader, library)
            report, asked = evaluate_squad(squad, library, partial(ask, reader=reader))
            results.append((stamped(report, library), asked))
    _finish(args, "squad", results, squad_table([report for report, _ in results]))
    return 0


def gold_command(args: argparse.Namespace) -> int:
    """Measure on the user's own questions, over their own library."""
    from qa.ask import ask
    from qa.evaluation.gold import evaluate_gold, read_gold
    from qa.evaluation.grading import spread
    from qa.evaluation.run import stamped
    from qa.evaluation.text import gold_table
    from qa.readers import make_reader

    questions = spread(read_gold(args.file), args.limit)
    _check_writable(args.failures, args.save)
    with _open_library(args) as library:
        reader = make_reader(args.reader, library)
        report, asked = evaluate_gold(args.file, questions, library, partial(ask, reader=reader))
        report = stamped(report, library)
    _finish(args, "gold", [(report, asked)], gold_table(report))
    return 0


def compare_command(args: argparse.Namespace) -> int:
    """Set two kept evaluations side by side."""
    from qa.evaluation.comparison import compare_runs
    from qa.evaluation.run import read_run
    from qa.evaluation.text import comparison_text
    from qa.records import comparison_record

    comparison = compare_runs(read_run(args.a), read_run(args.b))
    if args.json:
        _print_json(comparison_record(comparison))
    else:
        print(comparison_text(comparison, args.show_changed))
    return 0


def _finish(
    args: argparse.Namespace, kind: Kind, results: Sequence[tuple[Report, Sequence[Asked]]], table: str
) -> None:
    """Print the reports (as JSON, one as an object, several as a list) and write what is asked to be kept."""
    from qa.evaluation.grading import failures
    from qa.evaluation.run import make_run, save_run
    from qa.evaluation.text import failures_text
    from qa.readers import BUILT_IN

    reports = [report for report, _ in results]
    stamp = {name: str(reports[0][name]) for name in ("version", "model")}
    stamp["reader"] = args.reader or BUILT_IN
    if args.save:
        save_run(make_run(kind, results, stamp), args.save)
    lost = failures(item for _, asked in results for item in asked)
    if args.failures:
        lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in lost]
        args.failures.write_text("".join(lines), encoding="utf-8")
    if args.json:
        _print_json(reports[0] if len(reports) == 1 else reports)
        return
    print(table)
    print(
        f"\nversion {stamp['version']}, {stamp['model']}, reader {stamp['reader']}; --json has every measure"
    )
    if args.show_failures:
        print(f"\n{failures_text(lost, args.show_failures)}")


def _check_writable(*paths: Path | None) -> None:
    for path in filter(None, paths):
        try:
            path.open("ab").close()  # leaves what it holds; a folder is refused
        except OSError as error:
            from qa.errors import OutputUnwritable

            raise OutputUnwritable(f"{path}: cannot be written ({error.strerror})") from error


def _open_library(args: argparse.Namespace) -> Library:
    from index.library import Library

    return Library.open(args.library, args.model)


def _filters(args: argparse.Namespace, library: Library) -> Filters:
    from index.hit import Filters

    return Filters(
        documents=_document_ids(args.document, library),
        languages=tuple(args.language),
        types=tuple(args.type),
        published_from=args.published_from or "",
        published_to=args.published_to or "",
    )


def _document_ids(names: list[str], library: Library) -> tuple[str, ...]:
    from index.errors import UnknownDocument
    from qa.names import name_finder

    find = name_finder(library)
    if unknown := [name for name in names if not find(name)]:
        raise UnknownDocument(f"{library.folder} holds no document {', '.join(map(repr, unknown))}")
    return tuple(sorted(frozenset[str]().union(*map(find, names))))


def _print_json(record: object) -> None:
    print(json.dumps(record, ensure_ascii=False, indent=2))


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "ask": ask_command,
    "search": search_command,
    "squad": squad_command,
    "gold": gold_command,
    "compare": compare_command,
}

if __name__ == "__main__":
    sys.exit(main())
