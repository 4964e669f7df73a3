"""The health of a library: is it whole, and could each of its documents be read?

In: what the catalog, the mirrors and the folder of originals hold. Out: findings, each with what to do.
No document is read for it: what there is to say of a text was noted when it was added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from index.catalog import Catalog
from index.hit import DocumentCard, Failure
from index.near_duplicates import NearDuplicate
from ingest.console import page_list
from ingest.document import Note, content_id
from ingest.told import Told

Severity = Literal["problem", "warning", "info"]

# What is worth acting on, and what is good to know; a kind that is not here is a warning.
_GOOD_TO_KNOW = (
    *("attachments", "blank_pages", "duplicate", "huge", "language_unknown", "languages_mixed"),
    *("recognised", "shared_text", "version"),
)
# Of what an edit has set right nothing is said any more.
_SETTLED_BY_A_LANGUAGE = "language_unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found. A problem is one of the library itself; a warning, of what is in it.

    `kind` is a stable name: "original_missing", "no_text", "near_duplicate", … `pages` are physical pages.
    """

    kind: str
    severity: Severity
    message: str
    source: str = ""
    document_id: str = ""
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """What a check found. `problems` is empty when the library is whole; warnings do not touch that."""

    documents: int
    passages: int
    problems: tuple[str, ...]
    languages: Mapping[str, int]  # documents in each language, "" where it cannot be told
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Observed:
    """What a catalog holds at one revision, as far as a check needs it."""

    problems: Sequence[str]
    cards: Sequence[DocumentCard]
    passage_keys: Sequence[int]
    notes: Sequence[tuple[str, Note]]
    copies: Sequence[tuple[str, str]]
    near_duplicates: Sequence[tuple[str, NearDuplicate]]
    failures: Sequence[Failure]


def observe(catalog: Catalog) -> Observed:
    """Read it all; to be called inside a snapshot."""
    return Observed(
        catalog.problems(),
        catalog.cards(),
        catalog.passage_keys(),
        catalog.all_notes(),
        catalog.sources_of_copies(),
        catalog.all_near_duplicates(),
        catalog.failures(),
    )


def assess(
    observed: Observed,
    dense_keys: Set[int],
    lexical_count: int,
    original: Callable[[DocumentCard], Path],
    damaged_model_files: Iterable[str],
) -> Health:
    """Compare the mirrors, the originals and the model's files with the catalog, and judge its documents."""
    findings = [
        *(Finding("catalog", "problem", message) for message in observed.problems),
        *_mirrors(observed, dense_keys, lexical_count),
        *(finding for card in observed.cards for finding in _original(card, original(card))),
        *(
            Finding("model", "problem", Told("model file {name} is damaged", name=name))
            for name in damaged_model_files
        ),
        *(Finding("failed", "warning", _refusal(failure), failure.source) for failure in observed.failures),
        *_documents(observed),
    ]
    return Health(
        documents=len(observed.cards),
        passages=len(observed.passage_keys),
        problems=tuple(_sentence(finding) for finding in findings if finding.severity == "problem"),
        languages=dict(Counter(card.language for card in observed.cards).most_common()),
        findings=tuple(findings),
    )


def _mirrors(observed: Observed, dense_keys: Set[int], lexical_count: int) -> Iterator[Finding]:
    for folder, agrees in (
        ("dense", dense_keys == set(observed.passage_keys)),
        ("lexical", lexical_count == len(observed.passage_keys)),
    ):
        if not agrees:
            yield Finding(
                "mirror",
                "problem",
                Told(
                    "{folder}/ does not hold the catalog's passages; delete the folder to rebuild it",
                    folder=folder,
                ),
            )


def _refusal(failure: Failure) -> Told:
    return Told("{error}: {reason}", error=failure.error, reason=failure.reason)


def _original(card: DocumentCard, path: Path) -> Iterator[Finding]:
    if not path.is_file():
        message = Told("its original is gone from files/; add it again")
        yield Finding("original_missing", "problem", message, card.source, card.id)
    elif content_id(path.read_bytes()) != card.id:
        message = Told("its original in files/ is damaged; remove it, then add it again")
        yield Finding("original_damaged", "problem", message, card.source, card.id)


def _documents(observed: Observed) -> Iterator[Finding]:
    cards = {card.id: card for card in observed.cards}
    for card in observed.cards:
        if not card.passages:
            message = Told("it has no passages, so that no question finds it. Is there text in it?")
            yield Finding("no_passages", "warning", message, card.source, card.id)
    for id, note in observed.notes:
        if not (note.kind == _SETTLED_BY_A_LANGUAGE and cards[id].language):
            yield Finding(note.kind, severity(note.kind), note.message, cards[id].source, id, note.pages)
    for id, group in groupby(observed.copies, key=lambda copy: copy[0]):
        others = [source for _, source in group if source != cards[id].source]
        message = Told("the same bytes are also in {others}.", others=others)
        yield Finding("duplicate", "info", message, cards[id].source, id)
    for id, other in observed.near_duplicates:
        yield Finding(other.kind, severity(other.kind), other.message, cards[id].source, id)


def severity(kind: str) -> Severity:
    """How much a note or a near-duplicate of this kind matters."""
    return "info" if kind in _GOOD_TO_KNOW else "warning"


def _sentence(finding: Finding) -> str:
    return f"{finding.source}: {finding.message}" if finding.source else finding.message


# For people

_SHOWN = 20  # findings of one kind
_HEADINGS = {
    "failed": "files that could not be added",
    "no_text": "pages without text",
    "blank_pages": "blank pages",
    "little_text": "hardly any text",
    "no_passages": "documents without passages",
    "recognised": "text that was recognised in pictures",
    "low_confidence": "pages recognised with low confidence",
    "replacement_characters": "characters that could not be decoded",
    "mojibake": "text that looks wrongly decoded",
    "broken_font": "broken fonts",
    "attachments": "files attached to a document",
    "huge": "huge documents",
    "duplicate": "the same file in several places",
    "near_duplicate": "documents that are nearly the same",
    "version": "versions of one document",
    "shared_text": "documents that share text",
    "language_unknown": "language not told",
    "languages_mixed": "several languages in one document",
}


def lines(health: Health) -> Iterator[str]:
    """The findings as a person reads them: grouped by kind, what needs doing first."""
    languages = ", ".join(f"{language or 'unknown'} {count}" for language, count in health.languages.items())
    yield f"{health.documents} documents, {health.passages} passages" + (
        f" ({languages})" if languages else ""
    )
    for problem in health.problems:
        yield f"problem: {problem}"
    for severity in ("warning", "info"):
        chosen = sorted(
            (each for each in health.findings if each.severity == severity), key=lambda each: each.kind
        )
        for kind, group in groupby(chosen, key=lambda each: each.kind):
            found = list(group)
            yield f"{severity}: {_HEADINGS.get(kind, kind.replace('_', ' '))} ({len(found)})"
            for finding in found[:_SHOWN]:
                yield f"  {finding.source}: {finding.message}{page_list(finding.pages)}"
            if len(found) > _SHOWN:
                yield f"  … and {len(found) - _SHOWN} more; --json gives them all"
    if health.ok:
        warnings = sum(each.severity == "warning" for each in health.findings)
        yield f"the library is whole; {warnings} to look at" if warnings else "all is well"
