"""Tables of figures and words, told from those that only lay out the page.

A row of the first is one block, its cells parted by a dash as in Word files; a cell of the second
is a part of the page like any other.
"""

from __future__ import annotations

import re

from lxml import html as lxml_html  # type: ignore[import-untyped]

from pipeline.read.extracted import squeeze

MIN_ROWS = 2
PROSE_CHARS = 60
CELL = "\x1f"  # between the cells of a row while its text is gathered


def is_grid(table: lxml_html.HtmlElement) -> bool:
    """At least two rows of at least two cells, and less than half of the text in sentences."""
    rows = whole = prose = 0
    for row in table.iter("tr"):
        cells = [squeeze("".join(c.itertext())) for c in row if c.tag in ("td", "th")]
        filled = [cell for cell in cells if cell]
        rows += len(filled) >= 2
        whole += sum(map(len, filled))
        prose += sum(len(cell) for cell in filled if _is_prose(cell))
    return rows >= MIN_ROWS and 2 * prose < whole


def row_text(parts: str) -> str:
    """The cells of a row that hold something, in one line."""
    return " – ".join(filter(None, map(squeeze, parts.split(CELL))))


def _is_prose(text: str) -> bool:
    closed = text.rstrip("”\"»“'’)] ")[-1:] in tuple(".!?…:")
    return (len(text) >= PROSE_CHARS and closed) or _SENTENCE_INSIDE.search(text) is not None


_SENTENCE_INSIDE = re.compile(r"[^\W\d_]{3}[.!?] [A-ZÆØÅ]")
