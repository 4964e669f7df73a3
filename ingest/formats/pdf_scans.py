"""Pages of a PDF without characters: their pictures are read, and become lines like those of any page.

In: a document, its pages without text, the languages to expect. Out: `Line`s whose "characters" are counted over the
words that were recognised, so that layout treats them as it treats printed ones, and the words themselves.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import fmean, median

import pypdfium2
from PIL import Image

from ..document import RecognisedWord, Run
from ..language import detect
from ..page_progress import page_read
from ..told import Told
from .pdf_clean import LINE_END_HYPHEN
from .pdf_lines import CharRun, Line
from .recognition import DEFAULT_LANGUAGES, RESOLUTION, Engine, RecognitionFailed, Word, engine

_PACKAGES = "tesseract-ocr tesseract-ocr-kor tesseract-ocr-rus tesseract-ocr-uzb"
SECONDS = 480  # for all pages of a file: a page takes two to five; what is left is noted, not read
MOST_PIXELS = 40_000_000  # of a page's picture: A2 at 300 dots per inch; larger pages are drawn smaller
TELLING = 40  # characters in which a language shows itself
DOUBTFUL = 0.6  # mean confidence of a page below which other languages are tried than those expected
EVEN = 1.35  # lines of a page whose heights differ less are set in one size


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """The lines of a picture, from its head to its foot, and the words they are made of."""

    lines: list[Line]
    words: tuple[Word, ...]  # boxes in pixels
    scale: float  # pixels to a point
    height: float  # of the page, in points

    @property
    def confidence(self) -> float:
        """Of all words in [0, 1], on average; 0 where there is none."""
        return _confidence([self.words])

    def placed(self, runs: Iterable[Run]) -> list[RecognisedWord]:
        """The words that runs of this page stand for, with their boxes on it."""
        starts = [0, *accumulate(len(word.text) for word in self.words)]
        placed: list[RecognisedWord] = []
        for run in runs:
            at, end = run.first, run.first + run.end - run.start
            while at < end:
                index = bisect_right(starts, at) - 1
                stop = min(starts[index + 1], end)
                word, shift = self.words[index], run.start - run.first
                placed.append(
                    RecognisedWord(
                        start=at + shift,
                        end=stop + shift,
                        page=run.page,
                        left=word.left / self.scale,
                        bottom=self.height - word.bottom / self.scale,
                        right=word.right / self.scale,
                        top=self.height - word.top / self.scale,
                        confidence=round(word.confidence, 3),
                    )
                )
                at = stop
        return placed


@dataclass(frozen=True, slots=True)
class Scans:
    """What became of the pages without characters, by their index from 0.

    `problem` says why some were not read, as a full sentence that tells what to do; "" when all were.
    """

    pages: Mapping[int, ScannedPage]
    problem: str = ""
    missing: tuple[str, ...] = ()  # packages of languages that were expected and are not installed


def read_scans(document: pypdfium2.PdfDocument, indices: Sequence[int], languages: Sequence[str]) -> Scans:
    """Read the pictures on these pages; `languages` (ISO 639-1) are those to expect, empty where unknown."""
    if not indices:
        return Scans({})
    tesseract = engine()
    if tesseract is None:
        hint = Told(
            "To have pictures read, install Tesseract (on Debian: apt install {packages}).",
            packages=_PACKAGES,
        )
        return Scans({}, hint)
    eyes = _Eyes(tesseract, languages)
    if not eyes.models:
        hint = Told(
            "Tesseract has none of the languages expected: install {packages}.",
            packages=" ".join(eyes.missing),
        )
        return Scans({}, hint)
    began = time.monotonic()
    pages: dict[int, ScannedPage] = {}
    for index in indices:
        if time.monotonic() - began > SECONDS:
            problem = Told(
                "The rest was left after {minutes} minutes: split the file.", minutes=str(SECONDS // 60)
            )
            return Scans(pages, problem, eyes.missing)
        page = document[index]
        width, height = page.get_size()
        scale = min(RESOLUTION / 72, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
        picture = page.render(scale=scale, grayscale=True).to_pil()
        page.close()
        try:
            lines = eyes.read(picture)
        except RecognitionFailed as error:
            problem = Told(
                "Text recognition stopped at page {page}: {why}.", page=str(index + 1), why=error.args[0]
            )
            return Scans(pages, problem, eyes.missing)
        if lines:
            pages[index] = _scanned(lines, scale, height)
        page_read(index + 1, len(document))
    return Scans(pages, missing=eyes.missing)


class _Eyes:
    """Reads the pages of one file, with the models that fit them.

    The first page that says enough tells its language: with few models Tesseract is faster and takes fewer
    letters for those of another script. A page that is doubtful then is read with all that may be expected.
    """

    def __init__(self, tesseract: Engine, languages: Sequence[str]) -> None:
        self._tesseract = tesseract
        self._all = tuple(dict.fromkeys((*languages, *DEFAULT_LANGUAGES)))
        self._told = False
        self.models, self.missing = tesseract.choose(languages or DEFAULT_LANGUAGES)
        self.models = self.models or tesseract.choose(DEFAULT_LANGUAGES)[0]

    def read(self, picture: Image.Image) -> list[list[Word]]:
        lines = self._tesseract.lines(picture, self.models)
        if _confidence(lines) < DOUBTFUL:
            models, _ = self._tesseract.choose(self._all)
            return max(lines, self._tesseract.lines(picture, models), key=_confidence)
        text = "\n".join(" ".join(word.text for word in line) for line in lines)
        if not self._told and len(text) >= TELLING:
            self._told = True
            models, _ = self._tesseract.choose(dict.fromkeys((detect(text), "en")))
            if models and models != self.models:
                self.models = models
                return self._tesseract.lines(picture, models)
        return lines


def _confidence(lines: Iterable[Sequence[Word]]) -> float:
    """Of all words, on average; 0 where there is none."""
    words = [word.confidence for line in lines for word in line]
    return fmean(words) if words else 0.0


def _scanned(found: Sequence[Sequence[Word]], scale: float, height: float) -> ScannedPage:
    heights = [max(word.bottom for word in line) - min(word.top for word in line) for line in found]
    usual = median(heights) if heights else 0.0
    lines: list[Line] = []
    words: list[Word] = []
    first = 0
    for line, tall in zip(found, heights, strict=True):
        runs: list[CharRun] = []
        at = 0
        for word in line:
            runs.append(CharRun(at, at + len(word.text), first))
            at += len(word.text) + 1
            first += len(word.text)
        words += line
        text = " ".join(word.text for word in line)
        if text.endswith("-") and text[-2:-1].isalpha():
            text = text[:-1] + LINE_END_HYPHEN
        # The height of a line's ink changes with its letters; layout compares sizes of fonts.
        size = usual if usual / EVEN < tall < usual * EVEN else tall
        foot = max(word.bottom for word in line)
        lines.append(
            Line(
                text=text,
                runs=tuple(runs),
                left=min(word.left for word in line) / scale,
                bottom=height - foot / scale,
                right=max(word.right for word in line) / scale,
                top=height - (foot - size) / scale,
                bold=False,
            )
        )
    return ScannedPage(lines, tuple(words), scale, height)
