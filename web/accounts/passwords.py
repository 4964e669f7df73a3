"""Passwords and their hashes: argon2id with the parameters of RFC 9106 for machines with little memory."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from web.accounts.errors import UnusablePassword

SHORTEST = 12  # characters; OWASP's ASVS 5.0 demands 8 and advises 15, and asks for no kinds of characters
LONGEST = 1000


class Passwords:
    """Hashes and checks. A check takes 64 MiB and about a tenth of a second, whatever its outcome."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    def hash(self, password: str) -> str:
        """The encoded hash, with a salt of its own and the parameters in it. Raises UnusablePassword."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise UnusablePassword(
                f"a password has {SHORTEST} to {LONGEST:,} characters, and this one has {len(password):,}. "
                "A few words in a row are easy to remember and hard to guess"
            )
        return self._hasher.hash(_composed(password))

    def verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, _composed(password))
        except (VerificationError, InvalidHashError):
            return False


def is_hash(text: str) -> bool:
    """Whether `text` is an encoded argon2id hash."""
    try:
        return extract_parameters(text).type is Type.ID
    except (InvalidHashError, ValueError):
        return False


def _composed(password: str) -> str:
    """One form for what keyboards send in two: 한 and ᄒ ᅡ ᆫ, й and и with a breve (RFC 8265)."""
    return unicodedata.normalize("NFC", password)
