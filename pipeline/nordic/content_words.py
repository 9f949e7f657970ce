"""The words that carry matter, and the terms that a text has of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from pipeline.nordic.boundaries import is_abbreviation
from pipeline.nordic.capitals import is_name
from pipeline.nordic.function_words import FUNCTION_WORDS
from pipeline.nordic.placeholders import without_placeholders
from pipeline.nordic.terms import find_term

# An address on the web says no word of a language: https://…, www.…, navn@eksempel.no
# Tried at the beginning of a word alone: a text may be one word of a million letters
_ADDRESS = re.compile(r"(?<!\S)\S*(?:://|@)\S*|\bwww\.\S+", re.I)
# Words, with what points and hyphens hold together: f.eks, borger.dk, IKT-direktør
WORD = re.compile(r"[^\W\d_]+(?:[-.’'][^\W\d_]+)*")


def count_terms(text: str, language: str) -> Iterator[tuple[str, str, int]]:
    """(term, surface, n) of each content word of a sentence, in the order of their first use.

    The surface is the most frequent spelling of the term in the sentence, in lower case.
    """
    surfaces: dict[str, list[str]] = {}
    before = ""
    text = _without_addresses(without_placeholders(text))
    for match in WORD.finditer(text):
        word = match[0]
        surface = word.lower()
        if is_content_word(surface):
            name = word[0].isupper() and is_name(text, match.start())
            if term := find_term(surface, language, before, name):
                surfaces.setdefault(term, []).append(surface)
        before = surface
    for term, own in surfaces.items():
        # Nearly all terms are in a sentence once
        usual = own[0] if len(own) == 1 else Counter(own).most_common(1)[0][0]
        yield term, usual, len(own)


def _without_addresses(text: str) -> str:
    # To look for one takes ten times as long as to see that there is none
    if "@" in text or "://" in text or "www." in text.lower():
        return _ADDRESS.sub(" ", text)
    return text


@lru_cache(maxsize=100_000)
def is_content_word(word: str) -> bool:
    """Whether a lower-case word carries matter: no function word, abbreviation or single letter."""
    return len(word) > 1 and word not in FUNCTION_WORDS and not is_abbreviation(word)
