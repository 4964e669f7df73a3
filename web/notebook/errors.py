"""Errors of the notebook, named after what went wrong."""

from __future__ import annotations

from ingest.errors import VerbatimError


class BadPlace(VerbatimError):
    """What should name a place in a document does not."""


class QuotationTooLong(VerbatimError):
    """More characters than a quotation may have."""


class TooManyQuotations(VerbatimError):
    """More quotations than one file may ask for."""


class NotebookFull(VerbatimError):
    """The user has as many entries as a notebook may hold."""


class NoteTooLong(VerbatimError):
    """More characters than a note may have."""


class NotInNotebook(VerbatimError):
    """The user's notebook has no entry for this place."""


class NotebookEmpty(VerbatimError):
    """There is nothing to export."""


class NotebooksBusy(VerbatimError):
    """Others have been writing for longer than this waits."""


class NotebooksUnwritable(VerbatimError):
    """The file cannot be opened or written: no right, or no room."""


class NotebooksDamaged(VerbatimError):
    """The file cannot be read as one of ours."""
