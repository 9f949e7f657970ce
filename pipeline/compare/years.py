"""How each group's shares change over time: by the years in which the documents were published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.compare.beta_binomial import WIDE, add_likelihoods, find_posterior
from pipeline.compare.counting import Counts
from pipeline.compare.plain import find_mean, reach
from pipeline.schemas import SCHEMAS

LEVEL = 0.95
# With more years than this, decades are shown.
MOST_YEARS = 60
# With more rows than this, only the largest themes have some: a row takes some milliseconds.
MOST_ROWS = 2_500
# Themes × cells whose likelihoods are held in memory at once (35 kB each)
_AT_ONCE = 2_000

Array = np.ndarray


@dataclass(frozen=True)
class Years:
    """The table `years`, and notes on documents that it leaves out."""

    table: pd.DataFrame
    notes: tuple[str, ...]


def share_by_year(counts: Counts, published: pd.Series) -> Years:
    """Each theme's share in the documents of each group and year, where there are any.

    published: ISO date by doc_id, "" where it isn't known. `n_documents` is the number of documents
    whose mean the share is. One theme's years and groups have correlations between sentences of a
    document that are believed to be alike, and shares of their own: no year borrows from the one
    before. No rows where all known dates are of one year. With more than MOST_YEARS years, `year`
    is the first of a decade; with more than MOST_ROWS rows, only the themes with most sentences
    have some, and "".
    """
    dates = published.reindex(list(counts.doc_ids)).fillna("").to_numpy(dtype=object)
    years = np.array([int(date[:4]) if date else -1 for date in dates], dtype=np.int64)
    dated = years >= 0
    different = np.unique(years[dated])
    notes = _count_undated(dated, different)
    if len(different) < 2:
        return Years(pd.DataFrame(columns=list(SCHEMAS["years"])), notes)
    if len(different) > MOST_YEARS:
        years = np.where(dated, years // 10 * 10, -1)
        notes += (
            f"the documents are of {len(different)} years, more than {MOST_YEARS}: shares over "
            "time are by decade, and `year` is the first of it",
        )
    table, more = _tabulate(counts, years)
    return Years(table, notes + more)


def _count_undated(dated: Array, different: Array) -> tuple[str, ...]:
    """A note on documents without a date, unless none has one."""
    without = int((~dated).sum())
    if not without or not len(different):
        return ()
    verb = "has" if without == 1 else "have"
    then = f"and {'is' if without == 1 else 'are'} not in the shares by year"
    if len(different) == 1:
        then = f"and all others are of {different[0]}: there are no shares by year"
    return (
        f"{without} of {len(dated)} documents {verb} no date {then}; "
        "give `published` in metadata.csv",
    )


def _choose_largest(counts: Counts, n_rows: int) -> tuple[list[int], tuple[str, ...]]:
    """The columns that get rows, the last among them, and a note where not all do.

    n_rows: of one theme.
    """
    n_themes = len(counts.theme_ids) - 1
    most = max(1, MOST_ROWS // n_rows - 1)
    if n_themes <= most:
        return list(range(n_themes + 1)), ()
    sizes = counts.n_sentences[:, :n_themes].sum(axis=0)
    largest = np.sort(np.argsort(-sizes, kind="stable")[:most]).tolist()
    note = f"shares by year are of the {most} largest of {n_themes} themes, to save time"
    return [*largest, n_themes], (note,)


def _tabulate(counts: Counts, years: Array) -> tuple[pd.DataFrame, tuple[str, ...]]:
    cells = sorted(
        {(group, int(year)) for group, year in zip(counts.groups, years, strict=True) if year >= 0}
    )
    members = [np.flatnonzero((counts.groups == group) & (years == year)) for group, year in cells]
    for_model, sizes = counts.for_the_model
    themes, notes = _choose_largest(counts, len(cells))
    rows: list[dict[str, Any]] = []
    n_at_once = max(1, _AT_ONCE // len(cells))
    for start in range(0, len(themes), n_at_once):
        some = themes[start : start + n_at_once]
        added = [add_likelihoods(for_model[own][:, some], sizes[own]) for own in members]
        for place, theme in enumerate(some):
            posterior = find_posterior([one[place] for one in added], WIDE)
            for number, ((group, year), own) in enumerate(zip(cells, members, strict=True)):
                shares = counts.shares[own, theme]
                share = float(shares.mean())
                model = posterior.find_share(number, WIDE, LEVEL)
                found = reach(model, share, find_mean(shares, LEVEL))
                rows.append(
                    {
                        "theme_id": counts.theme_ids[theme],
                        "group": group,
                        "year": year,
                        "n_documents": len(own),
                        "share": share,
                        "low": found.low,
                        "high": found.high,
                    }
                )
    return pd.DataFrame(rows, columns=list(SCHEMAS["years"])), notes
