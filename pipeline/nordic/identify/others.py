"""Which of the many languages it is, of a text that is none of those that the model knows.

langdetect judges (seeded: it draws at random). It knows no Sami, Greenlandic or Luxembourgish, and
says something else of those; where it is in doubt, or says what the model rules out, the language
stays open.
"""

from __future__ import annotations

from threading import Lock

from langdetect import DetectorFactory, LangDetectException, detect_langs

DetectorFactory.seed = 0  # the same text must give the same answer

MAX_CHARS = 600
MIN_PROBABILITY = 0.7
_RULED_OUT = ("da", "no")
# The library reads its profiles into a place of its own when it is first asked
_turn = Lock()
_CODES = {"zh-cn": "zh", "zh-tw": "zh"}


def name_language(text: str) -> tuple[str, float]:
    """(ISO 639-1 code, langdetect's probability); ("", 0.0) where there is no telling."""
    try:
        with _turn:
            guesses = detect_langs(text[:MAX_CHARS].lower())
    except LangDetectException:  # no letters that it knows
        return "", 0.0
    best = guesses[0]
    if best.prob < MIN_PROBABILITY or best.lang in _RULED_OUT:
        return "", 0.0
    return _CODES.get(best.lang, best.lang), float(best.prob)
