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

_VOWELS = frozenset("aeiouyæøåéêôäö")
_DOUBLED = frozenset("bdfgklmnprst")
_MIN_STEM = 2
_START = 4

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
    if form in known:
        found.append((form, _ALL, AS_LISTED))
    for taken, after, ends in endings:
        stem = form[:-taken]
        if len(stem) < _MIN_STEM or stem[: find_sure(form, taken)] not in starts:
            continue
        for end, pos in ends:
            for lemma, its_pos in _make_lemmas(stem, end, after, pos):
                if lemma in known:
                    found.append((lemma, its_pos, REGULAR))
    return found


def find_bare(form: str, language: str, known: Container[str]) -> list[Candidate]:
    """The verbs among `known` of which `form` may be the imperative: bruk, kom."""
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


def _make_lemmas(
    stem: str, end: str, after: str, pos: frozenset[str]
) -> list[tuple[str, frozenset[str]]]:
    """The lemmas in `end` that have this stem before an ending whose first letter is `after`."""
    if end[:1] == "+":
        # bestem-t, bestemme
        return [(stem + stem[-1] + end[1:], pos)] if _may_double(stem) else []
    lemmas = [(stem + end, pos)]
    if end or after not in _VOWELS or len(stem) <= _MIN_STEM:
        return lemmas
    last, before = stem[-1], stem[-2]
    if last == before:
        if nominal := pos - _VERBS:
            lemmas.append((stem[:-1], nominal))  # bus, bussen; rom, rommet
    elif last in "lnr" and before not in "aeåæøo" and (nominal := pos - _VERBS):
        # The e of -el, -en, -er is dropped, and a double consonant before it: regler, artikler
        lemmas.append((f"{stem[:-1]}e{last}", nominal))
        if stem[-3] in _VOWELS:
            lemmas.append((f"{stem[:-1]}{before}e{last}", nominal))
    return lemmas


def _may_double(stem: str) -> bool:
    """Whether the last consonant can be doubled before a vowel: kom, bestem, byg."""
    return len(stem) >= _MIN_STEM and stem[-1] in _DOUBLED and stem[-2] in _VOWELS
