"""Sentences of made-up words, from what langdetect knows of a language's letters.

Of most foreign languages there is no text at hand, but langdetect brings how often each of their
trigrams is met.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import langdetect

SEED = 20261126
_OTHER_PROFILES = (
    "ca cs cy es et fr hr hu id it lt lv pl pt ro sk sl so sq sw tl tr vi "
    "ru bg uk el ar he fa hi ja zh-cn ko th ta bn"
)
# Profiles of langdetect to make up words from: (language, profiles, sentences of each)
_PROFILES = (
    ("sv", ("sv",), 2500),
    ("en", ("en",), 2500),
    ("de", ("de",), 2500),
    ("fi", ("fi",), 2500),
    ("other", ("af", "nl"), 600),
    (
        "other",
        tuple(_OTHER_PROFILES.split()),
        250,
    ),
)


def make_up_sentences() -> Iterator[tuple[str, str]]:
    """(language, sentence), the same in every run."""
    for language, profiles, n_sentences in _PROFILES:
        for profile in profiles:
            for text in make_up(profile, n_sentences):
                yield language, text


def make_up(profile: str, n_sentences: int) -> Iterator[str]:
    """Sentences of words like those of a language: a chain of the trigrams that langdetect knows.

    Each letter is drawn by the two before it. Most words are none, but their n-grams are those of
    the language, and real short words come often.
    """
    path = Path(langdetect.__file__).parent / "profiles" / profile
    counts: dict[str, int] = json.loads(path.read_text("utf-8"))["freq"]
    rng = random.Random(f"{SEED} {profile}")
    next_letters: dict[str, tuple[list[str], list[int]]] = {}
    for ngram, count in counts.items():
        if len(ngram) == 3:
            letters, weights = next_letters.setdefault(ngram[:2], ([], []))
            letters.append(ngram[2])
            weights.append(count)
    chains = {
        pair: (letters, list(accumulate(weights)))
        for pair, (letters, weights) in next_letters.items()
    }
    beginnings = [ngram for ngram in counts if len(ngram) == 2 and ngram[0] == " "]
    cumulative = list(accumulate(counts[beginning] for beginning in beginnings))
    for _ in range(n_sentences if beginnings else 0):
        yield " ".join(
            _make_up_word(rng.choices(beginnings, cum_weights=cumulative)[0], chains, rng)
            for _ in range(rng.randint(3, 16))
        )


def _make_up_word(
    word: str, chains: dict[str, tuple[list[str], list[int]]], rng: random.Random
) -> str:
    while len(word) < 18 and word[-2:] in chains:
        letters, cumulative = chains[word[-2:]]
        letter = rng.choices(letters, cum_weights=cumulative)[0]
        if letter == " ":
            break
        word += letter
    return word[1:].lower()
