"""The authors of a bibliography entry: a list of names in any of the usual forms, as printed.

In: what stands before a title. Out: the names ("M. Fumagalli", "Fumagalli, M.", "Иванов И. И.", "김성환"),
and what in-text markers call their bearers.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Latin and Cyrillic: the alphabets in which a name shows by its capital, and has initials.
UPPER = "".join(char for char in map(chr, range(0x530)) if char.isupper() and char.isalpha())
_APOSTROPHES = "'’‘ʻʼ`"
_PARTICLES = r"(?:(?:van|von|der|den|de|la|le|di|da|al|el|bin|ibn|ten|ter|du|dos)[ -]){0,3}"
_WORD = rf"[{UPPER}][\w{_APOSTROPHES}]*(?:-\w[\w{_APOSTROPHES}]*)*"
_SURNAME = rf"{_PARTICLES}{_WORD}(?: (?!и |va )(?:ogli|oglu|qizi|uly|uulu|кызы|қызы|ұлы|уулу))?"
_INITIAL = rf"[{UPPER}][{_APOSTROPHES}]?\w?\."  # "M.", "Дж.", "Sh.", "Oʻ."
_INITIALS = rf"{_INITIAL}(?:[ -]?(?:{_INITIAL}|[a-z]\.))*"  # small ones: "M. o. F. A. o. R. o. Korea"
_HANGUL_NAME = r"[가-힣]{2,4}"

_INVERTED = re.compile(
    rf"{_SURNAME}(?:[- ]{_WORD})?,? {{0,2}}{_INITIALS}(?!\w)"
)  # Fumagalli, M.; Иванов И.И.
_STRAIGHT = re.compile(rf"{_INITIALS} ?{_SURNAME}(?:[- ]{_WORD})?(?!\w)")  # M. Fumagalli
_BARE = re.compile(rf"{_SURNAME} [{UPPER}]{{1,3}}(?![\w.])")  # Fumagalli M: the Vancouver style
_GIVEN = re.compile(rf"(?:{_WORD}|{_INITIAL})(?: (?:{_WORD}|{_INITIAL}|{_PARTICLES}{_WORD})){{1,4}}")
_ONE_WORD = re.compile(rf"{_SURNAME}")
_ONLY_INITIALS = re.compile(rf"{_INITIALS}")
_GIVEN_ONLY = re.compile(rf"(?:{_WORD}|{_INITIAL})(?: (?:{_WORD}|{_INITIAL})){{0,2}}")
_KOREAN = re.compile(rf"{_HANGUL_NAME}(?=$|[\s,.·ㆍ;(:/]|외)")

_AND = r"(?:&|and|und|y|et|и|й|va|ва|және|жана|we|with|및|와|과)"
_OTHERS = re.compile(
    rf"[\s,]*(?:{_AND} )?(?:et al|and others|и др|и соавт"
    r"|va boshq(?:alar)?|ва бошқ(?:алар)?|және т\. ?б|外|외(?: \d+[인명])?)"
    r"\.?$"
)
_ROLE = re.compile(
    r"[\s,]*[(\[]?(?:eds?|editors?|трансл|transl?|comp|hrsg|ред|сост|под ред|엮음|편|편저|지음|저)\b\.?[)\]]?\.?$",
    re.IGNORECASE,
)
_STRONG = re.compile(rf"\s*;\s*|\s*[·ㆍ]\s*|,?\s+(?:{_AND})\s+(?=\S)|\s*&\s*")
_BETWEEN = re.compile(rf"\s*(?:[,;]\s*(?:{_AND}\s+)?|[·ㆍ]|\s{_AND}\s+|&\s*)")
_LONGEST = 400  # characters of an author list that is looked at
_MOST_WORDS = 14  # of an organisation's name


def all_names(text: str) -> tuple[str, ...] | None:
    """The names of which the whole text is a list; None where it is something else; () where it is empty."""
    text = _bare(text)
    if not text:
        return ()
    if len(text) > _LONGEST:
        return None
    names: list[str] = []
    for part in _STRONG.split(text):
        found = _comma_list(part.strip(" ,"), first=not names)
        if found is None:
            return None
        names += found
    return tuple(names)


def organisation(text: str) -> tuple[str, ...] | None:
    """The text as the one name of a body that wrote something; None where it reads like a sentence."""
    text = _bare(text)
    if not text or len(text.split()) > _MOST_WORDS or not (text[0].isupper() or text[0] > "\u2e80"):
        return None
    return None if re.search(r"[\"“”«»「」『』?!=]|\. [^\W\d_]{3}|//|https?:", text) else (text,)


def leading_names(text: str) -> tuple[tuple[str, ...], int]:
    """The names with initials that the text begins with ("Иванов И. И., Петров П. П. О форуме"), and where
    they end; ((), 0) where there are none."""
    names: list[str] = []
    end = at = 0
    while at < min(len(text), _LONGEST):
        match = _INVERTED.match(text, at) or _BARE.match(text, at) or _STRAIGHT.match(text, at)
        if not match:
            break
        names.append(match[0].strip())
        end = match.end()
        following = _BETWEEN.match(text, end)
        if not following or following.end() == end:
            break
        at = following.end()
    others = re.match(r",?\s*(?:et al\.?|и др\.?|va boshq\.?|[гж]әне т\. ?б\.?)", text[end : end + 20])
    return tuple(names), end + (others.end() if names and others else 0)


@lru_cache(maxsize=4096)  # asked for each marker that could be of this author
def callings(name: str) -> tuple[str, ...]:
    """What a marker may call the bearer of a name, folded: the surname first, the whole name, an acronym."""
    name = re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*$", "", name)
    words = re.findall(rf"[\w{_APOSTROPHES}-]+", name)
    found = [fold(name)]
    if "," in name:
        found.insert(0, fold(name.partition(",")[0]))
    elif words and not re.search("[가-힣]", name):
        straight = re.match(rf"{_INITIALS} ?", name)
        inverted = re.search(rf",? ?(?:{_INITIALS}|\b[{UPPER}]{{1,3}})$", name)
        if straight and straight.end() < len(name):
            found.insert(0, fold(name[straight.end() :]))
        elif inverted and inverted.start():
            found.insert(0, fold(name[: inverted.start()]))
        elif len(words) in (2, 3):
            found.insert(0, fold(words[0] if "-" in words[-1] else words[-1]))
        if len(words) > 1:
            found.append("".join(word[0] for word in words if word[0].isupper()).casefold())
            found.append("".join(word[0] for word in words).casefold())
    return tuple(dict.fromkeys(key for key in found if len(key) > 1))


def fold(text: str) -> str:
    """As names are compared: no case, one kind of apostrophe, ё as е, single spaces."""
    text = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    return " ".join(re.sub(f"[{_APOSTROPHES}]", "'", text).split()).strip(" .,")


def _bare(text: str) -> str:
    """Without what follows the names: a role, "et al.", punctuation; a last initial keeps its period."""
    text = " ".join(text.split()).strip(" ,;:–—-(")
    text = _ROLE.sub("", text)
    text = _OTHERS.sub("", text).strip(" ,;:")
    ends_with_initial = re.search(rf"(?:^|[\s.,-])[{UPPER}a-z][{_APOSTROPHES}]?\w?\.$", text)
    return text if ends_with_initial else text.rstrip(" .")


def _comma_list(text: str, *, first: bool) -> list[str] | None:
    """The names of a list parted by commas alone."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    names: list[str] = []
    for number, part in enumerate(parts):
        complete = _INVERTED.fullmatch(part) or _STRAIGHT.fullmatch(part) or _BARE.fullmatch(part)
        if names and _ONLY_INITIALS.fullmatch(part) and _ONE_WORD.match(names[-1]) and "," not in names[-1]:
            names[-1] += f", {part}"
        elif complete or _KOREAN.fullmatch(part) or _ONLY_INITIALS.fullmatch(part):
            names.append(part)
        elif number == 1 and first and _ONE_WORD.fullmatch(names[0]) and _GIVEN_ONLY.fullmatch(part):
            names[-1] += f", {part}"  # Fumagalli, Matteo
        elif _GIVEN.fullmatch(part) or _ONE_WORD.fullmatch(part) or _KOREAN.match(part + " "):
            names.append(part)
        else:
            return None
    return names or None
