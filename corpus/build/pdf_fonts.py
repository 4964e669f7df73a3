"""Registers with reportlab the regular and the bold face that a source text is set in.

reportlab embeds TrueType outlines only; Noto Sans CJK has cubic ones, so its letters
for a Korean text are cut out and converted first.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont as FontFile  # type: ignore[import-untyped]
from fontTools.ttLib import newTable
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from source_text import SourceText

NOTO = Path("/usr/share/fonts/truetype/noto")
NOTO_CJK = Path("/usr/share/fonts/opentype/noto")
KOREAN_FACE = 1  # in the collection: JP, KR, SC, TC, HK


def register_fonts(text: SourceText, folder: str) -> tuple[str, str]:
    """The names of the two faces; a font that had to be converted is written to `folder`."""
    letters = "".join(cell for block in text.blocks for row in block.rows for cell in row)
    names = []
    for weight in ("Regular", "Bold"):
        path = NOTO / f"NotoSans-{weight}.ttf"
        if text.language == "ko":
            path = Path(folder) / f"{weight}.ttf"
            _truetype_subset(NOTO_CJK / f"NotoSansCJK-{weight}.ttc", letters + "0123456789•", path)
        names.append(f"{text.name}-{weight}")  # reportlab keeps the first font of a name
        pdfmetrics.registerFont(TTFont(names[-1], str(path)))
    return names[0], names[1]


def _truetype_subset(collection: Path, letters: str, made: Path) -> None:
    font = FontFile(collection, fontNumber=KOREAN_FACE, recalcTimestamp=False)
    cutter = Subsetter(Options(layout_features=[], notdef_outline=True, name_IDs=["*"], hinting=False))
    cutter.populate(text=letters)
    cutter.subset(font)
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    outlines = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        outlines[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, outlines
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    maxp.maxZones, maxp.maxTwilightPoints, maxp.maxStorage, maxp.maxFunctionDefs = 1, 0, 0, 0
    maxp.maxInstructionDefs = maxp.maxStackElements = maxp.maxSizeOfInstructions = 0
    maxp.maxComponentElements = 0  # the pen draws every glyph out; none refers to another
    for tag in ("CFF ", "VORG", "vhea", "vmtx"):
        if tag in font:
            del font[tag]
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"
    font.save(made)
