"""A word in, the country that it names out: CLDR's names in the languages of the region, whatever the ending."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from qa.values.cldr import flat, territories

LANGUAGES = ("en", "ko", "ru", "uz", "kk", "ky", "tg", "tk")
# Short or everyday names of countries that CLDR writes out: "Korea", "США".
_ALIASES = {
    "KR": "korea korean южнокорейск 한국 남한 대한민국 koreya коре корея",
    "KP": "북한 кндр dprk",
    "US": "usa u.s america american сша америк америка aqsh ақш акш abş имо 미국",
    "GB": "uk britain british британ англи 영국",
    "AE": "uae оаэ",
    "CN": "chinese",
    "DE": "german",
    "FR": "french",
    "PL": "polish",
    "ES": "spanish",
    "TR": "turkish турец турци",
    # and their peoples
    "KZ": "kazakh казах қазақ qozoq gazak қазоқ қозоқ",
    "KG": "kyrgyz киргиз кыргыз қырғыз qirgiz қирғиз gyrgyz 키르기스",
    "UZ": "uzbek узбек ozbek өзбек ӯзбек ўзбек özbek 우즈베크",
    "TJ": "tajik таджик tojik тожик тәжік тажик тоҷик täjik 타지크",
    "TM": "turkmen туркмен turkman түрікмен түркмөн туркман türkmen 투르크멘",
}
_NORTH = re.compile(
    r"(?:north|северн\w*|shimoliy|шимолий|солтүстік|түндүк|шимолӣ|demirgazyk)\W*$", re.IGNORECASE
)
_WORD = re.compile(r"\w[\w'ʻ’]*")
_ENDINGS = "аяыеоюуьйиіaeiyoʻ"


@lru_cache(maxsize=1 << 15)
def country_of(word: str) -> str:
    """The code of the country that a word names in any language, whatever its case ending; "" for none."""
    folded = flat(word).translate({ord("'"): "", ord("ё"): "е"}).partition("-")[0]
    names = _countries()
    for end in range(len(folded), 1, -1):
        code = names.get(folded[:end], "")
        # A short name bears a short ending: "USA" does not begin "usage".
        if code and (end > 3 or "가" <= folded[0] <= "힣" or len(folded) - end <= (not folded.isascii()) * 2):
            return code
    return ""


def countries_in(text: str) -> frozenset[str]:
    """The codes of the countries that a text names."""
    return frozenset(filter(None, map(country_of, _WORD.findall(text))))


@cache
def _countries() -> dict[str, str]:
    """Country codes by their names of one word, without a last vowel, which case endings change."""
    names: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for name, codes in territories(language).items():
            name = name.replace("'", "").replace("ё", "е")
            if " " not in name and len(name) > 1:
                hangul = "가" <= name[0] <= "힣"
                while not hangul and language != "en" and len(name) > 4 and name[-1] in _ENDINGS:
                    name = name[:-1]
                names.setdefault(name, set()).update(codes)
    for code, aliases in _ALIASES.items():
        for alias in aliases.split():
            names[alias] = {code}
    return {name: min(codes) for name, codes in names.items() if len(codes) == 1}


def is_northern(before: str) -> bool:
    """Whether the words before "Korea" make it the other one."""
    return _NORTH.search(before[-24:]) is not None
