"""Bibliographies: their entries, and the markers in the text that point to them.

In: a Document. Out: its References in the order of the text, and its Mentions. An entry is searched for
under a heading such as "References" and in footnotes that cite a work; what looks otherwise is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .bibliography_headings import is_bibliography
from .document import Document, Mention, Reference, Section, Span
from .footnotes import footnotes
from .links import DOI_START
from .mentions import Cited, link
from .reference_entries import Entry, parse
from .reference_names import UPPER

_LONGEST_HEADING = 60
_LABEL = re.compile(
    r"\[(?P<square>\d{1,3}|[A-Za-z][\w+]{1,8}\d{2}[a-z]?)\][ \t]*"
    rf"|\(?(?P<plain>\d{{1,3}})(?:[.)]|(?=\s+[{UPPER}\"“«]))\s+(?=\S)"
)
_GLUED = re.compile(r"(?<=[.»”\"/\d)])[ \n]\[(\d{1,3})\] ")
_LIST_MARK = re.compile(r"[-•*–▪·]\s+")
_LINE = re.compile(r"[^\n]+")
_BLOCK = re.compile(r"[^\n](?:[^\n]|\n(?!\n))*")
_SAME_AUTHOR = re.compile(r"[—–_-]{2,}[.,]?\s*")  # the author of the entry before, once more
_SOMEONE = "Nobody, N."
_LONGEST_ENTRY = 2_000  # characters
_MOST_WORDS = 120
_YEAR = re.compile(r"(?<![\d/])(?:1[5-9]|20)\d\d(?!\d)")
_SIGNS = re.compile(
    rf"https?://|www\.|{DOI_START}|[“«「『\"]| // |n\.d\.|б\. ?г\.|\bpp?\. ?\d|\bС\. ?\d|\bvol\.",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?…»”\")\]』」/]$|\d$|https?://\S+$|\w\.\w+\S*$")


@dataclass(frozen=True, slots=True)
class _Found:
    """An entry that was found: its span, label included, and the parsed fields."""

    start: int
    end: int
    label: str
    entry: Entry


def in_bibliography(document: Document, offset: int) -> bool:
    """Whether the character at `offset` stands in an entry, or in a section of little else under a heading
    such as "References". Such a heading alone shows nothing: "Kaynaklar" are resources, too."""
    found = document.references
    at = bisect_right(found, offset, key=_start) - 1
    if at >= 0 and offset < found[at].end:
        return True
    if not any(map(is_bibliography, document.section_path(offset))):
        return False
    section = document.sections[max(bisect_right(document.sections, offset, key=_start) - 1, 0)]
    first, last = (bisect_left(found, edge, key=_start) for edge in (section.start, section.end))
    return 2 * sum(one.end - one.start for one in found[first:last]) >= section.end - section.start


def _start(part: Reference | Section) -> int:
    return part.start


def find(document: Document) -> tuple[tuple[Reference, ...], tuple[Mention, ...]]:
    """The entries of the document's bibliography and footnotes in order, and the markers that point to them."""
    lists = [(region, found) for region in _regions(document) if (found := _entries(document, region))]
    regions = [region for region, _ in lists]
    listed = [entry for _, found in lists for entry in found]
    if not any(found.label for found in listed):
        listed = _counted(document, listed, regions)
    notes = footnotes(document, regions)
    cited = [Cited(found.start, found.end, found.label, found.entry) for found in listed]
    references, mentions = link(document, regions, cited, notes)
    return references, mentions


# --- where bibliographies stand ----------------------------------------------------------------------


def _regions(document: Document) -> list[Span]:
    """What stands under the headings of bibliographies, in order; without the headings themselves."""
    regions: list[Span] = []
    listed: list[bool] = []  # of each section, whether its heading or one above it is that of a bibliography
    for section, parent in zip(document.sections, document.section_parents(), strict=True):
        own = section.level > 0 and is_bibliography(section.heading)
        listed.append(own or (parent >= 0 and listed[parent]))
    for number, section in enumerate(document.sections):
        if section.level and listed[document.section_index(section.start)]:
            start = _after_first_block(document.text, section.start)
            regions.append(Span(min(start, section.end), section.end))
            continue
        # Readers take some headings for a paragraph: a short block of these words alone.
        for block in _blocks(document.text, section.start, section.end):
            if block.end - block.start <= _LONGEST_HEADING and is_bibliography(block.of(document.text)):
                if block.end < section.end:
                    regions.append(Span(block.end, section.end))
                    break
                if number + 1 == len(document.sections):
                    break
    return [region for region in regions if region.of(document.text).strip()]


def _after_first_block(text: str, start: int) -> int:
    block = _BLOCK.search(text, start)
    return block.end() if block else start


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _BLOCK.finditer(text, start, end):
        yield Span(match.start(), match.end())


# --- entries of one bibliography ---------------------------------------------------------------------


def _entries(document: Document, region: Span) -> list[_Found]:
    """The entries of a region: labelled ones where there are labels, else those that look like entries."""
    text = document.text
    blocks = [block for block in _blocks(text, region.start, region.end) if not _in_table(document, block)]
    spans = _labelled(document, blocks)
    if not spans:
        spans = [(span, "") for span in _unlabelled(document, blocks)]
    found: list[_Found] = []
    for span, label in spans:
        if span.end - span.start <= _LONGEST_ENTRY:
            words = _LABEL.sub("", span.of(text), count=1) if label else span.of(text)
            entry = parse(words)
            if (same := _SAME_AUTHOR.match(words)) and found:
                entry = replace(parse(f"{_SOMEONE} {words[same.end() :]}"), authors=found[-1].entry.authors)
            found.append(_Found(span.start, span.end, label, entry))
    # "1. References to the repealed Directive shall be construed …": a numbered text, no list of works.
    signed = sum(_is_signed(text[one.start : one.end]) for one in found)
    # "In 2020 half of the energy came from coal.", under "Sources": a year alone makes no work.
    told = sum(_tells_a_work(one.entry) for one in found)
    return found if 2 * min(signed, told) >= len(found) else []


def _tells_a_work(entry: Entry) -> bool:
    """Whether it has an author, an address, or a title that is set apart as in a citation."""
    return bool(entry.authors or entry.url or entry.doi) or entry.style != "plain"


def _in_table(document: Document, block: Span) -> bool:
    return any(table.start < block.end and block.start < table.end for table in document.tables)


def _labelled(document: Document, blocks: Sequence[Span]) -> list[tuple[Span, str]]:
    """The spans of a numbered list, each with its label; empty where the list has no numbers."""
    text = document.text
    starts: list[tuple[int, str, int]] = []  # where an entry begins, its label, its block
    expected = 0
    for number, block in enumerate(blocks):
        for line in _LINE.finditer(text, block.start, block.end):
            begin = line.start() + _width(_LIST_MARK.match(text, line.start(), line.end()))
            match = _LABEL.match(text, begin, line.end())
            if match and _follows(match, expected, first=not starts):
                starts.append((begin, match["square"] or match["plain"], number))
                expected = _number(starts[-1][1]) + 1
            for glued in _GLUED.finditer(text, line.start(), line.end()):
                if int(glued[1]) == expected:
                    starts.append((glued.start() + 1, glued[1], number))
                    expected += 1
    if not starts or (len(starts) == 1 and len(blocks) > 2):
        return []
    spans = []
    for at, (start, label, number) in enumerate(starts):
        stop, stop_block = starts[at + 1][::2] if at + 1 < len(starts) else (blocks[-1].end, len(blocks))
        end = _end_of_entry(document, blocks, start, number, stop, stop_block)
        spans.append((_trimmed(text, start, end), label))
    return spans


def _follows(match: re.Match[str], expected: int, *, first: bool) -> bool:
    """Whether a label goes on with the list: the next number, or one after a gap; or begins one."""
    label = match["square"] or match["plain"]
    if not label.isdigit():
        return True
    number = int(label)
    return (
        number <= 2 or bool(match["square"]) if first else expected <= number <= expected + 2 or number == 1
    )


def _number(label: str) -> int:
    return int(label) if label.isdigit() else 0


def _end_of_entry(
    document: Document, blocks: Sequence[Span], start: int, number: int, stop: int, stop_block: int
) -> int:
    """Where the entry ends that begins in block `number`: before `stop`, and before a block that is none of it."""
    text = document.text
    end = min(stop, blocks[number].end)
    for block in blocks[number + 1 : stop_block]:
        if not _continues(text, text[start:end], block):
            break
        end = block.end
    if (
        stop_block < len(blocks)
        and blocks[stop_block].start < stop < blocks[stop_block].end
        and stop_block == number
    ):
        end = stop
    return end


def _continues(text: str, entry: str, block: Span) -> bool:
    """Whether a block is the rest of an entry that a page's end cut in two."""
    head = text[block.start : block.start + 80]
    if re.match(r"[a-zа-я(/&]|https?://|www\.|doi\b|\d+[–-]\d+|[–—] ", head):
        return True
    return not _ENDS.search(entry.rstrip()) and block.end - block.start < 500


def _unlabelled(document: Document, blocks: Sequence[Span]) -> list[Span]:
    """The spans of an author–year list: a block each, or lines of which one begins like an entry."""
    text = document.text
    spans: list[Span] = []
    strangers = 0
    for block in blocks:
        own = list(_split_lines(text, block))
        if not any(_looks_like_entry(span.of(text)) for span in own):
            if spans and not strangers and _continues(text, spans[-1].of(text), block):
                spans[-1] = Span(spans[-1].start, block.end)
                continue
            strangers += 1
            if spans and strangers > 1:
                break  # the list has ended; what follows has lost its heading
            continue
        strangers = 0
        for span in own:
            if _looks_like_entry(span.of(text)):
                spans.append(span)
            elif spans and spans[-1].end <= span.start and _continues(text, spans[-1].of(text), span):
                spans[-1] = Span(spans[-1].start, span.end)
    return [_trimmed(text, span.start, span.end) for span in spans]


def _split_lines(text: str, block: Span) -> Iterator[Span]:
    """The block, cut before each line that begins like an entry after one that ended like one."""
    start = block.start + _width(_LIST_MARK.match(text, block.start, block.end))
    for line in list(_LINE.finditer(text, block.start, block.end))[1:]:
        begin = line.start() + _width(_LIST_MARK.match(text, line.start(), line.end()))
        before = text[start : line.start()].rstrip()
        if begin > line.start() or (
            _ENDS.search(before) and _is_signed(before) and _opens(text[begin : block.end])
        ):
            yield Span(start, line.start() - 1)
            start = begin
    yield Span(start, block.end)


def _opens(text: str) -> bool:
    """Whether a line may begin an entry: authors with a year or a title soon after them."""
    entry = parse(text[:400])
    return bool(entry.authors) and not text[0].islower() and (entry.style != "plain" or bool(entry.year))


def _looks_like_entry(text: str) -> bool:
    if not 12 <= len(text) <= _LONGEST_ENTRY or len(text.split()) > _MOST_WORDS or not _is_signed(text):
        return False
    entry = parse(text)
    if entry.authors or entry.style != "plain" or entry.url or entry.doi:
        return bool(entry.title or entry.url)
    return bool(entry.year) and len(text.split()) <= 40 and not text[0].islower()


def _is_signed(text: str) -> bool:
    """Whether it has what entries have and prose seldom: a year, an address, quotation marks, pages."""
    return len(text.split()) <= _MOST_WORDS and bool(_YEAR.search(text) or _SIGNS.search(text))


def _counted(document: Document, found: list[_Found], regions: Sequence[Span]) -> list[_Found]:
    """The entries labelled by their place, where the markers in the text say that they were numbered:
    HTML and Word number a list without writing the numbers."""
    if not found:
        return found
    body = document.text[: min(region.start for region in regions)]
    numbers = {int(number) for number in re.findall(r"\[(\d{1,3})(?=[\],;:–-])", body)}
    if not numbers or min(numbers) != 1 or not len(found) / 2 <= max(numbers) <= len(found):
        return found
    return [_Found(one.start, one.end, str(place), one.entry) for place, one in enumerate(found, 1)]


def _width(match: re.Match[str] | None) -> int:
    return match.end() - match.start() if match else 0


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
