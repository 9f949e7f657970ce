"""The documents behind the themes' shares, and which of very many documents a page knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.report import Tables

# Of more documents than these a page knows those that it speaks of
MOST_DOCUMENTS = 20_000
# Behind each theme it lists so many, those with the largest shares
MOST_BEHIND = 2_000


@dataclass(frozen=True)
class Behind:
    """Which documents have sentences in which themes."""

    # theme_id ("" for none), doc_id, share (empty: the document is not compared), n_sentences; of
    # each theme those with the largest shares, the largest first
    rows: pd.DataFrame
    n_documents: dict[str, int]  # theme_id -> all that have sentences in it


def find_behind(tables: Tables, documents: pd.DataFrame, most: int = MOST_BEHIND) -> Behind:
    """The documents behind each theme; equal shares stand in the order of `documents`."""
    counted = tables.tallies.groupby(["theme_id", "doc_id"])["n_sentences"].sum().reset_index()
    rows = counted.merge(
        tables.shares[["theme_id", "doc_id", "share"]], "left", on=["theme_id", "doc_id"]
    )
    compared = rows["doc_id"].isin(tables.shares["doc_id"].unique())
    rows["share"] = rows["share"].where(rows["share"].notna() | ~compared, 0.0)
    rows["_size"] = -rows["share"].fillna(0.0).round(4)
    rows["_place"] = pd.Index(documents["doc_id"]).get_indexer(pd.Index(rows["doc_id"]))
    rows = rows.sort_values(["theme_id", "_size", "_place"], kind="stable")
    first = rows.groupby("theme_id", sort=False).head(most)
    n_documents = {str(theme): int(n) for theme, n in rows["theme_id"].value_counts().items()}
    return Behind(first.drop(columns=["_size", "_place"]).reset_index(drop=True), n_documents)


def choose_known(
    documents: pd.DataFrame, spoken_of: Iterable[pd.Series], most: int = MOST_DOCUMENTS
) -> pd.DataFrame:
    """The documents that a page knows: all, or of more than `most` those that it speaks of."""
    if len(documents) <= most:
        return documents
    wanted = {doc for column in spoken_of for doc in column}
    return documents[documents["doc_id"].isin(wanted)].reset_index(drop=True)
