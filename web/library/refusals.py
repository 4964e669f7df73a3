"""Why a file or an address was refused, in the reader's language: the kind, then the words it was raised with."""

from __future__ import annotations

from web.interface import Interface


def refusal_words(say: Interface, error: str, reason: str) -> str:
    """ "Needs a password: it is encrypted. …"; `error` is the name of its class.

    Of an address that leads into the server's own network no more is told than that: what a name there
    resolves to is not for who asks from outside.
    """
    kind = _kinds(say).get(error, "")
    if error == "ForbiddenAddress":
        return kind
    told = say.told(reason)
    return f"{kind}: {told}" if kind and told else kind or told


def _kinds(say: Interface) -> dict[str, str]:
    cut_short = say("Too long for one document")
    return {
        "ConnectionFailed": say("No connection"),
        "DamagedFile": say("Damaged"),
        "EmptyFile": say("Empty"),
        "FetchFailed": say("Could not be fetched"),
        "FolderEmpty": say("The folder is empty"),
        "ForbiddenAddress": say(
            "This address does not lead to the public web. Addresses of the server and its network are not "
            "fetched from here: download the file and add it above."
        ),
        "FormatMismatch": say("Not the kind of file that its name says"),
        "HostNotFound": say("No such server"),
        "HostileFile": say("Built to do harm"),
        "HttpError": say("The server refused"),
        "LibraryLocked": say("The library is busy"),
        "LinkOutside": say("A link that leads elsewhere"),
        "NoSuchPage": say("No such page"),
        "NoTextLayer": say("No text in it"),
        "PasswordNeeded": say("Needs a password"),
        "ReaderCrashed": say("Could not be read"),
        "SandboxFailed": say("Could not be read"),
        "SourceMissing": say("Not there"),
        "TookTooLong": say("Took too long"),
        "TooLarge": say("Too large"),
        "TooManyPages": cut_short,
        "TooManyRedirects": say("Redirected too often"),
        "TooMuchMemory": say("Takes too much memory"),
        "TooMuchText": cut_short,
        "TooSlow": say("No answer in time"),
        "UndecodableText": say("Letters that cannot be made out"),
        "UnknownFormat": say("Not a kind of file that can be read"),
        "UnusableAddress": say("Not a web address"),
        "UnusablePort": say("No such port"),
        "WrongContentType": say("Not a kind of file that can be read"),
    }
