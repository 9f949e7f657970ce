"""Train the language identifier: `python -m training.identify --data ../shared/data`.

Writes pipeline/nordic/data/identify.npz, the same bytes each time, in a minute or two on one core.
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
from training.identify.dataset import BITS, Ints, Singles, build
from training.identify.fit import fit
from training.identify.made_up import SEED

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
    rng = random.Random(SEED)
    sentences = read_sentences(options.data, options.texts, rng)
    if options.leave_out_ud:
        sentences = [sentence for sentence in sentences if sentence.source != "ud"]
    sentences = without_doubtful(sentences, rng)
    calibration = calibrate(sentences, rng)
    dataset = build(sentences, with_beginnings=True, rng=rng)
    weights, bias = fit(dataset)
    table, scale = quantise(weights, dataset.buckets)
    np.savez_compressed(options.out, table=table, scale=scale, bias=bias, calibration=calibration)
    for (language, source), n in sorted(Counter((s.language, s.source) for s in sentences).items()):
        print(f"{language}\t{source}\t{n}")
    print(f"{len(dataset.buckets)} features, calibration {calibration.tolist()}, {options.out}")


def quantise(weights: Singles, buckets: Ints) -> tuple[NDArray[np.int8], Singles]:
    """(table [2**BITS, N_LANGUAGES], scale [N_LANGUAGES]) with weights ≈ table * scale"""
    centred = weights - weights.mean(axis=1, keepdims=True)  # changes no probability
    scale = np.quantile(np.abs(centred), 0.9999, axis=0) / 127
    table = np.zeros((1 << BITS, N_LANGUAGES), dtype=np.int8)
    table[buckets] = np.rint(centred / scale).clip(-127, 127)
    return table, scale.astype(np.float32)


if __name__ == "__main__":
    main()
