"""Figures as a sheet shows them: expected values as Excel displays them, days in ISO 8601."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.number_formats import Value, displayed


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (2183539, "#,##0", "2,183,539"),
        (2183539, "# ##0", "2 183 539"),
        (1234.5, "#,##0.00", "1,234.50"),
        (0.1234, "0.0%", "12.3%"),
        (0.1 + 0.2, "General", "0.3"),
        (2022, "General", "2022"),
        (1e20, "General", "1E+20"),
        (2.5, "0", "3"),
        (-0.4, "0", "0"),
        (0.5, "#.##", ".5"),
        (1.5, "0.0##", "1.5"),
        (7, "000", "007"),
        (-5, "#,##0;(#,##0)", "(5)"),
        (-5, '"$"#,##0', "-$5"),
        (0, '#,##0;-#,##0;"-"', "-"),
        (1234.5, "[$₩-412]#,##0", "₩1,235"),
        (1234.5, '#,##0.00\\ "₽"', "1,234.50 ₽"),
        (1234567, "#,##0,", "1,235"),
        (1234567890, '#,##0.0,,"M"', "1,234.6M"),
        (123456, "0.00E+00", "1.23E+05"),
        (1000, '[>=1000]#,##0,"K";0', "1K"),
        (5, '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)', "5"),
        (0.25, "# ?/?", "0.25"),
        (True, "General", "TRUE"),
        ("12%", "0", "12%"),
        (datetime(2022, 10, 17), "dd.mm.yyyy", "2022-10-17"),
        (datetime(2022, 10, 17), "mmm yyyy", "2022-10"),
        (datetime(2022, 10, 17), "yyyy", "2022"),
        (date(2022, 10, 17), 'yyyy"년" m"월" d"일"', "2022-10-17"),
        (datetime(2022, 10, 17, 9, 30), "yyyy-mm-dd h:mm", "2022-10-17 09:30"),
        (time(9, 30), "h:mm", "09:30"),
        (timedelta(hours=30, minutes=5), "[h]:mm:ss", "30:05:00"),
    ],
)
def test_displayed(value: Value, number_format: str, expected: str) -> None:
    assert displayed(value, number_format) == expected


@given(st.integers(-(10**14), 10**14))
def test_grouping_loses_no_digit(value: int) -> None:
    assert displayed(value, "#,##0") == f"{value:,}"
    assert displayed(value, "General") == str(value)


@given(st.one_of(st.integers(), st.floats(allow_nan=True)), st.text('#0?.,;%E+-@[]"\\_*/ Gyd$', max_size=20))
def test_any_format_gives_a_string(value: float, number_format: str) -> None:
    assert isinstance(displayed(value, number_format), str)
