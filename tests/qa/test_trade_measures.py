"""Measures of trade are found in every language, and words that only look like them are not."""

from __future__ import annotations

import re

import pytest

from qa.trade_measures import measures

_WORD = re.compile(r"[^\W\d_]+(?:[-'ʻ][^\W\d_]+)*")


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("the exports and imports of Iran", "en", [("export", "exports"), ("import", "imports")]),
        ("the trade balance", "en", [("balance", "trade balance")]),
        ("the volume of the imports", "en", [("import", "volume of the imports")]),
        ("the import value", "en", [("import", "import value")]),
        ("объём импорта", "ru", [("import", "объём импорта")]),
        ("그 수출액은", "ko", [("export", "수출액은")]),
        ("savdo aylanmasi", "uz", [("turnover", "savdo aylanmasi")]),
        ("импорт ҳажми", "uz", [("import", "импорт ҳажми")]),
        ("сауда айналымы", "kk", [("turnover", "сауда айналымы")]),
        ("соода жүгүртүү", "ky", [("turnover", "соода жүгүртүү")]),
        ("воридот", "tg", [("import", "воридот")]),
        ("söwda dolanyşygy", "tk", [("turnover", "söwda dolanyşygy")]),
        ("an important Expo, the Export-Import Bank, a large volume", "en", []),
        ("한국수출입은행은", "ko", []),
        ("", "en", []),
    ],
)
def test_measures(text: str, language: str, found: list[tuple[str, str]]) -> None:
    words = list(_WORD.finditer(text))
    assert [(each.kind, text[slice(*each.span)]) for each in measures(words, language)] == found
