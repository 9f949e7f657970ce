"""What else the groups differ in: told with its values, wholly or partly, and nothing made up."""

from __future__ import annotations

import json
from collections import Counter
from math import sqrt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from pipeline.compare.confounds import find_confounds, measure_association
from pipeline.schemas import SCHEMAS

FACTS = ("language", "country", "source", "author", "published")
LENGTHS = {"n_sentences": 30, "n_words": 400}


def find(group_by: str = "group", **groups: list[dict[str, object]]) -> pd.DataFrame:
    """`groups` are each group's documents: facts ("" if not said), lengths, further columns."""
    rows, own = {}, {}
    for group, documents in groups.items():
        for number, said in enumerate(documents):
            more = {k: v for k, v in said.items() if k not in (*FACTS, *LENGTHS)}
            known = dict.fromkeys(FACTS, "") | LENGTHS | said
            rows[f"{group}{number}"] = {**known, "more": json.dumps(more)}
            own[f"{group}{number}"] = group
    columns = [*FACTS, *LENGTHS, "more"]
    documents = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return find_confounds(documents, pd.Series(own, dtype=object), group_by)


def tell(found: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """column -> extent, detail"""
    assert found["column"].is_unique
    told = found[["column", "extent", "detail"]].itertuples(index=False, name=None)
    return {column: (extent, detail) for column, extent, detail in told}


def of(column: str, *values: str) -> list[dict[str, object]]:
    return [{column: value} for value in values]


# Columns of values


def test_no_shared_value_is_wholly():
    found = find(da=of("source", *["altinget.dk"] * 3), no=of("source", *["digi.no"] * 2))
    assert found.to_dict("records") == [
        {
            "group_a": "da", "group_b": "no", "column": "source", "extent": "wholly",
            "detail": "all 3 da documents are from altinget.dk, all 2 no documents from digi.no",
        }
    ]  # fmt: skip


def test_the_same_value_everywhere_is_no_difference():
    assert find(da=of("source", "A", "A"), no=of("source", "A", "A", "A")).empty


@pytest.mark.parametrize(
    ("column", "clause"),
    [
        ("country", "all 2 da documents are from X, all 2 no documents from Y"),
        ("author", "all 2 da documents are by X, all 2 no documents by Y"),
        ("type", "all 2 da documents have type X, all 2 no documents type Y"),
    ],
)
def test_each_column_has_its_own_words(column, clause):
    assert tell(find(da=of(column, "X", "X"), no=of(column, "Y", "Y"))) == {
        column: ("wholly", clause)
    }


def test_a_single_document_is_one():
    assert tell(find(da=of("source", "A"), no=of("source", "B", "B")))["source"] == (
        "wholly", "the one da document is from A, all 2 no documents from B",
    )  # fmt: skip


def test_several_values_are_listed_with_their_numbers_the_most_frequent_first():
    da = of("source", "B", "A", "A", "C", "D", "E", "A", "B")
    assert tell(find(da=da, no=of("source", "X", "Y")))["source"] == (
        "wholly",
        "the 8 da documents are from A (3), B (2), C (1) and 2 others; "
        "the 2 no documents from X and Y",
    )


def test_an_unknown_value_is_told_and_equal_to_none():
    # The unknown ones of both sides are no shared value: A and B are all that is known
    found = find(da=of("source", "A", "", ""), no=of("source", "B", "B", ""))
    assert tell(found)["source"] == (
        "wholly",
        "the da documents are from A (unknown for 2 of 3); "
        "the no documents from B (unknown for 1 of 3)",
    )


def test_nothing_is_said_of_a_column_that_one_side_does_not_know():
    assert find(da=of("source", "A", "A"), no=of("source", "", "")).empty


def test_strong_association_is_partly():
    # A: 5 and 1, B: 1 and 5; each value 6 of 12, expected 3: χ² = 4 · 2²/3 = 16/3, φ² = 4/9,
    # corrected 4/9 − 1/11 = .3535; k and r 2 − 1/11; V = √(.3535/(10/11)) = .624
    found = find(da=of("source", *"AAAAAB"), no=of("source", *"ABBBBB"))
    assert tell(found)["source"] == (
        "partly",
        "the 6 da documents are from A (5) and B (1); the 6 no documents from B (5) and A (1)",
    )


def test_weak_association_is_nothing():
    # 4 and 2 against 2 and 4: φ² = 4 · (1/3)/12 = 1/9; V = √((1/9 − 1/11)/(10/11)) = .149
    assert find(da=of("source", *"AAAABB"), no=of("source", *"AABBBB")).empty


def test_association_worked_by_hand():
    assert measure_association(Counter("AAAAAB"), Counter("ABBBBB")) == pytest.approx(
        sqrt((4 / 9 - 1 / 11) / (10 / 11))
    )
    assert measure_association(Counter("AAAABB"), Counter("AABBBB")) == pytest.approx(
        sqrt((1 / 9 - 1 / 11) / (10 / 11))
    )
    # No shared value: φ² = 1, and (1 − 1/11)/(10/11) = 1
    assert measure_association(Counter("AAAAAA"), Counter("BBBBBB")) == pytest.approx(1)
    assert measure_association(Counter("A"), Counter("A")) == 0
    assert measure_association(Counter("AB"), Counter()) == 0
    # Each document has its own: as many values as documents
    assert measure_association(Counter("AB"), Counter("CD")) == 0


values = st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=30).map(Counter)


@given(values, values)
def test_association_is_that_of_the_chi_squared_test_less_its_bias(first, second):
    names = sorted(first | second)
    n, k = first.total() + second.total(), len(names)
    found = measure_association(first, second)
    assert 0 <= found <= 1
    assert found == pytest.approx(measure_association(second, first), abs=1e-6)
    if 1 < k < n:
        table = [[side[name] for name in names] for side in (first, second)]
        phi = chi2_contingency(table, correction=False).statistic / n
        corrected = max(0, phi - (k - 1) / (n - 1))
        least = min(k - (k - 1) ** 2 / (n - 1), 2 - 1 / (n - 1)) - 1
        assert found == pytest.approx(min(1, sqrt(corrected / least)), abs=1e-6)


# What the groups are made by


DANISH = {"language": "da", "country": "DK", "source": "A", "published": "2021-01-01", "type": "x"}
NORWEGIAN = {"language": "nb", "country": "NO", "source": "B", "published": "2022-01-01",
             "type": "y"}  # fmt: skip
DIFFER = ["language", "country", "source", "published", "type"]


@pytest.mark.parametrize(
    ("group_by", "itself"),
    [("group", "language"), ("language", "language"), ("country", "country"), ("type", "type"),
     ("source", "source"), ("year", "published")],
)  # fmt: skip
def test_what_the_groups_are_made_by_is_not_told(group_by, itself):
    found = find(group_by, da=[DANISH] * 2, no=[NORWEGIAN] * 2)
    assert list(found["column"]) == [name for name in DIFFER if name != itself]
    assert set(found["extent"]) == {"wholly"}


def test_language_is_as_written():
    a, b = [{"language": "nb"}] * 2, [{"language": "nn"}] * 2
    found = find("source", Avis=a, Blad=b)
    assert tell(found)["language"] == (
        "wholly", "all 2 «Avis» documents are in nb, all 2 «Blad» documents in nn",
    )  # fmt: skip


# Further columns


def test_a_column_that_is_different_for_each_document_is_no_kind_of_text():
    assert find(da=of("note", "1", "2", "3"), no=of("note", "4", "5")).empty


def test_authors_who_wrote_one_text_each_are_no_difference_between_groups():
    # No two groups could share one, however the documents were dealt out
    assert find(da=of("author", "A", "B", ""), no=of("author", "C", "D", "")).empty
    found = find(da=of("author", "A", "A", ""), no=of("author", "C", "D", ""))
    assert list(found["column"]) == ["author"]


def test_a_column_of_many_values_is_no_kind_of_text():
    # 12 values may be kinds, 13 are not
    def numbered(count: int) -> list[dict[str, object]]:
        return of("tag", *(f"t{number % count}" for number in range(2 * count)))

    assert list(find(da=numbered(11), no=of("tag", "x", "x"))["column"]) == ["tag"]
    assert find(da=numbered(12), no=of("tag", "x", "x")).empty


# Days


def test_spans_that_do_not_meet_are_wholly():
    found = find(
        da=of("published", "2022-03-01", "2021-11-04", "2022-12-31"),
        no=of("published", "2023-01-01"),
    )
    assert tell(found)["published"] == (
        "wholly",
        "all 3 da documents are of 2021-11-04 to 2022-12-31, the one no document of 2023-01-01",
    )


def test_spans_that_meet_on_a_day_are_not():
    da = of("published", "2022-01-01", "2022-06-01")
    assert find(da=da, no=of("published", "2022-06-01", "2022-09-01")).empty


def test_spans_that_meet_and_mostly_lie_in_other_years_are_partly():
    # The years are the A and B of `test_strong_association_is_partly`; the days of 2021 and 2022
    # interleave
    da = of("published", *(f"2021-0{month}-01" for month in range(1, 6)), "2022-05-01")
    no = of("published", *(f"2022-0{month}-01" for month in range(1, 6)), "2021-02-01")
    assert tell(find(da=da, no=no))["published"] == (
        "partly",
        "the 6 da documents are of 2021 (5) and 2022 (1); "
        "the 6 no documents of 2022 (5) and 2021 (1)",
    )


def test_unknown_days_are_told():
    found = find(da=of("published", "2021-01-01", ""), no=of("published", "2022-01-01"))
    assert tell(found)["published"] == (
        "wholly",
        "the da documents are of 2021-01-01 (unknown for 1 of 2); "
        "the one no document of 2022-01-01",
    )


# Length


def test_a_median_more_than_twice_the_other_is_partly():
    # Medians 20 and 41 sentences; 300 and 600 words are just twice as many
    da = [{"n_sentences": n, "n_words": 300} for n in (20, 10, 90)]
    no = [{"n_sentences": n, "n_words": 600} for n in (40, 42)]
    assert tell(find(da=da, no=no)) == {
        "length": (
            "partly",
            "half the da documents have 20 sentences and 300 words or more, "
            "half the no documents 41 and 600",
        )
    }


def test_a_median_just_twice_the_other_is_nothing():
    assert find(da=[{"n_sentences": 20}], no=[{"n_sentences": 40}]).empty


def test_words_alone_can_differ():
    assert list(find(da=[{"n_words": 100}], no=[{"n_words": 201}])["column"]) == ["length"]


# Groups


def test_several_groups_are_told_in_pairs():
    found = find("party", S=of("source", "A", "A"), V=of("source", "B"), K=of("source", "A"))
    assert list(found[["group_a", "group_b", "column"]].itertuples(index=False, name=None)) == [
        ("K", "V", "source"), ("S", "V", "source"),
    ]  # fmt: skip


@pytest.mark.parametrize("groups", [{}, {"da": of("source", "A", "B")}])
def test_less_than_two_groups_have_no_differences(groups):
    found = find(**groups)
    assert found.empty
    assert list(found.columns) == list(SCHEMAS["confounds"])


def test_documents_of_no_group_take_no_part():
    documents = pd.DataFrame(
        [("x", "A"), ("y", "A"), ("z", "B")], columns=["doc_id", "source"]
    ).set_index("doc_id")
    documents = documents.assign(
        language="", country="", author="", published="", more="{}", **LENGTHS
    )
    assert find_confounds(documents, pd.Series({"x": "da", "y": "no"})).empty
    assert len(find_confounds(documents, pd.Series({"x": "da", "z": "no"}))) == 1


cell = st.sampled_from(["", "A", "B", "C"])
document = st.fixed_dictionaries(
    {
        "source": cell,
        "type": cell,
        "published": st.sampled_from(["", "2021-01-01", "2021-06-01", "2022-01-01"]),
        "n_words": st.integers(1, 1000),
    }
)


@given(st.lists(document, max_size=8), st.lists(document, max_size=8))
def test_the_table_has_its_schema_and_no_empty_cell_whatever_is_known(da, no):
    found = find(da=da, no=no)
    assert list(found.columns) == list(SCHEMAS["confounds"])
    assert set(found["extent"]) <= {"wholly", "partly"}
    assert all(isinstance(cell, str) and cell for cell in found.to_numpy().ravel())
    told = tell(found)
    shared = {d["source"] for d in da} & {d["source"] for d in no} - {""}
    if told.get("source", ("",))[0] == "wholly":
        assert not shared
