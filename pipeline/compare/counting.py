"""assignments -> how much of each document is in each theme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.store import Store

Array = np.ndarray


@dataclass(frozen=True)
class Counts:
    """Documents that have sentences, in the order of their ids, with what is in each theme.

    Themes are columns, in the order of `theme_ids`; the last column is what has no theme.
    """

    doc_ids: tuple[str, ...]
    groups: Array  # str (documents,)
    theme_ids: tuple[str, ...]  # with "" for none, the last
    n_sentences: Array  # int64 (documents, themes)
    shares: Array  # float64 (documents, themes), each row sums to 1

    def of_group(self, group: str) -> Array:
        """bool (documents,)."""
        found: Array = self.groups == group
        return found

    @property
    def for_the_model(self) -> tuple[Array, Array]:
        """Whole numbers (documents, themes) and sizes (documents,) that have these shares.

        Where shares are of words, a document still counts as many sentences as it has: words of
        one sentence are in one theme together.
        """
        sizes = self.n_sentences.sum(axis=1)
        return np.rint(self.shares * sizes[:, None]).astype(np.int64), sizes


def count_corpus(store: Store, with_words: bool) -> pd.DataFrame:
    """`count_sentences` of all parts; words are counted where they are asked for."""
    counts = []
    columns = ["sentence_id", "doc_id", *(["text"] if with_words else [])]
    for part in store.parts("sentences"):
        sentences = store.read("sentences", part, columns)
        assignments = store.read("assignments", part, ["sentence_id", "theme_id"])
        joined = sentences.merge(assignments, on="sentence_id", validate="one_to_one")
        counts.append(count_sentences(joined))
    table = pd.concat(counts, ignore_index=True)
    return table.sort_values(["doc_id", "theme_id"], ignore_index=True)


def count_sentences(sentences: pd.DataFrame) -> pd.DataFrame:
    """doc_id, theme_id, n_sentences, and n_words where the sentences have a text."""
    asked = {"n_sentences": ("theme_id", "size")}
    if "text" in sentences:
        sentences = sentences.assign(n_words=[len(text.split()) for text in sentences["text"]])
        asked["n_words"] = ("n_words", "sum")
    return sentences.groupby(["doc_id", "theme_id"]).agg(**asked).reset_index()


def arrange(
    counts: pd.DataFrame, groups: pd.Series, theme_ids: list[str], share_by: str = "sentences"
) -> Counts:
    """The documents of `groups` (group by doc_id) as `Counts`.

    counts: doc_id, theme_id ("" for none), n_sentences, and n_words where `share_by` is words.
    A document without sentences has no shares and takes no part.
    """
    themes = [*theme_ids, ""]
    taking_part = counts[counts["doc_id"].isin(groups.index)]
    table = _pivot(taking_part, "n_sentences", themes)
    table = table[table.sum(axis=1) > 0]
    n_sentences = table.to_numpy(dtype=np.int64)
    sizes = n_sentences
    if share_by == "words":
        sizes = _pivot(taking_part, "n_words", themes).loc[table.index].to_numpy(dtype=np.int64)
        # A text of signs alone has sentences and no words
        sizes = np.where(sizes.sum(axis=1, keepdims=True) > 0, sizes, n_sentences)
    shares = sizes / sizes.sum(axis=1, keepdims=True)
    own = groups.reindex(table.index).to_numpy(dtype=object)
    return Counts(tuple(table.index), own, tuple(themes), n_sentences, shares)


def _pivot(counts: pd.DataFrame, values: str, themes: list[str]) -> pd.DataFrame:
    table = counts.pivot_table(values, "doc_id", "theme_id", aggfunc="sum", fill_value=0)
    return table.reindex(columns=themes, fill_value=0).sort_index()
