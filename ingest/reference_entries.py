"""One entry of a bibliography, parsed: who wrote what, when, and where it is found.

In: the raw text of an entry in any of the usual styles (APA, Chicago, Harvard, IEEE, GOST, Vancouver,
Korean). Out: its Entry; a field that the entry does not state, or that cannot be told, is "".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .links import links, unescaped
from .reference_fields import (
    EDITION,
    QUOTES,
    SENTENCE_END,
    YEAR,
    Style,
    container_of,
    title_end,
    title_of,
    year_of,
)
from .reference_names import UPPER, all_names, leading_names, organisation

_LONGEST = 2_000  # characters of an entry that are read; a longer one is no entry
_NO_DATE = r"n\. ?d\.|б\. ?г\.|s\. ?a\.|in press|forthcoming"
_BRACKETED_YEAR = re.compile(
    rf"[\s.,]*[(\[（](?:({YEAR})([a-zа-е])?|{_NO_DATE})(?:[,\s/][^()\[\]]{{0,30}})?[)\]）]"
)
_BARE_YEAR = re.compile(rf"(?:,|\.|\s)\s*({YEAR})([a-zа-е])?\s*[.,:](?=\s)")
_AMERICAN_END = re.compile(r"[,.?!]\"(?=\s|$)")
_STRAIGHT_END = re.compile(r"\"(?=[\s,.;:)]|$)")
_MEDIUM = re.compile(
    r"\s*\[(?:online|электронный ресурс|электрондық ресурс|elektron resurs|текст|матн|matn|print)\]\.?:?",
    re.IGNORECASE,
)
_SEEN = (
    r"(?:last )?(?:accessed|retrieved|viewed)|дата (?:обращения|доступа)|просмотрено|검색일|접속일"
    r"|murojaat (?:etilgan )?(?:sanasi|vaqti|sana)|мурожаат санаси|қаралған күні|жүгінген күні|кайрылган күнү"
)
_ACCESS = re.compile(
    rf"\s*[(\[](?:{_SEEN})[^()\[\]]*[)\]]"
    rf"|(?:{_SEEN})\b[^()\[\]]{{0,30}}?{YEAR}(?:-\d\d-\d\d|[. ]*\d{{1,2}}\. ?\d{{1,2}}\.?)?(?:,? from\b)?:?",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"\b(?:available (?:at|from|online)|available|retrieved from|url|doi|режим доступа"
    r"|havola|сілтеме|출처)\s*:?\s*(?=[.,;)]|$)"
    r"|[(\[](?:doi|url|online)?\s*:?\s*[)\]]",
    re.IGNORECASE,
)
_GOST_PART = re.compile(r"\.?,? [–—-]{1,2} |(?<=\.)[–—] ?")
_PLACE = re.compile(rf"\. (?=(?:[{UPPER}]\.|[{UPPER}]\w+(?:[- ][{UPPER}]\w+)?) ?: ?[{UPPER}«“\"])")
_PUBLISHED = re.compile(rf"\s*\((?:[^()]*[,:]\s*)?({YEAR})\)")  # (New York: Columbia University Press, 2006)
_SEE = re.compile(
    r"^(?:(?:for )?(?:more|further) [^.“”\"]{0,60}?\b(?:see|found in|found at)|see(?:,)?(?: also)?"
    r"|cf\.|compare|see, e\.g\.,|e\.g\.,?|см\.(?: также)?:?|қараңыз:?|qarang:?|참조:?)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """The fields of Reference, the letter after the year that tells two works apart ("2013a"), the style."""

    authors: tuple[str, ...] = ()
    year: str = ""
    suffix: str = ""
    title: str = ""
    container: str = ""
    url: str = ""
    doi: str = ""
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class _Told:
    """What one way of reading an entry found: authors, title, what follows the title, and a year if one led."""

    authors: tuple[str, ...]
    title: str
    rest: str
    style: Style
    year: str = ""
    suffix: str = ""


def parse(raw: str) -> Entry:
    """The entry without its label. Lines may be broken; Markdown's backslashes are taken away."""
    raw = raw[:_LONGEST]
    found = list(links(raw))
    body = _body(raw, [(address.start, address.end) for address in found])
    told = next(filter(None, (reading(body) for reading in _READINGS)))
    year, suffix = (told.year, told.suffix) if told.year else year_of(told.rest, body, told.title)
    return Entry(
        authors=told.authors,
        year=year,
        suffix=suffix,
        title=title_of(told.title),
        container=container_of(told.rest, has_url=any(address.url for address in found), style=told.style),
        url=next((address.url for address in found if address.url), ""),
        doi=next((address.doi for address in found if address.doi), ""),
        style=told.style,
    )


def _body(raw: str, spans: list[tuple[int, int]]) -> str:
    """The entry on one line, without its addresses and what only leads to them."""
    pieces, done = [], 0
    for start, end in spans:
        pieces.append(raw[done:start])
        done = end
    text = unescaped(" ".join("".join([*pieces, raw[done:]]).replace("<>", "").split()))
    text = _LEAD_IN.sub("", _ACCESS.sub("", _MEDIUM.sub("", text)))
    return _SEE.sub("", re.sub(r"\s+([.,;:])", r"\1", text).strip(" ;,"))


# --- readings: each takes the body of an entry and answers with what it told, or None ----------------


def _quoted(body: str) -> _Told | None:
    """M. Fumagalli, "Title," Journal …; 김성환. 2012. 「제목」, 『저널』 …; "Title"."""
    at = next((index for index, char in enumerate(body) if char == '"' or char in QUOTES), -1)
    if at < 0:
        return None
    prefix, year, suffix = _without_year(body[:at])
    authors = all_names(prefix)
    parted = bool(year) or prefix.rstrip().endswith((",", ".", ":")) or not prefix.strip()
    if authors is None and parted:
        authors = organisation(prefix)
    if not parted and not re.search("[가-힣]", prefix):
        return None  # Петрова А. С. Политика «нового севера»: the title began before
    end = _closing(body, at)
    if authors is None or end < 0:
        return None
    return _Told(authors, body[at + 1 : end], body[end + 1 :], "quoted", year, suffix)


def _closing(body: str, at: int) -> int:
    """Where the quotation that begins at `at` ends, one inside it being closed first."""
    opening = body[at]
    if opening == '"':
        match = _AMERICAN_END.search(body, at + 1)
        if match:
            return match.end() - 1
        ends = [match.start() for match in _STRAIGHT_END.finditer(body, at + 1)]
        return ends[-1] if ends else -1
    closing, depth = QUOTES[opening], 0
    for index in range(at, len(body)):
        if body[index] == opening and index + 1 < len(body):
            depth += 1
        elif body[index] == closing:
            if closing == "’" and body[index + 1 : index + 2].isalnum():
                continue  # an apostrophe
            depth -= 1
            if depth == 0:
                return index
    return -1


def _dated(body: str) -> _Told | None:
    """Fumagalli, M. (2012). Title. Journal …; Fumagalli, M., 2012. Title. …; 김성환 (2012). 제목. …"""
    for pattern in (_BRACKETED_YEAR, _BARE_YEAR):
        match = pattern.search(body)
        if not match or match.start() == 0:
            continue
        prefix = body[: match.start() + (body[match.start()] == ".")]
        authors = all_names(prefix)
        if authors is None and (pattern is _BRACKETED_YEAR or _ends_sentence(body, match.start())):
            authors = organisation(prefix)
        rest = body[match.end() :].lstrip()
        commas = rest.startswith(",") or match[0].rstrip().endswith((",", ":"))
        rest = rest.lstrip(".,: ")
        if not authors or not rest:
            continue
        end = title_end(rest)
        if commas and end == len(rest.rstrip(" .")) and ", " in rest:
            end = rest.index(", ")
        return _Told(authors, rest[:end], rest[end:], "dated", match[1] or "", match[2] or "")
    return None


def _ends_sentence(body: str, at: int) -> bool:
    return body[at] == "."


def _gost(body: str) -> _Told | None:
    """Иванов И. И. Название // Журнал. – 2015. – № 3; Название / И. И. Иванов. – М.: Наука, 2015."""
    authors, start = leading_names(body)
    rest = body[start:].lstrip(" .,")
    marks = [at for at in (rest.find(" // "), rest.find("//"), rest.find(" / ")) if at > 0]
    dash = _GOST_PART.search(rest)
    place = _PLACE.search(rest)
    # A dash inside a title ("Центральная Азия – Корея") is followed by no place, year or number.
    if (
        dash
        and not re.search(r"[.)\]]$", rest[: dash.start() + 1])
        and not _GOST_PLACE.match(rest[dash.end() :])
    ):
        dash = None
    ends = [*marks, *([dash.start()] if dash else []), *([place.start()] if place else [])]
    if not ends or not (authors or marks or dash):
        return None
    end = min(ends)
    if not authors and rest.startswith(" / ", end):
        responsible = re.split(r" // |;|\.? [–—] ", rest[end + 3 :])[0]
        authors = all_names(re.sub(r"^под ред\.?\s", "", responsible)) or ()
    return _Told(authors, rest[:end], rest[end:], "gost")


_GOST_PLACE = re.compile(
    rf"[{UPPER}]\.? ?:|[{UPPER}][\w.’ʻ'-]*(?:[ -][{UPPER}]\w*)?(?: ?[:,]|\.)|{YEAR}|№|\d"
)


def _note(body: str) -> _Told | None:
    """Matteo Fumagalli, Title of a Book (New York: Press, 2006), 12; Б. Б. Хым, Название, Ташкент 2006."""
    published = _PUBLISHED.search(body)
    names, start = leading_names(body)
    if names and body[start : start + 2] == ", ":
        rest = body[start + 2 :]
    else:
        prefix, _, rest = body.partition(", ")
        found = all_names(prefix)
        if not (published or EDITION.search(rest)) or not found or " " not in prefix.strip():
            return None
        names = found
        # Two and more authors: the list ends where what follows is no name.
        while (more := rest.partition(", ")) and more[1] and (joined := _is_person(more[0])):
            names, rest = (*names, *joined), more[2]
    published = _PUBLISHED.search(rest)
    end = published.start() if published else _imprint(rest)
    return _Told(names, rest[:end], rest[end:], "note") if end > 0 else None


def _is_person(text: str) -> tuple[str, ...]:
    """The text as the name of one more author after a comma: "and Sung Kim"."""
    if not text.startswith(("and ", "& ", "и ")):
        return ()
    return all_names(text.partition(" ")[2]) or ()


def _imprint(rest: str) -> int:
    """Where the title of a book ends that has an edition, or place, publisher and year after it."""
    match = EDITION.search(rest) or re.search(
        rf"\. (?=[{UPPER}][^.:]{{1,40}}: [^,]+, {YEAR})|, (?:[^,]{{2,60}}(?:, | ))?{YEAR}\b", rest
    )
    return match.start() if match else -1


def _listed(body: str) -> _Told | None:
    """Fumagalli M, Kim S. Title. Journal. 2012;9(2):69–97; Fumagalli, Matteo. Title. New York: Press, 2006."""
    authors, start = leading_names(body)
    follows = body[start : start + 1]
    if not authors or (follows not in ("", ".", ":") and body[start - 1] != "."):
        stop = SENTENCE_END.search(body)
        authors, start = (all_names(body[: stop.end()]) or (), stop.end()) if stop else ((), 0)
        if not authors or " " not in body[:start].strip():
            return None
    rest = body[start:].lstrip(" .:,")
    if not rest:
        return None
    end = title_end(rest)
    return _Told(authors, rest[:end], rest[end:], "plain")


def _untold(body: str) -> _Told:
    """No author that could be told: the title is the first sentence."""
    end = title_end(body)
    return _Told((), body[:end], body[end:], "plain")


_READINGS: tuple[Callable[[str], _Told | None], ...] = (_quoted, _dated, _gost, _note, _listed, _untold)


def _without_year(prefix: str) -> tuple[str, str, str]:
    """What stands before a quoted title: the authors, and the year where it stands there too."""
    match = re.search(rf"[\s.,]*[(（]?({YEAR})([a-zа-е])?[)）]?[\s.,:]*$", prefix)
    if not match:
        return prefix, "", ""
    return prefix[: match.start() + (prefix[match.start()] == ".")], match[1], match[2] or ""
