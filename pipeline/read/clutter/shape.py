"""What kind of line a block is by its look: a whole paragraph, one that was cut off."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.read.blocks import CLOSING_MARKS, last_mark
from pipeline.read.extracted import RawBlock

PROSE_CHARS = 60
LONG_CHARS = 150


def is_closed(text: str) -> bool:
    """Whether a line ends as sentences do, or as what announces a list or a quotation."""
    return last_mark(text) in CLOSING_MARKS


def is_cut_off(text: str) -> bool:
    """Whether a line ends in "…", as teasers do; sentences that trail off do so too."""
    return _CUT_OFF.search(text[-5:]) is not None


def is_full_paragraph(block: RawBlock, chars: int) -> bool:
    """A block of some length, whatever its kind, that says its last sentence to the end."""
    return len(block.text) >= chars and is_closed(block.text) and not is_cut_off(block.text)


def is_running_text(block: RawBlock) -> bool:
    """A paragraph of some length, closed by a mark; it may trail off."""
    return block.kind == "paragraph" and len(block.text) >= PROSE_CHARS and is_closed(block.text)


def is_lone_link(blocks: Sequence[RawBlock], index: int) -> bool:
    """A link that is no item of a list of the article's, nor announced by it."""
    near = (*blocks[max(index - 1, 0) : index], *blocks[index + 1 : index + 2])
    listed = blocks[index].kind == "list_item" and any(one.kind == "list_item" for one in near)
    announced = index > 0 and blocks[index - 1].text.endswith(":")
    return blocks[index].linked and not listed and not announced


_CUT_OFF = re.compile(r"(?:\s|[a-zæøå])(?:\.\.\.|…)$")
