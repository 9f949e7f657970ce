"""What is counted of each theme over the corpus's parts: its words, documents and examples.

Words are counted by number, so that a part takes few steps whatever its length, and what is held
grows with the vocabulary alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.nordic import GROUPS

N_EXAMPLES = 3
SIDES = ("da", "no")

# So many words an example has, at least and at most
_FEWEST_WORDS, _MOST_WORDS = 6, 40
_WORD = re.compile(r"\w+")
# Keys of several numbers: the last one has so many bits
_BITS = 31
# Counts wait until there are so many, or as many as are known, before they are added up
_WAITING = 500_000


class Uses(NamedTuple):
    """A theme's terms, in the order of their numbers."""

    terms: np.ndarray  # int64 (terms,): their numbers in `ThemeCounts.terms`
    n: np.ndarray  # int64 (sides, terms): uses, in the order of SIDES
    n_documents: np.ndarray  # int64 (terms,): documents that use it in the theme


class ThemeCounts:
    """What is counted over a corpus's parts: terms by theme and side, and the best examples.

    Arrays by theme are in the order of `theme_ids`, those by side in the order of SIDES. A document
    lies within one part, so that the parts' numbers of documents add up.
    """

    def __init__(self, theme_ids: Sequence[str]) -> None:
        self.theme_ids = list(theme_ids)
        self.n_sentences = np.zeros((len(theme_ids), len(SIDES)), dtype=np.int64)
        self.n_documents = np.zeros(len(theme_ids), dtype=np.int64)
        # Of the document that has most sentences of the theme, how many these are
        self.n_in_one = np.zeros(len(theme_ids), dtype=np.int64)
        self.n_documents_in_all = 0
        self._terms, self._surfaces = _Numbers(), _Numbers()
        self._uses, self._spread, self._written = _Sums(), _Sums(), _Sums()
        self._candidates: dict[tuple[int, int], list[tuple[float, str, str]]] = {}

    @property
    def terms(self) -> list[str]:
        """All terms, by their numbers."""
        return self._terms.names

    def add(self, sentences: pd.DataFrame, terms: pd.DataFrame, assignments: pd.DataFrame) -> None:
        """Add one part's tables."""
        columns = ["sentence_id", "theme_id", "strength"]
        table = sentences.merge(assignments[columns], on="sentence_id", validate="one_to_one")
        theme = pd.Index(self.theme_ids).get_indexer(pd.Index(table["theme_id"]))
        side = pd.Index(SIDES).get_indexer(pd.Index(table["language"].map(GROUPS)))
        own = (theme >= 0) & (side >= 0)
        table, theme, side = table[own].reset_index(drop=True), theme[own], side[own]
        document = pd.factorize(table["doc_id"])[0]
        np.add.at(self.n_sentences, (theme, side), 1)
        self._add_documents(theme, document)
        self._add_terms(terms, table["sentence_id"], theme, side, document)
        self._add_candidates(table, theme, side)

    def _add_documents(self, theme: np.ndarray, document: np.ndarray) -> None:
        pairs, n = np.unique(_join(theme, document), return_counts=True)
        of_theme = _split(pairs)[0]
        np.add.at(self.n_documents, of_theme, 1)
        np.maximum.at(self.n_in_one, of_theme, n)
        self.n_documents_in_all += len(np.unique(document))

    def _add_terms(
        self,
        terms: pd.DataFrame,
        sentence_ids: pd.Series,
        theme: np.ndarray,
        side: np.ndarray,
        document: np.ndarray,
    ) -> None:
        # Each sentence is looked up once, not once for each of its terms
        of_row, asked = pd.factorize(terms["sentence_id"])
        row = pd.Index(sentence_ids).get_indexer(pd.Index(asked))[of_row]
        known = row >= 0
        row, n = row[known], terms["n"].to_numpy()[known]
        term = self._terms.number(terms["term"])[known]
        surface = self._surfaces.number(terms["surface"])[known]
        self._uses.add(_join(theme[row] * len(SIDES) + side[row], term), n)
        self._written.add(_join(_join(side[row], term), surface), n)
        # Each term of a theme once a document: numbered, so that three fit into a key
        cells, of_cell = np.unique(_join(theme[row], term), return_inverse=True)
        once = np.unique(_join(of_cell, document[row]))
        self._spread.add(cells[_split(once)[0]], np.ones(len(once), dtype=np.int64))

    def _add_candidates(self, table: pd.DataFrame, theme: np.ndarray, side: np.ndarray) -> None:
        """Keep the sentences nearest each theme's centre, at most one a document."""
        table = table.assign(theme=theme, side=side)[table["kind"] == "paragraph"]
        best = table.sort_values(["strength", "sentence_id"], ascending=[False, True])
        columns = ["strength", "sentence_id", "text", "doc_id"]
        for (own, which), rows in best.groupby(["theme", "side"], sort=False):
            found = _choose_examples(rows[columns].itertuples(index=False, name=None))
            self._keep_best((int(str(own)), int(str(which))), found)

    def _keep_best(self, place: tuple[int, int], more: list[tuple[float, str, str]]) -> None:
        known = self._candidates.setdefault(place, [])
        known += more
        known.sort()
        del known[N_EXAMPLES:]

    def settle(self) -> None:
        """Add up what waits, before it goes to another process."""
        for sums in (self._uses, self._spread, self._written):
            sums.settle()

    def merge(self, other: ThemeCounts) -> None:
        """Add what was counted over other parts, of the same themes."""
        self.n_sentences += other.n_sentences
        self.n_documents += other.n_documents
        self.n_in_one = np.maximum(self.n_in_one, other.n_in_one)
        self.n_documents_in_all += other.n_documents_in_all
        term = self._terms.number_all(other._terms.names)
        surface = self._surfaces.number_all(other._surfaces.names)
        for own, its in ((self._uses, other._uses), (self._spread, other._spread)):
            keys, n = its.settle()
            first, its_term = _split(keys)
            own.add(_join(first, term[its_term]), n)
        keys, n = other._written.settle()
        pair, its_surface = _split(keys)
        side, its_term = _split(pair)
        self._written.add(_join(_join(side, term[its_term]), surface[its_surface]), n)
        for place, more in other._candidates.items():
            self._keep_best(place, more)

    def list_uses(self) -> list[Uses]:
        """What each theme's words are."""
        keys, n = self._uses.settle()
        spread_keys, spread = self._spread.settle()
        group, term = _split(keys)
        found = []
        for theme in range(len(self.theme_ids)):
            start, end = np.searchsorted(spread_keys, _join(np.array([theme, theme + 1]), 0))
            own = _split(spread_keys[start:end])[1]
            of_sides = np.zeros((len(SIDES), len(own)), dtype=np.int64)
            for side in range(len(SIDES)):
                rows = slice(*np.searchsorted(group, theme * len(SIDES) + side + np.arange(2)))
                of_sides[side, np.searchsorted(own, term[rows])] = n[rows]
            found.append(Uses(own, of_sides, spread[start:end]))
        return found

    def find_surface(self, side: str, term: int) -> str | None:
        """A term's commonest form in a side's texts, the shortest, then the first, of several."""
        keys, n = self._written.settle()
        wanted = _join(_join(np.array([SIDES.index(side)]), term), 0)[0]
        rows = slice(*np.searchsorted(keys, [wanted, wanted + (1 << _BITS)]))
        names = [self._surfaces.names[number] for number in _split(keys[rows])[1]]
        ranked = sorted(zip(-n[rows], map(len, names), names, strict=True))
        return ranked[0][2] if ranked else None

    def list_examples(self, theme: int, side: str) -> list[str]:
        """A theme's best examples in one language."""
        return [text for _, _, text in self._candidates.get((theme, SIDES.index(side)), [])]


def _choose_examples(
    rows: Iterable[tuple[float, str, str, str]],
) -> list[tuple[float, str, str]]:
    """The first that have as many words as an example should, each of another document."""
    chosen: dict[str, tuple[float, str, str]] = {}
    for strength, sentence_id, text, doc_id in rows:
        if doc_id in chosen or not _FEWEST_WORDS <= len(_WORD.findall(text)) <= _MOST_WORDS:
            continue
        chosen[doc_id] = (-strength, sentence_id, text)
        if len(chosen) == N_EXAMPLES:
            break
    return list(chosen.values())


class _Numbers:
    """Numbers for names, in the order in which they come."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._known: dict[str, int] = {}

    def number(self, names: pd.Series) -> np.ndarray:
        """int64 (n,)."""
        codes, unique = pd.factorize(names)
        numbers = self.number_all(unique.tolist())
        return numbers[codes] if len(numbers) else codes.astype(np.int64)

    def number_all(self, names: Sequence[str]) -> np.ndarray:
        """int64 (n,)."""
        return np.array([self._number(name) for name in names], dtype=np.int64)

    def _number(self, name: str) -> int:
        number = self._known.setdefault(name, len(self.names))
        if number == len(self.names):
            self.names.append(name)
        return number


class _Sums:
    """Whole numbers by key, added up now and then, so that few wait."""

    def __init__(self) -> None:
        self._known = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        self._waiting: list[tuple[np.ndarray, np.ndarray]] = []

    def add(self, keys: np.ndarray, n: np.ndarray) -> None:
        self._waiting.append(_add_up(keys, n))
        if sum(len(own) for own, _ in self._waiting) > max(_WAITING, len(self._known[0])):
            self.settle()

    def settle(self) -> tuple[np.ndarray, np.ndarray]:
        """The keys, ascending, and the sum of each."""
        if self._waiting:
            keys, n = zip(self._known, *self._waiting, strict=True)
            self._known = _add_up(np.concatenate(keys), np.concatenate(n))
            self._waiting = []
        return self._known


def _add_up(keys: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each key once, ascending, with its sum."""
    order = np.argsort(keys, kind="stable")
    keys, n = keys[order], n[order].astype(np.int64)
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else order
    return keys[starts], np.add.reduceat(n, starts) if len(keys) else n


def _join(first: np.ndarray, second: np.ndarray | int) -> np.ndarray:
    """Two numbers as one key, in the order of the first and then of the second."""
    keys: np.ndarray = (first.astype(np.int64) << _BITS) | second
    return keys


def _split(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two numbers of a key."""
    return keys >> _BITS, keys & ((1 << _BITS) - 1)
