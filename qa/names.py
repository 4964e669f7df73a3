"""What people call a document (an id, a source, a path, a file name) becomes the ids it stands for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from index.library import Library


def name_finder(library: Library) -> Callable[[str], frozenset[str]]:
    """A function from a name to the ids of the documents that bear it, none where nothing does.

    Several bear one file name where they come from different folders.
    """
    held: dict[str, set[str]] = {}
    for card in library.documents():
        for name in {card.id, _spelled(card.source), _spelled(Path(card.source).name)}:
            held.setdefault(name, set()).add(card.id)

    def find(name: str) -> frozenset[str]:
        return frozenset(held.get(_spelled(name)) or held.get(_spelled(str(Path(name).absolute()))) or ())

    return find


def nearest_names(name: str, library: Library, count: int = 3) -> tuple[str, ...]:
    """The file names in the library that are spelled most like `name`, at most `count`; none where none is near."""
    names = {_spelled(Path(card.source).name) for card in library.documents()}
    folded = {each.casefold(): each for each in sorted(names)}
    wanted = _spelled(Path(name).name).casefold()
    return tuple(folded[each] for each in get_close_matches(wanted, folded, count))


def _spelled(name: str) -> str:
    # One name has two spellings in Unicode: macOS lists "연구.pdf" decomposed, people type it composed.
    return unicodedata.normalize("NFC", name)
