"""The rows of tables in the order of their documents, some at a time, however many there are.

Which part a document lies in is a matter of when it came. Mostly neighbours lie in one part: what
goes over all of them reads each part once, and holds a few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.store import Store, order_documents

# Parts that lie between each other, as those of texts that came later do, are not read anew for
# each document
_PARTS_HELD = 4
_BYTES_AT_ONCE = 1 << 23


class Run(NamedTuple):
    """Documents that follow upon each other, in the order of the corpus and in their part."""

    part: int
    doc_ids: Sequence[str]
    start: int  # of their lines in the part's `listed`, in bytes
    end: int


class Documents:
    """The documents of a corpus in their order, each with its part: the table `extents`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        parts = store.parts("extents")
        extents = [store.read("extents", part) for part in parts]
        sizes = [len(own) for own in extents]
        ends = [own["n_bytes"].cumsum().to_numpy() for own in extents]
        whole = pd.concat(extents, ignore_index=True)
        order = order_documents(whole["doc_id"])
        self._doc_ids = whole["doc_id"].to_numpy(dtype=object)[order]
        self._part = np.repeat(np.array(parts, dtype=np.int64), sizes)[order]
        self._place = np.concatenate([np.arange(size) for size in sizes])[order]
        self._end = np.concatenate(ends).astype(np.int64)[order]
        self._n_bytes = whole["n_bytes"].to_numpy()[order]

    def each_run(self) -> Iterator[Run]:
        """All documents, as few runs as there are."""
        if not len(self._doc_ids):
            return
        goes_on = (np.diff(self._part) == 0) & (np.diff(self._place) == 1)
        starts = np.r_[0, np.flatnonzero(~goes_on) + 1]
        for first, last in zip(starts, np.r_[starts[1:], len(self._doc_ids)] - 1, strict=True):
            start = int(self._end[first] - self._n_bytes[first])
            doc_ids = self._doc_ids[first : last + 1].tolist()
            yield Run(int(self._part[first]), doc_ids, start, int(self._end[last]))

    def walk(self, read: Callable[[int], pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Some rows at a time; `read` gives those of a part, each with its doc_id."""
        held = lru_cache(_PARTS_HELD)(lambda part: _by_document(read(part)))
        for run in self.each_run():
            rows, starts = held(run.part)
            taken = [starts[doc] for doc in run.doc_ids if doc in starts]
            if taken:
                yield rows.take(np.concatenate(taken))

    def each_line(self) -> Iterator[bytes]:
        """The lines of sentences.csv, without its header, some at a time."""
        for run in self.each_run():
            if run.end == run.start:
                continue
            with self._store.open("listed", run.part) as file:
                file.seek(run.start)
                for at in range(run.start, run.end, _BYTES_AT_ONCE):
                    yield file.read(min(_BYTES_AT_ONCE, run.end - at))


def _by_document(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """A part's rows, and where those of each document are."""
    places = rows.groupby("doc_id", sort=False).indices
    return rows, {str(doc): np.asarray(own) for doc, own in places.items()}
