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
_ADDRESS = re.compile(r"\S*(?:://|@)\S*|\bwww\.\S+", re.I)
# Words, with what points and hyphens hold together: f.eks, borger.dk, IKT-direktør
WORD = re.compile(r"[^\W\d_]+(?:[-.’'][^\W\d_]+)*")


def count_terms(text: str, language: str) -> Iterator[tuple[str, str, int]]:
    """(term, surface, n) of each content word of a sentence, in the order of their first use.

    The surface is the most frequent spelling of the term in the sentence, in lower case.
    """
    surfaces: dict[str, Counter[str]] = {}
    before = ""
    text = _ADDRESS.sub(" ", without_placeholders(text))
    for match in WORD.finditer(text):
        surface = match.group().lower()
        if is_content_word(surface):
            name = is_name(text, match.start())
            if term := find_term(surface, language, before=before, name=name):
                surfaces.setdefault(term, Counter())[surface] += 1
        before = surface
    for term, counts in surfaces.items():
        yield term, counts.most_common(1)[0][0], counts.total()


@lru_cache(maxsize=100_000)
def is_content_word(word: str) -> bool:
    """Whether a lower-case word carries matter: no function word, abbreviation or single letter."""
    return len(word) > 1 and word not in FUNCTION_WORDS and not is_abbreviation(word)
