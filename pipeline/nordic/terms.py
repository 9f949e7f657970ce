"""The term of a word: the key under which its forms, its synonyms and its counterparts meet.

For a word of the lexicon it is the concept (*innbyggerne*, *borgerne*: `citizen.n`), for a compound
the concepts of its parts (*klimakonto*: `climate.n+account_bank.n`), for any other word its folded
spelling. Each is the same in the three languages.
"""

from __future__ import annotations

from pipeline.nordic.folding import fold_term
from pipeline.nordic.lexicon import LANGUAGES, Part, Reading, find_parts, load_lexicon

# After the one a noun comes, unless an adjective stands between; after the other a verb.
_NOUNS = """
en et ein ei eit hver hvert kvar kvart enhver ethvert min mit mitt din dit ditt sin sitt
"""
_VERBS = """
at å jeg eg du han hun ho vi man kan skal vil må bør kunne skulle ville måtte burde
"""
# The word before -> the part of speech that comes after it
EXPECTED_POS = {
    **dict.fromkeys(_NOUNS.split(), "NOUN"),
    **dict.fromkeys(_VERBS.split(), "VERB"),
}


def find_term(word: str, language: str, before: str = "", name: bool = False) -> str:
    """The term of a lower-case word; empty where nothing is left of it.

    `before` is the word that stands before it: *en bruger* is a user, *vi bruger* is using. `name`:
    whether it is likely one.
    """
    return find_term_as(word, language, EXPECTED_POS.get(before, ""), name)


def find_term_as(word: str, language: str, pos: str, name: bool) -> str:
    """As `find_term`, of a word that is likely of this part of speech, or of any if it is empty."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    parts = find_parts(word, known, name, remember=True)
    if not any(part.readings for part in parts):
        term = fold_term(word)
        return term if any(map(str.isalnum, term)) else ""
    return "+".join(filter(None, [_name(part, pos) for part in parts]))


def _name(part: Part, pos: str) -> str:
    if not part.readings:
        return fold_term(part.text)
    return load_lexicon().concepts[choose_reading(part, pos).concept]


def choose_reading(part: Part, pos: str = "") -> Reading:
    """The likeliest of a part's readings, of this part of speech if there is one."""
    likely = part.find_likely(pos)
    if len(likely) == 1:
        return likely[0]
    return max(likely, key=lambda reading: reading.rate(part.text))
