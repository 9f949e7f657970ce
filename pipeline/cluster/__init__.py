"""vectors -> themes, assignments.

Fitted once on a bounded sample of documents, applied to all of them part by part, and then
described from counts (`describe`): no step holds the corpus.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from pipeline.cluster.codebook import Codebook, read_codebook
from pipeline.cluster.discover import (
    SENTENCES_PER_THEME,
    Discovery,
    assign_themes,
    discover_themes,
    find_nothing,
)
from pipeline.cluster.guide import Guide, fit_guide, match_sentences
from pipeline.cluster.leak import measure_leaks
from pipeline.cluster.matching import Match
from pipeline.cluster.sketch import MOST_POINTS, lay_out
from pipeline.cluster.space import SPACE, Sentences, Space, fit_space, read_sentences
from pipeline.nordic import GROUPS
from pipeline.pieces import HERE, Pieces
from pipeline.settings import ClusterSettings, NordtemaError
from pipeline.store import Outcome, Store, Task, order_documents

# Sums over several threads come out differently from run to run; and workers, one a core, would
# get in each other's way.
ONE_THREAD = threadpool_limits.wrap(limits=1)

# A sentence whose best score with a codebook is less than FITS may be of a new theme, and is if it
# is so near to one that was found; of the others the best is taken, if it is above zero at all.
FITS, IS_NEW = 0.15, 0.6
# Fewer sentences that fit no theme of a codebook make no theme of their own
FEWEST_LEFT = 2 * SENTENCES_PER_THEME


class Guided(NamedTuple):
    """A codebook, fitted, with what some sentences have of it."""

    codebook: Codebook
    guide: Guide
    matches: list[Match]  # row for row the sentences

    def score(
        self, sentences: Sentences, points: np.ndarray, settings: ClusterSettings
    ) -> np.ndarray:
        """(n_sentences, n_themes): see Guide.score."""
        return self.guide.score(self.matches, sentences, points, self.codebook, settings)


class Found(NamedTuple):
    """What was fitted to a sample."""

    space: Space
    discovery: Discovery  # of the sentences that no theme of a codebook fits
    guided: Guided | None = None


@ONE_THREAD
def fit_corpus(task: Task) -> Outcome:
    """Write the model (the space, the themes' centres and their tree), the choices and the map."""
    settings, seed = task.settings.cluster, task.settings.run.seed
    sample = _sample(task.store, settings.sample_sentences, seed)
    if not len(sample.table):
        raise NordtemaError(
            "none of the documents has Danish or Norwegian sentences, so there is nothing to find "
            "themes in; see the languages in the lines above, or run `nordtema identify` on a text"
        )
    codebook = open_codebook(settings)
    terms = _read_terms(task.store, sample.table["sentence_id"]) if codebook else None
    mark = _digest_sample(sample, terms)
    tables = ("model", "choices", "map")
    # A text that is not drawn changes nothing here
    if task.made_alike and np.array_equal(task.store.read_model().get("sample", ()), mark):
        return Outcome([task.store.path(table) for table in tables])
    space, points = fit_space(sample, settings)
    # The map takes as long as the search, and neither needs the other
    ids = sample.table["sentence_id"].to_numpy()
    drawn = task.pieces.start("pipeline.cluster:draw_map", points, ids, seed)
    spec = task.settings.vectorize.vectors
    found = find_themes_in(
        space, points, sample, settings, seed, codebook, terms, spec, pieces=task.pieces
    )
    discovery, guided = found.discovery, found.guided
    arrays = {name: getattr(space, name) for name in SPACE}
    arrays |= {"centroids": discovery.centroids, "stability": discovery.stability}
    arrays |= {"merges": discovery.merges, "sample": mark}
    if guided:
        arrays |= {"places": guided.guide.places, "rarity": guided.guide.rarity}
    arrays["leaks"] = measure_leaks(
        points,
        sample.table["doc_id"].to_numpy(dtype=object),
        sample.table["language"].map(GROUPS).to_numpy(dtype=object),
        _assign(sample, points, discovery.centroids, settings, guided)[0],
        len(name_themes(len(discovery.centroids), codebook)),
    )
    outputs = [
        task.store.write_model(arrays),
        task.store.write("choices", discovery.choices),
        task.store.write("map", drawn.result()),
    ]
    return Outcome(outputs)


def open_codebook(settings: ClusterSettings) -> Codebook | None:
    """The analyst's codebook, if there is one. Raises CodebookError."""
    return read_codebook(Path(settings.codebook)) if settings.codebook else None


def find_themes(
    sample: Sentences,
    settings: ClusterSettings,
    seed: int,
    codebook: Codebook | None = None,
    terms: pd.DataFrame | None = None,
    spec: str = "nordic",
) -> Found:
    """The space of the sample and the themes in it: see find_themes_in."""
    space, points = fit_space(sample, settings)
    return find_themes_in(space, points, sample, settings, seed, codebook, terms, spec)


def find_themes_in(
    space: Space,
    points: np.ndarray,
    sample: Sentences,
    settings: ClusterSettings,
    seed: int,
    codebook: Codebook | None = None,
    terms: pd.DataFrame | None = None,
    spec: str = "nordic",
    *,
    pieces: Pieces = HERE,
) -> Found:
    """The themes of a sample, of which `points` has the places in the space, row for row.

    With a codebook, which needs the sample's `terms` and the name of its vectors, themes are found
    in what fits none of its own.
    """
    left = points.any(axis=1)
    if not left.any():
        raise NordtemaError(
            "no sentence says anything that sets it apart from the others, so there are no themes "
            "to find; add more or longer texts"
        )
    n_themes, guided = settings.themes, None
    if codebook is not None and terms is not None:
        matches = match_sentences(sample.table, terms, codebook)
        guided = Guided(codebook, fit_guide(codebook, matches, space, spec), matches)
        left &= guided.score(sample, points, settings).max(axis=1) < FITS
        n_themes = max(0, settings.themes - len(codebook.themes))
        if left.sum() < FEWEST_LEFT or (settings.themes and not n_themes):
            return Found(space, find_nothing(points.shape[1]), guided)
    discovery = discover_themes(
        points[left],
        sample.table["doc_id"].to_numpy()[left],
        n_themes=n_themes,
        max_themes=settings.max_themes,
        seed=seed,
        pieces=pieces,
    )
    return Found(space, discovery, guided)


@ONE_THREAD
def draw_map(points: np.ndarray, sentence_ids: np.ndarray, seed: int) -> pd.DataFrame:
    """The table `map`: where sentences lie on a plane. Of a large sample some are drawn.

    Sentences of which nothing is known, whose points are zero, are not on it.
    """
    rows = np.flatnonzero(points.any(axis=1))
    if len(rows) > MOST_POINTS:
        drawn = np.random.default_rng([seed, len(rows)]).choice(rows, MOST_POINTS, replace=False)
        rows = np.sort(drawn)
    plane = lay_out(points[rows], seed)
    return pd.DataFrame({"sentence_id": sentence_ids[rows], "x": plane[:, 0], "y": plane[:, 1]})


def _sample(store: Store, most: int, seed: int) -> Sentences:
    """Whole documents, drawn by a digest of their id, until there are enough sentences."""
    n_by_document: dict[str, int] = {}
    for part in store.parts("sentences"):
        sentences = store.read("sentences", part, ["doc_id", "language"])
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
    # The vectors are large: each goes to its place at once
    vectors = np.empty((len(order), pieces[0].vectors.shape[1]), dtype=np.float32)
    ends = np.cumsum([len(piece.vectors) for piece in pieces])
    for piece, rows in zip(pieces, np.split(np.argsort(order), ends[:-1]), strict=True):
        vectors[rows] = piece.vectors
    return Sentences(table.loc[order].reset_index(drop=True), vectors)


def _read_terms(store: Store, sentence_ids: pd.Series) -> pd.DataFrame:
    """The terms of some sentences, in the order of the documents."""
    wanted = set(sentence_ids)
    pieces = [own[own["sentence_id"].isin(wanted)] for own in store.each("terms")]
    terms = pd.concat(pieces, ignore_index=True)
    order = order_documents(terms["sentence_id"].str.rpartition(":")[0])
    return terms.iloc[order].reset_index(drop=True)


def _digest_sample(sample: Sentences, terms: pd.DataFrame | None) -> np.ndarray:
    """uint8 (16,): a digest of all that the themes are found in."""
    digest = hashlib.blake2b(np.ascontiguousarray(sample.vectors).data, digest_size=16)
    for table in (sample.table, terms):
        if table is not None:
            digest.update(pd.util.hash_pandas_object(table, index=False).to_numpy().data)
    return np.frombuffer(digest.digest(), dtype=np.uint8)


def _draw(doc_id: str, seed: int) -> bytes:
    return hashlib.blake2b(f"{seed}:{doc_id}".encode(), digest_size=8).digest()


def _select(store: Store, part: int, doc_ids: Iterable[str]) -> Sentences:
    """A part's Nordic sentences of some documents."""
    whole = read_sentences(store, part)
    rows = np.flatnonzero(
        whole.table["doc_id"].isin(list(doc_ids)) & whole.table["language"].isin(list(GROUPS))
    )
    return Sentences(whole.table.iloc[rows], whole.vectors[rows])


@ONE_THREAD
def assign_part(task: Task) -> Outcome:
    """Write what was discovered of one part: its assignments, before a reader's decisions."""
    arrays = task.store.read_model()
    space = Space(**{name: arrays[name] for name in SPACE})
    sentences = read_sentences(task.store, task.part)
    guided = None
    if codebook := open_codebook(task.settings.cluster):
        matches = match_sentences(sentences.table, task.store.read("terms", task.part), codebook)
        guided = Guided(codebook, Guide(arrays["places"], arrays["rarity"]), matches)
    assignments = assign_sentences(
        sentences, space, arrays["centroids"], task.settings.cluster, guided
    )
    return Outcome([task.store.write("discovered", assignments, task.part)])


def assign_sentences(
    sentences: Sentences,
    space: Space,
    centroids: np.ndarray,
    settings: ClusterSettings,
    guided: Guided | None = None,
) -> pd.DataFrame:
    """The table `assignments`. A sentence in a fourth language has no theme."""
    points = space.place(sentences, settings)
    points[~sentences.table["language"].isin(list(GROUPS)).to_numpy()] = 0
    first, strength, second = _assign(sentences, points, centroids, settings, guided)
    codebook = guided.codebook if guided else None
    names = np.array([*name_themes(len(centroids), codebook), ""], dtype=object)
    return pd.DataFrame(
        {
            "sentence_id": sentences.table["sentence_id"].to_numpy(),
            "theme_id": names[first],
            "strength": np.round(strength.astype(float), 4),
            "second_theme_id": names[second],
        }
    )


def _assign(
    sentences: Sentences,
    points: np.ndarray,
    centroids: np.ndarray,
    settings: ClusterSettings,
    guided: Guided | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each sentence's theme, strength and second theme, as `assign_themes` gives them.

    The codebook's themes come first, in its order. What fits one of them goes there, and what fits
    none to the nearest of the themes that were found. Where a point is zero there is no theme.
    """
    known, part = np.asarray(points.any(axis=1)), settings.second_part
    # In double precision: see nordic.vectors.meaning
    cosines = points.astype(np.float64) @ centroids.T
    found = assign_themes(cosines, known, settings.min_strength, part)
    if not guided:
        return found
    scores = guided.score(sentences, points, settings)
    given = assign_themes(scores, known, 0.0, part)
    is_new = (given[1] < FITS) & (found[0] >= 0) & (found[1] >= IS_NEW)
    first, second = (np.where(own >= 0, own + scores.shape[1], -1) for own in (found[0], found[2]))
    return (
        np.where(is_new, first, given[0]),
        np.where(is_new, found[1], given[1]),
        np.where(is_new, second, given[2]),
    )


def name_themes(n_found: int, codebook: Codebook | None = None) -> list[str]:
    """The codebook's ids, then t01, t02, …: as many digits as the last one needs, at least two."""
    given = [theme.theme_id for theme in codebook.themes] if codebook else []
    width = max(2, len(str(n_found)))
    names = (f"t{number:0{width}d}" for number in range(1, n_found + len(given) + 1))
    return [*given, *islice((name for name in names if name not in given), n_found)]
