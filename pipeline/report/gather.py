"""What the report keeps of each part's sentences, so that it never holds the corpus.

The part's lines of sentences.csv, the sentences that the page may show, and those on the map. A
document lies within one part, so that what is ranked within it is the same as if it were ranked in
the whole corpus.
"""

from __future__ import annotations

import pandas as pd

from pipeline.nordic import GROUPS
from pipeline.report.tables import cut_csv, list_sentences
from pipeline.store import Outcome, Task


def gather_part(task: Task) -> Outcome:
    """Write what the report keeps of one part."""
    store, part, settings = task.store, task.part, task.settings.report
    sentences, assignments = store.read("sentences", part), store.read("assignments", part)
    listed = list_sentences(sentences, assignments, store.read("themes", 0, ["theme_id", "label"]))
    lines = cut_csv(listed, listed["doc_id"].tolist(), decimal_comma=settings.decimal_comma)
    doc_ids = store.read("documents", part, ["doc_id"])["doc_id"].tolist()
    joined = join_themes(sentences, assignments)
    written = {
        "extents": pd.DataFrame(
            {"doc_id": doc_ids, "n_bytes": [len(lines.get(doc, b"")) for doc in doc_ids]}
        ),
        "near": choose_near(rank_sentences(joined), settings.sentences_per_theme),
        "located": joined[joined["sentence_id"].isin(store.read("map")["sentence_id"])],
    }
    outputs = [store.write(table, rows, part) for table, rows in written.items()]
    outputs.append(store.path("listed", part))
    store.write_bytes(outputs[-1], b"".join(lines.get(doc, b"") for doc in doc_ids))
    return Outcome(outputs)


def join_themes(sentences: pd.DataFrame, assignments: pd.DataFrame) -> pd.DataFrame:
    """Sentences with theme_id and strength; an empty theme_id is no theme. Rows stay in order."""
    columns = ["sentence_id", "theme_id", "strength"]
    listed = sentences.merge(assignments[columns], on="sentence_id", how="left")
    listed["theme_id"] = listed["theme_id"].fillna("")
    return listed


# Sentences for the page


def rank_sentences(listed: pd.DataFrame) -> pd.DataFrame:
    """`join_themes`' rows with place and rank, as schemas tells of `near`."""
    place = listed.groupby("doc_id")["block"].rank("dense").astype("int64")
    ordered = listed.sort_values(
        ["strength", "doc_id", "position"], ascending=[False, True, True], kind="stable"
    )
    rank = ordered.groupby(["theme_id", "doc_id"]).cumcount()
    return listed.assign(place=place, rank=rank.astype("int64"))


def choose_nearest(ranked: pd.DataFrame, nearest: int) -> pd.DataFrame:
    """Of each theme and side (a group's languages; all others) the `nearest` sentences.

    Each document's nearest comes before any document's second: documents are what counts.
    """
    ordered = ranked.sort_values(
        ["rank", "strength", "doc_id", "position"],
        ascending=[True, False, True, True],
        kind="stable",
    )
    by = [ordered["theme_id"], ordered["language"].map(GROUPS).fillna("other")]
    return ordered[ordered.groupby(by).cumcount() < nearest]


def choose_near(ranked: pd.DataFrame, nearest: int) -> pd.DataFrame:
    """The nearest sentences of each theme and language, their blocks, and the blocks beside them.

    A sentence is shown in its paragraph, so that goes with it. What is chosen of the whole corpus
    is among what is chosen of its parts.
    """
    chosen = choose_nearest(ranked, nearest)
    near = pd.concat([chosen["place"] + step for step in (-1, 0, 1)])
    kept = pd.MultiIndex.from_arrays([ranked.loc[near.index, "doc_id"], near])
    return ranked[pd.MultiIndex.from_arrays([ranked["doc_id"], ranked["place"]]).isin(kept)]
