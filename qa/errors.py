"""Errors of asking, quoting and evaluating, named after what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.errors import VerbatimError
from ingest.told import Told

QUESTION_LIMIT = 2_000  # characters: a long paragraph


class EmptyQuestion(VerbatimError):
    """Nothing was asked: no character, or white space alone."""

    def __init__(self) -> None:
        super().__init__(Told("the question is empty; ask it in a sentence or in a few keywords"))


class QuestionTooLong(VerbatimError):
    """More characters than a question may have."""

    def __init__(self, length: int, limit: int = QUESTION_LIMIT) -> None:
        super().__init__(
            Told(
                "the question has {length} characters and the limit is {limit}; "
                "shorten it, or add the text as a document and ask about it",
                length=length,
                limit=limit,
            )
        )
        self.length = length
        self.limit = limit


class QuoteNotFound(VerbatimError):
    """A quotation that cannot be located in its document, and so must not be shown."""


class OutputUnwritable(VerbatimError):
    """A file that the user asked for cannot be written."""


class BadQuestionSet(VerbatimError):
    """A file of questions that cannot be used to measure. `line` is 0 when no one line is at fault."""

    def __init__(self, source: str, message: str, line: int = 0) -> None:
        if line:
            told = Told("{source}, line {line}: {reason}", source=source, line=str(line), reason=message)
        else:
            told = Told("{source}: {reason}", source=source, reason=message)
        super().__init__(told)
        self.source = source
        self.line = line
        self.reason = message


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that no document bears, the first line that it stands on, and the names that are nearest to it."""

    line: int
    name: str
    nearest: tuple[str, ...] = ()


class UnknownGoldDocument(BadQuestionSet):
    """Gold questions name documents that the library does not hold: `unknown`, in the order of their lines."""

    def __init__(self, source: str, unknown: Sequence[UnknownName]) -> None:
        message = Told(
            "the library holds no document {names}; add it, or correct the name",
            names=tuple(map(_told, unknown)),
        )
        super().__init__(source, message, unknown[0].line)
        self.unknown = tuple(unknown)


def _told(name: UnknownName) -> str:
    named, line = repr(name.name), str(name.line)
    if not name.nearest:
        return Told("{name} (line {line})", name=named, line=line)
    nearest = tuple(map(repr, name.nearest))
    return Told("{name} (line {line}; nearest: {nearest})", name=named, line=line, nearest=nearest)
