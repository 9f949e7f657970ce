"""Which language a text is written in: Danish, Bokmål, Nynorsk, or another.

The three are told apart by a score: the words and spellings of `data/telling.txt` each speak for
some languages, and what they say is added up. A few neighbours (Swedish, English, German, …) are
scored as well. Only where this leaves a doubt is langdetect asked, with a fixed seed (it is slow,
and knows one Norwegian); its opinion is added to the evidence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

from langdetect import DetectorFactory, LangDetectException, detect_langs

DetectorFactory.seed = 0  # langdetect draws at random; the same text must give the same answer

NORDIC = ("da", "nb", "nn")
UNDETERMINED = ("und", 0.0)

MAX_CHARS = 4000  # a language shows itself in a page
_MAX_CHARS_FOREIGN = 600
_MIN_LETTERS = 3  # different ones

# Evidence, in the units of telling.txt. langdetect is asked unless the best of the three is ahead
# of every other language by _STRONG, and Danish and Norwegian are _CLOSE to each other no longer.
_STRONG = 6.0
_CLOSE = 3.0
_MIN_A_WORD = 0.25
# What langdetect's certainty is worth, for a text of many letters; less for a short one.
_LANGDETECT_WORTH = 6.0
_LANGDETECT_LETTERS = 25
# With less evidence than this for any language, there is no answer.
_MIN_EVIDENCE = 1.5
# confidence = logistic(_SLOPE * margin + _OFFSET): fitted to the share of right answers among the
# sentences of the UD dev sets and NTREX-128 (benchmarks/identify.py prints the table).
_SLOPE = 0.54
_OFFSET = 0.5

_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")
_LANGDETECT = {"zh-cn": ("zh",), "zh-tw": ("zh",), "no": ("nb", "nn")}


def identify(texts: Sequence[str]) -> list[tuple[str, float]]:
    """(language, confidence) of each text.

    The language is `da`, `nb`, `nn`, another ISO 639-1 code, or `und` where there is too little to
    judge by; the confidence (0 to 1) is about the share of right answers among answers like it.
    Only the first 4,000 characters are read. Any string has an answer.
    """
    return [identify_one(text) for text in texts]


def identify_one(text: str) -> tuple[str, float]:
    """(language, confidence) of one text, as `identify`."""
    beginning = _ADDRESS.sub(" ", text[:MAX_CHARS])
    words = _WORD.findall(beginning.lower())
    different = {word for word in words if len(word) > 1}
    if len(set().union(*different)) < _MIN_LETTERS:  # nothing, figures, `ha ha ha`
        return UNDETERMINED
    scores = score_words(words)
    if not _is_settled(scores, len(words)):
        # In bytes, since a letter of Chinese says more than one of Danish
        size = len("".join(different).encode(errors="replace"))
        _add_guesses(scores, beginning, 1 - math.exp(-size / _LANGDETECT_LETTERS))
    best = max(sorted(scores), key=lambda language: scores[language], default="und")
    if scores.get(best, 0.0) < _MIN_EVIDENCE:
        return UNDETERMINED
    return best, _confidence(scores, best)


def score_words(words: Sequence[str]) -> dict[str, float]:
    """The evidence for each language: the sum of what each (lower-case) word says."""
    scores: dict[str, float] = {}
    for word in words:
        for language, weight in weigh(word):
            scores[language] = scores.get(language, 0.0) + weight
    return scores


@lru_cache(maxsize=100_000)
def weigh(word: str) -> tuple[tuple[str, float], ...]:
    """What one word says: (language, weight) pairs; empty where it says nothing."""
    telling = _telling()
    known = telling.words.get(word)
    if known is not None:
        return tuple(known.items())
    found: dict[str, float] = {}
    if len(word) >= _MIN_PATTERN_CHARS:
        for pattern, weights in telling.patterns:
            if pattern.search(word):
                for language, weight in weights.items():
                    found[language] = found.get(language, 0.0) + weight
    return tuple(found.items())


_MIN_PATTERN_CHARS = 4


class _Telling:
    """`data/telling.txt`: whole words, and patterns for the words that are not listed."""

    def __init__(self) -> None:
        self.words: dict[str, dict[str, float]] = {}
        self.patterns: list[tuple[re.Pattern[str], dict[str, float]]] = []
        for entry, languages, weight in _read_telling():
            weights = dict.fromkeys(languages, weight)
            if "-" in entry:
                body = re.escape(entry.strip("-"))
                ahead = "(?<!^)" if entry.startswith("-") else "^"
                behind = "(?!$)" if entry.endswith("-") else "$"
                self.patterns.append((re.compile(ahead + body + behind), weights))
            else:
                known = self.words.setdefault(entry, {})
                for language in languages:
                    known[language] = max(known.get(language, weight), weight)


@lru_cache(maxsize=1)
def _telling() -> _Telling:
    return _Telling()


def _read_telling() -> Iterator[tuple[str, list[str], float]]:
    """(entry, languages, weight) of each entry of the file."""
    text = files("pipeline.nordic").joinpath("data/telling.txt").read_text("utf-8")
    languages: list[str] = []
    weight = 0.0
    for line in text.splitlines():
        if line.startswith("["):
            *languages, number = line.strip("[]").split()
            weight = float(number)
        elif not line.startswith("#"):
            for entry in line.split():
                yield entry, languages, weight


def _is_settled(scores: dict[str, float], n_words: int) -> bool:
    """Whether the text is one of the three beyond doubt, and Danish or Norwegian beyond doubt."""
    danish = scores.get("da", 0.0)
    norwegian = max(scores.get("nb", 0.0), scores.get("nn", 0.0))
    nordic = max(danish, norwegian)
    foreign = max((scores[other] for other in scores if other not in NORDIC), default=0.0)
    return (
        nordic - foreign >= _STRONG
        and nordic >= _MIN_A_WORD * n_words
        and abs(danish - norwegian) >= _CLOSE
    )


def _add_guesses(scores: dict[str, float], text: str, trust: float) -> None:
    """Add what langdetect thinks to the evidence. Its Norwegian speaks for both nb and nn."""
    try:
        guesses = detect_langs(text[:_MAX_CHARS_FOREIGN].lower())
    except LangDetectException:  # no letters that it knows
        return
    for guess in guesses:
        for language in _LANGDETECT.get(guess.lang, (guess.lang,)):
            scores[language] = scores.get(language, 0.0) + _LANGDETECT_WORTH * trust * guess.prob


def _confidence(scores: dict[str, float], best: str) -> float:
    rivals = [score for language, score in scores.items() if language != best]
    margin = scores.get(best, 0.0) - max([*rivals, 0.0])
    return round(1 / (1 + math.exp(-min(_SLOPE * margin + _OFFSET, 30.0))), 4)
