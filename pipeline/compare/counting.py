"""assignments -> how much of each document is in each theme, and what else is counted of parts.

What is counted of one part's documents is written, so that neither the comparison nor the report
has to go over the corpus.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.pieces import batch
from pipeline.schemas import WHOLE_DOCUMENT
from pipeline.store import Outcome, Store, Task

# A batch has terms of at least so many bytes, those of some 60,000 sentences: words that two
# batches have are looked up twice
_LEAST_BATCH = 3_500_000

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


def count_part(task: Task) -> Outcome:
    """Write what is counted of one part."""
    store, part = task.store, task.part
    sentences = store.read("sentences", part, ["sentence_id", "doc_id", "language", "text"])
    assignments = store.read("assignments", part, ["sentence_id", "theme_id"])
    blocks = store.read("blocks", part)
    written = {
        "tallies": count_sentences(sentences.merge(assignments, "left", validate="one_to_one")),
        "spoken": count_characters(store.read("languages", part), blocks),
        "reasons": count_blocks(blocks),
        "dropped": blocks[~blocks["kept"]],
    }
    return Outcome([store.write(table, rows, part) for table, rows in written.items()])


class Batch(NamedTuple):
    """What one process goes over: some parts, and the documents that have sentences there."""

    parts: list[int]
    doc_ids: list[str]


def read_tallies(store: Store, most: int = 1) -> tuple[pd.DataFrame, list[Batch]]:
    """The table `tallies` of all parts, and these in at most so many batches."""
    weights = {part: store.size("terms", part) for part in store.parts("tallies")}
    tallies = {part: store.read("tallies", part) for part in weights}
    batches = []
    for parts in batch(weights, most, _LEAST_BATCH):
        doc_ids = [doc_id for part in parts for doc_id in tallies[part]["doc_id"].unique()]
        batches.append(Batch(parts, doc_ids))
    return pd.concat(tallies.values(), ignore_index=True), batches


def count_sentences(sentences: pd.DataFrame) -> pd.DataFrame:
    """The table `tallies`: of sentences with doc_id, theme_id, language and text.

    What has no theme_id is in no theme, "".
    """
    rows = sentences[["doc_id", "theme_id", "language"]].fillna({"theme_id": ""})
    rows = rows.assign(n_words=[len(text.split()) for text in sentences["text"]])
    by = rows.groupby(["doc_id", "theme_id", "language"], sort=False)["n_words"]
    return by.agg(n_sentences="size", n_words="sum").reset_index()


def count_characters(languages: pd.DataFrame, blocks: pd.DataFrame) -> pd.DataFrame:
    """The table `spoken`: of blocks with doc_id, block and text; `languages` judges them."""
    judged = languages[languages["block"] != WHOLE_DOCUMENT].drop_duplicates(["doc_id", "block"])
    lengths = blocks[["doc_id", "block"]].assign(n_chars=blocks["text"].str.len())
    known = judged.merge(lengths, on=["doc_id", "block"])
    return known.groupby(["doc_id", "language"], sort=False)["n_chars"].sum().reset_index()


def count_blocks(blocks: pd.DataFrame) -> pd.DataFrame:
    """The table `reasons`."""
    return blocks.groupby(["kept", "reason"]).size().reset_index(name="n_blocks")


def arrange(
    counts: pd.DataFrame, groups: pd.Series, theme_ids: list[str], share_by: str = "sentences"
) -> Counts:
    """The documents of `groups` (group by doc_id) as `Counts`.

    counts: the table `tallies`, of all parts, or its doc_id, theme_id ("" for none), n_sentences,
    and n_words where `share_by` is words.
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
