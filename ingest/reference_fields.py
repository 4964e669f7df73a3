"""The fields of a bibliography entry that stand after its authors: title, year, and what holds the work.

In: parts of an entry on one line, as `reference_entries` told them apart. Out: each field, as printed.
"""

from __future__ import annotations

import re
from typing import Literal

from .reference_names import UPPER, all_names

# How the title was told from the rest: by its quotation marks, by the year before it, by the slashes
# and dashes of GOST, by a publisher in brackets, or only by a full stop.
Style = Literal["quoted", "dated", "gost", "note", "plain"]

YEAR = r"(?:1[5-9]|20)\d\d"
_ANY_YEAR = re.compile(rf"(?<![\d./:-])({YEAR})(?:[a-z](?![^\W\d_]))?(?![\d–-]|[./]\d)")
QUOTES = {"“": "”", "«": "»", "「": "」", "„": "“", "‘": "’", "『": "』", "〈": "〉", "《": "》"}
SENTENCE_END = re.compile(
    rf"(?<![\s.(][{UPPER}])(?<!\b[Vv]s)(?<!\bNo)(?<!\bSt)[.?!](?=\s+[^\s\da-zа-я]|\s*$)"
)
EDITION = re.compile(
    r"[,.] (?:\d+(?:st|nd|rd|th)|rev(?:ised)?\.?|second|third|\d+-е) (?:ed|изд)\b|, vol\.", re.IGNORECASE
)
_MONTH = (
    r"(?:jan|feb|mar(?:ch)?\b|apr|may\b|june?\b|july?\b|aug|sept|oct|nov|dec)[a-z]*"
    r"|(?:янв|фев|марта?\b|апр|мая\b|июн|июл|авг|сент|окт|нояб|дек)[а-я]*"
)
# Where the name of a journal or book ends and its volume, issue, pages or date begin.
_NUMBERS = re.compile(
    r"[\s,.;:–—-]+(?:(?:vol(?:ume)?|no|nr|issue|iss|pp?|т|том|№|с|стр|вып|б|bet|son|c)\b\.?\s*[\d№]"
    rf"|№|\(?\d|제?\d|vol\b|volume\b|\(?(?:{_MONTH})\.? \d)",
    re.IGNORECASE,
)
_IN = re.compile(r"^(?:in|in:|в кн\.?:?|в сб\.?:?|в:)\s+", re.IGNORECASE)
_EDITORS = re.compile(r"(?P<names>.{3,120}?),? \(?eds?\.\)?[,.]? ", re.IGNORECASE)
_EDITED = re.compile(r",? (?:ed(?:ited|s)?\b\.?|под ред)(?: by)?.*$", re.IGNORECASE)
_SHORT_WORD = re.compile(rf"(?<!\w)[{UPPER}]\w{{1,5}}$")  # "Transp." in the name of a journal


def title_end(rest: str) -> int:
    """Where the first sentence ends: a full stop that is no abbreviation's, outside brackets."""
    for match in SENTENCE_END.finditer(rest):
        before = rest[: match.end()]
        if before.count("(") == before.count(")") and before.count("[") == before.count("]"):
            return match.end() - (match[0] == ".")
    return len(rest.rstrip(" ."))


def title_of(text: str) -> str:
    edition = EDITION.search(text)
    text = text[: edition.start() if edition else None].strip(" ,.;:–—-")
    if len(text) > 1 and QUOTES.get(text[0]) == text[-1] and text.count(text[0]) == 1:
        text = text[1:-1]
    return text


def year_of(rest: str, body: str, title: str) -> tuple[str, str]:
    """The year after the title, in brackets before any other; else one before it. A title's own do not count."""
    before = body.partition(title)[0] if title else ""
    for text in (rest, before):
        bracketed = re.findall(rf"\((?:[^()]*\D)?({YEAR})([a-zа-е])?\)", text)
        if bracketed:
            year, suffix = bracketed[-1]
            return year, suffix
        found = _ANY_YEAR.findall(text)
        if found:
            return str(found[-1]), ""
    return "", ""


def container_of(rest: str, *, has_url: bool, style: Style) -> str:
    """The journal, book or site that the rest begins with. A publisher alone is none: it holds no work."""
    marked = re.match(r"[\s,.]*[『«“\"《]([^』»”\"》]+)[』»”\"》]", rest)
    if marked:
        return marked[1].strip(" ,.")
    slashes = rest.find("//")
    if slashes >= 0:
        rest = re.split(r"\.?,? [–—-]{1,2} |(?<=\.)[–—]|[,.] (?=\d|№|Т\.|Vol)", rest[slashes + 2 :].strip())[
            0
        ]
        return rest.strip(" ,.;:/")
    if style in ("gost", "note"):
        return ""  # place and publisher
    rest = rest.lstrip(" ,.;:")
    inside = _IN.match(rest)
    rest = rest[inside.end() :] if inside else rest
    editors = _EDITORS.match(rest) if inside else None
    if editors and all_names(editors["names"]):
        rest = rest[editors.end() :]
    numbers = _NUMBERS.search(" " + rest)
    name = rest[: max(numbers.start() - 1, 0)] if numbers else rest
    stops = [at for at in SENTENCE_END.finditer(name) if not _is_short(name, at.start(), style)]
    name = _EDITED.sub("", name[: stops[0].start()] if stops else name).strip(" ,.;:–—-(")
    is_publisher = numbers is None and not has_url and not inside
    if is_publisher or not any(map(str.isalpha, name)) or re.match(YEAR, name):
        return ""
    return "" if ": " in name and not inside and style == "plain" else name


def _is_short(name: str, at: int, style: Style) -> bool:
    """Whether a full stop after a title in quotation marks only shortens a word of the journal's name."""
    return style == "quoted" and bool(_SHORT_WORD.search(name[:at]))
