"""The table and the network that learn to say what the teachers say, from a bag of words.

A deep averaging network (Iyyer et al. 2015) is fitted to the teachers' vectors by the cosine, on
sentences of which words are left out at random. Words start as the vector of their gloss, so that
one that no sentence has still means something; concepts are one for the three languages, so that
the vectors cannot know a language where the lexicon knows the word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy import sparse

from pipeline.nordic.lexicon import load_lexicon
from pipeline.nordic.vectors.meaning import LENGTH
from pipeline.nordic.vectors.table import Table, digest_lexicon
from pipeline.nordic.vectors.words import N_SPELLINGS, Feature, find_features, find_words
from training.vectors.sentences import Sentence

DIMENSIONS = 256
HIDDEN = 512
EPOCHS = 6
BATCH = 256
RATE = 2e-3
DROPPED = 0.15  # of the words
RARE = 1e-2  # a concept in a hundredth of the sentences starts with half its weight
# The second teacher's weight beside the first's
SECOND = 0.8
SEED = 0


@dataclass(frozen=True)
class Space:
    """The space of the teachers' vectors, with their common part and their least axes taken out."""

    centres: tuple[np.ndarray, np.ndarray]
    axes: np.ndarray  # (dimensions of both, DIMENSIONS)

    def place(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """float32 (n, DIMENSIONS), rows of unit length."""
        joined = _join(first, second, self.centres)
        return _unit(joined @ self.axes).astype(np.float32)


def fit_space(first: np.ndarray, second: np.ndarray) -> Space:
    """The space of the sentences' vectors."""
    centres = (first.mean(axis=0), second.mean(axis=0))
    joined = _join(first, second, centres)
    values, axes = np.linalg.eigh(joined.T @ joined)
    return Space(centres, axes[:, np.argsort(-values)[:DIMENSIONS]])


def _join(
    first: np.ndarray, second: np.ndarray, centres: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    return _unit(np.hstack([_unit(first - centres[0]), SECOND * _unit(second - centres[1])]))


def _unit(rows: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: np.ndarray = rows / np.maximum(lengths, 1e-9)
    return unit


def find_bags(sentences: Sequence[Sentence]) -> sparse.csr_matrix:
    """float32 (n_sentences, rows of the table): how much of each row a sentence has."""
    lexicon = load_lexicon()

    @cache
    def look_up(word: str, language: str, name: bool) -> list[Feature]:
        return find_features(lexicon.analyse(word, language, name=name))

    columns: list[int] = []
    weights: list[float] = []
    ends = [0]
    for sentence in sentences:
        for word, name in find_words(sentence.text):
            for row, weight in look_up(word, sentence.language, name):
                columns.append(row)
                weights.append(weight)
        ends.append(len(columns))
    n_rows = len(lexicon.concepts) + N_SPELLINGS
    return sparse.csr_matrix(
        (np.array(weights, dtype=np.float32), columns, ends), shape=(len(sentences), n_rows)
    )


def fit_table(bags: sparse.csr_matrix, targets: np.ndarray, glosses: np.ndarray) -> Table:
    """The table that brings the sentences' bags nearest to their targets.

    `targets`: (n_sentences, DIMENSIONS); `glosses`: (concepts, DIMENSIONS), what each concept means
    by itself. It is learned too, as a sentence of one word.
    """
    import torch

    torch.manual_seed(SEED)
    n_concepts = len(glosses)
    common = np.asarray((bags[:, :n_concepts] > 0).mean(axis=0)).ravel()
    start = np.zeros((bags.shape[1], DIMENSIONS), dtype=np.float32)
    start[:n_concepts] = glosses * (RARE / (RARE + common))[:, None]
    alone = sparse.eye(n_concepts, bags.shape[1], dtype=np.float32, format="csr")
    bags = sparse.vstack([bags, alone]).tocsr()
    targets = np.vstack([targets, glosses])
    network = _make_network(start)
    optimizer = torch.optim.Adam(
        [
            {"params": [network["rows"]], "lr": RATE},
            {"params": [network[name] for name in network if name != "rows"], "lr": RATE / 2},
        ]
    )
    rates = [group["lr"] for group in optimizer.param_groups]
    rng = np.random.RandomState(SEED)
    n_steps = EPOCHS * (len(targets) // BATCH)
    loss_sum = 0.0
    for step, batch in enumerate(_draw(len(targets), rng)):
        pace = min(1, (step + 1) / 100) * max(0.02, 1 - step / n_steps)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * pace
        said = _say(network, bags[batch], rng)
        loss = (1 - (said * torch.from_numpy(targets[batch])).sum(1)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.item()
        if (step + 1) % 200 == 0:
            print(f"step {step + 1} of {n_steps}: 1 - cosine {loss_sum / 200:.4f}", flush=True)
            loss_sum = 0.0
    return quantise({name: value.detach().numpy() for name, value in network.items()})


def _make_network(start: np.ndarray) -> dict:
    import torch

    network = {
        "rows": torch.from_numpy(start),
        "inner": torch.randn(DIMENSIONS, HIDDEN) / DIMENSIONS**0.5 / 3,
        "inner_bias": torch.zeros(HIDDEN),
        "outer": torch.zeros(HIDDEN, DIMENSIONS),  # so that it starts as the plain sum
        "outer_bias": torch.zeros(DIMENSIONS),
    }
    return {name: value.requires_grad_() for name, value in network.items()}


def _draw(n: int, rng: np.random.RandomState) -> Iterator[np.ndarray]:
    for _ in range(EPOCHS):
        order = rng.permutation(n)
        for start in range(0, n - BATCH + 1, BATCH):
            yield order[start : start + BATCH]


def _say(network: dict, bags: sparse.csr_matrix, rng: np.random.RandomState) -> Any:
    """What the network says of some bags, words left out at random: (n, DIMENSIONS)."""
    import torch
    from torch.nn.functional import embedding_bag, gelu, normalize

    kept = bags.data * (rng.random_sample(len(bags.data)) >= DROPPED)
    sums = embedding_bag(
        torch.from_numpy(bags.indices.astype(np.int64)),
        network["rows"],
        torch.from_numpy(bags.indptr[:-1].astype(np.int64)),
        mode="sum",
        per_sample_weights=torch.from_numpy(kept.astype(np.float32)),
    )
    sums = sums / (sums.norm(dim=1, keepdim=True) + 1e-6) * LENGTH
    hidden = gelu(sums @ network["inner"] + network["inner_bias"])
    return normalize(sums + hidden @ network["outer"] + network["outer_bias"], dim=1)


def quantise(network: dict[str, np.ndarray]) -> Table:
    """The network with its rows in whole numbers from −127 to 127, each with a scale."""
    rows = network["rows"]
    scales = np.abs(rows).max(axis=1) / 127
    whole = np.rint(rows / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    rest = {name: value for name, value in network.items() if name != "rows"}
    return Table(rows=whole, scales=scales.astype(np.float32), lexicon=digest_lexicon(), **rest)
