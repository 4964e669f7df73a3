"""Questions asked one after the other, with what was answered: kept for one open page, shown as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from qa.answer import Answer, NoAnswer
from web.cards import Extent
from web.interface import Interface
from web.words import tag

MOST_TURNS = 30  # kept and shown; each can be asked again by its link


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was asked, the same as it stands by itself, its result, what was searched for it then, and
    the result as HTML."""

    question: str
    standalone: str
    result: Answer | NoAnswer
    searched: Extent
    html: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was asked on one page, oldest first."""

    turns: tuple[Turn, ...] = ()

    @property
    def before(self) -> str:
        """What the next question may lean on: the last one, made standalone; "" where there is none."""
        return self.turns[-1].standalone if self.turns else ""

    def with_turn(self, turn: Turn) -> Conversation:
        return Conversation((*self.turns, turn)[-MOST_TURNS:])

    def holds(self, question: str) -> bool:
        """Whether this was asked, in these words or in those that stand by themselves."""
        return any(question in (turn.question, turn.standalone) for turn in self.turns)


def conversation_html(say: Interface, conversation: Conversation, *, opens: str = "", token: str = "") -> str:
    """All turns; `opens` is the address that the last one shows in the viewer, `token` what brings them back."""
    turns = conversation.turns
    shown = [_turn(say, turn, newest=turn is turns[-1]) for turn in turns]
    link = f'<a data-open href="{opens}" target="source" hidden></a>' if opens else ""
    kept = f' data-kept="{escape(token)}"' if token else ""
    return f'<div class="conversation" role="log"{kept}>{"".join(shown)}{link}</div>'


def pending_html(say: Interface, conversation: Conversation, question: str, steps: Sequence[str]) -> str:
    """The turns so far, and a question that is being answered; `steps` are what is being done."""
    shown = [_turn(say, turn, newest=False) for turn in conversation.turns]
    doing = "".join(tag("li", step) for step in steps)
    return (
        f'<div class="conversation" role="log">{"".join(shown)}<section class="turn newest pending">'
        f'{tag("h2", question, "question")}<ul class="working" role="status">{doing}</ul></section></div>'
    )


def _turn(say: Interface, turn: Turn, *, newest: bool) -> str:
    link = f"{say.home}?q={quote(turn.standalone, safe='')}"
    kind = "turn newest" if newest else "turn"
    return (
        f'<section class="{kind}"><header>{tag("h2", turn.question, "question")}'
        f'<a class="link" href="{escape(link)}" target="_blank" rel="noopener" '
        f'title="{escape(say("Link to this answer"))}">{escape(say("Link"))}</a></header>{turn.html}</section>'
    )
