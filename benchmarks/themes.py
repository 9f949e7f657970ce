"""Themes beside what readers see: agreement with their labels, across languages, and over seeds.

    python -m benchmarks.themes [--data ../shared/data] [--texts FOLDER --labels FILE]
                                [--codebook FILE]

The sample corpus is measured against `sample_themes.tsv`, in which a reader (a language model, with
the plan at hand) gave each sentence one of the ten planned themes, and some a second. Other texts
with labels of one's own (sentence_id, theme, second_theme, tab-separated) are measured the same
way. A codebook's ids are read as the labels' themes where they are the same; the shipped one's are
put beside the plan's.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score
from threadpoolctl import threadpool_limits

from benchmarks.rivals import print_table
from pipeline.cluster import Found, assign_sentences, find_themes
from pipeline.cluster.codebook import Codebook, read_codebook
from pipeline.cluster.space import Sentences
from pipeline.nordic import GROUPS
from pipeline.nordic.vectors import make_vectors
from pipeline.settings import ClusterSettings, Settings
from pipeline.stages import Silent, run_stages, select_stages
from pipeline.store import Store

HOME = Path(__file__).parent.parent
SHIPPED = HOME / "codebooks" / "public-digitalisation.toml"
# The shipped codebook's themes by those that were planned for the sample corpus
PLANNED = {
    "user-needs": "T1", "data-sharing": "T2", "benefits-efficiency": "T3",
    "digital-exclusion": "T4", "ai-automation": "T5", "information-security": "T6",
    "digital-ready-rules": "T7", "procurement-systems": "T8", "leadership-skills": "T9",
    "privacy-trust": "T10",
}  # fmt: skip
SEEDS = range(10)
N_TOPICS = 7  # of SIB-200


@dataclass(frozen=True)
class Labelled:
    """Sentences with what a reader sees in them."""

    name: str
    sentences: Sentences
    terms: pd.DataFrame
    themes: np.ndarray  # (n_sentences,): "" for none
    second: np.ndarray

    @property
    def sides(self) -> np.ndarray:
        return self.sentences.table["language"].map(GROUPS).to_numpy(dtype=object)


class Agreement(NamedTuple):
    """With the reader's themes: 1 is the same, 0 chance (for F, chance is above 0)."""

    ami: float  # adjusted mutual information; a sentence without a theme is a theme of its own
    f: float  # of pairs of a Danish and a Norwegian sentence that lie in one theme
    kappa: float  # Cohen's, on the same pairs
    none: float  # part of the sentences without a theme


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--texts", type=Path, default=HOME / "raw")
    parser.add_argument("--labels", type=Path, default=Path(__file__).parent / "sample_themes.tsv")
    parser.add_argument("--codebook", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    with threadpool_limits(1):
        labelled = read_labelled(options.texts, options.labels)
        print_found(labelled)
        print_with_codebook(labelled, read_codebook(options.codebook))
        if (options.data / "sib200").is_dir():
            print_topics(read_sib(options.data / "sib200"))
        else:
            print(f"{options.data}: holds no sib200, so that topics are not measured")
    return 0


# The texts


def read_labelled(texts: Path, labels: Path) -> Labelled:
    """A folder of texts, with the labels of its sentences."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        run_stages(texts, out, Settings(), select_stages("read", "vectorize"), Silent())
        store = Store(out)
        table, terms = store.read_all("sentences"), store.read_all("terms")
        vectors = np.concatenate([store.read_vectors(part) for part in store.parts("sentences")])
    rows = np.flatnonzero(table["language"].isin(list(GROUPS)))
    table = table.iloc[rows].reset_index(drop=True)
    known = pd.read_csv(labels, sep="\t", dtype=str, keep_default_na=False)
    absent = set(known["sentence_id"]) - set(table["sentence_id"])
    if absent:
        raise SystemExit(
            f"{labels}: has labels of {len(absent)} sentences that {texts} has not, such as "
            f"{min(absent)}; label its sentences as `sentences.csv` has them"
        )
    aligned = known.set_index("sentence_id").reindex(table["sentence_id"]).fillna("")
    return Labelled(
        texts.name,
        Sentences(table, vectors[rows]),
        terms,
        aligned["theme"].to_numpy(dtype=object),
        aligned["second_theme"].to_numpy(dtype=object),
    )


def read_sib(folder: Path) -> Labelled:
    """Half of SIB-200's sentences in Danish and the other half in Bokmål, each a document."""
    rows = []
    for place, (language, name) in enumerate((("da", "dan"), ("nb", "nob"))):
        with (folder / f"{name}.train.tsv").open(encoding="utf-8", newline="") as file:
            found = sorted(
                csv.DictReader(file, delimiter="\t"), key=lambda row: int(row["index_id"])
            )
        rows += [
            (f"{language}{row['index_id']}:0", f"{language}{row['index_id']}", -1, language,
             row["text"], row["category"])
            for row in found[place::2]
        ]  # fmt: skip
    columns = ["sentence_id", "doc_id", "section", "language", "text", "topic"]
    table = pd.DataFrame(rows, columns=columns)
    vectors = make_vectors(list(table["text"]), list(table["language"]), "nordic")
    topics = table["topic"].to_numpy(dtype=object)
    return Labelled("SIB-200", Sentences(table, vectors), pd.DataFrame(), topics, topics)


# Agreement


def assign(labelled: Labelled, found: Found, settings: ClusterSettings) -> np.ndarray:
    """object (n_sentences,): each sentence's theme_id, "" for none."""
    table = assign_sentences(
        labelled.sentences, found.space, found.discovery.centroids, settings, found.guided
    )
    return table["theme_id"].to_numpy(dtype=object)


def agree(labelled: Labelled, assigned: np.ndarray) -> Agreement:
    """How assigned themes agree with the labels, on the sentences that have one."""
    rows = np.flatnonzero(labelled.themes != "")
    labels, own, sides = labelled.themes[rows], assigned[rows], labelled.sides[rows]
    alone = np.where(own == "", [f"none {row}" for row in rows], own)
    f, kappa = measure_pairs(labels, own, sides)
    none = float((own == "").mean())
    return Agreement(float(adjusted_mutual_info_score(labels, alone)), f, kappa, none)


def measure_pairs(
    labels: np.ndarray, assigned: np.ndarray, sides: np.ndarray
) -> tuple[float, float]:
    """F and Cohen's kappa on whether a Danish and a Norwegian sentence are in one theme."""
    da, no = np.flatnonzero(sides == "da"), np.flatnonzero(sides == "no")
    wanted = labels[da][:, None] == labels[no][None, :]
    found = (assigned[da][:, None] == assigned[no][None, :]) & (assigned[da] != "")[:, None]
    both = (wanted & found).sum()
    f = 2 * both / max(1, wanted.sum() + found.sum())
    chance = wanted.mean() * found.mean() + (1 - wanted.mean()) * (1 - found.mean())
    return float(f), float(((wanted == found).mean() - chance) / (1 - chance))


# Tables


def print_found(labelled: Labelled) -> None:
    settings = ClusterSettings()
    runs = []
    for seed in SEEDS:
        found = find_themes(labelled.sentences, settings, seed)
        runs.append((len(found.discovery.centroids), assign(labelled, found, settings)))
    numbers = [number for number, _ in runs]
    alike = [adjusted_rand_score(a, b) for (_, a), (_, b) in combinations(runs, 2)]
    print(
        f"Themes found, nothing given, in {labelled.name}: {len(labelled.themes):,} sentences, "
        f"{len(set(labelled.themes) - {''})} themes of a reader's. Means of {len(runs)} seeds.\n"
    )
    rows = [
        ["nordtema", f"{min(numbers)}–{max(numbers)}", *_mean(labelled, [own for _, own in runs])]
    ]
    n_themes = round(float(np.mean(numbers)))
    rows.append(
        [
            "k-means of word TF-IDF",
            str(n_themes),
            *_mean(labelled, list(_tfidf(labelled, n_themes))),
        ]
    )
    one = np.full(len(labelled.themes), "t01", dtype=object)
    rows.append(["one theme for all", "1", *_mean(labelled, [one])])
    print_table(["way", "themes", "AMI", "pair F", "pair kappa", "no theme"], rows)
    print(
        f"Two seeds agree on the assignments by an adjusted Rand index of {np.mean(alike):.3f} "
        f"(the least: {min(alike):.3f}).\n"
    )


def _tfidf(labelled: Labelled, n_themes: int) -> Iterator[np.ndarray]:
    features = TfidfVectorizer(min_df=2, sublinear_tf=True).fit_transform(
        labelled.sentences.table["text"]
    )
    for seed in range(3):
        labels = KMeans(n_themes, n_init=10, random_state=seed).fit_predict(features)
        yield np.array([f"t{label}" for label in labels], dtype=object)


def _mean(labelled: Labelled, runs: list[np.ndarray]) -> list[str]:
    values = np.mean([agree(labelled, assigned) for assigned in runs], axis=0)
    return [f"{value:.3f}" for value in values]


def print_with_codebook(labelled: Labelled, codebook: Codebook) -> None:
    print(
        f"With {codebook.path.name}, {len(codebook.themes)} themes. Accuracy: the part of the "
        "sentences that go to the reader's first or second theme; sentences of themes that the "
        "codebook has not are among the others.\n"
    )
    rows = []
    for name, n_themes in (("new themes beside", 0), ("its own alone", len(codebook.themes))):
        settings = ClusterSettings(themes=n_themes)
        found = find_themes(labelled.sentences, settings, 0, codebook, labelled.terms)
        assigned = assign(labelled, found, settings)
        named = np.array([PLANNED.get(theme, theme) for theme in assigned], dtype=object)
        right = (named == labelled.themes) | ((named == labelled.second) & (named != ""))
        accuracy = float(right[labelled.themes != ""].mean())
        agreement = [f"{value:.3f}" for value in agree(labelled, assigned)]
        rows.append([name, str(len(set(assigned) - {""})), f"{accuracy:.3f}", *agreement])
    print_table(["themes", "number", "accuracy", "AMI", "pair F", "pair kappa", "no theme"], rows)


def print_topics(sib: Labelled) -> None:
    settings = ClusterSettings(themes=N_TOPICS)
    print(
        f"Topics: {len(sib.themes)} sentences of SIB-200, each a document, half in Danish and the "
        f"other half in Bokmål; {N_TOPICS} themes asked for. V-measure against the topics and the "
        "language; means of 3 seeds.\n"
    )
    values = []
    for seed in range(3):
        assigned = assign(sib, find_themes(sib.sentences, settings, seed), settings)
        f, kappa = measure_pairs(sib.themes, assigned, sib.sides)
        values.append(
            (
                v_measure_score(sib.themes, assigned),
                v_measure_score(sib.sides, assigned),
                f,
                kappa,
                (assigned == "").mean(),
            )
        )
    row = [f"{value:.3f}" for value in np.mean(values, axis=0)]
    print_table(["V, topic", "V, language", "pair F", "pair kappa", "no theme"], [row])


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
