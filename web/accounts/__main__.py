"""The command line of the accounts: python -m web.accounts add | list | remove."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from getpass import getpass
from pathlib import Path

from ingest.console import shown, speak_utf8
from ingest.errors import VerbatimError
from web.accounts.account_file import ROLES, Account, changing, checked_name, read_accounts
from web.accounts.errors import AccountExists, UnknownAccount, UnusablePassword
from web.accounts.passwords import SHORTEST, Passwords


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, or 1 when it was refused."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.auth is None:
        parser.error("name the file of accounts: --auth FILE, or $VERBATIM_AUTH")
    speak_utf8(getattr(options, "json", False))
    try:
        {"add": _add, "list": _list, "remove": _remove}[options.command](options)
    except VerbatimError as error:
        print(shown(f"{type(error).__name__}: {error}"), file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print(file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--auth",
        type=Path,
        metavar="FILE",
        default=Path(os.environ["VERBATIM_AUTH"]) if os.environ.get("VERBATIM_AUTH") else None,
        help="the file of accounts, which python app.py --auth takes too (default: $VERBATIM_AUTH)",
    )
    parser = argparse.ArgumentParser(
        prog="python -m web.accounts",
        description="Say who may sign in to the app. A running app takes changes at once.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add = commands.add_parser(
        "add",
        parents=[shared],
        help="let somebody sign in",
        description=f"The password, {SHORTEST} characters or more, is asked for twice on a terminal, "
        "and is else the first line of what is piped in.",
        epilog="example: python -m web.accounts add anna --role editor --auth accounts.jsonl",
    )
    add.add_argument("name", metavar="NAME", help="what is typed to sign in")
    add.add_argument(
        "--role",
        choices=ROLES,
        default="reader",
        help="a reader asks, searches and reads; an editor also adds, edits and removes (default: reader)",
    )
    add.add_argument(
        "--replace", action="store_true", help="give an account that is there this role and a new password"
    )
    listing = commands.add_parser(
        "list",
        parents=[shared],
        help="the accounts and their roles",
        epilog="example: python -m web.accounts list --auth accounts.jsonl",
    )
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    remove = commands.add_parser(
        "remove",
        parents=[shared],
        help="let somebody sign in no longer; who is signed in is out at once",
        epilog="example: python -m web.accounts remove anna --auth accounts.jsonl",
    )
    remove.add_argument("name", metavar="NAME", help="the name of the account")
    return parser


def _add(options: argparse.Namespace) -> None:
    name = checked_name(options.name)
    if options.auth.exists():  # said before a password is typed; checked again when the file is held
        _refuse_taken(name, read_accounts(options.auth), options)
    password_hash = Passwords().hash(_password(name))
    with changing(options.auth) as accounts:
        _refuse_taken(name, accounts, options)
        done = "replaced" if name in accounts else "added"
        accounts[name] = Account(name, options.role, password_hash)
    print(shown(f"{done:<10} {name} ({options.role})"))


def _list(options: argparse.Namespace) -> None:
    accounts = read_accounts(options.auth).values()
    if options.json:
        records = [{"name": account.name, "role": account.role} for account in accounts]
        print(json.dumps({"accounts": records}, ensure_ascii=False, indent=2))
        return
    for account in accounts:
        print(shown(f"{account.role:<10} {account.name}"))


def _remove(options: argparse.Namespace) -> None:
    name = checked_name(options.name)
    if name not in read_accounts(options.auth):  # says so too where there is no file to change
        raise _unknown(name, options.auth)
    with changing(options.auth) as accounts:
        if accounts.pop(name, None) is None:
            raise _unknown(name, options.auth)
    print(shown(f"removed    {name}"))


def _refuse_taken(name: str, accounts: dict[str, Account], options: argparse.Namespace) -> None:
    if name in accounts and not options.replace:
        raise AccountExists(
            f"{options.auth} has an account {name!r}. Give it a new password and role with --replace"
        )


def _unknown(name: str, path: Path) -> UnknownAccount:
    return UnknownAccount(
        f"{path} has no account {name!r}. See who has one: python -m web.accounts list --auth {path}"
    )


def _password(name: str) -> str:
    """Typed twice, where somebody types; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass(shown(f"Password for {name}: "))
    if getpass("The same again: ") != password:
        raise UnusablePassword("the two passwords differ; nothing was changed")
    return password


if __name__ == "__main__":
    sys.exit(main())
