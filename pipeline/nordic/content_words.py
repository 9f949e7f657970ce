"""The words that carry matter, and the terms that a text has of them."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from pipeline.nordic.boundaries import is_abbreviation
from pipeline.nordic.capitals import is_name
from pipeline.nordic.function_words import FUNCTION_WORDS
from pipeline.nordic.placeholders import without_placeholders
from pipeline.nordic.terms import EXPECTED_POS, find_term_as

# An address on the web says no word of a language: https://…, www.…, navn@eksempel.no
# Tried at the beginning of a word alone: a text may be one word of a million letters
_ADDRESS = re.compile(r"(?<!\S)\S*(?:://|@)\S*|\bwww\.\S+", re.I)
# Words, with what points and hyphens hold together: f.eks, borger.dk, IKT-direktør
WORD = re.compile(r"[^\W\d_]+(?:[-.’'][^\W\d_]+)*")
# Words that are remembered of each kind of surrounding, of which a language has six
_REMEMBERED = 50_000


def count_terms(text: str, language: str) -> list[tuple[str, str, int]]:
    """(term, surface, n) of each content word of a sentence, in the order of their first use.

    The surface is the most frequent spelling of the term in the sentence, in lower case.
    """
    of_words, of_names = _find_tables(language, False), _find_tables(language, True)
    first: dict[str, str] = {}  # term -> the surface that it has first
    again: dict[str, list[str]] = {}  # term -> all its surfaces; nearly all terms are there once
    before = ""
    text = _without_addresses(without_placeholders(text))
    for match in WORD.finditer(text):
        surface, tables = match[0], of_words
        if not surface.islower():
            surface = surface.lower()
            if is_name(text, match.start()):
                tables = of_names
        if term := tables[EXPECTED_POS.get(before, "")][surface]:
            if term not in first:
                first[term] = surface
            else:
                again.setdefault(term, [first[term]]).append(surface)
        before = surface
    found = {term: (term, surface, 1) for term, surface in first.items()}
    for term, own in again.items():
        found[term] = term, Counter(own).most_common(1)[0][0], len(own)
    return list(found.values())


def _without_addresses(text: str) -> str:
    # To look for one takes ten times as long as to see that there is none
    if "@" in text or "://" in text or "www." in text.lower():
        return _ADDRESS.sub(" ", text)
    return text


def is_content_word(word: str) -> bool:
    """Whether a lower-case word carries matter: no function word, abbreviation or single letter."""
    return len(word) > 1 and word not in FUNCTION_WORDS and not is_abbreviation(word)


class _Terms(dict[str, str]):
    """The term of each word in one kind of surrounding, empty where it carries no matter.

    A word is looked up when it is first asked for. Every word of a text is asked for, which is why
    this has the look of a dict: to call a function takes longer than to find what a dict has.
    """

    def __init__(self, language: str, pos: str, name: bool) -> None:
        self._surrounding = language, pos, name

    def __missing__(self, word: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = term = find_term_as(word, *self._surrounding) if is_content_word(word) else ""
        return term


@cache
def _find_tables(language: str, name: bool) -> dict[str, _Terms]:
    """Expected part of speech -> terms."""
    return {pos: _Terms(language, pos, name) for pos in {"", *EXPECTED_POS.values()}}
