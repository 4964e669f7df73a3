"""What programs may do with the library: plain values in, plain records out. REST and MCP stand on it.

Reading only. The records are those of `--json`; whoever serves them turns a VerbatimError into its own kind of
refusal. Both are in English, whatever language the page is in: programs, and those who make them, read them.
A file of the server's own is told by its name alone: the folders that it lies in are nobody's business.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from index.errors import UnknownDocument
from index.hit import Filters
from index.library import Library
from ingest.document import Document
from ingest.errors import VerbatimError
from qa.ask import ask
from qa.names import name_finder
from qa.question import checked_question
from qa.reader import Reader
from qa.records import Record, answer_record, references_record, search_record
from web.turns import Turns
from web.words import file_name, is_web_address

MOST_HITS = 100
MOST_CHARACTERS = 20_000  # of one reading: about ten pages
A_READING = 4_000  # characters, where no end is given
DATE = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"


class BadRequest(VerbatimError):
    """A value that makes no sense; the message names it and the limit."""


class BadDate(BadRequest):
    """No date as coarse as a year, a month or a day."""


class BadCount(BadRequest):
    """Fewer than one, or more than are given at once."""


class BadBounds(BadRequest):
    """Two offsets that are no part of a text, or a longer one than is given at once."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which documents are looked at, as a caller names them; what is empty does not narrow."""

    documents: Sequence[str] = ()  # ids, or sources as the records give them; several may bear one file name
    languages: Sequence[str] = ()
    types: Sequence[str] = ()
    published_from: str = ""  # "2012", "2012-10" or "2012-10-17"; both inclusive
    published_to: str = ""


class Tools:
    """The functions over an open library. Safe to use from several threads."""

    def __init__(self, library: Library, reader: Reader, turns: Turns = Turns(working=4, waiting=16)) -> None:
        """A question that finds no turn is refused."""
        self.library = library
        self._reader = reader
        self._turns = turns

    def ask(self, question: str, before: str = "", narrowing: Narrowing = Narrowing()) -> Record:
        """An answer, or why there is none, as `qa ask --json` prints it.

        Raises EmptyQuestion, QuestionTooLong, UnknownDocument, BadDate, Busy.
        """
        question, filters = checked_question(question), self._filters(narrowing)
        with self._turns.taken():
            result = ask(question, self.library, before=before, reader=self._reader, filters=filters)
        return without_folders(answer_record(result))

    def search(self, query: str, k: int = 10, narrowing: Narrowing = Narrowing()) -> Record:
        """The `k` nearest passages, as `qa search --json` prints them.

        Raises EmptyQuestion, QuestionTooLong, BadCount, UnknownDocument, BadDate.
        """
        hits = self.library.search(checked_question(query), _count(k), self._filters(narrowing))
        return without_folders(search_record(query, hits, self.library))

    def references(self, query: str, k: int = 10, narrowing: Narrowing = Narrowing()) -> Record:
        """Bibliography entries and what cites them, as `qa search --references --json` prints them.

        Raises as `search` does.
        """
        hits = self.library.references(checked_question(query), _count(k), self._filters(narrowing))
        return without_folders(references_record(query, hits, self.library))

    def documents(self, narrowing: Narrowing = Narrowing(), offset: int = 0, limit: int = 100) -> Record:
        """Documents by title, from the one at `offset` on, each as `ingest list --json` prints it."""
        cards = self.library.documents(self._filters(narrowing))
        listed = [asdict(card) for card in cards[offset : offset + limit]]
        return without_folders({"total": len(cards), "documents": listed})

    def document(self, document_id: str) -> Record:
        """What is known of a document: its card, its pages and sections, and how well it could be read.

        Raises UnknownDocument.
        """
        document = self._document(document_id)
        record: Record = {
            "document": asdict(self.library.card(document.id)),
            "pages": [asdict(page) for page in document.pages],
            "sections": [asdict(section) for section in document.sections],
            "notes": [asdict(note) for note in document.notes],
        }
        return without_folders(record)

    def open_source(self, document_id: str, start: int = 0, end: int | None = None) -> Record:
        """The words `document.text[start:end]` with the place they begin at; without an end, some pages of them.

        Raises UnknownDocument, BadBounds.
        """
        document = self._document(document_id)
        size = len(document.text)
        if end is None:
            end = min(start + A_READING, size)
        if not 0 <= start < end <= size:
            raise BadBounds(
                f"characters {start:,} to {end:,} are no part of document {document.id}, whose text has {size:,}"
            )
        if end - start > MOST_CHARACTERS:
            raise BadBounds(
                f"{end - start:,} characters are asked for and at most {MOST_CHARACTERS:,} are given at once"
            )
        page = document.page_at(start)
        return {
            "document_id": document.id,
            "title": document.title,
            "source": _shown(document.source),
            "characters": size,
            "page": page.number,
            "page_label": page.label,
            "section": (document.section_path(start) or ("",))[-1],
            "start": start,
            "end": end,
            "text": document.text[start:end],
        }

    def _document(self, document_id: str) -> Document:
        try:
            return self.library.document(document_id)
        except UnknownDocument:
            raise _unknown([document_id]) from None  # where the library stands is nobody's business

    def _filters(self, narrowing: Narrowing) -> Filters:
        for date in filter(None, (narrowing.published_from, narrowing.published_to)):
            if not re.fullmatch(DATE, date):
                raise BadDate(f"{date!r} is not a date such as 2012, 2012-10 or 2012-10-17")
        return Filters(
            documents=self._ids(narrowing.documents),
            languages=tuple(narrowing.languages),
            types=tuple(narrowing.types),
            published_from=narrowing.published_from,
            published_to=narrowing.published_to,
        )

    def _ids(self, names: Sequence[str]) -> tuple[str, ...]:
        if not names:
            return ()
        find, cards = name_finder(self.library), self.library.documents()

        def found(name: str) -> frozenset[str]:
            return find(name) or frozenset(card.id for card in cards if _shown(card.source) == name)

        if unknown := [name for name in names if not found(name)]:
            raise _unknown(unknown)
        return tuple(sorted(frozenset[str]().union(*map(found, names))))


def without_folders(record: Record) -> Record:
    """The record with every source in it as it is told over the web: a web address whole, a file by its name."""
    return {
        name: _shown(value) if name == "source" and isinstance(value, str) else _without_folders(value)
        for name, value in record.items()
    }


def _without_folders(value: object) -> object:
    if isinstance(value, dict):
        return without_folders(value)
    return [*map(_without_folders, value)] if isinstance(value, list | tuple) else value


def _shown(source: str) -> str:
    return source if is_web_address(source) else file_name(source)


def _count(k: int) -> int:
    if not 1 <= k <= MOST_HITS:
        raise BadCount(f"{k} are asked for; between 1 and {MOST_HITS} can be")
    return k


def _unknown(names: Sequence[str]) -> UnknownDocument:
    return UnknownDocument(
        f"the library holds no document {', '.join(map(repr, names))}; ask for the list of them"
    )
