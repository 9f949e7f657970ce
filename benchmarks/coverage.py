"""How often the 95 % interval of a difference holds the true difference, by simulation.

    python -m benchmarks.coverage [--simulations 1000]

Each document's true share of a theme is drawn from a beta distribution (mean 0.1 in one group and
0.2 in the other, precision 8), its 30 sentences from that share, and the documents are compared as
in the stage `compare`. `zero width` counts the intervals that are one point, as when no document of
either group has the theme.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.compare import compare_groups

SIZES = ((3, 2), (5, 5), (10, 10), (20, 20), (50, 50))
MEANS = (0.1, 0.2)
PRECISION = 8
N_SENTENCES = 30


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--simulations", type=int, default=1000)
    options = parser.parse_args(arguments)
    print("documents    covered  zero width")
    for sizes in SIZES:
        rng = np.random.default_rng([*sizes])
        intervals = [simulate(rng, sizes, seed) for seed in range(options.simulations)]
        covered = np.mean([low <= MEANS[0] - MEANS[1] <= high for low, high in intervals])
        flat = np.mean([low == high for low, high in intervals])
        print(f"{sizes[0]:>3} v {sizes[1]:<3}      {covered:6.3f}      {flat:6.3f}")
    return 0


def simulate(rng: np.random.Generator, sizes: tuple[int, int], seed: int) -> tuple[float, float]:
    """(low, high) of the difference between two groups of documents of these sizes."""
    groups = [group for group, n in zip("ab", sizes, strict=True) for _ in range(n)]
    means = np.repeat(MEANS, sizes)
    true = rng.beta(means * PRECISION, (1 - means) * PRECISION)
    n_theme = rng.binomial(N_SENTENCES, true)
    doc_ids = [f"{number:03d}" for number in range(len(groups))]
    counts = pd.DataFrame(
        {
            "doc_id": doc_ids * 2,
            "theme_id": ["t01"] * len(groups) + [""] * len(groups),
            "n_sentences": [*n_theme, *(N_SENTENCES - n_theme)],
        }
    )
    _, _, contrasts = compare_groups(
        counts,
        pd.Series(groups, index=doc_ids),
        theme_ids=["t01"],
        resamples=2000,
        permutations=100,
        seed=seed,
    )
    return float(contrasts["low"].iloc[0]), float(contrasts["high"].iloc[0])


if __name__ == "__main__":
    sys.exit(main())
