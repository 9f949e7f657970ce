"""From an inflected form to the lemmas that it may belong to.

A form is cut at each ending of its language and part of speech, and the stem made a lemma again:
*brukerne* → *bruker*, *bruke*, *brukern*. Most of what comes out is no word; the caller keeps what
the lexicon has, with that part of speech. So gender and class need not be written into the lexicon,
and a word that is inflected in an uncommon way is still found; only forms that change the stem
(*bøger*, *skrev*) are listed there.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

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


Ends = tuple[tuple[str, frozenset[str]], ...]  # (end of the lemma, parts of speech), each end once


def _collect(pos: Iterable[str]) -> dict[str, dict[str, Ends]]:
    """language -> ending -> ends of lemmas, of these parts of speech."""
    rules = {}
    for language in ("da", "nb", "nn"):
        ends: dict[str, dict[str, set[str]]] = {}
        for one in pos:
            for ending, lemma_ends in _ENDINGS[one][language]:
                for lemma_end in lemma_ends:
                    ends.setdefault(ending, {}).setdefault(lemma_end, set()).add(one)
        rules[language] = {
            ending: tuple((end, frozenset(its_pos)) for end, its_pos in own.items())
            for ending, own in ends.items()
        }
    return rules


_RULES, _NOUN_RULES = _collect(_ENDINGS), _collect(["NOUN"])
_GENITIVE: Ends = (("", _NAMES),)
_LONGEST = max(len(ending) for rules in _RULES.values() for ending in rules)
_LAST_LETTERS = frozenset(ending[-1] for rules in _RULES.values() for ending in rules)

_VOWELS = frozenset("aeiouyæøåéêôäö")
_DOUBLED = frozenset("bdfgklmnprst")
_MIN_STEM = 2
_START = 5

# (letters that it takes, the first of them, what takes their place in the lemma and for what)
Ending = tuple[int, str, Ends]


def find_endings(word: str, language: str) -> list[Ending]:
    """The endings that a word in lower case may have in da, nb or nn, the genitive last."""
    found = _match(word, _RULES[language], 0)
    if word[-1:] == "s":
        base = word[:-1].rstrip("'’-")
        taken = len(word) - len(base)
        found.append((taken, "", _GENITIVE))
        found += _match(base, _NOUN_RULES[language], taken)
    return found


def _match(word: str, rules: Mapping[str, Ends], taken: int) -> list[Ending]:
    if word[-1:] not in _LAST_LETTERS:
        return []
    most = min(_LONGEST, len(word) - _MIN_STEM)
    return [
        (taken + length, word[-length], ends)
        for length in range(1, most + 1)
        if (ends := rules.get(word[-length:]))
    ]


def find_candidates(
    form: str, endings: Iterable[Ending], known: Container[str], starts: Container[str]
) -> list[Candidate]:
    """The lemmas among `known` that `form` may belong to, itself first; `endings` as found in it.

    `starts`: what `known` begin with (`find_starts`). Of the lemmas that could be made of a form
    nearly all are no words, and most of these don't even begin like one.
    """
    found: list[Candidate] = []
    begins = form[:_START] in starts
    if begins and form in known:
        found.append((form, _ALL, AS_LISTED))
    for taken, after, ends in endings:
        length = len(form) - taken
        if length < _MIN_STEM:
            continue
        # As `find_sure` has it
        if not (begins if length > _START else form[: length - 1] in starts):
            continue
        stem = form[:length]
        for end, pos in ends:
            if not end:
                if stem in known:
                    found.append((stem, pos, REGULAR))
                if after in _VOWELS and length > _MIN_STEM and (nominal := pos - _VERBS):
                    lemmas = _mend_stem(stem)
                    found += [(lemma, nominal, REGULAR) for lemma in lemmas if lemma in known]
            elif end[0] != "+":
                if (lemma := stem + end) in known:
                    found.append((lemma, pos, REGULAR))
            elif _may_double(stem) and (lemma := stem + stem[-1] + end[1:]) in known:
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


def find_bare(
    form: str, language: str, known: Container[str], starts: Container[str]
) -> list[Candidate]:
    """The verbs among `known` of which `form` may be the imperative: bruk, kom."""
    if form[:_START] not in starts:
        return []
    ends = ("e", "je") if language == "nn" else ("e",)
    stems = (form, form + form[-1]) if _may_double(form) else (form,)
    return [(stem + end, _VERBS, BARE) for end in ends for stem in stems if stem + end in known]


def find_starts(lemmas: Iterable[str]) -> frozenset[str]:
    """What words begin with, at each length that `find_sure` may give."""
    longest = {lemma[:_START] for lemma in lemmas}
    return frozenset().union(*({start[:n] for start in longest} for n in range(_START + 1)))


def find_sure(form: str, taken: int) -> int:
    """How many letters a form has from its lemma if an ending takes so many, at most _START.

    The last letter of the stem may be another.
    """
    return max(0, min(len(form) - taken - 1, _START))


def _may_double(stem: str) -> bool:
    """Whether the last consonant can be doubled before a vowel: kom, bestem, byg."""
    return len(stem) >= _MIN_STEM and stem[-1] in _DOUBLED and stem[-2] in _VOWELS
