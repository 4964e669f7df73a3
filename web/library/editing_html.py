"""The form in which an editor says what a document is, as HTML: what is wrong stands by its field."""

from __future__ import annotations

from html import escape

from index.edits import LANGUAGES, LONGEST
from ingest.document_type import TYPES
from web.interface import Interface
from web.library.editing import Form
from web.words import tag, type_name

_REGION = ("en", "ko", "ru", "uz", "kk", "ky", "tg", "tk")  # named before all others


def form_html(say: Interface, form: Form, problem: str = "") -> str:
    """The form; `problem` is said of all of it. "" where no document is open."""
    if not form:
        return ""
    fields = "".join(_field(say, form, name) for name in form.shown)
    said = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    hint = say(
        "What you give here stands above what the file says. An empty field is again as the file says."
    )
    return (
        f'<form class="edit" aria-labelledby="edit-title" novalidate><h2 id="edit-title">'
        f"{escape(say('Edit “{title}”', title=form.shown['title']))}</h2>{tag('p', hint, 'hint')}{said}"
        f'<div class="fields">{fields}</div><div class="acts">'
        f'<button type="submit" class="save">{escape(say("Save"))}</button>'
        f'<button type="button" class="cancel">{escape(say("Cancel"))}</button></div></form>'
    )


def _field(say: Interface, form: Form, name: str) -> str:
    labels = {
        "title": say("Title"),
        "authors": say("Authors, one a line"),
        "publisher": say("Publisher"),
        "published": say("Date"),
        "language": say("Language"),
        "type": say("Type"),
        "doi": "DOI",
        "url": say("Web address"),
    }
    hints = {"published": say("2012, 2012-10 or 2012-10-17")}
    error = _error(say, name, form.typed[name], form.errors[name]) if name in form.errors else ""
    hint = say("Given by an editor") if name in form.edited else hints.get(name, "")
    described = f' aria-describedby="edit-{name}-told"' if error or hint else ""
    attributes = f'id="edit-{name}" name="{name}"{described}{" aria-invalid=true" if error else ""}'
    told = (
        f'<span id="edit-{name}-told" class="{"error" if error else "hint"}">{escape(error or hint)}</span>'
    )
    return (
        f'<div class="field {name}"><label for="edit-{name}">{escape(labels[name])}</label>'
        f"{_input(say, name, form.typed[name], attributes)}{told if error or hint else ''}</div>"
    )


def _input(say: Interface, name: str, value: str, attributes: str) -> str:
    if name == "authors":
        rows = min(max(value.count("\n") + 1, 2), 6)
        return f'<textarea {attributes} rows="{rows}" dir="auto">\n{escape(value)}</textarea>'
    if name in ("language", "type"):
        return f"<select {attributes}>{_options(say, name, value)}</select>"
    direction = ' dir="auto"' if name in ("title", "publisher") else ""
    return f'<input type="text" {attributes} value="{escape(value)}"{direction} autocomplete="off">'


def _options(say: Interface, name: str, value: str) -> str:
    if name == "type":
        known = [(code, type_name(say, code)) for code in TYPES]
    else:
        others = sorted((say.language_of(code), code) for code in LANGUAGES.difference(_REGION))
        known = [
            *((code, say.language_of(code)) for code in _REGION),
            *((code, called) for called, code in others),
        ]
    if value and value not in dict(known):
        known.append((value, value))
    return "".join(
        f'<option value="{escape(code)}"{" selected" if code == value else ""}>{escape(called)}</option>'
        for code, called in [("", "–"), *known]
    )


def _error(say: Interface, name: str, text: str, error: str) -> str:
    """What is wrong with a field in the language of the page; `error` is what the library says of it."""
    if any(len(line) > LONGEST for line in text.split("\n")):
        return say("This is too long: at most {n} characters.", n=say.number(LONGEST))
    words = {
        "published": say("This is no date. Write it as 2012, 2012-10 or 2012-10-17."),
        "doi": say("This is no DOI. Write it as 10.1234/abc."),
        "url": say("This is no web address. Write it as https://example.org/page."),
    }
    return words.get(name, say.told(error))
