"""Reports, failures and comparisons of `qa evaluate` as text for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.evaluation.comparison import Change, Compared, Comparison
from qa.evaluation.grading import Report
from qa.evaluation.run import Run
from qa.terminal import printable

Row = Sequence[str]

# Head of a column, name in a report. A column that no row has a value for is left out.
_SCORES = (("EM", "exact_match"), ("F1", "f1"), ("answered", "answered"))
_RIGHTLY = ("rightly refused", "refused_unanswerable")
_TIMES = (("p50 ms", "latency_p50_ms"), ("p95 ms", "latency_p95_ms"))
SQUAD = (
    ("n", "n"),
    ("R@1", "R@1"),
    ("sentence_hit@1", "sentence_hit@1"),
    *_SCORES,
    ("AUROC", "abstention_auroc"),
    _RIGHTLY,
    ("ECE", "expected_calibration_error"),
    *_TIMES,
)
GOLD = (
    ("n", "n"),
    ("document_hit@1", "document_hit@1"),
    ("page_hit@1", "page_hit@1"),
    ("first_quote_right", "first_quote_right"),
    *_SCORES,
    _RIGHTLY,
    ("wrongly refused", "refused_answerable"),
    ("ECE", "expected_calibration_error"),
    *_TIMES,
)


def squad_table(reports: Sequence[Report]) -> str:
    """A row for each file, with the language that most of its paragraphs are in."""
    rows: list[tuple[Row, Mapping[str, Any]]] = []
    for report in reports:
        chosen = f" ({report['chosen']})" if "chosen" in report else ""
        rows.append(((Path(str(report["file"])).name + chosen, str(report["language"])), report))
    return _report_table(("file", "language"), rows, SQUAD)


def gold_table(report: Mapping[str, Any]) -> str:
    """A row for each language of the questions, then for those asked across languages and not, then for all."""
    crossings = {"false": "same language", "true": "cross-lingual"}
    rows = list(report["by_language"].items())
    rows += [(crossings[name], part) for name, part in report.get("by_cross_lingual", {}).items()]
    rows.append(("all", report))
    return _report_table(("language",), [((name,), part) for name, part in rows], GOLD)


def failures_text(records: Sequence[Report], limit: int) -> str:
    """The first questions that went wrong, each with what was expected and what came."""
    lines = []
    for record in records[:limit]:
        expected = record["expected"] or ["no answer"]
        assert isinstance(expected, list)
        lines += [
            "",
            f"{record['question']}  [{record['language']}]",
            f"  fault     {', '.join(map(str, record['faults']))}",  # type: ignore[call-overload]
            f"  expected  {' | '.join(expected)}",
            f"  answer    {record['answer'] or '-'}  (confidence {record['confidence']:.0%})",
            f"  quote     {record['first_quote'] or '-'}",
            f"  from      {record['first_source'] or '-'}",
        ]
    end = f", the first {limit}:" if limit < len(records) else ":" if records else "."
    head = f"{_questions(len(records))} went wrong{end}"
    return "\n".join(_line(line) for line in (head, *lines))


def comparison_text(comparison: Comparison, limit: int) -> str:
    """Both runs, a table of measures for each part, and the questions that changed: `limit` lost and won each."""
    lines = [f"A  {_title(comparison.a)}", f"B  {_title(comparison.b)}"]
    for name, measures in comparison.parts.items():
        lines += ["", name, *_table(_COMPARED, [_compared_row(measure) for measure in measures])]
    lost = [change for change in comparison.changes if change.gain < 0]
    won = sorted((each for each in comparison.changes if each.gain > 0), key=lambda each: -each.gain)
    even = len(comparison.changes) - len(lost) - len(won)
    for word, changes in (("lost", lost), ("won", won)):
        shown = f", the {limit} most:" if limit < len(changes) else ":" if changes else "."
        lines += ["", f"{_questions(len(changes))} {word}{shown}"]
        for change in changes[:limit]:
            lines += ["", *_change_lines(change)]
    if even:
        lines += ["", f"{_questions(even)} both won and lost."]
    return "\n".join(_line(line) for line in lines)


_COMPARED = ("measure", "n", "A", "B", "B - A", "95 %", "won", "lost", "p")


def _title(run: Run) -> str:
    return f"{run.finished}, version {run.version}, {run.model}, reader {run.reader}"


def _compared_row(measure: Compared) -> Row:
    interval = ""
    if measure.low is not None and measure.high is not None:
        interval = f"{measure.low:+.3f} to {measure.high:+.3f}"
    is_time = measure.name.endswith("_ms")
    difference = measure.difference
    return (
        measure.name,
        str(measure.n),
        _number(measure.a, is_time),
        _number(measure.b, is_time),
        "-" if difference is None else f"{difference:+.0f}" if is_time else f"{difference:+.3f}",
        interval,
        "" if measure.won is None else str(measure.won),
        "" if measure.lost is None else str(measure.lost),
        "" if measure.p is None else f"{measure.p:.3f}",
    )


def _change_lines(change: Change) -> Iterator[str]:
    a, b = change.a, change.b
    yield f"{a.question}  [{a.language}]"
    yield "  " + ", ".join(f"{name} {x:.3g} → {y:.3g}" for name, x, y in change.moved)
    yield f"  expected  {' | '.join(a.expected) or ('no answer' if not a.answerable else '-')}"
    for name, each in (("A", a), ("B", b)):
        yield f"  {name}  {each.answer or 'no answer'}  (confidence {each.confidence:.0%})"
        yield f"     {each.first_quote or '-'}"


def _report_table(
    heads: Row, rows: Sequence[tuple[Row, Mapping[str, Any]]], columns: Sequence[tuple[str, str]]
) -> str:
    held = [(head, key) for head, key in columns if any(part.get(key) is not None for _, part in rows)]
    cells = [
        (*names, *(_number(part.get(key), key.endswith("_ms")) for _, key in held)) for names, part in rows
    ]
    lines = _table((*heads, *(head for head, _ in held)), cells, left=len(heads))
    return "\n".join(_line(line) for line in lines)


def _table(heads: Row, rows: Sequence[Row], left: int = 1) -> Iterator[str]:
    """Aligned columns, the first `left` of them to the left."""
    widths = [max(_width(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = []
        for at, (cell, width) in enumerate(zip(row, widths, strict=True)):
            blank = " " * (width - _width(cell))
            cells.append(cell + blank if at < left else blank + cell)
        yield "  ".join(cells).rstrip()


def _questions(count: int) -> str:
    return f"{count:,} question{'s' * (count != 1)}"


def _number(value: object, is_time: bool = False) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if is_time else f"{value:.3f}"
    return "-" if value is None else str(value)


def _width(text: str) -> int:
    """Columns of a terminal: Hangul and Han take two, combining marks none (Unicode Annex 11)."""
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text
    )


def _line(text: str) -> str:
    """The text on one line, without what steers a terminal."""
    return printable(" ".join(text.splitlines()) if "\n" in text or "\r" in text else text)
