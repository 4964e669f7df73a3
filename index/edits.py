"""What a user says of a document, which stands above what its file says.

In: changes by field, as typed. Out: checked edits, and a document that shows them. Edits are stored apart
from the document, so that an empty value gives back what the file says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from index.database import Database
from index.errors import BadEdit
from ingest.document import Document, Origin
from ingest.document_type import TYPES
from ingest.formats.draft import one_line
from ingest.links import DOI
from ingest.told import Told

TABLES = """
CREATE TABLE edits (
    document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    field TEXT NOT NULL,
    value TEXT NOT NULL,  -- as JSON
    PRIMARY KEY (document, field)
) WITHOUT ROWID;
"""
FIELDS = ("title", "authors", "publisher", "published", "language", "type", "doi", "url")
LONGEST = 1000  # characters of a value

Value = str | tuple[str, ...]
Edits = Mapping[str, Value]
NONE: Edits = {}

# ISO 639-1.
_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id "
    "ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu "
    "lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu "
    "rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr "
    "ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
LANGUAGES = frozenset(_CODES.split())
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_RESOLVER = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


def checked(changes: Mapping[str, str | Sequence[str]]) -> dict[str, Value]:
    """The changes, cleaned; an empty value stays empty and means "as the file says". Raises BadEdit."""
    if not changes:
        raise BadEdit(Told("nothing to change is given. Give one of {fields}.", fields=FIELDS))
    return {field: _checked(field, value) for field, value in changes.items()}


def _checked(field: str, value: str | Sequence[str]) -> Value:
    if field not in FIELDS:
        raise BadEdit(
            Told("a document has no {field}. Give one of {fields}.", field=repr(field), fields=FIELDS)
        )
    parts = [one_line(part) for part in ([value] if isinstance(value, str) else value)]
    if any(len(part) > LONGEST for part in parts):
        raise BadEdit(
            Told(
                "{field}: {n} characters; the limit is {limit}.",
                field=field,
                n=max(map(len, parts)),
                limit=LONGEST,
            )
        )
    if field == "authors":
        return tuple(dict.fromkeys(part for part in parts if part))
    if len(parts) != 1:
        raise BadEdit(Told("{field}: one value, not {n}.", field=field, n=str(len(parts))))
    text = _RESOLVER.sub("", parts[0]) if field == "doi" else parts[0]
    text = text.lower() if field in ("language", "type") else text
    if text and (wrong := _what_is_wrong(field, text)):
        raise BadEdit(Told("{field} {text}: {wrong}", field=field, text=repr(text), wrong=wrong))
    return text


def _what_is_wrong(field: str, text: str) -> str:
    """Why the text cannot be a value of the field, and what can; "" when it can."""
    if field == "published" and not _is_date(text):
        return Told("no date. Write it as 2012, 2012-10 or 2012-10-17.")
    if field == "language" and text not in LANGUAGES:
        return Told("no language of ISO 639-1. Write two letters: en, ko, ru, uz, kk, ky, tg, tk.")
    if field == "type" and text not in TYPES:
        return Told("no type. Give one of {types}.", types=TYPES)
    if field == "doi" and not DOI.fullmatch(text):
        return Told("no DOI. Write it as 10.1234/abc.")
    if field == "url" and not _is_address(text):
        return Told("no address. Write it as https://example.org/page.")
    return ""


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    try:
        return bool(match and date(int(match[1]), int(match[2] or 1), int(match[3] or 1)))
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        return False


def edited(document: Document, edits: Edits) -> Document:
    """The document as its user wants it shown."""
    if not edits:
        return document
    users: dict[str, Origin] = dict.fromkeys(edits, "user")
    return replace(document, **edits, origins={**document.origins, **users})  # type: ignore[arg-type]


def read(database: Database, document_id: str) -> dict[str, Value]:
    """The edits of a document, by field."""
    rows = database.rows(
        "SELECT field, value FROM edits JOIN documents ON documents.key = document WHERE id = ?",
        (document_id,),
    )
    values = {field: json.loads(value) for field, value in rows}
    return {field: tuple(value) if field == "authors" else value for field, value in values.items()}


def write(database: Database, document_key: int, edits: Edits) -> None:
    """Store these edits, and no others, of a document; inside a transaction."""
    database.execute("DELETE FROM edits WHERE document = ?", (document_key,))
    database.execute_many(
        "INSERT INTO edits VALUES (?, ?, ?)",
        [(document_key, field, json.dumps(value, ensure_ascii=False)) for field, value in edits.items()],
    )
