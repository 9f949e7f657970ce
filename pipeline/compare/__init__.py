"""assignments -> shares, emphasis, contrasts: what each group's texts dwell on, and how sure."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from threadpoolctl import threadpool_limits

from pipeline.compare.confounds import find_confounds
from pipeline.compare.counting import arrange
from pipeline.compare.groups import assign_groups, describe_documents
from pipeline.compare.placebo import compare_halves
from pipeline.compare.words import rank_words, read_parts
from pipeline.compare.years import share_by_year
from pipeline.pieces import HERE
from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Task

# The cores are for the processes that pieces are given to
ONE_THREAD = threadpool_limits.wrap(limits=1)
_SURE = ("clear", "leaning")
_NO_WORDS = (
    "no words are ranked: that takes a theme in two documents of each group, and a word in two of "
    "one group's"
)


@ONE_THREAD
def compare_corpus(task: Task) -> Outcome:
    """Write shares, emphasis and contrasts."""
    store, settings = task.store, task.settings.compare
    documents = store.read_all("documents")
    languages = store.read_all("languages")
    groups, notes = assign_groups(documents, languages, settings.group_by)
    counts = store.read_all("tallies")
    theme_ids = list(store.read("themes")["theme_id"])
    unknown = sorted(set(counts["theme_id"]) - {"", *theme_ids})
    if unknown:
        raise NordtemaError(
            f"{store.root / 'work' / 'assignments'}: names theme {unknown[0]!r}, which the table "
            "of themes does not have; run `nordtema run --from cluster`"
        )
    arranged = arrange(counts, groups, theme_ids, settings.share_by)
    choices = {"permutations": settings.permutations, "seed": task.settings.run.seed}
    own_groups = groups.loc[list(arranged.doc_ids)]
    start, alone = task.pieces.start, replace(task, pieces=HERE)
    ranked = start("pipeline.compare:rank_words_of", alone, own_groups, theme_ids)
    compared = start("pipeline.compare.contrasts:compare_groups", arranged, **choices)
    halves = compare_halves(
        arranged, most_splits=settings.placebo_splits, **choices, pieces=task.pieces
    )
    found, words = compared.result(), ranked.result()
    described = describe_documents(documents, languages).loc[list(arranged.doc_ids)]
    described = described.assign(n_sentences=arranged.n_sentences.sum(axis=1))
    confounds = find_confounds(described, own_groups, settings.group_by)
    published = documents.set_index("doc_id")["published"]
    # Groups that are years have their shares by year in the emphasis
    years = share_by_year(arranged, published[:0] if settings.group_by == "year" else published)
    groups_compared = set(found.shares["group"])
    notes += _notes_on_groups(groups_compared, settings.group_by) + halves.notes + years.notes
    if len(groups_compared) > 1 and not len(words):
        notes += (_NO_WORDS,)
    outputs = [
        store.write("shares", found.shares),
        store.write("emphasis", found.emphasis),
        store.write("contrasts", found.contrasts),
        store.write("confounds", confounds),
        store.write("placebo", halves.placebo),
        store.write("placebo_rates", halves.rates),
        store.write("words", words),
        store.write("years", years.table),
    ]
    verdicts = found.contrasts["verdict"].str.split(":").str[0]
    counted = {
        "documents compared": found.shares["doc_id"].nunique(),
        "groups": len(groups_compared),
    }
    return Outcome(
        outputs, counted | {word: int((verdicts == word).sum()) for word in _SURE}, notes
    )


def rank_words_of(task: Task, groups: pd.Series, theme_ids: list[str]) -> pd.DataFrame:
    """The words that set groups of documents apart, theme by theme: a piece of the step."""
    return rank_words(lambda: read_parts(task.store), groups, theme_ids)


def _notes_on_groups(compared: set[str], group_by: str) -> tuple[str, ...]:
    if len(compared) > 1:
        return ()
    there = (
        f"all documents are in one group ({next(iter(compared))})" if compared else "none is there"
    )
    return (f"nothing to compare by {group_by}: {there}",)
