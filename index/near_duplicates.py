"""Documents that share much of their text: MinHash signatures, found by locality-sensitive hashing.

In: the text of a document. Out: the documents of the library that are much the same, without comparing
all with all: two documents are compared when they share a bucket. See A. Broder, "On the resemblance and
containment of documents", 1997, and J. Leskovec et al., "Mining of Massive Datasets", chapter 3.
"""

from __future__ import annotations

import re
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from index.database import Database
from ingest.told import Told

# Two documents of similarity s share a bucket with probability 1 - (1 - s³)⁴²: .94 at .4, .996 at .5, .04 at .1.
_BANDS, _ROWS = 42, 3
_HASHES = 128  # the estimate's standard error is at most .045
_SEED = 1
# What the hashes depend on: signatures made otherwise share no bucket with these.
_METHOD = "rensa-0.5 words-5"
_SHINGLE = 5  # words
_BATCH = 10_000  # shingles hashed at once
_FEWEST = 40  # shingles; shorter texts are alike without being copies: a form, a cover sheet

NEAR_DUPLICATE = 0.8  # similarity from which two documents are the same but for details
SHARED = 0.4  # similarity from which a reader would notice
_CANDIDATES = 50  # compared at most, those with the most buckets in common

TABLES = """
CREATE TABLE signatures (
    document INTEGER PRIMARY KEY REFERENCES documents (key) ON DELETE CASCADE,
    shingles INTEGER NOT NULL,
    hashes BLOB NOT NULL
);
CREATE TABLE buckets (
    bucket INTEGER NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    PRIMARY KEY (bucket, document)
) WITHOUT ROWID;
CREATE INDEX buckets_of_document ON buckets (document);
"""

# A word; in Chinese and Japanese, which part no words, each character.
_WORD = re.compile(r"[぀-ヿ㐀-䶿一-鿿]|[^\W_぀-ヿ㐀-䶿一-鿿]+")
# What a title says of the issue and not of the work.
_ISSUE = re.compile(
    r"\d+|\b(?:v|version|draft|final|revised|updated|consolidated|edition|copy|adopted|january|february|march|april"
    r"|may|june|july|august|september|october|november|december|версия|редакция|проект|копия|개정|초안|사본|최종"
    r"|loyiha|нұсқа)\b",
    re.IGNORECASE,
)
_NAME_BYTES = 12  # a shorter name is that of many works: "The Act", "Report"; in bytes, as Hangul says more
_NUMBERING = re.compile(r"\b\d{1,4}/\d{2,4}\b")  # "05/2020", "2016/679"

Kind = Literal["near_duplicate", "version", "shared_text"]


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands for a text when texts are compared: `hashes`, of how many different `shingles`."""

    shingles: int
    hashes: NDArray[np.uint32]  # shape (128,)

    def buckets(self) -> list[int]:
        """One signed 64-bit number for each band."""
        rows = self.hashes[: _BANDS * _ROWS].astype("<u4").reshape(_BANDS, _ROWS)
        return [
            int.from_bytes(
                blake2b(band.tobytes(), digest_size=8, key=f"{_METHOD} {number}".encode()).digest(),
                "little",
                signed=True,
            )
            for number, band in enumerate(rows)
        ]


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Another document that shares much of a document's text.

    `similarity` in [0, 1] is the estimated share of five-word sequences that both have, of all that either
    has; `containment` in [0, 1] the share of the shorter one's that the longer has too. `kind` is "version"
    for another issue of the same work, "near_duplicate" for the same text but for details, "shared_text"
    where two different works have much in common.
    """

    document_id: str
    source: str
    title: str
    published: str
    similarity: float
    containment: float
    kind: Kind

    @property
    def message(self) -> str:
        """A sentence about the document that this one was found for."""
        name = f"“{self.title}” ({self.source})"
        percent = f"{100 * self.similarity:.0f}"
        if self.kind == "version":
            if self.published:
                return Told(
                    "it looks like another version of {name}, published {date}; "
                    "{percent}% of the text is the same.",
                    name=name,
                    date=self.published,
                    percent=percent,
                )
            return Told(
                "it looks like another version of {name}; {percent}% of the text is the same.",
                name=name,
                percent=percent,
            )
        if self.kind == "near_duplicate":
            return Told(
                "it is nearly the same as {name}; {percent}% of the text is the same.",
                name=name,
                percent=percent,
            )
        contained = f"{100 * self.containment:.0f}"
        return Told(
            "much of it is also in {name}; {percent}% of the shorter one.", name=name, percent=contained
        )


def sign(text: str) -> Signature | None:
    """The signature of a text; None for one that is too short to be told from others like it."""
    sketch = RMinHash(num_perm=_HASHES, seed=_SEED)
    # Of a long text not the shingles are kept but a number of 64 bits for each, which hardly ever are the
    # same for two: a shingle that comes again changes no least hash, but it must not be counted again.
    seen = array("q")
    shingles = _shingles(text)
    while batch := list(islice(shingles, _BATCH)):
        sketch.update(batch)
        seen.extend(map(hash, batch))
    count = len(np.unique(np.frombuffer(seen, np.int64))) if seen else 0
    return Signature(count, np.array(sketch.digest(), np.uint32)) if count >= _FEWEST else None


def _shingles(text: str) -> Iterator[str]:
    window: deque[str] = deque(maxlen=_SHINGLE)
    for match in _WORD.finditer(text.casefold()):
        window.append(match[0])
        if len(window) == _SHINGLE:
            yield " ".join(window)


def similarity(one: Signature, other: Signature) -> float:
    """The estimated Jaccard similarity of two texts, in [0, 1]."""
    return float(np.mean(one.hashes == other.hashes))


def store(database: Database, document_key: int, text: str) -> None:
    """Keep the signature of a new document; inside a transaction."""
    signature = sign(text)
    if signature is None:
        return
    database.execute(
        "INSERT INTO signatures VALUES (?, ?, ?)",
        (document_key, signature.shingles, signature.hashes.astype("<u4").tobytes()),
    )
    database.execute_many(
        "INSERT OR IGNORE INTO buckets VALUES (?, ?)",
        [(bucket, document_key) for bucket in signature.buckets()],
    )


def find(database: Database, document_id: str) -> list[NearDuplicate]:
    """The documents that share much of the text of this one, the most similar first."""
    own = database.rows("SELECT key, title, published FROM documents WHERE id = ?", (document_id,))
    return _neighbours(database, own[0]) if own else []


def find_all(database: Database) -> list[tuple[str, NearDuplicate]]:
    """Each pair of documents of the library that share much of their text, as id and the other, once.

    What is nearly the same as an earlier document is not itself compared with the later ones, so that a
    thousand copies of one form give a thousand pairs and not half a million.
    """
    pairs: list[tuple[str, NearDuplicate]] = []
    copies: set[str] = set()
    for key, id, title, published in database.rows(
        "SELECT key, id, title, published FROM documents ORDER BY key"
    ):
        if id in copies:
            continue
        for other in _neighbours(database, (key, title, published), later=True, limit=-1):
            pairs.append((id, other))
            if other.similarity >= NEAR_DUPLICATE:
                copies.add(other.document_id)
    return pairs


def _neighbours(
    database: Database, own: Sequence[Any], *, later: bool = False, limit: int = _CANDIDATES
) -> list[NearDuplicate]:
    key, title, published = own
    mine = _signatures(database, [key]).get(key)
    if mine is None:
        return []
    candidates = [
        other
        for (other,) in database.rows(
            "SELECT document FROM buckets WHERE bucket IN (SELECT bucket FROM buckets WHERE document = ?)"
            f" AND document {'>' if later else '<>'} ? GROUP BY document ORDER BY count(*) DESC LIMIT ?",
            (key, key, limit),
        )
    ]
    found: list[NearDuplicate] = []
    cards = database.by_key("SELECT key, id, source, title, published FROM documents", candidates)
    for other, theirs in _signatures(database, candidates).items():
        share = similarity(mine, theirs)
        if share >= SHARED and other in cards:
            id, source, name, issued = cards[other]
            kind = _kind(share, (title, published), (name, issued))
            contained = _containment(share, mine, theirs)
            found.append(NearDuplicate(id, source, name, issued, share, contained, kind))
    return sorted(found, key=lambda each: (-each.similarity, each.document_id))


def _signatures(database: Database, keys: Sequence[int]) -> dict[int, Signature]:
    rows = database.by_key("SELECT document, shingles, hashes FROM signatures", keys, column="document")
    return {
        key: Signature(shingles, np.frombuffer(hashes, "<u4")) for key, (shingles, hashes) in rows.items()
    }


def _containment(share: float, one: Signature, other: Signature) -> float:
    """Of the shorter text in the longer: from the similarity, both sizes being known."""
    common = share / (1 + share) * (one.shingles + other.shingles)
    return min(common / min(one.shingles, other.shingles), 1.0)


def _kind(share: float, one: Sequence[str], other: Sequence[str]) -> Kind:
    """`one` and `other`: title and date. The same work issued again has its name, and another date or text."""
    (title, published), (other_title, other_published) = one, other
    dates_differ = bool(published and other_published and published != other_published)
    if _same_work(title, other_title) and (share < NEAR_DUPLICATE or dates_differ):
        return "version"
    return "near_duplicate" if share >= NEAR_DUPLICATE else "shared_text"


def _same_work(title: str, other: str) -> bool:
    if not set(_NUMBERING.findall(title)).isdisjoint(_NUMBERING.findall(other)):
        return True
    names = [_WORD.findall(_ISSUE.sub(" ", each).casefold()) for each in (title, other)]
    return len("".join(names[0]).encode()) >= _NAME_BYTES and names[0] == names[1]
