"""assignments -> themes: their labels, terms, counts and examples, and how they hang together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.cluster import open_codebook
from pipeline.cluster.codebook import Codebook, Phrase
from pipeline.cluster.counts import ThemeCounts
from pipeline.cluster.coverage import describe_coverage, note_absent
from pipeline.cluster.curate import list_labels, list_themes
from pipeline.cluster.curation.conflicts import join_words
from pipeline.cluster.guide import count_phrases, match_sentences
from pipeline.cluster.labels import describe_themes
from pipeline.pieces import batch, begin
from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Store, Task

_READ = ("sentence_id", "doc_id", "kind", "language", "text")
_READ_OF_ASSIGNMENTS = ("sentence_id", "theme_id", "strength")
# A batch has terms of at least so many bytes, those of some 25,000 sentences
_LEAST_BATCH = 1_500_000


def describe_corpus(task: Task) -> Outcome:
    """Write the themes: labels, terms, counts, examples."""
    store = task.store
    model = store.read_model()
    codebook = open_codebook(task.settings.cluster)
    given = codebook.themes if codebook else ()
    found = store.read("lineage")["theme_id"].tolist()
    theme_ids = [*(theme.theme_id for theme in given), *found]
    decisions = store.read("decisions")
    ordered = [*theme_ids[: len(given)], *sorted(found, key=lambda name: (len(name), name))]
    counts, phrases = _count(task, list_themes(ordered, decisions), codebook)
    # How well a theme is found again is a question about those that were found
    stability = [*[np.nan] * len(given), *model["stability"].tolist()]
    labels = {theme.theme_id: (theme.label_da, theme.label_no) for theme in given}
    themes = describe_themes(
        counts,
        _of_whole_themes(theme_ids, stability, decisions),
        _of_whole_themes(theme_ids, model["leaks"].tolist(), decisions),
        task.settings.report.language,
        labels | list_labels(decisions),
    )
    if themes.empty and (decisions["kind"] == "remove").any():
        raise NordtemaError(
            f"{task.settings.cluster.curation}: removes all themes; keep one, to have something to "
            "compare"
        )
    if themes.empty:
        raise NordtemaError(
            "no sentence is as much like any theme as [cluster] min_strength = "
            f"{task.settings.cluster.min_strength} asks for; lower it"
        )
    coverage = describe_coverage(codebook, phrases, themes)
    return Outcome(
        [
            store.write("themes", themes),
            store.write("coverage", coverage),
            store.write("hierarchy", name_merges(model["merges"], found)),
        ],
        {"themes": len(themes)},
        (*note_absent(codebook, coverage), *_note_twins(themes)),
    )


Counted = tuple[ThemeCounts, Counter[tuple[str, Phrase]]]


def _count(task: Task, theme_ids: Sequence[str], codebook: Codebook | None) -> Counted:
    """What the themes have, and in how many sentences each phrase is, over all parts."""
    weights = {part: task.store.size("terms", part) for part in task.store.parts("sentences")}
    batches = batch(weights, task.pieces.count(), _LEAST_BATCH)
    calls = [(task.store, parts, theme_ids, codebook) for parts in batches]
    begun = begin(task.pieces, "pipeline.cluster.describe:count_batch", calls)
    counts, phrases = begun.pop(0).result()
    while begun:  # so that none is held when it has been added
        more, others = begun.pop(0).result()
        counts.merge(more)
        phrases += others
    return counts, phrases


def count_batch(
    store: Store, parts: Sequence[int], theme_ids: Sequence[str], codebook: Codebook | None
) -> Counted:
    """As `_count`, over some parts."""
    counts, phrases = ThemeCounts(theme_ids), Counter[tuple[str, Phrase]]()
    for part in parts:
        sentences = store.read("sentences", part, _READ)
        terms = store.read("terms", part)
        counts.add(sentences, terms, store.read("assignments", part, _READ_OF_ASSIGNMENTS))
        if codebook:
            phrases += count_phrases(match_sentences(sentences, terms, codebook))
    counts.settle()
    return counts, phrases


def _of_whole_themes(
    theme_ids: Sequence[str], values: Sequence[float], decisions: pd.DataFrame
) -> dict[str, float]:
    """What was measured of each theme; nan of those that a reader has put together or cut."""
    of_theme = defaultdict(lambda: np.nan, zip(theme_ids, values, strict=True))
    for theme_id in decisions.loc[decisions["kind"].isin(["merge", "split"]), "to_theme_id"]:
        of_theme[theme_id] = np.nan
    return of_theme


def name_merges(merges: np.ndarray, names: Sequence[str]) -> pd.DataFrame:
    """The table `hierarchy`: how themes are put together to fewer ones, the nearest first.

    A row is two themes, or groups of them (t01+t04), and how many are left after them.
    """
    names = list(names)
    n_themes = len(names)
    rows = []
    for number, (left, right, apart) in enumerate(merges):
        one, other = sorted((names[int(left)], names[int(right)]))
        rows.append((n_themes - number - 1, one, other, round(float(apart), 4)))
        names.append("+".join(sorted(f"{one}+{other}".split("+"))))
    return pd.DataFrame(rows, columns=["n_themes", "left", "right", "apart"])


def _note_twins(themes: pd.DataFrame) -> list[str]:
    """A line for each label that a reader has given twice; one that was found is in use once."""
    notes = []
    for column in ("label_da", "label_no"):
        for label, own in themes.groupby(column)["theme_id"]:
            if len(own) > 1:
                notes.append(
                    f"themes {join_words(list(own))} are called {label!r} ({column}); give "
                    "each a label of its own in your codebook or curation file, or merge them"
                )
    return notes
