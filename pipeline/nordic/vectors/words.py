"""From a sentence to its words, and from a word to what the table of vectors knows of it.

A word of the lexicon is the concepts that it may mean; a compound, those of its parts. A name, or
whatever the lexicon has not, is its spelling: the word and its character n-grams, folded to the
spelling that the three languages share and hashed (Bojanowski et al. 2017).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from zlib import crc32

from pipeline.nordic.capitals import is_name
from pipeline.nordic.folding import fold_word
from pipeline.nordic.function_words import FUNCTION_WORDS
from pipeline.nordic.lexicon import Part, Parts, load_lexicon
from pipeline.nordic.terms import choose_reading

# Rows of the table that hashed spellings share
N_SPELLINGS = 2**15
N_GRAMS = (3, 4, 5)

# Words, with what points and hyphens hold together
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")

Feature = tuple[int, float]  # (row of the table, weight)


def find_words(text: str) -> Iterator[tuple[str, bool]]:
    """(word in lower case, whether it is likely a name) of each content word of a sentence."""
    for match in WORD.finditer(text):
        word = match.group().lower()
        if len(word) > 1 and word not in FUNCTION_WORDS:
            yield word, is_name(text, match.start())


def find_features(parts: Parts) -> list[Feature]:
    """What a word of these parts is made of."""
    if len(parts) == 1 and parts[0].readings:
        return _weigh(parts[0])
    weights: dict[int, float] = {}
    for part in parts:
        found = _weigh(part) if part.readings else spell(part.text, len(load_lexicon().concepts))
        for row, weight in found:
            weights[row] = weights.get(row, 0.0) + weight
    return list(weights.items())


def find_spelling(parts: Parts) -> str:
    """One spelling for a word in the three languages: its Bokmål lemma's, folded."""
    return "".join([_spell_part(part) for part in parts])


def _spell_part(part: Part) -> str:
    if not part.readings:
        return fold_word(part.text)
    return _spell_lemma(choose_reading(part).concept)


@cache
def _spell_lemma(concept: int) -> str:
    return fold_word(load_lexicon().describe(concept).nb[0])


def _weigh(part: Part) -> list[Feature]:
    """The concepts that a part may mean, together one."""
    likely = part.find_likely()
    if len(likely) == 1:
        return [(likely[0].concept, 1.0)]
    rates = part.rate_concepts()
    total = sum(rates.values())
    return [(concept, rate / total) for concept, rate in rates.items()]


def spell(text: str, first: int) -> list[Feature]:
    """The hashed spelling of an unknown word, in the rows from `first` on."""
    folded = f"<{fold_word(text)}>"
    grams = [folded[at : at + n] for n in N_GRAMS for at in range(len(folded) - n + 1)]
    weight = 1 / (1 + len(grams)) ** 0.5
    # crc32 is the same everywhere; Python's own hash is another in each process
    rows = [first + crc32(piece.encode()) % N_SPELLINGS for piece in (folded, *grams)]
    return [(rows[0], 1.0), *((row, weight) for row in rows[1:])]
