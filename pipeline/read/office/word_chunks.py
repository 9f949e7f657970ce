"""Whole pages that some programs put into a Word file as they are, for Word to convert on opening.

Libraries that make Word files of web pages write nothing else, so that all of the text is there.
"""

from __future__ import annotations

import email
import email.policy
from pathlib import PurePosixPath

from pipeline.read.blocks import split_blocks
from pipeline.read.decode import decode
from pipeline.read.extracted import RawBlock, UnreadableError
from pipeline.read.html import OUTSIDE, read_html
from pipeline.read.office.archive import Package
from pipeline.read.office.blocks import Line

EMBEDDED = "embedded file that can't be read"


def chunk_lines(package: Package, name: str) -> list[Line]:
    """The lines of an embedded page or text; of another kind of file, its name with a reason."""
    ending = PurePosixPath(name).suffix.lower()
    try:
        content = package.read(name)
        if ending in (".mht", ".mhtml"):
            content = _page_in_archive(content)
        elif ending not in (".htm", ".html", ".xhtml", ".txt"):
            raise UnreadableError(EMBEDDED)
        text = decode(content)
        blocks = split_blocks(text) if ending == ".txt" else read_html(text).blocks
    except UnreadableError:
        blocks = [RawBlock("paragraph", name, EMBEDDED)]
    return [
        Line(block.kind, block.text, "" if block.reason == OUTSIDE else block.reason)
        for block in blocks
    ]


def _page_in_archive(content: bytes) -> bytes:
    """The page of a web archive (`.mht`), which is built like a mail. Raises UnreadableError."""
    try:
        for part in email.message_from_bytes(content, policy=email.policy.compat32).walk():
            page = part.get_payload(decode=True)
            if part.get_content_type() == "text/html" and isinstance(page, bytes):
                return page
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError):
        pass
    raise UnreadableError(EMBEDDED)
