"""Conversations that outlast a reload: for whoever has the token and the name, for a while, and not too many."""

from __future__ import annotations

import pytest

from qa.answer import NoAnswer
from tests.web.test_attempts import Clock
from web.ask import kept as kept_module
from web.ask.conversation import MOST_TURNS, Conversation, Turn, conversation_html
from web.ask.kept import SECONDS, KeptConversations
from web.cards import Extent
from web.interface import Interface

NOTHING = Conversation()
ONE = Extent(1, 1, ("en",))


def asked(*questions: str) -> Conversation:
    conversation = Conversation()
    for question in questions:
        nothing = NoAnswer(question, "It does not say.", 0.1, ())
        conversation = conversation.with_turn(
            Turn(question, f"{question} (whole)", nothing, ONE, "<p>No.</p>")
        )
    return conversation


def test_a_token_brings_back_what_stood_there_then() -> None:
    kept = KeptConversations()
    first = kept.keep("anna", asked("a"))
    left, right = kept.keep("anna", asked("a", "b")), kept.keep("anna", asked("a", "c"))  # two tabs went on
    assert len({first, left, right}) == 3
    assert all(len(token) == 43 for token in (first, left, right))  # 256 bits in base64
    assert kept.find("anna", left) == asked("a", "b")
    assert kept.find("anna", right) == asked("a", "c")
    assert kept.find("anna", first) == asked("a")


def test_another_user_and_another_token_find_nothing() -> None:
    kept = KeptConversations()
    token = kept.keep("anna", asked("a"))
    assert kept.find("boris", token) == kept.find("", token) == NOTHING
    assert kept.find("anna", "") == kept.find("anna", token[:-1]) == NOTHING
    assert kept.find("anna", token) == asked("a")


def test_what_is_not_used_is_forgotten() -> None:
    clock = Clock()
    kept = KeptConversations(clock)
    used, unused = kept.keep("", asked("a")), kept.keep("", asked("b"))
    clock.now += SECONDS - 1
    assert kept.find("", used) == asked("a")
    clock.now += 2
    assert kept.find("", unused) == NOTHING
    assert kept.find("", used) == asked("a")


def test_the_longest_unused_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_module, "MOST", 3)
    kept = KeptConversations()
    tokens = [kept.keep("", asked(each)) for each in "abc"]
    assert kept.find("", tokens[0]) == asked("a")
    tokens.append(kept.keep("", asked("d")))
    found = [kept.find("", token) for token in tokens]
    assert found == [asked("a"), NOTHING, asked("c"), asked("d")]


def test_a_conversation_has_an_end_and_knows_what_it_holds() -> None:
    long = asked(*map(str, range(MOST_TURNS + 1)))
    assert [turn.question for turn in long.turns] == [str(n) for n in range(1, MOST_TURNS + 1)]
    assert long.holds("1") and long.holds("1 (whole)")
    assert not long.holds("0") and not NOTHING.holds("")


def test_a_link_leaves_the_page_as_it_is_and_the_token_is_no_markup() -> None:
    html = conversation_html(Interface(), asked('"><b>'), token='"><i>')
    assert 'target="_blank" rel="noopener"' in html
    assert "<i>" not in html and "<b>" not in html
    assert "data-kept" not in conversation_html(Interface(), asked("a"))
