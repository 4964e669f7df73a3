"""Markers in the text, linked to the works that they point to.

In: the entries of a document's bibliographies and its footnotes. Out: its References in the order of the
text, and its Mentions: "[4]", "[4, 7]", "(Fumagalli 2012; Kim & Lee 2013a, p. 5)", "Fumagalli (2012)", the
mark of a footnote. A marker that could point to two works points to none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .document import Document, Mention, Reference, Span
from .footnotes import Footnote
from .reference_entries import Entry
from .reference_names import UPPER, callings, fold

# One bracket inside is let by: "(Ministry of Foreign Affairs [MOFA], 2022)".
_BRACKETS = re.compile(
    r"[(\[（](?P<inside>[^()\[\]（）]{1,400}(?:[(\[][^()\[\]]{1,40}[)\]][^()\[\]]{0,100})?)[)\]）]"
)
_PAGES = r"(?:pp?|с|стр|б|b|bet|бет|б-б|쪽|s|ch|vol|т)\b"
_RANGE = re.compile(r"\[(\d{1,3})\]\s?[–—-]\s?\[(\d{1,3})\]")
_NUMBERS = re.compile(r"(\d{1,3})(?:\s*[–—-]\s*(\d{1,3}))?")
_LEAD_IN = re.compile(r"(?:see|cf|см|қараңыз|qarang|также)\b[.:]*\s*", re.IGNORECASE)
_LOCATOR = re.compile(
    rf"(?:{_PAGES}\.?\s*\d|\d[\d\s–—-]*-?\s*{_PAGES}|[^\W\d]{{1,20}}\.?\s?[\w.–-]{{0,20}}$)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\d.,/–-])((?:1[5-9]|20)\d\d)([a-zа-е](?!\w))?(?![\d]|[–-]\d|\.\d)")
_SEE = re.compile(
    r"^(?:(?:see(?: also)?|cf|e\.g|for example|quoted in|cited in|as in|also|подробнее"
    r"|см|например|цит\. по|по|қараңыз|qarang|참조)\b[.,:]*\s*)+",
    re.IGNORECASE,
)
_AND = r"(?:and|&|и|va|ва|және|жана|we|with|y|et|und|및|와|과)"
_OTHERS = re.compile(r"\bet al\b|\bи др\b|\bva boshq|외(?:\s|$|\d)|\band others\b|және т\. ?б")
_SECOND = re.compile(rf"(?:\s{_AND}\s|\s*[&·ㆍ]\s*|,\s)\s*(?P<name>[^\W\d_][\w'-]*)")
_REACH = 90  # characters before a bracket in which the author's name may stand: "Kim and Lee (2013)"
# What may stand between the author's name and the bracket: a case ending, co-authors, "et al.".
_BETWEEN = re.compile(
    rf"(?:['’]s?(?: [^\W\d_]+){{0,3}})?[\w'’]{{0,6}}(?:,?\s*(?:{_AND}\s+|[&·ㆍ]\s*)?(?:[{UPPER}][\w'’.-]*"
    rf"|[가-힣]{{2,5}}"
    r"|et al\.?|и др\.?|va boshqalar|외))*\s*"
)
_RAISED = re.compile("[⁽⁰¹²³⁴-⁹]")
_LONGEST_ENDING = 4  # letters of a case ending on a name: Иванову, Karimovning
_CUT_ENDING = 2  # letters that an ending may replace: Петровский, Петровского


@dataclass(frozen=True, slots=True)
class Cited:
    """An entry of a bibliography: its span, what markers call it ("4", or "" for author and year), its fields."""

    start: int
    end: int
    label: str
    entry: Entry


def link(
    document: Document, regions: Sequence[Span], cited: Sequence[Cited], notes: Sequence[Footnote]
) -> tuple[tuple[Reference, ...], tuple[Mention, ...]]:
    """The references in the order of the text, and the mentions of each."""
    from_notes = [
        Cited(note.start, note.end, note.label.lstrip("^"), note.entry) for note in notes if note.entry
    ]
    works = sorted([*cited, *from_notes], key=lambda work: work.start)
    if not works:
        return (), ()
    place = {work.start: number for number, work in enumerate(works)}
    own = [work for work in works if any(work is one for one in cited)]
    hidden = _Hidden(regions, works, notes)
    found: set[tuple[int, int, int]] = set()
    for start, end, start_of_work in (
        *_by_number(document.text, own, hidden, notes),
        *_by_year(document.text, works, hidden),
        *_by_footnote(document.text, works, notes),
    ):
        if start not in hidden:
            found.add((start, end, place[start_of_work]))
    return (
        tuple(
            Reference(
                work.start,
                work.end,
                work.label,
                work.entry.authors,
                work.entry.year,
                work.entry.title,
                work.entry.container,
                work.entry.url,
                work.entry.doi,
            )
            for work in works
        ),
        tuple(Mention(*mention) for mention in sorted(found)),
    )


class _Hidden:
    """Where no marker stands: in bibliographies, in entries, at the labels of notes."""

    def __init__(self, regions: Sequence[Span], works: Sequence[Cited], notes: Sequence[Footnote]) -> None:
        spans = [(work.start, work.end) for work in works]
        spans += [(note.start, note.content) for note in notes]
        spans += [(region.start, region.end) for region in regions]
        self._spans: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if self._spans and start <= self._spans[-1][1]:
                self._spans[-1] = (self._spans[-1][0], max(end, self._spans[-1][1]))
            else:
                self._spans.append((start, end))

    def __contains__(self, offset: int) -> bool:
        at = bisect_right(self._spans, offset, key=lambda span: span[0]) - 1
        return at >= 0 and offset < self._spans[at][1]


# Each of the following yields start and end of a marker, and where the entry begins that it points to.
_Links = Iterator[tuple[int, int, int]]


def _by_number(text: str, cited: Sequence[Cited], hidden: _Hidden, notes: Sequence[Footnote]) -> _Links:
    """Numbers in square brackets, and raised ones where those are not the marks of notes."""
    lists = defaultdict[str, list[Cited]](list)
    for work in cited:
        if work.label:
            lists[work.label].append(work)
    known = {label: works[0].start for label, works in lists.items() if len(works) == 1}
    if not known:
        return
    ranges = [match for match in _RANGE.finditer(text) if match.start() not in hidden]
    for match in ranges:  # [3]–[5]
        for label in _numbers(f"{match[1]}-{match[2]}", known):
            yield match.start(), match.end(), known[label]
    done = {offset for match in ranges for offset in (match.start(), match.start(2) - 1)}
    for match in _BRACKETS.finditer(text):
        if match.start() in done or match[0][0] != "[" or match[0][-1] != "]" or match.start() in hidden:
            continue
        inside = match["inside"].strip()
        labels = [inside] if inside in known else _numbers(inside, known)
        for label in labels:
            yield match.start(), match.end(), known[label]
    if any(_RAISED.match(text, place) for note in notes for place in (note.start, *_starts(note.marks))):
        return
    for match in re.finditer(r"(?:(?<=[^\W\d_]{4})|(?<=[.,;:!?)»”\"’]))[⁰¹²³⁴-⁹]{1,3}", text):
        label = "".join(str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(char)) for char in match[0])
        if label in known and match.start() not in hidden:
            yield *match.span(), known[label]


def _starts(spans: Sequence[Span]) -> Iterator[int]:
    return (span.start for span in spans)


def _numbers(inside: str, known: dict[str, int]) -> list[str]:
    """The labels that a marker names: "4, 7" two, "4–6" three, "4: 12" and "4, p. 12" one and a place in it."""
    labels: list[str] = []
    for work in inside.split(";"):
        work, _, _ = _LEAD_IN.sub("", work.strip(), count=1).partition(":")
        for number, piece in enumerate(map(str.strip, work.split(","))):
            span = _NUMBERS.fullmatch(piece)
            if span is None:
                if number and _LOCATOR.match(piece):
                    break  # "p. 12", "Sec. II", and what comes after it
                return []
            first, last = int(span[1]), int(span[2] or span[1])
            own = [str(label) for label in range(first, min(last, first + 100) + 1)]
            if not own or not all(label in known for label in own):
                return []  # a number of no entry: an interval, a year, a figure
            labels += own
    return list(dict.fromkeys(labels))


def _by_year(text: str, works: Sequence[Cited], hidden: _Hidden) -> _Links:
    """Author and year in brackets, or the year alone in brackets after the author."""
    by_year = defaultdict[str, list[Cited]](list)
    for work in works:
        if work.entry.year:
            by_year[work.entry.year].append(work)
    if not by_year:
        return
    for match in _BRACKETS.finditer(text):
        if match.start() in hidden or not any(year[1] in by_year for year in _YEAR.finditer(match["inside"])):
            continue
        names = ""  # of the part before too: "(Khan 1998; 2001)"
        for part in match["inside"].split(";"):
            years = list(_YEAR.finditer(part))
            if years:
                own = _SEE.sub("", part[: years[0].start()].strip())
                names = own.strip(' ,.:"“”«»「」') or names
            before = "" if names else _before(text, match.start())
            for year in years:
                candidates = [one for one in by_year[year[1]] if year[2] in (None, one.entry.suffix)]
                if names:
                    named = _only([(_likeness(names, one.entry), one) for one in candidates])
                    length = 0
                else:
                    named, length = _only_narrated(before, candidates)
                if named:
                    yield match.start() - length, match.end(), named.start


def _only_narrated(before: str, candidates: Sequence[Cited]) -> tuple[Cited | None, int]:
    """The one work whose author the words before a bracket name, and how long before it the name begins."""
    told = [(*_narrated(before, one.entry), one) for one in candidates]
    named = _only([(score, one) for score, _, one in told])
    return named, next((length for _, length, one in told if one is named), 0)


def _only(scored: Sequence[tuple[int, Cited]]) -> Cited | None:
    """The work that fits best, if it fits at all and no other fits as well."""
    best = max((score for score, _ in scored), default=0)
    works = [work for score, work in scored if score == best > 0]
    # A footnote may cite in full what the bibliography lists after it: that is one work, not two.
    titles = {fold(work.entry.title) for work in works}
    return works[-1] if len(titles) == 1 else None


def _before(text: str, at: int) -> str:
    """What stands before a bracket in the same sentence."""
    before = text[max(at - _REACH, 0) : at]
    return re.split(r"\n\n|(?<=[^\W\d_]{3}[.!?])\s", before.replace("et al. ", "et al  "))[-1].replace(
        "et al  ", "et al. "
    )


def _likeness(names: str, entry: Entry) -> int:
    """How well the names of a marker fit an entry: 0 not at all, 3 author by author."""
    folded = fold(names)
    if not entry.authors:
        title = fold(entry.title)
        short = folded.strip("\"'“”«»「」")
        return 1 if len(short) > 5 and title.startswith(short) else 0
    end = max((_begins(folded, calling) for calling in callings(entry.authors[0])), default=0)
    if not end:
        return 0
    rest = folded[end:]
    if _OTHERS.search(rest):
        return 3 if len(entry.authors) > 2 else 2 if len(entry.authors) == 2 else 0
    second = _SECOND.match(rest)
    if second:
        if len(entry.authors) < 2:
            return 0
        fits = any(_begins(second["name"], calling) for calling in callings(entry.authors[1]))
        return 3 if fits else 0
    if rest.strip(" ,.'s") and len(rest) > 25:
        return 0  # a sentence that happens to begin with the name
    return 3 if len(entry.authors) == 1 else 1


def _narrated(before: str, entry: Entry) -> tuple[int, int]:
    """How well the words before a bracket name the author, and how many characters before it the name begins."""
    best = (0, 0)
    for match in re.finditer(r"(?<!\w)[^\W\d_]", before):
        words = before[match.start() :]
        if not (words[0].isupper() or words[0] > "\u2e80"):
            continue
        score = _likeness(words, entry)
        if score and score >= best[0] and _reaches(words, entry):
            best = max(best, (score, len(words)))
    return best


def _reaches(words: str, entry: Entry) -> bool:
    """Whether nothing but the names of authors stands between here and the bracket."""
    folded = fold(words)
    if not entry.authors:
        return False
    ends = [_begins(folded, calling) for calling in callings(entry.authors[0])]
    return any(end and _BETWEEN.fullmatch(words[end:]) for end in ends)


def _begins(words: str, calling: str) -> int:
    """Where a name ends that the words begin with, case ending included; 0 where they begin otherwise."""
    if words.startswith(calling):
        ending = re.match(r"[\w']*", words[len(calling) :])
        length = len(ending[0]) if ending else 0
        if length == 0 or (ending and ending[0] in ("'s", "'")):
            return len(calling)
        inflected = len(calling) > 3 or re.search("[가-힣]", calling)
        return len(calling) + length if inflected and length <= _LONGEST_ENDING + 2 else 0
    stem = calling[:-_CUT_ENDING]
    if len(calling) > 5 and re.search("[а-я]$", calling) and words.startswith(stem):
        ending = re.match(r"[а-я]*", words[len(stem) :])
        if ending and len(ending[0]) <= _LONGEST_ENDING:
            return len(stem) + len(ending[0])
    return 0


def _by_footnote(text: str, works: Sequence[Cited], notes: Sequence[Footnote]) -> _Links:
    """The marks of notes that cite a work: in full, by a short title, or as the note before does ("Ibid.")."""
    last: list[int] = []
    seen: list[Cited] = []
    at = {work.start: work for work in works}
    listed = [work for work in works if all(work.start != note.start for note in notes)]
    for note in notes:
        words = text[note.content : note.end]
        if not note.is_ibid:
            last = [note.start] if note.entry else []
            known = [*listed, *seen]
            if named := _named(words, known):
                last.append(named.start)
        if note.entry:
            seen.append(at[note.start])
        for mark in note.marks:
            for start in dict.fromkeys(last):
                yield mark.start, mark.end, start


def _named(words: str, works: Sequence[Cited]) -> Cited | None:
    """The work whose author the note begins with, and whose title's first words it holds."""
    words = fold(_SEE.sub("", words))[:400]
    fitting = []
    for work in works:
        title = re.findall(r"\w+", fold(work.entry.title))
        if not title or not work.entry.authors:
            continue
        head = r"\W+".join(map(re.escape, title[: min(3, len(title))]))
        names = [calling for calling in callings(work.entry.authors[0]) if calling in words[:60]]
        if names and re.search(rf"(?<!\w){head}(?!\w)", words):
            fitting.append(work)
    titles = {fold(work.entry.title) for work in fitting}
    return fitting[0] if len(titles) == 1 else None
