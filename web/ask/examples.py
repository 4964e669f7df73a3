"""Questions to begin with, for the documents that the library holds."""

from __future__ import annotations

from index.library import Library
from web.interface import Interface
from web.words import file_name

MOST = 4
LONGEST_TITLE = 60  # characters; a longer one makes no question that is read at a glance
# Of the starter documents one in each of their languages.
STARTERS = {
    "When did the cooperation forum begin?": "forum-history.en.pdf",
    "제15차 포럼은 어디에서 열렸습니까?": "priority-areas.ko.html",
    "Каковы запасы нефти Казахстана?": "energy-and-construction.ru.pdf",
    "Oʻzbekistonda qancha koreys yashaydi?": "diaspora.uz.html",
}


def examples(say: Interface, library: Library) -> tuple[str, ...]:
    """Those of the starter documents that are there, else one for each of a few titles; none for an empty library."""
    cards = library.documents()
    held = {file_name(card.source) for card in cards}
    if known := tuple(question for question, name in STARTERS.items() if name in held):
        return known
    titles = [card.title for card in cards if card.title.isprintable() and len(card.title) <= LONGEST_TITLE]
    plain = [title for title in titles if not any(mark in title for mark in '<>"“”«»„')]
    return tuple(say("What is {title} about?", title=title) for title in plain[:MOST])
