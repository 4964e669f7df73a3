"""Errors of the library on disk and of its encoder."""

from __future__ import annotations

from ingest.errors import VerbatimError


class BadSetting(VerbatimError):
    """A setting from the environment that makes no sense."""


class LibraryMissing(VerbatimError):
    """The folder holds no library, and the command only reads."""


class LibraryLocked(VerbatimError):
    """Another process is writing; the message names it."""


class LibraryDamaged(VerbatimError):
    """The catalog cannot be read as one of ours."""


class LibraryUnwritable(VerbatimError):
    """The folder or the disk does not let us write, and a library that is only read needs that too."""


class UnknownDocument(VerbatimError):
    """No document has this id or source."""


class ModelMissing(VerbatimError):
    """No weights under this name, neither in the cache nor in the wheel."""


class ModelUnusable(VerbatimError):
    """Weights that are there but cannot serve as an encoder."""


class ModelMismatch(VerbatimError):
    """The library's vectors were made by another encoder."""


class BadEdit(VerbatimError):
    """A value that the field of a document cannot take."""
