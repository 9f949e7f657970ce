"""From an inflected form to the lemmas that it may belong to.

A form is cut at each ending of its language and part of speech, and the stem made a lemma again:
*brukerne* → *bruker*, *bruke*, *brukern*. Most of what comes out is no word; the caller keeps what
the lexicon has, with that part of speech. So gender and class need not be written into the lexicon,
and a word that is inflected in an uncommon way is still found; only forms that change the stem
(*bøger*, *skrev*) are listed there.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

# How sure a reading is: the lemma as it stands or a listed form; a regular ending; a form without
# an ending, which any noun may look like (imperatives).
AS_LISTED, REGULAR, BARE = 0, 1, 2

# (lemma, parts of speech that it may have, rank)
Candidate = tuple[str, frozenset[str], int]

# Endings by part of speech and language, and what takes their place in the lemma: "" is nothing,
# "+" doubles the last consonant of the stem.
_ENDINGS: dict[str, dict[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "NOUN": {
        "da": (
            ("erne", ("", "e", "um")),
            ("ene", ("", "e", "um")),
            ("rne", ("",)),
            ("ne", ("",)),
            ("en", ("", "e")),
            ("et", ("", "e", "um")),
            ("er", ("", "e", "um")),
            ("n", ("",)),
            ("t", ("",)),
            ("r", ("",)),
            ("e", ("",)),
            ("a", ("um", "on")),
        ),
        "nb": (
            ("ene", ("", "e", "um")),
            ("ne", ("",)),
            ("en", ("", "e", "um")),
            ("et", ("", "e", "um")),
            ("er", ("", "e", "um")),
            ("a", ("", "e", "um")),
            ("n", ("",)),
            ("t", ("",)),
            ("r", ("",)),
            ("e", ("",)),
        ),
        "nn": (
            # innbyggar beside innbyggjar
            ("arane", ("jar",)),
            ("arar", ("jar",)),
            ("aren", ("jar",)),
            ("ar", ("jar",)),
            ("ane", ("", "e")),
            ("ene", ("", "e", "um")),
            ("en", ("", "e")),
            ("et", ("", "e", "um")),
            ("er", ("", "e", "um")),
            ("ar", ("", "e")),
            ("a", ("", "e", "um")),
            ("i", ("", "e")),
            ("n", ("",)),
            ("t", ("",)),
            ("r", ("",)),
            ("e", ("",)),
        ),
    },
    "VERB": {
        "da": (
            ("edes", ("e",)),
            ("ende", ("e", "")),
            ("ede", ("e", "")),
            ("tes", ("e", "+e")),
            ("te", ("e", "+e")),
            ("et", ("e", "")),
            ("es", ("e",)),
            ("er", ("e", "")),
            ("r", ("",)),
            ("t", ("e", "+e", "")),
            ("s", ("",)),
        ),
        "nb": (
            ("ende", ("e", "")),
            ("ede", ("e",)),
            ("ete", ("e",)),
            ("dde", ("",)),
            ("te", ("e", "+e")),
            ("de", ("e", "+e")),
            ("et", ("e",)),
            ("es", ("e",)),
            ("er", ("e", "")),
            ("dd", ("",)),
            ("d", ("e", "+e")),
            ("a", ("e",)),
            ("r", ("",)),
            ("t", ("e", "+e")),
            ("s", ("",)),
        ),
        "nn": (
            ("ande", ("e", "je", "")),
            ("dde", ("",)),
            ("ast", ("e", "je")),
            ("est", ("e", "je")),
            ("te", ("e", "je", "+e", "+je")),
            ("de", ("e", "je", "+e", "+je")),
            ("ar", ("e", "je")),
            ("er", ("e", "je", "")),
            ("dd", ("",)),
            ("d", ("e", "je", "+e", "+je")),
            ("t", ("e", "je", "+e", "+je")),
            ("a", ("e", "je")),
            ("r", ("",)),
        ),
    },
    "ADJ": {
        "da": (
            ("este", ("", "e")),
            ("est", ("", "e")),
            ("ste", ("",)),
            ("ere", ("", "e")),
            ("ede", ("et",)),
            ("st", ("",)),
            ("t", ("",)),
            ("e", ("", "et")),
        ),
        "nb": (
            ("este", ("", "e")),
            ("est", ("", "e")),
            ("ste", ("",)),
            ("ere", ("", "e")),
            ("ede", ("et",)),
            ("ete", ("et",)),
            ("st", ("",)),
            ("tt", ("",)),
            ("t", ("",)),
            ("e", ("",)),
            ("a", ("et",)),
        ),
        "nn": (
            ("aste", ("", "e")),
            ("ast", ("", "e")),
            ("are", ("", "e")),
            ("ete", ("et", "a")),
            ("tt", ("",)),
            ("t", ("",)),
            ("e", ("", "a")),
        ),
    },
    "ADV": {"da": (), "nb": (), "nn": ()},
    "PROPN": {"da": (), "nb": (), "nn": ()},
    "NUM": {"da": (), "nb": (), "nn": ()},
}
_ALL = frozenset(_ENDINGS)
_NAMES = frozenset({"NOUN", "PROPN"})
_NOUNS = frozenset({"NOUN"})
_VERBS = frozenset({"VERB"})

_VOWELS = frozenset("aeiouyæøåéêôäö")
_DOUBLED = frozenset("bdfgklmnprst")
_APOSTROPHES = "'’-"  # what may stand before the -s of a genitive
_MIN_STEM = 2
START = 5  # letters that are looked at to see whether a form begins like a word


class End(NamedTuple):
    """How a lemma may end where a form has an ending."""

    letters: str
    doubles: bool  # the last consonant of the stem is doubled before these letters
    pos: frozenset[str]  # parts of speech that the lemma may have
    # Parts of speech of a lemma whose stem loses or doubles a letter before the ending
    mended: frozenset[str]


Ending = tuple[int, tuple[End, ...]]  # (how many letters it takes, each end of a lemma once)


def _collect(language: str, pos: Iterable[str]) -> dict[str, tuple[End, ...]]:
    """ending -> ends of lemmas, of these parts of speech."""
    collected: dict[str, dict[str, set[str]]] = {}
    for one in pos:
        for ending, lemma_ends in _ENDINGS[one][language]:
            for lemma_end in lemma_ends:
                collected.setdefault(ending, {}).setdefault(lemma_end, set()).add(one)
    return {
        ending: tuple(_make_end(ending, end, frozenset(own)) for end, own in ends.items())
        for ending, ends in collected.items()
    }


def _make_end(ending: str, lemma_end: str, pos: frozenset[str]) -> End:
    may_be_mended = not lemma_end and ending[0] in _VOWELS  # regl-er, buss-en
    return End(
        lemma_end.removeprefix("+"),
        lemma_end.startswith("+"),
        pos,
        pos - _VERBS if may_be_mended else frozenset(),
    )


_LANGUAGES = ("da", "nb", "nn")
_RULES = {language: _collect(language, _ENDINGS) for language in _LANGUAGES}
_NOUN_RULES = {language: _collect(language, ["NOUN"]) for language in _LANGUAGES}
_GENITIVE = (End("", False, _NAMES, frozenset()),)
_LONGEST = max(len(ending) for rules in _RULES.values() for ending in rules)


def match_endings(word: str, language: str) -> tuple[Ending, ...]:
    """The endings that a word in lower case may have in da, nb or nn, the genitive last."""
    found = _match(word, _RULES[language])
    if word[-1:] == "s":
        base = word[:-1].rstrip(_APOSTROPHES)
        taken = len(word) - len(base)
        found.append((taken, _GENITIVE))
        found += [(taken + n, ends) for n, ends in _match(base, _NOUN_RULES[language])]
    return tuple(found)


def _match(word: str, rules: Mapping[str, tuple[End, ...]]) -> list[Ending]:
    lengths = range(1, min(_LONGEST, len(word)) + 1)
    return [(length, ends) for length in lengths if (ends := rules.get(word[-length:]))]


# language -> ending, with a genitive's -s too -> the endings that are in it, itself among them
_ENDINGS_WITHIN = {
    language: {
        ending: match_endings(ending, language)
        for ending in ("s", *_RULES[language], *(f"{noun}s" for noun in _NOUN_RULES[language]))
    }
    for language in _LANGUAGES
}
_LAST_LETTERS = frozenset(ending[-1] for known in _ENDINGS_WITHIN.values() for ending in known)


def find_endings(word: str, language: str) -> tuple[Ending, ...]:
    """As `match_endings`, by the longest ending of the word, which tells the others."""
    if word[-1:] not in _LAST_LETTERS:
        return ()
    if word[-2:-1] and word[-2] in _APOSTROPHES:
        return match_endings(word, language)
    known = _ENDINGS_WITHIN[language]
    for length in range(_LONGEST + 1, 0, -1):
        if found := known.get(word[-length:]):
            return found
    return ()


def find_candidates(
    form: str, endings: Iterable[Ending], known: Container[str], starts: Container[str]
) -> list[Candidate]:
    """The lemmas among `known` that `form` may belong to, itself first; `endings` as found in it.

    `starts`: what `known` begin with (`find_starts`). Of the lemmas that could be made of a form
    nearly all are no words, and most of these don't even begin like one.
    """
    found: list[Candidate] = []
    begins = form[:START] in starts
    if begins and form in known:
        found.append((form, _ALL, AS_LISTED))
    for taken, ends in endings:
        length = len(form) - taken
        # The last letter of the stem may be another in the lemma
        if length > START:
            if not begins:
                continue
        elif length < _MIN_STEM or form[: length - 1] not in starts:
            continue
        stem = form[:length]
        for letters, doubles, pos, mended in ends:
            if not doubles:
                if (lemma := stem + letters) in known:
                    found.append((lemma, pos, REGULAR))
                if mended and length > _MIN_STEM and (lemmas := _mend_stem(stem)):
                    found += [(lemma, mended, REGULAR) for lemma in lemmas if lemma in known]
            elif _may_double(stem) and (lemma := stem + stem[-1] + letters) in known:
                found.append((lemma, pos, REGULAR))  # bestem-t, bestemme
    return found


def _mend_stem(stem: str) -> tuple[str, ...]:
    """The lemmas of nouns and adjectives that lose or double a letter before an ending's vowel."""
    last, before = stem[-1], stem[-2]
    if last == before:
        return (stem[:-1],)  # bus, bussen; rom, rommet
    if last in "lnr" and before not in "aeåæøo":
        # The e of -el, -en, -er is dropped, and a double consonant before it: regler, artikler
        whole = f"{stem[:-1]}e{last}"
        return (whole, f"{stem[:-1]}{before}e{last}") if stem[-3] in _VOWELS else (whole,)
    return ()


def find_bare(form: str, language: str, known: Container[str]) -> list[Candidate]:
    """The verbs among `known` of which `form` may be the imperative: bruk, kom."""
    found: list[Candidate] = []
    may_double = _may_double(form)
    for end in ("e", "je") if language == "nn" else ("e",):
        if (lemma := form + end) in known:
            found.append((lemma, _VERBS, BARE))
        if may_double and (lemma := form + form[-1] + end) in known:
            found.append((lemma, _VERBS, BARE))
    return found


def find_starts(lemmas: Iterable[str]) -> frozenset[str]:
    """What words begin with: their first letters, and whatever these begin with."""
    longest = {lemma[:START] for lemma in lemmas}
    return frozenset().union(*({start[:n] for start in longest} for n in range(START + 1)))


def _may_double(stem: str) -> bool:
    """Whether the last consonant can be doubled before a vowel: kom, bestem, byg."""
    return len(stem) >= _MIN_STEM and stem[-1] in _DOUBLED and stem[-2] in _VOWELS
