"""The coordinates of a PDF page, turned so that its writing is upright.

In: an open page and the angle of its writing. Out: a `Turn`, which turns rectangles of the page and turns them back.
"""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2

Rectangle = tuple[float, float, float, float]  # left, bottom, right, top, in points


@dataclass(frozen=True, slots=True)
class Turn:
    """Turns pdfium's coordinates so that text written at an angle lies on lines from left to right.

    The lower left corner of what is turned comes to stand at the origin.
    """

    angle: int  # of the writing, counter-clockwise: 0, 90, 180 or 270 degrees
    width: float  # of the page once turned
    height: float
    x: float  # of the page's lower left corner before it is turned
    y: float
    upwards: bool  # pdfium lists the lines of this page from its foot

    def box(self, left: float, bottom: float, right: float, top: float) -> Rectangle:
        left, bottom, right, top = left - self.x, bottom - self.y, right - self.x, top - self.y
        if self.angle == 0:
            return left, bottom, right, top
        if self.angle == 90:
            return bottom, self.height - right, top, self.height - left
        if self.angle == 180:
            return self.width - right, self.height - top, self.width - left, self.height - bottom
        return self.width - top, left, self.width - bottom, right

    @property
    def changes_nothing(self) -> bool:
        """Whether it leaves every rectangle where it is: so on most pages."""
        return self.angle == 0 and self.x == self.y == 0

    def back(self, left: float, bottom: float, right: float, top: float) -> Rectangle:
        """The rectangle that `box` turned into this one."""
        if self.angle == 90:
            left, bottom, right, top = self.height - top, left, self.height - bottom, right
        elif self.angle == 180:
            left, bottom, right, top = (
                self.width - right,
                self.height - top,
                self.width - left,
                self.height - bottom,
            )
        elif self.angle == 270:
            left, bottom, right, top = bottom, self.width - right, top, self.width - left
        return left + self.x, bottom + self.y, right + self.x, top + self.y


def page_turn(page: pypdfium2.PdfPage, angle: int) -> Turn:
    """The turn that makes writing at `angle` (counter-clockwise, in the page's own space) upright.

    The page as its reader sees it is the turn by its own rotation.
    """
    left, bottom, right, top = page.get_bbox()  # what is shown of it: crop box and media box
    width, height = (right - left, top - bottom) if angle % 180 == 0 else (top - bottom, right - left)
    return Turn(angle, width, height, left, bottom, upwards=(angle - page.get_rotation()) % 360 == 270)
