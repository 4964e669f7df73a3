"""PDFs whose text is known, set as papers and newspapers are: columns, running heads, footnotes, hyphens, tables.

Out: pairs of the bytes of a PDF and what a faithful reader makes of it: the text of its paragraphs, a blank line
between two, words broken at line ends whole, running heads and page numbers left out, the footnotes of a page before
the paragraph that runs over its end; or the cells of its tables. Needs reportlab, and DejaVu Serif for Cyrillic.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
MARGIN, TOP, BOTTOM = 55.0, 770.0, 60.0
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")

# Whether the content lists a page's lines column by column or, as a printed web page does, row by row.
Drawn = Literal["columns", "rows"]
Cells = tuple[tuple[str, ...], ...]

ENGLISH = [
    "trade",
    "energy",
    "railway",
    "pipeline",
    "minister",
    "agreement",
    "region",
    "corridor",
    "customs",
    "tariff",
    "investment",
    "cooperation",
    "development",
    "infrastructure",
    "government",
    "parliament",
    "transparency",
    "administration",
    "sustainability",
    "diversification",
    "export",
    "import",
    "neighbour",
    "border",
    "market",
    "currency",
    "budget",
    "harvest",
    "cotton",
    "uranium",
    "hydropower",
    "reservoir",
    "glacier",
    "migration",
    "labour",
    "remittance",
    "university",
    "diaspora",
    "language",
    "culture",
    "history",
    "independence",
    "sovereignty",
    "security",
    "partnership",
    "negotiation",
    "implementation",
    "recommendation",
    "evaluation",
    "consultation",
    "regulation",
    "legislation",
]
RUSSIAN = [
    "торговля",
    "энергетика",
    "соглашение",
    "министр",
    "железная",
    "дорога",
    "граница",
    "таможня",
    "инвестиции",
    "сотрудничество",
    "развитие",
    "правительство",
    "парламент",
    "прозрачность",
    "управление",
    "экспорт",
    "импорт",
    "рынок",
    "валюта",
    "бюджет",
    "урожай",
    "хлопок",
    "уран",
    "водохранилище",
    "ледник",
    "миграция",
    "университет",
    "диаспора",
    "культура",
    "история",
    "независимость",
    "безопасность",
    "партнёрство",
    "переговоры",
    "рекомендация",
    "оценка",
    "консультация",
    "регулирование",
    "законодательство",
    "инфраструктура",
]
KOREAN = [
    "무역",
    "에너지",
    "철도",
    "협정",
    "장관",
    "국경",
    "관세",
    "투자",
    "협력",
    "개발",
    "정부",
    "의회",
    "투명성",
    "행정",
    "수출",
    "수입",
    "시장",
    "통화",
    "예산",
    "수확",
    "면화",
    "우라늄",
    "저수지",
    "빙하",
    "이주",
    "대학교",
    "동포사회",
    "언어",
    "문화",
    "역사",
    "독립",
    "안보",
    "동반관계",
    "협상",
    "권고",
    "평가",
    "자문",
    "규제",
    "입법",
    "기반시설",
]


@dataclass(frozen=True, slots=True)
class Style:
    """How a document is set."""

    regular: str = "Times-Roman"
    bold: str = "Times-Bold"
    size: float = 10.0
    columns: int = 2
    gutter: float = 20.0
    justified: bool = True
    hyphens: bool = True
    drawn: Drawn = "columns"


def two_column_paper(drawn: Drawn = "columns") -> tuple[bytes, str]:
    """A title and an abstract over two columns, sections, footnotes, running heads and page numbers."""
    words = _Words(ENGLISH, seed=1)
    setter = _Setter(
        Style(drawn=drawn),
        head=lambda page: "Journal of Regional Studies" if page % 2 else f"{words.chapter(page)} and after",
        foot=lambda page: f"Page {page} of 12",
    )
    setter.wide("Railways, pipelines and the customs of five neighbours", 18, bold=True)
    setter.wide("Abstract. " + words.paragraph(4), 10)
    for number, heading in enumerate(("Introduction", "Data and methods", "Results", "Discussion"), 1):
        setter.heading(f"{number} {heading}")
        for _ in range(30):
            setter.paragraph(words.paragraph(5))
        setter.footnote(f"{number} {words.paragraph(1)}")
    return setter.finish()


def newspaper(drawn: Drawn = "columns") -> tuple[bytes, str]:
    """Three narrow columns, not justified, under a headline over all of them."""
    words = _Words(ENGLISH, seed=2)
    setter = _Setter(Style(columns=3, size=9, gutter=14, justified=False, drawn=drawn), foot=str)
    setter.wide("Ministers agree on a corridor", 24, bold=True)
    for _ in range(72):
        setter.paragraph(words.paragraph(4))
    return setter.finish()


def cyrillic_columns(drawn: Drawn = "columns") -> tuple[bytes, str]:
    """Two justified columns in Russian."""
    words = _Words(RUSSIAN, seed=3)
    style = Style(*_cyrillic_fonts(), size=9, drawn=drawn)
    setter = _Setter(
        style, head=lambda page: "Вестник региональных исследований", foot=lambda page: f"— {page} —"
    )
    setter.wide("Торговля и транспорт в регионе", 16, bold=True)
    for _ in range(40):
        setter.paragraph(words.paragraph(5))
    return setter.finish()


def korean_columns(drawn: Drawn = "columns") -> tuple[bytes, str]:
    """Two columns in Korean, whose words are never broken by a hyphen."""
    words = _Words(KOREAN, seed=4)
    font = _korean_font()
    style = Style(font, font, size=10, justified=False, hyphens=False, drawn=drawn)
    setter = _Setter(style, head=lambda page: "지역 연구", foot=str)
    setter.wide("중앙아시아 철도와 무역", 18, bold=True)
    for _ in range(60):
        setter.paragraph(words.paragraph(6))
    return setter.finish()


def made_pdfs() -> dict[str, tuple[bytes, str]]:
    """Every document, its content listed column by column and row by row."""
    makers = (two_column_paper, newspaper, cyrillic_columns, korean_columns)
    orders: tuple[Drawn, ...] = ("columns", "rows")
    return {f"{make.__name__}, {drawn}": make(drawn) for make in makers for drawn in orders}


TRADE: Cells = (
    ("Country", "Export", "Import", "Share, %"),
    ("Kazakhstan", "2 183 539", "1 904 112", "61.2"),
    ("Uzbekistan", "1 450 020", "87 311", "28.4"),
    ("Kyrgyzstan", "372 854", "12 507", "7.1"),
    ("Tajikistan", "48 190", "n/a", "0.9"),
    ("Turkmenistan", "103 671", "–", "2.4"),
)
MEASURES: Cells = (
    ("Measure", "Responsible body", "Deadline"),
    ("Build the second line of the railway between the two capitals", "Ministry of Transport", "2026"),
    ("Open three border posts for lorries, each with a laboratory for plants", "Customs Committee", "2027"),
    (
        "Agree on a common form for the certificate of origin",
        "Chambers of commerce of all five countries",
        "2025",
    ),
)


def ruled_table() -> tuple[bytes, tuple[Cells, ...]]:
    """Two framed tables between paragraphs, the second with cells of several lines."""
    page = _TablePage()
    page.paragraph("The figures below were collected by the customs services of the five countries.")
    page.paragraph("Table 1. Trade with the Republic of Korea, thousand US dollars")
    page.table(TRADE, (140, 90, 90, 80), ruled="all")
    page.paragraph("All of them agreed on the following measures at their last meeting in Bishkek.")
    page.paragraph("Table 2. Measures and deadlines")
    page.table(MEASURES, (200, 150, 70), ruled="all")
    page.paragraph("The next report is due in spring.")
    return page.finish(), (TRADE, MEASURES)


def unruled_table() -> tuple[bytes, tuple[Cells, ...]]:
    """A table whose columns are only aligned, and one with rules above and below its head."""
    page = _TablePage()
    page.paragraph("The figures below were collected by the customs services of the five countries.")
    page.paragraph("Table 1. Trade with the Republic of Korea, thousand US dollars")
    page.table(TRADE, (140, 90, 90, 80), ruled="none")
    page.paragraph("Half of the goods went by rail, and the share of the road fell for the third year.")
    page.paragraph("Table 2. The same without a frame")
    page.table(TRADE[:4], (140, 90, 90, 80), ruled="head")
    page.paragraph("The next report is due in spring.")
    return page.finish(), (TRADE, TRADE[:4])


def made_tables() -> dict[str, tuple[bytes, tuple[Cells, ...]]]:
    """Every document with tables, and their cells."""
    return {make.__name__: make() for make in (ruled_table, unruled_table)}


class _Words:
    """Paragraphs of sentences, the same for the same seed."""

    def __init__(self, vocabulary: Sequence[str], seed: int) -> None:
        self._vocabulary, self._random = vocabulary, random.Random(seed)

    def paragraph(self, sentences: int) -> str:
        return " ".join(self._sentence() for _ in range(sentences))

    def chapter(self, page: int) -> str:
        return self._vocabulary[page // 8].capitalize()

    def _sentence(self) -> str:
        words = self._random.sample(self._vocabulary, self._random.randint(7, 14))
        words[0] = words[0].capitalize()
        if self._random.random() < 0.3:
            words[3] += ","
        return " ".join(words) + "."


@dataclass(slots=True)
class _Drawn:
    """A line on a page."""

    x: float
    y: float
    font: str
    size: float
    text: str
    width: float = 0.0  # to which it is justified; 0 for as wide as it is


class _Setter:
    """Sets paragraphs into the columns of one page after the other."""

    def __init__(
        self, style: Style, head: Callable[[int], str] = lambda page: "", foot: Callable[[int], str] = str
    ) -> None:
        self.style, self.head, self.foot = style, head, foot
        self._out = BytesIO()
        self._canvas = Canvas(self._out, pagesize=A4, invariant=1)
        self._blocks: list[str] = []
        self._number = 0
        self._lines: list[_Drawn] = []
        self._notes: list[str] = []
        self._ready: list[str] = []  # footnotes that stand before a paragraph that runs over the page's end
        self._top = self._y = TOP
        self._new_page()

    def wide(self, text: str, size: float, *, bold: bool = False) -> None:
        """A block over all columns, at the head of the first page."""
        font = self.style.bold if bold else self.style.regular
        for line, _ in self._broken(text, font, size, WIDTH - 2 * MARGIN):
            self._lines.append(_Drawn(MARGIN, self._top - size, font, size, line))
            self._top -= 1.25 * size
        self._top -= size
        self._y = self._top
        self._blocks.append(text)

    def heading(self, text: str) -> None:
        self._room(4)
        self._y -= 0.6 * self._leading
        self._line(text, self.style.bold, False)
        self._y -= 0.3 * self._leading
        self._blocks.append(text)

    def paragraph(self, text: str) -> None:
        """Its first line is indented, but under a heading; its last is not justified."""
        width, indent = self._width, 1.2 * self.style.size
        for number, (line, last) in enumerate(
            self._broken(text, self.style.regular, self.style.size, width, indent)
        ):
            self._room(1)
            self._line(line, self.style.regular, not last, indent if number == 0 else 0.0)
        # The footnotes of a page that it runs over stand before it.
        self._blocks += [*self._ready, text]
        self._ready = []

    def footnote(self, text: str) -> None:
        """A footnote in smaller print at the foot of the column that is being set."""
        if self._y - 4 * self._leading < self._floor[self._column]:
            return
        size = 0.75 * self.style.size
        lines = [line for line, _ in self._broken(text, self.style.regular, size, self._width)]
        at = self._floor[self._column] + 1.15 * size * len(lines)
        self._floor[self._column] = at + 6
        for line in lines:
            at -= 1.15 * size
            self._lines.append(_Drawn(self._x, at, self.style.regular, size, line))
        self._notes.append(text)

    def finish(self) -> tuple[bytes, str]:
        self._end_page()
        self._blocks += self._ready
        self._canvas.save()
        return self._out.getvalue(), "\n\n".join(self._blocks)

    @property
    def _leading(self) -> float:
        return 1.2 * self.style.size

    @property
    def _width(self) -> float:
        count = self.style.columns
        return float((WIDTH - 2 * MARGIN - (count - 1) * self.style.gutter) / count)

    @property
    def _x(self) -> float:
        return MARGIN + self._column * (self._width + self.style.gutter)

    def _new_page(self) -> None:
        self._number += 1
        self._column = 0
        self._top = self._y = TOP
        self._floor = [BOTTOM] * self.style.columns

    def _room(self, lines: int) -> None:
        if self._y - lines * self._leading >= self._floor[self._column]:
            return
        self._column += 1
        self._y = self._top
        if self._column == self.style.columns:
            self._end_page()
            self._new_page()

    def _line(self, text: str, font: str, justified: bool, indent: float = 0.0) -> None:
        self._y -= self._leading
        width = self._width - indent if justified and self.style.justified else 0.0
        self._lines.append(_Drawn(self._x + indent, self._y, font, self.style.size, text, width))

    def _end_page(self) -> None:
        head, foot = self.head(self._number), self.foot(self._number)
        if self.style.drawn == "rows":
            # Footnotes come last, as they do on a page that a browser prints.
            self._lines.sort(key=lambda line: (line.size < self.style.size, -round(line.y, 1), line.x))
        for line in (
            _Drawn(MARGIN, 805, self.style.regular, 8, head),
            *self._lines,
            _Drawn(WIDTH / 2 - 20, 30, self.style.regular, 8, foot),
        ):
            _draw(self._canvas, line)
        self._canvas.showPage()
        self._lines = []
        self._ready += self._notes
        self._notes = []

    def _broken(
        self, text: str, font: str, size: float, width: float, indent: float = 0.0
    ) -> Iterator[tuple[str, bool]]:
        """Lines no wider than `width`, and whether each is the last."""
        line, room = "", width - indent
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if pdfmetrics.stringWidth(longer, font, size) <= room:
                line = longer
                continue
            head, tail = self._hyphened(word, line, font, size, room)
            if head:
                yield f"{line} {head}".strip(), False
                line = tail
            else:
                yield line, False
                line = word
            room = width
        yield line, True

    def _hyphened(self, word: str, line: str, font: str, size: float, room: float) -> tuple[str, str]:
        letters = word.rstrip(".,")
        if self.style.hyphens:
            for at in range(len(letters) - 3, 2, -1):
                head = word[:at] + "-"
                if pdfmetrics.stringWidth(f"{line} {head}".strip(), font, size) <= room:
                    return head, word[at:]
        return "", word


def _draw(canvas: Canvas, line: _Drawn) -> None:
    words = line.text.split(" ")
    natural = pdfmetrics.stringWidth(line.text, line.font, line.size)
    canvas.setFont(line.font, line.size)
    if line.width <= natural or len(words) == 1:
        canvas.drawString(line.x, line.y, line.text)
        return
    # Word by word, as typesetting programs place them.
    space = pdfmetrics.stringWidth(" ", line.font, line.size) + (line.width - natural) / (len(words) - 1)
    x = line.x
    for word in words:
        canvas.drawString(x, line.y, word)
        x += pdfmetrics.stringWidth(word, line.font, line.size) + space


class _TablePage:
    """Paragraphs and tables on one page, from its top."""

    def __init__(self) -> None:
        self._out = BytesIO()
        self._canvas = Canvas(self._out, pagesize=A4, invariant=1)
        self._y = TOP

    def paragraph(self, text: str) -> None:
        self._y -= 30
        self._canvas.setFont("Times-Roman", 11)
        self._canvas.drawString(MARGIN, self._y, text)

    def table(self, rows: Cells, widths: Sequence[float], ruled: Literal["all", "head", "none"]) -> None:
        """Figures stand right in their column; a text too long for it goes on in a line below."""
        canvas = self._canvas
        self._y -= 12
        right = MARGIN + sum(widths)
        xs = [MARGIN + sum(widths[:at]) for at in range(len(widths) + 1)]
        top = self._y
        for number, row in enumerate(rows):
            font = "Times-Bold" if number == 0 else "Times-Roman"
            lines = [_wrapped(cell, font, 10, width - 10) for cell, width in zip(row, widths, strict=True)]
            if ruled == "all" or (ruled == "head" and number < 2):
                canvas.line(MARGIN, self._y, right, self._y)
            canvas.setFont(font, 10)
            for cell, x, width in zip(lines, xs, widths, strict=False):
                for at, line in enumerate(cell):
                    y = self._y - 12 - 12 * at
                    if line[:1].isdigit() and number:
                        canvas.drawRightString(x + width - 5, y, line)
                    else:
                        canvas.drawString(x + 5, y, line)
            self._y -= 12 * max(map(len, lines)) + 6
        if ruled != "none":
            canvas.line(MARGIN, self._y, right, self._y)
        if ruled == "all":
            for x in xs:
                canvas.line(x, top, x, self._y)

    def finish(self) -> bytes:
        self._canvas.save()
        return self._out.getvalue()


def _wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if pdfmetrics.stringWidth(longer, font, size) <= width or word.isdigit():
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@cache
def _cyrillic_fonts() -> tuple[str, str]:
    for name, file in (("Serif", "DejaVuSerif.ttf"), ("Serif-Bold", "DejaVuSerif-Bold.ttf")):
        if not (DEJAVU / file).exists():
            raise FileNotFoundError(f"{DEJAVU / file} is missing: apt-get install fonts-dejavu-core")
        pdfmetrics.registerFont(TTFont(name, str(DEJAVU / file)))
    return "Serif", "Serif-Bold"


@cache
def _korean_font() -> str:
    # One of the fonts that every PDF program has to know: it needs no file.
    pdfmetrics.registerFont(UnicodeCIDFont("HYSMyeongJo-Medium"))
    return "HYSMyeongJo-Medium"
