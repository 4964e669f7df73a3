"""The door under a crowd: guesses sent at once count like those sent one after the other."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from tests.web.event_loop import run
from tests.web.test_accounts import HASH, PASSWORD, CountingPasswords
from web.accounts.account_file import Account, changing
from web.accounts.accounts import Accounts
from web.sign_in import door as module
from web.sign_in.attempts import LIMITS, Attempts, TooManyAttempts
from web.sign_in.door import Door


@pytest.fixture
def passwords() -> CountingPasswords:
    return CountingPasswords()


@pytest.fixture
def door(tmp_path: Path, passwords: CountingPasswords) -> Door:
    path = tmp_path / "accounts.jsonl"
    with changing(path) as accounts:
        accounts["anna"] = Account("anna", "editor", HASH)
    return Door(Accounts(path, passwords), Attempts())


def crowd(door: Door, password: str, addresses: list[str]) -> list[str]:
    """What becomes of a check from each address, all sent at once."""
    outcomes: list[str] = []

    async def one(address: str) -> None:
        try:
            outcomes.append("in" if await door.check("anna", password, address) else "wrong")
        except TooManyAttempts:
            outcomes.append("refused")

    async def all_at_once() -> None:
        async with anyio.create_task_group() as group:
            for address in addresses:
                group.start_soon(one, address)

    run(all_at_once())
    return outcomes


def test_guesses_at_once_count_one_by_one(door: Door, passwords: CountingPasswords) -> None:
    outcomes = crowd(door, "a wrong password", ["192.0.2.1"] * 60)
    assert outcomes.count("wrong") == LIMITS["address"].at_once
    assert outcomes.count("refused") == 60 - LIMITS["address"].at_once
    assert len(passwords.verified) == LIMITS["address"].at_once


def test_many_may_come_at_once_from_one_address(door: Door) -> None:
    assert crowd(door, PASSWORD, ["192.0.2.1"] * 50) == ["in"] * 50


def test_a_crowd_too_large_is_told_to_come_again(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_WAITING", 5)
    outcomes = crowd(door, PASSWORD, [f"192.0.2.{number}" for number in range(20)])
    assert outcomes.count("in") == 6  # one at work, five waiting
    assert outcomes.count("refused") == 14
    assert crowd(door, PASSWORD, ["192.0.2.1"]) == ["in"]


def test_a_new_password_needs_a_browser_to_be_known_anew(door: Door, tmp_path: Path) -> None:
    old = Account("anna", "editor", HASH)
    cookie = door.cookie_for_browser(old)
    assert door.cookie_for_browser(old) != cookie
    assert door._keys("anna", "192.0.2.1", cookie)[0][0] == "browser"
    assert door._keys("boris", "192.0.2.1", cookie)[0][0] == "address"
    with changing(tmp_path / "accounts.jsonl") as accounts:
        accounts["anna"] = Account("anna", "editor", CountingPasswords().hash("a new password"))
    assert [kind for kind, _ in door._keys("anna", "192.0.2.1", cookie)] == ["address", "name"]
