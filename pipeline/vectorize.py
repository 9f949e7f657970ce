"""sentences -> vectors: each sentence as a point in one space for the three languages."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.nordic.vectors import make_lexical_vectors
from pipeline.store import Outcome, Task


def vectorize_part(task: Task) -> Outcome:
    """Write one part's vectors, row for row those of its sentences."""
    vectors = vectorize_sentences(task.store.read("sentences", task.part))
    return Outcome([task.store.write_vectors(vectors, task.part)], {"vectors": len(vectors)})


def vectorize_sentences(sentences: pd.DataFrame) -> np.ndarray:
    """float32 (n_sentences, dimensions), rows of unit length or zero.

    `sentences` needs text. A row depends on its own text alone.
    """
    return make_lexical_vectors(list(sentences["text"]))
