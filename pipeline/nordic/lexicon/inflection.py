"""From an inflected form to the lemmas that it may belong to.

A form is cut at each ending of its language and part of speech, and the stem made a lemma again:
*brukerne* → *bruker*, *bruke*, *brukern*. Most of what comes out is no word; the caller keeps what
the lexicon has, with that part of speech. So gender and class need not be written into the lexicon,
and a word that is inflected in an uncommon way is still found; only forms that change the stem
(*bøger*, *skrev*) are listed there.
"""

from __future__ import annotations

from collections.abc import Iterator

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

# language -> ending -> (end of the lemma, parts of speech), each end once
_RULES: dict[str, dict[str, tuple[tuple[str, frozenset[str]], ...]]] = {}
for _language in ("da", "nb", "nn"):
    _ends: dict[str, dict[str, set[str]]] = {}
    for _pos, _tables in _ENDINGS.items():
        for _ending, _lemma_ends in _tables[_language]:
            for _lemma_end in _lemma_ends:
                _ends.setdefault(_ending, {}).setdefault(_lemma_end, set()).add(_pos)
    _RULES[_language] = {
        ending: tuple((end, frozenset(pos)) for end, pos in ends.items())
        for ending, ends in _ends.items()
    }
_LONGEST = max(len(ending) for rules in _RULES.values() for ending in rules)

_VOWELS = frozenset("aeiouyæøåéêôäö")
_DOUBLED = frozenset("bdfgklmnprst")
_MIN_STEM = 2


def find_candidates(form: str, language: str) -> Iterator[Candidate]:
    """The lemmas that `form` (lower case) may belong to in da, nb or nn; the form itself first."""
    yield form, _ALL, AS_LISTED
    yield from _uninflect(form, language, _ALL)
    for end in ("e", "je") if language == "nn" else ("e",):
        yield form + end, _VERBS, BARE  # bruk!
        if _may_double(form):
            yield form + form[-1] + end, _VERBS, BARE  # kom!
    if len(form) > _MIN_STEM and form[-1] == "s":
        base = form[:-1].rstrip("'’-")
        yield base, _NAMES, REGULAR
        yield from _uninflect(base, language, _NOUNS)


def _uninflect(form: str, language: str, wanted: frozenset[str]) -> Iterator[Candidate]:
    rules = _RULES[language]
    for length in range(1, min(_LONGEST, len(form) - _MIN_STEM) + 1):
        for end, pos in rules.get(form[-length:], ()):
            allowed = pos & wanted
            if allowed:
                yield from _make_lemmas(form[:-length], end, form[-length], allowed)


def _make_lemmas(stem: str, end: str, after: str, pos: frozenset[str]) -> Iterator[Candidate]:
    """The lemmas in `end` that have this stem before an ending whose first letter is `after`."""
    if end.startswith("+"):
        if _may_double(stem):
            yield stem + stem[-1] + end[1:], pos, REGULAR  # bestem-t, bestemme
        return
    yield stem + end, pos, REGULAR
    nominal = pos - _VERBS
    if end or after not in _VOWELS or not nominal or len(stem) <= _MIN_STEM:
        return
    if stem[-1] == stem[-2]:
        yield stem[:-1], nominal, REGULAR  # bus, bussen; rom, rommet
    elif stem[-1] in "lnr" and stem[-2] not in "aeåæøo":
        # The e of -el, -en, -er is dropped, and a double consonant before it: regler, artikler
        yield f"{stem[:-1]}e{stem[-1]}", nominal, REGULAR
        if stem[-3] in _VOWELS:
            yield f"{stem[:-1]}{stem[-2]}e{stem[-1]}", nominal, REGULAR


def _may_double(stem: str) -> bool:
    """Whether the last consonant can be doubled before a vowel: kom, bestem, byg."""
    return len(stem) >= _MIN_STEM and stem[-1] in _DOUBLED and stem[-2] in _VOWELS
