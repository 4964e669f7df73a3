"""Gold questions as a user gives them: the rows of a form, or an uploaded file; checked questions come out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.library import Library
from ingest.errors import SourceMissing, VerbatimError
from ingest.told import Told
from qa.evaluation.gold import GoldQuestion, parse_gold
from web.interface import Interface

MOST_QUESTIONS = 500  # of one run: some minutes of both cores
LARGEST_FILE = 5 * 1024 * 1024  # bytes: that many of the longest questions
WRITTEN = "questions.jsonl"  # what the rows of the form are called, as a file and in errors

Row = tuple[str, str, str, str, bool]  # question, document, page, answers, answerable
BLANK_ROW: Row = ("", "", "", "", True)


class TooManyQuestions(VerbatimError):
    """More questions than one run may ask."""


class QuestionFileTooLarge(VerbatimError):
    """A file that is larger than the questions of one run can be."""


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Checked questions, at least one, with the name of the file that they are from."""

    name: str
    questions: tuple[GoldQuestion, ...]

    @property
    def path(self) -> Path:
        return Path(self.name)


def example_row(say: Interface, library: Library) -> Row:
    """A row that can be run as it stands; a blank one where the library is empty."""
    cards = library.documents()
    if not cards:
        return BLANK_ROW
    card = next((card for card in cards if card.language == say.language), cards[0])
    return (say("What is {title} about?", title=card.title), Path(card.source).name, "", "", True)


def written_set(rows: Sequence[Row]) -> GoldSet:
    """What the form holds; its row is the line that an error names. Raises BadQuestionSet, TooManyQuestions."""
    records = map(_record, rows)
    lines = [json.dumps(record) if record else "" for record in records]
    return _bounded(WRITTEN, parse_gold("\n".join(lines).encode(), WRITTEN))


def uploaded_set(path: Path) -> GoldSet:
    """The questions of an uploaded file.

    Raises SourceMissing, QuestionFileTooLarge, BadQuestionSet, TooManyQuestions.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise QuestionFileTooLarge(
                Told(
                    "{name} has {size} bytes and the limit is {limit}; split it, or run it "
                    "with `python -m qa evaluate gold`",
                    name=path.name,
                    size=size,
                    limit=LARGEST_FILE,
                )
            )
        data = path.read_bytes()
    except OSError as error:
        raise SourceMissing(path.name, Told("cannot be read ({why})", why=str(error.strerror))) from error
    return _bounded(path.name, parse_gold(data, path.name))


def gold_lines(rows: Sequence[Row]) -> str:
    """The rows that are not blank as a file of JSON lines, right or not: a draft is kept as it is."""
    records = filter(None, map(_record, rows))
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def too_many(count: int, name: str = WRITTEN) -> TooManyQuestions:
    """The refusal of that many."""
    return TooManyQuestions(
        Told(
            "{name} holds {n} questions and one run asks at most {limit}; split it, "
            "or run it with `python -m qa evaluate gold`",
            name=name,
            n=count,
            limit=MOST_QUESTIONS,
        )
    )


def _bounded(name: str, questions: tuple[GoldQuestion, ...]) -> GoldSet:
    if len(questions) > MOST_QUESTIONS:
        raise too_many(len(questions), name)
    return GoldSet(name, questions)


def _record(row: Row) -> Mapping[str, object]:
    """The gold record of a row; empty where nothing is written in it."""
    question, document, page, answers = map(str.strip, row[:4])
    if not (question or document or page or answers):
        return {}
    fields: dict[str, object] = {
        "question": question,
        "document": _several(document),
        "page": [int(each) if each.isdecimal() else each for each in _several(page)],
        "answers": _several(answers),
        "answerable": row[4],
    }
    return {name: value for name, value in fields.items() if value != []}


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]
