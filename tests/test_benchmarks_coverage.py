"""The simulation of the comparison: what it plants, what the others do, and what it counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from benchmarks import coverage, naive, simulated
from benchmarks.coverage import Tally
from benchmarks.simulated import SHORT, Lengths, Sample
from pipeline.compare.contrasts import compare_groups
from pipeline.compare.counting import arrange

MANY = (3000, 3000)


def rng():
    return np.random.default_rng(7)


def find_correlation(sample, share):
    """By moments: a document's share varies by p (1 − p) (ρ + (1 − ρ) / n)."""
    spread = ((sample.shares - share) ** 2).mean(axis=1) / (share * (1 - share))
    parts = 1 / sample.sizes
    return (spread - parts).sum() / (1 - parts).sum()


# What is planted


def test_lengths_are_spread_about_their_mean_and_cut_off_at_both_ends():
    lengths = SHORT.at(rng().standard_normal(20_000))
    assert lengths.mean() == pytest.approx(28, abs=0.5)
    assert (lengths.min(), lengths.max()) == (5, 120)
    assert Lengths(10, 3, 12).at(np.array([-9.0, 0.0, 9.0])).tolist() == [3, 9, 12]


@pytest.mark.parametrize("correlation", [0.05, 0.1, 0.25])
def test_simulated_documents_have_the_planted_shares_and_correlation(correlation):
    draw = simulated.draw_beta((0.1, 0.2), (correlation, correlation))
    sample = simulated.simulate(rng(), MANY, 20, draw)
    for rows, share in ((slice(0, 3000), 0.1), (slice(3000, None), 0.2)):
        group = Sample(sample.counts[rows], sample.sizes[rows], 0)
        assert group.shares.mean() == pytest.approx(share, abs=0.003)
        assert find_correlation(group, share) == pytest.approx(correlation, abs=0.006)


def test_a_reports_themes_sum_to_the_documents_and_each_has_its_share_and_the_correlation():
    shares = coverage.REPORT, coverage.list_doubled()
    sample = simulated.simulate_report(rng(), MANY, shares, (0.1, 0.1), SHORT)
    assert (sample.counts.sum(axis=1) == sample.sizes).all()
    for rows, planted in ((slice(0, 3000), shares[0]), (slice(3000, None), shares[1])):
        assert sample.shares[rows].mean(axis=0) == pytest.approx(planted, abs=0.015)
        for theme in (0, 4):
            own = Sample(sample.counts[rows, theme, None], sample.sizes[rows], 0)
            assert find_correlation(own, planted[theme]) == pytest.approx(0.1, abs=0.02)


def test_a_reports_groups_can_have_a_correlation_each():
    shares = coverage.REPORT, coverage.REPORT
    sample = simulated.simulate_report(rng(), MANY, shares, (0.05, 0.25), SHORT)
    for rows, correlation in ((slice(0, 3000), 0.05), (slice(3000, None), 0.25)):
        own = Sample(sample.counts[rows, 1, None], sample.sizes[rows], 0)
        assert find_correlation(own, 0.2) == pytest.approx(correlation, abs=0.02)


def test_one_theme_of_a_report_doubles_and_the_others_shrink_alike():
    before, after = coverage.REPORT, coverage.list_doubled()
    assert sum(before) == pytest.approx(1)
    assert sum(after) == pytest.approx(1)
    # 0.85 is left for the others before, and 0.70 after
    assert after[:2] == pytest.approx((0.30, 0.20 * 0.70 / 0.85))


@pytest.mark.parametrize("name", coverage.WRONG)
def test_documents_that_the_model_does_not_expect_have_the_planted_shares_too(name):
    draw = coverage.WRONG[name]((0.15, 0.3))
    sample = simulated.simulate(rng(), MANY, 20, draw)
    assert sample.shares[:3000].mean() == pytest.approx(0.15, abs=0.008)
    assert sample.shares[3000:].mean() == pytest.approx(0.3, abs=0.008)


def test_longer_documents_have_more_of_the_theme_where_that_is_planted():
    sample = simulated.simulate(rng(), MANY, 1, simulated.draw_longer((0.2, 0.2)))
    longer = sample.sizes > np.median(sample.sizes)
    # Halves of a normal distribution are ±0.8 from its centre: ±0.56 in log-odds with 0.7 of it
    assert sample.shares[longer].mean() - sample.shares[~longer].mean() > 0.1


# The other methods


def test_the_sentence_test_throws_all_sentences_together():
    # 12 of 40 and 12 of 60 sentences
    sample = Sample(np.array([[2], [10], [12]]), np.array([20, 20, 60]), 2)
    found = naive.compare_sentences(sample)
    # √(0.3 × 0.7 / 40 + 0.2 × 0.8 / 60) = √(0.00525 + 0.002667) = 0.08898, times 1.96
    assert (found.low[0], found.high[0]) == pytest.approx((0.1 - 0.1744, 0.1 + 0.1744), abs=1e-4)
    # z = 0.1 / √(0.24 × 0.76 × (1/40 + 1/60)) = 0.1 / 0.08718
    assert found.p[0] == pytest.approx(2 * norm.sf(0.1 / 0.08718), abs=1e-4)


def test_the_bootstrap_takes_the_middle_of_the_resampled_differences():
    # Two documents of 0 and 1 against one of 0.5: a quarter of the resamples each at −0.5 and 0.5
    sample = Sample(np.array([[0], [10], [5]]), np.array([10, 10, 10]), 2)
    found = naive.resample_documents(sample)
    assert (found.low[0], found.high[0], found.p[0]) == (-0.5, 0.5, 1.0)


def test_the_bootstrap_of_documents_that_all_differ_alike_is_a_point():
    sample = Sample(np.array([[5, 0], [5, 0], [1, 0]]), np.array([10, 10, 10]), 2)
    found = naive.resample_documents(sample)
    assert found.low == pytest.approx([0.4, 0])
    assert found.high == pytest.approx([0.4, 0])
    # All 2,000 resamples on one side: 2 × 1 / 2001
    assert found.p == pytest.approx([2 / 2001, 1])


def test_welch_by_hand():
    # Shares 0.3, 0.2, 0.4 and 0.1, 0.2
    sample = Sample(np.array([[3], [2], [4], [1], [2]]), np.full(5, 10), 3)
    found = naive.compare_means(sample)
    # Variances 0.01 / 3 and 0.005 / 2; error 0.07638; (0.005833)² / (0.003333² / 2 + 0.0025² / 1)
    # = 2.882 degrees of freedom, whose 97.5 % quantile is 3.260
    assert found.low[0] == pytest.approx(0.15 - 3.260 * 0.07638, abs=1e-3)
    assert found.high[0] == pytest.approx(0.15 + 3.260 * 0.07638, abs=1e-3)


def test_welch_without_any_spread_is_a_point():
    sample = Sample(np.array([[0, 5], [0, 5], [0, 1]]), np.full(3, 10), 2)
    found = naive.compare_means(sample)
    assert found.low == pytest.approx([0, 0.4])
    assert found.high == pytest.approx([0, 0.4])
    assert found.p.tolist() == [1, 0]


def test_clustered_errors_by_hand():
    pytest.importorskip("statsmodels")
    # 1 and 3 of 4 sentences, 0 and 1 of 2; and a theme that no sentence has
    sample = Sample(np.array([[1, 0], [3, 0], [0, 0], [1, 0]]), np.array([4, 4, 2, 2]), 2)
    normal, t = naive.cluster_errors(sample)
    # Residuals of the documents sum to ∓1 about 0.5 and ∓0.5 about 0.25: errors (1 + 1) / 8² and
    # (0.25 + 0.25) / 4² make 0.0625, and the corrections are 4/3 for documents, 11/10 for sentences
    error = np.sqrt(0.0625 * 4 / 3 * 11 / 10)
    assert normal.low[0] == pytest.approx(0.25 - 1.95996 * error, abs=1e-5)
    # t of three degrees of freedom: 3.18245
    assert t.high[0] == pytest.approx(0.25 + 3.18245 * error, abs=1e-5)
    assert normal.p[0] == pytest.approx(2 * norm.sf(0.25 / error))
    assert (t.low[1], t.high[1], t.p[1]) == (0, 0, 1)


# What is counted


def test_a_tally_counts_the_intervals_that_hold_the_truth():
    tally = Tally()
    tally.add(np.array([-0.1, 0.1, 0.0]), np.array([0.3, 0.2, 0.1]), 0.0)
    # −0.1 to 0.3 holds it, 0.1 to 0.2 does not, 0 to 0.1 begins with it
    assert tally.coverage == pytest.approx(2 / 3)
    assert tally.mean_width == pytest.approx((0.4 + 0.1 + 0.1) / 3)


def test_cases_are_described_by_their_mean_and_ends_and_counted_against_what_was_wished():
    tallies = [Tally(100, 92, 20.0), Tally(100, 93, 40.0), Tally(100, 98, 30.0)]
    assert coverage.describe_tallies(tallies) == "0.943 (0.920–0.980), 0.30"
    assert coverage.describe_tallies(tallies[:1]) == "0.920, 0.20"
    assert coverage.describe_tallies([Tally()]) == ""
    assert coverage.count_wished(tallies) == "2/3"


# From six documents a group on, the intervals reach as far as those of the plain means
@pytest.mark.parametrize("sizes", [(3, 2), (6, 7)])
def test_simulations_side_by_side_give_the_intervals_of_reports_of_their_own(sizes):
    sample = simulated.simulate(rng(), sizes, 2, simulated.draw_beta((0.4, 0.4), (0.1, 0.1)))
    ours, means = coverage.compare_by_ours(sample)
    doc_ids = list("pqrstuvwxyzæø"[: sum(sizes)])
    groups = pd.Series(["a"] * sizes[0] + ["b"] * sizes[1], index=doc_ids)
    for theme in (0, 1):
        counts = sample.counts[:, theme]
        table = pd.DataFrame(
            {
                "doc_id": doc_ids * 2,
                "theme_id": ["t01"] * len(doc_ids) + [""] * len(doc_ids),
                "n_sentences": [*counts, *(sample.sizes - counts)],
            }
        )
        found = compare_groups(arrange(table, groups, ["t01"]), permutations=100, seed=0)
        [row] = found.contrasts.to_dict("records")
        assert ours[coverage.OURS].low[theme] == row["low"]
        assert ours[coverage.OURS].high[theme] == row["high"]
        assert ours[coverage.SCEPTIC].low[theme] == row["low_sceptical"]
        of_theme = found.emphasis[found.emphasis["theme_id"] == "t01"]
        assert [low[theme] for low, _ in means] == of_theme["low"].tolist()


def make_report(first, second):
    """Six documents against six of 40 sentences, so many of the first of three themes in each."""
    theme = np.array([*first, *second])
    rest = 40 - theme
    counts = np.column_stack([theme, rest // 2, rest - rest // 2])
    return Sample(counts, np.full(len(theme), 40), len(first))


def test_a_difference_that_anybody_sees_is_found_in_its_direction():
    few, many = [2, 3, 4, 2, 3, 4], [20, 22, 24, 26, 21, 23]
    found = coverage.judge_first(make_report(few, many))
    assert found == dict.fromkeys(coverage.FOUND, True) | {"wrong direction": False}
    # More in the first group, where the second has more in truth
    found = coverage.judge_first(make_report(many, few))
    assert found == dict.fromkeys(coverage.FOUND, False) | {"wrong direction": True}


def test_too_few_documents_is_no_direction():
    alike = [9, 10, 11, 9, 10, 11]
    assert coverage.judge_first(make_report(alike, alike)) == dict.fromkeys(coverage.FOUND, False)


def test_claims_are_of_any_theme():
    claims = coverage.list_claims(make_report([2, 3, 4, 2, 3, 4], [20, 22, 24, 26, 21, 23]))
    assert claims[coverage.CLEAR]
    assert claims["Welch's t on documents: p ≤ .05, Holm"]
    claims = coverage.list_claims(make_report([9, 10, 11, 9, 10, 11], [10, 9, 11, 10, 9, 11]))
    assert not any(claims.values())


def test_the_power_of_a_test_that_knows_the_variance_by_hand():
    # All documents of ten sentences: 0.1 + 0.9 / 10 = 0.19; (0.16 + 0.24) × 0.19 / 10 = 0.0076;
    # the difference is 0.2 / √0.0076 = 2.294 errors, and 2.294 − 1.960 = 0.334
    found = coverage.find_power((0.2, 0.4), (10, 10), 0.1, Lengths(10, 10, 10), 0.05)
    assert found == pytest.approx(norm.cdf(0.334), abs=1e-3)


# The tables


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(coverage, "SIZES", ((3, 2),))
    monkeypatch.setattr(coverage, "CORRELATIONS", (0.1,))
    monkeypatch.setattr(coverage, "SHARES", (0.15,))


@pytest.mark.usefixtures("small")
def test_the_tables_are_printed_and_the_same_again(capsys):
    arguments = ["coverage", "verdicts", "power", "wrong", "--simulations", "2"]
    printed = []
    for _ in range(2):
        assert coverage.main(arguments) == 0
        lines = capsys.readouterr().out.splitlines()
        printed.append([line for line in lines if line.startswith("|")])
    assert printed[0] == printed[1]
    firsts = [line.split(" | ")[0].strip("| ") for line in printed[0]]
    for name in (coverage.OURS, coverage.SCEPTIC, coverage.CLEAR, *naive.METHODS, "28", "100"):
        assert name in firsts


@pytest.mark.usefixtures("small")
def test_a_method_that_is_not_installed_says_so(monkeypatch, capsys):
    for method in naive.NEEDS:
        monkeypatch.setitem(naive.NEEDS, method, "no_such_package")
    assert coverage.main(["coverage", "verdicts", "wrong", "--simulations", "1"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if "clustered errors" in line]
    assert len(rows) == 2 * 3 + 2 * 4 + 2 * len(coverage.WRONG)
    assert all("not installed (pip install no_such_package)" in row for row in rows)


def test_a_share_of_one_half_is_what_another_doubles_to():
    assert all(
        pair == (share, 2 * share) for share, pair in coverage.DOUBLED.items() if share < 0.5
    )
    assert coverage.DOUBLED[0.5] == (0.25, 0.5)


def test_every_simulation_of_a_case_is_counted():
    case = coverage.measure_case(
        rng(), 25, (3, 2), (0.15, 0.15), simulated.draw_beta((0.15, 0.15), (0.1, 0.1))
    )
    # Ten side by side, ten more and five; both groups have a mean each
    assert case.differences[coverage.OURS].n == 25
    assert case.means.n == 50


def test_a_case_is_measured_against_its_own_difference_and_means():
    # Thirty documents a group: 0.1 less 0.5 is beyond any interval that holds zero
    draw = simulated.draw_beta((0.1, 0.5), (0.05, 0.05))
    case = coverage.measure_case(rng(), 10, (30, 30), (0.1, 0.5), draw)
    assert case.differences[coverage.OURS].coverage >= 0.8
    assert case.means.coverage >= 0.8
    case = coverage.measure_case(rng(), 10, (30, 30), (0.1, 0.1), draw)
    assert case.differences[coverage.OURS].coverage == 0
    # Of the first group's mean, the claim is true still
    assert case.means.coverage == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["widths"],
            "no table 'widths'; the known ones are: coverage, verdicts, power, wrong, time",
        ),
        (["--simulations", "0"], "--simulations must be 1 or more"),
    ],
)
def test_what_can_not_be_run_is_said(arguments, message, capsys):
    with pytest.raises(SystemExit):
        coverage.main(arguments)
    assert message in capsys.readouterr().err
