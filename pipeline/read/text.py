"""Plain text (`.txt`)."""

from __future__ import annotations

from pipeline.read.blocks import split_blocks
from pipeline.read.extracted import Extracted
from pipeline.read.html import is_html_page, read_html


def read_text(content: str) -> Extracted:
    """Blocks only: a plain text says nothing about itself.

    A whole HTML page under a `.txt` name, as "save as" in a browser leaves it, is read as HTML.
    """
    if is_html_page(content):
        return read_html(content)
    return Extracted(blocks=split_blocks(content))
