"""The door: a name and a password in, the account out, with failures counted and few checks at a time."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets

import anyio
from anyio.to_thread import run_sync

from web.accounts.account_file import Account
from web.accounts.accounts import Accounts
from web.sign_in.attempts import Attempts, Key, TooManyAttempts, address_key
from web.sign_in.sessions import Limits, Sessions

# A program sends its password with every call: what was right is remembered for so long.
_OF_PROGRAMS = Limits(idle=300, longest=3600)
_MOST_WAITING = 64  # checks; the next has to come again
_SECONDS_TO_COME_AGAIN = 10.0


class Door:
    """For one event loop. A check takes memory and time (web.accounts.passwords), so there is one at a time."""

    def __init__(self, accounts: Accounts, attempts: Attempts) -> None:
        self._accounts = accounts
        self._attempts = attempts
        self._one = anyio.Lock()
        self._programs = Sessions(accounts, _OF_PROGRAMS)

    async def check(self, name: str, password: str, address: str, browser: str = "") -> Account | None:
        """The account, or None where name or password is wrong. `browser` is the value of its cookie.

        Raises TooManyAttempts, and as Accounts.check.
        """
        keys = self._keys(name, address, browser)
        self._attempts.refuse_if_many(keys)
        if self._one.statistics().tasks_waiting >= _MOST_WAITING:
            raise TooManyAttempts(_SECONDS_TO_COME_AGAIN)
        async with self._one:
            self._attempts.refuse_if_many(keys)  # those before may have failed
            account = await run_sync(self._accounts.check, name, password)
            if account is None:
                self._attempts.failed(keys)
            return account

    async def check_basic(self, authorization: str, address: str) -> Account | None:
        """As `check`, for the value of an Authorization header (RFC 7617)."""
        if account := self._programs.account(authorization):
            return account
        credentials = _credentials(authorization)
        if credentials is None:
            return None
        account = await self.check(*credentials, address)
        if account:
            self._programs.begin(account, authorization)
        return account

    def cookie_for_browser(self, account: Account) -> str:
        """What a browser shows next time to be known: good for this account, until its password changes."""
        nonce = secrets.token_urlsafe(16)
        return f"{nonce}.{_sealed(account, nonce)}"

    def _keys(self, name: str, address: str, browser: str) -> list[Key]:
        nonce, _, seal = browser.partition(".")
        account = self._accounts.find(name)
        if account and hmac.compare_digest(_sealed(account, nonce).encode(), seal.encode()):
            return [("browser", nonce)]
        return [address_key(address), ("name", account.name if account else name)]


def _sealed(account: Account, nonce: str) -> str:
    """A seal that only who has the file of accounts can make."""
    message = f"browser\0{account.name}\0{nonce}".encode()
    return hmac.digest(account.password_hash.encode(), message, "sha256").hex()


def _credentials(authorization: str) -> tuple[str, str] | None:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return (name, password) if colon else None
