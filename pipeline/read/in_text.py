"""What the lines around an article tell of it: the day on its date line, the name on its byline.

Only lines that were judged to be such are looked at. A date in a sentence is when something
happened, not when the text was published, and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.read.clutter import BYLINE
from pipeline.read.clutter.notes import find_names
from pipeline.read.dates import find_date
from pipeline.read.extracted import RawBlock

DATELINE = "dateline"


def find_published(blocks: Sequence[RawBlock], reasons: Sequence[str]) -> str:
    """The ISO date on the first date line or byline; "" where there is none.

    "Sist oppdatert 3. mai 2023" says when a page was changed, not when it was published.
    """
    for block, reason in zip(blocks, reasons, strict=True):
        is_dated = reason in (DATELINE, BYLINE) and not _CHANGED.match(block.text)
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


_CHANGED = re.compile(
    r"(?:(?:artik\w+|saken|saka|siden|sida|teksten)\s+(?:er|ble|blev|vart|blei)\s+)?"
    r"(?:(?:sist|sidst|senest|seinast|last)\s+)?"
    r"(?:opp?date\w+|endret|endra|ændret|redigeret|revidert|revideret|updated|changed)\b",
    re.IGNORECASE,
)
