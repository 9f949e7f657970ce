"""sentences -> vectors: each sentence as a point in one space for the three languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from pipeline.nordic.garbage import put_off_collection
from pipeline.nordic.vectors import make_vectors
from pipeline.nordic.vectors.others import MissingModelError
from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Task


def vectorize_part(task: Task) -> Outcome:
    """Write one part's vectors, row for row those of its sentences. Raises NordtemaError."""
    sentences = task.store.read("sentences", task.part)
    try:
        vectors = vectorize_sentences(sentences, task.settings.vectorize.vectors)
    except MissingModelError as error:
        raise NordtemaError(f"--vectors {task.settings.vectorize.vectors}: {error}") from None
    return Outcome([task.store.write_vectors(vectors, task.part)], {"vectors": len(vectors)})


def vectorize_sentences(sentences: pd.DataFrame, spec: str = "nordic") -> np.ndarray:
    """float32 (n_sentences, dimensions), rows of unit length or zero.

    `sentences` needs text, language. A row depends on its own text and language alone.
    """
    # One thread: with several, the last bits of a product depend on how many there are.
    with threadpool_limits(1), put_off_collection():
        return make_vectors(list(sentences["text"]), list(sentences["language"]), spec)
