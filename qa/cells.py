"""A row of a table and the words of a question in, the one cell that they ask for out.

The question must name the row (by any of its cells) and the column (by its head). Where another row or column
is named just as well, or the year asked for is not the one of the cell, no cell is the answer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from functools import lru_cache

from index.analysis import terms
from index.hit import QueryWord
from index.letters import FUNCTION_WORDS
from ingest.context import column_heads, with_heads
from ingest.document import Document, Span, Table
from qa.answer_kind import Kind

_YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d.,]?\d)")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_DIGIT = re.compile(r"\d")
_MOST_ROWS = 2_000  # looked through for one that is named better
# A word that also stands above the table ("Korea" in "Trade of Korea") tells its rows hardly apart.
_SAID_ABOVE = 0.2
_ABOVE_CHARACTERS = 300


def table_at(document: Document, offset: int) -> Table | None:
    """The table that holds `offset`."""
    at = bisect_right(document.tables, offset, key=lambda table: table.start) - 1
    return document.tables[at] if at >= 0 and offset < document.tables[at].end else None


def cell_asked_for(
    kind: Kind, document: Document, table: Table, offset: int, words: Sequence[QueryWord]
) -> Span | None:
    """The cell of the row at `offset` that a question with these words wants, if it is the only one.

    For many rows of one document see `CellFinder`.
    """
    return CellFinder(kind, document, words).cell(table, offset)


class CellFinder:
    """The cells of one `document` that one question asks for.

    What it needs of a table is found out once and kept: to hold a row against all others each time would take
    time in proportion to the square of their number.
    """

    def __init__(self, kind: Kind, document: Document, words: Sequence[QueryWord]) -> None:
        self._kind, self._document, self._words = kind, document, words
        self._tables: dict[int, _AskedTable | None] = {}  # by where they start

    def cell(self, table: Table, offset: int) -> Span | None:
        """As `cell_asked_for`."""
        if table.start not in self._tables:
            self._tables[table.start] = _AskedTable.of(self._document, table, self._words)
        asked = self._tables[table.start]
        return None if asked is None else asked.cell(self._kind, offset)


class _AskedTable:
    """A table with its heads, and how well a question names each of its rows."""

    def __init__(self, document: Document, table: Table, heads: list[str], question: _Question) -> None:
        self._document, self._table, self._heads, self._question = document, table, heads, question
        self._best: tuple[float, float] | None = None  # of its rows, looked up when one may be it

    @classmethod
    def of(cls, document: Document, table: Table, words: Sequence[QueryWord]) -> _AskedTable | None:
        headed = with_heads(document, table)
        if headed is None:
            return None
        over_all, heads = column_heads(document.text, headed)
        above = f"{_above(document, headed)} {' '.join(over_all)}"
        return cls(document, table, heads, _Question(words, above, document.language))

    def cell(self, kind: Kind, offset: int) -> Span | None:
        """The cell of the row at `offset` that the question wants, if it is the only one."""
        document, table, heads, question = self._document, self._table, self._heads, self._question
        row_at = bisect_right(table.rows, offset, key=lambda row: row[0].start if row else -1) - 1
        if row_at < table.head_rows:
            return None
        row = _cells(document, table, row_at)
        is_named = self._is_named_best(row_at) or (kind is Kind.COMPARE and question.says(row[:1], document))
        if len(row) < 2 or not is_named:
            return None
        offered: list[tuple[float, str, int]] = []
        for column, cell in enumerate(row):
            text = cell.of(document.text)
            head = heads[column] if column < len(heads) else ""
            named = question.weight(head)
            others = " ".join(other.of(document.text) for other in row if other is not cell)
            if not text.strip() or (named == 0 and (column == 0 or len(row) > 2)):
                continue
            # What the question says itself is no answer, nor is a word to "how many".
            if question.weight(others) == 0 or (question.weight(text) and not _DIGIT.search(text)):
                continue
            if kind in (Kind.QUANTITY, Kind.DATE) and not _DIGIT.search(text):
                continue
            if not question.speaks_of(head, others):
                continue
            if not question.allows_years(head, others, question.above, " ".join(heads)):
                continue
            offered.append((named, head, column))
        if not offered:
            return None
        best = max(named for named, _, _ in offered)
        equals = [(head, column) for named, head, column in offered if named == best]
        if len(equals) > 1:
            if len({_YEAR.sub("", head).split()[0] if head.split() else "" for head, _ in equals}) > 1:
                return None  # exports or imports? The question does not say.
            if len({tuple(_YEAR.findall(head)) for head, _ in equals}) < len(equals):
                return None
            if sum(question.asks_for_year_of(head) for head, _ in equals) > 1:
                return None  # "in 2020 and 2021"
            # No year asked for: the latest.
            equals.sort(key=lambda each: max(_YEAR.findall(each[0]), default=""))
        return row[equals[-1][1]]

    def _is_named_best(self, row_at: int) -> bool:
        """Whether the question names this row, and no other better."""
        own = self._named(row_at)
        if own[0] == 0:
            return False
        if self._best is None:
            rows = range(self._table.head_rows, min(len(self._table.rows), _MOST_ROWS))
            self._best = max(map(self._named, rows), default=own)
        return own >= self._best

    def _named(self, row_at: int) -> tuple[float, float]:
        cells = _cells(self._document, self._table, row_at)
        return self._question.names([cell.of(self._document.text) for cell in cells])


class _Question:
    """The telling words of a question, as a table in one language may hold them."""

    def __init__(self, words: Sequence[QueryWord], above: str, language: str) -> None:
        self.above = above
        self._language = language
        little = FUNCTION_WORDS.get(language, frozenset())
        telling = [w for w in words if little.isdisjoint(w.terms) and w.only_in in ("", language)]
        # A word that the library hardly holds has a high rarity, one in every passage none.
        self._words = [(frozenset(word.terms), max(word.rarity, 0.1)) for word in telling]
        self._years = {term for word in words for term in word.terms if _YEAR.fullmatch(term)}
        said = _terms(above, language)
        self._row_words = [(t, w * (_SAID_ABOVE if t & said else 1.0)) for t, w in self._words]

    def weight(self, text: str) -> float:
        """How much of the question a head or cell says."""
        return _weight(self._words, _terms(text, self._language))

    def names(self, cells: Sequence[str]) -> tuple[float, float]:
        """How much of the question a row says; then, the less the better, how much of its first cell is unsaid."""
        head = _terms(cells[0], self._language) if cells else frozenset()
        whole = frozenset().union(*(_terms(cell, self._language) for cell in cells))
        weight = _weight(self._row_words, whole)
        unsaid = sum(not any(term in words for words, _ in self._row_words) for term in head)
        return round(weight, 6), -unsaid / max(len(head), 1)

    def says(self, cells: Sequence[Span], document: Document) -> bool:
        """Whether the question says all words of these cells: of two rows compared each is named, one better."""
        held = [_terms(cell.of(document.text), self._language) for cell in cells]
        telling = [term for terms_of_cell in held for term in terms_of_cell]
        return bool(telling) and all(any(term in words for words, _ in self._words) for term in telling)

    def speaks_of(self, head: str, others: str) -> bool:
        """Whether a head says, apart from its year and unit, what is asked; or else what stands above the table."""
        measure = _YEAR.sub(" ", _IN_BRACKETS.sub(" ", head))
        if not any(map(str.isalpha, measure)) or self.weight(measure):
            return True
        named = _terms(f"{others} {' '.join(self._years)}", self._language)
        rest = [(words_of, weight) for words_of, weight in self._words if words_of.isdisjoint(named)]
        return _weight(rest, _terms(self.above, self._language)) > 0

    def asks_for_year_of(self, head: str) -> bool:
        """Whether a year that the question asks for stands in a head."""
        return not self._years.isdisjoint(_YEAR.findall(head))

    def allows_years(self, head: str, others: str, above: str, heads: str) -> bool:
        """Whether the years asked for, if any, are those of the cell, as far as the table gives years."""
        if not self._years:
            return True
        of_cell = set(_YEAR.findall(f"{head} {others}"))
        if of_cell & self._years:
            return True
        known = of_cell or set(_YEAR.findall(above)) or set(_YEAR.findall(heads))
        return not known or (not of_cell and bool(known & self._years) and not _YEAR.search(heads))


def _weight(words: Sequence[tuple[frozenset[str], float]], held: Collection[str]) -> float:
    return sum(weight for terms_of_word, weight in words if not terms_of_word.isdisjoint(held))


def _cells(document: Document, table: Table, row_at: int) -> tuple[Span, ...]:
    """The cells of a row; in place of an empty first one that of the row it is merged with."""
    row = table.rows[row_at]
    above = row_at
    while above > table.head_rows and row and row[0].start == row[0].end and row_at - above < 50:
        above -= 1
        if table.rows[above] and table.rows[above][0].start < table.rows[above][0].end:
            return (table.rows[above][0], *row[1:])
    return row


def _above(document: Document, table: Table) -> str:
    """The document's title, the table's heading and the block right above it, its caption."""
    before = document.text[max(table.start - _ABOVE_CHARACTERS, 0) : table.start].rstrip()
    heading = document.section_at(table.start).heading
    return f"{document.title} {heading} {before.rpartition(chr(10) * 2)[2]}"


@lru_cache(maxsize=1 << 14)
def _terms(text: str, language: str) -> frozenset[str]:
    return frozenset(terms(text, language))
