"""What the lines around an article tell of it: the day on its date line, the name on its byline.

Only lines that were judged to be such are looked at. A date in a sentence is when something
happened, not when the text was published, and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.read.blocks import last_mark
from pipeline.read.clutter.notes import find_names
from pipeline.read.clutter.reasons import (
    BREADCRUMB,
    BYLINE,
    COOKIES,
    DATELINE,
    GENRE,
    NAVIGATION,
)
from pipeline.read.dates import find_date
from pipeline.read.extracted import RawBlock

MAX_TITLE_CHARS = 200
SHORT_TITLE_CHARS = 100
MIN_TITLE_WORDS = 3
MAX_SITE_WORDS = 5
MAX_ABOVE_MENU = 10  # lines
OF_MENUS = (NAVIGATION, BREADCRUMB, COOKIES, GENRE)


def find_title(blocks: Sequence[RawBlock], reasons: Sequence[str]) -> str:
    """The first line above the text that may be its title; "" where there is none.

    A name above the menu is the site's where a line below may be the title. A line in capitals
    above another is a label ("SUNDHED OG MEDICIN"). Where no line stands above
    the first whole paragraph, the first heading is taken.
    """
    kept = [block for block, why in zip(blocks, reasons, strict=True) if not why]
    above: list[RawBlock] = []
    below_menu = 0  # how many stand above the last line of a menu
    for block, why in zip(blocks, reasons, strict=True):
        if why:
            parts = why in OF_MENUS and not _CONTENTS.match(block.text)
            below_menu = len(above) if parts else below_menu
        elif len(block.text) > MAX_TITLE_CHARS or _is_sentence(block):
            break
        else:
            above.append(block)
    if below_menu <= MAX_ABOVE_MENU and all(
        _may_be_the_sites(block, kept) for block in above[:below_menu]
    ):
        below = [block for block in above[below_menu:] if _is_long(block.text)]
        above = below or above
    titles = [block.text for block in above if block.kind == "heading" or _is_long(block.text)]
    plain = [text for text in titles if not text.isupper()]
    headings = [block.text for block in kept if block.kind == "heading"]
    return next(iter([*plain[:1], *titles[:1], *headings[:1]]), "")


def _may_be_the_sites(block: RawBlock, kept: Sequence[RawBlock]) -> bool:
    """A few words that the text doesn't say again: "Sunnbygda Avis", above the menu."""
    text = block.text
    again = any(text in other.text for other in kept if other.text != text)
    return len(text.split()) <= MAX_SITE_WORDS and not block.marked and not again


def _is_sentence(block: RawBlock) -> bool:
    """Whether a block is text and no title; a short one may end in `!` or `?`."""
    marks = ".:" if len(block.text) <= SHORT_TITLE_CHARS else ".:!?"
    closed = last_mark(block.text) in tuple(marks)
    return block.kind == "list_item" or (block.kind == "paragraph" and closed)


def _is_long(text: str) -> bool:
    return len(text.split()) >= MIN_TITLE_WORDS


def find_published(blocks: Sequence[RawBlock], reasons: Sequence[str]) -> str:
    """The ISO date on the first date line or byline; "" where there is none.

    "Sist oppdatert 3. mai 2023" says when a page was changed, not when it was published.
    """
    for block, reason in zip(blocks, reasons, strict=True):
        is_dated = reason in (DATELINE, BYLINE) and not _OTHER_DAY.search(block.text)
        if is_dated and (found := find_date(block.text)):
            return found
    return ""


def find_author(blocks: Sequence[RawBlock], reasons: Sequence[str]) -> str:
    """The names on the first byline that has some; "" where there is none."""
    return next(
        (
            ", ".join(names)
            for block, why in zip(blocks, reasons, strict=True)
            if (names := find_names([block], [why]))
        ),
        "",
    )


# Over a table of contents, which stands below the title
_CONTENTS = re.compile(r"inn?h[oa]ld|innhald|oversikt|oversigt", re.IGNORECASE)
# The day of a change, at the line's start, or of a birth
_OTHER_DAY = re.compile(
    r"\b(?:født|fødd|f\.)\s|^(?:(?:artik\w+|saken|saka|siden|sida|teksten)\s+(?:er|ble|blev|vart|blei)\s+)?"
    r"(?:(?:sist|sidst|senest|seinast|last)\s+)?"
    r"(?:opp?date\w+|endret|endra|ændret|redigeret|revidert|revideret|updated|changed)\b",
    re.IGNORECASE,
)
