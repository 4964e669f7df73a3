"""A query in, what it puts in quotation marks out: words that a passage must hold exactly, in that order.

Letter case, the kind of apostrophe, the space and the kind of quotation mark between words make no difference,
nor do the marks of notes.
"""

from __future__ import annotations

import re

from index.letters import APOSTROPHES
from index.raised_figures import nfkc

# Opening and closing marks. A single ' or ’ is an apostrophe; „German“ and ”Swedish” close as they please.
_MARKS = (("“„”", "”“"), ('"', '"'), ("«", "»"), ("「", "」"), ("『", "』"), ("‹", "›"), ("＂", "＂"))
_QUOTED = re.compile("|".join(f"[{opens}]([^{opens}{closes}\n]+)[{closes}]" for opens, closes in _MARKS))
_ENDS = re.compile(r"^\W+|\W+$")  # of a quotation: a comma, an asterisk
_ALIKE = str.maketrans({**dict.fromkeys(APOSTROPHES, "'"), **dict.fromkeys("‐‑–—−", "-"), "\u00ad": ""})


def quoted(query: str) -> tuple[str, ...]:
    """What stands in quotation marks, as typed; marks around nothing that is a word are no quotation."""
    found = (next(filter(None, match.groups())).strip() for match in _QUOTED.finditer(query))
    return tuple(dict.fromkeys(phrase for phrase in found if re.search(r"\w", phrase)))


def quoted_spans(query: str) -> list[tuple[int, int]]:
    """Where the quotations stand, with their marks."""
    return [match.span() for match in _QUOTED.finditer(query)]


def without_quotes(query: str) -> str:
    """The query with what it quotes as plain words."""
    return " ".join(_QUOTED.sub(lambda match: f" {next(filter(None, match.groups()))} ", query).split())


def holds(text: str, phrase: str) -> bool:
    """Whether a text holds the words of a phrase, whole and in their order."""
    return holds_folded(folded(text), phrase)


def holds_folded(text: str, phrase: str) -> bool:
    """The same for a text that is `folded`. A Korean word may have a particle written onto its end."""
    wanted = _ENDS.sub("", folded(phrase))
    before = r"(?<!\w)" if re.match(r"\w", wanted) else ""
    after = r"(?![^\W⁰¹²³⁴-⁹])" if re.search(r"[^\W가-힣]\Z", wanted) else ""
    return re.search(before + re.escape(wanted) + after, text) is not None


def folded(text: str) -> str:
    """One letter case, one apostrophe, one hyphen, single spaces, no marks of notes."""
    return " ".join(nfkc(text.translate(_ALIKE)).casefold().split())
