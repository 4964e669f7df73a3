"""What can be seen of a document's text alone: whether a person could read it, and in which languages.

In: a Document. Out: its reader's notes, and what shows only when the whole text is there. They are kept
in the catalog, so that a library is checked without reading every document again.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict

from index.database import Database
from ingest.document import Document, Note
from ingest.language import votes
from ingest.told import Told, pack, unpack

TABLES = """
CREATE TABLE notes (
    document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    message TEXT NOT NULL,  -- packed (ingest.told); an earlier version wrote it in English
    pages TEXT NOT NULL  -- as JSON
);
CREATE INDEX notes_of_document ON notes (document);
"""
_HUGE = 5_000_000  # characters: some fifty thousand passages of one document crowd out all others
_LITTLE = 40  # characters on an average page, of a document of several
_SURE = 0.7  # mean confidence of the words of a recognised page that can be relied on
_SOME = 3  # broken places that are no accident
_OTHER_LANGUAGE = 0.3  # share of the windows

# UTF-8 or a legacy charset read as Latin-1 ("Ð¾Ð±", "¾È³ç", "Ïðèâåò"), as cp1251 ("РѕР±"), "ÿÿÿ".
_MOJIBAKE = re.compile(
    r"(?:[À-ÿ][¡-¿‚„…†‡‰‹›‘’“”•–—™ƒˆŠŒŽ˜šœžŸ]){2,}|â€[™œ“”¦˜]|\b[À-ÿ]{6,}\b|ÿ{3,}"
    r"|(?:[РС][ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЄЇІіґєјЅѕї°±µ¶·№»‚„…†‡€‰‹›‘’“”•–—™¤¦§©«¬®]){3,}"
)
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")  # characters that mean something in one font alone
_PRIVATE_SHARE = 0.02  # bullets of a symbol font stay below it


def notes_of(document: Document) -> tuple[Note, ...]:
    """The reader's notes first, then those on the text; no kind twice."""
    known = {note.kind for note in document.notes}
    found = (*_encoding(document), *_amount(document), *_recognition(document), *_languages(document))
    return (*document.notes, *(note for note in found if note.kind not in known))


def _encoding(document: Document) -> list[Note]:
    text = document.text
    found = []
    lost = [at for at, char in enumerate(text) if char == "\ufffd"] if "\ufffd" in text else []
    if len(lost) >= _SOME:
        message = Told(
            "{n} characters could not be decoded and show as “\ufffd”. Save the file as UTF-8, or fetch it again.",
            n=len(lost),
        )
        found.append(Note("replacement_characters", message, _pages(document, lost)))
    garbled = [match.start() for match in _MOJIBAKE.finditer(text)]
    if len(garbled) >= _SOME:
        message = Told(
            "{n} places look like text in a wrong encoding. Save the file as UTF-8, and add it again.",
            n=len(garbled),
        )
        found.append(Note("mojibake", message, _pages(document, garbled)))
    private = [match.start() for match in _PRIVATE.finditer(text)]
    if len(private) > _PRIVATE_SHARE * len(text):
        message = Told(
            "{n} characters have no meaning outside of their font: its map is broken. "
            "Add another copy of the document.",
            n=len(private),
        )
        found.append(Note("broken_font", message, _pages(document, private)))
    return found


def _amount(document: Document) -> list[Note]:
    length, count = len(document.text), len(document.pages)
    if length > _HUGE:
        message = Told("it has {n} characters. Split it, if searches find little else.", n=length)
        return [Note("huge", message)]
    if count > 1 and length < _LITTLE * count:
        message = Told(
            "its {pages} pages hold {n} characters in all. Is it a scan?", pages=str(count), n=length
        )
        return [Note("little_text", message)]
    told = {page for note in document.notes for page in note.pages}
    blank = tuple(
        page.number for page in document.pages if page.start == page.end and page.number not in told
    )
    return [Note("blank_pages", Told("Nothing stands on them."), blank)] if blank else []


def _recognition(document: Document) -> list[Note]:
    sure: dict[int, list[float]] = defaultdict(list)
    for word in document.page_map.words:
        sure[word.page].append(word.confidence)
    unsure = {page: sum(words) / len(words) for page, words in sure.items()}
    pages = tuple(page for page, mean in sorted(unsure.items()) if mean < _SURE)
    if not pages:
        return []
    worst = min(unsure.values())
    message = Told(
        "recognised with low confidence, {percent}% on the worst page. Compare with the page picture.",
        percent=f"{100 * worst:.0f}",
    )
    return [Note("low_confidence", message, pages)]


def _languages(document: Document) -> list[Note]:
    if not document.language:
        return [Note("language_unknown", "its language cannot be told. Give it with: ingest edit --language")]
    counted = votes(document.text)
    total = counted.total()
    others = [
        (language, count / total)
        for language, count in counted.most_common()
        if language and language != document.language and count >= _OTHER_LANGUAGE * total > _OTHER_LANGUAGE
    ]
    if not others:
        return []
    shares = [
        Told("{percent}% in {language}", percent=f"{100 * share:.0f}", language=language)
        for language, share in others
    ]
    message = Told(
        "it is taken as {language}, and about {shares}.", language=document.language, shares=shares
    )
    return [Note("languages_mixed", message)]


def _pages(document: Document, places: list[int]) -> tuple[int, ...]:
    """The physical pages of these offsets; none where the format has no pages."""
    if len(document.pages) == 1:
        return ()
    return tuple(sorted({document.page_at(place).number for place in places}))


def store(database: Database, document_key: int, notes: tuple[Note, ...]) -> None:
    """Keep the notes of a new document; inside a transaction."""
    database.execute_many(
        "INSERT INTO notes VALUES (?, ?, ?, ?)",
        [(document_key, note.kind, pack(note.message), json.dumps(note.pages)) for note in notes],
    )


def read(database: Database) -> list[tuple[str, Note]]:
    """Every note of the library, with the id of its document."""
    rows = database.rows(
        "SELECT id, kind, message, pages FROM notes JOIN documents ON documents.key = document ORDER BY notes.rowid"
    )
    return [(id, _note(*row)) for id, *row in rows]


def read_one(database: Database, document_id: str) -> tuple[Note, ...]:
    """The notes of one document."""
    rows = database.rows(
        "SELECT kind, message, pages FROM notes JOIN documents ON documents.key = document WHERE id = ?"
        " ORDER BY notes.rowid",
        (document_id,),
    )
    return tuple(_note(*row) for row in rows)


def _note(kind: str, message: str, pages: str) -> Note:
    return Note(kind, unpack(message), tuple(json.loads(pages)))
