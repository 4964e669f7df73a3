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

TABLES = """
CREATE TABLE notes (
    document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    message TEXT NOT NULL,
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
    for kind, places, message in (
        (
            "replacement_characters",
            [at for at, char in enumerate(text) if char == "\ufffd"] if "\ufffd" in text else [],
            "characters could not be decoded and show as “\ufffd”. Save the file as UTF-8, or fetch it again.",
        ),
        (
            "mojibake",
            [match.start() for match in _MOJIBAKE.finditer(text)],
            "places look like text in a wrong encoding. Save the file as UTF-8, and add it again.",
        ),
    ):
        if len(places) >= _SOME:
            found.append(Note(kind, f"{len(places):,} {message}", _pages(document, places)))
    private = [match.start() for match in _PRIVATE.finditer(text)]
    if len(private) > _PRIVATE_SHARE * len(text):
        message = f"{len(private):,} characters have no meaning outside of their font: its map is broken. "
        found.append(
            Note("broken_font", message + "Add another copy of the document.", _pages(document, private))
        )
    return found


def _amount(document: Document) -> list[Note]:
    length, count = len(document.text), len(document.pages)
    if length > _HUGE:
        return [Note("huge", f"it has {length:,} characters. Split it, if searches find little else.")]
    if count > 1 and length < _LITTLE * count:
        return [Note("little_text", f"its {count} pages hold {length:,} characters in all. Is it a scan?")]
    told = {page for note in document.notes for page in note.pages}
    blank = tuple(
        page.number for page in document.pages if page.start == page.end and page.number not in told
    )
    return [Note("blank_pages", "Nothing stands on them.", blank)] if blank else []


def _recognition(document: Document) -> list[Note]:
    sure: dict[int, list[float]] = defaultdict(list)
    for word in document.page_map.words:
        sure[word.page].append(word.confidence)
    unsure = {page: sum(words) / len(words) for page, words in sure.items()}
    pages = tuple(page for page, mean in sorted(unsure.items()) if mean < _SURE)
    if not pages:
        return []
    worst = min(unsure.values())
    message = f"recognised with low confidence, {worst:.0%} on the worst page. Compare with the page picture."
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
    shares = ", ".join(f"{share:.0%} in {language}" for language, share in others)
    return [Note("languages_mixed", f"it is taken as {document.language}, and about {shares}.")]


def _pages(document: Document, places: list[int]) -> tuple[int, ...]:
    """The physical pages of these offsets; none where the format has no pages."""
    if len(document.pages) == 1:
        return ()
    return tuple(sorted({document.page_at(place).number for place in places}))


def store(database: Database, document_key: int, notes: tuple[Note, ...]) -> None:
    """Keep the notes of a new document; inside a transaction."""
    database.execute_many(
        "INSERT INTO notes VALUES (?, ?, ?, ?)",
        [(document_key, note.kind, note.message, json.dumps(note.pages)) for note in notes],
    )


def read(database: Database) -> list[tuple[str, Note]]:
    """Every note of the library, with the id of its document."""
    rows = database.rows(
        "SELECT id, kind, message, pages FROM notes JOIN documents ON documents.key = document ORDER BY notes.rowid"
    )
    return [(id, Note(kind, message, tuple(json.loads(pages)))) for id, kind, message, pages in rows]


def read_one(database: Database, document_id: str) -> tuple[Note, ...]:
    """The notes of one document."""
    rows = database.rows(
        "SELECT kind, message, pages FROM notes JOIN documents ON documents.key = document WHERE id = ?"
        " ORDER BY notes.rowid",
        (document_id,),
    )
    return tuple(Note(kind, message, tuple(json.loads(pages))) for kind, message, pages in rows)
