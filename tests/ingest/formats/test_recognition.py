"""Tesseract's table and text become lines of words; real pictures are really read."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.formats import recognition
from ingest.formats.recognition import Engine, RecognitionFailed, engine

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SENTENCES = {
    "en": ("The forum was held in Busan in 2022.", "Its secretariat was founded in 2017."),
    "ru": ("Форум прошел в Пусане в 2022 году.", "Секретариат основан в 2017 году."),
    "ko": (
        "대한민국 외교부는 2023년 11월 투르크메니스탄에서 협력포럼을 열었다.",
        "사무국은 2017년에 설립되었다.",
    ),
    "uz": ("Forum 2022-yilda Pusan shahrida boʻlib oʻtdi.", "Kotibiyat 2017-yilda tashkil etildi."),
}


def picture(*lines: str) -> Image.Image:
    image = Image.new("L", (1900, 100 + 90 * len(lines)), 255)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((100, 50 + 90 * number), line, font=ImageFont.truetype(FONT, 40), fill=0)
    return image


@pytest.fixture
def tesseract() -> Engine:
    found = engine()
    assert found is not None, "make test installs tesseract-ocr"
    return found


@pytest.mark.parametrize("language", SENTENCES)
def test_a_picture_is_read_with_boxes_and_confidence(language: str, tesseract: Engine) -> None:
    models, missing = tesseract.choose([language])
    assert not missing
    lines = tesseract.lines(picture(*SENTENCES[language]), models)
    for line, written in zip(lines, SENTENCES[language], strict=True):
        read = " ".join(word.text for word in line)
        assert read.translate(str.maketrans("‘’", "ʻʻ")) == written
        assert all(0.5 < word.confidence <= 1 for word in line)
    assert all(95 <= word.left < word.right <= 1900 for line in lines for word in line)
    assert 40 <= lines[0][0].top < lines[0][0].bottom <= 135 < lines[1][0].top < lines[1][0].bottom <= 230


def test_lines_come_from_top_to_bottom(tesseract: Engine) -> None:
    lines = tesseract.lines(picture("Trade grew in 2021.", "It fell in 2022."), ("eng",))
    assert [" ".join(word.text for word in line) for line in lines] == [
        "Trade grew in 2021.",
        "It fell in 2022.",
    ]


def test_an_empty_picture_has_no_lines(tesseract: Engine) -> None:
    assert tesseract.lines(picture(""), ("eng",)) == []


def test_specks_taken_for_letters_are_dropped() -> None:
    row = "5\t1\t1\t1\t1\t1\t10\t10\t20\t20\t{}\t{}"
    assert list(recognition._lines(row.format(12, "터") + "\n터")) == []
    assert [word.text for word in next(iter(recognition._lines(row.format(90, "터") + "\n터")))] == ["터"]


def test_hangul_cut_inside_a_word_is_put_together_where_the_text_has_no_space() -> None:
    rows = [
        f"5\t1\t1\t1\t1\t{number}\t{left}\t10\t20\t{20 + number}\t{conf}\t{text}"
        for number, (left, conf, text) in enumerate(
            [(10, 90, "외"), (32, 80, "교부"), (60, 95, "는"), (100, 90, "말했다.")]
        )
    ]
    (line,) = recognition._lines("\n".join([*rows, "외교부는 말했다.", ""]))
    assert [(word.text, word.left, word.right, word.bottom) for word in line] == [
        ("외교부는", 10, 80, 32),
        ("말했다.", 100, 120, 33),
    ]
    assert line[0].confidence == 0.8  # of its weakest part


def test_what_is_not_installed_is_named_by_its_package() -> None:
    bare = Engine("tesseract", frozenset({"eng", "uzb"}))
    assert bare.choose(["en", "uz", "ko", "xx"]) == (
        ("eng", "uzb"),
        ("tesseract-ocr-uzb-cyrl", "tesseract-ocr-kor"),
    )


def test_a_model_that_is_missing_fails_with_tesseracts_words(tesseract: Engine) -> None:
    with pytest.raises(RecognitionFailed, match="tesseract"):
        tesseract.lines(picture("A"), ("nonesuch",))


def test_a_page_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "tesseract"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setattr(recognition, "PAGE_SECONDS", 0.2)
    with pytest.raises(RecognitionFailed, match="longer than"):
        Engine(str(slow), frozenset({"eng"})).lines(picture("A"), ("eng",))


def test_without_the_program_there_is_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    engine.cache_clear()
    try:
        assert engine() is None
    finally:
        engine.cache_clear()
