"""Which phrases of a codebook a sentence has, by its terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.cluster.codebook import Codebook, Phrase


class _Entry(NamedTuple):
    """A phrase in a theme."""

    theme_id: str
    phrase: Phrase
    excludes: bool  # whether it rules the theme out


class Match(NamedTuple):
    """What a sentence has of a codebook."""

    phrases: dict[str, list[Phrase]]  # theme_id -> those of its phrases that are there
    ruled_out: frozenset[str]  # the themes that an excluded phrase rules out; they have no phrases


class Matcher:
    """Finds the themes of a codebook in sentences, by their terms.

    A phrase is in a sentence that has each of its words, wherever they stand: all parts of the
    word's term are among the sentence's terms or the parts of these. So *klima* is in
    *klimakonto*, and *klimakonto* in *kontoen for klimaet*; but *behov* is not in *brugerbehov*,
    which the lexicon has as a word of its own.
    """

    def __init__(self, codebook: Codebook) -> None:
        self._entries = list(_list_entries(codebook))
        self._entries_with: dict[str, list[int]] = {}  # term -> places in _entries
        for place, entry in enumerate(self._entries):
            for term in frozenset().union(*entry.phrase.terms):
                self._entries_with.setdefault(term, []).append(place)
        self._parts = {term: frozenset(term.split("+")) for term in self._entries_with}
        self._terms_with: dict[str, list[str]] = {}  # part -> terms
        for term, parts in self._parts.items():
            for part in parts:
                self._terms_with.setdefault(part, []).append(term)

    def find(self, terms: Iterable[str]) -> Match:
        """What a sentence with these terms has of the codebook, in the codebook's order."""
        present = self._find_terms({part for term in terms for part in term.split("+")})
        places = {place for term in present for place in self._entries_with[term]}
        found: dict[str, list[Phrase]] = {}
        ruled_out: set[str] = set()
        for place in sorted(places):
            entry = self._entries[place]
            if any(present.isdisjoint(word) for word in entry.phrase.terms):
                continue
            if entry.excludes:
                ruled_out.add(entry.theme_id)
            else:
                found.setdefault(entry.theme_id, []).append(entry.phrase)
        kept = {theme: phrases for theme, phrases in found.items() if theme not in ruled_out}
        return Match(kept, frozenset(ruled_out))

    def _find_terms(self, parts: set[str]) -> set[str]:
        """The codebook's terms that a sentence with these parts has."""
        near = {term for part in parts for term in self._terms_with.get(part, ())}
        return {term for term in near if self._parts[term] <= parts}


def _list_entries(codebook: Codebook) -> Iterator[_Entry]:
    for theme in codebook.themes:
        for excludes, phrases in ((False, theme.phrases), (True, theme.excluded)):
            for phrase in phrases:
                yield _Entry(theme.theme_id, phrase, excludes)
