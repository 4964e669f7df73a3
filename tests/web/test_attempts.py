"""Failures are counted by whom they concern, and no stranger shuts a user out for good."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from web.sign_in import attempts as module
from web.sign_in.attempts import LIMITS, Attempts, Key, TooManyAttempts, address_key


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attempts(clock: Clock) -> Attempts:
    return Attempts(clock)


ADDRESS: Key = ("address", "192.0.2.1")
NAME: Key = ("name", "anna")


def fail(attempts: Attempts, keys: Sequence[Key], times: int = 1) -> int:
    """How many of so many failures were let through."""
    through = 0
    for _ in range(times):
        try:
            attempts.refuse_if_many(keys)
        except TooManyAttempts:
            continue
        attempts.failed(keys)
        through += 1
    return through


def test_a_full_bucket_refuses_and_says_for_how_long(attempts: Attempts, clock: Clock) -> None:
    assert fail(attempts, [ADDRESS], 50) == LIMITS["address"].at_once
    with pytest.raises(TooManyAttempts, match="try again in 60 seconds") as caught:
        attempts.refuse_if_many([ADDRESS])
    assert caught.value.seconds == 60
    clock.now += 59
    assert fail(attempts, [ADDRESS]) == 0
    clock.now += 1
    assert fail(attempts, [ADDRESS], 2) == 1
    clock.now += 60 * 60
    assert fail(attempts, [ADDRESS], 50) == LIMITS["address"].at_once


def test_buckets_are_apart(attempts: Attempts) -> None:
    fail(attempts, [ADDRESS], 50)
    assert fail(attempts, [("address", "192.0.2.2")]) == 1
    assert fail(attempts, [NAME]) == 1
    assert fail(attempts, [NAME, ADDRESS]) == 0


def test_one_address_guessing_for_a_day_never_fills_a_name(attempts: Attempts, clock: Clock) -> None:
    for _ in range(24 * 60):
        fail(attempts, [ADDRESS, NAME], 3)
        clock.now += 60
    attempts.refuse_if_many([NAME, ("address", "198.51.100.7")])  # does not raise


def test_many_addresses_fill_a_name_and_not_the_browser_that_is_known(attempts: Attempts) -> None:
    through = sum(fail(attempts, [("address", f"192.0.2.{n}"), NAME], 20) for n in range(20))
    assert through == LIMITS["name"].at_once
    with pytest.raises(TooManyAttempts):
        attempts.refuse_if_many([("address", "198.51.100.7"), NAME])
    attempts.refuse_if_many([("browser", "nonce")])  # does not raise


def test_memory_is_bounded_and_keeps_what_was_tried_last(
    attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BUCKETS", 100)
    for number in range(300):
        attempts.failed([("name", f"{number}"), ADDRESS])
    assert len(attempts._buckets) == 100
    with pytest.raises(TooManyAttempts):
        attempts.refuse_if_many([ADDRESS])


@pytest.mark.parametrize(
    ("host", "value"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_addresses_of_one_customer_are_one(host: str, value: str) -> None:
    assert address_key(host) == ("address", value)
