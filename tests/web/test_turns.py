"""So many at work, so many waiting, and the next one refused at once."""

from __future__ import annotations

import time
from threading import Event, Thread

import pytest

from web.turns import Busy, Turns


def test_one_works_one_waits_and_the_third_is_refused() -> None:
    turns = Turns(working=1, waiting=1)
    done: list[str] = []
    inside, leave, waited = Event(), Event(), Event()

    def first() -> None:
        with turns.taken():
            inside.set()
            leave.wait(20)
            done.append("first")

    def second() -> None:
        with turns.taken():
            done.append("second")
            waited.set()

    threads = [Thread(target=first), Thread(target=second)]
    threads[0].start()
    assert inside.wait(20)
    threads[1].start()
    for _ in range(2000):  # until the second stands in line
        if not turns._admitted._value:
            break
        time.sleep(0.01)
    assert not waited.is_set()
    with pytest.raises(Busy, match="again"), turns.taken():
        done.append("third")
    leave.set()
    for thread in threads:
        thread.join(20)
    assert done == ["first", "second"]
    with turns.taken():  # all turns were given back
        pass


def test_a_turn_is_given_back_after_a_failure() -> None:
    turns = Turns(working=1, waiting=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turns.taken():
            _ = 1 / 0
