"""What Babel's CLDR data says of a language: separators, compact number words, months, countries.

Read once for each language that is met, a few milliseconds each.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

from index.letters import APOSTROPHES

_SAME_WIDTH = {ord(c): "'" for c in APOSTROPHES} | {ord("İ"): "i", ord("−"): "-"}


def flat(text: str) -> str:
    """`text` in lower case, apostrophes as ', digits and signs of full width as ASCII; of the same length."""
    if not text.isascii():
        text = "".join(_narrow(c) for c in text)
    return text.translate(_SAME_WIDTH).lower()


@cache
def _narrow(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    return character if len(character.lower()) == 1 else character.lower()[0]


@cache
def separators(language: str) -> tuple[str, str]:
    """(decimal, group) of a language, the space for any space; two blanks where it is unknown."""
    locales = _locales(language)
    if not locales:
        return "", ""
    group = get_group_symbol(locales[0])
    return get_decimal_symbol(locales[0]), " " if group.isspace() else group


@cache
def scale_words(language: str) -> dict[str, int]:
    """The words of compact numbers ("млрд", "mlrd", "bn") with the power of ten that each stands for."""
    words: dict[str, int] = {}
    for locale in _locales(language):
        for style in ("short", "long"):
            forms: Any = locale.compact_decimal_formats.get(style) or {}
            for plural in forms:
                for power, pattern in forms[plural].items():
                    text = pattern.pattern.split(";")[0]
                    word = flat(re.sub(r"[0'\u200f\u200e]", "", text)).strip(" \u00a0\u202f")
                    if word and "0" in text:
                        words[word] = int(power) // 10 ** (text.count("0") - 1)
    return words


@cache
def months(language: str) -> dict[str, int]:
    """The names of the months, whole and short, in the forms that CLDR has."""
    names: dict[str, int] = {}
    for locale in _locales(language):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in locale.months[context][width].items():
                    word = flat(name).rstrip(".")
                    if not any(map(str.isdigit, word)) and not ("一" <= word[:1] <= "鿿"):
                        names.setdefault(word, int(month))
    return names


@cache
def territories(language: str) -> dict[str, frozenset[str]]:
    """The codes of the countries that a name stands for, names as `flat` writes them."""
    names: dict[str, set[str]] = defaultdict(set)
    for locale in _locales(language):
        for code, name in locale.territories.items():
            if len(code) == 2:  # continents and groups of countries have numbers
                names[flat(name)].add(code)
    return {name: frozenset(codes) for name, codes in names.items()}


@cache
def _locales(language: str) -> tuple[Locale, ...]:
    names = ("uz", "uz_Cyrl") if language == "uz" else (language,)
    try:
        return tuple(Locale.parse(name) for name in names) if language else ()
    except (UnknownLocaleError, ValueError):
        return ()
