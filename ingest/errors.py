"""Errors a user can meet, named after what went wrong.

Each message says what happened, to which file, and what to do. `VerbatimError` is the root of
all of them, so that a command line can catch exactly these and let a bug show its traceback.
"""

from __future__ import annotations

from .told import Told

_LONGEST_PORT = 40  # characters of it that are told


class VerbatimError(Exception):
    """Anything this program refuses to do, with a message written for its user."""

    @property
    def told(self) -> str:
        """The message; a Told where the page says it in its reader's language."""
        message = self.args[0] if self.args else ""
        return message if isinstance(message, str) else str(message)


class Refused(VerbatimError):
    """A file that cannot become a document. `source` names the file."""

    def __init__(self, source: str, message: str) -> None:
        super().__init__(Told("{source}: {reason}", source=source, reason=message))
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


class HostileFile(Refused):
    """Built as no honest program builds a file: a bomb, a name that leads out of its archive, an entity."""


class PasswordNeeded(Refused):
    """Encrypted, and no password opens it."""


class NoTextLayer(Refused):
    """Pages without characters: a scan, or pictures of text."""


class NoSuchPage(Refused):
    """A page that the file does not have."""


class UndecodableText(Refused):
    """Bytes that no charset explains with confidence."""


class LinkOutside(Refused):
    """A link in a folder to something that lies outside of it."""


class FolderEmpty(Refused):
    """A folder that documents came from and that holds nothing now, like a disk that is not mounted."""


class TookTooLong(Refused):
    """Its reader was ended: it worked on it for longer than the limit."""


class TooMuchMemory(Refused):
    """Reading it takes more memory than the limit."""


class TooManyPages(Refused):
    """More pages than the limit."""


class TooMuchText(Refused):
    """More bytes, characters or sentences were read of it than the limit."""


class ReaderCrashed(Refused):
    """Its reader's process ended, or wrote what is no answer."""


class SandboxFailed(VerbatimError):
    """No process can be started to read files in."""


class FetchFailed(Refused):
    """An address on the web from which no file came."""


class UnusableAddress(FetchFailed):
    """No http or https address, or one with a password in it."""


class UnusablePort(UnusableAddress):
    """A port in a web address that there cannot be."""

    def __init__(self, source: str, port: str) -> None:
        super().__init__(
            source,
            Told(
                "its port “{port}” cannot be: ports are numbers from 1 to 65535. Correct it, or leave it out.",
                port=port[:_LONGEST_PORT],
            ),
        )


class ForbiddenAddress(FetchFailed):
    """A name that leads elsewhere than to the public web: to this machine, or into its network."""


class HostNotFound(FetchFailed):
    """A name that no name server knows."""


class ConnectionFailed(FetchFailed):
    """Nobody answers there, or what answers is not trusted, or it breaks off."""


class TooSlow(FetchFailed):
    """A server that is silent for too long, or that never comes to an end."""


class TooManyRedirects(FetchFailed):
    """One redirect after the other."""


class HttpError(FetchFailed):
    """The server answers with an error. `status` is its code."""

    def __init__(self, source: str, status: int, advice: str) -> None:
        super().__init__(
            source,
            Told("the server answered with status {status}: {advice}", status=str(status), advice=advice),
        )
        self.status = status


class WrongContentType(FetchFailed):
    """The server sends what nobody here reads, or another thing than it says."""
