"""From a sentence to its words, and from a word to what the table of vectors knows of it.

A word of the lexicon is the concepts that it may mean; a compound, those of its parts. A name, or
whatever the lexicon has not, is its spelling: the word and its character n-grams, folded to the
spelling that the three languages share and hashed (Bojanowski et al. 2017).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import cache

from pipeline.nordic.capitals import is_name
from pipeline.nordic.folding import fold_word
from pipeline.nordic.function_words import FUNCTION_WORDS
from pipeline.nordic.lexicon import LANGUAGES, Part, load_lexicon

# Rows of the table that hashed spellings share
N_SPELLINGS = 2**15
N_GRAMS = (3, 4, 5)

# Words, with what points and hyphens hold together
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_CACHED = 200_000

Feature = tuple[int, float]  # (row of the table, weight)


def find_words(text: str) -> Iterator[tuple[str, bool]]:
    """(word in lower case, whether it is likely a name) of each content word of a sentence."""
    for match in WORD.finditer(text):
        word = match.group().lower()
        if len(word) > 1 and word not in FUNCTION_WORDS:
            yield word, is_name(text, match.start())


class Features:
    """The features of words, remembered; one for each language and process."""

    def __init__(self, language: str) -> None:
        self._language = language if language in LANGUAGES else LANGUAGES[0]
        self._lexicon = load_lexicon()
        self._known: dict[tuple[str, bool], tuple[Feature, ...]] = {}

    def of(self, word: str, *, name: bool) -> tuple[Feature, ...]:
        """What a lower-case word is made of; names are cut with more care."""
        features = self._known.get((word, name))
        if features is None:
            if len(self._known) >= _CACHED:
                self._known.clear()
            features = self._find(word, name)
            self._known[word, name] = features
        return features

    def _find(self, word: str, name: bool) -> tuple[Feature, ...]:
        weights: dict[int, float] = {}
        for part in self._lexicon.analyse(word, self._language, name=name):
            for row, weight in self._spell(part.text) if not part.readings else _choose(part):
                weights[row] = weights.get(row, 0.0) + weight
        return tuple(weights.items())

    def _spell(self, text: str) -> Iterator[Feature]:
        return spell(text, len(self._lexicon.concepts))


def _choose(part: Part) -> Iterator[Feature]:
    """The concepts of the nearest readings, by how likely each is."""
    nearest = part.readings[0].rank
    weights: dict[int, float] = {}
    for reading in part.readings:
        if reading.rank == nearest:
            likely = reading.rate(part.text)
            weights[reading.concept] = max(likely, weights.get(reading.concept, 0.0))
    total = sum(weights.values())
    for concept, weight in weights.items():
        yield concept, weight / total


def spell(text: str, first: int) -> Iterator[Feature]:
    """The hashed spelling of an unknown word, in the rows from `first` on."""
    folded = f"<{fold_word(text)}>"
    yield first + _hash(folded), 1.0
    grams = [folded[at : at + n] for n in N_GRAMS for at in range(len(folded) - n + 1)]
    weight = 1 / (1 + len(grams)) ** 0.5
    for gram in grams:
        yield first + _hash(gram), weight


def _hash(text: str) -> int:
    # crc32 is the same everywhere; Python's own hash is another in each process
    return zlib.crc32(text.encode()) % N_SPELLINGS


@cache
def find_features(language: str) -> Features:
    """The features of one language's words."""
    return Features(language)
