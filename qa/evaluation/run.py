"""An evaluation that is kept: its reports, and what became of every question, as one JSON file.

`comparison` sets two of them side by side.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from index.library import Library
from ingest.errors import SourceMissing, VerbatimError
from qa.answer import Answer
from qa.evaluation.grading import Asked, Report, faults_of

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Kind = Literal["squad", "gold"]


class DamagedRun(VerbatimError):
    """A file that is no kept evaluation, or only a part of one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question of a run: what was expected, what came back, and how it scored."""

    set: str  # name of the file it is from
    language: str
    question: str
    expected: tuple[str, ...]
    answerable: bool
    answered: bool
    answer: str | None
    confidence: Share
    confidence_without: Share | None  # with its document left out, where it was asked so
    right: bool | None  # the first quote; None where the set gives no answer to judge by
    first_quote: str | None
    first_source: str | None
    latency_ms: float
    measures: dict[str, Share]  # what the report takes the means of
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """An evaluation with what it holds for: when, with which version, encoder and reader."""

    verbatim_run: Literal[1]  # the version of this format
    kind: Kind
    finished: str  # ISO 8601, UTC
    version: str
    model: str
    reader: str
    reports: Annotated[tuple[Report, ...], msgspec.Meta(min_length=1)]
    outcomes: Annotated[tuple[Outcome, ...], msgspec.Meta(min_length=1)]


def stamped(report: Report, library: Library) -> Report:
    """The report with what it holds for: the model and the version of this program."""
    return {**report, "model": library.encoder.model.name, "version": _version()}


def make_run(kind: Kind, results: Sequence[tuple[Report, Sequence[Asked]]], stamp: Mapping[str, str]) -> Run:
    """A run of one or more sets, each with its report; `stamp` holds version, model and reader."""
    return Run(
        verbatim_run=1,
        kind=kind,
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        reports=tuple(report for report, _ in results),
        outcomes=tuple(
            _outcome(Path(str(report["file"])).name, item) for report, asked in results for item in asked
        ),
        **stamp,
    )


def save_run(run: Run, path: Path) -> None:
    """Write the run as JSON."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(run), indent=1) + b"\n")


def read_run(path: Path) -> Run:
    """Read a kept run. Raises SourceMissing, and DamagedRun where the file is something else or cut short."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Run)
    except OSError as error:
        raise SourceMissing(str(path), f"cannot be read ({error.strerror})") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DamagedRun(
            f"{path}: not a run kept by `python -m qa evaluate … --save`, or damaged ({error}); make it again"
        ) from error


def _version() -> str:
    project = Path(__file__).parents[2] / "pyproject.toml"
    return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])


def _outcome(name: str, item: Asked) -> Outcome:
    first = item.result.evidence[0] if item.result.evidence else None
    return Outcome(
        set=name,
        language=item.language,
        question=item.question,
        expected=item.answers,
        answerable=item.answerable,
        answered=item.result.answered,
        answer=item.result.text if isinstance(item.result, Answer) else None,
        confidence=item.result.confidence,
        confidence_without=item.without.confidence if item.without else None,
        right=item.first_right if item.judged else None,
        first_quote=first.quote if first else None,
        first_source=first.source if first else None,
        latency_ms=round(item.latency_ms, 2),
        measures=dict(item.measures),
        faults=tuple(faults_of(item)),
    )
