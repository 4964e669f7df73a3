"""python -m qa ask | search | evaluate: questions from a shell, as text or as JSON.

Exit code 0: done, and a question without an answer is done too; 1: refused, with the reason;
2: a command line that makes no sense.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import VerbatimError

if TYPE_CHECKING:
    from index.hit import Filters
    from index.library import Library
    from qa.evaluate import Asked, Report

# The commands import what they need when they run: loading torch takes seconds, --help must not.

EXAMPLES = """examples:
  python -m qa ask "When did the cooperation forum begin?"
  python -m qa ask "Когда начался форум?" --document history.pdf --from 2010 --json
  python -m qa search "gas pipeline" -k 5 --language en --language ru
  python -m qa evaluate squad xquad.en.json --failures failures.jsonl
  python -m qa evaluate gold questions.jsonl --library library --json
"""
SEARCH_JSON = """With --json: {"query", "hits": [{"rank", "document_id", "title", "source", "page",
"page_label", "section", "start", "end", "text", "score", "highlights": [[start, end], ...]}]}. "start" and
"end" count the characters of the document; "highlights" count those of the hit's own "text"."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    args = _parser().parse_args(arguments)
    _speak_utf8(args.json)
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except VerbatimError as error:
        print(error, file=sys.stderr)
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
    from qa.records import answer_record
    from qa.terminal import answer_text

    with _open_library(args) as library:
        result = ask(args.question, library, filters=_filters(args, library))
    if args.json:
        _print_json(answer_record(result))
    else:
        print(answer_text(result, bold=sys.stdout.isatty()))
    return 0


def search_command(args: argparse.Namespace) -> int:
    """List the passages nearest to a query."""
    from qa.question import checked_question
    from qa.records import search_record
    from qa.terminal import hits_text

    query = checked_question(args.query)
    with _open_library(args) as library:
        hits = library.search(query, k=args.k, filters=_filters(args, library))
        if args.json:
            _print_json(search_record(args.query, hits, library))
        else:
            print(hits_text(hits, library, bold=sys.stdout.isatty()))
    return 0


def squad_command(args: argparse.Namespace) -> int:
    """Measure on SQuAD files, each in a library of its own."""
    from index.library import Library
    from qa.ask import ask
    from qa.evaluate_squad import evaluate_squad, read_squad

    sets = [read_squad(path) for path in args.files]  # all is checked before the long work begins
    _check_writable(args.failures)
    reports, asked = [], []
    for squad in sets:
        with (
            tempfile.TemporaryDirectory(prefix="verbatim-") as folder,
            Library.open(Path(folder), args.model, create=True) as library,
        ):
            report, graded = evaluate_squad(squad, library, ask)
            reports.append(_stamped(report, library))
        asked += graded
    _finish(args, reports, asked)
    return 0


def gold_command(args: argparse.Namespace) -> int:
    """Measure on the user's own questions, over their own library."""
    from qa.ask import ask
    from qa.evaluate_gold import evaluate_gold, read_gold

    questions = read_gold(args.file)
    _check_writable(args.failures)
    with _open_library(args) as library:
        report, asked = evaluate_gold(args.file, questions, library, ask)
        stamped = _stamped(report, library)
    _finish(args, [stamped], asked)
    return 0


def _finish(args: argparse.Namespace, reports: list[Report], asked: Iterable[Asked]) -> None:
    """Print the reports (one as an object, several as a list) and write the failures where asked to."""
    from qa.evaluate import failures
    from qa.terminal import report_text

    if args.failures:
        lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in failures(asked)]
        args.failures.write_text("".join(lines), encoding="utf-8")
    if args.json:
        _print_json(reports[0] if len(reports) == 1 else reports)
    else:
        print("\n\n".join(report_text(report) for report in reports))


def _check_writable(path: Path | None) -> None:
    try:
        if path:
            path.touch()
    except OSError as error:
        from qa.errors import OutputUnwritable

        raise OutputUnwritable(f"{path}: cannot be written ({error.strerror})") from error


def _stamped(report: Report, library: Library) -> Report:
    """The report with what it holds for: the model and the version of this program."""
    return {**report, "model": library.encoder.model.name, "version": "0"}


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m qa",
        description="Ask a library of documents; every answer is a quotation with its page.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = _command(commands, "ask", ask_command, "answer a question, or say that the library does not")
    command.add_argument("question", metavar="QUESTION", type=_argument, help="in any of the languages")
    _add_library(command)
    _add_filters(command)

    command = _command(commands, "search", search_command, "list the nearest passages", SEARCH_JSON)
    command.add_argument("query", metavar="QUERY", type=_argument, help="a question or keywords")
    command.add_argument("-k", type=_count, default=10, help="how many passages (default: 10)")
    _add_library(command)
    _add_filters(command)

    evaluate = commands.add_parser("evaluate", help="measure answers against a set of questions")
    sets = evaluate.add_subparsers(required=True, metavar="SET")

    command = _command(sets, "squad", squad_command, "files in the format of SQuAD 1.1 or 2.0")
    command.add_argument("files", metavar="FILE", nargs="+", type=Path, help="one report is given for each")
    _add_evaluation(command)

    command = _command(sets, "gold", gold_command, "your own questions, one JSON object a line")
    command.add_argument(
        "file", metavar="FILE", type=Path, help="{question, document, page, answers, …} a line"
    )
    _add_library(command)
    _add_evaluation(command)
    return parser


def _command(
    group: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    purpose: str,
    epilog: str = "",
) -> argparse.ArgumentParser:
    command = group.add_parser(name, help=purpose, description=run.__doc__, epilog=epilog)
    command.set_defaults(run=run)
    command.add_argument("--json", action="store_true", help="print JSON instead of text")
    command.add_argument("--model", help="name or folder of an encoder (default: multilingual-e5-small)")
    return command


def _add_library(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--library",
        metavar="DIR",
        type=Path,
        default=Path(os.environ.get("POLICY_LIBRARY") or "library"),
        help="the library's folder (default: $POLICY_LIBRARY, else ./library)",
    )


def _add_filters(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("filters", "all but the dates may be given several times")
    for option, metavar, purpose in (
        ("--document", "NAME", "only in this document: its id, source or file name"),
        ("--language", "CODE", "only in documents of this language: en, ko, ru, …"),
        ("--type", "TYPE", "only in documents of this type: article, paper, report, law, …"),
    ):
        group.add_argument(option, metavar=metavar, action="append", default=[], help=purpose)
    for option, name, purpose in (
        ("--from", "published_from", "published then or later: 2012, 2012-10, 2012-10-17"),
        ("--to", "published_to", "published then or earlier"),
    ):
        group.add_argument(option, dest=name, metavar="DATE", type=_date, help=purpose)


def _add_evaluation(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--failures", metavar="FILE", type=Path, help="write the questions that went wrong here, for reading"
    )


def _argument(text: str) -> str:
    # Bytes of the command line that are not UTF-8 arrive as lone surrogates, which nothing can encode.
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 1000:
        raise argparse.ArgumentTypeError(f"{count} is not between 1 and 1000")
    return count


def _date(text: str) -> str:
    if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2012, 2012-10 or 2012-10-17")
    return text


def _speak_utf8(as_json: bool) -> None:
    """JSON is always UTF-8; text is in the terminal's charset, with ? for what it lacks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if as_json:
            sys.stdout.reconfigure(encoding="utf-8")
        else:
            sys.stdout.reconfigure(errors="replace")


def _print_json(record: object) -> None:
    print(json.dumps(record, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    sys.exit(main())
