"""Charsets: each language's own old one is recognised, paragraphs and short notes alike."""

from __future__ import annotations

import random

import pytest

from ingest.errors import UndecodableText
from ingest.formats.charset import decode

KOREAN = "외교부는 수요일 서울에서 중앙아시아 다섯 나라와 협력 포럼을 열었다. 올해로 여섯 번째인 포럼이다."
RUSSIAN = (
    "Министерство иностранных дел провело в Сеуле шестой форум сотрудничества со странами Центральной Азии."
)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (KOREAN, "utf-8"),
        (KOREAN, "utf-8-sig"),
        (KOREAN, "utf-16"),
        (RUSSIAN, "utf-32"),
        (KOREAN, "cp949"),
        ("협력 포럼", "cp949"),
        ("한국-중앙아시아 Forum (2007)", "cp949"),
        (RUSSIAN, "cp1251"),
        ("Форум прошёл в 2012 году.", "cp1251"),
        ("Форум", "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        ("Le ministère a signé un mémorandum d’entente avec l’Ouzbékistan.", "cp1252"),
        ("Türkiye Cumhuriyeti Dışişleri Bakanlığı ile görüşmelerde bulunuldu.", "cp1254"),
        ("外務省は水曜日にソウルで協力フォーラムを開催した。", "shift_jis"),
    ],
)
def test_decode(text: str, charset: str) -> None:
    assert decode(text.encode(charset), "f") == text


def test_a_stated_charset_is_believed_when_it_fits() -> None:
    assert decode("Да".encode("cp1251"), "f", "windows-1251") == "Да"
    assert decode(RUSSIAN.encode("cp1251"), "f", "no-such-charset") == RUSSIAN
    assert decode(RUSSIAN.encode(), "f", "cp1251") == RUSSIAN  # valid UTF-8 is UTF-8


@pytest.mark.parametrize(
    "data",
    [
        b"text\0with zero bytes",
        b"\xff\xfe\x00",  # half a UTF-16 character
        bytes(range(1, 32)) * 20,
        random.Random(1).randbytes(2000).replace(b"\0", b"\1"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UndecodableText):
        decode(data, "f")
