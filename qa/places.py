"""A word in, the country or city that it names out; and which of two are of one kind."""

from __future__ import annotations

import re
from functools import cache

from index.glossary import one_of

# Part of the name that follows: "South Korea".
SIDE = re.compile(
    r"(?:south|north|(?:южн|северн)\w+|janub\w*|shimol\w*|жануб\w*|шимол\w*|оңтүстік|солтүстік|түштүк|түндүк"
    r"|günorta|demirgazyk)(?!\w)",
    re.IGNORECASE,
)
SIDED_NAME = re.compile(rf"{SIDE.pattern}\s+[^\W\d_]+(?:[-'’ʻʼ`‘][^\W\d_]+)*", re.IGNORECASE)
_CENTRAL_ASIA = ("Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan")
_COUNTRIES = (
    *_CENTRAL_ASIA,
    *("Afghanistan", "America", "Armenia", "Azerbaijan", "Belarus", "Britain", "China", "France", "Georgia"),
    *("Germany", "India", "Iran", "Japan", "Korea", "Mongolia", "Pakistan", "Russia", "Turkey", "Ukraine"),
)
_CITIES = (
    "Almaty",
    "Ashgabat",
    "Astana",
    "Bishkek",
    "Busan",
    "Dushanbe",
    "Moscow",
    "Osh",
    "Seoul",
    "Tashkent",
)


@cache
def place_name(word: str) -> str:
    """The English name of the country or city that a word means, in any language and form; "" for no such."""
    return one_of(word, (*_COUNTRIES, *_CITIES))


def place_kind(name: str) -> str:
    """What an English name of `place_name` is: "city" or "country"."""
    return "city" if name in _CITIES else "country"


def is_central_asian(name: str) -> bool:
    """Whether an English name is one of the five countries."""
    return name in _CENTRAL_ASIA
