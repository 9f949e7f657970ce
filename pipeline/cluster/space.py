"""The space in which themes are found: sentences by their vectors and their terms, with context.

A sentence's vector knows its spelling; its terms, weighed by how rare they are in these texts, know
what it is about. Both are reduced to a few dimensions (latent semantic analysis, Deerwester et al.
1990), so that terms which the same sentences use lie close; then context is added and the result
reduced again. All of it is fitted on a sample and applied to each sentence alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from pipeline.cluster.context import add_context
from pipeline.nordic import GROUPS
from pipeline.settings import ClusterSettings

# Character n-grams of terms, so that the parts of compounds and what folding could not unite
# (*løsning*, *løysing*) count as well.
N_GRAMS = (3, 6)
N_FEATURES = 2**14
# A feature of one sentence alone can't bring two together.
MIN_SENTENCES = 2
# How much a sentence's vector weighs beside its terms.
VECTOR_WEIGHT = 0.45

WIDE, NARROW = 100, 20  # dimensions after the first reduction and after the second

LANGUAGES = tuple(GROUPS)


@dataclass(frozen=True)
class Sentences:
    """The sentences of whole documents, with what the space is made from."""

    table: pd.DataFrame  # sentence_id, doc_id, section, language, …
    terms: list[str]  # each sentence's terms, joined by spaces
    vectors: np.ndarray  # float32 (n_sentences, dimensions)


def gather(sentences: pd.DataFrame, terms: pd.DataFrame, vectors: np.ndarray) -> Sentences:
    """Put sentences, their terms and their vectors beside each other, in the sentences' order."""
    repeated = terms.loc[terms.index.repeat(terms["n"]), ["sentence_id", "term"]]
    joined = repeated.groupby("sentence_id", sort=False)["term"].agg(" ".join)
    aligned = joined.reindex(sentences["sentence_id"]).fillna("")
    return Sentences(sentences, list(aligned), vectors)


@dataclass(frozen=True)
class Space:
    """A fitted space; `vars(space)` and `Space(**arrays)` take it to a file and back.

    Two written languages of one group (Bokmål and Nynorsk) are centred on their common mean, so
    that no theme is Nynorsk. Danish and Norwegian are not: what differs between the groups on the
    whole may be what is asked for.
    """

    rarity: np.ndarray  # (N_FEATURES,): inverse document frequency, 0 for what is left out
    wide: np.ndarray  # (N_FEATURES + vector dimensions, WIDE)
    wide_centres: np.ndarray  # (languages, WIDE), in the order of LANGUAGES
    narrow: np.ndarray  # (WIDE, NARROW)
    narrow_centres: np.ndarray  # (languages, WIDE)

    def place(self, sentences: Sentences, settings: ClusterSettings) -> np.ndarray:
        """float32 (n_sentences, NARROW), rows of unit length, or zero where nothing is known."""
        if not len(sentences.table):
            return np.zeros((0, self.narrow.shape[1]), dtype=np.float32)
        features = _weigh(_count(sentences), self.rarity, sentences)
        mixed = _mix(features @ self.wide, self.wide_centres, sentences, settings)
        placed = normalize(_centre(mixed, self.narrow_centres, sentences) @ self.narrow)
        placed[~mixed.any(axis=1)] = 0
        return placed.astype(np.float32)


def fit_space(sentences: Sentences, settings: ClusterSettings, seed: int) -> Space:
    """The space of a sample of sentences. Fewer sentences than dimensions give fewer dimensions."""
    counts = _count(sentences)
    n_with = np.asarray((counts > 0).sum(axis=0)).ravel()
    rarity = np.log((1 + counts.shape[0]) / (1 + n_with)) + 1
    rarity[n_with < MIN_SENTENCES] = 0
    features = _weigh(counts, rarity, sentences)
    wide = _reduce(features, WIDE, seed)
    wide_centres = _find_centres(features @ wide, sentences)
    mixed = _mix(features @ wide, wide_centres, sentences, settings)
    narrow_centres = _find_centres(mixed, sentences)
    narrow = _reduce(_centre(mixed, narrow_centres, sentences), NARROW, seed)
    return Space(rarity, wide, wide_centres, narrow, narrow_centres)


def _mix(
    points: np.ndarray, centres: np.ndarray, sentences: Sentences, settings: ClusterSettings
) -> np.ndarray:
    """Centred points with their context."""
    unknown = ~points.any(axis=1)
    points = normalize(_centre(points, centres, sentences))
    # A sentence without a letter says nothing of its own, not that it lies away from the centre.
    points[unknown] = 0
    return add_context(
        points,
        sentences.table["doc_id"].to_numpy(dtype=object),
        sentences.table["section"].to_numpy(),
        neighbour_weight=settings.neighbour_weight,
        section_weight=settings.section_weight,
        document_weight=settings.document_weight,
    )


def _find_centres(points: np.ndarray, sentences: Sentences) -> np.ndarray:
    """(languages, dimensions): the mean of all, moved by how a language differs from its group."""
    languages = sentences.table["language"].to_numpy(dtype=object)
    groups = np.array([GROUPS.get(language, "") for language in languages], dtype=object)
    centres = np.tile(points.mean(axis=0), (len(LANGUAGES), 1))
    for row, language in enumerate(LANGUAGES):
        own = points[languages == language]
        if len(own):
            centres[row] += own.mean(axis=0) - points[groups == GROUPS[language]].mean(axis=0)
    return centres


def _centre(points: np.ndarray, centres: np.ndarray, sentences: Sentences) -> np.ndarray:
    # A fourth language has no centre of its own; its sentences get no theme either.
    number = {language: row for row, language in enumerate(LANGUAGES)}
    rows = [number.get(language, 0) for language in sentences.table["language"]]
    centred: np.ndarray = points - centres[rows]
    return centred


def _count(sentences: Sentences) -> sparse.csr_matrix:
    """(n_sentences, N_FEATURES): 1 + log of how often each n-gram occurs."""
    hasher = HashingVectorizer(
        analyzer="char_wb",
        ngram_range=N_GRAMS,
        n_features=N_FEATURES,
        alternate_sign=False,
        norm=None,
        lowercase=False,
    )
    counts = hasher.transform(sentences.terms).tocsr()
    counts.data = 1 + np.log(counts.data)
    return counts


def _weigh(
    counts: sparse.csr_matrix, rarity: np.ndarray, sentences: Sentences
) -> sparse.csr_matrix:
    """Terms and vectors side by side, rows of unit length: (n, N_FEATURES + dimensions)."""
    terms = normalize(counts.multiply(rarity).tocsr())
    vectors = sparse.csr_matrix(VECTOR_WEIGHT * sentences.vectors)
    return normalize(sparse.hstack([terms, vectors], format="csr"))


def _reduce(features: sparse.csr_matrix | np.ndarray, dimensions: int, seed: int) -> np.ndarray:
    """(features, dimensions): the axes along which the features vary most."""
    if features.shape[1] < 2:
        return np.eye(features.shape[1])
    most = max(1, min(dimensions, min(features.shape) - 1))
    # Of a single sentence, or of equal ones, no part of the variance is explained: 0 / 0.
    with np.errstate(invalid="ignore"):
        reduction = TruncatedSVD(most, random_state=seed).fit(features)
    axes: np.ndarray = reduction.components_.T
    return axes
