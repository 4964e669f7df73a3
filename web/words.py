"""Small pieces of the page: names of files, links into the viewer, escaped text."""

from __future__ import annotations

from html import escape
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ingest.errors import Refused, VerbatimError
from web.interface import ENGLISH, Interface

_STOPS = (".", "!", "?", "…", "。")


def file_name(source: str) -> str:
    """The last part of a path or URL: what a reader knows a file by."""
    path = unquote(urlsplit(source).path) if is_web_address(source) else source
    return PurePosixPath(path.replace("\\", "/")).name or source


def is_web_address(source: str) -> bool:
    """Whether `source` may become a link: nothing but http and https does."""
    return source.lower().startswith(("http://", "https://"))


def tag(name: str, text: str, kind: str = "") -> str:
    """An element around escaped text, or "" when there is no text."""
    if not text:
        return ""
    return f'<{name} class="{kind}">{escape(text)}</{name}>' if kind else f"<{name}>{escape(text)}</{name}>"


def source_link(say: Interface, document_id: str, start: int | None = None, end: int | None = None) -> str:
    """The address of a document in the viewer, at a quotation when one is given; safe inside an attribute."""
    if start is None or end is None:
        return f"/source/{escape(document_id)}{language_query(say)}"
    return f"/source/{escape(document_id)}?start={start}&amp;end={end}{language_query(say, '&')}#quote"


def empty_viewer(say: Interface) -> str:
    """The address of the viewer with nothing open in it; safe inside an attribute."""
    return f"/source{language_query(say)}"


def language_query(say: Interface, joined_by: str = "?") -> str:
    """What tells the viewer the language of the interface, "" for English; safe inside an attribute."""
    return "" if say.language == ENGLISH else f"{escape(joined_by)}lang={say.language}"


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def sentence(say: Interface, told: str) -> str:
    """What is told, as a sentence stands by itself: a capital at its beginning, a stop at its end.

    A file name, an address or a quotation that it begins with keeps its letters.
    """
    text = say.told(told)
    if say.begins_with_own_word(told):
        text = capital(text)
    return text if text.rstrip("»”’\"')").endswith(_STOPS) or not text else f"{text}."


def refusal(say: Interface, error: VerbatimError) -> str:
    """What is wrong, in the page's language; of a file without its name, which stands on the page already."""
    return say.told(reason_of(error))


def reason_of(error: VerbatimError) -> str:
    """What is wrong, for `say.told`; of a file without its name."""
    return error.reason if isinstance(error, Refused) else error.told


def type_name(say: Interface, type: str) -> str:
    """A document's type as readers call it; one that is not known here stands for itself."""
    names = {
        "article": say("Article"),
        "paper": say("Paper"),
        "report": say("Report"),
        "law": say("Law"),
        "statistics": say("Statistics"),
    }
    return names.get(type, type)
