"""The accounts as the running app asks for them: the file is read once, and again when it has changed."""

from __future__ import annotations

import secrets
import unicodedata
from pathlib import Path
from threading import Lock

from web.accounts.account_file import Account, read_accounts
from web.accounts.errors import AccountsMissing, AccountsUnreadable
from web.accounts.passwords import Passwords


class Accounts:
    """Safe between threads. Every method raises as `read_accounts` when the file has gone or is damaged:
    then nobody gets in, rather than somebody who was taken out."""

    def __init__(self, path: Path, passwords: Passwords | None = None) -> None:
        """Raises AccountsMissing also where the file holds no account."""
        self._path = path
        self._passwords = passwords or Passwords()
        # What an unknown name's password is checked against, so that its answer comes no sooner.
        self._decoy = self._passwords.hash(secrets.token_urlsafe())
        self._lock = Lock()
        self._version: tuple[int, int, int] | None = None
        self._accounts: dict[str, Account] = {}
        if not self._current():
            raise AccountsMissing(
                f"{path} holds no account. Add one: python -m web.accounts add NAME --role editor --auth {path}"
            )

    def find(self, name: str) -> Account | None:
        return self._current().get(unicodedata.normalize("NFC", name))

    def check(self, name: str, password: str) -> Account | None:
        """The account, where name and password are right. The same work is done whether the name is known or not."""
        account = self.find(name)
        matches = self._passwords.verify(account.password_hash if account else self._decoy, password)
        return account if matches else None

    def _current(self) -> dict[str, Account]:
        with self._lock:
            try:
                status = self._path.stat()
                version = (status.st_ino, status.st_mtime_ns, status.st_size)
            except FileNotFoundError:
                version = None  # read_accounts says so
            except OSError as error:
                raise AccountsUnreadable(f"{self._path} cannot be read: {error.strerror}") from error
            if version is None or version != self._version:
                self._accounts = read_accounts(self._path)
                self._version = version
            return self._accounts
