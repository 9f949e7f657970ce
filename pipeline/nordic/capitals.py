"""Whether a capital tells a name: all three languages write common nouns with a small letter."""

from __future__ import annotations

# What stands before the first word of a sentence, or of a quotation, whose capital says nothing
_STARTS = frozenset({". ", "? ", "! ", ": ", "– ", "« ", "“ ", "” "})


def is_name(text: str, start: int) -> bool:
    """Whether the word at `start` has a capital, and does not begin a sentence or a quotation."""
    return text[start].isupper() and start > 1 and text[start - 2 : start] not in _STARTS
