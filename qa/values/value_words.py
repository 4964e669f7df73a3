"""The words of figures in each language: scales, units, currencies, qualifiers, case endings.

`value_words.tsv` holds them, a row each: what kind of word, what it means, in which language ("*" for all
of them), and the words as a regular expression over text as `cldr.flat` gives it. Rows that come first are
tried first: "no less than" before "less than", points of percent before percent. CLDR's own words (compact
numbers, months, countries) are not repeated there; `qa.values.cldr` reads those.
"""

from __future__ import annotations

import csv
from importlib.resources import files


def _rows(kind: str) -> list[tuple[str, str, str]]:
    """(meaning, language, words) of one kind, in order; the language "" stands for all."""
    return [
        (row["meaning"], row["language"].strip("*"), row["words"]) for row in _TABLE if row["kind"] == kind
    ]


def _by_meaning(kind: str) -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for meaning, language, words in _rows(kind):
        table.setdefault(meaning, {})[language] = words
    return table


_TABLE = list(
    csv.DictReader(
        files("qa.values").joinpath("value_words.tsv").read_text(encoding="utf-8").splitlines(),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
)

SCALES = {int(power): forms for power, forms in _by_meaning("scale").items()}
UNITS = _by_meaning("unit")
# What may go with a rate: barrels per day are another unit than barrels.
RATES = {meaning: words for meaning, _, words in _rows("rate")}
BEFORE = tuple((meaning, words) for meaning, _, words in _rows("before"))
AFTER = tuple((meaning, words) for meaning, _, words in _rows("after"))
# Words that change a number and are not understood: what stands beside them is no number.
OTHER_NUMBER_WORDS = _rows("larger")[0][2]
# A small number after one of these is the end of a larger one: "twenty five", "двадцать пять".
TENS = _rows("tens")[0][2]
# Case endings of units and scales. Turkic ones follow a rule of harmony that need not be told apart here.
ENDINGS = {language: words for _, language, words in _rows("ending")}
# What may follow a Korean unit in the same word. Anything else makes another word of it (원조 is no 원).
PARTICLES = ENDINGS.pop("ko")
# Two to ten as words. One is left out: "one" and "bir" are more often no number.
SMALL_NUMBERS: dict[str, dict[str, int]] = {}
for _number, _language, _words in _rows("number"):
    SMALL_NUMBERS.setdefault(_language, {}).update(dict.fromkeys(_words.split("|"), int(_number)))

# The chains 천만, 백억 of Korean, 千万 of Chinese: small scales add up before a large one.
HAN_SMALL = {"십": 10, "백": 100, "천": 1000, "十": 10, "百": 100, "千": 1000}
HAN_LARGE = {
    "만": 10**4, "억": 10**8, "조": 10**12, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12,
}  # fmt: skip

CURRENCY_SIGNS = {
    "us$": "USD", "$": "USD", "€": "EUR", "₩": "KRW", "£": "GBP", "₽": "RUB", "₸": "KZT", "¥": "¥", "元": "CNY",
}  # fmt: skip
CURRENCY_CODES = "usd|eur|krw|uzs|kzt|kgs|tjs|tmt|rub|cny|jpy|gbp"

# What is counted, and cannot be broken into fractions.
COUNTED = frozenset(
    ("person", "country", "company", "project", "household", "school", "village", "job", "item")
)
# unit -> (its base, how many of the base it is). A unit that is not here is its own base.
BASES: dict[str, tuple[str, str]] = {
    "kg": ("g", "1000"), "t": ("g", "1000000"), "km": ("m", "1000"), "cm": ("m", "0.01"),
    "km2": ("m2", "1000000"), "ha": ("m2", "10000"), "kW": ("W", "1000"), "MW": ("W", "1000000"),
    "GW": ("W", "1000000000"), "kWh": ("Wh", "1000"), "MWh": ("Wh", "1000000"), "GWh": ("Wh", "1000000000"),
    "TWh": ("Wh", "1000000000000"),
}  # fmt: skip
