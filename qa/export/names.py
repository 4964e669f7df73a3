"""An author's name, as a document gives it, parted into family and given names where that is safe.

In: "Fumagalli, M.", "Иванов И. И.", "김성환", "Ministry of Trade, Industry and Energy". Out: a Name.

"Kim Minsu" and "Islom Karimov" are in either order in the documents of the region, so that only what shows
the order counts: a comma, initials, a patronymic. All else stays whole: a bibliography then prints it as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest import front_matter
from ingest.reference_names import UPPER

_INITIAL = rf"[{UPPER}][\w'’ʻʼ`]{{0,2}}\."  # "M.", "Дж.", "Oʻ."
_INITIALS = rf"{_INITIAL}(?:[ -]?{_INITIAL})*"
_WORD = rf"[{UPPER}][\w'’ʻʼ`-]+"
_PARTICLES = r"(?:(?:van|von|der|den|de|la|le|di|da|al|el|bin|ibn|ten|ter|du|dos) ){0,3}"
_FAMILY = rf"{_PARTICLES}{_WORD}(?: {_WORD})?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?P<family>{_PARTICLES}{_WORD}), ?(?P<given>{_WORD}(?: (?:{_WORD}|{_INITIALS})){{0,2}})",
        rf"(?P<family>{_FAMILY}), ?(?P<given>{_WORD}|{_INITIALS})",  # García Márquez, Gabriel
        rf"(?P<family>{_FAMILY}) (?P<given>{_INITIALS})",  # Иванов И. И.
        rf"(?P<given>{_INITIALS}) ?(?P<family>{_FAMILY})",  # M. Fumagalli
        rf"(?P<given>{_WORD} {_INITIALS}) (?P<family>{_WORD})",  # Matteo J. Fumagalli
    )
)
_PATRONYMIC = re.compile(r"\w+(?:[оеё]вич|[оеё]вна|ична|ьич|[oey]vich|[oey]vna|ichna)", re.IGNORECASE)
_CHILD_OF = re.compile(r"(?:o[ʻʼ’'`]?g[ʻʼ’'`]?li|qizi|ўғли|қизи|ұлы|қызы|уулу|кызы|ogly|gyzy)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """Family and given names; a name that is not parted is all `family`."""

    family: str
    given: str = ""


def parted(name: str) -> Name:
    """The name of a person whose order is sure, parted; any other whole."""
    if front_matter.body(name):
        return Name(name)
    for form in _FORMS:
        if match := form.fullmatch(name):
            return Name(match["family"], match["given"])
    words = name.split()
    if len(words) == 3:
        in_the_middle, at_the_end = (bool(_PATRONYMIC.fullmatch(word)) for word in words[1:])
        if in_the_middle and not at_the_end:
            return Name(words[2], " ".join(words[:2]))
        if at_the_end and not in_the_middle:
            return Name(words[0], " ".join(words[1:]))
    if len(words) == 4 and _CHILD_OF.fullmatch(words[3]):
        return Name(words[0], " ".join(words[1:]))
    return Name(name)
