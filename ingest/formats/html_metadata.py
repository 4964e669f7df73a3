"""What a web page says of itself: the tags of journals and libraries, JSON-LD, Open Graph.

In: a parsed page. Out: statements of origin "markup", the most careful kind of statement first.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

from trafilatura.metadata import extract_metadata

from . import identifiers
from .draft import Draft, one_line, stated_language

LONGEST_JSON = 1_000_000  # characters of one JSON-LD block

_KINDS = {
    "scholarlyarticle": "paper",
    "medicalscholarlyarticle": "paper",
    "report": "report",
    "techarticle": "report",
    "legislation": "law",
    "legislationobject": "law",
    "dataset": "statistics",
    "article": "article",
    "newsarticle": "article",
    "reportagenewsarticle": "article",
    "analysisnewsarticle": "article",
    "opinionnewsarticle": "article",
    "blogposting": "article",
}


def state(draft: Draft, page: Any, heading: str) -> None:
    """States title (the `heading`, if there is one), authors, date, publisher, type, DOI, URL, language."""
    tags = _tags(page)
    # No "extensive search": a date found somewhere in the text is no date of publication.
    guessed = extract_metadata(
        copy.deepcopy(page), date_config={"extensive_search": False, "original_date": True}
    )
    site = _first(tags, "og:site_name") or guessed.sitename or ""
    draft.state(
        "markup",
        title=heading or _first(tags, "citation_title", "dc.title", "dcterms.title"),
        authors=_all(tags, "citation_author") or _all(tags, "dc.creator", "dcterms.creator"),
        published=_date(
            tags, "citation_publication_date", "citation_date", "citation_online_date", "dcterms.issued"
        ),
        publisher=_first(tags, "citation_publisher", "dc.publisher", "dcterms.publisher"),
        type=_type_of_citation(tags),
        doi=_doi(tags),
        url=_address(page, tags),
        language=stated_language(page.get("lang") or ""),
    )
    for thing in _linked_data(page):
        _state_linked_data(draft, thing)
    draft.state(
        "markup",
        title=_without_site(guessed.title or _title_element(page), site),
        authors=(guessed.author or "").split(";"),
        published=_date(tags, "article:published_time", "dc.date", "dc.date.issued")
        or identifiers.day(guessed.date or ""),
        publisher=site if " " in site or "." not in site else "",  # a host is nobody's name
        type="article" if guessed.pagetype == "article" or "article" in tags.get("og:type", []) else "",
    )


# --- tags ---


def _tags(page: Any) -> dict[str, list[str]]:
    """The contents of the page's meta tags, by name in lower case."""
    tags: dict[str, list[str]] = {}
    for element in page.iter("meta"):
        name = (element.get("name") or element.get("property") or element.get("itemprop") or "").lower()
        content = one_line(element.get("content") or "")
        if name and content:
            tags.setdefault(name, []).append(content)
    return tags


def _all(tags: dict[str, list[str]], *names: str) -> list[str]:
    return next((tags[name] for name in names if name in tags), [])


def _first(tags: dict[str, list[str]], *names: str) -> str:
    return next(iter(_all(tags, *names)), "")


def _date(tags: dict[str, list[str]], *names: str) -> str:
    dates = (identifiers.day(text) for name in names for text in tags.get(name, []))
    return next(filter(None, dates), "")


def _doi(tags: dict[str, list[str]]) -> str:
    names = ("citation_doi", "prism.doi", "bepress_citation_doi", "dc.identifier", "dc.identifier.doi")
    found = (identifiers.doi(text) for name in names for text in tags.get(name, []))
    return next(filter(None, found), "")


def _type_of_citation(tags: dict[str, list[str]]) -> str:
    stated = _first(tags, "dc.type", "dcterms.type").lower()
    if stated in _KINDS.values():
        return stated
    if any(name in tags for name in ("citation_journal_title", "citation_conference_title")):
        return "paper"
    return "report" if "citation_technical_report_institution" in tags else ""


def _address(page: Any, tags: dict[str, list[str]]) -> str:
    links = (
        link.get("href") or "" for link in page.iter("link") if (link.get("rel") or "").lower() == "canonical"
    )
    stated = (*links, *tags.get("og:url", []), *tags.get("citation_abstract_html_url", []))
    return next(filter(None, map(identifiers.web_address, stated)), "")


# --- JSON-LD ---


def _linked_data(page: Any) -> Iterator[dict[str, Any]]:
    """The things that the page's JSON-LD describes and whose kind is one of ours."""
    for script in page.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "").lower() or len(text) > LONGEST_JSON:
            continue
        try:
            stated = json.loads(text)
        except (ValueError, RecursionError):
            continue
        graph = stated.get("@graph", stated) if isinstance(stated, dict) else stated
        for thing in graph if isinstance(graph, list) else [graph]:
            if isinstance(thing, dict) and _kind(thing):
                yield thing


def _kind(thing: dict[str, Any]) -> str:
    kinds = (_KINDS.get(str(kind).lower(), "") for kind in _listed(thing.get("@type")))
    return next(filter(None, kinds), "")


def _state_linked_data(draft: Draft, thing: dict[str, Any]) -> None:
    identifiers_of = [*_listed(thing.get("identifier")), *_listed(thing.get("sameAs"))]
    dois = (identifiers.doi(_name(value, "value")) for value in identifiers_of)
    draft.state(
        "markup",
        title=_name(thing.get("headline")) or _name(thing.get("name")),
        authors=[_name(author) for author in _listed(thing.get("author"))],
        published=identifiers.day(_name(thing.get("datePublished"))),
        publisher=next(filter(None, (_name(value) for value in _listed(thing.get("publisher")))), ""),
        type=_kind(thing),
        doi=next(filter(None, dois), ""),
        url=identifiers.web_address(_name(thing.get("url"))),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _name(value: Any, key: str = "name") -> str:
    """A string, or the name of a described person or organisation."""
    if isinstance(value, dict):
        value = value.get(key)
    return value if isinstance(value, str) else ""


# --- titles ---


def _title_element(page: Any) -> str:
    return one_line(str(page.findtext(".//title") or ""))


def _without_site(title: str, site: str) -> str:
    """ "Article 13 | The Site" is "Article 13"."""
    if site and title.lower().endswith(site.lower()):
        shorter = re.sub(r"[\s|\-–—·:»]+\Z", "", title[: -len(site)])
        return shorter or title
    return title
