"""Identifiers and dates as documents state them, brought into the form that Document uses.

In: a string from a file's properties or markup. Out: the DOI, address or day in it, or "".
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from ..links import first_doi

_DAY = re.compile(r"\s*(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?!\d)")


def doi(text: str) -> str:
    """ "https://doi.org/10.1234/AbC." is "10.1234/AbC"."""
    return first_doi(unquote(text))


def web_address(text: str) -> str:
    """An absolute http(s) address without user and password; "" for anything else."""
    text = text.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    usable = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    return text if usable and not re.search(r"\s", text) else ""


def day(text: str) -> str:
    """The day at the head of an ISO 8601 date or time, as precise as it is: "2022-10-25", "2022-10", "2022"."""
    match = _DAY.match(text)
    if match is None or not 1000 <= int(match[1]) <= 2999:
        return ""
    year, month, of_month = match[1], int(match[2] or 0), int(match[3] or 0)
    if not 1 <= month <= 12:
        return year
    return f"{year}-{month:02}-{of_month:02}" if 1 <= of_month <= 31 else f"{year}-{month:02}"
