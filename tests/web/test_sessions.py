"""Sessions: as long as they last, and as their account is now."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.test_accounts import HASH, QUICK
from tests.web.test_attempts import Clock
from web.accounts.account_file import Account, changing
from web.accounts.accounts import Accounts
from web.sign_in.sessions import Limits, Sessions

ANNA = Account("anna", "editor", HASH)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.jsonl"
    with changing(path) as accounts:
        accounts |= {"anna": ANNA, "boris": Account("boris", "reader", HASH)}
    return path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(path: Path, clock: Clock) -> Sessions:
    return Sessions(Accounts(path, QUICK), Limits(idle=100, longest=1000, of_one_account=3), clock)


def test_a_token_is_random_and_kept_as_a_hash_alone(sessions: Sessions) -> None:
    first, second = sessions.begin(ANNA), sessions.begin(ANNA)
    assert first != second
    assert len(first) == 43  # 256 bits in base64
    assert sessions.account(first) == ANNA
    kept = repr(vars(sessions))
    assert first not in kept
    assert second not in kept


@pytest.mark.parametrize("token", ["", "x" * 43, "é\udc80"])
def test_a_forged_token_is_nobody(sessions: Sessions, token: str) -> None:
    good = sessions.begin(ANNA)
    assert sessions.account(token) is None
    assert sessions.account(good[:-1]) is None
    assert sessions.account(good) == ANNA


def test_a_session_idle_for_too_long_ends(sessions: Sessions, clock: Clock) -> None:
    token = sessions.begin(ANNA)
    for _ in range(5):
        clock.now += 99
        assert sessions.account(token) == ANNA
    clock.now += 100
    assert sessions.account(token) is None
    clock.now -= 100
    assert sessions.account(token) is None  # it is gone


def test_a_session_in_use_ends_at_last(sessions: Sessions, clock: Clock) -> None:
    token = sessions.begin(ANNA)
    for _ in range(19):
        clock.now += 50
        assert sessions.account(token) == ANNA
    clock.now += 50
    assert sessions.account(token) is None


def test_signing_out_ends_one_session(sessions: Sessions) -> None:
    first, second = sessions.begin(ANNA), sessions.begin(ANNA)
    sessions.end(first)
    sessions.end("never begun")
    assert sessions.account(first) is None
    assert sessions.account(second) == ANNA


def test_the_oldest_of_too_many_goes_and_nobody_elses(sessions: Sessions, path: Path) -> None:
    other = sessions.begin(Account("boris", "reader", HASH))
    tokens = [sessions.begin(ANNA) for _ in range(5)]
    assert [sessions.account(token) is not None for token in tokens] == [False, False, True, True, True]
    assert sessions.account(other) is not None


def test_what_has_expired_is_forgotten(sessions: Sessions, clock: Clock) -> None:
    sessions.begin(ANNA)
    clock.now += 100
    sessions.begin(Account("boris", "reader", HASH))
    assert len(sessions._sessions) == 1


def test_the_role_is_the_one_of_now(sessions: Sessions, path: Path) -> None:
    token = sessions.begin(ANNA)
    with changing(path) as accounts:
        accounts["anna"] = Account("anna", "reader", HASH)
    account = sessions.account(token)
    assert account is not None
    assert account.role == "reader"


def test_a_new_password_and_a_removal_end_the_sessions(sessions: Sessions, path: Path) -> None:
    first = sessions.begin(ANNA)
    with changing(path) as accounts:
        accounts["anna"] = Account("anna", "editor", QUICK.hash("another password"))
    assert sessions.account(first) is None
    with changing(path) as accounts:
        second = sessions.begin(accounts["anna"])
        del accounts["anna"]
    assert sessions.account(second) is None
