"""Which documents are compared in which group, by any column that is known of them."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from running import stages_that_ran

from pipeline.compare.groups import assign_groups, unpack_more
from pipeline.settings import NordtemaError, UsageError
from pipeline.store import Store

KNOWN = ("source", "country", "author", "published")


def corpus(*rows: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Documents d0, d1 …: language (da if not said), duplicate_of, facts, and further columns."""
    documents, languages = [], []
    for number, row in enumerate(rows):
        own = ("language", "duplicate_of", *KNOWN)
        more = {name: value for name, value in row.items() if name not in own}
        facts = {name: row.get(name, "") for name in (*KNOWN, "duplicate_of")}
        documents.append({"doc_id": f"d{number}", **facts, "more": json.dumps(more)})
        # A block's language says nothing of the document's
        languages += [(f"d{number}", -1, row.get("language", "da")), (f"d{number}", 0, "en")]
    return (
        pd.DataFrame(documents, columns=["doc_id", *KNOWN, "duplicate_of", "more"]),
        pd.DataFrame(languages, columns=["doc_id", "block", "language"]),
    )


def group(group_by: str, *rows: dict[str, str]) -> dict[str, str]:
    return dict(assign_groups(*corpus(*rows), group_by)[0])


def test_bokmaal_and_nynorsk_are_one_group_and_copies_and_other_languages_take_no_part():
    rows = [{"language": code} for code in ("da", "nb", "nn", "sv", "und")]
    copy = {"language": "da", "duplicate_of": "d0"}
    assert group("group", *rows, copy) == {"d0": "da", "d1": "no", "d2": "no"}


def test_language_means_as_written():
    rows = [{"language": code} for code in ("da", "nb", "nn", "en")]
    assert group("language", *rows) == {"d0": "da", "d1": "nb", "d2": "nn"}


@pytest.mark.parametrize("column", ["source", "country", "author", "party", "type av tekst"])
def test_documents_are_grouped_by_a_fact_or_any_further_column(column):
    assert group(column, {column: "S"}, {column: "V"}, {column: "S"}) == {
        "d0": "S", "d1": "V", "d2": "S",
    }  # fmt: skip


def test_the_year_is_that_of_the_day():
    rows = [{"published": "2022-12-31"}, {"published": "2023-01-01"}]
    assert group("year", *rows) == {"d0": "2022", "d1": "2023"}


def test_a_further_column_may_be_called_as_a_column_of_the_table():
    # `duplicate_of` of the documents is empty, that of metadata.csv is not
    documents, languages = corpus({}, {})
    documents["more"] = ['{"duplicate_of": "x"}', '{"duplicate_of": "y"}']
    assert dict(assign_groups(documents, languages, "duplicate_of")[0]) == {"d0": "x", "d1": "y"}


def test_documents_without_a_value_are_left_out_and_counted():
    groups, notes = assign_groups(*corpus({"party": "S"}, {}, {"source": "Avis"}), "party")
    assert dict(groups) == {"d0": "S"}
    assert notes == (
        "2 of 3 documents have no party and are not compared; give it in metadata.csv",
    )


def test_an_unknown_column_is_told_with_those_that_these_documents_have():
    with pytest.raises(UsageError) as error:
        assign_groups(*corpus({"source": "Avis", "type": "x"}, {"party": "S"}), "colour")
    assert str(error.value) == (
        "--group-by colour: there is no such column; the known ones are: "
        "group, language, source, party, type"
    )


def test_a_column_that_only_documents_out_of_the_comparison_have_is_unknown():
    rows = [{"language": "en", "party": "S"}, {"duplicate_of": "d2", "party": "V"}, {}]
    with pytest.raises(UsageError, match=r"known ones are: group, language$"):
        assign_groups(*corpus(*rows), "party")


def test_no_document_at_all_gives_no_group():
    groups, notes = assign_groups(*corpus(), "group")
    assert len(groups) == 0
    assert notes == ()


def test_too_many_groups_are_refused_with_their_number():
    rows = [{"party": f"Parti {number}"} for number in range(13)]
    with pytest.raises(NordtemaError) as error:
        assign_groups(*corpus(*rows), "party")
    assert str(error.value) == (
        "--group-by party: gives 13 groups, and at most 12 can be compared; "
        "choose a column with fewer values"
    )
    assert len(set(group("party", *rows[:12]).values())) == 12


def test_further_columns_stand_by_name_and_are_empty_where_nothing_is_said():
    documents, _ = corpus({"type": "x"}, {}, {"party": "S"})
    assert unpack_more(documents).to_dict("list") == {"party": ["", "", "S"], "type": ["x", "", ""]}
    assert list(unpack_more(documents.iloc[:0]).columns) == []


def test_a_further_column_groups_a_run_and_its_change_makes_no_vector_or_theme_again(run):
    path = run.raw / "metadata.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    kinds = ["nyhet", "debat"] * len(rows)
    rows = [f"{row},{kind}" for row, kind in zip(rows, kinds, strict=False)]
    path.write_text("\n".join([f"{header},Type", *rows, ""]), encoding="utf-8")
    ran = stages_that_ran(run.again("--group-by", "TYPE", "--until", "compare"))
    assert {"read", "compare"} <= set(ran)
    assert not {"vectorize", "cluster"} & set(ran)
    assert set(Store(run.out).read_all("shares")["group"]) == {"nyhet", "debat"}
    unknown = run.again("--group-by", "mood", "--until", "compare")
    assert unknown.code == 2
    assert unknown.err.splitlines()[-1] == (
        "nordtema: --group-by mood: there is no such column; the known ones are: "
        "group, language, year, source, country, author, type"
    )
