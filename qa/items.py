"""A list question and a sentence in, the items that answer out, each an exact span of the document.

They stand in the list or the table that the sentence introduces or is part of, or are enumerated in the
sentence itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from index.analysis import terms
from index.hit import QueryWord
from index.query_language import query_language
from ingest.context import column_heads, with_heads
from ingest.document import Document, Span, Table
from qa.cells import table_at
from qa.enumerations import enumerations
from qa.reader import Reading
from qa.values.countries import countries_in

_NUMBERS = {
    2: "two два две двух ikki икки екі эки ду iki 두 둘 2개국 两",
    3: "three три трёх трех uch уч үш се üç 세 셋 三",
    4: "four четыре четырёх четырех to'rt toʻrt тўрт төрт чор чаҳор dört 네 넷 四",
    5: "five пять пяти besh беш бес панҷ bäş beş 다섯 五",
    6: "six шесть шести olti олти алты шаш alty altı 여섯 六",
    7: "seven семь семи yetti етти жеті жети ҳафт ýedi yedi 일곱 七",
    8: "eight восемь восьми sakkiz саккиз сегіз сегиз ҳашт sekiz 여덟 八",
    9: "nine девять девяти to'qqiz toʻqqiz тўққиз тоғыз тогуз нӯҳ dokuz 아홉 九",
    10: "ten десять десяти o'n oʻn ўн он даҳ on 열 十",
}
_NUMBER_OF = {word: number for number, words in _NUMBERS.items() for word in words.split()}
# Little words of other languages: English "on", Russian "он".
_NUMBER_ONLY_IN = {"on": ("tk", "tr"), "он": ("kk", "ky")}
_COUNT = re.compile(
    r"(?<![\w.,-])(\d{1,2})(?![\d.,]\d)(?!\w*(?:th|st|nd|rd)\b)(?![-\s]?(?:й|я|е|차|회|yil|год|жыл|ýyl))"
)
# Of these the items are known.
_COUNTRIES = re.compile(
    r"\b(?:countr(?:y|ies)|nations|стран\w*|davlatlar\w*|mamlakat\w*|давлатлар\w*|мамлакат\w*|елдер\w*|мемлекеттер\w*"
    r"|өлкөлөр\w*|кишвар\w*|давлатҳо\w*|ýurt\w*|ülke\w*)|나라|국가|개국",
    re.IGNORECASE,
)
_MARKER = re.compile(r"(?:[•●▪■□◦‣⁃∙·*–—-]|\(?(?:\d{1,2}|[a-zа-я]|[ivx]{1,4})[.)])\s+", re.IGNORECASE)
_END = ";,. \t\n"
_BLOCK = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n\s*")
_MOST_WORDS = 30  # of an item; a longer block is prose
_MOST_ITEMS = 60
_LOOK_BACK = 40  # blocks, for the sentence that introduces the list of an item
_REACH = 20_000  # characters after a sentence in which its list is looked for
_MOST_SAID = 0.5  # of the items may be named in the question
_NEAR = 0.5  # of the best reading's chance: from there on the list of another reading may be the one


def listing(
    question: str, readings: Sequence[Reading], words: Sequence[QueryWord], at_least: float = 0.0
) -> tuple[Reading, tuple[Span, ...]] | None:
    """The items that a list question asks for, with the reading that has them; None where none of them has any.

    Of the readings (best first) those are looked at that are half as likely as the best one, and `at_least` that
    likely. The best with as many items as the question says is taken, else the best with any.
    """
    floor = max(at_least, _NEAR * max((reading.chance for reading in readings), default=0.0))
    near = (reading for reading in readings if reading.chance >= floor)
    found = ((each, items(question, each.document, each.sentence, words)) for each in near)
    having = [(reading, held) for reading, held in found if held]
    count = number_asked(question)
    return next((each for each in having if len(each[1]) == count), having[0] if having else None)


def items(
    question: str, document: Document, sentence: Span, words: Sequence[QueryWord]
) -> tuple[Span, ...] | None:
    """The items that a list question asks for, at this sentence; None where nothing is enumerated.

    Of several enumerations that with as many items as the question says; else the first of the order: a list or
    table, the longest in the sentence.
    """
    said = {term for word in words for term in word.terms} | set(terms(question, query_language(question)))
    offered = [
        found
        for found in _offered(document, sentence, words)
        if len(found) > 1 and _share_said(document, found, said) <= _MOST_SAID
    ]
    if _COUNTRIES.search(question):
        offered = [found for found in offered if _share_of_countries(document, found) > 0.5]
    if not offered:
        return None
    count = number_asked(question)
    return next((found for found in offered if len(found) == count), offered[0])


def number_asked(question: str) -> int:
    """How many items the question says there are ("which five countries"); 0 where it does not."""
    language = query_language(question)
    for match in re.finditer(r"[\w'ʻ’]+", question):
        word = match[0].lower().replace("’", "'")
        number = _NUMBER_OF.get(word, 0)
        if number and language in _NUMBER_ONLY_IN.get(word, (language,)):
            return number
        if digits := _COUNT.match(question, match.start()):
            return int(digits[1])
    return 0


def _offered(document: Document, sentence: Span, words: Sequence[QueryWord]) -> Iterator[tuple[Span, ...]]:
    if table := table_at(document, sentence.start):
        yield from _columns(document, table, words)
        return
    yield from _list_below(document, sentence, words)
    yield from _list_around(document, sentence)
    text = sentence.of(document.text)
    found = [
        tuple(Span(sentence.start + thing.start, sentence.start + thing.end) for thing in each.things)
        for each in enumerations(text, document.language)
    ]
    yield from sorted(found, key=len, reverse=True)


def _share_of_countries(document: Document, found: Sequence[Span]) -> float:
    named = [bool(countries_in(span.of(document.text))) for span in found]
    return sum(named) / len(named)


def _share_said(document: Document, found: Sequence[Span], said: set[str]) -> float:
    """The share of the items that the question names itself, all words of them: it asks for others."""
    named = [
        all(not said.isdisjoint(terms(word, document.language)) for word in span.of(document.text).split())
        for span in found
    ]
    return sum(named) / len(named)


# --- tables ----------------------------------------------------------------------------------------


def _columns(document: Document, table: Table, words: Sequence[QueryWord]) -> Iterator[tuple[Span, ...]]:
    """The cells below the head that the question names best."""
    headed = with_heads(document, table)
    if headed is None:
        return
    _, heads = column_heads(document.text, headed)

    def named(column: int) -> float:
        held = set(terms(heads[column], document.language))
        return sum(max(word.rarity, 0.1) for word in words if not held.isdisjoint(word.terms))

    best = max(range(len(heads)), key=lambda column: (named(column), -column), default=None)
    if best is None or not named(best):
        return
    cells: dict[str, Span] = {}
    for row in table.rows[table.head_rows :]:
        if best < len(row) and row[best].of(document.text).strip():
            cells.setdefault(row[best].of(document.text), row[best])
    yield tuple(cells.values())[:_MOST_ITEMS]


# --- lists -----------------------------------------------------------------------------------------


def _list_below(document: Document, sentence: Span, words: Sequence[QueryWord]) -> Iterator[tuple[Span, ...]]:
    """The list, or the column of a table, that stands right below a sentence which introduces it."""
    text = document.text
    rest = text[sentence.end : sentence.end + _REACH]
    below = sentence.end + len(rest) - len(rest.lstrip())
    if below == sentence.end or "\n" not in text[sentence.end : below]:
        return
    if table := table_at(document, below):
        yield from _columns(document, table, words)
        return
    introduces = text[sentence.end - 1] in ":：—"
    found: list[Span] = []
    for block, marked in _blocks(document, below):
        if not marked and not introduces:
            break
        if not _may_be_item(text, block, found):
            break
        found.append(block)
    if found and len(found) <= _MOST_ITEMS:
        bare = (_bare(text, block) for block in found)
        yield tuple(span for span in bare if span.start < span.end)


def _list_around(document: Document, sentence: Span) -> Iterator[tuple[Span, ...]]:
    """The list that the sentence is an item of, by the sentence above that introduces it."""
    text = document.text
    start = document.section_at(sentence.start).start
    above = text[max(start, sentence.start - _REACH) : sentence.start]
    blocks = [len(above), *(match.start() for match in reversed(list(_BLOCK.finditer(above))))]
    for end in blocks[:_LOOK_BACK]:
        stop = sentence.start - len(above) + end
        before = text[:stop].rstrip() if end == len(above) else text[max(stop - 400, 0) : stop].rstrip()
        if before[-1:] in (":", "："):
            introduction = Span(max(stop - 1, 0), stop)
            for found in _list_below(document, introduction, ()):
                if found and found[0].start <= sentence.start < found[-1].end + 2:
                    yield found
            return


def _blocks(document: Document, start: int) -> Iterator[tuple[Span, bool]]:
    """The blocks from `start` to the section's end, and whether a bullet or number stands before each.

    A block whose lines have such marks is as many blocks.
    """
    text = document.text
    stop = min(document.section_at(start).end, start + _REACH)
    at = bisect_right(document.tables, start, key=lambda table: table.start)
    if at < len(document.tables):
        stop = min(stop, document.tables[at].start)
    for first, last in _between(_BLOCK, text, start, stop):
        lines = [line for line in _between(_LINE, text, first, last) if line[0] < line[1]]
        marks = [_MARKER.match(text, line[0], line[1]) is not None for line in lines]
        if not lines:
            continue
        if not marks[0]:
            yield Span(first, last), False
            continue
        starts = [line[0] for line, mark in zip(lines, marks, strict=True) if mark]
        ends = [*starts[1:], last]
        for begin, end in zip(starts, ends, strict=True):
            yield Span(begin, end), True


def _between(separator: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in separator.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    if start < end:
        yield start, end


def _may_be_item(text: str, block: Span, before: Sequence[Span]) -> bool:
    """Whether a block goes on with the list: short, introducing nothing, and ending as the others do."""
    written = block.of(text).rstrip()
    if not written or len(written.split()) > _MOST_WORDS or written[-1] in ":：?":
        return False
    if not before:
        return True
    last = before[-1].of(text).rstrip()
    if last[-1] == "." and before[0].of(text).rstrip()[-1] in ";,":
        return False  # "a; b; c." has ended
    marked = [_MARKER.match(each.of(text)) is not None for each in (before[0], block)]
    if marked[0] != marked[1]:
        return False
    # Items without a stop end where a sentence follows.
    return marked[0] or not (written[-1] in ".!" and last[-1] not in ".!;,")


def _bare(text: str, block: Span) -> Span:
    """Without the mark before it and the stop behind it."""
    marker = _MARKER.match(text, block.start, block.end)
    start, end = (marker.end() if marker else block.start), block.end
    while end > start and text[end - 1] in _END:
        end -= 1
    return Span(start, end)
