"""A page's source before it is parsed: without the pictures in it, and how much text it may hold.

A saved page may hold its pictures and fonts as megabytes of letters, beside a short text.
"""

from __future__ import annotations

import re

from pipeline.read.blocks import take_out_scripts


def without_embedded(content: bytes) -> bytes:
    """A page's bytes with an empty file in place of each picture or font that it holds itself."""
    return _EMBEDDED.sub(b"data:,", content) if b"data:" in content else content


def count_text(source: str) -> int:
    """How many characters of text a page holds at most: without tags, scripts and mere space.

    It is told without parsing, which takes many times the memory.
    """
    return len(_NO_TEXT.sub("", take_out_scripts(source)))


# In base64, perhaps broken into lines, or with each odd character as %3C
_EMBEDDED = re.compile(
    rb"data:[\w.+-]{1,80}/[\w.+-]{1,80}+(?:;[\w.+=-]{1,80}){0,4}+,"
    rb"(?:[\w+/=%.~!*:;@$?&-]{40,}+\s{0,4}+)++"
)
_NO_TEXT = re.compile(r"<[^<>]*>|\s\s+")
