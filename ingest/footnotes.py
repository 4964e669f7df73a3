"""The footnotes of a document and the marks in its text that point to them.

In: a Document, and where its bibliographies stand. Out: its Footnotes. Numbered paragraphs look much the
same: a footnote is one only where its mark stands in the text, and only once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .document import Document, Span
from .reference_entries import Entry, parse
from .reference_names import UPPER

_BLOCK = re.compile(r"[^\n](?:[^\n]|\n(?!\n))*")
_LETTERS = r"(?:[ivxlc]{1,8}|[IVXLC]{1,8}|[A-Za-z])"  # [iv]; no mark in "[I]t was"
_SUPERSCRIPT = r"⁽?[⁰¹²³⁴-⁹]{1,3}⁾?"
_LABEL = re.compile(
    rf"\[\^(?P<name>[\w-]{{1,20}})\]:?[ \t]*|\[(?P<square>\d{{1,3}}|{_LETTERS})\][ \t]+"
    rf"|(?P<raised>{_SUPERSCRIPT})[ \t]*|(?P<sign>[*†‡§]{{1,4}})[ \t]+|(?P<plain>\d{{1,3}})[.)]?[ \t]+(?=\S)"
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", "⁽⁾")
# In some PDFs several footnotes of a page come as one paragraph.
_GLUED = re.compile(
    rf"(?:(?<=[.»”\"\d)])|(?P<address>/[\w./?=&%#~-]{{1,200}}))[ \n](?P<label>\d{{1,3}})[.)]? (?=[{UPPER}“\"«])"
)
# A mark is in brackets, raised, or glued to a word or to the punctuation after it: "of the GDPR.2 When".
_MARK = re.compile(
    rf"\[(?P<bracketed>\^[\w-]{{1,20}}|\d{{1,3}}|{_LETTERS}(?=\](?!\w)))\]|(?P<raised>{_SUPERSCRIPT})"
    r"|(?<=[\w.,;:!?)»”\"’])(?P<sign>[*†‡§]{1,4})(?![\w*†‡§])"
    r"|(?:(?<=[^\W\d_]{3})|(?<=[^\W\d_][.,;:!?)»”\"’'])|(?<=[)»”\"]))(?P<glued>\d{1,3})(?![\w.,%]*[\w%])"
)
_LEGAL = re.compile(r"\bOJ [LC]\b|\bABl\.|\bЗРУ\b|\bСЗ РФ\b|\bELI:")
_IBID = re.compile(
    r"(?:see )?(?:id\.|(?:ibid(?:em)?|там же|o[ʻ'‘’`]sha (?:joyda|yerda|asar)|сол жерде|бұл да сонда"
    r"|ошол эле жерде|위의 (?:글|책)|같은 (?:글|책)|상게서)\b)",
    re.IGNORECASE,
)
_MOST_WORDS = 80
_MOST_WORDS_AROUND_AN_ADDRESS = 40
# What a power stands at: a number that is no year, a letter alone, a unit, a function.
_HAS_POWER = re.compile(
    r"(?<![^\W_])(?:[\d.,]*\d(?<!\b1[5-9]\d\d)(?<!\b20\d\d)|[^\W\d_가-힣\u3040-\u9fff]"
    r"|[mcdkhnµμ]m|ft|in|yd|mi|sec|min|kg|ha|sin|cos|tan|log|ln|exp|[мсдкн]м|сек|мин|кг|га)\Z"
)
# And one of two figures: "10²⁵", not "Article 49⁴⁷".
_HAS_LONG_POWER = re.compile(r"(?:(?<![\d.,])(?:2|10)|(?<![^\W_])[^\W\d_가-힣\u3040-\u9fff])\Z")
_LONGEST_BASE = 16
# Readers of these formats place a note after the paragraph that cites it, and write the same mark at both.
_PLACED = frozenset(("docx", "odt", "rtf", "hwpx", "hwp"))


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote, its label included in its span, and its marks in the text.

    `entry` is what it cites, None where it cites no work in full; `is_ibid` where it cites the work that
    the note before it does. A note of another kind may still name a work by its short title.
    """

    start: int
    end: int
    label: str
    content: int  # where its words begin, after the label
    marks: tuple[Span, ...]
    entry: Entry | None
    is_ibid: bool


def footnotes(document: Document, regions: Sequence[Span]) -> list[Footnote]:
    """The footnotes in order, those of bibliographies (`regions`) left out."""
    text = document.text
    found: list[Footnote] = []
    candidates = list(_candidates(document, regions))
    all_marks = _Marks(document, candidates, regions)
    for candidate in candidates:
        marks = all_marks.of(candidate)
        if marks or candidate.is_placed:
            words = text[candidate.content : candidate.span.end]
            found.append(
                Footnote(
                    *(candidate.span.start, candidate.span.end, candidate.label, candidate.content),
                    *(marks, _cited(words), bool(_IBID.match(words))),
                )
            )
    return found


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What may be a footnote. `label` is "^a" for "[^a]"; `is_placed` where its reader set its mark."""

    span: Span
    label: str
    content: int  # where its words begin
    is_placed: bool = False


def _candidates(document: Document, regions: Sequence[Span]) -> Iterator[_Candidate]:
    text = document.text
    for block in _BLOCK.finditer(text):
        start, end = block.span()
        if any(_holds(region, start) for region in regions):
            continue
        match = _LABEL.match(text, start, end)
        is_own = document.format in _PLACED
        if not match or (match["sign"] and not is_own):
            continue
        if not match["plain"]:
            # A sign may be a bullet, and a number in brackets may have been typed.
            is_placed = is_own and bool(match["raised"] or (match["square"] or "").isalpha())
            yield _Candidate(Span(start, end), _name(match), match.end(), is_placed)
            continue
        label, content = int(match["plain"]), match.end()
        for glued in _GLUED.finditer(text, content, end):
            if int(glued["label"]) == label + 1:
                end_of_note = glued.start("label") - 1
                yield _Candidate(Span(start, end_of_note), str(label), content)
                start, label, content = end_of_note + 1, label + 1, glued.end()
        yield _Candidate(Span(start, end), str(label), content)


def _name(match: re.Match[str]) -> str:
    if match["name"]:
        return f"^{match['name']}"
    return match["square"] or match["sign"] or match["raised"].translate(_RAISED)


class _Marks:
    """What may be a mark of a footnote in the text, by page and by what it says."""

    def __init__(self, document: Document, candidates: Sequence[_Candidate], regions: Sequence[Span]) -> None:
        self._document = document
        self._bracketed = defaultdict[tuple[int, str], list[Span]](list)
        self._glued = defaultdict[tuple[int, str], list[Span]](list)
        self._exact = defaultdict[str, list[Span]](list)  # of placed notes, as they are written
        self._ends = defaultdict[str, list[int]](list)  # of placed notes, by their marks
        for one in candidates:
            if one.is_placed:
                self._ends[self._written(one)].append(one.span.end)
        self._notes = Counter(
            (self._page(one.span.start), one.label) for one in candidates if not one.is_placed
        )
        own = {one.span.start for one in candidates}
        for match in _MARK.finditer(document.text):
            if match.start() in own or any(_holds(region, match.start()) for region in regions):
                continue
            if match["raised"] and is_power(document.text, *match.span()):
                continue
            if match[0] in self._ends:
                self._exact[match[0]].append(Span(*match.span()))
                continue
            kind = self._bracketed if match["bracketed"] else self._glued
            label = (
                match["bracketed"] or match["glued"] or match["sign"] or match["raised"].translate(_RAISED)
            )
            kind[self._page(match.start()), label].append(Span(*match.span()))

    def of(self, note: _Candidate) -> tuple[Span, ...]:
        """The marks of a note on its page; none where several notes or a mere number may be meant."""
        if note.is_placed:
            return self._before(note)
        key = self._page(note.span.start), note.label
        if self._notes[key] > 1:
            return ()
        bracketed, glued = (
            [mark for mark in kind[key] if not _holds(note.span, mark.start)]
            for kind in (self._bracketed, self._glued)
        )
        if bracketed:
            return tuple(bracketed)
        return tuple(glued) if len(glued) == 1 else ()

    def _before(self, note: _Candidate) -> tuple[Span, ...]:
        """The mark before a placed note, after the last note with the same mark: numbers may begin anew."""
        written = self._written(note)
        ends, marks = self._ends[written], self._exact[written]
        last = bisect_left(ends, note.span.start)
        since = bisect_left(marks, ends[last - 1] if last else 0, key=lambda mark: mark.start)
        until = bisect_left(marks, note.span.start, key=lambda mark: mark.start)
        return tuple(marks[since:until]) if until - since == 1 else ()

    def _written(self, note: _Candidate) -> str:
        return self._document.text[note.span.start : note.content].strip()

    def _page(self, offset: int) -> int:
        return self._document.page_at(offset).number


def is_power(text: str, start: int, end: int) -> bool:
    """Whether what is raised at `text[start:end]` may be the power of a number or a unit, as in 10² and km²."""
    has_power = _HAS_POWER if end - start == 1 else _HAS_LONG_POWER
    return bool(has_power.search(text[max(start - _LONGEST_BASE, 0) : start]))


def _holds(region: Span, offset: int) -> bool:
    return region.start <= offset < region.end


def _cited(words: str) -> Entry | None:
    """The work that a footnote cites in full: one with an address, or with an author, a title and a year."""
    if len(words.split()) > _MOST_WORDS or _LEGAL.search(words) or _IBID.match(words):
        return None
    entry = parse(words)
    if entry.url or entry.doi:
        return entry if len(words.split()) <= _MOST_WORDS_AROUND_AN_ADDRESS else None
    if entry.style == "plain" or not (entry.authors and entry.title and entry.year):
        return None
    return entry
