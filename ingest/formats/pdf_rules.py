"""The straight lines drawn on a PDF page: the frames of its tables.

In: an open page. Out: `Rule`s, horizontal and vertical, in the coordinates of its lines of text.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pypdfium2.raw as pdfium

from .pdf_lines import PageText

THIN = 3.0  # points: a filled rectangle no thicker than this is a line
SHORT = 6.0  # points: what is shorter is a tick, a dot or the stroke of a letter
TOUCH = 3.0  # points: two rules nearer than this meet, or are one
MOST_OBJECTS = 20_000  # of a page: a map or a drawing has more, a page with tables fewer
MOST_SEGMENTS = 200  # of one path: a longer one is a drawing
MOST_RULES = 4_000
DEPTH = 4  # of forms inside forms

_Matrix = tuple[float, float, float, float, float, float]
_Points = list[tuple[float, float]]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Rule(NamedTuple):
    """A straight line: at height `at` from `start` to `end` if it is level, else at that distance from the left.

    `drawn` is false for the side of a filled shape: a shade behind a cell, or behind the words in it.
    """

    level: bool
    at: float
    start: float
    end: float
    drawn: bool


def page_rules(page: PageText) -> list[Rule]:
    """The rules of a page; sides of rectangles are rules too. None when the page is a drawing."""
    rules: list[Rule] = []
    for points, stroked in _outlines(page):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, right, bottom, top = min(xs), max(xs), min(ys), max(ys)
        if right - left > 0.97 * page.width and top - bottom > 0.97 * page.height:
            continue  # the page's own background
        if top - bottom <= THIN:
            rules.append(Rule(True, (bottom + top) / 2, left, right, True))
        elif right - left <= THIN:
            rules.append(Rule(False, (left + right) / 2, bottom, top, True))
        else:
            rules += _sides(points, stroked)
        if len(rules) > MOST_RULES:
            return []
    return [rule for rule in rules if rule.end - rule.start >= SHORT]


def merged_rules(rules: Sequence[Rule]) -> list[Rule]:
    """Rules on one line that touch, as one; the double strokes of a border too."""
    merged: list[Rule] = []
    for level in (True, False):
        mine = sorted((rule for rule in rules if rule.level is level), key=lambda rule: rule.at)
        line: list[Rule] = []
        for rule in mine:
            if line and rule.at - line[0].at > TOUCH:
                merged += _joined_up(line)
                line = []
            line.append(rule)
        merged += _joined_up(line)
    return merged


def _joined_up(line: Sequence[Rule]) -> Iterator[Rule]:
    if not line:
        return
    at = sum(rule.at for rule in line) / len(line)
    start, end = None, 0.0
    for rule in sorted(line, key=lambda rule: rule.start):
        if start is not None and rule.start > end + TOUCH:
            yield Rule(line[0].level, at, start, end, line[0].drawn)
            start = None
        start, end = (rule.start, rule.end) if start is None else (start, max(end, rule.end))
    if start is not None:
        yield Rule(line[0].level, at, start, end, line[0].drawn)


def _sides(points: _Points, stroked: bool) -> Iterator[Rule]:
    for (x, y), (to_x, to_y) in itertools.pairwise(points):
        if abs(y - to_y) < 0.5:
            yield Rule(True, (y + to_y) / 2, min(x, to_x), max(x, to_x), stroked)
        elif abs(x - to_x) < 0.5:
            yield Rule(False, (x + to_x) / 2, min(y, to_y), max(y, to_y), stroked)


def _outlines(page: PageText) -> Iterator[tuple[_Points, bool]]:
    """The points of each drawn stretch of straight lines, in the coordinates of the lines of text, and
    whether it is stroked; else it is filled only."""
    raw = page.page.raw
    count = pdfium.FPDFPage_CountObjects(raw)
    if count > MOST_OBJECTS:
        return
    for index in range(count):
        drawn = pdfium.FPDFPage_GetObject(raw, index)
        if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_TEXT:  # as most objects are
            yield from _of_object(page, drawn, _IDENTITY, 0)


def _of_object(
    page: PageText, drawn: pdfium.FPDF_PAGEOBJECT, outer: _Matrix, depth: int
) -> Iterator[tuple[_Points, bool]]:
    kind = pdfium.FPDFPageObj_GetType(drawn)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        filled, stroked = _painted(drawn)
        if filled or stroked:
            for points in _stretches(page, drawn, _times(_matrix(drawn), outer)):
                yield points, stroked
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEPTH:
        inner = _times(_matrix(drawn), outer)
        for index in range(min(pdfium.FPDFFormObj_CountObjects(drawn), MOST_OBJECTS)):
            yield from _of_object(page, pdfium.FPDFFormObj_GetObject(drawn, index), inner, depth + 1)


def _painted(path: pdfium.FPDF_PAGEOBJECT) -> tuple[bool, bool]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(fill.value), bool(stroke.value)


def _stretches(page: PageText, path: pdfium.FPDF_PAGEOBJECT, matrix: _Matrix) -> Iterator[_Points]:
    count = pdfium.FPDFPath_CountSegments(path)
    if not 2 <= count <= MOST_SEGMENTS:
        return
    points: _Points = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return  # round corners, charts, letters
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        place = _point(page, matrix, x.value, y.value)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = []
        points.append(place)
        if pdfium.FPDFPathSegment_GetClose(segment) and points[0] != place:
            points.append(points[0])
    if len(points) > 1:
        yield points


def _point(page: PageText, matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    x, y = a * x + c * y + e, b * x + d * y + f
    return page.turned(x, y, x, y)[:2]


def _matrix(drawn: pdfium.FPDF_PAGEOBJECT) -> _Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(drawn, found):
        return _IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    if other is _IDENTITY:
        return one
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
