"""What the sentences around a sentence, its section and its document add to its features.

A sentence alone is short: what stands around it and under which heading says much of what it is
about. But what a whole article shares must not count for much, or themes become articles.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from pipeline.cluster.lengths import to_unit

# Sentences two places away count half as much as those next to it; further ones not at all.
REACH = 2
# A shorter row is a rounding error (rows have unit length before the document's mean is taken out).
_NOTHING = 1e-5
# An article without headings is one long section, and its beginning says little of its end.
SECTION_REACH = 8


def add_context(
    points: np.ndarray,
    doc_ids: np.ndarray,
    sections: np.ndarray,
    *,
    neighbour_weight: float,
    section_weight: float,
    document_weight: float,
) -> np.ndarray:
    """Points with their context: float (n_sentences, dimensions), rows of unit length or zero.

    The sentences of a document follow each other in `points`; `sections` says under which heading
    each stands. The weights are relative to the sentence's own 1; `document_weight` is the part of
    the document's mean direction that is taken out.
    """
    if not len(points):
        return points
    mixed = np.empty_like(points)
    # One document at a time: its rows stay in the processor's cache
    for rows in list_runs(doc_ids):
        own = points[rows]
        whole = _sum_neighbours(own)
        to_unit(whole, out=whole)
        whole *= neighbour_weight
        whole += own
        around = _mean_by_section(own, sections[rows])
        to_unit(around, out=around)
        around *= section_weight
        whole += around
        to_unit(whole, out=whole)
        if document_weight:
            document = to_unit(own.mean(axis=0, keepdims=True))
            whole -= document_weight * (whole @ document.T) @ document
        mixed[rows] = whole
    # A document of one sentence, all of whose mean is taken out, leaves no direction.
    return to_unit(mixed, nothing=_NOTHING, out=mixed)


def list_runs(values: np.ndarray) -> list[slice]:
    """The stretches of equal values that follow each other."""
    if not len(values):
        return []
    starts = [0, *(np.flatnonzero(values[1:] != values[:-1]) + 1), len(values)]
    return [slice(start, end) for start, end in pairwise(starts)]


def _sum_neighbours(own: np.ndarray) -> np.ndarray:
    around = np.zeros_like(own)
    for distance in range(1, REACH + 1):
        weighted = own * own.dtype.type(0.5 ** (distance - 1)) if distance > 1 else own
        around[distance:] += weighted[:-distance]
        around[:-distance] += weighted[distance:]
    return around


def _mean_by_section(own: np.ndarray, sections: np.ndarray) -> np.ndarray:
    """For each sentence, the mean of those of its section that are not too far from it."""
    means = np.empty_like(own)
    for rows in list_runs(sections):
        n = rows.stop - rows.start
        if n <= SECTION_REACH + 1:
            means[rows] = own[rows].sum(axis=0) / own.dtype.type(n)
            continue
        sums = np.zeros((n + 1, own.shape[1]), dtype=own.dtype)
        # np.cumsum adds along columns, ten times as slow in this direction
        for place in range(n):
            np.add(sums[place], own[rows.start + place], out=sums[place + 1])
        first = np.maximum(np.arange(n) - SECTION_REACH, 0)
        end = np.minimum(np.arange(n) + SECTION_REACH + 1, n)
        means[rows] = (sums[end] - sums[first]) / (end - first)[:, None].astype(own.dtype)
    return means
