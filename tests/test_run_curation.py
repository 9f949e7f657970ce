"""A run with a reader's decisions, from the command line."""

from __future__ import annotations

import csv
import json
import tomllib
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from running import Run, nordtema, stages_that_ran, the_error

from pipeline.cluster.curate import apply_decisions, list_decisions, list_labels, list_themes
from pipeline.cluster.curation import Decisions

pytestmark = pytest.mark.usefixtures("two_charts")


def rows(run: Run, name: str) -> list[dict[str, str]]:
    with (run.out / "report" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sentences_of(run: Run, theme_id: str) -> list[str]:
    """The ids of a theme's sentences, the strongest first."""
    own = [row for row in rows(run, "sentences.csv") if row["theme_id"] == theme_id]
    return [row["sentence_id"] for row in sorted(own, key=lambda row: -float(row["strength"]))]


def write(path: Path, *blocks: str) -> Path:
    path.write_text("\n\n".join(blocks), encoding="utf-8")
    return path


def name(*sentence_ids: str) -> str:
    return json.dumps(list(sentence_ids), ensure_ascii=False)


# From the command line


def test_the_file_to_begin_from_changes_nothing(run: Run, tmp_path: Path) -> None:
    before = rows(run, "sentences.csv")
    path = tmp_path / "mine.toml"
    written = nordtema("curate", path, "--out", run.out)
    assert written.code == 0
    assert written.out == f"Wrote {path}. Edit it, and run: nordtema run --curation {path}\n"
    assert tomllib.loads(path.read_text(encoding="utf-8")) == {}
    assert stages_that_ran(run.again("--curation", path)) == ["cluster"]
    assert rows(run, "sentences.csv") == before


def test_a_file_that_is_there_is_not_written_over(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "mine.toml", "# mine")
    result = nordtema("curate", path, "--out", run.out)
    assert the_error(result).endswith(
        "is there already, and may hold decisions; name another file, or move it away"
    )
    assert path.read_text(encoding="utf-8") == "# mine"


def test_without_a_run_there_is_nothing_to_begin_from(tmp_path: Path) -> None:
    result = nordtema("curate", tmp_path / "mine.toml", "--out", tmp_path / "nothing")
    assert result.code == 1
    assert the_error(result).endswith("there is no run here; name its folder with --out")


def test_a_run_with_decisions_is_none_to_begin_from(run: Run, tmp_path: Path) -> None:
    theme = sentences_of(run, "t01")[:3]
    path = write(tmp_path / "mine.toml", f"[[remove]]\nsentences = {name(*theme)}")
    assert run.again("--curation", path).code == 0
    result = nordtema("curate", tmp_path / "new.toml", "--out", run.out)
    assert "this run has decisions applied" in the_error(result)
    assert not (tmp_path / "new.toml").exists()


def test_to_remove_all_themes_is_refused(run: Run, tmp_path: Path) -> None:
    themes = {row["theme_id"] for row in rows(run, "sentences.csv")} - {""}
    blocks = [f"[[remove]]\nsentences = {name(*sentences_of(run, t)[:3])}" for t in themes]
    path = write(tmp_path / "mine.toml", *blocks)
    assert the_error(run.again("--curation", path)) == (
        f"nordtema: {path}: removes all themes; keep one, to have something to compare"
    )


def test_themes_are_renamed_merged_and_removed(run: Run, tmp_path: Path) -> None:
    themes = Counter(row["theme_id"] for row in rows(run, "sentences.csv"))
    first, second, third, fourth = sorted(theme for theme in themes if theme)[:4]
    path = write(
        tmp_path / "mine.toml",
        "[[rename]]\nlabel_da = 'Mit tema'\nlabel_no = 'Mitt tema'\n"
        f"sentences = {name(*sentences_of(run, first)[:3])}",
        f"[[merge]]\n[[merge.themes]]\nsentences = {name(*sentences_of(run, second)[:3])}\n"
        f"[[merge.themes]]\nsentences = {name(*sentences_of(run, third)[:3])}",
        f"[[remove]]\nsentences = {name(*sentences_of(run, fourth)[:3])}",
    )
    assert stages_that_ran(run.again("--curation", path)) == ["cluster", "compare", "report"]
    labels = {row["theme_id"]: (row["label_da"], row["label_no"])
              for row in rows(run, "themes.csv")}  # fmt: skip
    assert labels[first] == ("Mit tema", "Mitt tema")
    assert {third, fourth}.isdisjoint(labels)
    now = Counter(row["theme_id"] for row in rows(run, "sentences.csv"))
    assert now[second] == themes[second] + themes[third]
    assert now[""] == themes[""] + themes[fourth]
    # Without the file all is as before
    run.again()
    assert Counter(row["theme_id"] for row in rows(run, "sentences.csv")) == themes


def test_a_theme_is_split_by_sentences_of_its_parts(run: Run, tmp_path: Path) -> None:
    theme = Counter(row["theme_id"] for row in rows(run, "sentences.csv")).most_common(1)[0][0]
    ids = sentences_of(run, theme)
    one, other = ids[0], ids[-1]
    path = write(
        tmp_path / "mine.toml",
        f"[[split]]\nsentences = {name(*ids)}\n"
        f"[[split.into]]\nlabel_da = 'A'\nlabel_no = 'A'\nsentences = {name(one)}\n"
        f"[[split.into]]\nlabel_da = 'B'\nlabel_no = 'B'\nsentences = {name(other)}",
    )
    assert run.again("--curation", path).code == 0
    theme_of = {row["sentence_id"]: row["theme_id"] for row in rows(run, "sentences.csv")}
    assert (theme_of[one], theme_of[other]) == (f"{theme}a", f"{theme}b")
    assert {theme_of[sentence_id] for sentence_id in ids} == {f"{theme}a", f"{theme}b"}


def test_one_label_for_two_themes_is_told(run: Run, tmp_path: Path) -> None:
    themes = sorted({row["theme_id"] for row in rows(run, "sentences.csv")} - {""})
    blocks = [
        f"[[rename]]\nlabel_da = 'Det samme'\nlabel_no = 'Det {word}'\n"
        f"sentences = {name(*sentences_of(run, theme)[:3])}"
        for theme, word in zip(themes[:2], ("ene", "andre"), strict=True)
    ]
    result = run.again("--curation", write(tmp_path / "mine.toml", *blocks))
    assert (
        f"note: themes {themes[0]} and {themes[1]} are called 'Det samme' (label_da); give each a "
        "label of its own in your codebook or curation file, or merge them"
    ) in result.err
    assert "label_no" not in result.err


def test_what_can_t_be_applied_is_told_and_left_undone(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "mine.toml", '[[remove]]\nsentences = ["gone:1", "gone:2"]')
    before = rows(run, "sentences.csv")
    result = run.again("--curation", path)
    assert result.code == 0
    assert (
        "note: mine.toml, line 1, [[remove]]: not applied: none of its sentences is found (2 "
        "named); name other sentences"
    ) in result.err
    assert rows(run, "sentences.csv") == before


def test_what_is_wrong_with_the_file_is_told_before_anything_is_done(
    run: Run, tmp_path: Path
) -> None:
    path = write(tmp_path / "mine.toml", "[[rename]]\nlabel_da = 'A'\nsentences = ['a:1']")
    for options in ((), ("--dry-run",)):
        result = run.again("--curation", path, *options)
        assert result.code == 1
        assert the_error(result).startswith(f"nordtema: {path}, line 1, [[rename]]: ")


# Decisions applied to a table

ASSIGNMENTS = pd.DataFrame(
    {
        "sentence_id": ["a:0", "a:1", "a:2", "b:0"],
        "theme_id": ["t01", "t02", "t03", ""],
        "strength": [0.9, 0.8, 0.7, 0.1],
        "second_theme_id": ["t02", "t03", "t01", ""],
    }
)


def apply(decisions: Decisions) -> list[tuple[str, str]]:
    table = list_decisions(decisions)
    nearest = {theme: pd.Series([f"{theme}b"] * 4).to_numpy() for theme in decisions.splits}
    settled = apply_decisions(ASSIGNMENTS, table, nearest)
    return list(zip(settled["theme_id"], settled["second_theme_id"], strict=True))


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        (Decisions(), [("t01", "t02"), ("t02", "t03"), ("t03", "t01"), ("", "")]),
        # A second theme that has become the first is none
        (Decisions(merged={"t02": "t01"}),
         [("t01", ""), ("t01", "t03"), ("t03", "t01"), ("", "")]),
        (Decisions(removed={"t02"}), [("t01", ""), ("", ""), ("t03", "t01"), ("", "")]),
        (Decisions(moves={"b:0": "t03", "a:0": ""}),
         [("", ""), ("t02", "t03"), ("t03", "t01"), ("t03", "")]),
        # Part b is nearest to all; a's seed is a's
        (Decisions(splits={"t01": [("A", "A", ["a:0"]), ("B", "B", ["a:9"])]}),
         [("t01a", "t02"), ("t02", "t03"), ("t03", "t01b"), ("", "")]),
    ],
)  # fmt: skip
def test_decisions_on_assignments(decisions: Decisions, expected: list[tuple[str, str]]) -> None:
    assert apply(decisions) == expected


def test_the_parts_of_a_theme_leave_out_ids_that_are_taken() -> None:
    parts = Decisions(splits={"t02": [("A", "B", ["a:0"]), ("C", "D", ["a:9"])]})
    table = list_decisions(parts, {"t02a", "t03"})
    assert list_themes(["t02"], table) == ["t02b", "t02c"]


def test_themes_and_labels_after_the_decisions() -> None:
    table = list_decisions(
        Decisions(
            merged={"t04": "t03"},
            removed={"t01"},
            labels={"t03": ("Hav", "Hav")},
            splits={"t02": [("A", "B", ["a:0"]), ("C", "D", ["a:9"])]},
        )
    )
    assert list_themes(["t01", "t02", "t03", "t04"], table) == ["t02a", "t02b", "t03"]
    assert list_labels(table) == {"t03": ("Hav", "Hav"), "t02a": ("A", "B"), "t02b": ("C", "D")}
