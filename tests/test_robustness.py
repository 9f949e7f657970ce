"""`nordtema robustness`: the run in other ways, and which findings hold in them."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_fixture import empty_tables
from running import (
    Run,
    nordtema,
    read_csv,
    stages_that_ran,
    tables_of,
    the_error,
    times_of,
    times_of_results,
)

from pipeline import robustness
from pipeline.report.tables import list_contrasts, list_robustness, to_csv_bytes
from pipeline.robustness import (
    NOT_COMPARED,
    NOT_FOUND,
    Shared,
    Variant,
    add_shared,
    agree,
    choose_numbers,
    compare_contrasts,
    list_variants,
    match_themes,
    measure_overlaps,
    summarize,
)
from pipeline.schemas import SCHEMAS
from pipeline.settings import NordtemaError, Settings
from pipeline.store import Store

pytestmark = pytest.mark.usefixtures("two_charts")

TOO_FEW = "too few documents to tell"
MORE_DA, MORE_NO = "more in da than in no", "more in no than in da"


# Which other ways there are


def test_the_other_ways_each_change_one_choice():
    settings = Settings()
    variants = list_variants(settings, 8)
    assert [variant.name for variant in variants] == [
        *("seed 1", "seed 2", "seed 3", "themes 6", "themes 10", "vectors lexical"),
        *("min_confidence 0", "keep_clutter", "share_by words"),
    ]
    for variant in variants:
        other = variant.apply(settings).model_dump()
        before = settings.model_dump()
        changed = [
            (section, name)
            for section, values in before.items()
            for name, value in values.items()
            if other[section][name] != value
        ]
        ((section, values),) = variant.values.items()
        assert changed == [(section, name) for name in values], variant.name


def test_what_the_run_already_does_is_no_other_way():
    settings = Settings.model_validate(
        {
            "run": {"seed": 2**32 - 2},
            "read": {"keep_clutter": True},
            "detect": {"min_confidence": 0},
            "vectorize": {"vectors": "model2vec:some"},
            "compare": {"share_by": "words"},
        }
    )
    assert [variant.option for variant in list_variants(settings, 8)] == [
        *("--seed 4294967295", "--seed 0", "--seed 1", "--themes 6", "--themes 10"),
        *("--vectors nordic", "--vectors lexical", 'compare.share_by = "sentences"'),
    ]


@pytest.mark.parametrize(
    ("n_themes", "fewest", "numbers"),
    [
        (8, 2, [6, 10]),
        (3, 2, [2, 5]),  # 1 is not possible
        (2, 2, [4]),  # none is fewer
        (12, 11, [11, 14]),  # a codebook has eleven
        (11, 11, [13]),
    ],
)
def test_two_themes_fewer_and_more_or_the_nearest_that_are_possible(n_themes, fewest, numbers):
    assert choose_numbers(n_themes, fewest) == numbers


# Which theme is which


def place(**themes: str) -> pd.DataFrame:
    """place(t1="ab") has the sentences "a" and "b" of one document in t1; `none` is no theme."""
    rows = [
        ("d", text, "" if theme == "none" else theme)
        for theme, own in themes.items()
        for text in own
    ]
    return pd.DataFrame(rows, columns=["doc_id", "text", "theme_id"])


def overlap(ours: pd.DataFrame, theirs: pd.DataFrame) -> dict[tuple[str, str], float]:
    shared = Shared({}, {}, {})
    add_shared(shared, ours, theirs)
    return measure_overlaps(shared)


def test_the_example_of_the_method():
    # docs/method.md: 2 of 3; 1 of 4; 1 of 4; 2 of 3
    overlaps = overlap(place(t01="abc", t02="def"), place(u1="ab", u2="cd", u3="ef"))
    assert overlaps == {
        ("t01", "u1"): pytest.approx(2 / 3),
        ("t01", "u2"): 0.25,
        ("t02", "u2"): 0.25,
        ("t02", "u3"): pytest.approx(2 / 3),
    }
    found = match_themes(overlaps)
    assert {theme: other for theme, (other, _) in found.items()} == {"t01": "u1", "t02": "u3"}


def test_sentences_that_one_run_alone_has_do_not_count():
    # c is in ours alone, x in theirs: a, b are all of both
    assert overlap(place(t1="abc"), place(u1="abx")) == {("t1", "u1"): 1.0}


def test_sentences_without_a_theme_in_one_run_count_for_the_other():
    # a is in both, b in t1 alone, c in u1 alone: 1 of 3
    ours, theirs = place(t1="ab", none="c"), place(u1="ac", none="b")
    assert overlap(ours, theirs) == {("t1", "u1"): pytest.approx(1 / 3)}


def test_what_a_document_says_twice_is_two_sentences():
    # In their order: the first "a" of the one is the first of the other
    overlaps = overlap(place(t1="a", t2="a"), place(u1="a", u2="a"))
    assert overlaps == {("t1", "u1"): 1.0, ("t2", "u2"): 1.0}


def test_the_likest_pair_is_matched_first_and_each_theme_once():
    found = match_themes({("t1", "u1"): 0.6, ("t2", "u1"): 0.9, ("t1", "u2"): 0.3})
    assert found == {"t2": ("u1", 0.9), "t1": ("u2", 0.3)}


def test_a_theme_that_shares_too_little_is_not_found_again():
    assert match_themes({("t1", "u1"): 0.299}) == {}


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["t1", "t2", "t3"]), st.sampled_from(["u1", "u2", "u3"])),
        st.sampled_from([0.1, 0.3, 0.5, 1.0]),
    )
)
def test_themes_are_matched_one_to_one_whatever_the_order(overlaps):
    found = match_themes(overlaps)
    assert len({other for other, _ in found.values()}) == len(found)
    assert found == match_themes(dict(reversed(overlaps.items())))
    # No pair is left that could be matched
    taken = {other for other, _ in found.values()}
    for (ours, theirs), own in overlaps.items():
        assert own < 0.3 or ours in found or theirs in taken


# What became of the findings


@pytest.mark.parametrize(
    ("verdict", "other", "holds"),
    [
        (f"clear: {MORE_DA}", f"clear: {MORE_DA}", True),
        (f"clear: {MORE_DA}", f"leaning: {MORE_DA}", True),
        (f"leaning: {MORE_DA}", f"clear: {MORE_DA}", True),
        (f"leaning: {MORE_DA}", f"leaning: {MORE_NO}", False),
        (f"leaning: {MORE_DA}", TOO_FEW, False),
        (f"leaning: {MORE_DA}", NOT_FOUND, False),
        (TOO_FEW, TOO_FEW, None),
        (TOO_FEW, f"clear: {MORE_DA}", None),
    ],
)
def test_a_finding_holds_if_it_leans_at_least_to_the_same_side(verdict, other, holds):
    assert agree(verdict, other) is holds


def contrast(*rows: tuple[str, float, str], groups: tuple[str, str] = ("da", "no")) -> pd.DataFrame:
    """theme, difference, verdict; the interval is a tenth to either side."""
    columns = ["theme_id", "group_a", "group_b", "difference", "low", "high", "verdict"]
    return pd.DataFrame(
        [(theme, *groups, d, d - 0.1, d + 0.1, verdict) for theme, d, verdict in rows],
        columns=columns,
    )


OURS = contrast(
    ("t01", 0.2, f"clear: {MORE_DA}"), ("t02", -0.2, f"leaning: {MORE_NO}"), ("t03", 0.0, TOO_FEW)
)


def test_each_contrast_has_a_row_with_its_counterpart():
    others = contrast(("u1", 0.15, f"leaning: {MORE_DA}"), ("u3", 0.3, f"clear: {MORE_DA}"))
    rows = compare_contrasts(OURS, others, {"t01": ("u1", 0.8), "t03": ("u3", 0.5)})
    assert list(rows["matched"]) == [0.8, 0.0, 0.5]
    assert list(rows["verdict"]) == [f"leaning: {MORE_DA}", NOT_FOUND, f"clear: {MORE_DA}"]
    assert list(rows["agrees"]) == [True, False, None]
    assert rows.loc[0, ["difference", "low", "high"]].tolist() == pytest.approx([0.15, 0.05, 0.25])
    assert rows.loc[1, ["difference", "low", "high"]].isna().all()


def test_a_group_that_the_other_way_has_not_got_is_told():
    others = contrast(("u1", 0.15, f"leaning: {MORE_DA}"), groups=("da", "sv"))
    rows = compare_contrasts(OURS, others, {"t01": ("u1", 0.8)})
    assert rows.loc[0, "verdict"] == NOT_COMPARED
    assert rows.loc[0, "matched"] == 0.8
    assert rows.loc[0, "agrees"] is False


WAYS = [
    Variant(name, name, f"--{name}", {})
    for name in ("seed 1", "vectors lexical", "themes 6", "idle")
]


def check(*ways: tuple[str, list[str]], contrasts: pd.DataFrame = OURS) -> pd.DataFrame:
    """The table `robustness`: a way and the verdict of each theme in it."""
    pieces = []
    for name, verdicts in ways:
        piece = contrasts[["theme_id", "group_a", "group_b"]].assign(
            variant=name,
            what=name,
            changed=name != "idle",
            matched=[0.0 if own == NOT_FOUND else 1.0 for own in verdicts],
            difference=0.1,
            low=0.0,
            high=0.2,
            verdict=verdicts,
            of_run="",
        )
        piece["agrees"] = [
            agree(own, other) for own, other in zip(contrasts["verdict"], verdicts, strict=True)
        ]
        pieces.append(piece[list(SCHEMAS["robustness"])])
    return pd.concat(pieces, ignore_index=True)


def test_each_finding_has_a_sentence_that_tells_where_it_fails():
    found = check(
        ("seed 1", [f"clear: {MORE_DA}", f"leaning: {MORE_NO}", TOO_FEW]),
        ("vectors lexical", [f"leaning: {MORE_DA}", TOO_FEW, TOO_FEW]),
        ("themes 6", [f"leaning: {MORE_DA}", NOT_FOUND, f"leaning: {MORE_DA}"]),
        ("idle", [f"clear: {MORE_DA}", f"leaning: {MORE_NO}", TOO_FEW]),
    )
    assert summarize(OURS, found, WAYS) == [
        f"t01: {MORE_DA}: holds in 3 of 3 other ways",
        f"t02: {MORE_NO}: holds in 1 of 3 other ways; not with --vectors lexical; "
        "not found again with --themes 6",
        f"t03: {TOO_FEW}, but leaning: {MORE_DA} with --themes 6",
        "--idle changes nothing in these texts, and is not counted.",
    ]


def test_ways_that_change_nothing_are_told_together():
    found = check(("idle", [TOO_FEW] * 3), ("seed 1", [TOO_FEW] * 3), ("themes 6", [TOO_FEW] * 3))
    found["changed"] = found["variant"] == "themes 6"
    said = summarize(OURS, found, WAYS)
    assert said[-1] == "--idle, --seed 1 change nothing in these texts, and are not counted."
    assert said[0] == f"t01: {MORE_DA}: holds in 0 of 1 other ways; not with --themes 6"


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [([TOO_FEW, TOO_FEW], "none finds any"), ([f"leaning: {MORE_DA}", TOO_FEW], "1 finds any")],
)
def test_without_a_finding_there_is_none_to_check(verdicts, said):
    ours = contrast(("t01", 0.2, TOO_FEW), ("t02", -0.2, TOO_FEW))
    found = check(("seed 1", verdicts), ("themes 6", [TOO_FEW, TOO_FEW]), contrasts=ours)
    assert summarize(ours, found, WAYS)[0] == (
        "For all themes there are too few documents to tell, so that there is no finding to check. "
        f"Of 2 other ways to do the run, {said}."
    )


# In the report


def fill(contrasts: pd.DataFrame) -> pd.DataFrame:
    """With the columns that these tests don't look at."""
    absent = {
        name: "" if kind == "string" else 1
        for name, kind in SCHEMAS["contrasts"].items()
        if name not in contrasts
    }
    return contrasts.assign(**absent)[list(SCHEMAS["contrasts"])]


def test_the_report_says_how_often_each_finding_holds():
    ours = fill(OURS)
    found = check(
        ("seed 1", [f"clear: {MORE_DA}", f"leaning: {MORE_NO}", TOO_FEW]),
        ("themes 6", [f"leaning: {MORE_DA}", NOT_FOUND, TOO_FEW]),
        ("idle", [f"clear: {MORE_DA}", f"leaning: {MORE_NO}", TOO_FEW]),
        contrasts=ours,
    )
    tables = replace(empty_tables(), contrasts=ours, robustness=found)
    assert list(list_contrasts(tables)["survives"]) == ["2 of 2", "1 of 2", ""]
    rows = to_csv_bytes(list_robustness(tables)).decode().splitlines()
    assert rows[0] == (
        "variant,what,changed,theme_id,matched,group_a,group_b,difference,low,high,verdict,agrees"
    )
    assert rows[1].endswith(f",clear: {MORE_DA},true")
    assert rows[3].endswith(f",{TOO_FEW},")


def test_where_nothing_was_checked_nothing_is_said_to_survive():
    ours = fill(OURS)
    assert set(list_contrasts(replace(empty_tables(), contrasts=ours))["survives"]) == {""}


# From the command line


@pytest.fixture(scope="module")
def checked(finished, tmp_path_factory) -> Run:
    """A run that has been checked. What changes it works on a copy."""
    run = finished.copy(tmp_path_factory.mktemp("checked"))
    result = run.again(command="robustness")
    assert result.code == 0, result.err
    return run


def names_of_parts(run: Run) -> list[str]:
    store = Store(run.out)
    return [store.read("robustness", part)["variant"].iloc[0] for part in store.parts("robustness")]


def test_a_check_asks_each_contrast_in_each_way_and_leaves_the_run_alone(checked, finished):
    contrasts = read_csv(checked.out, "contrasts.csv")
    rows = read_csv(checked.out, "robustness.csv")
    names = names_of_parts(checked)
    assert len(names) == len(set(names)) == len(list_variants(Settings(), 4))
    assert len(rows) == len(contrasts) * len(names)
    assert all(0 <= float(row["matched"]) <= 1 for row in rows)
    # Shares by words are of the same themes
    assert {row["matched"] for row in rows if row["variant"] == "share_by words"} == {"1.0000"}
    left = tables_of(checked.out / "work")
    before = tables_of(finished.out / "work")
    assert {path for path in left if path not in before} == {
        f"robustness/part-{part:05d}.parquet" for part in range(len(names))
    }
    assert {path: left[path] for path in before} == before


def test_a_second_check_does_nothing_and_says_so(checked, tmp_path):
    run = checked.copy(tmp_path)
    before = times_of_results(run.out / "work")
    result = run.again(command="robustness")
    assert stages_that_ran(result) == []
    assert result.out.startswith("Nothing to do: everything is up to date.\n")
    assert times_of_results(run.out / "work") == before
    # A run of its own finds its report up to date as well
    assert stages_that_ran(run.again()) == []


def test_an_interrupted_check_goes_on_where_it_stopped(run, checked, monkeypatch):
    asked: list[str] = []
    do, every = robustness._run_variant, list_variants
    monkeypatch.setattr(robustness, "list_variants", lambda *given: every(*given)[:3])

    def interrupted(task, variant, *others):
        asked.append(variant.name)
        if len(asked) == 3:
            (run.out / "work" / "scratch" / "variant-02" / "work").mkdir()
            raise KeyboardInterrupt
        return do(task, variant, *others)

    monkeypatch.setattr(robustness, "_run_variant", interrupted)
    assert run.again(command="robustness").code == 130
    assert not (run.out / "work" / "scratch").exists()
    assert names_of_parts(run) == asked[:2]
    assert run.again(command="robustness").code == 0
    assert asked == ["seed 1", "seed 2", "seed 3", "seed 3"]
    done, without_a_break = (tables_of(one.out / "work" / "robustness") for one in (run, checked))
    assert list(done) == [f"part-{part:05d}.parquet" for part in range(3)]
    assert done == {path: without_a_break[path] for path in done}


def test_what_was_found_of_other_contrasts_is_left_out_of_the_report(checked, tmp_path):
    run = checked.copy(tmp_path)
    assert (run.out / "report" / "robustness.csv").exists()
    assert run.again("--group-by", "language").code == 0
    assert not (run.out / "report" / "robustness.csv").exists()
    assert {row["survives"] for row in read_csv(run.out, "contrasts.csv")} == {""}


def test_a_way_that_cannot_be_done_is_told_and_the_others_are_done(run, monkeypatch):
    def list_two(*_: object) -> list[Variant]:
        return [
            Variant("seed 2", "another seed", "--seed 2", {"run": {"seed": 2}}),
            Variant("share_by words", "by words", "words", {"compare": {"share_by": "words"}}),
        ]

    do = robustness._run_variant

    def without_seeds(task, variant, *others):
        if variant.name == "seed 2":
            raise NordtemaError("no such thing; do another")
        return do(task, variant, *others)

    monkeypatch.setattr(robustness, "list_variants", list_two)
    monkeypatch.setattr(robustness, "_run_variant", without_seeds)
    result = run.again(command="robustness")
    assert result.code == 0
    assert "note: --seed 2: can't be compared: no such thing; do another" in result.err
    assert names_of_parts(run) == ["share_by words"]


def test_texts_of_one_group_have_no_finding_to_check(corpus, config, tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    for path in corpus.glob("bruk*.txt"):
        shutil.copy(path, raw)
    run = Run(raw, tmp_path / "out", config)
    result = run.again(command="robustness")
    assert result.code == 0, result.err
    assert result.out == "There are no two groups to compare, so there is no finding to check.\n"
    assert not (run.out / "report" / "robustness.csv").exists()


def test_a_dry_run_names_the_other_ways_and_writes_nothing(run):
    before = times_of(run.out)
    result = run.again("--dry-run", command="robustness")
    assert result.code == 0
    assert "compare    up to date" in result.out
    assert "vectors lexical other sentence vectors (--vectors lexical)" in result.out
    assert times_of(run.out) == before


def test_a_folder_without_texts_is_told(tmp_path):
    result = nordtema("robustness", tmp_path / "nothing", "--out", tmp_path / "out")
    assert "no such folder; name the folder that holds your texts" in the_error(result)


def test_tables_are_copied_where_there_are_no_links(finished, tmp_path, monkeypatch):
    def refuse(source: str, target: str) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    robustness.copy_tables(Store(finished.out), tmp_path)
    copied = tables_of(tmp_path)
    assert copied == {
        path: said for path, said in tables_of(finished.out).items() if path.startswith("work/")
    }
    assert Path(tmp_path / "work" / "manifest" / "compare").is_dir()
    assert not (tmp_path / "work" / "manifest" / "report").exists()
