"""Compounds and their parts: *brukeropplevelse* = *bruker* + *opplevelse*.

The three languages write compounds as one word and make new ones every day; no word list has them.
The last part is inflected and says what the thing is; the parts before it are lemmas or stems of
verbs, with -s- or -e- between. Here are the places to cut and what a first part may stand for; what
the parts are is for the lexicon to say.
"""

from __future__ import annotations

from collections.abc import Container

MIN_PART = 3
# Words of two letters that do begin or end compounds; of all others, most cuts would be chance.
_SHORT = "bo by ed eu fn is it sø to tv ø øl øy år"
SHORT = frozenset(_SHORT.split())
# What stands before a word and changes its sense little or into its opposite. The word itself says
# what the sentence is about.
_PREFIXES = """
anti eks ex ikke ikkje mega mini mikro multi neo nær non post pre pro pseudo re semi super ultra
gen gjen att sam mis u van over under for fore
"""
PREFIXES = frozenset(_PREFIXES.split())

# Parts of speech that a first part may have with nothing taken off it
_ANY = frozenset({"NOUN", "ADJ", "PROPN", "VERB", "ADV", "NUM"})
_NOUN = frozenset({"NOUN"})
_NAME = frozenset({"NOUN", "PROPN"})
_STEM = frozenset({"VERB", "NOUN"})
_NOMINAL = frozenset({"NOUN", "ADJ"})

FirstPart = tuple[str, frozenset[str], float]  # lemma, parts of speech, cost


def find_cuts(word: str, *, inside: bool = False) -> list[int]:
    """Where `word` may be cut: how long the first part with its link may be, the longest first.

    `inside` a longer compound, the rest is no short word: *normal-is-ering* is no ice.
    """
    most = len(word) - MIN_PART
    return [
        at
        for at in range(len(word) - 2, 1, -1)
        if (at >= MIN_PART or word[:at] in SHORT)
        and (at <= most or (not inside and word[at:] in SHORT))
    ]


def find_first_parts(part: str, known: Container[str]) -> list[FirstPart]:
    """What among the lemmas `known` a first part with its link may stand for.

    A link that is written out is a sign that the cut is right, and costs less.
    """
    found: list[FirstPart] = []
    if part in known:
        found.append((part, _ANY, 0.0))
    if part + "e" in known:
        found.append((part + "e", _STEM, 0.2))  # bruk-, kjøp-; skole, skol-
    if len(part) <= MIN_PART:
        return found
    last, stem = part[-1], part[:-1]
    if last == "s":
        if stem in known:
            # arbeids-time; *klokke-spill* and not *klokkes-pill*, though some in -e have it:
            # yrkes-valg
            cost = 0.15 if part[-2] == "e" and part[-5:] != "elses" else -0.15
            found.append((stem, _NAME, cost))
        if stem + "e" in known:
            found.append((stem + "e", _NOUN, 0.1))  # da arbejds-glæde
    elif last == "e":
        if stem in known:
            found.append((stem, _NOMINAL, 0.1))  # barne-hage
    elif last == "r":
        if part[-2] in "ea" and len(part) > MIN_PART + 1:
            if part[:-2] in known:
                found.append((part[:-2], _NOUN, 0.1))  # blomster-bed, studentar-hus
            if stem in known:
                found.append((stem, _NOUN, 0.1))
    elif last == "n" and stem in known:
        found.append((stem, _NOUN, 0.1))  # øyen-
    return found
