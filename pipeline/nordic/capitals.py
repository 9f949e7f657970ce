"""Whether a capital tells a name: all three languages write common nouns with a small letter."""

from __future__ import annotations

import re

# What stands before the first word of a sentence or of a quotation, whose capital says nothing
_BEFORE = (". ", "? ", "! ", ": ", "– ", "« ", "“ ", "” ")
_FIRST = re.compile(r"[.?!:–«“”] \w")


def lower_first(text: str) -> str:
    """The text with small letters where a capital says nothing: those that are left tell names."""
    text = text[:2].lower() + text[2:]
    # Most sentences have one beginning; to look for others costs more than to see that
    if any(mark in text for mark in _BEFORE):
        return _FIRST.sub(_lower, text)
    return text


def is_name(text: str, start: int) -> bool:
    """Whether the word at `start` has a capital, and does not begin a sentence or a quotation."""
    return text[start].isupper() and start > 1 and text[start - 2 : start] not in _BEFORE


def _lower(match: re.Match[str]) -> str:
    return match[0].lower()
