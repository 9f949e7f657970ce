"""vectors -> themes, assignments.

Fitted once on a bounded sample of documents, applied to all of them part by part, and then
described from counts: no step holds the corpus.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from pipeline.cluster.discover import Discovery, assign_themes, discover_themes
from pipeline.cluster.labels import ThemeCounts, describe_themes
from pipeline.cluster.leak import measure_leaks
from pipeline.cluster.sketch import MOST_POINTS, lay_out
from pipeline.cluster.space import Sentences, Space, fit_space
from pipeline.nordic import GROUPS
from pipeline.settings import ClusterSettings, NordtemaError
from pipeline.store import Outcome, Store, Task

# Sums over several threads come out differently from run to run; and workers, one a core, would
# get in each other's way.
ONE_THREAD = threadpool_limits.wrap(limits=1)

SPACE = tuple(field.name for field in fields(Space))


@ONE_THREAD
def fit_corpus(task: Task) -> Outcome:
    """Write the model (the space and the themes' centres), the choices, and the map."""
    settings, seed = task.settings.cluster, task.settings.run.seed
    sample = _sample(task.store, settings.sample_sentences, seed)
    if not len(sample.table):
        raise NordtemaError(
            "none of the documents has Danish or Norwegian sentences, so there is nothing to find "
            "themes in; see the languages in the lines above, or run `nordtema identify` on a text"
        )
    space, discovery = find_themes(sample, settings, seed)
    arrays = {name: getattr(space, name) for name in SPACE}
    arrays |= {"centroids": discovery.centroids, "stability": discovery.stability}
    arrays["leaks"] = find_leaks(sample, space, discovery.centroids, settings)
    outputs = [
        task.store.write_model(arrays),
        task.store.write("choices", discovery.choices),
        task.store.write("hierarchy", name_merges(discovery.merges)),
        task.store.write("map", draw_map(sample, space, settings, seed)),
    ]
    return Outcome(outputs)


def find_themes(sample: Sentences, settings: ClusterSettings, seed: int) -> tuple[Space, Discovery]:
    """The space of the sample and the themes in it."""
    space = fit_space(sample, settings)
    points = space.place(sample, settings)
    known = points.any(axis=1)
    if not known.any():
        raise NordtemaError(
            "no sentence says anything that sets it apart from the others, so there are no themes "
            "to find; add more or longer texts"
        )
    discovery = discover_themes(
        points[known],
        sample.table["doc_id"].to_numpy()[known],
        n_themes=settings.themes,
        max_themes=settings.max_themes,
        seed=seed,
    )
    return space, discovery


def find_leaks(
    sample: Sentences, space: Space, centroids: np.ndarray, settings: ClusterSettings
) -> np.ndarray:
    """(n_themes,): how far the language can be told within each theme of the sample."""
    points = space.place(sample, settings)
    first, _, _ = assign_themes(points, centroids, settings.min_strength, settings.second_part)
    sides = sample.table["language"].map(GROUPS).to_numpy(dtype=object)
    doc_ids = sample.table["doc_id"].to_numpy(dtype=object)
    return measure_leaks(points, doc_ids, sides, first, len(centroids))


def name_merges(merges: np.ndarray) -> pd.DataFrame:
    """The table `hierarchy`: how themes are put together to fewer ones, the nearest first.

    A row is two themes, or groups of them (t01+t04), and how many are left after them.
    """
    n_themes = len(merges) + 1
    names = name_themes(n_themes)
    rows = []
    for number, (left, right, apart) in enumerate(merges):
        one, other = sorted((names[int(left)], names[int(right)]))
        rows.append((n_themes - number - 1, one, other, round(float(apart), 4)))
        names.append("+".join(sorted(f"{one}+{other}".split("+"))))
    return pd.DataFrame(rows, columns=["n_themes", "left", "right", "apart"])


def draw_map(sample: Sentences, space: Space, settings: ClusterSettings, seed: int) -> pd.DataFrame:
    """The table `map`: where sentences lie on a plane. Of a large sample some are drawn."""
    points = space.place(sample, settings)
    rows = np.flatnonzero(points.any(axis=1))
    if len(rows) > MOST_POINTS:
        drawn = np.random.default_rng([seed, len(rows)]).choice(rows, MOST_POINTS, replace=False)
        rows = np.sort(drawn)
    plane = lay_out(points[rows], seed)
    sentence_ids = sample.table["sentence_id"].to_numpy()[rows]
    return pd.DataFrame({"sentence_id": sentence_ids, "x": plane[:, 0], "y": plane[:, 1]})


def _sample(store: Store, most: int, seed: int) -> Sentences:
    """Whole documents, drawn by a digest of their id, until there are enough sentences."""
    n_by_document: dict[str, int] = {}
    for sentences in store.each("sentences"):
        nordic = sentences[sentences["language"].isin(list(GROUPS))]
        n_by_document |= {str(doc_id): n for doc_id, n in nordic["doc_id"].value_counts().items()}
    taken, n = set(), 0
    for doc_id in sorted(n_by_document, key=lambda doc_id: _draw(doc_id, seed)):
        if n and n + n_by_document[doc_id] > most:
            break
        taken.add(doc_id)
        n += n_by_document[doc_id]
    # By id, so that the order in which documents lie in parts never shows.
    pieces = [_select(store, part, taken) for part in store.parts("sentences")]
    table = pd.concat([piece.table for piece in pieces], ignore_index=True)
    order = table.sort_values(["doc_id", "position"], kind="stable").index.to_numpy()
    return Sentences(
        table.loc[order].reset_index(drop=True),
        np.concatenate([piece.vectors for piece in pieces])[order],
    )


def _draw(doc_id: str, seed: int) -> bytes:
    return hashlib.blake2b(f"{seed}:{doc_id}".encode(), digest_size=8).digest()


def _select(store: Store, part: int, doc_ids: Iterable[str]) -> Sentences:
    """A part's Nordic sentences of some documents."""
    whole = _read_sentences(store, part)
    rows = np.flatnonzero(
        whole.table["doc_id"].isin(list(doc_ids)) & whole.table["language"].isin(list(GROUPS))
    )
    return Sentences(whole.table.iloc[rows], whole.vectors[rows])


def _read_sentences(store: Store, part: int) -> Sentences:
    sentences = store.read("sentences", part)
    vectors = store.read_vectors(part)
    if len(vectors) != len(sentences):
        raise NordtemaError(
            f"{store.path('vectors', part)}: has {len(vectors)} rows for {len(sentences)} "
            "sentences; run `nordtema run --from vectorize`"
        )
    return Sentences(sentences, vectors)


@ONE_THREAD
def assign_part(task: Task) -> Outcome:
    """Write the assignments of one part."""
    arrays = task.store.read_model()
    space = Space(**{name: arrays[name] for name in SPACE})
    sentences = _read_sentences(task.store, task.part)
    assignments = assign_sentences(sentences, space, arrays["centroids"], task.settings.cluster)
    none = int((assignments["theme_id"] == "").sum())
    return Outcome(
        [task.store.write("assignments", assignments, task.part)],
        {"sentences without a theme": none},
    )


def assign_sentences(
    sentences: Sentences, space: Space, centroids: np.ndarray, settings: ClusterSettings
) -> pd.DataFrame:
    """The table `assignments`. A sentence in a fourth language has no theme."""
    points = space.place(sentences, settings)
    points[~sentences.table["language"].isin(list(GROUPS)).to_numpy()] = 0
    first, strength, second = assign_themes(
        points, centroids, settings.min_strength, settings.second_part
    )
    names = np.array([*name_themes(len(centroids)), ""], dtype=object)
    return pd.DataFrame(
        {
            "sentence_id": sentences.table["sentence_id"].to_numpy(),
            "theme_id": names[first],
            "strength": np.round(strength.astype(float), 4),
            "second_theme_id": names[second],
        }
    )


def name_themes(n: int) -> list[str]:
    """t01, t02, …: as many digits as the last one needs, at least two."""
    width = max(2, len(str(n)))
    return [f"t{number:0{width}d}" for number in range(1, n + 1)]


def describe_corpus(task: Task) -> Outcome:
    """Write the themes: labels, terms, counts, examples."""
    store = task.store
    model = store.read_model()
    theme_ids = name_themes(len(model["stability"]))
    counts = ThemeCounts(theme_ids)
    for part in store.parts("sentences"):
        counts.add(
            store.read("sentences", part),
            store.read("terms", part),
            store.read("assignments", part),
        )
    themes = describe_themes(
        counts,
        dict(zip(theme_ids, model["stability"].tolist(), strict=True)),
        dict(zip(theme_ids, model["leaks"].tolist(), strict=True)),
        task.settings.report.language,
    )
    if themes.empty:
        raise NordtemaError(
            "no sentence is as much like any theme as [cluster] min_strength = "
            f"{task.settings.cluster.min_strength} asks for; lower it"
        )
    return Outcome([store.write("themes", themes)], {"themes": len(themes)})
