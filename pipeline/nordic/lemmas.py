"""How a term is written: its lemma in Danish or in Norwegian, and how much it says by itself."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from pipeline.nordic.lexicon import load_lexicon

# The languages in which a group's words are sought, the more usual first
LANGUAGES_OF = {"da": ("da",), "no": ("nb", "nn")}

# Parts of speech by what a word of it says of a text: what it is about is said by nouns.
_SAYING = {"n": 1.0, "v": 0.5, "a": 0.5, "adv": 0.2, "num": 0.1}
_NAME_SAYS = 0.3  # of a word that the lexicon has not, too: most are people's names
# A concept as common as this one, by its place, says half as much as a rare one.
_HALF = 300


def write_lemma(term: str, group: str, surfaces: Iterable[str]) -> str:
    """The lemma of a term as the group's texts write it; empty where it has no word for it.

    `surfaces` are the forms that its texts have, the commonest first; without them, a concept of
    the lexicon is written as its first row says.
    """
    concepts = term.split("+")
    for surface in surfaces:
        for language in LANGUAGES_OF[group]:
            if lemma := _find_lemma(surface, language, concepts[-1]):
                return lemma
        return surface
    if len(concepts) == 1 and (place := _number_concepts().get(term)) is not None:
        concept = load_lexicon().describe(place)
        return concept.da[0] if group == "da" else concept.nb[0]
    return ""


@lru_cache(maxsize=50_000)
def _find_lemma(surface: str, language: str, concept: str) -> str:
    """A form's lemma, where its last part may mean this concept: *klimakontoen*, *klimakonto*."""
    lexicon = load_lexicon()
    last = lexicon.analyse(surface, language)[-1]
    for reading in last.readings:
        if lexicon.concepts[reading.concept] == concept and surface.endswith(last.text):
            return surface[: len(surface) - len(last.text)] + reading.lemma
    return ""


def rate_term(term: str) -> float:
    """How much a term says of what a text is about, 0 to 1: rare nouns and compounds the most."""
    concepts = term.split("+")
    kind = concepts[-1].rpartition(".")[2]
    says = _SAYING.get(kind, _NAME_SAYS)
    if len(concepts) > 1:
        return says
    place = _number_concepts().get(term)
    return says if place is None else says * place / (place + _HALF)


@cache
def _number_concepts() -> dict[str, int]:
    return {name: place for place, name in enumerate(load_lexicon().concepts)}
