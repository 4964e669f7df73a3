"""Conversations that outlast a reload of the page, or another language of it: in memory, by tokens of 256 bits.

A tab of a browser holds the token of what it shows, and nothing else; what is shown again comes from here.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from web.ask.conversation import Conversation

MOST = 1000  # each as it stood after one answer; a turn takes about 15 kB, however many of them it is in
SECONDS = 12 * 3600  # unused: a day at the desk


@dataclass(frozen=True, slots=True)
class _Kept:
    user: str
    conversation: Conversation
    used: float


class KeptConversations:
    """The latest `MOST` of all users. Safe between threads. `clock` is the wall clock, which goes on in sleep."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()  # the longest unused first
        self._lock = Lock()

    def keep(self, user: str, conversation: Conversation) -> str:
        """Remember it as it stands now; returns its token, a new one each time: two tabs may go on from one."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._kept[token] = _Kept(user, conversation, self._clock())
            self._forget()
        return token

    def find(self, user: str, token: str) -> Conversation:
        """What this user has there; a conversation without turns where that is nothing, or another's."""
        with self._lock:
            self._forget()
            kept = self._kept.get(token)
            if kept is None or kept.user != user:
                return Conversation()
            self._kept[token] = replace(kept, used=self._clock())
            self._kept.move_to_end(token)
            return kept.conversation

    def _forget(self) -> None:
        """Let go of what is too much, and of what was not used for too long."""
        ended = self._clock() - SECONDS
        while self._kept:
            longest_unused = next(iter(self._kept.values()))
            if len(self._kept) <= MOST and longest_unused.used >= ended:
                return
            self._kept.popitem(last=False)
