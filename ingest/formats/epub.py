"""E-books (EPUB 2 and 3): the chapters in the order of the spine, with the pages of the printed edition.

In: the bytes of an EPUB file. Out: its Content. Its lists of contents stay out. A book that says where the
printed pages break has pages with their labels; others have a single one.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from ..errors import DamagedFile, EmptyFile, PasswordNeeded
from ..told import Told
from . import html, identifiers
from .archive import Archive, open_archive
from .draft import Content, Draft, stated_language
from .html_blocks import Walk
from .html_marks import note_labels, page_breaks

MOST_CHAPTERS = 10_000  # the spine may name one file over and over

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGE = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")
# Fonts are scrambled by these so that nobody takes them out of the book; its text is not.
_FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_LISTS = ("toc", "landmarks", "page-list", "lot", "loi")


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of the book: its path in the archive."""

    path: str
    kind: str
    properties: tuple[str, ...]


def read(data: bytes, source: str) -> Content:
    """Raises DamagedFile, HostileFile, PasswordNeeded, TooLarge and EmptyFile."""
    archive = open_archive(data, source)
    _refuse_locked(archive, source)
    path = _package_path(archive, source)
    package = archive.parse(path)
    items = _items(package, path)
    left_out = _lists_of_contents(package, path, items)
    pages = _printed_pages(archive, items)
    chapters = [item for item in _spine(package, items) if item.path not in left_out]
    draft = Draft()
    missing = _write(draft, archive, chapters, pages, source)
    if draft.blank:
        if chapters and missing == len(chapters):
            raise DamagedFile(source, Told("its chapters are missing from the file. Fetch it again."))
        raise EmptyFile(source, Told("the book holds no text: its pages may be pictures."))
    if missing:
        draft.note(
            "missing_parts",
            Told(
                "{missing} of its {chapters} chapters are missing from the file.",
                missing=str(missing),
                chapters=str(len(chapters)),
            ),
        )
    _state_metadata(draft, package)
    return draft.finish()


def _refuse_locked(archive: Archive, source: str) -> None:
    if _ENCRYPTION not in archive:
        return
    locked = _all(archive.parse(_ENCRYPTION), "EncryptedData")
    methods = [next(_all(element, "EncryptionMethod"), None) for element in locked]
    if any(method is None or method.get("Algorithm") not in _FONT_SCRAMBLING for method in methods):
        raise PasswordNeeded(
            source, Told("the book is protected against copying (DRM). Ask its publisher for an open copy.")
        )


def _package_path(archive: Archive, source: str) -> str:
    if _CONTAINER in archive:
        for element in _all(archive.parse(_CONTAINER), "rootfile"):
            path = _resolved("", element.get("full-path") or "")
            if path in archive:
                return path
    path = next((name for name in archive.names if name.endswith(".opf")), "")
    if not path:
        raise DamagedFile(source, Told("this is no e-book: nothing in it says what its chapters are."))
    return path


def _items(package: Any, path: str) -> dict[str, _Item]:
    """The files of the manifest by their id."""
    return {
        element.get("id") or "": _Item(
            _resolved(path, element.get("href") or ""),
            element.get("media-type") or "",
            tuple((element.get("properties") or "").split()),
        )
        for element in _all(package, "item")
    }


def _spine(package: Any, items: dict[str, _Item]) -> list[_Item]:
    """The pages in reading order, each once; a book without a spine is read in the manifest's order."""
    named = [element.get("idref") or "" for element in _all(package, "itemref")][:MOST_CHAPTERS]
    order = [items[name] for name in named if name in items] or list(items.values())[:MOST_CHAPTERS]
    return list(dict.fromkeys(item for item in order if item.kind in _PAGE))


def _lists_of_contents(package: Any, path: str, items: dict[str, _Item]) -> set[str]:
    lists = {item.path for item in items.values() if "nav" in item.properties}
    guide = (element for element in _all(package, "reference") if element.get("type") in _LISTS)
    named = {_resolved(path, element.get("href") or "") for element in guide}
    # A small book may keep everything in one file, with the contents at its head.
    chapters = {item.path for item in items.values() if item.kind in _PAGE}
    return lists | (named if len(chapters - lists - named) > 0 else set())


def _printed_pages(archive: Archive, items: dict[str, _Item]) -> dict[str, dict[str, str]]:
    """Where printed pages begin, by file and id: as EPUB 3's navigation lists them, or EPUB 2's NCX."""
    pages: dict[str, dict[str, str]] = {}
    for path, label, target in _page_list(archive, items):
        file, _, fragment = target.partition("#")
        place = _resolved(path, file) if file else path
        pages.setdefault(place, {})[unquote(fragment)] = label
    return pages


def _page_list(archive: Archive, items: dict[str, _Item]) -> Iterator[tuple[str, str, str]]:
    """The file that lists a page, the page's label, and where it begins."""
    for item in items.values():
        if item.path not in archive:
            continue
        if "nav" in item.properties:
            page = _page(archive, item, item.path)
            for nav in page.iter("nav") if page is not None else ():
                if "page-list" in (nav.get("epub:type") or nav.get("type") or ""):
                    for link in nav.iter("a"):
                        yield item.path, "".join(link.itertext()).strip(), link.get("href") or ""
        elif item.kind == "application/x-dtbncx+xml":
            for target in _all(archive.parse(item.path), "pageTarget"):
                label = " ".join("".join(text.itertext()) for text in _all(target, "text")).strip()
                source = next((content.get("src") or "" for content in _all(target, "content")), "")
                yield item.path, label or target.get("value") or "", source


def _write(
    draft: Draft, archive: Archive, chapters: list[_Item], pages: dict[str, dict[str, str]], source: str
) -> int:
    """Appends the chapters; how many are missing from the archive."""
    missing = 0
    is_paged = bool(pages)
    read_pages = []
    for item in chapters:
        if item.path not in archive:
            missing += 1
            continue
        page = _page(archive, item, source)
        if page is not None:
            _drop_lists(page)
            read_pages.append((item, page))
            is_paged = is_paged or next(page_breaks(page), None) is not None
    labels: dict[str, str] = {}  # a chapter's notes often stand in a file of their own
    for _, page in read_pages:
        labels.update(note_labels(page))
    for item, page in read_pages:
        own = pages.get(item.path, {})
        if "" in own:  # a page begins with the file
            draft.begin_page(own[""])
        Walk(draft, labels=labels, pages=own if is_paged else None).element(page)
    return missing


def _page(archive: Archive, item: _Item, source: str) -> Any:
    """The root element of a chapter without what is hidden in it; None for one that shows nothing."""
    try:
        text = html.decode_page(archive.read(item.path), source)
        page = html.parse(text, source)
    except EmptyFile:
        return None
    html.drop_hidden(page)
    return page


def _drop_lists(page: Any) -> None:
    for nav in list(page.iter("nav")):
        nav.drop_tree()


def _state_metadata(draft: Draft, package: Any) -> None:
    stated = {
        name: ["".join(element.itertext()) for element in _all(package, name)]
        for name in ("title", "creator", "publisher", "date", "language", "identifier", "source")
    }
    dates = list(_all(package, "date"))
    # EPUB 2 may state several: when it was first printed, made, changed.
    dates.sort(key=lambda element: not any(value == "publication" for value in element.attrib.values()))
    days = (identifiers.day("".join(element.itertext())) for element in dates)
    numbers = [*stated["identifier"], *stated["source"]]
    draft.state(
        "file",
        title=next(iter(stated["title"]), ""),
        authors=stated["creator"],
        publisher=next(iter(stated["publisher"]), ""),
        published=next(filter(None, days), ""),
        language=next(filter(None, map(stated_language, stated["language"])), ""),
        doi=next(filter(None, map(identifiers.doi, numbers)), ""),
        url=next(filter(None, map(identifiers.web_address, numbers)), ""),
    )


def _all(element: Any, name: str) -> Iterator[Any]:
    """All elements of a name inside one, whatever its namespace."""
    yield from element.iter(f"{{*}}{name}")


def _resolved(base: str, link: str) -> str:
    """The path in the archive that a link in the file `base` leads to; "" where it leads out."""
    path = unquote(urlsplit(link).path)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(base), path)) if path else ""
    return "" if joined.startswith(("..", "/")) else joined
