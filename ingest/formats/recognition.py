"""Text in pictures, read by Tesseract where it is installed.

In: the picture of a page, and the languages to expect. Out: its lines, each word with its box in pixels and
Tesseract's confidence. The program is called over pipes, so that a reader in a sandbox writes no file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..told import Told
from .draft import one_line

DEFAULT_LANGUAGES = ("en", "ko", "ru", "uz")
RESOLUTION = 300  # dots per inch at which Tesseract reads best
ENOUGH = 0.9  # of the dark pixels on recognised lines; a page with photographs never has so many
DARK = 128  # of 255: what is darker is ink
LEAST_CONFIDENCE = 0.3  # of a line on average; what is below are specks and ornaments taken for letters
PAGE_SECONDS = 120  # for one page; a dense newspaper page takes about ten

# ISO 639-1 → Tesseract's models. There is none for Turkmen: Turkish is nearest to its letters.
_MODELS = {
    **{"en": ("eng",), "ko": ("kor",), "ru": ("rus",), "uz": ("uzb", "uzb_cyrl"), "kk": ("kaz",)},
    **{"ky": ("kir",), "tg": ("tgk",), "tk": ("tur",), "tr": ("tur",), "zh": ("chi_sim",), "ja": ("jpn",)},
    **{"de": ("deu",), "fr": ("fra",), "es": ("spa",), "it": ("ita",), "uk": ("ukr",), "ar": ("ara",)},
}
_COLUMNS = (  # of Tesseract's table
    *("level", "page_num", "block_num", "par_num", "line_num", "word_num"),
    *("left", "top", "width", "height", "conf", "text"),
)
_WORD_LEVEL = "5"
_MODES = ("3", "4", "6")  # of page analysis: any page, one column of blocks, one block


class RecognitionFailed(Exception):
    """Tesseract stopped with an error, or took longer than PAGE_SECONDS for a page."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its box in pixels from the picture's upper left corner, its confidence in [0, 1]."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Engine:
    """Tesseract as it is installed here: the program and the models it has."""

    program: str
    models: frozenset[str]

    def choose(self, languages: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The models for some languages, and Debian's packages of those that are not installed."""
        wanted = list(dict.fromkeys(model for language in languages for model in _MODELS.get(language, ())))
        missing = tuple(package_of(model) for model in wanted if model not in self.models)
        return tuple(model for model in wanted if model in self.models), missing

    def lines(self, picture: Image.Image, models: Sequence[str]) -> list[list[Word]]:
        """The lines of a picture in reading order. Raises RecognitionFailed.

        Tesseract's own analysis of a page is tried first. Where much ink lies outside of the words that it
        found (it loses whole lines of Hangul) a simpler one may find more.
        """
        buffer = BytesIO()
        picture.save(buffer, "PNG", dpi=(RESOLUTION, RESOLUTION))
        dark = np.asarray(picture.convert("L")) < DARK
        found: list[list[list[Word]]] = []
        for mode in _MODES:
            found.append(list(_lines(self._run(buffer.getvalue(), models, mode))))
            if _covered(dark, found[-1]) >= ENOUGH:
                break
        return max(found, key=_read_surely)

    def _run(self, picture: bytes, models: Sequence[str], mode: str) -> str:
        command = [self.program, "stdin", "stdout", "-l", "+".join(models), "--psm", mode, "tsv", "txt"]
        try:
            done = subprocess.run(
                command,
                input=picture,
                capture_output=True,
                timeout=PAGE_SECONDS,
                check=True,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # more threads only slow it down
            )
        except subprocess.TimeoutExpired as error:
            told = Told("text recognition took longer than {seconds} s", seconds=str(PAGE_SECONDS))
            raise RecognitionFailed(told) from error
        except subprocess.CalledProcessError as error:
            why = error.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise RecognitionFailed(f"tesseract: {why or f'exit code {error.returncode}'}") from error
        return done.stdout.decode("utf-8", "replace")


@cache
def engine() -> Engine | None:
    """The Tesseract on this machine's PATH; None where there is none."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    listed = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False
    )
    models = frozenset(line.strip() for line in listed.stdout.splitlines()[1:] if line.strip())
    return Engine(program, models)


def package_of(model: str) -> str:
    """Debian's package of a Tesseract model: "uzb_cyrl" is in "tesseract-ocr-uzb-cyrl"."""
    return f"tesseract-ocr-{model.replace('_', '-')}"


def _lines(output: str) -> Iterable[list[Word]]:
    """The lines of Tesseract's table, cut into words where its plain text, which follows, has spaces.

    In the table Hangul is cut anywhere inside a word; only the plain text knows where spaces stand.
    """
    rows = [line.split("\t") for line in output.splitlines()]
    tokens = [dict(zip(_COLUMNS, row, strict=True)) for row in rows if len(row) == len(_COLUMNS)]
    spaced = {line.replace(" ", ""): line for row in rows if len(row) == 1 and (line := one_line(row[0]))}
    words = (row for row in tokens if row["level"] == _WORD_LEVEL and one_line(row["text"]))
    for _, group in groupby(words, key=lambda row: (row["block_num"], row["par_num"], row["line_num"])):
        found = [_word(row) for row in group]
        together = "".join(word.text for word in found).replace(" ", "")
        whole = _joined(found, spaced[together]) if together in spaced else found
        if fmean(word.confidence for word in whole) >= LEAST_CONFIDENCE:
            yield whole


def _covered(dark: NDArray[np.bool_], lines: Iterable[Sequence[Word]]) -> float:
    """The share of a picture's dark pixels (height, width) that lie on lines; 1 where nothing is dark."""
    outside = dark.copy()
    for line in lines:
        top, bottom = min(word.top for word in line), max(word.bottom for word in line)
        outside[top:bottom, min(word.left for word in line) : max(word.right for word in line)] = False
    ink = int(dark.sum())
    return 1 - int(outside.sum()) / ink if ink else 1.0


def _read_surely(lines: Iterable[Sequence[Word]]) -> float:
    """Characters, each counted as much as its word is sure."""
    return sum(len(word.text) * word.confidence for line in lines for word in line)


def _joined(tokens: list[Word], spaced: str) -> list[Word]:
    """The tokens of a line put together to the words of `spaced`, the same line with its spaces."""
    words: list[Word] = []
    rest = list(tokens)
    for text in spaced.split():
        parts: list[Word] = []
        while sum(len(part.text) for part in parts) < len(text):
            parts.append(rest.pop(0))
        words.append(
            Word(
                text=text,
                left=min(part.left for part in parts),
                top=min(part.top for part in parts),
                right=max(part.right for part in parts),
                bottom=max(part.bottom for part in parts),
                confidence=min(part.confidence for part in parts),
            )
        )
    return words


def _word(row: dict[str, str]) -> Word:
    left, top = int(row["left"]), int(row["top"])
    return Word(
        text=one_line(row["text"]),
        left=left,
        top=top,
        right=left + int(row["width"]),
        bottom=top + int(row["height"]),
        confidence=max(float(row["conf"]), 0.0) / 100,
    )
