"""cluster, whole: themes that were planted in texts of three languages are found again."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from benchmarks.planted import SIZES, WORDS, Planted, measure_agreement
from benchmarks.planted import plant as plant_documents
from pipeline.cluster import assign_sentences, find_themes
from pipeline.cluster.discover import Discovery
from pipeline.cluster.space import Sentences, Space
from pipeline.settings import ClusterSettings

# How many themes there are is the business of test_cluster_discover.
SETTINGS = ClusterSettings(themes=len(WORDS), max_themes=len(WORDS))


@cache
def plant(noise: float) -> Planted:
    return plant_documents(noise, {"da": 5, "nb": 5, "nn": 5})


@cache
def fit(noise: float) -> tuple[Space, Discovery]:
    space, discovery, _ = find_themes(plant(noise).sentences, SETTINGS, seed=0)
    return space, discovery


@cache
def assign(noise: float) -> pd.DataFrame:
    space, discovery = fit(noise)
    return assign_sentences(plant(noise).sentences, space, discovery.centroids, SETTINGS)


def agreement(noise: float) -> float:
    return float(adjusted_rand_score(plant(noise).themes, assign(noise)["theme_id"]))


def test_the_planted_themes_are_found() -> None:
    # 1 is the planted partition and 0 is chance.
    assert agreement(0.0) > 0.8


def test_noise_does_harm_and_leaves_more_than_chance() -> None:
    assert 0.05 < agreement(0.6) < agreement(0.0) - 0.1


@pytest.mark.parametrize("texts", [name for name in SIZES if "60" not in name])
def test_the_more_noise_the_less_is_found_in_few_texts_and_in_two_languages(texts: str) -> None:
    clean, noisy = (
        measure_agreement(plant_documents(noise, SIZES[texts]), SETTINGS) for noise in (0.0, 0.8)
    )
    assert clean > 0.8
    assert noisy < clean - 0.2


def test_each_theme_holds_sentences_of_both_sides() -> None:
    planted, assignments = plant(0.0), assign(0.0)
    table = pd.crosstab(assignments["theme_id"], planted.sides)
    found = table[table.index != ""]
    assert len(found) == len(WORDS)
    # There are twice as many Norwegian sentences as Danish ones: a third of each theme is due.
    part = found["da"] / found.sum(axis=1)
    assert part.between(0.2, 0.5).all()


def test_a_theme_is_not_a_written_language() -> None:
    # Bokmål and Nynorsk have as many sentences each; one theme takes about as many of both.
    planted, assignments = plant(0.0), assign(0.0)
    table = pd.crosstab(assignments["theme_id"], planted.sentences.table["language"].to_numpy())
    found = table[table.index != ""]
    assert (found[["nb", "nn"]].min(axis=1) >= 0.5 * found[["nb", "nn"]].max(axis=1)).all()


def test_assignments_are_a_row_a_sentence_in_their_order() -> None:
    planted, assignments = plant(0.0), assign(0.0)
    assert list(assignments.columns) == ["sentence_id", "theme_id", "strength", "second_theme_id"]
    assert assignments["sentence_id"].tolist() == planted.sentences.table["sentence_id"].tolist()
    assert set(assignments["theme_id"]) - {""} == {"t01", "t02", "t03", "t04"}
    assert assignments["strength"].between(-1, 1).all()


def test_the_sentences_of_a_document_are_assigned_alike_with_and_without_the_others() -> None:
    sentences = plant(0.0).sentences
    space, discovery = fit(0.0)
    rows = np.flatnonzero(sentences.table["doc_id"] == "nn2")
    alone = Sentences(sentences.table.iloc[rows], sentences.vectors[rows])
    found = assign_sentences(alone, space, discovery.centroids, SETTINGS)
    expected = assign(0.0).iloc[rows].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected, atol=2e-4)


def test_a_sentence_in_a_fourth_language_has_no_theme() -> None:
    sentences = plant(0.0).sentences
    space, discovery = fit(0.0)
    foreign = Sentences(sentences.table.assign(language="en"), sentences.vectors)
    found = assign_sentences(foreign, space, discovery.centroids, SETTINGS)
    assert set(found["theme_id"]) == {""}
    assert set(found["second_theme_id"]) == {""}


def test_the_same_seed_finds_the_same_themes() -> None:
    _, again, _ = find_themes(plant(0.6).sentences, SETTINGS, seed=0)
    assert np.array_equal(again.centroids, fit(0.6)[1].centroids)
