"""Links in running text: DOIs and URLs, also where a line's end broke one.

In: a text. Out: each Link as it is to be followed, with the span that it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TEXT = r"[^\s<>\"“”«»「」『』，。]"
_URL = re.compile(
    rf"(?:https?://|www\.){_TEXT}+"
    # "ec.europa.eu/justice": a site without its scheme shows by the path after it.
    rf"|(?<![\w@./-])(?-i:[a-z\d-]{{1,40}}\.){{1,4}}(?-i:[a-z]{{2,6}})/\w{_TEXT}*",
    re.IGNORECASE,
)
DOI_START = r"(?<![\w.])10\.\d{4,9}/"
DOI = re.compile(rf"{DOI_START}{_TEXT}+")  # with the punctuation that may follow it in a sentence
# What an address may go on with on the next line: decided by the two characters at the break.
_LINE_BREAK = re.compile(r"[ \t]*\n{1,2}[ \t]*([^\s<>\"“”«»]+)")
_OPEN_END = tuple("/-_=&?%#~")
_CONTINUES = re.compile(
    r"[/?&=#%_~]|[\w%~+.-]*[\w%](?:/|\.(?:html?|pdf|php|aspx?|do|jsp|docx?|hwp)\b|[=&]\S)"
)
_ENTRY_MARK = re.compile(r"\[?\d{1,3}[\].)]")
_TRAILING = ".,;:!?'’*_\\…"
_PAIRS = {")": "(", "]": "[", "}": "{", "〉": "〈", "》": "《", "）": "（"}
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Link:
    """A DOI ("10.1234/abc") or a URL, and the span of the text it was read from."""

    start: int
    end: int
    url: str = ""
    doi: str = ""


def links(text: str) -> Iterator[Link]:
    """The URLs and DOIs of a text, in order; a resolver's URL ("https://doi.org/10.…") has both fields."""
    done = 0
    found = [*_URL.finditer(text), *DOI.finditer(text)]
    for match in sorted(found, key=lambda match: (match.start(), -match.end())):
        if match.start() < done:
            continue
        pieces, end = _pieces(text, match.start(), match.end())
        raw = "".join(pieces)
        kept = _without_trailing(raw)
        end -= len(raw) - len(kept)
        if end <= match.start() or not kept:
            continue
        value = unescaped(kept)
        is_url = match.re is _URL
        resolves = not is_url or "doi.org/" in value.lower()
        yield Link(
            match.start(),
            end,
            url=value if is_url else "",
            doi=first_doi(value) if resolves else "",
        )
        done = end


def first_doi(text: str) -> str:
    """The first DOI on a line, "" when there is none: of "https://doi.org/10.1234/AbC." it is "10.1234/AbC"."""
    found = DOI.search(text)
    return _without_trailing(found[0]) if found else ""


def unescaped(text: str) -> str:
    """Without the backslashes that Markdown puts before punctuation: "m\\_21618" is "m_21618"."""
    return _ESCAPED.sub(r"\1", text)


def _pieces(text: str, start: int, end: int) -> tuple[list[str], int]:
    """The parts of an address on this and the following lines, and where the last one ends."""
    pieces = [text[start:end]]
    while broken := _LINE_BREAK.match(text, end):
        following = broken[1]
        goes_on = text[end - 1] in _OPEN_END and not _ENTRY_MARK.match(following)
        if not goes_on and (text[end - 1] in ",;:)" or not _CONTINUES.match(following)):
            break
        if following.lower().startswith(("http://", "https://", "www.", "10.")):
            break
        pieces.append(following)
        end = broken.end()
    return pieces, end


def _without_trailing(address: str) -> str:
    """Without the punctuation of the sentence around it; a bracket stays where its partner is inside."""
    while address:
        last = address[-1]
        if last in _TRAILING or (last in _PAIRS and address.count(last) > address.count(_PAIRS[last])):
            address = address[:-1]
        else:
            break
    return address
