"""What a check of the library found, as HTML in plain words: the worst first, each with its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

from index.health import Finding, Health, Severity
from ingest.told import Told
from web.cards import message_html
from web.interface import Interface
from web.library.notes_html import message_words
from web.library.refusals import refusal_words
from web.words import file_name, source_link, tag

SHOWN = 20  # findings of one kind
_SEVERITIES: tuple[Severity, ...] = ("problem", "warning", "info")


def health_html(say: Interface, health: Health, titles: Mapping[str, str]) -> str:
    """The findings by severity and kind; `titles` are those of the documents by id."""
    checked = say.count("{n} document was checked.", "{n} documents were checked.", health.documents)
    if not health.findings:
        return message_html(say("All is well"), checked)
    lead = (
        say("The library is whole. What is told below concerns its documents.")
        if health.ok
        else say("Something is wrong with the library itself.")
    )
    groups = "".join(
        _severity(say, severity, [each for each in health.findings if each.severity == severity], titles)
        for severity in _SEVERITIES
    )
    head = f"{tag('p', checked, 'summary')}{tag('p', lead, 'lead')}"
    return f'<section class="health" role="status">{head}{groups}</section>'


def _severity(
    say: Interface, severity: Severity, findings: Sequence[Finding], titles: Mapping[str, str]
) -> str:
    if not findings:
        return ""
    names = {
        "problem": say("Problems: to be mended"),
        "warning": say("Warnings: text may be missing or wrong"),
        "info": say("Good to know"),
    }
    ordered = sorted(findings, key=lambda each: each.kind)
    kinds = [
        _kind(say, kind, list(found), titles) for kind, found in groupby(ordered, key=lambda each: each.kind)
    ]
    count = tag("span", say.number(len(findings)), "number")
    return f'<section class="{severity}"><h3>{escape(names[severity])} {count}</h3>{"".join(kinds)}</section>'


def _kind(say: Interface, kind: str, findings: Sequence[Finding], titles: Mapping[str, str]) -> str:
    lines = "".join(_finding(say, finding, titles) for finding in findings[:SHOWN])
    left = len(findings) - SHOWN
    more = tag("li", say.count("and {n} more", "and {n} more", left), "left") if left > 0 else ""
    name = kind_name(say, kind)
    return f"<h4>{escape(name)}</h4><ul>{lines}{more}</ul>"


def _finding(say: Interface, finding: Finding, titles: Mapping[str, str]) -> str:
    message, forget = finding.message, ""
    if finding.kind == "failed":
        message = refusal_words(say, *_refusal(finding.message))
        label = f"{say('Forget')} {file_name(finding.source)}"
        forget = (
            f' <button type="button" class="forget" data-source="{escape(finding.source)}" '
            f'aria-label="{escape(label)}">{escape(say("Forget"))}</button>'
        )
    name = titles.get(finding.document_id) or (file_name(finding.source) if finding.source else "")
    if finding.document_id:
        link = source_link(say, finding.document_id)
        place = f'<a href="{link}" target="source" dir="auto">{escape(name)}</a>'
    else:
        place = tag("span", name, "file")
    told = message_words(say, finding.kind, message, finding.pages)
    return f"<li>{place} {tag('span', told)}{forget}</li>"


def _refusal(message: str) -> tuple[str, str]:
    """The name of the error and its reason, of a finding that a file was refused."""
    error, _, reason = message.partition(": ")
    told = message.values["reason"] if isinstance(message, Told) else reason
    return error, told if isinstance(told, str) else reason


def kind_name(say: Interface, kind: str) -> str:
    """What findings of a kind have in common; a kind that has no words here stands for itself."""
    names = {
        "attachments": say("Files attached to a document"),
        "blank_pages": say("Blank pages"),
        "broken_font": say("Broken fonts"),
        "catalog": say("The catalog"),
        "duplicate": say("The same file in several places"),
        "failed": say("Files that could not be added"),
        "hidden": say("Hidden sheets, rows or columns"),
        "huge": say("Huge documents"),
        "language_unknown": say("Language not told"),
        "languages_mixed": say("Several languages in one document"),
        "little_text": say("Hardly any text"),
        "low_confidence": say("Pages recognised with low confidence"),
        "mirror": say("The index"),
        "missing_parts": say("Missing parts"),
        "model": say("The encoder's files"),
        "mojibake": say("Text that looks wrongly decoded"),
        "near_duplicate": say("Documents that are nearly the same"),
        "no_passages": say("Documents without passages"),
        "no_text": say("Pages without text"),
        "no_values": say("Cells without values"),
        "original_damaged": say("Damaged originals"),
        "original_missing": say("Missing originals"),
        "recognised": say("Text that was recognised in pictures"),
        "replacement_characters": say("Characters that could not be decoded"),
        "shared_text": say("Documents that share text"),
        "version": say("Versions of one document"),
    }
    return names.get(kind, kind.replace("_", " ").capitalize())
