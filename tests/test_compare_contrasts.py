"""compare: shares, intervals and verdicts of groups of documents."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from comparing import (
    Documents,
    arrange_documents,
    compare_documents,
    compare_one_theme,
    row,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.compare.beta_binomial import Interval
from pipeline.compare.contrasts import (
    MIN_DOCUMENTS,
    Comparison,
    compare_groups,
    contrast_groups,
    judge,
    side,
)
from pipeline.compare.counting import arrange
from pipeline.compare.needed import MOST
from pipeline.schemas import SCHEMAS

TABLES = ("shares", "emphasis", "contrasts")
TOO_FEW = "too few documents to tell"
FLIPPED = {"da": "no", "no": "da"}
HAND = {"da": [(9, 30), (4, 20), (10, 40)], "no": [(1, 20), (3, 30)]}


def of_twenty(*n: int) -> Documents:
    """Documents of twenty sentences, of which so many are of the theme."""
    return [(one, 20) for one in n]


def contrast(**groups: Documents) -> pd.Series:
    return compare_one_theme(**groups).contrasts.iloc[0]


# Shares


def test_a_groups_share_is_the_plain_mean_over_its_documents():
    emphasis = compare_documents(
        {"a": {"t1": 1, "t2": 1, "": 2}, "b": {"t1": 9, "t2": 0, "": 1}}, {"a": "da", "b": "da"}
    ).emphasis
    # (.25 + .9) / 2, not the 10 of 14 sentences
    assert row(emphasis, "t1", "da")["share"] == pytest.approx(0.575)
    assert row(emphasis, "t1", "da")["n_sentences"] == 10
    assert row(emphasis, "t2", "da")["n_documents"] == 1
    assert row(emphasis, "", "da")["share"] == pytest.approx(0.3)


def test_shares_by_document_are_listed_theme_by_theme():
    shares = compare_one_theme(**HAND).shares
    found = shares.set_index(["theme_id", "doc_id"])["share"]
    assert found["t1"].to_dict() == pytest.approx(
        {"da00": 0.3, "da01": 0.2, "da02": 0.25, "no00": 0.05, "no01": 0.1}
    )
    assert found[""]["da00"] == pytest.approx(0.7)
    assert set(shares["group"]) == {"da", "no"}


def test_shares_by_words_are_compared_as_shares_of_as_many_sentences():
    # Of ten sentences half are of the theme, and have 80 of the 100 words
    table = pd.DataFrame(
        [(f"{group}{i}", theme, 5, words[theme])
         for group, words in (("da", {"t1": 80, "": 20}), ("no", {"t1": 20, "": 80}))
         for i in range(5) for theme in ("t1", "")],
        columns=["doc_id", "theme_id", "n_sentences", "n_words"],
    )  # fmt: skip
    groups = pd.Series({doc_id: doc_id[:2] for doc_id in set(table["doc_id"])}, dtype=object)
    by_words = compare_groups(arrange(table, groups, ["t1"], "words"), permutations=300, seed=0)
    found = row(by_words.contrasts)
    assert found["difference"] == pytest.approx(0.6)
    of_ten = contrast(da=[(8, 10)] * 5, no=[(2, 10)] * 5)
    assert [found["low"], found["high"]] == [of_ten["low"], of_ten["high"]]
    # The sentences are told as they are
    assert row(by_words.emphasis, "t1", "da")["n_sentences"] == 25


# Tables


def test_tables_have_the_columns_of_their_schemas():
    comparison = compare_one_theme(**HAND)
    for name in TABLES:
        assert set(getattr(comparison, name).columns) == set(SCHEMAS[name])


def test_one_group_has_nothing_to_contrast():
    comparison = compare_one_theme(no=of_twenty(1, 2, 3))
    assert set(comparison.emphasis["group"]) == {"no"}
    assert len(comparison.contrasts) == 0
    assert set(comparison.contrasts.columns) == set(SCHEMAS["contrasts"])
    check(comparison)


def test_no_documents_give_empty_tables_with_their_columns():
    comparison = compare_documents({}, {})
    for name in TABLES:
        assert len(getattr(comparison, name)) == 0
        assert set(getattr(comparison, name).columns) == set(SCHEMAS[name])


def test_three_groups_are_compared_in_pairs():
    contrasts = compare_one_theme(x=of_twenty(1), z=of_twenty(2), y=of_twenty(3)).contrasts
    pairs = contrasts[["group_a", "group_b"]].itertuples(index=False, name=None)
    assert list(pairs) == [("x", "y"), ("x", "z"), ("y", "z")]


def test_a_third_group_changes_nothing_between_two_others():
    # Its documents are all or nothing, the others' are not: a correlation near 1 beside one of .02
    two = {"a": of_twenty(6, 4, 5, 6, 5), "b": of_twenty(1, 2, 2, 1, 3)}
    alone = contrast(**two)
    among = contrast(**two, c=of_twenty(*[0, 0, 0, 20] * 20))
    for name in SCHEMAS["contrasts"]:
        if name not in ("p_holm", "verdict", "n_needed"):  # which know how many contrasts there are
            assert among[name] == alone[name], name


def test_themes_are_in_their_order_within_each_pair():
    contrasts = compare_documents(
        {"a": {"t1": 1, "t2": 2}, "b": {"t1": 2, "t2": 1}, "c": {"t1": 3, "t2": 1}},
        {"a": "x", "b": "y", "c": "z"},
        themes=("t2", "t1"),
    ).contrasts
    assert contrasts["theme_id"].tolist() == ["t2", "t1"] * 3


def test_contrasts_are_the_same_alone():
    sentences = {"a": {"t1": 1, "t2": 2}, "b": {"t1": 2, "": 1}, "c": {"t2": 3}, "d": {"t1": 3}}
    counts = arrange_documents(sentences, dict(zip("abcd", "xyzx", strict=True)), ("t1", "t2"))
    whole = compare_groups(counts, permutations=100, seed=0).contrasts
    assert len(whole) == 6
    pd.testing.assert_frame_equal(contrast_groups(counts, permutations=100, seed=0), whole)


# Bounds


def test_the_bounds_without_one_document_on_a_case_worked_by_hand():
    # .25 − .075 = .175 on the whole. Without .30, .20 or .25: .225, .275 or .25, less .075: .15,
    # .20, .175. Without .05 or .10: .25 less .10 or .05: .15, .20
    found = contrast(**HAND)
    assert found["difference"] == pytest.approx(0.175)
    assert found["low_without_one"] == pytest.approx(0.15)
    assert found["high_without_one"] == pytest.approx(0.2)


def test_a_groups_only_document_is_not_left_out():
    # .5 − .1 = .4 on the whole. Without .05: .5 − .15; without .15: .5 − .05
    found = contrast(da=of_twenty(10), no=of_twenty(1, 3))
    assert found["low_without_one"] == pytest.approx(0.35)
    assert found["high_without_one"] == pytest.approx(0.45)


def test_the_interval_reaches_the_plain_mean_wherever_the_model_has_it():
    # Documents with all their sentences in the theme: no model believes in a share of 1
    emphasis = compare_one_theme(da=of_twenty(20, 20), no=of_twenty(0, 0)).emphasis
    assert row(emphasis, "t1", "da")["high"] == row(emphasis, "t1", "da")["share"] == 1
    assert row(emphasis, "t1", "no")["low"] == row(emphasis, "t1", "no")["share"] == 0


# No beta distribution: some documents have a fifth of the theme, the others four fifths
TWO_KINDS = {"da": of_twenty(4, 4, 4, 16, 16, 16), "no": of_twenty(4, 4, 4, 4, 4, 16)}


def test_from_six_documents_on_the_intervals_reach_as_far_as_those_of_plain_means():
    comparison = compare_one_theme(**TWO_KINDS)
    da, no = ([n / total for n, total in TWO_KINDS[group]] for group in ("da", "no"))
    welch = stats.ttest_ind(da, no, equal_var=False).confidence_interval(0.95)
    found = row(comparison.contrasts)
    assert [found["low"], found["high"]] == pytest.approx([welch.low, welch.high], abs=1e-6)
    # Student's of the Danish mean is .5 ± 2.571 × .1342, the error being √(6 × .09 / 5 / 6)
    emphasis = row(comparison.emphasis, "t1", "da")
    assert [emphasis["low"], emphasis["high"]] == pytest.approx([0.155, 0.845], abs=1e-3)
    # … but the sceptic's is the model's alone
    assert welch.low < found["low_sceptical"]


@pytest.mark.parametrize("group", ["da", "no"])
def test_with_five_documents_in_either_group_the_interval_is_the_models(group):
    groups = TWO_KINDS | {group: TWO_KINDS[group][1:]}
    da, no = ([n / total for n, total in groups[group]] for group in ("da", "no"))
    welch = stats.ttest_ind(da, no, equal_var=False).confidence_interval(0.95)
    found = contrast(**groups)
    assert welch.low < found["low"] - 0.005
    assert found["high"] < welch.high - 0.005
    student = stats.t.interval(0.95, 4, np.mean(da), stats.sem(da))
    if group == "da":
        emphasis = row(compare_one_theme(**groups).emphasis, "t1", "da")
        assert student[0] < emphasis["low"] - 0.005
        assert emphasis["high"] < student[1] - 0.005


def test_a_group_of_one_document_could_lie_far_off():
    found = row(compare_one_theme(da=of_twenty(6), no=of_twenty(6)).emphasis, "t1", "da")
    assert found["low"] < 0.1
    assert found["high"] > 0.5
    assert contrast(da=of_twenty(6), no=of_twenty(10, 11, 10))["verdict"] == TOO_FEW


# Verdicts

CLEAR = {
    "group_a": "da", "group_b": "no", "side": 1, "convinced": True, "weakest": "",
    "p_holm": 0.05, "n_a": MIN_DOCUMENTS, "n_b": MIN_DOCUMENTS,
}  # fmt: skip


def test_with_every_condition_met_a_difference_is_clear_to_either_side():
    assert judge(CLEAR) == "clear: more in da than in no"
    assert judge(CLEAR | {"side": -1}) == "clear: more in no than in da"


@pytest.mark.parametrize(
    "missing",
    [{"convinced": False}, {"weakest": "da01"}, {"p_holm": 0.0501}, {"n_a": 3}, {"n_b": 3}],
    ids=str,
)
def test_with_one_condition_missing_it_is_leaning(missing):
    assert judge(CLEAR | missing) == "leaning: more in da than in no"
    assert judge(CLEAR | missing | {"side": -1}) == "leaning: more in no than in da"


def test_with_zero_in_the_interval_the_documents_are_too_few_whatever_else_holds():
    assert judge(CLEAR | {"side": 0}) == TOO_FEW


def test_an_interval_is_on_a_side_if_it_touches_zero_from_neither():
    ends = [(0.1, 0.2), (-0.2, -0.1), (-0.1, 0.1), (0, 0.1), (-0.1, 0)]
    assert [side(Interval(low, 0, high)) for low, high in ends] == [1, -1, 0, 0, 0]


def test_a_large_difference_between_four_documents_a_side_is_clear():
    found = contrast(da=of_twenty(12, 12, 12, 12), no=of_twenty(2, 2, 2, 2))
    assert found["p_holm"] == pytest.approx(2 / 70)
    assert found["verdict"] == "clear: more in da than in no"


def test_what_does_not_convince_the_sceptic_is_leaning():
    found = contrast(da=of_twenty(*[5] * 6), no=of_twenty(3, 3, 3, 3, 3, 0))
    assert found["low_sceptical"] < 0 < found["low"]
    assert (found["weakest"], found["p_holm"]) == ("", pytest.approx(2 / 924))
    assert found["verdict"] == "leaning: more in da than in no"


def test_what_is_one_of_many_themes_is_leaning():
    sentences = {f"{group}{i}": {"t1": n, "t2": 4, "": 16 - n}
                 for group, n in (("da", 12), ("no", 2)) for i in range(4)}  # fmt: skip
    found = row(
        compare_documents(sentences, {doc_id: doc_id[:2] for doc_id in sentences}).contrasts
    )
    assert found["low_sceptical"] > 0
    assert found["weakest"] == ""
    # 2 of 70 dealings, and two themes
    assert found["p_holm"] == pytest.approx(4 / 70)
    assert found["verdict"] == "leaning: more in da than in no"


def test_three_documents_against_many_are_leaning():
    found = contrast(da=of_twenty(*[12] * 5), no=of_twenty(1, 2, 2))
    assert found["low_sceptical"] > 0
    assert (found["weakest"], found["p_holm"]) == ("", pytest.approx(1 / 56))
    assert found["verdict"] == "leaning: more in da than in no"


def test_one_outlying_document_makes_no_difference_of_groups():
    found = contrast(da=[(10, 10), *[(2, 10)] * 11], no=[(2, 10)] * 12)
    assert found["verdict"] == TOO_FEW


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=MIN_DOCUMENTS - 1),
    st.lists(st.integers(0, 20), min_size=1, max_size=8),
)
def test_below_four_documents_nothing_is_clear(few, many):
    for da, no in ((few, many), (many, few)):
        assert not contrast(da=of_twenty(*da), no=of_twenty(*no))["verdict"].startswith("clear")


# The document that a difference hangs on


def find_falls(groups: dict[str, Documents]) -> list[str]:
    """Without which documents zero is in one of the two intervals, by comparing anew."""
    found = []
    for group, documents in groups.items():
        for number in range(len(documents)):
            others = [one for place, one in enumerate(documents) if place != number]
            left = contrast(**groups | {group: others})
            if left["low"] <= 0 <= left["high"] or left["low_sceptical"] <= 0 <= left[
                "high_sceptical"
            ]:  # fmt: skip
                found.append(f"{group}{number:02d}")
    return found


def test_a_difference_that_falls_with_one_document_is_leaning_and_names_it():
    groups = {"da": of_twenty(6, 7, 7, 8, 10), "no": of_twenty(0, 2, 3, 4, 4)}
    found = contrast(**groups)
    assert found["low_sceptical"] > 0
    assert found["p_holm"] == pytest.approx(2 / 252)
    assert find_falls(groups) == ["da04"]
    assert found["weakest"] == "da04"
    assert found["verdict"] == "leaning: more in da than in no"


def test_the_document_may_be_of_either_group():
    found = contrast(da=of_twenty(0, 2, 3, 4, 4), no=of_twenty(6, 7, 7, 8, 10))
    assert found["weakest"] == "no04"
    assert found["verdict"] == "leaning: more in no than in da"


def test_of_many_documents_the_ones_that_speak_most_are_left_out_first():
    # Of the thirteen only the last makes the difference, and twelve of a group are tried
    groups = {"da": of_twenty(*[2] * 40), "no": of_twenty(*[3] * 12, 10)}
    assert contrast(**groups)["high_sceptical"] < 0
    assert contrast(**groups)["weakest"] == "no12"
    assert contrast(**groups | {"no": of_twenty(*[3] * 11, 10)})["high_sceptical"] < 0
    assert contrast(**groups | {"no": of_twenty(*[3] * 12)})["high_sceptical"] > 0


def test_where_several_would_do_one_of_them_is_named():
    groups = {"da": of_twenty(5, 7, 8, 9, 9), "no": of_twenty(1, 3, 3, 4, 4)}
    assert find_falls(groups) == ["da03", "da04"]
    assert contrast(**groups)["weakest"] in ("da03", "da04")


def test_a_difference_that_holds_without_any_names_none():
    groups = {"da": of_twenty(12, 12, 12, 12), "no": of_twenty(2, 2, 2, 2)}
    assert find_falls(groups) == []
    assert contrast(**groups)["weakest"] == ""


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(4, 12), min_size=4, max_size=6),
    st.lists(st.integers(0, 5), min_size=4, max_size=6),
)
def test_a_document_is_named_just_where_one_exists(da, no):
    groups = {"da": of_twenty(*da), "no": of_twenty(*no)}
    found = contrast(**groups)
    if not (found["low"] > 0 and found["low_sceptical"] > 0):
        assert found["weakest"] == ""
    else:
        falls = find_falls(groups)
        assert found["weakest"] in (falls or [""])


def test_a_groups_only_document_is_what_its_difference_hangs_on():
    found = contrast(da=of_twenty(*[2] * 40), no=of_twenty(12))
    assert found["high"] < 0
    assert found["high_sceptical"] < 0
    assert found["weakest"] == "no00"


# Documents that are needed


def test_needed_documents_on_a_case_worked_by_hand():
    found = contrast(**HAND)
    # Harmonic means of the lengths: 3 / (1/30 + 1/20 + 1/40) = 27.7 and 2 / (1/20 + 1/30) = 24.
    # The correlation is .0508: .25 × .75 × (.0508 + .9492 / 27.7) = .01595 and
    # .075 × .925 × (.0508 + .9492 / 24) = .00627. 7.849 × .0222 / .175² = 5.69
    assert found["correlation"] == pytest.approx(0.0508, abs=5e-5)
    assert found["n_needed"] == 6


def test_more_themes_need_more_documents():
    sentences = {
        doc_id: {"t1": n, "": total - n}
        for doc_id, (n, total) in {
            f"{group}{i}": one for group in HAND for i, one in enumerate(HAND[group])
        }.items()
    }
    groups = {doc_id: doc_id[:2] for doc_id in sentences}
    one = compare_documents(sentences, groups, ("t1",)).contrasts.iloc[0]
    ten = compare_documents(sentences, groups, [f"t{i}" for i in range(1, 11)]).contrasts.iloc[0]
    assert (one["n_needed"], ten["n_needed"]) == (6, 10)  # 13.31 / 7.849 × 5.69 = 9.6


# Whatever the texts


def check(comparison: Comparison) -> None:
    """What every comparison keeps to."""
    for name in TABLES:
        table = getattr(comparison, name)
        assert not table.isna().any(axis=None), name
        numbers = table.select_dtypes("number")
        assert np.isfinite(numbers.to_numpy(dtype=float)).all(), name
    emphasis, contrasts = comparison.emphasis, comparison.contrasts
    in_order(0, emphasis["low"], emphasis["share"], emphasis["high"], 1)
    for _, share in emphasis.groupby("group")["share"]:
        assert share.sum() == pytest.approx(1)
    if len(contrasts):
        in_order(-1, contrasts["low"], contrasts["difference"], contrasts["high"], 1)
        in_order(-1, contrasts["low_sceptical"], contrasts["high_sceptical"], 1)
        in_order(contrasts["low_without_one"], contrasts["difference"])
        in_order(contrasts["difference"], contrasts["high_without_one"])
        in_order(0, contrasts["ratio_low"], contrasts["ratio"], contrasts["ratio_high"])
        in_order(0, contrasts["p_min"], contrasts["p"], contrasts["p_holm"], 1)
        in_order(0, contrasts["correlation"], 1)
        in_order(2, contrasts["n_needed"], MOST)
        assert (contrasts["ratio_low"] >= 0).all()
        assert set(contrasts["weakest"]) <= {"", *comparison.shares["doc_id"]}


def in_order(*numbers: pd.Series | float) -> None:
    for low, high in pairwise(numbers):
        assert np.all(np.asarray(low) <= np.asarray(high) + 1e-12), (low, high)


EXTREMES: dict[str, dict[str, Documents]] = {
    "absent from one group": {"da": of_twenty(3, 5, 4), "no": of_twenty(0, 0)},
    "absent from both": {"da": of_twenty(0, 0, 0), "no": of_twenty(0, 0)},
    "everywhere": {"da": of_twenty(20, 20, 20), "no": of_twenty(20, 20)},
    "all against nothing": {"da": of_twenty(20, 20, 20), "no": of_twenty(0, 0)},
    "nothing against all": {"da": of_twenty(0, 0, 0, 0), "no": of_twenty(20, 20, 20, 20)},
    "all or nothing within each": {"da": of_twenty(0, 20, 20), "no": of_twenty(20, 0)},
    "one sentence a document": {"da": [(1, 1), (0, 1), (1, 1)], "no": [(0, 1), (0, 1)]},
    "one sentence, all against nothing": {"da": [(1, 1)] * 12, "no": [(0, 1)] * 12},
    "one document a group": {"da": [(3, 20)], "no": [(11, 20)]},
    "one sentence a group": {"da": [(1, 1)], "no": [(0, 1)]},
    "one against many": {"da": [(20, 20)], "no": of_twenty(*[0] * 30)},
    "very long documents": {"da": [(20_000, 100_000), (50_000, 100_000)], "no": [(1, 100_000)]},
    "very long, absent from one": {"da": [(100_000, 100_000)] * 2, "no": [(0, 100_000)] * 2},
    "long and short": {"da": [(1, 1), (300, 100_000)], "no": [(0, 3), (100_000, 100_000)]},
    "a thousand documents": {
        "da": [(n % 10, 20) for n in range(1000)],
        "no": [(n % 9, 20) for n in range(1000)],
    },
    "a thousand, all against nothing": {"da": [(20, 20)] * 1000, "no": [(0, 20)] * 1000},
    "a thousand very long and all alike": {
        "da": [(20_000, 100_000)] * 1000,
        "no": [(20_000, 100_000)] * 1000,
    },
    "a thousand against one": {"da": [(n % 10, 20) for n in range(1000)], "no": [(20, 20)]},
}


@pytest.mark.parametrize("case", EXTREMES)
def test_extreme_texts_give_finite_numbers_in_their_order(case):
    check(compare_one_theme(permutations=200, **EXTREMES[case]))


def test_documents_all_alike_have_no_difference():
    found = contrast(**EXTREMES["a thousand very long and all alike"])
    assert (found["difference"], found["p"], found["verdict"]) == (0, 1, TOO_FEW)
    assert found["low"] == pytest.approx(-found["high"], abs=1e-5)


def test_a_theme_that_nobody_has_is_no_evidence_however_many_documents():
    found = contrast(da=of_twenty(*[0] * 100), no=of_twenty(*[0] * 100))
    assert (found["p"], found["n_needed"], found["verdict"]) == (1, MOST, TOO_FEW)
    assert -0.02 < found["low"] < 0 < found["high"] < 0.02


corpora = st.lists(
    st.tuples(st.sampled_from(["da", "no"]), st.lists(st.integers(0, 9), min_size=3, max_size=3)),
    min_size=1,
    max_size=7,
).filter(lambda documents: all(sum(n) for _, n in documents))


def build(documents: list[tuple[str, list[int]]]) -> tuple[dict, dict[str, str]]:
    sentences = {
        f"d{i}": dict(zip(("t1", "t2", ""), n, strict=True)) for i, (_, n) in enumerate(documents)
    }
    return sentences, {f"d{i}": group for i, (group, _) in enumerate(documents)}


def are_equal(one: Comparison, other: Comparison) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


@settings(max_examples=25, deadline=None)
@given(corpora)
def test_any_texts_give_finite_numbers_in_their_order(documents):
    check(compare_documents(*build(documents)))


@settings(max_examples=15, deadline=None)
@given(corpora, st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_nothing(documents, random):
    sentences, groups = build(documents)
    names = list(sentences)
    random.shuffle(names)
    shuffled = {name: sentences[name] for name in names}, {name: groups[name] for name in names}
    are_equal(compare_documents(sentences, groups), compare_documents(*shuffled))


def test_other_names_for_the_documents_change_only_the_names():
    found = contrast(**HAND)
    sentences = {f"x{9 - i}": {"t1": n, "": total - n}
                 for i, (n, total) in enumerate(HAND["da"] + HAND["no"])}  # fmt: skip
    groups = dict(zip(sentences, ["da"] * 3 + ["no"] * 2, strict=True))
    renamed = row(compare_documents(sentences, groups, ("t1",)).contrasts)
    for name in ("low", "high", "low_sceptical", "ratio", "p", "correlation", "n_needed"):
        assert renamed[name] == pytest.approx(found[name]), name


@settings(max_examples=15, deadline=None)
@given(corpora)
def test_other_names_and_another_order_of_themes_only_move_the_rows(documents):
    sentences, groups = build(documents)
    named = {"t1": "z", "t2": "a", "": ""}
    other = {
        doc_id: {named[theme]: n for theme, n in own.items()} for doc_id, own in sentences.items()
    }
    there = compare_documents(sentences, groups)
    back = compare_documents(other, groups, themes=("a", "z"))
    for name in TABLES:
        table = getattr(there, name)
        table = table.assign(theme_id=table["theme_id"].map(named))
        keys = [key for key in ("theme_id", "doc_id", "group", "group_a") if key in table]
        pd.testing.assert_frame_equal(
            table.sort_values(keys, ignore_index=True),
            getattr(back, name).sort_values(keys, ignore_index=True),
            check_dtype=len(table) > 0,
        )


def test_the_ratio_is_of_the_means_and_on_the_side_of_the_difference() -> None:
    # 10 of 20 in one of three, 3 of 20 in one of two: 1/6 and 3/40 in the mean, 20/9 of each other.
    # The model alone, which believes more in the two than in the three, has 0.9 for it
    row = compare_one_theme(da=[(10, 20), (0, 23), (0, 28)], no=[(3, 20), (0, 18)]).contrasts.iloc[
        0
    ]
    assert row["difference"] == pytest.approx(1 / 6 - 3 / 40)
    assert row["ratio"] == pytest.approx(20 / 9, abs=1e-6)
    assert row["ratio_low"] < 1 < 20 / 9 < row["ratio_high"]


@settings(max_examples=20, deadline=None)
@given(corpora)
def test_swapping_the_groups_turns_the_contrast_round(documents):
    sentences, groups = build(documents)
    there = compare_documents(sentences, groups).contrasts
    back = compare_documents(
        sentences, {doc_id: FLIPPED[group] for doc_id, group in groups.items()}
    ).contrasts
    if len(there):
        for low, high in (
            ("difference", "difference"), ("low", "high"), ("low_sceptical", "high_sceptical"),
            ("low_without_one", "high_without_one"),
        ):  # fmt: skip
            assert back[low].tolist() == pytest.approx((-there[high]).tolist(), abs=1e-4)
        for name in ("ratio", "ratio_low", "ratio_high"):
            other = {"ratio_low": "ratio_high", "ratio_high": "ratio_low"}.get(name, name)
            assert back[name].tolist() == pytest.approx((1 / there[other]).tolist(), rel=2e-2)
        assert back["p"].tolist() == there["p"].tolist()
        assert back["n_needed"].tolist() == pytest.approx(there["n_needed"].tolist(), abs=1)
        assert [turn(verdict) for verdict in back["verdict"]] == there["verdict"].tolist()


def turn(verdict: str) -> str:
    words = verdict.split()
    return " ".join(FLIPPED.get(word, word) for word in words)


def test_a_second_comparison_gives_the_same_tables():
    groups = {"da": of_twenty(1, 5, 3, 8, 6, 9), "no": of_twenty(2, 2, 9, 4, 0, 3, 4)}
    # Few permutations, so that they are drawn
    are_equal(compare_one_theme(100, **groups), compare_one_theme(100, **groups))


def test_many_themes_are_handled_in_blocks_and_each_is_as_if_alone():
    rng = np.random.default_rng(2)
    themes = [f"t{i}" for i in range(1, 151)]
    sentences = {
        f"d{i}": dict(zip([*themes, ""], rng.integers(0, 4, 151).tolist(), strict=True))
        for i in range(6)
    }
    groups = {f"d{i}": "da" if i < 3 else "no" for i in range(6)}
    together = compare_groups(
        arrange_documents(sentences, groups, themes), permutations=100, seed=0
    ).contrasts.set_index("theme_id")
    for theme in ("t1", "t64", "t65", "t150"):
        alone = {
            doc_id: {theme: own[theme], "": sum(own.values()) - own[theme]}
            for doc_id, own in sentences.items()
        }
        found = row(compare_documents(alone, groups, (theme,)).contrasts, theme)
        for name in ("difference", "low", "high", "ratio", "correlation", "p", "weakest"):
            assert together.loc[theme, name] == found[name], name


def test_pairs_of_twelve_groups_are_all_there():
    groups = {f"g{i:02d}": of_twenty(i, i + 1) for i in range(12)}
    contrasts = compare_one_theme(permutations=100, **groups).contrasts
    pairs = list(contrasts[["group_a", "group_b"]].itertuples(index=False, name=None))
    assert pairs == list(combinations(sorted(groups), 2))
