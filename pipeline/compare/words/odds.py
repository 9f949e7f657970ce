"""Log-odds of each word in two groups, and what is left of them without any one document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.compare.words.counting import DECIMALS, LONGEST, Counted, read_cells
from pipeline.pieces import Pieces
from pipeline.store import read_scratch, write_scratch

# Pseudo-counts for each count of a group in a theme
PRIOR = 1.0

Array = np.ndarray


class Known(NamedTuple):
    """What log-odds are made of; a row is a theme × concept that may be ranked."""

    keys: Array  # int64 (rows,): theme and concept, ascending
    theme: Array  # (rows,)
    y: Array  # (rows, groups) uses, damped
    rate: Array  # (rows,) the concept's part of everything
    size: Array  # (themes, groups) y of all concepts

    def find(self, theme: Array, term: Array) -> tuple[Array, Array]:
        """The rows of themes and concepts, and which of them have one."""
        if not len(self.keys):
            return np.zeros(len(theme), dtype=np.int64), np.zeros(len(theme), dtype=bool)
        wanted = _make_keys(theme, term)
        rows = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return rows, self.keys[rows] == wanted


class Totals(NamedTuple):
    """What all parts have together of each row, and of each theme."""

    known: Known
    term: Array  # (rows,)
    n: Array  # (rows, groups) uses
    n_documents: Array  # (rows, groups)
    doubtful: Array  # (rows, groups) uses, damped, of forms that may mean it
    n_in_theme: Array  # (themes, groups) documents
    long_keys: Array  # int64 (long,): theme and document, ascending, of the longest of each group
    long_places: Array  # int64 (long,): the place of each among its group's
    lengths: Array  # (themes, groups, LONGEST + 1) y of the longest, 0 where there is none


def _make_keys(theme: Array, other: Array) -> Array:
    keys: Array = (theme.astype(np.int64) << 32) | other.astype(np.int64)
    return keys


def arrange(added: Counted) -> Totals:
    """Sums as arrays, with those rows alone that can be ranked: two documents of one group."""
    shape = added.n_documents.shape
    size = np.zeros(shape)
    lengths = np.zeros((*shape, LONGEST + 1))
    none = np.zeros(0, dtype=np.int64)
    if not len(added.uses):
        wide = np.zeros((0, shape[1]))
        known = Known(none, none, wide, np.zeros(0), size)
        whole = wide.astype(np.int64)
        return Totals(known, none, whole, whole, wide, added.n_documents, none, none, lengths)
    uses = added.uses
    np.add.at(size, (uses["theme"], uses["group"]), uses["y"])
    everywhere = np.bincount(uses["term"], uses["y"], minlength=len(added.terms))
    rates = everywhere / everywhere.sum()
    repeated = _make_keys(uses["theme"].to_numpy(), uses["term"].to_numpy())
    ranked = (uses["n_documents"] >= 2) & (uses["theme"] < shape[0] - 1)
    keys = np.unique(repeated[ranked])
    chosen = np.isin(repeated, keys)
    uses, rows = uses[chosen], np.searchsorted(keys, repeated[chosen])
    n, y, n_documents, doubtful = (np.zeros((len(keys), shape[1])) for _ in range(4))
    for column, values in (
        ("n", n), ("y", y), ("n_documents", n_documents), ("doubtful", doubtful)
    ):  # fmt: skip
        values[rows, uses["group"]] = uses[column]
    longest = added.longest
    order = longest.groupby(["theme", "group"]).cumcount().to_numpy()
    lengths[longest["theme"], longest["group"], order] = longest["size"]
    long_keys = _make_keys(longest["theme"].to_numpy(), longest["document"].to_numpy())
    known_one_by_one = np.flatnonzero(order < LONGEST)
    sort = known_one_by_one[np.argsort(long_keys[known_one_by_one])]
    term = keys & 0xFFFFFFFF
    return Totals(
        Known(keys, keys >> 32, y, rates[term], size),
        *(term, n.astype(np.int64), n_documents.astype(np.int64), doubtful, added.n_documents),
        *(long_keys[sort], order[sort], lengths),
    )


class Odds(NamedTuple):
    """A pair of groups, for each row."""

    log_odds: Array
    sides: Array  # 1 where the first group uses it more, −1 the second, 0 where it can't be told
    least: Array  # z towards its side, the weakest so far


def compare(totals: Totals, pair: tuple[int, int]) -> Odds:
    """How two groups differ in all their documents."""
    a, b = pair
    known = totals.known
    sizes = known.size[known.theme]
    y, n = (known.y[:, a], known.y[:, b]), (sizes[:, a], sizes[:, b])
    prior = PRIOR * n[0], PRIOR * n[1]
    found, z = find_log_odds(y, n, prior, known.rate)
    sides = np.sign(z.round(DECIMALS)).astype(np.int64)
    leading = np.where(sides > 0, totals.n_documents[:, a], totals.n_documents[:, b])
    enough = totals.n_in_theme[known.theme][:, pair].min(axis=1) >= 2
    sides[(leading < 2) | ~enough] = 0
    # Had the group that uses it less meant it wherever it may have
    more = (totals.doubtful[:, a] * (sides < 0), totals.doubtful[:, b] * (sides > 0))
    meant = (y[0] + more[0], y[1] + more[1]), (n[0] + more[0], n[1] + more[1])
    doubted = find_log_odds(*meant, prior, known.rate)[1]
    return Odds(found, sides, np.minimum(z * sides, doubted * sides))


def find_log_odds(
    y: tuple[Array, Array], n: tuple[Array, Array], prior: tuple[Array, Array], rate: Array
) -> tuple[Array, Array]:
    """The difference of two groups' log-odds, and its z; both 0 where they can't be told.

    y: each group's uses of the word; n: of all words; prior: pseudo-counts of all words; rate: the
    word's part of those. Arrays of one shape.
    """
    difference = np.zeros(len(rate))
    variance = np.zeros(len(rate))
    told = np.ones(len(rate), dtype=bool)
    for own, all_words, pseudo, sign in zip(y, n, prior, (1, -1), strict=True):
        inside = own + pseudo * rate
        outside = all_words + pseudo - inside
        # What is said in no other word, or not at all, has no odds
        known = (inside > 0) & (outside > 10.0**-DECIMALS)
        told &= known
        inside, outside = np.where(known, inside, 1.0), np.where(known, outside, 1.0)
        difference += sign * np.log(inside / outside)
        variance += 1 / inside
    difference[~told] = 0.0
    return difference, difference / np.sqrt(variance)


def leave_out(
    folder: Path,
    batches: Sequence[tuple[Sequence[int], Array]],
    totals: Totals,
    pairs: Sequence[tuple[int, int]],
    odds: Sequence[Odds],
    pieces: Pieces,
) -> None:
    """Lower each pair's `least` to what is left of it without any one document.

    batches: parts whose cells lie in `folder`, and the numbers that their terms have in the totals.
    """
    known = totals.known
    # What all batches need lies there once
    write_scratch(
        folder / _ASKED,
        **known._asdict(),
        pairs=np.array(pairs, dtype=np.int64),
        sides=np.array([own.sides for own in odds], dtype=np.int8),
        long_keys=totals.long_keys,
        long_places=totals.long_places,
    )
    begun = [
        pieces.start("pipeline.compare.words.odds:leave_out_of_batch", folder, parts, terms)
        for parts, terms in batches
    ]
    having = np.zeros(totals.n.shape, dtype=np.int64)
    for piece in begun:
        own = read_scratch(piece.result())
        having |= own["having"]
        for one, least in zip(odds, own["least"], strict=True):
            np.minimum(one.least, least, out=one.least)
    # A document without the word makes it look rarer in its group, the more the longer it is: that
    # matters in the group that uses it less. In the other, its absence can only strengthen z.
    for pair, one in zip(pairs, odds, strict=True):
        for place, group in enumerate(pair):
            some = np.flatnonzero(one.sides == (-1, 1)[place])
            # The lowest bit that is not set
            absent = ~having[some, group]
            lowest = np.log2((absent & -absent).astype(np.float64)).astype(np.int64)
            size = totals.lengths[known.theme[some], group, np.minimum(lowest, LONGEST)]
            z = _compare_without(known, pair, place, some, np.zeros(len(some)), size)
            np.minimum.at(one.least, some, z * one.sides[some])


_ASKED = "asked.npz"


def leave_out_of_batch(folder: Path, parts: Sequence[int], terms: Array) -> Path:
    """What is left, as far as the documents of some parts tell: a file of two arrays.

    `least` (pairs, rows): the weakest z towards its side without a document that has the word.
    `having` (rows, groups): which of the longest documents have it, as bits.
    """
    asked = read_scratch(folder / _ASKED)
    known = Known(*(asked[name] for name in Known._fields))
    pairs: list[tuple[int, int]] = [(a, b) for a, b in asked["pairs"].tolist()]
    long_keys, long_places = asked["long_keys"], asked["long_places"]
    least = np.full(asked["sides"].shape, np.inf)
    having = np.zeros(known.y.shape, dtype=np.int64)
    for kept in read_cells(folder, parts):
        rows, found = known.find(kept.theme[kept.pair], terms[kept.term])
        rows, pair_of, y = rows[found], kept.pair[found], kept.y[found]
        group, size = kept.group[pair_of], kept.size[pair_of]
        for pair, sides, lowest in zip(pairs, asked["sides"], least, strict=True):
            for place, own in enumerate(pair):
                chosen = (group == own) & (sides[rows] != 0)
                some = rows[chosen]
                z = _compare_without(known, pair, place, some, y[chosen], size[chosen])
                np.minimum.at(lowest, some, z * sides[some])
        keys = _make_keys(kept.theme, kept.document)
        at = np.minimum(np.searchsorted(long_keys, keys), len(long_keys) - 1)
        is_long = (long_keys[at] == keys)[pair_of]
        bits = np.left_shift(np.int64(1), long_places[at[pair_of[is_long]]])
        np.bitwise_or.at(having, (rows[is_long], group[is_long]), bits)
    path = folder / f"left-{parts[0]:05d}.npz"
    write_scratch(path, least=least, having=having)
    return path


def _compare_without(
    known: Known, pair: tuple[int, int], place: int, rows: Array, y: Array, size: Array
) -> Array:
    """z of rows without a document of the first or second group, which has y uses of `size`."""
    sizes = known.size[known.theme[rows]]
    own = [known.y[rows, group] for group in pair]
    n = [sizes[:, group] for group in pair]
    prior = (PRIOR * n[0], PRIOR * n[1])
    # What rounding leaves of nothing is nothing
    own[place] = np.maximum(own[place] - y, 0.0)
    n[place] = np.maximum(n[place] - size, own[place])
    return find_log_odds((own[0], own[1]), (n[0], n[1]), prior, known.rate[rows])[1]
