"""benchmarks.themes: agreement with a reader's labels, worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.themes import PLANNED, SHIPPED, Labelled, agree, measure_pairs
from pipeline.cluster.codebook import read_codebook
from pipeline.cluster.space import Sentences


def objects(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


SIDES = objects("da", "da", "no", "no")


def test_pairs_across_the_languages_worked_by_hand() -> None:
    # The pairs da × no: a-a, a-b, b-a, b-b are wanted in the first and the last; found are the
    # first and the third. One is both: F = 2 / (2 + 2). Half agree, as by chance: kappa 0.
    f, kappa = measure_pairs(objects("a", "b", "a", "b"), objects("x", "x", "x", "y"), SIDES)
    assert (f, kappa) == (0.5, 0.0)
    f, kappa = measure_pairs(objects("a", "b", "a", "b"), objects("x", "y", "x", "y"), SIDES)
    assert (f, kappa) == (1.0, 1.0)


def test_sentences_without_a_theme_are_no_pair() -> None:
    f, _ = measure_pairs(objects("a", "a", "a", "a"), objects("", "", "", ""), SIDES)
    assert f == 0


def test_sentences_without_a_label_are_not_counted_and_those_without_a_theme_stand_alone() -> None:
    table = pd.DataFrame({"language": ["da", "nb", "da", "nb", "da"]})
    labelled = Labelled(
        "toy", Sentences(table, np.zeros((5, 2))), pd.DataFrame(),
        objects("a", "a", "b", "b", ""), objects("", "", "", "", ""),
    )  # fmt: skip
    same = agree(labelled, objects("x", "x", "y", "y", ""))
    assert same == pytest.approx((1, 1, 1, 0))
    half = agree(labelled, objects("x", "x", "", "", "x"))
    assert half.none == 0.5
    assert half.ami < 1


def test_the_labels_are_of_the_sample_corpus_and_its_planned_themes() -> None:
    labels = pd.read_csv(
        Path(SHIPPED).parent.parent / "benchmarks" / "sample_themes.tsv",
        sep="\t", dtype=str, keep_default_na=False,
    )  # fmt: skip
    planned = {f"T{number}" for number in range(1, 11)}
    assert set(labels["theme"]) == planned | {""}
    assert set(labels["second_theme"]) <= planned | {""}
    assert labels["sentence_id"].is_unique


def test_each_planned_theme_is_one_of_the_shipped_codebook() -> None:
    given = {theme.theme_id for theme in read_codebook(SHIPPED).themes}
    assert set(PLANNED) <= given
    assert sorted(PLANNED.values(), key=lambda name: int(name[1:])) == [
        f"T{n}" for n in range(1, 11)
    ]
