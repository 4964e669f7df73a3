"""The file of accounts: JSON lines, such as {"name": "anna", "role": "reader", "hash": "$argon2id$…"}."""

from __future__ import annotations

import json
import logging
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from filelock import FileLock, Timeout

from index.mirror import flush_folder
from web.accounts.errors import (
    AccountsDamaged,
    AccountsLocked,
    AccountsMissing,
    AccountsUnreadable,
    AccountsUnwritable,
    UnusableName,
)
from web.accounts.passwords import is_hash

Role = Literal["reader", "editor"]
ROLES: tuple[Role, ...] = get_args(Role)
LONGEST_NAME = 64
_FIELDS = {"name", "role", "hash"}
_SECONDS_TO_LOCK = 5
_ONLY_OWNER = 0o600
_TOO_OPEN = stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in: a reader, or an editor, who may change the library too."""

    name: str
    role: Role
    password_hash: str = field(repr=False)


def checked_name(name: str) -> str:
    """The name in composed form. Raises UnusableName."""
    name = unicodedata.normalize("NFC", name)
    # HTTP Basic separates name and password by a colon (RFC 7617).
    if not 0 < len(name) <= LONGEST_NAME or ":" in name or name != name.strip() or not name.isprintable():
        raise UnusableName(
            f"{name[: LONGEST_NAME + 1]!r} cannot be a name: it has 1 to {LONGEST_NAME} characters that can be "
            "seen, no colon, and no space before or after"
        )
    return name


def read_accounts(path: Path) -> dict[str, Account]:
    """The accounts by name; warns in the log where others may read or change the file.

    Raises AccountsMissing, AccountsDamaged, AccountsUnreadable.
    """
    try:
        mode, data = path.stat().st_mode, path.read_bytes()
    except FileNotFoundError:
        raise AccountsMissing(
            f"{path} does not exist. Make it by its first account: "
            f"python -m web.accounts add NAME --role editor --auth {path}"
        ) from None
    except OSError as error:
        raise AccountsUnreadable(
            f"{path} cannot be read: {error.strerror}. Name a file that this user may read"
        ) from error
    if mode & _TOO_OPEN:
        _log.warning(
            "%s can be read or changed by other users of this machine; run: chmod 600 %s", path, path
        )
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        raise AccountsDamaged(f"{path} is not UTF-8 text, and so no file of accounts") from None
    accounts: dict[str, Account] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            account = _account(line)
            if account.name in accounts:
                raise ValueError(f"there is an account {account.name!r} before")
        except (ValueError, RecursionError, UnusableName) as error:
            raise AccountsDamaged(
                f"{path}, line {number}: {error}. Mend the line, or delete it and add the account anew: "
                f"python -m web.accounts add NAME --auth {path}"
            ) from None
        accounts[account.name] = account
    return accounts


@contextmanager
def changing(path: Path) -> Iterator[dict[str, Account]]:
    """The accounts, to be changed in place; written at the end of the block unless it raises.

    A file that is not there yet is made. Raises as `read_accounts`, and AccountsLocked, AccountsUnwritable.
    """
    path = path.resolve()  # of a link what it leads to is replaced
    try:
        with FileLock(f"{path}.lock", timeout=_SECONDS_TO_LOCK, mode=_ONLY_OWNER):
            accounts = read_accounts(path) if path.exists() else {}
            yield accounts
            _write(path, accounts.values())
    except Timeout:
        raise AccountsLocked(f"{path} is being changed by another process. Try again in a moment") from None
    except OSError as error:
        raise AccountsUnwritable(
            f"{path} cannot be written: {error.strerror}. Name a file in a folder that this user may write"
        ) from error


def _account(line: str) -> Account:
    """One account from its line. Raises ValueError or UnusableName, whose messages repeat no hash."""
    try:
        record = json.loads(line)
    except ValueError:
        raise ValueError("it is not JSON") from None
    if not isinstance(record, dict) or set(record) != _FIELDS:
        raise ValueError("it is no object of name, role and hash")
    if not all(isinstance(value, str) for value in record.values()):
        raise ValueError("name, role and hash are not all text")
    name = checked_name(record["name"])
    if record["role"] not in ROLES:
        raise ValueError(f"the role is {record['role'][:40]!r}, and not reader or editor")
    if not is_hash(record["hash"]):
        raise ValueError("the hash is none of argon2id")
    return Account(name, record["role"], record["hash"])


def _write(path: Path, accounts: Iterable[Account]) -> None:
    """Replace the file in one step; nobody but its owner may read it, before or after."""
    lines = [
        json.dumps({"name": each.name, "role": each.role, "hash": each.password_hash}, ensure_ascii=False)
        for each in accounts
    ]
    partial = path.with_name(f"{path.name}.tmp")
    partial.unlink(missing_ok=True)  # of a crash; the lock is held
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_OWNER)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)
