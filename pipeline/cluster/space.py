"""The space in which themes are found: sentences by their vectors, with their context.

A sentence's vector knows what it means, whatever its language. What stands around it is added
(`context`), and the result is reduced to the axes along which these texts differ (principal
components, Pearson 1901). All of it is fitted on a sample and applied to each sentence alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.cluster.context import add_context, list_runs
from pipeline.cluster.lengths import to_unit
from pipeline.nordic import GROUPS
from pipeline.settings import ClusterSettings, NordtemaError
from pipeline.store import Store

DIMENSIONS = 30

LANGUAGES = tuple(GROUPS)
# Sentences are placed so many at a time, of whole documents: few enough to stay in the processor's
# cache, where that takes half as long
_AT_ONCE = 128
# Products of all points in double precision are added up of so many at a time: to have the memory
# for a copy of all would take as long as they do
_ADDED_AT_ONCE = 2048


@dataclass(frozen=True)
class Sentences:
    """The sentences of whole documents, with their vectors."""

    table: pd.DataFrame  # sentence_id, doc_id, section, language, …
    vectors: np.ndarray  # float32 (n_sentences, dimensions)


@dataclass(frozen=True)
class Space:
    """A fitted space; `vars(space)` and `Space(**arrays)` take it to a file and back.

    Two written languages of one group (Bokmål and Nynorsk) are centred on their common mean, so
    that no theme is Nynorsk. Danish and Norwegian are not: what differs between the groups on the
    whole may be what is asked for.
    """

    centres: np.ndarray  # (languages, vector dimensions), in the order of LANGUAGES
    mixed_centres: np.ndarray  # (languages, vector dimensions): of sentences with their context
    axes: np.ndarray  # (vector dimensions, DIMENSIONS)

    def place(self, sentences: Sentences, settings: ClusterSettings) -> np.ndarray:
        """float32 (n_sentences, DIMENSIONS), rows of unit length; zero where nothing is known."""
        if not len(sentences.table):
            return np.zeros((0, self.axes.shape[1]), dtype=np.float32)
        return np.concatenate(
            [
                self.project(_mix(block, self.centres, settings), block.languages)
                for block in _in_blocks(sentences)
            ]
        )

    def project(self, points: np.ndarray, languages: np.ndarray) -> np.ndarray:
        """float32 (n, DIMENSIONS): centred points, with their context if they have one."""
        placed = to_unit(_centre(points, self.mixed_centres, languages) @ self.axes)
        placed[~points.any(axis=1)] = 0
        return placed.astype(np.float32)

    def place_alone(self, vectors: np.ndarray, language: str) -> np.ndarray:
        """float32 (n, DIMENSIONS): vectors of texts of one language that have no context."""
        languages = np.full(len(vectors), LANGUAGES.index(language))
        return self.project(_place_alone(vectors, self.centres, languages), languages)


SPACE = tuple(field.name for field in fields(Space))


def read_sentences(store: Store, part: int) -> Sentences:
    """A part's sentences. Raises NordtemaError where the vectors are those of other sentences."""
    sentences = store.read("sentences", part)
    vectors = store.read_vectors(part, mapped=True)
    if len(vectors) != len(sentences):
        raise NordtemaError(
            f"{store.path('vectors', part)}: has {len(vectors)} rows for {len(sentences)} "
            "sentences; run `nordtema run --from vectorize`"
        )
    return Sentences(sentences, vectors)


def fit_space(sentences: Sentences, settings: ClusterSettings) -> tuple[Space, np.ndarray]:
    """The space of a sample of sentences, and their places in it, as `Space.place` gives them.

    Fewer sentences than dimensions give fewer dimensions.
    """
    centres = _find_centres(sentences.vectors, sentences)
    blocks = list(_in_blocks(sentences))
    ends = np.cumsum([len(block.vectors) for block in blocks])
    mixed = np.empty(sentences.vectors.shape, dtype=np.float32)
    parts = np.split(mixed, ends[:-1])
    for part, block in zip(parts, blocks, strict=True):
        part[:] = _mix(block, centres, settings)
    mixed_centres = _find_centres(mixed, sentences)
    axes = _find_axes(mixed, mixed_centres, _number_languages(sentences))
    space = Space(centres, mixed_centres, axes)
    placed = [
        space.project(part, block.languages) for part, block in zip(parts, blocks, strict=True)
    ]
    return space, np.concatenate(placed)


class _Block(NamedTuple):
    """Sentences of whole documents."""

    vectors: np.ndarray  # float32 (n, dimensions)
    languages: np.ndarray  # int (n,), their places in LANGUAGES
    doc_ids: np.ndarray  # (n,)
    sections: np.ndarray  # (n,)


def _in_blocks(sentences: Sentences) -> Iterator[_Block]:
    """_AT_ONCE sentences or, where the last document has more, what that has."""
    whole = _Block(
        np.asarray(sentences.vectors),
        _number_languages(sentences),
        sentences.table["doc_id"].to_numpy(dtype=object),
        sentences.table["section"].to_numpy(),
    )
    start = 0
    for rows in list_runs(whole.doc_ids):
        if rows.stop - start >= _AT_ONCE or rows.stop == len(whole.doc_ids):
            yield _Block(*(values[start : rows.stop] for values in whole))
            start = rows.stop


def _number_languages(sentences: Sentences) -> np.ndarray:
    # A fourth language has no centre of its own; its sentences get no theme either.
    numbers = pd.Index(LANGUAGES).get_indexer(pd.Index(sentences.table["language"]))
    return np.asarray(numbers.clip(0))


def _place_alone(vectors: np.ndarray, centres: np.ndarray, languages: np.ndarray) -> np.ndarray:
    """The centred vectors, of unit length; of a sentence without letters, zero."""
    points = _centre(vectors, centres, languages)
    to_unit(points, out=points)
    points[~vectors.any(axis=1)] = 0
    return points


def _mix(block: _Block, centres: np.ndarray, settings: ClusterSettings) -> np.ndarray:
    """Centred points with their context."""
    return add_context(
        _place_alone(block.vectors, centres, block.languages),
        block.doc_ids,
        block.sections,
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
        own, group = languages == language, groups == GROUPS[language]
        if 0 < own.sum() < group.sum():
            centres[row] += points[own].mean(axis=0) - points[group].mean(axis=0)
    return centres


def _centre(points: np.ndarray, centres: np.ndarray, languages: np.ndarray) -> np.ndarray:
    centred: np.ndarray = centres[languages]
    np.subtract(points, centred, out=centred)
    return centred


def _find_axes(points: np.ndarray, centres: np.ndarray, languages: np.ndarray) -> np.ndarray:
    """(dimensions, at most DIMENSIONS): the axes along which centred points vary most."""
    most = max(1, min(DIMENSIONS, len(points) - 1, points.shape[1]))
    products = np.zeros((points.shape[1], points.shape[1]))
    for start in range(0, len(points), _ADDED_AT_ONCE):
        rows = slice(start, start + _ADDED_AT_ONCE)
        some = _centre(points[rows], centres, languages[rows]).astype(np.float64)
        products += some.T @ some
    variances, axes = np.linalg.eigh(products)
    axes = axes[:, np.argsort(-variances, kind="stable")[:most]]
    # An axis has no direction of its own: its largest part is made positive.
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    result: np.ndarray = axes * signs
    return result
