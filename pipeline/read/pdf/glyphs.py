"""A page of a PDF -> its glyphs, set upright: what stands where, how large, and in which font.

pdfminer resolves the fonts and says what is drawn. pdfplumber's lists of characters hold thirty
facts a character and take a tenth of a second a page, so that the six that are needed here are
taken straight from the interpreter underneath, at a tenth of the time.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream
from pdfminer.utils import Matrix, Rect, apply_matrix_rect

MAX_TILT = 3.0  # degrees off the page's own direction; a scan is seldom quite straight
TWIN_DISTANCE = 0.12  # of the type size; fake bold prints a letter twice, so far apart at most
MAX_COORDINATE = 1e6


class Glyph(NamedTuple):
    """One character (or a ligature's), in points from the top left; `y` is the base line."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: str


@dataclass
class PageGlyphs:
    width: float
    height: float
    glyphs: list[Glyph]
    turned: list[Glyph] = field(default_factory=list)  # text that runs in another direction
    outside: list[Glyph] = field(default_factory=list)  # text beside the part that is shown
    has_picture: bool = False
    unreadable: int = 0  # characters without a meaning, which are left out


def read_glyphs(resources: PDFResourceManager, page: PDFPage) -> PageGlyphs:
    """The glyphs of one page, in the order in which the file draws them."""
    device = _Collector(resources)
    PDFPageInterpreter(resources, device).process_page(page)
    angle = _main_angle(device.drawn)
    box = apply_matrix_rect(device.page_ctm, page.mediabox)
    shown = apply_matrix_rect(device.page_ctm, page.cropbox)
    left, top, right, bottom = _set_upright(box, angle)
    found = PageGlyphs(right - left, bottom - top, [], has_picture=device.has_picture)
    inside = _set_upright(shown, angle)
    for drawn in device.drawn:
        x, y = _turn(drawn.x, drawn.y, angle)
        glyph = Glyph(
            drawn.text, x - left, x - left + drawn.advance, -y - top, drawn.size, drawn.font
        )
        if abs((drawn.angle - angle + 180) % 360 - 180) > MAX_TILT:
            found.turned.append(glyph)
        elif inside[0] <= x + drawn.advance / 2 <= inside[2] and inside[1] <= -y <= inside[3]:
            found.glyphs.append(glyph)
        else:
            found.outside.append(glyph)
    if not found.glyphs:  # a box that leaves nothing to be seen is a mistake
        found.glyphs, found.outside = found.outside, []
    found.glyphs, found.unreadable = _without_unreadable(_without_twins(found.glyphs))
    found.turned, _ = _without_unreadable(found.turned)
    found.outside, _ = _without_unreadable(found.outside)
    return found


# What the interpreter draws


class _Drawn(NamedTuple):
    text: str
    x: float
    y: float
    advance: float
    size: float
    angle: float
    font: str


class _Collector(PDFTextDevice):
    """Takes down each character that a page draws; pictures are only noticed."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.drawn: list[_Drawn] = []
        self.has_picture = False
        self.page_ctm: Matrix = (1, 0, 0, 1, 0, 0)
        self._outer: list[Matrix | None] = []

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        self.page_ctm = ctm

    def begin_figure(self, name: str, bbox: Rect, matrix: Matrix) -> None:
        self._outer.append(self.ctm)

    def end_figure(self, name: str) -> None:
        outer = self._outer.pop()
        if outer is not None:
            self.set_ctm(outer)

    def render_image(self, name: str, stream: PDFStream) -> None:
        self.has_picture = True

    def render_char(
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> float:
        width = font.char_width(cid) * fontsize * scaling
        a, b, c, d, x, y = matrix
        x, y = x + rise * c, y + rise * d
        size = abs(fontsize) * math.hypot(c, d)
        advance = abs(width) * math.hypot(a, b)
        if not (0 < size < MAX_COORDINATE and advance < MAX_COORDINATE):
            return width
        if not (abs(x) < MAX_COORDINATE and abs(y) < MAX_COORDINATE):
            return width
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = f"(cid:{cid})"
        if text := _clean(text):
            # A font of pictures may call its letters one point high, though they are ten wide
            size = max(size, 0.7 * advance / len(text))
            angle = 0.0 if b == 0 and a > 0 else math.degrees(math.atan2(b, a))
            self.drawn.append(_Drawn(text, x, y, advance, size, angle, str(font.fontname)))
        return width


@lru_cache(maxsize=4096)
def _clean(text: str) -> str:
    """Ligatures as letters, every space as one, no control characters."""
    text = text.translate(_LETTERS)
    if text.isspace():
        return " "
    return "".join(char for char in text if char >= " " and char not in _NOTHING)


# The page's direction


def _main_angle(drawn: Sequence[_Drawn]) -> float:
    """The direction in which most of the page's text runs, in degrees."""
    if not drawn:
        return 0.0
    return Counter(round(one.angle, 1) for one in drawn).most_common(1)[0][0]


def _turn(x: float, y: float, angle: float) -> tuple[float, float]:
    if angle == 0:
        return x, y
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return x * cos + y * sin, y * cos - x * sin


def _set_upright(box: Rect, angle: float) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a turned box, where down is more."""
    corners = [_turn(x, y, angle) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs = [corner[0] for corner in corners]
    ys = [-corner[1] for corner in corners]
    return min(xs), min(ys), max(xs), max(ys)


# What is no text


def _without_twins(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Each letter once, where fake bold or a shadow prints it twice."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    kept: list[Glyph] = []
    for glyph in glyphs:
        text, size, reach = glyph.text, glyph.size, TWIN_DISTANCE * glyph.size
        # Of a font that tells no widths, all the letters of a word stand at one place
        if text != " " and glyph.x1 > glyph.x0:
            # The page is laid out in squares of the type's size; a twin stands in the same
            # square, or near the edge of the next
            cells = [
                (text, int(x // size), int(y // size))
                for x in _ends(glyph.x0, reach, size)
                for y in _ends(glyph.y, reach, size)
            ]
            if any(_is_twin(glyph, other) for cell in cells for other in seen.get(cell, ())):
                continue
            seen.setdefault((text, int(glyph.x0 // size), int(glyph.y // size)), []).append(glyph)
        kept.append(glyph)
    return kept


def _ends(place: float, reach: float, step: float) -> tuple[float, ...]:
    before, after = place - reach, place + reach
    return (before,) if before // step == after // step else (before, after)


def _is_twin(glyph: Glyph, other: Glyph) -> bool:
    reach = TWIN_DISTANCE * glyph.size
    return (
        abs(glyph.x0 - other.x0) < reach
        and abs(glyph.y - other.y) < reach
        and abs(glyph.size - other.size) < reach
    )


def _without_unreadable(glyphs: Sequence[Glyph]) -> tuple[list[Glyph], int]:
    """Glyphs that have a meaning, and how many have none.

    What stands alone before a gap is a bullet of an old program and no letter: it becomes one.
    """
    kept: list[Glyph] = []
    lost = 0
    for index, glyph in enumerate(glyphs):
        if not _UNREADABLE.fullmatch(glyph.text):
            kept.append(glyph)
        elif _stands_alone(glyphs, index):
            kept.append(glyph._replace(text="•"))
        else:
            lost += 1
    return kept, lost


def _stands_alone(glyphs: Sequence[Glyph], index: int) -> bool:
    glyph = glyphs[index]
    if index and abs(glyphs[index - 1].y - glyph.y) < 0.3 * glyph.size:
        return False
    following = glyphs[index + 1] if index + 1 < len(glyphs) else None
    if following is None or abs(following.y - glyph.y) > 0.3 * glyph.size:
        return False
    return following.text == " " or following.x0 - glyph.x1 > 0.25 * glyph.size


_LETTERS = str.maketrans(
    {
        "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
        "\u2010": "-", "\u2011": "-", "\t": " ",
    }
)  # fmt: skip
_NOTHING = "\x7f\ufeff\u200b\u200c\u200d\u2060"
# No meaning is given, or one for private use: the glyphs of symbol fonts
_UNREADABLE = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd]+")
