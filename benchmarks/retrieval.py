"""How often a sentence's nearest neighbour in another language is its translation (NTREX-128).

    python -m benchmarks.retrieval [--data ../shared/data]

The share of sentences whose most similar sentence (cosine) among all of the other language is their
own translation; the mean of both directions. `nordtema` are the vectors of the stage `vectorize`.
The TF-IDF vectors are fitted on both languages' sentences; they know which n-grams are rare in
them, which nordtema's do not. `unfolded` is nordtema without the common spelling.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.nordic import vectors
from pipeline.nordic.folding import fold_text

FILES = {"da": "dan", "nb": "nob", "nn": "nno"}
PAIRS = (("da", "nb"), ("da", "nn"), ("nb", "nn"))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args(arguments)
    folder = options.data / "ntrex128"
    if not folder.is_dir():
        print(f"{folder}: no such folder; give the folder of public data with --data")
        return 1
    texts = {language: read_lines(folder, name) for language, name in FILES.items()}
    print(f"{len(texts['da']):,} sentences" + "".join(f"{'–'.join(pair):>8}" for pair in PAIRS))
    for name, embed in METHODS.items():
        found = [
            measure_retrieval(*split_rows(embed(texts[a] + texts[b]), len(texts[a])))
            for a, b in PAIRS
        ]
        print(f"{name:<22}" + "".join(f"{share:8.3f}" for share in found))
    return 0


def read_lines(folder: Path, name: str) -> list[str]:
    return (folder / f"{name}.first1000.txt").read_text(encoding="utf-8").splitlines()


def split_rows(rows: Any, n: int) -> tuple[Any, Any]:
    return rows[:n], rows[n:]


def measure_retrieval(a: Any, b: Any) -> float:
    """The mean of both directions; `a` and `b` are (n, dimensions), rows of unit length or zero."""
    cosines = sparse.csr_matrix(a) @ sparse.csr_matrix(b).T
    found = cosines.toarray()
    return (count_hits(found) + count_hits(found.T)) / (2 * len(found))


def count_hits(cosines: np.ndarray) -> int:
    """Rows whose own column is larger than all others: a tie is a miss."""
    own = np.diag(cosines)
    others = cosines - np.diag(np.full(len(own), np.inf))
    return int((own > others.max(axis=1)).sum())


def embed_words(texts: list[str]) -> Any:
    return TfidfVectorizer(sublinear_tf=True).fit_transform(texts)


def embed_characters(texts: list[str]) -> Any:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True).fit_transform(
        texts
    )


def embed_folded_characters(texts: list[str]) -> Any:
    return embed_characters([fold_text(text) for text in texts])


def embed_unfolded(texts: list[str]) -> Any:
    with mock.patch.object(vectors, "fold_text", str.lower):
        return vectors.make_lexical_vectors(texts)


METHODS: dict[str, Callable[[list[str]], Any]] = {
    "word TF-IDF": embed_words,
    "character TF-IDF": embed_characters,
    "… the same, folded": embed_folded_characters,
    "nordtema, unfolded": embed_unfolded,
    "nordtema": vectors.make_lexical_vectors,
}


if __name__ == "__main__":
    sys.exit(main())
