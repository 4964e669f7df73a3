"""The command lines explain themselves: every option has a help text, every command an example."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.__main__ import main as ingest_main
from qa.__main__ import main as qa_main

README = Path(__file__).parents[1] / "README.md"


def _parser_of(main: Callable[[list[str]], int]) -> argparse.ArgumentParser:
    """The parser that a command line makes."""
    made: list[argparse.ArgumentParser] = []

    def parse_args(self: argparse.ArgumentParser, *_: object) -> None:
        made.append(self)
        raise SystemExit

    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(SystemExit):
        patch.setattr(argparse.ArgumentParser, "parse_args", parse_args)
        main([])
    return made[0]


def _commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parsers of all commands, those that only hold others left out."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield parser
    for group in groups:
        for command in group.choices.values():
            yield from _commands(command)


COMMANDS = [
    pytest.param(top, command, id=command.prog.removeprefix("python -m "))
    for top in (_parser_of(ingest_main), _parser_of(qa_main))
    for command in _commands(top)
]


def test_the_commands_are_those_of_the_contract() -> None:
    names = [str(command.id) for command in COMMANDS]
    assert names == [
        *("ingest add", "ingest remove", "ingest list", "ingest edit", "ingest check"),
        *("qa ask", "qa search", "qa evaluate squad", "qa evaluate gold", "qa evaluate compare"),
    ]


@pytest.mark.parametrize(("top", "command"), COMMANDS)
def test_every_option_has_a_help_text(top: argparse.ArgumentParser, command: argparse.ArgumentParser) -> None:
    for action in command._actions:
        name = "/".join(action.option_strings) or str(action.metavar)
        assert action.help and len(action.help) > 5, f"{command.prog} {name} has no help text"


@pytest.mark.parametrize(("top", "command"), COMMANDS)
def test_every_command_has_an_example(top: argparse.ArgumentParser, command: argparse.ArgumentParser) -> None:
    shown = top.format_help() + command.format_help()
    readme = README.read_text(encoding="utf-8") if README.is_file() else ""
    text = " ".join((shown + readme).split())
    assert f"{command.prog} --" in text or any(
        f"{command.prog} {start}" in text
        for start in ('"', "papers", "report", "corpus", "xquad", "questions", "../", "library")
    ), f"neither --help nor the README shows {command.prog} at work"


@pytest.mark.parametrize(("top", "command"), COMMANDS)
def test_every_option_is_shown_or_explained(
    top: argparse.ArgumentParser, command: argparse.ArgumentParser
) -> None:
    text = command.format_help()
    for action in command._actions:
        for option in action.option_strings:
            assert option in text


@pytest.mark.parametrize(("top", "command"), COMMANDS)
def test_help_reads_well(
    top: argparse.ArgumentParser, command: argparse.ArgumentParser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = command.format_help().splitlines()
    assert max(map(len, lines)) <= 110
    assert "%" not in command.format_help()  # a default that was not filled in
