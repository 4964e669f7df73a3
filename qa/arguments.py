"""What `python -m qa` accepts: its commands, their options, their help."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import TypeAlias

EXAMPLES = """examples:
  python -m qa ask "When did the cooperation forum begin?"
  python -m qa ask "Когда начался форум?" --document history.pdf --from 2010 --json
  python -m qa ask "When did the forum begin?" --export ris > forum.ris
  python -m qa search "gas pipeline" -k 5 --language en --language ru
  python -m qa search --references "Fumagalli"
  python -m qa ask "and in 2023?" --before "How much did Korea export to Uzbekistan in 2022?"
  python -m qa evaluate squad xquad.en.json xquad.ru.json --paragraphs odd --save xquad-before.json
  python -m qa evaluate gold questions.jsonl --library library --failures failures.jsonl
  python -m qa evaluate compare xquad-before.json xquad-after.json
"""
EXPORTS = ("markdown", "ris", "bibtex", "csl-json")  # of qa.export, which --help need not load
SEARCH_JSON = """With --json: {"query", "hits": [{"rank", "document_id", "title", "source", "page",
"page_label", "section", "start", "end", "text", "score", "highlights": [[start, end], ...]}]}. "start" and
"end" count the characters of the document; "highlights" count those of the hit's own "text".
With --references --json: {"query", "references": [{"rank", "document_id", "title", "source", "page", "page_label",
"start", "end", "text", "score", "reference": {"authors", "year", "title", "container", "url", "doi", "label"},
"mentions": [{"start", "end", "page", "page_label", "section", "sentence": {"start", "end", "text"}, "passage":
{"start", "end", "text"}}, ...]}]}."""

GOLD_FIELDS = """a line: {"id", "question", "document": file name or null, "page", "answers": [...], "answerable":
true or false, "language", "cross_lingual": true or false}, all but the question optional"""

COMPARE_JSON = """With --json: {"a", "b": {"kind", "finished", "version", "model", "reader"}, "parts": {"all":
[{"name", "n", "a", "b", "won", "lost", "p", "low", "high", "difference"}, ...], ...}, "changes": [{"set",
"language", "question", "expected", "moved": {measure: [a, b]}, "a", "b": {"answer", "confidence",
"first_quote", "first_source"}}, ...]}. "p" is two-sided: of McNemar's exact test where each question counts 0
or 1, else of a paired bootstrap, "low" to "high" being its interval of 95 in 100 for the difference."""

_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def build_parser() -> argparse.ArgumentParser:
    """The parser of `python -m qa`; `command` of what it parses names the command."""
    parser = argparse.ArgumentParser(
        prog="python -m qa",
        description="Ask a library of documents; every answer is a quotation with its page.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = _command(commands, "ask", "answer a question, or say that the library does not")
    command.add_argument("question", metavar="QUESTION", type=_argument, help="in any of the languages")
    command.add_argument(
        "--before", metavar="QUESTION", type=_argument, help="the question before, on which this one leans"
    )
    command.add_argument(
        "--export",
        choices=EXPORTS,
        help="print the answer's evidence, instead of the answer, as a file for a reference manager or a report",
    )
    _add_library(command)
    _add_reader(command)
    _add_filters(command)

    command = _command(commands, "search", "list the nearest passages", SEARCH_JSON)
    command.add_argument("query", metavar="QUERY", type=_argument, help="a question or keywords")
    command.add_argument("-k", type=_count, default=10, help="how many passages, or entries (default: 10)")
    command.add_argument(
        "--references",
        action="store_true",
        help="search the entries of bibliographies, and list every sentence that cites them",
    )
    _add_library(command)
    _add_filters(command)

    _add_evaluate(commands)
    return parser


def _add_evaluate(commands: _Commands) -> None:
    evaluate = commands.add_parser("evaluate", help="measure answers against a set of questions")
    sets = evaluate.add_subparsers(required=True, metavar="SET")

    command = _command(sets, "squad", "measure on files in the format of SQuAD, each as a library of its own")
    command.add_argument("files", metavar="FILE", nargs="+", type=Path, help="one report is given for each")
    command.add_argument(
        "--paragraphs",
        choices=("all", "even", "odd"),
        default="all",
        help="ask only the questions of these, counted from 0 through the file; all are searched "
        "(default: all). Tune on the one half, report on the other",
    )
    _add_evaluation(command)

    command = _command(sets, "gold", "measure on your own questions, one JSON object a line")
    command.add_argument("file", metavar="FILE", type=Path, help=GOLD_FIELDS)
    _add_library(command)
    _add_evaluation(command)

    command = _command(
        sets, "compare", "compare two evaluations kept with --save", COMPARE_JSON, encodes=False
    )
    for name, metavar, order in (("a", "RUN_A", "first"), ("b", "RUN_B", "second, over the same questions")):
        command.add_argument(name, metavar=metavar, type=Path, help=f"the {order}")
    command.add_argument(
        "--show-changed",
        metavar="N",
        type=_count_or_none,
        default=10,
        help="list so many of the questions that were lost, and of those that were won (default: 10)",
    )


def _command(
    group: _Commands,
    name: str,
    purpose: str,
    epilog: str = "",
    *,
    encodes: bool = True,
) -> argparse.ArgumentParser:
    command = group.add_parser(
        name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.", epilog=epilog
    )
    command.set_defaults(command=name)
    command.add_argument("--json", action="store_true", help="print JSON instead of text")
    if encodes:
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


def _add_reader(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--reader",
        metavar="NAME",
        help="name or folder of a model that finds answers or ranks passages (default: the built-in reader)",
    )


def _add_evaluation(command: argparse.ArgumentParser) -> None:
    _add_reader(command)
    command.add_argument(
        "--limit", metavar="N", type=_positive, help="ask only so many questions of a file, taken evenly"
    )
    command.add_argument(
        "--failures",
        metavar="FILE",
        type=Path,
        help="write the questions that went wrong here, one JSON object a line",
    )
    command.add_argument(
        "--show-failures",
        metavar="N",
        type=_count_or_none,
        default=0,
        help="list so many of the questions that went wrong below the table (default: 0)",
    )
    command.add_argument(
        "--save", metavar="FILE", type=Path, help="keep reports and every question here, for evaluate compare"
    )


def _argument(text: str) -> str:
    # Bytes of the command line that are not UTF-8 arrive as lone surrogates, which nothing can encode.
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 1000:
        raise argparse.ArgumentTypeError(f"{count} is not between 1 and 1000")
    return count


def _count_or_none(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError(f"{count} is less than 0")
    return count


def _positive(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{count} is less than 1")
    return count


def _date(text: str) -> str:
    if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2012, 2012-10 or 2012-10-17")
    return text
