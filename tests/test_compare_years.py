"""compare: shares by year."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compare import years
from pipeline.compare.contrasts import compare_groups
from pipeline.compare.years import share_by_year
from pipeline.schemas import SCHEMAS
from tests.comparing import arrange_documents

# (sentences in the theme, others) of each document, its group and its date
DOCUMENTS = {
    "a": ((3, 7), "da", "2019-05-01"),
    "b": ((1, 3), "da", "2021-01-31"),
    "c": ((9, 11), "da", "2021-12-01"),
    "d": ((0, 10), "no", "2021-03-04"),
    "e": ((5, 5), "no", ""),
}
GIVE = "give `published` in metadata.csv"


def find(documents: dict[str, tuple[tuple[int, int], str, str]] = DOCUMENTS) -> years.Years:
    counts = arrange_documents(
        {doc_id: {"t1": n, "": others} for doc_id, ((n, others), _, _) in documents.items()},
        {doc_id: group for doc_id, (_, group, _) in documents.items()},
        ("t1",),
    )
    published = {doc_id: date for doc_id, (_, _, date) in documents.items()}
    return share_by_year(counts, pd.Series(published, dtype=object))


def dated(*dates: str) -> dict[str, tuple[tuple[int, int], str, str]]:
    return {f"d{number:03d}": ((1, 4), "da", date) for number, date in enumerate(dates)}


def test_a_share_is_the_mean_of_a_groups_documents_of_a_year() -> None:
    table = find().table
    theme = table[table["theme_id"] == "t1"]
    # 3 of 10; 1 of 4 and 9 of 20, (.25 + .45) / 2; 0 of 10; nothing Norwegian in 2019, nor in 2020
    assert list(zip(theme["group"], theme["year"], theme["n_documents"], strict=True)) == [
        ("da", 2019, 1),
        ("da", 2021, 2),
        ("no", 2021, 1),
    ]
    assert theme["share"].tolist() == pytest.approx([0.30, 0.35, 0.0])
    assert table[table["theme_id"] == ""]["share"].tolist() == pytest.approx([0.70, 0.65, 1.0])


def test_the_table_has_the_columns_of_its_schema() -> None:
    assert list(find().table.columns) == list(SCHEMAS["years"])
    assert list(find(dated("2020-01-01")).table.columns) == list(SCHEMAS["years"])


def test_intervals_are_those_of_as_many_groups() -> None:
    """A group's year is to the model what a group is: their correlations are tied."""
    known = {doc_id: own for doc_id, own in DOCUMENTS.items() if own[2]}
    counts = arrange_documents(
        {doc_id: {"t1": n, "": others} for doc_id, ((n, others), _, _) in known.items()},
        {doc_id: f"{group} {date[:4]}" for doc_id, (_, group, date) in known.items()},
        ("t1",),
    )
    emphasis = compare_groups(counts, permutations=100, seed=0).emphasis
    expected = emphasis[emphasis["theme_id"] == "t1"]
    table = find().table
    found = table[table["theme_id"] == "t1"]
    bounds = ["low", "high"]
    np.testing.assert_allclose(found[bounds], expected[bounds], atol=1e-6)


@pytest.mark.parametrize(
    ("dates", "note"),
    [
        (
            ("2020-01-01", "2021-01-01", ""),
            f"1 of 3 documents has no date and is not in the shares by year; {GIVE}",
        ),
        (
            ("2020-01-01", "2021-01-01", "", ""),
            f"2 of 4 documents have no date and are not in the shares by year; {GIVE}",
        ),
        (
            ("2020-01-01", "2020-09-01", "", ""),
            "2 of 4 documents have no date and all others are of 2020: there are no shares by "
            f"year; {GIVE}",
        ),
    ],
)
def test_documents_without_a_date_are_counted_in_a_note(dates: tuple[str, ...], note: str) -> None:
    assert find(dated(*dates)).notes == (note,)


@pytest.mark.parametrize("dates", [("", ""), ("2020-01-01", "2020-12-31")])
def test_without_two_years_there_are_no_rows(dates: tuple[str, ...]) -> None:
    found = find(dated(*dates))
    assert len(found.table) == 0
    assert found.notes == ()


def test_no_documents_give_no_rows() -> None:
    assert len(find({}).table) == 0


def test_more_years_than_can_be_shown_are_decades() -> None:
    within = find(dated(*(f"{year}-06-01" for year in range(1950, 1950 + years.MOST_YEARS))))
    assert within.table["year"].nunique() == years.MOST_YEARS
    beyond = find(dated(*(f"{year}-06-01" for year in range(1949, 2010))))
    own = beyond.table[beyond.table["theme_id"] == "t1"]
    assert own["year"].tolist() == [1940, 1950, 1960, 1970, 1980, 1990, 2000]
    assert own["n_documents"].tolist() == [1, 10, 10, 10, 10, 10, 10]
    assert beyond.notes == (
        "the documents are of 61 years, more than 60: shares over time are by decade, and `year` "
        "is the first of it",
    )


def test_with_too_many_themes_only_the_largest_have_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two years of one group are two rows a theme: room for two themes and none
    monkeypatch.setattr(years, "MOST_ROWS", 6)
    sentences = {"a": {"t1": 5, "t2": 1, "t3": 4, "": 2}, "b": {"t1": 5, "t2": 2, "t3": 4}}
    counts = arrange_documents(sentences, {"a": "da", "b": "da"}, ("t1", "t2", "t3"))
    found = share_by_year(counts, pd.Series({"a": "2019-01-01", "b": "2020-01-01"}))
    assert list(dict.fromkeys(found.table["theme_id"])) == ["t1", "t3", ""]
    assert found.notes == ("shares by year are of the 2 largest of 3 themes, to save time",)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(any),
            st.sampled_from(["da", "no"]),
            st.sampled_from(["", "2018-01-01", "2020-02-02", "2021-03-03"]),
        ),
        max_size=8,
    )
)
def test_a_share_lies_within_its_interval(
    documents: list[tuple[tuple[int, int], str, str]],
) -> None:
    table = find({f"d{number}": own for number, own in enumerate(documents)}).table
    assert not table.isna().any(axis=None)
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()
    assert ((table["low"] >= 0) & (table["high"] <= 1)).all()
    # A group's documents of a year have sentences in the theme, or in none
    assert table.groupby(["group", "year"])["share"].sum().to_numpy() == pytest.approx(1.0)
