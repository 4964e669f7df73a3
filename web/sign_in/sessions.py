"""Who is signed in: tokens of 256 bits, remembered by their keyed hash, in memory alone.

A session ends when it was idle for too long, when it is too old, when its account is taken out or gets another
password, and when the app ends. Its role is the account's, as it is now.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from web.accounts.account_file import Account
from web.accounts.accounts import Accounts


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts, in seconds, and how many of one account are remembered."""

    idle: float = 4 * 3600
    longest: float = 12 * 3600  # a day at the desk
    of_one_account: int = 50


@dataclass(frozen=True, slots=True)
class _Session:
    account: Account
    began: float
    used: float


class Sessions:
    """For one thread. `clock` is the wall clock, which goes on while the machine sleeps."""

    def __init__(
        self, accounts: Accounts, limits: Limits = Limits(), clock: Callable[[], float] = time.time
    ) -> None:
        self._accounts = accounts
        self._limits = limits
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._sessions: dict[bytes, _Session] = {}

    def begin(self, account: Account, token: str | None = None) -> str:
        """Remember that `account` has signed in; returns the token, a new one where none is given."""
        now = self._clock()
        self._sessions = {digest: each for digest, each in self._sessions.items() if self._lasts(each, now)}
        own = [digest for digest, each in self._sessions.items() if each.account.name == account.name]
        for digest in own[: max(0, len(own) + 1 - self._limits.of_one_account)]:
            del self._sessions[digest]
        token = token or secrets.token_urlsafe(32)
        self._sessions[self._digest(token)] = _Session(account, now, now)
        return token

    def account(self, token: str) -> Account | None:
        """Whose session this is, and None when it is none. Raises as Accounts.find."""
        digest, now = self._digest(token), self._clock()
        session = self._sessions.get(digest)
        if session is None:
            return None
        account = self._accounts.find(session.account.name)
        current = account is not None and account.password_hash == session.account.password_hash
        if not current or not self._lasts(session, now):
            del self._sessions[digest]
            return None
        self._sessions[digest] = replace(session, used=now)
        return account

    def end(self, token: str) -> None:
        self._sessions.pop(self._digest(token), None)

    def _lasts(self, session: _Session, now: float) -> bool:
        return now - session.used < self._limits.idle and now - session.began < self._limits.longest

    def _digest(self, token: str) -> bytes:
        return hmac.digest(self._key, token.encode("utf-8", "surrogateescape"), "sha256")
