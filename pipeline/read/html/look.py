"""Headings and list items that the page does not mark as such, but shows.

A title in large type, a short line all in bold above a text, a line that begins with a bullet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.read.blocks import MAX_HEADING_CHARS
from pipeline.read.extracted import plain_key
from pipeline.read.html.tree import PageBlock

MIN_TITLE_CHARS = 10


def with_kinds_by_look(page: Sequence[PageBlock], title: str) -> list[PageBlock]:
    """The blocks of a page, those headings and items marked that only look like it."""
    blocks = [_item(block) for block in page]
    if (place := _unmarked_title(blocks, title)) is not None:
        blocks[place] = replace(blocks[place], kind="heading", tag="h1", by_look=True)
    for index, block in enumerate(blocks[:-1]):
        following = blocks[index + 1]
        if not _is_bold_line(block) or _is_bold_line(following):
            continue
        if following.kind != "heading" and not following.shape.boilerplate:
            blocks[index] = replace(block, kind="heading", by_look=True)
    return blocks


def _item(block: PageBlock) -> PageBlock:
    bullet = _BULLET.match(block.text) if block.kind == "paragraph" else None
    if not bullet or bullet.end() == len(block.text):
        return block
    return replace(block, kind="list_item", text=block.text[bullet.end() :])


def _unmarked_title(blocks: Sequence[PageBlock], title: str) -> int | None:
    """On a page without <h1> the line that says what <title> says, if there is but one."""
    key = plain_key(title)
    if len(key) < MIN_TITLE_CHARS or any(block.tag == "h1" for block in blocks):
        return None
    same = [
        index
        for index, block in enumerate(blocks)
        if block.kind != "list_item"
        and not block.shape.boilerplate
        and 2 * block.link_share < 1
        and plain_key(block.text) == key
    ]
    return same[0] if len(same) == 1 else None


def _is_bold_line(block: PageBlock) -> bool:
    """A short line that is all bold and no sentence, no link and no row of a table."""
    text = block.text
    return (
        block.is_bold
        and block.kind == "paragraph"
        and block.tag != "tr"
        and not block.shape.boilerplate
        and not block.is_boxed
        and not block.link_share
        and len(text) <= MAX_HEADING_CHARS
        and text.rstrip("”\"»“'’)] ")[-1:] not in tuple(".!:;,…")
        and any(char.isalpha() for char in text)
    )


_BULLET = re.compile(r"[•▪●◦‣∙■]\s*")
