"""The words of `value_words` and of CLDR as regular expressions, a set for each language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from qa.values import value_words as words
from qa.values.cldr import scale_words, separators
from qa.values.figures import DIGITS, SPACES, last_step, numeral

GAP = rf"[{SPACES}]?"
_LETTER = r"[^\W\d_]"
_END = rf"(?!{_LETTER}|')"
_HANGUL_END = rf"(?=(?:여|가량|정도|쯤|이상|이하|미만|초과|내외|안팎)|{words.PARTICLES})"
# Written as other scripts are mixed with English; among themselves Latin languages would be confused.
_BESIDE_ENGLISH = frozenset(("ko", "zh", "ja", "ru", "kk", "ky", "tg", "uk", ""))
_SHORT_SCALES = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}  # of money alone: 5m may be metres


@dataclass(frozen=True, slots=True)
class Grammar:
    """What may stand around a number in one language, compiled."""

    language: str
    number: re.Pattern[str]
    small: dict[str, int]
    scale: re.Pattern[str]
    scale_values: dict[str, int]
    unit: re.Pattern[str]
    unit_names: dict[str, str]
    rate: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    sign_before: re.Pattern[str]
    percent_before: re.Pattern[str]
    code_before: re.Pattern[str]
    label_before: re.Pattern[str]
    broken_after: re.Pattern[str]
    goes_on: re.Pattern[str]
    unknown_tail: re.Pattern[str]
    odd: re.Pattern[str]

    def scale_after(self, flat: str, end: int, *, money: bool) -> tuple[int, int] | None:
        """(factor, end) of the scale words after a number: "ming", "thousand million"."""
        if money and (short := _SHORT.match(flat, end)):
            return _SHORT_SCALES[short[1]], short.end()
        factor, position = 1, end
        for _ in range(2):
            match = self.scale.match(flat, position)
            if not match:
                break
            factor, position = factor * self.scale_values[str(match.lastgroup)], match.end()
        return (factor, position) if position > end else None

    def compound(
        self, flat: str, end: int, factor: int, language: str
    ) -> tuple[Decimal, Decimal, int] | None:
        """(number, step, end) of what is added after a scale: the "300 тыс." of "2 млн 300 тыс."."""
        match = _NEXT_NUMBER.match(flat, end)
        if not match:
            return None
        part = numeral(match[1], language, False)
        scaled = self.scale_after(flat, match.end(), money=False)
        own, position = scaled or (1, match.end())
        if part is None or part * own >= factor or (scaled is None and factor > 1000):
            return None
        return part * own, last_step(match[1], language) * own, position

    def unit_after(self, flat: str, end: int) -> tuple[str, int] | None:
        match = self.unit.match(flat, end)
        return (self.unit_names[str(match.lastgroup)], match.end()) if match else None

    def bound_before(self, flat: str, start: int) -> tuple[str, int]:
        match = self.before.search(flat, max(start - 40, 0), start)
        return (
            (str(match.lastgroup).replace("_", " "), match.start(str(match.lastgroup)))
            if match
            else ("", start)
        )

    def bound_after(self, flat: str, end: int) -> tuple[str, int]:
        match = self.after.match(flat, end)
        return (str(match.lastgroup).replace("_", " "), match.end()) if match else ("", end)

    def currency_of(self, sign: str) -> str:
        return words.CURRENCY_SIGNS.get(sign) or sign.upper()

    def attaches_to(self, letter: str) -> bool:
        """Whether a number may follow a letter without a space: in scripts that use none."""
        return "가" <= letter <= "힣" or "一" <= letter <= "鿿"


# Fractions and raised figures: powers, or marks of notes.
_RAISED = "½⅓⅔¼¾⅛⁰¹²³⁴-⁹⁺⁻"
# What is numbered: "Table 1" holds no quantity.
_LABELS = (
    r"\b(?:tables?|figures?|chapter|section|article|part|page|annex|appendix|step|phase|таблиц[аеыу]|табл\.|рис\.|рисун(?:ок|ке)"
    r"|глав[аеы]|стать[яеи]|раздел\w?|част[ьи]|пункт\w?|приложени[еи]|этап\w?|표|그림|부록)"
)
# "2 and a half", "2 dozen", "3 с половиной"
_MORE = rf"(?:{GAP}(?:and|и|с|ва|va)(?: an?| one)?)?{GAP}(?:{words.OTHER_NUMBER_WORDS})(?!\w)"
# In English a hyphen ties a number to these: "a 500-million-dollar project".
_HYPHENED = (
    r"thousand|million|billion|trillion|percent|dollar|euro|barrel|tonne|ton|kilomet|megawatt|mw\b|gw\b|km\b"
)
_SHORT = re.compile(r"([kmbt])(?![\w])")
_NEXT_NUMBER = re.compile(rf"[{SPACES}]({DIGITS})(?![\w%]|-\w|[.,:/]\d)")


@cache
def grammar_of(language: str) -> Grammar:
    """The grammar of an ISO 639-1 code; of an unknown one, that of signs and English words."""
    spoken = ["", language] if language else [""]
    if language in _BESIDE_ENGLISH or not separators(language)[0]:
        spoken.append("en")
    scale, scale_values = _scales(spoken)
    unit, unit_names = _units(spoken)
    small = {form: n for code in spoken for form, n in words.SMALL_NUMBERS.get(code, {}).items()}
    word = "|".join(sorted(map(re.escape, small), key=len, reverse=True)) or "(?!)"
    tens = rf"(?:{words.TENS})"
    signs = "|".join(map(re.escape, sorted(words.CURRENCY_SIGNS, key=len, reverse=True)))
    return Grammar(
        language=language,
        number=re.compile(rf"(?P<digits>{DIGITS})|(?<![\w'-])(?P<word>{word})(?![\w'-])"),
        small=small,
        scale=scale,
        scale_values=scale_values,
        unit=unit,
        unit_names=unit_names,
        rate=re.compile(
            "|".join(rf"{GAP}(?P<{name}>{forms})(?!{_LETTER})" for name, forms in words.RATES.items())
        ),
        before=re.compile(
            rf"(?<![^\W_가-힣])(?:{_bounds(words.BEFORE)}){GAP}(?:a |the |total of )?$".replace("$", r"\Z")
        ),
        after=re.compile(rf"{GAP}(?:{_bounds(words.AFTER)})(?!{_ASCII_LETTER})"),
        sign_before=re.compile(rf"(?<![a-z])(?P<currency>{signs}|(?:{words.CURRENCY_CODES})){GAP}\Z"),
        percent_before=re.compile(rf"(?:yüzde|百分之|%){GAP}\Z"),
        code_before=re.compile(rf"(?<![a-z])(?:{words.CURRENCY_CODES}|us\$)\Z"),
        label_before=re.compile(
            rf"(?:[№#§]|\bnos?\.|\bvol\.|\bart\.|\bp\.|\bpp\.|\bст\.|\bстр\.|\bс\.|\bп\.|제|第|\[|[+×*=]|{_LABELS}){GAP}\Z"
            rf"|(?<!\w){tens}(?: and|-)?{GAP}\Z(?<!\d)"
        ),
        broken_after=re.compile(
            rf"[{_RAISED}]|{GAP}\d+/\d|{_MORE}|-(?!{_HYPHENED if 'en' in spoken else '^'}){_LETTER}"
        ),
        goes_on=re.compile(rf"[/-]{_LETTER}|{_MORE}|[{_RAISED}]"),
        unknown_tail=re.compile(
            rf"(?!(?:{_bounds(words.AFTER, named=False)}))(?:(?![가-힣]){_LETTER}|(?!{words.PARTICLES})[가-힣])"
        ),
        odd=re.compile(r"(?:여|余|多)(?=[ \u00a0]?[가-힣一-鿿])"),
    )


_ASCII_LETTER = "[a-zа-яёўқғҳәіңөұүһқүҷӣӯşçğıöüýňä]"


def _bounds(table: tuple[tuple[str, str], ...], *, named: bool = True) -> str:
    if not named:
        return "|".join(forms for _, forms in table)
    return "|".join(f"(?P<{name.replace(' ', '_')}>{forms})" for name, forms in table)


def _scales(spoken: list[str]) -> tuple[re.Pattern[str], dict[str, int]]:
    parts: list[str] = []
    values: dict[str, int] = {}
    for value, forms in words.SCALES.items():
        for code in spoken:
            own = [rf"(?:{forms[code]}){words.ENDINGS.get(code, '')}"] if code in forms else []
            own += [
                re.escape(word) + (words.ENDINGS.get(code, "") if word[-1] != "." else "")
                for word, power in scale_words(code).items()
                if power == value and len(word.rstrip(".")) > 1
            ]
            if own:
                name = f"s{len(values)}"
                values[name] = value
                parts.append(f"(?P<{name}>{'|'.join(sorted(own, key=len, reverse=True))})")
    hyphen = "-?" if "en" in spoken else ""
    return re.compile(rf"(?:{GAP}{hyphen})(?:{'|'.join(parts)}){_END}"), values


def _units(spoken: list[str]) -> tuple[re.Pattern[str], dict[str, str]]:
    parts: list[str] = []
    names: dict[str, str] = {}
    for unit, forms in words.UNITS.items():
        for code in spoken:
            if code not in forms:
                continue
            name = f"u{len(names)}"
            names[name] = unit
            if code in ("ko", "zh"):
                body = rf"(?:{forms[code]})" + (_HANGUL_END if code == "ko" else "")
            else:
                body = rf"(?:{forms[code]}){words.ENDINGS.get(code, '') if code not in ('', 'en') else ''}"
                body += rf"(?!(?![가-힣]){_LETTER}|'{_LETTER})" + ("" if code else r"(?!\d)")
            parts.append(f"(?P<{name}>{body})")
    return re.compile(rf"(?:{GAP}|(?<=\w)-(?=\w))(?:{'|'.join(parts)})"), names
