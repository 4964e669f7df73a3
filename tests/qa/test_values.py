"""What a short answer amounts to: equal values in any notation are equal, others never."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ingest.document import Document, Page, Section, Span
from qa.values.dates import Date
from qa.values.quantities import Quantity
from qa.values.value import Text, agree, differ, equal_in, refines, same, value_at, value_of, values_in

LANGUAGES = ("en", "ko", "ru", "uz", "kk", "ky", "tg", "tk", "tr", "zh", "de")


def document(text: str, language: str) -> Document:
    pages, sections = (Page(1, "", 0, len(text)),), (Section("", 0, 0, len(text)),)
    return Document("id", "source", "text", "", (), "", language, "", text, pages, sections, ())


def quantity(text: str, language: str) -> tuple[Decimal, str, str, Decimal | None] | None:
    value = value_of(text, language)
    return (value.number, value.unit, value.bound, value.upper) if isinstance(value, Quantity) else None


@pytest.mark.parametrize(
    ("language", "text", "number", "unit"),
    [
        ("en", "7.3 billion", 7_300_000_000, ""),
        ("en", "$7.3 billion", 7_300_000_000, "USD"),
        ("en", "US$2.5 billion", 2_500_000_000, "USD"),
        ("en", "USD 2.5bn", 2_500_000_000, "USD"),
        ("en", "7.3 billion US dollars", 7_300_000_000, "USD"),
        ("en", "33.6 billion tons", 33_600_000_000, "t"),
        ("en", "40 billion barrels", 40_000_000_000, "barrel"),
        ("en", "500,000", 500_000, ""),
        ("en", "372 854", 372_854, ""),
        ("en", "10 000", 10_000, ""),
        ("en", "1\u202f234\u202f567", 1_234_567, ""),
        ("en", "6 percent", 6, "percent"),
        ("en", "6 per cent", 6, "percent"),
        ("en", "6%", 6, "percent"),
        ("en", "1.234", Decimal("1.234"), ""),
        ("en", "1,234.56", Decimal("1234.56"), ""),
        ("en", "1.234,56", Decimal("1234.56"), ""),
        ("en", "7,3 billion", 7_300_000_000, ""),
        ("en", "-5%", -5, "percent"),
        ("en", "five countries", 5, "country"),
        ("en", "two million people", 2_000_000, "person"),
        ("en", "40 barrels per day", 40, "barrel/day"),
        ("en", "90 km/h", 90, "km/hour"),
        ("en", "5 percentage points", 5, "percentage point"),
        ("en", "120 km", 120, "km"),
        ("en", "447,400 square kilometres", 447_400, "km2"),
        ("ru", "7,3 млрд", 7_300_000_000, ""),
        ("ru", "7,3 миллиарда долларов", 7_300_000_000, "USD"),
        ("ru", "7,3 млрд долларов США", 7_300_000_000, "USD"),
        ("ru", "7.3 млрд", 7_300_000_000, ""),
        ("ru", "1,5 млрд", 1_500_000_000, ""),
        ("ru", "15 млрд", 15_000_000_000, ""),
        ("ru", "500 тыс. человек", 500_000, "person"),
        ("ru", "500 тысяч", 500_000, ""),
        ("ru", "2 млн 300 тыс. тонн", 2_300_000, "t"),
        ("ru", "7 300 000 000", 7_300_000_000, ""),
        ("ru", "101\u00a0868", 101_868, ""),
        ("ru", "1,234", Decimal("1.234"), ""),
        ("ru", "5 %", 5, "percent"),
        ("ru", "5 процентов", 5, "percent"),
        ("ru", "пять стран", 5, "country"),
        ("ru", "40 млрд баррелей", 40_000_000_000, "barrel"),
        ("ko", "73억", 7_300_000_000, ""),
        ("ko", "73억 달러", 7_300_000_000, "USD"),
        ("ko", "50만", 500_000, ""),
        ("ko", "30만 명", 300_000, "person"),
        ("ko", "3천만", 30_000_000, ""),
        ("ko", "1억 2천만", 120_000_000, ""),
        ("ko", "1억 2천만 명", 120_000_000, "person"),
        ("ko", "2천5백만 톤", 25_000_000, "t"),
        ("ko", "15만 3000명", 153_000, "person"),
        ("ko", "3조 원", 3_000_000_000_000, "KRW"),
        ("ko", "7.3억", 730_000_000, ""),
        ("ko", "40%", 40, "percent"),
        ("ko", "5개국", 5, "country"),
        ("ko", "500,000명을", 500_000, "person"),
        ("uz", "7.3 mlrd", 7_300_000_000, ""),
        ("uz", "7,3 milliard AQSH dollari", 7_300_000_000, "USD"),
        ("uz", "500 ming", 500_000, ""),
        ("uz", "500 ming kishi", 500_000, "person"),
        ("uz", "500 минг киши", 500_000, "person"),
        ("uz", "7,3 миллиард доллар", 7_300_000_000, "USD"),
        ("uz", "20 foiz", 20, "percent"),
        ("uz", "20 фоиз", 20, "percent"),
        ("uz", "beshta davlat", 5, "country"),
        ("kk", "33,6 млрд тонна", 33_600_000_000, "t"),
        ("kk", "500 мың адам", 500_000, "person"),
        ("kk", "20 пайыз", 20, "percent"),
        ("ky", "500 миң адам", 500_000, "person"),
        ("ky", "7,3 млрд доллар", 7_300_000_000, "USD"),
        ("tg", "500 ҳазор нафар", 500_000, "person"),
        ("tg", "7,3 миллиард доллари ИМА", 7_300_000_000, "USD"),
        ("tk", "500 müň adam", 500_000, "person"),
        ("tk", "7,3 milliard ABŞ dollary", 7_300_000_000, "USD"),
        ("tr", "7,3 milyar dolar", 7_300_000_000, "USD"),
        ("tr", "1.234", 1_234, ""),
        ("tr", "yüzde 5", 5, "percent"),
        ("tr", "%32.9", Decimal("32.9"), "percent"),
        ("tr", "68.511'inde", 68_511, ""),
        ("de", "1.234", 1_234, ""),
        ("de", "1,234", Decimal("1.234"), ""),
        ("zh", "73亿美元", 7_300_000_000, "USD"),
        ("zh", "50万人", 500_000, "person"),
        ("en", "1,200 families", 1_200, "household"),
        ("ru", "1200 рабочих мест", 1_200, "job"),
        ("ko", "340가구", 340, "household"),
        ("kk", "12 мектеп", 12, "school"),
        ("tg", "12 деҳа", 12, "village"),
    ],
)
def test_a_quantity_is_read(language: str, text: str, number: int | Decimal, unit: str) -> None:
    assert quantity(text, language) == (Decimal(number), unit, "", None)


@pytest.mark.parametrize(
    ("language", "text", "bound"),
    [
        ("en", "about 300,000 people", "about"),
        ("en", "Some 500,000", "about"),
        ("en", "nearly 40 billion barrels", "about"),
        ("en", "more than 100", "more"),
        ("en", "no less than 100", "at least"),
        ("en", "fewer than 100", "less"),
        ("en", "up to 100", "at most"),
        ("ru", "около 500 тыс.", "about"),
        ("ru", "примерно 500 тысяч человек", "about"),
        ("ru", "не менее 100", "at least"),
        ("ru", "более 100 человек", "more"),
        ("ru", "менее 5%", "less"),
        ("ko", "약 50만 명", "about"),
        ("ko", "50만 명 가량", "about"),
        ("ko", "100명이 넘는", "more"),
        ("ko", "30만여 명", "more"),
        ("ko", "100명 이상", "at least"),
        ("ko", "5% 미만", "less"),
        ("uz", "qariyb 500 ming", "about"),
        ("uz", "500 mingga yaqin", "about"),
        ("uz", "500 mingdan ortiq", "more"),
        ("uz", "500 минг кишидан ортиқ", "more"),
        ("kk", "500 мың адамнан астам", "more"),
        ("kk", "шамамен 500 мың", "about"),
        ("ky", "100дөн ашык", "more"),
        ("tg", "тақрибан 500 ҳазор", "about"),
        ("tg", "зиёда аз 100", "more"),
        ("tr", "yaklaşık 500 bin", "about"),
    ],
)
def test_how_exact_it_is_is_kept(language: str, text: str, bound: str) -> None:
    found = quantity(text, language)
    assert found is not None
    assert found[2] == bound


@pytest.mark.parametrize(
    ("language", "text", "low", "high", "unit"),
    [
        ("en", "300,000–500,000", 300_000, 500_000, ""),
        ("en", "300,000-500,000 people", 300_000, 500_000, "person"),
        ("en", "$5–7 million", 5_000_000, 7_000_000, "USD"),
        ("en", "between 5 and 10 percent", 5, 10, "percent"),
        ("ru", "7–8 млрд", 7_000_000_000, 8_000_000_000, ""),
        ("ru", "от 5 до 10 процентов", 5, 10, "percent"),
        ("ko", "30만~50만 명", 300_000, 500_000, "person"),
    ],
)
def test_a_range_is_one_quantity(language: str, text: str, low: int, high: int, unit: str) -> None:
    found = values_in(text, language)
    assert [
        (f.value.number, f.value.upper, f.value.unit) for f in found if isinstance(f.value, Quantity)
    ] == [(low, high, unit)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "15th"),
        ("en", "No. 5"),
        ("en", "COVID-19"),
        ("en", "Table 1"),
        ("en", "C5 + 1"),
        ("en", "C5+1"),
        ("en", "2 and a half"),
        ("en", "two and a half million"),
        ("en", "twenty-five"),
        ("en", "twenty five countries"),
        ("en", "1/3"),
        ("en", "3½"),
        ("en", "18:30"),
        ("en", "1.2.3"),
        ("en", "1,23"),
        ("en", "12,34,567"),
        ("en", "007"),
        ("en", "2 dozen"),
        ("en", "3 lakh"),
        ("en", "5 km/x"),
        ("en", "2.5 people"),
        ("en", "from 5 to 7 million"),
        ("en", "05/03/2019"),
        ("en", "31 February 2019"),
        ("en", "2017 or so"),
        ("en", "early 2017"),
        ("en", "500–1 million"),
        ("en", "5 m"),
        ("en", ""),
        ("en", "Busan"),
        ("ru", "1.234"),
        ("ru", "500,000"),
        ("ru", "12.03"),
        ("ru", "5-й"),
        ("ru", "двадцать пять стран"),
        ("ru", "2,5 человека"),
        ("uz", "1,234"),
        ("uz", "5-bosqich"),
        ("kk", "500,000"),
        ("ko", "2천년"),
        ("ko", "제15차"),
        ("ko", "15차"),
        ("ko", "5세대"),
        ("ko", "2/3"),
        ("", "1,234"),
        ("xx", "1.234"),
        ("en", "10²"),
        ("en", "10²⁵"),
        ("en", "10⁻³"),
        ("en", "12⁴"),
    ],
)
def test_what_is_not_understood_is_a_text(language: str, text: str) -> None:
    assert value_of(text, language) == Text(text, language)


@pytest.mark.parametrize(
    ("language", "text", "iso"),
    [
        ("en", "2017", "2017"),
        ("en", "in 2017", "2017"),
        ("en", "1530", "1530"),
        ("en", "in 1530", "1530"),
        ("en", "12 March 2019", "2019-03-12"),
        ("en", "March 12, 2019", "2019-03-12"),
        ("en", "Oct. 17, 2012", "2012-10-17"),
        ("en", "December 2009", "2009-12"),
        ("en", "2019-03-12", "2019-03-12"),
        ("en", "25/03/2019", "2019-03-25"),
        ("en", "2017–2019", "2017/2019"),
        ("en", "the 1990s", "1990/1999"),
        ("ru", "2017 г.", "2017"),
        ("ru", "в 2017 году", "2017"),
        ("ru", "12.03.2019", "2019-03-12"),
        ("ru", "12 марта 2019 года", "2019-03-12"),
        ("ru", "в декабре 2009 г.", "2009-12"),
        ("ru", "2017–2019 гг.", "2017/2019"),
        ("ru", "1990-е годы", "1990/1999"),
        ("ko", "2017년", "2017"),
        ("ko", "2017년에", "2017"),
        ("ko", "2019년 3월 12일", "2019-03-12"),
        ("ko", "2019. 3. 12.", "2019-03-12"),
        ("ko", "2009년 12월에", "2009-12"),
        ("ko", "1990년대", "1990/1999"),
        ("uz", "2017-yil", "2017"),
        ("uz", "2017-yilda", "2017"),
        ("uz", "2017 йил", "2017"),
        ("uz", "2019-yil 12-mart", "2019-03-12"),
        ("uz", "2019 йил 12 март", "2019-03-12"),
        ("uz", "2009-yil dekabrda", "2009-12"),
        ("kk", "2017 жыл", "2017"),
        ("kk", "2017 жылы", "2017"),
        ("kk", "2019 жылғы 12 наурыз", "2019-03-12"),
        ("ky", "2017-жыл", "2017"),
        ("ky", "2019-жылдын 12-марты", "2019-03-12"),
        ("tg", "соли 2017", "2017"),
        ("tg", "12 марти соли 2019", "2019-03-12"),
        ("tk", "2017-nji ýyl", "2017"),
        ("tk", "2019-njy ýylyň 12-nji marty", "2019-03-12"),
        ("tr", "2017 yılında", "2017"),
        ("tr", "1530'da", "1530"),
        ("tr", "12 Mart 2019", "2019-03-12"),
        ("zh", "2019年3月12日", "2019-03-12"),
        ("en", "in 2017⁴", "2017"),
        ("en", "12 March 2019¹²", "2019-03-12"),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_given(language: str, text: str, iso: str) -> None:
    value = value_of(text, language)
    assert isinstance(value, Date)
    assert str(value) == iso


EQUAL = [
    ("7.3 billion", "en", "7,3 млрд", "ru"),
    ("7.3 billion", "en", "73억", "ko"),
    ("7.3 billion", "en", "7.3 mlrd", "uz"),
    ("7.3 billion", "en", "7 300 000 000", "ru"),
    ("$7.3 billion", "en", "73억 달러", "ko"),
    ("$7.3 billion", "en", "7,3 млрд долларов", "ru"),
    ("$7.3 billion", "en", "7,3 milliard dollar", "uz"),
    ("$7.3 billion", "en", "7.3 billion", "en"),
    ("500,000", "en", "50만", "ko"),
    ("500,000", "en", "500 тыс.", "ru"),
    ("500,000 ethnic Koreans", "en", "500 тыс. человек", "ru"),
    ("500,000 ethnic Koreans", "en", "500 000 этнических корейцев", "ru"),
    ("some 500,000", "en", "500 mingga yaqin", "uz"),
    ("more than 100", "en", "100명이 넘는", "ko"),
    ("5,000 kg", "en", "5 тонн", "ru"),
    ("6 percent", "en", "6 %", "ru"),
    ("6 percent", "en", "6 пайыз", "kk"),
    ("five countries", "en", "5개국", "ko"),
    ("372,854", "en", "372 854", "ru"),
    ("2017", "en", "2017-yil", "uz"),
    ("2017년", "ko", "2017 г.", "ru"),
    ("2017 жыл", "kk", "соли 2017", "tg"),
    ("12 March 2019", "en", "12.03.2019", "ru"),
    ("12 March 2019", "en", "2019년 3월 12일", "ko"),
    ("Busan", "en", "부산", "ko"),
    ("Busan", "en", "Пусан", "ru"),
    ("Busan", "en", "Пусане", "ru"),
    ("부산에서", "ko", "Pusan", "uz"),
    ("South Korea", "en", "대한민국", "ko"),
    ("South Korea", "en", "Korea", "en"),
    ("Китая", "ru", "China", "en"),
    ("министра Кима", "ru", "министр Ким", "ru"),
    ("South Korea", "en", "Южная Корея", "ru"),
    ("South Korea", "en", "Республики Корея", "ru"),
    ("South Korea", "en", "Janubiy Koreya", "uz"),
    ("South Korea", "en", "Оңтүстік Корея", "kk"),
    ("Uzbekistan", "en", "Узбекистане", "ru"),
    ("Oʻzbekiston", "uz", "Ўзбекистон", "uz"),
    ("Oʻzbekistonda", "uz", "우즈베키스탄", "ko"),
    ("O'zbekiston", "uz", "Oʻzbekiston", "uz"),
    ("US", "en", "США", "ru"),
    ("Ruslan Kazakbayev", "en", "Руслан Казакбаев", "ru"),
    ("Ruslan Kazakbayev", "en", "Русланом Казакбаевым", "ru"),
    ("Mirziyoyev", "uz", "Мирзиёев", "ru"),
    ("Toshkent", "uz", "Тошкент", "uz"),
    ("the New Asian Initiative", "en", "New Asian Initiative", "en"),
    ("Foreign Minister Kim Sung-hwan", "en", "Kim Sung-hwan", "en"),
    ("1,204³", "en", "1,204", "en"),
    ("1,204³ thousand euros", "en", "€1,204 thousand", "en"),
    ("45%⁴", "en", "45 percent¹²", "en"),
    ("50 million euros³⁰", "en", "€50 million", "en"),
    ("5 km²", "en", "5 km2", "en"),
    ("Article 49⁴⁷", "en", "Article 49", "en"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "language", "second", "other"), EQUAL)
def test_equal_values_are_the_same(first: str, language: str, second: str, other: str) -> None:
    one, two = value_of(first, language), value_of(second, other)
    assert same(one, two)
    assert same(two, one)
    assert not differ(one, two)


UNEQUAL = [
    ("7.3 billion", "en", "73 billion", "en"),
    ("7.3 billion", "en", "7.3 million", "en"),
    ("7.3 billion", "en", "7,3 млн", "ru"),
    ("1,5 млрд", "ru", "15 млрд", "ru"),
    ("1.234", "en", "1.234", "de"),
    ("1,234", "en", "1,234", "ru"),
    ("10 000", "ru", "10", "ru"),
    ("3천만", "ko", "3만", "ko"),
    ("1억 2천만", "ko", "1억", "ko"),
    ("2천년", "ko", "2000", "en"),
    ("5 percent", "en", "5", "ru"),
    ("7.3 billion dollars", "en", "7.3 billion tonnes", "en"),
    ("$7.3 billion", "en", "73억 원", "ko"),
    ("5 percent", "en", "5 percentage points", "en"),
    ("500 Koreans", "en", "500 tonnes", "en"),
    ("5 ministers", "en", "5 countries", "en"),
    ("5 agreements", "en", "5 forums", "en"),
    ("5 ministers", "en", "5 соглашений", "ru"),
    ("40 barrels", "en", "40 barrels per day", "en"),
    ("300,000–500,000", "en", "300,000", "en"),
    ("more than 300,000", "en", "300,000", "en"),
    ("500 people", "en", "500 households", "en"),
    ("500 people", "en", "500 семей", "ru"),
    ("200 jobs", "en", "200 schools", "en"),
    ("300 ta maktab", "uz", "300 villages", "en"),
    ("5 years", "en", "5 months", "en"),
    ("2017", "en", "2,017", "en"),
    ("2017", "en", "2017 people", "en"),
    ("2017–2019", "en", "2017", "en"),
    ("2017", "en", "2018-yil", "uz"),
    ("12.03.2019", "ru", "3 December 2019", "en"),
    ("Korea", "en", "North Korea", "en"),
    ("South Korea", "en", "북한", "ko"),
    ("South Korea", "en", "Северная Корея", "ru"),
    ("Kazakhstan", "en", "Kyrgyzstan", "en"),
    ("Нигере", "ru", "Нигерии", "ru"),
    ("Foreign Minister Kim", "en", "Prime Minister Kim", "en"),
    ("President Park", "en", "Minister Park", "en"),
    ("Bank", "en", "Development Bank", "en"),
    ("Asian Development Bank", "en", "Development Bank", "en"),
    ("Туркменистан", "ru", "Туркменбаши", "ru"),
    ("Turkmanistonda", "uz", "Turkmanboshi", "uz"),
    ("Kim", "en", "Kim Sung-hwan", "en"),
    ("us", "en", "США", "ru"),
    ("1,204³", "en", "12,043", "en"),
    ("Article 49⁴⁷", "en", "Article 4947", "en"),
    ("Article 4⁷", "en", "Article 47", "en"),
    ("10²", "en", "102", "en"),
    ("10⁻³", "en", "10", "en"),
    ("5 km²", "en", "5 km", "en"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "language", "second", "other"), UNEQUAL)
def test_unequal_values_are_not(first: str, language: str, second: str, other: str) -> None:
    one, two = value_of(first, language), value_of(second, other)
    assert not same(one, two)
    assert not same(two, one)
    assert not agree(one, two)


@pytest.mark.parametrize(
    ("precise", "language", "value", "other"),
    [
        ("March 2017", "en", "2017", "en"),
        ("2017년 3월 12일", "ko", "2017 г.", "ru"),
        ("12 March 2017", "en", "март 2017", "ru"),
        ("12 March 2017", "en", "12-mart", "uz"),
        ("Busan, South Korea", "en", "Busan", "en"),
        ("Busan, Korea", "en", "Busan", "en"),
        ("Busan (South Korea)", "en", "Пусан", "ru"),
        ("7.31 billion", "en", "7,3 млрд", "ru"),
        ("33 610 000 000 тонн", "ru", "33.6 billion tonnes", "en"),
    ],
)
def test_a_more_precise_statement_agrees(precise: str, language: str, value: str, other: str) -> None:
    one, two = value_of(precise, language), value_of(value, other)
    assert refines(one, two)
    assert not refines(two, one)
    assert agree(one, two)
    assert agree(two, one)
    assert not differ(one, two)


@pytest.mark.parametrize(
    ("precise", "language", "value", "other"),
    [
        ("498,000", "en", "500,000", "en"),
        ("7.36 billion", "en", "7.3 billion", "en"),
        ("7.3 billion", "en", "7 billion", "en"),
        ("March 2017", "en", "2018", "en"),
        ("March 2017", "en", "April 2017", "en"),
        ("Seoul, South Korea", "en", "Busan", "en"),
        ("Korea, North", "en", "North", "en"),
        ("Korea, North", "en", "Korea", "en"),
        ("Korea (North)", "en", "Korea", "en"),
        ("Georgia, USA", "en", "Georgia", "en"),
        ("Seoul, Busan", "en", "Seoul", "en"),
        ("Korea, Japan", "en", "Korea", "en"),
    ],
)
def test_what_only_comes_near_does_not(precise: str, language: str, value: str, other: str) -> None:
    assert not agree(value_of(precise, language), value_of(value, other))


@pytest.mark.parametrize(
    ("first", "language", "second", "other", "differs"),
    [
        ("500,000", "en", "300,000 people", "en", True),
        ("500,000 ethnic Koreans", "en", "300 ming kishi", "uz", True),
        ("$7.3 billion", "en", "$2.5 billion", "en", True),
        ("2007", "en", "2009년", "ko", True),
        ("March 2017", "en", "апрель 2017", "ru", True),
        ("Seoul", "en", "Пусан", "ru", True),
        ("Kazakhstan", "en", "우즈베키스탄", "ko", True),
        ("South Korea", "en", "North Korea", "en", True),
        ("Hyundai Engineering", "en", "Samsung", "en", True),
        ("more than 300,000", "en", "500,000", "en", True),
        ("500,000", "en", "40 billion barrels", "en", True),  # one has no unit
        ("500,000 people", "en", "40 billion barrels", "en", False),
        ("500,000 people", "en", "2007", "en", False),
        ("2007", "en", "Busan", "en", False),
        ("Korea", "en", "Seoul", "en", False),
        ("300,000–500,000", "en", "400,000", "en", False),
        ("more than 300,000", "en", "300,000", "en", False),
        ("up to 300,000", "en", "200,000", "en", False),
        ("5 ministers", "en", "7 agreements", "en", False),
        ("Kim Sung-hwan", "en", "김성환", "ko", False),  # not known: said neither same nor different
        ("Kim Sung-hwan", "en", "Foreign Minister Kim", "en", False),
        ("to boost cooperation", "en", "because of energy", "en", False),
        ("2017–2019", "en", "2017", "en", False),
    ],
)
def test_only_values_of_one_kind_differ(
    first: str, language: str, second: str, other: str, differs: bool
) -> None:
    one, two = value_of(first, language), value_of(second, other)
    assert differ(one, two) is differs
    assert differ(two, one) is differs


def test_what_a_figure_counts_is_kept_where_no_unit_names_it() -> None:
    assert value_of("500,000 ethnic Koreans", "en") == Quantity(
        Decimal(500_000), "", "", None, Decimal(1), "ethnic Koreans"
    )
    assert value_of("500,000 or 600 people", "en") == Text("500,000 or 600 people", "en")


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        (
            "Some 500,000 tonnes were sold.",
            "500,000",
            Quantity(Decimal(500_000), "t", "about", None, Decimal(1)),
        ),
        ("It rose by 5 percent.", "5", Quantity(Decimal(5), "percent", "", None, Decimal(1))),
        ("It opened on 12 March 2019.", "2019", Date(2019, 3, 12)),
        (
            "It has 300,000–500,000 people.",
            "300,000",
            Quantity(Decimal(300_000), "person", "", Decimal(500_000)),
        ),
        ("It was held in Busan.", "Busan", Text("Busan", "en")),
    ],
)
def test_an_answer_is_read_where_it_stands(text: str, answer: str, expected: object) -> None:
    start = text.index(answer)
    held = document(text, "en")
    assert value_at(held, Span(start, start + len(answer)), Span(0, len(text))) == expected


@pytest.mark.parametrize(
    ("value", "language", "sentence", "other", "found"),
    [
        ("7,3 млрд долларов", "ru", "It plans a $7.3 billion project to build it.", "en", "$7.3 billion"),
        ("$7.3 billion", "en", "Проект стоит 7,3 млрд долларов.", "ru", "7,3 млрд долларов"),
        ("$7.3 billion", "en", "사업 규모는 73억 달러이다.", "ko", "73억 달러"),
        ("500,000", "en", "Bu yerda 500 mingga yaqin koreys yashaydi.", "uz", "500 mingga"),
        ("7", "en", "It began in 2007.", "en", None),
        ("7", "en", "It took 7.3 years.", "en", None),
        ("7", "en", "It took 7 ministers.", "en", None),  # 7 of anything
        ("7 percent", "en", "Рост составил 7 %.", "ru", "7 %"),
        ("7.3", "en", "It grew to 73.", "en", None),
        ("2017", "en", "2017-yilda tuzilgan.", "uz", "2017-yilda"),
        ("2017", "en", "Бюджет 2017 долларов.", "ru", None),
        ("2017", "en", "It was signed on 12 March 2017.", "en", "12 March 2017"),
        ("12 March 2017", "en", "It was signed in 2017.", "en", None),
        ("Busan", "en", "포럼은 부산에서 열렸다.", "ko", "부산에서"),
        ("Busan", "en", "Форум прошёл в Пусане.", "ru", "Пусане"),
        ("Korea", "en", "He left North Korea.", "en", None),
        ("Korea", "en", "He left the Democratic People's Republic of Korea.", "en", None),
        ("South Korea", "en", "Koreya Xalq Demokratik Respublikasi.", "uz", None),
        ("South Korea", "en", "Посол Республики Корея прибыл.", "ru", "Республики Корея"),
        ("Ruslan Kazakbayev", "en", "Его встретил Руслан Казакбаев.", "ru", "Руслан Казакбаев"),
        ("renewable energy", "en", "They spoke of Renewable Energy.", "en", "Renewable Energy"),
        ("renewable energy", "en", "They spoke of energy.", "en", None),
        ("art", "en", "They started.", "en", None),
    ],
)
def test_where_a_sentence_holds_an_equal_value(
    value: str, language: str, sentence: str, other: str, found: str | None
) -> None:
    held = document("Before. " + sentence, other)
    span = equal_in(value_of(value, language), held, Span(8, len(held.text)))
    assert (span and span.of(held.text)) == found


def test_years_of_a_list_are_years() -> None:
    found = values_in("Bu maqolada 2022- va 2023-yillardagi ikki uchrashuv", "uz")
    assert [str(f.value) for f in found] == ["2022", "2023"]


def test_four_digits_are_a_year_only_where_they_can_be_one() -> None:
    found = values_in("Of the 1500 Koreans and 1500 tonnes there, none came before 1530 or in 2017.", "en")
    assert [str(f.value) if isinstance(f.value, Date) else int(f.value.number) for f in found] == [
        1500,
        1500,
        "1530",
        "2017",
    ]


def test_a_figure_may_run_over_a_line_break() -> None:
    found = values_in("worth 7.3\nbillion US\ndollars", "en")
    assert [(f.value.number, f.value.unit) for f in found if isinstance(f.value, Quantity)] == [
        (7_300_000_000, "USD")
    ]


def test_marks_of_notes_move_no_value() -> None:
    text = "It paid 1,204³ thousand euros⁴ by 12 March 2019⁵ or so."
    paid, day = values_in(text, "en")
    assert (paid.value, text[paid.start : paid.end]) == (
        Quantity(Decimal(1_204_000), "EUR", step=Decimal(1000)),
        "1,204³ thousand euros",
    )
    assert (day.value, text[day.start : day.end]) == (Date(2019, 3, 12), "12 March 2019")


def test_cells_of_a_row_stay_apart() -> None:
    found = values_in("Kyrgyzstan\t372\t854\t12 500", "en")
    assert [f.value.number for f in found if isinstance(f.value, Quantity)] == [372, 854, 12_500]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(LANGUAGES), st.integers(0, 10**15))
def test_whole_numbers_come_back_from_every_locale(language: str, number: int) -> None:
    text = format_decimal(number, locale=Locale.parse(language))
    held = [f.value for f in values_in(text + " km", language)]
    wavering = language in ("uz", "kk", "ky", "tg", "tk")
    assert wavering or [v.number for v in held if isinstance(v, Quantity)] == [number]
    assert all(not isinstance(v, Quantity) or v.number == number for v in held)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(LANGUAGES), st.decimals(0, 10**9, places=2, allow_nan=False))
def test_decimals_come_back_from_every_locale(language: str, number: Decimal) -> None:
    text = format_decimal(number, format="#,##0.00", locale=Locale.parse(language))
    assert quantity(text + " %", language) == (number, "percent", "", None)


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from([each for each in LANGUAGES if each not in ("en", "tr", "kk")]),
    st.integers(1, 99),
    st.sampled_from([10**3, 10**6, 10**9]),
    st.sampled_from(["short", "long"]),
)
def test_compact_numbers_come_back(language: str, digits: int, scale: int, style: str) -> None:
    number = digits * scale
    locale = Locale.parse(language)
    style = style if style in locale.compact_decimal_formats else "short"
    text = format_compact_decimal(number, format_type=style, locale=locale, fraction_digits=1)  # type: ignore[arg-type]
    assume(not text.isdigit())  # Chinese has no short form of a thousand, and 2000 is a year
    found = quantity(text, language)
    assert found is not None
    assert found[0] == number


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(LANGUAGES),
    st.dates(date(1800, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["long", "yyyy-MM-dd"]),
)
def test_days_come_back_from_every_locale(language: str, day: date, style: str) -> None:
    text = format_date(day, format=style, locale=Locale.parse(language))
    assert value_of(text, language) == Date(day.year, day.month, day.day)


@settings(deadline=None, max_examples=500)
@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_has_a_value_that_is_the_same_as_itself(text: str, language: str) -> None:
    value = value_of(text, language)
    if any(map(str.isalnum, text)):
        assert same(value, value)
    assert not differ(value, value)
    for found in values_in(text, language):
        assert 0 <= found.outer_start <= found.start < found.end <= found.outer_end <= len(text)
