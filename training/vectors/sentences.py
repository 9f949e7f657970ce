"""The sentences that the vectors learn from.

Those of the public data and our own, but neither SIB-200 nor NTREX: on these the vectors are
measured.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from training.identify.corpus import NORDIC, read_sentences

SOURCES = frozenset({"leipzig mixed", "leipzig news", "norec", "domain", "ud", "own"})
N_BOKMAAL = 60_000  # of the reviews
SEED = 0
# Shorter ones are headings and fragments, longer ones lists; both have little to teach.
MIN_CHARACTERS, MAX_CHARACTERS, MIN_WORDS = 25, 300, 4
MIN_LETTERS = 0.65  # part of the characters


class Sentence(NamedTuple):
    """A sentence to learn from."""

    language: str
    text: str


def read_training_sentences(data: Path, texts: Path) -> list[Sentence]:
    """All of them, each once, in an order that depends on nothing but the files."""
    found = read_sentences(data, texts, random.Random(SEED), n_bokmaal=N_BOKMAAL)
    return list(
        dict.fromkeys(
            Sentence(sentence.language, sentence.text)
            for sentence in found
            if sentence.language in NORDIC
            and sentence.source in SOURCES
            and is_sentence(sentence.text)
        )
    )


def is_sentence(text: str) -> bool:
    """Whether a text is long enough, and more than signs and numbers."""
    return (
        MIN_CHARACTERS <= len(text) <= MAX_CHARACTERS
        and len(text.split()) >= MIN_WORDS
        and sum(map(str.isalpha, text)) / len(text) > MIN_LETTERS
    )


def take(sentences: list[Sentence], n: int) -> Iterator[Sentence]:
    """At most `n` of them, drawn: to try things out."""
    yield from random.Random(SEED).sample(sentences, min(n, len(sentences)))
