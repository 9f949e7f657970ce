"""The placebo: the same comparison where there is nothing to find, to show what chance looks like.

One group's documents are split at random. Whatever sets the two halves apart is chance, and a
method that finds much in it is not to be believed elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from pipeline.compare.contrasts import contrast_groups
from pipeline.compare.counting import Counts
from pipeline.pieces import HERE, Piece, Pieces
from pipeline.schemas import SCHEMAS

# Splits × themes, which bound the time: the model takes a few milliseconds for each. So many splits
# as FEWEST_SPLITS are looked at all the same.
MOST_COMPARED, FEWEST_SPLITS = 400, 10
# A thousand documents more take as long as the first theme and pair did
_DOCUMENTS_AT_ONCE = 1000
# For the rates p is drawn no more often than a clear verdict takes: Holm multiplies the smallest
# possible p by the number of themes, and that has to stay below .05.
_FEWEST_PERMUTATIONS, _PERMUTATIONS_PER_THEME = 2000, 40

Array = np.ndarray


@dataclass(frozen=True)
class Placebo:
    """The tables `placebo` and `placebo_rates`; both are empty where no group can be split."""

    placebo: pd.DataFrame
    rates: pd.DataFrame
    notes: tuple[str, ...] = ()


def begin_halves(
    counts: Counts,
    *,
    permutations: int,
    seed: int,
    most_splits: int = 200,
    pieces: Pieces = HERE,
) -> Callable[[], Placebo]:
    """Split the largest group's documents at random, and compare the halves as groups are.

    What is given waits for it.

    The halves are in the proportion of this group and the next largest one, or as even as can be
    where there is no other. `seed` decides who is in which, whatever the order of the documents.

    The rates are over as many distinct splits, that one among them, as there are, at most
    `most_splits`; 0 means no placebo. To bound the time, there are also no more than MOST_COMPARED
    / themes, and fewer from thousands of documents on (divided by 1 + documents / 1000), but as
    many as FEWEST_SPLITS anyway.
    """
    group = choose_group(counts)
    if not group or not most_splits:
        nothing = Placebo(
            pd.DataFrame(columns=list(SCHEMAS["placebo"])),
            pd.DataFrame(columns=list(SCHEMAS["placebo_rates"])),
            ("no placebo: no group has two documents to be split at random",) if not group else (),
        )
        return lambda: nothing
    rows = np.flatnonzero(counts.of_group(group))
    rows = rows[np.argsort([counts.doc_ids[row] for row in rows], kind="stable")]
    n_second = size_second_half(len(rows), _size_next(counts, group))
    n_themes = len(counts.theme_ids) - 1
    most = min(limit_splits(n_themes, len(rows)), most_splits)
    first, *others = draw_splits(len(rows), n_second, most, seed)

    fewer = min(permutations, max(_FEWEST_PERMUTATIONS, _PERMUTATIONS_PER_THEME * n_themes))
    own = _take(counts, rows)
    begun = [
        pieces.start("pipeline.compare.placebo:compare_split", own, group, second, drawn, seed)
        for second, drawn in ((first, permutations), *((other, fewer) for other in others))
    ]
    return partial(_find_rates, begun)


def _find_rates(begun: Sequence[Piece]) -> Placebo:
    shown, *contrasts = [piece.result() for piece in begun]
    found = [_find_verdicts(own) for own in (shown, *contrasts)]
    rates = pd.DataFrame(
        {
            "n_splits": [len(found)],
            "n_with_leaning": [sum(bool(own & {"leaning", "clear"}) for own in found)],
            "n_with_clear": [sum("clear" in own for own in found)],
        }
    )
    return Placebo(shown, rates)


def choose_group(counts: Counts) -> str:
    """The group with the most documents, the first by name of several; "" if none has two."""
    names, sizes = np.unique(counts.groups.astype(str), return_counts=True)
    if not len(names) or sizes.max() < 2:
        return ""
    return str(names[sizes.argmax()])


def _size_next(counts: Counts, group: str) -> int:
    others = counts.groups[counts.groups != group].astype(str)
    return int(np.unique(others, return_counts=True)[1].max()) if len(others) else 0


def size_second_half(n: int, n_other: int) -> int:
    """How many of n documents are in the second half, beside a group of `n_other` (0: none)."""
    if not n_other:
        return n // 2
    return min(max(round(n * n_other / (n + n_other)), 1), n // 2)


def limit_splits(n_themes: int, n_documents: int) -> int:
    """How many splits there is time for."""
    each = max(n_themes, 1) * (1 + n_documents / _DOCUMENTS_AT_ONCE)
    return max(int(MOST_COMPARED / each), FEWEST_SPLITS)


def draw_splits(n: int, n_second: int, most: int, seed: int) -> list[tuple[int, ...]]:
    """The second halves of distinct splits of n documents, in the order drawn, at most so many.

    All of them where there are no more. Halves of one size are the same split whichever is second:
    the first document is then in the first.
    """
    mirrored = 2 * n_second == n
    n_distinct = comb(n, n_second) // (2 if mirrored else 1)
    if n_distinct <= most:
        everyone = range(1, n) if mirrored else range(n)
        splits = list(combinations(everyone, n_second))
        order = np.random.default_rng([seed, n, n_second]).permutation(len(splits))
        return [splits[place] for place in order]
    # A dictionary keeps the order in which they came
    drawn: dict[tuple[int, ...], None] = {}
    for split in _draw_forever(n, n_second, mirrored, seed):
        drawn[split] = None
        if len(drawn) == most:
            break
    return list(drawn)


def _draw_forever(n: int, n_second: int, mirrored: bool, seed: int) -> Iterator[tuple[int, ...]]:
    rng = np.random.default_rng([seed, n, n_second])
    while True:
        order = rng.permutation(n)
        second = order[:n_second]
        if mirrored and (second == 0).any():
            second = order[n_second:]
        yield tuple(sorted(second.tolist()))


@threadpool_limits.wrap(limits=1)
def compare_split(
    counts: Counts, group: str, second: tuple[int, ...], permutations: int, seed: int
) -> pd.DataFrame:
    """The contrasts of one group's documents as two, those of the rows `second` in the second."""
    names = np.full(len(counts.doc_ids), f"{group} (half 1)", dtype=object)
    names[list(second)] = f"{group} (half 2)"
    halves = replace(counts, groups=names)
    return contrast_groups(halves, permutations=permutations, seed=seed)


def _take(counts: Counts, rows: Array) -> Counts:
    return replace(
        counts,
        doc_ids=tuple(counts.doc_ids[row] for row in rows),
        groups=counts.groups[rows],
        n_sentences=counts.n_sentences[rows],
        shares=counts.shares[rows],
    )


def _find_verdicts(contrasts: pd.DataFrame) -> set[str]:
    """`clear`, `leaning`, `too few …`: those that any theme has."""
    return {str(verdict).partition(":")[0] for verdict in contrasts["verdict"]}
