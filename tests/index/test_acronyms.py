"""Acronyms that a text explains, from either end."""

from __future__ import annotations

import pytest

from index.acronyms import acronym_entries, is_acronym, pairs


@pytest.mark.parametrize(
    ("text", "language", "short", "long"),
    [
        (
            "loans of the Economic Development Cooperation Fund (EDCF) grew",
            "en",
            "edcf",
            ("econom", "develop", "cooper", "fund"),
        ),
        ("the Ministry of Foreign Affairs (MOFA)", "en", "mofa", None),
        (
            "EDCF (Economic Development Cooperation Fund) lends",
            "en",
            "edcf",
            ("econom", "develop", "cooper", "fund"),
        ),
        ("официальная помощь развитию (ОПР) растёт", "ru", "опр", ("официальн", "помощ", "развит")),
        (
            "Экономический фонд развития и сотрудничества (EDCF)",
            "ru",
            "edcf",
            ("экономическ", "фонд", "развит", "и", "сотрудничеств"),
        ),
        ("대외경제협력기금(EDCF)은", "ko", "edcf", ("대외경제협력기금",)),
        ("Osiyo taraqqiyot banki (OTB) kredit berdi", "uz", "otb", ("osiyo", "taraq", "banki")),
        ("It grew (see Table 3) again", "en", "", None),
        ("in the capital (Seoul) of Korea (ROK)", "en", "", None),
        ("He (UN) left", "en", "", None),
        ("(EDCF)", "en", "", None),
        ("", "en", "", None),
    ],
)
def test_pairs(text: str, language: str, short: str, long: tuple[str, ...] | None) -> None:
    found = {(pair.short, pair.long) for pair in pairs(text, language)}
    if long:
        assert found == {(short, long)}
    else:
        assert {each for each, _ in found} <= {short}


def test_entries_are_found_from_either_end() -> None:
    assert acronym_entries("공적개발원조(ODA)", "ko") == {"oda/공적개발원조", "공적개발원조/oda"}
    assert all(" " not in entry for entry in acronym_entries("World Trade Organization (WTO)", "en"))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("EDCF", True),
        ("НПЗ", True),
        ("KazMunayGas", False),
        ("Forum", False),
        ("a", False),
        ("포럼", False),
        ("", False),
    ],
)
def test_is_acronym(word: str, expected: bool) -> None:
    assert is_acronym(word) is expected
