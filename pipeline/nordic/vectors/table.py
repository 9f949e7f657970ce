"""The data file of sentence vectors: what a concept, a spelling means, and how meanings add up.

`data/vectors.npz` is made by `training/vectors`. It holds numbers only and is read without pickle.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from pipeline.nordic.lexicon import load_lexicon

PATH = Path(__file__).parent.parent / "data" / "vectors.npz"


@dataclass(frozen=True)
class Table:
    """Word vectors, and the small network that turns their sum into a sentence's vector.

    n rows: the concepts of the lexicon in its order, then N_SPELLINGS rows of hashed spellings.
    """

    rows: np.ndarray  # int8 (n, dimensions)
    scales: np.ndarray  # float32 (n,): rows × scales are the vectors
    inner: np.ndarray  # float32 (dimensions, hidden)
    inner_bias: np.ndarray  # float32 (hidden,)
    outer: np.ndarray  # float32 (hidden, dimensions)
    outer_bias: np.ndarray  # float32 (dimensions,)
    lexicon: str  # digest of the lexicon that it was made for

    @property
    def dimensions(self) -> int:
        return int(self.rows.shape[1])

    def look_up(self, rows: np.ndarray) -> np.ndarray:
        """float32 (len(rows), dimensions): the vectors of some rows."""
        vectors: np.ndarray = self.rows[rows] * self.scales[rows][:, None]
        return vectors


def save_table(table: Table, path: Path) -> None:
    """Write a table; the same table gives the same bytes."""
    with path.open("wb") as sink:
        np.savez(
            sink,
            allow_pickle=False,
            rows=table.rows,
            scales=table.scales.astype(np.float16),
            inner=table.inner.astype(np.float16),
            inner_bias=table.inner_bias.astype(np.float16),
            outer=table.outer.astype(np.float16),
            outer_bias=table.outer_bias.astype(np.float16),
            lexicon=np.frombuffer(table.lexicon.encode(), dtype=np.uint8),
        )


@cache
def load_table(path: Path = PATH) -> Table:
    """Read a table. Raises OSError, ValueError where it isn't one, or is another lexicon's."""
    with np.load(path, allow_pickle=False) as arrays:
        table = Table(
            rows=arrays["rows"],
            lexicon=arrays["lexicon"].tobytes().decode(),
            **{
                name: arrays[name].astype(np.float32)
                for name in ("scales", "inner", "inner_bias", "outer", "outer_bias")
            },
        )
    if table.lexicon != digest_lexicon():
        raise ValueError(
            f"{path.name} was made for another lexicon.tsv; run `python -m training.vectors`"
        )
    return table


def digest_lexicon() -> str:
    """What tells one lexicon's concepts from another's: rows may change, concepts may not."""
    return hashlib.sha256("\n".join(load_lexicon().concepts).encode()).hexdigest()
