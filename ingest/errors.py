"""Errors a user can meet, named after what went wrong.

Each message says what happened, to which file, and what to do. `VerbatimError` is the root of
all of them, so that a command line can catch exactly these and let a bug show its traceback.
"""

from __future__ import annotations


class VerbatimError(Exception):
    """Anything this program refuses to do, with a message written for its user."""


class Refused(VerbatimError):
    """A file that cannot become a document. `source` names the file."""

    def __init__(self, source: str, message: str) -> None:
        super().__init__(f"{source}: {message}")
        self.source = source
        self.reason = message


class SourceMissing(Refused):
    """Nothing is there, or it may not be read."""


class EmptyFile(Refused):
    """A file of no bytes, or of white space alone."""


class TooLarge(Refused):
    """More bytes than the limit."""


class UnknownFormat(Refused):
    """No reader for this kind of file."""


class FormatMismatch(Refused):
    """The name promises one format and the bytes are another."""


class DamagedFile(Refused):
    """The format is known, the content is broken or cut short."""


class PasswordNeeded(Refused):
    """Encrypted, and no password opens it."""


class NoTextLayer(Refused):
    """Pages without characters: a scan, or pictures of text."""


class UndecodableText(Refused):
    """Bytes that no charset explains with confidence."""
