"""compare: shares by document, intervals, p-values and verdicts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.compare import MIN_DOCUMENTS, adjust_holm, assign_groups, compare_groups, permute
from pipeline.settings import NordtemaError
from pipeline.store import SCHEMAS

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
FLIPPED = {"da": "no", "no": "da"}


def compare(
    counts: dict[str, dict[str, int]],
    groups: dict[str, str],
    themes: tuple[str, ...] = ("t1", "t2"),
) -> Tables:
    """`counts` is {document: {theme: sentences}}."""
    table = pd.DataFrame(
        [(doc, theme, n) for doc, own in counts.items() for theme, n in own.items()],
        columns=["doc_id", "theme_id", "n_sentences"],
    )
    return compare_groups(
        table,
        pd.Series(groups, name="group", dtype=object),
        theme_ids=list(themes),
        resamples=800,
        permutations=2000,
        seed=0,
    )


def of_ten(*n_first: int, prefix: str = "d") -> dict[str, dict[str, int]]:
    """Documents of ten sentences, of which so many are of the first theme, the others of t2."""
    return {f"{prefix}{i:02d}": {"t1": n, "t2": 10 - n} for i, n in enumerate(n_first)}


def two_groups(da: list[int], no: list[int]) -> Tables:
    counts = of_ten(*da, prefix="d") | of_ten(*no, prefix="n")
    return compare(counts, {doc: "da" if doc[0] == "d" else "no" for doc in counts})


def row(table: pd.DataFrame, theme: str = "t1", group: str | None = None) -> pd.Series:
    rows = table[table["theme_id"] == theme]
    return rows[rows["group"] == group].iloc[0] if group else rows.iloc[0]


# Shares


def test_a_share_is_a_part_of_all_the_sentences_of_the_document() -> None:
    shares, emphasis, _ = compare(
        {"a": {"t1": 1, "t2": 1, "": 2}, "b": {"t1": 9, "t2": 0, "": 1}}, {"a": "da", "b": "da"}
    )
    found = shares.set_index(["theme_id", "doc_id"])["share"].to_dict()
    # 1 of 4, 1 of 4, 2 of 4; and 9 of 10, 0, 1 of 10
    assert found == {
        ("t1", "a"): 0.25, ("t2", "a"): 0.25, ("", "a"): 0.5,
        ("t1", "b"): 0.9, ("t2", "b"): 0.0, ("", "b"): 0.1,
    }  # fmt: skip
    # The plain mean over documents, (.25 + .9) / 2, not the 10 of 14 sentences.
    assert row(emphasis, "t1", "da")["share"] == pytest.approx(0.575)
    assert row(emphasis, "t1", "da")["n_sentences"] == 10
    assert row(emphasis, "t2", "da")["n_documents"] == 1
    assert row(emphasis, "", "da")["share"] == pytest.approx(0.3)


def test_a_theme_that_a_group_never_mentions_has_a_row_with_nothing_in_it() -> None:
    _, emphasis, contrasts = compare(
        {"a": {"t1": 4}, "b": {"t1": 2}, "c": {"t2": 3}, "d": {"t2": 1}},
        {"a": "da", "b": "da", "c": "no", "d": "no"},
        themes=("t1", "t2", "t3"),
    )
    absent = row(emphasis, "t2", "da")
    assert absent[["n_sentences", "n_documents", "share", "low", "high"]].tolist() == [0] * 5
    nowhere = row(contrasts, "t3")
    assert nowhere[["difference", "low", "high", "p"]].tolist() == [0, 0, 0, 1]
    assert nowhere["verdict"] == "too few documents to tell"


def test_a_document_without_sentences_takes_no_part() -> None:
    shares, emphasis, _ = compare(
        {"a": {"t1": 4}, "b": {"t1": 0, "t2": 0}}, {"a": "da", "b": "da", "c": "da"}
    )
    assert set(shares["doc_id"]) == {"a"}
    assert row(emphasis, "t1", "da")["share"] == 1


def test_a_document_outside_the_groups_takes_no_part() -> None:
    shares, _, contrasts = compare(
        {"a": {"t1": 4}, "b": {"t2": 4}, "x": {"t1": 4}}, {"a": "da", "b": "no"}
    )
    assert set(shares["doc_id"]) == {"a", "b"}
    assert len(contrasts) == 2


def test_tables_have_the_columns_of_their_schemas() -> None:
    for table, name in zip(
        two_groups([1, 2], [3, 4]), ("shares", "emphasis", "contrasts"), strict=True
    ):
        assert set(table.columns) == set(SCHEMAS[name])
        assert not table.isna().any(axis=None)


def test_one_group_has_nothing_to_contrast() -> None:
    _, emphasis, contrasts = compare(of_ten(1, 2, 3), dict.fromkeys(("d00", "d01", "d02"), "no"))
    assert set(emphasis["group"]) == {"no"}
    assert len(contrasts) == 0
    assert set(contrasts.columns) == set(SCHEMAS["contrasts"])


def test_no_documents_give_empty_tables_with_their_columns() -> None:
    for table, name in zip(compare({}, {}), ("shares", "emphasis", "contrasts"), strict=True):
        assert len(table) == 0
        assert set(table.columns) == set(SCHEMAS[name])


def test_three_groups_are_compared_in_pairs() -> None:
    _, _, contrasts = compare(of_ten(1, 2, 3), {"d00": "x", "d01": "z", "d02": "y"})
    pairs = contrasts[["group_a", "group_b"]].drop_duplicates()
    assert list(pairs.itertuples(index=False, name=None)) == [("x", "y"), ("x", "z"), ("y", "z")]


# Intervals


def test_the_interval_of_a_constant_share_is_that_share() -> None:
    _, emphasis, contrasts = two_groups([3, 3, 3, 3], [5, 5, 5, 5])
    assert row(emphasis, "t1", "da")[["low", "high"]].tolist() == pytest.approx([0.3, 0.3])
    # .3 − .5
    found = row(contrasts)[["difference", "low", "high"]].tolist()
    assert found == pytest.approx([-0.2, -0.2, -0.2])


def test_a_group_of_one_document_could_lie_anywhere() -> None:
    _, emphasis, contrasts = two_groups([3], [5, 5, 5])
    assert row(emphasis, "t1", "da")[["share", "low", "high"]].tolist() == [0.3, 0, 1]
    # 0 − .5 to 1 − .5
    assert row(contrasts)[["low", "high"]].tolist() == pytest.approx([-0.5, 0.5])
    assert row(contrasts)["verdict"] == "too few documents to tell"


def test_the_interval_of_a_mean_is_that_of_its_standard_error() -> None:
    _, emphasis, _ = two_groups([0, 10] * 50, [5, 5])
    found = row(emphasis, "t1", "da")
    # Shares of 0 and 1, half each: √(.25 / 100) = .05, and 95 % lie within 1.96 of that.
    assert found[["low", "high"]].tolist() == pytest.approx([0.402, 0.598], abs=0.015)


def test_more_documents_make_a_narrower_interval() -> None:
    widths = []
    for times in (2, 8):
        _, emphasis, _ = two_groups([1, 3, 6] * times, [2, 2])
        found = row(emphasis, "t1", "da")
        widths.append(found["high"] - found["low"])
    # The standard error goes with 1 / √n: four times the documents, half the width.
    assert widths[1] == pytest.approx(widths[0] / 2, rel=0.15)


# p-values


@pytest.mark.parametrize("sizes", [(3, 3), (4, 4), (3, 6), (2, 5)])
def test_the_exact_p_is_that_of_scipy(sizes: tuple[int, int]) -> None:
    rng = np.random.default_rng(sum(sizes))
    a, b = (rng.random((n, 5)) for n in sizes)
    a[:, 0] += 1
    p, _ = permute(a, b, 20_000, seed=0)
    for column in range(5):
        expected = stats.permutation_test(
            (a[:, column], b[:, column]),
            lambda x, y, axis: np.abs(x.mean(axis=axis) - y.mean(axis=axis)),
            alternative="greater",
            n_resamples=np.inf,
            vectorized=True,
        )
        assert p[column] == pytest.approx(expected.pvalue)


def test_the_smallest_p_is_that_of_the_most_extreme_dealing() -> None:
    high, low = np.array([[0.9], [0.8], [0.7]]), np.array([[0.1], [0.2], [0.3]])
    # 3 v 3: 20 dealings, of which the one seen and its mirror are as extreme: 2 / 20
    p, p_min = permute(high, low, 100, seed=0)
    assert (p[0], p_min) == (0.1, 0.1)
    # 2 v 3: 10 dealings and no mirror: 1 / 10
    p, p_min = permute(high[:2], low, 100, seed=0)
    assert (p[0], p_min) == (0.1, 0.1)


def test_drawn_permutations_come_near_the_exact_p() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.random((6, 3)) + 0.1, rng.random((7, 3))
    exact, _ = permute(a, b, 2000, seed=0)  # 1,716 dealings
    drawn, p_min = permute(a, b, 1500, seed=0)
    # Three standard errors of a part of 1,500 draws are at most 3 × √(.25 / 1500) ≈ .039.
    assert drawn == pytest.approx(exact, abs=0.039)
    assert not np.array_equal(drawn, exact)
    assert p_min == 1 / 1501


def test_a_p_from_drawn_permutations_is_never_zero() -> None:
    # One of 155,117,520 dealings is as extreme as this one, and its mirror; none is drawn.
    p, p_min = permute(np.ones((15, 1)), np.zeros((15, 1)), 999, seed=0)
    assert p[0] == p_min == 1 / 1000


def test_documents_all_alike_give_no_evidence() -> None:
    p, _ = permute(np.full((4, 2), 0.3), np.full((3, 2), 0.3), 1000, seed=0)
    assert p.tolist() == [1, 1]


def test_holm_on_a_case_worked_by_hand() -> None:
    # In order: .01 × 4 = .04; .02 × 3 = .06; .03 × 2 = .06; .5 × 1 = .5
    found = adjust_holm(np.array([0.03, 0.01, 0.5, 0.02]))
    assert found == pytest.approx([0.06, 0.04, 0.5, 0.06])
    # .04 × 2 = .08, and .05 × 1 = .05 is raised to the one before it
    assert adjust_holm(np.array([0.05, 0.04])) == pytest.approx([0.08, 0.08])
    assert adjust_holm(np.array([0.6, 0.7])).tolist() == [1, 1]
    assert adjust_holm(np.array([])).tolist() == []


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_keeps_the_order_and_never_lowers_a_p(values: list[float]) -> None:
    p = np.array(values)
    adjusted = adjust_holm(p)
    assert (adjusted >= p).all()
    assert (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()


# Verdicts


def test_a_large_difference_between_many_documents_is_clear() -> None:
    _, _, contrasts = two_groups([6, 7, 8, 6, 7, 8] * 2, [1, 2, 3, 1, 2, 3] * 2)
    assert row(contrasts)["verdict"] == "clear: more in da than in no"
    assert row(contrasts, "t2")["verdict"] == "clear: more in no than in da"


def test_one_outlying_document_is_never_a_clear_difference() -> None:
    _, _, contrasts = two_groups([10, *[2] * 11], [2] * 12)
    assert not row(contrasts)["verdict"].startswith("clear")


def test_a_difference_that_falls_with_one_document_is_not_clear() -> None:
    # .40 v .1875 on the whole: p = 57 / 1287 ≈ .044, and the interval excludes zero. Without the
    # Danish document of .8 it is .30 v .1875, and the interval doesn't.
    counts = {f"d{i}": {"t1": n, "": 10 - n} for i, n in enumerate((8, 1, 4, 5, 2))}
    counts |= {f"n{i}": {"t1": n, "": 10 - n} for i, n in enumerate((2, 3, 2, 1, 2, 1, 2, 2))}
    groups = {doc: "da" if doc[0] == "d" else "no" for doc in counts}
    _, _, contrasts = compare(counts, groups, themes=("t1",))
    found = row(contrasts)
    assert found["p_holm"] == pytest.approx(57 / 1287)
    assert found["low"] > 0
    assert found["verdict"] == "leaning: more in da than in no"


def test_it_need_not_be_the_most_outspoken_document_that_a_difference_falls_with() -> None:
    # .22 v .05. The interval reaches below zero without the Danish document of .3, as it does
    # without the one of .5; without the one of .2 it touches zero.
    da, no = [0, 2, 4, 6, 10], [0, 0, 0, 1, 2, 2, 2]
    counts = {f"d{i}": {"t1": n, "": 20 - n} for i, n in enumerate(da)}
    counts |= {f"n{i}": {"t1": n, "": 20 - n} for i, n in enumerate(no)}
    groups = {doc: "da" if doc[0] == "d" else "no" for doc in counts}
    falls_without = set()
    for left_out in counts:
        others = {doc: own for doc, own in counts.items() if doc != left_out}
        _, _, contrasts = compare(others, groups, themes=("t1",))
        if row(contrasts)["low"] <= 0:
            falls_without.add(left_out)
    assert {"d3", "d4"} <= falls_without <= {"d2", "d3", "d4"}
    _, _, contrasts = compare(counts, groups, themes=("t1",))
    found = row(contrasts)
    assert found["low"] > 0
    assert found["p_holm"] <= 0.05
    assert found["verdict"] == "leaning: more in da than in no"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 10), min_size=1, max_size=MIN_DOCUMENTS - 1),
    st.lists(st.integers(0, 10), min_size=1, max_size=8),
)
def test_below_four_documents_nothing_is_clear(few: list[int], many: list[int]) -> None:
    for da, no in ((few, many), (many, few)):
        _, _, contrasts = two_groups(da, no)
        assert not contrasts["verdict"].str.startswith("clear").any()


def test_three_against_many_is_not_clear_however_far_apart() -> None:
    _, _, contrasts = two_groups([10, 10, 10], [0] * 12)
    assert row(contrasts)["verdict"] == "leaning: more in da than in no"
    _, _, contrasts = two_groups([10, 10, 10, 10], [0] * 12)
    assert row(contrasts)["verdict"] == "clear: more in da than in no"


# What must not matter

corpora = st.lists(
    st.tuples(st.sampled_from(["da", "no"]), st.lists(st.integers(0, 9), min_size=3, max_size=3)),
    min_size=1,
    max_size=7,
).filter(lambda documents: all(sum(n) for _, n in documents))


def build(documents: list[tuple[str, list[int]]]) -> tuple[dict, dict[str, str]]:
    counts = {
        f"d{i}": dict(zip(("t1", "t2", ""), n, strict=True)) for i, (_, n) in enumerate(documents)
    }
    return counts, {f"d{i}": group for i, (group, _) in enumerate(documents)}


@settings(max_examples=40, deadline=None)
@given(corpora)
def test_shares_sum_to_one_and_p_lies_between_its_smallest_and_one(documents) -> None:
    shares, emphasis, contrasts = compare(*build(documents))
    assert shares.groupby("doc_id")["share"].sum().tolist() == pytest.approx([1.0] * len(documents))
    for _, share in emphasis.groupby("group")["share"]:
        assert share.sum() == pytest.approx(1)
    assert (emphasis["low"] <= emphasis["share"] + 1e-9).all()
    assert (emphasis["high"] >= emphasis["share"] - 1e-6).all()
    assert emphasis[["low", "high"]].to_numpy().min() >= -1e-9
    assert emphasis[["low", "high"]].to_numpy().max() <= 1 + 1e-6
    if len(contrasts):
        assert (contrasts["p"].astype(float) >= contrasts["p_min"].astype(float) - 1e-12).all()
        assert (contrasts["p"] <= 1).all()
        assert (contrasts["p_holm"] >= contrasts["p"]).all()


@settings(max_examples=25, deadline=None)
@given(corpora, st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_nothing(documents, random) -> None:
    counts, groups = build(documents)
    names = list(counts)
    random.shuffle(names)
    shuffled = compare({name: counts[name] for name in names}, {n: groups[n] for n in names})
    for before, after in zip(compare(counts, groups), shuffled, strict=True):
        pd.testing.assert_frame_equal(before, after)


@settings(max_examples=25, deadline=None)
@given(corpora)
def test_the_order_of_themes_only_moves_the_rows(documents) -> None:
    counts, groups = build(documents)
    for before, after in zip(
        compare(counts, groups), compare(counts, groups, themes=("t2", "t1")), strict=True
    ):
        keys = [name for name in ("theme_id", "doc_id", "group", "group_a") if name in before]
        pd.testing.assert_frame_equal(
            before.sort_values(keys, ignore_index=True), after.sort_values(keys, ignore_index=True)
        )


def test_swapping_the_groups_turns_the_contrast_round() -> None:
    counts = of_ten(6, 7, 8, 6, 7, 9, 8, prefix="d") | of_ten(1, 2, 3, 1, 2, prefix="n")
    groups = {doc: "da" if doc[0] == "d" else "no" for doc in counts}
    _, _, contrasts = compare(counts, groups)
    _, _, swapped = compare(counts, {doc: FLIPPED[group] for doc, group in groups.items()})
    there, back = row(contrasts), row(swapped)
    assert back["difference"] == pytest.approx(-there["difference"])
    # The resamples are others, the interval is the same within what 800 of them can tell.
    assert back["low"] == pytest.approx(-there["high"], abs=0.03)
    assert back["high"] == pytest.approx(-there["low"], abs=0.03)
    assert (back["p"], back["p_holm"]) == (there["p"], there["p_holm"])
    assert there["verdict"] == "clear: more in da than in no"
    assert back["verdict"] == "clear: more in no than in da"


def test_a_second_comparison_gives_the_same_tables() -> None:
    for once, again in zip(
        two_groups([1, 5, 3], [2, 2, 9]), two_groups([1, 5, 3], [2, 2, 9]), strict=True
    ):
        pd.testing.assert_frame_equal(once, again)


# Groups


def corpus(rows: list[tuple[str, str, str, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(doc_id, language, source, duplicate_of) to documents and languages."""
    documents = pd.DataFrame(
        [
            {
                "doc_id": d,
                "source": s,
                "duplicate_of": copy,
                "published": "2024-05-01",
                "country": "",
            }
            for d, _, s, copy in rows
        ]
    )
    languages = pd.DataFrame(
        [(d, block, code) for d, code, _, _ in rows for block, code in ((-1, code), (0, "en"))],
        columns=["doc_id", "block", "language"],
    )
    return documents, languages


ROWS = [
    ("a", "da", "Avis", ""),
    ("b", "nb", "Blad", ""),
    ("c", "nn", "", ""),
    ("d", "en", "Avis", ""),
    ("e", "da", "Avis", "a"),
]


def test_bokmaal_and_nynorsk_are_one_group_and_copies_and_other_languages_take_no_part() -> None:
    groups, notes = assign_groups(*corpus(ROWS), "group")
    assert groups.to_dict() == {"a": "da", "b": "no", "c": "no"}
    assert notes == ()


def test_documents_can_be_grouped_by_language_year_or_column() -> None:
    by_language, _ = assign_groups(*corpus(ROWS), "language")
    assert by_language.to_dict() == {"a": "da", "b": "nb", "c": "nn"}
    by_year, _ = assign_groups(*corpus(ROWS), "year")
    assert set(by_year) == {"2024"}
    by_source, notes = assign_groups(*corpus(ROWS), "source")
    assert by_source.to_dict() == {"a": "Avis", "b": "Blad"}
    assert notes == (
        "1 of 3 documents have no source and are not compared; give it in metadata.csv",
    )


def test_an_unknown_column_is_named_with_those_there_are() -> None:
    with pytest.raises(NordtemaError) as error:
        assign_groups(*corpus(ROWS), "colour")
    assert str(error.value) == (
        "--group-by colour: there is no such column; the known ones are: "
        "group, language, year, source, country"
    )


def test_too_many_groups_are_refused_with_their_number() -> None:
    rows = [(f"d{i:02d}", "da", f"Kilde {i}", "") for i in range(13)]
    with pytest.raises(NordtemaError) as error:
        assign_groups(*corpus(rows), "source")
    assert str(error.value) == (
        "--group-by source: gives 13 groups, and at most 12 can be compared; "
        "choose a column with fewer values"
    )
    assert assign_groups(*corpus(rows[:12]), "source")[0].nunique() == 12
