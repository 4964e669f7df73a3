"""What is being added, as HTML: a line with a bar for each file, and in the end what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.intake import Outcome
from web.interface import Interface
from web.library.notes_html import note_words
from web.library.refusals import refusal_words
from web.library.uploads import Upload
from web.words import is_web_address, source_link, tag


def uploads_html(say: Interface, uploads: Sequence[Upload]) -> str:
    """The files in their order; "" for none."""
    if not uploads:
        return ""
    done = sum(upload.finished for upload in uploads)
    told = say("{done} of {all} done", done=say.number(done), all=say.number(len(uploads)))
    lines = "".join(_line(say, upload) for upload in uploads)
    return f'<p class="summary" role="status">{escape(told)}</p><ul class="outcomes">{lines}</ul>'


def _line(say: Interface, upload: Upload) -> str:
    name = escape(upload.name)
    if upload.outcome is None:
        shown, words = f"<strong>{name}</strong>", _stage(say, upload)
        return f'<li class="{upload.state}">{shown} {tag("span", words)}{_bar(say, upload)}</li>'
    outcome = upload.outcome
    if outcome.document_id:
        name = f'<a href="{source_link(say, outcome.document_id)}" target="source">{name}</a>'
    notes = "".join(tag("li", note_words(say, note)) for note in outcome.notes)
    notes = f'<ul class="notes">{notes}</ul>' if notes else ""
    return (
        f'<li class="{upload.state}"><strong>{name}</strong> {tag("span", _ending(say, upload.name, outcome))}'
        f"{notes}</li>"
    )


def _stage(say: Interface, upload: Upload) -> str:
    if upload.state == "waiting":
        return say("Waiting")
    if upload.state == "indexing":
        return say("Read; its passages are being indexed")
    if not upload.pages:
        return say("Reading")
    return say("Reading page {n} of {all}", n=say.number(upload.page), all=say.number(upload.pages))


def _bar(say: Interface, upload: Upload) -> str:
    """Reading pages fills the bar; of what has no pages, and of indexing, only that it goes on is known."""
    label = f'aria-label="{escape(upload.name)}"'
    if upload.state == "waiting":
        return f'<progress {label} value="0" max="1"></progress>'
    if upload.state == "reading" and upload.pages:
        return f'<progress {label} value="{upload.page}" max="{upload.pages}"></progress>'
    return f"<progress {label}></progress>"


def _ending(say: Interface, name: str, outcome: Outcome) -> str:
    """What became of the file or address that was called `name`."""
    if outcome.status == "added" and outcome.source != name and not is_web_address(outcome.source):
        return say(
            "Added as “{name}”: another document is called the same, and it stays.", name=outcome.source
        )
    words = {
        "added": say("Added: it can be asked about now."),
        "unchanged": say("Already here, unchanged."),
        "replaced": say("Replaced: the earlier version is gone."),
    }
    if told := words.get(outcome.status):
        return told
    return say("Refused: {reason}", reason=refusal_words(say, outcome.error, outcome.reason))
