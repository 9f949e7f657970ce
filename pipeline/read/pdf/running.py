"""Which lines of a PDF's pages are running headers, footers and page numbers.

They are told by their place, by a gap that parts them from the text, and by coming again on other
pages (figures aside, so that "12 | Årsrapport" and "13 | Årsrapport" are the same).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.read.pdf.lines import Line, Page

HEADER = "page header"
FOOTER = "page footer"
PAGE_NUMBER = "page number"

ZONE = 0.16  # of the page's height, at its top and at its bottom
MAX_ROWS = 4
SAME_PLACE = 4.0  # points
HEADING_SIZE = 1.15  # of the body's type size
PARTING_GAP = 1.2  # of the usual distance between lines
PARTING_GAP_OF_BODY = 1.7  # for lines in the body's type; paragraphs are parted by less
SMALL_TYPE = 0.93  # of the body's type size
MAX_CHARS = 200
MAX_CHARS_OF_BODY = 80


@dataclass(frozen=True)
class _Row:
    """What stands on one base line of a page, over all columns."""

    lines: list[Line]
    gap: float  # to the next row towards the middle of the page


def find_running(pages: Sequence[Page], pitch: float, size: float) -> dict[int, str]:
    """By the identity of a line the reason why it is no part of the text.

    `pitch` is the usual distance between lines, in parts of the type size `size`.
    """
    reasons: dict[int, str] = {}
    for at_top, reason in ((True, HEADER), (False, FOOTER)):
        zones = [_outer_rows(page.lines, page.height, at_top) for page in pages]
        known = _repeated(zones, size)
        depths = [_depth(rows, known, len(pages), pitch * size, size) for rows in zones]
        places = {
            (round(line.y), round(line.size))
            for rows, depth in zip(zones, depths, strict=True)
            for row in rows[:depth]
            for line in row.lines
            if not is_page_number(line.text)
        }
        for rows, depth in zip(zones, depths, strict=True):
            if not depth and rows and len(pages) > 2:
                # The name of a chapter that fills one page comes only once
                depth = int(_is_at_place(rows[0], places, pitch * size, size))
            for row in rows[:depth]:
                for line in row.lines:
                    number = is_page_number(line.text)
                    reasons[id(line)] = PAGE_NUMBER if number else reason
    return reasons


def is_page_number(text: str) -> bool:
    """ "3", "– 3 –", "Side 3 av 12", "s. 3"."""
    return _PAGE_NUMBER.fullmatch(text) is not None


def _outer_rows(lines: Sequence[Line], height: float, at_top: bool) -> list[_Row]:
    """The outermost rows of a page, from its edge towards its middle."""
    edge = ZONE * height
    ordered = sorted(lines, key=lambda line: line.y if at_top else -line.y)
    rows: list[list[Line]] = []
    for line in ordered:
        if rows and abs(line.y - rows[-1][0].y) <= 0.4 * line.size:
            rows[-1].append(line)
        elif len(rows) > MAX_ROWS:
            break
        else:
            rows.append([line])
    if not rows:
        return []
    gaps = [abs(inner[0].y - outer[0].y) for outer, inner in pairwise(rows)] + [height]
    found = [_Row(row, gap) for row, gap in zip(rows, gaps, strict=True)][:MAX_ROWS]
    return [
        row
        for row in found
        if (row.lines[0].y < edge if at_top else row.lines[0].y > height - edge)
    ]


def _repeated(zones: Sequence[Sequence[_Row]], size: float) -> set[int]:
    """The identities of the lines that come on more pages than one, at the same place."""
    alike: dict[tuple[str, int], list[tuple[int, Line]]] = defaultdict(list)
    for number, rows in enumerate(zones):
        for row in rows:
            for line in row.lines:
                key = (_DIGITS.sub("#", line.text.casefold()), round(line.size))
                alike[key].append((number, line))
    found: set[int] = set()
    for places in alike.values():
        by_height: dict[int, list[tuple[int, Line]]] = defaultdict(list)
        for number, line in places:
            by_height[int(line.y // SAME_PLACE)].append((number, line))
        for number, line in places:
            step = int(line.y // SAME_PLACE)
            near = [*by_height[step], *by_height.get(step - 1, ()), *by_height.get(step + 1, ())]
            if any(_is_same(number, line, page, other, size) for page, other in near):
                found.add(id(line))
    return found


def _is_same(number: int, line: Line, page: int, other: Line, size: float) -> bool:
    """Whether two lines differ in nothing but the number of their page.

    "Kapittel 1" and "Kapittel 2", in large type at the top of pages, are headings.
    """
    if page == number:
        return False
    if line.text == other.text:
        return True
    numbers, others = _DIGITS.findall(line.text), _DIGITS.findall(other.text)
    counted = all(
        one == two or int(two) - int(one) == page - number
        for one, two in zip(numbers, others, strict=True)
    )
    return counted and line.size < HEADING_SIZE * size


def _depth(rows: Sequence[_Row], known: set[int], pages: int, pitch: float, size: float) -> int:
    """How many of the outermost rows are running lines: those before the last parting gap."""
    depth = 0
    for number, row in enumerate(rows, start=1):
        if not all(_may_run(line, known, pages, size) for line in row.lines):
            break
        if _is_parted(row, pitch, size):
            depth = number
    return depth


def _may_run(line: Line, known: set[int], pages: int, size: float) -> bool:
    if is_page_number(line.text):
        return pages > 1 or _CLEAR_NUMBER.match(line.text) is not None
    return id(line) in known and not _is_prose(line, size)


def _is_prose(line: Line, size: float) -> bool:
    """A line of the text itself, which may come again at the same place by chance."""
    if line.size < SMALL_TYPE * size:
        return len(line.text) > MAX_CHARS
    return len(line.text) > MAX_CHARS_OF_BODY or line.text[:1].islower()


def _is_parted(row: _Row, pitch: float, size: float) -> bool:
    """Whether there is more room to the next row than between lines, or than paragraphs have."""
    looks_like_body = all(abs(line.size - size) < (1 - SMALL_TYPE) * size for line in row.lines)
    return row.gap > (PARTING_GAP_OF_BODY if looks_like_body else PARTING_GAP) * pitch


def _is_at_place(row: _Row, places: set[tuple[int, int]], pitch: float, size: float) -> bool:
    return _is_parted(row, pitch, size) and all(
        (round(line.y), round(line.size)) in places and not _is_prose(line, size)
        for line in row.lines
    )


_DIGITS = re.compile(r"[0-9]{1,9}")
_PAGE_NUMBER = re.compile(
    r"[-–—|•\[( ]*(?:(?:side|sid|page|s|p)\.?\s?)?"
    # Not "Vi" or "Liv", which begin a sentence
    r"(?:\d{1,4}|(?-i:[ivxlc]{1,7}|[IVXLC]{1,7}))(?:\s?(?:av|af|of|/|\|)\s?\d{1,4})?[-–—|•\]) ]*",
    re.IGNORECASE,
)
_CLEAR_NUMBER = re.compile(
    r"\D*\b(?:side|page)\b\D{0,3}\d|\D*\d+\s?(?:av|af|of|/)\s?\d+\W*$|[-–—]\s?\d+\s?[-–—]$",
    re.IGNORECASE,
)
