"""Small phrases of the app: languages by name, places in a document, counts, escaped text."""

from __future__ import annotations

from html import escape
from pathlib import PurePosixPath
from urllib.parse import unquote, urlencode, urlsplit

from web.interface import ENGLISH, Interface

LANGUAGES = {
    "en": "English",
    "ko": "Korean",
    "ru": "Russian",
    "uz": "Uzbek",
    "kk": "Kazakh",
    "ky": "Kyrgyz",
    "tg": "Tajik",
    "tk": "Turkmen",
    "de": "German",
    "fr": "French",
    "ja": "Japanese",
    "tr": "Turkish",
    "zh": "Chinese",
}


def language_name(code: str) -> str:
    """ "ko" → "Korean"; a code without a name here stands for itself."""
    return LANGUAGES.get(code, code.upper())


def count(number: int, thing: str) -> str:
    """ "1 page", "1,204 passages"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


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
    query: dict[str, str | int] = {}
    if start is not None and end is not None:
        query |= {"start": start, "end": end}
    if say.language != ENGLISH:
        query["lang"] = say.language
    asked = f"?{urlencode(query)}" if query else ""
    return escape(f"/source/{document_id}{asked}{'#quote' if start is not None else ''}")
