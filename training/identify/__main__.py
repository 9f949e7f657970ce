"""Train the language identifier: `python -m training.identify --data ../shared/data`.

Writes pipeline/nordic/data/identify.npz, the same bytes each time, in three or four minutes.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.nordic.identify.model import N_LANGUAGES
from training.identify.calibrate import calibrate
from training.identify.clean import without_doubtful
from training.identify.corpus import read_sentences
from training.identify.dataset import BITS, Doubles, Singles, build
from training.identify.fit import fit
from training.identify.made_up import SEED

# Each time, other reviews, halves and beginnings are drawn; the mean of the weights wavers less
ROUNDS = 3
OUT = Path("pipeline/nordic/data/identify.npz")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, clean, calibrate, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--texts", type=Path, default=Path("training/texts"))
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--leave-out-ud", action="store_true", help="to measure on UD's dev sets")
    options = parser.parse_args(arguments)
    if not (options.data / "leipzig_da").is_dir():
        parser.error(
            f"{options.data}: holds no leipzig_da; give the folder of public data with --data"
        )
    table = np.zeros((1 << BITS, N_LANGUAGES))
    bias = np.zeros(N_LANGUAGES)
    for number in range(ROUNDS):
        rng = random.Random(f"{SEED} {number}")
        sentences = read_sentences(options.data, options.texts, rng)
        if options.leave_out_ud:
            sentences = [sentence for sentence in sentences if sentence.source != "ud"]
        sentences = without_doubtful(sentences, rng)
        dataset = build(sentences, with_beginnings=True, rng=rng)
        weights, own_bias = fit(dataset)
        table[dataset.buckets] += weights / ROUNDS
        bias += own_bias / ROUNDS
    calibration = calibrate(sentences, rng)
    whole, scale = quantise(table)
    np.savez_compressed(
        options.out,
        table=whole,
        scale=scale,
        bias=bias.astype(np.float32),
        calibration=calibration,
    )
    for (language, source), n in sorted(Counter((s.language, s.source) for s in sentences).items()):
        print(f"{language}\t{source}\t{n}")
    print(
        f"{np.any(whole, axis=1).sum()} features, calibration {calibration.tolist()}, {options.out}"
    )


def quantise(table: Doubles) -> tuple[NDArray[np.int8], Singles]:
    """(table [2**BITS, N_LANGUAGES], scale [N_LANGUAGES]) with weights ≈ table * scale"""
    centred = table - table.mean(axis=1, keepdims=True)  # changes no probability
    scale = np.quantile(np.abs(centred[np.any(table, axis=1)]), 0.9999, axis=0) / 127
    return np.rint(centred / scale).clip(-127, 127).astype(np.int8), scale.astype(np.float32)


if __name__ == "__main__":
    main()
