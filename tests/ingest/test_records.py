"""What comes back from a reader's process is a document that does not contradict itself."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from ingest.document import (
    Aside,
    Mention,
    Note,
    Page,
    PageMap,
    RecognisedWord,
    Reference,
    Run,
    Section,
    Span,
    Table,
)
from ingest.reading import read
from ingest.records import checked, dump, load
from ingest.told import Told

PLAIN = read(
    b"# One\n\nText [1] here.\n\n| a | b |\n|---|---|\n| c | d |\n\n## References\n\n[1] Beck, I. (2011). Bonds.\n",
    "/a.md",
)
SIZE = len(PLAIN.text)
GOOD = replace(
    PLAIN,
    pages=(Page(1, "i", 0, 10), Page(2, "", 10, 10), Page(3, "ii", 10, SIZE)),
    page_map=PageMap(
        (Run(0, 3, 1, 0), Run(3, 5, 1, 9)),
        (RecognisedWord(5, 9, 3, 0.0, 1.0, 2.0, 3.0, 0.5),),
        (Aside(2, "head", 4, 4),),
    ),
    references=(Reference(20, 30, "1"), Reference(3, 9)),
    mentions=(Mention(4, 7, 1), Mention(4, 7, 0), Mention(SIZE, SIZE, 0)),
    notes=(Note("recognised", "It was.", (1, 3)),),
)


def test_a_note_comes_back_with_what_it_is_made_of() -> None:
    note = Note("attachments", Told("Not read: {names}.", names=("a", "b")), (1,))
    (back,) = load(dump(replace(GOOD, notes=(note,)))).notes
    assert back == note
    assert isinstance(back.message, Told)
    assert (back.message.sentence, back.message.values) == ("Not read: {names}.", {"names": ("a", "b")})


def test_a_document_of_an_earlier_version_has_its_notes_in_english() -> None:
    (note,) = load(msgspec.msgpack.encode(GOOD)).notes
    assert note == GOOD.notes[0]
    assert type(note.message) is str


def test_a_good_document_comes_back_as_it_is() -> None:
    assert PLAIN.tables and len(PLAIN.sections) > 1
    assert checked(load(dump(GOOD))) == GOOD
    assert checked(PLAIN) is PLAIN


BAD: list[dict[str, Any]] = [
    {"pages": ()},
    {"sections": ()},
    {"pages": (Page(1, "", 0, SIZE - 1),)},
    {"pages": (Page(1, "", 1, SIZE),)},
    {"pages": (Page(2, "", 0, SIZE),)},
    {"pages": (Page(1, "", 0, 5), Page(2, "", 4, SIZE))},
    {"pages": (Page(1, "", 0, 2**63), Page(2, "", 2**63, SIZE))},
    {"sections": (Section("", 0, 0, SIZE + 1),)},
    {"sections": (Section("", -1, 0, SIZE),)},
    {"tables": (Table(0, 2**63, (), 0),)},
    {"tables": (Table(5, 9, (), 0), Table(8, 10, (), 0))},
    {"tables": (Table(5, 9, ((Span(5, 10),),), 0),)},
    {"tables": (Table(5, 9, ((Span(7, 8), Span(5, 6)),), 0),)},
    {"tables": (Table(5, 9, ((Span(5, 6),),), 2),)},
    {"references": (Reference(0, 2**64 - 1),), "mentions": ()},
    {"references": (Reference(-1, 5),), "mentions": ()},
    {"references": (), "mentions": (Mention(0, 1, 0),)},
    {"mentions": (Mention(0, 1, -1),)},
    {"mentions": (Mention(3, 4, 0), Mention(0, 1, 0))},
    {"notes": (Note("a", "b", (4,)),)},
    {"notes": (Note("a", "b\0"),)},
    {"title": "\0"},
    {"authors": ("A", "B\0")},
    {"origins": {"\0": "file"}},
    {"text": "\0" * SIZE},
    *(
        {"page_map": page_map}
        for page_map in (
            PageMap((Run(3, 5, 1, 0), Run(0, 3, 1, 0))),
            PageMap((Run(0, 3, 9, 0),)),
            PageMap((Run(0, 3, 1, 2**31),)),
            PageMap((), (RecognisedWord(5, 2**40, 1, 0.0, 1.0, 2.0, 3.0, 0.5),)),
            PageMap((), (RecognisedWord(5, 6, 1, math.nan, 1.0, 2.0, 3.0, 0.5),)),
            PageMap((), (RecognisedWord(5, 6, 1, 0.0, 1.0, 2.0, 3.0, 1.5),)),
            PageMap((), (), (Aside(0, "", 0, 0),)),
            PageMap((), (), (Aside(1, "", 2, 1),)),
        )
    ),
]


@pytest.mark.parametrize("changes", BAD)
def test_one_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match="are wrong"):
        checked(replace(GOOD, **changes))


@pytest.mark.parametrize("wrong", [b"\xed\xa0\x80", b"\xff\xff\xff"])
def test_a_string_that_is_no_utf8_is_no_document(wrong: bytes) -> None:
    data = dump(replace(GOOD, publisher="@@@"))
    with pytest.raises(msgspec.DecodeError):
        load(data.replace(b"@@@", wrong))
