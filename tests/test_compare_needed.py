"""compare: how many documents it would take to tell a difference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare.needed import MOST, count_needed

parts = st.floats(0, 1)
lengths = st.floats(1, 10_000)
correlations = st.floats(0.0005, 0.95)


def test_the_number_on_a_case_worked_by_hand():
    # A document varies by p (1 − p) (.2 + .8 / 16) = p (1 − p) × .25: .16 × .25 = .04 and
    # .25 × .25 = .0625, together .1025. Quantiles at 5 % and a power of 80 %:
    # (1.960 + 0.842)² = 7.849. 7.849 × .1025 / (.5 − .2)² = 8.94
    assert count_needed((0.2, 0.5), (16, 16), 0.2, 0.05) == 9
    # At .05 / 10: (2.807 + 0.842)² = 13.31, and 13.31 × .1025 / .09 = 15.2
    assert count_needed((0.2, 0.5), (16, 16), 0.2, 0.005) == 16


def test_each_group_brings_the_length_of_its_own_documents():
    # .16 × (.2 + .8 / 8) = .048 and .25 × .25 = .0625: 7.849 × .1105 / .09 = 9.64
    assert count_needed((0.2, 0.5), (8, 16), 0.2, 0.05) == 10


def test_a_theme_that_was_not_seen_counts_as_half_a_sentence_of_each_document():
    # .5 / 10 = .05: .05 × .95 × (.1 + .9 / 10) = .009025, and .1 × .9 × .19 = .0171.
    # The difference stays what was found, .1: 7.849 × .026125 / .01 = 20.5
    assert count_needed((0, 0.1), (10, 10), 0.1, 0.05) == 21


def test_no_fewer_than_it_takes_for_a_permutation_p_to_be_so_small():
    # All or nothing, in documents of a thousand sentences: the variance hardly asks for one. But
    # the least p of 3 v 3 is 2 / 20, of 4 v 4 2 / 70 ≈ .029, of 5 v 5 2 / 252 ≈ .008, of 6 v 6
    # 2 / 924 ≈ .002
    assert count_needed((0, 1), (1000, 1000), 0.001, 0.05) == 4
    assert count_needed((0, 1), (1000, 1000), 0.001, 0.01) == 5
    assert count_needed((0, 1), (1000, 1000), 0.001, 0.005) == 6


@pytest.mark.parametrize("shares", [(0, 0), (1, 1), (0.3, 0.3), (0.3, 0.3 + 1e-9)])
def test_no_number_of_documents_tells_what_is_no_difference(shares):
    assert count_needed(shares, (20, 30), 0.1, 0.05) == MOST


def test_documents_of_one_sentence_vary_most():
    # .5 × .5 × (ρ + 1 − ρ) = .25 each: 7.849 × .5 / 1
    assert count_needed((0, 1), (1, 1), 0.2, 0.05) == 4
    # … and with .25 apart 7.849 × .5 / .0625 = 62.8
    assert count_needed((0, 0.25), (1, 1), 0.2, 0.05) == 63


@given(parts, parts, lengths, correlations)
def test_the_groups_may_change_places_and_the_number_is_possible(a, b, n, correlation):
    found = count_needed((a, b), (n, 20), correlation, 0.005)
    assert found == count_needed((b, a), (20, n), correlation, 0.005)
    assert 6 <= found <= MOST


@given(parts, parts, lengths, correlations)
def test_more_correlation_and_more_themes_ask_for_no_fewer_documents(a, b, n, correlation):
    found = count_needed((a, b), (n, n), correlation, 0.01)
    assert count_needed((a, b), (n, n), min(2 * correlation, 1), 0.01) >= found
    assert count_needed((a, b), (n, n), correlation, 0.001) >= found
