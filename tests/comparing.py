"""Comparisons of made-up documents, written down in as few numbers as they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.compare.contrasts import Comparison, compare_groups
from pipeline.compare.counting import Counts, arrange

Documents = Sequence[tuple[int, int]]  # sentences in the theme, all sentences


def arrange_documents(
    sentences: Mapping[str, Mapping[str, int]],
    groups: Mapping[str, str],
    themes: Sequence[str] = ("t1", "t2"),
) -> Counts:
    """`sentences` is {document: {theme: sentences}}, `groups` {document: group}."""
    table = pd.DataFrame(
        [(doc_id, theme, n) for doc_id, own in sentences.items() for theme, n in own.items()],
        columns=["doc_id", "theme_id", "n_sentences"],
    )
    return arrange(table, pd.Series(dict(groups), dtype=object), list(themes))


def compare_documents(
    sentences: Mapping[str, Mapping[str, int]],
    groups: Mapping[str, str],
    themes: Sequence[str] = ("t1", "t2"),
    permutations: int = 2000,
) -> Comparison:
    counts = arrange_documents(sentences, groups, themes)
    return compare_groups(counts, permutations=permutations, seed=0)


def compare_one_theme(permutations: int = 2000, **groups: Documents) -> Comparison:
    """Groups of documents by name; documents are da00, da01, … and the theme is t1."""
    sentences, own = {}, {}
    for group, documents in groups.items():
        for number, (n, total) in enumerate(documents):
            sentences[f"{group}{number:02d}"] = {"t1": n, "": total - n}
            own[f"{group}{number:02d}"] = group
    return compare_documents(sentences, own, ("t1",), permutations)


def row(table: pd.DataFrame, theme: str = "t1", group: str | None = None) -> pd.Series:
    """The row of a theme, in the emphasis of one group."""
    rows = table[table["theme_id"] == theme]
    return rows[rows["group"] == group].iloc[0] if group else rows.iloc[0]
