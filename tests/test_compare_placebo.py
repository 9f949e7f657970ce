"""The placebo: one group's documents, split at random and compared."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import numpy as np
import pytest
from comparing import arrange_documents
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compare.contrasts import compare_groups
from pipeline.compare.counting import Counts
from pipeline.compare.placebo import (
    FEWEST_SPLITS,
    MOST_COMPARED,
    begin_halves,
    choose_group,
    draw_splits,
    limit_splits,
    size_second_half,
)
from pipeline.schemas import SCHEMAS


def make_counts(**groups: list[int]) -> Counts:
    """Documents of twenty sentences, of which so many are of t1, and the others of no theme."""
    documents = {
        f"{group}{number:02d}": (group, n)
        for group, own in groups.items()
        for number, n in enumerate(own)
    }
    return arrange_documents(
        {name: {"t1": n, "": 20 - n} for name, (_, n) in documents.items()},
        {name: group for name, (group, _) in documents.items()},
        ("t1",),
    )


# Which documents


def test_the_group_with_the_most_documents_is_split_and_the_first_by_name_of_several():
    assert choose_group(make_counts(da=[1], no=[1, 2, 3], sv=[1, 2])) == "no"
    assert choose_group(make_counts(no=[1, 2], da=[3, 4])) == "da"


def test_without_two_documents_in_a_group_there_is_no_placebo_and_a_note_says_so():
    found = begin_halves(make_counts(da=[3], no=[4]), permutations=100, seed=0)()
    assert list(found.placebo.columns) == list(SCHEMAS["placebo"])
    assert list(found.rates.columns) == list(SCHEMAS["placebo_rates"])
    assert len(found.placebo) == len(found.rates) == 0
    assert found.notes == ("no placebo: no group has two documents to be split at random",)


def test_a_placebo_that_is_not_asked_for_is_not_made():
    found = begin_halves(make_counts(da=[3, 4]), permutations=100, seed=0, most_splits=0)()
    assert (len(found.placebo), len(found.rates), found.notes) == (0, 0, ())


@pytest.mark.parametrize(
    ("n", "n_other", "n_second"),
    [
        (3, 2, 1),  # 3 × 2 / 5 = 1.2
        (12, 4, 3),  # 12 × 4 / 16
        (10, 10, 5),
        (7, 0, 3),  # no other group: as even as can be
        (2, 1, 1),
        (1000, 1, 1),  # 0.999
    ],
)
def test_the_halves_are_in_the_proportion_of_the_groups(n, n_other, n_second):
    assert size_second_half(n, n_other) == n_second


@given(n=st.integers(2, 300), n_other=st.integers(0, 300))
def test_each_half_has_a_document_and_the_first_has_the_more(n, n_other):
    assert 1 <= size_second_half(n, n_other) <= n / 2


# Splits


def test_all_splits_are_taken_where_there_are_no_more_than_asked_for():
    assert sorted(draw_splits(3, 1, 200, seed=0)) == [(0,), (1,), (2,)]
    # Of two halves of two it is the same split whichever is called the second: 6 / 2
    assert sorted(draw_splits(4, 2, 200, seed=0)) == [(1, 2), (1, 3), (2, 3)]


@given(n=st.integers(2, 12), seed=st.integers(0, 5), most=st.integers(1, 40), data=st.data())
def test_splits_are_distinct_and_as_many_as_there_are(n, seed, most, data):
    n_second = data.draw(st.integers(1, n // 2))
    splits = draw_splits(n, n_second, most, seed)
    parts = {frozenset([frozenset(own), frozenset(range(n)) - set(own)]) for own in splits}
    there_are = comb(n, n_second) // (2 if 2 * n_second == n else 1)
    assert len(parts) == len(splits) == min(most, there_are)
    assert all(len(own) == n_second for own in splits)


def test_the_seed_decides_who_is_in_which_half():
    assert draw_splits(20, 8, 5, seed=1) == draw_splits(20, 8, 5, seed=1)
    assert draw_splits(20, 8, 5, seed=1) != draw_splits(20, 8, 5, seed=2)


def test_the_time_is_bounded_by_splits_times_themes():
    assert limit_splits(4, 0) == MOST_COMPARED // 4
    assert limit_splits(4, 1000) == MOST_COMPARED // 8  # twice as long each
    assert limit_splits(1000, 0) == FEWEST_SPLITS
    assert limit_splits(0, 0) == MOST_COMPARED


# The comparison


def test_the_placebo_is_the_comparison_of_the_halves():
    counts = make_counts(da=[8, 9, 3], no=[1, 2])
    found = begin_halves(counts, permutations=100, seed=0)()
    assert found.rates.to_dict("records")[0]["n_splits"] == 3
    assert list(found.placebo.columns) == list(SCHEMAS["placebo"])
    row = found.placebo.iloc[0]
    assert [row["group_a"], row["group_b"]] == ["da (half 1)", "da (half 2)"]
    assert [row["n_a"], row["n_b"]] == [2, 1]
    # 8, 9 against 3: .425 − .15; 8, 3 against 9: .275 − .45; 9, 3 against 8: .3 − .4
    splits = draw_splits(3, 1, 200, seed=0)
    by_hand = {(0,): 0.3 - 0.4, (1,): 0.275 - 0.45, (2,): 0.425 - 0.15}
    assert row["difference"] == pytest.approx(by_hand[splits[0]])


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(7)))
def test_the_order_of_the_documents_changes_nothing(order):
    counts = make_counts(da=[8, 9, 3, 5], no=[1, 2, 7])
    mixed = replace(
        counts,
        doc_ids=tuple(counts.doc_ids[place] for place in order),
        groups=counts.groups[order],
        n_sentences=counts.n_sentences[order],
        shares=counts.shares[order],
    )
    found, other = (begin_halves(own, permutations=100, seed=3)() for own in (counts, mixed))
    for name in ("difference", "low", "high", "p"):
        assert other.placebo[name].to_numpy() == pytest.approx(found.placebo[name].to_numpy())
    assert other.rates.equals(found.rates)


def test_a_split_between_two_kinds_of_document_is_counted_among_the_rates():
    # 12 and 2 of 20 sentences: of the 70 / 2 splits of eight documents into halves one parts the
    # kinds, with p = 2 / 70, and is clear; all others mix them, 1 to 3 or 2 to 2
    counts = make_counts(da=[12, 12, 12, 12, 2, 2, 2, 2])
    kinds = np.array(["a"] * 4 + ["b"] * 4, dtype=object)
    parted = compare_groups(replace(counts, groups=kinds), permutations=20_000, seed=0)
    assert list(parted.contrasts["verdict"]) == ["clear: more in a than in b"]
    rates = begin_halves(counts, permutations=20_000, seed=0)().rates.iloc[0]
    assert rates.tolist() == [35, 1, 1]


def test_documents_that_are_alike_are_told_apart_by_no_split():
    rates = begin_halves(make_counts(da=[5] * 6), permutations=1000, seed=0)().rates.iloc[0]
    assert rates.tolist() == [10, 0, 0]  # 20 / 2 splits
