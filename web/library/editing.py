"""The form in which an editor says what a document is: what stands in it, what is wrong with it, what to change.

In: a document, then what was typed. Out: changes for `Library.edit`. Only what was typed anew is a change: what
the file says is not made the editor's own by saving the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from index.edits import FIELDS, checked
from index.errors import BadEdit
from index.hit import DocumentCard
from index.library import Library

_MOST_TYPED = 20_000  # characters of a field; more is no metadata


@dataclass(frozen=True, slots=True)
class Form:
    """A document's fields. `authors` has one of them in a line.

    `shown` is what stood in the fields when the form was opened, `typed` what stands there now; `edited` are
    the fields that an editor has given before; `errors` say by field what was refused.
    """

    document_id: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    edited: frozenset[str] = frozenset()
    errors: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether a document is open in it."""
        return bool(self.document_id)

    @property
    def changes(self) -> dict[str, str | list[str]]:
        """What differs from what was shown, as `Library.edit` takes it."""
        return {
            name: _lines(text) if name == "authors" else text
            for name, text in self.typed.items()
            if _settled(text) != _settled(self.shown[name])
        }


def opened(library: Library, document_id: str) -> Form:
    """The form of a document. Raises UnknownDocument."""
    document, card = library.document(document_id), library.card(document_id)
    shown = _fields(card)
    edited = frozenset(name for name, origin in document.origins.items() if origin == "user")
    return Form(card.id, shown, shown, edited & frozenset(FIELDS))


def filled_in(form: Form, given: object) -> Form:
    """The form with what a browser sent; what is no text, or of no field, is passed over. Errors are found anew."""
    texts = given if isinstance(given, Mapping) else {}
    typed = {
        name: text.replace("\r\n", "\n")[:_MOST_TYPED]
        if isinstance(text := texts.get(name), str)
        else form.typed[name]
        for name in form.shown
    }
    filled = replace(form, typed=typed, errors={})
    errors = {}
    for name, value in filled.changes.items():
        try:
            checked({name: value})
        except BadEdit as error:
            errors[name] = error.told
    return replace(filled, errors=errors)


def save(library: Library, form: Form) -> DocumentCard:
    """Let the changes stand, and return the card. Raises UnknownDocument, BadEdit and LibraryLocked."""
    changes = form.changes
    return library.edit(form.document_id, **changes) if changes else library.card(form.document_id)


def _fields(card: DocumentCard) -> dict[str, str]:
    return {
        name: "\n".join(value) if isinstance(value := getattr(card, name), tuple) else value
        for name in FIELDS
    }


def _lines(text: str) -> list[str]:
    return [line for line in (line.strip() for line in text.split("\n")) if line]


def _settled(text: str) -> list[str]:
    """A text without the white space that makes no difference."""
    return [" ".join(line.split()) for line in _lines(text)]
