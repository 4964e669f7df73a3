"""Errors of the file of accounts and of what is put into it."""

from __future__ import annotations

from ingest.errors import VerbatimError


class AccountsUnreadable(VerbatimError):
    """The file of accounts may not be read, or is no file."""


class AccountsMissing(AccountsUnreadable):
    """There is no file of accounts under this name, or it holds none."""


class AccountsDamaged(AccountsUnreadable):
    """A line of the file is no account; the message names it."""


class AccountsUnwritable(VerbatimError):
    """The file of accounts, or its folder, may not be written."""


class AccountsLocked(VerbatimError):
    """Another process is changing the file of accounts."""


class AccountExists(VerbatimError):
    """The name is taken."""


class UnknownAccount(VerbatimError):
    """No account has this name."""


class UnusableName(VerbatimError):
    """No name for an account: empty, too long, with a colon or what cannot be seen."""


class UnusablePassword(VerbatimError):
    """A password too short, too long, or typed differently the second time."""
