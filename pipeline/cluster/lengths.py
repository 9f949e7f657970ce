"""Rows of unit length.

As scikit-learn's `normalize`, without its checks, which take longer than the sums where there are
thousands of short documents.
"""

from __future__ import annotations

import numpy as np


def to_unit(rows: np.ndarray, nothing: float = 0.0, out: np.ndarray | None = None) -> np.ndarray:
    """Rows (n, dimensions), divided by their lengths; shorter ones than `nothing` become zero.

    Rows so short that only rounding is left of them stay as they are. `out` may be `rows`.
    """
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    if nothing and (too_short := lengths < nothing).any():
        rows = np.where(too_short[:, None], 0, rows).astype(rows.dtype, copy=False)
        lengths[too_short] = 1
    lengths[lengths < 10 * np.finfo(rows.dtype).eps] = 1
    unit: np.ndarray = np.divide(rows, lengths[:, None], out=out)
    return unit
