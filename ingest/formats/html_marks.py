"""What elements of a page or an e-book mark: notes, the places that point to them, the breaks of printed pages.

In: an element, or a whole page. Out: whether it is such a mark, and its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_BACK_LINK = re.compile(r"[\s↑^↩⏎↵⤴\ufe0e\ufe0f]+")
_NOTE_MARK = re.compile(r"\[?[\w*†‡§]{1,4}\]?")
_NOTE_CLASS = re.compile(r"foot-?note|end-?note|\breference\b|note-?ref|fn-?ref|\bfn\b", re.IGNORECASE)
_NOTES_CLASS = re.compile(r"\b(?:foot|end)-?notes?\b|\breflist\b", re.IGNORECASE)


def is_note_mark(element: Any) -> bool:
    """Whether a superscript or a link is the mark of a note: [3] or a raised 3 that leads to it."""
    text = "".join(element.itertext()).strip()
    if not _NOTE_MARK.fullmatch(text):
        return False
    kind = f"{element.get('epub:type') or ''} {element.get('role') or ''}"
    if "noteref" in kind:
        return True
    if element.tag == "a":
        inside = element.find("sup")
        raised = inside is not None and "".join(inside.itertext()).strip() == text
        return raised and "#" in (element.get("href") or "")
    link = element.find(".//a")
    leads = link is not None and "#" in (link.get("href") or "")
    return leads or bool(_NOTE_CLASS.search(element.get("class") or ""))


def note_labels(page: Any) -> dict[str, str]:
    """The ids that marks of notes lead to, each with the text of its first mark: {"fn3": "3"}."""
    labels: dict[str, str] = {}
    for element in page.iter("sup", "a"):
        if not is_note_mark(element):
            continue
        link = element if element.tag == "a" else element.find(".//a")
        target = (link.get("href") or "").rpartition("#")[2] if link is not None else ""
        if target:
            labels.setdefault(target, "".join(element.itertext()).strip().strip("[]"))
    return labels


def is_notes(element: Any) -> bool:
    """Whether an element holds footnotes or endnotes, as its type, role or class says."""
    kind = f"{element.get('epub:type') or ''} {element.get('role') or ''}"
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return bool(re.search(r"(?:foot|end|rear)notes?\b", kind) or _NOTES_CLASS.search(named))


def is_back_link(link: Any) -> bool:
    """An arrow that leads from a note back to its mark."""
    text = "".join(link.itertext())
    kind = f"{link.get('epub:type') or ''} {link.get('role') or ''} {link.get('class') or ''}"
    return "backlink" in kind or bool(text and "#" in (link.get("href") or "") and _BACK_LINK.fullmatch(text))


def is_page_break(element: Any) -> bool:
    kind = f"{element.get('epub:type') or ''} {element.get('role') or ''}"
    return "pagebreak" in kind.split() or "doc-pagebreak" in kind.split()


def page_label(element: Any) -> str | None:
    """The printed label of the page that begins at a page break; None for other elements."""
    if not is_page_break(element):
        return None
    stated = element.get("title") or element.get("aria-label") or "".join(element.itertext())
    label = " ".join(stated.split()).strip(". ")
    return re.sub(r"(?i)\A(?:page|p\.)\s+", "", label)


def page_breaks(page: Any) -> Iterator[Any]:
    return (element for element in page.iter() if isinstance(element.tag, str) and is_page_break(element))
